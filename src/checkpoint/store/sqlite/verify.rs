//! Verifying: everything that the tree says is worked out again from the rows, and held to older checkpoints.

use super::erase::Deed;
use super::rows::COLUMNS;
use super::tree::{bound, origin};
use crate::history::canonical::VERSION;
use crate::history::tree::{Growing, leaf};
use crate::history::{Checkpoint, Hash};
use crate::store::StoreError;
use crate::store::kept::Kind;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::BTreeMap;
use std::fmt::Display;
use uuid::Uuid;

/// Findings that are told; the rest is counted.
const MOST_TOLD: usize = 100;

/// A checkpoint that somebody has kept, with the name by which it is told.
#[derive(Clone, Debug)]
pub struct Older {
    /// As in the name of its file.
    pub name: String,
    /// What it says; its signature was checked.
    pub says: Checkpoint,
}

/// What verifying came to.
#[derive(Clone, Debug)]
pub struct Report {
    /// What the rows come to.
    pub found: Checkpoint,
    /// Entries whose content was erased by an entry that says so.
    pub erased: u64,
    /// Names of the older checkpoints that hold.
    pub hold: Vec<String>,
    /// One line for each thing that is not as it was recorded; the first bad entry stands first.
    pub findings: Vec<String>,
    /// Findings beyond those.
    pub untold: usize,
}

impl Report {
    fn find(&mut self, finding: String) {
        if self.findings.len() < MOST_TOLD {
            self.findings.push(finding);
        } else {
            self.untold += 1;
        }
    }

    /// Nothing was found.
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Works everything out again, at one moment of a database that may be in use meanwhile.
///
/// # Errors
/// [`StoreError`] where the database cannot be read or has no tree yet.
pub fn verify(connection: &Connection, older: &[Older]) -> Result<Report, StoreError> {
    let moment = connection.unchecked_transaction()?;
    let found = Checkpoint { origin: origin(&moment)?, size: 0, root: crate::history::tree::empty() };
    let mut older = older.to_vec();
    older.sort_by_key(|older| older.says.size);
    let mut auditor = Auditor {
        connection: &moment,
        report: Report { found, erased: 0, hold: Vec::new(), findings: Vec::new(), untold: 0 },
        deeds: BTreeMap::new(),
        told: Growing::default(),
        kept: Growing::default(),
        nodes: 0,
        last_seq: i64::MIN,
        good: 0,
    };
    let mut waiting = older.iter().peekable();
    let sql = format!(
        "SELECT leaf.place, leaf.seq, leaf.version, leaf.hash, salt.salt, tombstone.erased_by, {COLUMNS} FROM leaf \
         LEFT JOIN event ON event.seq = leaf.seq LEFT JOIN salt ON salt.seq = leaf.seq \
         LEFT JOIN tombstone ON tombstone.seq = leaf.seq ORDER BY leaf.place"
    );
    let mut leaves = moment.prepare(&sql)?;
    let mut rows = leaves.query([])?;
    loop {
        while let Some(due) = waiting.next_if(|older| older.says.size <= auditor.told.size()) {
            auditor.hold_to(due);
        }
        let Some(row) = rows.next()? else { break };
        auditor.leaf(row)?;
    }
    for beyond in waiting {
        let (name, said, size) = (&beyond.name, beyond.says.size, auditor.told.size());
        auditor.report.find(format!("{name}: rolled back: it tells of {said} entries, the database holds {size}"));
    }
    auditor.strays()?;
    let Auditor { mut report, told, .. } = auditor;
    report.found = Checkpoint { size: told.size(), root: told.root(), ..report.found };
    Ok(report)
}

struct Auditor<'a> {
    connection: &'a Connection,
    report: Report,
    /// Entries that say what was erased, by place in the log.
    deeds: BTreeMap<i64, Option<Deed>>,
    /// Grown from the rows themselves, and from the stored leaf only where a row was erased.
    told: Growing,
    /// Grown from the stored leaves, so that one bad row is not told again for every node above it.
    kept: Growing,
    nodes: u64,
    last_seq: i64,
    /// Entries up to which the last older checkpoint holds.
    good: u64,
}

impl Auditor<'_> {
    fn find(&mut self, seq: i64, finding: impl Display) {
        self.report.find(format!("entry {seq}: {finding}"));
    }

    fn leaf(&mut self, row: &Row<'_>) -> Result<(), StoreError> {
        let (place, seq, version): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let stored: Hash = row.get(3)?;
        if u64::try_from(place).ok() != Some(self.kept.size()) {
            let expected = self.kept.size();
            self.find(seq, format_args!("its leaf stands at place {place} of the tree instead of {expected}"));
        }
        if seq <= self.last_seq {
            self.find(seq, "stands in the tree after a later one");
        }
        self.last_seq = self.last_seq.max(seq);
        let (salt, by): (Option<[u8; 32]>, Option<i64>) = (row.get(4)?, row.get(5)?);
        let is_there = row.get_ref(6)? != rusqlite::types::ValueRef::Null;
        let mut told = stored;
        match (is_there, salt, by) {
            (true, Some(salt), None) if version == VERSION => {
                let entry = bound(row, 6)?;
                told = leaf(&salt, &entry.bytes());
                if told != stored {
                    let id = Uuid::from_slice(entry.id).map(|id| id.to_string()).unwrap_or_default();
                    self.find(seq, format_args!("is not what was recorded (id {id})"));
                }
            }
            (true, Some(_), None) => self.find(seq, format_args!("is bound by rules {version}, unknown here")),
            (true, None, None) => self.find(seq, "its salt is missing"),
            (false, _, None) => self.find(seq, "is missing, and no entry says that it was erased"),
            (true, _, Some(_)) => self.find(seq, "is marked as erased and still there"),
            (false, Some(_), Some(_)) => self.find(seq, "was erased, its salt was not"),
            (false, None, Some(by)) if self.is_covered(by, seq)? => self.report.erased += 1,
            (false, None, Some(by)) => self.find(seq, format_args!("is missing; entry {by} does not say so")),
        }
        self.told.push(told);
        for (level, place, hash) in self.kept.push(stored) {
            self.nodes += 1;
            self.node(level, place, &hash)?;
        }
        Ok(())
    }

    fn node(&mut self, level: u8, place: u64, hash: &Hash) -> Result<(), StoreError> {
        let stored: Option<Hash> = self
            .connection
            .prepare_cached("SELECT hash FROM node WHERE level = ?1 AND place = ?2")?
            .query_row(params![level, i64::try_from(place).unwrap_or(i64::MAX)], |row| row.get(0))
            .optional()?;
        let wrong = match stored {
            Some(stored) if stored == *hash => return Ok(()),
            Some(_) => "is forged",
            None => "is missing",
        };
        let (first, count) = (place << (8 * u32::from(level)), 1_u64 << (8 * u32::from(level)));
        let last = first + count - 1;
        self.report.find(format!("tree: the node over places {first} to {last} {wrong}"));
        Ok(())
    }

    /// Whether entry `by` is there and says that `seq` was erased.
    fn is_covered(&mut self, by: i64, seq: i64) -> Result<bool, StoreError> {
        if !self.deeds.contains_key(&by) {
            let sql = "SELECT CAST(body AS BLOB) FROM event WHERE seq = ?1 AND kind = ?2";
            let body: Option<Vec<u8>> =
                self.connection.query_row(sql, params![by, Kind::Erased.code()], |row| row.get(0)).optional()?;
            self.deeds.insert(by, body.and_then(|body| serde_json::from_slice(&body).ok()));
        }
        Ok(self.deeds.get(&by).and_then(Option::as_ref).is_some_and(|deed| deed.covers(seq)))
    }

    fn hold_to(&mut self, older: &Older) {
        let Older { name, says } = older;
        if says.root == self.told.root() {
            self.good = says.size;
            self.report.hold.push(format!("{name} ({} entries)", says.size));
            return;
        }
        let (good, size) = (self.good, says.size);
        self.report.find(format!(
            "{name}: rewritten: the first {size} entries are not those it tells of; the first {good} are not in doubt"
        ));
    }

    /// Rows that no leaf leads to.
    fn strays(&mut self) -> Result<(), StoreError> {
        for (table, finding) in [
            ("event", "was put into the log past the tree"),
            ("salt", "has a salt and no leaf"),
            ("tombstone", "is marked as erased and was never there"),
        ] {
            let sql = format!("SELECT seq FROM {table} WHERE seq NOT IN (SELECT seq FROM leaf) ORDER BY seq");
            let mut found = self.connection.prepare(&sql)?;
            let mut rows = found.query([])?;
            while let Some(row) = rows.next()? {
                self.find(row.get(0)?, finding);
            }
        }
        let nodes: i64 = self.connection.query_row("SELECT count(*) FROM node", [], |row| row.get(0))?;
        let more = u64::try_from(nodes).unwrap_or_default().saturating_sub(self.nodes);
        if more > 0 {
            self.report.find(format!("tree: it has {more} nodes that stand over nothing"));
        }
        Ok(())
    }
}

//! Verifying: everything that the tree says is worked out again from what a database holds, and held to older checkpoints.
//!
//! Knows no database: a store hands over its rows in order, as they are kept.

use super::erased::Deed;
use crate::history::canonical::VERSION;
use crate::history::tree::{Growing, empty, leaf};
use crate::history::{Bound, Checkpoint, Hash};
use std::collections::{BTreeMap, VecDeque};
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
    /// Adds a finding.
    pub fn find(&mut self, finding: String) {
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

/// A leaf with what belongs to it, as kept.
pub struct Leaf<'a> {
    /// Place in the tree.
    pub place: i64,
    /// Place in the log.
    pub seq: i64,
    /// By which rules its bytes were bound.
    pub version: i64,
    /// What is kept of it.
    pub hash: Hash,
    /// What hides it, unless it was erased.
    pub salt: Option<Hash>,
    /// The entry that says that it was erased.
    pub erased_by: Option<i64>,
    /// The entry itself.
    pub entry: Option<Bound<'a>>,
}

/// Tables whose rows a leaf must lead to, and what is said of one that no leaf does.
pub const STRAYS: [(&str, &str); 3] = [
    ("event", "was put into the log past the tree"),
    ("salt", "has a salt and no leaf"),
    ("tombstone", "is marked as erased and was never there"),
];

/// Takes a database's rows: leaves by place, then nodes, then what no leaf leads to.
pub struct Auditor {
    report: Report,
    older: VecDeque<Older>,
    /// Entries that say what was erased, by place in the log.
    deeds: BTreeMap<i64, Deed>,
    /// Grown from the rows themselves, and from the stored leaf only where a row was erased.
    told: Growing,
    /// Grown from the stored leaves, so that one bad row is not told again for every node above it.
    kept: Growing,
    /// The nodes that should be there, by level and place.
    nodes: BTreeMap<(i64, i64), Hash>,
    last_seq: i64,
    /// Entries up to which the last older checkpoint holds.
    good: u64,
}

impl Auditor {
    /// Begins, with the bodies of all entries that say what was erased.
    pub fn new(origin: String, older: &[Older], deeds: impl Iterator<Item = (i64, Vec<u8>)>) -> Self {
        let mut older = older.to_vec();
        older.sort_by_key(|older| older.says.size);
        let found = Checkpoint { origin, size: 0, root: empty() };
        Self {
            report: Report { found, erased: 0, hold: Vec::new(), findings: Vec::new(), untold: 0 },
            older: older.into(),
            deeds: deeds.filter_map(|(seq, body)| Some((seq, serde_json::from_slice(&body).ok()?))).collect(),
            told: Growing::default(),
            kept: Growing::default(),
            nodes: BTreeMap::new(),
            last_seq: i64::MIN,
            good: 0,
        }
    }

    fn find(&mut self, seq: i64, finding: impl Display) {
        self.report.find(format!("entry {seq}: {finding}"));
    }

    /// Takes the next leaf.
    pub fn leaf(&mut self, row: &Leaf<'_>) {
        self.hold();
        let (seq, by, expected) = (row.seq, row.erased_by, self.kept.size());
        if u64::try_from(row.place).ok() != Some(expected) {
            let place = row.place;
            self.find(seq, format_args!("its leaf stands at place {place} of the tree instead of {expected}"));
        }
        if seq <= self.last_seq {
            self.find(seq, "stands in the tree after a later one");
        }
        self.last_seq = self.last_seq.max(seq);
        let mut told = row.hash;
        match (&row.entry, row.salt, by) {
            (Some(entry), Some(salt), None) if row.version == VERSION => {
                told = leaf(&salt, &entry.bytes());
                if told != row.hash {
                    let id = Uuid::from_slice(entry.id).map(|id| id.to_string()).unwrap_or_default();
                    self.find(seq, format_args!("is not what was recorded (id {id})"));
                }
            }
            (Some(_), Some(_), None) => self.find(seq, format_args!("is bound by rules {}, unknown here", row.version)),
            (Some(_), None, None) => self.find(seq, "its salt is missing"),
            (None, _, None) => self.find(seq, "is missing, and no entry says that it was erased"),
            (Some(_), _, Some(_)) => self.find(seq, "is marked as erased and still there"),
            (None, Some(_), Some(_)) => self.find(seq, "was erased, its salt was not"),
            (None, None, Some(by)) if self.deeds.get(&by).is_some_and(|deed| deed.covers(seq)) => {
                self.report.erased += 1;
            }
            (None, None, Some(by)) => self.find(seq, format_args!("is missing; entry {by} does not say so")),
        }
        self.told.push(told);
        for (level, place, hash) in self.kept.push(row.hash) {
            self.nodes.insert((i64::from(level), i64::try_from(place).unwrap_or(i64::MAX)), hash);
        }
    }

    /// Holds what has been read so far to the checkpoints that tell of no more.
    fn hold(&mut self) {
        while let Some(Older { name, says }) = self.older.pop_front_if(|older| older.says.size <= self.told.size()) {
            let size = says.size;
            if says.root == self.told.root() {
                self.good = size;
                self.report.hold.push(format!("{name} ({size} entries)"));
                continue;
            }
            let good = self.good;
            self.report.find(format!(
                "{name}: rewritten: the first {size} entries are not those it tells of; the first {good} are not in doubt"
            ));
        }
    }

    /// Takes the nodes, once all leaves are read, and what the database itself says of its right edge, if it does.
    pub fn nodes(&mut self, stored: impl Iterator<Item = (i64, i64, Hash)>, edge: Option<&Growing>) {
        self.hold();
        for Older { name, says } in std::mem::take(&mut self.older) {
            let (said, size) = (says.size, self.told.size());
            self.report.find(format!("{name}: rolled back: it tells of {said} entries, the database holds {size}"));
        }
        let mut expected = std::mem::take(&mut self.nodes);
        let mut more = 0;
        let mut wrong = BTreeMap::new();
        for (level, place, hash) in stored {
            match expected.remove(&(level, place)) {
                None => more += 1,
                Some(expected) if expected == hash => {}
                Some(_) => drop(wrong.insert((level, place), "is forged")),
            }
        }
        wrong.extend(expected.into_keys().map(|at| (at, "is missing")));
        for ((level, place), what) in wrong {
            let (first, last) = (place << (8 * level), ((place + 1) << (8 * level)) - 1);
            self.report.find(format!("tree: the node over places {first} to {last} {what}"));
        }
        if more > 0 {
            self.report.find(format!("tree: it has {more} nodes that stand over nothing"));
        }
        let is_edge = |edge: &Growing| (edge.size(), edge.edge()) == (self.kept.size(), self.kept.edge());
        if !edge.is_none_or(is_edge) {
            self.report.find("tree: the frontier is not that of its leaves".to_owned());
        }
    }

    /// Takes a row that no leaf leads to.
    pub fn stray(&mut self, seq: i64, finding: &str) {
        self.find(seq, finding);
    }

    /// Tells what was found.
    pub fn report(self) -> Report {
        let Self { report, told, .. } = self;
        Report { found: Checkpoint { size: told.size(), root: told.root(), ..report.found }, ..report }
    }
}

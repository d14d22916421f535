//! Finding statements: those that others sent, and our own log, in one order by when they were stored.

use super::super::marks::Mark;
use super::super::record::{self, Logs, Record};
use super::super::time;
use super::refusal::Refusal;
use crate::house::App;
use crate::store::Entry;
use crate::store::statements::{Sought, SoughtEntries};
use heritage::SiteId;
use serde_json::{Value, json};
use std::str::FromStr;
use uuid::Uuid;

/// Entries that are looked at before an answer says where to go on.
const MOST_LOOKED_AT: usize = 2_000;
/// Entries that are read at a time.
const PAGE: u32 = 250;

/// A place in the order: when stored, then entries of the log before statements of others, then the place in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    stored_ms: i64,
    is_sent: bool,
    number: i64,
}

impl Place {
    /// When it was stored, milliseconds since 1970 UTC.
    pub const fn stored_ms(self) -> i64 {
        self.stored_ms
    }

    /// As addresses carry it.
    pub fn written(self) -> String {
        format!("{}.{}.{}", self.stored_ms, u8::from(self.is_sent), self.number)
    }

    /// Where entries go on past it, and where statements do.
    fn past(self) -> ((i64, i64), (i64, i64)) {
        // Of the same moment, all entries stand before all statements, whichever way they are read.
        let (entries, sent) = if self.is_sent { (i64::MAX, self.number) } else { (self.number, i64::MIN) };
        ((self.stored_ms, entries), (self.stored_ms, sent))
    }
}

impl FromStr for Place {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.split('.');
        let mut next = || parts.next().and_then(|part| part.parse::<i64>().ok()).ok_or(());
        let (stored_ms, is_sent, number) = (next()?, next()? == 1, next()?);
        if parts.next().is_none() { Ok(Self { stored_ms, is_sent, number }) } else { Err(()) }
    }
}

/// Which entries of our own log can be among what is sought.
#[derive(Clone, Debug, Default)]
pub struct Own {
    /// None of them.
    pub none: bool,
    /// About or by this person.
    pub person: Option<Uuid>,
    /// At this site.
    pub site: Option<SiteId>,
}

/// What is sought.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// All of these on one statement, or on one that it refers to.
    pub marks: Vec<Mark>,
    /// Which entries of our own can be among it.
    pub own: Own,
    /// Stored after this, milliseconds since 1970 UTC.
    pub since_ms: Option<i64>,
    /// Stored then or before.
    pub until_ms: Option<i64>,
    /// The oldest first.
    pub ascending: bool,
    /// Past this place.
    pub past: Option<Place>,
    /// So many at most.
    pub most: usize,
}

/// A statement that was found.
pub struct Found {
    /// Where it stands.
    pub place: Place,
    /// Under which unit its attachments lie; none for our own.
    pub unit: Option<Uuid>,
    /// The whole statement.
    pub statement: Value,
}

/// Finds statements, and says past which place there may be more.
///
/// # Errors
/// A [`Refusal`] where the store cannot be read.
pub async fn search(
    app: &App,
    unit: Uuid,
    record: &Record<'_>,
    filter: &Filter,
) -> Result<(Vec<Found>, Option<Place>), Refusal> {
    let (past_entries, past_sent) = filter.past.map(Place::past).unzip();
    let sought = Sought {
        marks: filter.marks.clone(),
        since_ms: filter.since_ms,
        until_ms: filter.until_ms,
        past: past_sent,
        ascending: filter.ascending,
        most: u32::try_from(filter.most + 1).unwrap_or(u32::MAX),
    };
    let sent = app.store.statements(unit, sought).await?.into_iter().map(|kept| Found {
        place: Place { stored_ms: kept.stored_ms, is_sent: true, number: kept.place },
        unit: Some(kept.unit),
        statement: with_stored(kept.body, kept.stored_ms),
    });
    let (own, reached) = own(app, unit, record, filter, past_entries).await?;
    let mut found: Vec<Found> = sent.chain(own).collect();
    found.sort_by_key(|each| each.place);
    if !filter.ascending {
        found.reverse();
    }
    // Past what was looked at of our own, nothing is said yet.
    if let Some(reached) = reached {
        found.retain(|each| if filter.ascending { each.place <= reached } else { each.place >= reached });
    }
    let more = if found.len() > filter.most {
        found.truncate(filter.most);
        found.last().map(|last| last.place)
    } else {
        reached
    };
    Ok((found, more))
}

/// Our own statements, and up to where the log was looked at, if not to its end.
async fn own(
    app: &App,
    unit: Uuid,
    record: &Record<'_>,
    filter: &Filter,
    past: Option<(i64, i64)>,
) -> Result<(Vec<Found>, Option<Place>), Refusal> {
    let mut found = Vec::new();
    if filter.own.none {
        return Ok((found, None));
    }
    let mut logs = Logs::default();
    let mut sought = SoughtEntries {
        person: filter.own.person,
        site: filter.own.site.clone(),
        since_ms: filter.since_ms,
        until_ms: filter.until_ms,
        past,
        ascending: filter.ascending,
        most: PAGE,
    };
    let mut looked_at = 0;
    loop {
        let page = app.store.entries(unit, sought.clone()).await?;
        for entry in &page {
            let place = Place { stored_ms: entry.said.received_at_ms, is_sent: false, number: entry.seq };
            if found.len() > filter.most {
                return Ok((found, None));
            }
            let log = logs.of(&*app.store, entry).await?;
            if let Some(statement) = record.statement(entry, log)
                && !record.is_voided(entry, log)
                && fits(record, &statement, log, &filter.marks)
            {
                let statement = with_stored(statement, entry.said.received_at_ms);
                found.push(Found { place, unit: None, statement });
            }
        }
        let Some(last) = page.last().filter(|_| page.len() == PAGE as usize) else { return Ok((found, None)) };
        sought.past = Some((last.said.received_at_ms, last.seq));
        looked_at += page.len();
        if looked_at >= MOST_LOOKED_AT {
            let reached = Place { stored_ms: last.said.received_at_ms, is_sent: false, number: last.seq };
            return Ok((found, Some(reached)));
        }
    }
}

fn fits(record: &Record<'_>, statement: &Value, log: &[Entry], sought: &[Mark]) -> bool {
    sought.is_empty() || record.marks(statement, log).iter().any(|marks| sought.iter().all(|mark| marks.contains(mark)))
}

/// One statement by its id: its unit, whether it was taken back, when it was stored and what it says.
///
/// # Errors
/// A [`Refusal`] where there is none, or the store cannot be read.
pub async fn by_id(app: &App, unit: Uuid, record: &Record<'_>, id: Uuid) -> Result<(bool, i64, Found), Refusal> {
    if let Some(kept) = app.store.statement(unit, id).await? {
        let place = Place { stored_ms: kept.stored_ms, is_sent: true, number: kept.place };
        let statement = with_stored(kept.body, kept.stored_ms);
        return Ok((kept.is_voided, kept.stored_ms, Found { place, unit: Some(kept.unit), statement }));
    }
    let entry = app.store.entry(unit, id).await?.ok_or_else(Refusal::missing)?;
    let mut logs = Logs::default();
    let log = logs.of(&*app.store, &entry).await?;
    let statement = record.statement(&entry, log).ok_or_else(Refusal::missing)?;
    let stored_ms = entry.said.received_at_ms;
    let place = Place { stored_ms, is_sent: false, number: entry.seq };
    let found = Found { place, unit: None, statement: with_stored(statement, stored_ms) };
    Ok((record.is_voided(&entry, log), stored_ms, found))
}

fn with_stored(mut statement: Value, stored_ms: i64) -> Value {
    statement["stored"] = json!(time::written(stored_ms));
    statement
}

/// Which entries of ours can be told of an agent.
pub fn own_of_agent(record: &Record<'_>, agent: &Value) -> Own {
    let account = &agent["account"];
    let name = account["name"].as_str().unwrap_or_default();
    if account["homePage"] != record.base {
        return Own { none: true, ..Own::default() };
    }
    match Uuid::parse_str(name) {
        Ok(person) => Own { person: Some(person), ..Own::default() },
        // The service vouches for all of them.
        Err(_) => Own { none: name != record::SERVICE, ..Own::default() },
    }
}

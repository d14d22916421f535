//! Closing a report: its figures and the digest of its bytes become an entry of the log, and so a leaf of the signed tree.
//!
//! The bytes, version 1, are lines of UTF-8, each ended by a line feed:
//!
//! ```text
//! retrace-report-1
//! unit 0190…            the unit's id
//! year 2026
//! target 320            what the year asks for, tenths of an hour
//! upto 1234             place in the log up to which everything was taken
//! 0190… 10 1 0 0 hill.path:5:E1:foot hill.ridge:5:-:unknown
//! ```
//!
//! After the head one line for each person of whom the year says anything, by rising id: id, credit in tenths of an hour,
//! returns, appeals, confirmations taken back, then each walk that was conferred by site and route: credit, grade of
//! presence, how it was made. Names are not in it. Whoever erases a person changes the bytes, and the entry says so by no
//! longer fitting.

use super::{Wanted, Year, sum_up};
use crate::api::Fault;
use crate::house::House;
use crate::secrets::hex;
use crate::store::{Appended, Entry, Kind, NewEntry, Person};
use heritage::credit::Level;
use heritage::{Bilingual, Hours};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use uuid::Uuid;

/// The body of the entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// Of which unit, those below it counted in.
    pub unit: Uuid,
    /// Which calendar year.
    pub year: i16,
    /// What the year asks of each learner.
    pub target: Hours,
    /// Place in the log up to which everything was taken.
    pub upto: i64,
    /// SHA-256 of the report's bytes, hexadecimal.
    pub digest: String,
    /// What it came to.
    pub totals: Totalled,
}

/// The figures of a closed report; none of them is a person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totalled {
    /// People to whom anything was conferred.
    pub people: u32,
    /// People who reached what the year asks for.
    pub reached: u32,
    /// Walks that were conferred.
    pub walks: u32,
    /// Their credit.
    pub hours: Hours,
    /// Walks returned, each time counted.
    pub returns: u32,
    /// Appeals made.
    pub appeals: u32,
    /// Confirmations taken back.
    pub reopened: u32,
}

impl Totalled {
    /// The figures of a year.
    pub fn of(year: &Year) -> Self {
        let totals = year.annual.totals(year.target);
        Self {
            people: totals.people,
            reached: totals.reached,
            walks: totals.all.walks,
            hours: totals.all.hours,
            returns: totals.returns,
            appeals: totals.appeals,
            reopened: totals.reopened,
        }
    }
}

/// Hands over the bytes of a report, line by line.
pub fn text(year: &Year, mut line: impl FnMut(&str)) {
    let Year { unit, year: number, target, upto, annual } = year;
    line(&format!("retrace-report-1\nunit {unit}\nyear {number}\ntarget {}\nupto {upto}\n", target.tenths));
    for (person, of) in annual.lines() {
        let mut text = format!("{person} {} {} {} {}", of.hours().tenths, of.returns, of.appeals, of.reopened);
        for (site, route, conferred) in of.conferred() {
            let level = conferred.level.map_or("-", Level::code);
            // Writing into a String cannot fail.
            let _ = write!(text, " {site}.{route}:{}:{level}:{}", conferred.hours.tenths, conferred.visited.code());
        }
        text.push('\n');
        line(&text);
    }
}

/// SHA-256 of the bytes of a report, hexadecimal.
pub fn text_digest(year: &Year) -> String {
    let mut digest = Sha256::new();
    text(year, |line| digest.update(line.as_bytes()));
    hex(&digest.finalize())
}

/// Closes the report that an admin has seen, whose bytes have `digest`. The same id again closes it once.
///
/// # Errors
/// A [`Fault`] where the report is not what was seen any more, or cannot be kept.
pub async fn close(house: &House, admin: &Person, id: Uuid, wanted: Wanted, digest: &str) -> Result<(), Fault> {
    let year = sum_up(house, wanted, |_, _| {}).await?;
    let changed = || {
        Fault::conflict(Bilingual::new(
            "报告与您所见已不相同，没有定稿。请刷新后再看。",
            "The report is not what you saw any more and was not closed. Load the page again and look.",
        ))
    };
    // What lies ahead is not closed: it would come to differ by itself.
    if text_digest(&year) != digest || year.upto > house.store.last_place().await? {
        return Err(changed());
    }
    let (target, upto, totals) = (year.target, year.upto, Totalled::of(&year));
    let closed = Closed { unit: year.unit, year: year.year, target, upto, digest: digest.to_owned(), totals };
    let body = serde_json::to_string(&closed).map_err(|_| Fault::malformed())?;
    let entry = NewEntry::about(id, Kind::ReportClosed, (admin.id, admin.id), house.now_ms(), body);
    match house.store.append(vec![entry]).await?.first() {
        Some(Appended::Stored(_) | Appended::Duplicate(_)) => Ok(()),
        _ => Err(changed()),
    }
}

/// The reports that were closed of a unit, the latest first.
///
/// # Errors
/// A [`Fault`] where the log cannot be read.
pub async fn closed(house: &House, unit: Uuid) -> Result<Vec<(Entry, Closed)>, Fault> {
    let read = |entry: Entry| {
        let closed: Closed = serde_json::from_str(&entry.said.body).ok()?;
        (closed.unit == unit).then_some((entry, closed))
    };
    let mut found: Vec<_> = house.store.closed_reports().await?.into_iter().filter_map(read).collect();
    found.reverse();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use heritage::assessment::{Annual, Conferred, Deed, Said, Visited};
    use heritage::{RouteId, SiteId};

    fn year(hours: u32) -> Year {
        let mut annual = Annual::new(2026);
        let (site, route) = (SiteId::new("hill").expect("a name"), RouteId::new("path").expect("a name"));
        let conferred = Conferred { hours: Hours::from_tenths(hours), level: Some(Level::E1), visited: Visited::Foot };
        for (place, person, deed) in
            [(7, 2, Deed::Returned), (9, 1, Deed::Confirmed(conferred)), (4, 1, Deed::Appealed)]
        {
            let person = Uuid::from_u64_pair(0, person);
            annual.take(Said { place, person, site: &site, route: &route, year: 2026, deed });
        }
        Year { unit: Uuid::nil(), year: 2026, target: Hours::from_tenths(320), upto: 9, annual }
    }

    #[test]
    fn the_bytes_are_those_of_the_description() {
        let mut all = String::new();
        text(&year(5), |line| all.push_str(line));
        let nil = "00000000-0000-0000-0000-00000000000";
        assert_eq!(
            all,
            format!(
                "retrace-report-1\nunit {nil}0\nyear 2026\ntarget 320\nupto 9\n\
                 {nil}1 5 0 1 0 hill.path:5:E1:foot\n{nil}2 0 1 0 0\n"
            )
        );
        assert_ne!(text_digest(&year(5)), text_digest(&year(6)), "a changed report has another digest");
    }
}

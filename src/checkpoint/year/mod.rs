//! What a calendar year came to for a unit, worked out from the log as it stood at a place, and the reports closed over it.
//!
//! Read page by page: what is held is one line for each person and a few words for each walk, about 300 bytes a learner.

mod closed;

pub use closed::{Closed, Totalled, close, closed, text, text_digest};

use crate::api::Fault;
use crate::clock::{year_begins_ms, year_in_china};
use crate::house::House;
use crate::store::annals::PAGE_ENTRIES;
use crate::store::{Entry, Kind, Told};
use crate::walk::Decision;
use heritage::Hours;
use heritage::assessment::{Annual, Conferred, Deed, Said, Visited};
use uuid::Uuid;

/// A unit's year as the log stood at one place.
#[derive(Clone, Debug)]
pub struct Year {
    /// The unit; those below it count with it.
    pub unit: Uuid,
    /// The calendar year in China.
    pub year: i16,
    /// What the year asks of each learner.
    pub target: Hours,
    /// Place in the log up to which everything was taken.
    pub upto: i64,
    /// What it came to.
    pub annual: Annual<Uuid>,
}

/// Which year is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Of which unit.
    pub unit: Uuid,
    /// Which calendar year.
    pub year: i16,
    /// What it asks of each learner.
    pub target: Hours,
    /// As the log stood at this place; as it stands where none is given.
    pub upto: Option<i64>,
}

/// Sums up a year. `also` sees every confirmation and return of the year besides.
///
/// # Errors
/// A [`Fault`] where the log cannot be read.
pub async fn sum_up(
    house: &House,
    wanted: Wanted,
    mut also: impl FnMut(&Entry, &Decision) + Send,
) -> Result<Year, Fault> {
    let Wanted { unit, year, target, upto } = wanted;
    let upto = match upto {
        Some(upto) => upto,
        None => house.store.last_place().await?,
    };
    let mut annual = Annual::new(year);
    for kind in [Kind::Confirmed, Kind::Returned, Kind::Reopened, Kind::Appealed] {
        let told = Told { unit, kind, from_ms: year_begins_ms(year), after: 0, upto };
        each(house, told, |entry| {
            let said = &entry.said;
            let (Some(site), Some(route)) = (&said.site, &said.route) else { return };
            let of_year = year_in_china(said.received_at_ms);
            let decision = || serde_json::from_str::<Decision>(&said.body).ok();
            let deed = match kind {
                Kind::Confirmed | Kind::Returned => {
                    let Some(decision) = decision() else { return };
                    if of_year == year {
                        also(entry, &decision);
                    }
                    if kind == Kind::Confirmed { Deed::Confirmed(conferred(&decision)) } else { Deed::Returned }
                }
                Kind::Reopened => Deed::Reopened,
                _ => Deed::Appealed,
            };
            annual.take(Said { place: entry.seq, person: said.subject, site, route, year: of_year, deed });
        })
        .await?;
    }
    Ok(Year { unit, year, target, upto, annual })
}

fn conferred(decision: &Decision) -> Conferred {
    Conferred {
        hours: decision.hours,
        level: decision.presence.map(|graded| graded.level),
        visited: decision.seen.map_or(Visited::Unknown, |seen| Visited::by(seen.ways)),
    }
}

/// Hands over every entry that is wanted, by rising place.
///
/// # Errors
/// A [`Fault`] where the log cannot be read.
pub async fn each(house: &House, mut wanted: Told, mut take: impl FnMut(&Entry) + Send) -> Result<(), Fault> {
    loop {
        let page = house.store.told(wanted).await?;
        for entry in &page {
            take(entry);
        }
        match page.last() {
            Some(last) if page.len() == PAGE_ENTRIES as usize => wanted.after = last.seq,
            _ => return Ok(()),
        }
    }
}

//! Who is asked: drawn from the learner's own unit by the service's secret, so that nobody chooses their judge, and the same
//! whenever it is asked; and what somebody is asked.

use super::{FollowUp, Learning, Reflection, Said, learning};
use crate::api::Fault;
use crate::house::House;
use crate::secrets::Purpose;
use crate::store::{Entry, Kind, Person, Told};
use crate::year::each;
use heritage::{Route, SiteId};
use protocol::api::Role;
use uuid::Uuid;

/// What somebody is asked to say of another's course.
#[derive(Clone, Debug)]
pub enum Asked {
    /// To look at a text by the rubric.
    Check(Uuid, Said<Reflection>),
    /// To add what they saw of what came of it.
    Second(Uuid, Said<FollowUp>),
}

/// Draws one of the unit of `of` for the entry `id`: another learner, or for what came of it anybody else. `None` where
/// there is nobody.
///
/// # Errors
/// A [`Fault`] where the store cannot be read.
pub async fn draw(house: &House, of: &Person, kind: Kind, id: Uuid) -> Result<Option<Uuid>, Fault> {
    let mut people: Vec<Uuid> = house
        .store
        .people_of(of.unit)
        .await?
        .into_iter()
        .filter(|person| person.unit == of.unit && person.id != of.id)
        .filter(|person| kind != Kind::Reflected || person.role == Role::Learner)
        .map(|person| person.id)
        .collect();
    people.sort_unstable();
    let mut first = [0; 8];
    let drawn = house.secrets.derive(Purpose::Draw, format!("{}/{id}", kind.code()).as_bytes());
    first.copy_from_slice(&drawn[..8]);
    let count = people.len() as u64;
    Ok((count > 0).then(|| u64::from_be_bytes(first) % count).and_then(|at| people.get(at as usize).copied()))
}

/// What is asked of somebody on a route and not answered yet, the oldest first.
///
/// # Errors
/// A [`Fault`] where the store cannot be read.
pub async fn asked_of(house: &House, who: &Person, on: &Route) -> Result<Vec<Asked>, Fault> {
    let mut drawn: Vec<Entry> = Vec::new();
    for kind in [Kind::Reflected, Kind::FollowedUp] {
        let wanted = Told { unit: who.unit, kind, from_ms: 0, after: 0, upto: i64::MAX };
        let me = who.id.to_string();
        each(house, wanted, |entry| {
            let said = &entry.said;
            let is_here = said.site.as_ref() == Some(&on.site) && said.route.as_ref() == Some(&on.id);
            // The words are looked for before anything is read, so that others' texts are not.
            if is_here && said.subject != who.id && said.body.contains(&me) {
                drawn.push(entry.clone());
            }
        })
        .await?;
    }
    let mut asked = Vec::new();
    for entry in drawn {
        let of = entry.said.subject;
        let theirs = of_person(house, of, &on.site, on).await?;
        if entry.said.kind == Kind::Reflected {
            let latest = theirs.reflection.filter(|said| said.seq == entry.seq && said.what.asked == Some(who.id));
            let is_open = theirs.checks.iter().all(|check| check.by != who.id);
            asked.extend(latest.filter(|_| is_open).map(|text| Asked::Check(of, text)));
        } else {
            let latest = theirs.follow_up.filter(|said| said.seq == entry.seq && said.what.asked == Some(who.id));
            let is_open = theirs.seconds.iter().all(|second| second.by != who.id);
            asked.extend(latest.filter(|_| is_open).map(|answer| Asked::Second(of, answer)));
        }
    }
    Ok(asked)
}

async fn of_person(house: &House, person: Uuid, site: &SiteId, on: &Route) -> Result<Learning, Fault> {
    let log = house.store.log_at(person, site.clone()).await?;
    Ok(learning(&log, on))
}

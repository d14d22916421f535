//! Claiming what was done at a hall's terminal: what it delivers waits under a code, and becomes a member's own once.

use super::SignedIn;
use super::code::Code;
use super::recorder::Recorder;
use crate::api::Fault;
use crate::house::House;
use crate::intake::take_in;
use crate::secrets::{Purpose, Secrets};
use crate::store::pairing::tries_key;
use crate::store::visits::{Claim, Delivered, KioskVisit, LATEST_MS, NewVisit};
use crate::store::{Kiosk, TokenHash};
use heritage::{Bilingual, SiteId, StationId};
use protocol::event::{Event, EventKind, Outcome, Receipt};
use serde_json::value::RawValue;
use std::time::Duration;
use uuid::Uuid;

/// How often what is past is cleared away, and what was broken off is finished.
const TENDED: Duration = Duration::from_mins(10);

/// A visit as its terminal tells of it.
pub struct Told {
    /// Made by the terminal.
    pub id: Uuid,
    /// The code that its end showed.
    pub code: Code,
    /// How long ago it ended, milliseconds; a terminal whose clock was set right since may say anything.
    pub ago_ms: i64,
    /// JSON: a list of events.
    pub body: String,
}

/// What a member sees of a code.
pub enum Seen {
    /// What can be claimed.
    Open(Visit),
    /// It is theirs: what was done, and what became of each event where it has just been put into their record.
    Yours(Visit, Vec<Receipt>),
    /// Nothing has arrived under it; whether a claim is kept, and until when.
    Away(Option<i64>),
}

/// A visit as a member sees it.
pub struct Visit {
    /// At which terminal.
    pub kiosk: Kiosk,
    /// In which hall.
    pub hall: Bilingual,
    /// When it ended, by the service's clock.
    pub ended_ms: i64,
    /// Until when it can be claimed.
    pub ends_ms: i64,
    /// What the completed stations are called, in the order of completion.
    pub completed: Vec<Bilingual>,
    /// How many questions were answered.
    pub answered: usize,
}

impl Code {
    /// What the store finds a visit by: the code itself is never kept.
    pub fn visit_key(&self, secrets: &Secrets) -> TokenHash {
        secrets.derive(Purpose::Visit, self.written().as_bytes())
    }
}

/// Keeps a visit that a terminal delivers, and finishes what a member has claimed before it arrived.
///
/// # Errors
/// A [`Fault`] where the store cannot keep it.
pub async fn deliver(house: &House, kiosk: &Kiosk, told: Told, skew_ms: i64) -> Result<Delivered, Fault> {
    let now_ms = house.now_ms();
    let new = NewVisit {
        id: told.id,
        kiosk: kiosk.id,
        code_key: told.code.visit_key(&house.secrets),
        ended_ms: now_ms - told.ago_ms.clamp(0, LATEST_MS),
        skew_ms,
        delivered_ms: now_ms,
        body: told.body,
    };
    let delivered = house.store.keep_visit(new).await?;
    if let Delivered::Claimed(visit) | Delivered::Before(visit) = &delivered
        && visit.is_unfinished()
    {
        finish(house, visit).await?;
    }
    Ok(delivered)
}

/// What stands behind the code that somebody typed. Who types wrong ones waits, longer each time.
///
/// # Errors
/// A [`Fault`] where it is no code, somebody else's or expired, or where it is looked at too often.
pub async fn look(house: &House, who: &SignedIn, typed: &str) -> Result<(Code, Seen), Fault> {
    asked(house, who, typed, false).await
}

/// Makes it theirs and puts its events into their record. The same again is answered alike and writes nothing twice. Where
/// nothing has arrived under the code, the claim is kept.
///
/// # Errors
/// A [`Fault`] as for [`look`], and where too many claims wait.
pub async fn claim(house: &House, who: &SignedIn, typed: &str) -> Result<(Code, Seen), Fault> {
    asked(house, who, typed, true).await
}

async fn asked(house: &House, who: &SignedIn, typed: &str, claims: bool) -> Result<(Code, Seen), Fault> {
    let code = Code::read(typed).ok_or_else(Fault::unreadable_pairing)?;
    let (person, tries, now_ms) = (who.person.id, tries_key(who.person.id), house.now_ms());
    // Counted before it is looked at, together with codes of pairings: whoever guesses, guesses at both.
    let Some(guard) = house.store.begin_attempt(tries, now_ms).await? else {
        let guard = house.store.guard(tries).await?;
        return Err(Fault::wait(guard.wait_ms(now_ms).unwrap_or(1)));
    };
    let key = code.visit_key(&house.secrets);
    let found = if claims {
        house.store.claim_visit(key, person, now_ms).await?
    } else {
        house.store.look_at_visit(key, person, now_ms).await?
    };
    let seen = match found {
        Claim::Open(visit) => Seen::Open(shown(house, &visit).await?),
        Claim::Yours(visit) => {
            let shown = shown(house, &visit).await?;
            let receipts = if visit.is_unfinished() { finish(house, &visit).await? } else { Vec::new() };
            Seen::Yours(shown, receipts)
        }
        Claim::Others => return Err(Fault::claimed_before()),
        Claim::Expired => return Err(Fault::claim_expired()),
        Claim::TooMany => return Err(Fault::claims_wait()),
        Claim::Waits(until_ms) => return Ok((code, Seen::Away(Some(until_ms)))),
        Claim::Unknown => {
            let away = || (code.clone(), Seen::Away(None));
            return guard.wait_ms(now_ms).map_or_else(|| Ok(away()), |wait_ms| Err(Fault::wait(wait_ms)));
        }
    };
    house.store.clear_failures(tries).await?;
    Ok((code, seen))
}

/// Puts the events of a visit that is somebody's into their record, as any device's are, and empties it. Broken off, it is
/// done again by the next delivery or claim of it, or in time by [`tend`].
///
/// # Errors
/// A [`Fault`] where the store cannot keep them.
pub async fn finish(house: &House, visit: &KioskVisit) -> Result<Vec<Receipt>, Fault> {
    let person = match visit.person {
        Some(person) => house.store.person(person).await?,
        None => None,
    };
    let mut receipts = Vec::new();
    if let Some((person, kiosk)) = person.zip(house.store.kiosk(visit.kiosk).await?) {
        let items: Vec<&RawValue> = serde_json::from_str(&visit.body).unwrap_or_default();
        let sent_at_ms = house.now_ms().saturating_add(visit.skew_ms);
        receipts = take_in(house, &Recorder { person, kiosk: Some(kiosk) }, &items, Some(sent_at_ms)).await?;
    }
    house.store.settle_visit(visit.id).await?;
    Ok(receipts)
}

/// How many events are in the record, and why each of the others is not.
pub fn outcome(receipts: &[Receipt]) -> (usize, Vec<Bilingual>) {
    let refused = receipts.iter().filter_map(|receipt| match &receipt.outcome {
        Outcome::Stored { .. } | Outcome::Duplicate { .. } => None,
        Outcome::Conflict { reason } | Outcome::Rejected { reason, .. } => Some(reason.clone()),
    });
    let refused: Vec<Bilingual> = refused.collect();
    (receipts.len() - refused.len(), refused)
}

async fn shown(house: &House, visit: &KioskVisit) -> Result<Visit, Fault> {
    let kiosk = house.store.kiosk(visit.kiosk).await?.ok_or_else(Fault::claim_expired)?;
    let hall = house.courses.site(&kiosk.site).map(|site| site.title.clone()).unwrap_or_default();
    let items: Vec<&RawValue> = serde_json::from_str(&visit.body).unwrap_or_default();
    let kinds: Vec<EventKind> = items
        .iter()
        .filter_map(|item| serde_json::from_str::<Event>(item.get()).ok())
        .map(|event| event.kind)
        .collect();
    let title = |site: &SiteId, station: &StationId| {
        let station = house.courses.site(site).and_then(|site| site.station(station));
        station.map(|station| station.title.clone())
    };
    let completed = kinds.iter().filter_map(|kind| match kind {
        EventKind::Completed { site, station, .. } => title(site, station),
        EventKind::Answered { .. } => None,
    });
    Ok(Visit {
        kiosk,
        hall,
        ended_ms: visit.ended_ms,
        ends_ms: visit.ends_ms,
        completed: completed.collect(),
        answered: kinds.iter().filter(|kind| matches!(kind, EventKind::Answered { .. })).count(),
    })
}

/// Clears away what nobody can claim any more, and finishes what was broken off.
///
/// # Errors
/// A [`Fault`] where the store cannot be written.
pub async fn tend(house: &House) -> Result<(), Fault> {
    for visit in house.store.tend_visits(house.now_ms()).await? {
        finish(house, &visit).await?;
    }
    Ok(())
}

/// Tends for as long as the service runs.
pub async fn go_on_tending(house: &House) {
    loop {
        // What cannot be done now is logged where it fails, and done next time.
        tend(house).await.ok();
        tokio::time::sleep(TENDED).await;
    }
}

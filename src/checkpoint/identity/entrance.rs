//! Signing in: by code and PIN, with delays that grow by code and a limit by address that a whole school behind one address can live with.

use crate::api::Fault;
use crate::clock::{DAY_MS, HOUR_MS, MINUTE_MS};
use crate::house::House;
use crate::identity::code::Code;
use crate::identity::pin::Pin;
use crate::secrets::{digest, hex, random};
use crate::store::Person;
use protocol::api::Role;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// A learner's phone stays signed in through a month without network.
const LEARNER_SESSION_MS: i64 = 30 * DAY_MS;
/// Desks are shared machines: a working day.
const DESK_SESSION_MS: i64 = 12 * HOUR_MS;

/// A session just begun: the token goes to the browser and nowhere else.
pub struct Begun {
    /// 256 random bits, hexadecimal.
    pub token: String,
    /// How long it lasts, seconds.
    pub lasts_secs: i64,
    /// Whose it is.
    pub person: Person,
}

/// Checks code and PIN and begins a session. The first sign-in with a fresh code sets the PIN.
///
/// An unknown code and a wrong PIN answer alike, in like time, and lock alike.
///
/// # Errors
/// A [`Fault`] in the visitor's words.
pub async fn sign_in(house: &House, typed_code: &str, typed_pin: &str, from: Option<IpAddr>) -> Result<Begun, Fault> {
    begin(house, proven(house, typed_code, typed_pin, from).await?).await
}

/// Who proves by code and PIN who they are; begins no session.
///
/// # Errors
/// As for [`sign_in`].
pub async fn proven(house: &House, typed_code: &str, typed_pin: &str, from: Option<IpAddr>) -> Result<Person, Fault> {
    let outcome = check(house, typed_code, typed_pin, from).await;
    match &outcome {
        Ok(_) => house.metrics.signed_in.count(),
        Err(_) => house.metrics.turned_away.count(),
    }
    outcome
}

/// Begins a session for a person whose right to it is settled.
///
/// # Errors
/// A [`Fault`] where the store cannot keep it.
pub async fn begin(house: &House, person: Person) -> Result<Begun, Fault> {
    let lasts_ms = if person.role == Role::Learner { LEARNER_SESSION_MS } else { DESK_SESSION_MS };
    let token = hex(&random::<32>());
    let now_ms = house.now_ms();
    house.store.open_session(digest(token.as_bytes()), person.id, now_ms, now_ms + lasts_ms).await?;
    Ok(Begun { token, lasts_secs: lasts_ms / 1000, person })
}

async fn check(house: &House, typed_code: &str, typed_pin: &str, from: Option<IpAddr>) -> Result<Person, Fault> {
    let now_ms = house.now_ms();
    if let Some(wait_ms) = from.and_then(|address| house.crowd.wait_ms(address, now_ms)) {
        return Err(Fault::wait(wait_ms));
    }
    let (Some(code), Some(pin)) = (Code::read(typed_code), Pin::read(typed_pin)) else {
        return Err(Fault::unreadable_sign_in());
    };
    let key = code.key(&house.secrets);
    let guard = house.store.guard(key).await?;
    if let Some(wait_ms) = guard.wait_ms(now_ms) {
        return Err(Fault::wait(wait_ms));
    }
    let person = house.store.person_by_code(key).await?;
    if let Some(fresh) = person.as_ref().filter(|person| person.pin_hash.is_none() && now_ms < person.code_ends_ms) {
        if pin.is_trivial() {
            return Err(Fault::trivial_pin());
        }
        let hash = house.pins.hash(&pin).await?;
        if house.store.set_first_pin(fresh.id, hash).await? {
            return Ok(fresh.clone());
        }
    }
    // Counted before it is looked at, so that many at once are not all looked at before the first has failed.
    let Some(guard) = house.store.begin_attempt(key, now_ms).await? else {
        let guard = house.store.guard(key).await?;
        return Err(Fault::wait(guard.wait_ms(now_ms).unwrap_or(1)));
    };
    let kept = person.as_ref().and_then(|person| person.pin_hash.as_deref());
    if house.pins.fits(&pin, kept).await?
        && let Some(person) = person
    {
        house.store.clear_failures(key).await?;
        return Ok(person);
    }
    if let Some(address) = from {
        house.crowd.failed(address, now_ms);
    }
    Err(guard.wait_ms(now_ms).map_or_else(Fault::wrong_code_or_pin, Fault::wait))
}

/// Failed sign-ins by address. Only failures count, so that a school behind one address can sign in at once.
#[derive(Default)]
pub struct Crowd(Mutex<HashMap<IpAddr, (u32, i64)>>);

/// Failures an address may make within [`WINDOW_MS`].
const FAILURES: u32 = 60;
const WINDOW_MS: i64 = 10 * MINUTE_MS;
/// Addresses remembered at most; past it, those whose window has passed are forgotten.
const REMEMBERED: usize = 10_000;

impl Crowd {
    /// How long an address must wait, milliseconds, if it must.
    pub(crate) fn wait_ms(&self, address: IpAddr, now_ms: i64) -> Option<i64> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (failures, since_ms) = *seen.get(&network(address))?;
        let ends_ms = since_ms + WINDOW_MS;
        // Before its beginning, the clock was set back: nobody waits for that time to come again.
        (failures >= FAILURES && (since_ms..ends_ms).contains(&now_ms)).then(|| ends_ms - now_ms)
    }

    /// Counts a failure.
    pub(crate) fn failed(&self, address: IpAddr, now_ms: i64) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= REMEMBERED {
            seen.retain(|_, (_, since_ms)| now_ms < *since_ms + WINDOW_MS);
            if seen.len() >= REMEMBERED {
                // So many at once is an attack from everywhere; memory is worth more than their counts.
                seen.clear();
            }
        }
        let (failures, since_ms) = seen.entry(network(address)).or_insert((0, now_ms));
        if !(*since_ms..*since_ms + WINDOW_MS).contains(&now_ms) {
            (*failures, *since_ms) = (0, now_ms);
        }
        *failures += 1;
    }
}

/// One subscriber: an IPv4 address, or the first 64 bits of an IPv6 one.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(v4),
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & !u128::from(u64::MAX)).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_waits_after_many_failures_and_not_for_ever() {
        let crowd = Crowd::default();
        let address = IpAddr::from([192, 0, 2, 1]);
        for _ in 0..FAILURES {
            assert_eq!(crowd.wait_ms(address, 1), None);
            crowd.failed(address, 1);
        }
        assert_eq!(crowd.wait_ms(address, 1), Some(WINDOW_MS));
        assert_eq!(crowd.wait_ms(IpAddr::from([192, 0, 2, 2]), 1), None);
        assert_eq!(crowd.wait_ms(address, 1 + WINDOW_MS), None);
        assert_eq!(crowd.wait_ms(address, 0), None, "a clock that was set back shuts nobody out");
    }
}

//! Kiosks of halls, and the pairing of one with one learner for one visit, as RFC 8628 tells it: the kiosk asks, the learner
//! decides on a phone of their own, the kiosk takes up a token that lasts as long as the visit.
//!
//! What a pairing comes to at a moment is judged here, whichever database keeps it.

use super::StoreError;
use super::audit::NewAudit;
use super::kept::{Person, TokenHash};
use crate::clock::{HOUR_MS, MINUTE_MS, SECOND_MS};
use crate::secrets::digest;
use async_trait::async_trait;
use heritage::SiteId;
use uuid::Uuid;

/// How long a code may be typed.
pub const CODE_LASTS_MS: i64 = 10 * MINUTE_MS;
/// How long a kiosk waits between two questions, at first; after one that came too soon it waits so much longer.
pub const INTERVAL_SECS: i64 = 5;
/// How often a code may be looked at before it is spent.
pub const MOST_LOOKS: i64 = 10;
/// How long a session lasts without a sign of life.
pub const IDLE_MS: i64 = 3 * MINUTE_MS;
/// How long a session lasts at most.
pub const SESSION_MS: i64 = HOUR_MS;
/// A clock may be set back so far without anything ending; beyond it, what was begun later than now has ended.
const SET_BACK_MS: i64 = MINUTE_MS;

/// A terminal that a hall has enrolled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kiosk {
    /// Stable, random.
    pub id: Uuid,
    /// The unit whose administrator enrolled it.
    pub unit: Uuid,
    /// What that unit is called; unread where a kiosk is added.
    pub unit_name: String,
    /// In which hall it stands.
    pub site: SiteId,
    /// As written on the device.
    pub name: String,
    /// When, by the service's clock.
    pub enrolled_ms: i64,
    /// When it was withdrawn, if it was.
    pub withdrawn_ms: Option<i64>,
}

impl Kiosk {
    /// What tells it from others of the same name: the last eight digits of its id.
    pub fn mark(&self) -> String {
        mark(self.id)
    }
}

/// What tells one kiosk from another, short enough to be read.
pub fn mark(id: Uuid) -> String {
    id.simple().to_string().split_off(24)
}

/// A pairing about to be asked for; it takes the place of the kiosk's last one and ends its session.
#[derive(Clone, Copy, Debug)]
pub struct NewPairing {
    /// Which kiosk asks.
    pub kiosk: Uuid,
    /// Hash of what it asks with.
    pub device_code: TokenHash,
    /// Key of what the learner types.
    pub user_code: [u8; 32],
    /// When, by the service's clock.
    pub asked_ms: i64,
}

/// A pairing as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pairing {
    /// Which kiosk asks.
    pub kiosk: Uuid,
    /// When it asked.
    pub asked_ms: i64,
    /// When it last asked what had become of it.
    pub polled_ms: Option<i64>,
    /// How long it waits in between.
    pub interval_secs: i64,
    /// How often its code was looked at.
    pub looks: i64,
    /// What the learner decided, if anything.
    pub standing: Standing,
}

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing yet.
    Open,
    /// This learner accepts.
    Accepted(Uuid),
    /// Somebody refused.
    Refused,
}

/// What a kiosk hears when it asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Polled {
    /// It never asked with this code, or has its token already.
    Unknown,
    /// The code has run out or is spent.
    Expired,
    /// The learner refused.
    Refused,
    /// Nobody has decided yet.
    Waiting,
    /// It asks too often.
    TooSoon,
    /// It has a session now, with the token that it brought.
    Begun,
}

/// What a learner's decision came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decided {
    /// It stands, now or since before.
    Stands,
    /// It was decided otherwise before.
    Otherwise,
    /// There is no such pairing any more, or it is of another kiosk than the learner saw.
    Gone,
}

/// Whether what began then and lasts so long has not ended.
pub const fn is_within(began_ms: i64, lasts_ms: i64, now_ms: i64) -> bool {
    let age_ms = now_ms.saturating_sub(began_ms);
    -SET_BACK_MS <= age_ms && age_ms < lasts_ms
}

/// Under what a learner's tries at codes are counted. Without the service's secret, so that erasing somebody finds it.
pub fn tries_key(person: Uuid) -> [u8; 32] {
    digest(&[b"pairing\0", person.as_bytes().as_slice()].concat())
}

impl Pairing {
    /// Whether its code may be looked at and decided on.
    pub const fn is_good(&self, now_ms: i64) -> bool {
        is_within(self.asked_ms, CODE_LASTS_MS, now_ms) && self.looks <= MOST_LOOKS
    }

    /// What its kiosk hears.
    pub fn polled(&self, now_ms: i64) -> Polled {
        let is_too_soon = |polled_ms: i64| (0..self.interval_secs * SECOND_MS).contains(&(now_ms - polled_ms));
        match self.standing {
            Standing::Refused => Polled::Refused,
            _ if !is_within(self.asked_ms, CODE_LASTS_MS, now_ms) => Polled::Expired,
            Standing::Accepted(_) => Polled::Begun,
            Standing::Open if self.looks > MOST_LOOKS => Polled::Expired,
            Standing::Open if self.polled_ms.is_some_and(is_too_soon) => Polled::TooSoon,
            Standing::Open => Polled::Waiting,
        }
    }

    /// What a decision comes to, and whether it has to be written.
    pub fn decided(&self, kiosk: Uuid, decision: Standing, now_ms: i64) -> (Decided, bool) {
        if self.kiosk != kiosk || !self.is_good(now_ms) {
            return (Decided::Gone, false);
        }
        match self.standing {
            Standing::Open => (Decided::Stands, true),
            standing if standing == decision => (Decided::Stands, false),
            _ => (Decided::Otherwise, false),
        }
    }
}

/// What a store keeps of kiosks.
#[async_trait]
pub trait Pairings: Send + Sync {
    /// Enrols a kiosk, with the audit entry that says who did it; `false` if the id is there already.
    async fn add_kiosk(&self, kiosk: Kiosk, audit: NewAudit) -> Result<bool, StoreError>;

    /// Withdraws a kiosk for good and ends its pairing and session, with the audit entry that says who did it; `false` if it
    /// was withdrawn before or never there.
    async fn withdraw_kiosk(&self, kiosk: Uuid, audit: NewAudit) -> Result<bool, StoreError>;

    /// The kiosk, withdrawn or not.
    async fn kiosk(&self, id: Uuid) -> Result<Option<Kiosk>, StoreError>;

    /// Every kiosk of a unit and those below it, the latest first.
    async fn kiosks_of(&self, unit: Uuid) -> Result<Vec<Kiosk>, StoreError>;

    /// Keeps what a kiosk asks in place of what it asked before, and ends its session. `false`, and nothing is changed, if
    /// the learner's code is another kiosk's at the moment.
    async fn ask_pairing(&self, asked: NewPairing) -> Result<bool, StoreError>;

    /// The pairing with this code of the learner's, if it is good, with its kiosk. Counts a look.
    async fn look_at_pairing(&self, user_code: [u8; 32], now_ms: i64) -> Result<Option<(Kiosk, Pairing)>, StoreError>;

    /// Writes down what a learner decides on the pairing with this code, of the kiosk that they saw.
    async fn decide_pairing(
        &self,
        user_code: [u8; 32],
        kiosk: Uuid,
        decision: Standing,
        now_ms: i64,
    ) -> Result<Decided, StoreError>;

    /// What a kiosk hears of the pairing that it asked for. Where the learner accepts, the pairing is over and a session
    /// begins under `token`; other sessions of the kiosk and of the learner at kiosks end.
    async fn poll_pairing(
        &self,
        kiosk: Uuid,
        device_code: TokenHash,
        token: TokenHash,
        now_ms: i64,
    ) -> Result<Polled, StoreError>;

    /// Whose session this is and at which kiosk, if it has not ended; a sign of life.
    async fn kiosk_session(&self, token: TokenHash, now_ms: i64) -> Result<Option<(Person, Kiosk)>, StoreError>;

    /// Ends a session.
    async fn end_kiosk_session(&self, token: TokenHash) -> Result<(), StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPEN: Pairing = Pairing {
        kiosk: Uuid::nil(),
        asked_ms: 0,
        polled_ms: None,
        interval_secs: INTERVAL_SECS,
        looks: 0,
        standing: Standing::Open,
    };

    #[test]
    fn a_kiosk_hears_what_the_moment_gives() {
        let accepted = Pairing { standing: Standing::Accepted(Uuid::nil()), ..OPEN };
        let refused = Pairing { standing: Standing::Refused, ..OPEN };
        let polled = |polled_ms| Pairing { polled_ms: Some(polled_ms), ..OPEN };
        let spent = Pairing { looks: MOST_LOOKS + 1, ..OPEN };
        for (pairing, now_ms, heard) in [
            (OPEN, 0, Polled::Waiting),
            (polled(0), 4_999, Polled::TooSoon),
            (polled(0), 5_000, Polled::Waiting),
            (polled(9_000), 8_000, Polled::Waiting),
            (Pairing { interval_secs: 10, ..polled(0) }, 9_999, Polled::TooSoon),
            (OPEN, CODE_LASTS_MS - 1, Polled::Waiting),
            (OPEN, CODE_LASTS_MS, Polled::Expired),
            (OPEN, -SET_BACK_MS, Polled::Waiting),
            (OPEN, -SET_BACK_MS - 1, Polled::Expired),
            (OPEN, i64::MIN, Polled::Expired),
            (spent, 0, Polled::Expired),
            (accepted, 1, Polled::Begun),
            (accepted, CODE_LASTS_MS, Polled::Expired),
            (refused, CODE_LASTS_MS, Polled::Refused),
        ] {
            assert_eq!(pairing.polled(now_ms), heard, "{pairing:?} at {now_ms}");
        }
    }

    #[test]
    fn the_first_decision_stands_and_is_for_the_kiosk_that_was_seen() {
        let (one, two) = (Standing::Accepted(Uuid::from_u128(1)), Standing::Accepted(Uuid::from_u128(2)));
        let decided = |standing, decision, kiosk| Pairing { standing, ..OPEN }.decided(kiosk, decision, 0);
        for (standing, decision, came_to) in [
            (Standing::Open, one, (Decided::Stands, true)),
            (Standing::Open, Standing::Refused, (Decided::Stands, true)),
            (one, one, (Decided::Stands, false)),
            (one, two, (Decided::Otherwise, false)),
            (one, Standing::Refused, (Decided::Otherwise, false)),
            (Standing::Refused, one, (Decided::Otherwise, false)),
        ] {
            assert_eq!(decided(standing, decision, Uuid::nil()), came_to);
            assert_eq!(decided(standing, decision, Uuid::from_u128(7)), (Decided::Gone, false));
        }
        assert_eq!(OPEN.decided(Uuid::nil(), one, CODE_LASTS_MS), (Decided::Gone, false));
    }
}

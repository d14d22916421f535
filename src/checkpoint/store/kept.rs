//! The things a store keeps, as the rest of the service sees them.

use crate::clock::{HOUR_MS, SECOND_MS};
use crate::history::{Checkpoint, Hash};
use heritage::{RouteId, SiteId, StationId};
use protocol::api::Role;
use uuid::Uuid;

/// SHA-256 of a token. The token itself is only ever in its holder's hands.
pub type TokenHash = [u8; 32];

/// What kind of entry it is: who makes it stands with each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A station was completed.
    Completed,
    /// A question was answered.
    Answered,
    /// The question that only the place answers was answered, on a page of the service.
    AnsweredThere,
    /// A trainer confirmed a walk.
    Confirmed,
    /// A trainer returned a walk, with a note.
    Returned,
    /// A trainer took a confirmation back, with a reason.
    Reopened,
    /// A trainer attested stations, with a reason.
    Attested,
    /// Another learner who stood there too vouched for stations.
    Vouched,
    /// A learner appealed against a decision, with a reason.
    Appealed,
    /// A second trainer looked at a confirmation that was drawn, and agreed or disagreed.
    Rechecked,
    /// Whoever runs the service had a confirmed walk's presence graded by a newer rule.
    Assessed,
    /// The service found a device's clock to be wrong when it sent.
    ClockRead,
    /// A learner was given a new PIN.
    PinRenewed,
    /// A person was given a new code.
    CodeRenewed,
    /// A person's record was erased; this says by whom, why and which entries.
    Erased,
    /// An admin closed the report of a unit's year; this holds its figures and its digest.
    ReportClosed,
    /// A learner put a text on their practice aside, to go on with it.
    Drafted,
    /// A learner submitted a text on their practice, with their own view of it by the rubric.
    Reflected,
    /// A learner who was drawn looked at another's text by the rubric. It decides nothing.
    PeerChecked,
    /// A trainer or mentor rated a text by the rubric.
    Rated,
    /// A learner told, some time after the confirmation, what came of it.
    FollowedUp,
    /// A colleague who was drawn added what they saw of it.
    Seconded,
    /// A learner chose whether to stand on the list of commendation.
    ListingChosen,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 23] = [
        Self::Completed,
        Self::Answered,
        Self::AnsweredThere,
        Self::Confirmed,
        Self::Returned,
        Self::Reopened,
        Self::Attested,
        Self::Vouched,
        Self::Appealed,
        Self::Rechecked,
        Self::Assessed,
        Self::ClockRead,
        Self::PinRenewed,
        Self::CodeRenewed,
        Self::Erased,
        Self::ReportClosed,
        Self::Drafted,
        Self::Reflected,
        Self::PeerChecked,
        Self::Rated,
        Self::FollowedUp,
        Self::Seconded,
        Self::ListingChosen,
    ];

    /// The word in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Answered => "answered",
            Self::AnsweredThere => "answered-there",
            Self::Confirmed => "confirmed",
            Self::Returned => "returned",
            Self::Reopened => "reopened",
            Self::Attested => "attested",
            Self::Vouched => "vouched",
            Self::Appealed => "appealed",
            Self::Rechecked => "rechecked",
            Self::Assessed => "assessed",
            Self::ClockRead => "clock-read",
            Self::PinRenewed => "pin-renewed",
            Self::CodeRenewed => "code-renewed",
            Self::Erased => "erased",
            Self::ReportClosed => "report-closed",
            Self::Drafted => "drafted",
            Self::Reflected => "reflected",
            Self::PeerChecked => "peer-checked",
            Self::Rated => "rated",
            Self::FollowedUp => "followed-up",
            Self::Seconded => "seconded",
            Self::ListingChosen => "listing-chosen",
        }
    }

    /// Whether it is written at the desk or by whoever runs the service, rather than sent by a learner or found in what was sent.
    pub const fn is_of_desk(self) -> bool {
        !matches!(
            self,
            Self::Completed
                | Self::Answered
                | Self::AnsweredThere
                | Self::Vouched
                | Self::Appealed
                | Self::Assessed
                | Self::ClockRead
                | Self::Drafted
                | Self::Reflected
                | Self::PeerChecked
                | Self::FollowedUp
                | Self::Seconded
                | Self::ListingChosen
        )
    }

    /// Whether it tells of a unit or of an erasure rather than of its subject, and stays when that person is erased.
    pub const fn outlasts_subject(self) -> bool {
        matches!(self, Self::Erased | Self::ReportClosed)
    }

    /// The kind named by [`Self::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// An entry about to be appended.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEntry {
    /// Made by whoever made the entry.
    pub id: Uuid,
    /// What kind it is.
    pub kind: Kind,
    /// Whose record it belongs to.
    pub subject: Uuid,
    /// Who made it: the subject, or a trainer.
    pub author: Uuid,
    /// Where, unless it is about the person alone.
    pub site: Option<SiteId>,
    /// On which route, where the kind has one.
    pub route: Option<RouteId>,
    /// At which station, where the kind has one.
    pub station: Option<StationId>,
    /// The installation that made it, where a device did.
    pub device: Option<Uuid>,
    /// The maker's clock.
    pub captured_at_ms: i64,
    /// The service's clock.
    pub received_at_ms: i64,
    /// JSON: a `protocol::Event` from a device, a `walk::Decision`, `Attestation` or `Recheck` from the desk, a `walk::Appeal`, what
    /// the service found itself, `{}` about a person, what was erased, a
    /// `year::Closed`, or one of those of `learning`.
    pub body: String,
}

impl NewEntry {
    /// An entry about a person alone, at no site, made by the service or the desk at `now_ms` by the service's clock.
    pub fn about(id: Uuid, kind: Kind, (subject, author): (Uuid, Uuid), now_ms: i64, body: String) -> Self {
        Self {
            id,
            kind,
            subject,
            author,
            site: None,
            route: None,
            station: None,
            device: None,
            captured_at_ms: now_ms,
            received_at_ms: now_ms,
            body,
        }
    }

    /// Whether two entries of one id are the same entry. Content is compared as it is meant, so that a field which a later
    /// version writes out by default does not turn a repeated sending into a conflict.
    pub fn is_same_as(&self, other: &Self) -> bool {
        let meant = |body: &str| serde_json::from_str::<protocol::Event>(body).ok();
        (self.id, self.kind, self.subject, self.author) == (other.id, other.kind, other.subject, other.author)
            && (self.body == other.body || meant(&self.body).is_some_and(|event| meant(&other.body) == Some(event)))
    }
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Place in the log, rising.
    pub seq: i64,
    /// What it says.
    pub said: NewEntry,
}

/// What proves that the log holds an entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Proven {
    /// The entry.
    pub entry: Entry,
    /// By which version of the rules its bytes are bound.
    pub version: i64,
    /// What hides it in its leaf.
    pub salt: [u8; 32],
    /// Which leaf, from 0.
    pub place: u64,
    /// From the leaf upwards.
    pub path: Vec<Hash>,
    /// Where the path leads.
    pub head: Checkpoint,
}

/// Where one person's entries at one site end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogEnd {
    /// Whose.
    pub subject: Uuid,
    /// Where.
    pub site: SiteId,
    /// Place of the last entry.
    pub seq: i64,
}

/// What became of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// On disk now, at this place.
    Stored(i64),
    /// On disk since before, at this place.
    Duplicate(i64),
    /// The id belongs to something else.
    Conflict,
}

/// A unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Stable, random.
    pub id: Uuid,
    /// As entered by whoever made it.
    pub name: String,
    /// The unit above it, if any.
    pub parent: Option<Uuid>,
}

/// A person about to be made.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// Stable, random.
    pub id: Uuid,
    /// To which unit the person belongs.
    pub unit: Uuid,
    /// What the person may do.
    pub role: Role,
    /// As entered by the unit.
    pub name: String,
    /// A group within the unit, or empty.
    pub cohort: String,
    /// Key of the invitation code.
    pub code_key: [u8; 32],
    /// Until when an unused code may be taken up.
    pub code_ends_ms: i64,
    /// Hash of the PIN, if set already.
    pub pin_hash: Option<String>,
}

/// A code about to be given out.
#[derive(Clone, Copy, Debug)]
pub struct NewCode {
    /// Key of the code.
    pub key: [u8; 32],
    /// Until when it may be taken up.
    pub ends_ms: i64,
}

/// A new code for somebody, and the entry that says who gave it.
#[derive(Clone, Debug)]
pub struct Renewal {
    /// For whom.
    pub person: Uuid,
    /// The code.
    pub code: NewCode,
    /// Says so.
    pub entry: NewEntry,
}

/// A person, with the name of the unit.
#[derive(Clone, Debug)]
pub struct Person {
    /// Stable, random.
    pub id: Uuid,
    /// To which unit the person belongs.
    pub unit: Uuid,
    /// What that unit is called.
    pub unit_name: String,
    /// What the person may do.
    pub role: Role,
    /// As entered by the unit.
    pub name: String,
    /// A group within the unit, or empty.
    pub cohort: String,
    /// Until when an unused code may be taken up.
    pub code_ends_ms: i64,
    /// Hash of the PIN, if set.
    pub pin_hash: Option<String>,
}

/// Failed sign-ins with one code, whether or not anybody has that code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Guard {
    /// In a row, within a day.
    pub failures: u32,
    /// No attempt is looked at before this time.
    pub locked_until_ms: i64,
}

impl Guard {
    /// Failures that are free.
    pub const FREE: u32 = 4;
    /// The longest wait.
    pub const LONGEST_MS: i64 = HOUR_MS;

    /// How long the code must still wait. A wait beyond the longest was counted by a clock that has been set back since.
    pub fn wait_ms(self, now_ms: i64) -> Option<i64> {
        Some(self.locked_until_ms.saturating_sub(now_ms)).filter(|wait_ms| (1..=Self::LONGEST_MS).contains(wait_ms))
    }

    /// With one failure more: from the fifth on a wait of 30 s, doubling up to an hour.
    #[must_use]
    pub fn after_failure(self, now_ms: i64) -> Self {
        let failures = self.failures.saturating_add(1);
        let wait_ms = match failures.checked_sub(Self::FREE + 1) {
            None => 0,
            Some(doublings) => (30 * SECOND_MS).saturating_mul(1 << doublings.min(16)).min(Self::LONGEST_MS),
        };
        Self { failures, locked_until_ms: now_ms + wait_ms }
    }
}

/// The word for a role in the database.
pub const fn role_code(role: Role) -> &'static str {
    match role {
        Role::Learner => "learner",
        Role::Trainer => "trainer",
        Role::Mentor => "mentor",
        Role::Auditor => "auditor",
        Role::Admin => "admin",
    }
}

/// The role named by [`role_code`].
pub fn role_from_code(code: &str) -> Option<Role> {
    Role::ALL.into_iter().find(|role| role_code(*role) == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_from_the_fifth_failure_to_an_hour() {
        let mut guard = Guard::default();
        let mut waits_s = Vec::new();
        for _ in 0..14 {
            guard = guard.after_failure(0);
            waits_s.push(guard.locked_until_ms / SECOND_MS);
        }
        assert_eq!(waits_s, [0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
    }
}

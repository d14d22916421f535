//! The audit log: who at the desk looked at what or did what, and about whom. Apart from the log of events.

use super::Kind;
use uuid::Uuid;

/// What somebody at the desk looked at or did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Opened the list of walks.
    WalksListed,
    /// Opened a person's walk.
    WalkOpened,
    /// Took the table of walks out.
    WalksExported,
    /// Opened the list of people.
    PeopleListed,
    /// Took the proof of one entry of a person's record out.
    EntryProven,
    /// Took the certificate of a person's walk out.
    CertificateOpened,
    /// Opened this log.
    AuditRead,
    /// Added one person.
    PersonAdded,
    /// Added everyone on a list.
    RosterAdded,
    /// Made a unit.
    UnitMade,
    /// Enrolled a kiosk.
    KioskEnrolled,
    /// Withdrew a kiosk.
    KioskWithdrawn,
    /// Opened the report of a year.
    ReportOpened,
    /// Took the report of a year out.
    ReportExported,
    /// Opened the figures on fairness.
    FairnessOpened,
    /// Opened the list of commendation.
    CommendedOpened,
    /// Opened the list of credentials.
    SystemCredentialsListed,
    /// Made a credential for another system.
    SystemCredentialMade,
    /// Revoked a credential.
    SystemCredentialEnded,
    /// Added a passkey of their own.
    PasskeyAdded,
    /// Removed a passkey of their own.
    PasskeyRemoved,
    /// Opened what is forwarded to other stores.
    ForwardingOpened,
    /// Another system read the record by its credential.
    SystemRead,
    /// Had what another store would not take sent again, or everything tried at once.
    ForwardedAgain,
    /// Left unsent what another store would not take, with a reason.
    ForwardedAside,
    /// Bound an account of their unit.
    AccountBound,
    /// Signed in by an account of their unit.
    AccountUsed,
    /// Unbound an account of somebody.
    AccountUnbound,
    /// Opened the units.
    UnitsListed,
    /// Opened the kiosks.
    KiosksListed,
    /// Opened the addresses of the stations' displays.
    DisplaysListed,
    /// Began to lead a visit.
    LedVisitBegun,
    /// Finished a visit that they led.
    LedVisitFinished,
    /// Wrote an entry into the log of events.
    Entry(Kind),
}

impl Act {
    const ALONE: &'static [Self] = &[
        Self::WalksListed,
        Self::WalkOpened,
        Self::WalksExported,
        Self::PeopleListed,
        Self::EntryProven,
        Self::CertificateOpened,
        Self::AuditRead,
        Self::PersonAdded,
        Self::RosterAdded,
        Self::UnitMade,
        Self::KioskEnrolled,
        Self::KioskWithdrawn,
        Self::ReportOpened,
        Self::ReportExported,
        Self::FairnessOpened,
        Self::CommendedOpened,
        Self::SystemCredentialsListed,
        Self::SystemCredentialMade,
        Self::SystemCredentialEnded,
        Self::PasskeyAdded,
        Self::PasskeyRemoved,
        Self::ForwardingOpened,
        Self::SystemRead,
        Self::ForwardedAgain,
        Self::ForwardedAside,
        Self::AccountBound,
        Self::AccountUsed,
        Self::AccountUnbound,
        Self::UnitsListed,
        Self::KiosksListed,
        Self::DisplaysListed,
        Self::LedVisitBegun,
        Self::LedVisitFinished,
    ];

    /// The word in the database; an entry of the log of events has that entry's.
    pub const fn code(self) -> &'static str {
        match self {
            Self::WalksListed => "walks-listed",
            Self::WalkOpened => "walk-opened",
            Self::WalksExported => "walks-exported",
            Self::PeopleListed => "people-listed",
            Self::EntryProven => "entry-proven",
            Self::CertificateOpened => "certificate-opened",
            Self::AuditRead => "audit-read",
            Self::PersonAdded => "person-added",
            Self::RosterAdded => "roster-added",
            Self::UnitMade => "unit-made",
            Self::KioskEnrolled => "kiosk-enrolled",
            Self::KioskWithdrawn => "kiosk-withdrawn",
            Self::ReportOpened => "report-opened",
            Self::ReportExported => "report-exported",
            Self::FairnessOpened => "fairness-opened",
            Self::CommendedOpened => "commended-opened",
            Self::SystemCredentialsListed => "credentials-listed",
            Self::SystemCredentialMade => "credential-made",
            Self::SystemCredentialEnded => "credential-ended",
            Self::PasskeyAdded => "passkey-added",
            Self::PasskeyRemoved => "passkey-removed",
            Self::ForwardingOpened => "forwarding-opened",
            Self::SystemRead => "system-read",
            Self::ForwardedAgain => "forwarded-again",
            Self::ForwardedAside => "forwarded-aside",
            Self::AccountBound => "account-bound",
            Self::AccountUsed => "account-used",
            Self::AccountUnbound => "account-unbound",
            Self::UnitsListed => "units-listed",
            Self::KiosksListed => "kiosks-listed",
            Self::DisplaysListed => "displays-listed",
            Self::LedVisitBegun => "led-visit-begun",
            Self::LedVisitFinished => "led-visit-finished",
            Self::Entry(kind) => kind.code(),
        }
    }

    /// The act named by [`Self::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        let alone = Self::ALONE.iter().copied().find(|act| act.code() == code);
        alone.or_else(|| Kind::from_code(code).map(Self::Entry))
    }
}

/// An audit entry about to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAudit {
    /// The service's clock, milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// Who.
    pub who: Uuid,
    /// The unit that it concerns.
    pub unit: Uuid,
    /// What.
    pub act: Act,
    /// About whom, where it is about one person.
    pub about: Option<Uuid>,
    /// What else is to be said, in the service's own words or in names; may be empty.
    pub detail: String,
}

/// An audit entry, with today's names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// Place in the audit log, rising.
    pub seq: i64,
    /// What it says.
    pub said: NewAudit,
    /// Name of who it was; `None` if they are not kept any more.
    pub who: Option<String>,
    /// Name of the unit that it concerns, likewise.
    pub unit: Option<String>,
    /// Name of the person that it is about, likewise.
    pub about: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_reads_back_as_itself() {
        for act in Act::ALONE.iter().copied().chain(Kind::ALL.map(Act::Entry)) {
            assert_eq!(Act::from_code(act.code()), Some(act));
        }
        assert_eq!(Act::from_code(""), None);
    }
}

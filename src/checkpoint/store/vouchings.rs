//! Vouchings are counted by whoever makes them in the very step that writes them, so that of many at once no more are
//! written than may be.

use super::{NewEntry, StoreError};
use async_trait::async_trait;
use uuid::Uuid;

/// How often one person may vouch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VouchLimits {
    /// So often for the same other …
    pub for_one: usize,
    /// … after this moment, milliseconds since 1970 UTC.
    pub for_one_since_ms: i64,
    /// So often for whomever …
    pub for_all: usize,
    /// … after this one.
    pub for_all_since_ms: i64,
}

/// What became of a vouching.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VouchOutcome {
    /// It is in the log, now or from before.
    Stands,
    /// Something else came into the subject's log at that site since it was looked at.
    Changed,
    /// Its author has vouched as often as may be.
    TooOften,
}

/// What companions say of each other.
#[async_trait]
pub trait Vouchings {
    /// Appends a vouching, if the subject's log at that site still ends at `seen_seq` and its author is within the limits.
    async fn append_vouching(
        &self,
        entry: NewEntry,
        seen_seq: i64,
        limits: VouchLimits,
    ) -> Result<VouchOutcome, StoreError>;
}

impl VouchLimits {
    /// Before this nothing counts.
    pub(super) fn since_ms(&self) -> i64 {
        self.for_one_since_ms.min(self.for_all_since_ms)
    }

    /// Whether what an author has said allows for more about this person: whom each was about, and when it was received.
    pub(super) fn allow(&self, about: Uuid, said: &[(Uuid, i64)]) -> bool {
        let for_one = said.iter().filter(|(whom, at_ms)| *whom == about && *at_ms > self.for_one_since_ms).count();
        let for_all = said.iter().filter(|(_, at_ms)| *at_ms > self.for_all_since_ms).count();
        for_one < self.for_one && for_all < self.for_all
    }
}

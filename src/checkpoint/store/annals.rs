//! What was said of walks and people of a unit, kind by kind and page by page, so that a year is summed up without holding
//! it, and the reports that were closed over it.

use super::{Entry, Kind, StoreError};
use async_trait::async_trait;
use uuid::Uuid;

/// Entries on one page.
pub const PAGE_ENTRIES: u32 = 2_000;

/// Which entries are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    /// About people of this unit and those below it.
    pub unit: Uuid,
    /// Of this kind; what devices send is not asked for by unit.
    pub kind: Kind,
    /// Received at this time or later, by the service's clock.
    pub from_ms: i64,
    /// After this place in the log.
    pub after: i64,
    /// And up to this place.
    pub upto: i64,
}

/// What a year is made of.
#[async_trait]
pub trait Annals {
    /// The first [`PAGE_ENTRIES`] entries that are wanted, by rising place.
    async fn told(&self, wanted: Told) -> Result<Vec<Entry>, StoreError>;

    /// The last place of the log, 0 for an empty one: everything up to it is there to be read.
    async fn last_place(&self) -> Result<i64, StoreError>;

    /// Every report that was closed, whichever unit's, by rising place.
    async fn closed_reports(&self) -> Result<Vec<Entry>, StoreError>;
}

//! What the desk's list shows of a walk, kept while the log it was worked out from has not grown.
//!
//! Nothing is lost with it: a summary is derived again whenever it is missing.

use super::{Decided, StationFinding, Walk, walks_of};
use crate::api::Fault;
use crate::evidence::sun;
use crate::house::House;
use crate::store::showings::{tap_key, trace_key};
use crate::store::{LogEnd, ShownKey};
use heritage::credit::{Level, Tap};
use heritage::{Hours, RouteId, SiteId};
use protocol::api::WalkState;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// Logs whose summaries are kept at most, about a kilobyte each.
const MOST_KEPT: usize = 20_000;

/// One line of the list.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Where.
    pub site: SiteId,
    /// Which route.
    pub route: RouteId,
    /// How far it has come.
    pub state: WalkState,
    /// What it earns, or has earned.
    pub hours: Hours,
    /// What was last decided, if anything.
    pub decided: Option<Decided>,
    /// Stations of the route.
    pub stations: usize,
    /// Stations whose every requirement is met.
    pub met: usize,
    /// Stations that a trainer attested.
    pub attested: usize,
    /// Who vouched for stations of it.
    pub vouched_by: BTreeSet<Uuid>,
    /// What a trainer should look at twice, counted; what shows only beside other walks is not among it.
    pub flags: usize,
    /// How well presence is shown.
    pub level: Level,
    /// Presence is shown less well than the course asks for: a confirmation needs a reason.
    pub falls_short: bool,
    /// An appeal waits for a decision.
    pub is_appealed: bool,
    /// The confirmation was drawn and a second look is still to be taken, or disagrees.
    pub wants_recheck: bool,
    /// What the latest second look came to.
    pub rechecked: Option<bool>,
    /// Taps on tags, to be held against those of others, each with the key by which others' are found.
    pub taps: Vec<(Tap, ShownKey)>,
    /// Keys of traces, likewise.
    pub traces: Vec<ShownKey>,
    /// Where this person's log at this site ends.
    pub last_seq: i64,
    /// When the last record came in, milliseconds since 1970 UTC.
    pub last_received_ms: i64,
}

impl Summary {
    fn of(house: &House, walk: &Walk) -> Self {
        let taps = |found: &StationFinding| {
            let key = |tap: &Tap| {
                let station = &found.record.station;
                let (_, cmac) = sun::tapped(&house.secrets, &walk.site, station, tap.tag, tap.counter);
                (tap.clone(), tap_key(&walk.site, station, &cmac))
            };
            found.taps.iter().map(key).collect::<Vec<_>>()
        };
        Self {
            site: walk.site.clone(),
            route: walk.route.id.clone(),
            state: walk.state,
            hours: walk.hours,
            decided: walk.decided.clone(),
            stations: walk.stations.len(),
            met: walk.stations.iter().filter(|found| found.verdict.met).count(),
            attested: walk.stations.iter().filter(|found| !found.attested.is_empty()).count(),
            vouched_by: walk.stations.iter().flat_map(|found| found.vouched.iter().map(|each| each.by)).collect(),
            flags: walk.all_flags().count(),
            level: walk.presence.level,
            falls_short: walk.falls_short(&house.courses).is_some(),
            is_appealed: walk.is_appealed(),
            wants_recheck: walk.wants_recheck(&house.secrets, house.settings.rechecked),
            rechecked: walk.rechecks.last().map(|last| last.agrees),
            taps: walk.stations.iter().flat_map(taps).collect(),
            traces: walk.stations.iter().flat_map(|found| found.traces.iter().map(|trace| trace_key(trace))).collect(),
            last_seq: walk.last_seq,
            last_received_ms: walk.last_received_ms.unwrap_or_default(),
        }
    }
}

type Kept = HashMap<(Uuid, SiteId), (i64, Arc<[Summary]>)>;

/// Summaries by person and site.
#[derive(Default)]
pub struct Summaries(Mutex<Kept>);

impl Summaries {
    /// The walks of one log that ends, or once ended, at `end`.
    ///
    /// # Errors
    /// A [`Fault`] where the log has to be read and cannot be.
    pub async fn of(&self, house: &House, end: &LogEnd) -> Result<Arc<[Summary]>, Fault> {
        let key = (end.subject, end.site.clone());
        if let Some((seq, known)) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key)
            && *seq >= end.seq
        {
            return Ok(Arc::clone(known));
        }
        let log = house.store.log_at(end.subject, end.site.clone()).await?;
        let walks = walks_of(&house.courses, &house.secrets, end.subject, &log);
        let found: Arc<[Summary]> = walks.iter().map(|walk| Summary::of(house, walk)).collect();
        // The log may have grown since its end was asked for; what was read is what is known.
        let read_to = log.iter().filter(|entry| entry.said.site.is_some()).map(|entry| entry.seq).max();
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        kept.insert(key, (read_to.unwrap_or(end.seq), Arc::clone(&found)));
        Ok(found)
    }
}

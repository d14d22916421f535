//! One reading of the fixes: where it puts the visitor, station by station.

use super::{FASTEST_M_PER_S, Fence, Fix, LONGEST_GAP_SECS, WORST_ACCURACY_M};
use crate::geodesy::EastNorthUp;
use sha2::{Digest, Sha256};

/// Whole metres of accuracy that are told apart; one more than the gate.
const BINS: usize = WORST_ACCURACY_M as usize + 1;

/// Speed up to which a second fix bears out a jump, metres per second: the visitor left in a bus, or the first fix was wrong.
const BUS_M_PER_S: f64 = 40.0;

/// Positions that a trace is told by. Phones report them to a millionth of a degree or finer, so that two walkers never
/// have as many in common, and a digest over so many tells nothing of where they are.
const TRACED: u32 = 16;

/// A move that no walker makes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Move {
    pub distance_m: f64,
    pub secs: f64,
}

/// A fix and where this reading puts it.
#[derive(Clone, Copy, Debug)]
struct Placed {
    at_ms: i64,
    place: EastNorthUp,
    accuracy_m: f64,
}

impl Placed {
    fn secs_until(&self, later: &Self) -> f64 {
        later.at_ms.saturating_sub(self.at_ms) as f64 / 1000.0
    }

    /// The move to `later` where it is faster than allowed even at the best of both accuracies.
    fn jump_to(&self, later: &Self, fastest_m_per_s: f64) -> Option<Move> {
        let distance_m = self.place.level_distance_m(later.place) - self.accuracy_m - later.accuracy_m;
        let secs = self.secs_until(later);
        (distance_m > fastest_m_per_s * secs).then_some(Move { distance_m, secs })
    }
}

/// What is kept of a visitor at one station: sums, and the latest position alone.
#[derive(Clone, Debug)]
pub(super) struct Stay {
    inside: bool,
    dwell_secs: f64,
    jumps: u32,
    accuracies: [u32; BINS],
    /// Fixes that differed from the one before, the first among them.
    distinct: u32,
    latest: Option<EastNorthUp>,
    /// Over the first [`TRACED`] of them.
    trace: Sha256,
}

impl Stay {
    fn new() -> Self {
        Self {
            inside: false,
            dwell_secs: 0.0,
            jumps: 0,
            accuracies: [0; BINS],
            distinct: 0,
            latest: None,
            trace: Sha256::new(),
        }
    }

    pub fn dwell_secs(&self) -> f64 {
        self.dwell_secs
    }

    pub fn jumps(&self) -> u32 {
        self.jumps
    }

    pub fn fixes(&self) -> u32 {
        self.accuracies.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// Median accuracy of the fixes that counted here, to the whole metre.
    pub fn median_accuracy_m(&self) -> f64 {
        let half = self.fixes().div_ceil(2);
        let mut seen = 0_u32;
        let bin = self.accuracies.iter().position(|count| {
            seen = seen.saturating_add(*count);
            seen >= half
        });
        bin.unwrap_or_default() as f64
    }

    /// Positions told apart by whether each differs from the one before; 1 where all are one.
    pub fn distinct(&self) -> u32 {
        self.distinct
    }

    /// What another phone has in common with this one only if it was fed the very same positions; `None` before there
    /// are enough of them that nobody finds them by trying.
    pub fn trace(&self) -> Option<String> {
        let digest = (self.distinct >= TRACED).then(|| self.trace.clone().finalize())?;
        let digits = |byte: u8| [byte >> 4, byte & 15].map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)]));
        Some(digest.into_iter().take(16).flat_map(digits).collect())
    }

    fn count(&mut self, accuracy_m: f64, place: EastNorthUp) {
        if self.latest.replace(place) != Some(place) {
            // The first ones alone: two that replay a recording need not leave at the same moment.
            if self.distinct < TRACED {
                self.trace.update(place.east_m.to_le_bytes());
                self.trace.update(place.north_m.to_le_bytes());
            }
            self.distinct = self.distinct.saturating_add(1);
        }
        if let Some(bin) = self.accuracies.get_mut(accuracy_m.round() as usize) {
            *bin = bin.saturating_add(1);
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Track {
    stays: Vec<Stay>,
    last: Option<Placed>,
    /// A fix far from the last one, waiting to be borne out.
    suspect: Option<Placed>,
}

impl Track {
    pub fn new(stations: usize) -> Self {
        Self { stays: vec![Stay::new(); stations], last: None, suspect: None }
    }

    pub fn pause(&mut self) {
        self.last = None;
        self.suspect = None;
    }

    pub fn stay(&self, index: usize) -> Option<&Stay> {
        self.stays.get(index)
    }

    pub fn inside(&self) -> Vec<bool> {
        self.stays.iter().map(|stay| stay.inside).collect()
    }

    pub fn has_arrived(&self) -> bool {
        self.stays.iter().any(|stay| stay.fixes() > 0)
    }

    /// Takes in a fix; gives the jump, if it is one that touches a station. How fast a visitor comes to the site is not our business.
    pub fn hear(&mut self, fences: &[Fence], fix: Fix, place: EastNorthUp) -> Option<Move> {
        let now = Placed { at_ms: fix.at_ms, place, accuracy_m: fix.accuracy_m };
        let jump = self.last.and_then(|last| last.jump_to(&now, FASTEST_M_PER_S));
        let borne_out = self.suspect.is_some_and(|suspect| suspect.jump_to(&now, BUS_M_PER_S).is_none());
        if jump.is_some() && !borne_out {
            let from = self.suspect.or(self.last).map_or(place, |before| before.place);
            self.suspect = Some(now);
            return jump.filter(|_| self.count_jump(fences, from, place));
        }
        // Time is credited only along a chain of fixes that a walker can make.
        let credited_secs = match (jump, self.last) {
            (None, Some(last)) => last.secs_until(&now).min(LONGEST_GAP_SECS),
            _ => 0.0,
        };
        self.last = Some(now);
        self.suspect = None;
        self.settle(fences, &now, credited_secs);
        None
    }

    /// Where the fix puts the visitor. Fences overlap where stations stand close; of those that hold the visitor only the nearest is credited with the fix and its time, so that nobody proves a station from next door.
    fn settle(&mut self, fences: &[Fence], now: &Placed, credited_secs: f64) {
        let mut nearest: Option<(&mut Stay, bool, f64)> = None;
        for (stay, fence) in self.stays.iter_mut().zip(fences) {
            let distance_m = fence.centre.level_distance_m(now.place);
            let was_inside = stay.inside;
            stay.inside =
                if was_inside { distance_m - now.accuracy_m <= fence.leave_m() } else { distance_m <= fence.radius_m };
            if stay.inside && nearest.as_ref().is_none_or(|(_, _, least_m)| distance_m < *least_m) {
                nearest = Some((stay, was_inside, distance_m));
            }
        }
        if let Some((stay, was_inside, _)) = nearest {
            stay.count(now.accuracy_m, now.place);
            if was_inside {
                stay.dwell_secs += credited_secs;
            }
        }
    }

    fn count_jump(&mut self, fences: &[Fence], from: EastNorthUp, to: EastNorthUp) -> bool {
        let mut touches = false;
        for (stay, fence) in self.stays.iter_mut().zip(fences) {
            if [from, to].iter().any(|end| fence.centre.level_distance_m(*end) <= fence.leave_m()) {
                stay.jumps = stay.jumps.saturating_add(1);
                touches = true;
            }
        }
        touches
    }
}

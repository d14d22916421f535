//! Geofence: from fixes to arrivals, as a pure state machine. Knows no clock and no phone; order is never enforced.
//!
//! Enter at the radius; leave beyond the radius and a margin, and only when the whole error circle is clear of it. Every fix is read twice, as WGS 84 and as GCJ-02, because some phones in China report shifted positions. Fences may overlap; a fix counts for the nearest station alone.

mod afterwards;
mod nearest;
mod track;

pub use afterwards::{Leg, OrderOfArrivals, Stop, order_of_arrivals, too_fast};
pub use nearest::{Nearest, nearest};

use crate::geodesy::{EastNorthUp, Gcj02, LocalFrame, Wgs84, in_china};
use crate::proof::DatumVerdict;
use crate::{Outline, Proof, StationId};
use track::{Move, Track};

/// Accuracy worse than which a fix is ignored, metres (`MapRun` orienteering uses the same gate).
pub const WORST_ACCURACY_M: f64 = 50.0;
/// Longest gap between two fixes that counts as time at a station, seconds: a battery saver's minute and a half.
pub const LONGEST_GAP_SECS: f64 = 90.0;
/// Speed over which a move between two fixes is a jump, metres per second: no runner has reached it.
pub const FASTEST_M_PER_S: f64 = 12.5;

/// One position as a phone reports it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fix {
    /// Milliseconds on a clock that only rises.
    pub at_ms: i64,
    /// As reported, taken for WGS 84 as the standard says.
    pub position: Wgs84,
    /// Radius of the 68 % circle, metres, as reported.
    pub accuracy_m: f64,
}

/// One station as the geofence knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fence {
    /// Which station.
    pub station: StationId,
    /// Its place in the site's frame.
    pub centre: EastNorthUp,
    /// Radius within which a visitor counts as there, metres.
    pub radius_m: f64,
}

impl Fence {
    /// Distance beyond which a visitor who was there has left, metres: a tenth of the radius more, and at least 20 m.
    pub fn leave_m(&self) -> f64 {
        self.radius_m + (self.radius_m * 0.1).max(20.0)
    }
}

/// What the geofence says on hearing a fix.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    /// The visitor is at a station now.
    Arrived {
        /// Which.
        station: StationId,
    },
    /// The visitor has left a station.
    Departed {
        /// Which.
        station: StationId,
    },
    /// The fix was too poor to use; the page says so.
    Ignored {
        /// Its accuracy, metres.
        accuracy_m: f64,
    },
    /// The fix is not newer than the last one, and was set aside.
    Stale,
    /// No walker moves so fast; the fix waits for a second one that bears it out.
    Jumped {
        /// How far, metres, less both accuracies.
        distance_m: f64,
        /// In what time, seconds.
        secs: f64,
    },
    /// It has become clear, or changed, which datum the fixes are in.
    Judged {
        /// Which.
        datum: DatumVerdict,
    },
}

/// All stations of a site, and where the visitor has been among them.
#[derive(Clone, Debug)]
pub struct Geofence {
    frame: LocalFrame,
    fences: Vec<Fence>,
    /// The fixes read as WGS 84.
    plain: Track,
    /// The same fixes read as GCJ-02.
    shifted: Track,
    last_at_ms: Option<i64>,
    ignored: u32,
    said_datum: DatumVerdict,
}

impl Geofence {
    /// A geofence of these stations, with nobody there yet.
    pub fn new(frame: LocalFrame, fences: Vec<Fence>) -> Self {
        let count = fences.len();
        Self {
            frame,
            fences,
            plain: Track::new(count),
            shifted: Track::new(count),
            last_at_ms: None,
            ignored: 0,
            said_datum: DatumVerdict::Unclear,
        }
    }

    /// A geofence of all stations of a site.
    pub fn of_site(site: &Outline) -> Self {
        let fences = site.stations.iter().map(|station| Fence {
            station: station.id.clone(),
            centre: station.position,
            radius_m: station.radius_m,
        });
        Self::new(LocalFrame::at(site.origin), fences.collect())
    }

    /// Takes in one fix and says what it changes, in this order: datum, departures, arrivals.
    pub fn hear(&mut self, fix: Fix) -> Vec<Said> {
        // Written so that NaN is too poor.
        if !(0.0..=WORST_ACCURACY_M).contains(&fix.accuracy_m) {
            self.ignored = self.ignored.saturating_add(1);
            return vec![Said::Ignored { accuracy_m: fix.accuracy_m }];
        }
        if self.last_at_ms.is_some_and(|last| fix.at_ms <= last) {
            return vec![Said::Stale];
        }
        self.last_at_ms = Some(fix.at_ms);
        let before = self.inside();
        let plain = self.frame.enu_from_wgs84(fix.position);
        let moved = self.plain.hear(&self.fences, fix, plain);
        // Outside China the two readings are one; the shifted track then stays empty.
        if let Some(shifted) = self.unshifted(fix.position) {
            self.shifted.hear(&self.fences, fix, shifted);
        }
        let mut said = Vec::new();
        if let Some(Move { distance_m, secs }) = moved {
            said.push(Said::Jumped { distance_m, secs });
        }
        let datum = self.datum();
        if datum != self.said_datum {
            self.said_datum = datum;
            said.push(Said::Judged { datum });
        }
        self.say_changes(&before, &mut said);
        said
    }

    /// Breaks the chain of fixes, as after a reload or a pause: time and speed are not reckoned across it.
    pub fn pause(&mut self) {
        self.last_at_ms = None;
        self.plain.pause();
        self.shifted.pause();
    }

    /// The stations where the visitor is now, in the site's order.
    pub fn here(&self) -> impl Iterator<Item = &StationId> {
        self.fences.iter().zip(self.inside()).filter_map(|(fence, inside)| inside.then_some(&fence.station))
    }

    /// The summary for a station where the visitor is or was; `None` where no fix has put them within its fence and nearer to it than to any other station whose fence holds them.
    pub fn proof(&self, station: &StationId) -> Option<Proof> {
        let index = self.fences.iter().position(|fence| fence.station == *station)?;
        let (plain, shifted) = (self.plain.stay(index)?, self.shifted.stay(index)?);
        let (stay, datum) = match (plain.fixes() > 0, shifted.fixes() > 0) {
            (true, false) => (plain, DatumVerdict::Wgs84),
            (false, true) => (shifted, DatumVerdict::Gcj02),
            (true, true) => (plain, DatumVerdict::Unclear),
            (false, false) => return None,
        };
        Some(Proof::Fix {
            accuracy_m: stay.median_accuracy_m(),
            dwell_secs: stay.dwell_secs(),
            fixes: stay.fixes(),
            ignored: self.ignored,
            jumps: stay.jumps(),
            datum,
            distinct: Some(stay.distinct()),
            trace: stay.trace(),
        })
    }

    /// Which datum the phone's fixes are in, as far as the stations visited tell.
    pub fn datum(&self) -> DatumVerdict {
        match (self.plain.has_arrived(), self.shifted.has_arrived()) {
            (true, false) => DatumVerdict::Wgs84,
            (false, true) => DatumVerdict::Gcj02,
            _ => DatumVerdict::Unclear,
        }
    }

    /// Where a reported position lies on the site, read in the datum that fits so far.
    pub fn place(&self, position: Wgs84) -> EastNorthUp {
        self.frame.enu_from_wgs84(self.read(position))
    }

    /// The station nearest to a reported position, read in the datum that fits so far.
    pub fn nearest(&self, position: Wgs84) -> Option<Nearest> {
        nearest(&self.frame, &self.fences, self.read(position))
    }

    /// The way from a reported position to one station, read in the datum that fits so far; `None` for a station that is not of this site.
    pub fn way_to(&self, station: &StationId, position: Wgs84) -> Option<Nearest> {
        let fence = self.fences.iter().find(|fence| fence.station == *station)?;
        nearest(&self.frame, std::slice::from_ref(fence), self.read(position))
    }

    fn read(&self, position: Wgs84) -> Wgs84 {
        if self.reads_shifted() { wgs84_read_as_gcj02(position) } else { position }
    }

    /// A first station reached in plain reading settles it; the shifted reading leads only while nothing speaks against it.
    fn reads_shifted(&self) -> bool {
        self.shifted.has_arrived() && !self.plain.has_arrived()
    }

    fn inside(&self) -> Vec<bool> {
        if self.reads_shifted() { self.shifted.inside() } else { self.plain.inside() }
    }

    fn unshifted(&self, position: Wgs84) -> Option<EastNorthUp> {
        in_china(position.lat_deg(), position.lon_deg())
            .then(|| self.frame.enu_from_wgs84(wgs84_read_as_gcj02(position)))
    }

    fn say_changes(&self, before: &[bool], said: &mut Vec<Said>) {
        let after = self.inside();
        let changes = || self.fences.iter().zip(before.iter().zip(&after));
        let departed = changes().filter(|(_, (was, is))| **was && !**is);
        let arrived = changes().filter(|(_, (was, is))| !**was && **is);
        said.extend(departed.map(|(fence, _)| Said::Departed { station: fence.station.clone() }));
        said.extend(arrived.map(|(fence, _)| Said::Arrived { station: fence.station.clone() }));
    }
}

/// The true position of a phone that reports GCJ-02 numbers as if they were WGS 84.
fn wgs84_read_as_gcj02(position: Wgs84) -> Wgs84 {
    Gcj02::new(position.lat_deg(), position.lon_deg()).map_or(position, Wgs84::from)
}

#[cfg(test)]
mod tests;

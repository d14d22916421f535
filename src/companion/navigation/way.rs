//! Way: where the visitor is in each way of moving, and what is still easing.

use super::gaze::{Gaze, eased};
use super::ground::{Ground, plan};
use super::leg::Leg;
use super::orbit::Orbit;
use super::{place, spot};
use crate::content::engine_from_site;
use crate::settings::Settings;
use bevy::prelude::*;
use heritage::{Site, Station};
use protocol::bridge::Mode;

/// Eyes over the soles, metres.
pub(super) const EYES_M: f32 = 1.65;
/// Within how many horizontal metres feet have reached a station.
pub(super) const REACH_M: f32 = 5.0;
/// The same for the centre of the view around.
pub(super) const REACH_AROUND_M: f32 = 2.5;
/// How far off a station is looked at in the view around, metres.
const STATION_DISTANCE_M: f32 = 20.0;
/// And the first one, behind which the crossing lies.
const FIRST_DISTANCE_M: f32 = 24.0;
/// From how far aside of the visitor's own look a station is seen from around, radians.
const ASIDE_RAD: f32 = 0.5;
/// Time of passing from one way of moving to another.
const FLIGHT_SECS: f32 = 1.4;

/// Where the visitor is.
#[derive(Resource, Debug, Default)]
pub(super) struct Way {
    pub mode: Option<Mode>,
    /// The site is here and the visitor has been put in it.
    pub set_out: bool,
    pub ground: Ground,
    pub water_m: f32,
    pub orbit: Orbit,
    /// The orbit being eased to.
    pub swing: Option<Swing>,
    pub feet: Feet,
    /// The stretch being travelled on foot or guided.
    pub leg: Option<Leg>,
    flight: Option<Flight>,
    /// What the eye last saw.
    pub seen: Option<Gaze>,
}

/// A standing visitor.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Feet {
    /// Under the soles, engine metres.
    pub at: Vec3,
    pub yaw_rad: f32,
    pub pitch_rad: f32,
}

/// From one orbit to another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Swing {
    pub from: Orbit,
    pub to: Orbit,
    pub gone_secs: f32,
    pub secs: f32,
}

#[derive(Clone, Copy, Debug)]
struct Flight {
    from: Gaze,
    gone_secs: f32,
}

impl Feet {
    pub(super) fn gaze(&self) -> Gaze {
        Gaze { eye: self.at + Vec3::Y * EYES_M, yaw_rad: self.yaw_rad, pitch_rad: self.pitch_rad }
    }
}

impl Swing {
    /// Where it is after `secs` more, and whether it is there.
    pub(super) fn on(&mut self, secs: f32) -> (Orbit, bool) {
        self.gone_secs += secs;
        let there = self.gone_secs >= self.secs;
        let share = if there { 1.0 } else { eased(self.gone_secs / self.secs) };
        (self.from.mix(&self.to, share), there)
    }
}

impl Way {
    /// Where a visitor stands at `station`, and how it is seen from around.
    pub(super) fn at_station(&self, site: &Site, station: &Station) -> (Feet, Orbit) {
        let feet = spot::at(&self.ground, site, station);
        let told = station.points.first().map_or_else(|| place(station), |point| engine_from_site(point.position));
        let look = Gaze::toward(feet.at + Vec3::Y * EYES_M, told);
        let target = place(station) + Vec3::Y;
        // A route begins with the crossing in view; later stations are seen from the side that it has on its left.
        let begins = site.stations.first().is_some_and(|first| first.id == station.id);
        let orbit = if begins {
            let middle = site.stations.iter().map(place).sum::<Vec3>() / site.stations.len() as f32;
            let ahead = Gaze::toward(target, middle);
            Orbit { target, distance_m: FIRST_DISTANCE_M, yaw_rad: ahead.yaw_rad + ASIDE_RAD, pitch_rad: -0.22 }
        } else {
            let yaw_rad = look.yaw_rad + ASIDE_RAD;
            Orbit { target, distance_m: STATION_DISTANCE_M, yaw_rad, pitch_rad: -0.35 }
        };
        (feet, orbit)
    }

    /// Puts feet without a floor on the nearest; travel may pass where nobody can stand.
    pub(super) fn find_footing(&mut self) {
        if self.ground.footing(plan(self.feet.at), self.feet.at.y).is_none()
            && let Some(at) = self.ground.nearest(self.feet.at)
        {
            self.feet.at = at;
        }
    }

    /// Eases from what is seen now to wherever the visitor is next, unless motion is reduced.
    pub(super) fn fly(&mut self, settings: &Settings) {
        self.flight = match self.seen {
            Some(from) if !settings.reduced_motion => Some(Flight { from, gone_secs: 0.0 }),
            _ => None,
        };
    }

    /// What is seen `secs` later on the flight to `aimed`.
    pub(super) fn flown(&mut self, aimed: Gaze, secs: f32) -> Gaze {
        let Some(flight) = &mut self.flight else { return aimed };
        flight.gone_secs += secs;
        let gaze = flight.from.mix(&aimed, eased(flight.gone_secs / FLIGHT_SECS));
        if flight.gone_secs >= FLIGHT_SECS {
            self.flight = None;
        }
        gaze
    }

    /// Whatever was easing is where it stands.
    pub(super) fn stop(&mut self) {
        self.leg = None;
        self.swing = None;
        self.flight = None;
    }

    /// Ends a flight where it leads.
    pub(super) fn land(&mut self) {
        self.flight = None;
    }

    /// Whether nothing is easing.
    pub(super) fn settled(&self) -> bool {
        self.leg.is_none() && self.swing.is_none() && self.flight.is_none()
    }
}

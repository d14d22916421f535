//! Navigation: around, on foot, or guided, on one list of stations.
//!
//! Hears [`GoTo`] and [`Opened`]; says [`Said::Moving`] and keeps [`Standing`]. The ways in are `keys`, `mouse`,
//! `touch` and `pad`; what they ask for meets in `intent`; `foot`, `around` and `guided` answer it.

use crate::Step;
use crate::content::{Content, Entry, engine_from_site};
use crate::headset::{Headset, Rig};
use crate::settings::Settings;
use crate::visit::{Eye, Here, Say, Standing};
use bevy::{ecs::system::SystemParam, prelude::*};

use heritage::{Station, StationId};
use intent::Intent;
use protocol::bridge::{Mode, Said};
use way::Way;

mod arc;
mod around;
mod foot;
mod gaze;
mod go;
mod ground;
mod guided;
mod intent;
mod keys;
mod leg;
mod mouse;
mod orbit;
mod pad;
mod spot;
mod stance;
mod touch;
mod way;

pub(super) fn plugin(app: &mut App) {
    app.add_plugins((intent::plugin, keys::plugin, mouse::plugin, touch::plugin, pad::plugin))
        .add_plugins((around::plugin, foot::plugin, guided::plugin, go::plugin, stance::plugin))
        .init_resource::<Way>()
        .init_resource::<Aim>()
        .add_systems(Update, (lay_ground, set_out, change_mode).chain().in_set(Step::Decide).after(intent::obey))
        .add_systems(Update, look.in_set(Step::Move).after(MoveBody));
}

/// The systems that answer the intent, before the eye is set.
#[derive(SystemSet, Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct MoveBody;

/// The station last gone to or arrived at; next and previous count from it.
#[derive(Resource, Clone, Debug, Default, PartialEq)]
struct Aim(Option<StationId>);

/// The stations in telling order, and where on it the visitor is.
#[derive(SystemParam)]
struct Route<'w> {
    content: Option<Res<'w, Content>>,
    aim: Res<'w, Aim>,
    here: Res<'w, Here>,
}

impl Route<'_> {
    /// The station after, or before, the present one; the first where there is none.
    fn beside(&self, next: bool) -> Option<StationId> {
        let stations = &self.content.as_ref()?.0.stations;
        let present = self.aim.0.as_ref().or(self.here.0.as_ref());
        let Some(index) = present.and_then(|id| stations.iter().position(|station| station.id == *id)) else {
            return stations.first().map(|station| station.id.clone());
        };
        let index = if next { index + 1 } else { index.checked_sub(1)? };
        stations.get(index).map(|station| station.id.clone())
    }
}

/// Where a station is, engine metres.
fn place(station: &Station) -> Vec3 {
    engine_from_site(station.position)
}

/// The floors of the shown state; feet that lose theirs are put on the nearest.
fn lay_ground(content: If<Res<Content>>, settings: Res<Settings>, mut way: ResMut<Way>, mut laid: Local<Laid>) {
    let state = Some(settings.era);
    if laid.0 == state && !content.is_changed() {
        return;
    }
    laid.0 = state;
    way.ground = ground::Ground::of(&content.0.0.scene, settings.era);
    way.find_footing();
}

#[derive(Default)]
struct Laid(Option<heritage::scene::Era>);

/// Puts the visitor at the entry, or at the station the page asked for, as soon as there is a site.
fn set_out(content: If<Res<Content>>, entry: Res<Entry>, mut way: ResMut<Way>, mut aim: ResMut<Aim>) {
    if way.set_out {
        return;
    }
    way.set_out = true;
    let site = &content.0.0;
    way.water_m = site.scene.water_up_m as f32;
    let at = engine_from_site(site.scene.entry);
    way.feet.at = way.ground.nearest(at).unwrap_or(at);
    way.feet.yaw_rad = -(site.scene.entry_bearing_deg as f32).to_radians();
    let asked = aim.0.clone().or_else(|| entry.station.clone());
    if let Some(station) = asked.and_then(|id| site.station(&id)) {
        aim.0 = Some(station.id.clone());
        let (feet, orbit) = way.at_station(site, station);
        (way.feet, way.orbit) = (feet, orbit);
    }
}

/// Passes from one way of moving to another without losing where the visitor is.
fn change_mode(
    settings: Res<Settings>,
    here: Res<Here>,
    aim: Res<Aim>,
    content: If<Res<Content>>,
    mut way: ResMut<Way>,
    mut say: MessageWriter<Say>,
) {
    if way.mode == Some(settings.mode) {
        return;
    }
    let before = way.mode.replace(settings.mode);
    say.write(Say(Said::Moving { mode: settings.mode }));
    let Some(before) = before else { return };
    let site = &content.0.0;
    // Whoever is on the way somewhere is there after the change; asked for in one breath, neither wish is lost.
    let on_the_way = aim.0.as_ref().filter(|_| way.leg.is_some() || way.swing.is_some());
    let station = on_the_way.or(here.0.as_ref()).and_then(|id| site.station(id));
    if before == Mode::Around || settings.mode == Mode::Around {
        way.leg = None;
        way.swing = None;
    }
    match (before, settings.mode) {
        (Mode::Around, Mode::Foot | Mode::Guided) => {
            if let Some(station) = station {
                way.feet = way.at_station(site, station).0;
            } else if way.orbit.target != orbit::Orbit::default().target
                && let Some(at) = way.ground.nearest(way.orbit.target)
            {
                // Where the table was moved to; an untouched table leaves the visitor at the entry.
                way.feet = way::Feet { at, yaw_rad: way.orbit.yaw_rad, pitch_rad: -0.05 };
            }
        }
        (_, Mode::Around) => {
            let target = station.map_or(way.feet.at, place) + Vec3::Y;
            way.orbit = orbit::Orbit { target, distance_m: 26.0, yaw_rad: way.feet.yaw_rad, pitch_rad: -0.4 };
        }
        _ => {}
    }
    way.fly(&settings);
}

/// Sets the eye where the mode in force has it, easing over a change of mode.
fn look(
    time: Res<Time>,
    settings: Res<Settings>,
    mut way: ResMut<Way>,
    mut intent: ResMut<Intent>,
    mut standing: ResMut<Standing>,
    mut eyes: Query<&mut Transform, With<Eye>>,
    (headset, rig, stance): (Res<Headset>, Res<Rig>, Res<stance::Stance>),
) {
    *intent = Intent::default();
    if headset.is_on() {
        // Nobody's eyes are flown from one way of moving to another.
        way.land();
        let settled = way.set_out && way.settled() && stance.is_settled();
        standing.set_if_neq(Standing { at: way.feet.at, reach_m: way::REACH_M, settled });
        let head = rig.place(&headset.frame.head);
        // Before a model one hears what is heard at the station.
        let heard_from = if rig.is_over_model() { way.feet.gaze().eye } else { head.translation };
        for mut eye in &mut eyes {
            eye.set_if_neq(head.with_translation(heard_from));
        }
        return;
    }
    let aimed = match settings.mode {
        Mode::Around => way.orbit.gaze(),
        Mode::Foot | Mode::Guided => way.feet.gaze(),
    };
    let gaze = way.flown(aimed, time.delta_secs());
    way.seen = Some(gaze);
    let (at, reach_m) = match settings.mode {
        Mode::Around => (way.orbit.target, way::REACH_AROUND_M),
        Mode::Foot | Mode::Guided => (way.feet.at, way::REACH_M),
    };
    standing.set_if_neq(Standing { at, reach_m, settled: way.set_out && way.settled() });
    for mut eye in &mut eyes {
        eye.set_if_neq(gaze.transform());
    }
}

#[cfg(test)]
mod help_tests;
#[cfg(test)]
mod luding_tests;
#[cfg(test)]
mod tests;

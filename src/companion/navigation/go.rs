//! Go: taking the visitor to a station, eased or cut, in whichever way of moving.

use super::around::swing_to;
use super::gaze::Gaze;
use super::leg::Leg;
use super::orbit::Orbit;
use super::way::Way;
use super::{Aim, place};
use crate::content::{Content, engine_from_site};
use crate::headset::Headset;
use crate::settings::Settings;
use crate::visit::{Answering, Arrived, GoTo, Held, Here, LookAt, Opened};
use bevy::prelude::*;
use heritage::{Site, Station};
use protocol::bridge::Mode;

pub(super) fn plugin(app: &mut App) {
    app.add_observer(go).add_observer(look_at).add_observer(go_to_what_is_opened).add_observer(count_from_here);
}

fn go(
    asked: On<GoTo>,
    content: Option<Res<Content>>,
    settings: Res<Settings>,
    headset: Res<Headset>,
    mut held: ResMut<Held>,
    mut answering: ResMut<Answering>,
    mut aim: ResMut<Aim>,
    mut way: ResMut<Way>,
) -> Result {
    let Some(content) = content.filter(|_| way.set_out) else {
        // Asked before the site is here: the visit begins there.
        aim.0 = Some(asked.station.clone());
        return Ok(());
    };
    let site = &content.0;
    let station = site
        .station(&asked.station)
        .ok_or_else(|| format!("there is no station {}", asked.station))
        .with_severity(Severity::Warning)?;
    held.0 = false;
    answering.0 = false;
    let before = aim.0.replace(station.id.clone());
    let (feet, orbit) = way.at_station(site, station);
    // Nobody's eyes are carried along in a headset.
    let cut = settings.reduced_motion || headset.is_on();
    if settings.mode == Mode::Around {
        swing_to(&mut way, orbit, cut);
    } else {
        let between = between(site, before.and_then(|id| site.station(&id)), station);
        way.leg = Some(Leg::new(&way.ground, way.feet, feet, &between, cut));
    }
    Ok(())
}

/// The stations between two, in the order in which they are passed.
fn between(site: &Site, from: Option<&Station>, to: &Station) -> Vec<Vec3> {
    let index = |station: &Station| site.stations.iter().position(|other| other.id == station.id);
    let (Some(from), Some(to)) = (from.and_then(index), index(to)) else { return Vec::new() };
    if from <= to {
        site.stations.get(from + 1..to).unwrap_or_default().iter().map(place).collect()
    } else {
        site.stations[to + 1..from].iter().rev().map(place).collect()
    }
}

/// Around and guided, opening what is told elsewhere takes the visitor there; on foot it is looked at from where one is.
fn go_to_what_is_opened(
    opened: On<Opened>,
    content: If<Res<Content>>,
    settings: Res<Settings>,
    here: Res<Here>,
    mut commands: Commands,
) {
    if let Some((station, _)) = content.0.0.point(&opened.point)
        && settings.mode != Mode::Foot
        && here.0.as_ref() != Some(&station.id)
    {
        commands.trigger(GoTo { station: station.id.clone() });
    }
}

/// Turns the eye to what is pointed out, from where the visitor stands. A headset's wearer turns by themselves.
fn look_at(
    asked: On<LookAt>,
    content: If<Res<Content>>,
    settings: Res<Settings>,
    headset: Res<Headset>,
    mut way: ResMut<Way>,
) {
    let Some((_, point)) = content.0.0.point(&asked.point).filter(|_| way.set_out && !headset.is_on()) else { return };
    let at = engine_from_site(point.position);
    if settings.mode == Mode::Around {
        let to = Orbit { target: at, ..way.orbit };
        swing_to(&mut way, to, settings.reduced_motion);
    } else if way.leg.is_none() {
        way.fly(&settings);
        let gaze = Gaze::toward(way.feet.gaze().eye, at);
        (way.feet.yaw_rad, way.feet.pitch_rad) = (gaze.yaw_rad, gaze.pitch_rad.clamp(-0.9, 0.6));
    }
}

fn count_from_here(arrived: On<Arrived>, mut aim: ResMut<Aim>) {
    aim.0 = Some(arrived.station.clone());
}

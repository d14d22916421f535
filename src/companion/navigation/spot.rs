//! Spot: where a visitor stands to hear a station: on firm floor, a few steps off, with the thing told in view.

use super::gaze::turn_toward;
use super::ground::{Ground, plan, stand};
use super::place;
use super::way::{EYES_M, Feet};
use crate::content::engine_from_site;
use bevy::prelude::*;
use heritage::{Site, Station};
use std::f32::consts::TAU;

/// Steps back from a thing to see it, metres; under the reach of a station.
const BACK_M: [f32; 2] = [3.6, 2.2];
/// From this far the thing is in view already.
const OFF_M: f32 = 3.0;

/// Where to stand at `station`, looking at its first story point.
pub(super) fn at(ground: &Ground, site: &Site, station: &Station) -> Feet {
    let centre = place(station);
    let told = station.points.first().map_or(centre, |point| engine_from_site(point.position));
    let at = if plan(told).distance(plan(centre)) >= OFF_M {
        standing(ground, plan(centre), centre.y)
    } else {
        // Nearer to this station than to any other, or it would be the other that is arrived at.
        let ours = |spot: Vec2| {
            let off_m = spot.distance(plan(centre));
            let others = site.stations.iter().filter(|other| other.id != station.id);
            off_m <= 4.5 && others.map(|other| spot.distance(plan(place(other)))).all(|other_m| off_m + 1.2 < other_m)
        };
        step_back(ground, centre.y, plan(told), back_toward(site, station), ours)
    };
    let at = at.or_else(|| ground.nearest(centre)).unwrap_or(centre);
    let (yaw_rad, pitch_rad) = turn_toward(told - (at + Vec3::Y * EYES_M));
    Feet { at, yaw_rad, pitch_rad: pitch_rad.clamp(-0.9, 0.6) }
}

fn standing(ground: &Ground, spot: Vec2, up_m: f32) -> Option<Vec3> {
    ground.footing(spot, up_m).map(|footing| stand(spot, footing.up_m))
}

/// The place on two rings around the thing that best faces the way visitors come from.
fn step_back(ground: &Ground, up_m: f32, told: Vec2, back: Vec2, ours: impl Fn(Vec2) -> bool) -> Option<Vec3> {
    let ring = |back_m: f32| (0..16_u8).map(move |i| (Vec2::from_angle(f32::from(i) * TAU / 16.0), back_m));
    let places = BACK_M.into_iter().flat_map(ring).filter_map(|(way, back_m)| {
        // A step further back is worth a small turn aside, not a look from behind.
        let worth = way.dot(back) + 0.1 * back_m;
        Some((worth, standing(ground, told + way * back_m, up_m)?))
    });
    places.filter(|(_, at)| ours(plan(*at))).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, at)| at)
}

/// Towards the station before; the route is walked with the river crossing ahead.
fn back_toward(site: &Site, station: &Station) -> Vec2 {
    let index = site.stations.iter().position(|other| other.id == station.id).unwrap_or(0);
    let here = plan(place(station));
    let before = index.checked_sub(1).and_then(|i| site.stations.get(i)).map(|other| plan(place(other)));
    let after = site.stations.get(index + 1).map(|other| plan(place(other)));
    match (before, after) {
        (Some(before), _) => (before - here).normalize_or(Vec2::NEG_X),
        (None, Some(after)) => (here - after).normalize_or(Vec2::NEG_X),
        (None, None) => Vec2::NEG_X,
    }
}

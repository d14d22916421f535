//! Luding's own floors, in both states: nobody falls, and every station can be walked to.

use super::ground::{Ground, plan};
use super::{place, spot, way};
use crate::content::engine_from_site;
use crate::visit_tests::luding;
use bevy::prelude::*;
use heritage::scene::Era;
use std::collections::{BTreeSet, VecDeque};

const ERAS: [Era; 2] = [Era::Y1935, Era::Today];
/// Side of the cells in which reached ground is noted, metres.
const CELL_M: f32 = 0.25;

fn entry(ground: &Ground) -> Vec3 {
    ground.nearest(engine_from_site(luding().scene.entry)).expect("floors")
}

fn cell(at: Vec3) -> (i32, i32) {
    ((at.x / CELL_M).round() as i32, (at.z / CELL_M).round() as i32)
}

#[test]
fn twenty_thousand_steps_at_random_never_leave_the_floors() {
    let lowest_m = -luding().scene.chains.expect("chains").sag_m as f32 - 0.1;
    for era in ERAS {
        let ground = Ground::of(&luding().scene, era);
        let (mut feet, mut seed, mut east_m) = (entry(&ground), 0x2545_F491_u32, f32::MIN);
        // From the west terrace to the deck's end, then left to wander.
        let errand = [Vec2::new(-56.0, -6.0), Vec2::new(-60.0, -6.0), Vec2::new(-60.0, 0.0), Vec2::new(80.0, 0.0)];
        let mut next = errand.iter().peekable();
        for step in 0..20_000 {
            seed ^= seed << 13;
            seed ^= seed >> 17;
            seed ^= seed << 5;
            let aim = next.peek().map_or(Vec2::ZERO, |aim| (**aim - plan(feet)).clamp_length_max(0.12));
            let delta = Vec2::from_angle((seed % 6283) as f32 / 1000.0) * 0.3 + aim;
            feet = ground.walk(feet, delta);
            if next.peek().is_some_and(|aim| aim.distance(plan(feet)) < 1.0) {
                next.next();
            }
            let footing = ground.footing(plan(feet), feet.y);
            assert!(footing.is_some_and(|f| (f.up_m - feet.y).abs() < 1e-3), "{era:?}, step {step}: {feet}");
            assert!(feet.y >= lowest_m, "{era:?}: nobody falls into the river: {feet}");
            east_m = east_m.max(feet.x);
        }
        assert!(east_m > 52.0, "{era:?}: the walk has crossed, and came as far as {east_m}");
    }
}

#[test]
fn every_station_is_walked_to_from_the_entry() {
    let site = luding();
    for era in ERAS {
        let ground = Ground::of(&site.scene, era);
        let begin = entry(&ground);
        let (mut reached, mut open) = (BTreeSet::from([cell(begin)]), VecDeque::from([begin]));
        while let Some(feet) = open.pop_front() {
            for delta in [Vec2::X, Vec2::Y, Vec2::NEG_X, Vec2::NEG_Y] {
                let at = ground.walk(feet, delta * CELL_M);
                if reached.insert(cell(at)) {
                    open.push_back(at);
                }
            }
        }
        for station in &site.stations {
            let feet = spot::at(&ground, &site, station).at;
            assert!(reached.contains(&cell(feet)), "{era:?}: {} is told at {feet}, cut off from the entry", station.id);
            let off_m = plan(feet).distance(plan(place(station)));
            assert!(off_m < way::REACH_M, "{era:?}: {} is told {off_m} m off", station.id);
        }
    }
}

#[test]
fn the_walk_of_1935_keeps_to_boards_and_then_to_chains() {
    let (then, now) = (Ground::of(&luding().scene, Era::Y1935), Ground::of(&luding().scene, Era::Today));
    let pace = |ground: &Ground, east_m: f32, north_m: f32| {
        let at = Vec2::new(east_m, north_m);
        ground.footing(at, ground.height_near(at, 0.0)?).map(|footing| footing.pace)
    };
    let (boards, chains) = (pace(&then, -47.0, 0.0).expect("boards"), pace(&then, 0.0, 0.0).expect("chains"));
    assert!(boards < pace(&now, -47.0, 0.0).expect("a deck") && chains < boards, "{boards}, {chains}");
    for (east_m, north_m) in [(-47.0, 0.5), (-42.0, 0.3), (0.0, 0.8), (0.0, -0.8)] {
        assert_eq!(pace(&then, east_m, north_m), None, "{east_m}, {north_m}: no board and no chain within reach");
        assert!(pace(&now, east_m, north_m).is_some(), "{east_m}, {north_m}");
    }
}

#[test]
fn the_steps_to_the_deck_are_taken_one_by_one() {
    for (era, head) in ERAS.into_iter().flat_map(|era| [(era, -1.0), (era, 1.0)]) {
        let ground = Ground::of(&luding().scene, era);
        let mut feet = Vec3::new(head * 52.0, 0.0, 0.0);
        let (mut rises, mut highest_m) = (0, 0.0_f32);
        while feet.x.abs() > 50.2 {
            let at = ground.walk(feet, Vec2::new(-0.05 * head, 0.0));
            assert!(at.x.abs() < feet.x.abs(), "{era:?}: stopped at {feet}");
            rises += i32::from(at.y > feet.y + 0.01);
            highest_m = highest_m.max(at.y - feet.y);
            feet = at;
        }
        assert_eq!(rises, 2, "{era:?}, head {head}");
        assert!(highest_m < 0.2, "{era:?}: a step of {highest_m} m is no step for feet");
    }
}

#[test]
fn the_first_station_is_seen_with_the_crossing_beyond_it() {
    let site = luding();
    let mut way = way::Way::default();
    way.ground = Ground::of(&site.scene, Era::Today);
    let gaze = way.at_station(&site, site.stations.first().expect("stations")).1.gaze();
    let crossing = (Vec3::new(0.0, -3.0, 0.0) - gaze.eye).normalize();
    let off_rad = super::gaze::forward(gaze.yaw_rad, gaze.pitch_rad).dot(crossing).acos();
    assert!(off_rad < 0.4, "the middle of the bridge is {off_rad} rad off the middle of the view");
}

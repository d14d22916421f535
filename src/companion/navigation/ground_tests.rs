use super::*;
use heritage::geodesy::EastNorthUp;
use heritage::scene::{ChainLine, Chains};

fn at(east_m: f64, north_m: f64, up_m: f64) -> EastNorthUp {
    EastNorthUp { east_m, north_m, up_m }
}

fn floor(name: &str, west: f64, east: f64, half: f64, up_m: f64, era: Option<Era>, pace: f64) -> Floor {
    let corners = vec![at(west, -half, up_m), at(east, -half, up_m), at(east, half, up_m), at(west, half, up_m)];
    Floor { name: name.into(), corners, era, pace, soil: false }
}

/// Two banks, a stair down to a lower terrace, and a deck that is slower in 1935.
pub(in crate::navigation) fn scene() -> Scene {
    Scene {
        floors: vec![
            floor("west-bank", -90.0, -50.0, 12.0, 0.0, None, 1.0),
            floor("east-bank", 50.0, 90.0, 12.0, 0.0, None, 1.0),
            floor("step", 90.0, 92.0, 3.0, 0.4, None, 1.0),
            floor("wall", 92.0, 95.0, 3.0, 1.4, None, 1.0),
            floor("deck-1935", -50.0, 50.0, 0.6, 0.0, Some(Era::Y1935), 0.35),
            floor("deck-today", -50.0, 50.0, 1.3, 0.0, Some(Era::Today), 1.0),
        ],
        chains: Some(Chains {
            span_m: 100.0,
            sag_m: 3.0,
            lines: vec![ChainLine { north_m: 0.0, over_m: 0.0 }],
            pitch_m: 0.137,
            bar_m: 0.022,
        }),
        water_up_m: -14.5,
        entry: at(-80.0, 0.0, 0.0),
        entry_bearing_deg: 90.0,
        ..Scene::default()
    }
}

#[test]
fn ten_thousand_steps_at_random_never_leave_the_floors() {
    for era in [Era::Y1935, Era::Today] {
        let ground = Ground::of(&scene(), era);
        let mut feet = Vec3::new(-80.0, 0.0, 0.0);
        let mut seed = 0x2545_F491_u32;
        for step in 0..10_000 {
            seed ^= seed << 13;
            seed ^= seed >> 17;
            seed ^= seed << 5;
            let turn = (seed % 6283) as f32 / 1000.0;
            // Drawn east on the whole, so that the walk crosses the bridge and comes up against its far end.
            let delta = Vec2::from_angle(turn) * 0.4 + Vec2::X * 0.06;
            feet = ground.walk(feet, delta);
            let footing = ground.footing(plan(feet), feet.y);
            assert!(footing.is_some_and(|f| (f.up_m - feet.y).abs() < 1e-3), "step {step}: {feet}");
            assert!(feet.y > -3.2, "nobody falls into the river: {feet}");
        }
        assert!(feet.x > 50.0, "{era:?}: the walk has crossed, and is at {feet}");
    }
}

#[test]
fn the_deck_is_followed_down_and_up_again() {
    let ground = Ground::of(&scene(), Era::Today);
    let mut feet = Vec3::new(-50.0, 0.0, 0.0);
    for _ in 0..1000 {
        feet = ground.walk(feet, Vec2::new(0.05, 0.0));
    }
    assert!(feet.x.abs() < 0.1 && (feet.y + 3.0).abs() < 0.01, "mid-span hangs three metres: {feet}");
    for _ in 0..1000 {
        feet = ground.walk(feet, Vec2::new(0.05, 0.0));
    }
    assert!((feet.x - 50.0).abs() < 0.1 && feet.y.abs() < 0.01, "{feet}");
}

#[test]
fn an_edge_is_slid_along_and_not_stuck_to() {
    let ground = Ground::of(&scene(), Era::Today);
    let feet = ground.walk(
        Vec3::new(-20.0, ground.height_near(Vec2::new(-20.0, 0.0), 0.0).unwrap_or(0.0), 0.0),
        Vec2::new(3.0, 3.0),
    );
    assert!(feet.x > -17.5, "the rail lets the walk go on along it: {feet}");
    assert!(feet.z > -1.36, "and holds it on the deck: {feet}");
}

#[test]
fn a_low_step_is_taken_and_a_wall_is_not() {
    let ground = Ground::of(&scene(), Era::Today);
    let feet = ground.walk(Vec3::new(89.0, 0.0, 0.0), Vec2::new(5.0, 0.0));
    assert!((feet.y - 0.4).abs() < 1e-3 && feet.x < 92.1, "{feet}");
}

#[test]
fn the_deck_of_1935_is_slower_and_narrower() {
    let (then, now) = (Ground::of(&scene(), Era::Y1935), Ground::of(&scene(), Era::Today));
    let middle = Vec2::new(0.0, 0.0);
    assert_eq!(then.footing(middle, -3.0).map(|f| f.pace), Some(0.35));
    assert_eq!(now.footing(middle, -3.0).map(|f| f.pace), Some(1.0));
    assert!(then.footing(Vec2::new(0.0, 1.0), -3.0).is_none());
    assert!(now.footing(Vec2::new(0.0, 1.0), -3.0).is_some());
}

#[test]
fn a_sloping_floor_is_as_high_as_its_plane() {
    let corners = vec![at(0.0, 0.0, 0.0), at(10.0, 0.0, 2.0), at(10.0, 4.0, 2.0), at(0.0, 4.0, 0.0)];
    let ramp = Floor { name: "ramp".into(), corners, era: None, pace: 1.0, soil: false };
    let ground = Ground::of(&Scene { floors: vec![ramp], ..Scene::default() }, Era::Today);
    let up_m = ground.footing(Vec2::new(5.0, 1.0), 1.0).map(|f| f.up_m);
    assert!(up_m.is_some_and(|up_m| (up_m - 1.0).abs() < 1e-4), "{up_m:?}");
}

#[test]
fn without_floors_nobody_stands_and_nothing_breaks() {
    let ground = Ground::of(&Scene::default(), Era::Today);
    assert_eq!(ground.nearest(Vec3::ZERO), None);
    assert_eq!(ground.walk(Vec3::ZERO, Vec2::X), Vec3::ZERO);
}

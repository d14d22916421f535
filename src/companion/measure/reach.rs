//! Reach: what a line of sight meets, drawn or not: models first, and behind gaps in them the plain shapes of the site.

use bevy::prelude::{Ray3d, Vec3};
use heritage::scene::Scene;

/// Half the breadth in which the deck and its chains hang, metres, where the site gives no chains.
const HALF_BREADTH_M: f64 = 1.5;
/// How near a line must pass by the deck's surface to meet it, metres.
const NEAR_M: f32 = 0.15;

/// Where `ray` first meets a model (`drawn_m` along it), the hanging deck, or the water.
pub(super) fn met(scene: &Scene, ray: Ray3d, drawn_m: Option<f32>, reach_m: f32) -> Option<Vec3> {
    [drawn_m, deck_m(scene, ray, reach_m), water_m(scene, ray)]
        .into_iter()
        .flatten()
        .filter(|along_m| *along_m <= reach_m)
        .min_by(f32::total_cmp)
        .map(|along_m| ray.get_point(along_m))
}

fn water_m(scene: &Scene, ray: Ray3d) -> Option<f32> {
    let along_m = (scene.water_up_m as f32 - ray.origin.y) / ray.direction.y;
    (along_m.is_finite() && along_m > 0.0).then_some(along_m)
}

/// The parabola of the deck chains is met where the line passes from over it to under it, or back, between its sides.
fn deck_m(scene: &Scene, ray: Ray3d, reach_m: f32) -> Option<f32> {
    let chains = scene.chains.as_ref()?;
    let half = chains.lines.iter().map(|line| line.north_m.abs()).fold(0.0, f64::max);
    let half = if half > 0.0 { half } else { HALF_BREADTH_M };
    let over = |along_m: f32| {
        let at = ray.get_point(along_m);
        at.y - chains.deck_up_m(f64::from(at.x)) as f32
    };
    let inside = |along_m: f32| {
        let at = ray.get_point(along_m);
        f64::from(at.z.abs()) <= half && f64::from(at.x.abs()) <= chains.span_m / 2.0
    };
    let mut before_m = 0.0;
    while before_m < reach_m {
        let after_m = before_m + 0.5;
        if over(before_m) * over(after_m) <= 0.0 {
            let at_m = bisect(over, before_m, after_m);
            if inside(at_m) && over(at_m).abs() < NEAR_M {
                return Some(at_m);
            }
        }
        before_m = after_m;
    }
    None
}

fn bisect(over: impl Fn(f32) -> f32, mut low: f32, mut high: f32) -> f32 {
    let rising = over(low) <= 0.0;
    for _ in 0..24 {
        let middle = f32::midpoint(low, high);
        if (over(middle) <= 0.0) == rising { low = middle } else { high = middle }
    }
    f32::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy::prelude::Dir3;
    use heritage::scene::{ChainLine, Chains};

    fn scene() -> Scene {
        let lines = vec![ChainLine { north_m: -1.4, over_m: 0.0 }, ChainLine { north_m: 1.4, over_m: 0.0 }];
        let chains = Chains { span_m: 100.0, sag_m: 3.0, lines, pitch_m: 0.137, bar_m: 0.025 };
        Scene { chains: Some(chains), water_up_m: -14.5, ..Scene::default() }
    }

    #[test]
    fn looking_down_meets_the_deck_and_beside_it_the_water() {
        let down = |x: f32, z: f32| met(&scene(), Ray3d::new(Vec3::new(x, 10.0, z), Dir3::NEG_Y), None, 400.0);
        assert!(down(0.0, 0.5).is_some_and(|at| (at.y + 3.0).abs() < 0.01));
        assert!(down(25.0, 0.5).is_some_and(|at| (at.y + 2.25).abs() < 0.01));
        assert!(down(0.0, 4.0).is_some_and(|at| (at.y + 14.5).abs() < 0.01));
    }

    #[test]
    fn a_model_before_the_water_is_what_is_met() {
        let ray = Ray3d::new(Vec3::new(0.0, 10.0, 30.0), Dir3::NEG_Y);
        assert!(met(&scene(), ray, Some(7.0), 400.0).is_some_and(|at| (at.y - 3.0).abs() < 1e-4));
    }

    #[test]
    fn looking_at_the_sky_meets_nothing() {
        assert_eq!(met(&scene(), Ray3d::new(Vec3::new(0.0, 10.0, 0.0), Dir3::Y), None, 400.0), None);
    }
}

//! Arc: where a step by pointing would lead, as a thrown thing flies.

use super::ground::{Ground, plan};
use crate::sight::Sight;
use bevy::prelude::*;

/// Speed of the throw, metres per second: level from a hand it comes down about five metres off.
const THROW_M_PER_SEC: f32 = 9.0;
const FALL_M_PER_SEC2: f32 = 9.8;
/// Time from point to point of the arc, and points of it.
const TICK_SECS: f32 = 0.06;
const TICKS: usize = 45;
/// Points from one look for obstacles to the next.
const CHORD: usize = 3;
/// Height over the floor that must be free to stand there, metres.
const FREE_M: (f32, f32) = (0.35, 1.75);

/// A way through the air and what lies at its end.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Arc {
    /// From the hand on.
    pub path: Vec<Vec3>,
    pub end: End,
}

/// What lies at the end of an arc.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum End {
    /// A floor to stand on.
    Floor(Vec3),
    /// A floor that is too steep, or has no room to stand.
    Refused(Vec3),
    /// A wall, the river, or nothing.
    #[default]
    Nowhere,
}

impl Arc {
    /// Follows a throw from `from`, along a path whose memory is `path`; `blocked` tells whether something stands between
    /// two places.
    pub(super) fn thrown(
        mut path: Vec<Vec3>,
        ground: &Ground,
        water_m: f32,
        [from, toward]: [Vec3; 2],
        blocked: impl Fn(Vec3, Vec3) -> bool,
    ) -> Self {
        let speed = toward * THROW_M_PER_SEC;
        let at = |tick: usize| {
            let secs = tick as f32 * TICK_SECS;
            from + speed * secs + Vec3::NEG_Y * (FALL_M_PER_SEC2 / 2.0 * secs * secs)
        };
        path.clear();
        path.push(from);
        for tick in 0..TICKS {
            let (before, after) = (at(tick), at(tick + 1));
            let landing = ground.landing(before, after);
            let end = landing.map_or(after, |found| found.unwrap_or_else(|steep| steep));
            let begun = at(tick / CHORD * CHORD);
            // A floor is drawn as well, so that what stands on it is looked for a little above it.
            let over = if landing.is_some() { end + Vec3::Y * 0.12 } else { end };
            if (tick % CHORD == CHORD - 1 || landing.is_some()) && blocked(begun, over) {
                return Self { path, end: End::Nowhere };
            }
            path.push(end);
            if let Some(found) = landing {
                let end = match found {
                    Ok(at) if !blocked(at + Vec3::Y * FREE_M.0, at + Vec3::Y * FREE_M.1) => End::Floor(at),
                    Ok(at) | Err(at) => End::Refused(at),
                };
                return Self { path, end };
            }
            if after.y < water_m {
                break;
            }
        }
        Self { path, end: End::Nowhere }
    }

    /// The same, with what is drawn for obstacles.
    pub(super) fn among(path: Vec<Vec3>, ground: &Ground, water_m: f32, ray: [Vec3; 2], sight: &Sight) -> Self {
        Self::thrown(path, ground, water_m, ray, |from, to| !sight.free(from, to, 0.0))
    }
}

/// The place a steady wearer is put: on the bridge the middle of it, which has the handrails at equal reach.
pub(super) fn steadied(ground: &Ground, at: Vec3) -> Vec3 {
    ground.on_rail(at).unwrap_or(at)
}

/// Whether feet may stand here.
pub(super) fn can_stand(ground: &Ground, at: Vec3) -> bool {
    ground.footing(plan(at), at.y).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use heritage::geodesy::EastNorthUp;
    use heritage::scene::{Era, Floor, Scene};

    fn corner((east_m, north_m, up_m): (f64, f64, f64)) -> EastNorthUp {
        EastNorthUp { east_m, north_m, up_m }
    }

    /// A level bank, a slope of 45° behind it and water before it.
    fn ground() -> Ground {
        let floor = |name: &str, corners: [(f64, f64, f64); 4]| Floor {
            name: name.into(),
            corners: corners.map(corner).to_vec(),
            era: None,
            pace: 1.0,
            soil: false,
        };
        let bank = [(-20.0, -10.0, 0.0), (0.0, -10.0, 0.0), (0.0, 10.0, 0.0), (-20.0, 10.0, 0.0)];
        let slope = [(-40.0, -10.0, 20.0), (-20.0, -10.0, 0.0), (-20.0, 10.0, 0.0), (-40.0, 10.0, 20.0)];
        Ground::of(&Scene { floors: vec![floor("bank", bank), floor("slope", slope)], ..Scene::default() }, Era::Today)
    }

    fn thrown(from: Vec3, toward: Vec3, blocked: impl Fn(Vec3, Vec3) -> bool) -> Arc {
        Arc::thrown(Vec::new(), &ground(), -8.0, [from, toward.normalize()], blocked)
    }

    #[test]
    fn a_throw_comes_down_on_the_bank_and_not_on_the_slope_nor_in_the_river() {
        let hand = Vec3::new(-12.0, 1.2, 0.0);
        let End::Floor(at) = thrown(hand, Vec3::new(1.0, -0.2, 0.0), |_, _| false).end else { panic!("it lands") };
        assert!(at.y.abs() < 1e-4 && at.x > -10.0 && at.x < 0.0, "{at}");
        let steep = thrown(hand, Vec3::new(-1.0, 0.5, 0.0), |_, _| false).end;
        assert!(matches!(steep, End::Refused(at) if at.x < -20.0), "{steep:?}");
        let river = thrown(Vec3::new(-1.0, 1.2, 0.0), Vec3::new(1.0, 0.3, 0.0), |_, _| false);
        assert_eq!(river.end, End::Nowhere);
    }

    #[test]
    fn a_wall_on_the_way_ends_it_and_a_beam_over_the_place_refuses_it() {
        let hand = Vec3::new(-12.0, 1.2, 0.0);
        let crosses = |at: f32| move |from: Vec3, to: Vec3| from.x < at && to.x > at;
        assert_eq!(thrown(hand, Vec3::new(1.0, -0.2, 0.0), crosses(-10.5)).end, End::Nowhere);
        let low_beam = |from: Vec3, to: Vec3| from.xz().distance(to.xz()) < 1e-3;
        assert!(matches!(thrown(hand, Vec3::new(1.0, -0.2, 0.0), low_beam).end, End::Refused(_)));
    }
}

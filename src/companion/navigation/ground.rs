//! Ground: where a visitor can stand, and where a step leads. Knows floors, not models.

use bevy::math::{Vec2, Vec3};
use heritage::scene::{Era, Floor, Scene};

/// The highest step feet take, metres; a stair of the bridge head is about 0.17.
const STEP_M: f32 = 0.45;
/// How far outside a patch still counts as on it, so that seams between patches do not trip anyone.
const SEAM_M: f32 = 0.03;
/// Longest stretch judged at once, metres; well under the narrowest patch.
const STRIDE_M: f32 = 0.15;

/// The steepest floor that is stepped onto by pointing, metres up for a metre along: 35°.
const STEEPEST: f32 = 0.7;

/// What the feet are on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Footing {
    /// Height over the origin, metres.
    pub up_m: f32,
    /// Share of the usual walking speed.
    pub pace: f32,
}

/// Every patch that can be walked on in one state of the place.
#[derive(Clone, Debug, Default)]
pub(super) struct Ground {
    patches: Vec<Patch>,
}

#[derive(Clone, Debug)]
struct Patch {
    /// East and north, counter-clockwise.
    corners: Vec<Vec2>,
    surface: Surface,
    pace: f32,
}

#[derive(Clone, Copy, Debug)]
enum Surface {
    Plane {
        centre: Vec2,
        up_m: f32,
        slope: Vec2,
    },
    /// Hung between the heads: the parabola of the deck chains, and so much above it.
    Hung {
        span_m: f32,
        sag_m: f32,
        over_m: f32,
    },
}

impl Ground {
    /// The floors of `scene` that can be walked on in `era`. A floor whose name begins with `deck` follows the chains.
    pub(super) fn of(scene: &Scene, era: Era) -> Self {
        let open = |floor: &&Floor| floor.era.is_none_or(|only| only == era) && floor.corners.len() >= 3;
        Self { patches: scene.floors.iter().filter(open).map(|floor| Patch::of(floor, scene)).collect() }
    }

    /// What feet at height `up_m` find at `at` (east, north) without a step higher than [`STEP_M`].
    pub(super) fn footing(&self, at: Vec2, up_m: f32) -> Option<Footing> {
        let off = |footing: &Footing| (footing.up_m - up_m).abs();
        self.under(at).filter(|footing| off(footing) <= STEP_M).min_by(|a, b| off(a).total_cmp(&off(b)))
    }

    /// Where feet come to stand that come down along the stretch from `from` to `to`, if a floor lies there that is not too
    /// steep to stand on; `Err` with the place where it is too steep.
    pub(super) fn landing(&self, from: Vec3, to: Vec3) -> Option<Result<Vec3, Vec3>> {
        let crossed = |patch: &Patch| {
            let (over, under) = (from.y - patch.up_m(plan(from)), to.y - patch.up_m(plan(to)));
            let share = over / (over - under);
            let at = from.lerp(to, share);
            let lands = over >= 0.0 && under < 0.0 && patch.outside_m(plan(at)) <= SEAM_M;
            lands.then(|| (share, stand(plan(at), patch.up_m(plan(at))), patch.steepness(plan(at))))
        };
        let first = self.patches.iter().filter_map(crossed).min_by(|a, b| a.0.total_cmp(&b.0));
        first.map(|(_, at, steepness)| if steepness <= STEEPEST { Ok(at) } else { Err(at) })
    }

    /// The middle of the deck beside `at`, where `at` is on the deck.
    pub(super) fn on_rail(&self, at: Vec3) -> Option<Vec3> {
        let middle = Vec2::new(at.x, 0.0);
        let hung =
            |patch: &&Patch| matches!(patch.surface, Surface::Hung { .. }) && patch.outside_m(plan(at)) <= SEAM_M;
        self.patches.iter().find(hung)?;
        self.footing(middle, at.y).map(|footing| stand(middle, footing.up_m))
    }

    /// Height of the floor at `at` that is nearest to `up_m`, however high the step.
    pub(super) fn height_near(&self, at: Vec2, up_m: f32) -> Option<f32> {
        let off = |footing: &Footing| (footing.up_m - up_m).abs();
        self.under(at).min_by(|a, b| off(a).total_cmp(&off(b))).map(|footing| footing.up_m)
    }

    fn under(&self, at: Vec2) -> impl Iterator<Item = Footing> {
        self.patches
            .iter()
            .filter(move |patch| patch.outside_m(at) <= SEAM_M)
            .map(move |patch| Footing { up_m: patch.up_m(at), pace: patch.pace })
    }

    /// Where feet come to that stand at `from` and move by `delta`, sliding along edges; engine metres.
    pub(super) fn walk(&self, from: Vec3, delta: Vec2) -> Vec3 {
        let strides = (delta.length() / STRIDE_M).ceil().max(1.0);
        let mut at = from;
        for _ in 0..strides as u32 {
            at = self.stride(at, delta / strides);
        }
        at
    }

    fn stride(&self, from: Vec3, delta: Vec2) -> Vec3 {
        let here = plan(from);
        let reach = |delta: Vec2| self.footing(here + delta, from.y).map(|f| stand(here + delta, f.up_m));
        if let Some(at) = reach(delta) {
            return at;
        }
        // Slide along whichever edge lets the feet go furthest.
        self.patches
            .iter()
            .filter(|patch| patch.outside_m(here) <= SEAM_M)
            .flat_map(Patch::edges)
            .map(|(a, b)| delta.project_onto((b - a).normalize_or_zero()))
            .filter(|along| along.is_finite() && along.length_squared() > 1e-8)
            .filter_map(|along| reach(along).map(|at| (along.length_squared(), at)))
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map_or(from, |(_, at)| at)
    }

    /// The standing place nearest to `at`; `None` where there is no ground at all.
    pub(super) fn nearest(&self, at: Vec3) -> Option<Vec3> {
        self.patches
            .iter()
            .map(|patch| {
                let spot = patch.clamp(plan(at));
                stand(spot, patch.up_m(spot))
            })
            .min_by(|a, b| a.distance_squared(at).total_cmp(&b.distance_squared(at)))
    }
}

impl Patch {
    fn of(floor: &Floor, scene: &Scene) -> Self {
        let mut corners: Vec<Vec2> =
            floor.corners.iter().map(|c| Vec2::new(c.east_m as f32, c.north_m as f32)).collect();
        let ups: Vec<f32> = floor.corners.iter().map(|c| c.up_m as f32).collect();
        let surface = match &scene.chains {
            Some(chains) if floor.name.starts_with("deck") => {
                let over: f64 = floor.corners.iter().map(|c| c.up_m - chains.deck_up_m(c.east_m)).sum();
                Surface::Hung {
                    span_m: chains.span_m as f32,
                    sag_m: chains.sag_m as f32,
                    over_m: (over / floor.corners.len() as f64) as f32,
                }
            }
            _ => plane(&corners, &ups),
        };
        let doubled_area: f32 = (0..corners.len()).map(|i| corners[i].perp_dot(corners[(i + 1) % corners.len()])).sum();
        if doubled_area < 0.0 {
            corners.reverse();
        }
        Self { corners, surface, pace: floor.pace as f32 }
    }

    fn edges(&self) -> impl Iterator<Item = (Vec2, Vec2)> {
        let count = self.corners.len();
        (0..count).map(move |i| (self.corners[i], self.corners[(i + 1) % count]))
    }

    /// How far `at` lies beyond the furthest edge, metres; negative inside.
    fn outside_m(&self, at: Vec2) -> f32 {
        self.edges().map(|(a, b)| (at - a).perp_dot((b - a).normalize_or_zero())).fold(f32::MIN, f32::max)
    }

    /// The point of the patch nearest to `at`, a little inside its edge.
    fn clamp(&self, at: Vec2) -> Vec2 {
        if self.outside_m(at) <= 0.0 {
            return at;
        }
        let centre = self.corners.iter().sum::<Vec2>() / self.corners.len() as f32;
        let nearest = self
            .edges()
            .map(|(a, b)| {
                let t = (at - a).dot(b - a) / (b - a).length_squared().max(1e-9);
                a.lerp(b, t.clamp(0.0, 1.0))
            })
            .min_by(|a, b| a.distance_squared(at).total_cmp(&b.distance_squared(at)))
            .unwrap_or(centre);
        nearest.move_towards(centre, 0.3)
    }

    /// Metres up for a metre along.
    fn steepness(&self, at: Vec2) -> f32 {
        let step = |way: Vec2| self.up_m(at + way * 0.05) - self.up_m(at - way * 0.05);
        Vec2::new(step(Vec2::X), step(Vec2::Y)).length() / 0.1
    }

    fn up_m(&self, at: Vec2) -> f32 {
        match self.surface {
            Surface::Plane { centre, up_m, slope } => up_m + slope.dot(at - centre),
            Surface::Hung { span_m, sag_m, over_m } => {
                let t = (at.x / span_m + 0.5).clamp(0.0, 1.0);
                over_m - 4.0 * sag_m * t * (1.0 - t)
            }
        }
    }
}

/// The plane through corners that lie nearly in one, by Newell's normal.
fn plane(corners: &[Vec2], ups: &[f32]) -> Surface {
    let count = corners.len();
    let point = |i: usize| corners[i % count].extend(ups[i % count]);
    let normal: Vec3 = (0..count).map(|i| point(i).cross(point(i + 1))).sum();
    let centre: Vec3 = (0..count).map(point).sum::<Vec3>() / count as f32;
    let slope = if normal.z.abs() < 1e-6 { Vec2::ZERO } else { -normal.truncate() / normal.z };
    Surface::Plane { centre: centre.truncate(), up_m: centre.z, slope }
}

/// East and north of an engine point.
pub(super) fn plan(at: Vec3) -> Vec2 {
    Vec2::new(at.x, -at.z)
}

/// The engine point at east and north `at` and height `up_m`.
pub(super) fn stand(at: Vec2, up_m: f32) -> Vec3 {
    Vec3::new(at.x, up_m, -at.y)
}

#[cfg(test)]
#[path = "ground_tests.rs"]
mod tests;

//! Layout: where the runs of links hang. Numbers only.

use bevy::prelude::*;
use heritage::scene::{ChainLine, Chains};

/// Links in one run. Even, so that the quarter turn from link to link goes on from run to run.
pub(super) const RUN_LINKS: usize = 24;
/// Runs that are drawn as one from afar.
pub(super) const RUNS_PER_STRETCH: usize = 4;

/// How far a chain reaches into each abutment at least, metres. Its way down to the anchors is not shown.
const INTO_ABUTMENT_M: f64 = 2.0;

/// Runs of one chain from west to east: a whole number of stretches that covers the span and reaches into both
/// abutments.
pub(super) fn runs_per_chain(chains: &Chains) -> usize {
    let run_m = chains.pitch_m * RUN_LINKS as f64;
    let stretches = ((chains.span_m + 2.0 * INTO_ABUTMENT_M) / (run_m * RUNS_PER_STRETCH as f64)).ceil() as usize;
    stretches * RUNS_PER_STRETCH
}

/// Height of a chain at `east_m`; beyond the heads it runs level into the stone.
fn up_m(chains: &Chains, line: ChainLine, east_m: f64) -> f64 {
    chains.deck_up_m(east_m) + line.over_m
}

/// Where `count` runs that begin with run `first` lie, as the place of one mesh along +x from its origin.
///
/// A run is straight: over 24 links a chord leaves the parabola by under 4 mm, over a stretch by under 6 cm.
pub(super) fn place(chains: &Chains, line: ChainLine, first: usize, count: usize) -> Transform {
    let run_m = chains.pitch_m * RUN_LINKS as f64;
    let west_m = -(runs_per_chain(chains) as f64) * run_m / 2.0;
    let (from, to) = (west_m + first as f64 * run_m, west_m + (first + count) as f64 * run_m);
    let point = |east: f64| Vec3::new(east as f32, up_m(chains, line, east) as f32, -line.north_m as f32);
    let along = point(to) - point(from);
    let straight_m = (run_m * count as f64) as f32;
    Transform {
        translation: point(from),
        rotation: Quat::from_rotation_z(along.y.atan2(along.x)),
        scale: Vec3::new(along.length() / straight_m, 1.0, 1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chains() -> Chains {
        let line = |north_m| ChainLine { north_m, over_m: 0.0 };
        let lines = (0..9).map(|index| line(f64::from(index - 4) * 0.33)).collect();
        Chains { span_m: 100.0, sag_m: 3.0, lines, pitch_m: 0.137, bar_m: 0.025 }
    }

    #[test]
    fn a_chain_covers_the_span_and_ends_in_the_stone() {
        let chains = chains();
        let length_m = runs_per_chain(&chains) as f64 * RUN_LINKS as f64 * chains.pitch_m;
        assert!((104.0..120.0).contains(&length_m), "{length_m}");
        // Derived from 12,164 links in 13 chains of 127.5 m: about 730 in the span.
        let in_span = chains.span_m / chains.pitch_m;
        assert!((725.0..745.0).contains(&in_span), "{in_span}");
    }

    #[test]
    fn each_run_begins_where_the_last_one_ended() {
        let chains = chains();
        let line = chains.lines[0];
        let run_m = (chains.pitch_m * RUN_LINKS as f64) as f32;
        for run in 1..runs_per_chain(&chains) {
            let end = place(&chains, line, run - 1, 1).transform_point(Vec3::X * run_m);
            let begin = place(&chains, line, run, 1).translation;
            assert!(end.distance(begin) < 1e-3, "run {run}: {end} {begin}");
        }
    }

    #[test]
    fn the_lowest_run_hangs_by_the_sag() {
        let chains = chains();
        let line = chains.lines[4];
        let lowest =
            (0..runs_per_chain(&chains)).map(|run| place(&chains, line, run, 1).translation.y).fold(0.0, f32::min);
        assert!((lowest + 3.0).abs() < 0.01, "{lowest}");
    }

    #[test]
    fn a_run_is_never_stretched_so_that_it_shows() {
        let chains = chains();
        for run in 0..runs_per_chain(&chains) {
            let scale = place(&chains, chains.lines[0], run, 1).scale.x;
            assert!((0.999..1.009).contains(&scale), "run {run}: {scale}");
        }
    }
}

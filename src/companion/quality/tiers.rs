//! Tiers: which tier a machine holds, from the time its frames take. Numbers only.

use protocol::bridge::Tier;

/// Frames at the start of a measurement that are not counted: caches and shaders are still cold.
const COLD_FRAMES: usize = 6;
/// Frames that are counted at most.
const COUNTED_FRAMES: usize = 34;
/// A measurement ends after this time whatever the frames, seconds.
const PATIENCE_SECS: f32 = 2.5;
/// But not before this many frames; the first half of them is taken for cold.
const FEWEST_FRAMES: usize = 4;
/// The middle tier is held by a median frame under this, seconds: 24 frames a second.
const MIDDLE_SECS: f32 = 1.0 / 24.0;
/// The high tier is tried, and held, by a median frame under this, seconds: 48 frames a second.
const HIGH_SECS: f32 = 1.0 / 48.0;

/// A warm-up under way at one tier.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Measurement {
    frames_secs: Vec<f32>,
    spent_secs: f32,
}

impl Measurement {
    /// Takes one frame's time; answers with the median once enough has been seen.
    pub(super) fn take(&mut self, frame_secs: f32) -> Option<f32> {
        self.frames_secs.push(frame_secs);
        self.spent_secs += frame_secs;
        let seen = self.frames_secs.len();
        let impatient = self.spent_secs >= PATIENCE_SECS && seen >= FEWEST_FRAMES;
        if seen < COLD_FRAMES + COUNTED_FRAMES && !impatient {
            return None;
        }
        let mut warm: Vec<f32> = self.frames_secs.iter().skip(COLD_FRAMES.min(seen / 2)).copied().collect();
        warm.sort_by(f32::total_cmp);
        warm.get(warm.len() / 2).copied()
    }
}

/// What follows from a median frame at a tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// This tier it is.
    Settle(Tier),
    /// Measure again at this tier.
    Try(Tier),
}

/// What follows from a median frame of `median_secs` at `tier`. Measuring begins at the middle tier, so that each is
/// seen at most once.
pub(super) fn next(tier: Tier, median_secs: f32) -> Next {
    match tier {
        Tier::Middle if median_secs < HIGH_SECS => Next::Try(Tier::High),
        Tier::Middle if median_secs < MIDDLE_SECS => Next::Settle(Tier::Middle),
        Tier::High if median_secs < HIGH_SECS * 1.1 => Next::Settle(Tier::High),
        Tier::High => Next::Settle(Tier::Middle),
        Tier::Middle | Tier::Floor => Next::Settle(Tier::Floor),
    }
}

/// Pixels a frame may have, by tier: a floor of 480 × 270, a phone at about 1.3 times CSS size, a full laptop.
const fn pixels(tier: Tier) -> f32 {
    match tier {
        Tier::Floor => 150_000.0,
        Tier::Middle => 900_000.0,
        Tier::High => 2_600_000.0,
    }
}

/// Share of the canvas's own resolution at which to draw, in steps of a twentieth.
pub(super) fn resolution_scale(tier: Tier, full_px: f32) -> f32 {
    let scale = (pixels(tier) / full_px.max(1.0)).sqrt().min(1.0);
    (scale * 20.0).floor().max(5.0) / 20.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Measures a machine whose frames take these times, by tier.
    fn settled(floor: f32, middle: f32, high: f32) -> Tier {
        let mut tier = Tier::Middle;
        for _ in 0..4 {
            let frame = [floor, middle, high][tier as usize];
            let mut measurement = Measurement::default();
            let median = (0..200).find_map(|_| measurement.take(frame)).expect("a measurement ends");
            match next(tier, median) {
                Next::Settle(tier) => return tier,
                Next::Try(other) => tier = other,
            }
        }
        panic!("never settles");
    }

    #[test]
    fn each_machine_finds_its_tier() {
        assert_eq!(settled(0.06, 0.25, 0.5), Tier::Floor, "software renderer");
        assert_eq!(settled(0.017, 0.034, 0.06), Tier::Middle, "phone");
        assert_eq!(settled(0.017, 0.017, 0.040), Tier::Middle, "a phone that manages the middle tier alone");
        assert_eq!(settled(0.017, 0.017, 0.017), Tier::High, "laptop with a graphics card");
    }

    #[test]
    fn cold_frames_and_a_single_stall_do_not_count() {
        let mut measurement = Measurement::default();
        for _ in 0..COLD_FRAMES {
            assert_eq!(measurement.take(0.2), None);
        }
        measurement.take(0.3);
        let median = (0..100).find_map(|_| measurement.take(0.016)).expect("a measurement ends");
        assert!((median - 0.016).abs() < 1e-6);
    }

    #[test]
    fn a_very_slow_machine_is_not_measured_for_long() {
        let mut measurement = Measurement::default();
        let frames = (1..100).find(|_| measurement.take(1.0).is_some()).expect("a measurement ends");
        assert!(frames <= FEWEST_FRAMES, "{frames}");
    }

    #[test]
    fn no_tier_draws_more_pixels_than_it_may() {
        for tier in [Tier::Floor, Tier::Middle, Tier::High] {
            for full in [480.0 * 270.0, 1170.0 * 2532.0, 3840.0 * 2160.0] {
                let scale = resolution_scale(tier, full);
                assert!(scale <= 1.0 && (full * scale * scale <= pixels(tier) || scale <= 0.25), "{tier:?} {full}");
            }
        }
    }
}

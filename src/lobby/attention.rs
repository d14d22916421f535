//! When time counts as reading or as being there. Pure: the caller brings the clock.

/// How long after the last sign of life a reader is still taken to be reading, milliseconds.
pub const ATTENTIVE_MS: f64 = 60_000.0;

/// Ticks longer than this are a sleeping or throttled page and count only up to here, seconds.
const LONGEST_TICK_SECS: f64 = 2.0;

/// What the page shows at a tick.
#[derive(Clone, Copy, Debug, Default)]
pub struct Glance {
    /// The page is visible.
    pub visible: bool,
    /// A transcript fills half the window, or half of it is in the window.
    pub in_view: bool,
    /// A narration is playing.
    pub listening: bool,
}

/// Turns ticks of the clock into seconds read and seconds present.
#[derive(Clone, Copy, Debug, Default)]
pub struct Attention {
    last_tick_ms: Option<f64>,
    last_sign_ms: f64,
}

impl Attention {
    /// The visitor touched, scrolled, typed or moved at `now_ms`.
    pub fn sign_of_life(&mut self, now_ms: f64) {
        self.last_sign_ms = now_ms;
    }

    /// Seconds to add to reading and to presence since the last tick.
    pub fn tick(&mut self, now_ms: f64, glance: Glance) -> (f64, f64) {
        let elapsed_secs = self.last_tick_ms.map_or(0.0, |last_ms| (now_ms - last_ms) / 1000.0);
        self.last_tick_ms = Some(now_ms);
        let secs = elapsed_secs.clamp(0.0, LONGEST_TICK_SECS);
        let attentive = now_ms - self.last_sign_ms <= ATTENTIVE_MS;
        let read_secs = if glance.visible && glance.in_view && attentive { secs } else { 0.0 };
        // A voice goes on being heard with the screen off, so listening is presence of itself.
        let present_secs = if glance.listening || (glance.visible && attentive) { secs } else { 0.0 };
        (read_secs, present_secs)
    }
}

/// Whether a box of `height_px`, of which `shown_px` lie within a window of `window_px`, is in view for reading.
pub fn is_in_view(shown_px: f64, height_px: f64, window_px: f64) -> bool {
    shown_px > 0.0 && (shown_px >= 0.5 * height_px || shown_px >= 0.5 * window_px)
}

#[cfg(test)]
mod tests {
    use super::*;

    const READING: Glance = Glance { visible: true, in_view: true, listening: false };

    #[test]
    fn an_unattended_page_stops_counting_after_a_minute() {
        let mut attention = Attention::default();
        attention.sign_of_life(0.0);
        let read_secs: f64 = (0..200).map(|second| attention.tick(f64::from(second) * 1000.0, READING).0).sum();
        assert!((read_secs - 60.0).abs() < 1e-9, "{read_secs}");
    }

    #[test]
    fn a_sleeping_page_is_not_credited_for_its_sleep() {
        let mut attention = Attention::default();
        attention.sign_of_life(0.0);
        attention.tick(0.0, READING);
        attention.sign_of_life(3_600_000.0);
        assert_eq!(attention.tick(3_600_000.0, READING), (2.0, 2.0));
    }

    #[test]
    fn a_hidden_page_reads_nothing_but_may_listen() {
        let mut attention = Attention::default();
        attention.tick(0.0, READING);
        let hidden = Glance { visible: false, in_view: true, listening: true };
        assert_eq!(attention.tick(1000.0, hidden), (0.0, 1.0));
    }

    #[test]
    fn a_clock_set_back_adds_nothing() {
        let mut attention = Attention::default();
        attention.tick(10_000.0, READING);
        assert_eq!(attention.tick(5_000.0, READING), (0.0, 0.0));
    }

    #[test]
    fn a_text_taller_than_the_window_can_be_in_view() {
        assert!(is_in_view(500.0, 3000.0, 800.0));
        assert!(is_in_view(100.0, 150.0, 800.0));
        assert!(!is_in_view(100.0, 3000.0, 800.0));
        assert!(!is_in_view(0.0, 0.0, 800.0));
    }
}

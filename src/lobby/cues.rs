//! Captions of the scene: which cue is said at a moment. Pure.

use heritage::vtt::Cue;

/// The caption at `at_secs`, if something is said then.
pub fn at(cues: &[Cue], at_secs: f64) -> Option<&str> {
    cues.iter().find(|cue| cue.from_secs <= at_secs && at_secs < cue.to_secs).map(|cue| cue.text.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cue_of_the_moment_is_found() {
        let cue = |from_secs, to_secs, text: &str| Cue { from_secs, to_secs, text: text.to_owned() };
        let cues = [cue(0.0, 4.0, "泸定桥跨大渡河。"), cue(4.5, 9.0, "净跨一百米。")];
        assert_eq!(at(&cues, 0.0), Some("泸定桥跨大渡河。"));
        assert_eq!(at(&cues, 4.0), None);
        assert_eq!(at(&cues, 8.9), Some("净跨一百米。"));
        assert_eq!(at(&[], 1.0), None);
    }
}

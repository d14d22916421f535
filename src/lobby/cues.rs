//! Captions of the scene: the cues of a WebVTT file, as far as this project writes them. Pure.

/// One caption.
#[derive(Clone, Debug, PartialEq)]
pub struct Cue {
    /// Shown from, seconds.
    pub from_secs: f64,
    /// Shown until, seconds.
    pub to_secs: f64,
    /// What is said.
    pub text: String,
}

/// The cues in the order of the file; what cannot be read is passed over, as browsers do.
pub fn parse(vtt: &str) -> Vec<Cue> {
    let text = vtt.replace("\r\n", "\n");
    text.split("\n\n").filter_map(cue).collect()
}

/// The caption at `at_secs`.
pub fn at(cues: &[Cue], at_secs: f64) -> Option<&str> {
    cues.iter().find(|cue| cue.from_secs <= at_secs && at_secs < cue.to_secs).map(|cue| cue.text.as_str())
}

fn cue(block: &str) -> Option<Cue> {
    let mut lines = block.trim_matches('\n').lines().skip_while(|line| !line.contains("-->"));
    let (from, to) = lines.next()?.split_once("-->")?;
    let to = to.split_whitespace().next()?;
    let text = lines.collect::<Vec<_>>().join("\n");
    Some(Cue { from_secs: seconds(from.trim())?, to_secs: seconds(to)?, text })
}

fn seconds(stamp: &str) -> Option<f64> {
    let mut secs = 0.0;
    for part in stamp.split(':') {
        secs = secs * 60.0 + part.parse::<f64>().ok()?;
    }
    Some(secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VTT: &str = "WEBVTT\n\nNOTE synthetic voice\n\n1\n00:00:00.000 --> 00:00:04.250\n泸定桥跨大渡河。\n\n\
                       00:04.250 --> 00:00:09.000 align:start\nIt spans\nthe river.\n";

    #[test]
    fn the_cue_of_the_moment_is_found() {
        let cues = parse(VTT);
        assert_eq!(cues.len(), 2);
        assert_eq!(at(&cues, 0.0), Some("泸定桥跨大渡河。"));
        assert_eq!(at(&cues, 4.25), Some("It spans\nthe river."));
        assert_eq!(at(&cues, 9.0), None);
    }

    #[test]
    fn windows_line_ends_and_broken_cues_do_no_harm() {
        assert_eq!(parse(&VTT.replace('\n', "\r\n")).len(), 2);
        for broken in ["", "-->", "00:00 -->", "a --> b\ntext", "WEBVTT\n\n1:2:3:4"] {
            assert!(parse(broken).is_empty(), "{broken:?}");
        }
    }
}

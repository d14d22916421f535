//! `WebVTT` captions: the part of the format that this house writes, one cue per sentence.

use crate::Finding;
use serde::{Deserialize, Serialize};

/// One caption and when it is said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cue {
    /// Begin, seconds into the clip.
    pub from_secs: f64,
    /// End, seconds into the clip; after the begin.
    pub to_secs: f64,
    /// What is said, without markup; lines joined by a space.
    pub text: String,
}

/// Length of the narration that the cues belong to: the end of the last one, seconds; 0 for none.
pub fn spoken_secs(cues: &[Cue]) -> f64 {
    cues.iter().map(|cue| cue.to_secs).fold(0.0, f64::max)
}

/// The cues of a `WebVTT` file, in the order in which they stand. Notes, styles, regions, identifiers, settings and tags are passed over.
///
/// # Errors
/// The first fault, with its line and an empty file name: no `WEBVTT` head, a time that cannot be read, a cue that ends before it begins, begins before its forerunner, or says nothing.
pub fn parse(text: &str) -> Result<Vec<Cue>, Finding> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.lines().enumerate().peekable();
    match lines.next() {
        Some((_, head)) if head == "WEBVTT" || head.starts_with("WEBVTT ") || head.starts_with("WEBVTT\t") => {}
        _ => return Err(fault(1, "the file does not begin with WEBVTT", "make WEBVTT its first line")),
    }
    let mut cues: Vec<Cue> = Vec::new();
    let mut in_cue_block = true;
    while let Some((index, line)) = lines.next() {
        if line.trim().is_empty() {
            in_cue_block = true;
            continue;
        }
        if ["NOTE", "STYLE", "REGION"].iter().any(|word| line.split_whitespace().next() == Some(word)) {
            in_cue_block = false;
        }
        if !in_cue_block || !line.contains("-->") {
            continue;
        }
        let (from_secs, to_secs) = times(line).ok_or_else(|| {
            fault(index + 1, "the times of this cue cannot be read", "write them as 00:01.500 --> 00:04.000")
        })?;
        let mut said = Vec::new();
        while let Some((_, line)) = lines.next_if(|(_, line)| !line.trim().is_empty() && !line.contains("-->")) {
            said.push(plain(line.trim()));
        }
        let cue = Cue { from_secs, to_secs, text: said.join(" ") };
        let before = cues.last().map_or(0.0, |cue| cue.from_secs);
        judge(&cue, before, index + 1)?;
        cues.push(cue);
    }
    Ok(cues)
}

fn judge(cue: &Cue, before_secs: f64, line: usize) -> Result<(), Finding> {
    if cue.to_secs <= cue.from_secs {
        return Err(fault(line, "the cue ends before it begins", "put the later time after the arrow"));
    }
    if cue.from_secs < before_secs {
        return Err(fault(
            line,
            "the cue begins before the one above it",
            "put the cues in the order in which they are said",
        ));
    }
    if cue.text.trim().is_empty() {
        return Err(fault(line, "the cue says nothing", "write its sentence below its times, or remove the cue"));
    }
    Ok(())
}

fn fault(line: usize, what: &str, remedy: &str) -> Finding {
    Finding::new("", line, what, remedy)
}

fn times(line: &str) -> Option<(f64, f64)> {
    let (from, rest) = line.split_once("-->")?;
    Some((secs(from.trim())?, secs(rest.split_whitespace().next()?)?))
}

/// `[hh:]mm:ss.ttt` in seconds.
fn secs(text: &str) -> Option<f64> {
    let (clock, milli) = text.split_once('.')?;
    let number = |part: &str, digits: std::ops::RangeInclusive<usize>| -> Option<f64> {
        let fits = digits.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        if fits { part.parse::<u32>().ok().map(f64::from) } else { None }
    };
    let parts: Vec<&str> = clock.split(':').collect();
    let (hours, minutes, seconds) = match parts.as_slice() {
        [minutes, seconds] => (0.0, number(minutes, 2..=2)?, number(seconds, 2..=2)?),
        [hours, minutes, seconds] => (number(hours, 2..=4)?, number(minutes, 2..=2)?, number(seconds, 2..=2)?),
        _ => return None,
    };
    let within = minutes < 60.0 && seconds < 60.0;
    within.then_some(hours * 3600.0 + minutes * 60.0 + seconds + number(milli, 3..=3)? / 1000.0)
}

/// The text without tags, and with the few named characters spelled out.
fn plain(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, tag)) = rest.split_once('<') {
        out.push_str(before);
        let Some((_, after)) = tag.split_once('>') else { return out };
        rest = after;
    }
    out.push_str(rest);
    let spelled = [("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", "\u{a0}"), ("&lrm;", ""), ("&rlm;", ""), ("&amp;", "&")];
    spelled.iter().fold(out, |text, (name, sign)| text.replace(name, sign))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cues_are_read_with_their_times_and_plain_words() {
        let text = "\u{feff}WEBVTT - Luding\r\n\r\nNOTE synthetic voice\r\n00:00.000 --> 00:09.000\r\n\r\n1\r\n00:00.250 --> 00:02.500 align:start\r\n<v Guide>净跨一百米。</v>\r\n\r\n01:00:02.500 --> 01:00:04.000\r\nIron &amp; timber,\r\nno <i>more</i>.\r\n";
        let cues = parse(text).expect("sound captions");
        assert_eq!(cues.len(), 2);
        assert_eq!(cues[0], Cue { from_secs: 0.25, to_secs: 2.5, text: "净跨一百米。".to_owned() });
        assert_eq!(cues[1].text, "Iron & timber, no more.");
        assert!((spoken_secs(&cues) - 3604.0).abs() < 1e-9);
        assert!(spoken_secs(&[]).abs() < 1e-9);
    }

    #[test]
    fn a_fault_names_its_line() {
        for (text, line) in [
            ("", 1),
            ("WEBVTTX\n", 1),
            ("WEBVTT\n\n0:0 --> 00:01.000\nx\n", 3),
            ("WEBVTT\n\n00:60.000 --> 01:01.000\nx\n", 3),
            ("WEBVTT\n\n00:02.000 --> 00:01.000\nx\n", 3),
            ("WEBVTT\n\n00:02.000 --> 00:03.000\n\n", 3),
            ("WEBVTT\n\n00:02.000 -->\nx\n", 3),
            ("WEBVTT\n\n00:02.000 --> 00:03.000\nx\n\n00:01.000 --> 00:03.000\ny\n", 6),
        ] {
            assert_eq!(parse(text).map_err(|finding| finding.line), Err(line), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "(WEBVTT)?[\\n0-9:.> <&\\-a-z，]{0,200}") {
            let _ = parse(&text);
        }
    }
}

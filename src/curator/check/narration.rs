//! Narration: every story is spoken in both languages, captioned sentence by sentence, and says who speaks.

use super::Desk;
use crate::library::Held;
use heritage::{Claim, Lang, vtt};
use std::io;

/// What a minute of narration may weigh in the scene's format, bytes.
const BYTES_PER_MINUTE: f64 = 170_000.0;
const REMAKE: &str = "run assets/workshop/narrate.py, or drop a recording into the folder";

pub(super) fn judge(held: &Held, desk: &mut Desk<'_>) -> io::Result<()> {
    for point in held.content.site.stations.iter().flat_map(|station| &station.points) {
        for lang in Lang::ALL {
            let (code, id) = (lang.code(), point.id.as_str());
            for (kind, begins) in [("ogg", begins_ogg as fn(&[u8]) -> bool), ("mp3", begins_mp3)] {
                let path = format!("narration/{code}/{id}.{kind}");
                match held.files.get(&path) {
                    None => desk.lay(&path, 0, "this narration is missing", REMAKE),
                    Some(file) => {
                        let sound = std::fs::read(file)?;
                        if !begins(&sound) {
                            desk.lay(&path, 0, format!("this is no {kind} file"), REMAKE);
                        }
                        let minutes = point.narration_secs(lang) / 60.0;
                        let rate = sound.len() as f64 / minutes;
                        if kind == "ogg" && minutes > 0.0 && rate > BYTES_PER_MINUTE {
                            let what = format!("{:.0} kB a minute; 170 kB are allowed", rate / 1000.0);
                            desk.lay(&path, 0, what, "encode it at Vorbis quality −1, mono");
                        }
                    }
                }
            }
            captions(held, desk, lang, id, point.claims(lang));
            if held.voices.of(lang, id).is_none() {
                let what = format!("it is not said who speaks {code}/{id}");
                desk.lay(
                    "narration/voices.toml",
                    0,
                    what,
                    format!("add {id} = \"synthetic\" or the narrator’s name under [{code}]"),
                );
            }
        }
    }
    Ok(())
}

fn captions(held: &Held, desk: &mut Desk<'_>, lang: Lang, id: &str, claims: &[Claim]) {
    let path = format!("captions/{}/{id}.vtt", lang.code());
    let Some(text) = held.texts.get(&path) else {
        desk.lay(&path, 0, "this narration has no captions", REMAKE);
        return;
    };
    let cues = match vtt::parse(text) {
        Ok(cues) => cues,
        Err(fault) => return desk.lay(&path, fault.line, fault.what, fault.remedy),
    };
    let told: String = claims.iter().map(|claim| bare(&claim.text)).collect();
    let mut said = String::new();
    for cue in &cues {
        said.push_str(&bare(&cue.text));
        let in_story = told.starts_with(&said);
        if !in_story || !ends_sentence(&cue.text) {
            let what = if in_story {
                format!("the caption at {:.1} s ends within a sentence", cue.from_secs)
            } else {
                format!("the caption at {:.1} s says “{}”, and the story does not", cue.from_secs, cue.text)
            };
            let line = text.lines().position(|line| line.contains(cue.text.trim())).map_or(0, |index| index + 1);
            return desk.lay(&path, line, what, format!("{REMAKE}; captions follow the story’s sentences"));
        }
    }
    if said != told {
        desk.lay(&path, 0, "the captions end before the story does", REMAKE);
    }
}

/// Text without space, so that line breaks of stories and captions do not count.
fn bare(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end().trim_end_matches(['”', '"', '’', ')', '）', '』', '」']);
    text.ends_with(['。', '！', '？', '；', '：', '.', '!', '?', ';', ':', '…'])
}

fn begins_ogg(sound: &[u8]) -> bool {
    sound.starts_with(b"OggS")
}

/// An ID3 tag, or a frame's eleven set bits.
fn begins_mp3(sound: &[u8]) -> bool {
    sound.starts_with(b"ID3") || matches!(sound, [0xff, second, ..] if second & 0xe0 == 0xe0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caption_ends_where_a_sentence_does() {
        for (text, ends) in
            [("净跨一百米。", true), ("Nine lie below.", true), ("他说：“走。”", true), ("净跨", false), ("", false)]
        {
            assert_eq!(ends_sentence(text), ends, "{text}");
        }
    }

    #[test]
    fn sound_is_known_by_its_first_bytes() {
        assert!(begins_ogg(b"OggS\0"));
        assert!(begins_mp3(b"ID3\x04") && begins_mp3(&[0xff, 0xfb, 0x90]));
        assert!(!begins_mp3(b"<html>") && !begins_mp3(b"") && !begins_ogg(b"Og"));
    }
}

//! Narration: every story is spoken in both languages at one loudness, captioned sentence by sentence to its end, and says who speaks.

use super::Desk;
use crate::library::Held;
use crate::sound::{self, Heard};
use crate::voices::Voice;
use heritage::{Claim, Lang, StoryPoint, vtt};
use std::io;

/// What a minute of narration may weigh in the scene's format, bytes.
const BYTES_PER_MINUTE: f64 = 170_000.0;
/// Loudness of every narration, LUFS, and how far one may be off: nobody reaches for the volume between stations.
const LOUDNESS_LUFS: f64 = -18.0;
const WITHIN_LU: f64 = 1.0;
/// Highest true peak, dBTP, that an encoder's overshoot leaves below clipping.
const PEAK_DBTP: f64 = -1.0;
/// Between the end of the last caption and the end of the sound: a breath, not a sentence without captions.
const LONGEST_TAIL_SECS: f64 = 1.5;
/// Captions may outlast the sound by a rounding.
const SLACK_SECS: f64 = 0.05;
const REMAKE: &str = "run assets/workshop/narrate.py, or drop a recording into the folder and name its narrator in narration/voices.toml";

pub(super) fn judge(held: &Held, desk: &mut Desk<'_>) -> io::Result<()> {
    let points = || held.content.site.stations.iter().flat_map(|station| &station.points);
    let clips: Vec<(Lang, &StoryPoint)> =
        Lang::ALL.into_iter().flat_map(|lang| points().map(move |it| (lang, it))).collect();
    let heard = hear_all(held, &clips)?;
    for ((lang, point), heard) in clips.into_iter().zip(heard) {
        let (code, id) = (lang.code(), point.id.as_str());
        let voice = held.voices.of(lang, id);
        let ogg = format!("narration/{code}/{id}.ogg");
        match &heard {
            None => desk.lay(&ogg, 0, "this narration is missing", REMAKE),
            Some(Err(why)) => desk.lay(&ogg, 0, why.clone(), "encode it as Ogg Vorbis at quality −1, mono"),
            Some(Ok((heard, bytes))) => loud(desk, &ogg, heard, *bytes),
        }
        twin(held, desk, &format!("narration/{code}/{id}.mp3"), voice)?;
        let told_secs = captions(held, desk, lang, id, point.claims(lang));
        if let (Some(Ok((heard, _))), Some(told_secs)) = (&heard, told_secs) {
            length(desk, &format!("captions/{code}/{id}.vtt"), told_secs, heard.secs);
        }
        if voice.is_none() {
            let remedy = format!("add {id} = \"synthetic\" or the narrator’s name under [{code}]");
            desk.lay("narration/voices.toml", 0, format!("it is not said who speaks {code}/{id}"), remedy);
        }
    }
    Ok(())
}

/// A clip with its bytes' weight, or what keeps it from being measured; `None` where there is none.
type Measured = Option<Result<(Heard, usize), String>>;

/// Every clip measured, in order, on all processors: decoding is most of what a check of the content takes.
fn hear_all(held: &Held, clips: &[(Lang, &StoryPoint)]) -> io::Result<Vec<Measured>> {
    let hands = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let hear_part = |part: &[(Lang, &StoryPoint)]| part.iter().map(|clip| hear(held, *clip)).collect::<Vec<_>>();
    std::thread::scope(|scope| {
        let parts: Vec<_> = clips.chunks(clips.len().div_ceil(hands).max(1)).collect();
        let workers: Vec<_> = parts.iter().map(|part| scope.spawn(|| hear_part(part))).collect();
        let done = parts.iter().zip(workers).flat_map(|(part, worker)| {
            let stopped =
                |_| part.iter().map(|_| Ok(Some(Err("its decoding stopped the decoder".to_owned())))).collect();
            worker.join().unwrap_or_else(stopped)
        });
        done.collect()
    })
}

fn hear(held: &Held, (lang, point): (Lang, &StoryPoint)) -> io::Result<Measured> {
    let Some(file) = held.files.get(&format!("narration/{}/{}.ogg", lang.code(), point.id)) else { return Ok(None) };
    let ogg = std::fs::read(file)?;
    Ok(Some(sound::hear(&ogg).map(|heard| (heard, ogg.len()))))
}

fn loud(desk: &mut Desk<'_>, path: &str, heard: &Heard, bytes: usize) {
    if !((LOUDNESS_LUFS - WITHIN_LU)..=(LOUDNESS_LUFS + WITHIN_LU)).contains(&heard.loudness_lufs) {
        let what = format!("it is {:.1} LUFS loud; {LOUDNESS_LUFS} ± {WITHIN_LU} are allowed", heard.loudness_lufs);
        desk.lay(path, 0, what, "bring it to −18 LUFS (EBU R 128), as by ffmpeg’s loudnorm, before encoding");
    }
    if heard.peak_dbtp > PEAK_DBTP {
        let what = format!("its true peak is {:.1} dBTP; {PEAK_DBTP} is allowed", heard.peak_dbtp);
        desk.lay(path, 0, what, "limit it to −1.5 dBTP before encoding");
    }
    let rate = bytes as f64 / (heard.secs / 60.0);
    if rate > BYTES_PER_MINUTE {
        let what = format!("{:.0} kB a minute; 170 kB are allowed", rate / 1000.0);
        desk.lay(path, 0, what, "encode it at Vorbis quality −1, mono");
    }
}

/// The MP3 for browsers without Vorbis: the script makes one; a person who drops a recording need not.
fn twin(held: &Held, desk: &mut Desk<'_>, path: &str, voice: Option<&Voice>) -> io::Result<()> {
    match held.files.get(path) {
        None if matches!(voice, Some(Voice::Narrator(_))) => {}
        None => desk.lay(path, 0, "this narration is missing", REMAKE),
        Some(file) if !begins_mp3(&std::fs::read(file)?) => desk.lay(path, 0, "this is no mp3 file", REMAKE),
        Some(_) => {}
    }
    Ok(())
}

fn length(desk: &mut Desk<'_>, path: &str, told_secs: f64, secs: f64) {
    if told_secs > secs + SLACK_SECS || secs > told_secs + LONGEST_TAIL_SECS {
        let what = format!("the last caption ends at {told_secs:.1} s, the sound at {secs:.1} s");
        desk.lay(path, 0, what, "time the captions to the recording, sentence by sentence");
    }
}

/// Judges the captions against the story; when the last one ends, seconds, where they can be read.
fn captions(held: &Held, desk: &mut Desk<'_>, lang: Lang, id: &str, claims: &[Claim]) -> Option<f64> {
    let path = format!("captions/{}/{id}.vtt", lang.code());
    let Some(text) = held.texts.get(&path) else {
        desk.lay(&path, 0, "this narration has no captions", REMAKE);
        return None;
    };
    let cues = match vtt::parse(text) {
        Ok(cues) => cues,
        Err(fault) => {
            desk.lay(&path, fault.line, fault.what, fault.remedy);
            return None;
        }
    };
    let told_secs = Some(vtt::spoken_secs(&cues));
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
            desk.lay(&path, line, what, format!("{REMAKE}; captions follow the story’s sentences"));
            return told_secs;
        }
    }
    if said != told {
        desk.lay(&path, 0, "the captions end before the story does", REMAKE);
    }
    told_secs
}

/// Text without space, so that line breaks of stories and captions do not count.
fn bare(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end().trim_end_matches(['”', '"', '’', ')', '）', '』', '」']);
    text.ends_with(['。', '！', '？', '；', '：', '.', '!', '?', ';', ':', '…'])
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
        assert!(begins_mp3(b"ID3\x04") && begins_mp3(&[0xff, 0xfb, 0x90]));
        assert!(!begins_mp3(b"<html>") && !begins_mp3(b""));
    }
}

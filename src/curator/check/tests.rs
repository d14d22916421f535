//! What the check finds in a site that is sound but for one thing.

use super::check;
use crate::fixture::{Fixture, LOUD, TONE};

fn findings(fixture: &Fixture) -> Vec<String> {
    let found = check(&fixture.library(), &fixture.path("out/brotli-cache")).expect("checked");
    found.iter().map(ToString::to_string).collect()
}

#[track_caller]
fn finds(fixture: &Fixture, wanted: &[&str]) {
    let findings = findings(fixture);
    let all = |finding: &String| wanted.iter().all(|part| finding.contains(part));
    assert!(findings.iter().any(all), "{wanted:?} is not among {findings:#?}");
}

#[test]
fn a_sound_site_has_no_finding() {
    assert_eq!(findings(&Fixture::new()), [] as [String; 0]);
}

#[test]
fn a_missing_narration_caption_or_voice_is_found() {
    let fixture = Fixture::new();
    fixture.remove("assets/sites/ford/narration/zh/place.mp3");
    fixture.remove("assets/sites/ford/captions/en/place.vtt");
    fixture.write("assets/sites/ford/narration/voices.toml", "[zh]\nplace = \"synthetic\"\n");
    finds(&fixture, &["narration/zh/place.mp3", "missing"]);
    finds(&fixture, &["captions/en/place.vtt", "no captions"]);
    finds(&fixture, &["voices.toml", "en/place"]);
}

#[test]
fn captions_that_say_else_than_the_story_are_found_with_their_line() {
    let fixture = Fixture::new();
    let path = "assets/sites/ford/captions/en/place.vtt";
    fixture.write(path, "WEBVTT\n\n00:00.000 --> 00:02.000\nA heroic bridge.\n");
    finds(&fixture, &["place.vtt:4", "A heroic bridge."]);
    fixture.write(path, "WEBVTT\n\n00:00.000 --> 00:02.000\nThe bridge of iron stands over the river.\n");
    finds(&fixture, &["place.vtt", "end before the story does"]);
    fixture.write(path, "WEBVTT\n\n00:00.000 --> 00:02.000\nThe bridge of iron\n");
    finds(&fixture, &["place.vtt", "within a sentence"]);
    fixture.write(path, "WEBVTT\n\n00:05.000 --> 00:0");
    finds(&fixture, &["place.vtt:3"]);
}

#[test]
fn a_letter_that_a_headset_may_lack_is_found_with_its_line() {
    let fixture = Fixture::new();
    fixture.write("assets/sites/ford/stories/zh/place.md", "一座铁索桥，\n名叫𠮷桥。[lore attested]\n");
    finds(&fixture, &["stories/zh/place.md:2", "U+20BB7", "empty box"]);
}

#[test]
fn a_part_without_certainty_or_source_is_found() {
    let fixture = Fixture::new();
    fixture.model(r#"{"certainty":"sure","era":"1936"}"#, "");
    finds(&fixture, &["deck.glb", "plank", "how sure"]);
    finds(&fixture, &["deck.glb", "plank", "on what it rests"]);
    finds(&fixture, &["deck.glb", "plank", "a state that does not exist"]);
    fixture.model(r#"{"certainty":"attested","source":"hearsay"}"#, "");
    finds(&fixture, &["deck.glb", "hearsay", "does not list"]);
    fixture.model(r#"{"certainty":"attested","source":"lore"}"#, "");
    finds(&fixture, &["deck.glb", "plank is shown as attested, but its reference is owed"]);
    fixture.model(r#"{"certainty":"attested","source":"lore book"}"#, "");
    assert!(!findings(&fixture).iter().any(|finding| finding.contains("its reference is owed")));
}

#[test]
fn an_extension_that_the_scene_cannot_read_is_found() {
    let fixture = Fixture::new();
    let tags = r#"{"certainty":"attested","source":"book"}"#;
    fixture.model(tags, r#""extensionsUsed":["EXT_texture_webp"],"extensionsRequired":["VENDOR_secret"],"#);
    finds(&fixture, &["deck.glb", "EXT_texture_webp"]);
    finds(&fixture, &["deck.glb", "VENDOR_secret"]);
}

#[test]
fn a_material_without_texture_and_a_model_without_entry_are_found() {
    let fixture = Fixture::new();
    fixture.remove("assets/sites/ford/textures/timber_base.webp");
    fixture.write("assets/sites/ford/models/stray.glb", "glTF");
    finds(&fixture, &["deck.glb", "timber_base.webp is not there"]);
    finds(&fixture, &["stray.glb", "no entry of scene.toml"]);
    finds(&fixture, &["stray.glb", "not glTF version 2"]);
}

#[test]
fn what_is_stale_names_the_script_to_run_and_a_recording_is_left_alone() {
    let fixture = Fixture::new();
    for lang in ["zh", "en"] {
        fixture.write(&format!("assets/sites/ford/narration/{lang}/place.ogg"), [TONE, b"\0"].concat());
        let captions = fixture.path(&format!("assets/sites/ford/captions/{lang}/place.vtt"));
        let timed = std::fs::read_to_string(&captions).expect("read").replace("00:47.500", "00:47.600");
        std::fs::write(captions, timed).expect("written");
    }
    finds(
        &fixture,
        &["built.toml:", "narration/zh/place.ogg has changed", "name the narrator in narration/voices.toml"],
    );
    finds(
        &fixture,
        &["built.toml:", "captions/zh/place.vtt has changed", "name the narrator in narration/voices.toml"],
    );
    let of_ann: Vec<String> = findings(&fixture).into_iter().filter(|finding| finding.contains("/en/")).collect();
    assert_eq!(of_ann, [] as [String; 0]);
}

#[test]
fn a_poster_of_what_the_scene_no_longer_shows_is_found() {
    let fixture = Fixture::new();
    fixture.write("assets/sites/ford/poster.webp", "RIFF");
    finds(&fixture, &["poster.webp", "does not say how this file was made"]);
    let digest = |text: &str| crate::digest::of(text.as_bytes());
    let built = fixture.path("assets/sites/ford/built.toml");
    let noted = std::fs::read_to_string(&built).expect("read");
    let poster = format!(
        "[poster]\ninput.\"textures/timber_base.webp\" = \"{}\"\noutput.\"poster.webp\" = \"{}\"\n",
        digest("RIFF"),
        digest("RIFF")
    );
    std::fs::write(&built, format!("{noted}\n{poster}")).expect("written");
    assert_eq!(findings(&fixture), [] as [String; 0]);
    fixture.write("assets/sites/ford/textures/timber_base.webp", "RIFF of oak");
    finds(&fixture, &["textures/timber_base.webp has changed since [poster] was built", "take it again"]);
}

#[test]
fn a_recording_dropped_in_under_its_narrators_name_is_enough() {
    let fixture = Fixture::new();
    for file in ["narration/zh/place.ogg", "narration/zh/place.mp3", "narration/en/place.mp3"] {
        fixture.remove(&format!("assets/sites/ford/{file}"));
    }
    fixture.write("assets/sites/ford/narration/zh/place.ogg", [TONE, b"\0"].concat());
    fixture.write("assets/sites/ford/narration/voices.toml", "[zh]\nplace = \"李梅\"\n[en]\nplace = \"Ann Reader\"\n");
    // The list of who speaks is the narrator's to change; the fixture's workshop had noted it like everything else.
    let left: Vec<String> =
        findings(&fixture).into_iter().filter(|it| !it.contains("voices.toml has changed")).collect();
    assert_eq!(left, [] as [String; 0]);
}

#[test]
fn a_sound_too_loud_too_long_or_broken_is_found() {
    let fixture = Fixture::new();
    let path = "assets/sites/ford/narration/en/place.ogg";
    fixture.write(path, LOUD);
    finds(&fixture, &["en/place.ogg", "LUFS loud", "−18 LUFS"]);
    finds(&fixture, &["en/place.ogg", "true peak"]);
    finds(&fixture, &["captions/en/place.vtt", "the last caption ends at 47.5 s, the sound at 2.0 s"]);
    fixture.write(path, "OggS");
    finds(&fixture, &["en/place.ogg", "cannot be decoded"]);
    fixture.write(path, "<html>");
    finds(&fixture, &["en/place.ogg", "no Ogg file"]);
}

#[test]
fn a_measure_that_ends_on_nothing_drawn_is_found_at_its_line() {
    let fixture = Fixture::new();
    let path = "assets/sites/ford/site.toml";
    let sound = std::fs::read_to_string(fixture.path(path)).expect("read");
    // The section begins in the line before its title.
    let at = |name: &str| sound.lines().position(|line| line.contains(name)).expect("a title");
    let (chains, water) = (at("Between chains"), at("Over the water"));
    for (from, to, line, said) in [
        ("north_m = 0.33, up_m = -1.0", "north_m = 0.34, up_m = -1.0", chains, "`to` at 0, 0.34, -1 m lies on nothing"),
        (
            "east_m = -15.0, north_m = 0.0, up_m = -14.5",
            "east_m = -15.0, north_m = 0.0, up_m = -14.4",
            water,
            "`to` at -15",
        ),
        ("from = { east_m = -15.0", "from = { east_m = -14.0", water, "`from` at -14"),
    ] {
        assert!(sound.contains(from), "{from}");
        fixture.write(path, sound.replacen(from, to, 1));
        finds(&fixture, &[&format!("site.toml:{line}:"), said, "scene.toml"]);
    }
    // The scene moves away under the measures.
    fixture.write(path, &sound);
    let scene = std::fs::read_to_string(fixture.path("assets/sites/ford/scene.toml")).expect("read");
    fixture.write("assets/sites/ford/scene.toml", scene.replace("water_up_m = -14.5", "water_up_m = -13.0"));
    finds(&fixture, &[&format!("site.toml:{water}:"), "`to` at -15, 0, -14.5 m lies on nothing"]);
    fixture.write(
        "assets/sites/ford/scene.toml",
        scene.replace("lines = [", "lines = [{ north_m = 0.2, over_m = 0.0 }, "),
    );
    finds(&fixture, &[&format!("site.toml:{chains}:"), "another chain hangs between its ends, at 0.2 m"]);
}

#[test]
fn a_file_without_a_licence_is_found() {
    let fixture = Fixture::new();
    fixture.write(
        "assets/RIGHTS.toml",
        "[[file]]\npath = \"sites/*/*.toml\"\nmaker = \"us\"\nlicence = \"CC0-1.0\"\n[[file]]\npath = \"fonts/**\"\nmaker = \"us\"\nlicence = \"OFL-1.1\"\n",
    );
    finds(&fixture, &["narration/zh/place.ogg", "no licence"]);
    finds(&fixture, &["RIGHTS.toml", "fonts/**", "covers no file"]);
}

#[test]
fn a_site_heavier_than_its_budget_is_found_and_the_heaviest_named() {
    let fixture = Fixture::new();
    // Noise does not shrink: a small generator with a fixed seed.
    let mut state = 1_u32;
    let noise: String = (0..700_000)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(33 + (state >> 16) as u8 % 90)
        })
        .collect();
    fixture.write("assets/sites/ford/textures/timber_base.webp", &noise);
    finds(&fixture, &["scene.toml", "first level weighs", "timber_base.webp"]);
}

#[test]
fn a_station_with_nothing_to_read_is_found() {
    let fixture = Fixture::new();
    fixture.remove("assets/sites/ford/stories/zh/place.md");
    finds(&fixture, &["site.toml", "bank", "nothing to read in zh-Hans"]);
}

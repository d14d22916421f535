//! What reading a site folder must find: one fault at a time in a small site that is otherwise sound.

mod faults;

use super::*;
use crate::geodesy::EastNorthUp;
use crate::{Certainty, Hours, Lang};
use proptest::prelude::*;

const SITE: &str = r#"id = "ford"
title = { zh = "渡口", en = "The ford" }
summary = { zh = "一处渡口。", en = "A ford." }
when = { zh = "年代未详", en = "Date unknown" }
[origin]
lat_deg = 29.9145
lon_deg = 102.2299
datum = "wgs84"
uncertainty_m = 150.0
source = "survey"
[[source]]
id = "survey"
title = { zh = "测量", en = "A survey" }
address = "https://example.org/field-book"
trust = { zh = "可信", en = "Sound" }
[[station]]
id = "bank"
title = { zh = "岸", en = "Bank" }
position = { east_m = -10.0, north_m = 2.0 }
radius_m = 25
points = ["place"]
[[point]]
id = "place"
title = { zh = "在哪里", en = "Where" }
position = { east_m = -9.0, north_m = 2.0, up_m = 1.6 }
[[conflict]]
station = "bank"
subject = { zh = "宽", en = "Width" }
values = [{ value = { zh = "十米", en = "10 m" }, source = "survey" }, { value = { zh = "十一米", en = "11 m" }, source = "survey" }]
modelled = { zh = "取十米。", en = "10 m." }
[[measure]]
title = { zh = "宽", en = "Width" }
from = { east_m = -5, north_m = 0 }
to = { east_m = 5, north_m = 0 }
source_m = 10.0
source = "survey"
certainty = "attested"
uncertainty_m = 0.5
"#;

const ROUTE: &str = r#"id = "across"
title = { zh = "过渡", en = "Across" }
stations = ["bank"]
[rule]
version = 1
hours = 0.5
attended_share = 0.8
recall = true
dwell_secs = 20
"#;

const QUIZ: &str = r#"prompt = { zh = "多宽？", en = "How wide?" }
choices = [{ zh = "五米", en = "5 m" }, { zh = "十米", en = "10 m" }, { zh = "百米", en = "100 m" }]
right = 1
explanation = { zh = "测量为十米。", en = "The survey says 10 m." }
source = "survey"
"#;

const SCENE: &str = r#"water_up_m = -2.0
entry = { east_m = -10.0, north_m = 0.0 }
entry_bearing_deg = 90
[[models]]
file = "ford.glb"
level = 0
[[floors]]
name = "bank"
corners = [{ east_m = 0, north_m = 0 }, { east_m = 9, north_m = 0 }, { east_m = 9, north_m = 9 }, { east_m = 0, north_m = 9 }]
[chains]
span_m = 10.0
sag_m = 0.3
pitch_m = 0.1
bar_m = 0.02
lines = [{ north_m = 0, over_m = 0 }]
"#;

/// A site of one station in which there is nothing to find.
fn sound() -> Folder {
    let zh =
        format!("{}[survey attested]\n\n{}\n[survey conjecture]\n", "渡口宽十米。".repeat(12), "水深未详。".repeat(10));
    let en = format!("{}[survey attested]\n", "The ford is ten metres wide. ".repeat(15));
    let files = [
        ("site.toml", SITE),
        ("scene.toml", SCENE),
        ("routes/across.toml", ROUTE),
        ("quiz/bank.toml", QUIZ),
        ("stories/zh/place.md", &zh),
        ("stories/en/place.md", &en),
        ("narration/voices.toml", "this is not ours to read"),
    ];
    files.into_iter().map(|(file, text)| (file.to_owned(), text.to_owned())).collect()
}

#[test]
fn a_sound_site_is_read_whole() {
    let (read, findings) = read(&sound());
    assert_eq!(findings, []);
    let SiteAndKeys { site, keys, .. } = read.expect("a site");
    assert_eq!((site.id.as_str(), site.stations.len(), site.routes.len(), keys.len()), ("ford", 1, 1, 1));
    let station = &site.stations[0];
    assert_eq!(station.position, EastNorthUp::new(-10.0, 2.0, 0.0));
    assert_eq!(station.points[0].claims(Lang::Zh).len(), 2);
    assert_eq!(station.points[0].claims(Lang::Zh)[1].grade, Grade::History(Certainty::Conjecture));
    assert_eq!(site.routes[0].rule.hours(), Hours::from_tenths(5));
    assert_eq!((keys[0].choice, station.question.choices.len()), (1, 3));
    assert_eq!((site.scene.floors.len(), site.conflicts.len(), site.measures.len()), (1, 1, 1));
}

#[test]
fn what_may_be_published_holds_no_answer() {
    let (read, _) = read(&sound());
    let read = read.expect("a site");
    let public = serde_json::to_string(&read.site).expect("writes");
    assert!(!public.contains("explanation") && !public.contains("测量为十米"));
    let back: Site = serde_json::from_str(&public).expect("reads");
    assert_eq!(back, read.site);
}

#[test]
fn a_site_is_read_as_far_as_it_stands() {
    let mut folder = sound();
    folder.retain(|file, _| file == "site.toml");
    let (read, findings) = read(&folder);
    let site = read.expect("a site").site;
    assert_eq!(site.stations[0].points.len(), 1);
    let files: Vec<&str> = findings.iter().map(|finding| finding.file.as_str()).collect();
    let expected =
        ["quiz/bank.toml", "routes", "scene.toml", "site.toml", "stories/en/place.md", "stories/zh/place.md"];
    assert_eq!(files, expected);
}

#[test]
fn what_only_the_place_answers_is_told_nowhere() {
    let asked = |file: &str, text: &str| {
        let mut folder = sound();
        folder.insert(file.to_owned(), text.to_owned());
        let (read, findings) = read(&folder);
        (read.expect("a site").on_site, findings)
    };
    let sheet = |answers: &str| {
        format!(
            "prompt = {{ zh = \"几级台阶？\", en = \"How many steps, 3 or more?\" }}\nanswers = {answers}\nsource = \"survey\"\n"
        )
    };
    let (questions, findings) = asked("on-site/bank.toml", &sheet("[\"四十九\", \"49\"]"));
    assert_eq!((findings, questions.len()), (vec![], 1));
    assert!(questions[0].is_right("４９ "));
    for (file, answers, line, what) in [
        ("on-site/bank.toml", "[]", 2, "`answers` cannot be read"),
        ("on-site/bank.toml", "[\"49\", \"\"]", 2, "`answers` cannot be read"),
        ("on-site/bank.toml", "[\"49\", \"？\"]", 2, "no letter and no digit"),
        ("on-site/bank.toml", "[\"49\", \"４９。\"]", 2, "is there already"),
        ("on-site/bank.toml", "[\"3\"]", 2, "stands in its own question"),
        ("on-site/bank.toml", "[\"Ten metres\"]", 2, "stands in the story of `place`"),
        ("on-site/bank.toml", "[\"49\"]\nrumour = 1", 3, "`rumour` means nothing here"),
        ("on-site/shore.toml", "[\"49\"]", 0, "nothing asks for this file"),
    ] {
        let (_, findings) = asked(file, &sheet(answers));
        let found = findings.iter().any(|finding| finding.line == line && finding.what.contains(what));
        assert!(found, "{answers}: {findings:?}");
    }
    let (_, findings) = asked("on-site/bank.toml", &sheet("[\"49\"]").replace("survey", "rumour"));
    assert!(findings.iter().any(|finding| finding.what.contains("`rumour` is not described")), "{findings:?}");
}

#[test]
fn without_a_site_file_there_is_no_site() {
    let (nothing, findings) = read(&Folder::new());
    assert!(nothing.is_none());
    assert_eq!(
        findings[0].to_string(),
        "site.toml:0: the file is missing — write it as ARCHITECTURE.md describes a site folder"
    );
}

#[test]
fn what_arrives_by_json_is_judged_again() {
    let (read, _) = read(&sound());
    let written = serde_json::to_string(&read).expect("writes");
    assert_eq!(serde_json::from_str::<Option<SiteAndKeys>>(&written).expect("reads"), read);
    for (from, to, fault) in [
        ("\"radius_m\":25.0", "\"radius_m\":0.0", "a radius of 0 m"),
        ("\"question\":{\"station\":\"bank\"", "\"question\":{\"station\":\"shore\"", "asks the question of shore"),
        ("\"choice\":1", "\"choice\":3", "fits no choice"),
        ("\"certainty\":\"attested\"", "\"certainty\":\"sure\"", "sure"),
    ] {
        assert!(written.contains(from), "{from} is not in {written}");
        let spoiled = written.replacen(from, to, 1);
        let error = serde_json::from_str::<Option<SiteAndKeys>>(&spoiled).expect_err(fault).to_string();
        assert!(error.contains(fault), "{error}");
    }
}

const PREPARATION: &str = r#"id = "ford"
title = { zh = "渡口", en = "The ford" }
summary = { zh = "一处渡口。", en = "A ford." }
text = [
  { zh = "渡口宽十米。", en = "The ford is ten metres wide.", source = "survey", certainty = "attested" },
]
missing = { zh = "缺测量。", en = "A survey is missing." }
[[source]]
id = "survey"
title = { zh = "测量", en = "A survey" }
address = "https://example.org/field-book"
trust = { zh = "可信", en = "Sound" }
"#;

#[test]
fn a_site_in_preparation_is_read_and_judged() {
    let folder = |text: &str| Folder::from([("preparation.toml".to_owned(), text.to_owned())]);
    let (read, findings) = read_preparation(&folder(PREPARATION));
    assert_eq!(findings, []);
    assert_eq!(read.expect("a site").text[0].text.en, "The ford is ten metres wide.");
    for (from, to, line, what) in [
        ("\", certainty = \"attested\"", "\"", 5, "`certainty` is missing"),
        ("source = \"survey\"", "source = \"rumour\"", 5, "`rumour` is not described"),
        ("missing = {", "mising = {", 7, "`mising` means nothing here"),
        ("en = \"A survey is missing.\"", "en = \"\"", 7, "`en` cannot be read"),
        ("id = \"ford\"", "id = \"Ford\"", 1, "`id` cannot be read"),
    ] {
        let (_, findings) = read_preparation(&folder(&PREPARATION.replacen(from, to, 1)));
        let found = findings.iter().any(|finding| finding.line == line && finding.what.contains(what));
        assert!(found, "{what}: {findings:?}");
    }
    assert!(read_preparation(&Folder::new()).0.is_none());
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(
        file in prop::sample::select(vec![
            "site.toml", "scene.toml", "routes/across.toml", "quiz/bank.toml", "stories/zh/place.md", "stories/zh/.md", "quiz/x",
        ]),
        text in "[\\[\\]{}=\"'#,.\\n a-z0-9_渡口é\u{0}-]{0,160}",
    ) {
        let mut folder = sound();
        folder.insert(file.to_owned(), text.clone());
        let _ = read(&folder);
        let _ = read_preparation(&Folder::from([("preparation.toml".to_owned(), text)]));
    }

    #[test]
    fn a_file_cut_or_spoiled_anywhere_is_still_judged(
        file in prop::sample::select(vec!["site.toml", "scene.toml", "routes/across.toml", "quiz/bank.toml", "stories/zh/place.md"]),
        at in any::<prop::sample::Index>(),
        spoil in prop::option::of(any::<char>()),
    ) {
        let mut folder = sound();
        let text = folder.get(file).expect("there").clone();
        let chars: Vec<char> = text.chars().collect();
        let at = at.index(chars.len());
        let kept = chars.iter().take(at).chain(&spoil);
        let spoiled: String = if spoil.is_some() { kept.chain(chars.iter().skip(at + 1)).collect() } else { kept.collect() };
        folder.insert(file.to_owned(), spoiled);
        let (_, findings) = read(&folder);
        prop_assert!(findings.is_sorted());
        prop_assert!(findings.iter().all(|finding| !finding.what.is_empty() && !finding.remedy.is_empty()));
    }
}

//! Faults, one by one: what is changed in a sound site, and what must be found of it where.

use super::*;

/// File, what is replaced, by what, the line and words of the finding.
type Fault = (&'static str, &'static str, &'static str, usize, &'static str);

const SITE_FAULTS: [Fault; 35] = [
    ("site.toml", "id = \"ford\"", "id = \"The Ford\"", 1, "`id` cannot be read"),
    (
        "site.toml",
        "title = { zh = \"渡口\", en = \"The ford\" }",
        "title = { zh = \"渡口\" }",
        2,
        "`title`: `en` is missing",
    ),
    ("site.toml", "title = { zh = \"渡口\", en = \"The ford\" }", "title = \"渡口\"", 2, "`title` cannot be read"),
    ("site.toml", "summary = { zh = \"一处渡口。\"", "summary = { zh = \"  \"", 3, "`zh` cannot be read"),
    ("site.toml", "when =", "whem =", 4, "`whem` means nothing here"),
    ("site.toml", "lat_deg = 29.9145", "lat_deg = 129.9145", 6, "not on the earth"),
    ("site.toml", "lon_deg = 102.2299", "lon_deg = nan", 7, "`lon_deg` cannot be read"),
    ("site.toml", "datum = \"wgs84\"", "datum = \"gcj02\"", 8, "in gcj02, not in WGS 84"),
    ("site.toml", "datum = \"wgs84\"", "datum = \"bd09\"", 8, "in bd09, not in WGS 84"),
    ("site.toml", "datum = \"wgs84\"", "datum = \"beijing54\"", 8, "“beijing54” is not one that is understood"),
    ("site.toml", "https://example.org/field-book", "https://ditu.amap.com/", 8, "whose coordinates are GCJ-02"),
    ("site.toml", "en = \"A survey\"", "en = \"Baidu Map\"", 8, "whose coordinates are BD-09"),
    ("site.toml", "uncertainty_m = 150.0", "uncertainty_m = 0", 9, "uncertainty_m = 0"),
    ("site.toml", "source = \"survey\"", "source = \"rumour\"", 10, "`rumour` is not described"),
    ("site.toml", "address = \"https://example.org/field-book\"\n", "", 11, "neither `locator` nor `address`"),
    ("site.toml", "https://example.org/field-book", "example.org, field book", 14, "`address` is not a web address"),
    ("site.toml", "address = \"https://example.org/field-book\"", "locator = { zh = \"一\" }", 14, "`en` is missing"),
    ("site.toml", "id = \"bank\"", "id = \"bank\"\ncolour = \"red\"", 18, "`colour` means nothing here"),
    ("site.toml", "east_m = -10.0, north_m = 2.0 }", "east_m = 102.2, north_m = 29914.5 }", 19, "m from the origin"),
    ("site.toml", "north_m = 2.0 }\nradius_m", "north = 2.0 }\nradius_m", 19, "`north_m` is missing"),
    ("site.toml", "radius_m = 25", "radius_m = 2", 20, "radius_m = 2"),
    ("site.toml", "radius_m = 25", "radius_m = \"25\"", 20, "`radius_m` cannot be read"),
    ("site.toml", "points = [\"place\"]", "points = []", 21, "`points` cannot be read"),
    ("site.toml", "points = [\"place\"]", "points = [\"place\", \"gone\"]", 21, "`gone` is not defined"),
    ("site.toml", "points = [\"place\"]", "points = [\"place\", \"place\"]", 21, "`place` is listed twice"),
    ("site.toml", "station = \"bank\"\n", "station = \"shore\"\n", 26, "shown at `shore`, which there is not"),
    (
        "site.toml",
        ", { value = { zh = \"十一米\", en = \"11 m\" }, source = \"survey\" }",
        "",
        26,
        "fewer than two sides",
    ),
    ("site.toml", "source_m = 10.0", "source_m = 12.0", 31, "the model has 10.00 m, the source 12.00 m"),
    ("site.toml", "certainty = \"attested\"", "certainty = \"sure\"", 37, "`certainty` cannot be read"),
    ("site.toml", "[[measure]]", "[measure", 31, "this is not TOML"),
    ("site.toml", "en = \"Sound\" }", "en = \"Sound\" }\nreference = \"lost\"", 16, "`reference` cannot be read"),
    (
        "site.toml",
        "en = \"Sound\" }",
        "en = \"Sound\" }\nreference = \"own\"",
        37,
        "`survey` is this site's own word and cannot make a sentence attested",
    ),
    (
        "site.toml",
        "[[measure]]",
        "[[unknown]]\nwhat = { zh = \"水深未详。\", en = \"Its depth is unknown.\" }\n[[measure]]",
        31,
        "`shown` is missing",
    ),
    (
        "site.toml",
        "[[measure]]",
        "[[point]]\nid = \"place\"\ntitle = { zh = \"又\", en = \"Again\" }\nposition = { east_m = 0, north_m = 0 }\n[[measure]]",
        31,
        "the story point `place` stands twice; first in line 22",
    ),
    (
        "site.toml",
        "[[point]]\nid = \"place\"",
        "[[point]]\nid = \"spare\"\ntitle = { zh = \"闲\", en = \"Spare\" }\nposition = { east_m = 0, north_m = 0 }\n[[point]]\nid = \"place\"",
        22,
        "`spare` belongs to no station",
    ),
];

const OTHER_FAULTS: [Fault; 25] = [
    ("routes/across.toml", "id = \"across\"", "id = \"along\"", 1, "the route `along` stands in routes/across.toml"),
    ("routes/across.toml", "[\"bank\"]", "[\"bank\", \"bank\"]", 3, "`bank` stands twice in the route"),
    ("routes/across.toml", "[\"bank\"]", "[\"bank\", \"shore\"]", 3, "`shore`, which there is not"),
    ("routes/across.toml", "[\"bank\"]", "[\"bank\", \"Über\"]", 3, "something that is not a name"),
    ("routes/across.toml", "attended_share = 0.8", "attended_share = 80", 4, "a share lies within 0 to 1"),
    ("routes/across.toml", "hours = 0.5", "hours = 0.25", 6, "hours = 0.25"),
    ("routes/across.toml", "hours = 0.5", "hours = -1", 6, "hours = -1"),
    ("routes/across.toml", "recall = true", "recall = \"yes\"", 8, "`recall` cannot be read"),
    ("quiz/bank.toml", ", { zh = \"百米\", en = \"100 m\" }", "", 2, "2 choices"),
    (
        "quiz/bank.toml",
        "{ zh = \"百米\", en = \"100 m\" }",
        "{ zh = \"百米\", en = \"10 m\" }",
        2,
        "choice 3 says what another says",
    ),
    ("quiz/bank.toml", "right = 1", "right = 3", 3, "right = 3, but there are 3 choices"),
    ("quiz/bank.toml", "right = 1", "right = -1", 3, "`right` cannot be read"),
    ("quiz/bank.toml", "source = \"survey\"", "source = \"rumour\"", 5, "`rumour` is not described"),
    ("scene.toml", "water_up_m = -2.0", "water_up_m = true", 1, "the scene cannot be read"),
    ("scene.toml", "entry_bearing_deg = 90", "entry_bearing_deg = 360", 3, "entry_bearing_deg = 360"),
    ("scene.toml", "file = \"ford.glb\"", "file = \"../ford.glb\"", 4, "is not a model's file name"),
    ("scene.toml", "level = 0", "level = 1", 0, "no model is of level 0"),
    (
        "scene.toml",
        "{ east_m = 9, north_m = 0 }, { east_m = 9, north_m = 9 }",
        "{ east_m = 9, north_m = 9 }, { east_m = 9, north_m = 0 }",
        7,
        "not convex and counter-clockwise",
    ),
    ("scene.toml", "[chains]", "pace = 0\n[chains]", 7, "has pace 0"),
    ("scene.toml", "pitch_m = 0.1", "pitch_m = 0", 10, "pitch_m = 0"),
    ("stories/zh/place.md", "[survey attested]", "[rumour attested]", 1, "`rumour` is not described"),
    ("stories/zh/place.md", "[survey attested]", "", 1, "has no source"),
    ("stories/zh/place.md", "[survey attested]", "[survey own]", 1, "cites `survey`, which is not this site"),
    ("stories/zh/place.md", "[survey conjecture]", "[survey]", 4, "the mark [survey] cannot be read"),
    ("stories/zh/place.md", "[survey attested]", "[survey attested][survey attested]", 1, "has no sentence"),
];

#[test]
fn every_fault_is_found_where_it_stands() {
    for (file, from, to, line, what) in SITE_FAULTS.into_iter().chain(OTHER_FAULTS) {
        let mut folder = sound();
        let text = folder.get_mut(file).expect("a file of the sound site");
        assert!(text.contains(from), "{file} has no {from}");
        *text = text.replacen(from, to, 1);
        let (_, findings) = read(&folder);
        let found = findings.iter().any(|f| f.file == file && f.line == line && f.what.contains(what));
        assert!(found, "{file}: {to}: {findings:#?}");
    }
}

#[test]
fn what_the_site_says_of_itself_is_its_own_word_or_conjecture() {
    for (grade, found) in [("own", false), ("conjecture", false), ("attested", true), ("rebuilt", true)] {
        let mut folder = sound();
        let ours = "[[source]]\nid = \"model\"\ntitle = { zh = \"我们\", en = \"We\" }\nlocator = { zh = \"此处\", en = \"here\" }\ntrust = { zh = \"非史料\", en = \"No source\" }\nreference = \"own\"\n[[station]]";
        folder.insert("site.toml".to_owned(), SITE.replacen("[[station]]", ours, 1));
        folder.insert("stories/en/place.md".to_owned(), format!("{}[model {grade}]", "The scene is ours. ".repeat(30)));
        let findings = read(&folder).1;
        assert_eq!(
            findings.iter().any(|it| it.file == "stories/en/place.md" && it.line == 1),
            found,
            "{grade}: {findings:?}"
        );
    }
}

#[test]
fn a_story_is_neither_a_caption_nor_an_essay() {
    for (file, sentence) in [("stories/zh/place.md", "渡口宽十米。"), ("stories/en/place.md", "The ford is wide. ")]
    {
        for (times, found) in [(2, true), (30, false), (90, true)] {
            let mut folder = sound();
            folder.insert(file.to_owned(), format!("{}[survey attested]", sentence.repeat(times)));
            assert_eq!(
                read(&folder).1.iter().any(|finding| finding.what.contains("the story has")),
                found,
                "{file} {times}"
            );
        }
    }
}

#[test]
fn another_datum_is_told_with_the_coordinate_to_write() {
    let mut folder = sound();
    let text = folder.get_mut("site.toml").expect("there");
    *text = text.replace("\"wgs84\"", "\"gcj02\"");
    let (read, findings) = read(&folder);
    let remedy = &findings.first().expect("a finding").remedy;
    let position = read.expect("a site").site.origin.position;
    assert!(
        remedy.contains(&format!("lat_deg = {:.5}, lon_deg = {:.5}", position.lat_deg(), position.lon_deg())),
        "{remedy}"
    );
    let moved_m =
        crate::geodesy::course(position, crate::geodesy::Wgs84::new(29.9145, 102.2299).expect("on the earth"));
    assert!((330.0..342.0).contains(&moved_m.distance_m), "{moved_m:?}");
}

#[test]
fn all_faults_are_gathered_and_sorted() {
    let mut folder = sound();
    let text = folder.get_mut("site.toml").expect("there");
    *text =
        text.replace("radius_m = 25", "radius_m = 0").replace("when =", "whem =").replace("\"attested\"", "\"sure\"");
    folder.insert("quiz/shore.toml".to_owned(), QUIZ.to_owned());
    folder.insert("stories/zh/shore.md".to_owned(), String::new());
    folder.insert("stories/fr/place.md".to_owned(), String::new());
    folder.remove("stories/en/place.md");
    let (_, findings) = read(&folder);
    let places: Vec<(&str, usize)> = findings.iter().map(|finding| (finding.file.as_str(), finding.line)).collect();
    assert_eq!(
        places,
        [
            ("quiz/shore.toml", 0),
            ("site.toml", 0),
            ("site.toml", 4),
            ("site.toml", 20),
            ("site.toml", 37),
            ("stories/en/place.md", 0),
            ("stories/fr/place.md", 0),
            ("stories/zh/shore.md", 0),
        ]
    );
}

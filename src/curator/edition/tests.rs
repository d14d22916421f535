//! What a build of a small site lays out.

use super::{Laid, Order, Unlaid, lay_out};
use crate::fixture::Fixture;
use std::path::Path;

fn build(fixture: &Fixture) -> Result<Laid, Unlaid> {
    let (web, bundles, out) = (fixture.path("web"), fixture.path("bundles"), fixture.path("out"));
    lay_out(Order { web: &web, bundles: &bundles, out: &out }, &fixture.library(), &|_| {})
}

fn only_folder(path: &Path) -> String {
    let names: Vec<String> = std::fs::read_dir(path)
        .expect("listed")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(names.len(), 1, "{names:?}");
    names[0].clone()
}

#[test]
fn every_page_is_there_in_both_languages() {
    let fixture = Fixture::new();
    build(&fixture).expect("built");
    for lang in ["zh", "en"] {
        for page in
            ["", "about/", "help/", "me/", "sign-in/", "verify/", "ford/", "ford/bank/", "ford/scene/", "ford/foot/"]
        {
            let path = format!("web/{lang}/{page}index.html");
            let html = fixture.read(Path::new(&path));
            assert!(html.contains("<h1"), "{path} has no heading");
            assert_eq!(html.matches("<h1").count(), 1, "{path}");
            assert!(html.contains(&format!("data-lang=\"{lang}\"")), "{path}");
            assert!(fixture.path("out").join(format!("{path}.br")).is_file(), "{path} has no twin");
        }
    }
}

#[test]
fn a_station_page_carries_what_the_lobby_looks_for() {
    let fixture = Fixture::new();
    build(&fixture).expect("built");
    let html = fixture.read(Path::new("web/en/ford/bank/index.html"));
    for hook in
        "account outbox outbox-dialog outbox-list outbox-receipt outbox-rejected send-now notice theme station-item state narration caption transcript question grade requirements complete plaque"
            .split(' ')
    {
        assert!(html.contains(&format!("data-hook=\"{hook}\"")), "{hook} is missing");
    }
    for said in ["data-site=\"ford\"", "data-route=\"over\"", "data-station=\"bank\"", "data-page=\"station\""] {
        assert!(html.contains(said), "{said}");
    }
    assert!(html.contains("Bank &lt;&amp;&gt;") || html.contains("Bank &#60;&#38;&#62;"), "titles are escaped");
    assert!(!html.contains("<script>") && !html.contains("style="), "the content policy allows nothing inline");
}

#[test]
fn a_kiosk_is_told_which_pages_and_files_of_its_hall_to_keep() {
    let fixture = Fixture::new();
    build(&fixture).expect("built");
    let html = fixture.read(Path::new("web/kiosk/index.html"));
    for said in ["data-page=\"kiosk\"", "data-site=\"ford\"", "data-pages=\"ford/scene/ ford/bank/"] {
        assert!(html.contains(said), "{said}");
    }
    let listed = |name: &str| {
        let rest = html.split(&format!(" {name}=\"")).nth(1).expect("it is listed");
        rest.split('"').next().expect("it ends").to_owned()
    };
    let root = listed("data-root");
    for file in listed("data-files").split(' ') {
        assert!(fixture.path("out").join(format!("web{root}{file}")).is_file(), "{root}{file}");
    }
    assert!(listed("data-files").contains("outline.json"));
}

#[test]
fn a_voice_is_labelled_for_what_it_is() {
    let fixture = Fixture::new();
    build(&fixture).expect("built");
    assert!(fixture.read(Path::new("web/zh/ford/bank/index.html")).contains("合成语音"));
    let english = fixture.read(Path::new("web/en/ford/bank/index.html"));
    assert!(english.contains("Ann Reader") && !english.contains("Synthetic voice"));
}

#[test]
fn what_is_assumed_is_said_on_the_about_page_the_site_page_and_beside_the_lens() {
    let fixture = Fixture::new();
    build(&fixture).expect("built");
    for (page, said) in [
        ("web/zh/about/index.html", "天气没有记录。晴天是假定。"),
        ("web/en/about/index.html", "The weather is not recorded. The clear sky is assumed."),
        ("web/en/ford/index.html", "The weather is not recorded. The clear sky is assumed."),
    ] {
        assert!(fixture.read(Path::new(page)).contains(said), "{page}");
    }
    let scene = fixture.read(Path::new("web/en/ford/scene/index.html"));
    let (_, lens) = scene.split_once("data-hook=\"lens-panel\"").expect("a lens panel");
    let (lens, _) = lens.split_once("</section>").expect("its end");
    assert!(lens.contains("The clear sky is assumed."), "{lens}");
}

#[test]
fn a_claim_whose_reference_is_owed_says_so_wherever_it_is_told() {
    let fixture = Fixture::new();
    let owed = |fixture: &Fixture, page: &str| fixture.read(Path::new(page)).matches("class=\"owed\"").count();
    let path = "assets/sites/ford/stories/en/place.md";
    build(&fixture).expect("built");
    assert_eq!(owed(&fixture, "web/en/ford/bank/index.html"), 0);
    let text = std::fs::read_to_string(fixture.path(path)).expect("read");
    fixture.write(path, text.replacen("[book attested]", "[lore attested]", 2));
    build(&fixture).expect("built");
    // Beside both claims, and once in the notes of the station's page.
    assert_eq!(owed(&fixture, "web/en/ford/bank/index.html"), 3);
    for card in ["scene", "foot"] {
        assert_eq!(owed(&fixture, &format!("web/en/ford/{card}/index.html")), 2, "{card}");
    }
    assert!(fixture.read(Path::new("web/zh/about/index.html")).contains("出处待补"));
}

#[test]
fn a_recording_without_its_twin_is_offered_as_it_is() {
    let fixture = Fixture::new();
    fixture.remove("assets/sites/ford/narration/en/place.mp3");
    build(&fixture).expect("built");
    for page in ["bank", "foot"] {
        let html = fixture.read(Path::new(&format!("web/en/ford/{page}/index.html")));
        assert!(html.contains("place.ogg") && !html.contains("place.mp3"), "{page}");
    }
}

#[test]
fn keys_are_private_and_nothing_public_holds_them() {
    let fixture = Fixture::new();
    build(&fixture).expect("built");
    let private = fixture.read(Path::new("private/ford.json"));
    assert!(private.contains("belongs to the key alone") && private.contains("\"keys\""));
    for file in crate::tree::files(&fixture.path("out/web")).expect("listed").values() {
        let content = String::from_utf8_lossy(&std::fs::read(file).expect("read")).into_owned();
        assert!(!content.contains("belongs to the key alone"), "{}", file.display());
    }
}

#[test]
fn what_only_the_place_answers_is_private_and_asked_on_foot() {
    let fixture = Fixture::new();
    let asked = "prompt = { zh = \"栏上几枚铜钉？\", en = \"How many brass nails?\" }\nanswers = [\"四十九\", \"49\"]\nsource = \"book\"\n";
    fixture.write("assets/sites/ford/on-site/bank.toml", asked);
    build(&fixture).expect("built");
    let private = fixture.read(Path::new("private/ford.json"));
    assert!(private.contains("\"on_site\"") && private.contains("How many brass nails?"));
    for file in crate::tree::files(&fixture.path("out/web")).expect("listed").values() {
        let content = String::from_utf8_lossy(&std::fs::read(file).expect("read")).into_owned();
        assert!(!content.contains("brass nails") && !content.contains("四十九"), "{}", file.display());
    }
    for lang in ["zh", "en"] {
        assert!(fixture.read(Path::new(&format!("web/{lang}/ford/foot/index.html"))).contains("/on-site/ford.bank"));
    }
}

#[test]
fn captions_that_give_an_answer_away_stop_the_build() {
    let fixture = Fixture::new();
    let leak = "According to a book the deck is of planks; this sentence belongs to the key alone.";
    fixture.write("assets/sites/ford/captions/en/place.vtt", format!("WEBVTT\n\n00:00.000 --> 00:02.000\n{leak}\n"));
    assert!(matches!(build(&fixture), Err(Unlaid::Leak(station)) if station == "bank"));
    assert!(!fixture.path("out/web").exists());
}

#[test]
fn narration_lengths_come_from_the_captions() {
    let fixture = Fixture::new();
    build(&fixture).expect("built");
    let digest = only_folder(&fixture.path("out/web/sites/ford"));
    let site = fixture.read(Path::new(&format!("web/sites/ford/{digest}/site.json")));
    assert!(site.contains("\"zh_secs\":47.5"), "{site}");
}

#[test]
fn the_outline_holds_what_counting_a_visit_needs_and_no_texts() {
    let fixture = Fixture::new();
    build(&fixture).expect("built");
    let digest = only_folder(&fixture.path("out/web/sites/ford"));
    let text = fixture.read(Path::new(&format!("web/sites/ford/{digest}/outline.json")));
    let outline: heritage::Outline = serde_json::from_str(&text).expect("an outline");
    let station = &outline.stations[0];
    assert!(text.contains("\"zh_secs\":47.5") && station.id.as_str() == "bank" && !station.points.is_empty(), "{text}");
    assert!(!text.contains("choices") && !text.contains("certainty"), "{text}");
}

#[test]
fn the_scene_is_told_which_textures_there_are() {
    let fixture = Fixture::new();
    build(&fixture).expect("built");
    let digest = only_folder(&fixture.path("out/web/sites/ford"));
    let site = fixture.read(Path::new(&format!("web/sites/ford/{digest}/site.json")));
    assert!(site.contains("\"textures\":[\"timber_base.webp\"]"), "{site}");
}

#[test]
fn the_scene_is_told_how_large_each_model_is() {
    let fixture = Fixture::new();
    build(&fixture).expect("built");
    let digest = only_folder(&fixture.path("out/web/sites/ford"));
    let site = fixture.read(Path::new(&format!("web/sites/ford/{digest}/site.json")));
    let site: heritage::Site = serde_json::from_str(&site).expect("a site");
    let models = &site.scene.models;
    assert!(!models.is_empty() && models.iter().all(|model| site.scene.model_bytes.contains_key(&model.file)));
    assert!(site.scene.first_level_bytes() > 0);
}

#[test]
fn the_page_of_the_scene_names_what_is_asked_for_first() {
    let fixture = Fixture::new();
    build(&fixture).expect("built");
    let page = fixture.read(Path::new("web/zh/ford/scene/index.html"));
    let (_, rest) = page.split_once("data-first=\"").expect("it names it");
    let addresses: Vec<&str> = rest.split('"').next().expect("a value").split(' ').collect();
    let root = format!("/sites/ford/{}/", only_folder(&fixture.path("out/web/sites/ford")));
    let site = fixture.read(Path::new(&format!("web{root}site.json")));
    let site: heritage::Site = serde_json::from_str(&site).expect("a site");
    let models = site.scene.models.iter().filter(|model| model.level == 0);
    let mut expected = vec![format!("{root}site.json")];
    expected.extend(models.map(|model| format!("{root}models/{}", model.packed_file())));
    expected.push(format!("{root}textures/timber_base.webp"));
    assert!(expected.len() > 2, "there is a model");
    assert_eq!(addresses, expected);
    for address in addresses {
        assert!(fixture.path(&format!("out/web{address}")).is_file(), "{address}");
    }
}

#[test]
fn the_second_build_changes_nothing() {
    let fixture = Fixture::new();
    assert!(build(&fixture).expect("built").changed);
    let page = fixture.path("out/web/zh/index.html");
    let written = std::fs::metadata(&page).and_then(|data| data.modified()).expect("a time");
    assert!(!build(&fixture).expect("built").changed);
    assert_eq!(std::fs::metadata(&page).and_then(|data| data.modified()).expect("a time"), written);
}

#[test]
fn a_visit_begun_in_the_edition_before_still_finds_its_files() {
    let fixture = Fixture::new();
    build(&fixture).expect("built");
    let before = only_folder(&fixture.path("out/web/app"));
    fixture.write("web/style/ink.css", "body { color: #111 }\n");
    build(&fixture).expect("built");
    assert!(fixture.path("out/web/app").join(&before).join("style.css").is_file());
    fixture.write("web/style/ink.css", "body { color: #222 }\n");
    build(&fixture).expect("built");
    assert!(!fixture.path("out/web/app").join(&before).exists(), "kept for one edition only");
}

#[test]
fn the_service_worker_learns_where_the_app_lies() {
    let fixture = Fixture::new();
    build(&fixture).expect("built");
    let app = only_folder(&fixture.path("out/web/app"));
    let script = fixture.read(Path::new("web/sw.js"));
    assert!(script.contains(&format!("const APP = \"/app/{app}/\"")), "{script}");
    assert!(script.contains(&format!("\"/app/{app}/lobby_bg.wasm\"")) && !script.contains("lobby.d.ts"), "{script}");
}

#[test]
fn pages_read_without_any_bundle() {
    let fixture = Fixture::new();
    std::fs::remove_dir_all(fixture.path("bundles")).expect("removed");
    build(&fixture).expect("built");
    assert!(!fixture.read(Path::new("web/zh/index.html")).contains("boot.js"));
}

#[test]
fn a_course_goes_to_the_service_alone_and_is_led_to_from_the_members_page() {
    let fixture = Fixture::new();
    build(&fixture).expect("built");
    let me = |fixture: &Fixture| fixture.read(Path::new("web/en/me/index.html"));
    assert!(!me(&fixture).contains("/course/"), "where nobody has written one there is no page of it");
    let root = only_folder(&fixture.path("out/web/sites/ford"));
    let level = "{ zh = \"级\", en = \"only in the rubric\" }";
    let criterion = format!(
        "[[practice.criterion]]\ntitle = {{ zh = \"项\", en = \"criterion\" }}\nlevels = [{}]\n",
        [level; 4].join(", ")
    );
    let course = format!(
        "route = \"over\"\nversion = 1\nrule_version = 1\nminimum = \"E0\"\n[[goal]]\nid = \"ford\"\n\
         text = {{ zh = \"目标\", en = \"goal\" }}\n[practice]\nprompt = {{ zh = \"写\", en = \"write\" }}\n{}\
         [follow_up]\nprompt = {{ zh = \"后来\", en = \"then\" }}\nfrom_days = 30\nto_days = 90\n\
         [commendation]\nat_first = 75\nlevel = 3\nfollow_up = true\n",
        criterion.repeat(3)
    );
    fixture.write("assets/sites/ford/courses/over.toml", course);
    assert_eq!(fixture.library().findings, []);
    build(&fixture).expect("built");
    assert!(me(&fixture).contains("href=\"/course/ford.over\""));
    assert!(fixture.read(Path::new("private/ford.json")).contains("only in the rubric"));
    assert_eq!(only_folder(&fixture.path("out/web/sites/ford")), root, "what visitors fetch of the site is the same");
    let shown = crate::tree::files(&fixture.path("out/web")).expect("listed");
    for file in shown.values() {
        let bytes = std::fs::read(file).expect("read");
        assert!(!String::from_utf8_lossy(&bytes).contains("only in the rubric"), "{}", file.display());
    }
}

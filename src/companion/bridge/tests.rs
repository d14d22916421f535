use super::*;
use crate::visit_tests::{pass, station, visit};
use heritage::Lang;
use protocol::bridge::Said;

fn tell(app: &mut App, json: &str) -> Vec<Said> {
    app.world_mut().resource_mut::<Inbox>().0.push(json.into());
    pass(app, 0.2)
}

#[test]
fn every_word_of_the_page_is_obeyed() {
    let mut app = visit();
    for told in [
        Told::Move { mode: Mode::Foot },
        Told::Language { lang: Lang::En },
        Told::Quality { tier: Some(Tier::Floor) },
        Told::Comfort { reduced_motion: true },
        Told::Volume { voice: 0.5, ambience: 7.0 },
        Told::ShowEra { era: Era::Y1935 },
        Told::Lens { on: true },
        Told::Measure { on: true, preset: None },
        Told::Steady { on: false },
        Told::Model { on: false },
    ] {
        tell(&mut app, &serde_json::to_string(&told).expect("it is written"));
    }
    let settings = app.world().resource::<Settings>();
    assert_eq!(
        *settings,
        Settings {
            steady: false,
            model: false,
            lang: Lang::En,
            mode: Mode::Foot,
            era: Era::Y1935,
            lens: true,
            measuring: true,
            tier_asked: Some(Tier::Floor),
            reduced_motion: true,
            voice_volume: 0.5,
            ambience_volume: 1.0,
        }
    );
    tell(&mut app, r#"{"type":"go-to","station":"deck"}"#);
    assert_eq!(app.world().resource::<Here>().0, Some(station("deck")));
    tell(&mut app, r#"{"type":"play","point":"river","from_secs":null}"#);
    assert_eq!(app.world().resource::<Telling>().0.as_ref().map(ToString::to_string).as_deref(), Some("river"));
    tell(&mut app, r#"{"type":"pause"}"#);
    assert!(app.world().resource::<crate::visit::Held>().0);
    tell(&mut app, r#"{"type":"resume"}"#);
    assert!(!app.world().resource::<crate::visit::Held>().0);
    tell(&mut app, r#"{"type":"answering","on":true}"#);
    assert!(app.world().resource::<Answering>().0);
}

#[test]
fn what_cannot_be_read_changes_nothing_and_breaks_nothing() {
    let mut app = visit();
    app.set_error_handler(|_, _| {});
    let before = app.world().resource::<Settings>().clone();
    for nonsense in [
        "",
        "null",
        "[]",
        "{",
        r#"{"type":"dance"}"#,
        r#"{"type":"go-to","station":"../etc"}"#,
        r#"{"type":"go-to","station":"nowhere"}"#,
        r#"{"type":"play","point":"river","from_secs":"soon"}"#,
        r#"{"type":"measure","on":true,"preset":-1}"#,
        r#"{"type":"volume","voice":1e999,"ambience":0}"#,
    ] {
        tell(&mut app, nonsense);
    }
    assert_eq!(*app.world().resource::<Settings>(), before);
}

#[test]
fn what_is_told_too_early_is_kept_until_the_site_is_open() {
    let mut app = visit();
    app.world_mut().resource_mut::<NextState<Stage>>().set(Stage::Fetching);
    pass(&mut app, 0.1);
    tell(&mut app, r#"{"type":"lens","on":true}"#);
    assert!(!app.world().resource::<Settings>().lens);
    app.world_mut().resource_mut::<NextState<Stage>>().set(Stage::Open);
    pass(&mut app, 0.2);
    assert!(app.world().resource::<Settings>().lens);
}

#[test]
fn the_probe_answers_in_json_with_a_mark_for_each_story_point() {
    let mut app = visit();
    pass(&mut app, 0.5);
    let answer: serde_json::Value = serde_json::from_str(&crate::platform::probe::probe()).expect("json");
    assert_eq!(answer["mode"], "around");
    assert_eq!(answer["canvas"]["width"], 800.0);
    assert_eq!(answer["marks"].as_array().map(Vec::len), Some(11));
}

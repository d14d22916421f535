//! Held to `protocol`: what it writes is read, and what is written here it would have written byte for byte.

use super::*;
use crate::queue::Waiting;
use crate::store::Settings;
use crate::unwritten::Batch;
use crate::visit::{Seen, to_milli};
use heritage::proof::DatumVerdict;
use heritage::scene::Era;
use heritage::vtt::Cue;
use heritage::{Certainty, CreditRule, Hours, Lang, Outline, Proof, Way};
use protocol::api::{Problem, Progress, Receipts, Session};
use protocol::bridge::{Button, Failure, Line, Mode, Panel, Said, Stop, Tier, Told};
use protocol::event::{Event, EventKind, Heard};
use serde::Serialize;

fn name<T: TryFrom<String>>(name: &str) -> T {
    T::try_from(name.to_owned()).ok().expect("a name")
}

fn json(thing: &impl Serialize) -> String {
    serde_json::to_string(thing).expect("writes")
}

fn read<T: FromJson>(text: &str) -> Option<T> {
    T::from_json(&Value::parse(text)?)
}

fn completed(proof: Proof, way: Way, lang: Lang) -> Event {
    Event {
        id: Uuid::from_u128(0x0193_5a7c_7000_7000_8000_1234_5678_9abc),
        captured_at_ms: 1_763_843_000_123,
        offset_ms: 4_567,
        device: Uuid::from_u128(7),
        sequence: 12,
        previous: (way != Way::Page).then(|| "0f".repeat(32)),
        kind: EventKind::Completed {
            site: name("luding"),
            route: name("bridge"),
            station: name("mid-span"),
            way,
            lang,
            heard: vec![
                Heard { point: name("deck"), ranges: vec![[0.0, 12.345], [20.5, 31.0]] },
                Heard { point: name("rails"), ranges: Vec::new() },
            ],
            read_secs: to_milli(1.0 / 3.0),
            dwell_secs: to_milli(86_399.999_6),
            proof,
            further: Vec::new(),
        },
    }
}

#[test]
fn an_event_has_the_bytes_that_the_service_would_write() {
    let fix = |datum| Proof::Fix {
        accuracy_m: 8.25,
        dwell_secs: 61.5,
        fixes: 40,
        ignored: 2,
        jumps: 1,
        datum,
        distinct: Some(39),
        trace: (datum != DatumVerdict::Unclear).then(|| "0123456789abcdef".repeat(2)),
    };
    let proofs = [
        Proof::Declared,
        Proof::Trainer,
        Proof::Code { code: "BCDFGHJK\"\\\n桥".to_owned() },
        Proof::Rotating { code: "042917".to_owned(), read_at_ms: 1_780_272_000_000 },
        Proof::Tag { picc_data: "EF96".to_owned(), cmac: "94EE".to_owned(), read_at_ms: 7 },
        fix(DatumVerdict::Wgs84),
        fix(DatumVerdict::Gcj02),
        fix(DatumVerdict::Unclear),
    ];
    for proof in proofs {
        for (way, lang) in
            [(Way::Page, Lang::Zh), (Way::Scene, Lang::En), (Way::Foot, Lang::Zh), (Way::Headset, Lang::En)]
        {
            let made = completed(proof.clone(), way, lang);
            assert_eq!(event(&made).to_line(), json(&made));
        }
    }
    let mut both = completed(Proof::Code { code: "BCDFGHJK".to_owned() }, Way::Foot, Lang::Zh);
    if let EventKind::Completed { further, .. } = &mut both.kind {
        further.push(fix(DatumVerdict::Wgs84));
    }
    assert_eq!(event(&both).to_line(), json(&both));
    let answered = Event {
        kind: EventKind::Answered { site: name("luding"), station: name("deck"), choice: 3 },
        ..completed(Proof::Declared, Way::Page, Lang::Zh)
    };
    assert_eq!(event(&answered).to_line(), json(&answered));
    let kept: Waiting = read(&json(&answered)).expect("an event");
    assert_eq!(kept, Waiting::of(&answered));
    assert_eq!(kept.json.to_line(), json(&answered));
}

#[test]
fn an_event_that_is_none_is_not_kept() {
    let whole = json(&completed(Proof::Declared, Way::Page, Lang::Zh));
    for (part, other) in
        [("\"completed\"", "\"dreamt\""), ("\"sequence\":12", "\"sequence\":-1"), ("\"luding\"", "7"), ("0193", "zzzz")]
    {
        assert!(whole.contains(part));
        assert_eq!(read::<Waiting>(&whole.replacen(part, other, 1)), None, "{other}");
    }
}

#[test]
fn all_that_the_scene_says_is_heard() {
    let all = [
        Said::Loading { loaded: 12, total: 3_400_000, what: "luding-bridge.glb".to_owned() },
        Said::Ready,
        Said::Arrived { station: name("deck") },
        Said::Departed { station: name("deck") },
        Said::Opened { point: name("planks") },
        Said::Heard { point: name("planks"), ranges: vec![[0.25, 4.5], [9.0, 9.75]] },
        Said::Narrating { point: name("planks"), at_secs: 12.25, playing: true, ended: false },
        Said::Pointed { point: Some(name("planks")), at_px: [312.0, 40.0], away_m: 86.0 },
        Said::Pointed { point: None, at_px: [0.0, 0.0], away_m: 0.0 },
        Said::Held { on: true },
        Said::Moving { mode: Mode::Guided },
        Said::EraShown { era: Era::Y1935 },
        Said::Lens { on: true, counts: vec![(Certainty::Attested, 12), (Certainty::Conjecture, 3)] },
        Said::Measured { model_m: 100.0, uncertainty_m: 0.5, preset: Some(2) },
        Said::Measured { model_m: 0.333, uncertainty_m: 0.01, preset: None },
        Said::Quality { tier: Tier::Floor, measured: true },
        Said::Pressed { id: "choice:1".to_owned() },
        Said::Failed { failure: Failure::AssetMissing, what: "a.glb".to_owned() },
        Said::Failed { failure: Failure::NoSound, what: String::new() },
        Said::Failed { failure: Failure::NoWebgl2, what: String::new() },
    ];
    for said in all {
        assert_eq!(read::<Said>(&json(&said)), Some(said));
    }
    for noise in
        ["", "{}", "{\"type\":\"shouted\"}", "{\"type\":\"arrived\"}", "{\"type\":\"arrived\",\"station\":\"../x\"}"]
    {
        assert_eq!(read::<Said>(noise), None, "{noise}");
    }
}

#[test]
fn all_that_the_scene_is_told_is_understood() {
    let all = [
        Told::GoTo { station: name("deck") },
        Told::Look { point: name("planks") },
        Told::Move { mode: Mode::Foot },
        Told::Language { lang: Lang::En },
        Told::Quality { tier: Some(Tier::High) },
        Told::Quality { tier: None },
        Told::Comfort { reduced_motion: true },
        Told::Play { point: name("planks"), from_secs: Some(1.5) },
        Told::Play { point: name("planks"), from_secs: None },
        Told::Pause,
        Told::Resume,
        Told::Answering { on: true },
        Told::Volume { voice: 0.85, ambience: 0.6 },
        Told::ShowEra { era: Era::Today },
        Told::Lens { on: false },
        Told::Steady { on: true },
        Told::Model { on: false },
        Told::Panel { panel: None },
        Told::Panel {
            panel: Some(Panel {
                title: "泸定桥 “1706”".to_owned(),
                plan: vec![Stop { east_m: -72.0, north_m: 10.25, done: true, here: false }],
                lines: vec![Line { text: "一\n二".to_owned(), aside: true }],
                buttons: vec![Button {
                    id: "choice:1".to_owned(),
                    label: "甲".to_owned(),
                    on: true,
                    off: false,
                    alone: true,
                }],
            }),
        },
        Told::Cues {
            point: name("planks"),
            cues: vec![Cue { from_secs: 0.0, to_secs: 2.125, text: "一句".to_owned() }],
        },
        Told::Measure { on: true, preset: Some(1) },
        Told::Measure { on: false, preset: None },
    ];
    for told in all {
        let text = told.to_json().to_line();
        assert_eq!(serde_json::from_str::<Told>(&text).expect("understood"), told, "{text}");
    }
}

#[test]
fn what_the_service_answers_is_read() {
    let progress = "{\"confirmed\":5,\"target\":320,\"walks\":[{\"site\":\"luding\",\"route\":\"bridge\",\"state\":\"returned\",\
        \"hours\":5,\"note\":\"再走\",\"stations\":[{\"station\":\"deck\",\"met\":true,\"reasons\":[{\"requirement\":\"attended\",\
        \"met\":true,\"text\":{\"zh\":\"甲\",\"en\":\"a\"}}],\"recall\":null}]}]}";
    assert_eq!(read::<Progress>(progress), Some(serde_json::from_str(progress).expect("progress")));
    assert_eq!(read::<Progress>(&progress.replace("returned", "lost")), None);
    let session = "{\"person\":\"00000000-0000-0000-0000-00000000004d\",\"name\":\"学员甲\",\"role\":\"learner\",\"unit\":\"一班\"}";
    assert_eq!(read::<Session>(session), Some(serde_json::from_str(session).expect("a session")));
    assert_eq!(read::<Session>(&session.replace("learner", "king")), None);
    let receipts = "{\"receipts\":[{\"id\":\"00000000-0000-0000-0000-000000000001\",\"result\":\"stored\",\"seq\":4,\
        \"grade\":{\"right\":true,\"explanation\":{\"zh\":\"\",\"en\":\"\"},\"source\":{\"zh\":\"\",\"en\":\"\"}}},\
        {\"id\":null,\"result\":\"rejected\",\"code\":\"malformed\",\"reason\":{\"zh\":\"乙\",\"en\":\"b\"}},\
        {\"id\":null,\"result\":\"conflict\",\"reason\":{\"zh\":\"乙\",\"en\":\"b\"}},{\"id\":null,\"result\":\"duplicate\",\"seq\":1}]}";
    let theirs: Receipts = serde_json::from_str(receipts).expect("receipts");
    assert_eq!(read::<Receipts>(receipts).expect("receipts").receipts, theirs.receipts);
    let problem =
        "{\"type\":\"/x\",\"title\":\"T\",\"status\":401,\"detail\":\"甲\",\"words\":{\"zh\":\"甲\",\"en\":\"a\"}}";
    let theirs: Problem = serde_json::from_str(problem).expect("a problem");
    assert_eq!(read::<Refusal>(problem).expect("a problem").words, theirs.words);
}

#[test]
fn an_outline_is_read_as_the_curator_writes_it() {
    let outline = Outline {
        id: name("luding"),
        title: Bilingual::new("泸定桥", "Luding Bridge"),
        origin: heritage::geodesy::Wgs84::new(29.9145, 102.2299).expect("on the earth"),
        stations: vec![heritage::StationOutline {
            id: name("deck"),
            title: Bilingual::new("桥面", "The deck"),
            position: heritage::geodesy::EastNorthUp::new(-12.5, 3.25, -3.0),
            radius_m: 25.0,
            points: vec![name("planks")],
            zh_secs: 47.5,
            en_secs: 33.25,
        }],
        routes: vec![heritage::RouteOutline {
            id: name("bridge"),
            rule: CreditRule::new(1, Hours::from_tenths(5), 0.8, true, 20.0)
                .expect("a sound rule")
                .with_attestation(true),
        }],
    };
    let text = json(&outline);
    assert_eq!(read::<Outline>(&text), Some(outline));
    assert_eq!(read::<Outline>(&text.replace("0.8", "8.0")), None, "a rule that makes no sense is none");
}

#[test]
fn what_a_page_leaves_unwritten_is_read_by_the_next() {
    let mut seen = Seen { read_secs: 12.5, dwell_secs: 1.0 / 3.0, ..Seen::default() };
    seen.hear(Lang::Zh, &name("planks"), &[[0.0, 4.25], [9.0, 10.0]]);
    let batch = Batch { id: Uuid::from_u128(7), site: "luding".into(), station: "deck".into(), seen };
    let kept = read::<Batch>(&batch.to_json().to_line()).expect("a batch");
    assert_eq!(kept, Batch { seen: Seen { dwell_secs: 0.333, ..batch.seen.clone() }, ..batch });
    assert_eq!(read::<Batch>("{\"id\":\"x\"}"), None);
}

#[test]
fn settings_are_read_as_they_were_kept_and_those_of_an_older_page_too() {
    let kept = Settings {
        voice: 0.5,
        ambience: 0.25,
        reduced_motion: Some(true),
        tier: Some(Tier::Floor),
        mode: Some(Mode::Foot),
        era: Some(Era::Y1935),
    };
    let text = kept.to_json().to_line();
    assert_eq!(read::<Settings>(&text), Some(kept));
    let older = text.replace(",\"era\":\"1935\"", "");
    assert_ne!(older, text);
    assert_eq!(read::<Settings>(&older), Some(Settings { era: None, ..kept }));
    assert_eq!(read::<Settings>(&text.replace("1935", "1705")), None);
}

#[test]
fn a_led_visit_is_read_as_the_service_tells_it_and_confirmed_as_it_reads() {
    use protocol::led::{Going, Led, Look, Seen, Telling};
    let empty = Led {
        revision: 0,
        site: name("luding"),
        route: name("bridge"),
        going: None,
        telling: None,
        look: None,
        finished: true,
    };
    let whole = Led {
        revision: u64::from(u32::MAX) + 1,
        going: Some(Going { station: name("deck"), since: 1 }),
        telling: Some(Telling { point: name("river"), playing: true, at_secs: 12.345, since: 2 }),
        look: Some(Look { point: name("river"), since: 3 }),
        finished: false,
        ..empty.clone()
    };
    for led in [empty, whole] {
        assert_eq!(read::<Led>(&json(&led)), Some(led));
    }
    assert_eq!(read::<Led>("{\"revision\":1}"), None);
    let seen = Seen { follower: Uuid::from_u128(7), revision: 12 };
    assert_eq!(seen.to_json().to_line(), json(&seen));
}

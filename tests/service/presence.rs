//! How presence is shown, graded and flagged: from what a device sends to what the desk says of it.

use super::client::Client;
use super::desk::{page_of, tickets};
use super::fixture::{NOW_MS, STATIONS, alone, answered, batch, completed, results, whole_walk};
use super::house::Service;
use checkpoint::courses::Courses;
use checkpoint::evidence::{rotating, sun};
use checkpoint::identity::code::Code;
use checkpoint::secrets::Secrets;
use checkpoint::store::{Kind, NewEntry, Store};
use checkpoint::walk::{Reassessed, reassess, rebuild};
use heritage::{RouteId, SiteId, StationId};
use serde_json::{Value, json};
use uuid::Uuid;

fn station(id: &str) -> (SiteId, StationId) {
    (SiteId::new("hill").expect("a name"), StationId::new(id).expect("a name"))
}

pub fn fix(accuracy_m: f64) -> Value {
    json!({ "method": "fix", "accuracy_m": accuracy_m, "dwell_secs": 45.0, "fixes": 40, "ignored": 0, "datum": "wgs84" })
}

fn plaque(service: &Service, at: &str) -> Value {
    let (site, station) = station(at);
    json!({ "method": "code", "code": Code::of_plaque(&service.app.secrets, &site, &station).written() })
}

fn moment(service: &Service, at: &str, read_at_ms: i64) -> Value {
    let (site, station) = station(at);
    let code = rotating::code_at(&service.app.secrets, &site, &station, read_at_ms);
    json!({ "method": "rotating", "code": code, "read_at_ms": read_at_ms })
}

pub fn tap(service: &Service, at: &str, counter: u32, read_at_ms: i64) -> Value {
    let (site, station) = station(at);
    let (picc_data, cmac) = sun::tapped(&service.app.secrets, &site, &station, [4; 7], counter);
    json!({ "method": "tag", "picc_data": picc_data, "cmac": cmac, "read_at_ms": read_at_ms })
}

/// A walk of which each station is shown by these proofs, the strongest first.
pub fn shown_by(proofs: impl Fn(&str) -> Vec<Value>) -> Vec<Value> {
    let mut events = whole_walk();
    for (event, at) in [(0, STATIONS[0]), (2, STATIONS[1])] {
        let mut given = proofs(at).into_iter();
        let kind = &mut events[event]["kind"];
        kind["way"] = json!("foot");
        kind["proof"] = given.next().unwrap_or_else(|| json!({ "method": "declared" }));
        let further: Vec<Value> = given.collect();
        if !further.is_empty() {
            kind["further"] = json!(further);
        }
        events[event]["captured_at_ms"] = json!(NOW_MS - if at == "gate" { 900_000 } else { 60_000 });
    }
    events
}

pub fn send(learner: &Client, events: &[Value]) {
    let sent = learner.post("/v1/events", &batch(events)).json();
    assert!(results(&sent).iter().all(|result| result == "stored"), "{sent}");
}

/// What the desk says of a learner's walk, in Chinese.
pub fn desk(service: &Service, learner: &Client) -> String {
    service.trainer().get(&page_of(learner)).text()
}

/// The grade of the walk and those of its stations, as the page shows them.
fn grades(page: &str) -> Vec<String> {
    page.split("class=\"level\">").skip(1).filter_map(|rest| rest.get(..2)).map(str::to_owned).collect()
}

/// A name, the proofs at the gate and at the well, the grades of the walk and of both, and a reason.
type Case = (&'static str, Vec<Value>, Vec<Value>, [&'static str; 3], &'static str);

#[test]
fn every_kind_of_proof_has_its_grade_and_all_earn_the_same() {
    let service = Service::with_demo();
    let cases: [Case; 6] = [
        ("word", vec![], vec![], ["E0", "E0", "E0"], "仅本人声明"),
        ("position", vec![fix(8.0)], vec![fix(8.0)], ["E1", "E1", "E1"], "手机定位在站内满足停留要求"),
        ("code", vec![plaque(&service, "gate")], vec![fix(8.0)], ["E1", "E1", "E1"], "凭证：铭牌代码"),
        (
            "both",
            vec![plaque(&service, "gate"), fix(8.0)],
            vec![plaque(&service, "well"), fix(8.0)],
            ["E2", "E2", "E2"],
            "凭证：铭牌代码",
        ),
        (
            "moment",
            vec![moment(&service, "gate", NOW_MS - 920_000)],
            vec![tap(&service, "well", 7, NOW_MS - 90_000)],
            ["E3", "E3", "E3"],
            "凭证：现场动态码",
        ),
        (
            "mixed",
            vec![tap(&service, "gate", 8, NOW_MS)],
            vec![fix(80.0)],
            ["E0", "E3", "E0"],
            "手机定位有疑点，不作凭证",
        ),
    ];
    for (name, gate, well, expected, reason) in cases {
        let (learner, _) = service.person(protocol::api::Role::Learner, name, Some(service.demo_unit()));
        send(&learner, &shown_by(|at| if at == "gate" { gate.clone() } else { well.clone() }));
        let walk = learner.get("/v1/me/progress").json()["walks"][0].clone();
        assert_eq!((walk["state"].clone(), walk["hours"].clone()), (json!("waiting"), json!(5)), "{name}");
        let page = desk(&service, &learner);
        assert_eq!(grades(&page), expected, "{name}");
        assert!(page.contains(reason), "{name}: {page}");
    }
    let list = service.trainer().get("/desk/").text();
    for (level, times) in [("E0", 2), ("E1", 2), ("E2", 1), ("E3", 1)] {
        assert_eq!(list.matches(&format!("\">{level}</span>")).count(), times, "{level}");
    }
}

#[test]
fn a_screen_visit_earns_as_before_and_is_not_flagged_for_it() {
    let service = Service::with_demo();
    let learner = service.learner(1);
    send(&learner, &whole_walk());
    let page = desk(&service, &learner);
    assert_eq!(grades(&page), ["E0", "E0", "E0"]);
    assert!(page.contains("学时照计") && !page.contains("class=\"flag\""), "{page}");
    let english = service.trainer().with_cookie("desk-lang=en").get(&page_of(&learner)).text();
    assert!(english.contains("the credit is the same"), "{english}");
    super::desk::decide(&service.trainer(), "confirm", "", &[]);
    assert_eq!(learner.get("/v1/me/progress").json()["confirmed"], 5);
}

#[test]
fn what_does_not_hold_is_stored_counts_as_ones_own_word_and_says_so() {
    let service = Service::with_demo();
    let old = moment(&service, "gate", NOW_MS - 4_000_000)["code"].clone();
    let cases = [
        (plaque(&service, "well"), "铭牌代码与本站不符"),
        (moment(&service, "well", NOW_MS), "动态码当时不在本站显示"),
        (json!({ "method": "rotating", "code": old, "read_at_ms": NOW_MS }), "动态码当时不在本站显示"),
        (json!({ "method": "rotating", "code": "abc", "read_at_ms": i64::MAX }), "动态码当时不在本站显示"),
        (tap(&service, "well", 3, NOW_MS), "感应标签的数据未通过本站验证"),
        (json!({ "method": "tag", "picc_data": "", "cmac": "zz", "read_at_ms": 0 }), "感应标签的数据未通过"),
        (json!({ "method": "question", "answer": "十三" }), "现场问题的回答不符"),
    ];
    for (proof, said) in cases {
        let (learner, _) = service.person(protocol::api::Role::Learner, "one", Some(service.demo_unit()));
        let events = shown_by(|at| if at == "gate" { vec![proof.clone()] } else { vec![fix(8.0)] });
        send(&learner, &events);
        assert_eq!(learner.get("/v1/me/progress").json()["walks"][0]["state"], "waiting", "a flag never refuses");
        let page = desk(&service, &learner);
        assert!(page.contains(said), "{proof}: {page}");
        assert_eq!(grades(&page), ["E0", "E0", "E1"], "{proof}");
    }
}

#[test]
fn what_only_the_service_makes_no_device_sends() {
    let service = Service::with_demo();
    let learner = service.learner(1);
    let nine: Vec<Value> = (0..9).map(|_| json!({ "method": "declared" })).collect();
    let mut crowded = completed("gate");
    crowded["kind"]["further"] = json!(nine);
    let mut refused = vec![crowded];
    for proof in [
        json!({ "method": "kiosk", "kiosk": "hall" }),
        json!({ "method": "peer" }),
        json!({ "method": "trainer" }),
        json!({ "method": "code", "code": "B".repeat(65) }),
        json!({ "method": "rotating", "code": "1".repeat(65), "read_at_ms": 0 }),
        json!({ "method": "tag", "picc_data": "0".repeat(65), "cmac": "", "read_at_ms": 0 }),
        json!({ "method": "question", "answer": "a".repeat(401) }),
        json!({ "method": "fix", "accuracy_m": 8.0, "dwell_secs": 45.0, "fixes": 4, "ignored": 0, "datum": "wgs84", "trace": "<b>" }),
    ] {
        let (mut strongest, mut beside) = (completed("gate"), completed("gate"));
        strongest["kind"]["proof"] = proof.clone();
        beside["kind"]["further"] = json!([proof]);
        refused.extend([strongest, beside]);
    }
    let answer = learner.post("/v1/events", &batch(&refused)).json();
    assert!(results(&answer).iter().all(|result| result == "rejected"), "{answer}");
    let mut unknown = completed("gate");
    unknown["kind"]["proof"] = json!({ "method": "telepathy" });
    assert_eq!(results(&learner.post("/v1/events", &alone(&unknown)).json()), ["rejected"]);
}

#[test]
fn flags_from_events_queue_a_look_and_refuse_nothing() {
    let service = Service::with_demo();
    let day_ms = 86_400_000;
    let fixed = |change: fn(&mut Value)| {
        let mut proof = fix(8.0);
        change(&mut proof);
        shown_by(|_| vec![proof.clone()])
    };
    let aged = |days: i64, count: usize| {
        let mut events = whole_walk();
        let mut again = completed("gate");
        again["kind"]["heard"] = json!([]);
        events.push(again);
        for event in events.iter_mut().filter(|event| event["kind"]["type"] == "completed").take(count) {
            event["captured_at_ms"] = json!(NOW_MS - days * day_ms);
        }
        events
    };
    let changed = |change: fn(&mut Value)| {
        let mut events = whole_walk();
        change(&mut events[0]);
        events
    };
    let cases: [(&str, Vec<Value>, &str, &str); 9] = [
        ("accuracy", fixed(|fix| fix["accuracy_m"] = json!(80.0)), "超过 50 米", "worse than 50 m"),
        ("constant", fixed(|fix| fix["distinct"] = json!(1)), "40 次定位完全相同", "one and the same"),
        ("jumps", fixed(|fix| fix["jumps"] = json!(2)), "位置跳变 2 次", "jumped as no walker does"),
        ("late", aged(31, 3), "31 天才收到", "Received 31 days after"),
        ("burst", aged(8, 3), "3 站在同一时刻上传，最早的已过 8 天", "3 stations were sent at one moment"),
        (
            "ahead",
            changed(|event| event["captured_at_ms"] = json!(NOW_MS + 400_000)),
            "设备时钟快 400 秒",
            "clock is 400 s ahead",
        ),
        ("fast", changed(|event| event["kind"]["dwell_secs"] = json!(31.0)), "收听 40 秒", "Heard 40 s within 31 s"),
        ("dwell", changed(|event| event["kind"]["dwell_secs"] = json!(19.0)), "停留 19 秒", "Stayed 19 s"),
        ("foot", changed(|event| event["kind"]["way"] = json!("foot")), "称实地走访", "Said to be on the ground"),
    ];
    for (name, events, zh, en) in cases {
        let (learner, _) = service.person(protocol::api::Role::Learner, name, Some(service.demo_unit()));
        send(&learner, &events);
        let state = learner.get("/v1/me/progress").json()["walks"][0]["state"].clone();
        assert_eq!(state, if name == "dwell" { "underway" } else { "waiting" }, "{name}");
        let page = desk(&service, &learner);
        assert!(page.contains(zh) && page.contains("class=\"flag\""), "{name}: {page}");
        let english = service.trainer().with_cookie("desk-lang=en").get(&page_of(&learner)).text();
        assert!(english.contains(en), "{name}: {english}");
    }
    let young = aged(6, 3);
    let (learner, _) = service.person(protocol::api::Role::Learner, "young", Some(service.demo_unit()));
    send(&learner, &young);
    assert!(!desk(&service, &learner).contains("同一时刻上传"), "a week's tour without network is no burst");
}

#[test]
fn a_wrong_clock_is_told_from_a_late_delivery_by_when_the_page_says_it_sent() {
    let service = Service::with_demo();
    for (index, sent_at_ms, said) in [
        (1, json!(NOW_MS), None),
        (2, json!(NOW_MS - 720_000), Some("设备时钟慢 720 秒")),
        (3, json!(NOW_MS + 600_000), Some("设备时钟快 600 秒")),
    ] {
        let learner = service.learner(index);
        let mut events = whole_walk();
        for event in &mut events {
            event["captured_at_ms"] = json!(NOW_MS - 3_600_000);
        }
        let sent = json!({ "events": events, "sent_at_ms": sent_at_ms });
        for expected in ["stored", "duplicate"] {
            let answer = learner.post("/v1/events", &sent).json();
            assert!(results(&answer).iter().all(|result| result == expected), "{answer}");
            assert_eq!(results(&answer).len(), events.len(), "the reading has no receipt");
        }
        let page = desk(&service, &learner);
        assert_eq!(page.contains("设备时钟不准"), said.is_some(), "{index}");
        assert_eq!(page.matches("<td data-head=\"事项\">设备时钟不准</td>").count(), usize::from(said.is_some()));
        assert!(said.is_none_or(|said| page.contains(said)), "{page}");
        assert_eq!(page.contains("class=\"flag\""), said.is_some(), "an hour without network is no fault");
    }
    let learner = service.learner(1);
    for odd in [json!("now"), json!(1.5), json!({})] {
        let sent = json!({ "events": [answered("gate", 1)], "sent_at_ms": odd });
        assert_eq!(learner.post("/v1/events", &sent).status, 400);
    }
    for extreme in [i64::MIN, i64::MAX] {
        let sent = json!({ "events": [answered("gate", 1)], "sent_at_ms": extreme });
        assert_eq!(results(&learner.post("/v1/events", &sent).json()), ["stored"]);
    }
}

#[test]
fn one_trace_or_one_tap_sent_by_two_is_said_of_both() {
    let service = Service::with_demo();
    let (one, two, three) = (service.learner(1), service.learner(2), service.learner(3));
    let traced = |digest: &str| {
        let mut proof = fix(8.0);
        proof["trace"] = json!(digest);
        proof
    };
    let shared = "0123456789abcdef0123456789abcdef";
    let tapped = |counter| tap(&service, "well", counter, NOW_MS - 90_000);
    let walk = |digest: &str, counter| {
        let (gate, well) = (traced(digest), tapped(counter));
        shown_by(move |at| vec![if at == "gate" { gate.clone() } else { well.clone() }])
    };
    send(&one, &walk(shared, 7));
    assert!(!desk(&service, &one).contains("class=\"flag\""));
    send(&two, &walk(shared, 7));
    send(&three, &walk("fedcba9876543210", 8));
    for learner in [&one, &two] {
        let page = desk(&service, learner);
        assert!(page.contains("与另外 1 人完全相同") && page.contains("（计数 7）被提交不止一次"), "{page}");
    }
    assert!(!desk(&service, &three).contains("class=\"flag\""));
    let list = service.trainer().get("/desk/").text();
    assert_eq!(list.matches("<span class=\"flag\">2</span>").count(), 2, "{list}");
    assert_eq!(tickets(&list).len(), 1, "only the third is confirmed without a look");
    let late = service.person(protocol::api::Role::Learner, "late", Some(service.demo_unit())).0;
    let kept_back = tap(&service, "well", 5, NOW_MS + 900_000);
    send(&late, &shown_by(|at| vec![if at == "gate" { fix(8.0) } else { kept_back.clone() }]));
    assert!(desk(&service, &late).contains("感应标签计数 5 低于此前读取的 8"));
}

#[test]
fn a_device_at_a_station_shows_the_code_of_the_moment_by_its_own_address_alone() {
    let service = Service::with_demo();
    let (site, gate) = station("gate");
    let (_, well) = station("well");
    let secrets = &service.app.secrets;
    let key = rotating::display_key(secrets, &site, &gate);
    let code = rotating::code_at(secrets, &site, &gate, NOW_MS);
    let shown = service.stranger().get(&format!("/display/hill.gate?key={key}"));
    assert!(shown.text().contains(&format!("{} {}", &code[..3], &code[3..])), "{}", shown.text());
    assert_eq!((shown.header("refresh"), shown.header("cache-control")), (Some("31"), Some("no-store")));
    service.pass_ms(30_000);
    let next = service.stranger().get(&format!("/display/hill.gate?key={key}")).text();
    assert!(!next.contains(&format!("{} {}", &code[..3], &code[3..])), "the next is another");
    let other = rotating::display_key(secrets, &site, &well);
    for path in ["hill.gate", &format!("hill.gate?key={other}"), "hill.nowhere?key=x", "hill?key=", "%ff?key=x"] {
        assert_eq!(service.stranger().get(&format!("/display/{path}")).status, 404, "{path}");
    }
    let (admin, _) = service.person(protocol::api::Role::Admin, "admin", Some(service.demo_unit()));
    let list = admin.get("/desk/displays").text();
    assert!(list.contains(&format!("/display/hill.gate?key={key}")), "{list}");
    let learner = service.learner(1);
    let typed = json!({ "method": "rotating", "code": code, "read_at_ms": NOW_MS + 20_000 });
    send(&learner, &shown_by(|at| vec![if at == "gate" { typed.clone() } else { fix(8.0) }]));
    assert_eq!(grades(&desk(&service, &learner)), ["E1", "E3", "E1"]);
}

/// The grade of somebody's walk as an older version would have written it.
pub fn graded_by_an_older_rule(person: Uuid) -> NewEntry {
    let body = json!({ "level": "E4", "rule": 0 }).to_string();
    NewEntry {
        site: Some(station("gate").0),
        route: RouteId::new("path").ok(),
        ..NewEntry::about(Uuid::now_v7(), Kind::Assessed, (person, person), NOW_MS, body)
    }
}

#[test]
fn a_newer_rule_adds_what_it_finds_and_rewrites_nothing() {
    let service = Service::with_demo();
    let learner = service.learner(1);
    send(&learner, &whole_walk());
    send(&service.learner(2), &whole_walk());
    super::desk::decide(&service.trainer(), "confirm", "", &tickets(&service.trainer().get("/desk/").text())[..1]);
    let App { courses, secrets, store, .. } = App::of(&service);
    let id: Uuid = learner.get("/v1/session").json()["person"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    let log = || service.runtime.block_on(store.log_of(id)).expect("read");
    let graded = || service.runtime.block_on(reassess(courses, secrets, store, NOW_MS)).expect("graded");
    let rebuilt = || service.runtime.block_on(rebuild(courses, secrets, store)).expect("rebuilt");
    let (before, digest) = (log(), rebuilt().digest);
    assert_eq!(graded(), Reassessed { walks: 1, added: 0, left: 0 }, "graded as it was when it was confirmed");
    service.runtime.block_on(store.append(vec![graded_by_an_older_rule(id)])).expect("kept");
    assert_eq!(graded(), Reassessed { walks: 1, added: 1, left: 0 });
    assert_eq!(graded(), Reassessed { walks: 1, added: 0, left: 0 }, "once is enough");
    let after = log();
    assert_eq!((&after[..before.len()], after.len()), (&before[..], before.len() + 2));
    assert_eq!(rebuilt().digest, digest, "what learners are shown is the same");
    assert!(rebuilt().differing.is_empty());
    let page = desk(&service, &learner);
    assert!(page.contains("凭证重新评级") && page.contains("E0（评级规则第 1 版）"), "{page}");
    assert_eq!(learner.get("/v1/me/progress").json()["confirmed"], 5);
}

/// What grading anew needs of a service.
struct App<'a> {
    courses: &'a Courses,
    secrets: &'a Secrets,
    store: &'a dyn Store,
}

impl<'a> App<'a> {
    fn of(service: &'a Service) -> Self {
        let app = &service.app;
        Self { courses: &app.courses, secrets: &app.secrets, store: &*app.store }
    }
}

//! Companions vouch for each other: who may, for what, how often, and what the desk sees of it.

use super::client::Client;
use super::desk::page_of;
use super::fixture::{NOW_MS, batch, whole_walk};
use super::house::Service;
use super::presence::{desk, send};
use super::told::told;
use checkpoint::identity::companion;
use checkpoint::secrets::{Purpose, digest, hex};
use checkpoint::store::{Kind, NewEntry};
use checkpoint::walk::{MOST_FOR_ONE, rebuild};
use heritage::{RouteId, SiteId};
use protocol::api::Role;
use serde_json::{Value, json};
use uuid::Uuid;

fn id_of(client: &Client) -> Uuid {
    client.get("/v1/session").json()["person"].as_str().and_then(|id| id.parse().ok()).expect("an id")
}

/// A whole walk on the ground, the gate at one moment and the well at another, with this proof at both.
fn walked(gate_ms: i64, well_ms: i64, proof: &Value) -> Vec<Value> {
    let mut events = whole_walk();
    for (event, at_ms) in [(0, gate_ms), (2, well_ms)] {
        events[event]["kind"]["way"] = json!("foot");
        events[event]["kind"]["proof"] = proof.clone();
        events[event]["captured_at_ms"] = json!(at_ms);
    }
    events
}

fn word() -> Value {
    json!({ "method": "declared" })
}

pub fn traced(trace: &str) -> Value {
    json!({
        "method": "fix", "accuracy_m": 8.0, "dwell_secs": 45.0, "fixes": 40, "ignored": 0, "datum": "wgs84",
        "trace": trace.repeat(64),
    })
}

fn code_of(service: &Service, who: &Client) -> String {
    companion::shown(&service.app, id_of(who)).written()
}

fn vouch(service: &Service, who: &Client, of: &Client) -> super::client::Answer {
    let code = code_of(service, of);
    let session = who.cookie().and_then(|cookie| cookie.split("retrace=").nth(1)).expect("a session");
    let derived =
        service.app.secrets.derive(Purpose::Form, &digest(session.split(';').next().unwrap_or_default().as_bytes()));
    let token = hex(&derived)[..32].to_owned();
    who.form("/vouch", &[("token", &token), ("code", &code)])
}

fn vouched(service: &Service, of: &Client) -> usize {
    let log = service.runtime.block_on(service.app.store.log_of(id_of(of))).expect("read");
    log.iter().filter(|entry| entry.said.kind == Kind::Vouched).count()
}

fn learner(service: &Service, name: &str) -> Client {
    service.person(Role::Learner, name, Some(service.demo_unit())).0
}

#[test]
fn two_who_stood_there_together_vouch_for_each_other_and_the_desk_says_so() {
    let service = Service::with_demo();
    let (one, other) = (learner(&service, "甲同行"), learner(&service, "乙同行"));
    let (gate_ms, well_ms) = (NOW_MS - 9_000_000, NOW_MS - 60_000);
    send(&one, &walked(gate_ms, well_ms, &word()));
    // At the gate just within half an hour, at the well a moment past it.
    send(&other, &walked(gate_ms + 1_800_000, well_ms - 1_800_001, &word()));
    let code = code_of(&service, &one);
    assert!(one.get("/vouch").text().contains(&code), "it is shown to whoever it is of");
    let seen = other.get(&format!("/vouch?code={}", code.to_lowercase())).text();
    assert!(seen.contains("甲同行") && seen.contains("gate（中）") && !seen.contains("well（中）"), "{seen}");
    assert!(seen.contains("我证明"), "{seen}");
    let english = other.clone().with_cookie("desk-lang=en").get(&format!("/vouch?code={code}")).text();
    assert!(english.contains("I vouch for this"), "{english}");
    assert!(desk(&service, &one).contains("称实地走访，但无定位"));
    let done = vouch(&service, &other, &one);
    assert!(done.status == 200 && done.text().contains("您的证明已写入"), "{}", done.text());
    assert_eq!(vouched(&service, &one), 1);
    let again = vouch(&service, &other, &one);
    assert!(again.status == 200 && again.text().contains("您已证明"), "{}", again.text());
    assert_eq!((vouched(&service, &one), vouched(&service, &other)), (1, 0), "said again, it is written once");
    let [said] = told(&service, &one, Kind::Vouched).try_into().expect("one statement");
    assert_eq!(said["actor"]["account"]["name"], json!(id_of(&other).to_string()), "{said}");
    assert_eq!(said["object"]["objectType"], "StatementRef");
    let page = desk(&service, &one);
    assert!(page.contains("乙同行 · 同行学员证明") && page.contains("凭证：同行学员证明"), "{page}");
    assert!(page.contains("乙同行 说明同时在场：gate（中）"), "the timeline says it: {page}");
    let levels: Vec<&str> = page.split("class=\"level\">").skip(1).filter_map(|rest| rest.get(..2)).collect();
    assert_eq!(levels, ["E0", "E1", "E0"]);
    let walk = one.get("/v1/me/progress").json()["walks"][0].clone();
    assert_eq!((&walk["state"], &walk["hours"]), (&json!("waiting"), &json!(5)), "the credit is the same");
    assert!(!page.contains("只互相证明"), "one way alone is no pair: {page}");
    let app = &service.app;
    let rebuilt =
        service.runtime.block_on(rebuild(&app.courses, &app.secrets, &*app.store)).expect("everything is derived");
    assert!(rebuilt.differing.is_empty());
}

#[test]
fn nobody_vouches_for_themselves_or_for_somebody_who_was_not_there() {
    let service = Service::with_demo();
    let (one, other, elsewhere) =
        (learner(&service, "one"), learner(&service, "other"), service.person(Role::Learner, "away", None).0);
    for who in [&one, &elsewhere] {
        send(who, &walked(NOW_MS - 900_000, NOW_MS - 60_000, &word()));
    }
    let own = vouch(&service, &one, &one);
    assert!(own.status == 409 && own.text().contains("不能为自己证明"), "{}", own.text());
    let absent = vouch(&service, &other, &one);
    assert!(absent.status == 409 && absent.text().contains("未写入证明"), "{}", absent.text());
    // A visit on a screen is not to have stood there.
    other.post("/v1/events", &batch(&whole_walk()));
    assert_eq!(vouch(&service, &other, &one).status, 409);
    let unknown = vouch(&service, &elsewhere, &one);
    assert!(unknown.status == 409 && !unknown.text().contains(">one<"), "another unit: {}", unknown.text());
    for (code, says) in [("aeiou", "8 个字母"), ("BCDF-GHJK", "没有人现在显示")] {
        let page = other.get(&format!("/vouch?code={code}"));
        assert!(page.status == 409 && page.text().contains(says), "{}", page.text());
    }
    let late = code_of(&service, &one);
    service.pass_ms(20 * 60_000);
    assert_eq!(other.get(&format!("/vouch?code={late}")).status, 409, "a code runs out");
    assert_eq!(other.form("/vouch", &[("token", "x"), ("code", &code_of(&service, &one))]).status, 403);
    assert_eq!(vouched(&service, &one), 0);
    // What no page of ours wrote shows nothing: one's own word in the form of another's.
    let log = service.runtime.block_on(service.app.store.log_of(id_of(&one))).expect("read");
    let of = log.iter().find(|entry| entry.said.kind == Kind::Completed).expect("completed").said.id;
    let body = json!({ "stations": [{ "station": "gate", "of": of, "by": of }] }).to_string();
    let forged = NewEntry {
        site: SiteId::new("hill").ok(),
        route: RouteId::new("path").ok(),
        ..NewEntry::about(Uuid::now_v7(), Kind::Vouched, (id_of(&one), id_of(&one)), NOW_MS, body)
    };
    service.runtime.block_on(service.app.store.append(vec![forged])).expect("kept");
    assert!(!desk(&service, &one).contains("凭证：同行学员证明"));
}

#[test]
fn two_who_only_ever_vouch_for_each_other_are_looked_at_twice() {
    let service = Service::with_demo();
    let [one, other, third] = ["one", "other", "third"].map(|name| learner(&service, name));
    for (who, trace) in [(&one, "a"), (&other, "b"), (&third, "c")] {
        send(who, &walked(NOW_MS - 900_000, NOW_MS - 60_000, &traced(trace)));
    }
    for (by, of) in [(&one, &other), (&other, &one)] {
        assert_eq!(vouch(&service, by, of).status, 200);
    }
    for who in [&one, &other] {
        let page = desk(&service, who);
        assert!(page.contains("只互相证明") && page.contains("class=\"level\">E2"), "{page}");
    }
    let list = service.trainer().get("/desk/").text();
    assert_eq!(list.matches("<span class=\"flag\">1</span>").count(), 2, "the list counts it: {list}");
    assert_eq!(vouch(&service, &third, &one).status, 200);
    assert!(!desk(&service, &one).contains("只互相证明"), "a third bears it out");
}

#[test]
fn whoever_vouches_with_the_same_trace_is_looked_at_twice() {
    let service = Service::with_demo();
    let [one, other, third] = ["one", "other", "third"].map(|name| learner(&service, name));
    for (who, trace) in [(&one, "a"), (&other, "a"), (&third, "b")] {
        send(who, &walked(NOW_MS - 900_000, NOW_MS - 60_000, &traced(trace)));
    }
    assert!(!desk(&service, &one).contains("同行证明人提交的定位轨迹"), "nobody has vouched");
    for by in [&other, &third] {
        assert_eq!(vouch(&service, by, &one).status, 200);
    }
    assert!(desk(&service, &one).contains("同行证明人提交的定位轨迹与此人完全相同"));
    assert_eq!(vouch(&service, &other, &third).status, 200);
    assert!(!desk(&service, &third).contains("同行证明人提交的定位轨迹"));
}

#[test]
fn one_person_vouches_for_the_same_other_so_often_and_no_more() {
    let service = Service::with_demo();
    let (one, other) = (learner(&service, "one"), learner(&service, "other"));
    for who in [&one, &other] {
        send(who, &walked(NOW_MS - 900_000, NOW_MS - 60_000, &word()));
    }
    let (subject, author) = (id_of(&one), id_of(&other));
    // As at other sites before, whose content is not here any more.
    let before = |at: i64| NewEntry {
        site: SiteId::new("dale").ok(),
        route: RouteId::new("lane").ok(),
        ..NewEntry::about(Uuid::now_v7(), Kind::Vouched, (subject, author), NOW_MS - at * 86_400_000, "{}".to_owned())
    };
    let count = i64::try_from(MOST_FOR_ONE).expect("a few");
    let entries: Vec<NewEntry> = (1..=count).map(before).collect();
    service.runtime.block_on(service.app.store.append(entries)).expect("kept");
    let refused = vouch(&service, &other, &one);
    assert!(refused.status == 409 && refused.text().contains("已到上限"), "{}", refused.text());
    assert_eq!(vouched(&service, &one), MOST_FOR_ONE);
    assert_eq!(vouch(&service, &one, &other).status, 200, "the other way it is the first");
    assert_eq!(service.trainer().get(&page_of(&one)).status, 200);
}

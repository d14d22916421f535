//! Companions vouch for each other: who may, for what, how often, and what the desk sees of it.

use super::client::Client;
use super::desk::page_of;
use super::fixture::{NOW_MS, batch, whole_walk};
use super::house::{Base, Service};
use super::presence::{desk, send};
use super::told::told;
use checkpoint::identity::companion;
use checkpoint::secrets::{Purpose, digest, hex};
use checkpoint::store::{Kind, NewEntry, Store, VouchLimits, VouchOutcome};
use checkpoint::walk::{MOST_A_DAY, MOST_FOR_ONE, rebuild};
use heritage::{RouteId, SiteId};
use protocol::api::Role;
use serde_json::{Value, json};
use uuid::Uuid;

fn id_of(client: &Client) -> Uuid {
    client.get("/v1/session").json()["person"].as_str().and_then(|id| id.parse().ok()).expect("an id")
}

/// A whole walk on the ground, the gate at one moment and the well at another, with this proof at both.
pub fn walked(gate_ms: i64, well_ms: i64, proof: &Value) -> Vec<Value> {
    let mut events = whole_walk();
    for (event, at_ms) in [(0, gate_ms), (2, well_ms)] {
        events[event]["kind"]["way"] = json!("foot");
        events[event]["kind"]["proof"] = proof.clone();
        events[event]["captured_at_ms"] = json!(at_ms);
    }
    events
}

pub fn word() -> Value {
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

pub fn vouch(service: &Service, who: &Client, of: &Client) -> super::client::Answer {
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

pub fn learner(service: &Service, name: &str) -> Client {
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

/// At whatever moment: of this store alone.
pub async fn no_more_are_written_than_may_be(store: &impl Store) {
    use VouchOutcome::{Changed, Stands, TooOften};
    let unit = Uuid::now_v7();
    store.add_unit(unit, "unit".to_owned()).await.expect("a unit");
    let [author, one, two] = [(); 3].map(|()| Uuid::now_v7());
    for (id, key) in [(author, 94), (one, 95), (two, 96)] {
        assert!(store.add_person(super::store::learner(id, unit, key)).await.expect("made"));
    }
    let said = |id, subject, at_ms| NewEntry {
        site: SiteId::new("hill").ok(),
        ..NewEntry::about(id, Kind::Vouched, (subject, author), at_ms, "{}".to_owned())
    };
    let limits = VouchLimits { for_one: 2, for_one_since_ms: 100, for_all: 3, for_all_since_ms: 200 };
    let ids: [Uuid; 9] = [(); 9].map(|()| Uuid::now_v7());
    let mut last = [(one, 0), (two, 0)];
    for (id, subject, at_ms, became) in [
        (ids[0], one, 100, Stands),
        (ids[1], one, 101, Stands),
        (ids[2], one, 102, Stands),
        (ids[3], one, 103, TooOften),
        (ids[2], one, 102, Stands),
        (ids[4], two, 201, Stands),
        (ids[5], two, 202, Stands),
        (ids[6], two, 203, TooOften),
    ] {
        let seen = last.iter_mut().find(|(whom, _)| *whom == subject).expect("one of two");
        let stale = store.append_vouching(said(Uuid::now_v7(), subject, at_ms), seen.1 - 1, limits).await;
        assert!(matches!(stale, Ok(Changed | TooOften)), "what was not seen is not vouched for: {stale:?}");
        assert_eq!(store.append_vouching(said(id, subject, at_ms), seen.1, limits).await.expect("told"), became);
        seen.1 = store.log_of(subject).await.expect("read").last().map_or(0, |entry| entry.seq);
    }
    // Of what was said before 200 nothing counts for all.
    let another = Uuid::now_v7();
    assert!(store.add_person(super::store::learner(another, unit, 97)).await.expect("made"));
    for (id, became) in [(ids[7], Stands), (ids[8], TooOften)] {
        let seen = store.log_of(another).await.expect("read").last().map_or(0, |entry| entry.seq);
        assert_eq!(store.append_vouching(said(id, another, 204), seen, limits).await.expect("told"), became);
    }
}

#[test]
fn of_many_vouchings_at_once_no_more_are_written_than_may_be_and_none_is_lost() {
    for base in Base::ALL {
        let service = Service::with_demo_on(base);
        let walk = || walked(NOW_MS - 900_000, NOW_MS - 60_000, &word());
        let many: Vec<Client> = (0..MOST_A_DAY + 4).map(|_| learner(&service, "one of many")).collect();
        let author = learner(&service, "author");
        for who in many.iter().chain([&author]) {
            send(who, &walk());
        }
        let at_once = |pairs: Vec<(&Client, &Client)>| -> Vec<u16> {
            std::thread::scope(|scope| {
                let vouch = |(by, of): (&Client, &Client)| {
                    let (service, by, of) = (&service, by.clone(), of.clone());
                    // Looking codes up waits while too many of one's own are being looked up.
                    let told = move || {
                        std::iter::repeat_with(|| vouch(service, &by, &of).status).find(|status| *status != 429)
                    };
                    scope.spawn(move || told().expect("an answer"))
                };
                let vouching: Vec<_> = pairs.into_iter().map(vouch).collect();
                vouching.into_iter().map(|each| each.join().expect("answered")).collect()
            })
        };
        let statuses = at_once(many.iter().map(|of| (&author, of)).collect());
        let count = |status: u16| statuses.iter().filter(|each| **each == status).count();
        assert_eq!((count(200), count(409)), (MOST_A_DAY, 4), "{base:?} {statuses:?}");
        assert_eq!(many.iter().map(|of| vouched(&service, of)).sum::<usize>(), MOST_A_DAY, "{base:?}");
        let by: Vec<(&Client, &Client)> = many.iter().take(8).map(|by| (by, &author)).collect();
        assert_eq!(at_once([&by[..], &by[..]].concat()), [200; 16], "{base:?}: who vouches for one is told so");
        assert_eq!(vouched(&service, &author), 8, "{base:?}: each once");
    }
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

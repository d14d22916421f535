//! What only one person can have sent, a trace or a tap, is found in whichever unit it was sent again.

use super::client::Client;
use super::erased::erase;
use super::fixture::NOW_MS;
use super::house::{Base, Service};
use super::people::id_of;
use super::presence::{desk, send, shown_by, tap};
use super::server::Server;
use super::store::{entry, hill, learner};
use super::units::below;
use super::vouching::traced;
use checkpoint::store::showings::{tap_key, trace_key};
use checkpoint::store::{Act, Kind, NewAudit, NewEntry, Place, Store, Unit};
use checkpoint::walk::rebuild;
use heritage::StationId;
use protocol::api::Role;
use rusqlite::Connection;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A completion at the gate that carries these proofs.
fn completion(by: Uuid, proofs: &[Value]) -> NewEntry {
    let body = json!({
        "id": Uuid::now_v7(), "captured_at_ms": 0, "offset_ms": 0, "device": Uuid::nil(), "sequence": 1,
        "kind": {
            "type": "completed", "site": "hill", "route": "path", "station": "gate", "way": "foot", "lang": "zh",
            "heard": [], "read_secs": 0.0, "dwell_secs": 0.0, "proof": { "method": "declared" }, "further": proofs,
        },
    });
    entry(Uuid::now_v7(), by, &body.to_string())
}

pub async fn what_was_shown_is_found_beyond_a_unit(store: &impl Store) {
    let [county, school, other] = [(); 3].map(|()| Uuid::now_v7());
    for (id, parent) in [(county, None), (school, Some(county)), (other, None)] {
        let audit = NewAudit { at_ms: 0, who: id, unit: id, act: Act::UnitMade, about: None, detail: String::new() };
        let unit = Unit { id, name: id.to_string(), parent };
        assert!(store.add_unit_below(unit, audit).await.expect("a unit"));
    }
    let [one, two, three] = [(); 3].map(|()| Uuid::now_v7());
    for (id, unit, key) in [(one, county, 91), (two, school, 92), (three, other, 93)] {
        assert!(store.add_person(learner(id, unit, key)).await.expect("made"));
    }
    let tapped = json!({ "method": "tag", "picc_data": "00", "cmac": "AB", "read_at_ms": 7 });
    let gate = StationId::new("gate").expect("a name");
    let (trace, tap) = (trace_key(&"5".repeat(64)), tap_key(&hill(), &gate, "ab"));
    let beyond = async |unit| store.shown_beyond(unit, vec![trace, tap, [0; 32]]).await.expect("read");
    assert!(beyond(county).await.is_empty());
    let shown = [traced("5"), tapped];
    // Twice in one entry, twice by one person and sent again: it is one person all the same.
    let first = completion(two, &[shown[0].clone(), shown[1].clone(), shown[0].clone()]);
    store.append(vec![first.clone(), completion(two, &shown), first]).await.expect("appended");
    let at = Some(gate);
    let answered = NewEntry { kind: Kind::Answered, station: at, ..completion(three, &shown) };
    store.append(vec![answered]).await.expect("appended");
    assert!(beyond(county).await.is_empty(), "the school lies below the county, and an answer shows nothing");
    assert_eq!(beyond(school).await, BTreeMap::new());
    assert_eq!(beyond(other).await, BTreeMap::from([(trace, 1), (tap, 1)]));
    let decided = store.append_if_unchanged(completion(one, &shown[..1]), 0).await.expect("appended");
    assert!(decided.is_some());
    assert_eq!(beyond(other).await, BTreeMap::from([(trace, 2), (tap, 1)]));
    assert_eq!(beyond(school).await, BTreeMap::from([(trace, 1)]), "what is above is elsewhere");
    assert_eq!(beyond(Uuid::now_v7()).await, BTreeMap::from([(trace, 2), (tap, 1)]));
    assert!(store.shown_beyond(other, Vec::new()).await.expect("read").is_empty());
}

/// A trainer of a unit, and a learner there.
fn two_of(service: &Service, unit: Uuid, name: &str) -> (Client, Client) {
    let [trainer, learner] = [(Role::Trainer, "trainer"), (Role::Learner, name)]
        .map(|(role, name)| service.person(role, name, Some(unit)).0);
    (trainer, learner)
}

#[test]
fn a_trace_or_a_tap_of_another_unit_is_said_without_saying_whose() {
    Base::ALL.into_iter().for_each(said_of_both);
}

fn said_of_both(base: Base) {
    let service = Service::with_demo_on(base);
    let county = service.demo_unit();
    let (east, west) = (below(&service, county, "东校"), below(&service, county, "西校"));
    let ((of_east, one), (of_west, two)) = (two_of(&service, east, "甲某"), two_of(&service, west, "乙某"));
    let walk = |trace: &str, counter: u32| {
        let tapped = tap(&service, "well", counter, NOW_MS - 90_000);
        shown_by(move |at| vec![if at == "gate" { traced(trace) } else { tapped.clone() }])
    };
    let page = |who: &Client, learner: &Client| who.get(&super::desk::page_of(learner)).text();
    send(&one, &walk("a", 7));
    assert!(!page(&of_east, &one).contains("class=\"flag\""));
    // In capital digits it is the same trace and the same tap.
    let mut again = walk("A", 7);
    for digits in ["picc_data", "cmac"] {
        let sent = &mut again[2]["kind"]["proof"][digits];
        *sent = json!(sent.as_str().expect("digits").to_uppercase());
    }
    send(&two, &again);
    for (who, learner, other, unit) in [(&of_east, &one, "乙某", "西校"), (&of_west, &two, "甲某", "东校")] {
        let shown = page(who, learner);
        assert!(shown.contains("与另外 1 人完全相同（其中 1 人属于其他单位）"), "{shown}");
        assert!(shown.contains("（计数 7）被提交不止一次，提交者中有 1 人属于其他单位"), "{shown}");
        let english = page(&who.clone().with_cookie("desk-lang=en"), learner);
        assert!(english.contains("of other people: 1, of whom in other units: 1"), "{english}");
        assert!(english.contains("of those who sent it, people in other units: 1"), "{english}");
        let list = who.get("/desk/").text();
        assert_eq!(list.matches("<span class=\"flag\">2</span>").count(), 1, "{list}");
        let table = who.get("/desk/walks.csv?state=all").text();
        let id = id_of(if other == "乙某" { &two } else { &one });
        for text in [shown, english, list, table] {
            assert!(!text.contains(other) && !text.contains(unit) && !text.contains(&id), "not whose: {text}");
        }
        assert_eq!(learner.get("/v1/me/progress").json()["walks"][0]["state"], "waiting", "a flag never refuses");
    }
    let above = desk(&service, &one);
    assert!(above.contains("与另外 1 人完全相同") && !above.contains("其他单位"), "who has to do with both: {above}");
    // What does not hold shows nothing of its own, and is still the tap that it was.
    let (of_third, three) = two_of(&service, below(&service, county, "北校"), "丙某");
    let mut lame = walk("c", 7);
    lame[2]["kind"]["proof"]["picc_data"] = json!("00");
    send(&three, &lame);
    let shown = page(&of_third, &three);
    assert!(shown.contains("感应标签的数据未通过本站验证") && !shown.contains("计数 7"), "{shown}");
    assert!(page(&of_east, &one).contains("提交者中有 2 人属于其他单位"));
    let app = &service.app;
    let rebuilt = service.runtime.block_on(rebuild(&app.courses, &app.secrets, &*app.store)).expect("derived");
    assert!(rebuilt.differing.is_empty());
    for gone in [&two, &three] {
        assert_eq!(erase(&service, &id_of(gone)).code, 0);
    }
    assert!(!page(&of_east, &one).contains("class=\"flag\""), "with the person all that was theirs is erased");
}

#[test]
fn a_record_from_before_is_read_once_for_what_it_shows() {
    for base in Base::ALL {
        let service = Service::with_demo_on(base);
        let learner = service.learner(1);
        let tapped = tap(&service, "well", 7, NOW_MS);
        send(&learner, &shown_by(|at| vec![if at == "gate" { traced("d") } else { tapped.clone() }]));
        // Readable or not, nothing in the log keeps the service from starting.
        let odd =
            NewEntry { station: None, ..entry(Uuid::now_v7(), id_of(&learner).parse().expect("an id"), "\"trace\"") };
        service.runtime.block_on(service.app.store.append(vec![odd])).expect("appended");
        let undo = |step: i64| {
            // Whatever was made after it goes as well.
            let dropped =
                "DROP TABLE led_follower; DROP TABLE led_visit; DROP TABLE kiosk_claim; DROP TABLE kiosk_visit; ";
            format!(
                "{dropped}DROP TABLE showing; DROP INDEX event_vouched; DELETE FROM migration WHERE number >= {step}"
            )
        };
        match base {
            Base::File => {
                let file = service.folder.path().join("retrace.db");
                Connection::open(file).and_then(|file| file.execute_batch(&undo(13))).expect("undone");
            }
            Base::Server => {
                let name = service.place.rsplit('/').next().and_then(|name| name.split('?').next()).expect("a name");
                Server::shared().run(name, &undo(10));
            }
        }
        let keys = vec![trace_key(&"d".repeat(64))];
        let asked = |store: &dyn Store| service.runtime.block_on(store.shown_beyond(Uuid::now_v7(), keys.clone()));
        assert!(asked(&*service.app.store).is_err(), "the table is gone");
        let opened =
            service.runtime.block_on(Place::read(&service.place).expect("a place").open()).expect("it opens").0;
        assert_eq!(asked(&*opened).expect("read").into_values().collect::<Vec<_>>(), [1]);
    }
}

//! Progress is derived from the log alone, whatever order the log came in.

use super::client::Client;
use super::fixture::{NOW_MS, RIGHT, answered, batch, completed, results, whole_walk};
use super::house::Service;
use serde_json::{Value, json};
use uuid::Uuid;

fn progress(client: &Client) -> Value {
    client.get("/v1/me/progress").json()
}

#[test]
fn nothing_done_is_an_empty_record_with_its_target() {
    let service = Service::with_demo();
    assert_eq!(progress(&service.learner(1)), json!({ "confirmed": 0, "target": 320, "walks": [] }));
}

#[test]
fn a_walk_waits_once_every_station_counts() {
    let service = Service::with_demo();
    let learner = service.learner(1);
    let events = whole_walk();
    learner.post("/v1/events", &batch(&events[..3]));
    let underway = progress(&learner);
    assert_eq!(underway["walks"][0]["state"], "underway");
    assert_eq!(underway["walks"][0]["stations"][0]["met"], true);
    assert_eq!(underway["walks"][0]["stations"][1]["met"], false);
    assert_eq!(underway["walks"][0]["stations"][1]["recall"], Value::Null);
    learner.post("/v1/events", &batch(&events[3..]));
    let waiting = progress(&learner);
    assert_eq!(waiting["walks"][0]["state"], "waiting");
    assert_eq!((waiting["walks"][0]["hours"].clone(), waiting["confirmed"].clone()), (json!(5), json!(0)));
    let reasons = waiting["walks"][0]["stations"][0]["reasons"].as_array().expect("reasons");
    assert!(reasons.iter().all(|reason| reason["met"] == true && reason["text"]["zh"].is_string()));
}

#[test]
fn the_first_right_answer_counts_and_wrong_ones_take_nothing_away() {
    let service = Service::with_demo();
    let learner = service.learner(1);
    for (choice, recall) in [(0, false), (2, false), (RIGHT, true), (0, true)] {
        learner.post("/v1/events", &batch(&[answered("gate", choice)]));
        assert_eq!(progress(&learner)["walks"][0]["stations"][0]["recall"], recall);
    }
}

/// Several visits that overlap, in two languages, with proofs of each kind.
fn tangled() -> Vec<Value> {
    let mut events = whole_walk();
    let mut change = |station: &str, changes: &[(&str, Value)], captured_at_ms: i64| {
        let mut event = completed(station);
        for (field, value) in changes {
            event["kind"][*field] = value.clone();
        }
        event["captured_at_ms"] = json!(captured_at_ms);
        events.push(event);
    };
    let fix =
        json!({ "method": "fix", "accuracy_m": 12.0, "dwell_secs": 50.0, "fixes": 9, "ignored": 1, "datum": "wgs84" });
    let told = |range: [f64; 2]| json!([{ "point": "gate-told", "ranges": [range] }]);
    change("gate", &[("heard", told([0.0, 11.0])), ("dwell_secs", json!(12.5))], NOW_MS - 9_000);
    change("gate", &[("heard", told([9.0, 31.0])), ("way", json!("foot")), ("proof", fix)], NOW_MS - 9_000);
    change("gate", &[("heard", told([30.0, 49.0])), ("lang", json!("en"))], NOW_MS);
    change("well", &[("heard", json!([])), ("read_secs", json!(39.9)), ("way", json!("scene"))], NOW_MS + 5);
    change("well", &[("proof", json!({ "method": "code", "code": "BBBB-BBBB" }))], NOW_MS - 70_000);
    events.extend([answered("well", 0), answered("gate", 2)]);
    events
}

#[test]
fn progress_does_not_depend_on_the_order_of_delivery() {
    let events = tangled();
    let service = Service::with_demo();
    let mut seen: Option<Value> = None;
    // Eleven is prime, so that every stride reaches every event.
    assert_eq!(events.len(), 11);
    for (round, stride) in [1, 3, 5, 7, 9].into_iter().enumerate() {
        let count = events.len();
        let (learner, _) = service.person(protocol::api::Role::Learner, "one", None);
        let fresh: Vec<Value> =
            (0..count).map(|step| renamed(&events[(step * stride + round) % count], round)).collect();
        for part in fresh.chunks(round + 1) {
            let sent = learner.post("/v1/events", &batch(part)).json();
            assert!(results(&sent).iter().all(|result| result == "stored"), "{sent}");
        }
        let now = progress(&learner);
        assert_eq!(*seen.get_or_insert_with(|| now.clone()), now, "round {round}");
    }
}

/// The same event for another learner: ids keep their order, so that ties fall the same way.
fn renamed(event: &Value, round: usize) -> Value {
    let id: Uuid = event["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    let mut bytes = id.into_bytes();
    bytes[15] = u8::try_from(round).expect("few rounds");
    let mut renamed = event.clone();
    renamed["id"] = json!(Uuid::from_bytes(bytes));
    renamed
}

#[test]
fn one_learner_neither_reads_nor_writes_anothers_record() {
    let service = Service::with_demo();
    let (one, two) = (service.learner(1), service.learner(2));
    one.post("/v1/events", &batch(&whole_walk()));
    assert_eq!(progress(&two)["walks"], json!([]));
    let mut forged = completed("gate");
    forged["subject"] = json!(Uuid::now_v7());
    forged["learner"] = json!(Uuid::now_v7());
    let before = progress(&one);
    two.post("/v1/events", &batch(&[forged, answered("gate", 0)]));
    assert_eq!(progress(&one), before);
    assert_eq!(progress(&two)["walks"][0]["stations"][0]["recall"], false);
}

#[test]
fn credit_is_counted_in_the_year_of_its_confirmation() {
    let service = Service::with_demo();
    let learner = service.learner(1);
    learner.post("/v1/events", &batch(&whole_walk()));
    super::desk::decide(&service.trainer(), "confirm", "", &[]);
    assert_eq!(progress(&learner)["confirmed"], 5);
    service.pass_ms(250 * 86_400_000);
    let learner = service.learner(1);
    assert_eq!(
        (progress(&learner)["confirmed"].clone(), progress(&learner)["walks"][0]["state"].clone()),
        (json!(0), json!("confirmed"))
    );
}

#[test]
fn a_plaque_code_is_judged_by_the_service() {
    let service = Service::with_demo();
    let site = heritage::SiteId::new("hill").expect("a name");
    let station = |id| heritage::StationId::new(id).expect("a name");
    let right = checkpoint::identity::code::Code::of_plaque(&service.app.secrets, &site, &station("gate")).written();
    let learner = service.learner(1);
    for (at, fits) in [("gate", true), ("well", false)] {
        let mut event = completed(at);
        event["kind"]["proof"] = json!({ "method": "code", "code": right.to_lowercase() });
        learner.post("/v1/events", &batch(&[event]));
        let index = usize::from(at == "well");
        let reasons = progress(&learner)["walks"][0]["stations"][index]["reasons"].to_string();
        assert_eq!(reasons.contains("the code on the plaque"), fits, "{at}: {reasons}");
    }
}

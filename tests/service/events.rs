//! What becomes of events: item by item, once each.

use super::fixture::{NOW_MS, RIGHT, alone, answered, batch, completed, results};
use super::house::Service;
use serde_json::{Value, json};
use std::thread;

#[test]
fn an_event_is_stored_once_however_often_it_is_sent() {
    let service = Service::with_demo();
    let learner = service.learner(1);
    let event = completed("gate");
    let first = learner.post("/v1/events", &alone(&event)).json();
    assert_eq!(results(&first), ["stored"]);
    let again = learner.post("/v1/events", &alone(&event)).json();
    assert_eq!(results(&again), ["duplicate"]);
    assert_eq!(first["receipts"][0]["seq"], again["receipts"][0]["seq"]);
    assert_eq!(again["receipts"][0]["id"], event["id"]);
}

#[test]
fn an_id_means_one_event_for_ever() {
    let service = Service::with_demo();
    let learner = service.learner(1);
    let event = completed("gate");
    learner.post("/v1/events", &alone(&event));
    let mut other = event.clone();
    other["kind"]["dwell_secs"] = json!(46.0);
    assert_eq!(results(&learner.post("/v1/events", &batch(&[other])).json()), ["conflict"]);
    let thief = service.learner(2).post("/v1/events", &alone(&event)).json();
    assert_eq!(results(&thief), ["conflict"], "another's id is not a duplicate of one's own");
    assert_eq!(results(&learner.post("/v1/events", &batch(&[event])).json()), ["duplicate"]);
}

#[test]
fn an_equal_id_within_a_batch_is_said_of_the_second() {
    let service = Service::with_demo();
    let event = completed("gate");
    let mut other = event.clone();
    other["kind"]["station"] = json!("well");
    let answer = service.learner(1).post("/v1/events", &batch(&[event.clone(), event, other])).json();
    assert_eq!(results(&answer), ["stored", "rejected", "rejected"]);
    assert_eq!(answer["receipts"][1]["code"], "repeated-in-batch");
}

#[test]
fn one_bad_item_spoils_no_other() {
    let service = Service::with_demo();
    let named = completed("gate")["id"].clone();
    let far = |field: &str, value: Value| {
        let mut event = completed("gate");
        event["kind"][field] = value;
        event
    };
    let cases: Vec<(Value, &str)> = vec![
        (json!(7), "malformed"),
        (json!(null), "malformed"),
        (json!({ "id": named }), "malformed"),
        (far("site", json!("../etc")), "malformed"),
        (far("site", json!("elsewhere")), "unknown-site"),
        (far("route", json!("elsewhere")), "unknown-route"),
        (far("station", json!("elsewhere")), "unknown-station"),
        (far("dwell_secs", json!(-1.0)), "out-of-range"),
        (far("dwell_secs", json!(1e300)), "out-of-range"),
        (far("dwell_secs", json!("45")), "malformed"),
        (far("heard", json!([{ "point": "gate-told", "ranges": [[5.0, 1.0]] }])), "out-of-range"),
        (far("surplus", json!(true)), "malformed"),
        (far("proof", json!({ "method": "code", "code": "x".repeat(65) })), "out-of-range"),
        (answered("gate", 3), "out-of-range"),
        (answered("elsewhere", 0), "unknown-station"),
        (far("heard", json!([{ "point": "gate-told", "ranges": vec![[0.0, 1.0]; 2001] }])), "out-of-range"),
    ];
    let mut items: Vec<Value> = cases.iter().map(|(item, _)| item.clone()).collect();
    items.push(completed("gate"));
    let answer = service.learner(1).post("/v1/events", &batch(&items)).json();
    for (index, (item, code)) in cases.iter().enumerate() {
        let receipt = &answer["receipts"][index];
        assert_eq!(receipt["code"], *code, "{item}");
        assert!(receipt["reason"]["zh"].is_string() && receipt["reason"]["en"].is_string());
    }
    assert_eq!(answer["receipts"][2]["id"], named, "what can be read of the id is named");
    assert_eq!(answer["receipts"][0]["id"], Value::Null);
    assert_eq!(results(&answer).last().map(String::as_str), Some("stored"));
}

#[test]
fn a_device_clock_that_is_wrong_is_no_reason_to_refuse() {
    let service = Service::with_demo();
    let learner = service.learner(1);
    for captured_at_ms in [i64::MIN, 0, NOW_MS + 86_400_000, i64::MAX] {
        let mut event = completed("gate");
        event["captured_at_ms"] = json!(captured_at_ms);
        assert_eq!(results(&learner.post("/v1/events", &batch(&[event])).json()), ["stored"]);
    }
    assert_eq!(learner.get("/v1/me/progress").status, 200);
}

#[test]
fn sixty_four_senders_of_one_event_make_one_entry() {
    let service = Service::with_demo();
    let learner = service.learner(1);
    let event = completed("gate");
    let rival = |number: u32| {
        let mut rival = event.clone();
        rival["kind"]["dwell_secs"] = json!(f64::from(number));
        rival
    };
    let send = |event: Value| {
        let learner = learner.clone();
        thread::spawn(move || results(&learner.post("/v1/events", &batch(&[event])).json()))
    };
    let same: Vec<_> = (0..32).map(|_| send(event.clone())).collect();
    let outcomes: Vec<String> = same.into_iter().flat_map(|sent| sent.join().expect("an answer")).collect();
    assert_eq!(outcomes.iter().filter(|outcome| *outcome == "stored").count(), 1);
    assert_eq!(outcomes.iter().filter(|outcome| *outcome == "duplicate").count(), 31);
    let fresh = completed("well");
    let contested = |number: u32| {
        let mut contested = rival(number);
        contested["id"] = fresh["id"].clone();
        contested
    };
    let different: Vec<_> = (0..32).map(|number| send(contested(number))).collect();
    let outcomes: Vec<String> = different.into_iter().flat_map(|sent| sent.join().expect("an answer")).collect();
    assert_eq!(outcomes.iter().filter(|outcome| *outcome == "stored").count(), 1);
    assert_eq!(outcomes.iter().filter(|outcome| *outcome == "conflict").count(), 31);
}

#[test]
fn an_answer_is_judged_with_its_reason_and_only_after_it_is_given() {
    let service = Service::with_demo();
    let learner = service.learner(1);
    let course = learner.get("/v1/courses/hill.path");
    assert_eq!(course.json()["questions"].as_array().map(Vec::len), Some(2));
    assert!(!course.text().contains("because"), "no key is told with the question");
    let wrong = learner.post("/v1/quizzes/hill.gate/attempts", &answered("gate", 0)).json();
    assert_eq!(wrong["grade"]["right"], false);
    assert_eq!(wrong["grade"]["explanation"]["en"], "because");
    assert_eq!(wrong["grade"]["source"]["en"], "Book");
    let attempt = answered("gate", RIGHT);
    let right = learner.post("/v1/quizzes/hill.gate/attempts", &attempt).json();
    assert_eq!((right["grade"]["right"].clone(), right["receipt"]["result"].clone()), (json!(true), json!("stored")));
    let again = learner.post("/v1/quizzes/hill.gate/attempts", &attempt).json();
    assert_eq!(
        (again["grade"].clone(), again["receipt"]["result"].clone()),
        (right["grade"].clone(), json!("duplicate"))
    );
    let graded = learner.post("/v1/events", &batch(&[answered("well", RIGHT)])).json();
    assert_eq!(graded["receipts"][0]["grade"]["right"], true);
}

#[test]
fn an_attempt_must_be_an_answer_to_that_question() {
    let service = Service::with_demo();
    let learner = service.learner(1);
    let attempt = answered("gate", RIGHT);
    for (path, body, status) in [
        ("/v1/quizzes/hill.well/attempts", attempt.clone(), 400),
        ("/v1/quizzes/hill.gate/attempts", completed("gate"), 400),
        ("/v1/quizzes/hill.gate/attempts", json!([]), 400),
        ("/v1/quizzes/hill.nowhere/attempts", attempt.clone(), 404),
        ("/v1/quizzes/hill/attempts", attempt.clone(), 404),
        ("/v1/quizzes/hill.gate/attempts", answered("gate", 9), 422),
    ] {
        assert_eq!(learner.post(path, &body).status, status, "{path} {body}");
    }
    learner.post("/v1/quizzes/hill.gate/attempts", &attempt);
    let mut other = attempt;
    other["kind"]["choice"] = json!(0);
    assert_eq!(learner.post("/v1/quizzes/hill.gate/attempts", &other).status, 409);
}

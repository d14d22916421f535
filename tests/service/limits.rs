//! What is too much, too odd, or from elsewhere.

use super::fixture::{alone, answered, batch};
use super::house::Service;
use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

const JSON: (&str, &str) = ("content-type", "application/json");

#[test]
fn a_batch_has_one_to_five_hundred_items() {
    let service = Service::with_demo();
    let learner = service.learner(1);
    let many = |count: usize| batch(&(0..count).map(|_| answered("gate", 0)).collect::<Vec<Value>>());
    assert_eq!(learner.post("/v1/events", &many(0)).status, 400);
    assert_eq!(learner.post("/v1/events", &many(501)).status, 413);
    let all = learner.post("/v1/events", &many(500));
    assert_eq!((all.status, all.json()["receipts"].as_array().map(Vec::len)), (200, Some(500)));
}

#[test]
fn a_body_beyond_two_mebibytes_is_refused_and_said_so() {
    let service = Service::with_demo();
    let learner = service.learner(1);
    let body = vec![b' '; checkpoint::routes::MOST_BODY_BYTES + 1];
    let answer = learner.send("POST", "/v1/events", &[JSON], &body);
    assert_eq!(answer.status, 413);
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
}

#[test]
fn an_envelope_that_cannot_be_read_is_a_problem_in_both_languages() {
    let service = Service::with_demo();
    let learner = service.learner(1);
    let bodies: [&[u8]; 8] = [
        b"",
        b"{",
        b"[]",
        b"{\"events\":{}}",
        b"{\"events\":null}",
        b"\xff\xfe",
        b"{\"events\":[1e400],\"events\":[]}",
        b"{\"events\":[\"\\ud800\"",
    ];
    for body in bodies {
        let answer = learner.send("POST", "/v1/events", &[JSON], body);
        assert_eq!(answer.status, 400, "{}", String::from_utf8_lossy(&body[..body.len().min(40)]));
        let problem = answer.json();
        assert!(
            problem["words"]["zh"].is_string() && problem["words"]["en"].is_string() && problem["type"].is_string()
        );
        assert_eq!(problem["status"], 400);
    }
}

#[test]
fn an_odd_item_is_rejected_alone() {
    let service = Service::with_demo();
    let learner = service.learner(1);
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    let long = format!("\"{}\"", "x".repeat(65 * 1024));
    for item in [
        &deep,
        &long,
        "1e400",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "{\"id\":1,\"id\":2}",
        "-0",
        "18446744073709551616",
        "[[[[]]]]",
    ] {
        let answer = learner.send("POST", "/v1/events", &[JSON], format!("{{\"events\":[{item}]}}").as_bytes());
        assert_eq!(answer.status, 200, "{:.40}: {}", item, answer.text());
        assert_eq!(answer.json()["receipts"][0]["code"], "malformed", "{item:.40}");
    }
}

#[test]
fn only_json_is_read() {
    let service = Service::with_demo();
    let body = batch(&[answered("gate", 0)]).to_string();
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""] {
        let answer = service.learner(1).send("POST", "/v1/events", &[("content-type", kind)], body.as_bytes());
        assert_eq!(answer.status, 415, "{kind}");
    }
}

#[test]
fn a_write_from_another_site_is_not_carried_out() {
    let service = Service::with_demo();
    let learner = service.learner(1);
    let body = batch(&[answered("gate", 0)]).to_string();
    for foreign in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let answer = learner.send("POST", "/v1/events", &[JSON, foreign], body.as_bytes());
        assert_eq!(
            (answer.status, answer.json()["type"].clone()),
            (403, "/problems/foreign-origin".into()),
            "{foreign:?}"
        );
    }
    assert_eq!(learner.get("/v1/me/progress").json()["walks"], Value::Array(Vec::new()));
}

#[test]
fn who_never_finishes_asking_is_not_waited_for() {
    let service = Service::patient_for(Duration::from_millis(200));
    let slow = |start: &str| {
        let mut stream = TcpStream::connect(service.address).expect("a connection");
        stream.write_all(start.as_bytes()).expect("written");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the service ends it");
        answer
    };
    assert!(!slow("GET /zh/ HTTP/1.1\r\nhost: x\r\nx-slow: ").contains(" 200 "));
    let head = "POST /v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    assert!(slow(head).starts_with("HTTP/1.1 408 "));
    assert_eq!(service.stranger().get("/zh/").status, 200);
}

#[test]
fn the_address_of_a_problem_leads_to_its_explanation() {
    let service = Service::empty();
    let problem = service.stranger().get("/v1/session").json();
    let address = problem["type"].as_str().expect("an address").to_owned();
    let page = service.stranger().get(&address);
    assert!(page.status == 200 && page.text().contains("尚未登录"));
    assert_eq!(service.stranger().get("/problems/nothing").status, 404);
}

#[test]
fn one_account_that_writes_without_end_is_asked_to_wait_and_no_other_is() {
    let service = Service::with_demo();
    let (busy, other) = (service.learner(1), service.learner(2));
    let answer = || busy.post("/v1/events", &alone(&answered("gate", 0)));
    for _ in 0..100 {
        assert_eq!(answer().status, 200);
    }
    let refused = answer();
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("1")));
    let attempt = answered("gate", 0);
    assert_eq!(busy.post("/v1/quizzes/hill.gate/attempts", &attempt).status, 429, "by whichever way");
    assert_eq!(other.post("/v1/events", &alone(&answered("gate", 0))).status, 200);
    assert_eq!(busy.get("/v1/me/progress").status, 200, "reading goes on");
    let trainer = service.trainer();
    let token = super::desk::token(&trainer.get("/desk/people").text()).expect("a form");
    let decide = || trainer.form("/desk/decide", &[("token", &token), ("decision", "confirm")]);
    for _ in 0..100 {
        assert_eq!(decide().status, 422, "no walk was chosen");
    }
    let refused = decide();
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("1")), "the desk writes at the same pace");
    assert!(refused.text().contains("<h1>未能完成</h1>"));
    service.pass_ms(1_000);
    assert_eq!(busy.post("/v1/quizzes/hill.gate/attempts", &attempt).status, 200);
}

//! The description of the interface, held to what the service really answers.

mod halls;

use super::ailing::Ailment;
use super::client::{Answer, Client};
use super::fixture::{RIGHT, alone, answered, batch, completed, whole_walk};
use super::house::Service;
use super::pairing::Terminal;
use super::schema::{misfits, resolved};
use checkpoint::demo::PEOPLE;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;

const JSON: (&str, &str) = ("content-type", "application/json");
const FOREIGN: (&str, &str) = ("origin", "https://evil.example");

/// The description as it is served.
pub fn description() -> Value {
    serde_json::from_str(checkpoint::api::OPENAPI).expect("the description is JSON")
}

/// Every operation: its method, its address and what is said of it.
pub fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let of_path = |(path, methods): (&String, &Value)| {
        let methods = methods.as_object().expect("methods").clone();
        methods.into_iter().map(|(method, said)| (method.to_uppercase(), path.clone(), said)).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of_path).collect()
}

/// Hears every answer and holds it to the description.
struct Hearing {
    document: Value,
    heard: BTreeSet<(String, String)>,
}

impl Hearing {
    fn hear(&mut self, method: &str, template: &str, answer: &Answer) {
        let at = format!("{method} {template} {}", answer.status);
        let operation = &self.document["paths"][template][method.to_lowercase()];
        let listed = &operation["responses"][answer.status.to_string()];
        let response = listed["$ref"].as_str().map_or(listed, |reference| resolved(&self.document, reference));
        assert!(response.is_object(), "{at} is not described: {}", answer.text());
        for name in response["headers"].as_object().into_iter().flatten().map(|(name, _)| name) {
            assert!(answer.header(name).is_some(), "{at}: without the header {name}");
        }
        self.heard.insert((format!("{method} {template}"), answer.status.to_string()));
        if answer.body.is_empty() {
            assert!(response.get("content").is_none(), "{at}: nothing where something is described");
            return;
        }
        let kind = answer.header("content-type").and_then(|kind| kind.split(';').next()).unwrap_or_default();
        let content = &response["content"][kind];
        assert!(content.is_object(), "{at}: {kind} is not described");
        if kind.ends_with("json") {
            let found = misfits(&self.document, &content["schema"], &answer.json());
            assert!(found.is_empty(), "{at}: {found:?} in {}", answer.text());
        }
    }

    /// Asks and hears; what comes is what was expected.
    fn ask(&mut self, who: &Client, asked: (&str, &str, &str), headers: &[(&str, &str)], body: &[u8], expected: u16) {
        let (method, template, path) = asked;
        let answer = who.send(method, path, headers, body);
        assert_eq!(answer.status, expected, "{method} {path}: {}", answer.text());
        self.hear(method, template, &answer);
    }
}

const SESSION: &str = "/v1/session";
const EVENTS: &str = "/v1/events";
const PROGRESS: &str = "/v1/me/progress";
const PROVIDERS: &str = "/v1/providers";
const COURSE: &str = "/v1/courses/{id}";
const QUIZ: &str = "/v1/quizzes/{id}/attempts";
const APPEAL: &str = "/v1/walks/{id}/appeal";
const APPEAL_HERE: &str = "/v1/walks/hill.path/appeal";
const GATE: &str = "/v1/quizzes/hill.gate/attempts";

/// What every write answers to what it does not take, whoever asks.
fn hostile_writes(hearing: &mut Hearing, service: &Service) {
    let stranger = service.stranger();
    let impatient = Service::patient_for(Duration::from_millis(200));
    let long = vec![b' '; checkpoint::routes::MOST_BODY_BYTES + 1];
    for (method, template, path) in [
        ("POST", SESSION, SESSION),
        ("DELETE", SESSION, SESSION),
        ("POST", EVENTS, EVENTS),
        ("POST", QUIZ, GATE),
        ("POST", APPEAL, APPEAL_HERE),
        ("POST", "/v1/device/code", "/v1/device/code"),
        ("POST", "/v1/device/token", "/v1/device/token"),
        ("DELETE", "/v1/device/token", "/v1/device/token"),
        ("POST", "/v1/device/approve", "/v1/device/approve"),
        ("POST", "/v1/kiosk/visits", "/v1/kiosk/visits"),
    ] {
        let asked = (method, template, path);
        hearing.ask(&stranger, asked, &[JSON, FOREIGN], b"{}", 403);
        hearing.ask(&stranger, asked, &[JSON], &long, 413);
        let broken = stranger.send_raw(method, path, &[JSON, ("transfer-encoding", "chunked")], b"no chunk\r\n");
        assert_eq!(broken.status, 400);
        hearing.hear(method, template, &broken);
        let slow = impatient.stranger().send_raw(method, path, &[JSON, ("content-length", "100")], b"{");
        assert_eq!(slow.status, 408);
        hearing.hear(method, template, &slow);
    }
}

fn sessions(hearing: &mut Hearing, service: &Service) {
    let (stranger, learner) = (service.stranger(), &PEOPLE[1]);
    let signing_in = ("POST", SESSION, SESSION);
    let sign_in = |code: &str, pin: &str| json!({ "code": code, "pin": pin }).to_string().into_bytes();
    let good = sign_in(learner.code, learner.pin);
    hearing.ask(&stranger, signing_in, &[JSON], &good, 200);
    hearing.ask(&stranger, signing_in, &[JSON], b"[]", 400);
    hearing.ask(&stranger, signing_in, &[], &good, 415);
    hearing.ask(&stranger, signing_in, &[JSON], &sign_in("x", "y"), 422);
    for expected in [401, 401, 401, 401, 429] {
        hearing.ask(&stranger, signing_in, &[JSON], &sign_in("ZZZZ-ZZZZ", "000001"), expected);
    }
    let signed_in = service.learner(1);
    hearing.ask(&signed_in, ("GET", SESSION, SESSION), &[], b"", 200);
    hearing.ask(&stranger, ("GET", SESSION, SESSION), &[], b"", 401);
    hearing.ask(&stranger, ("DELETE", SESSION, SESSION), &[], b"", 204);
    for (ailment, reading, writing) in [(Ailment::Refuses, Some(503), 503), (Ailment::Full, None, 507)] {
        service.store.ails(ailment);
        hearing.ask(&stranger, signing_in, &[JSON], &good, writing);
        hearing.ask(&signed_in, ("DELETE", SESSION, SESSION), &[], b"", writing);
        if let Some(reading) = reading {
            hearing.ask(&signed_in, ("GET", SESSION, SESSION), &[], b"", reading);
        }
        service.store.ails(Ailment::None);
    }
    hearing.ask(&signed_in, ("DELETE", SESSION, SESSION), &[], b"", 204);
    hearing.ask(&stranger, ("GET", PROVIDERS, PROVIDERS), &[], b"", 200);
}

fn records(hearing: &mut Hearing, service: &Service) {
    let (stranger, learner) = (service.stranger(), service.learner(1));
    let (events, quiz) = (("POST", EVENTS, EVENTS), ("POST", QUIZ, GATE));
    let body = |value: &Value| value.to_string().into_bytes();
    let progress = ("GET", PROGRESS, PROGRESS);
    hearing.ask(&learner, progress, &[], b"", 200);
    hearing.ask(&stranger, progress, &[], b"", 401);
    // Every kind of receipt there is.
    let walk = whole_walk();
    let mut other = walk[0].clone();
    other["kind"]["dwell_secs"] = json!(46.0);
    hearing.ask(&learner, events, &[JSON], &body(&batch(&walk)), 200);
    let mixed = [walk[1].clone(), other.clone(), json!(7), answered("gate", 9), walk[1].clone()];
    hearing.ask(&learner, events, &[JSON], &body(&batch(&mixed)), 200);
    hearing.ask(&learner, progress, &[], b"", 200);
    super::desk::decide(&service.trainer(), "return", "再走一遍", &[]);
    hearing.ask(&learner, progress, &[], b"", 200);
    hearing.ask(&learner, events, &[JSON], b"{\"events\":[]}", 400);
    hearing.ask(&learner, events, &[("content-type", "text/plain")], b"{}", 415);
    hearing.ask(&stranger, events, &[JSON], &body(&batch(&walk)), 401);
    let attempt = answered("gate", RIGHT);
    for _ in 0..2 {
        hearing.ask(&learner, quiz, &[JSON], &body(&attempt), 200);
    }
    let mut rival = attempt.clone();
    rival["kind"]["choice"] = json!(0);
    hearing.ask(&learner, quiz, &[JSON], &body(&rival), 409);
    hearing.ask(&learner, quiz, &[JSON], &body(&answered("gate", 9)), 422);
    hearing.ask(&learner, quiz, &[JSON], &body(&completed("gate")), 400);
    hearing.ask(&learner, quiz, &[], &body(&attempt), 415);
    hearing.ask(&stranger, quiz, &[JSON], &body(&attempt), 401);
    for path in ["/v1/quizzes/hill.nowhere/attempts", "/v1/quizzes/hill/attempts", "/v1/quizzes/%ff.gate/attempts"] {
        hearing.ask(&learner, ("POST", QUIZ, path), &[JSON], &body(&attempt), 404);
    }
    for (ailment, expected) in [(Ailment::Refuses, 503), (Ailment::Full, 507)] {
        service.store.ails(ailment);
        hearing.ask(&learner, events, &[JSON], &body(&alone(&answered("gate", 0))), expected);
        hearing.ask(&learner, quiz, &[JSON], &body(&answered("gate", 0)), expected);
        if ailment == Ailment::Refuses {
            hearing.ask(&learner, progress, &[], b"", 503);
            hearing.ask(&stranger, ("GET", "/readyz", "/readyz"), &[], b"", 503);
        }
        service.store.ails(Ailment::None);
    }
    // The clock stands still, so that a minute's writes run out for sure.
    while learner.post(EVENTS, &alone(&answered("gate", 0))).status == 200 {}
    hearing.ask(&learner, events, &[JSON], &body(&alone(&answered("gate", 0))), 429);
    hearing.ask(&learner, quiz, &[JSON], &body(&answered("gate", 0)), 429);
}

/// Appealing, to the end of what it answers.
fn appeals(hearing: &mut Hearing, service: &Service) {
    let (learner, _) = service.person(protocol::api::Role::Learner, "appeals", Some(service.demo_unit()));
    let asked = ("POST", APPEAL, APPEAL_HERE);
    let body = |reason: &str| json!({ "id": uuid::Uuid::now_v7(), "reason": reason }).to_string().into_bytes();
    learner.post(EVENTS, &batch(&whole_walk()));
    hearing.ask(&learner, asked, &[JSON], &body("x"), 409);
    super::desk::decide(&service.trainer(), "return", "再走一遍", &[]);
    hearing.ask(&learner, ("GET", PROGRESS, PROGRESS), &[], b"", 200);
    hearing.ask(&learner, asked, &[JSON], b"[]", 400);
    hearing.ask(&learner, asked, &[], &body("x"), 415);
    hearing.ask(&learner, asked, &[JSON], &body(" "), 422);
    hearing.ask(&service.stranger(), asked, &[JSON], &body("x"), 401);
    hearing.ask(&learner, ("POST", APPEAL, "/v1/walks/hill.nowhere/appeal"), &[JSON], &body("x"), 404);
    for (ailment, expected) in [(Ailment::Refuses, 503), (Ailment::Full, 507)] {
        service.store.ails(ailment);
        hearing.ask(&learner, asked, &[JSON], &body("x"), expected);
        service.store.ails(Ailment::None);
    }
    hearing.ask(&learner, asked, &[JSON], &body("x"), 200);
    while learner.post(APPEAL_HERE, &json!([])).status != 429 {}
    hearing.ask(&learner, asked, &[JSON], &body("x"), 429);
}

/// A kiosk and a learner, to the end of what each of them is answered.
fn kiosks(hearing: &mut Hearing, service: &Service) {
    const CODE: &str = "/v1/device/code";
    const TOKEN: &str = "/v1/device/token";
    const APPROVE: &str = "/v1/device/approve";
    let (kiosk, learner, stranger) = (Terminal::enrolled(service, "one"), service.learner(3), service.stranger());
    let shown = kiosk.ask();
    hearing.hear("POST", CODE, &kiosk.form(CODE, &[]));
    hearing.hear("POST", CODE, &kiosk.form(CODE, &[("client_id", "twice")]));
    hearing.ask(&stranger, ("POST", CODE, CODE), &[], b"", 401);
    hearing.ask(&stranger, ("POST", TOKEN, TOKEN), &[], b"", 401);
    hearing.hear("POST", TOKEN, &kiosk.poll(&shown));
    let shown = kiosk.ask();
    let seen = format!("{APPROVE}?user_code={}", shown.user_code);
    hearing.ask(&learner, ("GET", APPROVE, &seen), &[], b"", 200);
    hearing.ask(&stranger, ("GET", APPROVE, &seen), &[], b"", 401);
    hearing.ask(&learner, ("GET", APPROVE, "/v1/device/approve?user_code=AEIO"), &[], b"", 422);
    let decision = |code: &str, accept: bool| {
        json!({ "user_code": code, "kiosk": kiosk.id, "accept": accept }).to_string().into_bytes()
    };
    let deciding = ("POST", APPROVE, APPROVE);
    let good = decision(&shown.user_code, true);
    hearing.ask(&stranger, deciding, &[JSON], &good, 401);
    hearing.ask(&learner, deciding, &[JSON], b"{}", 400);
    hearing.ask(&learner, deciding, &[], &good, 415);
    hearing.ask(&learner, deciding, &[JSON], &decision("AEIO", true), 422);
    for (ailment, expected) in [(Ailment::Refuses, 503), (Ailment::Full, 507)] {
        service.store.ails(ailment);
        let full = ailment == Ailment::Full;
        if !full {
            hearing.ask(&learner, ("GET", APPROVE, &seen), &[], b"", expected);
            hearing.ask(&learner, deciding, &[JSON], &good, expected);
        }
        hearing.hear("POST", CODE, &kiosk.form(CODE, &[]));
        hearing.hear("POST", TOKEN, &kiosk.poll(&shown));
        if full {
            hearing.ask(&learner, ("GET", APPROVE, &seen), &[], b"", expected);
            hearing.ask(&learner, deciding, &[JSON], &good, expected);
        }
        service.store.ails(Ailment::None);
    }
    hearing.ask(&learner, deciding, &[JSON], &good, 200);
    hearing.ask(&learner, deciding, &[JSON], &decision(&shown.user_code, false), 409);
    let begun = kiosk.poll(&shown);
    hearing.hear("POST", TOKEN, &begun);
    let paired = stranger.clone().with_bearer(begun.json()["access_token"].as_str().expect("a token"));
    hearing.ask(&paired, ("GET", TOKEN, TOKEN), &[], b"", 200);
    for (ailment, expected) in [(Ailment::Refuses, 503), (Ailment::Full, 507)] {
        service.store.ails(ailment);
        hearing.ask(&paired, ("GET", TOKEN, TOKEN), &[], b"", expected);
        hearing.ask(&paired, ("DELETE", TOKEN, TOKEN), &[], b"", expected);
        service.store.ails(Ailment::None);
    }
    hearing.ask(&paired, ("DELETE", TOKEN, TOKEN), &[], b"", 204);
    hearing.ask(&paired, ("DELETE", TOKEN, TOKEN), &[], b"", 401);
    hearing.ask(&paired, ("GET", TOKEN, TOKEN), &[], b"", 401);
    for _ in 0..4 {
        hearing.ask(&learner, ("GET", APPROVE, "/v1/device/approve?user_code=ZZZZ-ZZZZ"), &[], b"", 404);
    }
    hearing.ask(&learner, ("GET", APPROVE, "/v1/device/approve?user_code=ZZZZ-ZZZZ"), &[], b"", 429);
    hearing.ask(&learner, deciding, &[JSON], &good, 429);
    hearing.ask(&service.learner(2), deciding, &[JSON], &decision("ZZZZ-ZZZZ", true), 404);
    // The clock stands still, so that a minute's questions run out for sure.
    while kiosk.form(CODE, &[]).status == 200 {}
    hearing.hear("POST", CODE, &kiosk.form(CODE, &[]));
    hearing.hear("POST", TOKEN, &kiosk.poll(&shown));
}

/// What proves the history, and who may ask for it.
fn history(hearing: &mut Hearing, service: &Service) {
    let (stranger, learner) = (service.stranger(), service.learner(2));
    let event = completed("gate");
    learner.post(EVENTS, &alone(&event));
    let own = format!("/v1/events/{}/proof", event["id"].as_str().expect("an id"));
    let proof = ("GET", "/v1/events/{id}/proof", &*own);
    hearing.ask(&learner, proof, &[], b"", 200);
    hearing.ask(&stranger, proof, &[], b"", 401);
    hearing.ask(&service.learner(3), proof, &[], b"", 404);
    let (tile, checkpoint) = ("/v1/log/tile/{level}/{index}", "/v1/log/checkpoint");
    let grown = "/v1/log/consistency/{from}";
    let open = [
        ("GET", checkpoint, checkpoint),
        ("GET", "/v1/log/key", "/v1/log/key"),
        ("GET", tile, "/v1/log/tile/0/000.p/1"),
        ("GET", grown, "/v1/log/consistency/1"),
    ];
    for asked in open {
        hearing.ask(&stranger, asked, &[], b"", 200);
    }
    hearing.ask(&stranger, ("GET", tile, "/v1/log/tile/entries/000"), &[], b"", 404);
    hearing.ask(&stranger, ("GET", grown, "/v1/log/consistency/999999999"), &[], b"", 404);
    let credential = ("GET", "/v1/credentials/{id}", &*confirmed(service));
    let list = "/v1/credentials/status/{list}";
    hearing.ask(&learner, credential, &[], b"", 200);
    hearing.ask(&stranger, credential, &[], b"", 401);
    hearing.ask(&service.learner(3), credential, &[], b"", 404);
    hearing.ask(&stranger, ("GET", list, "/v1/credentials/status/0"), &[], b"", 200);
    hearing.ask(&stranger, ("GET", list, "/v1/credentials/status/1"), &[], b"", 404);
    let listed = ("GET", list, "/v1/credentials/status/0");
    service.store.ails(Ailment::Refuses);
    for asked in open.into_iter().chain([proof, credential, listed]) {
        hearing.ask(&learner, asked, &[], b"", 503);
    }
    service.store.ails(Ailment::None);
}

/// Where the credential of a confirmed walk is.
fn confirmed(service: &Service) -> String {
    let learner = service.learner(2);
    learner.post(EVENTS, &batch(&whole_walk()));
    super::desk::decide(&service.trainer(), "confirm", "", &[]);
    let page = learner.get("/certificates/hill.path").text();
    let id = page.split("href=\"/v1/credentials/").nth(1).and_then(|rest| rest.split('"').next());
    format!("/v1/credentials/{}", id.expect("a credential"))
}

#[test]
fn every_answer_that_comes_is_described_and_every_described_one_comes() {
    let service = Service::with_demo();
    let mut hearing = Hearing { document: description(), heard: BTreeSet::new() };
    hostile_writes(&mut hearing, &service);
    sessions(&mut hearing, &service);
    records(&mut hearing, &service);
    history(&mut hearing, &service);
    appeals(&mut hearing, &service);
    kiosks(&mut hearing, &service);
    halls::deliveries(&mut hearing, &service);
    let stranger = service.stranger();
    let course = stranger.get("/v1/courses/hill.path");
    hearing.hear("GET", COURSE, &course);
    let tag = course.header("etag").expect("a tag").to_owned();
    hearing.ask(&stranger, ("GET", COURSE, "/v1/courses/hill.path"), &[("if-none-match", &tag)], b"", 304);
    for path in
        ["/v1/courses/hill.nowhere", "/v1/courses/hill", "/v1/courses/%ff", "/v1/courses/..%2f..", "/v1/courses/a.b.c"]
    {
        hearing.ask(&stranger, ("GET", COURSE, path), &[], b"", 404);
    }
    for path in ["/v1/openapi.json", "/healthz", "/readyz", "/metrics"] {
        hearing.ask(&stranger, ("GET", path, path), &[], b"", 200);
    }
    let mut described = BTreeSet::new();
    for (method, path, said) in operations(&hearing.document) {
        described.extend(
            said["responses"]
                .as_object()
                .expect("responses")
                .keys()
                .map(|status| (format!("{method} {path}"), status.clone())),
        );
    }
    // What needs no store is late only on a machine that stands still.
    for path in [COURSE, PROVIDERS, "/v1/openapi.json", "/healthz", "/metrics"] {
        hearing.heard.insert((format!("GET {path}"), "503".to_owned()));
    }
    assert_eq!(hearing.heard, described);
}

#[test]
fn what_devices_send_fits_what_is_described() {
    let document = description();
    let mut fixed = completed("gate");
    fixed["kind"]["proof"] = json!({ "method": "fix", "accuracy_m": 8.0, "dwell_secs": 44.0, "fixes": 2, "ignored": 7, "jumps": 0, "datum": "gcj02", "distinct": 2, "trace": "0123456789abcdef" });
    let mut coded = completed("gate");
    coded["kind"]["proof"] = json!({ "method": "code", "code": "BCDF-GHJK" });
    coded["kind"]["further"] = json!([
        { "method": "rotating", "code": "042917", "read_at_ms": 1 },
        { "method": "tag", "picc_data": "EF96", "cmac": "94EE", "read_at_ms": 1 },
        { "method": "question", "answer": "十三" },
    ]);
    let mut sent = batch(&[completed("gate"), answered("well", 1), fixed, coded]);
    sent["sent_at_ms"] = json!(1);
    assert_eq!(misfits(&document, &document["components"]["schemas"]["Batch"], &sent), Vec::<String>::new());
    let mut forged = completed("gate");
    forged["kind"]["proof"] = json!({ "method": "trainer" });
    assert!(!misfits(&document, &document["components"]["schemas"]["Batch"], &batch(&[forged])).is_empty());
}

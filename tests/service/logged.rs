//! What an operator is told while the service runs: all that went on, and nothing about anyone.

use super::client::Client;
use super::desk::token;
use super::fixture::{batch, completed, lay_out, whole_walk};
use super::program::{begun, command, stop};
use checkpoint::demo::PEOPLE;
use serde_json::{Value, json};
use std::fs::File;
use uuid::Uuid;

/// A whole visit, from the first sign-in to the credit, and what an admin does beside it. Gives back every word that
/// nobody else may learn.
fn visit(learner: &Client, trainer: &Client, admin: &Client) -> Vec<String> {
    let mut events = whole_walk();
    let mut fixed = completed("gate");
    fixed["kind"]["proof"] =
        json!({ "method": "fix", "accuracy_m": 8.25, "dwell_secs": 44.0, "fixes": 3, "ignored": 0, "datum": "wgs84" });
    let mut coded = completed("well");
    coded["kind"]["proof"] = json!({ "method": "code", "code": "KXKX-WZWZ" });
    events.extend([fixed, coded, json!({ "id": "not an id", "name": "王五" })]);
    assert_eq!(learner.post("/v1/events", &batch(&events)).status, 200);
    let who = learner.get("/v1/session").json()["person"].as_str().expect("an id").to_owned();
    let page = trainer.get(&format!("/desk/walks/{who}/hill.path?note=%E7%8E%8B%E4%BA%94")).text();
    let token = token(&page).expect("a form");
    let note = [("token", &*token), ("decision", "return"), ("note", "王五，身份证 110101")];
    assert!(trainer.form("/desk/decide", &note).status < 500);
    assert_eq!(admin.get("/desk/people?name=%E7%A4%BA%E4%BE%8B").status, 200);
    let id = events[0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(learner.get(&format!("/v1/events/{id}/proof")).status, 200);
    assert_eq!(learner.get("/zh/?person=LRNR-BCDF").status, 200);
    assert_eq!(learner.get(&format!("/nothing/{who}")).status, 404);
    let secret = ["王五", "110101", "KXKX", "kxkx", "8.25", "not an id", "%E7%8E%8B"].map(str::to_owned);
    secret.into_iter().chain([who, id, token, learner.cookie().expect("a session").replace("retrace=", "")]).collect()
}

#[test]
fn the_log_of_a_whole_visit_tells_what_went_on_and_nothing_of_anyone() {
    let folder = tempfile::tempdir().expect("a folder");
    lay_out(folder.path());
    let file = folder.path().join("log");
    let mut logged = command(folder.path(), "127.0.0.1:0");
    logged.args(["--log", "json"]).stderr(File::create(&file).expect("a file"));
    let (child, address) = begun(&mut logged);
    let address = address.expect("it starts");
    let stranger = Client::new(address);
    let [trainer, learner, admin] =
        [0, 1, 4].map(|number| stranger.clone().signed_in(PEOPLE[number].code, PEOPLE[number].pin));
    let wrong = json!({ "code": PEOPLE[2].code, "pin": "000001" });
    assert_eq!(stranger.post("/v1/session", &wrong).status, 401);
    let mut secret = visit(&learner, &trainer, &admin);
    secret.extend(["127.0.0.1".to_owned(), "000001".to_owned()]);
    for person in &PEOPLE {
        secret.extend([person.name, person.code, person.pin].map(str::to_owned));
    }
    stop(child);
    let log = std::fs::read_to_string(&file).expect("a log");
    let mut answers: Vec<Value> =
        log.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect();
    let keys = ["timestamp", "level", "message", "method", "route", "status", "ms"];
    for answer in &mut answers {
        let all = answer.as_object_mut().expect("an object");
        assert!(all.keys().all(|key| keys.contains(&key.as_str())), "{log}");
        // Digits that come and go by themselves.
        let [at, took] = ["timestamp", "ms"].map(|key| all.remove(key).unwrap_or_default());
        assert!(at.as_str().is_some_and(|at| at.ends_with('Z')) && (took.is_f64() || took.is_null()), "{log}");
    }
    let told = Value::from(answers.clone()).to_string();
    for word in &secret {
        assert!(!told.contains(word.as_str()), "{word} is in the log");
    }
    let has = |route: &str, status: u16| answers.iter().any(|each| each["route"] == route && each["status"] == status);
    assert!(has("/v1/session", 401) && has("/v1/events", 200) && has("/v1/events/{id}/proof", 200), "{log}");
    assert!(has("/desk/walks/{person}/{course}", 200) && has("file", 404), "patterns of addresses, never addresses");
    assert!(answers.iter().all(|each| Uuid::parse_str(each["route"].as_str().unwrap_or_default()).is_err()));
}

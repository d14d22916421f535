//! A trainer standing for what no device recorded.

use super::client::{Answer, Client};
use super::desk::{decide, tickets, token};
use super::fixture::{RIGHT, STATIONS, alone, answered, batch, completed, whole_walk};
use super::house::Service;
use protocol::api::Role;
use serde_json::{Value, json};
use uuid::Uuid;

const REASON: &str = "六月一日名单第三行";

pub fn page_of(learner: &Client) -> String {
    let person = learner.get("/v1/session").json()["person"].as_str().expect("an id").to_owned();
    format!("/desk/walks/{person}/hill.path")
}

fn id_in(page: &str) -> Option<&str> {
    page.split("name=\"id\" value=\"").nth(1)?.split('"').next()
}

/// Sends the form of the walk's page, with fields put in place of its own.
pub fn attest(trainer: &Client, walk: &str, fields: &[(&str, &str)]) -> Answer {
    let page = trainer.get(walk).text();
    let token = token(&page).or_else(|| token(&trainer.get("/desk/people").text())).unwrap_or_default();
    let fresh = Uuid::now_v7().to_string();
    let id = id_in(&page).unwrap_or(&fresh);
    let standard = [("token", &*token), ("id", id), ("basis", "list"), ("reason", REASON), ("scope", "all")];
    let own = standard.into_iter().filter(|(name, _)| fields.iter().all(|(other, _)| other != name));
    let all: Vec<(&str, &str)> = own.chain(fields.iter().copied()).collect();
    trainer.form(&format!("{walk}/attest"), &all)
}

fn progress(learner: &Client) -> Value {
    learner.get("/v1/me/progress").json()["walks"][0].clone()
}

fn became(answer: &Answer) -> Option<&str> {
    answer.header("location")?.split("attest=").nth(1)
}

#[test]
fn a_learner_without_a_phone_is_attested_answers_and_is_confirmed() {
    let service = Service::lenient();
    let (trainer, learner) = (service.trainer(), service.learner(1));
    let walk = page_of(&learner);
    assert!(trainer.get(&walk).text().contains("还没有任何记录"), "a walk not begun has its page too");
    assert_eq!(became(&attest(&trainer, &walk, &[])), Some("stands"));
    assert_eq!(progress(&learner)["state"], "underway", "the answers are still the learner's own");
    let answers = STATIONS.map(|station| answered(station, RIGHT));
    learner.post("/v1/events", &batch(&answers));
    assert_eq!(progress(&learner)["state"], "waiting");
    let page = trainer.get(&walk).text();
    for said in ["示例带训人 · 据纸质名单", REASON, "由带训人证明，非设备所记", "停留：由带训人证明", "实地"]
    {
        assert!(page.contains(said), "{said}");
    }
    let list = trainer.get("/desk/").text();
    assert!(list.contains("<span class=\"flag\">2</span>"), "both stations are flagged");
    let table = trainer.get("/desk/walks.csv?state=all").text();
    assert!(table.contains("\"2\",\"2\",\"2\",\"2\""), "met, all, attested, flags: {table}");
    decide(&trainer, "confirm", "", &tickets(&page));
    assert_eq!(progress(&learner)["state"], "confirmed");
    assert_eq!(became(&attest(&trainer, &walk, &[])), Some("changed"), "what is confirmed is not added to");
}

#[test]
fn an_attestation_counts_only_as_far_as_the_rule_says() {
    let service = Service::with_demo();
    let (trainer, learner) = (service.trainer(), service.learner(1));
    let answers = STATIONS.map(|station| answered(station, RIGHT));
    learner.post("/v1/events", &batch(&answers));
    assert_eq!(became(&attest(&trainer, &page_of(&learner), &[])), Some("stands"));
    assert_eq!(progress(&learner)["state"], "underway");
    assert!(trainer.get(&page_of(&learner)).text().contains("不以带训人证明代替"));
}

#[test]
fn single_stations_are_attested_and_the_same_form_attests_once() {
    let service = Service::lenient();
    let (trainer, learner) = (service.trainer(), service.learner(1));
    let walk = page_of(&learner);
    learner.post("/v1/events", &batch(&[completed("gate"), answered("gate", RIGHT), answered("well", RIGHT)]));
    let id = Uuid::now_v7().to_string();
    let fields = [("id", &*id), ("scope", "chosen"), ("station", "well"), ("basis", "present")];
    for _ in 0..2 {
        assert_eq!(became(&attest(&trainer, &walk, &fields)), Some("stands"));
    }
    assert_eq!(progress(&learner)["state"], "waiting");
    let page = trainer.get(&walk).text();
    assert_eq!(page.matches("本人在场 · ").count(), 2, "once in the evidence, once in the timeline");
    let other = [("id", &*id), ("scope", "all"), ("basis", "present")];
    assert_eq!(became(&attest(&trainer, &walk, &other)), Some("changed"), "another content needs another form");
}

#[test]
fn what_is_attested_wakes_a_returned_walk() {
    let service = Service::lenient();
    let (trainer, learner) = (service.trainer(), service.learner(1));
    learner.post("/v1/events", &batch(&whole_walk()));
    decide(&trainer, "return", "请说明", &[]);
    assert_eq!(progress(&learner)["state"], "returned");
    attest(&trainer, &page_of(&learner), &[]);
    assert_eq!(progress(&learner)["state"], "waiting");
}

#[test]
fn an_attestation_needs_ground_reason_and_stations_of_the_route() {
    let service = Service::lenient();
    let (trainer, learner) = (service.trainer(), service.learner(1));
    let walk = page_of(&learner);
    let long = "长".repeat(501);
    let refused: [(&[(&str, &str)], u16); 11] = [
        (&[("token", "x")], 403),
        (&[("id", "x")], 400),
        (&[("basis", "hearsay")], 400),
        (&[("scope", "")], 400),
        (&[("reason", " \r\n ")], 422),
        (&[("reason", &long)], 422),
        (&[("scope", "chosen")], 422),
        (&[("scope", "chosen"), ("station", "nowhere")], 400),
        (&[("scope", "chosen"), ("station", "../gate")], 400),
        (&[("scope", "chosen"), ("station", "gate"), ("station", "gate")], 400),
        (&[("scope", "chosen"), ("station", "gate"), ("station", "nowhere")], 400),
    ];
    for (fields, status) in refused {
        assert_eq!(attest(&trainer, &walk, fields).status, status, "{fields:?}");
    }
    for path in [walk.replace("hill.path", "hill.other"), walk.replace("hill.path", "hill")] {
        assert_eq!(attest(&trainer, &path, &[]).status, 404, "{path}");
    }
    assert_eq!(learner.get("/v1/me/progress").json()["walks"], json!([]));
}

#[test]
fn nobody_attests_for_themselves_for_another_unit_or_from_a_device() {
    let service = Service::lenient();
    let (trainer, learner) = (service.trainer(), service.learner(1));
    let own = page_of(&trainer);
    assert!(!trainer.get(&own).text().contains("scope"));
    assert_eq!(became(&attest(&trainer, &own, &[])), Some("own"));
    assert_eq!(attest(&learner, &own, &[]).status, 403);
    let (foreign, _) = service.person(Role::Admin, "foreign", None);
    assert_eq!(attest(&foreign, &page_of(&learner), &[]).status, 404);
    let mut forged = completed("gate");
    forged["kind"]["proof"] = json!({ "method": "trainer" });
    let receipt = learner.post("/v1/events", &alone(&forged)).json()["receipts"][0].clone();
    assert_eq!((receipt["result"].clone(), receipt["code"].clone()), (json!("rejected"), json!("out-of-range")));
    assert_eq!(learner.get("/v1/me/progress").json()["walks"], json!([]));
}

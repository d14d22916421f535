//! G7: the record leaves in standard form. Each entry of a real walk is a valid statement under `/xapi`.

use super::client::encoded;
use super::desk::{decide, page_of, tickets};
use super::fixture::{answered, batch, whole_walk};
use super::house::{Base, Service};
use super::program::tend_at;
use super::xapi::System;
use checkpoint::store::statements::Scope;
use checkpoint::xapi::{At, Edition, VOIDED, check};
use protocol::api::Role;
use serde_json::{Value, json};
use uuid::Uuid;

#[test]
fn g7_each_entry_of_a_real_walk_leaves_as_a_valid_statement_by_every_filter() {
    Base::ALL.into_iter().for_each(leaves);
}

/// A walk that is completed, confirmed, taken back, returned, appealed and confirmed by another trainer.
pub fn walked(service: &Service) -> Vec<Value> {
    let (learner, first) = (service.learner(1), service.trainer());
    let (second, _) = service.person(Role::Trainer, "second", Some(service.demo_unit()));
    let mut events = whole_walk();
    events.push(answered("gate", 0));
    assert_eq!(learner.post("/v1/events", &batch(&events)).status, 200);
    let alone = |trainer: &super::client::Client, what: &str, note: &str| {
        let chosen = tickets(&trainer.get(&page_of(&learner)).text());
        assert_eq!(decide(trainer, what, note, &chosen).status, 303, "{what}");
    };
    alone(&first, "confirm", "");
    alone(&first, "reopen", "看错了人");
    alone(&first, "return", "停留不足");
    let appeal = json!({ "id": Uuid::now_v7(), "reason": "我当时在井边" });
    assert_eq!(learner.post("/v1/walks/hill.path/appeal", &appeal).status, 200);
    alone(&second, "confirm", "核对无误");
    events
}

fn leaves(base: Base) {
    let service = Service::with_demo_on(base);
    let events = walked(&service);
    let unit = service.demo_unit();
    let person: Uuid =
        service.learner(1).get("/v1/session").json()["person"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    let log = service.runtime.block_on(service.app.store.log_of(person)).expect("read");
    let mut system = System::of(&service, unit, Scope::Read);
    let home = format!("http://{}", service.address);
    let kinds: Vec<&str> = log.iter().map(|entry| entry.said.kind.code()).collect();
    assert_eq!(kinds[events.len()..], ["confirmed", "reopened", "returned", "appealed", "confirmed"]);
    let mut all = Vec::new();
    for (edition, version) in [(Edition::One, "1.0.3"), (Edition::Two, "2.0.0")] {
        system.version = version;
        all.clear();
        for entry in &log {
            let id = entry.said.id;
            // The confirmation that was taken back is found as such and in no list.
            let is_voided = entry.seq == log[events.len()].seq;
            let name = if is_voided { "voidedStatementId" } else { "statementId" };
            let answer = system.get(&format!("/statements?{name}={id}"));
            assert_eq!(answer.status, 200, "{}: {}", entry.said.kind.code(), answer.text());
            let statement = answer.json();
            assert_eq!(check::statement(&At::whole(&statement), edition), Ok(()), "{statement}");
            assert_eq!(statement["id"], json!(id));
            assert!(!statement.to_string().contains("示例学员"), "nobody is named but by their id");
            assert!(!statement.to_string().contains("我当时在井边"), "a learner's words stay here");
            all.push((statement, is_voided));
        }
    }
    let listed: Vec<Value> = all.iter().filter(|each| !each.1).map(|each| each.0.clone()).collect();
    let id = |statement: &Value| statement["id"].as_str().expect("an id").to_owned();
    let sorted = |mut ids: Vec<String>| {
        ids.sort();
        ids
    };
    let found = |query: &str| sorted(system.ids(query));
    let those = |fits: &dyn Fn(&Value) -> bool| sorted(listed.iter().filter(|each| fits(each)).map(id).collect());
    assert_eq!(found("limit=2"), those(&|_| true));
    let verb = |each: &Value| each["verb"]["id"].as_str().expect("a verb").to_owned();
    let refers = |each: &Value| all.iter().any(|(target, _)| each["object"]["id"] == target["id"]);
    for statement in &listed {
        // Found by its own verb; and by those of what it refers to, as the standard asks.
        assert!(found(&format!("verb={}", encoded(&verb(statement)))).contains(&id(statement)));
        let actor = encoded(&statement["actor"].to_string());
        assert!(found(&format!("agent={actor}&limit=3")).contains(&id(statement)));
        let registration = statement["context"]["registration"].as_str().expect("a registration");
        assert_eq!(found(&format!("registration={registration}")), those(&|_| true));
        let (since, until) = ("2026-05-31T00:00:00Z", statement["stored"].as_str().expect("stored"));
        assert!(found(&format!("since={since}&until={until}")).contains(&id(statement)));
        for place in ["parent", "grouping"] {
            let activity = statement["context"]["contextActivities"][place][0]["id"].as_str().expect("an activity");
            let query = format!("related_activities=true&activity={}", encoded(activity));
            assert!(found(&query).contains(&id(statement)), "{query}");
            assert_eq!(system.get(&format!("/activities?activityId={}", encoded(activity))).json()["id"], activity);
        }
        assert!(
            found(&format!("related_agents=true&agent={}", encoded(&statement["authority"].to_string())))
                .contains(&id(statement))
        );
    }
    assert_eq!(found("until=2026-05-31T00:00:00Z"), [""; 0]);
    let learner = json!({ "account": { "homePage": home, "name": person } });
    assert_eq!(
        found(&format!("agent={}", encoded(&learner.to_string()))),
        those(&|each| { each["actor"]["account"]["name"] == json!(person) || refers(each) })
    );
    let gate = format!("{home}/xapi/activity/hill/station/gate");
    assert!(!found(&format!("activity={}", encoded(&gate))).is_empty());
    assert_eq!(found(&format!("activity={}", encoded("https://elsewhere.example"))), [""; 0]);
    assert!(
        verb(&all[events.len() + 1].0) == VOIDED
            && all[events.len() + 1].0["object"]["id"] == all[events.len()].0["id"]
    );
    for format in ["ids", "canonical"] {
        let told = system.get(&format!("/statements?format={format}")).json();
        for statement in told["statements"].as_array().expect("statements") {
            assert_eq!(check::statement(&At::whole(statement), Edition::Two), Ok(()), "{statement}");
        }
    }
    only_for_those_who_may(&service, &system, &log[0].said.id.to_string(), person);
}

fn only_for_those_who_may(service: &Service, system: &System, first: &str, person: Uuid) {
    let elsewhere = Uuid::now_v7();
    service.runtime.block_on(service.app.store.add_unit(elsewhere, "elsewhere".to_owned())).expect("a unit");
    let foreign = System::of(service, elsewhere, Scope::All);
    assert_eq!((foreign.ids(""), foreign.get(&format!("/statements?statementId={first}")).status), (vec![], 404));
    // Nobody changes or takes back what the record says.
    let own = System::of(service, service.demo_unit(), Scope::All);
    let mut said = super::statements::statement(first.parse().expect("an id"), "1", "https://a.example");
    assert_eq!(own.post("/statements", &said).status, 409);
    said["id"] = json!(Uuid::now_v7());
    said["verb"] = json!({ "id": VOIDED });
    said["object"] = json!({ "objectType": "StatementRef", "id": first });
    assert_eq!(own.post("/statements", &said).status, 403);
    // What others have said of a person goes with them.
    let said = super::statements::statement(Uuid::now_v7(), &person.to_string(), "https://a.example");
    assert_eq!(own.post("/statements", &said).status, 200);
    let words = ["--person", &*person.to_string(), "--by", "county office", "--reason", "asked for it"];
    let erased = tend_at("erase", &service.place, &words, Some(&"07".repeat(32)));
    assert_eq!(erased.code, 0, "{erased:?}");
    assert_eq!((system.ids(""), system.get(&format!("/statements?statementId={first}")).status), (vec![], 404));
}

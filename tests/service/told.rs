//! What trainers attest, look at a second time, and what is graded anew, as statements over HTTP.

use super::attest::{attest, page_of};
use super::client::Client;
use super::desk;
use super::fixture::{RIGHT, STATIONS, answered, batch, whole_walk};
use super::house::Service;
use super::rechecks::{confirmed, drawing, look};
use super::xapi::System;
use checkpoint::store::statements::Scope;
use checkpoint::store::{Kind, NewEntry};
use checkpoint::xapi::record::PROFILE;
use checkpoint::xapi::{At, Edition, check};
use heritage::{RouteId, SiteId};
use serde_json::{Value, json};
use uuid::Uuid;

pub fn id_of(client: &Client) -> Uuid {
    client.get("/v1/session").json()["person"].as_str().and_then(|id| id.parse().ok()).expect("an id")
}

/// The statements of one kind of entry about a learner, as another system reads them by their ids, in both editions, and
/// finds them by their verb.
pub fn told(service: &Service, learner: &Client, kind: Kind) -> Vec<Value> {
    let mut system = System::of(service, service.demo_unit(), Scope::Read);
    let log = service.runtime.block_on(service.app.store.log_of(id_of(learner))).expect("read");
    let ids: Vec<Uuid> = log.iter().filter(|entry| entry.said.kind == kind).map(|entry| entry.said.id).collect();
    assert!(!ids.is_empty());
    let mut told = Vec::new();
    for (edition, version) in [(Edition::One, "1.0.3"), (Edition::Two, "2.0.0")] {
        system.version = version;
        told.clear();
        for id in &ids {
            let answer = system.get(&format!("/statements?statementId={id}"));
            assert_eq!(answer.status, 200, "{}", answer.text());
            let statement = answer.json();
            assert_eq!(check::statement(&At::whole(&statement), edition), Ok(()), "{statement}");
            let verb = super::client::encoded(statement["verb"]["id"].as_str().expect("a verb"));
            assert!(system.ids(&format!("verb={verb}")).contains(&id.to_string()));
            assert!(!statement.to_string().contains("示例"), "nobody is named but by their id");
            told.push(statement);
        }
    }
    told
}

pub fn agent(service: &Service, id: &dyn ToString) -> Value {
    let home = format!("http://{}", service.address);
    json!({ "objectType": "Agent", "account": { "homePage": home, "name": id.to_string() } })
}

pub fn own(name: &str) -> String {
    format!("{PROFILE}#{name}")
}

#[test]
fn an_attestation_says_that_the_learner_completed_it_and_who_says_so() {
    let service = Service::lenient();
    let (trainer, learner) = (service.trainer(), service.learner(1));
    learner.post("/v1/events", &batch(&STATIONS.map(|station| answered(station, RIGHT))));
    let walk = page_of(&learner);
    assert_eq!(attest(&trainer, &walk, &[("scope", "chosen"), ("station", "well"), ("basis", "present")]).status, 303);
    assert_eq!(attest(&trainer, &walk, &[]).status, 303);
    let [one, all] = told(&service, &learner, Kind::Attested).try_into().expect("two");
    let root = format!("http://{}/xapi/activity/hill", service.address);
    for (statement, object, stations, basis) in [
        (&one, format!("{root}/station/well"), json!(["well"]), "present"),
        (&all, format!("{root}/route/path"), json!(STATIONS), "list"),
    ] {
        assert_eq!(statement["actor"], agent(&service, &id_of(&trainer)));
        assert_eq!(statement["verb"]["id"], own("attested"));
        let (what, said) = (&statement["object"], &statement["context"]["extensions"]);
        assert_eq!((&what["objectType"], &what["actor"]), (&json!("SubStatement"), &agent(&service, &id_of(&learner))));
        assert_eq!(what["verb"]["id"], "http://adlnet.gov/expapi/verbs/completed");
        assert_eq!((&what["object"]["id"], &said[own("stations")]), (&json!(object), &stations));
        assert_eq!(said[own("basis")], basis);
        assert_eq!(statement["context"]["instructor"], agent(&service, &id_of(&trainer)));
        assert!(statement["result"]["response"].as_str().is_some_and(|reason| reason.contains("名单")), "{statement}");
    }
    let learners = super::client::encoded(&agent(&service, &id_of(&learner)).to_string());
    let system = System::of(&service, service.demo_unit(), Scope::Read);
    assert!(
        system
            .ids(&format!("related_agents=true&agent={learners}"))
            .contains(&one["id"].as_str().expect("an id").to_owned())
    );
}

#[test]
fn a_second_look_says_of_which_confirmation_and_whether_it_agrees() {
    let (service, second) = drawing();
    let [agreed, doubted] = [1, 2].map(|number| confirmed(&service, number));
    assert_eq!(look(&second, &agreed, "agree", "").status, 303);
    assert_eq!(look(&second, &doubted, "disagree", "停留存疑").status, 303);
    for (learner, success, response) in [(&agreed, true, Value::Null), (&doubted, false, json!("停留存疑"))] {
        let [looked] = told(&service, learner, Kind::Rechecked).try_into().expect("one");
        let [confirmed] = told(&service, learner, Kind::Confirmed).try_into().expect("one");
        assert_eq!(looked["verb"]["id"], "https://w3id.org/xapi/acrossx/verbs/evaluated");
        assert_eq!(looked["object"], json!({ "objectType": "StatementRef", "id": confirmed["id"] }));
        assert_eq!(looked["actor"], agent(&service, &id_of(&second)));
        assert_eq!((&looked["result"]["success"], &looked["result"]["response"]), (&json!(success), &response));
        assert_eq!(looked["context"]["registration"], confirmed["context"]["registration"], "of one walk");
    }
}

#[test]
fn what_was_graded_anew_says_how_and_leaves_the_confirmation_as_it_was() {
    let service = Service::with_demo();
    let learner = service.learner(1);
    learner.post("/v1/events", &batch(&whole_walk()));
    desk::decide(&service.trainer(), "confirm", "", &[]);
    let id = id_of(&learner);
    let graded = NewEntry {
        site: SiteId::new("hill").ok(),
        route: RouteId::new("path").ok(),
        ..NewEntry::about(Uuid::now_v7(), Kind::Assessed, (id, id), 0, json!({ "level": "E4", "rule": 0 }).to_string())
    };
    service.runtime.block_on(service.app.store.append(vec![graded])).expect("kept");
    let [confirmed] = told(&service, &learner, Kind::Confirmed).try_into().expect("one");
    let [graded] = told(&service, &learner, Kind::Assessed).try_into().expect("one");
    assert_eq!(graded["actor"], agent(&service, &"retrace"), "nobody but the service");
    assert_eq!(graded["verb"]["id"], own("graded"));
    assert_eq!(graded["object"], json!({ "objectType": "StatementRef", "id": confirmed["id"] }));
    assert_eq!(graded["result"]["extensions"][own("presence")], json!({ "level": "E4", "rule": 0 }));
    assert_ne!(confirmed["result"]["extensions"][own("presence")]["level"], "E4");
    assert_eq!(graded["context"]["registration"], confirmed["context"]["registration"]);
}

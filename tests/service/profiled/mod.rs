//! G7: our profile is one by the xAPI Profile Specification 1.0, and every statement of the record follows it.

mod matched;
mod sound;

use super::attest::{attest, page_of};
use super::fixture::{NOW_MS, RIGHT, STATIONS, answered, batch};
use super::house::Service;
use super::leaving::walked;
use super::practised::practised;
use super::presence::graded_by_an_older_rule;
use super::rechecks::{confirmed, drawing, look};
use super::told::id_of;
use super::xapi::System;
use super::{client::encoded, on_site, presence, vouching};
use checkpoint::store::statements::Scope;
use checkpoint::xapi::record::{PROFILE, VERSION, profile};
use matched::{Profile, chosen};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Breaks something.
type Spoil = fn(&mut Value);

#[test]
fn g7_the_profile_is_published_the_same_by_all_and_sound() {
    let published = [(); 2].map(|()| {
        let answer = Service::empty().stranger().get("/xapi/profile");
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/ld+json")));
        answer.json()
    });
    assert!(published[0] == published[1] && published[0] == profile(), "all halls have one profile");
    assert_eq!((&published[0]["id"], &published[0]["versions"][0]["id"]), (&json!(PROFILE), &json!(VERSION)));
    assert_eq!(sound::faults(&published[0]), [""; 0]);
}

#[test]
fn what_is_wrong_with_a_profile_is_found() {
    let spoils: [(&str, Spoil); 12] = [
        ("conformsTo", |profile| profile["conformsTo"] = json!("https://w3id.org/xapi/profiles")),
        ("versions", |profile| profile["versions"] = json!([])),
        ("version id", |profile| profile["versions"][0]["id"] = profile["id"].clone()),
        ("inScheme", |profile| profile["concepts"][0]["inScheme"] = profile["id"].clone()),
        ("concept type", |profile| profile["concepts"][0]["type"] = json!("Word")),
        ("definition", |profile| profile["templates"][0]["definition"] = json!({ "en": "" })),
        ("two ids", |profile| profile["templates"][0]["id"] = profile["templates"][1]["id"].clone()),
        ("rule", |profile| profile["templates"][0]["rules"][0] = json!({ "location": "$.id" })),
        ("location", |profile| profile["templates"][0]["rules"][0]["location"] = json!("$.id[?(@)]")),
        ("unknown extension", |profile| profile["concepts"].as_array_mut().expect("a list").truncate(4)),
        ("member", |profile| profile["patterns"][1]["alternates"][0] = json!("urn:x:none")),
        ("itself", |profile| profile["patterns"][1]["alternates"][0] = profile["patterns"][0]["id"].clone()),
    ];
    for (what, spoil) in spoils {
        let mut broken = profile();
        spoil(&mut broken);
        assert!(!sound::faults(&broken).is_empty(), "{what}");
    }
}

/// Every statement that another system can read of the record, by its id.
fn statements(service: &Service) -> BTreeMap<String, Value> {
    let system = System::of(service, service.demo_unit(), Scope::Read);
    let mut found = BTreeMap::new();
    let mut ids = system.ids("limit=7");
    let by_profile = format!("related_activities=true&activity={}", encoded(VERSION));
    assert_eq!(system.ids(&by_profile), ids, "all of them are found by the profile");
    while let Some(id) = ids.pop() {
        let answer = system.get(&format!("/statements?statementId={id}"));
        let answer =
            if answer.status == 200 { answer } else { system.get(&format!("/statements?voidedStatementId={id}")) };
        let statement = answer.json();
        // What was taken back is in no list, and is referred to.
        let refers = statement["object"]["objectType"] == "StatementRef";
        ids.extend(
            statement["object"]["id"].as_str().filter(|id| refers && !found.contains_key(*id)).map(str::to_owned),
        );
        found.insert(id, statement);
    }
    found
}

/// Services whose records hold a statement of every kind.
fn records() -> Vec<BTreeMap<String, Value>> {
    let decided = Service::with_demo();
    walked(&decided);
    let practice = Service::with_demo();
    let (author, _) = practised(&practice);
    let anew = graded_by_an_older_rule(id_of(&author));
    practice.runtime.block_on(practice.app.store.append(vec![anew])).expect("kept");
    let there = on_site::learner(&practice);
    assert_eq!(on_site::answer(&there, "49").status, 303);
    let (drawn, second) = drawing();
    let learner = confirmed(&drawn, 1);
    assert_eq!(look(&second, &learner, "agree", "").status, 303);
    let attested = Service::lenient();
    let learner = attested.learner(1);
    learner.post("/v1/events", &batch(&STATIONS.map(|station| answered(station, RIGHT))));
    assert_eq!(attest(&attested.trainer(), &page_of(&learner), &[]).status, 303);
    let together = Service::with_demo();
    let [one, other] = ["one", "other"].map(|name| vouching::learner(&together, name));
    for who in [&one, &other] {
        presence::send(who, &vouching::walked(NOW_MS - 900_000, NOW_MS - 60_000, &vouching::word()));
    }
    assert_eq!(vouching::vouch(&together, &one, &other).status, 200);
    [decided, practice, drawn, attested, together].iter().map(statements).collect()
}

#[test]
fn g7_every_statement_of_the_record_follows_one_template_and_every_walk_the_pattern() {
    let document = profile();
    let profile = Profile(&document);
    let (root, defined) = (format!("{PROFILE}#"), chosen(&document["concepts"], "id").collect::<Vec<_>>());
    let mut used = BTreeSet::new();
    for record in records() {
        let text = json!(record).to_string();
        for name in text.split(&root).skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(name == "v1" || defined.contains(&&*format!("{root}{name}")), "{name}");
        }
        let mut walks: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
        for statement in record.values() {
            let template =
                profile.template_of(statement, &record).unwrap_or_else(|fault| panic!("{fault}: {statement:#}"));
            used.insert(template);
            let registration = statement["context"]["registration"].as_str().expect("a registration");
            let at = statement["timestamp"].as_str().expect("a time");
            walks.entry(registration).or_default().push((at, template));
        }
        for walk in walks.values_mut() {
            walk.sort_unstable();
            let templates: Vec<&str> = walk.iter().map(|each| each.1).collect();
            assert!(profile.follows(&templates), "{templates:?}");
        }
    }
    let known: BTreeSet<&str> = chosen(&document["templates"], "id").collect();
    assert_eq!(used, known, "no template is without a statement");
}

#[test]
fn a_statement_that_breaks_a_template_is_found() {
    let document = profile();
    let profile = Profile(&document);
    let service = Service::with_demo();
    walked(&service);
    let record = statements(&service);
    let by = |verb: &str| {
        let fits = |each: &&Value| each["verb"]["id"].as_str().is_some_and(|id| id.ends_with(verb));
        record.values().find(fits).expect("one").clone()
    };
    let spoils: [(&str, Spoil); 7] = [
        ("/completed", |said| said["result"]["completion"] = json!(false)),
        ("/completed", |said| said["result"] = json!({ "completion": true })),
        ("/completed", |said| said["context"]["contextActivities"]["category"][0]["id"] = json!(PROFILE)),
        ("/answered", |said| said["context"] = json!({})),
        ("#appealed", |said| said["result"] = json!({ "response": "I was there" })),
        ("#appealed", |said| said["object"]["id"] = json!(Uuid::nil())),
        ("/confirm", |said| said["verb"]["id"] = json!("https://v.example/confirm")),
    ];
    for (verb, spoil) in spoils {
        let mut said = by(verb);
        assert!(profile.template_of(&said, &record).is_ok());
        spoil(&mut said);
        assert!(profile.template_of(&said, &record).is_err(), "{said:#}");
    }
    assert!(!profile.follows(&[]) && !profile.follows(&["urn:x:none"]));
}

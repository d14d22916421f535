//! Forwarding to other learning record stores: to a second service of ours, and to stores that do everything wrong.

mod hostile;
pub mod kept;
mod operated;
mod other;
mod poison;

use super::erased::erase;
use super::fixture::{batch, whole_walk};
use super::house::{Base, Service};
use super::leaving::walked;
use super::xapi::System;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use checkpoint::forward::{self, Line, Next, Standing, Target};
use checkpoint::store::forwards::Forward;
use checkpoint::store::statements::Scope;
use checkpoint::store::{Act, NewAudit, Unit};
use checkpoint::xapi::same::is_same;
use checkpoint::xapi::{At, Edition, check};
use protocol::api::Role;
use serde_json::Value;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use uuid::Uuid;

pub const HOME: &str = "http://hall.example";

/// A target at a port of this machine.
pub fn target(name: &str, at: SocketAddr) -> Target {
    Target::new(name, &format!("http://{at}/xapi/"), Edition::Two, ("key", "secret")).expect("a target")
}

/// A service with the demo people that forwards to these.
pub fn forwarding(base: Base, targets: Vec<Target>) -> Service {
    let service = Service::settled_on(base, |settings| {
        settings.forward = targets;
        settings.origin = Some(HOME.parse().expect("an origin"));
    });
    service.runtime.block_on(checkpoint::demo::seed(&service.app)).expect("the demo people are made");
    service.runtime.block_on(forward::begin(&service.app)).expect("it begins");
    service
}

pub fn line(service: &Service, name: &str) -> Arc<Line> {
    Arc::clone(service.app.forwarding.line(name).expect("a line"))
}

/// Takes steps until there is nothing more to do for now.
pub fn settle(service: &Service, name: &str) -> Next {
    let line = line(service, name);
    let mut steps = 0..200;
    loop {
        steps.next().expect("it comes to an end");
        let next = service.runtime.block_on(forward::step(&service.app, &line));
        if next != Next::More {
            return next;
        }
    }
}

/// How far it has come.
pub fn come(service: &Service, name: &str) -> Forward {
    let all = service.runtime.block_on(service.app.store.forwards()).expect("read");
    all.into_iter().find(|forward| forward.name == name).expect("there")
}

/// Ids of everything in the log of one of the demo learners, in order.
pub fn log_ids(service: &Service, number: usize) -> Vec<Uuid> {
    let log = service.runtime.block_on(service.app.store.log_of(person(service, number))).expect("read");
    log.into_iter().map(|entry| entry.said.id).collect()
}

pub fn person(service: &Service, number: usize) -> Uuid {
    let session = service.learner(number).get("/v1/session").json();
    session["person"].as_str().and_then(|id| id.parse().ok()).expect("an id")
}

/// The page, in English.
fn page(service: &Service) -> String {
    service.demo_admin().with_cookie("desk-lang=en").get("/desk/forwarding").text()
}

/// A second service of ours, with a credential for it.
fn second(base: Base) -> (Service, System, impl Fn(&str, Edition) -> Target) {
    let other = Service::empty_on(base);
    let unit = Uuid::now_v7();
    other.runtime.block_on(other.app.store.add_unit(unit, "office".to_owned())).expect("a unit");
    let system = System::of(&other, unit, Scope::All);
    let shown = system.authorization().strip_prefix("Basic ").expect("basic");
    let shown = String::from_utf8(STANDARD.decode(shown).expect("base64")).expect("text");
    let endpoint = format!("http://{}/xapi", other.address);
    let named = move |name: &str, edition| {
        let pair = shown.split_once(':').expect("a pair");
        Target::new(name, &endpoint, edition, pair).expect("a target")
    };
    (other, system, named)
}

#[test]
fn a_second_service_of_ours_gets_the_same_statements_once_and_in_order() {
    for (base, edition) in [(Base::File, Edition::Two), (Base::Server, Edition::Two), (Base::File, Edition::One)] {
        same_statements(base, edition);
    }
}

fn same_statements(base: Base, edition: Edition) {
    let (_other, system, named) = second(base);
    let service = forwarding(base, vec![named("office", edition), named("office-again", edition)]);
    walked(&service);
    let own = System::of(&service, service.demo_unit(), Scope::Read);
    let ids = log_ids(&service, 1);
    assert_eq!(ids.len(), 10);
    assert_eq!(settle(&service, "office"), Next::Rest);
    // The confirmation that was taken back is no longer listed, here as there.
    let listed = own.ids("ascending=true");
    assert_eq!((listed.len(), system.ids("ascending=true")), (9, listed.clone()));
    for id in &ids {
        let name = if listed.contains(&id.to_string()) { "statementId" } else { "voidedStatementId" };
        let [here, there] = [&own, &system].map(|system| system.get(&format!("/statements?{name}={id}")).json());
        assert!(is_same(&there, &here), "{there} {here}");
        assert_eq!(check::statement(&At::whole(&there), Edition::Two), Ok(()));
        assert_eq!(
            (&there["authority"]["name"], &there["actor"]["account"]["homePage"]),
            (&"system".into(), &HOME.into())
        );
        assert!(!there.to_string().contains("示例"), "nobody is named but by their id");
    }
    let forward = come(&service, "office");
    assert_eq!((forward.sent, forward.behind, forward.held), (10, 0, 0));
    // All of it again, as after a crash before anything was written down; then something new.
    assert_eq!(settle(&service, "office-again"), Next::Rest);
    assert_eq!((come(&service, "office-again").sent, system.ids("ascending=true")), (10, listed));
    service.learner(2).post("/v1/events", &batch(&whole_walk()));
    assert_eq!(come(&service, "office").behind, 4);
    assert_eq!((settle(&service, "office"), come(&service, "office").sent), (Next::Rest, 14));
    assert_eq!((settle(&service, "office"), come(&service, "office").sent), (Next::Rest, 14));
    assert_eq!(system.ids("").len(), 13);
    let shown = page(&service);
    assert!(shown.contains("up to date") && shown.contains("Nothing was refused"), "{shown}");
    let metrics = service.stranger().get("/metrics").text();
    for said in ["retrace_forward_behind{store=\"office\"} 0", "retrace_forward_sent_total{store=\"office\"} 14"] {
        assert!(metrics.contains(said), "{metrics}");
    }
}

#[test]
fn only_people_of_the_named_unit_and_those_below_it_are_told_of() {
    Base::ALL.into_iter().for_each(of_a_unit);
}

fn of_a_unit(base: Base) {
    let (_other, system, named) = second(base);
    let [above, unit, below] = [(); 3].map(|()| Uuid::now_v7());
    let service = Service::settled_on(base, |settings| {
        settings.forward = vec![named("office", Edition::Two).of_unit(unit)];
        settings.origin = Some(HOME.parse().expect("an origin"));
    });
    let nobody = service.runtime.block_on(forward::begin(&service.app)).expect_err("no such unit");
    assert!(nobody.to_string().contains(&format!("there is no unit {unit}")), "{nobody}");
    for (id, parent) in [(above, None), (unit, Some(above)), (below, Some(unit))] {
        let audit = NewAudit { at_ms: 0, who: id, unit: id, act: Act::UnitMade, about: None, detail: String::new() };
        let made = Unit { id, name: format!("unit {id}"), parent };
        assert!(service.runtime.block_on(service.app.store.add_unit_below(made, audit)).expect("made"));
    }
    service.runtime.block_on(forward::begin(&service.app)).expect("it begins");
    let mut told = BTreeSet::new();
    for (name, of) in [("one", above), ("two", unit), ("three", below), ("four", Uuid::now_v7())] {
        let (learner, _) = service.person(Role::Learner, name, Some(of));
        let walk = whole_walk();
        learner.post("/v1/events", &batch(&walk));
        if ["two", "three"].contains(&name) {
            told.extend(walk.iter().map(|event| event["id"].as_str().expect("an id").to_owned()));
        }
    }
    assert_eq!(settle(&service, "office"), Next::Rest);
    assert_eq!((system.ids("").into_iter().collect::<BTreeSet<_>>(), come(&service, "office").behind), (told, 0));
    // Seen by admins of whose people it tells, whatever else they reach, and by nobody else.
    for (of, is_seen) in [(above, true), (unit, true), (below, true), (Uuid::now_v7(), false)] {
        let (admin, _) = service.person(Role::Admin, "admin", Some(of));
        let shown = admin.get("/desk/forwarding").text();
        assert_eq!(shown.contains("id=\"office\""), is_seen, "{shown}");
        assert_eq!(shown.contains(&above.to_string()), of == above, "units above are not told of");
        let token = super::desk::token(&admin.get("/desk/units").text()).expect("a form");
        let sent = admin.form("/desk/forwarding", &[("token", &token), ("store", "office"), ("what", "now")]);
        assert_eq!(sent.status, if is_seen { 303 } else { 404 });
    }
}

#[test]
fn what_is_erased_is_not_sent_and_what_was_sent_before_is_counted() {
    Base::ALL.into_iter().for_each(erased_before_and_after);
}

fn erased_before_and_after(base: Base) {
    let (_other, system, named) = second(base);
    let service = forwarding(base, vec![named("office", Edition::Two)]);
    let [one, two] = [1, 2].map(|number| person(&service, number).to_string());
    service.learner(1).post("/v1/events", &batch(&whole_walk()));
    assert_eq!((settle(&service, "office"), system.ids("").len()), (Next::Rest, 4));
    service.learner(2).post("/v1/events", &batch(&whole_walk()));
    let (sent, unsent) = (erase(&service, &one), erase(&service, &two));
    let said = "4 statements about this person were forwarded to office before";
    assert!(sent.said.iter().any(|line| line.starts_with(said)), "{sent:?}");
    assert!(unsent.code == 0 && !unsent.said.iter().any(|line| line.contains("forwarded")), "{unsent:?}");
    assert_eq!((settle(&service, "office"), system.ids("").len()), (Next::Rest, 4), "nothing of the second");
    assert_eq!((come(&service, "office").erased, come(&service, "office").behind), (4, 0));
    assert!(page(&service).contains("before the record of their person was erased here: 4"));
}

#[test]
fn where_nothing_is_forwarded_the_page_says_how_to() {
    let service = Service::with_demo();
    let admin = service.demo_admin();
    let shown = admin.get("/desk/forwarding").text();
    assert!(shown.contains("没有转发到任何记录库") && shown.contains(&service.demo_unit().to_string()), "{shown}");
    assert!(page(&service).contains("is forwarded nowhere"));
    assert!(admin.get("/desk/units").text().contains("href=\"/desk/forwarding\""));
    assert!(admin.get("/desk/audit").text().contains("查看转发情况"));
    assert!(!service.stranger().get("/metrics").text().contains("retrace_forward"));
}

/// What is waited for, in English.
pub fn why(service: &Service, name: &str) -> String {
    match line(service, name).state().standing {
        Standing::Waiting(_, why) | Standing::Stopped(why) => why.words().en,
        Standing::Running => String::new(),
    }
}

pub fn id_of(statement: &Value) -> Uuid {
    statement["id"].as_str().and_then(|id| id.parse().ok()).expect("an id")
}

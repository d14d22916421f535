//! The draw: a share of clean confirmed walks is looked at by a second trainer.

use super::client::{Answer, Client};
use super::desk::{decide, page_of, tickets, token};
use super::fixture::{batch, whole_walk};
use super::house::Service;
use checkpoint::walk::Share;
use protocol::api::Role;
use serde_json::json;
use uuid::Uuid;

/// A service that draws every walk, with two trainers of the demo unit; nobody has walked yet.
pub fn drawing() -> (Service, Client) {
    let service = Service::settled(|settings| settings.rechecked = Share::ALL);
    service.runtime.block_on(checkpoint::demo::seed(&service.app)).expect("the demo people are made");
    let (second, _) = service.person(Role::Trainer, "second", Some(service.demo_unit()));
    (service, second)
}

pub fn confirmed(service: &Service, number: usize) -> Client {
    let learner = service.learner(number);
    learner.post("/v1/events", &batch(&whole_walk()));
    decide(&service.trainer(), "confirm", "", &[]);
    learner
}

/// Sends the second look's form, as the page has it, or with a ticket made up where it has none.
pub fn look(trainer: &Client, learner: &Client, opinion: &str, note: &str) -> Answer {
    let page = trainer.get(&page_of(learner)).text();
    let form = page.split("id=\"recheck\"").nth(1).unwrap_or_default();
    let made_up = || page_of(learner).replace("/desk/walks/", "") + &format!("/0/{}", Uuid::now_v7());
    let ticket = tickets(form).first().cloned().unwrap_or_else(made_up);
    let token = token(form).or_else(|| token(&trainer.get("/desk/?state=all").text())).unwrap_or_default();
    let fields = [("token", &*token), ("walk", &*ticket), ("opinion", opinion), ("note", note)];
    trainer.form(&format!("{}/recheck", page_of(learner)), &fields)
}

fn queue(trainer: &Client) -> String {
    trainer.get("/desk/?state=drawn").text()
}

#[test]
fn a_second_trainer_agrees_and_both_stand_in_the_record() {
    let (service, second) = drawing();
    let learner = confirmed(&service, 1);
    assert!(queue(&second).contains("示例学员甲"));
    let own = service.trainer().get(&page_of(&learner)).text();
    assert!(own.contains("须由另一位带训人查看") && !own.contains("id=\"recheck\""), "{own}");
    assert!(
        look(&service.trainer(), &learner, "agree", "").header("location").is_some_and(|to| to.ends_with("not-yours"))
    );
    let done = look(&second, &learner, "agree", "各站齐全");
    assert_eq!((done.status, done.header("location")), (303, Some("/desk/?state=drawn&rechecked=1")));
    assert!(!queue(&second).contains("示例学员甲"));
    let page = second.get(&page_of(&learner)).text();
    assert!(page.contains("复核同意 · second") && page.contains("各站齐全"), "{page}");
    assert!(page.contains("<td data-head=\"事项\">确认</td>") && page.contains("<td data-head=\"事项\">抽查复核</td>"));
    let table = second.get("/desk/walks.csv?state=all").text();
    assert!(table.contains("\"E0\",\"复核同意\""), "{table}");
    assert_eq!(learner.get("/v1/me/progress").json()["confirmed"], 5);
}

#[test]
fn a_disagreement_needs_a_reason_and_stays_until_somebody_acts() {
    let (service, second) = drawing();
    let learner = confirmed(&service, 1);
    assert_eq!(look(&second, &learner, "disagree", " ").status, 422);
    assert_eq!(look(&second, &learner, "perhaps", "x").status, 400);
    look(&second, &learner, "disagree", "停留存疑");
    assert_eq!(learner.get("/v1/me/progress").json()["confirmed"], 5, "the credit is not touched by it");
    assert!(queue(&second).contains("复核有异议"));
    assert!(look(&second, &learner, "agree", "").header("location").is_some_and(|to| to.ends_with("not-yours")));
    let ticket = tickets(&service.trainer().get(&page_of(&learner)).text());
    decide(&service.trainer(), "reopen", "同意复核意见", &ticket);
    assert!(!queue(&second).contains("示例学员甲"));
    decide(&second, "confirm", "", &[]);
    assert!(queue(&second).contains("待复核"), "another confirmation is another draw");
    assert!(!second.get(&page_of(&learner)).text().contains("停留存疑</p>"), "the earlier look was at the earlier one");
}

#[test]
fn the_same_form_twice_looks_once_and_a_changed_walk_is_looked_at_anew() {
    let (service, second) = drawing();
    let learner = confirmed(&service, 1);
    let page = second.get(&page_of(&learner)).text();
    let form = page.split("id=\"recheck\"").nth(1).expect("a form");
    let (ticket, token) = (tickets(form).remove(0), token(form).expect("a token"));
    let path = format!("{}/recheck", page_of(&learner));
    let send = |ticket: &str, token: &str| {
        second.form(&path, &[("token", token), ("walk", ticket), ("opinion", "agree"), ("note", "")])
    };
    learner.post("/v1/events", &super::fixture::alone(&super::fixture::answered("gate", 0)));
    assert!(send(&ticket, &token).header("location").is_some_and(|to| to.ends_with("recheck=moved")));
    for _ in 0..2 {
        assert_eq!(look(&second, &learner, "agree", "").status, 303);
    }
    let timeline = second.get(&page_of(&learner)).text();
    assert_eq!(timeline.matches("<td data-head=\"事项\">抽查复核</td>").count(), 1);
    assert_eq!(send(&ticket, "x").status, 403);
    assert_eq!(send("x", &token).status, 400);
    let (foreign, _) = service.person(Role::Trainer, "foreign", None);
    foreign.post("/v1/events", &batch(&whole_walk()));
    assert_eq!(look(&foreign, &learner, "agree", "").status, 404, "a form of their own does not reach another unit");
}

#[test]
fn nobody_looks_twice_at_what_is_flagged_not_confirmed_or_their_own() {
    let (service, second) = drawing();
    let flagged = service.learner(2);
    let mut events = whole_walk();
    events[0]["kind"]["way"] = json!("foot");
    flagged.post("/v1/events", &batch(&events));
    let ticket = tickets(&service.trainer().get(&page_of(&flagged)).text());
    decide(&service.trainer(), "confirm", "", &ticket);
    second.post("/v1/events", &batch(&whole_walk()));
    decide(&service.trainer(), "confirm", "", &[]);
    let (third, _) = service.person(Role::Trainer, "third", Some(service.demo_unit()));
    let drawn = queue(&third);
    assert!(drawn.contains("second") && !drawn.contains("示例学员乙"), "{drawn}");
    assert!(!second.get(&page_of(&second)).text().contains("id=\"recheck\""));
    assert!(third.get(&page_of(&second)).text().contains("id=\"recheck\""));
}

#[test]
fn the_draw_is_the_same_whenever_it_is_asked_and_follows_the_share() {
    let service = Service::with_demo();
    confirmed(&service, 1);
    assert!(!queue(&service.trainer()).contains("示例学员甲"), "no share, no draw");
    let walk = |service: &Service, learner: &Client| {
        let id = learner.get("/v1/session").json()["person"].as_str().and_then(|id| id.parse().ok()).expect("an id");
        let log = service.runtime.block_on(service.app.store.log_of(id)).expect("read");
        checkpoint::walk::walks_of(&service.app.courses, &service.app.secrets, id, &log).remove(0)
    };
    let found = walk(&service, &service.learner(1));
    let secrets = &service.app.secrets;
    assert!(found.is_drawn(secrets, Share::ALL) && !found.is_drawn(secrets, Share::NONE));
    let drawn = |percent: &str, secrets: &checkpoint::secrets::Secrets| {
        found.is_drawn(secrets, percent.parse().expect("a share"))
    };
    let least = (1..=100).find(|percent| drawn(&percent.to_string(), secrets)).expect("some share takes it");
    assert!((least..=100).all(|percent| drawn(&percent.to_string(), secrets)), "a larger share takes it too");
    let others = (0..40_u8).filter(|key| drawn("50", &checkpoint::secrets::Secrets::known([*key; 32]))).count();
    assert!((5..35).contains(&others), "another secret draws otherwise: {others}");
}

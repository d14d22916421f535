//! Thirty walks in five minutes: those without flags together, the others one after another.

use super::client::Client;
use super::desk::{decide, page_of, tickets, token};
use super::fixture::{batch, whole_walk};
use super::house::Service;
use protocol::api::Role;
use serde_json::json;

fn walked(service: &Service, name: &str, has_flags: bool) -> Client {
    let (learner, _) = service.person(Role::Learner, name, Some(service.demo_unit()));
    let mut events = whole_walk();
    if has_flags {
        events[0]["kind"]["way"] = json!("foot");
    }
    learner.post("/v1/events", &batch(&events));
    service.pass_ms(1_000);
    learner
}

/// Sends the form that stands first on the page at `path`, as its first button would.
fn press(trainer: &Client, path: &str, fields: &[(&str, &str)]) -> String {
    let page = trainer.get(path).text();
    let token = token(&page).expect("a form");
    let ticket = tickets(&page).first().cloned().expect("a walk");
    let own = [("token", &*token), ("walk", &*ticket), ("next", "1"), ("decision", "confirm")];
    let answer = trainer.form("/desk/decide", &[&own[..], fields].concat());
    answer.header("location").unwrap_or_else(|| panic!("{}", answer.text())).to_owned()
}

#[test]
fn walks_without_flags_go_together_and_each_decision_on_another_leads_to_the_next() {
    let service = Service::with_demo();
    let trainer = service.trainer();
    let clean: Vec<Client> = (0..6).map(|number| walked(&service, &format!("clean {number}"), false)).collect();
    let flagged: Vec<Client> = (0..3).map(|number| walked(&service, &format!("flagged {number}"), true)).collect();
    let picked = trainer.get("/desk/?state=waiting&pick=unflagged").text();
    assert_eq!(picked.matches("\" checked aria-label").count(), 6);
    assert!(picked.contains("逐份查看其余 <span class=\"count\">3</span>"), "{picked}");
    let first = picked.split("data-key=\"o\"").next().and_then(|rest| rest.rsplit("href=\"").next()).expect("a link");
    let first = first.split('"').next().expect("an address").to_owned();
    decide(&trainer, "confirm", "", &tickets(&picked));
    let mut at = first;
    for (index, left) in [(0, true), (1, true), (2, false)] {
        assert!(at.starts_with(&page_of(&flagged[index])), "{index}: {at}");
        at = press(&trainer, &at, &[("query", "state=waiting")]);
        assert_eq!(at.contains("/desk/walks/"), left, "{at}");
    }
    assert_eq!(at, "/desk/?state=waiting&confirmed=1");
    let confirmed = |learner: &Client| learner.get("/v1/me/progress").json()["walks"][0]["state"] == "confirmed";
    assert!(clean.iter().chain(&flagged).all(confirmed), "nine walks, nine entries");
}

#[test]
fn a_form_that_confirms_many_passes_over_those_with_flags_and_says_so() {
    let service = Service::with_demo();
    let (trainer, clean, flagged) = (service.trainer(), walked(&service, "one", false), walked(&service, "two", true));
    let both: Vec<String> =
        [&clean, &flagged].iter().map(|learner| tickets(&trainer.get(&page_of(learner)).text()).remove(0)).collect();
    let answer = decide(&trainer, "confirm", "", &both).text();
    assert!(answer.contains("已作决定：1/2") && answer.contains("须打开后单独确认"), "{answer}");
    let returned = decide(&trainer, "return", "请补齐", &both[1..]);
    assert_eq!(returned.header("location"), Some("/desk/?state=waiting&returned=1"));
}

#[test]
fn the_next_walk_is_of_the_group_asked_for_and_nobodys_own() {
    let service = Service::with_demo();
    let trainer = service.trainer();
    trainer.post("/v1/events", &batch(&whole_walk()));
    let (one, _two) = (walked(&service, "one", true), walked(&service, "two", true));
    let page = trainer.get(&page_of(&one)).text();
    assert!(page.contains("data-key=\"n\"") && page.contains("<kbd>j</kbd>"), "the keys are told on the page");
    let to = press(&trainer, &page_of(&one), &[("query", "state=waiting&cohort=elsewhere")]);
    assert_eq!(to, "/desk/?state=waiting&cohort=elsewhere&confirmed=1");
    let told = trainer.get(&format!("{}?state=waiting&done=confirmed", page_of(&one))).text();
    assert!(told.contains("上一份已确认"), "{told}");
}

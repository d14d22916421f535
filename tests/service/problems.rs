//! How problems are told: in whose language, and never more than is known.

use super::ailing::Ailment;
use super::fixture::{alone, completed};
use super::house::Service;
use serde_json::json;
use std::time::Duration;

const EVENTS: &str = "/v1/events";
const JSON: (&str, &str) = ("content-type", "application/json");

#[test]
fn a_problem_is_told_in_the_language_of_whoever_asks_and_in_both() {
    let service = Service::empty();
    for (accepts, lang, title, detail) in [
        (None, "zh-Hans", "未登录", "尚未登录"),
        (Some("zh-CN,zh;q=0.9,en;q=0.8"), "zh-Hans", "未登录", "尚未登录"),
        (Some("en-GB,en;q=0.9"), "en", "Not signed in", "You are not signed in"),
    ] {
        let headers: Vec<(&str, &str)> = accepts.map(|accepts| ("accept-language", accepts)).into_iter().collect();
        let answer = service.stranger().send("GET", "/v1/session", &headers, b"");
        let problem = answer.json();
        assert_eq!((problem["title"].as_str(), answer.header("content-language")), (Some(title), Some(lang)));
        assert!(problem["detail"].as_str().is_some_and(|text| text.starts_with(detail)), "{problem}");
        let own = if lang == "en" { "en" } else { "zh" };
        assert_eq!(problem["detail"], problem["words"][own]);
        assert_ne!(problem["words"]["zh"], problem["words"]["en"]);
        assert_eq!(answer.header("vary"), Some("accept-language"));
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    }
}

#[test]
fn a_write_that_is_kept_but_not_answered_in_time_does_not_say_that_nothing_was() {
    let service = Service::patient_for(Duration::from_millis(200));
    let learner = service.signed_in_beforehand();
    service.store.ails(Ailment::Silent);
    let event = completed("gate");
    let answer = learner.send("POST", EVENTS, &[JSON, ("accept-language", "en")], alone(&event).to_string().as_bytes());
    assert_eq!((answer.status, answer.json()["type"].clone()), (503, json!("/problems/unanswered")));
    assert!(answer.json()["detail"].as_str().is_some_and(|text| text.contains("not known")));
    service.store.ails(Ailment::None);
    let again = learner.post(EVENTS, &alone(&event)).json();
    assert_eq!(super::fixture::results(&again), ["duplicate"], "sent again, it is there once");
}

//! The question that only the place answers: asked by the service, judged by its key, and no more than a proof.

use super::client::{Answer, Client};
use super::desk::token;
use super::fixture::{batch, completed, whole_walk};
use super::house::Service;
use super::presence::{desk, send};
use protocol::api::Role;
use serde_json::{Value, json};
use uuid::Uuid;

const AT_GATE: &str = "/on-site/hill.gate";

fn on_foot(proof: &Value) -> Vec<Value> {
    let mut events = whole_walk();
    for event in [0, 2] {
        events[event]["kind"]["way"] = json!("foot");
    }
    events[0]["kind"]["proof"] = proof.clone();
    events
}

fn word() -> Value {
    json!({ "method": "declared" })
}

pub fn learner(service: &Service) -> Client {
    service.person(Role::Learner, "one", Some(service.demo_unit())).0
}

fn answer_as(who: &Client, id: &str, answer: &str) -> Answer {
    let page = who.get(AT_GATE).text();
    let token = token(&page).unwrap_or_default();
    who.form(AT_GATE, &[("token", &token), ("id", id), ("answer", answer)])
}

pub fn answer(who: &Client, answer: &str) -> Answer {
    answer_as(who, &Uuid::now_v7().to_string(), answer)
}

fn levels(page: &str) -> Vec<String> {
    page.split("class=\"level\">").skip(1).filter_map(|rest| rest.get(..2)).map(str::to_owned).collect()
}

#[test]
fn what_is_to_be_seen_there_shows_that_somebody_was_there() {
    let service = Service::with_demo();
    let one = learner(&service);
    let asked = one.get(AT_GATE).text();
    assert!(asked.contains("how many nails（中）") && asked.contains("答案") && !asked.contains("四十九"), "{asked}");
    let english = one.clone().with_cookie("desk-lang=en").get(AT_GATE).text();
    // By whole words: the form's token is random hexadecimal, so that "49" may well stand within it.
    let words = |page: &str| page.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>();
    assert!(english.contains("how many nails<") && !words(&english).contains(&"49".to_owned()), "{english}");
    assert_eq!(answer(&one, "四十八").header("location"), Some(AT_GATE));
    let again = one.get(AT_GATE).text();
    assert!(again.contains("不对") && again.contains("还可答错的次数：4"), "{again}");
    // Before the completion or after it: the answer is of the station.
    assert_eq!(answer(&one, " ４９ ").status, 303);
    let right = one.get(AT_GATE).text();
    assert!(right.contains("答对了") && right.contains("完成本站后") && !right.contains("name=\"answer\""), "{right}");
    send(&one, &on_foot(&word()));
    assert!(one.get(AT_GATE).text().contains("已作为本站的到场凭证"));
    let page = desk(&service, &one);
    assert_eq!(levels(&page), ["E0", "E1", "E0"]);
    assert!(page.contains("凭证：现场问题") && page.contains("现场作答") && page.contains("答对：４９"), "{page}");
    assert_eq!(one.get("/v1/me/progress").json()["walks"][0]["hours"], json!(5), "the credit is the same");
    for (path, status) in [("/on-site/hill.well", 404), ("/on-site/hill.x", 404), ("/on-site/hill", 404)] {
        assert_eq!(one.get(path).status, status, "{path}: nothing is asked there");
    }
}

#[test]
fn whoever_guesses_shows_nothing_and_completes_all_the_same() {
    let service = Service::with_demo();
    let one = learner(&service);
    let [twice, late] = [(); 2].map(|()| Uuid::now_v7().to_string());
    let form = token(&one.get(AT_GATE).text()).expect("a form");
    for _ in 0..3 {
        assert_eq!(answer_as(&one, &twice, "1").status, 303, "sent again it is one answer");
    }
    assert!(one.get(AT_GATE).text().contains("还可答错的次数：4"));
    for wrong in ["2", "3", "4", "5"] {
        assert_eq!(answer(&one, wrong).status, 303);
    }
    let spent = one.get(AT_GATE).text();
    assert!(spent.contains("已答错五次") && !spent.contains("name=\"answer\""), "{spent}");
    let fields = [("token", &*form), ("id", &*late), ("answer", "49")];
    assert_eq!(one.form(AT_GATE, &fields).status, 303);
    assert!(one.get(AT_GATE).text().contains("已答错五次"), "what comes after is not taken");
    send(&one, &on_foot(&json!({ "method": "question", "answer": "49" })));
    let page = desk(&service, &one);
    assert_eq!(levels(&page)[1], "E0", "{page}");
    assert!(page.contains("像是猜的"), "{page}");
    let walk = one.get("/v1/me/progress").json()["walks"][0].clone();
    assert_eq!((&walk["state"], &walk["hours"]), (&json!("waiting"), &json!(5)));
}

#[test]
fn an_answer_that_a_device_sends_is_judged_by_the_same_key() {
    let service = Service::with_demo();
    for (sent, level, says) in [("四十九。", "E1", "凭证：现场问题"), ("50", "E0", "现场问题的回答不符")]
    {
        let one = learner(&service);
        send(&one, &on_foot(&json!({ "method": "question", "answer": sent })));
        let page = desk(&service, &one);
        assert_eq!(levels(&page)[1], level, "{sent}");
        assert!(page.contains(says), "{page}");
    }
    // On a screen it shows nothing of the ground: whoever answers there has been told.
    let one = learner(&service);
    assert_eq!(answer(&one, "49").status, 303);
    one.post("/v1/events", &batch(&[completed("gate")]));
    assert_eq!(levels(&desk(&service, &one))[1], "E0");
}

#[test]
fn the_question_is_a_learners_own_to_answer() {
    let service = Service::with_demo();
    let one = learner(&service);
    for fields in [vec![("token", "x"), ("id", "x"), ("answer", "49")], vec![("answer", "49")]] {
        assert_eq!(one.form(AT_GATE, &fields).status, 403, "a form of nobody's page");
    }
    let page = one.get(AT_GATE).text();
    let token = token(&page).expect("a form");
    let long = "九".repeat(101);
    for given in ["", "   ", &long] {
        let id = Uuid::now_v7().to_string();
        assert_eq!(one.form(AT_GATE, &[("token", &token), ("id", &id), ("answer", given)]).status, 422);
    }
    let sent = service.stranger().get(AT_GATE);
    let door = service.stranger().get(sent.header("location").expect("to the door")).text();
    assert!(sent.status == 303 && door.contains("请先登录") && !door.contains("供带训人"), "{door}");
    assert!(!service.stranger().get("/v1/courses/hill.path").text().contains("nails"), "nothing public tells of it");
}

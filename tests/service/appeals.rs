//! Appealing against a decision: once, with a reason, to another trainer.

use super::client::{Answer, Client};
use super::desk::{decide, page_of, tickets};
use super::fixture::{answered, batch, whole_walk};
use super::house::Service;
use protocol::api::Role;
use serde_json::{Value, json};
use uuid::Uuid;

const REASON: &str = "我当时在井边听完了全部讲解";

fn appeal(learner: &Client, id: Uuid, reason: &str) -> Answer {
    learner.post("/v1/walks/hill.path/appeal", &json!({ "id": id, "reason": reason }))
}

fn walk(learner: &Client) -> Value {
    learner.get("/v1/me/progress").json()["walks"][0].clone()
}

fn returned(service: &Service) -> Client {
    let learner = service.learner(1);
    returned_by(&service.trainer(), &learner);
    learner
}

fn returned_by(trainer: &Client, learner: &Client) {
    learner.post("/v1/events", &batch(&whole_walk()));
    decide(trainer, "return", "停留不足", &[]);
}

/// Decides on the one walk by the form of its page.
fn decide_alone(trainer: &Client, learner: &Client, decision: &str, note: &str) -> Answer {
    decide(trainer, decision, note, &tickets(&trainer.get(&page_of(learner)).text()))
}

#[test]
fn an_appeal_goes_to_another_trainer_and_is_answered_once_for_all() {
    let service = Service::with_demo();
    let (learner, first) = (returned(&service), service.trainer());
    let (second, _) = service.person(Role::Trainer, "second", Some(service.demo_unit()));
    assert_eq!(
        (walk(&learner)["state"].clone(), walk(&learner)["appeal"].clone()),
        (json!("returned"), json!("possible"))
    );
    let id = Uuid::now_v7();
    for _ in 0..2 {
        let answer = appeal(&learner, id, REASON);
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(
            (answer.json()["state"].clone(), answer.json()["appeal"].clone()),
            (json!("waiting"), json!("open"))
        );
    }
    assert_eq!(appeal(&learner, Uuid::now_v7(), REASON).status, 409, "there is one appeal");
    assert_eq!(appeal(&learner, id, "另一个理由").status, 409, "an id is one appeal");
    let own = first.get(&page_of(&learner)).text();
    assert!(own.contains(REASON) && own.contains("另一位带训人处理") && tickets(&own).is_empty(), "{own}");
    let forged = tickets(&second.get(&page_of(&learner)).text());
    let refused = decide(&first, "return", "仍然不足", &forged);
    assert!(refused.text().contains("申诉须由另一位带训人处理"), "{}", refused.text());
    let queue = second.get("/desk/?state=appealed").text();
    assert!(queue.contains("示例学员甲") && tickets(&queue).is_empty(), "an appeal is looked at on its own page");
    let wordless = decide_alone(&second, &learner, "confirm", "");
    assert!(wordless.text().contains("处理申诉须写明理由"), "{}", wordless.text());
    assert_eq!(walk(&learner)["state"], "waiting");
    decide_alone(&second, &learner, "confirm", "停留已够");
    assert_eq!(
        (walk(&learner)["state"].clone(), walk(&learner)["appeal"].clone()),
        (json!("confirmed"), json!("answered"))
    );
    assert_eq!(learner.get("/v1/me/progress").json()["confirmed"], 5);
    let timeline = second.get(&page_of(&learner)).text();
    assert!(["停留不足", REASON, "停留已够"].iter().all(|said| timeline.contains(said)), "all of it stays");
    assert_eq!(appeal(&learner, Uuid::now_v7(), REASON).status, 409, "no second appeal");
}

#[test]
fn where_the_unit_has_no_other_trainer_the_one_it_has_answers() {
    let service = Service::with_demo();
    let unit = Some(Uuid::now_v7());
    let (trainer, learner) =
        (service.person(Role::Trainer, "only", unit).0, service.person(Role::Learner, "one", unit).0);
    returned_by(&trainer, &learner);
    service.person(Role::Trainer, "elsewhere", None);
    service.person(Role::Mentor, "mentor", unit);
    assert_eq!(appeal(&learner, Uuid::now_v7(), REASON).status, 200);
    decide_alone(&trainer, &learner, "return", "与原决定相同");
    assert_eq!(
        (walk(&learner)["state"].clone(), walk(&learner)["appeal"].clone()),
        (json!("returned"), json!("answered"))
    );
    assert_eq!(appeal(&learner, Uuid::now_v7(), REASON).status, 409);
    learner.post("/v1/events", &batch(&[answered("well", 1)]));
    assert_eq!(walk(&learner)["state"], "waiting", "something new still brings it back");
}

#[test]
fn a_taken_back_confirmation_can_be_appealed_too() {
    let service = Service::with_demo();
    let learner = service.learner(1);
    learner.post("/v1/events", &batch(&whole_walk()));
    assert_eq!(appeal(&learner, Uuid::now_v7(), REASON).status, 409, "nothing was decided against it");
    decide(&service.trainer(), "confirm", "", &[]);
    assert_eq!(appeal(&learner, Uuid::now_v7(), REASON).status, 409, "nothing was decided against it");
    decide_alone(&service.trainer(), &learner, "reopen", "误点");
    assert_eq!(walk(&learner)["appeal"], "possible");
    assert_eq!(appeal(&learner, Uuid::now_v7(), REASON).status, 200);
    assert_eq!((walk(&learner)["state"].clone(), walk(&learner)["appeal"].clone()), (json!("waiting"), json!("open")));
}

#[test]
fn an_appeal_has_a_reason_a_route_and_its_own_walk() {
    let service = Service::with_demo();
    let learner = returned(&service);
    for (body, status) in [
        (json!({ "id": Uuid::now_v7(), "reason": " \n\u{0} " }), 422),
        (json!({ "id": Uuid::now_v7(), "reason": "长".repeat(501) }), 422),
        (json!({ "id": Uuid::nil(), "reason": REASON }), 422),
        (json!({ "id": "x", "reason": REASON }), 400),
        (json!({ "reason": REASON }), 400),
        (json!([]), 400),
    ] {
        assert_eq!(learner.post("/v1/walks/hill.path/appeal", &body).status, status, "{body}");
    }
    let good = json!({ "id": Uuid::now_v7(), "reason": REASON });
    for path in ["hill.nowhere", "hill", "%ff.path", "a.b.c"] {
        assert_eq!(learner.post(&format!("/v1/walks/{path}/appeal"), &good).status, 404, "{path}");
    }
    assert_eq!(service.stranger().post("/v1/walks/hill.path/appeal", &good).status, 401);
    assert_eq!(service.learner(2).post("/v1/walks/hill.path/appeal", &good).status, 409, "their own, not begun");
    assert_eq!(walk(&learner)["state"], "returned");
    // The id of something else is no appeal.
    let event = whole_walk()[0]["id"].clone();
    let taken = learner.post("/v1/events", &batch(&whole_walk())).json()["receipts"][0]["id"].clone();
    assert_ne!(event, taken);
    let answer = learner.post("/v1/walks/hill.path/appeal", &json!({ "id": taken, "reason": REASON }));
    assert_eq!(answer.status, 409);
}

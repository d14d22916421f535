//! The practice and the answers of the place as statements over HTTP: what was done, and no word of it.

use super::client::Client;
use super::desk::{decide, page_of};
use super::house::Service;
use super::learning::{COURSE, DAY_MS, TEXT, rate, send, submit, walked};
use super::on_site;
use super::told::{agent, id_of, own, told};
use super::xapi::System;
use checkpoint::store::Kind;
use checkpoint::store::statements::Scope;
use serde_json::{Value, json};
use uuid::Uuid;

const WORDS: [&str; 5] = [TEXT, "Well told indeed.", "Name the page.", "We went together.", "I was there too."];

/// What the page of somebody who was drawn names as the text to look at.
fn asked_for(page: &str) -> Option<String> {
    page.split("name=\"of\" value=\"").nth(1)?.split('"').next().map(str::to_owned)
}

/// A walk with all that can be said of its practice; also the id of who looked at the text.
pub fn practised(service: &Service) -> (Client, Uuid) {
    let author = walked(service, 1);
    submit(&author, TEXT);
    let walk = page_of(&author);
    let others = [service.learner(2), service.learner(3)];
    let peer = others.into_iter().find(|who| who.get(COURSE).text().contains("请您互评")).expect("somebody is drawn");
    let of = asked_for(&peer.get(COURSE).text()).expect("a text");
    let levels = [("level-0", "3"), ("level-1", "3"), ("level-2", "1")];
    assert_eq!(send(&peer, "check", &[&[("of", &*of), ("note", WORDS[1])], &levels[..]].concat()).status, 303);
    assert_eq!(rate(&service.trainer(), &walk, ["4", "2", "3"], WORDS[2]).status, 303);
    let peer = id_of(&peer);
    decide(&service.trainer(), "confirm", "", &[]);
    service.pass_ms(31 * DAY_MS);
    let author = service.learner(1);
    send(&author, "follow-up", &[("text", WORDS[3]), ("ask", "yes")]);
    let colleagues = [service.trainer(), service.learner(2), service.learner(3), service.demo_admin()];
    let drawn = colleagues.iter().find_map(|who| {
        let page = who.get(COURSE).text();
        Some((who, asked_for(page.split_once("请您补充")?.1)?))
    });
    let (colleague, of) = drawn.expect("somebody is drawn");
    assert_eq!(send(colleague, "second", &[("of", &of), ("text", WORDS[4])]).status, 303);
    (author, peer)
}

#[test]
fn practice_its_rating_and_what_came_of_it_are_told_without_a_word_of_them() {
    let service = Service::with_demo();
    let (author, peer) = practised(&service);
    let (learner, trainer) = (agent(&service, &id_of(&author)), agent(&service, &id_of(&service.trainer())));
    let root = format!("http://{}/xapi/activity/hill", service.address);
    let one = |kind| <[Value; 1]>::try_from(told(&service, &author, kind)).expect("one")[0].clone();
    let [submitted, rated, answered, confirmed] =
        [Kind::Reflected, Kind::Rated, Kind::FollowedUp, Kind::Confirmed].map(one);
    for (statement, verb, object, kind) in [
        (&submitted, "https://w3id.org/xapi/acrossx/verbs/posted", "practice/path", "project"),
        (&answered, "http://adlnet.gov/expapi/verbs/commented", "follow-up/path", "discussion"),
    ] {
        let of = &statement["object"];
        assert_eq!((&statement["actor"], &statement["verb"]["id"]), (&learner, &json!(verb)));
        assert_eq!(of["id"], json!(format!("{root}/{object}")));
        assert_eq!(of["definition"]["type"], json!(format!("http://id.tincanapi.com/activitytype/{kind}")));
        assert_eq!(statement.get("result"), None);
        let system = System::of(&service, service.demo_unit(), Scope::Read);
        let id = super::client::encoded(of["id"].as_str().expect("an id"));
        assert_eq!(system.get(&format!("/activities?activityId={id}")).json(), *of);
        assert!(system.ids(&format!("activity={id}")).contains(&statement["id"].as_str().expect("an id").to_owned()));
    }
    assert_eq!((&rated["actor"], &rated["context"]["instructor"]), (&trainer, &trainer));
    assert_eq!(rated["verb"]["id"], "https://w3id.org/xapi/acrossx/verbs/evaluated");
    assert_eq!(rated["object"], json!({ "objectType": "StatementRef", "id": submitted["id"] }));
    let rubric = json!({ own("rubric"): { "course": 2, "levels": [4, 2, 3] } });
    let score = json!({ "scaled": 0.5, "raw": 2, "max": 4 });
    assert_eq!(rated["result"], json!({ "score": score, "extensions": rubric }));
    assert_eq!(rated["context"]["contextActivities"]["parent"][0]["id"], submitted["object"]["id"]);
    for statement in [&submitted, &rated, &answered] {
        assert_eq!(statement["context"]["registration"], confirmed["context"]["registration"], "of one walk");
    }
    stay_here(&service, &author, peer);
}

/// Whoever was drawn is told to nobody, and no text leaves.
fn stay_here(service: &Service, author: &Client, peer: Uuid) {
    let system = System::of(service, service.demo_unit(), Scope::Read);
    let log = service.runtime.block_on(service.app.store.log_of(id_of(author))).expect("read");
    let drawn: Vec<Uuid> = log
        .iter()
        .filter(|entry| matches!(entry.said.kind, Kind::PeerChecked | Kind::Seconded))
        .map(|entry| entry.said.id)
        .collect();
    assert_eq!(drawn.len(), 2);
    for id in drawn {
        assert_eq!(system.get(&format!("/statements?statementId={id}")).status, 404);
    }
    let all = system.get("/statements").text();
    assert!(all.contains("/practice/path") && !all.contains(&peer.to_string()), "{all}");
    for words in WORDS {
        assert!(!all.contains(words), "{words}: {all}");
    }
}

#[test]
fn an_answer_of_the_place_says_whether_it_is_right_and_not_what_it_is() {
    let service = Service::with_demo();
    let one = on_site::learner(&service);
    for answer in ["四十八", "四十九"] {
        assert_eq!(on_site::answer(&one, answer).status, 303);
    }
    let both = told(&service, &one, Kind::AnsweredThere);
    let object = format!("http://{}/xapi/activity/hill/on-site/gate", service.address);
    for (statement, success) in both.iter().zip([false, true]) {
        assert_eq!(statement["actor"], agent(&service, &id_of(&one)));
        assert_eq!(statement["verb"]["id"], "http://adlnet.gov/expapi/verbs/answered");
        assert_eq!(
            (&statement["object"]["id"], &statement["result"]),
            (&json!(object), &json!({ "success": success }))
        );
        let text = statement.to_string();
        assert!(!text.contains("四十") && !text.contains("nails"), "{text}");
    }
    assert_eq!(both.len(), 2);
    let system = System::of(&service, service.demo_unit(), Scope::Read);
    let known = |id: &str| system.get(&format!("/activities?activityId={}", super::client::encoded(id))).json();
    assert_eq!(known(&object)["definition"]["interactionType"], "fill-in");
    assert_eq!(known(&object.replace("gate", "well")).get("definition"), None, "nothing is asked there");
}

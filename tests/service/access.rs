//! Who may use which address: every route of the table, asked by everyone there is.

use super::client::Client;
use super::house::Service;
use checkpoint::routes::{Access, table};
use protocol::api::Role;

fn address(path: &str) -> String {
    path.replace("{id}", "hill.path")
        .replace("{person}", &uuid::Uuid::now_v7().to_string())
        .replace("{course}", "hill.path")
        .replace("{level}/{*index}", "0/000")
        .replace("{lang}", "zh")
        .replace("{kind}", "wait")
        .replace("{passkey}", &uuid::Uuid::now_v7().to_string())
        .replace("{kiosk}", &uuid::Uuid::now_v7().to_string())
}

/// Whether the permission check let the request through; what lies behind it may still refuse.
fn is_let_in(client: &Client, method: &str, path: &str) -> bool {
    let answer = client.send(method, &address(path), &[], b"");
    let to_the_door = answer.header("location").is_some_and(|to| to.starts_with("/desk/sign-in?to="));
    let stale_form = answer.text().contains("stale-form");
    assert!(answer.status < 500, "{method} {path}: {}", answer.status);
    !(to_the_door || answer.status == 401 || (answer.status == 403 && !stale_form))
}

#[test]
fn every_route_lets_in_exactly_those_it_names() {
    let service = Service::with_demo();
    for route in table() {
        // Fresh each time: signing out is one of the routes.
        let people = [
            (None, service.stranger()),
            (Some(Role::Learner), service.learner(1)),
            (Some(Role::Trainer), service.trainer()),
            (Some(Role::Mentor), service.person(Role::Mentor, "mentor", None).0),
            (Some(Role::Auditor), service.person(Role::Auditor, "auditor", None).0),
            (Some(Role::Admin), service.person(Role::Admin, "admin", None).0),
        ];
        for (role, client) in people {
            let expected = route.access == Access::Anyone || role.is_some_and(|role| route.access.admits(role));
            // Signing in with an empty body is refused for its form, not for the person.
            let let_in = is_let_in(&client, route.method.as_str(), route.path);
            assert_eq!(let_in, expected, "{} {} by {role:?}", route.method, route.path);
        }
    }
}

#[test]
fn a_session_that_has_ended_or_was_made_up_lets_nobody_in() {
    let service = Service::with_demo();
    let learner = service.learner(1);
    assert_eq!(learner.get("/v1/session").status, 200);
    let made_up = service.stranger().with_cookie(&format!("retrace={}", "a".repeat(64)));
    assert_eq!(made_up.get("/v1/session").status, 401);
    service.pass_ms(31 * 86_400_000);
    assert_eq!(learner.get("/v1/session").status, 401);
}

#[test]
fn what_waits_for_one_person_is_never_stored_as_anothers() {
    let service = Service::with_demo();
    let (learner, other) = (service.learner(1), service.learner(2));
    let id = |client: &Client| client.get("/v1/session").json()["person"].as_str().expect("an id").to_owned();
    let (own, foreign) = (id(&learner), id(&other));
    let event = super::fixture::alone(&super::fixture::completed("gate")).to_string();
    let send = |person: &str| {
        let headers = [("content-type", "application/json"), ("retrace-person", person)];
        learner.send("POST", "/v1/events", &headers, event.as_bytes())
    };
    for stranger in [foreign.as_str(), "nobody", ""] {
        assert_eq!(send(stranger).status, 401, "{stranger}");
    }
    assert_eq!(learner.send("GET", "/v1/me/progress", &[("retrace-person", &foreign)], b"").status, 401);
    assert_eq!(super::fixture::results(&send(&own).json()), ["stored"], "nothing had been stored before");
}

#[test]
fn a_trainer_sees_nothing_of_another_unit() {
    let service = Service::with_demo();
    let learner = service.learner(1);
    let person = learner.get("/v1/session").json()["person"].as_str().expect("an id").to_owned();
    learner.post("/v1/events", &super::fixture::batch(&super::fixture::whole_walk()));
    let (foreign, _) = service.person(Role::Trainer, "foreign", None);
    let path = format!("/desk/walks/{person}/hill.path");
    assert_eq!(service.trainer().get(&path).status, 200);
    assert_eq!(foreign.get(&path).status, 404);
    assert!(!foreign.get("/desk/?state=all").text().contains("示例学员甲"));
    assert!(!foreign.get("/desk/walks.csv?state=all").text().contains("示例学员甲"));
    let token = super::desk::token(&foreign.get("/desk/?state=all").text());
    assert_eq!(token, None, "an empty list has no form");
    let (foreign_admin, _) = service.person(Role::Admin, "admin", None);
    let token = super::desk::token(&foreign_admin.get("/desk/people").text()).expect("a form");
    let renewed = foreign_admin.form(&format!("/desk/people/{person}/code"), &[("token", &token), ("id", &person)]);
    assert_eq!(renewed.status, 404);
}

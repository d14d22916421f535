//! Whoever tries more than a pairing gives: a token elsewhere, guessed codes, kiosks and learners that are gone.

use super::super::client::Client;
use super::super::fixture::{alone, completed, results};
use super::super::house::{Base, Service};
use super::super::program::tend_at;
use super::{Terminal, decide, error_of, see, token_of};
use checkpoint::routes::{Access, table};
use checkpoint::store::pairing::MOST_LOOKS;
use serde_json::json;

#[test]
fn a_kiosks_token_opens_nothing_but_what_adds_to_the_record() {
    let service = Service::with_demo();
    let (kiosk, learner) = (Terminal::enrolled(&service, "one"), service.learner(1));
    let own = completed("gate");
    learner.post("/v1/events", &alone(&own));
    let paired = kiosk.paired(&learner);
    let person = learner.get("/v1/session").json()["person"].as_str().expect("an id").to_owned();
    for route in table().iter().filter(|route| route.access != Access::Anyone) {
        let (method, path) = (route.method.as_str(), route.path);
        let adds = matches!(path, "/v1/events" | "/v1/quizzes/{id}/attempts" | "/v1/device/token");
        let path = path
            .replace("/v1/events/{id}", &format!("/v1/events/{}", own["id"].as_str().expect("an id")))
            .replace("/v1/quizzes/{id}", "/v1/quizzes/hill.gate")
            .replace("{id}", "hill.path")
            .replace("{person}", &person)
            .replace("{kiosk}", &kiosk.id)
            .replace("{course}", "hill.path");
        if adds {
            continue;
        }
        let asked = |who: &Client| {
            let answer = who.send(method, &path, &[("content-type", "application/json")], b"{}");
            (answer.status, answer.header("location").map(str::to_owned), answer.text())
        };
        assert_eq!(asked(&paired), asked(&service.stranger()), "{method} {path}: as if nobody were there");
    }
    // Named as somebody else's, made up, or of another scheme, it adds nothing either.
    let other = service.learner(2).get("/v1/session").json()["person"].as_str().expect("an id").to_owned();
    let json = ("content-type", "application/json");
    let event = alone(&completed("well")).to_string();
    let send =
        |who: &Client, header: (&str, &str)| who.send("POST", "/v1/events", &[json, header], event.as_bytes()).status;
    assert_eq!(send(&paired, ("retrace-person", &other)), 401);
    let made_up = "0".repeat(64);
    for token in ["", "x", &*made_up, "é"] {
        assert_eq!(
            send(&learner, ("authorization", &format!("Bearer {token}"))),
            401,
            "not even with a cookie beside it"
        );
    }
    assert_eq!(send(&learner, ("authorization", "Basic eDp5")), 401);
    assert_eq!(send(&paired, ("retrace-person", &person)), 200);
}

#[test]
fn guessing_codes_costs_more_each_time_and_a_code_that_many_look_at_is_spent() {
    let service = Service::with_demo();
    let (kiosk, guesser) = (Terminal::enrolled(&service, "one"), service.learner(2));
    let shown = kiosk.ask();
    for typed in ["", "AAAA-AAAA", "1234-5678", "BCDF-GHJ", "';--", "%00%ff"] {
        assert_eq!(see(&guesser, typed).status, 422, "{typed}: never looked up");
    }
    for expected in [404, 404, 404, 404, 429] {
        assert_eq!(see(&guesser, "ZZZZ-ZZZZ").status, expected);
    }
    let waits = see(&guesser, &shown.user_code);
    assert_eq!((waits.status, waits.header("retry-after")), (429, Some("30")), "whatever the code");
    assert_eq!(guesser.get(&format!("/pair?code={}", shown.user_code)).status, 429, "on the page too");
    let body = json!({ "user_code": shown.user_code, "kiosk": kiosk.id, "accept": true });
    assert_eq!(guesser.post("/v1/device/approve", &body).status, 429);
    let third = service.learner(3);
    let at_once: Vec<u16> = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..16).map(|_| scope.spawn(|| see(&third, "ZZZZ-ZZZZ").status)).collect();
        tries.into_iter().map(|each| each.join().expect("answered")).collect()
    });
    assert_eq!(at_once.iter().filter(|status| **status == 404).count(), 4, "however many come at once");
    service.pass_ms(30_000);
    for _ in 0..MOST_LOOKS {
        assert_eq!(see(&guesser, &shown.user_code).status, 200);
    }
    assert_eq!(see(&service.learner(1), &shown.user_code).status, 404, "spent, for everyone");
    assert_eq!(kiosk.hears(&shown), "expired_token", "so the kiosk asks for another");
    // Accepting blindly, for a kiosk that was never seen.
    let shown = kiosk.ask();
    let blind = json!({ "user_code": shown.user_code, "kiosk": uuid::Uuid::now_v7(), "accept": true });
    assert_eq!(service.learner(1).post("/v1/device/approve", &blind).status, 404);
    assert_eq!(kiosk.hears(&shown), "authorization_pending");
}

#[test]
fn a_kiosk_that_is_withdrawn_and_a_learner_who_is_erased_or_shut_out_have_no_session() {
    Base::ALL.into_iter().for_each(have_no_session);
}

fn have_no_session(base: Base) {
    let service = Service::with_demo_on(base);
    let (kiosk, admin) = (Terminal::enrolled(&service, "one"), service.demo_admin());
    let alive = |session: &Client| session.get("/v1/device/token").status;
    let (gone, renewed) = (service.learner(1), service.learner(2));
    let id = |who: &Client| who.get("/v1/session").json()["person"].as_str().expect("an id").to_owned();
    // Accepted, and erased before the kiosk has taken it up; then within a session.
    let shown = kiosk.ask();
    assert_eq!(decide(&renewed, &shown.user_code, true).status, 200);
    let person = id(&renewed);
    let new_code = [("token", &*token_of(&admin, "/desk/people")), ("id", &*uuid::Uuid::now_v7().to_string())];
    assert_eq!(admin.form(&format!("/desk/people/{person}/code"), &new_code).status, 200);
    assert_eq!(kiosk.hears(&shown), "invalid_grant", "a new code ends what the old one accepted");
    let paired = kiosk.paired(&gone);
    assert_eq!(results(&paired.post("/v1/events", &alone(&completed("gate"))).json()), ["stored"]);
    let erased = tend_at(
        "erase",
        &service.place,
        &["--person", &id(&gone), "--by", "county office", "--reason", "asked for it"],
        Some(&"07".repeat(32)),
    );
    assert_eq!(erased.code, 0, "{erased:?}");
    assert_eq!(alive(&paired), 401);
    assert_eq!(paired.post("/v1/events", &alone(&completed("well"))).status, 401);
    // A lost headset.
    let third = service.learner(3);
    let paired = kiosk.paired(&third);
    let withdraw = format!("/desk/kiosks/{}/withdraw", kiosk.id);
    for _ in 0..2 {
        let form = [("token", &*token_of(&admin, "/desk/kiosks"))];
        assert_eq!(admin.form(&withdraw, &form).status, 303);
    }
    assert_eq!(alive(&paired), 401);
    assert_eq!(error_of(&kiosk.form("/v1/device/code", &[])), "invalid_client");
    let audit = admin.get("/desk/audit").text();
    assert_eq!((audit.matches("登记终端").count(), audit.matches("停用终端").count()), (1, 1), "{audit}");
}

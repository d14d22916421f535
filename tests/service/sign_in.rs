//! Signing in: codes, PINs, delays, and what is never told.

use super::client::{Answer, Client};
use super::desk::token;
use super::house::Service;
use checkpoint::demo::PEOPLE;
use checkpoint::identity::code::Code;
use checkpoint::store::NewPerson;
use checkpoint::store::Store;
use protocol::api::Role;
use serde_json::json;
use uuid::Uuid;

fn sign_in(client: &Client, code: &str, pin: &str) -> Answer {
    client.post("/v1/session", &json!({ "code": code, "pin": pin }))
}

#[test]
fn a_session_is_a_cookie_that_scripts_and_other_sites_never_see() {
    let service = Service::with_demo();
    let learner = &PEOPLE[1];
    let answer = sign_in(&service.stranger(), &learner.code.to_lowercase().replace('-', " "), learner.pin);
    let cookie = answer.header("set-cookie").expect("a cookie").to_owned();
    for part in ["retrace=", "HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "this service speaks plain HTTP");
    let session = answer.json();
    assert_eq!((session["role"].clone(), session["name"].clone()), (json!("learner"), json!(learner.name)));
    let client = service.stranger().with_cookie_of(&answer);
    assert_eq!(client.get("/v1/session").json(), session);
    assert_eq!(client.send("DELETE", "/v1/session", &[], b"").status, 204);
    assert_eq!(client.get("/v1/session").status, 401);
    let database = std::fs::read(service.folder.path().join("retrace.db-wal")).expect("the log file");
    let token = cookie.split(['=', ';']).nth(1).expect("a token");
    assert!(!database.windows(token.len()).any(|bytes| bytes == token.as_bytes()), "only its hash is kept");
}

#[test]
fn a_wrong_pin_and_an_unknown_code_are_told_alike() {
    let service = Service::with_demo();
    let wrong = sign_in(&service.stranger(), PEOPLE[1].code, "000001");
    let unknown = sign_in(&service.stranger(), "ZZZZ-ZZZZ", "000001");
    assert_eq!((wrong.status, wrong.json()), (unknown.status, unknown.json()));
    assert_eq!(wrong.status, 401);
    assert_eq!(sign_in(&service.stranger(), "no code", "000001").status, 422);
    assert_eq!(sign_in(&service.stranger(), PEOPLE[1].code, "12345").status, 422);
}

#[test]
fn a_code_locks_for_longer_with_every_failure_and_opens_again() {
    let service = Service::with_demo();
    for code in [PEOPLE[1].code, "ZZZZ-ZZZZ"] {
        for _ in 0..4 {
            assert_eq!(sign_in(&service.stranger(), code, "000001").status, 401);
        }
        let locked = sign_in(&service.stranger(), code, "000001");
        assert_eq!((locked.status, locked.header("retry-after")), (429, Some("30")), "{code}");
    }
    assert_eq!(sign_in(&service.stranger(), PEOPLE[1].code, PEOPLE[1].pin).status, 429, "the right PIN waits too");
    assert_eq!(sign_in(&service.stranger(), PEOPLE[2].code, PEOPLE[2].pin).status, 200, "others are not locked");
    service.pass_ms(30_000);
    let again = sign_in(&service.stranger(), PEOPLE[1].code, "000001");
    assert_eq!((again.status, again.header("retry-after")), (429, Some("60")));
    service.pass_ms(60_000);
    assert_eq!(sign_in(&service.stranger(), PEOPLE[1].code, PEOPLE[1].pin).status, 200);
    assert_eq!(sign_in(&service.stranger(), PEOPLE[1].code, "000001").status, 401, "a good sign-in clears the count");
}

#[test]
fn guesses_that_come_at_once_are_looked_at_no_more_often_than_one_by_one() {
    let service = Service::with_demo();
    let guesses: Vec<_> = (0..40)
        .map(|number| {
            let stranger = service.stranger();
            std::thread::spawn(move || sign_in(&stranger, PEOPLE[1].code, &format!("0001{number:02}")).status)
        })
        .collect();
    let statuses: Vec<u16> = guesses.into_iter().map(|guess| guess.join().expect("an answer")).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 4, "{statuses:?}");
    assert!(statuses.iter().all(|status| matches!(status, 401 | 429)));
    let key = Code::read(PEOPLE[1].code).expect("a code").key(&service.app.secrets);
    let guard = service.runtime.block_on(service.app.store.guard(key)).expect("read");
    assert_eq!(guard.failures, 5, "the fifth is looked at and the others wait");
}

#[test]
fn many_failures_from_one_address_wait_but_a_whole_school_may_sign_in() {
    let service = Service::with_demo();
    for _ in 0..70 {
        assert_eq!(sign_in(&service.stranger(), PEOPLE[1].code, PEOPLE[1].pin).status, 200);
    }
    let letters = b"BCDFGHJKLMNPQRSTVWXZ";
    let code = |number: usize| {
        let letter = |place: u32| char::from(letters[number / 20_usize.pow(place) % 20]);
        format!("QQQQ-Q{}{}{}", letter(2), letter(1), letter(0))
    };
    let statuses: Vec<u16> =
        (0..62).map(|number| sign_in(&service.stranger(), &code(number), "000001").status).collect();
    assert!(statuses[..60].iter().all(|status| *status == 401));
    assert_eq!(statuses[60..], [429, 429]);
    service.pass_ms(600_000);
    assert_eq!(sign_in(&service.stranger(), &code(99), "000001").status, 401);
}

/// Someone invited who has not signed in yet.
fn invited(service: &Service, ends_ms: i64) -> Code {
    let code = Code::fresh();
    let made = NewPerson {
        id: Uuid::now_v7(),
        unit: service.demo_unit(),
        role: Role::Learner,
        name: "fresh".to_owned(),
        cohort: String::new(),
        code_key: code.key(&service.app.secrets),
        code_ends_ms: ends_ms,
        pin_hash: None,
    };
    assert!(service.runtime.block_on(service.app.store.add_person(made)).expect("a person is made"));
    code
}

#[test]
fn the_first_sign_in_with_a_fresh_code_sets_the_pin() {
    let service = Service::with_demo();
    let code = invited(&service, service.app.now_ms() + 1_000).written();
    assert_eq!(sign_in(&service.stranger(), &code, "123456").status, 422, "a PIN that is tried first");
    assert_eq!(sign_in(&service.stranger(), &code, "258047").status, 200);
    assert_eq!(sign_in(&service.stranger(), &code, "258048").status, 401);
    service.pass_ms(2_000);
    assert_eq!(sign_in(&service.stranger(), &code, "258047").status, 200, "a code in use does not run out");
}

#[test]
fn a_fresh_code_runs_out() {
    let service = Service::with_demo();
    let code = invited(&service, service.app.now_ms()).written();
    assert_eq!(sign_in(&service.stranger(), &code, "258047").status, 401);
}

#[test]
fn a_second_demo_start_keeps_the_same_people() {
    let service = Service::with_demo();
    let before = service.learner(1).get("/v1/session").json();
    service.runtime.block_on(checkpoint::demo::seed(&service.app)).expect("seeding again");
    assert_eq!(service.learner(1).get("/v1/session").json(), before);
    let people = service.runtime.block_on(service.app.store.people_of(service.demo_unit())).expect("people");
    assert_eq!(people.len(), PEOPLE.len());
}

#[test]
fn a_start_without_demo_shuts_the_demo_people_out_and_keeps_what_they_did() {
    let service = Service::with_demo();
    let learner = service.learner(1);
    learner.post("/v1/events", &super::fixture::batch(&super::fixture::whole_walk()));
    service.runtime.block_on(checkpoint::demo::shut_out(&service.app)).expect("shut out");
    assert_eq!(learner.get("/v1/session").status, 401, "sessions end at once");
    for person in &PEOPLE {
        assert_eq!(sign_in(&service.stranger(), person.code, person.pin).status, 401);
    }
    service.runtime.block_on(checkpoint::demo::seed(&service.app)).expect("seeded again");
    let back = service.learner(1).get("/v1/me/progress").json();
    assert_eq!(back["walks"][0]["state"], "waiting");
}

#[test]
fn a_demo_admin_sees_the_whole_desk_and_does_not_stand_in_for_the_first_admin() {
    let service = Service::with_demo();
    let admin = service.demo_admin();
    for page in ["/desk/roster", "/desk/units", "/desk/audit", "/desk/people"] {
        assert_eq!(admin.get(page).status, 200, "{page}");
    }
    let token = token(&admin.get("/desk/people").text()).expect("a form");
    let (id, role) = (Uuid::now_v7().to_string(), ("role", "trainer"));
    let added = admin.form("/desk/people", &[("token", &token), ("id", &id), ("name", "李"), role]);
    let code = super::people::code_in(&added.text());
    let guest = service.stranger().signed_in(&code, "258047");
    service.runtime.block_on(checkpoint::demo::shut_out(&service.app)).expect("shut out");
    let has_admin = || service.runtime.block_on(service.app.store.has_role(Role::Admin)).expect("read");
    assert!(!has_admin(), "the next start offers the first link");
    assert_eq!(guest.get("/v1/session").status, 401, "whoever a demo admin let in is out too");
    assert_eq!(sign_in(&service.stranger(), &code, "258047").status, 401);
    service.person(Role::Admin, "admin", None);
    service.runtime.block_on(checkpoint::demo::shut_out(&service.app)).expect("shut out again");
    assert!(has_admin(), "an admin of one's own stays");
}

#[test]
fn without_demo_there_is_no_default_account() {
    let service = Service::empty();
    for person in &PEOPLE {
        assert_eq!(sign_in(&service.stranger(), person.code, person.pin).status, 401);
    }
}

/// What every store does of waits after failed sign-ins.
pub async fn waits_last_no_longer_when_the_clock_is_set_back(store: &impl Store) {
    let year_ms = 365 * 86_400_000;
    for _ in 0..5 {
        assert!(store.begin_attempt([9; 32], year_ms).await.expect("counted").is_some());
    }
    assert!(store.begin_attempt([9; 32], year_ms).await.expect("counted").is_none(), "the sixth waits");
    let guard = store.begin_attempt([9; 32], 0).await.expect("counted").expect("nobody waits a year");
    assert_eq!((guard.failures, guard.wait_ms(0)), (1, None));
}

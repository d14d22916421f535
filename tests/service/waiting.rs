//! What waits for somebody's next step is kept beside the record: any service of it goes on, and each step is taken once.

use super::desk::token;
use super::house::{Base, Service};
use super::passkeys::value;
use super::program::tend_at;
use super::roster::{draft_in, upload};
use checkpoint::store::waiting::{APART_MS, MOST_WAITING_BYTES};
use checkpoint::store::{Store, Wait, Waiting};
use protocol::api::Role;
use serde_json::json;
use uuid::Uuid;

/// Two services of one record, each of which knows where it is opened.
fn two() -> [Service; 2] {
    let place = Base::Server.place(std::path::Path::new("unused"));
    [(); 2]
        .map(|()| Service::settled_at(place.clone(), |settings| settings.origin = "https://walk.example".parse().ok()))
}

#[test]
fn a_list_that_one_service_has_checked_is_confirmed_at_another_and_once() {
    let [one, two] = two();
    let (admin, _) = one.person(Role::Admin, "admin", None);
    let form = token(&admin.get("/desk/roster").text()).expect("a form");
    let checked = upload(&admin, &form, "list.csv", "姓名,身份\n李一,学员\n".as_bytes());
    let draft = draft_in(&checked.text()).expect("a list to confirm");
    let there = admin.clone().at(two.address);
    let confirm = || there.form("/desk/roster/confirm", &[("token", &form), ("draft", &draft)]);
    let made = confirm();
    assert!(made.status == 200 && made.text().contains("李一"), "{}", made.text());
    let again = confirm();
    assert!(again.status == 422 && again.text().contains("没有再次添加"), "{}", again.text());
    assert_eq!(admin.get("/desk/people").text().matches("<th scope=\"row\">李一").count(), 1);
}

#[test]
fn a_passkeys_challenge_of_one_service_is_answered_at_another_and_once() {
    let [one, two] = two();
    let challenge = value(&one.stranger().get("/desk/sign-in").text(), "name=\"challenge\" value=\"");
    let made_up = json!({
        "id": "AAAA", "rawId": "AAAA", "type": "public-key", "clientExtensionResults": {},
        "response": { "clientDataJSON": "e30", "authenticatorData": "AAAA", "signature": "AAAA", "userHandle": "AAAA" },
    });
    let enter = |service: &Service| {
        let fields = [("challenge", &*challenge), ("answer", &made_up.to_string())];
        service.stranger().form("/desk/sign-in/passkey", &fields).status
    };
    assert_eq!(enter(&two), 401, "it is looked at, and does not hold");
    assert_eq!((enter(&one), enter(&two)), (409, 409), "it was used");
    let elsewhere = Service::settled(|settings| settings.origin = "https://walk.example".parse().ok());
    let foreign = value(&elsewhere.stranger().get("/desk/sign-in").text(), "name=\"challenge\" value=\"");
    let seals = |sealed: &str| two.stranger().form("/desk/sign-in/passkey", &[("challenge", sealed), ("answer", "{}")]);
    assert_eq!(seals(&foreign).status, 400, "tests share one secret: it opens, and what comes with it is no answer");
    let bent = foreign.replace(&foreign[40..44], if &foreign[40..44] == "AAAA" { "BBBB" } else { "AAAA" });
    assert_eq!(seals(&bent).status, 409);
}

#[test]
fn looking_at_the_door_keeps_nothing_and_an_erased_admins_list_is_gone() {
    let service = Service::settled(|settings| settings.origin = "https://walk.example".parse().ok());
    let (admin, id) = service.person(Role::Admin, "admin", None);
    let form = token(&admin.get("/desk/roster").text()).expect("a form");
    let draft = draft_in(&upload(&admin, &form, "l.csv", "姓名\n李一\n".as_bytes()).text()).expect("a list to confirm");
    assert!(service.stranger().get("/desk/sign-in").text().contains("data-passkey"));
    let file = service.place.strip_prefix("sqlite:").expect("a file");
    let rows = || {
        let database = rusqlite::Connection::open(file).expect("it opens");
        database.query_row("SELECT count(*) FROM waiting", [], |row| row.get::<_, u32>(0)).expect("counted")
    };
    assert_eq!(rows(), 1);
    let draft: Uuid = draft.parse().expect("an id");
    let kept = |service: &Service| service.runtime.block_on(service.app.store.waiting(Wait::Roster, draft, 0));
    assert!(
        service.runtime.block_on(service.app.store.waiting(Wait::Used, draft, i64::MAX - 1)).expect("read").is_none()
    );
    let words = ["--person", &id.to_string(), "--by", "county office", "--reason", "asked for it"];
    let erased = tend_at("erase", &service.place, &words, Some(&"07".repeat(32)));
    assert_eq!(erased.code, 0, "{erased:?}");
    assert_eq!(rows(), 0);
    assert!(kept(&service).expect("read").is_none());
}

/// What every store must do with what waits.
pub async fn each_step_is_taken_once_and_in_time(store: &impl Store, one: Uuid, two: Uuid) {
    let waiting = |what, owner: Option<Uuid>, since_ms: i64| Waiting {
        id: Uuid::now_v7(),
        what,
        owner,
        body: b"names\0\xff".to_vec(),
        since_ms,
        ends_ms: since_ms + 1000,
    };
    let keep = async |each: &Waiting| store.keep_waiting(each.clone()).await.expect("answered");
    let get = async |each: &Waiting, now_ms| store.waiting(each.what, each.id, now_ms).await.expect("read");
    let first = waiting(Wait::Roster, Some(one), 5);
    assert!(keep(&first).await);
    assert_eq!(get(&first, 1004).await, Some(first.clone()));
    assert_eq!(get(&first, 1005).await, None, "too late");
    assert_eq!(get(&first, 5 - APART_MS).await, Some(first.clone()), "the other service's clock is behind");
    assert_eq!(get(&first, 4 - APART_MS).await, None, "the clock was set back");
    assert_eq!(store.waiting(Wait::Used, first.id, 5).await.expect("read"), None, "another kind of thing");
    let other = waiting(Wait::Roster, Some(two), 6);
    assert!(keep(&other).await);
    let second = waiting(Wait::Roster, Some(one), 7);
    assert!(keep(&second).await);
    assert_eq!((get(&first, 7).await, get(&second, 7).await), (None, Some(second.clone())), "the latest of its owner");
    assert!(get(&other, 7).await.is_some(), "and of its owner alone");
    let take = async || store.take_waiting(Wait::Roster, second.id, 8).await.expect("answered");
    assert_eq!((take().await, take().await), (Some(second.clone()), None), "once");
    let long = Waiting { body: vec![0; MOST_WAITING_BYTES + 1], ..waiting(Wait::Roster, Some(one), 8) };
    assert!(!keep(&long).await);
    // Without an owner none takes another's place, so that only the number of them bounds them.
    let mut many = Vec::new();
    for _ in 0..=Wait::Roster.most() {
        let each = waiting(Wait::Roster, None, 9);
        assert!(keep(&each).await);
        many.push(each);
    }
    assert_eq!((get(&many[0], 9).await, get(&other, 9).await), (None, None), "the oldest go");
    assert!(get(&many[1], 9).await.is_some());
    let mark = waiting(Wait::Used, None, 10);
    assert!(keep(&mark).await && !keep(&mark).await, "used once");
    assert!(keep(&waiting(Wait::Used, None, 5000)).await);
    assert!(keep(&Waiting { since_ms: 10, ends_ms: 1010, ..mark }).await, "what has waited too long was cleared away");
    store.open_session([88; 32], two, 1_000_000, 1_000_001).await.expect("a session is begun");
    assert_eq!(get(&many[1], 9).await, None, "signing in clears it away too");
}

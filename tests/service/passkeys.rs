//! Passkeys at the desk, as far as no authenticator is needed: `tests/browser/passkey.test.mjs` brings one.

use super::desk::token;
use super::house::{Base, Service};
use super::program::tend_at;
use super::store::audit;
use checkpoint::store::passkeys::MOST_PASSKEYS;
use checkpoint::store::{Act, KeptPasskey, NewCode, Store};
use protocol::api::Role;
use serde_json::json;
use uuid::Uuid;

fn opened_at(origin: Option<&str>) -> Service {
    Service::settled(|settings| settings.origin = origin.map(|origin| origin.parse().expect("an origin")))
}

/// What stands in an attribute or a hidden field.
pub fn value(page: &str, from: &str) -> String {
    let rest = page.split(from).nth(1).expect("it is there");
    rest.split('"').next().expect("it ends").replace("&#34;", "\"").replace("&quot;", "\"")
}

#[test]
fn where_no_browser_would_keep_a_passkey_the_page_says_why_and_the_door_offers_none() {
    for (origin, why) in [(None, "--origin"), (Some("http://10.0.0.7:8470"), "http://10.0.0.7:8470")] {
        let service = opened_at(origin);
        let (mentor, _) = service.person(Role::Mentor, "mentor", None);
        let page = mentor.get("/desk/passkeys").text();
        assert!(page.contains(why) && page.contains("PIN") && !page.contains("data-passkey"), "{page}");
        assert!(!service.stranger().get("/desk/sign-in").text().contains("data-passkey"));
        let fields = [("token", &*token(&mentor.get("/desk/people").text()).unwrap_or_default()), ("name", "x")];
        assert_eq!(mentor.form("/desk/passkeys", &fields).status, 403, "a form that was never offered");
        let answered = service.stranger().form("/desk/sign-in/passkey", &[("challenge", "x"), ("answer", "{}")]);
        assert!(answered.status == 409 && answered.text().contains(why), "{}", answered.text());
    }
}

#[test]
fn what_is_asked_is_discoverable_and_verified_and_what_does_not_hold_lets_nobody_in() {
    let service = opened_at(Some("https://walk.example"));
    let (trainer, id) = service.person(Role::Trainer, "trainer", None);
    let page = trainer.get("/desk/passkeys").text();
    let asked: serde_json::Value = serde_json::from_str(&value(&page, "data-options=\"")).expect("JSON");
    let options = &asked["publicKey"];
    assert_eq!(options["rp"]["id"], "walk.example");
    let chosen = &options["authenticatorSelection"];
    assert_eq!((&chosen["residentKey"], &chosen["userVerification"]), (&json!("required"), &json!("required")));
    assert!(!page.contains(&id.to_string()), "the person's id goes to the authenticator in its own writing alone");
    let (form, challenge) = (token(&page).expect("a form"), value(&page, "name=\"challenge\" value=\""));
    let add = |challenge: &str, answer: &str| {
        let fields = [("token", &*form), ("name", "mine"), ("challenge", challenge), ("answer", answer)];
        trainer.form("/desk/passkeys", &fields).status
    };
    assert_eq!(add(&challenge, "no JSON"), 400);
    assert_eq!(add(&challenge, "{}"), 409, "a challenge is answered once");
    assert_eq!(add("x", "{}"), 409);
    let door = service.stranger().get("/desk/sign-in").text();
    let asked: serde_json::Value = serde_json::from_str(&value(&door, "data-options=\"")).expect("JSON");
    assert_eq!(asked["publicKey"]["userVerification"], "required");
    assert_eq!(asked["publicKey"]["allowCredentials"], json!([]), "the door names nobody's keys");
    assert_eq!(asked["mediation"], json!(null));
    let made_up = json!({
        "id": "AAAA", "rawId": "AAAA", "type": "public-key", "clientExtensionResults": {},
        "response": { "clientDataJSON": "e30", "authenticatorData": "AAAA", "signature": "AAAA", "userHandle": "AAAA" },
    });
    let enter = |challenge: &str, answer: &str| {
        let fields = [("challenge", challenge), ("answer", answer), ("to", "https://evil.example/")];
        service.stranger().form("/desk/sign-in/passkey", &fields)
    };
    let refused = enter(&value(&door, "name=\"challenge\" value=\""), &made_up.to_string());
    assert_eq!((refused.status, refused.header("set-cookie")), (401, None));
    assert!(refused.text().contains("data-passkey"), "and may be tried again");
    assert_eq!(enter(&value(&door, "name=\"challenge\" value=\""), &made_up.to_string()).status, 409);
    let late = value(&service.stranger().get("/desk/sign-in").text(), "name=\"challenge\" value=\"");
    service.pass_ms(10 * 60_000);
    assert_eq!(enter(&late, &made_up.to_string()).status, 409);
}

#[test]
fn an_erased_persons_passkeys_are_gone() {
    Base::ALL.into_iter().for_each(are_gone);
}

fn are_gone(base: Base) {
    let service = Service::with_demo_on(base);
    let (_, person) = service.person(Role::Mentor, "mentor", None);
    let store = &service.app.store;
    let made = KeptPasskey {
        id: Uuid::now_v7(),
        person,
        name: "the office computer of somebody".to_owned(),
        key_id: [8; 32],
        kept: "{}".to_owned(),
        made_ms: 1,
        used_ms: None,
    };
    let said = audit(Uuid::nil(), Act::PasskeyAdded, Some(person));
    assert!(service.runtime.block_on(store.add_passkey(made, said)).expect("added"));
    let words = ["--person", &person.to_string(), "--by", "county office", "--reason", "asked for it"];
    let erased = tend_at("erase", &service.place, &words, Some(&"07".repeat(32)));
    assert_eq!(erased.code, 0, "{erased:?}");
    assert!(service.runtime.block_on(store.passkeys_of(person)).expect("read").is_empty());
    assert!(service.runtime.block_on(store.passkey([8; 32])).expect("read").is_none());
}

/// What every store must do with passkeys.
pub async fn passkeys_are_ones_own_until_a_new_code(store: &impl Store, unit: Uuid, one: Uuid, two: Uuid) {
    let passkey = |person: Uuid, key: u8| KeptPasskey {
        id: Uuid::now_v7(),
        person,
        name: format!("手机\0'{key}"),
        key_id: [key; 32],
        kept: "{\"n\":0}".to_owned(),
        made_ms: i64::from(key),
        used_ms: None,
    };
    let said = |act| audit(unit, act, Some(one));
    let added = || said(Act::PasskeyAdded);
    let first = passkey(one, 1);
    assert!(store.add_passkey(first.clone(), added()).await.expect("added"));
    assert!(!store.add_passkey(passkey(two, 1), added()).await.expect("answered"), "a credential is one person's");
    for key in 2..=MOST_PASSKEYS {
        let key = u8::try_from(key).expect("few");
        assert!(store.add_passkey(passkey(one, key), added()).await.expect("added"));
    }
    assert!(!store.add_passkey(passkey(one, 99), added()).await.expect("answered"), "as many as there may be");
    assert_eq!(store.passkeys_of(one).await.expect("read").len(), MOST_PASSKEYS);
    let (owner, seen) = store.passkey([1; 32]).await.expect("read").expect("there");
    assert_eq!((owner.id, &seen), (one, &first));
    assert!(store.passkey([99; 32]).await.expect("read").is_none());
    let used = async |kept: &str| store.use_passkey(seen.clone(), kept.to_owned(), 7).await.expect("answered");
    assert!(used("{\"n\":1}").await);
    assert!(!used("{\"n\":1}").await, "of two who saw the same, one comes in");
    let (_, now) = store.passkey([1; 32]).await.expect("read").expect("there");
    assert_eq!((now.kept.as_str(), now.used_ms), ("{\"n\":1}", Some(7)));
    assert!(store.use_passkey(now.clone(), now.kept.clone(), 8).await.expect("used"), "a key that never counts");
    let removed = said(Act::PasskeyRemoved);
    assert!(!store.remove_passkey(two, first.id, removed.clone()).await.expect("answered"), "one's own alone");
    assert!(store.remove_passkey(one, first.id, removed.clone()).await.expect("removed"));
    assert!(!store.remove_passkey(one, first.id, removed).await.expect("answered"));
    assert!(store.add_passkey(passkey(two, 1), added()).await.expect("added"));
    let code = NewCode { key: [77; 32], ends_ms: 5 };
    assert!(store.renew_code(one, code, None).await.expect("renewed"));
    assert!(store.passkeys_of(one).await.expect("read").is_empty(), "whoever is given a new code begins anew");
    assert_eq!(store.passkeys_of(two).await.expect("read").len(), 1);
}

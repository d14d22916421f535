//! Credentials: derived from confirmations, signed, taken back with them; checked by an implementation of Ed25519 that is not
//! ours (`ring`).

use super::client::Client;
use super::desk::{decide, page_of, tickets};
use super::fixture::{batch, whole_walk};
use super::house::{Base, Service};
use super::program::tend_at;
use super::store::entry;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use checkpoint::demo::PEOPLE;
use checkpoint::secrets::hex;
use checkpoint::store::{Appended, Kind, NewEntry, Store};
use flate2::read::GzDecoder;
use heritage::RouteId;
use protocol::api::Role;
use ring::signature::{ED25519, UnparsedPublicKey};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::io::Read;
use uuid::Uuid;

fn decoded(text: &str) -> Vec<u8> {
    BASE64_URL_SAFE_NO_PAD.decode(text).expect("base64url")
}

/// The payload of a token, once header and signature are found to fit the published key.
fn opened(client: &Client, token: &str) -> Value {
    let document = client.get("/.well-known/did.json");
    assert_eq!((document.status, document.header("content-type")), (200, Some("application/did+json")));
    let document = document.json();
    let parts: Vec<&str> = token.split('.').collect();
    let [header, payload, signature] = parts[..] else { panic!("three parts: {token}") };
    let read = |part: &str| -> Value { serde_json::from_slice(&decoded(part)).expect("JSON") };
    let method = &document["verificationMethod"][0];
    assert_eq!(read(header)["alg"], "EdDSA");
    assert_eq!(read(header)["kid"], method["id"]);
    let key = decoded(method["publicKeyJwk"]["x"].as_str().expect("a key"));
    let signed = format!("{header}.{payload}");
    UnparsedPublicKey::new(&ED25519, key).verify(signed.as_bytes(), &decoded(signature)).expect("the signature fits");
    let payload = read(payload);
    assert_eq!(payload["iss"], document["id"]);
    payload
}

/// Whether a credential's bit is set in the list that it names.
fn is_revoked(client: &Client, credential: &Value) -> bool {
    let status = &credential["credentialStatus"];
    let address = status["statusListCredential"].as_str().expect("an address");
    let path = address.split_once("/v1/").map(|(_, path)| format!("/v1/{path}")).expect("of this service");
    let list = client.get(&path);
    assert_eq!((list.status, list.header("content-type")), (200, Some("application/vc+jwt")), "{}", list.text());
    let list = opened(client, &list.text());
    assert_eq!(list["type"][1], "BitstringStatusListCredential");
    let packed = list["credentialSubject"]["encodedList"].as_str().and_then(|list| list.strip_prefix('u'));
    let mut bits = Vec::new();
    GzDecoder::new(&*decoded(packed.expect("multibase"))).read_to_end(&mut bits).expect("gzip");
    assert_eq!(bits.len() * 8, 131_072);
    let place: usize = status["statusListIndex"].as_str().and_then(|place| place.parse().ok()).expect("a place");
    bits[place / 8] & (0x80 >> (place % 8)) != 0
}

/// A learner whose walk is confirmed, and where their credential is found.
fn confirmed(service: &Service) -> (Client, String) {
    let learner = service.learner(1);
    learner.post("/v1/events", &batch(&whole_walk()));
    decide(&service.trainer(), "confirm", "", &[]);
    let page = learner.get("/certificates/hill.path");
    assert_eq!((page.status, page.header("cache-control")), (200, Some("no-store")), "{}", page.text());
    let text = page.text();
    let address = text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let address = address.into_iter().find(|address| address.starts_with("/v1/credentials/")).map(str::to_owned);
    (learner, address.expect("the file"))
}

#[test]
fn g7_confirmed_credit_leaves_as_a_credential_that_others_can_check() {
    let service = Service::with_demo();
    let (learner, address) = confirmed(&service);
    let answer = learner.get(&address);
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/vc+jwt")));
    let credential = opened(&service.stranger(), &answer.text());
    assert_eq!(credential["@context"][0], "https://www.w3.org/ns/credentials/v2");
    assert_eq!(credential["type"], serde_json::json!(["VerifiableCredential", "OpenBadgeCredential"]));
    assert_eq!(credential["credentialSubject"]["creditsEarned"], 0.5);
    assert_eq!(credential["id"], credential["jti"]);
    assert_eq!(credential["id"], address.replace("/v1/credentials/", "urn:uuid:"));
    let achievement = &credential["credentialSubject"]["achievement"];
    assert!(achievement["name"].as_str().is_some_and(|name| name.contains("Hill（中） · Path（中） | Hill · Path")));
    let identity = &credential["credentialSubject"]["identifier"][0];
    let salted = format!("示例学员甲{}", identity["salt"].as_str().expect("a salt"));
    let hash = hex(&Sha256::digest(salted.as_bytes()));
    assert_eq!(identity["identityHash"], format!("sha256${hash}"));
    assert!(!credential.to_string().contains("示例学员甲"), "the name is not in it");
    assert_eq!(learner.get(&address).text(), answer.text(), "the same bytes each time");
    assert!(!is_revoked(&service.stranger(), &credential));
    let page = learner.get("/certificates/hill.path").text();
    assert!(page.contains("示例学员甲") && page.contains("<svg role=\"img\""), "{page}");
}

#[test]
fn a_credential_ends_with_the_confirmation_and_another_one_is_another() {
    Base::ALL.into_iter().for_each(ends_with_the_confirmation);
}

fn ends_with_the_confirmation(base: Base) {
    let service = Service::with_demo_on(base);
    let (learner, address) = confirmed(&service);
    let trainer = service.trainer();
    let first = opened(&learner, &learner.get(&address).text());
    let own = |trainer: &Client| tickets(&trainer.get(&page_of(&learner)).text());
    decide(&trainer, "reopen", "误点", &own(&trainer));
    assert_eq!(learner.get(&address).status, 404);
    assert_eq!(learner.get("/certificates/hill.path").status, 404);
    assert!(is_revoked(&service.stranger(), &first));
    decide(&trainer, "confirm", "", &own(&trainer));
    assert_eq!(learner.get(&address).status, 404, "the first one does not come back");
    assert!(is_revoked(&service.stranger(), &first));
    let page = learner.get("/certificates/hill.path").text();
    let second = page.split("href=\"/v1/credentials/").nth(1).and_then(|rest| rest.split('"').next()).expect("another");
    let second = opened(&learner, &learner.get(&format!("/v1/credentials/{second}")).text());
    assert!(second["id"] != first["id"] && !is_revoked(&service.stranger(), &second));
    // Whoever is erased vouches for nothing any more, here or elsewhere.
    let person = learner.get("/v1/session").json()["person"].as_str().expect("an id").to_owned();
    let words = ["--person", &*person, "--by", "office", "--reason", "asked for it"];
    assert_eq!(tend_at("erase", &service.place, &words, Some(&"07".repeat(32))).code, 0);
    assert!(is_revoked(&service.stranger(), &first) && is_revoked(&service.stranger(), &second));
}

#[test]
fn g6_a_credential_is_for_its_holder_and_those_who_oversee_them() {
    let service = Service::with_demo();
    let (learner, address) = confirmed(&service);
    let (away, _) = service.person(Role::Trainer, "elsewhere", None);
    let (mentor, _) = service.person(Role::Mentor, "mentor", Some(service.demo_unit()));
    let certificate = format!("{}/certificate", page_of(&learner));
    for (who, status) in [(service.learner(2), 404), (away, 404), (mentor, 404)] {
        assert_eq!(who.get(&address).status, status);
        assert!(matches!(who.get(&certificate).status, 403 | 404));
    }
    assert_eq!(service.stranger().get(&address).status, 401);
    let trainer = service.trainer();
    assert_eq!(trainer.get(&address).text(), learner.get(&address).text());
    assert!(trainer.get(&certificate).text().contains("示例学员甲"));
    let (auditor, _) = service.person(Role::Auditor, "auditor", Some(service.demo_unit()));
    assert_eq!(auditor.get("/desk/audit").text().matches("取出学时证明").count(), 2, "both looks are written down");
}

#[test]
fn the_door_leads_back_to_the_certificate_that_was_wanted() {
    let service = Service::with_demo();
    confirmed(&service);
    let stranger = service.stranger();
    let (path, learner) = ("/certificates/hill.path", &PEOPLE[1]);
    let door = stranger.get(path);
    assert_eq!(door.header("location"), Some("/desk/sign-in?to=%2Fcertificates%2Fhill.path"));
    for (to, leads) in [(path, path), ("/course/hill.path", "/course/hill.path"), ("/desk/", "/zh/me/")] {
        let signed_in = stranger.form("/desk/sign-in", &[("code", learner.code), ("pin", learner.pin), ("to", to)]);
        assert_eq!((signed_in.status, signed_in.header("location")), (303, Some(leads)), "{}", signed_in.text());
    }
}

#[test]
fn what_is_no_credential_is_not_found() {
    let service = Service::with_demo();
    let learner = service.learner(1);
    let events = whole_walk();
    learner.post("/v1/events", &batch(&events));
    let event = format!("/v1/credentials/{}", events[0]["id"].as_str().expect("an id"));
    let nobody = format!("/v1/credentials/{}", Uuid::now_v7());
    for path in
        [&*event, &*nobody, "/v1/credentials/x", "/certificates/hill.path", "/certificates/hill", "/certificates/a.b"]
    {
        assert_eq!(learner.get(path).status, 404, "{path}");
    }
    for list in ["1", "4294967295", "-1", "x", "99999999999999999999"] {
        assert_eq!(learner.get(&format!("/v1/credentials/status/{list}")).status, 404, "{list}");
    }
}

/// What every store tells of confirmations that were taken back.
pub async fn taken_back_confirmations_are_told(store: &impl Store, two: Uuid) {
    let said = async |kind: Kind, route: &str| {
        let route = RouteId::new(route).ok();
        let entry = NewEntry { kind, route, ..entry(Uuid::now_v7(), two, "{}") };
        let Appended::Stored(seq) = store.append(vec![entry]).await.expect("appended")[0] else { panic!("stored") };
        seq
    };
    let lost = said(Kind::Confirmed, "ridge").await;
    let other = said(Kind::Confirmed, "shore").await;
    assert_eq!(store.revoked(lost, 1000).await.expect("read"), Vec::<i64>::new());
    let back = said(Kind::Reopened, "ridge").await;
    let again = said(Kind::Confirmed, "ridge").await;
    assert_eq!(store.revoked(lost, 1000).await.expect("read"), [lost], "{other} and {again} stand");
    assert_eq!(store.revoked(0, lost).await.expect("read"), Vec::<i64>::new());
    assert_eq!(store.revoked(0, lost + 1).await.expect("read"), [lost]);
    assert_eq!(store.revoked(back, i64::MAX).await.expect("read"), Vec::<i64>::new());
    said(Kind::Reopened, "ridge").await;
    assert_eq!(store.revoked(0, i64::MAX).await.expect("read"), [lost, again]);
}

//! Erasing a person while the service runs: what is gone, what stays, and what still proves.

use super::fixture::{batch, results, whole_walk};
use super::history::{holds, proof, published, root};
use super::house::{Base, Service};
use super::program::{Outcome, tend, tend_at};
use protocol::api::EventProof;
use serde_json::Value;
use std::fs;

/// The secret that the service of these tests has.
fn secret() -> String {
    "07".repeat(32)
}

pub fn erase(service: &Service, person: &str) -> Outcome {
    let words = ["--person", person, "--by", "县党校 / county office", "--reason", "本人要求 / asked for it"];
    tend_at("erase", &service.place, &words, Some(&secret()))
}

fn who(client: &super::client::Client) -> String {
    client.get("/v1/session").json()["person"].as_str().expect("an id").to_owned()
}

/// Everything that the database's files hold.
fn bytes(service: &Service) -> Vec<u8> {
    ["retrace.db", "retrace.db-wal"]
        .iter()
        .flat_map(|name| fs::read(service.folder.path().join(name)).unwrap_or_default())
        .collect()
}

fn hold(all: &[u8], what: &[u8]) -> bool {
    all.windows(what.len()).any(|part| part == what)
}

#[test]
fn an_erased_person_is_gone_and_every_proof_still_holds() {
    Base::ALL.into_iter().for_each(gone_and_proven);
}

fn gone_and_proven(base: Base) {
    let service = Service::with_demo_on(base);
    let (learner, other, trainer) = (service.learner(1), service.learner(2), service.trainer());
    let (own, others) = (whole_walk(), whole_walk());
    assert_eq!(results(&learner.post("/v1/events", &batch(&own)).json()), ["stored"; 4]);
    super::desk::decide(&trainer, "return", "示例学员甲请再走一遍", &[]);
    assert_eq!(results(&other.post("/v1/events", &batch(&others)).json()), ["stored"; 4]);
    let person = who(&learner);
    let id = |event: &Value| event["id"].as_str().expect("an id").to_owned();
    let (gone, stays) = (proof(&learner, &id(&own[0])), proof(&other, &id(&others[0])));
    let (before, note) = published(&other);
    let kept = service.folder.path().join("kept");
    fs::write(&kept, note).expect("kept");
    let (name, device) = ("示例学员甲".as_bytes(), own[0]["device"].as_str().expect("a device").as_bytes().to_vec());
    let is_file = base == Base::File;
    assert!(!is_file || hold(&bytes(&service), name) && hold(&bytes(&service), &device));
    let erased = erase(&service, &person);
    assert_eq!(erased.code, 0, "{erased:?}");
    assert!(erased.said[0].contains(&format!("entries about {person} are erased; entry ")), "{erased:?}");
    let cleared = erased.said.iter().any(|line| line.contains("VACUUM FULL"));
    assert_eq!(cleared, !is_file, "a server's own files are the server's to clear: {erased:?}");
    let left = bytes(&service);
    assert!(!hold(&left, name) && !hold(&left, &device), "no page holds the name or what was recorded");
    assert!(!hold(&left, id(&own[0]).as_bytes()));
    // The running service knows them no more.
    assert_eq!(learner.get("/v1/me/progress").status, 401);
    assert_eq!(learner.post("/v1/events", &batch(&own)).status, 401);
    let again = super::fixture::batch(&own);
    assert_eq!(results(&other.post("/v1/events", &again).json()), ["stored"; 4], "ids that nobody has any more");
    assert_eq!(trainer.get(&format!("/v1/events/{}/proof", id(&own[0]))).status, 200);
    for page in ["/desk/?state=all", "/desk/people", "/desk/walks.csv?state=all"] {
        let shown = trainer.get(page);
        assert!(shown.status == 200 && !shown.text().contains("示例学员甲"), "{page}");
    }
    assert_eq!(trainer.get(&format!("/desk/walks/{person}/hill.path")).status, 404);
    // What was proved stays proved, the erased entry by whoever kept its proof.
    assert!(holds(&gone) && holds(&stays));
    let now = proof(&other, &id(&others[0]));
    assert!(holds(&now) && now.place == stays.place);
    let moved = EventProof { checkpoint: now.checkpoint.clone(), ..gone };
    assert!(!holds(&moved), "a path leads to one root");
    let verified = tend_at("verify", &service.place, &["--against", kept.to_str().expect("a name")], Some(&secret()));
    assert_eq!(verified.code, 0, "{verified:?}");
    assert!(verified.said.iter().any(|line| line.contains(" 5 of them erased")), "{verified:?}");
    assert_eq!(root(&before).num_leaves(), before.size);
    // What had been on its way when the person was erased goes by another erasure.
    let late = super::store::answer_of(person.parse().expect("an id"), "{}");
    service.runtime.block_on(service.app.store.append(vec![late])).expect("appended");
    let second = erase(&service, &person);
    assert!(second.code == 0 && second.said[0].starts_with("1 entries about"), "{second:?}");
    let verified = tend_at("verify", &service.place, &["--against", kept.to_str().expect("a name")], Some(&secret()));
    assert!(verified.code == 0 && verified.said[1].contains(" 6 of them erased"), "{verified:?}");
    let third = erase(&service, &person);
    assert!(third.code == 1 && third.complaint.contains("nothing is left of"), "{third:?}");
}

#[test]
fn an_erased_trainer_leaves_what_they_decided_without_a_name() {
    Base::ALL.into_iter().for_each(nameless);
}

fn nameless(base: Base) {
    let service = Service::with_demo_on(base);
    let (learner, trainer) = (service.learner(1), service.trainer());
    learner.post("/v1/events", &batch(&whole_walk()));
    super::desk::decide(&trainer, "confirm", "", &[]);
    let confirmed = learner.get("/v1/me/progress").json();
    assert_eq!(confirmed["confirmed"], 5);
    let erased = erase(&service, &who(&trainer));
    assert!(erased.code == 0 && erased.said[1].starts_with("1 entries about others"), "{erased:?}");
    assert_eq!(learner.get("/v1/me/progress").json(), confirmed, "the learner's credit stays");
    let (colleague, _) = service.person(protocol::api::Role::Trainer, "colleague", Some(service.unit_of(&learner)));
    let list = colleague.get("/desk/walks.csv?state=all").text();
    assert!(list.contains("示例学员甲") && !list.contains("示例带训人"), "{list}");
    assert_eq!(colleague.get(&format!("/desk/walks/{}/hill.path", who(&learner))).status, 200);
}

#[test]
fn an_erased_admin_is_no_admin_any_more() {
    Base::ALL.into_iter().for_each(no_admin);
}

fn no_admin(base: Base) {
    let service = Service::empty_on(base);
    let (_, admin) = service.person(protocol::api::Role::Admin, "admin", None);
    let is_there = || service.runtime.block_on(service.app.store.has_role(protocol::api::Role::Admin)).expect("read");
    assert!(is_there());
    assert_eq!(erase(&service, &admin.to_string()).code, 0);
    assert!(!is_there(), "so that the next start offers the first link again");
}

#[test]
fn what_cannot_be_erased_is_said_and_nothing_is_changed() {
    Base::ALL.into_iter().for_each(refused);
}

fn refused(base: Base) {
    let service = Service::with_demo_on(base);
    let (learner, nobody) = (service.learner(1), uuid::Uuid::now_v7().to_string());
    let person = who(&learner);
    let refused = erase(&service, &nobody);
    assert!(refused.code == 1 && refused.complaint.contains(&format!("nobody has the id {nobody}")), "{refused:?}");
    let blank = tend_at("erase", &service.place, &["--person", &person, "--by", " ", "--reason", "x"], None);
    assert!(blank.code == 1 && blank.complaint.contains("say in --by who"), "{blank:?}");
    for arguments in [vec!["--person", &person], vec!["--person", "x", "--by", "y", "--reason", "z"]] {
        assert_eq!(tend_at("erase", &service.place, &arguments, None).code, 2);
    }
    let elsewhere = service.folder.path().join("none.db");
    let words = ["--person", &person, "--by", "x", "--reason", "y"];
    assert!(tend("erase", &elsewhere, &words, None).complaint.contains("there is no such file"));
    assert!(!elsewhere.exists());
    assert_eq!(learner.get("/v1/session").status, 200);
}

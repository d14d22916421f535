//! Backups made while the service runs, what is restored from them, and what is derived from the log alone.

use super::fixture::{answered, batch, results, whole_walk};
use super::house::{Base, Service};
use super::presence::graded_by_an_older_rule;
use super::program::{tend, tend_at};
use super::store::{answer_of, learner};
use checkpoint::history::Signer;
use checkpoint::secrets::Secrets;
use checkpoint::store::sqlite::Sqlite;
use checkpoint::store::{Appended, Entry, Kind, NewEntry, Store};
use checkpoint::walk::rebuild;
use heritage::credit::PRESENCE_RULE;
use protocol::api::Role;
use rusqlite::Connection;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use uuid::Uuid;

fn secret() -> String {
    "07".repeat(32)
}

#[test]
fn a_backup_under_load_is_whole_and_holds_all_that_was_answered_before() {
    let service = Service::empty();
    let (_, person) = service.person(Role::Learner, "one", None);
    let file = service.folder.path().join("retrace.db");
    let (stop, last) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicI64::new(0)));
    let writers: Vec<_> = (0..4)
        .map(|_| {
            let (app, stop, last) = (Arc::clone(&service.app), Arc::clone(&stop), Arc::clone(&last));
            service.runtime.spawn(async move {
                while !stop.load(Ordering::SeqCst) {
                    let became = app.store.append(vec![answer_of(person, "{}"); 1]).await.expect("appended");
                    let Appended::Stored(seq) = became[0] else { panic!("{became:?}") };
                    last.fetch_max(seq, Ordering::SeqCst);
                }
            })
        })
        .collect();
    while last.load(Ordering::SeqCst) < 300 {
        std::thread::yield_now();
    }
    let answered = last.load(Ordering::SeqCst);
    let copy = service.folder.path().join("copy.db");
    let to = copy.display().to_string();
    let made = tend("backup", &file, &["--to", &to], Some(&secret()));
    stop.store(true, Ordering::SeqCst);
    for writer in writers {
        service.runtime.block_on(writer).expect("a writer ends");
    }
    assert_eq!(made.code, 0, "{made:?}");
    assert!(made.said[1].contains("the secret is not in it"), "{made:?}");
    assert_eq!(tend("verify", &copy, &[], None).code, 0);
    let kept: i64 = Connection::open(&copy)
        .and_then(|copy| copy.query_row("SELECT max(seq) FROM event", [], |row| row.get(0)))
        .expect("it is read");
    assert!(kept >= answered, "{kept} of {answered}");
    let here: Vec<String> = fs::read_dir(service.folder.path())
        .expect("read")
        .map(|entry| entry.expect("read").file_name().to_string_lossy().into_owned())
        .collect();
    assert!(!here.iter().any(|name| name.contains(".part") || name.starts_with("copy.db-")), "{here:?}");
    for target in [&to, &file.display().to_string()] {
        let refused = tend("backup", &file, &["--to", target], Some(&secret()));
        assert!(refused.code == 1 && refused.complaint.contains("is there already"), "{refused:?}");
    }
    let refused = tend("backup", &file, &["--to", "/nowhere/copy.db"], Some(&secret()));
    assert!(refused.code == 1 && refused.complaint.contains("no backup was made"), "{refused:?}");
}

#[test]
fn no_backup_is_made_of_a_log_that_is_not_sound() {
    let service = Service::empty();
    let (_, person) = service.person(Role::Learner, "one", None);
    let entries = (0..3).map(|_| answer_of(person, "{}")).collect();
    service.runtime.block_on(service.app.store.append(entries)).expect("appended");
    let (file, copy) = (service.folder.path().join("retrace.db"), service.folder.path().join("copy.db"));
    Connection::open(&file)
        .and_then(|c| c.execute_batch("UPDATE event SET body = '[]' WHERE seq = 2"))
        .expect("changed");
    let refused = tend("backup", &file, &["--to", &copy.display().to_string()], None);
    assert_eq!((refused.code, copy.exists()), (3, false), "{refused:?}");
    assert!(refused.said[0].starts_with("entry 2: is not what was recorded"), "{refused:?}");
}

#[test]
fn what_is_restored_from_a_backup_gives_the_same_credit() {
    let service = Service::with_demo();
    service.learner(1).post("/v1/events", &batch(&whole_walk()));
    super::desk::decide(&service.trainer(), "confirm", "", &[]);
    service.learner(2).post("/v1/events", &batch(&whole_walk()));
    let content = service.folder.path().join("private").display().to_string();
    let digest = |file: &std::path::Path| {
        let rebuilt = tend("rebuild", file, &["--content", &content], Some(&secret()));
        assert_eq!(rebuilt.code, 0, "{rebuilt:?}");
        assert_eq!(rebuilt.said[0], "2 walks of 2 people from 9 entries, worked out in 5 orders of delivery");
        rebuilt.said[1].clone()
    };
    let (file, copy) = (service.folder.path().join("retrace.db"), service.folder.path().join("copy.db"));
    assert_eq!(tend("backup", &file, &["--to", &copy.display().to_string()], None).code, 0);
    let (before, backed_up) = (digest(&file), fs::read(&copy).expect("read"));
    assert!(before.starts_with("digest ") && before.len() == 71);
    assert_eq!(digest(&copy), before);
    assert!(fs::read(&copy).expect("read") == backed_up, "a drill leaves the copy as it is");
    service.learner(2).post("/v1/events", &batch(&[answered("gate", 0)]));
    let more = tend("rebuild", &file, &["--content", &content], Some(&secret()));
    assert_eq!(more.said[1], before, "another wrong answer changes nothing that is shown");
    let without = tend("rebuild", &copy, &["--content", &content], None);
    assert!(without.code == 1 && without.complaint.contains("retrace.key"), "no secret is made up: {without:?}");
}

#[test]
fn a_newer_rule_is_applied_by_its_command_once_and_nothing_is_rewritten() {
    Base::ALL.into_iter().for_each(applied_once);
}

fn applied_once(base: Base) {
    let service = Service::with_demo_on(base);
    let learners = [1, 2, 3].map(|number| service.learner(number));
    for learner in &learners {
        learner.post("/v1/events", &batch(&whole_walk()));
    }
    super::desk::decide(&service.trainer(), "confirm", "", &[]);
    let people = learners.each_ref().map(|learner| {
        learner.get("/v1/session").json()["person"].as_str().and_then(|id| id.parse::<Uuid>().ok()).expect("an id")
    });
    // Two of three by an older rule; the third is graded as the present one has it.
    let older = people[..2].iter().map(|person| graded_by_an_older_rule(*person)).collect();
    let store = &service.app.store;
    service.runtime.block_on(store.append(older)).expect("kept");
    let logs = || people.map(|person| service.runtime.block_on(store.log_of(person)).expect("read"));
    let (before, head) = (logs(), service.runtime.block_on(store.head()).expect("read"));
    let kept = service.folder.path().join("checkpoint");
    fs::write(&kept, Signer::new(&service.app.secrets, &head.origin).sign(&head)).expect("kept");
    let content = service.folder.path().join("private").display().to_string();
    let run = |command: &str, arguments: &[&str]| tend_at(command, &service.place, arguments, Some(&secret()));
    let first = run("reassess", &["--content", &content]);
    assert_eq!(first.code, 0, "{first:?}");
    assert_eq!(first.said, [format!("3 confirmed walks by rule {PRESENCE_RULE}; 2 entries added, nothing rewritten")]);
    let after = logs();
    for (number, (before, after)) in before.iter().zip(&after).enumerate() {
        let added = usize::from(number < 2);
        assert_eq!((&after[..before.len()], after.len()), (&before[..], before.len() + added));
        let grade = |entry: &Entry| serde_json::from_str::<serde_json::Value>(&entry.said.body).expect("a grade");
        for entry in &after[before.len()..] {
            assert_eq!((entry.said.kind, grade(entry)["rule"].as_u64()), (Kind::Assessed, Some(PRESENCE_RULE.into())));
        }
    }
    let again = run("reassess", &["--content", &content]);
    assert_eq!(again.said, [format!("3 confirmed walks by rule {PRESENCE_RULE}; 0 entries added, nothing rewritten")]);
    assert_eq!(logs(), after, "a second run adds nothing");
    let goes_on = learners[2].post("/v1/events", &batch(&[answered("gate", 0)]));
    assert_eq!(results(&goes_on.json()), ["stored"], "the service ran meanwhile, and writes on");
    let verified = run("verify", &["--against", &kept.display().to_string()]);
    assert!(verified.code == 0 && verified.said[0].ends_with("holds"), "{verified:?}");
    let nowhere = tend("reassess", &service.folder.path().join("none.db"), &["--content", &content], Some(&secret()));
    assert!(nowhere.code == 1 && nowhere.complaint.contains("there is no such file"), "{nowhere:?}");
}

#[test]
fn g4_two_services_that_heard_the_same_in_another_order_derive_the_same() {
    let service = Service::with_demo();
    let folder = tempfile::tempdir().expect("a folder");
    let runtime = &service.runtime;
    let (unit, people) = (Uuid::now_v7(), [Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7()]);
    let mut said: Vec<NewEntry> = Vec::new();
    for person in people {
        for event in whole_walk().iter().chain(&whole_walk()) {
            let kind = &event["kind"];
            let is_answer = kind["type"] == "answered";
            let body =
                serde_json::to_string(&serde_json::from_value::<protocol::Event>(event.clone()).expect("an event"));
            let answer = answer_of(person, &body.expect("written"));
            let id = event["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
            let kind = if is_answer { answer.kind } else { checkpoint::store::Kind::Completed };
            said.push(NewEntry { id, kind, ..answer });
        }
    }
    let digest = |name: &str, said: &[NewEntry]| {
        let store = Sqlite::open(&folder.path().join(name)).expect("it opens");
        runtime.block_on(async {
            store.add_unit(unit, "unit".to_owned()).await.expect("a unit");
            for (key, person) in (1..).zip(people) {
                assert!(store.add_person(learner(person, unit, key)).await.expect("made"));
            }
            store.append(said.to_vec()).await.expect("appended");
            let rebuilt = rebuild(&service.app.courses, &Secrets::known([7; 32]), &store).await.expect("read");
            assert_eq!((rebuilt.people, rebuilt.entries, rebuilt.walks), (3, 24, 3));
            assert!(rebuilt.differing.is_empty());
            let log: Vec<Entry> = store.log_of(people[0]).await.expect("read");
            (rebuilt.digest, log.first().map(|entry| entry.said.id))
        })
    };
    let (forward, first) = digest("forward.db", &said);
    said.reverse();
    let (backward, last) = digest("backward.db", &said);
    assert_ne!(first, last, "the logs differ");
    assert_eq!(forward, backward, "what is derived does not");
}

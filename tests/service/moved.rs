//! F13: a record that goes from a file to a server and back is the same record.

use super::faults::rounds;
use super::fixture::{NOW_MS, batch, whole_walk};
use super::house::{Base, Service};
use super::presence::{shown_by, tap};
use super::program::{Outcome, tend_at};
use super::server::Server;
use super::statements::statement;
use super::store::{answer_of, hill};
use super::vouching::traced;
use super::world::person;
use super::xapi::{MIXED, System, mixed, with_attachment};
use checkpoint::history::Checkpoint;
use checkpoint::store::forwards::{Refusal, Settled};
use checkpoint::store::statements::Scope;
use checkpoint::store::{Appended, Kind, NewEntry, NewPerson, Place, Store};
use heritage::RouteId;
use protocol::api::Role;
use rusqlite::Connection;
use rusqlite::types::Value;
use serde_json::json;
use std::path::Path;
use std::sync::Arc;
use uuid::Uuid;

const SECRET: [u8; 32] = [7; 32];

fn secret() -> String {
    checkpoint::secrets::hex(&SECRET)
}

fn carry(service: &Service, from: &str, to: &str) -> Outcome {
    let content = service.folder.path().join("private").display().to_string();
    tend_at("move", "", &["--from", from, "--to", to, "--content", &content], Some(&secret()))
}

/// A record with walks, decisions, a person erased, looks of a trainer, units, so many learners with credit, and so many
/// times 500 answers.
fn full(base: Base, learners: usize, answers: usize) -> Service {
    let service = Service::with_demo_on(base);
    let (learner, trainer) = (service.learner(1), service.trainer());
    learner.post("/v1/events", &batch(&whole_walk()));
    super::desk::decide(&trainer, "confirm", "", &[]);
    super::presence::send(&service.learner(2), &shown_by(|at| vec![tap(&service, at, 7, NOW_MS), traced("a")]));
    let (leaving, left) = service.person(Role::Learner, "要走的人 \u{0}'", Some(service.demo_unit()));
    leaving.post("/v1/events", &batch(&whole_walk()));
    store_what_others_send(&service);
    store_how_far_forwarding_has_come(&service);
    let (_, busy) = service.person(Role::Learner, "busy", None);
    for _ in 0..answers {
        let said = (0..500).map(|number| answer_of(busy, &format!("{{\"n\":{number}}}"))).collect();
        service.runtime.block_on(service.app.store.append(said)).expect("appended");
    }
    store_learners_with_credit(&service, learners);
    let words = ["--person", &left.to_string(), "--by", "office", "--reason", "asked"];
    assert_eq!(tend_at("erase", &service.place, &words, Some(&secret())).code, 0);
    service
}

/// Learners of the demo unit, each with a whole walk that was confirmed.
fn store_learners_with_credit(service: &Service, count: usize) {
    let (store, unit) = (&service.app.store, service.demo_unit());
    let body = json!({ "note": "", "rule_version": 3, "hours": 5, "seen_seq": 0 }).to_string();
    for first in (0..count).step_by(100) {
        let named = |number| person(Role::Learner, unit, &format!("学员 {number}"));
        let people: Vec<NewPerson> = (first..count.min(first + 100)).map(named).collect();
        let walks = people.iter().flat_map(|person| {
            let confirmed = NewEntry {
                site: Some(hill()),
                route: RouteId::new("path").ok(),
                ..NewEntry::about(Uuid::now_v7(), Kind::Confirmed, (person.id, person.id), NOW_MS, body.clone())
            };
            let sent = whole_walk()
                .into_iter()
                .map(|event| NewEntry { received_at_ms: NOW_MS, ..answer_of(person.id, &event.to_string()) });
            sent.chain([confirmed]).collect::<Vec<_>>()
        });
        let walks = walks.collect();
        service.runtime.block_on(async {
            assert!(store.add_people(people, Vec::new()).await.expect("people"));
            store.append(walks).await.expect("appended");
        });
    }
}

/// The year's report of the demo unit.
fn report(service: &Service) -> String {
    let report = service.trainer().get("/desk/report.csv");
    assert_eq!(report.status, 200, "{}", report.text());
    report.text()
}

fn store_how_far_forwarding_has_come(service: &Service) {
    let (store, unit) = (&service.app.store, service.demo_unit());
    let refused = [1, 2].map(|seq| Refusal { seq, status: 409, words: "不收".to_owned() }).to_vec();
    let settled = Settled { from: 0, upto: 3, delivered: 1, refused, at_ms: 5 };
    service.runtime.block_on(async {
        store.begin_forward("county".to_owned(), None).await.expect("begun");
        store.begin_forward("office".to_owned(), Some(unit)).await.expect("begun");
        assert!(store.settle_forward("office".to_owned(), settled).await.expect("settled"));
    });
}

/// Statements that refer to one another, an attachment and a document.
fn store_what_others_send(service: &Service) {
    let system = System::of(service, service.demo_unit(), Scope::All);
    let [one, two] = [(); 2].map(|()| Uuid::now_v7());
    let said = with_attachment(statement(one, "一", "https://a.example"), "https://u.example", "text/plain", b"\0\xff");
    let mut referring = statement(two, "二", "https://a.example");
    referring["object"] = json!({ "objectType": "StatementRef", "id": one });
    let both = json!([said.0, referring]);
    let sent = system.send("POST", "/statements", &[MIXED], &mixed(&both, &said.1, b"\0\xff"));
    assert_eq!(sent.status, 200, "{}", sent.text());
    let path = "/activities/profile?activityId=https://a.example&profileId=%E9%A1%B5%00";
    assert_eq!(system.send("PUT", path, &[("if-none-match", "*")], b"\0\xff").status, 204);
}

fn opened(service: &Service, place: &str) -> Arc<dyn Store> {
    service.runtime.block_on(Place::read(place).expect("a place").open()).expect("it opens").0
}

fn head(service: &Service, place: &str) -> Checkpoint {
    service.runtime.block_on(opened(service, place).head()).expect("read")
}

/// All that a file holds, save who was signed in.
fn rows(file: &Path) -> Vec<(String, Vec<Vec<Value>>)> {
    let connection = Connection::open(file).expect("it opens");
    let mut tables =
        connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").expect("asked");
    let names: Vec<String> =
        tables.query_map([], |row| row.get(0)).expect("asked").map(|name| name.expect("read")).collect();
    let left = ["session", "first_link"];
    let kept = names.into_iter().filter(|name| !left.contains(&name.as_str()));
    kept.map(|name| {
        let mut all = connection.prepare(&format!("SELECT * FROM {name} ORDER BY 1, 2")).expect("asked");
        let columns = all.column_count();
        let row = |row: &rusqlite::Row<'_>| (0..columns).map(|column| row.get(column)).collect();
        let rows = all.query_map([], row).expect("asked").map(|row| row.expect("read")).collect();
        (name, rows)
    })
    .collect()
}

#[test]
fn f13_a_record_moved_to_a_server_and_back_is_the_same_row_for_row() {
    let (learners, answers) = (rounds(20, 20_000), rounds(7, 200));
    let service = full(Base::File, learners, answers);
    let events = 10 + 5 * learners + 500 * answers;
    let reported = report(&service);
    assert_eq!(reported.matches("\"0.5\",\"32\"").count(), learners + 1, "each with what they earned");
    let server = Server::shared().database();
    let back = service.folder.path().join("back.db");
    let there = carry(&service, &service.place, &server);
    assert_eq!(there.code, 0, "{there:?}");
    let again = carry(&service, &server, &format!("sqlite:{}", back.display()));
    assert_eq!(again.code, 0, "{again:?}");
    for outcome in [&there, &again] {
        assert!(
            outcome
                .said
                .iter()
                .any(|line| line.ends_with(" 4 of them erased; root ") || line.contains(", 4 of them erased; root "))
        );
        assert!(outcome.said.iter().any(|line| *line == format!("event: {events} rows")), "{outcome:?}");
        assert!(outcome.said.iter().any(|line| line == "showing: 4 rows"), "{outcome:?}");
        assert!(outcome.said.iter().any(|line| line.contains("everyone signs in again")));
    }
    let digest = |outcome: &Outcome| outcome.said.iter().find(|line| line.contains("digest ")).cloned();
    assert_eq!(digest(&there), digest(&again));
    let (first, last) = (rows(&service.folder.path().join("retrace.db")), rows(&back));
    for (before, after) in first.iter().zip(&last) {
        assert!(before == after, "{} differs", before.0);
    }
    assert_eq!(first.len(), last.len());
    let heads = [&service.place, &server, &format!("sqlite:{}", back.display())].map(|place| head(&service, place));
    assert!(heads[0] == heads[1] && heads[1] == heads[2]);
    for place in [&server, &format!("sqlite:{}", back.display())] {
        assert!(report(&Service::settled_at(place.clone(), |_| {})) == reported, "the report of {place} differs");
    }
    println!(
        "F13: {events} events, {} rows of {} tables in all, moved there and back; a report of {} lines is the same",
        first.iter().map(|table| table.1.len()).sum::<usize>(),
        first.len(),
        reported.lines().count()
    );
}

#[test]
fn f13_a_record_moved_from_a_server_goes_on_where_it_was() {
    let service = full(Base::Server, 3, 7);
    let file = format!("sqlite:{}", service.folder.path().join("moved.db").display());
    let server = Server::shared().database();
    assert_eq!(carry(&service, &service.place, &file).code, 0);
    assert_eq!(carry(&service, &file, &server).code, 0);
    let (_, person) = service.person(Role::Learner, "later", None);
    let subject = service.runtime.block_on(service.app.store.subjects()).expect("read")[0];
    let next = |place: &str, said: NewEntry| {
        let became = service.runtime.block_on(opened(&service, place).append(vec![said])).expect("appended");
        let Appended::Stored(seq) = became[0] else { panic!("{became:?}") };
        seq
    };
    let said = answer_of(subject, "{}");
    let seqs = [&service.place, &file, &server].map(|place| next(place, said.clone()));
    assert!(seqs[0] == seqs[1] && seqs[1] == seqs[2], "the same place everywhere: {seqs:?}");
    for place in [&file, &server] {
        assert_eq!(tend_at("verify", place, &[], Some(&secret())).code, 0);
        assert!(service.runtime.block_on(opened(&service, place).person(person)).expect("read").is_none());
    }
    println!(
        "F13: moved from a server to a file and to another server, the next entry is entry {} everywhere",
        seqs[0]
    );
}

#[test]
fn what_cannot_be_moved_is_said_and_nothing_is_written() {
    let service = full(Base::File, 3, 7);
    let (server, used) = (Server::shared().database(), Server::shared().database());
    let file = |name: &str| format!("sqlite:{}", service.folder.path().join(name).display());
    service.runtime.block_on(opened(&service, &used).add_unit(uuid::Uuid::now_v7(), "unit".to_owned())).expect("made");
    let refused = carry(&service, &service.place, &used);
    assert!(refused.code == 1 && refused.complaint.contains("it is not empty (table unit)"), "{refused:?}");
    let itself = carry(&service, &service.place, &service.place);
    assert!(itself.code == 1 && itself.complaint.contains("it is not empty"), "{itself:?}");
    let nothing = carry(&service, &file("none.db"), &server);
    assert!(nothing.code == 1 && nothing.complaint.contains("there is no such file"), "{nothing:?}");
    let shown = carry(&service, &service.place, "postgres://me:hidden@host/db");
    assert!(shown.code == 1 && shown.complaint.contains("password stands on the command line"), "{shown:?}");
    assert!(!shown.complaint.contains("hidden"));
    Connection::open(service.folder.path().join("retrace.db"))
        .and_then(|c| c.execute_batch("UPDATE event SET body = '[]' WHERE seq = 2"))
        .expect("changed");
    let unsound = carry(&service, &service.place, &server);
    assert!(unsound.code == 3 && unsound.said[0].starts_with("entry 2: is not what was recorded"), "{unsound:?}");
    assert_eq!(head(&service, &server).size, 0);
}

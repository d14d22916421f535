//! What the README promises of the record, each test bearing the number of its guarantee. G1 is in `killed`, G5 in
//! `history` and `tampered`.

use super::fixture::{RIGHT, alone, answered, batch, completed, results, whole_walk};
use super::house::{Base, Service};
use checkpoint::identity::Recorder;
use checkpoint::intake::take_in;
use checkpoint::store::Person;
use checkpoint::walk;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use protocol::api::{Progress, Role};
use protocol::event::Outcome;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Barrier;
use std::thread;
use uuid::Uuid;

pub fn busy(base: Base) -> Service {
    Service::settled_on(base, |settings| settings.writes_a_minute = 10_000)
}

/// Sends all of these at once, and says what became of each.
fn race(service: &Service, client: &super::client::Client, events: &[Value]) -> Vec<String> {
    let start = Barrier::new(events.len());
    let became = thread::scope(|scope| {
        let senders: Vec<_> = events
            .iter()
            .map(|event| {
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    results(&client.post("/v1/events", &alone(event)).json())
                })
            })
            .collect();
        senders.into_iter().flat_map(|sender| sender.join().expect("a sender ends")).collect::<Vec<_>>()
    });
    service.runtime.block_on(service.app.store.ready()).expect("it goes on");
    became
}

fn count(became: &[String], word: &str) -> usize {
    became.iter().filter(|each| *each == word).count()
}

#[test]
fn g2_f7_of_sixty_four_equal_events_at_once_one_is_stored_and_the_others_are_duplicates() {
    Base::ALL.into_iter().for_each(sixty_four_equal);
}

fn sixty_four_equal(base: Base) {
    let service = busy(base);
    let (client, person) = service.person(Role::Learner, "one", None);
    let became = race(&service, &client, &vec![completed("gate"); 64]);
    assert_eq!((count(&became, "stored"), count(&became, "duplicate")), (1, 63), "{became:?}");
    println!("F7: 64 at once with one id and one body: 1 stored, 63 duplicates");
    assert_eq!(service.runtime.block_on(service.app.store.log_of(person)).expect("read").len(), 1);
}

#[test]
fn g2_f7_of_sixty_four_events_with_one_id_at_once_one_is_stored_and_the_others_conflict() {
    Base::ALL.into_iter().for_each(sixty_four_rivals);
}

fn sixty_four_rivals(base: Base) {
    let service = busy(base);
    let (client, person) = service.person(Role::Learner, "one", None);
    let first = completed("gate");
    let events: Vec<Value> = (0..64)
        .map(|number| {
            let mut event = first.clone();
            event["kind"]["dwell_secs"] = json!(number);
            event
        })
        .collect();
    let became = race(&service, &client, &events);
    assert_eq!((count(&became, "stored"), count(&became, "conflict")), (1, 63), "{became:?}");
    println!("F7: 64 at once with one id and 64 bodies: 1 stored, 63 conflicts");
    let log = service.runtime.block_on(service.app.store.log_of(person)).expect("read");
    let winner = became.iter().position(|word| word == "stored").expect("one won");
    let kept: Value = serde_json::from_str(&log[0].said.body).expect("JSON");
    assert_eq!(
        (log.len(), kept["kind"]["dwell_secs"].as_f64()),
        (1, Some(f64::from(u32::try_from(winner).expect("small"))))
    );
}

#[test]
fn g2_an_id_that_stands_twice_in_a_batch_is_stored_once_and_said_of_the_second() {
    Base::ALL.into_iter().for_each(twice_in_a_batch);
}

fn twice_in_a_batch(base: Base) {
    let service = busy(base);
    let (client, person) = service.person(Role::Learner, "one", None);
    let event = completed("gate");
    let mut other = event.clone();
    other["kind"]["dwell_secs"] = json!(1);
    let answer = client.post("/v1/events", &batch(&[event.clone(), event.clone(), other])).json();
    assert_eq!(results(&answer), ["stored", "rejected", "rejected"]);
    assert!(["zh", "en"].iter().all(|lang| answer["receipts"][1]["reason"][*lang].is_string()));
    assert_eq!(results(&client.post("/v1/events", &alone(&event)).json()), ["duplicate"]);
    assert_eq!(service.runtime.block_on(service.app.store.log_of(person)).expect("read").len(), 1);
}

/// One item as a device, a faulty one or someone hostile could send it.
fn item() -> impl Strategy<Value = Value> {
    (0..10_u8, any::<u8>(), any::<f64>(), ".{0,40}").prop_map(|(kind, byte, number, text)| {
        let mut event = completed(if byte % 2 == 0 { "gate" } else { "well" });
        match kind {
            0 => return json!(text),
            1 => return json!({ "id": event["id"] }),
            2 => return json!([[[number]], null]),
            3 => return answered("well", byte),
            4 => event["kind"]["station"] = json!(text),
            5 => event["kind"]["dwell_secs"] = json!(number),
            6 => event["id"] = json!(text),
            7 => event["kind"]["proof"] = json!({ "method": "code", "code": text }),
            8 => event["captured_at_ms"] = json!(number),
            _ => {}
        }
        event
    })
}

/// Runs a property on as many cases as given, from seeds that are the same on every machine.
pub fn hold<S: Strategy>(cases: u32, strategy: &S, property: impl Fn(S::Value)) {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    runner
        .run(strategy, |value| {
            property(value);
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

/// Who stands for a case, so that no two cases share a log.
pub fn fresh(service: &Service) -> Person {
    let id = Uuid::now_v7();
    service.runtime.block_on(async {
        service.app.store.add_unit(id, "unit".to_owned()).await.expect("a unit");
        let mut made = super::store::learner(id, id, 0);
        made.code_key[..16].copy_from_slice(id.as_bytes());
        assert!(service.app.store.add_person(made).await.expect("made"));
        service.app.store.person(id).await.expect("read").expect("there")
    })
}

pub fn send(service: &Service, person: &Person, items: &[Value]) -> Vec<protocol::event::Receipt> {
    let raw: Vec<Box<RawValue>> =
        items.iter().map(|item| serde_json::value::to_raw_value(item).expect("JSON")).collect();
    let raw: Vec<&RawValue> = raw.iter().map(AsRef::as_ref).collect();
    let recorder = Recorder { person: person.clone(), kiosk: None };
    service.runtime.block_on(take_in(&service.app, &recorder, &raw, None)).expect("the batch is read")
}

#[test]
fn g3_every_item_of_every_batch_gets_an_outcome_with_its_reason() {
    Base::ALL.into_iter().for_each(every_item);
}

fn every_item(base: Base) {
    let service = busy(base);
    let (kept, refused) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    hold(100, &vec(item(), 1..30), |items| {
        let person = fresh(&service);
        let receipts = send(&service, &person, &items);
        assert_eq!(receipts.len(), items.len(), "one for each, in the order sent");
        let mut stored = BTreeSet::new();
        for (receipt, item) in receipts.iter().zip(&items) {
            let named = item["id"].as_str().and_then(|id| id.parse::<Uuid>().ok());
            assert_eq!(receipt.id, named, "{item}");
            match &receipt.outcome {
                Outcome::Stored { seq, .. } => assert!(stored.insert(*seq)),
                Outcome::Duplicate { seq, .. } => assert!(stored.contains(seq)),
                Outcome::Conflict { reason } | Outcome::Rejected { reason, .. } => {
                    assert!(!reason.zh.is_empty() && !reason.en.is_empty());
                    refused.set(refused.get() + 1);
                }
            }
        }
        let log = service.runtime.block_on(service.app.store.log_of(person.id)).expect("read");
        let there: BTreeSet<i64> = log.iter().map(|entry| entry.seq).collect();
        assert_eq!(there, stored, "what was answered as stored is there, and nothing else");
        kept.set(kept.get() + stored.len());
    });
    assert!(kept.get() > 100 && refused.get() > 100, "{} kept, {} refused", kept.get(), refused.get());
}

pub fn progress(service: &Service, person: &Person) -> Progress {
    let log = service.runtime.block_on(service.app.store.log_of(person.id)).expect("read");
    let walks = walk::walks_of(&service.app.courses, &service.app.secrets, person.id, &log);
    walk::progress(&walks, service.app.now_ms(), service.app.settings.annual_target)
}

/// What the same events are called when another person's device sends them.
pub fn renamed(events: &[Value]) -> Vec<Value> {
    let renamed = |event: &Value| {
        let mut event = event.clone();
        event["id"] = json!(Uuid::now_v7());
        event
    };
    events.iter().map(renamed).collect()
}

/// A walk with more than it needs: half-heard stretches in both languages, wrong answers, weaker and stronger proofs.
pub fn rich_walk() -> Vec<Value> {
    let mut events = whole_walk();
    for station in ["gate", "well"] {
        for (lang, from, to, proof) in [
            ("zh", 0.0, 11.25, json!({ "method": "declared" })),
            ("zh", 30.1, 39.7, json!({ "method": "code", "code": "BCDF-GHJK" })),
            (
                "en",
                3.3,
                27.9,
                json!({ "method": "fix", "accuracy_m": 8.0, "dwell_secs": 44.0, "fixes": 2, "ignored": 7, "jumps": 0, "datum": "gcj02" }),
            ),
        ] {
            let mut event = completed(station);
            event["kind"]["lang"] = json!(lang);
            event["kind"]["heard"][0]["ranges"] = json!([[from, to]]);
            event["kind"]["proof"] = proof;
            event["captured_at_ms"] = json!(event["captured_at_ms"].as_i64().expect("a time") - (to * 1000.0) as i64);
            events.push(event);
        }
        events.push(answered(station, RIGHT + 1));
    }
    events
}

#[test]
fn g4_progress_is_the_same_however_what_was_recorded_is_delivered() {
    Base::ALL.into_iter().for_each(however_delivered);
}

fn however_delivered(base: Base) {
    let service = busy(base);
    let walk = rich_walk();
    let whole = walk.len();
    // Which part of the walk there is, in which order it comes, what comes again, and where batches are cut.
    let delivery = (1..=whole).prop_flat_map(move |size| {
        let order = Just((0..size).collect::<Vec<_>>()).prop_shuffle();
        (order, vec(0..size, 0..size), vec(any::<bool>(), 2 * size))
    });
    hold(60, &delivery, |(order, repeated, cuts)| {
        let (plain, other) = (fresh(&service), fresh(&service));
        let part = &walk[..order.len()];
        send(&service, &plain, &renamed(part));
        let events = renamed(part);
        let (mut sent, mut received) = (Vec::new(), BTreeSet::new());
        for (index, cut) in order.iter().chain(&repeated).zip(&cuts) {
            sent.push(events[*index].clone());
            if *cut {
                received
                    .extend(send(&service, &other, &std::mem::take(&mut sent)).into_iter().filter_map(|each| each.id));
            }
        }
        // The rest, and then all of it once more, as a device does whose receipts were lost.
        if !sent.is_empty() {
            send(&service, &other, &sent);
        }
        let again = send(&service, &other, &events);
        assert!(again.iter().all(|each| matches!(each.outcome, Outcome::Duplicate { .. })), "{again:?}");
        assert_eq!(progress(&service, &other), progress(&service, &plain));
    });
}

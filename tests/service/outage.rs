//! F12: a server that ends sessions, undoes transactions, loses answers, stops at once, and one that is lost for good.

use super::fixture::{batch, completed, results};
use super::house::{Base, Service};
use super::load::Load;
use super::program::tend_at;
use super::proxying::{Cut, Proxy};
use super::server::Server;
use super::store::{answer_of, learner};
use checkpoint::demo::PEOPLE;
use checkpoint::store::{Appended, Place, Store, StoreError};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use tokio::runtime::Runtime;
use uuid::Uuid;

/// A store with one learner in it.
fn with_learner(runtime: &Runtime, place: &str) -> (Arc<dyn Store>, Uuid) {
    let (unit, person) = (Uuid::now_v7(), Uuid::now_v7());
    let store = opened(runtime, place);
    runtime.block_on(async {
        store.add_unit(unit, "unit".to_owned()).await.expect("a unit");
        assert!(store.add_person(learner(person, unit, 1)).await.expect("made"));
    });
    (store, person)
}

fn opened(runtime: &Runtime, place: &str) -> Arc<dyn Store> {
    runtime.block_on(Place::read(place).expect("a place").open()).expect("it opens").0
}

fn name_of(place: &str) -> &str {
    place.rsplit('/').next().expect("a name")
}

fn is_sound(place: &str) {
    let verified = tend_at("verify", place, &[], None);
    assert_eq!(verified.code, 0, "{verified:?}");
}

#[test]
fn f12_sessions_that_the_server_ends_mid_append_lose_and_double_nothing() {
    let runtime = Runtime::new().expect("a runtime");
    let place = Base::Server.place(std::path::Path::new(""));
    let (store, person) = with_learner(&runtime, &place);
    let load = Load::begin(&runtime, &store, person, 8);
    let mut ended = 0;
    let all = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'", name_of(&place));
    for _ in 0..20 {
        load.wait_for(30);
        ended += Server::shared().run("postgres", &all).len();
    }
    let (stored, failed) = load.end(&runtime, &store, person);
    is_sound(&place);
    assert!(ended >= 20, "{ended}");
    println!(
        "F12: {ended} sessions ended under {stored} appends: 0 missing, 0 twice, {failed} answers to be asked again"
    );
}

#[test]
fn f12_what_the_server_undoes_is_done_again() {
    let runtime = Runtime::new().expect("a runtime");
    let place = Base::Server.place(std::path::Path::new(""));
    let (store, person) = with_learner(&runtime, &place);
    let run = |sql: &str| Server::shared().run(name_of(&place), sql);
    run("CREATE SEQUENCE tried");
    for (code, when) in [("40001", "BEFORE INSERT ON event"), ("40P01", "BEFORE INSERT ON leaf"), ("40001", "")] {
        let trigger = if when.is_empty() {
            // At the commit itself.
            "CREATE CONSTRAINT TRIGGER undo AFTER INSERT ON event DEFERRABLE INITIALLY DEFERRED FOR EACH ROW".to_owned()
        } else {
            format!("CREATE TRIGGER undo {when} FOR EACH STATEMENT")
        };
        run(&format!(
            "ALTER SEQUENCE tried RESTART; \
             CREATE OR REPLACE FUNCTION undo() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             IF nextval('tried') <= 5 THEN RAISE EXCEPTION 'undone' USING ERRCODE = '{code}'; END IF; RETURN NEW; END $$; \
             {trigger} EXECUTE FUNCTION undo()"
        ));
        let became = runtime.block_on(store.append(vec![answer_of(person, "{}")])).expect("appended");
        assert!(matches!(became[..], [Appended::Stored(_)]), "{became:?}");
        assert_eq!(run("SELECT last_value FROM tried"), ["6"], "five times undone");
        run("DROP FUNCTION undo() CASCADE");
    }
    assert_eq!(runtime.block_on(store.log_of(person)).expect("read").len(), 3);
    is_sound(&place);
    println!("F12: 3 appends undone 5 times each (40001, 40P01): all done again, each once");
}

#[test]
fn f12_a_commit_that_is_never_answered_is_settled_by_what_is_there() {
    let runtime = Runtime::new().expect("a runtime");
    let direct = Base::Server.place(std::path::Path::new(""));
    let proxy = Proxy::to(Server::shared());
    let place = format!("postgres://retrace@{}/{}", proxy.address, name_of(&direct));
    let (store, person) = with_learner(&runtime, &place);
    let mut seqs = Vec::new();
    for round in 0..20 {
        let cut = if round % 2 == 0 { Cut::Answer } else { Cut::Commit };
        proxy.cut_next(cut);
        let said = answer_of(person, "{}");
        let became = runtime.block_on(store.append(vec![said.clone(), said])).expect("appended");
        assert!(proxy.has_cut(), "the commit was cut");
        let [Appended::Stored(seq), Appended::Duplicate(again)] = became[..] else { panic!("{cut:?}: {became:?}") };
        assert_eq!(seq, again);
        seqs.push(seq);
    }
    assert!(seqs.is_sorted() && seqs.len() == 20);
    assert_eq!(runtime.block_on(store.log_of(person)).expect("read").len(), 20, "each once");
    // What has no id to look for is not done again, and not told as done.
    proxy.cut_next(Cut::Answer);
    let made = runtime.block_on(store.set_first_pin(person, "hash".to_owned()));
    assert!(matches!(made, Err(StoreError::Unclear(_))), "{made:?}");
    let there = runtime.block_on(store.person(person)).expect("read").expect("there");
    assert_eq!(there.pin_hash.as_deref(), Some("hash"));
    is_sound(&direct);
    println!("F12: 20 commits without an answer: 20 stored, each once");
}

#[test]
fn f12_several_services_keep_one_order() {
    let runtime = Runtime::new().expect("a runtime");
    let place = Base::Server.place(std::path::Path::new(""));
    let (first, person) = with_learner(&runtime, &place);
    let services = [first, opened(&runtime, &place), opened(&runtime, &place)];
    let same: Vec<_> = (0..8).map(|_| answer_of(person, "{}")).collect();
    let writers: Vec<_> = (0..24)
        .map(|number| {
            let (store, same) = (Arc::clone(&services[number % 3]), same.clone());
            runtime.spawn(async move {
                let mut became = Vec::new();
                for shared in same {
                    let own = answer_of(person, "{}");
                    became.push(store.append(vec![shared, own]).await.expect("appended"));
                }
                became
            })
        })
        .collect();
    let mut firsts = BTreeMap::<usize, usize>::new();
    let mut places = Vec::new();
    for writer in writers {
        for (which, became) in runtime.block_on(writer).expect("it ends").into_iter().enumerate() {
            let [shared, Appended::Stored(own)] = became[..] else { panic!("{became:?}") };
            places.push(own);
            match shared {
                Appended::Stored(seq) => {
                    *firsts.entry(which).or_default() += 1;
                    places.push(seq);
                }
                other => assert!(matches!(other, Appended::Duplicate(_)), "{other:?}"),
            }
        }
    }
    assert!(firsts.len() == 8 && firsts.values().all(|times| *times == 1), "one of 24 was first: {firsts:?}");
    places.sort_unstable();
    assert_eq!(places, (1..=200).collect::<Vec<i64>>(), "no place twice, none left out");
    is_sound(&place);
    println!("F12: 24 writers at {} services: {} places, none twice, none left out", services.len(), places.len());
}

#[test]
fn f12_a_server_that_stops_at_once_under_load_is_used_again_when_it_is_back() {
    let mut server = Server::new();
    let service = Service::with_demo_at(server.database());
    let (stop, answered, refused) =
        (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (told, heard) = mpsc::channel();
    let writers: Vec<_> = (0..6)
        .map(|number| {
            let learner = service.learner(1 + number % 3);
            let (stop, answered, refused, told) =
                (Arc::clone(&stop), Arc::clone(&answered), Arc::clone(&refused), told.clone());
            thread::spawn(move || {
                while !stop.load(Ordering::SeqCst) {
                    let event = completed("gate");
                    loop {
                        let answer = learner.post("/v1/events", &batch(std::slice::from_ref(&event)));
                        if answer.status == 200 {
                            assert!(["stored", "duplicate"].contains(&results(&answer.json())[0].as_str()));
                            break;
                        }
                        assert_eq!(answer.status, 503, "{}", answer.text());
                        refused.fetch_add(1, Ordering::SeqCst);
                    }
                    answered.fetch_add(1, Ordering::SeqCst);
                    told.send(event["id"].as_str().and_then(|id| id.parse::<Uuid>().ok()).expect("an id"))
                        .expect("heard");
                }
            })
        })
        .collect();
    drop(told);
    for round in 1..=3 {
        while answered.load(Ordering::SeqCst) < round * 60 {
            thread::yield_now();
        }
        server.stop_immediately();
        if round == 3 {
            let away = service.stranger().get("/readyz");
            assert_eq!(away.status, 503, "{}", away.text());
        }
        server.start(&[]);
    }
    while answered.load(Ordering::SeqCst) < 240 {
        thread::yield_now();
    }
    stop.store(true, Ordering::SeqCst);
    for writer in writers {
        writer.join().expect("a writer ends");
    }
    assert_eq!(service.stranger().get("/readyz").status, 200);
    let mut times = BTreeMap::<Uuid, usize>::new();
    for person in &PEOPLE[1..] {
        let key = checkpoint::identity::code::Code::read(person.code).expect("a code").key(&service.app.secrets);
        let person = service.runtime.block_on(service.app.store.person_by_code(key)).expect("read").expect("there");
        for entry in service.runtime.block_on(service.app.store.log_of(person.id)).expect("read") {
            *times.entry(entry.said.id).or_default() += 1;
        }
    }
    let acked: Vec<Uuid> = heard.iter().collect();
    assert!(acked.iter().all(|id| times.get(id) == Some(&1)) && times.len() == acked.len());
    is_sound(&service.place);
    let refused = refused.load(Ordering::SeqCst);
    println!(
        "F12: stopped at once 3 times under {} events over HTTP: 0 missing, 0 twice, {refused} times 503",
        acked.len()
    );
}

#[test]
fn f12_when_the_first_server_is_lost_its_standby_has_all_that_was_answered() {
    let mut first = Server::new();
    first.run("postgres", "CREATE DATABASE kept");
    let mut standby = first.standby();
    standby.start(&["cluster_name=standby"]);
    first.run("postgres", "ALTER SYSTEM SET synchronous_standby_names = 'standby'");
    first.run("postgres", "SELECT pg_reload_conf()");
    while first.run("postgres", "SELECT sync_state FROM pg_stat_replication") != ["sync"] {
        thread::yield_now();
    }
    let runtime = Runtime::new().expect("a runtime");
    let place = format!("postgres://retrace@{},{}/kept", first.host(), standby.host());
    let (store, person) = with_learner(&runtime, &place);
    let load = Load::begin(&runtime, &store, person, 8);
    load.wait_for(400);
    first.kill();
    standby.promote();
    load.wait_for(400);
    let (stored, failed) = load.end(&runtime, &store, person);
    is_sound(&standby.address("kept"));
    println!(
        "F12: the first of two servers killed under {stored} appends: 0 missing on its standby, {failed} answers to be asked again"
    );
}

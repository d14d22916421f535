//! Stores that refuse, fail, lie or want to be left alone: nothing is lost, nothing is sent twice, and the desk says why.

use super::other::{Asked, ENDLESS, Shelf, answer, other};
use super::{come, forwarding, id_of, line, log_ids, page, person, settle, target, why};
use crate::service::desk::token;
use crate::service::fixture::{batch, completed, whole_walk};
use crate::service::house::{Base, Service};
use checkpoint::forward::{self, Line, Next, Standing};
use checkpoint::store::{Kind, NewEntry};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// A service that forwards to this, and ids of thirty entries in its log.
pub fn thirty(base: Base, at: SocketAddr) -> (Service, Vec<Uuid>) {
    let service = forwarding(base, vec![target("other", at)]);
    let events: Vec<Value> = (0..30).map(|_| completed("gate")).collect();
    assert_eq!(service.learner(1).post("/v1/events", &batch(&events)).status, 200);
    let ids = log_ids(&service, 1);
    assert_eq!(ids.len(), 30);
    (service, ids)
}

pub fn has(asked: &Asked, ids: &[Uuid]) -> bool {
    asked.statements.iter().any(|statement| ids.contains(&id_of(statement)))
}

/// Sends a form of the page as the demo admin.
pub fn deal(service: &Service, fields: &[(&str, &str)]) -> u16 {
    let admin = service.demo_admin();
    let token = token(&admin.get("/desk/units").text()).expect("a form");
    admin.form("/desk/forwarding", &[&[("token", &*token), ("store", "other")], fields].concat()).status
}

#[test]
fn single_statements_that_are_refused_are_held_with_the_stores_words_and_tried_again_when_asked() {
    Base::ALL.into_iter().for_each(held_alone);
}

fn held_alone(base: Base) {
    let bad = Arc::new(Mutex::new(Vec::new()));
    let refused = Arc::clone(&bad);
    let (at, shelf) = other(move |shelf, asked| {
        if has(asked, &refused.lock().expect("a list")) {
            let words = "<html><b>the\0 verb</b><p>is &lt;unknown&gt;</p></html>";
            return answer(400, &[("content-type", "text/html")], words);
        }
        shelf.behave(asked)
    });
    let (service, ids) = thirty(base, at);
    *bad.lock().expect("a list") = vec![ids[0], ids[17], ids[29]];
    assert_eq!(settle(&service, "other"), Next::Rest);
    let good: Vec<Uuid> = ids.iter().filter(|id| ![ids[0], ids[17], ids[29]].contains(id)).copied().collect();
    assert_eq!(shelf.lock().expect("a shelf").order, good, "all others, in order");
    let forward = come(&service, "other");
    assert_eq!((forward.sent, forward.held, forward.behind), (27, 3, 0));
    let shown = page(&service);
    for said in
        [&ids[0].to_string(), "the store refused it (400)", "the verb is &#38;lt;unknown&#38;gt;", "Try all again"]
    {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    let metrics = service.stranger().get("/metrics").text();
    assert!(metrics.contains("retrace_forward_held{store=\"other\"} 3") && !metrics.contains(&ids[0].to_string()));
    // Nothing is tried by itself.
    let asked = shelf.lock().expect("a shelf").asked;
    assert_eq!((settle(&service, "other"), shelf.lock().expect("a shelf").asked), (Next::Rest, asked));
    // One is mended there, one set aside here.
    bad.lock().expect("a list").retain(|id| *id == ids[29]);
    let place = |id: &Uuid| {
        let before = shown.split(&id.to_string()).nth(1).expect("it is shown");
        before
            .split("name=\"seq\" value=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .expect("a place")
            .to_owned()
    };
    assert_eq!(deal(&service, &[("what", "aside"), ("seq", &place(&ids[17])), ("reason", " ")]), 422);
    assert_eq!(deal(&service, &[("what", "aside"), ("reason", "all of them")]), 422);
    assert_eq!(deal(&service, &[("what", "gone"), ("seq", "1")]), 400);
    assert_eq!(deal(&service, &[("what", "aside"), ("seq", &place(&ids[17])), ("reason", "双方约定不传")]), 303);
    assert_eq!(deal(&service, &[("what", "again")]), 303);
    assert!(page(&service).contains("will be tried again"));
    assert_eq!(settle(&service, "other"), Next::Rest);
    let forward = come(&service, "other");
    assert_eq!((forward.sent, forward.held), (28, 1), "one came, one is still refused, one is aside");
    let shown = page(&service);
    assert!(
        shown.contains("Set aside: 双方约定不传")
            && shown.contains(&ids[29].to_string())
            && !shown.contains(&ids[0].to_string())
    );
    bad.lock().expect("a list").clear();
    for id in [&ids[17], &ids[29]] {
        assert_eq!(deal(&service, &[("what", "again"), ("seq", &place(id))]), 303);
    }
    assert_eq!((settle(&service, "other"), come(&service, "other").sent), (Next::Rest, 30));
    assert_eq!(shelf.lock().expect("a shelf").order.len(), 30);
    let audit = service.demo_admin().get("/desk/audit").text();
    assert!(audit.contains("搁置转发") && audit.contains("双方约定不传") && audit.contains("重新转发"), "{audit}");
}

#[test]
fn an_id_that_is_there_is_delivered_only_if_it_is_the_same_statement() {
    let strict = |shelf: &mut Shelf, asked: &Asked| {
        // As strict as the standard allows: whatever is there already is a conflict.
        let there = asked.statements.iter().any(|statement| shelf.kept.contains_key(&id_of(statement)));
        if there { answer(409, &[], "it is there") } else { shelf.behave(asked) }
    };
    let (at, shelf) = other(strict);
    let (service, ids) = thirty(Base::File, at);
    let twin = sent_elsewhere(&service);
    {
        // One that was stored before its answer was lost, and two that somebody else has put there.
        let mut shelf = shelf.lock().expect("a shelf");
        shelf.kept.insert(ids[3], twin[3].clone());
        let mut foreign = twin[4].clone();
        foreign["result"]["completion"] = json!(false);
        shelf.kept.insert(ids[4], foreign);
        shelf.kept.insert(ids[5], json!({ "id": ids[5] }));
    }
    assert_eq!(settle(&service, "other"), Next::Rest);
    let forward = come(&service, "other");
    assert_eq!((forward.sent, forward.held), (28, 2));
    let shown = page(&service);
    assert!(shown.contains("holds another statement under this id (409)") && !shown.contains(&ids[3].to_string()));
}

/// What would be sent, as a second store is sent it.
fn sent_elsewhere(service: &Service) -> Vec<Value> {
    let (seen, shelf) = other(Shelf::behave);
    let line = forward::Forwarding::to(vec![target("seen", seen)]);
    let begun = service.runtime.block_on(service.app.store.begin_forward("seen".to_owned(), None));
    begun.expect("begun");
    let next = service.runtime.block_on(forward::step(&service.app, &line.lines()[0]));
    assert_eq!(next, Next::Rest);
    let shelf = shelf.lock().expect("a shelf");
    shelf.order.iter().map(|id| shelf.kept[id].clone()).collect()
}

#[test]
fn a_trouble_of_the_store_holds_nothing_and_is_waited_for_longer_each_time() {
    for (trouble, said) in [
        (answer(500, &[], "oh"), "cannot take statements at the moment (500). oh"),
        (answer(503, &[("retry-after", "7")], ""), "at the moment (503)"),
        (answer(429, &[("retry-after", "7")], "slower"), "at the moment (429). slower"),
        (answer(200, &[("content-type", "text/html")], "<p>Please sign in"), "hardly a learning record store"),
        (answer(200, &[], "[]"), "hardly a learning record store"),
        (answer(404, &[], ""), "hardly a learning record store"),
        (answer(302, &[("location", "http://127.0.0.1:1/")], ""), "hardly a learning record store"),
        (b"HTTP/1.1 200 So\r\ncontent-length: 900\r\n\r\n[\"".to_vec(), "gave no answer that can be read"),
        (b"\0\xff garbage\r\n\r\n".to_vec(), "gave no answer that can be read"),
        (Vec::new(), "gave no answer that can be read"),
        (ENDLESS.to_vec(), "gave no answer that can be read"),
    ] {
        waited_for(trouble, said);
    }
}

fn waited_for(trouble: Vec<u8>, said: &str) {
    let mut times = 0..3;
    let (at, shelf) = other(move |shelf, asked| {
        // What it says is one thing, what it did another: the first time it has stored them all.
        let behaved = if times.start == 0 { shelf.behave(asked) } else { Vec::new() };
        if times.next().is_some() {
            trouble.clone()
        } else if behaved.is_empty() {
            shelf.behave(asked)
        } else {
            behaved
        }
    });
    let service = forwarding(Base::File, vec![target("other", at)]);
    service.learner(1).post("/v1/events", &batch(&whole_walk()));
    let mut waits = Vec::new();
    for _ in 0..3 {
        let Next::Wait(ms) = settle(&service, "other") else { panic!("{said}: it waits") };
        assert!(why(&service, "other").contains(said), "{said}: {}", why(&service, "other"));
        assert_eq!((come(&service, "other").seq, come(&service, "other").held), (0, 0));
        let asked = shelf.lock().expect("a shelf").asked;
        service.pass_ms(ms - 1);
        assert_eq!(
            (settle(&service, "other"), shelf.lock().expect("a shelf").asked),
            (Next::Wait(1), asked),
            "not yet"
        );
        service.pass_ms(1);
        waits.push(ms);
    }
    let shown = page(&service);
    assert!(shown.contains("waiting until") && shown.contains("Try now"), "{shown}");
    // About 5, 10 and 20 s, or as long as was asked for.
    assert!(waits[0] >= 4_000 && waits[2] > waits[0] && waits[2] <= 24_000, "{waits:?}");
    assert!(!said.contains("429") || waits[0] >= 7_000, "{waits:?}");
    assert_eq!(settle(&service, "other"), Next::Rest);
    assert_eq!(shelf.lock().expect("a shelf").order, log_ids(&service, 1), "each once, in order");
    assert_eq!(come(&service, "other").sent, 4);
    assert!(matches!(line(&service, "other").state().standing, Standing::Running));
    let metrics = service.stranger().get("/metrics").text();
    assert!(metrics.contains("retrace_forward_failures_total{store=\"other\"} 3"), "{metrics}");
}

#[test]
fn a_store_that_breaks_off_amid_halves_is_gone_on_with_where_it_was() {
    // One is bad, and after a few requests it wants a pause each time: what was settled before stays settled.
    let bad = Arc::new(Mutex::new(Vec::new()));
    let refused = Arc::clone(&bad);
    let mut count = 0;
    let (at, shelf) = other(move |shelf, asked| {
        count += 1;
        if count % 4 == 0 {
            return answer(429, &[("retry-after", "3600")], "");
        }
        if has(asked, &refused.lock().expect("a list")) { answer(413, &[], "") } else { shelf.behave(asked) }
    });
    let (service, ids) = thirty(Base::File, at);
    *bad.lock().expect("a list") = vec![ids[9], ids[20]];
    let mut pauses = 0;
    while let Next::Wait(ms) = settle(&service, "other") {
        assert!(ms >= 3_600_000, "{ms}");
        pauses += 1;
        assert!(pauses < 20, "it comes to an end");
        service.pass_ms(ms);
    }
    let forward = come(&service, "other");
    assert_eq!((forward.sent, forward.held, forward.behind), (28, 2, 0));
    assert_eq!(shelf.lock().expect("a shelf").order.len(), 28);
    assert!(page(&service).contains("too large for the store (413)"));
}

#[test]
fn who_is_turned_away_stops_until_told_and_one_forbidden_statement_is_held() {
    let lets_in = Arc::new(Mutex::new(0));
    let door = Arc::clone(&lets_in);
    let forbidden = Arc::new(Mutex::new(Vec::new()));
    let list = Arc::clone(&forbidden);
    let (at, shelf) = other(move |shelf, asked| {
        assert!(asked.head.contains("authorization: basic a2v5onnly3jlda=="), "{}", asked.head);
        match *door.lock().expect("a door") {
            0 => answer(401, &[], "who are you"),
            1 => answer(403, &[], "read only"),
            _ if has(asked, &list.lock().expect("a list")) => answer(403, &[], "not this one"),
            _ => shelf.behave(asked),
        }
    });
    let (service, ids) = thirty(Base::File, at);
    forbidden.lock().expect("a list").push(ids[7]);
    for (state, said) in [(0, "(401). who are you"), (1, "(403). read only")] {
        *lets_in.lock().expect("a door") = state;
        deal(&service, &[("what", "now")]);
        assert_eq!(settle(&service, "other"), Next::Stopped);
        let asked = shelf.lock().expect("a shelf").asked;
        service.pass_ms(86_400_000);
        assert_eq!((settle(&service, "other"), shelf.lock().expect("a shelf").asked), (Next::Stopped, asked));
        let shown = page(&service);
        assert!(shown.contains("stopped, 30 entries to go") && shown.contains(said), "{said}: {shown}");
        assert!(!shown.contains("OnNlY3JldA"), "{shown}");
    }
    *lets_in.lock().expect("a door") = 2;
    deal(&service, &[("what", "now")]);
    assert_eq!(settle(&service, "other"), Next::Rest);
    assert_eq!((come(&service, "other").sent, come(&service, "other").held), (29, 1));
    assert!(page(&service).contains("does not let us send this one (403)"));
    assert_eq!(
        format!("{:?}", line(&service, "other").target()).matches("OnNlY3JldA").count(),
        0,
        "no form tells the secret"
    );
}

#[test]
fn a_store_that_refuses_everything_is_stopped_before_all_of_it_is_held() {
    let (at, shelf) = other(|shelf, asked| match asked.statements.len() {
        0 => shelf.behave(asked),
        _ => answer(400, &[], "no such version"),
    });
    let service = forwarding(Base::File, vec![target("other", at)]);
    let learner = service.learner(1);
    for _ in 0..3 {
        let events: Vec<Value> = (0..250).map(|_| completed("gate")).collect();
        learner.post("/v1/events", &batch(&events));
    }
    assert_eq!(settle(&service, "other"), Next::Stopped);
    let forward = come(&service, "other");
    assert_eq!((forward.sent, forward.held, forward.behind), (0, 500, 250));
    assert!(page(&service).contains("500 statements were refused"), "{}", page(&service));
    assert!(shelf.lock().expect("a shelf").order.is_empty());
    // Tried again, some hundred at a time, they are refused again, and it has not gone on.
    deal(&service, &[("what", "again")]);
    assert_eq!((settle(&service, "other"), come(&service, "other").behind), (Next::Stopped, 250));
}

#[test]
fn two_services_that_forward_the_same_record_double_nothing() {
    let (at, shelf) = other(Shelf::behave);
    let service = forwarding(Base::Server, vec![target("other", at)]);
    let second = forward::Forwarding::to(vec![target("other", at)]);
    let (first, second) = (line(&service, "other"), &second.lines()[0]);
    let step = |line: &Arc<Line>| service.runtime.block_on(forward::step(&service.app, line));
    assert_eq!((step(&first), step(second)), (Next::Rest, Next::Rest));
    for (number, lines) in [(1, [&first, second]), (2, [second, &first])] {
        service.learner(number).post("/v1/events", &batch(&whole_walk()));
        // The other of the two sends from where it was, finds that it has been come past, and goes on from there.
        for line in lines {
            assert_eq!((step(line), step(line)), (Next::Rest, Next::Rest));
        }
        let sent = 4 * number;
        assert_eq!(
            (come(&service, "other").sent, shelf.lock().expect("a shelf").order.len()),
            (i64::try_from(sent).expect("few"), sent)
        );
    }
}

#[test]
fn what_can_no_longer_be_told_is_held_and_what_is_no_learning_is_passed_over() {
    let (at, shelf) = other(Shelf::behave);
    let service = forwarding(Base::File, vec![target("other", at)]);
    let learner = person(&service, 1);
    let unreadable = crate::service::store::answer_of(learner, "{}");
    let renewed = NewEntry::about(Uuid::now_v7(), Kind::CodeRenewed, (learner, learner), 0, "{}".to_owned());
    service.runtime.block_on(service.app.store.append(vec![unreadable, renewed])).expect("kept");
    assert_eq!(settle(&service, "other"), Next::Rest);
    assert_eq!((come(&service, "other").held, come(&service, "other").behind), (1, 0));
    assert_eq!(shelf.lock().expect("a shelf").asked, 0, "there was nothing to be sent");
    assert!(page(&service).contains("cannot be told as a statement"));
    assert_eq!(deal(&service, &[("what", "again")]), 303);
    assert_eq!((settle(&service, "other"), come(&service, "other").held), (Next::Rest, 1));
}

#[test]
fn when_our_own_database_fails_it_is_waited_for_too() {
    let (at, shelf) = other(Shelf::behave);
    let (service, ids) = thirty(Base::File, at);
    service.store.ails(crate::service::ailing::Ailment::Full);
    let Next::Wait(ms) = settle(&service, "other") else { panic!("it waits") };
    assert!(why(&service, "other").contains("Our own database: the disk is full"), "{}", why(&service, "other"));
    service.store.ails(crate::service::ailing::Ailment::None);
    service.pass_ms(ms);
    assert_eq!((settle(&service, "other"), come(&service, "other").sent), (Next::Rest, 30));
    assert_eq!(shelf.lock().expect("a shelf").order, ids, "sent twice, there once");
}

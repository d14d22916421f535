//! Stopping in the midst of the work.

use super::client::Client;
use super::faults::kept;
use super::fixture::{alone, completed, lay_out};
use super::program::{start, stop, tend};
use checkpoint::demo::PEOPLE;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use uuid::Uuid;

/// Sends from eight sides until the service is gone. While they send, `meanwhile` is told what has been answered so far.
fn under_load(address: SocketAddr, meanwhile: impl FnOnce(&dyn Fn() -> usize)) -> BTreeSet<Uuid> {
    let learner = Client::new(address).signed_in(PEOPLE[1].code, PEOPLE[1].pin);
    let answered = AtomicUsize::new(0);
    thread::scope(|scope| {
        let senders: Vec<_> = (0..8)
            .map(|_| {
                let (learner, answered) = (&learner, &answered);
                scope.spawn(move || {
                    let mut acked = BTreeSet::new();
                    loop {
                        let event = completed("gate");
                        let body = alone(&event).to_string();
                        let json = [("content-type", "application/json")];
                        match learner.try_send("POST", "/v1/events", &json, body.as_bytes()) {
                            Some(answer) if answer.status == 200 => {
                                acked.extend(event["id"].as_str().and_then(|id| id.parse::<Uuid>().ok()));
                                answered.fetch_add(1, Ordering::SeqCst);
                            }
                            Some(answer) => panic!("{}: {}", answer.status, answer.text()),
                            None => return acked,
                        }
                    }
                })
            })
            .collect();
        meanwhile(&|| answered.load(Ordering::SeqCst));
        senders.into_iter().flat_map(|sender| sender.join().expect("a sender ends")).collect()
    })
}

fn until(answered: &dyn Fn() -> usize, count: usize) {
    while answered() < count {
        thread::yield_now();
    }
}

#[test]
fn g1_a_service_that_is_asked_to_stop_finishes_what_is_under_way() {
    let folder = tempfile::tempdir().expect("a folder");
    lay_out(folder.path());
    let (child, address) = start(folder.path());
    let acked = under_load(address, |answered| {
        until(answered, 100);
        stop(child);
    });
    let file = folder.path().join("data/retrace.db");
    assert_eq!(tend("verify", &file, &[], None).code, 0);
    assert!(acked.len() >= 100 && acked.is_subset(&kept(&file)), "what was answered is there");
}

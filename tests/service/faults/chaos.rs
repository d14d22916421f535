//! F6: several devices of one person on a network that drops, repeats, reorders, splits and merges what they send, and
//! loses answers to what was stored.

use super::super::guarantees::{busy, fresh, hold, progress, renamed, rich_walk, send};
use super::super::house::Base;
use super::rounds;
use checkpoint::store::Person;
use proptest::collection::vec;
use proptest::prelude::any;
use serde_json::Value;
use std::cell::Cell;
use std::collections::BTreeSet;
use uuid::Uuid;

/// What becomes of one request on its way.
#[derive(Clone, Copy)]
enum Fate {
    /// It never arrives.
    Lost,
    /// It is stored, and then connection or service breaks off.
    Unanswered,
    /// It is answered, and the network brings it once more.
    Repeated,
    Answered,
}

/// What a device has not been told of yet.
type Outbox = Vec<Value>;

fn id_of(event: &Value) -> Option<Uuid> {
    event["id"].as_str().and_then(|id| id.parse().ok())
}

/// Sends the events of an outbox that `picked` says, in an order of its own, and takes out what was answered.
fn exchange(
    outbox: &mut Outbox,
    picked: u64,
    fate: Fate,
    mut deliver: impl FnMut(&[Value]) -> Vec<protocol::event::Receipt>,
) {
    let mut sent: Vec<Value> = outbox
        .iter()
        .enumerate()
        .filter(|(at, _)| picked >> (at % 64) & 1 == 1)
        .map(|(_, each)| each.clone())
        .collect();
    let turned = sent.len().max(1);
    sent.rotate_left(usize::try_from(picked >> 32).unwrap_or_default() % turned);
    if sent.is_empty() || matches!(fate, Fate::Lost) {
        return;
    }
    let receipts = deliver(&sent);
    assert_eq!(receipts.len(), sent.len(), "every item gets an outcome");
    match fate {
        Fate::Lost | Fate::Unanswered => return,
        Fate::Repeated => assert_eq!(deliver(&sent).len(), sent.len()),
        Fate::Answered => {}
    }
    let told: BTreeSet<_> = receipts.into_iter().filter_map(|receipt| receipt.id).collect();
    outbox.retain(|event| !id_of(event).is_some_and(|id| told.contains(&id)));
}

#[test]
fn g3_g4_f6_whatever_the_network_does_every_event_is_there_once_and_progress_is_the_same() {
    let service = busy(Base::File);
    let walk = rich_walk();
    let (requests, events) = (Cell::new(0_usize), Cell::new(0_usize));
    // Which device each event is made on, then steps: which device sends what, and what becomes of it.
    let cases = (vec(0..4_usize, walk.len()), vec((0..4_usize, any::<u64>(), 0..4_u8), 0..40));
    let count = u32::try_from(rounds(40, 2_000)).expect("few");
    hold(count, &cases, |(devices, steps)| {
        let (plain, person) = (fresh(&service), fresh(&service));
        send(&service, &plain, &renamed(&walk));
        let made = renamed(&walk);
        let mut outboxes: [Outbox; 4] = std::array::from_fn(|device| {
            made.iter().zip(&devices).filter(|(_, on)| **on == device).map(|(event, _)| event.clone()).collect()
        });
        let deliver = |sent: &[Value], person: &Person| {
            requests.set(requests.get() + 1);
            send(&service, person, sent)
        };
        for (device, picked, fate) in steps {
            let fate = [Fate::Lost, Fate::Unanswered, Fate::Repeated, Fate::Answered][usize::from(fate)];
            exchange(&mut outboxes[device], picked, fate, |sent| deliver(sent, &person));
        }
        // In the end the network holds, and each device sends what it has not been told of.
        for outbox in &mut outboxes {
            exchange(outbox, u64::MAX, Fate::Answered, |sent| deliver(sent, &person));
            assert!(outbox.is_empty(), "{outbox:?}");
        }
        let log = service.runtime.block_on(service.app.store.log_of(person.id)).expect("read");
        let kept: Vec<Uuid> = log.iter().map(|entry| entry.said.id).collect();
        let distinct: BTreeSet<Uuid> = kept.iter().copied().collect();
        assert_eq!(kept.len(), distinct.len(), "each once");
        assert_eq!(distinct, made.iter().filter_map(id_of).collect(), "all of them and no others");
        assert_eq!(progress(&service, &person), progress(&service, &plain));
        events.set(events.get() + kept.len());
    });
    println!(
        "F6: {count} cases, {} requests, {} events: each there once, progress the same",
        requests.get(),
        events.get()
    );
}

//! What every store must do for forwarding, asked of each there is by `store.rs`.

use crate::service::store::{answer_of, learner};
use checkpoint::store::forwards::{Deal, Forward, Refusal, Settled};
use checkpoint::store::{Act, NewAudit, Store, Unit};
use uuid::Uuid;

fn audit(unit: Uuid) -> NewAudit {
    let act = Act::ForwardedAgain;
    NewAudit { at_ms: 7, who: Uuid::nil(), unit, act, about: None, detail: "office".to_owned() }
}

fn refusal(seq: i64, status: u16) -> Refusal {
    Refusal { seq, status, words: "它说：no '; --".to_owned() }
}

/// The suite.
pub async fn keeps_how_far_forwarding_has_come(store: &impl Store) {
    let [above, unit, beside] = [(); 3].map(|()| Uuid::now_v7());
    for (id, parent) in [(above, None), (unit, Some(above)), (beside, None)] {
        let made = Unit { id, name: format!("unit {id}"), parent };
        assert!(store.add_unit_below(made, audit(id)).await.expect("a unit"));
    }
    let [own, other] = [(unit, 201), (beside, 202)].map(|(unit, key)| learner(Uuid::now_v7(), unit, key));
    let (own, other) = (own.clone(), other);
    for person in [&own, &other] {
        assert!(store.add_person(person.clone()).await.expect("made"));
    }
    let before = store.last_place().await.expect("read");
    let said = [&own, &other, &own, &own, &other, &own].map(|person| answer_of(person.id, "{}"));
    store.append(said.to_vec()).await.expect("appended");
    the_log_is_read_in_runs(store, [above, unit, beside], before).await;
    let name = format!("office-{}", store.last_place().await.expect("read"));
    a_place_moves_forward_from_where_it_was(store, &name, unit).await;
    what_is_held_is_dealt_with_by_whom_it_concerns(store, &name, [above, unit, beside], before).await;
}

async fn the_log_is_read_in_runs(store: &impl Store, [above, unit, beside]: [Uuid; 3], before: i64) {
    let last = store.last_place().await.expect("read");
    let run = async |unit, after, most| {
        let run = store.log_after(unit, after, most).await.expect("read");
        (run.entries.iter().map(|entry| entry.seq - before).collect::<Vec<_>>(), run.reached - before, run.has_more)
    };
    assert_eq!(run(None, before, 9).await, (vec![1, 2, 3, 4, 5, 6], 6, false));
    assert_eq!(run(None, before, 4).await, (vec![1, 2, 3, 4], 4, true));
    for above_or_own in [above, unit] {
        assert_eq!(run(Some(above_or_own), before, 9).await, (vec![1, 3, 4, 6], 6, false));
    }
    assert_eq!(run(Some(unit), before, 2).await, (vec![1, 3], 3, true));
    assert_eq!(run(Some(beside), before + 5, 9).await, (vec![], 6, false), "what is nobody's is come past");
    assert_eq!(run(None, last, 9).await, (vec![], last - before, false));
    assert_eq!(run(None, last + 7, 9).await, (vec![], last + 7 - before, false), "never back");
}

async fn come(store: &impl Store, name: &str) -> Forward {
    let all = store.forwards().await.expect("read");
    all.into_iter().find(|forward| forward.name == name).expect("there")
}

async fn a_place_moves_forward_from_where_it_was(store: &impl Store, name: &str, unit: Uuid) {
    store.begin_forward(name.to_owned(), None).await.expect("begun");
    let last = store.last_place().await.expect("read");
    let settled = |from, upto, delivered| Settled { from, upto, delivered, refused: vec![], at_ms: 9 };
    let settle = async |from, upto, delivered| {
        store.settle_forward(name.to_owned(), settled(from, upto, delivered)).await.expect("settled")
    };
    assert!(settle(0, last - 6, 0).await);
    assert_eq!(come(store, name).await.last_ms, None, "nothing was delivered");
    assert!(!settle(0, last, 9).await, "from where it is no more");
    assert!(settle(last - 6, last - 9, 2).await);
    let forward = come(store, name).await;
    assert_eq!((forward.seq, forward.sent, forward.last_ms, forward.behind), (last - 6, 2, Some(9), 6), "never back");
    store.begin_forward(name.to_owned(), Some(unit)).await.expect("begun again");
    assert_eq!(come(store, name).await, Forward { unit: Some(unit), ..forward }, "goes on where it was");
    assert!(!store.settle_forward("nowhere".to_owned(), settled(0, 1, 1)).await.expect("answered"));
}

async fn what_is_held_is_dealt_with_by_whom_it_concerns(
    store: &impl Store,
    name: &str,
    [above, unit, beside]: [Uuid; 3],
    before: i64,
) {
    let refused = [1, 2, 3, 99].map(|place| refusal(before + place, 400)).to_vec();
    let settled = Settled { from: before, upto: before + 6, delivered: 3, refused, at_ms: 10 };
    assert!(store.settle_forward(name.to_owned(), settled).await.expect("settled"));
    assert_eq!((come(store, name).await.held, come(store, name).await.behind), (3, 0), "what is not there is not held");
    let held = async |unit| {
        let held = store.held(name.to_owned(), unit, 9).await.expect("read");
        held.into_iter().map(|each| (each.refusal.seq - before, each.again, each.aside)).collect::<Vec<_>>()
    };
    assert_eq!(held(above).await, [(1, false, None), (3, false, None)]);
    assert_eq!((held(unit).await, held(beside).await), (held(above).await, vec![(2, false, None)]));
    let first = store.held(name.to_owned(), unit, 1).await.expect("read").remove(0);
    assert_eq!((first.refusal, first.since_ms), (refusal(before + 1, 400), 10));
    let deal = async |unit, seq: Option<i64>, deal| {
        let seq = seq.map(|place| before + place);
        store.deal_with_held(name.to_owned(), unit, seq, deal, audit(unit)).await.expect("dealt with")
    };
    let audits = async || store.audits(unit, None, i64::MAX, 99).await.expect("read").len();
    let audited = audits().await;
    assert_eq!(deal(beside, Some(1), Deal::Again).await, 0, "another unit's");
    assert_eq!(deal(unit, Some(1), Deal::Aside("约定\n不传".to_owned())).await, 1);
    assert_eq!(audits().await, audited + 1, "what changes nothing is not said");
    assert_eq!(
        (held(unit).await.pop(), come(store, name).await.held),
        (Some((1, false, Some("约定\n不传".to_owned()))), 2)
    );
    assert_eq!(deal(above, None, Deal::Again).await, 1, "what is aside stays there");
    let again = async || {
        let again = store.held_again(name.to_owned(), 9).await.expect("read");
        again.into_iter().map(|entry| entry.seq - before).collect::<Vec<_>>()
    };
    assert_eq!(again().await, [3]);
    assert_eq!((deal(unit, Some(1), Deal::Again).await, again().await), (1, vec![1, 3]));
    let now = refusal(before + 3, 413);
    store.settle_again(name.to_owned(), vec![before + 1], vec![now.clone()], 20).await.expect("settled");
    let left = store.held(name.to_owned(), unit, 9).await.expect("read").remove(0);
    assert_eq!((left.refusal, left.since_ms, left.again, again().await.len()), (now, 20, false, 0));
    let forward = come(store, name).await;
    assert_eq!((forward.sent, forward.held, forward.last_ms), (6, 2, Some(20)));
}

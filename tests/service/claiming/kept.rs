//! What every store must do with visits that nobody has claimed yet.

use super::super::store::{audit, hill};
use checkpoint::store::visits::{CLAIM_MS, LATEST_MS};
use checkpoint::store::{Act, Claim, Delivered, Kiosk, KioskVisit, NewVisit, Store};
use uuid::Uuid;

/// A kiosk of the unit.
async fn enrolled(store: &impl Store, unit: Uuid) -> Uuid {
    let id = Uuid::now_v7();
    let kiosk = Kiosk {
        id,
        unit,
        unit_name: String::new(),
        site: hill(),
        name: "headset".to_owned(),
        enrolled_ms: 0,
        withdrawn_ms: None,
    };
    assert!(store.add_kiosk(kiosk, audit(unit, Act::KioskEnrolled, None)).await.expect("enrolled"));
    id
}

pub async fn a_visit_is_claimed_once(store: &impl Store, unit: Uuid, one: Uuid, two: Uuid) {
    let (kiosk, other) = (enrolled(store, unit).await, enrolled(store, unit).await);
    let made = |key: u8, delivered_ms: i64| NewVisit {
        id: Uuid::now_v7(),
        kiosk,
        code_key: [key; 32],
        ended_ms: 0,
        skew_ms: -3,
        delivered_ms,
        body: format!("[\"{key} \\u0000\"]"),
    };
    let keep = async |new: &NewVisit| store.keep_visit(new.clone()).await.expect("answered");
    let look = async |key: u8, who, now_ms| store.look_at_visit([key; 32], who, now_ms).await.expect("read");
    let claim = async |key: u8, who, now_ms| store.claim_visit([key; 32], who, now_ms).await.expect("claimed");
    let first = made(201, 10);
    assert_eq!(keep(&first).await, Delivered::Stored);
    let kept = KioskVisit {
        id: first.id,
        kiosk,
        code_key: first.code_key,
        ended_ms: 0,
        skew_ms: -3,
        ends_ms: 10 + CLAIM_MS,
        person: None,
        claimed_ms: None,
        body: first.body.clone(),
    };
    assert_eq!(keep(&first).await, Delivered::Before(kept.clone()), "the same again changes nothing");
    for clashing in
        [NewVisit { kiosk: other, ..first.clone() }, NewVisit { code_key: [202; 32], ..first.clone() }, made(201, 10)]
    {
        assert_eq!(keep(&clashing).await, Delivered::Conflict);
    }
    assert_eq!(look(201, one, 9 + CLAIM_MS).await, Claim::Open(kept.clone()));
    assert_eq!(look(201, one, 10 + CLAIM_MS).await, Claim::Expired);
    assert_eq!(claim(201, one, 10 + CLAIM_MS).await, Claim::Expired);
    let claimed = KioskVisit { person: Some(one), claimed_ms: Some(20), ..kept };
    assert_eq!(claim(201, one, 20).await, Claim::Yours(claimed.clone()));
    assert_eq!(claim(201, two, 20).await, Claim::Others, "once");
    assert_eq!(look(201, two, i64::MAX).await, Claim::Others);
    assert_eq!(claim(201, one, 30).await, Claim::Yours(claimed.clone()), "theirs as before");
    let unfinished = store.tend_visits(LATEST_MS * 9).await.expect("tended");
    assert_eq!(unfinished, std::slice::from_ref(&claimed), "broken off, it waits");
    store.settle_visit(first.id).await.expect("settled");
    let settled = KioskVisit { body: String::new(), ..claimed };
    assert_eq!(look(201, one, 30).await, Claim::Yours(settled.clone()));
    assert_eq!(keep(&first).await, Delivered::Before(settled));
    assert!(store.tend_visits(30).await.expect("tended").is_empty());
    // Claimed before it arrives.
    assert_eq!(look(203, one, 5).await, Claim::Unknown);
    assert_eq!(claim(203, one, 5).await, Claim::Waits(5 + LATEST_MS));
    assert_eq!(claim(203, one, 9).await, Claim::Waits(5 + LATEST_MS), "since before");
    assert_eq!(claim(203, two, 9).await, Claim::Others);
    for key in [204, 205] {
        assert_eq!(claim(key, one, 6).await, Claim::Waits(6 + LATEST_MS));
    }
    assert_eq!(claim(206, one, 6).await, Claim::TooMany);
    assert_eq!(store.claims_of(one, 5 + LATEST_MS).await.expect("read"), [6 + LATEST_MS; 2]);
    let Delivered::Claimed(arrived) = keep(&made(203, 100)).await else { panic!("it was claimed") };
    assert_eq!((arrived.person, arrived.claimed_ms), (Some(one), Some(5)));
    assert_eq!(claim(206, one, 6).await, Claim::Waits(6 + LATEST_MS), "one fewer waits");
    // So late that nobody can claim it, but by a claim that waits.
    assert_eq!(keep(&made(207, LATEST_MS)).await, Delivered::Expired);
    assert_eq!(claim(207, two, LATEST_MS).await, Claim::Expired);
    assert!(matches!(keep(&made(204, LATEST_MS)).await, Delivered::Claimed(_)));
    assert_eq!(keep(&made(205, 6 + LATEST_MS)).await, Delivered::Expired, "nor does a claim wait longer");
    // What is past is emptied, then forgotten.
    let last = made(208, 10);
    assert_eq!(keep(&last).await, Delivered::Stored);
    assert_eq!(store.tend_visits(10 + CLAIM_MS).await.expect("tended").len(), 2, "two are claimed and not settled");
    assert_eq!(look(208, two, 11).await, Claim::Expired, "whatever the clock says later");
    store.tend_visits(10 + CLAIM_MS + LATEST_MS).await.expect("tended");
    assert_eq!(look(208, two, 11).await, Claim::Unknown);
    assert_eq!(store.claims_of(one, 0).await.expect("read"), Vec::<i64>::new());
}

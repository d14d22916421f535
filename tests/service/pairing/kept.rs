//! What every store must do with kiosks and their pairings.

use super::super::store::{audit, hill};
use checkpoint::store::pairing::{Decided, NewPairing, Polled, Standing};
use checkpoint::store::{Act, Kiosk, Store};
use uuid::Uuid;

pub async fn kiosks_are_paired_with_one_learner_at_a_time(store: &impl Store, unit: Uuid, one: Uuid, two: Uuid) {
    let kiosk = |name: &str| Kiosk {
        id: Uuid::now_v7(),
        unit,
        unit_name: "unit".to_owned(),
        site: hill(),
        name: format!("头显\0'{name}"),
        enrolled_ms: 7,
        withdrawn_ms: None,
    };
    let (left, right) = (kiosk("left"), kiosk("right"));
    let said = |act| audit(unit, act, None);
    for (each, is_new) in [(&left, true), (&right, true), (&left, false)] {
        assert_eq!(store.add_kiosk(each.clone(), said(Act::KioskEnrolled)).await.expect("answered"), is_new);
    }
    assert_eq!(store.kiosk(left.id).await.expect("read"), Some(left.clone()));
    assert_eq!(store.kiosks_of(unit).await.expect("read").len(), 2);
    assert!(store.kiosks_of(Uuid::now_v7()).await.expect("read").is_empty());
    let ask = |kiosk: &Kiosk, key: u8| NewPairing {
        kiosk: kiosk.id,
        device_code: [key; 32],
        user_code: [key + 100; 32],
        asked_ms: 0,
    };
    assert!(store.ask_pairing(ask(&left, 1)).await.expect("asked"));
    let clashing = NewPairing { user_code: [101; 32], ..ask(&right, 2) };
    assert!(!store.ask_pairing(clashing).await.expect("answered"), "a code is one kiosk's");
    assert!(store.ask_pairing(ask(&right, 2)).await.expect("asked"));
    let poll = async |kiosk: &Kiosk, code: u8, token: u8, now_ms| {
        store.poll_pairing(kiosk.id, [code; 32], [token; 32], now_ms).await.expect("polled")
    };
    assert_eq!(poll(&left, 2, 1, 0).await, Polled::Unknown);
    assert_eq!(poll(&left, 1, 1, 0).await, Polled::Waiting);
    assert_eq!(poll(&left, 1, 1, 4_999).await, Polled::TooSoon);
    assert_eq!(poll(&left, 1, 1, 14_998).await, Polled::TooSoon, "ten seconds from the last");
    assert_eq!(poll(&left, 1, 1, 29_998).await, Polled::Waiting, "fifteen");
    let (seen, pairing) = store.look_at_pairing([101; 32], 0).await.expect("read").expect("there");
    assert_eq!((seen, pairing.looks, pairing.standing), (left.clone(), 1, Standing::Open));
    assert!(store.look_at_pairing([101; 32], 600_000).await.expect("read").is_none(), "it has run out");
    let decide = async |code: u8, kiosk: &Kiosk, decision| {
        store.decide_pairing([code; 32], kiosk.id, decision, 0).await.expect("decided")
    };
    assert_eq!(decide(101, &right, Standing::Refused).await, Decided::Gone, "of the kiosk that was seen");
    assert_eq!(decide(101, &left, Standing::Accepted(one)).await, Decided::Stands);
    assert_eq!(decide(101, &left, Standing::Accepted(one)).await, Decided::Stands);
    assert_eq!(decide(101, &left, Standing::Accepted(two)).await, Decided::Otherwise);
    assert_eq!(decide(102, &right, Standing::Accepted(one)).await, Decided::Stands);
    assert_eq!(poll(&left, 1, 1, 0).await, Polled::Begun);
    assert_eq!(poll(&left, 1, 3, 0).await, Polled::Unknown, "once");
    assert_eq!(poll(&right, 2, 2, 0).await, Polled::Unknown, "a learner is at one kiosk");
    let whose = async |token: u8, now_ms| {
        let found = store.kiosk_session([token; 32], now_ms).await.expect("read");
        found.map(|(person, kiosk)| (person.id, kiosk.id))
    };
    assert_eq!((whose(1, 179_999).await, whose(2, 0).await), (Some((one, left.id)), None));
    assert_eq!(whose(1, 359_997).await, Some((one, left.id)), "each is a sign of life");
    assert!(store.ask_pairing(ask(&right, 4)).await.expect("asked"));
    assert_eq!(decide(104, &right, Standing::Accepted(one)).await, Decided::Stands);
    assert_eq!(poll(&right, 4, 4, 359_997).await, Polled::Begun);
    assert_eq!((whose(1, 359_997).await, whose(4, 359_997).await), (None, Some((one, right.id))));
    store.end_kiosk_session([4; 32]).await.expect("ended");
    assert_eq!(whose(4, 359_997).await, None);
    for withdrawn in [true, false] {
        let audit = said(Act::KioskWithdrawn);
        assert_eq!(store.withdraw_kiosk(left.id, audit).await.expect("answered"), withdrawn);
    }
    assert!(store.kiosk(left.id).await.expect("read").is_some_and(|kiosk| kiosk.withdrawn_ms.is_some()));
}

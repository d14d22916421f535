//! What every store must do with led visits, asked of each there is.

use super::super::house::{Base, Service};
use super::super::server::Server;
use super::super::store::{audit, hill};
use checkpoint::demo;
use checkpoint::store::led::{AWAY_MS, MOST_FOLLOWERS, REMEMBERED_MS};
use checkpoint::store::{Act, BegunLed, Follower, LedVisit, Place, Store};
use heritage::RouteId;
use protocol::api::Role;
use uuid::Uuid;

fn visit(leader: Uuid, unit: Uuid, key: u8) -> LedVisit {
    LedVisit {
        id: Uuid::now_v7(),
        code_key: [key; 32],
        leader,
        unit,
        site: hill(),
        route: RouteId::new("path").expect("a name"),
        began_ms: 1_000,
        ends_ms: 2_000,
        revision: 0,
        state: "{\"a\":\"一\"}".to_owned(),
    }
}

async fn keeps(store: &dyn Store, unit: Uuid, [one, two]: [Uuid; 2]) {
    let begun = || audit(unit, Act::LedVisitBegun, None);
    let audits = async || {
        let all = store.audits(unit, None, i64::MAX, 100).await.expect("read");
        all.iter().filter(|each| [Act::LedVisitBegun, Act::LedVisitFinished].contains(&each.said.act)).count()
    };
    let first = visit(one, unit, 1);
    let leads = async |new: &LedVisit| store.begin_led(new.clone(), begun()).await.expect("answered");
    assert_eq!(leads(&first).await, BegunLed::Begun);
    assert_eq!(leads(&visit(one, unit, 2)).await, BegunLed::Running(first.id), "one at a time");
    assert_eq!(leads(&visit(two, unit, 1)).await, BegunLed::Taken, "a code is one visit's");
    assert_eq!(audits().await, 1, "only what has come about is written down");
    assert_eq!(store.led_by_code([1; 32]).await.expect("read"), Some(first.clone()));
    assert_eq!(store.led_by_code([2; 32]).await.expect("read"), None);
    for (now_ms, running) in [(1_999, Some(first.clone())), (2_000, None)] {
        assert_eq!(store.led_by(one, now_ms).await.expect("read"), running);
    }
    let second = visit(two, unit, 2);
    assert_eq!(leads(&second).await, BegunLed::Begun);
    let mut both = store.led_visits(vec![second.id, first.id, Uuid::now_v7()]).await.expect("read");
    both.sort_by_key(|visit| visit.id);
    assert_eq!(both, [first.clone(), second.clone()]);

    // Of two who change it at once one does.
    let changed = LedVisit { revision: 1, state: "{}".to_owned(), ends_ms: 1_500, ..first.clone() };
    let (left, right) = tokio::join!(store.change_led(changed.clone(), None), store.change_led(changed.clone(), None));
    assert_ne!(left.expect("answered"), right.expect("answered"));
    let late = LedVisit { revision: 3, ..changed.clone() };
    let finished = Some(audit(unit, Act::LedVisitFinished, None));
    assert!(!store.change_led(late, finished.clone()).await.expect("answered"), "one is missing in between");
    assert_eq!(store.led_visits(vec![first.id]).await.expect("read"), std::slice::from_ref(&changed));
    assert_eq!(audits().await, 2);
    let over = LedVisit { revision: 2, ..changed.clone() };
    assert!(store.change_led(over, finished).await.expect("answered"));
    assert_eq!(audits().await, 3);
    follows(store, second.id).await;

    // Long over, a visit goes with all who followed it once another begins.
    let next = LedVisit { began_ms: 2_000 + REMEMBERED_MS, ends_ms: i64::MAX, ..visit(one, unit, 3) };
    assert_eq!(leads(&next).await, BegunLed::Begun);
    assert!(store.led_visits(vec![first.id, second.id]).await.expect("read").is_empty());
    assert!(store.led_followers(second.id, 1_000).await.expect("read").is_empty());
}

async fn follows(store: &dyn Store, visit: Uuid) {
    let follower = |id: u128, stream: u128| Follower {
        visit,
        id: Uuid::from_u128(id),
        stream: Uuid::from_u128(stream),
        revision: -1,
    };
    let comes = async |one: Follower, now_ms| store.follow_led(one, now_ms).await.expect("answered");
    let here = async |now_ms| {
        let found = store.led_followers(visit, now_ms).await.expect("read");
        found.into_iter().map(|(id, revision)| (id.as_u128(), revision)).collect::<Vec<_>>()
    };
    let most = MOST_FOLLOWERS as u128;
    for id in 1..=most + 5 {
        assert_eq!(comes(follower(id, id), 1_000).await, id <= most);
    }
    assert_eq!(here(1_000).await.len(), MOST_FOLLOWERS);
    assert!(comes(follower(1, 101), 1_000).await, "whoever is there comes back");
    store.leave_led(visit, Uuid::from_u128(1)).await.expect("answered");
    assert_eq!(here(1_000).await.len(), MOST_FOLLOWERS, "by a connection that is no longer theirs nobody goes");
    store.leave_led(visit, Uuid::from_u128(101)).await.expect("answered");
    assert!(comes(follower(most + 1, 102), 1_000).await, "there is room");
    // Nothing is confirmed that has not come, and nothing less than before.
    let see = async |id: u128, revision| store.see_led(visit, Uuid::from_u128(id), revision).await.expect("answered");
    assert_eq!([see(2, 1).await, see(2, 0).await, see(2, 0).await, see(1, 0).await], [false, true, false, false]);
    assert_eq!(here(1_000).await.first(), Some(&(2, 0)));
    assert!(comes(Follower { revision: -1, ..follower(2, 2) }, 1_000).await);
    assert_eq!(here(1_000).await.first(), Some(&(2, 0)), "what was confirmed stays so");
    // Who gives no sign of life is gone, and makes room.
    let streams = vec![(visit, Uuid::from_u128(2)), (visit, Uuid::from_u128(9_999))];
    store.stay_led(streams, 2_000).await.expect("answered");
    assert_eq!(here(1_001 + AWAY_MS).await, [(2, 0)]);
    assert_eq!(here(2_001 + AWAY_MS).await, []);
    assert!(comes(follower(500, 500), 1_001 + AWAY_MS).await);
    assert_eq!(here(1_001 + AWAY_MS).await.len(), 2);
}

#[test]
fn every_store_keeps_led_visits_alike() {
    for base in Base::ALL {
        let service = Service::empty_on(base);
        let (_, one) = service.person(Role::Trainer, "one", None);
        let unit = service.runtime.block_on(service.app.store.person(one)).expect("read").expect("there").unit;
        let (_, two) = service.person(Role::Mentor, "two", Some(unit));
        service.runtime.block_on(keeps(&*service.app.store, unit, [one, two]));
    }
}

#[test]
fn a_led_visit_is_erased_with_its_leader_and_moved_with_the_record() {
    for base in Base::ALL {
        let service = Service::with_demo_on(base);
        let leader = super::Leader::begun(service.trainer());
        leader.ask("go gate");
        let device = super::Device::joins(&service.stranger(), &leader.code).expect("there is room");
        device.ear.until(1);
        let other = match base {
            Base::File => Server::shared().database(),
            Base::Server => format!("sqlite:{}", service.folder.path().join("other.db").display()),
        };
        let (from, to) = (Place::read(&service.place).expect("a place"), Place::read(&other).expect("a place"));
        let visit = Uuid::parse_str(leader.at.rsplit('/').next().expect("an id")).expect("an id");
        let trainer = checkpoint::identity::code::Code::read(demo::PEOPLE[0].code).expect("a code");
        service.runtime.block_on(async {
            checkpoint::store::moving::copy(&from, &to, |_, _| {}).await.expect("moved");
            let moved = to.open().await.expect("it opens").0;
            let kept = service.app.store.led_visits(vec![visit]).await.expect("read");
            assert_eq!((moved.led_visits(vec![visit]).await.expect("read"), kept.len()), (kept.clone(), 1));
            drop(moved);
            let person = service.app.store.person_by_code(trainer.key(&service.app.secrets)).await.expect("read");
            let person = person.expect("there").id;
            from.erase(person, ("the county", "asked for"), service.app.now_ms()).await.expect("erased");
            assert!(service.app.store.led_visits(vec![visit]).await.expect("read").is_empty());
        });
        assert_eq!(service.stranger().get(&format!("/v1/led/{}", leader.code)).status, 404);
        let (_, state) = device.ear.next();
        assert!(state["finished"] == true && device.ear.has_ended(), "{state}");
    }
}

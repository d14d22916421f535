//! Who follows cannot lead, who guesses learns nothing, and who is slow holds up nobody.

use super::super::client::Client;
use super::super::desk::token;
use super::super::house::{Base, Service};
use super::{Device, Leader, SOON};
use checkpoint::identity::code::Code;
use checkpoint::store::led::MOST_FOLLOWERS;
use protocol::api::Role;
use serde_json::json;
use std::io::Write;
use std::net::TcpStream;
use std::time::Instant;
use uuid::Uuid;

#[test]
fn nobody_but_whoever_began_a_visit_leads_it() {
    let service = Service::with_demo();
    let leader = Leader::begun(service.trainer());
    let unit = service.demo_unit();
    let (colleague, _) = service.person(Role::Trainer, "colleague", Some(unit));
    let (mentor, _) = service.person(Role::Mentor, "mentor", Some(unit));
    let (auditor, _) = service.person(Role::Auditor, "auditor", Some(unit));
    let own = |client: &Client| token(&client.get("/desk/lead").text()).unwrap_or_default();
    for (who, status) in
        [(service.stranger(), 401), (service.learner(1), 403), (auditor, 403), (colleague, 404), (mentor, 404)]
    {
        let token = own(&who);
        for path in [leader.at.clone(), format!("{}/events", leader.at)] {
            let seen = who.get(&path).status;
            assert_eq!(seen, if status == 401 { 303 } else { status }, "{path}");
        }
        let asked = who.form(&leader.at, &[("token", &*token), ("do", "finish")]);
        assert_eq!(asked.status, status, "{}", asked.text());
        // The code lets nobody lead either.
        let code = format!("/desk/lead/{}", leader.code);
        let asked = who.form(&code, &[("token", &*token), ("do", "finish")]).status;
        assert!([401, 403, 404].contains(&asked), "{asked}");
    }
    let trainer = leader.client.clone();
    assert_eq!(own(&trainer), "", "whoever leads already goes on");
    let asked = |fields: &[(&str, &str)]| trainer.form(&leader.at, fields).status;
    assert_eq!(asked(&[("token", "made up"), ("do", "finish")]), 403);
    for (what, status) in [("go nowhere", 404), ("play gate", 404), ("look ../..", 400), ("", 400), ("lead", 400)] {
        assert_eq!(asked(&[("token", &leader.token), ("do", what)]), status, "{what}");
    }
    let state = service.stranger().get(&format!("/v1/led/{}", leader.code)).json();
    assert_eq!((state["revision"].as_u64(), state["finished"].as_bool()), (Some(0), Some(false)));
    // Pressing twice begins one.
    let fields = [("token", &*leader.token), ("route", "hill.path")];
    assert_eq!(trainer.form("/desk/lead", &fields).header("location"), Some(&*leader.at));
    let fields = [("token", &*leader.token), ("route", "hill.nowhere")];
    assert_eq!(trainer.form("/desk/lead", &fields).status, 404);
}

#[test]
fn beginning_and_finishing_stand_in_the_audit_log_and_nothing_in_between() {
    let service = Service::with_demo();
    let leader = Leader::begun(service.trainer());
    for what in ["go gate", "finish", "finish"] {
        leader.ask(what);
    }
    let page = service.demo_admin().get("/desk/audit").text();
    for (words, count) in [("开始带领参观", 1), ("结束带领参观", 1)] {
        assert_eq!(page.matches(words).count(), count, "{page}");
    }
    assert!(page.contains("Path（中）") && !page.contains(&leader.code), "{page}");
}

#[test]
fn a_guessed_code_opens_nothing_and_shuts_nobody_out() {
    let service = Service::with_demo();
    let leader = Leader::begun(service.trainer());
    let stranger = service.stranger();
    for _ in 0..200 {
        let guess = Code::fresh().written();
        let answer = stranger.get(&format!("/v1/led/{guess}"));
        assert_eq!((answer.status, answer.json()["type"].clone()), (404, json!("/problems/led-gone")));
    }
    for typed in ["AEIO-UAEI", "%00", "..%2f..", "BCDF", "%ff", "a.b"] {
        for of in ["", "/events"] {
            assert_eq!(stranger.get(&format!("/v1/led/{typed}{of}")).status, 404, "{typed}{of}");
        }
    }
    // A whole hall stands behind one address; and a code may be typed in any way.
    let typed = leader.code.to_lowercase().replace('-', "%20");
    assert_eq!(stranger.get(&format!("/v1/led/{typed}")).status, 200);
    assert!(Device::joins(&stranger, &leader.code).is_some());
    for id in ["me", "", "%00", "00000000-0000-0000-0000-00000000000g"] {
        assert_eq!(stranger.get(&format!("/v1/led/{}/events?as={id}", leader.code)).status, 400, "{id}");
    }
    let told = stranger.get(&format!("/v1/led/{}", leader.code)).text();
    let (trainer, person) = (&checkpoint::demo::PEOPLE[0], service.trainer().get("/v1/session").json());
    assert!(!told.contains(trainer.name) && !told.contains(person["person"].as_str().expect("an id")), "{told}");
}

#[test]
fn what_has_not_been_received_cannot_be_confirmed() {
    let service = Service::with_demo();
    let leader = Leader::begun(service.trainer());
    let device = Device::joins(&service.stranger(), &leader.code).expect("there is room");
    let visit = Uuid::parse_str(leader.at.rsplit('/').next().expect("an id")).expect("an id");
    let known = || {
        let followers = service.app.store.led_followers(visit, service.app.now_ms());
        service.runtime.block_on(followers).expect("read")
    };
    assert_eq!(known(), [(device.id, -1)]);
    let path = format!("/v1/led/{}/seen", leader.code);
    let client = service.stranger();
    for (who, revision) in [(device.id, 1), (device.id, i64::MAX as u64), (Uuid::now_v7(), 0)] {
        assert_eq!(client.post(&path, &json!({ "follower": who, "revision": revision })).status, 204);
    }
    assert_eq!(known(), [(device.id, -1)]);
    device.confirms(0);
    device.confirms(0);
    assert_eq!(known(), [(device.id, 0)]);
    for body in [
        json!([]),
        json!({ "follower": device.id }),
        json!({ "follower": device.id, "revision": -1 }),
        json!({ "follower": device.id, "revision": u64::MAX }),
        json!({ "follower": device.id, "revision": 0, "more": 1 }),
    ] {
        assert_eq!(client.post(&path, &body).status, 400, "{body}");
    }
    let huge = vec![b' '; checkpoint::routes::MOST_BODY_BYTES + 1];
    assert_eq!(client.send("POST", &path, &[("content-type", "application/json")], &huge).status, 413);
    let foreign = [("content-type", "application/json"), ("origin", "https://evil.example")];
    assert_eq!(client.send("POST", &path, &foreign, b"{}").status, 403);
    // What a browser claims to have seen before is believed as far as it can be so.
    let boasts = Device::comes_back(&client, &leader.code, device.id, Some(7)).expect("it is theirs");
    boasts.ear.next();
    assert_eq!(known(), [(device.id, 0)]);
}

#[test]
fn of_forty_who_come_at_once_thirty_are_let_in() {
    for base in Base::ALL {
        let service = Service::with_demo_on(base);
        let leader = Leader::begun(service.trainer());
        let client = service.stranger();
        let let_in: Vec<Device> = std::thread::scope(|scope| {
            let coming: Vec<_> = (0..40).map(|_| scope.spawn(|| Device::joins(&client, &leader.code))).collect();
            coming.into_iter().filter_map(|one| one.join().expect("it is answered")).collect()
        });
        assert_eq!(let_in.len(), MOST_FOLLOWERS, "{base:?}");
        leader.ask("go gate");
        for device in &let_in {
            assert_eq!(device.ear.until(1).1["going"]["station"], "gate");
        }
    }
}

#[test]
fn whoever_does_not_read_holds_up_nobody() {
    let service = Service::settled(|settings| settings.writes_a_minute = 1_000_000);
    let leader = Leader::begun(service.person(Role::Trainer, "leader", None).0);
    let mut deaf = Vec::new();
    for _ in 0..10 {
        let mut stream = TcpStream::connect(service.address).expect("a connection");
        let asked = format!("GET /v1/led/{}/events HTTP/1.1\r\nhost: x\r\n\r\n", leader.code);
        stream.write_all(asked.as_bytes()).expect("written");
        deaf.push(stream);
    }
    let device = Device::joins(&service.stranger(), &leader.code).expect("there is room");
    let mut longest = std::time::Duration::ZERO;
    for (revision, what) in (1..=300).zip(["go gate", "go well"].into_iter().cycle()) {
        let asked = Instant::now();
        leader.ask(what);
        longest = longest.max(device.ear.until(revision).0.duration_since(asked));
    }
    assert!(longest < SOON, "{longest:?}");
    drop(deaf);
}

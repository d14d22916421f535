//! Following, to the end of what it is answered.

use super::super::ailing::Ailment;
use super::super::described::{Hearing, JSON};
use super::super::house::Service;
use super::super::schema::misfits;
use super::{Device, Leader};
use serde_json::json;

pub fn led(hearing: &mut Hearing, service: &Service) {
    const STATE: &str = "/v1/led/{code}";
    const EVENTS: &str = "/v1/led/{code}/events";
    const SEEN: &str = "/v1/led/{code}/seen";
    let (leader, stranger) = (Leader::begun(service.trainer()), service.stranger());
    leader.ask_all(&["go gate", "play gate-told", "look gate-told"]);
    let at = |of: &str| format!("/v1/led/{}{of}", leader.code);
    let device = Device::joins(&stranger, &leader.code).expect("there is room");
    let (_, state) = device.ear.next();
    let led = &super::super::described::description()["components"]["schemas"]["Led"];
    assert_eq!(misfits(&super::super::described::description(), led, &state), Vec::<String>::new());
    hearing.ask(&stranger, ("GET", STATE, &at("")), &[], b"", 200);
    let seen = ("POST", SEEN, &*at("/seen"));
    let confirmed = json!({ "follower": device.id, "revision": 3 }).to_string().into_bytes();
    hearing.ask(&stranger, seen, &[JSON], b"[]", 400);
    hearing.ask(&stranger, seen, &[], &confirmed, 415);
    hearing.ask(&stranger, ("POST", SEEN, "/v1/led/ZZZZ-ZZZZ/seen"), &[JSON], &confirmed, 404);
    for (template, of) in [(STATE, ""), (EVENTS, "/events")] {
        hearing.ask(&stranger, ("GET", template, &format!("/v1/led/ZZZZ-ZZZZ{of}")), &[], b"", 404);
        hearing.ask(&stranger, ("GET", template, &at(&format!("{of}?as=me"))), &[], b"", 400);
    }
    for (ailment, expected) in [(Ailment::Refuses, 503), (Ailment::Full, 507)] {
        service.store.ails(ailment);
        hearing.ask(&stranger, seen, &[JSON], &confirmed, expected);
        hearing.ask(&stranger, ("GET", EVENTS, &at("/events")), &[], b"", expected);
        if ailment == Ailment::Refuses {
            hearing.ask(&stranger, ("GET", STATE, &at("")), &[], b"", expected);
        }
        service.store.ails(Ailment::None);
    }
    hearing.ask(&stranger, seen, &[JSON], &confirmed, 204);
    drop(device);
    let everybody = std::iter::repeat_with(|| Device::joins(&stranger, &leader.code)).take_while(Option::is_some);
    let everybody: Vec<_> = everybody.collect();
    let one = uuid::Uuid::now_v7();
    for (template, of) in [(STATE, ""), (EVENTS, "/events")] {
        hearing.ask(&stranger, ("GET", template, &at(&format!("{of}?as={one}"))), &[], b"", 409);
    }
    drop(everybody);
    leader.ask("finish");
    hearing.ask(&stranger, ("GET", EVENTS, &at("/events")), &[], b"", 200);
}

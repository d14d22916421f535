//! What a device sends besides the truth: events that do not fit together, and codes tried until one fits.

use super::fixture::{NOW_MS, alone, answered, whole_walk};
use super::house::Service;
use super::presence::{desk, send};
use checkpoint::secrets::{digest, hex};
use serde_json::{Value, json};
use uuid::Uuid;

/// The digest that a device's next event names.
fn digest_of(event: &Value) -> String {
    let read: protocol::Event = serde_json::from_value(event.clone()).expect("an event");
    hex(&digest(serde_json::to_string(&read).expect("written").as_bytes()))
}

/// A whole walk of one device, each event naming the one before.
fn chained() -> Vec<Value> {
    let (mut events, device) = (whole_walk(), Uuid::now_v7());
    for number in 0..events.len() {
        (events[number]["device"], events[number]["sequence"]) = (json!(device), json!(number + 1));
        if number > 0 {
            events[number]["previous"] = json!(digest_of(&events[number - 1]));
        }
    }
    events
}

#[test]
fn what_a_device_recorded_must_fit_together_and_gaps_say_nothing() {
    const BROKEN: &str = "同一设备的记录前后不符";
    let service = Service::with_demo();
    let whole = chained();
    let (sound, gap) = (service.learner(1), service.learner(2));
    // In whatever order and batches they come.
    send(&sound, &[whole[3].clone(), whole[1].clone()]);
    send(&sound, &[whole[0].clone(), whole[2].clone()]);
    assert!(!desk(&service, &sound).contains(BROKEN));
    let other = chained();
    send(&gap, &[other[0].clone(), other[2].clone(), other[3].clone()]);
    assert!(!desk(&service, &gap).contains(BROKEN), "the one between may be somebody else's");
    // Changed after the next one was made.
    let mut changed = chained();
    changed[1]["captured_at_ms"] = json!(NOW_MS - 1);
    let learner = service.learner(3);
    send(&learner, &changed);
    assert!(desk(&service, &learner).contains("同一设备的记录前后不符（1 条）"));
    assert_eq!(learner.get("/v1/me/progress").json()["walks"][0]["state"], "waiting", "a flag refuses nothing");
    // One number twice.
    let (copied, _) = service.person(protocol::api::Role::Learner, "copied", Some(service.demo_unit()));
    let mut twice = chained();
    let mut copy = twice[3].clone();
    copy["id"] = json!(Uuid::now_v7());
    twice.push(copy);
    send(&copied, &twice);
    assert!(desk(&service, &copied).contains(BROKEN));
    // By way of a kiosk, whose proof the service has added.
    let (visitor, _) = service.person(protocol::api::Role::Learner, "visitor", Some(service.demo_unit()));
    let kiosk = super::pairing::Terminal::enrolled(&service, "headset").paired(&visitor);
    send(&kiosk, &chained());
    let page = desk(&service, &visitor);
    assert!(page.contains("<span class=\"level\">E2</span>") && !page.contains(BROKEN), "{page}");
    for bad in ["", "0F", &"0F".repeat(32), &"0g".repeat(32)] {
        let mut event = answered("gate", 1);
        event["previous"] = json!(bad);
        let receipt = learner.post("/v1/events", &alone(&event)).json()["receipts"][0].clone();
        assert_eq!((receipt["result"].clone(), receipt["code"].clone()), (json!("rejected"), json!("out-of-range")));
    }
}

#[test]
fn a_code_that_was_found_by_trying_shows_nothing() {
    let service = Service::with_demo();
    let (site, gate) =
        (heritage::SiteId::new("hill").expect("a name"), heritage::StationId::new("gate").expect("a name"));
    let right = checkpoint::evidence::rotating::code_at(&service.app.secrets, &site, &gate, NOW_MS);
    let tried = |wrong: usize| {
        let mut events = whole_walk();
        let code = |code: &str| json!({ "method": "rotating", "code": code, "read_at_ms": NOW_MS });
        events[0]["kind"]["way"] = json!("foot");
        events[0]["kind"]["proof"] = code(&right);
        let mut guesses: Vec<Value> = (0..wrong)
            .map(|_| {
                let mut guess = super::fixture::completed("gate");
                guess["kind"]["way"] = json!("foot");
                guess["kind"]["proof"] = code("abcdef");
                guess
            })
            .collect();
        guesses.append(&mut events);
        guesses
    };
    let (mistyped, guessing) = (service.learner(1), service.learner(2));
    send(&mistyped, &tried(5));
    let page = desk(&service, &mistyped);
    assert!(page.contains("动态码当时不在本站显示") && page.contains("<span class=\"level\">E3</span>"), "{page}");
    send(&guessing, &tried(6));
    let page = desk(&service, &guessing);
    assert!(page.contains("6 个动态码不符") && !page.contains("<span class=\"level\">E3</span>"), "{page}");
}

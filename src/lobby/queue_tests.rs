//! The outbox's rules, hostile replies included.

use super::*;
use crate::wire::ToJson;
use heritage::{SiteId, StationId};

const ME: Uuid = Uuid::from_u128(77);

fn event(sequence: u64) -> Waiting {
    Waiting::of(&Event {
        id: Uuid::from_u128(u128::from(sequence) + 1000),
        captured_at_ms: 1,
        offset_ms: 1,
        device: Uuid::from_u128(5),
        sequence,
        previous: None,
        kind: EventKind::Answered {
            site: SiteId::new("luding").expect("a name"),
            station: StationId::new("deck").expect("a name"),
            choice: 0,
        },
    })
}

fn entries(count: u64, owner: Option<Uuid>) -> Vec<Entry> {
    (1..=count).map(|sequence| Entry { owner, event: event(sequence) }).collect()
}

fn receipts(items: &[String]) -> String {
    format!("{{\"receipts\":[{}]}}", items.join(","))
}

fn stored(event: &Waiting) -> String {
    format!("{{\"id\":\"{}\",\"result\":\"stored\",\"seq\":1}}", event.id)
}

#[test]
fn a_batch_holds_only_my_own_and_never_more_than_a_hundred() {
    assert_eq!(batch(&entries(250, Some(ME)), ME, 1000).len(), LARGEST_BATCH);
    assert!(batch(&entries(3, None), ME, 100).is_empty());
    assert!(batch(&entries(3, Some(Uuid::from_u128(1))), ME, 100).is_empty());
}

#[test]
fn stored_and_duplicate_are_forgotten_and_the_rest_is_shown() {
    let sent: Vec<Waiting> = (1..=4).map(event).collect();
    let body = receipts(&[
        stored(&sent[0]),
        format!("{{\"id\":\"{}\",\"result\":\"duplicate\",\"seq\":1}}", sent[1].id),
        format!("{{\"id\":\"{}\",\"result\":\"conflict\",\"reason\":{{\"zh\":\"甲\",\"en\":\"a\"}}}}", sent[2].id),
        "{\"id\":null,\"result\":\"rejected\",\"code\":\"unknown-station\",\"reason\":{\"zh\":\"乙\",\"en\":\"b\"}}"
            .to_owned(),
    ]);
    let (fates, next) = judge(&sent, Some((200, &body)));
    assert_eq!(next, Next::More);
    assert!(matches!(fates[0], Fate::Kept { id, .. } if id == sent[0].id));
    assert!(matches!(fates[1], Fate::Kept { id, .. } if id == sent[1].id));
    assert!(matches!(&fates[2], Fate::Refused { id, code, .. } if code == "conflict" && *id == sent[2].id));
    assert!(matches!(&fates[3], Fate::Refused { id, code, .. } if code == "unknown-station" && *id == sent[3].id));
}

#[test]
fn a_receipt_for_another_event_removes_nothing() {
    let sent = [event(1)];
    let (fates, next) = judge(&sent, Some((200, &receipts(&[stored(&event(2))]))));
    assert_eq!((fates, next), (Vec::new(), Next::Later));
}

#[test]
fn missing_receipts_leave_their_events_waiting() {
    let sent: Vec<Waiting> = (1..=3).map(event).collect();
    let (fates, next) = judge(&sent, Some((200, &receipts(&[stored(&sent[0])]))));
    assert_eq!((fates.len(), next), (1, Next::More));
}

#[test]
fn nothing_is_forgotten_when_the_service_is_away_or_broken() {
    let sent: Vec<Waiting> = (1..=2).map(event).collect();
    for reply in [None, Some((500, "")), Some((503, "{}")), Some((429, "")), Some((200, "<html>")), Some((404, ""))] {
        assert_eq!(judge(&sent, reply), (Vec::new(), Next::Later), "{reply:?}");
    }
    assert_eq!(judge(&sent, Some((401, ""))), (Vec::new(), Next::SignIn));
}

#[test]
fn a_batch_that_cannot_be_read_is_halved_until_the_culprit_stands_alone() {
    let sent: Vec<Waiting> = (1..=2).map(event).collect();
    assert_eq!(judge(&sent, Some((400, ""))), (Vec::new(), Next::Fewer));
    assert_eq!((fewer(100), fewer(3), fewer(1)), (50, 1, 1));
    let (fates, next) = judge(&sent[..1], Some((400, "")));
    assert_eq!(next, Next::More);
    assert!(matches!(&fates[..], [Fate::Refused { id, .. }] if *id == sent[0].id));
}

#[test]
fn waiting_grows_and_is_bounded() {
    assert_eq!(wait_ms(1, 1.0), 2_000);
    assert_eq!(wait_ms(3, 1.0), 8_000);
    assert_eq!(wait_ms(3, 0.0), 4_000);
    assert_eq!(wait_ms(u32::MAX, 1.0), 300_000);
}

#[test]
fn an_event_keeps_its_bytes_through_storage() {
    let entry = Entry { owner: Some(ME), event: event(1) };
    let kept = entry.to_json().to_line();
    let back = Value::parse(&kept).and_then(|kept| Entry::from_json(&kept)).expect("an entry");
    assert_eq!(back, entry);
    assert_eq!(
        body(&[back.event.clone(), back.event], 7),
        format!("{{\"events\":[{0},{0}],\"sent_at_ms\":7}}", entry.event.json.to_line())
    );
}

#[test]
fn what_was_refused_keeps_its_owner_through_storage() {
    let reason = Bilingual::new("甲", "a");
    let refused = Refused { owner: Some(ME), event: event(1), code: "conflict".to_owned(), reason };
    let read = |text: &str| Value::parse(text).and_then(|kept| Refused::from_json(&kept));
    let kept = refused.to_json().to_line();
    assert_eq!(read(&kept), Some(refused.clone()));
    let older = kept.replace(&format!("\"owner\":\"{ME}\","), "");
    assert_eq!(read(&older), Some(Refused { owner: None, ..refused }));
}

#[test]
fn an_older_event_with_finer_seconds_is_sent_as_it_was_made() {
    let json = event(1).json.to_line().replace("\"choice\":0", "\"choice\":0,\"read_secs\":12.300000000000004");
    let back = Value::parse(&json).and_then(|kept| Waiting::from_json(&kept)).expect("an event");
    assert_eq!(back.json.to_line(), json);
}

#[test]
fn an_event_is_named_by_the_digest_of_what_is_sent() {
    // sha256sum of the line below.
    let line = r#"{"id":"00000000-0000-0000-0000-0000000003e9","captured_at_ms":1,"offset_ms":1,"device":"00000000-0000-0000-0000-000000000005","sequence":1,"kind":{"type":"answered","site":"luding","station":"deck","choice":0}}"#;
    assert_eq!(event(1).json.to_line(), line);
    assert_eq!(event(1).digest(), "0ea3c76ee52a8b3dfc0811a04a4da74bea29102c76539ebbe1b0116f8b853647");
}

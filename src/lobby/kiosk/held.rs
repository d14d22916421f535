//! Visits that wait to be delivered: what is sent, and what becomes of each by the service's reply. Pure.

use crate::json::{Value, map, text, whole};
use crate::wire::{FromJson, ToJson, field, record};
use uuid::Uuid;

/// The most visits in one request.
pub const LARGEST: usize = 20;

/// A visit that waits to be delivered. Nothing of it says whose it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// Made as the visit began.
    pub id: Uuid,
    /// What its visitor was shown.
    pub code: String,
    /// The kiosk's clock when it ended.
    pub ended_at_ms: i64,
    /// The events, as they were made.
    pub events: Vec<Value>,
    /// The service would not have it; it is tried again only when somebody asks for it.
    pub refused: bool,
}

impl ToJson for Held {
    fn to_json(&self) -> Value {
        map(vec![
            ("id", self.id.to_json()),
            ("code", text(&self.code)),
            ("ended_at_ms", whole(self.ended_at_ms)),
            ("events", Value::List(self.events.clone())),
            ("refused", Value::Flag(self.refused)),
        ])
    }
}

impl FromJson for Held {
    fn from_json(value: &Value) -> Option<Self> {
        Some(Self {
            id: field(value, "id")?,
            code: field(value, "code")?,
            ended_at_ms: field(value, "ended_at_ms")?,
            events: value.get("events").list()?.to_vec(),
            refused: field(value, "refused").unwrap_or_default(),
        })
    }
}

impl Held {
    /// Keys sort as text, so that the order of keys is the order in which visits ended.
    pub fn key(&self) -> String {
        format!("{:015}-{}", self.ended_at_ms.max(0), self.id)
    }
}

/// What became of one visit.
struct Receipt {
    id: Option<Uuid>,
    result: String,
}

record!(Receipt { id, result });

/// What a reply says.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// Those the service has, or can have no more; and those that it would not have.
    Read(Vec<Uuid>, Vec<Uuid>),
    /// The kiosk is not enrolled any more.
    Withdrawn,
    /// Nothing was said of them; later.
    Later,
}

/// The visits to be sent next: what was refused only when it is asked for.
pub fn batch(held: &[Held], asked: bool) -> Vec<Held> {
    held.iter().filter(|one| asked || !one.refused).take(LARGEST).cloned().collect()
}

/// The body that delivers them, with the kiosk's clock at that moment.
pub fn body(held: &[Held], now_ms: i64) -> String {
    let visit = |one: &Held| {
        map(vec![
            ("id", one.id.to_json()),
            ("code", text(&one.code)),
            ("ended_at_ms", whole(one.ended_at_ms)),
            ("events", Value::List(one.events.clone())),
        ])
    };
    map(vec![("visits", Value::List(held.iter().map(visit).collect())), ("sent_at_ms", whole(now_ms))]).to_line()
}

/// What becomes of `sent`, by the reply to it; `None` for a reply that never came.
pub fn judge(sent: &[Held], reply: Option<(u16, &str)>) -> Reply {
    match reply {
        Some((200..=299, body)) => {
            let receipts: Vec<Receipt> = Value::parse(body).and_then(|body| field(&body, "visits")).unwrap_or_default();
            let (mut gone, mut refused) = (Vec::new(), Vec::new());
            for (one, receipt) in sent.iter().zip(&receipts) {
                // A receipt that names another visit says nothing of this one.
                if receipt.id.is_some_and(|id| id != one.id) {
                    continue;
                }
                match receipt.result.as_str() {
                    "stored" | "duplicate" | "expired" => gone.push(one.id),
                    "refused" => refused.push(one.id),
                    _ => {}
                }
            }
            if gone.is_empty() && refused.is_empty() { Reply::Later } else { Reply::Read(gone, refused) }
        }
        Some((401, _)) => Reply::Withdrawn,
        _ => Reply::Later,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(number: u128) -> Held {
        let events = vec![Value::Number("1.50".to_owned())];
        Held { id: Uuid::from_u128(number), code: "BCDF-GHJK".to_owned(), ended_at_ms: 7, events, refused: false }
    }

    #[test]
    fn what_is_kept_is_read_back_and_sent_byte_for_byte() {
        let one = held(1);
        assert_eq!(Held::from_json(&one.to_json()).as_ref(), Some(&one));
        let body = body(&[one], 9);
        assert!(body.contains("\"events\":[1.50]") && body.ends_with("\"sent_at_ms\":9}"), "{body}");
        assert!(!body.contains("refused"));
    }

    #[test]
    fn each_visit_has_the_fate_that_the_reply_gives_it() {
        let sent = [held(1), held(2), held(3), held(4), held(5)];
        let told = |results: [&str; 5]| {
            let one = |(one, result): (&Held, &str)| format!("{{\"id\":\"{}\",\"result\":\"{result}\"}}", one.id);
            let all: Vec<String> = sent.iter().zip(results).map(one).collect();
            format!("{{\"visits\":[{}]}}", all.join(","))
        };
        let ids = |numbers: &[u128]| numbers.iter().map(|number| Uuid::from_u128(*number)).collect::<Vec<_>>();
        let body = told(["stored", "duplicate", "expired", "refused", "unheard-of"]);
        assert_eq!(judge(&sent, Some((200, &body))), Reply::Read(ids(&[1, 2, 3]), ids(&[4])));
        assert_eq!(judge(&sent[1..], Some((200, &body))), Reply::Later, "receipts of others say nothing");
        for body in ["", "{}", "[]", "{\"visits\":[{}]}"] {
            assert_eq!(judge(&sent, Some((200, body))), Reply::Later, "{body}");
        }
        assert_eq!(judge(&sent, Some((401, ""))), Reply::Withdrawn);
        for reply in [None, Some((429, "")), Some((503, "")), Some((507, ""))] {
            assert_eq!(judge(&sent, reply), Reply::Later);
        }
    }

    #[test]
    fn what_was_refused_does_not_stand_in_the_way() {
        let mut all: Vec<Held> = (0..30).map(held).collect();
        all.iter_mut().take(25).for_each(|one| one.refused = true);
        assert_eq!(batch(&all, false).len(), 5);
        assert_eq!(batch(&all, true).len(), LARGEST);
    }
}

//! Whether two statements of one id are the same statement.
//!
//! What a store adds itself, what others may change (definitions, the words of verbs) and what has no order in the standard
//! make no difference (IEEE 9274.1.1 section 4.2.3; xAPI 1.0.3 part two, 2.3.1).

use super::time;
use serde_json::{Map, Value, json};

/// Whether `sent` is the statement that is kept. A timestamp that the store has set itself is no difference.
pub fn is_same(kept: &Value, sent: &Value) -> bool {
    let mut kept = kept.clone();
    for name in ["timestamp", "version"] {
        if sent.get(name).is_none()
            && let Some(kept) = kept.as_object_mut()
        {
            kept.remove(name);
        }
    }
    meaning(&kept) == meaning(sent)
}

/// A statement as it is compared.
pub fn meaning(statement: &Value) -> Value {
    let mut said = told(statement);
    if let Value::Object(map) = &mut said {
        for name in ["stored", "authority", "version"] {
            map.remove(name);
        }
        lower(map, "id");
    }
    said
}

/// A statement, or one told within another.
fn told(statement: &Value) -> Value {
    let Value::Object(map) = statement else { return statement.clone() };
    let meant = |(name, value): (&String, &Value)| {
        let value = match name.as_str() {
            "actor" => actor(value),
            "verb" => json!({ "id": value["id"] }),
            "object" => object(value),
            "result" => result(value),
            "context" => context(value),
            "timestamp" => instant(value),
            "attachments" => unordered(value, plain),
            _ => plain(value),
        };
        (name.clone(), value)
    };
    Value::Object(map.iter().map(meant).collect())
}

fn actor(value: &Value) -> Value {
    let mut map = object_of(value);
    map.entry("objectType").or_insert_with(|| json!("Agent"));
    if let Some(members) = map.get("member") {
        let members = unordered(members, actor);
        map.insert("member".to_owned(), members);
    }
    lower(&mut map, "mbox_sha1sum");
    Value::Object(map)
}

fn object(value: &Value) -> Value {
    match value["objectType"].as_str() {
        None | Some("Activity") => json!({ "objectType": "Activity", "id": value["id"] }),
        Some("Agent" | "Group") => actor(value),
        Some("SubStatement") => told(value),
        Some(_) => {
            let mut map = object_of(value);
            lower(&mut map, "id");
            Value::Object(map)
        }
    }
}

fn result(value: &Value) -> Value {
    let mut map = object_of(&plain(value));
    if let Some(length) = value["duration"].as_str().and_then(time::duration) {
        map.insert("duration".to_owned(), json!([length.0, length.1]));
    }
    Value::Object(map)
}

fn context(value: &Value) -> Value {
    let mut map = object_of(&plain(value));
    for who in ["instructor", "team"] {
        if let Some(named) = value.get(who) {
            map.insert(who.to_owned(), actor(named));
        }
    }
    if let Some(Value::Object(related)) = value.get("contextActivities") {
        let lists = related.iter().map(|(name, list)| (name.clone(), unordered(list, object)));
        map.insert(
            "contextActivities".to_owned(),
            Value::Object(lists.filter(|(_, list)| *list != json!([])).collect()),
        );
    }
    for (list, who) in [("contextAgents", "agent"), ("contextGroups", "group")] {
        let participant = |each: &Value| {
            let mut each = object_of(each);
            if let Some(named) = each.get(who).map(actor) {
                each.insert(who.to_owned(), named);
            }
            if let Some(types) = each.get("relevantTypes").map(|types| unordered(types, plain)) {
                each.insert("relevantTypes".to_owned(), types);
            }
            Value::Object(each)
        };
        if let Some(named) = value.get(list) {
            map.insert(list.to_owned(), unordered(named, participant));
        }
    }
    if let Some(referred) = value.get("statement") {
        map.insert("statement".to_owned(), object(referred));
    }
    lower(&mut map, "registration");
    Value::Object(map)
}

/// Numbers as they are meant: 1 and 1.0 are one number.
fn plain(value: &Value) -> Value {
    match value {
        Value::Number(number) => match number.as_f64() {
            // Whole numbers past 2⁵³ are told apart by their digits.
            Some(near) if number.is_f64() || near.abs() < 9e15 => json!(near),
            _ => value.clone(),
        },
        Value::Array(list) => Value::Array(list.iter().map(plain).collect()),
        Value::Object(map) => Value::Object(map.iter().map(|(name, value)| (name.clone(), plain(value))).collect()),
        _ => value.clone(),
    }
}

fn instant(value: &Value) -> Value {
    let at = value.as_str().and_then(time::timestamp);
    at.map_or_else(|| value.clone(), |at| json!(at.as_millisecond()))
}

/// A list without its order; one thing alone is a list of one.
fn unordered(value: &Value, meant: impl Fn(&Value) -> Value) -> Value {
    let mut list: Vec<Value> = match value {
        Value::Array(list) => list.iter().map(meant).collect(),
        one => vec![meant(one)],
    };
    list.sort_by_cached_key(ToString::to_string);
    Value::Array(list)
}

fn object_of(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn lower(map: &mut Map<String, Value>, name: &str) {
    if let Some(Value::String(text)) = map.get_mut(name) {
        text.make_ascii_lowercase();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent() -> Value {
        json!({
            "id": "FD41C918-B88B-4B20-A0A5-A4C32391AAA0",
            "actor": { "objectType": "Group", "member": [{ "mbox": "mailto:a@b.example" }, { "openid": "https://o.example" }] },
            "verb": { "id": "https://v.example" }, "object": { "id": "https://o.example" },
            "result": { "duration": "PT1M", "score": { "raw": 1 } },
            "context": { "contextActivities": { "parent": { "id": "https://p.example" } } },
        })
    }

    #[test]
    fn what_a_store_adds_and_what_has_no_order_makes_no_difference() {
        let kept = json!({
            "id": "fd41c918-b88b-4b20-a0a5-a4c32391aaa0", "stored": "2026-06-01T00:00:00Z", "timestamp": "2026-06-01T00:00:00Z",
            "version": "1.0.0", "authority": { "mbox": "mailto:lrs@b.example" },
            "actor": {
                "objectType": "Group",
                "member": [{ "objectType": "Agent", "openid": "https://o.example" }, { "mbox": "mailto:a@b.example" }],
            },
            "verb": { "id": "https://v.example", "display": { "en": "v" } },
            "object": { "objectType": "Activity", "id": "https://o.example", "definition": { "name": { "en": "o" } } },
            "result": { "duration": "PT60S", "score": { "raw": 1.0 } },
            "context": { "contextActivities": { "parent": [{ "objectType": "Activity", "id": "https://p.example" }], "other": [] } },
        });
        assert!(is_same(&kept, &sent()));
    }

    #[test]
    fn whatever_else_differs_makes_another_statement() {
        for (pointer, value) in [
            ("/verb/id", json!("https://w.example")),
            ("/object/id", json!("https://p.example")),
            ("/actor/member/0/mbox", json!("mailto:c@b.example")),
            ("/result/duration", json!("PT61S")),
            ("/result/score/raw", json!(2)),
            ("/context/contextActivities/parent/id", json!("https://q.example")),
        ] {
            let mut other = sent();
            *other.pointer_mut(pointer).expect("there") = value;
            assert!(!is_same(&sent(), &other), "{pointer}");
        }
        let mut told = sent();
        told["timestamp"] = json!("2026-06-01T00:00:00Z");
        let mut elsewhere = sent();
        elsewhere["timestamp"] = json!("2026-06-01T08:00:00+08:00");
        assert!(is_same(&told, &elsewhere));
        elsewhere["timestamp"] = json!("2026-06-01T08:00:00Z");
        assert!(!is_same(&told, &elsewhere));
    }
}

//! Statements that are sound, and each of them with one thing wrong.

use super::*;
use serde_json::json;

fn plain() -> Value {
    json!({
        "id": "fd41c918-b88b-4b20-a0a5-a4c32391aaa0",
        "actor": { "objectType": "Agent", "name": "one", "account": { "homePage": "https://walk.example", "name": "1" } },
        "verb": { "id": "http://adlnet.gov/expapi/verbs/answered", "display": { "zh-CN": "回答了", "en": "answered" } },
        "object": {
            "objectType": "Activity", "id": "https://walk.example/q",
            "definition": {
                "name": { "en": "q" }, "description": { "en": "which" }, "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
                "moreInfo": "https://walk.example/more", "interactionType": "choice", "correctResponsesPattern": ["a"],
                "choices": [{ "id": "a", "description": { "en": "A" } }, { "id": "b" }], "extensions": { "https://e.example/x": null },
            },
        },
        "result": {
            "score": { "scaled": 0.5, "raw": 5, "min": 0, "max": 10 }, "success": true, "completion": false, "response": "a",
            "duration": "PT1.5S", "extensions": { "https://e.example/y": [null, { "a": null }] },
        },
        "context": {
            "registration": "ec531277-b57b-4c15-8d91-d292c5b2b8f7",
            "instructor": { "objectType": "Group", "member": [{ "mbox": "mailto:a@b.example" }] },
            "team": { "objectType": "Group", "openid": "https://o.example/team" },
            "contextActivities": { "parent": [{ "id": "https://walk.example/p" }], "category": { "id": "https://walk.example/c" } },
            "revision": "1", "platform": "p", "language": "zh-Hans", "statement": { "objectType": "StatementRef", "id": "fd41c918-b88b-4b20-a0a5-a4c32391aaa1" },
        },
        "timestamp": "2026-06-01T08:00:00+08:00", "stored": "2026-06-01T08:00:00Z", "version": "1.0.3",
        "authority": { "mbox_sha1sum": "ebd31e95054c018b10727ccffd2ef2ec3a016ee9" },
        "attachments": [{
            "usageType": "https://e.example/u", "display": { "en": "a" }, "contentType": "text/plain; charset=ascii", "length": 27,
            "sha2": "495395e777cd98da653df9615d09c0fd6bb2f8d4788394cd53c56a3bfdcd848a", "fileUrl": "https://e.example/f",
        }],
    })
}

fn found(value: &Value, edition: Edition) -> Result<(), Misfit> {
    statement(&At::whole(value), edition)
}

/// The statement with something else at a place; `None` takes it out.
fn with(pointer: &str, value: Option<Value>) -> Value {
    let mut statement = plain();
    let (above, name) = pointer.rsplit_once('/').expect("a pointer");
    match (statement.pointer_mut(above).expect("there"), value) {
        (Value::Object(map), Some(value)) => drop(map.insert(name.to_owned(), value)),
        (Value::Object(map), None) => drop(map.remove(name)),
        (Value::Array(list), Some(value)) => list.push(value),
        _ => panic!("{pointer} leads nowhere"),
    }
    statement
}

#[test]
fn a_statement_with_everything_in_it_is_sound_in_both_editions() {
    for edition in [Edition::One, Edition::Two] {
        assert_eq!(found(&plain(), edition), Ok(()));
    }
    let participants = json!([{ "objectType": "contextAgent", "agent": { "mbox": "mailto:a@b.example" }, "relevantTypes": ["https://t.example"] }]);
    let newer = with("/context/contextAgents", Some(participants));
    assert_eq!(found(&newer, Edition::Two), Ok(()));
    assert!(found(&newer, Edition::One).is_err(), "1.0.3 knows no such property");
}

#[test]
fn whatever_is_wrong_is_named_by_its_path() {
    let agent = json!({ "mbox": "mailto:a@b.example" });
    let told = json!({ "objectType": "SubStatement", "actor": agent, "verb": { "id": "https://v.example" }, "object": { "id": "https://o.example" } });
    let within = |name: &str, value: Value| {
        let mut told = told.clone();
        told[name] = value;
        told
    };
    let cases: Vec<(&str, Option<Value>, &str)> = vec![
        ("/actor", None, ""),
        ("/verb", None, ""),
        ("/object", None, ""),
        ("/id", Some(json!("fd41c918")), "id"),
        ("/id", Some(json!(null)), "id"),
        ("/Actor", Some(agent.clone()), ""),
        ("/actor/mbox", Some(json!("mailto:a@b.example")), "actor"),
        ("/actor/account", None, "actor"),
        ("/actor/account/name", None, "actor.account"),
        ("/actor/account/homepage", Some(json!("https://walk.example")), "actor.account"),
        ("/actor/objectType", Some(json!("agent")), "actor"),
        ("/actor/member", Some(json!([])), "actor"),
        ("/verb/id", Some(json!("answered")), "verb.id"),
        ("/verb/display/en_US", Some(json!("x")), "verb.display.en_US"),
        ("/verb/display/en", Some(json!(1)), "verb.display.en"),
        ("/object/id", None, "object"),
        ("/object/objectType", Some(json!("activity")), "object"),
        ("/object/definition/choices/2", Some(json!({ "id": "a" })), "object.definition.choices[2].id"),
        ("/object/definition/scale", Some(json!([])), "object.definition.scale"),
        ("/object/definition/interactionType", Some(json!("Choice")), "object.definition.interactionType"),
        ("/object/definition/interactionType", None, "object.definition"),
        (
            "/object/definition/correctResponsesPattern",
            Some(json!([1])),
            "object.definition.correctResponsesPattern[0]",
        ),
        ("/object/definition/extensions", Some(json!({ "x": 1 })), "object.definition.extensions"),
        ("/object", Some(json!({ "objectType": "StatementRef", "id": "x" })), "object.id"),
        ("/object", Some(within("object", told.clone())), "object.object"),
        ("/object", Some(within("id", json!("fd41c918-b88b-4b20-a0a5-a4c32391aaa0"))), "object"),
        ("/object", Some(within("timestamp", json!("now"))), "object.timestamp"),
        ("/object", Some(agent.clone()), "object"),
        ("/object", Some(json!({ "objectType": "Agent", "mbox": "mailto:a@b.example" })), "context.revision"),
        ("/result/score/scaled", Some(json!(1.1)), "result.score"),
        ("/result/score/raw", Some(json!(11)), "result.score"),
        ("/result/score/min", Some(json!(10)), "result.score"),
        ("/result/score/raw", Some(json!("5")), "result.score.raw"),
        ("/result/success", Some(json!("true")), "result.success"),
        ("/result/duration", Some(json!("P4W1D")), "result.duration"),
        ("/context/registration", Some(json!("x")), "context.registration"),
        ("/context/team", Some(agent.clone()), "context.team"),
        ("/context/language", Some(json!("zh_CN")), "context.language"),
        ("/context/contextActivities/parents", Some(json!([])), "context.contextActivities"),
        ("/context/contextActivities/parent", Some(json!([{ "id": "x" }])), "context.contextActivities.parent[0].id"),
        ("/context/statement/objectType", None, "context.statement"),
        ("/timestamp", Some(json!("2008-09-15T15:53:00.601-00:00")), "timestamp"),
        ("/version", Some(json!("0.9")), "version"),
        ("/version", Some(json!(1.0)), "version"),
        ("/authority", Some(json!({ "objectType": "Group", "member": [agent, agent, agent] })), "authority"),
        ("/attachments/1", Some(json!({})), "attachments[1]"),
        ("/attachments", Some(json!({})), "attachments"),
        ("/verb", Some(json!({ "id": VOIDED })), "object"),
    ];
    for (pointer, value, at) in cases {
        let shown = format!("{pointer} {value:?}");
        for edition in [Edition::One, Edition::Two] {
            match found(&with(pointer, value.clone()), edition) {
                Err(misfit) if misfit.at == at => {
                    assert!(!misfit.why.zh.is_empty() && !misfit.why.en.is_empty());
                }
                other => panic!("{shown}: {other:?}"),
            }
        }
    }
}

#[test]
fn a_voiding_statement_refers_to_another() {
    let voiding = json!({
        "actor": { "openid": "https://o.example" }, "verb": { "id": VOIDED },
        "object": { "objectType": "StatementRef", "id": "fd41c918-b88b-4b20-a0a5-a4c32391aaa0" },
    });
    assert_eq!(found(&voiding, Edition::Two), Ok(()));
}

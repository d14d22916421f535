//! As much of JSON Schema 2020-12 as the description of the interface uses; a word it does not use is refused.

use serde_json::Value;

/// Every keyword that the description may use in a schema. Those in the second row say nothing that is checked here.
const KEYWORDS: [&str; 20] = [
    "$ref",
    "type",
    "enum",
    "const",
    "required",
    "properties",
    "additionalProperties",
    "items",
    "prefixItems",
    "minItems",
    "maxItems",
    "oneOf",
    "minimum",
    "maximum",
    "maxLength",
    "pattern",
    "format",
    "default",
    "description",
    "title",
];

/// What in `value` does not fit the schema, each with its place; empty if it fits.
pub fn misfits(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(document, schema, value, "", &mut found);
    found
}

fn check(document: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let mut miss = |why: String| found.push(format!("{at}: {why}"));
    let number = |name: &str| schema[name].as_f64();
    let length = |name: &str| schema[name].as_u64().and_then(|count| usize::try_from(count).ok());
    if !schema["type"].is_null() && !types(&schema["type"]).any(|name| is(name, value)) {
        miss(format!("{value} is not {}", schema["type"]));
    }
    if schema["enum"].as_array().is_some_and(|allowed| !allowed.contains(value)) {
        miss(format!("{value} is none of {}", schema["enum"]));
    }
    if schema.get("const").is_some_and(|only| only != value) {
        miss(format!("{value} is not {}", schema["const"]));
    }
    if let Some(amount) = value.as_f64()
        && (number("minimum").is_some_and(|least| amount < least)
            || number("maximum").is_some_and(|most| amount > most))
    {
        miss(format!("{amount} is out of range"));
    }
    if value.as_str().is_some_and(|text| length("maxLength").is_some_and(|most| text.chars().count() > most)) {
        miss("too long".to_owned());
    }
    if value.as_str().is_some_and(|text| schema["format"] == "uuid" && uuid::Uuid::parse_str(text).is_err()) {
        miss(format!("{value} is no UUID"));
    }
    if let Some(members) = value.as_object() {
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !members.contains_key(name) {
                miss(format!("{name} is missing"));
            }
        }
        if schema["additionalProperties"] == false {
            for name in members.keys().filter(|name| schema["properties"].get(name.as_str()).is_none()) {
                miss(format!("{name} is not described"));
            }
        }
    }
    if let Some(items) = value.as_array()
        && (length("minItems").is_some_and(|least| items.len() < least)
            || length("maxItems").is_some_and(|most| items.len() > most))
    {
        miss(format!("{} items", items.len()));
    }
    if let Some(pointer) = schema["$ref"].as_str() {
        check(document, resolved(document, pointer), value, at, found);
    }
    for (name, member) in value.as_object().into_iter().flatten() {
        if let Some(schema) = schema["properties"].get(name) {
            check(document, schema, member, &format!("{at}/{name}"), found);
        }
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        if let Some(schema) = schema["prefixItems"].get(index).or_else(|| schema.get("items")) {
            check(document, schema, item, &format!("{at}/{index}"), found);
        }
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let tried: Vec<Vec<String>> = choices.iter().map(|choice| misfits(document, choice, value)).collect();
        if tried.iter().filter(|misfits| misfits.is_empty()).count() != 1 {
            found.push(format!("{at}: fits not exactly one choice: {tried:?}"));
        }
    }
}

fn types(named: &Value) -> impl Iterator<Item = &str> {
    named.as_str().into_iter().chain(named.as_array().into_iter().flatten().filter_map(Value::as_str))
}

fn is(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

/// What a reference within the document leads to.
pub fn resolved<'a>(document: &'a Value, reference: &str) -> &'a Value {
    reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer)).unwrap_or(&Value::Null)
}

/// Faults of a schema itself: words that are none, types that are none, requirements of what is not described, references to nowhere.
pub fn faults(document: &Value, schema: &Value, at: &str) -> Vec<String> {
    let Some(words) = schema.as_object() else { return vec![format!("{at}: no schema")] };
    let mut found = Vec::new();
    for word in words.keys().filter(|word| !KEYWORDS.contains(&word.as_str())) {
        found.push(format!("{at}: {word} is no keyword that is known here"));
    }
    let known = ["null", "boolean", "integer", "number", "string", "array", "object"];
    found.extend(types(&schema["type"]).filter(|name| !known.contains(name)).map(|name| format!("{at}: type {name}")));
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if schema["properties"].get(name).is_none() {
            found.push(format!("{at}: requires {name}, which is not described"));
        }
    }
    if let Some(reference) = schema["$ref"].as_str()
        && !(reference.starts_with("#/components/schemas/") && resolved(document, reference).is_object())
    {
        found.push(format!("{at}: {reference} leads nowhere"));
    }
    let within =
        |name: &'static str| schema[name].as_array().into_iter().flatten().map(move |inner| (name.to_owned(), inner));
    let members = schema["properties"].as_object().into_iter().flatten().map(|(name, inner)| (name.clone(), inner));
    let items = schema.get("items").into_iter().map(|inner| ("items".to_owned(), inner));
    for (name, inner) in members.chain(items).chain(within("oneOf")).chain(within("prefixItems")) {
        found.extend(faults(document, inner, &format!("{at}/{name}")));
    }
    found
}

#[test]
fn what_does_not_fit_is_named_with_its_place() {
    let document = serde_json::json!({ "components": { "schemas": { "Name": { "type": "string" } } } });
    let schema = serde_json::json!({
        "type": "object",
        "required": ["a", "b"],
        "properties": { "a": { "$ref": "#/components/schemas/Name" }, "b": { "type": "array", "items": { "type": "integer" } } },
    });
    let misfits = |value: Value| misfits(&document, &schema, &value);
    assert_eq!(misfits(serde_json::json!({ "a": "x", "b": [1] })), Vec::<String>::new());
    assert_eq!(misfits(serde_json::json!({ "a": 1, "b": [1, "x"] })).len(), 2);
    assert_eq!(misfits(serde_json::json!({ "a": "x" })), [": b is missing"]);
    assert_eq!(misfits(serde_json::json!([])), [": [] is not \"object\""]);
    assert_eq!(faults(&document, &schema, ""), Vec::<String>::new());
    for bad in [
        serde_json::json!({ "typ": "string" }),
        serde_json::json!({ "type": "text" }),
        serde_json::json!({ "required": ["a"] }),
        serde_json::json!({ "$ref": "#/components/schemas/Nobody" }),
        serde_json::json!({ "items": { "properties": { "a": 1 } } }),
    ] {
        assert_eq!(faults(&document, &bad, "").len(), 1, "{bad}");
    }
}

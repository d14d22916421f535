//! What the xAPI Profile Specification 1.0 requires of a profile as a document (part two, 4 to 9).

use super::matched::{chosen, steps};
use checkpoint::xapi::time::timestamp;
use serde_json::Value;
use std::collections::BTreeSet;

const CONCEPTS: [&str; 5] = ["Verb", "ActivityType", "ContextExtension", "ResultExtension", "ActivityExtension"];
const MEMBERS: [&str; 5] = ["alternates", "optional", "oneOrMore", "sequence", "zeroOrMore"];
const RULES: [&str; 4] = ["presence", "any", "all", "none"];
/// Every property that may stand in each part, besides `id`, `type`, `inScheme`, `prefLabel` and `definition`.
const TEMPLATE: [&str; 4] = ["verb", "objectActivityType", "contextParentActivityType", "objectStatementRefTemplate"];

/// Everything that is wrong with a profile.
pub fn faults(profile: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let mut ask = |holds: bool, what: &str, of: &Value| {
        if !holds {
            faults.push(format!("{what}: {of}"));
        }
    };
    ask(is_full(profile), "null or empty", profile);
    ask(profile["@context"] == "https://w3id.org/xapi/profiles/context", "@context", &profile["@context"]);
    ask(profile["conformsTo"] == "https://w3id.org/xapi/profiles#1.0", "conformsTo", &profile["conformsTo"]);
    ask(profile["type"] == "Profile" && iri(&profile["id"]), "type or id", &profile["id"]);
    ask(worded(profile), "words", &profile["prefLabel"]);
    let author = &profile["author"];
    ask(
        (author["type"] == "Organization" || author["type"] == "Person") && author["name"].is_string(),
        "author",
        author,
    );
    let versions = list(&profile["versions"]);
    ask(!versions.is_empty(), "versions", &profile["versions"]);
    for (at, version) in versions.iter().enumerate() {
        ask(iri(&version["id"]) && version["id"] != profile["id"], "version", version);
        ask(version["generatedAtTime"].as_str().and_then(timestamp).is_some(), "when", version);
        ask(at == 0 || version["wasRevisionOf"].is_array(), "revision", version);
    }
    let current = versions.first().map(|version| &version["id"]);
    let parts = ["concepts", "templates", "patterns"].map(|part| list(&profile[part]));
    let mut ids = BTreeSet::new();
    for part in parts.into_iter().flatten() {
        ask(iri(&part["id"]) && ids.insert(part["id"].as_str()), "id", part);
        ask(Some(&part["inScheme"]) == current, "inScheme", part);
        ask(worded(part) || part["type"] == "Pattern" && part["primary"] != true, "words", part);
    }
    let [concepts, templates, patterns] = parts;
    for concept in concepts {
        ask(CONCEPTS.iter().any(|kind| concept["type"] == *kind), "type of a concept", concept);
    }
    let root = format!("{}#", profile["id"].as_str().unwrap_or_default());
    let defined = |id: &str, kind: &str| {
        !id.starts_with(&root) || concepts.iter().any(|concept| concept["id"] == id && concept["type"] == kind)
    };
    for template in templates {
        ask(template["type"] == "StatementTemplate", "type of a template", template);
        ask(template["verb"].as_str().is_some_and(|verb| is_iri(verb) && defined(verb, "Verb")), "verb", template);
        ask(only(template, &[&TEMPLATE[..], &["rules"]].concat()), "property", template);
        ask(
            template["objectActivityType"].is_null() || template["objectStatementRefTemplate"].is_null(),
            "both an activity and a reference",
            template,
        );
        for target in list(&template["objectStatementRefTemplate"]) {
            ask(chosen(&profile["templates"], "id").any(|id| target == id), "refers to", target);
        }
        ask(!list(&template["rules"]).is_empty(), "rules", template);
        for rule in list(&template["rules"]) {
            ask(RULES.iter().any(|name| rule.get(name).is_some()), "rule", rule);
            let presence = rule["presence"].as_str();
            ask(presence.is_none_or(|it| ["included", "excluded", "recommended"].contains(&it)), "presence", rule);
            let path = rule["location"].as_str().and_then(steps);
            let is_plain = |step: &&str| step.chars().all(char::is_alphanumeric) || *step == "*";
            let is_sound = |steps: Vec<&str>| match steps.as_slice() {
                [place @ ("context" | "result"), "extensions", name] => {
                    let kind = if *place == "context" { "ContextExtension" } else { "ResultExtension" };
                    is_iri(name) && defined(name, kind)
                }
                steps => !steps.is_empty() && steps.iter().all(is_plain),
            };
            ask(path.is_some_and(is_sound), "location", rule);
        }
    }
    ask(patterns.iter().any(|pattern| pattern["primary"] == true), "no primary pattern", &profile["patterns"]);
    for pattern in patterns {
        ask(pattern["type"] == "Pattern" && only(pattern, &[&MEMBERS[..], &["primary"]].concat()), "pattern", pattern);
        ask(MEMBERS.iter().filter(|name| pattern.get(name).is_some()).count() == 1, "one way", pattern);
        let several = ["alternates", "sequence"].iter().filter_map(|name| pattern[name].as_array());
        ask(several.clone().all(|members| members.len() > 1), "two or more", pattern);
        for member in members(pattern) {
            ask(ids.contains(&Some(member)), "member", pattern);
        }
        let idle = |id: &&str| {
            let inner = patterns.iter().find(|each| each["id"] == *id);
            inner.is_some_and(|inner| inner.get("optional").is_some() || inner.get("zeroOrMore").is_some())
        };
        ask(pattern["alternates"].is_null() || !members(pattern).iter().any(idle), "optional in alternates", pattern);
        ask(!reaches(patterns, pattern, &pattern["id"], patterns.len()), "within itself", pattern);
    }
    faults
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn is_iri(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, rest)| !scheme.contains('/') && !rest.is_empty())
}

fn iri(value: &Value) -> bool {
    value.as_str().is_some_and(is_iri)
}

/// No null, and nothing empty, at any depth.
fn is_full(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty() && list.iter().all(is_full),
        Value::Object(map) => !map.is_empty() && map.values().all(is_full),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

/// Names and descriptions in both languages.
fn worded(part: &Value) -> bool {
    let both = |name: &str| ["zh-CN", "en"].iter().all(|lang| part[name][lang].is_string());
    both("prefLabel") && both("definition")
}

fn only(part: &Value, names: &[&str]) -> bool {
    let known = ["id", "type", "inScheme", "prefLabel", "definition"];
    part.as_object().is_some_and(|map| map.keys().all(|key| known.contains(&&**key) || names.contains(&&**key)))
}

fn members(pattern: &Value) -> Vec<&str> {
    let of = |name: &&str| match &pattern[*name] {
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect::<Vec<_>>(),
    };
    MEMBERS.iter().flat_map(of).collect()
}

/// Whether a pattern holds `id`, itself or within what it holds.
fn reaches(patterns: &[Value], pattern: &Value, id: &Value, depth: usize) -> bool {
    let inner = |member: &str| patterns.iter().find(|each| each["id"] == member);
    members(pattern).iter().any(|member| {
        *id == **member || depth > 0 && inner(member).is_some_and(|inner| reaches(patterns, inner, id, depth - 1))
    })
}

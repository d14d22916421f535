//! The three formats in which statements are answered: exact, by ids alone, and canonical.

use super::check::actor::IDENTIFIERS;
use serde_json::{Map, Value, json};

/// How statements are answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// As they were sent.
    #[default]
    Exact,
    /// With no more than identifies agents, activities and verbs.
    Ids,
    /// With the store's own definitions, in one language each.
    Canonical,
}

impl Format {
    /// The format that a parameter names.
    pub fn read(text: &str) -> Option<Self> {
        match text {
            "exact" => Some(Self::Exact),
            "ids" => Some(Self::Ids),
            "canonical" => Some(Self::Canonical),
            _ => None,
        }
    }
}

/// Does `each` to every activity of a statement and of one told within it.
pub fn each_activity(statement: &mut Value, each: &mut impl FnMut(&mut Value)) {
    match statement["object"]["objectType"].as_str() {
        None | Some("Activity") => each(&mut statement["object"]),
        Some("SubStatement") => each_activity(&mut statement["object"], each),
        Some(_) => {}
    }
    let Some(related) = statement.pointer_mut("/context/contextActivities").and_then(Value::as_object_mut) else {
        return;
    };
    for list in related.values_mut() {
        match list {
            Value::Array(list) => list.iter_mut().for_each(&mut *each),
            one => each(one),
        }
    }
}

/// No more than identifies.
pub fn ids(statement: &mut Value) {
    each_activity(statement, &mut |activity| keep(activity, &["id"]));
    told_by_ids(statement);
}

fn told_by_ids(statement: &mut Value) {
    keep(&mut statement["verb"], &["id"]);
    for place in ["/actor", "/context/instructor", "/context/team", "/authority"] {
        if let Some(named) = statement.pointer_mut(place) {
            who(named);
        }
    }
    for (place, name) in [("/context/contextAgents", "agent"), ("/context/contextGroups", "group")] {
        for each in statement.pointer_mut(place).and_then(Value::as_array_mut).into_iter().flatten() {
            who(&mut each[name]);
        }
    }
    match statement["object"]["objectType"].as_str() {
        Some("Agent" | "Group") => who(&mut statement["object"]),
        Some("SubStatement") => told_by_ids(&mut statement["object"]),
        _ => {}
    }
}

fn who(named: &mut Value) {
    let is_identified = IDENTIFIERS.iter().any(|name| named.get(name).is_some());
    let [mbox, digest, openid, account] = IDENTIFIERS;
    if is_identified {
        return keep(named, &["objectType", mbox, digest, openid, account]);
    }
    keep(named, &["objectType", "member"]);
    named["member"].as_array_mut().into_iter().flatten().for_each(who);
}

fn keep(value: &mut Value, names: &[&str]) {
    if let Value::Object(map) = value {
        map.retain(|name, _| names.contains(&name.as_str()));
    }
}

/// The store's own definitions, and each language map cut to the language that is liked best of those there.
/// `definition` gives the definition of the activity with an id, where one is known.
pub fn canonical(statement: &mut Value, definition: &impl Fn(&str) -> Option<Value>, liked: &[String]) {
    each_activity(statement, &mut |activity| {
        if let Some(known) = activity["id"].as_str().and_then(definition) {
            activity["definition"] = known;
        }
        if let Some(definition) = activity.get_mut("definition") {
            cut_definition(definition, liked);
        }
    });
    cut_words(statement, liked);
}

fn cut_words(statement: &mut Value, liked: &[String]) {
    cut(&mut statement["verb"], "display", liked);
    for attachment in statement.get_mut("attachments").and_then(Value::as_array_mut).into_iter().flatten() {
        cut(attachment, "display", liked);
        cut(attachment, "description", liked);
    }
    if statement["object"]["objectType"] == "SubStatement" {
        cut_words(&mut statement["object"], liked);
    }
}

fn cut_definition(definition: &mut Value, liked: &[String]) {
    cut(definition, "name", liked);
    cut(definition, "description", liked);
    for list in ["choices", "scale", "source", "target", "steps"] {
        for component in definition.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            cut(component, "description", liked);
        }
    }
}

/// Cuts the language map of this name, if it is there.
fn cut(holder: &mut Value, name: &str, liked: &[String]) {
    let Some(Value::Object(map)) = holder.get_mut(name) else { return };
    let best = liked.iter().find_map(|tag| best_for(map, tag)).or_else(|| map.keys().next().cloned());
    map.retain(|tag, _| Some(tag) == best.as_ref());
}

/// The very language, one within it (`en-US` for `en`), or the one it lies in (`en` for `en-US`).
fn best_for(map: &Map<String, Value>, wanted: &str) -> Option<String> {
    let first = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let within = |tag: &str| tag.to_ascii_lowercase().starts_with(&format!("{}-", wanted.to_ascii_lowercase()));
    let tags = || map.keys();
    tags()
        .find(|tag| tag.eq_ignore_ascii_case(wanted))
        .or_else(|| tags().find(|tag| within(tag)))
        .or_else(|| tags().find(|tag| first(tag) == first(wanted)))
        .cloned()
}

/// Languages of a header `Accept-Language`, the best liked first; those that are refused are left out.
pub fn liked(header: &str) -> Vec<String> {
    let read = |part: &str| {
        let (tag, weight) = part.split_once(';').unwrap_or((part, "q=1"));
        let weight: f64 = weight.trim().strip_prefix("q=")?.trim().parse().ok()?;
        (weight > 0.0 && tag.trim() != "*").then(|| (weight, tag.trim().to_owned()))
    };
    let mut found: Vec<(f64, String)> = header.split(',').take(32).filter_map(read).collect();
    found.sort_by(|one, other| other.0.total_cmp(&one.0));
    found.into_iter().map(|(_, tag)| tag).collect()
}

/// A definition with what is newly said of the same activity: words by language are added, the rest is replaced.
pub fn merged(mut known: Value, said: &Value) -> Value {
    let (Some(map), Some(said)) = (known.as_object_mut(), said.as_object()) else { return said.clone() };
    for (name, value) in said {
        match (map.get_mut(name), value) {
            (Some(Value::Object(there)), Value::Object(more))
                if ["name", "description", "extensions"].contains(&&**name) =>
            {
                there.extend(more.clone());
            }
            _ => drop(map.insert(name.clone(), value.clone())),
        }
    }
    known
}

/// An empty Person with this agent in it, as the agents resource answers.
pub fn person(agents: &[Value]) -> Value {
    let mut person = json!({ "objectType": "Person" });
    for name in ["name", "mbox", "mbox_sha1sum", "openid", "account"] {
        let mut all: Vec<Value> = Vec::new();
        for value in agents.iter().filter_map(|agent| agent.get(name)) {
            if !all.contains(value) {
                all.push(value.clone());
            }
        }
        if !all.is_empty() {
            person[name] = Value::Array(all);
        }
    }
    person
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told() -> Value {
        json!({
            "actor": { "objectType": "Group", "name": "all", "member": [{ "name": "a", "mbox": "mailto:a@b.example" }] },
            "verb": { "id": "https://v.example", "display": { "en-US": "did", "zh-CN": "做了" } },
            "object": {
                "objectType": "SubStatement", "actor": { "name": "b", "openid": "https://o.example" },
                "verb": { "id": "https://v.example", "display": { "en": "did" } },
                "object": { "id": "https://a.example", "definition": { "name": { "de": "A", "en": "A" } } },
            },
            "context": { "contextActivities": { "parent": [{ "id": "https://p.example", "definition": {} }] } },
        })
    }

    #[test]
    fn ids_leave_what_identifies() {
        let mut by_ids = told();
        ids(&mut by_ids);
        assert_eq!(
            by_ids,
            json!({
                "actor": { "objectType": "Group", "member": [{ "mbox": "mailto:a@b.example" }] },
                "verb": { "id": "https://v.example" },
                "object": {
                    "objectType": "SubStatement", "actor": { "openid": "https://o.example" }, "verb": { "id": "https://v.example" },
                    "object": { "id": "https://a.example" },
                },
                "context": { "contextActivities": { "parent": [{ "id": "https://p.example" }] } },
            })
        );
    }

    #[test]
    fn canonical_is_told_in_the_language_that_is_liked() {
        let mut said = told();
        let known = |id: &str| (id == "https://a.example").then(|| json!({ "name": { "de": "A!", "en": "An A" } }));
        canonical(&mut said, &known, &liked("fr, de;q=0.9, zh;q=0.8, *;q=0.1"));
        assert_eq!(said["object"]["object"]["definition"], json!({ "name": { "de": "A!" } }));
        assert_eq!(said["verb"]["display"], json!({ "zh-CN": "做了" }));
        assert_eq!(said["object"]["verb"]["display"], json!({ "en": "did" }), "where none is liked, one is left");
    }

    #[test]
    fn a_definition_grows_by_languages() {
        let known = json!({ "name": { "en": "a", "de": "b" }, "type": "https://t.example" });
        let said = json!({ "name": { "en": "c" }, "moreInfo": "https://m.example" });
        assert_eq!(
            merged(known, &said),
            json!({ "name": { "en": "c", "de": "b" }, "type": "https://t.example", "moreInfo": "https://m.example" })
        );
    }
}

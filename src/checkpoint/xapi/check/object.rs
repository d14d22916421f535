//! What was acted upon: an activity, somebody, another statement, or one told within this one.

use super::super::at::At;
use super::super::misfit::Misfit;
use super::super::version::Edition;
use super::{actor, parts, words};
use serde_json::Value;
use std::collections::BTreeSet;

/// Which lists of components belong to which kind of interaction.
const INTERACTIONS: [(&str, &[&str]); 10] = [
    ("true-false", &[]),
    ("choice", &["choices"]),
    ("fill-in", &[]),
    ("long-fill-in", &[]),
    ("matching", &["source", "target"]),
    ("performance", &["steps"]),
    ("sequencing", &["choices"]),
    ("likert", &["scale"]),
    ("numeric", &[]),
    ("other", &[]),
];

/// Every list of components.
const COMPONENTS: [&str; 5] = ["choices", "scale", "source", "target", "steps"];

/// The object of a statement.
pub fn object(at: &At<'_>, edition: Edition, may_tell: bool) -> Result<(), Misfit> {
    at.object()?;
    match at.value.get("objectType").map(|kind| kind.as_str().unwrap_or_default()) {
        None | Some("Activity") => activity(at),
        Some("Agent") => actor::agent(at),
        Some("Group") => actor::group(at),
        Some("StatementRef") => reference(at),
        Some("SubStatement") if may_tell => parts::sub_statement(at, edition),
        Some("SubStatement") => {
            Err(at.misfit("子声明中不得再有子声明", "a SubStatement cannot hold another SubStatement"))
        }
        Some(_) => Err(at.misfit(
            "objectType 须为 Activity、Agent、Group、StatementRef 或 SubStatement",
            "objectType must be Activity, Agent, Group, StatementRef or SubStatement",
        )),
    }
}

/// A reference to another statement.
pub fn reference(at: &At<'_>) -> Result<(), Misfit> {
    at.only(&["objectType", "id"])?;
    if at.value.get("objectType").and_then(Value::as_str) != Some("StatementRef") {
        return Err(at.misfit("objectType 须为 StatementRef", "objectType must be StatementRef"));
    }
    words::uuid(&at.need("id")?)
}

/// An activity.
pub fn activity(at: &At<'_>) -> Result<(), Misfit> {
    at.only(&["objectType", "id", "definition"])?;
    if at.get("objectType").is_some_and(|kind| kind.value != "Activity") {
        return Err(at.misfit("objectType 须为 Activity", "objectType must be Activity"));
    }
    words::iri(&at.need("id")?)?;
    at.maybe("definition", definition)
}

fn definition(at: &At<'_>) -> Result<(), Misfit> {
    at.only(&[
        "name",
        "description",
        "type",
        "moreInfo",
        "extensions",
        "interactionType",
        "correctResponsesPattern",
        "choices",
        "scale",
        "source",
        "target",
        "steps",
    ])?;
    at.maybe("name", words::language_map)?;
    at.maybe("description", words::language_map)?;
    at.maybe("type", words::iri)?;
    at.maybe("moreInfo", words::iri)?;
    at.maybe("extensions", words::extensions)?;
    at.maybe("correctResponsesPattern", |patterns| patterns.each(words::text))?;
    let there = COMPONENTS.iter().filter(|name| at.get(name).is_some());
    let Some(kind) = at.get("interactionType") else {
        let is_one = there.count() > 0 || at.get("correctResponsesPattern").is_some();
        return if is_one {
            Err(at.misfit(
                "有题目属性时须写明 interactionType",
                "what describes an interaction must name its interactionType",
            ))
        } else {
            Ok(())
        };
    };
    let Some((_, own)) = INTERACTIONS.iter().find(|(name, _)| kind.value == name) else {
        let known: Vec<&str> = INTERACTIONS.iter().map(|(name, _)| *name).collect();
        let known = known.join(", ");
        return Err(kind.misfit(format!("须为其中之一：{known}"), format!("must be one of {known}")));
    };
    for name in there {
        let list = at.need(name)?;
        if !own.contains(name) {
            return Err(list.misfit(
                format!("不属于此类题目 {}", kind.value),
                format!("does not belong to an interaction of type {}", kind.value),
            ));
        }
        components(&list)?;
    }
    Ok(())
}

fn components(at: &At<'_>) -> Result<(), Misfit> {
    let mut seen = BTreeSet::new();
    for component in at.items()? {
        component.only(&["id", "description"])?;
        let id = component.need("id")?;
        let name = id.text()?;
        if name.is_empty() || !seen.insert(name.to_owned()) {
            return Err(id.misfit("不得为空，也不得与同组重复", "must not be empty, nor stand twice in one list"));
        }
        component.maybe("description", words::language_map)?;
    }
    Ok(())
}

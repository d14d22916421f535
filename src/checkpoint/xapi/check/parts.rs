//! Parts of a statement: verb, result, context, attachments, and what is told within it.

use super::super::at::At;
use super::super::misfit::Misfit;
use super::super::version::Edition;
use super::{actor, object, words};
use serde_json::Value;

/// Attachments of one statement at most.
const MOST_ATTACHMENTS: usize = 100;

/// The verb.
pub fn verb(at: &At<'_>) -> Result<(), Misfit> {
    at.only(&["id", "display"])?;
    words::iri(&at.need("id")?)?;
    at.maybe("display", words::language_map)
}

/// What a statement and one told within it have in common.
pub fn common(at: &At<'_>, edition: Edition, may_tell: bool) -> Result<(), Misfit> {
    actor::actor(&at.need("actor")?)?;
    verb(&at.need("verb")?)?;
    object::object(&at.need("object")?, edition, may_tell)?;
    at.maybe("result", result)?;
    at.maybe("timestamp", words::timestamp)?;
    at.maybe("attachments", attachments)?;
    let Some(context) = at.get("context") else { return Ok(()) };
    self::context(&context, edition)?;
    let is_activity = at.value.pointer("/object/objectType").is_none_or(|kind| kind == "Activity");
    match ["revision", "platform"].into_iter().find(|name| context.get(name).is_some()) {
        Some(name) if !is_activity => Err(context.need(name)?.misfit(
            "只有 object 为 Activity 时才可使用，请删去",
            "can only be used where the object is an Activity; leave it out",
        )),
        _ => Ok(()),
    }
}

/// A statement told within another.
pub fn sub_statement(at: &At<'_>, edition: Edition) -> Result<(), Misfit> {
    at.only(&["objectType", "actor", "verb", "object", "result", "context", "timestamp", "attachments"])?;
    common(at, edition, false)
}

fn result(at: &At<'_>) -> Result<(), Misfit> {
    at.only(&["score", "success", "completion", "response", "duration", "extensions"])?;
    at.maybe("score", score)?;
    at.maybe("success", words::truth)?;
    at.maybe("completion", words::truth)?;
    at.maybe("response", words::text)?;
    at.maybe("duration", words::duration)?;
    at.maybe("extensions", words::extensions)
}

fn score(at: &At<'_>) -> Result<(), Misfit> {
    at.only(&["scaled", "raw", "min", "max"])?;
    let number = |name: &str| {
        at.get(name)
            .map(|part| {
                part.value.as_f64().ok_or_else(|| part.misfit("须为数字，不带引号", "must be a number, without quotes"))
            })
            .transpose()
    };
    let (scaled, raw, least, most) = (number("scaled")?, number("raw")?, number("min")?, number("max")?);
    if scaled.is_some_and(|scaled| !(-1.0..=1.0).contains(&scaled)) {
        return Err(at.misfit("scaled 须在 -1 至 1 之间", "scaled must lie between -1 and 1"));
    }
    if let (Some(least), Some(most)) = (least, most)
        && least >= most
    {
        return Err(at.misfit("min 须小于 max", "min must be less than max"));
    }
    let is_outside = |raw: f64| least.is_some_and(|least| raw < least) || most.is_some_and(|most| raw > most);
    if raw.is_some_and(is_outside) {
        return Err(at.misfit("raw 须在 min 与 max 之间", "raw must lie between min and max"));
    }
    Ok(())
}

fn context(at: &At<'_>, edition: Edition) -> Result<(), Misfit> {
    const ONE: [&str; 9] = [
        "registration",
        "instructor",
        "team",
        "contextActivities",
        "revision",
        "platform",
        "language",
        "statement",
        "extensions",
    ];
    match edition {
        Edition::One => at.only(&ONE)?,
        Edition::Two => at.only(&[&ONE[..], &["contextAgents", "contextGroups"]].concat())?,
    }
    at.maybe("registration", words::uuid)?;
    at.maybe("instructor", actor::actor)?;
    at.maybe("team", actor::group)?;
    at.maybe("contextActivities", context_activities)?;
    at.maybe("contextAgents", |list| list.each(|item| participant(item, "contextAgent", "agent")))?;
    at.maybe("contextGroups", |list| list.each(|item| participant(item, "contextGroup", "group")))?;
    at.maybe("revision", words::text)?;
    at.maybe("platform", words::text)?;
    at.maybe("language", words::language)?;
    at.maybe("statement", object::reference)?;
    at.maybe("extensions", words::extensions)
}

fn context_activities(at: &At<'_>) -> Result<(), Misfit> {
    const RELATIONS: [&str; 4] = ["parent", "grouping", "category", "other"];
    at.only(&RELATIONS)?;
    for name in RELATIONS {
        at.maybe(name, |related| match related.value {
            Value::Array(_) => related.each(object::activity),
            _ => object::activity(related),
        })?;
    }
    Ok(())
}

/// Somebody who had a part in it, and which.
fn participant(at: &At<'_>, kind: &str, who: &str) -> Result<(), Misfit> {
    at.only(&["objectType", who, "relevantTypes"])?;
    if at.need("objectType")?.value != kind {
        return Err(at.misfit(format!("objectType 须为 {kind}"), format!("objectType must be {kind}")));
    }
    let named = at.need(who)?;
    if kind == "contextAgent" {
        actor::agent(&named)?;
    } else {
        actor::group(&named)?;
    }
    at.maybe("relevantTypes", |types| {
        if types.items()?.next().is_none() {
            return Err(types.misfit("不得为空", "must not be empty; leave it out or name a type"));
        }
        types.each(words::iri)
    })
}

fn attachments(at: &At<'_>) -> Result<(), Misfit> {
    if at.items()?.count() > MOST_ATTACHMENTS {
        return Err(at.misfit(
            format!("附件不得超过 {MOST_ATTACHMENTS} 个"),
            format!("a statement has {MOST_ATTACHMENTS} attachments at most"),
        ));
    }
    at.each(attachment)
}

fn attachment(at: &At<'_>) -> Result<(), Misfit> {
    at.only(&["usageType", "display", "description", "contentType", "length", "sha2", "fileUrl"])?;
    words::iri(&at.need("usageType")?)?;
    words::language_map(&at.need("display")?)?;
    at.maybe("description", words::language_map)?;
    words::media_type(&at.need("contentType")?)?;
    let length = at.need("length")?;
    if length.value.as_u64().is_none() {
        return Err(length.misfit("须为非负整数（字节数）", "must be a whole number of bytes"));
    }
    words::digest(&at.need("sha2")?)?;
    at.maybe("fileUrl", words::iri)
}

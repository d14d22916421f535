//! Agents and groups: who did it, or to whom.

use super::super::at::At;
use super::super::misfit::Misfit;
use super::words;
use serde_json::Value;

/// Members of one group, and agents of one list, at most.
const MOST_MEMBERS: usize = 1_000;

/// What can identify somebody, each by itself.
pub const IDENTIFIERS: [&str; 4] = ["mbox", "mbox_sha1sum", "openid", "account"];

/// An agent or a group.
pub fn actor(at: &At<'_>) -> Result<(), Misfit> {
    at.object()?;
    match kind(at)? {
        None | Some("Agent") => agent(at),
        Some("Group") => group(at),
        Some(_) => Err(at.misfit("objectType 须为 Agent 或 Group", "objectType must be Agent or Group")),
    }
}

fn kind<'a>(at: &At<'a>) -> Result<Option<&'a str>, Misfit> {
    at.object()?;
    match at.value.get("objectType") {
        None => Ok(None),
        Some(Value::String(kind)) => Ok(Some(kind)),
        Some(_) => Err(at.misfit("objectType 须为字符串", "objectType must be a string")),
    }
}

/// An agent: exactly one identifier.
pub fn agent(at: &At<'_>) -> Result<(), Misfit> {
    at.only(&["objectType", "name", "mbox", "mbox_sha1sum", "openid", "account"])?;
    if !matches!(kind(at)?, None | Some("Agent")) {
        return Err(at.misfit("此处只能是 Agent", "only an Agent can stand here"));
    }
    identified(at)?;
    if identifiers(at) == 1 { Ok(()) } else { Err(one_identifier(at)) }
}

/// A group: with one identifier, or anonymous with its members.
pub fn group(at: &At<'_>) -> Result<(), Misfit> {
    at.only(&["objectType", "name", "member", "mbox", "mbox_sha1sum", "openid", "account"])?;
    if kind(at)? != Some("Group") {
        return Err(at.misfit("此处须为 Group，并写明 objectType", "must be a Group and say so in objectType"));
    }
    identified(at)?;
    at.maybe("member", |members| {
        if members.items()?.count() > MOST_MEMBERS {
            return Err(members.misfit(
                format!("成员不得超过 {MOST_MEMBERS} 人"),
                format!("a group has {MOST_MEMBERS} members at most; send it in parts"),
            ));
        }
        members.each(agent)
    })?;
    match (identifiers(at), at.get("member")) {
        (1, _) | (0, Some(_)) => Ok(()),
        (0, None) => {
            Err(at.misfit("匿名 Group 须有 member", "a Group without an identifier must list its members in member"))
        }
        _ => Err(one_identifier(at)),
    }
}

fn identifiers(at: &At<'_>) -> usize {
    IDENTIFIERS.iter().filter(|name| at.value.get(**name).is_some()).count()
}

fn one_identifier(at: &At<'_>) -> Misfit {
    at.misfit(
        "须恰有一个标识：mbox、mbox_sha1sum、openid 或 account",
        "must have exactly one identifier: mbox, mbox_sha1sum, openid or account",
    )
}

fn identified(at: &At<'_>) -> Result<(), Misfit> {
    at.maybe("name", words::text)?;
    at.maybe("mbox", words::mailbox)?;
    at.maybe("mbox_sha1sum", words::mailbox_digest)?;
    at.maybe("openid", words::iri)?;
    at.maybe("account", |account| {
        account.only(&["homePage", "name"])?;
        words::iri(&account.need("homePage")?)?;
        words::text(&account.need("name")?)
    })
}

/// Who vouches for a statement: an agent, or the two of an `OAuth` consumer and a user.
pub fn authority(at: &At<'_>) -> Result<(), Misfit> {
    if kind(at)? != Some("Group") {
        return agent(at);
    }
    group(at)?;
    let members = at.value.get("member").and_then(Value::as_array).map_or(0, Vec::len);
    if identifiers(at) == 0 && members == 2 {
        return Ok(());
    }
    Err(at.misfit(
        "作为 authority 的 Group 须匿名且恰有两名成员",
        "a Group as authority must be anonymous and have exactly two members",
    ))
}

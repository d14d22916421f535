//! `/xapi/statements`: sending and reading them.

use super::super::at::At;
use super::super::format::{Format, canonical, each_activity, ids, liked};
use super::super::marks::{Mark, What, key};
use super::super::record::{Record, VERSION};
use super::super::version::Edition;
use super::super::{check, json, time};
use super::asked::Asked;
use super::documents::{registration, since};
use super::envelope::{self, Envelope};
use super::found::{Filter, Found, by_id, own_of_agent, search};
use super::refusal::Refusal;
use super::reply::{listed, statements};
use super::signature;
use crate::house::App;
use crate::store::statements::{Added, Attachment, NewStatement};
use axum::Json;
use axum::http::header::{ACCEPT_LANGUAGE, LAST_MODIFIED};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Statements of one request at most.
const MOST_SENT: usize = 500;
/// Agents, activities and the like that the statements of one request may tell of, all together.
const MOST_TOLD: usize = 20_000;
/// Statements of one answer at most, and where nothing is said of it.
const MOST_READ: usize = 500;
const USUAL: usize = 100;

/// Parameters that say how statements are answered.
const HOW: [&str; 2] = ["format", "attachments"];
/// Parameters that say which are sought; the last is our own, for what comes after a first answer.
const WHICH: [&str; 11] = [
    "agent",
    "verb",
    "activity",
    "registration",
    "related_activities",
    "related_agents",
    "since",
    "until",
    "limit",
    "ascending",
    "past",
];

/// Answers a request for statements.
///
/// # Errors
/// A [`Refusal`].
pub async fn respond(app: &App, asked: Asked) -> Result<Response, Refusal> {
    match asked.method {
        Method::GET | Method::HEAD => read(app, &asked).await,
        _ => send(app, &asked).await,
    }
}

async fn send(app: &App, asked: &Asked) -> Result<Response, Refusal> {
    let is_put = asked.method == Method::PUT;
    asked.only(if is_put { &["statementId"] } else { &[] })?;
    let named = if is_put { Some(id(asked.required("statementId")?)?) } else { None };
    let Envelope { statements, attachments } = envelope::read(asked)?;
    let sent = json::read(&statements)?;
    let whole = At::whole(&sent);
    let is_batch = sent.is_array() && !is_put;
    if is_batch {
        let count = whole.items()?.count();
        if !(1..=MOST_SENT).contains(&count) {
            return Err(Refusal::bad(
                format!("一次须有 1 至 {MOST_SENT} 条声明，现有 {count} 条。"),
                format!("A request has 1 to {MOST_SENT} statements, not {count}; send them in parts."),
            ));
        }
        whole.each(|each| check::statement(each, asked.edition))?;
    } else {
        check::statement(&whole, asked.edition)?;
    }
    let list = if let (true, Value::Array(list)) = (is_batch, &sent) { list.clone() } else { vec![sent.clone()] };
    held(&list, &attachments)?;
    let unit = asked.by()?.unit;
    let writing = app.underway.begin(app.now_ms());
    let new = list.into_iter().map(|each| taken(asked, each, named, writing.at_ms)).collect::<Result<Vec<_>, _>>()?;
    let mut seen = BTreeSet::new();
    if let Some(twice) = new.iter().find(|each| !seen.insert(each.id)) {
        return Err(Refusal::bad(
            format!("编号 {} 在同一批中出现两次。", twice.id),
            format!("The id {} stands twice in one batch.", twice.id),
        ));
    }
    if new.iter().map(|each| each.marks().len()).sum::<usize>() > MOST_TOLD {
        return Err(Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "一次所述的人员与活动过多，请分批发送。",
            "These statements tell of too many agents and activities at once; send them in parts.",
        ));
    }
    for each in new.iter().filter(|each| each.is_voiding()) {
        if let Some(target) = each.refers()
            && app.store.entry(unit, target).await?.is_some()
        {
            return Err(Refusal::new(
                StatusCode::FORBIDDEN,
                format!("{target} 是走访记录中的一条，只能在带训台撤销。"),
                format!("{target} is an entry of the record, which is taken back at the desk alone."),
            ));
        }
    }
    let all: Vec<Uuid> = new.iter().map(|each| each.id).collect();
    match app.store.add_statements(unit, new, attachments.into_values().collect()).await? {
        Added::All if is_put => Ok(StatusCode::NO_CONTENT.into_response()),
        Added::All => Ok(Json(all).into_response()),
        Added::Conflict(id) => Err(Refusal::new(
            StatusCode::CONFLICT,
            format!("编号 {id} 已属于另一条声明，先到的保持不变；本次全部未存。"),
            format!("Another statement has the id {id}, and the first is kept; nothing of this request was stored."),
        )),
    }
}

fn id(text: &str) -> Result<Uuid, Refusal> {
    check::words::read_uuid(text)
        .ok_or_else(|| Refusal::bad("声明编号须为 UUID。", "The id of a statement must be a UUID."))
}

/// A statement as it is kept: with everything that a store adds but the time of storing.
fn taken(asked: &Asked, mut body: Value, named: Option<Uuid>, now_ms: i64) -> Result<NewStatement, Refusal> {
    let own = body["id"].as_str().and_then(check::words::read_uuid);
    if let (Some(named), Some(own)) = (named, own)
        && named != own
    {
        return Err(Refusal::bad(
            "声明的 id 与参数 statementId 不同。",
            "The statement's id is not the parameter statementId.",
        ));
    }
    let id = named.or(own).unwrap_or_else(Uuid::now_v7);
    if own.is_none() {
        body["id"] = json!(id);
    }
    let said = body["timestamp"].as_str().and_then(time::timestamp);
    match (said, asked.edition) {
        (None, _) => body["timestamp"] = json!(time::written(now_ms)),
        (Some(at), Edition::Two) => body["timestamp"] = json!(time::in_utc(at)),
        (Some(_), Edition::One) => {}
    }
    if body.get("version").is_none() {
        body["version"] = json!(asked.edition.assumed());
    }
    let who = asked.by()?;
    body["authority"] = json!({
        "objectType": "Agent", "name": who.name, "account": { "homePage": asked.base, "name": who.key },
    });
    in_lists(&mut body);
    if body["object"]["objectType"] == "SubStatement" {
        in_lists(&mut body["object"]);
    }
    if let Value::Object(map) = &mut body {
        map.remove("stored");
    }
    Ok(NewStatement { id, stored_ms: now_ms, body })
}

/// Related activities are answered as lists.
fn in_lists(statement: &mut Value) {
    let related = statement.pointer_mut("/context/contextActivities").and_then(Value::as_object_mut);
    for one in related.into_iter().flat_map(|related| related.values_mut()).filter(|one| one.is_object()) {
        *one = Value::Array(vec![one.take()]);
    }
}

/// Holds what statements say of attachments to what came with them.
fn held(list: &[Value], attachments: &BTreeMap<String, Attachment>) -> Result<(), Refusal> {
    let mut named = BTreeSet::new();
    for statement in list {
        for (holder, is_whole) in [(statement, true), (&statement["object"], false)] {
            for each in holder["attachments"].as_array().into_iter().flatten() {
                let sha2 = each["sha2"].as_str().unwrap_or_default().to_ascii_lowercase();
                let content = attachments.get(&sha2);
                if content.is_none() && each.get("fileUrl").is_none() {
                    return Err(Refusal::bad(
                        format!("附件 {sha2} 既无 fileUrl，也未随 multipart/mixed 发来。"),
                        format!("The attachment {sha2} has no fileUrl and did not come along in multipart/mixed."),
                    ));
                }
                if each["usageType"] == signature::USAGE {
                    let content = content.filter(|_| is_whole && each["contentType"] == "application/octet-stream");
                    let content = content.ok_or_else(|| {
                        Refusal::bad(
                            "签名附件的 contentType 须为 application/octet-stream，内容须一并发来。",
                            "An attachment that is a signature must have the contentType application/octet-stream and come along.",
                        )
                    })?;
                    signature::check(statement, &content.content)?;
                }
                named.insert(sha2);
            }
        }
    }
    match attachments.keys().find(|sha2| !named.contains(*sha2)) {
        None => Ok(()),
        Some(sha2) => Err(Refusal::bad(
            format!("附件 {sha2} 未在任何声明中说明。"),
            format!("No statement tells of the attachment {sha2}; leave it out."),
        )),
    }
}

async fn read(app: &App, asked: &Asked) -> Result<Response, Refusal> {
    let record = Record { courses: &app.courses, base: &asked.base, edition: asked.edition };
    let format = asked.parameter("format").map_or(Some(Format::Exact), Format::read).ok_or_else(|| {
        Refusal::bad("format 须为 exact、ids 或 canonical。", "format must be exact, ids or canonical.")
    })?;
    let with_attachments = truth(asked, "attachments")?;
    let unit = asked.by()?.unit;
    for name in ["statementId", "voidedStatementId"] {
        let Some(named) = asked.parameter(name) else { continue };
        asked.only(&[&HOW[..], &[name]].concat())?;
        let (is_voided, stored_ms, mut found) = by_id(app, unit, &record, id(named)?).await?;
        if is_voided != (name == "voidedStatementId") {
            return Err(Refusal::missing());
        }
        let attachments = attachments(app, with_attachments, std::slice::from_ref(&found)).await?;
        formatted(app, asked, &record, format, std::slice::from_mut(&mut found)).await?;
        let mut response = statements(&found.statement, attachments)?;
        if let Ok(modified) = HeaderValue::from_str(&listed(stored_ms)) {
            response.headers_mut().insert(LAST_MODIFIED, modified);
        }
        return Ok(response);
    }
    asked.only(&[&HOW[..], &WHICH].concat())?;
    let filter = filter(asked, &record)?;
    let (mut found, past) = search(app, unit, &record, &filter).await?;
    let attachments = attachments(app, with_attachments, &found).await?;
    formatted(app, asked, &record, format, &mut found).await?;
    let newest = found.iter().map(|each| each.place.stored_ms()).max();
    let list: Vec<Value> = found.into_iter().map(|each| each.statement).collect();
    let more = past.map(|place| more(asked, &place.written())).unwrap_or_default();
    let mut response = statements(&json!({ "statements": list, "more": more }), attachments)?;
    if let Some(Ok(modified)) = newest.map(|at_ms| HeaderValue::from_str(&listed(at_ms))) {
        response.headers_mut().insert(LAST_MODIFIED, modified);
    }
    Ok(response)
}

/// Where the answer goes on.
fn more(asked: &Asked, past: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(asked.parameters.iter().filter(|(name, _)| name != "past"));
    query.append_pair("past", past);
    format!("/xapi/statements?{}", query.finish())
}

fn truth(asked: &Asked, name: &str) -> Result<bool, Refusal> {
    match asked.parameter(name) {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Refusal::bad(format!("{name} 须为 true 或 false。"), format!("{name} must be true or false."))),
    }
}

fn filter(asked: &Asked, record: &Record<'_>) -> Result<Filter, Refusal> {
    let mut filter = Filter { ascending: truth(asked, "ascending")?, most: USUAL, ..Filter::default() };
    let of_agents = if truth(asked, "related_agents")? { What::RelatedAgent } else { What::Agent };
    let of_activities = if truth(asked, "related_activities")? { What::RelatedActivity } else { What::Activity };
    if let Some(text) = asked.parameter("agent") {
        let agent = json::read(text.as_bytes()).map_err(|misfit| Refusal::from(misfit.within("agent")))?;
        check::agent_or_group(&agent).map_err(|misfit| Refusal::from(misfit.within("agent")))?;
        let mark = Mark::of_agent(of_agents, &agent).ok_or_else(|| {
            Refusal::bad("agent 不能是匿名 Group。", "agent cannot be an anonymous Group; name one with an identifier.")
        })?;
        filter.marks.push(mark);
        filter.own = own_of_agent(record, &agent);
    }
    for (name, what) in [("verb", What::Verb), ("activity", of_activities)] {
        let Some(text) = asked.parameter(name) else { continue };
        if !check::words::is_iri(text) {
            return Err(Refusal::bad(
                format!("{name} 须为完整 IRI。"),
                format!("{name} must be a whole IRI, as in https://…"),
            ));
        }
        filter.marks.push(Mark::of(what, text));
        // All of ours follow the profile.
        if name == "activity" && text != VERSION {
            filter.own.site = record.site_of(text);
            filter.own.none |= filter.own.site.is_none();
        }
    }
    if let Some(text) = asked.parameter("registration") {
        filter.marks.push(Mark::of(What::Registration, &registration(text)?.to_string()));
    }
    filter.own.none |= asked.parameter("verb").is_some_and(|verb| !record.has_verb(verb));
    filter.since_ms = asked.parameter("since").map(since).transpose()?;
    filter.until_ms = asked.parameter("until").map(since).transpose()?;
    if let Some(text) = asked.parameter("limit") {
        let limit: usize = text.parse().map_err(|_| {
            Refusal::bad("limit 须为非负整数。", "limit must be a whole number, 0 for as many as can be.")
        })?;
        filter.most = if limit == 0 { MOST_READ } else { limit.min(MOST_READ) };
    }
    if let Some(text) = asked.parameter("past") {
        let place = text.parse().map_err(|()| {
            Refusal::bad(
                "past 只能取自先前答复的 more。",
                "past comes from more in an earlier answer and cannot be made up.",
            )
        })?;
        filter.past = Some(place);
    }
    Ok(filter)
}

/// What belongs to statements, where it was asked for.
async fn attachments(app: &App, wanted: bool, found: &[Found]) -> Result<Option<Vec<Attachment>>, Refusal> {
    if !wanted {
        return Ok(None);
    }
    let mut named = BTreeSet::new();
    for (unit, statement) in found.iter().filter_map(|each| Some((each.unit?, &each.statement))) {
        for holder in [statement, &statement["object"]] {
            let digests = holder["attachments"].as_array().into_iter().flatten();
            named.extend(digests.filter_map(|each| Some((unit, each["sha2"].as_str()?.to_ascii_lowercase()))));
        }
    }
    let mut found = app.store.attachments(named.into_iter().collect()).await?;
    // Two units may have the same.
    let mut seen = BTreeSet::new();
    found.retain(|each| seen.insert(each.sha2.clone()));
    Ok(Some(found))
}

async fn formatted(
    app: &App,
    asked: &Asked,
    record: &Record<'_>,
    format: Format,
    found: &mut [Found],
) -> Result<(), Refusal> {
    match format {
        Format::Exact => {}
        Format::Ids => found.iter_mut().for_each(|each| ids(&mut each.statement)),
        Format::Canonical => {
            let mut keys = BTreeSet::new();
            for each in found.iter_mut() {
                each_activity(&mut each.statement, &mut |activity| keys.extend(activity["id"].as_str().map(key)));
            }
            let known = app.store.definitions(asked.by()?.unit, keys.into_iter().collect()).await?;
            let liked = asked.header(&ACCEPT_LANGUAGE).map(liked).unwrap_or_default();
            let definition = |id: &str| {
                let own = record.activity(id).map(|own| own["definition"].clone());
                own.or_else(|| known.get(&key(id)).cloned())
            };
            for each in found.iter_mut() {
                canonical(&mut each.statement, &definition, &liked);
            }
        }
    }
    Ok(())
}

//! Documents: state, activity profiles and agent profiles, with entity tags against lost updates.

use super::super::check::words::{is_iri, read_uuid};
use super::super::marks::{identity, key};
use super::super::version::Edition;
use super::super::{check, json, time};
use super::asked::{Asked, Resource};
use super::refusal::Refusal;
use super::reply::listed;
use crate::house::App;
use crate::secrets::hex;
use crate::store::statements::{Document, Shelf};
use axum::http::header::{CONTENT_TYPE, ETAG, IF_MATCH, IF_NONE_MATCH, LAST_MODIFIED};
use axum::http::{HeaderName, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use serde_json::Value;
use uuid::Uuid;

/// How often a merge is tried against others that change the same document.
const TRIES: usize = 8;
/// Longest name of a document, bytes.
const LONGEST_NAME: usize = 2_048;

/// Answers a request for documents.
///
/// # Errors
/// A [`Refusal`].
pub async fn respond(app: &App, asked: Asked) -> Result<Response, Refusal> {
    let (name, shelf) = shelf(&asked)?;
    let unit = asked.by()?.unit;
    let wanted = asked.parameter(name).map(str::to_owned);
    if wanted.as_ref().is_some_and(|wanted| wanted.is_empty() || wanted.len() > LONGEST_NAME) {
        return Err(Refusal::bad(
            format!("{name} 须为 1 至 {LONGEST_NAME} 字节。"),
            format!("{name} must have 1 to {LONGEST_NAME} bytes."),
        ));
    }
    match (&asked.method, wanted) {
        (&Method::GET | &Method::HEAD, Some(wanted)) => {
            let found = app.store.document(unit, shelf, wanted).await?.ok_or_else(Refusal::missing)?;
            let headers = [
                (CONTENT_TYPE, found.content_type.clone()),
                (ETAG, tag(&found)),
                (LAST_MODIFIED, listed(found.changed_ms)),
            ];
            Ok((headers, found.content).into_response())
        }
        (&Method::GET | &Method::HEAD, None) => {
            let since_ms = asked.parameter("since").map(since).transpose()?;
            let names = app.store.documents(unit, shelf, since_ms).await?;
            Ok(([(LAST_MODIFIED, listed(app.now_ms()))], axum::Json(names)).into_response())
        }
        (&Method::DELETE, None) if asked.resource == Resource::State => {
            app.store.clear_documents(unit, shelf).await?;
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        (_, None) => asked.required(name).map(|_| StatusCode::NO_CONTENT.into_response()),
        (method, Some(wanted)) => {
            for _ in 0..TRIES {
                let seen = app.store.document(unit, shelf.clone(), wanted.clone()).await?;
                let new = changed(&asked, method, seen.as_ref(), app.now_ms())?;
                if app.store.change_document(unit, shelf.clone(), wanted.clone(), seen, new).await? {
                    return Ok(StatusCode::NO_CONTENT.into_response());
                }
            }
            Err(Refusal::new(
                StatusCode::CONFLICT,
                "文档正被他处反复改动，请稍后再试。",
                "Others keep changing this document; try again shortly.",
            ))
        }
    }
}

/// The name of the parameter that names a document, and the shelf.
fn shelf(asked: &Asked) -> Result<(&'static str, Shelf), Refusal> {
    let (name, kind) = match asked.resource {
        Resource::State => ("stateId", 1),
        Resource::ActivityProfile => ("profileId", 2),
        _ => ("profileId", 3),
    };
    let reads_many = asked.parameter(name).is_none() && matches!(asked.method, Method::GET | Method::HEAD);
    let mut allowed = vec![name];
    if kind != 3 {
        allowed.push("activityId");
    }
    if kind != 2 {
        allowed.push("agent");
    }
    if kind == 1 {
        allowed.push("registration");
    }
    if reads_many {
        allowed.push("since");
    }
    asked.only(&allowed)?;
    let activity = match kind {
        3 => Uuid::nil(),
        _ => key(activity_id(asked.required("activityId")?)?),
    };
    let who = if kind == 2 { None } else { Some(agent(asked.required("agent")?)?) };
    let agent = who.as_ref().and_then(identity).map(|identity| key(&identity)).unwrap_or_default();
    let named = who.map(|who| who.to_string()).unwrap_or_default();
    let registration = asked.parameter("registration").map(registration).transpose()?.unwrap_or_default();
    Ok((name, Shelf { kind, activity, agent, registration, named }))
}

/// An activity's id as a parameter.
///
/// # Errors
/// A [`Refusal`] where it is none.
pub fn activity_id(text: &str) -> Result<&str, Refusal> {
    if is_iri(text) {
        return Ok(text);
    }
    Err(Refusal::bad("activityId 须为完整 IRI。", "activityId must be a whole IRI, as in https://…"))
}

/// An agent as a parameter.
///
/// # Errors
/// A [`Refusal`] where it is none.
pub fn agent(text: &str) -> Result<Value, Refusal> {
    let agent = json::read(text.as_bytes()).map_err(|misfit| Refusal::from(misfit.within("agent")))?;
    check::agent(&agent).map_err(|misfit| Refusal::from(misfit.within("agent")))?;
    Ok(agent)
}

/// A registration as a parameter.
///
/// # Errors
/// A [`Refusal`] where it is none.
pub fn registration(text: &str) -> Result<Uuid, Refusal> {
    read_uuid(text).ok_or_else(|| Refusal::bad("registration 须为 UUID。", "registration must be a UUID."))
}

/// A time as a parameter, milliseconds since 1970 UTC.
///
/// # Errors
/// A [`Refusal`] where it is none.
pub fn since(text: &str) -> Result<i64, Refusal> {
    let at = time::timestamp(text).ok_or_else(|| {
        Refusal::bad(
            "时间须为 ISO 8601，如 2026-06-01T00:00:00Z。",
            "A time must be an ISO 8601 timestamp, as in 2026-06-01T00:00:00Z.",
        )
    })?;
    Ok(at.as_millisecond())
}

/// What is to stand in place of what is there.
fn changed(asked: &Asked, method: &Method, seen: Option<&Document>, now_ms: i64) -> Result<Option<Document>, Refusal> {
    hold(asked, method, seen)?;
    if *method == Method::DELETE {
        return Ok(None);
    }
    let content_type = asked.header(&CONTENT_TYPE).unwrap_or("application/octet-stream").to_owned();
    let sent = Document { content_type, content: asked.body.to_vec(), changed_ms: now_ms };
    let is_json = |document: &Document| {
        document.content_type.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
    };
    let said = if is_json(&sent) { Some(json::read(&sent.content)?) } else { None };
    let Some(there) = seen.filter(|_| *method == Method::POST) else {
        let is_object = said.as_ref().is_none_or(Value::is_object);
        return if *method == Method::PUT || is_object { Ok(Some(sent)) } else { Err(no_merge()) };
    };
    let known = if is_json(there) { json::read(&there.content).ok() } else { None };
    let (Some(Value::Object(mut known)), Some(Value::Object(said))) = (known, said) else { return Err(no_merge()) };
    known.extend(said);
    let content = Value::Object(known).to_string().into_bytes();
    Ok(Some(Document { content, ..sent }))
}

fn no_merge() -> Refusal {
    Refusal::bad(
        "POST 只能合并两个 application/json 对象；否则请用 PUT 整体替换。",
        "POST merges two objects of application/json only; replace the whole by PUT otherwise.",
    )
}

/// Holds what is there to the conditions of a request.
fn hold(asked: &Asked, method: &Method, seen: Option<&Document>) -> Result<(), Refusal> {
    let names = |header: &HeaderName| {
        asked.header(header).map(|tags| {
            tags.split(',')
                .map(str::trim)
                .any(|each| seen.is_some_and(|there| each == "*" || each.trim_start_matches("W/") == tag(there)))
        })
    };
    let (matches, matches_none) = (names(&IF_MATCH), names(&IF_NONE_MATCH).map(|names| !names));
    if matches == Some(false) || matches_none == Some(false) {
        return Err(Refusal::new(
            StatusCode::PRECONDITION_FAILED,
            "文档已不是所见的样子；请先读取最新内容。",
            "The document is not as it was seen; read it anew first.",
        ));
    }
    let is_free = asked.edition == Edition::One && asked.resource == Resource::State;
    if *method != Method::PUT || matches.is_some() || matches_none.is_some() || is_free {
        return Ok(());
    }
    if seen.is_none() && asked.edition == Edition::One {
        return Err(Refusal::bad(
            "PUT 须带 If-Match 或 If-None-Match；新文档请用 If-None-Match: *。",
            "PUT needs If-Match or If-None-Match; for a new document send If-None-Match: *.",
        ));
    }
    if seen.is_some() {
        return Err(Refusal::new(
            StatusCode::CONFLICT,
            "文档已存在：请先 GET，再以 If-Match 附上其 ETag 发送。",
            "The document is there already: GET it first, and send its ETag along in If-Match.",
        ));
    }
    Ok(())
}

/// A document's entity tag: 1.0.3 asks for SHA-1.
fn tag(document: &Document) -> String {
    format!("\"{}\"", hex(digest(&SHA1_FOR_LEGACY_USE_ONLY, &document.content).as_ref()))
}

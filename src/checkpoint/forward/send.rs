//! Sending statements to one store, and finding out which of them it does not take.

use super::words::plain;
use super::{Target, Why};
use crate::outside::Outside;
use crate::store::forwards::Refusal;
use crate::xapi::same::is_same;
use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{Method, Request, Response};
use serde_json::Value;
use std::collections::BTreeSet;
use uuid::Uuid;

/// A statement on its way.
pub struct Item {
    /// Place of its entry.
    pub seq: i64,
    /// Its id.
    pub id: Uuid,
    /// What it says.
    pub statement: Value,
}

/// Why sending breaks off.
pub enum Break {
    /// To be tried again, not before so many milliseconds where the store says so.
    Wait(Why, Option<i64>),
    /// Not to be tried again before somebody says so.
    Stop(Why),
}

/// How far sending came.
pub struct Sent {
    /// So many, from the first on, are delivered or refused.
    pub done: usize,
    /// Those that were refused.
    pub refused: Vec<Refusal>,
    /// Why it came no further.
    pub broke: Option<Break>,
    /// So many were sent together last.
    pub together: usize,
}

/// What became of a few statements that were sent together.
enum Became {
    Taken,
    /// At least one of them is not taken.
    Refused(u16, String),
}

/// Sends statements in their order. What is not taken together is sent in halves, down to the single ones at fault.
pub async fn deliver(outside: &Outside, target: &Target, items: &[Item]) -> Sent {
    let mut sent = Sent { done: 0, refused: Vec::new(), broke: None, together: 0 };
    let mut runs = vec![items];
    while let Some(run) = runs.pop().filter(|run| !run.is_empty()) {
        sent.together = run.len();
        let became = match post(outside, target, run).await {
            Ok(became) => became,
            Err(broke) => {
                sent.broke = Some(broke);
                break;
            }
        };
        match (became, run) {
            (Became::Taken, _) => sent.done += run.len(),
            (Became::Refused(status, words), [one]) => {
                match is_there(outside, target, one, status).await {
                    Ok(true) => {}
                    Ok(false) => sent.refused.push(Refusal { seq: one.seq, status, words }),
                    Err(broke) => {
                        sent.broke = Some(broke);
                        break;
                    }
                }
                sent.done += 1;
            }
            (Became::Refused(..), _) => {
                let (first, second) = run.split_at(run.len() / 2);
                runs.extend([second, first]);
            }
        }
    }
    sent
}

/// Statements that are tried past one that the store has trouble with.
const MOST_TROUBLED: usize = 5;

/// Sends one statement at a time up to one with which the store has trouble of its own, and looks whether it takes another
/// after that: then what it still has trouble with is refused, since the store works and that statement alone breaks it.
/// Where it takes no other, it may be down for all, and nothing is refused.
pub async fn isolate(outside: &Outside, target: &Target, items: &[Item]) -> Sent {
    let mut sent = Sent { done: 0, refused: Vec::new(), broke: None, together: 1 };
    for item in items {
        let one = deliver(outside, target, std::slice::from_ref(item)).await;
        sent.done += one.done;
        sent.refused.extend(one.refused);
        sent.broke = one.broke;
        if sent.broke.is_some() {
            break;
        }
    }
    if !matches!(sent.broke, Some(Break::Wait(Why::Trouble(500..=599, _), _))) {
        return sent;
    }
    // What was taken before may be sent once more, where nothing follows: an id is one statement.
    let (from, mut past, mut is_up) = (sent.done, sent.done + 1, false);
    let before = from.checked_sub(1).and_then(|before| items.get(before));
    let others = items.iter().enumerate().skip(past).take(MOST_TROUBLED).map(|(index, item)| (index + 1, item));
    for (upto, item) in others.chain(before.map(|before| (0, before))) {
        match post(outside, target, std::slice::from_ref(item)).await {
            Ok(_) => {
                is_up = true;
                break;
            }
            Err(Break::Wait(Why::Trouble(500..=599, _), _)) => past = past.max(upto),
            Err(broke) => {
                sent.broke = Some(broke);
                return sent;
            }
        }
    }
    if !is_up {
        return sent;
    }
    sent.broke = None;
    for item in items.iter().take(past).skip(from) {
        match post(outside, target, std::slice::from_ref(item)).await {
            Ok(Became::Taken) => {}
            Ok(Became::Refused(status, words)) | Err(Break::Wait(Why::Trouble(status @ 500..=599, words), _)) => {
                sent.refused.push(Refusal { seq: item.seq, status, words });
            }
            Err(broke) => {
                sent.broke = Some(broke);
                return sent;
            }
        }
        sent.done += 1;
    }
    sent
}

async fn post(outside: &Outside, target: &Target, run: &[Item]) -> Result<Became, Break> {
    let statements: Vec<&Value> = run.iter().map(|item| &item.statement).collect();
    let body =
        serde_json::to_vec(&statements).map_err(|error| Break::Wait(Why::Strange(0, error.to_string()), None))?;
    let answer = ask(outside, target, Method::POST, "/statements", body).await?;
    let (status, words) = (answer.status().as_u16(), words_of(&answer));
    match status {
        200 if names_all(answer.body(), run) => Ok(Became::Taken),
        204 => Ok(Became::Taken),
        401 => Err(Break::Stop(Why::TurnedAway(status, words))),
        // A store may forbid one statement, as taking another back, to whom it lets send others.
        403 if is_turned_away(outside, target).await? => Err(Break::Stop(Why::TurnedAway(status, words))),
        408 | 425 | 429 | 500..=599 => Err(Break::Wait(Why::Trouble(status, words), retry_after_ms(&answer))),
        404 | 405 | 406 | 410 | 415 => Err(Break::Wait(Why::Strange(status, words), None)),
        400..=499 => Ok(Became::Refused(status, words)),
        _ => Err(Break::Wait(Why::Strange(status, words), None)),
    }
}

/// Whether an answer names each of the statements, as the standard asks. A sign-in page that answers everything with 200
/// has stored nothing.
fn names_all(body: &[u8], run: &[Item]) -> bool {
    let Ok(ids) = serde_json::from_slice::<Vec<String>>(body) else { return false };
    let ids: BTreeSet<Uuid> = ids.iter().filter_map(|id| Uuid::parse_str(id).ok()).collect();
    run.iter().all(|item| ids.contains(&item.id))
}

/// Whether nothing may be sent at all: no statements are refused to nobody who may send some.
async fn is_turned_away(outside: &Outside, target: &Target) -> Result<bool, Break> {
    let answer = ask(outside, target, Method::POST, "/statements", b"[]".to_vec()).await?;
    Ok(matches!(answer.status().as_u16(), 401 | 403))
}

/// Whether a store that refuses a statement because of its id has this very statement.
async fn is_there(outside: &Outside, target: &Target, item: &Item, status: u16) -> Result<bool, Break> {
    if status != 409 {
        return Ok(false);
    }
    for name in ["statementId", "voidedStatementId"] {
        let path = format!("/statements?{name}={}", item.id);
        let answer = ask(outside, target, Method::GET, &path, Vec::new()).await?;
        match answer.status().as_u16() {
            200 => {
                let kept = serde_json::from_slice::<Value>(answer.body());
                return Ok(kept.is_ok_and(|kept| is_same(&kept, &item.statement)));
            }
            status @ (408 | 425 | 429 | 500..=599) => {
                return Err(Break::Wait(Why::Trouble(status, words_of(&answer)), retry_after_ms(&answer)));
            }
            // Not found so, or we may not read.
            _ => {}
        }
    }
    Ok(false)
}

async fn ask(
    outside: &Outside,
    target: &Target,
    method: Method,
    path: &str,
    body: Vec<u8>,
) -> Result<Response<Vec<u8>>, Break> {
    let mut request = Request::builder()
        .method(&method)
        .uri(format!("{}{path}", target.endpoint))
        .header(AUTHORIZATION, target.authorization())
        .header("X-Experience-API-Version", target.edition.number())
        .header(ACCEPT, "application/json");
    if method == Method::POST {
        request = request.header(CONTENT_TYPE, "application/json");
    }
    let request = request.body(body).map_err(|error| Break::Wait(Why::Strange(0, error.to_string()), None))?;
    outside.ask(request).await.map_err(|why| Break::Wait(Why::Unanswered(why), None))
}

fn words_of(answer: &Response<Vec<u8>>) -> String {
    let kind = answer.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    plain(answer.body(), kind.contains("html") || kind.contains("xml"))
}

/// How long a store wants us to wait: seconds, or a date (RFC 9110, 10.2.3).
fn retry_after_ms(answer: &Response<Vec<u8>>) -> Option<i64> {
    let said = answer.headers().get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(secs) = said.parse::<i64>() {
        return Some(secs.max(0).saturating_mul(1_000));
    }
    let at = |text: &str| jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok();
    // By their own clock where they say it, so that it makes no difference whether ours agrees.
    let now = answer.headers().get("date").and_then(|date| at(date.to_str().ok()?))?;
    Some((at(said)?.as_millisecond() - now.as_millisecond()).max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_read_in_seconds_or_as_a_date() {
        let said = |after: &str| {
            let answer = Response::builder().header("date", "Fri, 27 Nov 2026 22:54:14 GMT").header(RETRY_AFTER, after);
            answer.body(Vec::new()).ok().and_then(|answer| retry_after_ms(&answer))
        };
        for (after, ms) in [
            ("120", Some(120_000)),
            (" 0 ", Some(0)),
            ("-5", Some(0)),
            ("99999999999999999", Some(i64::MAX)),
            ("Fri, 27 Nov 2026 22:55:14 GMT", Some(60_000)),
            ("Fri, 27 Nov 2026 20:00:00 GMT", Some(0)),
            ("soon", None),
        ] {
            assert_eq!(said(after), ms, "{after}");
        }
    }

    #[test]
    fn only_an_answer_that_names_every_statement_says_that_they_are_stored() {
        let [one, two] = [1, 2].map(Uuid::from_u128);
        let items = [one, two].map(|id| Item { seq: 0, id, statement: Value::Null });
        let both = format!("[\"{}\", \"{two}\", \"x\"]", one.to_string().to_uppercase());
        assert!(names_all(both.as_bytes(), &items));
        for body in ["", "[]", "{}", "<html>", &format!("[\"{one}\"]"), &format!("\"{one}\"")] {
            assert!(!names_all(body.as_bytes(), &items), "{body}");
        }
    }
}

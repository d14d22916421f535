//! `/v1/kiosk`: a hall's terminal asks who it is, and delivers the visits of those who were not paired with it.

use super::Fault;
use super::events::is_json;
use crate::house::App;
use crate::identity::claim::{Told, deliver};
use crate::identity::code::Code;
use crate::identity::enrolled::Enrolled;
use crate::store::Delivered;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use heritage::Bilingual;
use serde::{Deserialize, Serialize};
use serde_json::json;
use serde_json::value::RawValue;
use uuid::Uuid;

/// Visits of one request.
pub const MOST_DELIVERED: usize = 50;
/// Events of one visit.
const MOST_EVENTS: usize = 200;
/// Bytes of one visit's events.
const MOST_VISIT_BYTES: usize = 256 * 1024;

/// Who the terminal is, and in which hall: what its settings are checked by.
pub async fn get(State(app): State<App>, Enrolled(kiosk): Enrolled) -> impl IntoResponse {
    let hall = app.courses.site(&kiosk.site).map(|site| site.title.clone()).unwrap_or_default();
    let body = json!({
        "kiosk": kiosk.id, "name": kiosk.name, "mark": kiosk.mark(), "unit": kiosk.unit_name, "site": kiosk.site,
        "hall": hall,
    });
    ([(CACHE_CONTROL, "no-store")], Json(body))
}

/// The envelope, with its visits unread: one bad visit must not spoil the others.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    visits: Vec<&'a RawValue>,
    sent_at_ms: i64,
}

#[derive(Deserialize)]
struct Sent<'a> {
    id: Uuid,
    code: String,
    ended_at_ms: i64,
    #[serde(borrow)]
    events: Vec<&'a RawValue>,
}

/// What became of one visit.
#[derive(Serialize)]
#[serde(tag = "result", rename_all = "kebab-case")]
enum Became {
    /// On disk, to be claimed, or in the record of whoever has claimed it already.
    Stored,
    /// On disk since before.
    Duplicate,
    /// Too late to be claimed; nothing is kept.
    Expired,
    /// Not kept, and why.
    Refused { reason: Bilingual },
}

#[derive(Serialize)]
struct Receipt {
    id: Option<Uuid>,
    #[serde(flatten)]
    became: Became,
}

/// Keeps each visit that is delivered and answers visit by visit. What is answered as stored is on disk.
///
/// # Errors
/// A [`Fault`] for an envelope that cannot be read or is too large, after too many writes, or where nothing can be stored:
/// what was kept by then is a duplicate when it is sent again.
pub async fn visits(
    State(app): State<App>,
    Enrolled(kiosk): Enrolled,
    headers: HeaderMap,
    body: Bytes,
) -> Result<impl IntoResponse, Fault> {
    app.take_turn_of(kiosk.id)?;
    is_json(&headers)?;
    let envelope: Envelope<'_> = serde_json::from_slice(&body).map_err(|_| Fault::malformed())?;
    if envelope.visits.is_empty() {
        return Err(Fault::malformed());
    }
    if envelope.visits.len() > MOST_DELIVERED {
        return Err(Fault::too_large());
    }
    let skew_ms = envelope.sent_at_ms.saturating_sub(app.now_ms());
    let mut receipts = Vec::with_capacity(envelope.visits.len());
    for item in envelope.visits {
        let (id, became) = match read(item, envelope.sent_at_ms) {
            Ok(told) => (Some(told.id), became(&deliver(&app, &kiosk, told, skew_ms).await?)),
            Err((id, reason)) => (id, Became::Refused { reason }),
        };
        receipts.push(Receipt { id, became });
    }
    Ok(([(CACHE_CONTROL, "no-store")], Json(json!({ "visits": receipts }))))
}

fn became(delivered: &Delivered) -> Became {
    let refused = |zh: &str, en: &str| Became::Refused { reason: Bilingual::new(zh, en) };
    match delivered {
        Delivered::Stored | Delivered::Claimed(_) => Became::Stored,
        Delivered::Before(_) => Became::Duplicate,
        Delivered::Expired => Became::Expired,
        Delivered::Conflict => refused(
            "此编号或代码已属于另一次参观；先到的一次保持不变。",
            "Another visit has this number or code already; the first one is kept as it is.",
        ),
        Delivered::TooMany => refused(
            "此终端待领取的参观已达上限，未保存；请稍后再送。",
            "As many visits of this kiosk wait to be claimed as can; not stored. Deliver it again later.",
        ),
    }
}

/// One visit; what cannot be read is refused under its number, if that can.
fn read(item: &RawValue, sent_at_ms: i64) -> Result<Told, (Option<Uuid>, Bilingual)> {
    #[derive(Deserialize)]
    struct Named {
        id: Uuid,
    }
    let named = || serde_json::from_str::<Named>(item.get()).ok().map(|named| named.id);
    let malformed = || {
        let reason = Bilingual::new("这次参观无法读懂，未保存。", "This visit cannot be read and was not stored.");
        (named(), reason)
    };
    let sent: Sent<'_> = serde_json::from_str(item.get()).map_err(|_| malformed())?;
    let code = Code::read(&sent.code).filter(|_| !sent.id.is_nil()).ok_or_else(malformed)?;
    let body = serde_json::to_string(&sent.events).map_err(|_| malformed())?;
    if !(1..=MOST_EVENTS).contains(&sent.events.len()) || body.len() > MOST_VISIT_BYTES {
        let reason = Bilingual::new(
            "一次参观须有 1 至 200 条记录，不超过 256 KiB；未保存。",
            "A visit has 1 to 200 records and at most 256 KiB; not stored.",
        );
        return Err((Some(sent.id), reason));
    }
    Ok(Told { id: sent.id, code, ago_ms: sent_at_ms.saturating_sub(sent.ended_at_ms), body })
}

//! `/v1/device`: a hall's kiosk is paired with one learner for one visit, as RFC 8628 tells it. The kiosk's requests are
//! forms and its refusals words of RFC 6749, so that any client of that standard can ask; the learner's are JSON.

use super::Fault;
use super::events::is_json;
use crate::house::App;
use crate::identity::Learner;
use crate::identity::origin::address;
use crate::identity::pairing::{Seen, ask, decide, enrolled, look, poll};
use crate::identity::recorder::Paired;
use crate::store::Kiosk;
use crate::store::pairing::{CODE_LASTS_MS, IDLE_MS, INTERVAL_SECS, Polled, SESSION_MS, Standing};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use heritage::Bilingual;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

const NO_STORE: [(HeaderName, &str); 1] = [(CACHE_CONTROL, "no-store")];

/// The one grant that `POST /v1/device/token` takes.
const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A refusal as RFC 6749, section 5.2, writes it; `words` is a member of our own.
struct Refusal(StatusCode, &'static str, Bilingual);

impl Refusal {
    fn of(error: &'static str, zh: &str, en: &str) -> Self {
        let status = if error == "invalid_client" { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
        Self(status, error, Bilingual::new(zh, en))
    }

    fn request() -> Self {
        Self::of(
            "invalid_request",
            "请求无法读懂：须为表单（application/x-www-form-urlencoded），各字段只出现一次。",
            "The request cannot be read: send a form (application/x-www-form-urlencoded) that has each field once.",
        )
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self(status, error, words) = self;
        let body = json!({ "error": error, "error_description": words.en, "words": words });
        let mut response = (status, NO_STORE, Json(body)).into_response();
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"kiosk\""));
        }
        response
    }
}

/// Either way of saying no.
enum No {
    Refusal(Refusal),
    Fault(Fault),
}

impl From<Refusal> for No {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(refusal)
    }
}

impl From<Fault> for No {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl IntoResponse for No {
    fn into_response(self) -> Response {
        match self {
            Self::Refusal(refusal) => refusal.into_response(),
            Self::Fault(fault) => fault.into_response(),
        }
    }
}

/// A form whose fields stand in it once each.
struct Fields(Vec<(String, String)>);

impl Fields {
    fn read(headers: &HeaderMap, body: &[u8]) -> Result<Self, Refusal> {
        let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let is_form = kind
            .split(';')
            .next()
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"));
        let fields: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
        let is_once =
            |(at, (name, _)): (usize, &(String, String))| fields.iter().skip(at + 1).all(|(other, _)| other != name);
        let is_sound = fields.len() <= 16 && fields.iter().enumerate().all(is_once);
        // An empty body names no kiosk, whatever it is said to be.
        if (is_form && is_sound) || fields.is_empty() { Ok(Self(fields)) } else { Err(Refusal::request()) }
    }

    fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }
}

async fn kiosk_of(app: &App, fields: &Fields) -> Result<Kiosk, No> {
    let found = enrolled(app, fields.text("client_id"), fields.text("client_secret")).await?;
    found.ok_or_else(|| {
        let (zh, en) = (
            "终端未登记、密钥不对，或已停用。请管理员在工作台“终端”页登记，并把编号和密钥填入终端。",
            "The kiosk is not enrolled, its key is not right, or it was withdrawn. An administrator enrols it at the desk under Kiosks and enters its number and key.",
        );
        Refusal::of("invalid_client", zh, en).into()
    })
}

/// A kiosk asks for a code to show.
pub async fn code(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Response {
    answer_code(&app, &headers, &body).await.unwrap_or_else(No::into_response)
}

async fn answer_code(app: &App, headers: &HeaderMap, body: &[u8]) -> Result<Response, No> {
    let fields = Fields::read(headers, body)?;
    let kiosk = kiosk_of(app, &fields).await?;
    let asked = ask(app, &kiosk).await?;
    let (at, code) = (address(&app.settings, headers), asked.user_code.written());
    let body = json!({
        "device_code": asked.device_code,
        "user_code": code,
        "verification_uri": format!("{at}/pair"),
        "verification_uri_complete": format!("{at}/pair?code={code}"),
        "expires_in": CODE_LASTS_MS / 1000,
        "interval": INTERVAL_SECS,
    });
    Ok((NO_STORE, Json(body)).into_response())
}

/// The kiosk asks what has become of it, and is given its token once.
pub async fn token(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Response {
    answer_token(&app, &headers, &body).await.unwrap_or_else(No::into_response)
}

async fn answer_token(app: &App, headers: &HeaderMap, body: &[u8]) -> Result<Response, No> {
    let fields = Fields::read(headers, body)?;
    let kiosk = kiosk_of(app, &fields).await?;
    if fields.text("grant_type") != GRANT {
        let (zh, en) = ("只接受设备码授权。", "Only the device code grant is taken.");
        return Err(Refusal::of("unsupported_grant_type", zh, en).into());
    }
    if fields.text("device_code").is_empty() {
        return Err(Refusal::request().into());
    }
    let (heard, token) = poll(app, &kiosk, fields.text("device_code")).await?;
    let (error, zh, en) = match heard {
        Polled::Begun => {
            let body = json!({
                "access_token": token, "token_type": "Bearer", "expires_in": SESSION_MS / 1000, "scope": "record",
            });
            return Ok((NO_STORE, Json(body)).into_response());
        }
        Polled::Waiting => ("authorization_pending", "等待学员在手机上同意。", "The learner has not decided yet."),
        Polled::TooSoon => (
            "slow_down",
            "询问过于频繁，间隔延长 5 秒。",
            "Asked too often; wait 5 seconds longer in between from now on.",
        ),
        Polled::Refused => ("access_denied", "学员没有同意。", "The learner refused."),
        Polled::Expired => ("expired_token", "代码已过期，请重新取码。", "The code has run out; ask for another."),
        Polled::Unknown => (
            "invalid_grant",
            "没有这个代码，或令牌已领取。请重新取码。",
            "There is no such code, or its token was taken up already. Ask for another.",
        ),
    };
    Err(Refusal::of(error, zh, en).into())
}

/// How long the session may still last without a sign of life; asking is one.
///
/// # Errors
/// A [`Fault`] if it has ended.
pub async fn alive(_: Paired) -> Result<impl IntoResponse, Fault> {
    Ok((NO_STORE, Json(json!({ "idle_in": IDLE_MS / 1000 }))))
}

/// Ends the session.
///
/// # Errors
/// A [`Fault`] if it has ended, or the store cannot be written.
pub async fn end(State(app): State<App>, paired: Paired) -> Result<impl IntoResponse, Fault> {
    app.store.end_kiosk_session(paired.session).await?;
    Ok((StatusCode::NO_CONTENT, NO_STORE))
}

/// What a learner sees of a pairing.
fn seen_body(seen: &Seen) -> serde_json::Value {
    let standing = match seen.pairing.standing {
        Standing::Open => "open",
        Standing::Accepted(_) => "accepted",
        Standing::Refused => "refused",
    };
    json!({
        "kiosk": seen.kiosk.id, "name": seen.kiosk.name, "mark": seen.kiosk.mark(), "unit": seen.kiosk.unit_name,
        "site": seen.kiosk.site, "hall": seen.hall, "standing": standing,
    })
}

/// Which kiosk of which hall stands behind a code.
///
/// # Errors
/// A [`Fault`] where it is no code or nothing stands behind it, and after too many tries.
pub async fn seen(State(app): State<App>, Learner(who): Learner, RawQuery(query): RawQuery) -> Result<Response, Fault> {
    let mut fields = form_urlencoded::parse(query.as_deref().unwrap_or_default().as_bytes());
    let typed = fields.find(|(key, _)| key == "user_code").map(|(_, value)| value.into_owned()).unwrap_or_default();
    let (_, seen) = look(&app, &who, &typed).await?;
    Ok((NO_STORE, Json(seen_body(&seen))).into_response())
}

/// A learner's decision on a kiosk that they have seen.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decision {
    user_code: String,
    /// As it was seen: a code that has come to mean another kiosk since is not decided on.
    kiosk: Uuid,
    accept: bool,
}

/// Accepts or refuses.
///
/// # Errors
/// A [`Fault`] as for [`seen`], and where it was decided otherwise before.
pub async fn approve(
    State(app): State<App>,
    Learner(who): Learner,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Fault> {
    app.take_turn(&who.person)?;
    is_json(&headers)?;
    let asked: Decision = serde_json::from_slice(&body).map_err(|_| Fault::malformed())?;
    let seen = decide(&app, &who, &asked.user_code, asked.kiosk, asked.accept).await?;
    Ok((NO_STORE, Json(seen_body(&seen))).into_response())
}

//! Faults as RFC 9457 problems, in both languages: what happened, what is safe, what to do.

use crate::identity::pin::Crowded;
use crate::store::StoreError;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use heritage::Bilingual;
use protocol::api::Problem;

/// A fault that a visitor is told of.
#[derive(Clone, Debug)]
pub struct Fault {
    /// HTTP status.
    pub status: StatusCode,
    /// Last part of the problem's address; stable.
    pub kind: &'static str,
    /// Short, stable, English.
    pub title: &'static str,
    /// In words.
    pub detail: Bilingual,
    /// Seconds after which another attempt makes sense.
    pub retry_after_secs: Option<i64>,
}

impl Fault {
    fn new(status: StatusCode, kind: &'static str, title: &'static str, zh: &str, en: &str) -> Self {
        Self { status, kind, title, detail: Bilingual::new(zh, en), retry_after_secs: None }
    }

    /// No session, or one that has ended.
    pub fn signed_out() -> Self {
        let (zh, en) = (
            "尚未登录，或登录已过期。本机记录仍在；请登录后再试。",
            "You are not signed in, or the session has ended. What this device has recorded is safe; sign in and try again.",
        );
        Self::new(StatusCode::UNAUTHORIZED, "signed-out", "Not signed in", zh, en)
    }

    /// The role does not allow it.
    pub fn not_allowed() -> Self {
        let (zh, en) =
            ("您的身份不能做此操作。没有改动任何内容。", "Your role does not allow this. Nothing was changed.");
        Self::new(StatusCode::FORBIDDEN, "not-allowed", "Not allowed", zh, en)
    }

    /// A write that comes from another site.
    pub fn foreign_origin() -> Self {
        let (zh, en) = (
            "请求不是从本站页面发出的，未予处理。请从本站页面重试。",
            "The request did not come from a page of this site and was not carried out. Try again from a page of this site.",
        );
        Self::new(StatusCode::FORBIDDEN, "foreign-origin", "Foreign origin", zh, en)
    }

    /// A form whose token does not fit the session.
    pub fn stale_form() -> Self {
        let (zh, en) = (
            "此表单已失效，没有改动任何内容。请刷新页面后再试。",
            "This form is out of date and nothing was changed. Reload the page and try again.",
        );
        Self::new(StatusCode::FORBIDDEN, "stale-form", "Stale form", zh, en)
    }

    /// A sign-in that cannot be a code and a PIN.
    pub fn unreadable_sign_in() -> Self {
        let (zh, en) = (
            "邀请码为 8 个字母，PIN 为 6 位数字。请检查后再试。",
            "The invitation code has 8 letters and the PIN 6 digits. Check them and try again.",
        );
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "unreadable-sign-in", "Unreadable code or PIN", zh, en)
    }

    /// Unknown code or wrong PIN; which of the two is not said.
    pub fn wrong_code_or_pin() -> Self {
        let (zh, en) = (
            "邀请码或 PIN 不对，或邀请码已过期。请检查后再试；多次不对需等待。",
            "The code or the PIN is not right, or the code has run out. Check them and try again; after several wrong attempts there is a wait.",
        );
        Self::new(StatusCode::UNAUTHORIZED, "wrong-code-or-pin", "Wrong code or PIN", zh, en)
    }

    /// A PIN that would be guessed first.
    pub fn trivial_pin() -> Self {
        let (zh, en) = (
            "这个 PIN 太容易猜到。请勿使用相同或连续的数字。",
            "This PIN is too easy to guess. Do not use one digit repeated or a straight run.",
        );
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "trivial-pin", "PIN too easy", zh, en)
    }

    /// Too many attempts; wait.
    pub fn wait(wait_ms: i64) -> Self {
        let secs = (wait_ms + 999) / 1000;
        let detail = Bilingual::new(
            format!("尝试次数过多。请在 {secs} 秒后再试；本机记录不受影响。"),
            format!("Too many attempts. Try again in {secs} seconds; what this device has recorded is safe."),
        );
        let status = StatusCode::TOO_MANY_REQUESTS;
        Self { status, kind: "wait", title: "Too many attempts", detail, retry_after_secs: Some(secs) }
    }

    /// The envelope cannot be read.
    pub fn malformed() -> Self {
        let (zh, en) = ("请求无法读懂，未保存任何内容。", "The request cannot be read. Nothing was stored.");
        Self::new(StatusCode::BAD_REQUEST, "malformed", "Malformed request", zh, en)
    }

    /// Beyond the limits of one request.
    pub fn too_large() -> Self {
        let (zh, en) = (
            "一次发送的内容太多，未保存任何内容。请分批再发：每次 1 至 500 条，不超过 2 MiB。",
            "Too much was sent at once and nothing was stored. Send it in parts: 1 to 500 records and at most 2 MiB each time.",
        );
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "Too large", zh, en)
    }

    /// The body is not JSON.
    pub fn not_json() -> Self {
        let (zh, en) = (
            "请求须为 application/json，未保存任何内容。",
            "The request must be application/json. Nothing was stored.",
        );
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json", "Not JSON", zh, en)
    }

    /// No such thing.
    pub fn not_found() -> Self {
        let (zh, en) =
            ("没有找到所要的内容。请检查地址。", "There is nothing at this address. Check it and try again.");
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", zh, en)
    }

    /// The address is known, but not for this method.
    pub fn wrong_method() -> Self {
        let (zh, en) = ("此地址不接受这种请求。", "This address does not take that method.");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "wrong-method", "Method not allowed", zh, en)
    }

    /// The event's id belongs to another event.
    pub fn conflict(detail: Bilingual) -> Self {
        let (status, kind) = (StatusCode::CONFLICT, "conflict");
        Self { status, kind, title: "Another event has this id", detail, retry_after_secs: None }
    }

    /// The event cannot be taken.
    pub fn rejected(detail: Bilingual) -> Self {
        let (status, kind) = (StatusCode::UNPROCESSABLE_ENTITY, "rejected");
        Self { status, kind, title: "Event rejected", detail, retry_after_secs: None }
    }

    /// A field of a form is missing or too long.
    pub fn incomplete(zh: &str, en: &str) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "incomplete", "Incomplete", zh, en)
    }

    /// The link for the first admin is used up or replaced.
    pub fn link_used() -> Self {
        let (zh, en) = (
            "此链接已使用、已过期或已被新链接取代。请重新启动服务以取得新链接。",
            "This link has been used, has run out or was replaced. Restart the service for a new one.",
        );
        Self::new(StatusCode::GONE, "link-used", "Link no longer good", zh, en)
    }

    /// The request did not arrive in time.
    pub fn too_slow() -> Self {
        let (zh, en) = (
            "请求未能及时传完，未保存任何内容。本机记录仍在，请稍后再发。",
            "The request did not arrive in time and nothing was stored. What this device has recorded is safe; send it again later.",
        );
        Self::new(StatusCode::REQUEST_TIMEOUT, "too-slow", "Too slow", zh, en)
    }

    /// The kinds of faults there are, each with what it says; the address of a problem leads here.
    pub fn of_kind(kind: &str) -> Option<Self> {
        let some = |zh: &str, en: &str| Bilingual::new(zh, en);
        let mut all = vec![
            Self::signed_out(),
            Self::not_allowed(),
            Self::foreign_origin(),
            Self::stale_form(),
            Self::unreadable_sign_in(),
            Self::wrong_code_or_pin(),
            Self::trivial_pin(),
            Self::malformed(),
            Self::too_large(),
            Self::too_slow(),
            Self::not_json(),
            Self::not_found(),
            Self::wrong_method(),
            Self::link_used(),
            Self::busy(),
            Self::storage(StatusCode::SERVICE_UNAVAILABLE),
            Self::incomplete(
                "表单填写不全，没有改动任何内容。",
                "A form was not filled in completely and nothing was changed.",
            ),
        ];
        let (zh, en) = (
            "尝试次数过多，须等待所示的时间。本机记录不受影响。",
            "There were too many attempts; wait as long as was said. What this device has recorded is safe.",
        );
        all.push(Self { detail: some(zh, en), ..Self::wait(0) });
        let (zh, en) = (
            "此编号已属于另一条记录；先到的一条保持不变。",
            "Another record has this number already; the first one is kept as it is.",
        );
        all.push(Self::conflict(some(zh, en)));
        let (zh, en) = (
            "记录可以读懂，但不能保存；未保存的原因随回执说明。",
            "The record can be read but not stored; the receipt says why.",
        );
        all.push(Self::rejected(some(zh, en)));
        all.into_iter().find(|fault| fault.kind == kind)
    }

    /// More is asked at once than can be done.
    pub fn busy() -> Self {
        let (zh, en) = (
            "服务暂时繁忙，未改动任何内容。请稍后再试；本机记录不受影响。",
            "The service is busy and nothing was changed. Try again shortly; what this device has recorded is safe.",
        );
        let fault = Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "Busy", zh, en);
        Self { retry_after_secs: Some(5), ..fault }
    }

    fn storage(status: StatusCode) -> Self {
        let (zh, en) = (
            "服务暂时无法保存，未改动任何内容。请保留本机记录，稍后再发，并告知管理员。",
            "The service cannot store anything at present and nothing was changed. Keep what this device has recorded, send it later, and tell the administrator.",
        );
        let fault = Self::new(status, "storage", "Cannot store", zh, en);
        Self { retry_after_secs: Some(60), ..fault }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        eprintln!("storage: {error}");
        match error {
            StoreError::Full => Self::storage(StatusCode::INSUFFICIENT_STORAGE),
            StoreError::Stopped(_) | StoreError::Refused(_) => Self::storage(StatusCode::SERVICE_UNAVAILABLE),
        }
    }
}

impl From<Crowded> for Fault {
    fn from(_: Crowded) -> Self {
        Self::busy()
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let problem = Problem {
            kind: format!("/problems/{}", self.kind),
            title: self.title.to_owned(),
            status: self.status.as_u16(),
            detail: self.detail.clone(),
        };
        let mut response = (self.status, axum::Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(secs) = self.retry_after_secs {
            headers.insert(RETRY_AFTER, HeaderValue::from(secs));
        }
        // The desk turns it into a page.
        response.extensions_mut().insert(self);
        response
    }
}

//! Why a request to the store was refused, in Chinese and English.

use super::super::misfit::Misfit;
use crate::api::Fault;
use crate::store::StoreError;
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use heritage::Bilingual;

/// A refusal.
#[derive(Debug)]
pub struct Refusal(Fault);

impl Refusal {
    /// With this status, in these words.
    pub fn new(status: StatusCode, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self(Fault::statement(status, Bilingual::new(zh.into(), en.into())))
    }

    /// What was sent is not as the standard says.
    pub fn bad(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, zh, en)
    }

    /// There is no such thing.
    pub fn missing() -> Self {
        Self::new(StatusCode::NOT_FOUND, "没有找到。", "There is no such thing here.")
    }

    /// Nobody is named, or not by a credential that is in use.
    pub fn unknown() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "请用管理员在带训台发放的凭证（键与密钥）以 HTTP Basic 方式登录；凭证可能有误或已撤销。",
            "Sign in by HTTP Basic with a credential (key and secret) that an administrator makes at the desk; this one is wrong, revoked or missing.",
        )
    }

    /// The credential's scope does not reach so far.
    pub fn out_of_scope() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "此凭证的权限不包括这一请求；请管理员另发凭证。",
            "The scope of this credential does not cover this request; ask an administrator for another.",
        )
    }

    /// Somebody has tried too often.
    pub fn wait(wait_ms: i64) -> Self {
        Self(Fault::wait(wait_ms))
    }
}

impl From<Misfit> for Refusal {
    fn from(misfit: Misfit) -> Self {
        let words = misfit.words();
        Self::bad(format!("{}。", words.zh), format!("{}.", words.en))
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = self.0.status;
        let mut response = self.0.into_response();
        if status == StatusCode::UNAUTHORIZED {
            let realm = HeaderValue::from_static("Basic realm=\"Retrace xAPI\", charset=\"UTF-8\"");
            response.headers_mut().insert(WWW_AUTHENTICATE, realm);
        }
        response
    }
}

//! Faults as RFC 9457 problems: what happened, what is safe, what to do, in the asker's language and in both.

mod accounts;
mod entering;
mod halls;
mod kinds;

use crate::identity::pin::Crowded;
use crate::store::StoreError;
use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, VARY};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use heritage::{Bilingual, Lang};
use protocol::api::Problem;

/// A title in Chinese and in English.
pub type Title = (&'static str, &'static str);

/// A fault that a visitor is told of.
#[derive(Clone, Debug)]
pub struct Fault {
    /// HTTP status.
    pub status: StatusCode,
    /// Last part of the problem's address; stable.
    pub kind: &'static str,
    /// Short, the same for every fault of this kind.
    pub title: Title,
    /// In words.
    pub detail: Bilingual,
    /// Seconds after which another attempt makes sense.
    pub retry_after_secs: Option<i64>,
}

impl Fault {
    fn new(status: StatusCode, kind: &'static str, title: Title, detail: (&str, &str)) -> Self {
        Self::with(status, kind, title, Bilingual::new(detail.0, detail.1))
    }

    fn with(status: StatusCode, kind: &'static str, title: Title, detail: Bilingual) -> Self {
        Self { status, kind, title, detail, retry_after_secs: None }
    }

    fn problem(&self, lang: Lang) -> Problem {
        let title = match lang {
            Lang::Zh => self.title.0,
            Lang::En => self.title.1,
        };
        Problem {
            kind: format!("/problems/{}", self.kind),
            title: title.to_owned(),
            status: self.status.as_u16(),
            detail: self.detail.get(lang).to_owned(),
            words: self.detail.clone(),
        }
    }
}

/// Says an answer's fault, if it has one, in `lang`. Handlers answer in Chinese; they do not know who asks.
pub fn say_in(lang: Lang, response: &mut Response) {
    let Some(problem) = response.extensions().get::<Fault>().map(|fault| fault.problem(lang)) else { return };
    let Ok(text) = serde_json::to_vec(&problem) else { return };
    *response.body_mut() = Body::from(text);
    let headers = response.headers_mut();
    headers.remove(CONTENT_LENGTH);
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(lang.tag()));
    headers.insert(VARY, HeaderValue::from_static("accept-language"));
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "storage");
        match error {
            StoreError::Full => Self::storage(StatusCode::INSUFFICIENT_STORAGE),
            StoreError::Unclear(_) => Self::unanswered(),
            StoreError::Stopped(_) | StoreError::Away(_) | StoreError::Refused(_) => {
                Self::storage(StatusCode::SERVICE_UNAVAILABLE)
            }
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
        let mut response = self.status.into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(secs) = self.retry_after_secs {
            headers.insert(RETRY_AFTER, HeaderValue::from(secs));
        }
        // The desk turns it into a page.
        response.extensions_mut().insert(self);
        say_in(Lang::default(), &mut response);
        response
    }
}

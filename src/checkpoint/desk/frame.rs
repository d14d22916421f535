//! What every page of the desk has: language, who is there, the way to the other pages; and faults shown as pages.

use crate::api::{Address, Fault};
use crate::house::{App, House};
use crate::identity::SignedIn;
use crate::identity::permission::cookie;
use crate::routes::Access;
use crate::secrets::{Purpose, hex};
use crate::web::{language, missing};
use askama::Template;
use axum::extract::{FromRequestParts, State};
use axum::http::header::{CACHE_CONTROL, LOCATION, RETRY_AFTER};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use heritage::{Bilingual, Lang};
use protocol::api::Role;
use std::convert::Infallible;

/// Name of the cookie that holds the desk's language.
pub const LANGUAGE: &str = "desk-lang";

/// In which language, and at which address.
pub struct Look {
    /// Chosen at the desk, else as the browser prefers; Chinese where it does not say.
    pub lang: Lang,
    /// Path and query, for the way back.
    pub here: String,
}

impl Look {
    /// Of a request.
    pub fn of(headers: &HeaderMap, uri: &Uri) -> Self {
        let lang = match cookie(headers, LANGUAGE) {
            Some("zh") => Lang::Zh,
            Some("en") => Lang::En,
            _ => language::preferred(headers),
        };
        Self { lang, here: uri.path_and_query().map_or_else(|| "/desk/".to_owned(), ToString::to_string) }
    }
}

impl FromRequestParts<App> for Look {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers, &parts.uri))
    }
}

/// What the base page is filled with.
pub struct Frame {
    /// The page's language.
    pub lang: Lang,
    here: String,
    who: Option<(String, String, Role)>,
    /// Goes into every form.
    pub token: String,
}

impl Frame {
    /// For someone signed in.
    pub fn of(house: &House, look: Look, who: &SignedIn) -> Self {
        let person = &who.person;
        let known = (person.name.clone(), person.unit_name.clone(), person.role);
        Self { lang: look.lang, here: look.here, who: Some(known), token: form_token(house, who) }
    }

    /// For a page that anyone may see.
    pub fn outside(look: Look) -> Self {
        Self { lang: look.lang, here: look.here, who: None, token: String::new() }
    }

    /// With what goes into the forms of someone signed in.
    pub fn with_token(self, house: &House, who: &SignedIn) -> Self {
        Self { token: form_token(house, who), ..self }
    }

    /// The text in the page's language.
    pub fn say<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// Likewise.
    pub fn pick<'a>(&self, text: &'a Bilingual) -> &'a str {
        text.get(self.lang)
    }

    /// Name and unit of who is there.
    pub fn name(&self) -> Option<String> {
        self.who.as_ref().map(|(name, unit, _)| format!("{name} · {unit}"))
    }

    /// Whether this is the address.
    pub fn is_here(&self, address: &str) -> bool {
        self.here == address
    }

    /// Whether the address begins like this.
    pub fn is_at(&self, address: &str) -> bool {
        self.here.starts_with(address)
    }

    /// Whether what these may do is offered.
    fn admits(&self, access: Access) -> bool {
        self.who.as_ref().is_some_and(|(_, _, role)| access.admits(*role))
    }

    /// Whether what only an admin may do is offered.
    pub fn is_admin(&self) -> bool {
        self.admits(Access::Admin)
    }

    /// Whether whoever is there decides on walks.
    pub fn decides(&self) -> bool {
        self.admits(Access::Trainer)
    }

    /// Whether whoever is there rates practice.
    pub fn rates(&self) -> bool {
        self.admits(Access::Rater)
    }

    /// Whether whoever is there reads the walks of others.
    pub fn reads(&self) -> bool {
        self.admits(Access::Reader)
    }

    /// Whether whoever is there reads people and tables.
    pub fn oversees(&self) -> bool {
        self.admits(Access::Overseer)
    }

    /// Whether whoever is there reads the audit log.
    pub fn audits(&self) -> bool {
        self.admits(Access::Auditor)
    }

    /// Address that changes the language and comes back here.
    pub fn other_language(&self) -> String {
        let to: String = form_urlencoded::byte_serialize(self.here.as_bytes()).collect();
        format!("/desk/language/{}?to={to}", self.lang.other().code())
    }
}

/// Proves that a form was made for this session by this service.
pub fn form_token(house: &House, who: &SignedIn) -> String {
    hex(&house.secrets.derive(Purpose::Form, &who.session))[..32].to_owned()
}

/// A page as an answer; never kept by anyone in between.
pub fn page(template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => ([(CACHE_CONTROL, "no-store")], Html(text)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page of the desk could not be made");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[derive(Template)]
#[template(path = "fault.html")]
struct FaultPage {
    at: Frame,
    fault: Fault,
}

/// `/problems/{kind}`: what a problem's address leads to.
pub async fn explain(State(app): State<App>, look: Look, Address(kind): Address<String>) -> Response {
    match Fault::of_kind(&kind) {
        Some(fault) => page(&FaultPage { at: Frame::outside(look), fault }),
        None => missing::page(&app.settings.web).await,
    }
}

/// Shows an answer's fault, if it has one, as a page; sends those who are signed out to the door.
pub fn show_fault(look: Look, reads: bool, mut response: Response) -> Response {
    let Some(fault) = response.extensions_mut().remove::<Fault>() else { return response };
    if fault.status == StatusCode::UNAUTHORIZED && reads {
        let to: String = form_urlencoded::byte_serialize(look.here.as_bytes()).collect();
        let headers = [(LOCATION, format!("/desk/sign-in?to={to}")), (CACHE_CONTROL, "no-store".to_owned())];
        return (StatusCode::SEE_OTHER, headers).into_response();
    }
    let (status, wait_secs) = (fault.status, fault.retry_after_secs);
    let mut shown = page(&FaultPage { at: Frame::outside(look), fault });
    *shown.status_mut() = status;
    if let Some(secs) = wait_secs {
        shown.headers_mut().insert(RETRY_AFTER, HeaderValue::from(secs));
    }
    shown
}

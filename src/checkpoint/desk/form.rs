//! Plain forms: fields by name, some of them several times.

use super::frame::form_token;
use crate::api::Fault;
use crate::house::House;
use crate::identity::SignedIn;
use axum::body::Bytes;
use axum::extract::FromRequest;
use axum::extract::Request;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use subtle::ConstantTimeEq;

/// The fields of a form.
pub struct Form(Vec<(String, String)>);

impl Form {
    /// The first value of a field, without blanks around it; empty if absent.
    pub fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim()).unwrap_or_default()
    }

    /// A field that must have 1 to `most` characters, none of them control characters.
    ///
    /// # Errors
    /// A [`Fault`] that says which field.
    pub fn required(&self, name: &str, most: usize, zh: &str, en: &str) -> Result<String, Fault> {
        let text = self.text(name);
        let fits = (1..=most).contains(&text.chars().count()) && !text.chars().any(char::is_control);
        if fits { Ok(text.to_owned()) } else { Err(Fault::incomplete(zh, en)) }
    }

    /// Every value of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Goes on only if the form was made for this session.
    ///
    /// # Errors
    /// A [`Fault`] if it was not.
    pub fn made_for(&self, house: &House, who: &SignedIn) -> Result<(), Fault> {
        let same = self.text("token").as_bytes().ct_eq(form_token(house, who).as_bytes());
        if bool::from(same) { Ok(()) } else { Err(Fault::stale_form()) }
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Fault;
    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        let body = Bytes::from_request(request, state).await.map_err(|rejection: BytesRejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE { Fault::too_large() } else { Fault::malformed() }
        })?;
        Ok(Self(form_urlencoded::parse(&body).into_owned().collect()))
    }
}

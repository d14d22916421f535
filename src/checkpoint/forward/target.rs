//! A store that is forwarded to.

use crate::xapi::Edition;
use axum::http::HeaderValue;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

/// A store that is forwarded to, as the operator names it.
#[derive(Clone, Debug)]
pub struct Target {
    /// Its name here, which its place in the log hangs on.
    pub name: String,
    /// Where it is, without a slash at the end, as in `https://lrs.example/xapi`.
    pub endpoint: String,
    /// The edition that it is spoken to in.
    pub edition: Edition,
    /// Whom of: the unit and those below it, or everyone.
    pub unit: Option<Uuid>,
    /// What we show; never told in any form.
    pub(super) authorization: HeaderValue,
}

impl Target {
    /// A store that takes this key and secret; `None` where they cannot stand in a header.
    pub fn new(name: &str, endpoint: &str, edition: Edition, (key, secret): (&str, &str)) -> Option<Self> {
        let mut authorization =
            HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(format!("{key}:{secret}")))).ok()?;
        authorization.set_sensitive(true);
        let endpoint = endpoint.trim_end_matches('/').to_owned();
        Some(Self { name: name.to_owned(), endpoint, edition, unit: None, authorization })
    }

    /// The same, of one unit and those below it alone.
    #[must_use]
    pub fn of_unit(self, unit: Uuid) -> Self {
        Self { unit: Some(unit), ..self }
    }
}

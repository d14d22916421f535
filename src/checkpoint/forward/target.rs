//! A store that is forwarded to.

use super::file::secret_in;
use crate::xapi::Edition;
use axum::http::HeaderValue;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
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
    /// What we show.
    shown: Arc<Mutex<Shown>>,
    /// As whom, and where the secret is read from, where it may change while the service runs.
    source: Option<Source>,
}

impl Target {
    /// A store that takes this key and secret; `None` where they cannot stand in a header.
    ///
    /// The secret stays as it is.
    pub fn new(name: &str, endpoint: &str, edition: Edition, (key, secret): (&str, &str)) -> Option<Self> {
        let shown = Arc::new(Mutex::new(Shown { authorization: basic(key, secret)?, fault: None }));
        let endpoint = endpoint.trim_end_matches('/').to_owned();
        Some(Self { name: name.to_owned(), endpoint, edition, unit: None, shown, source: None })
    }

    /// The same, whose secret is in this file: what is written there later is taken without a restart.
    #[must_use]
    pub fn with_secret_in(self, key: &str, file: PathBuf) -> Self {
        Self { source: Some(Source { key: key.to_owned(), file }), ..self }
    }

    /// What we show at the moment; never told in any form.
    pub(super) fn authorization(&self) -> HeaderValue {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).authorization.clone()
    }

    /// Reads the secret's file anew; whether there is another one now. What cannot be used leaves the one that we have.
    pub(super) async fn renew(&self) -> bool {
        let Some(Source { key, file }) = self.source.clone() else { return false };
        let read = tokio::task::spawn_blocking(move || {
            let secret = secret_in(&file)?;
            basic(&key, &secret).ok_or_else(|| format!("secret_file {} cannot stand in a header", file.display()))
        });
        let read = read.await.unwrap_or_else(|error| Err(error.to_string()));
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        match read {
            Ok(authorization) => {
                shown.fault = None;
                let is_new = shown.authorization != authorization;
                shown.authorization = authorization;
                is_new
            }
            Err(fault) => {
                // Once, and not at every look.
                if shown.fault.as_ref() != Some(&fault) {
                    tracing::warn!(store = self.name, fault, "the secret is not read anew");
                }
                shown.fault = Some(fault);
                false
            }
        }
    }

    /// The same, of one unit and those below it alone.
    #[must_use]
    pub fn of_unit(self, unit: Uuid) -> Self {
        Self { unit: Some(unit), ..self }
    }
}

/// What is shown to the store, and why the secret could not be read anew, if it could not.
#[derive(Debug)]
struct Shown {
    authorization: HeaderValue,
    fault: Option<String>,
}

fn basic(key: &str, secret: &str) -> Option<HeaderValue> {
    let mut shown = HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(format!("{key}:{secret}")))).ok()?;
    shown.set_sensitive(true);
    Some(shown)
}

/// As whom, and the file that the secret is in.
#[derive(Clone)]
struct Source {
    key: String,
    file: PathBuf,
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a file")
    }
}

//! The operator's list of identity providers, in TOML. Everything that is wrong with it is told at once.

use super::{Known, Provider, Providers};
use crate::outside::is_allowed;
use crate::store::{Store, StoreError};
use axum::http::Uri;
use heritage::Bilingual;
use openidconnect::{ClientId, ClientSecret, IssuerUrl};
use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use tokio::sync::Mutex;
use toml::{Table, Value};
use uuid::Uuid;

/// Bytes of the file; a few hundred for each provider.
const MOST_BYTES: u64 = 256 * 1024;
/// Letters of a title, which stands on a button.
const MOST_TITLE: usize = 40;
const KEYS: [&str; 7] = ["id", "title", "issuer", "client_id", "secret_file", "secret_env", "unit"];

/// Why a list of providers cannot be used: every fault of it.
#[derive(Debug)]
pub struct BadProviders {
    file: String,
    faults: Vec<String>,
}

impl std::error::Error for BadProviders {}

impl fmt::Display for BadProviders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the identity providers in {} cannot be used; docs/sign-in.md shows how they are written:",
            self.file
        )?;
        self.faults.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
    }
}

/// A list as it was read: what stands in it, and what is wrong with it.
pub struct Listing {
    file: String,
    found: Vec<(String, Option<Provider>, Option<Uuid>)>,
    faults: Vec<String>,
}

impl Listing {
    /// Reads a file. Secrets are taken from where it says they are.
    pub fn read(file: &Path) -> Self {
        let mut listing = Self { file: file.display().to_string(), found: Vec::new(), faults: Vec::new() };
        match text(file).and_then(|text| text.parse::<Table>().map_err(|error| error.to_string())) {
            Ok(table) => listing.fill(&table, file),
            Err(fault) => listing.faults.push(fault.trim_end().replace('\n', "\n  ")),
        }
        listing
    }

    fn fill(&mut self, table: &Table, file: &Path) {
        let mut seen = BTreeSet::new();
        for (key, value) in table {
            let Some(entries) = value.as_array().filter(|_| key == "provider") else {
                self.faults.push(format!("“{key}” is not known: write each provider under [[provider]]"));
                continue;
            };
            for (number, entry) in entries.iter().enumerate() {
                let Some(entry) = entry.as_table() else {
                    self.faults.push(format!("provider {} is no table: write it under [[provider]]", number + 1));
                    continue;
                };
                let id = entry.get("id").and_then(Value::as_str).unwrap_or_default();
                let name = format!("provider {} ({})", number + 1, if id.is_empty() { "without id" } else { id });
                let mut reading = Reading { entry, name: name.clone(), faults: &mut self.faults };
                let (provider, unit) = reading.provider(file.parent().unwrap_or(Path::new("")));
                let issuer = entry.get("issuer").and_then(Value::as_str).unwrap_or_default();
                for (what, said) in [("id", id), ("issuer", issuer)] {
                    if !said.is_empty() && !seen.insert((what, said.to_owned())) {
                        self.faults.push(format!("{name}: another provider has the {what} {said}; each has its own"));
                    }
                }
                self.found.push((name, provider, unit));
            }
        }
        if self.found.is_empty() && self.faults.is_empty() {
            self.faults.push("no provider is in it: write [[provider]], or leave --providers out".to_owned());
        }
    }

    /// The providers, if nothing is wrong with any, and each one's unit is kept.
    ///
    /// # Errors
    /// [`BadProviders`] with every fault; the outer [`StoreError`] where the store cannot be read.
    pub async fn settled(mut self, store: &dyn Store) -> Result<Result<Providers, BadProviders>, StoreError> {
        for (name, _, unit) in &self.found {
            if let Some(unit) = unit
                && store.units_below(*unit).await?.is_empty()
            {
                self.faults.push(format!("{name}: there is no unit {unit}; the desk shows each one's under Units"));
            }
        }
        let providers: Vec<Provider> = self.found.into_iter().filter_map(|(_, provider, _)| provider).collect();
        if self.faults.is_empty() {
            return Ok(Ok(Providers(providers.into())));
        }
        Ok(Err(BadProviders { file: self.file, faults: self.faults }))
    }
}

fn text(file: &Path) -> Result<String, String> {
    let cannot = |error: std::io::Error| format!("it cannot be read: {error}");
    if std::fs::metadata(file).map_err(cannot)?.len() > MOST_BYTES {
        return Err("it is too long to be a list of providers".to_owned());
    }
    std::fs::read_to_string(file).map_err(cannot)
}

/// One entry, and where its faults go.
struct Reading<'a> {
    entry: &'a Table,
    name: String,
    faults: &'a mut Vec<String>,
}

impl Reading<'_> {
    fn fault(&mut self, said: impl fmt::Display) {
        self.faults.push(format!("{}: {said}", self.name));
    }

    fn provider(&mut self, folder: &Path) -> (Option<Provider>, Option<Uuid>) {
        let unknown: Vec<&String> = self.entry.keys().filter(|key| !KEYS.contains(&key.as_str())).collect();
        for key in unknown {
            self.fault(format_args!("“{key}” is not known; there are {}", KEYS.join(", ")));
        }
        let is_id = |id: &str| {
            let plain = id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
            plain && id.len() <= 32
        };
        let id = self.text("id", "write small letters, digits and hyphens, 32 at most, as in county", is_id);
        let is_issuer = |issuer: &str| {
            let plain = !issuer.contains(['?', '#']);
            plain && issuer.parse::<Uri>().is_ok_and(|uri| is_allowed(&uri))
        };
        let issuer = self.text(
            "issuer",
            "write the address that the provider calls its issuer, as in https://login.example/realms/county",
            is_issuer,
        );
        let issuer = issuer.and_then(|issuer| IssuerUrl::new(issuer).ok());
        let client = self.text("client_id", "write the name by which the provider knows this service", |_| true);
        let title = self.title();
        let unit = self.text("unit", "write the unit's number, which the desk shows under Units", |unit| {
            Uuid::parse_str(unit).is_ok()
        });
        let unit = unit.and_then(|unit| Uuid::parse_str(&unit).ok());
        let secret = self.secret(folder);
        let parts = id.zip(issuer).zip(client).zip(title).zip(unit).zip(secret);
        let provider = parts.map(|(((((id, issuer), client), title), unit), secret)| Provider {
            id,
            title,
            unit,
            issuer,
            client: ClientId::new(client),
            secret,
            known: Mutex::new(Known::default()),
        });
        (provider, unit)
    }

    fn text(&mut self, key: &str, write: &str, fits: impl Fn(&str) -> bool) -> Option<String> {
        let found = self.entry.get(key);
        let text = found.and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty() && fits(text));
        match (text, found) {
            (Some(text), _) => return Some(text.to_owned()),
            (None, None) => self.fault(format_args!("{key} is missing; {write}")),
            (None, Some(_)) => self.fault(format_args!("{key} is not as it should be; {write}")),
        }
        None
    }

    fn title(&mut self) -> Option<Bilingual> {
        let title = self.entry.get("title");
        let get = |lang: &str| {
            let text = title?.get(lang)?.as_str()?.trim();
            let fits = (1..=MOST_TITLE).contains(&text.chars().count()) && !text.chars().any(char::is_control);
            fits.then(|| text.to_owned())
        };
        let both = get("zh").zip(get("en"));
        if both.is_none() {
            self.fault(format_args!(
                "title is missing or not whole; write it for the button in both languages, {MOST_TITLE} letters at most, \
                 as in title = {{ zh = \"县统一账号\", en = \"County account\" }}"
            ));
        }
        both.map(|(zh, en)| Bilingual::new(zh, en))
    }

    /// The secret, from where it is said to be; the inner `None` is a public client.
    #[expect(clippy::option_option, reason = "outside: a fault was told; inside: there is none")]
    fn secret(&mut self, folder: &Path) -> Option<Option<ClientSecret>> {
        let get = |key: &str| self.entry.get(key).map(|value| value.as_str().unwrap_or_default().to_owned());
        let read = match (get("secret_file"), get("secret_env")) {
            (None, None) => return Some(None),
            (Some(_), Some(_)) => Err("secret_file and secret_env are both there; name one".to_owned()),
            (Some(file), None) => std::fs::read_to_string(folder.join(&file))
                .map_err(|error| format!("secret_file {file} cannot be read: {error}")),
            (None, Some(variable)) => std::env::var(&variable)
                .map_err(|_| format!("secret_env names {variable}, which is not set in the environment")),
        };
        let read = read.and_then(|secret| match secret.trim() {
            "" => Err("the secret is empty; leave secret_file and secret_env out for a public client".to_owned()),
            secret => Ok(secret.to_owned()),
        });
        match read {
            Ok(secret) => Some(Some(ClientSecret::new(secret))),
            Err(fault) => {
                self.fault(fault);
                None
            }
        }
    }
}

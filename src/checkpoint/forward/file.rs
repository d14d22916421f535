//! The operator's file of stores that are forwarded to. Every fault in it is told, each with its line.

use super::Target;
use crate::outside::is_allowed;
use crate::xapi::Edition;
use axum::http::Uri;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};
use uuid::Uuid;

/// Stores that one service may forward to.
const MOST: usize = 20;
/// What may be said of a store.
const KEYS: [&str; 7] = ["name", "endpoint", "version", "key", "secret_file", "secret_env", "unit"];

/// What is wrong with a file, all of it, by line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faults {
    file: PathBuf,
    found: Vec<(usize, String)>,
}

impl std::error::Error for Faults {}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.display();
        write!(f, "nothing can be forwarded by {file}; docs/learning-systems.md shows one that is right")?;
        for (line, what) in &self.found {
            match line {
                0 => write!(f, "\n{file}: {what}")?,
                line => write!(f, "\n{file}:{line}: {what}")?,
            }
        }
        Ok(())
    }
}

/// Reads the file. `environment` gives the variables of the process.
///
/// # Errors
/// [`Faults`], all that there are.
pub fn read(file: &Path, environment: &dyn Fn(&str) -> Option<String>) -> Result<Vec<Target>, Faults> {
    let alone = |what: String| Faults { file: file.to_owned(), found: vec![(0, what)] };
    let text = std::fs::read_to_string(file).map_err(|error| alone(format!("it cannot be read: {error}")))?;
    let folder = file.parent().unwrap_or(Path::new("")).to_owned();
    let mut reading = Reading { text: &text, folder, environment, found: Vec::new(), names: BTreeSet::new() };
    let targets = reading.all();
    let mut found = reading.found;
    if found.is_empty() {
        return Ok(targets);
    }
    found.sort();
    Err(Faults { file: file.to_owned(), found })
}

struct Reading<'a> {
    text: &'a str,
    folder: PathBuf,
    environment: &'a dyn Fn(&str) -> Option<String>,
    found: Vec<(usize, String)>,
    names: BTreeSet<String>,
}

/// One store's table, with where it stands.
struct Said<'a> {
    table: &'a DeTable<'a>,
    at: Range<usize>,
}

impl Reading<'_> {
    fn fault(&mut self, at: &Range<usize>, what: impl Into<String>) {
        let before = self.text.get(..at.start).unwrap_or_default();
        self.found.push((before.matches('\n').count() + 1, what.into()));
    }

    fn all(&mut self) -> Vec<Target> {
        let text = self.text;
        let (document, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            self.fault(&error.span().unwrap_or_default(), error.message());
        }
        if !self.found.is_empty() {
            return Vec::new();
        }
        let mut targets = Vec::new();
        for (key, value) in document.get_ref() {
            match (&**key.get_ref(), value.get_ref()) {
                ("store", DeValue::Array(stores)) => {
                    if stores.len() > MOST {
                        self.fault(&value.span(), format!("there are {} stores; {MOST} is the most", stores.len()));
                    }
                    for each in stores {
                        match each.get_ref() {
                            DeValue::Table(table) => targets.extend(self.one(&Said { table, at: each.span() })),
                            _ => self.fault(&each.span(), "write each store as [[store]]"),
                        }
                    }
                }
                (other, _) => {
                    self.fault(&key.span(), format!("{other:?} is not known here; write each store as [[store]]"));
                }
            }
        }
        if targets.is_empty() && self.found.is_empty() {
            self.found.push((0, "it names no store; write one as [[store]]".to_owned()));
        }
        targets
    }

    fn one(&mut self, said: &Said<'_>) -> Option<Target> {
        for (key, value) in said.table {
            match &**key.get_ref() {
                "secret" => self.fault(
                    &key.span(),
                    "a secret has no place here: put it into a file that others cannot read and name that in secret_file, \
                     or into a variable of the environment and name that in secret_env",
                ),
                name if !KEYS.contains(&name) => {
                    let known = KEYS.join(", ");
                    self.fault(&key.span(), format!("{name:?} is not known; what may be said of a store: {known}"));
                }
                name if !value.get_ref().is_str() => {
                    self.fault(&value.span(), format!("{name} must be text within quotes"));
                }
                _ => {}
            }
        }
        let name = self.name(said);
        let endpoint = self.endpoint(said);
        let edition = self.edition(said);
        let key = self.required(said, "key").and_then(|(key, at)| {
            let fits = !key.contains(':') && !key.chars().any(char::is_control) && key.len() <= 500;
            self.held(fits, &at, "key must not hold a colon or control characters").then_some(key)
        });
        let secret = self.secret(said);
        let unit = match Self::text(said, "unit") {
            None => Some(None),
            Some((id, at)) => {
                let read = Uuid::parse_str(&id).ok();
                let what = format!("unit {id:?} is no id; the desk tells ids under Units, Forwarding");
                self.held(read.is_some(), &at, &what).then_some(read)
            }
        };
        let (key, (secret, file)) = (key?, secret?);
        let target = Target::new(&name?, &endpoint?, edition?, (&key, &secret))?;
        let target = match file {
            Some(file) => target.with_secret_in(&key, file),
            None => target,
        };
        Some(match unit? {
            Some(unit) => target.of_unit(unit),
            None => target,
        })
    }

    fn text(said: &Said<'_>, name: &str) -> Option<(String, Range<usize>)> {
        let (_, value) = said.table.iter().find(|(key, _)| **key.get_ref() == *name)?;
        Some((value.get_ref().as_str()?.to_owned(), value.span()))
    }

    /// A text that must be there. One of another type was told of before.
    fn required(&mut self, said: &Said<'_>, name: &str) -> Option<(String, Range<usize>)> {
        let found = Self::text(said, name).filter(|(text, _)| !text.is_empty());
        if found.is_none()
            && !said.table.iter().any(|(key, value)| **key.get_ref() == *name && !value.get_ref().is_str())
        {
            self.fault(&said.at, format!("{name} is missing"));
        }
        found
    }

    fn held(&mut self, fits: bool, at: &Range<usize>, what: &str) -> bool {
        if !fits {
            self.fault(at, what);
        }
        fits
    }

    fn name(&mut self, said: &Said<'_>) -> Option<String> {
        let (name, at) = self.required(said, "name")?;
        let fits = name.len() <= 40
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        let fits = self.held(fits, &at, "name: write up to 40 small letters, digits and hyphens, as in county-lrs");
        let is_new = self.names.insert(name.clone());
        (self.held(is_new, &at, "another store has this name already") && fits).then_some(name)
    }

    fn endpoint(&mut self, said: &Said<'_>) -> Option<String> {
        let (endpoint, at) = self.required(said, "endpoint")?;
        let uri: Option<Uri> = endpoint.parse().ok();
        let is_allowed = uri.as_ref().is_some_and(is_allowed);
        let what =
            "endpoint must begin with https:// (http:// is for this machine itself alone) and hold no key or secret";
        if !self.held(is_allowed, &at, what) {
            return None;
        }
        let is_plain = uri.is_some_and(|uri| uri.query().is_none()) && !endpoint.contains('#');
        let ends_well = !endpoint.trim_end_matches('/').ends_with("/statements");
        let what = "endpoint: write the address before /statements, without ? and #, as in https://lrs.example/xapi";
        self.held(is_plain && ends_well, &at, what).then_some(endpoint)
    }

    fn edition(&mut self, said: &Said<'_>) -> Option<Edition> {
        let Some((version, at)) = Self::text(said, "version") else { return Some(Edition::Two) };
        let edition = match version.as_str() {
            "2.0.0" => Some(Edition::Two),
            "1.0.3" => Some(Edition::One),
            _ => None,
        };
        self.held(edition.is_some(), &at, "version must be \"2.0.0\" or \"1.0.3\"");
        edition
    }

    /// The secret, with the file that it is in.
    fn secret(&mut self, said: &Said<'_>) -> Option<(String, Option<PathBuf>)> {
        let (secret, at, file) = match (Self::text(said, "secret_file"), Self::text(said, "secret_env")) {
            (Some((file, at)), None) => match from_file(&self.folder.join(&file)) {
                Ok(secret) => (secret, at, Some(self.folder.join(file))),
                Err(what) => {
                    self.fault(&at, what);
                    return None;
                }
            },
            (None, Some((name, at))) => {
                let Some(secret) = (self.environment)(&name) else {
                    self.fault(&at, format!("secret_env: there is no variable {name:?} in the service's environment"));
                    return None;
                };
                (secret.trim().to_owned(), at, None)
            }
            (Some((_, at)), Some(_)) => {
                self.fault(&at, "name either secret_file or secret_env");
                return None;
            }
            (None, None) => {
                self.fault(&said.at, "secret_file or secret_env is missing");
                return None;
            }
        };
        self.held(is_secret(&secret), &at, ONE_LINE).then_some((secret, file))
    }
}

const ONE_LINE: &str = "the secret must be one line of 1 to 1000 bytes";

fn is_secret(text: &str) -> bool {
    (1..=1_000).contains(&text.len()) && !text.chars().any(char::is_control)
}

/// The secret that is in a file now, by the same rules as at the start.
pub(super) fn secret_in(file: &Path) -> Result<String, String> {
    let secret = from_file(file)?;
    if is_secret(&secret) { Ok(secret) } else { Err(format!("secret_file {}: {ONE_LINE}", file.display())) }
}

/// The secret in a file, which others must not be able to read.
fn from_file(file: &Path) -> Result<String, String> {
    let name = file.display();
    let unread = |error: std::io::Error| format!("secret_file {name} cannot be read: {error}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(file).map_err(unread)?.permissions().mode();
        if mode & 0o007 != 0 {
            return Err(format!("secret_file {name} can be read by every account of this machine: chmod 600 {name}"));
        }
    }
    Ok(std::fs::read_to_string(file).map_err(unread)?.trim().to_owned())
}

//! Our own log as statements: each entry is one statement under the entry's id, derived whenever it is asked for.
//!
//! People are named by their id alone, as accounts of this service. What is about an account rather than learning (new PINs
//! and codes, wrong clocks, erasures) is no statement.

mod activity;
mod logs;
mod practice;
mod profile;
mod said;

pub use logs::Logs;
pub use profile::{PROFILE, VERSION, profile};

use super::VOIDED;
use super::marks::{Mark, marks, refers};
use super::time;
use super::version::Edition;
use crate::courses::Courses;
use crate::secrets::digest;
use crate::store::statements::FOLLOWED;
use crate::store::{Entry, Kind};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The name of this service as an account of its own: it vouches for what it recorded.
pub const SERVICE: &str = "retrace";

/// Verbs of others' profiles that we use.
pub const CONFIRM: &str = "http://activitystrea.ms/schema/1.0/confirm";
/// A walk was returned.
pub const DENY: &str = "http://activitystrea.ms/schema/1.0/deny";
/// A station was completed.
pub const COMPLETED: &str = "http://adlnet.gov/expapi/verbs/completed";
/// A question was answered.
pub const ANSWERED: &str = "http://adlnet.gov/expapi/verbs/answered";
/// Another trainer took a second look, or somebody rated what was practised.
pub const EVALUATED: &str = "https://w3id.org/xapi/acrossx/verbs/evaluated";
/// A text on the practice was submitted.
pub const POSTED: &str = "https://w3id.org/xapi/acrossx/verbs/posted";
/// The learner told what came of it.
pub const COMMENTED: &str = "http://adlnet.gov/expapi/verbs/commented";

/// What statements are derived with.
#[derive(Clone, Copy)]
pub struct Record<'a> {
    /// Sites, routes and keys.
    pub courses: &'a Courses,
    /// Where the service is opened.
    pub base: &'a str,
    /// In which edition statements are asked for.
    pub edition: Edition,
}

/// Whether a kind of entry is a statement.
pub const fn is_told(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Completed
            | Kind::Answered
            | Kind::AnsweredThere
            | Kind::Confirmed
            | Kind::Returned
            | Kind::Reopened
            | Kind::Attested
            | Kind::Vouched
            | Kind::Appealed
            | Kind::Rechecked
            | Kind::Assessed
            | Kind::Reflected
            | Kind::Rated
            | Kind::FollowedUp
    )
}

/// Whether a statement of this kind is told by other entries of the same log, too.
pub const fn refers_to_others(kind: Kind) -> bool {
    !matches!(kind, Kind::Completed | Kind::Answered | Kind::AnsweredThere | Kind::Reflected | Kind::FollowedUp)
}

impl Record<'_> {
    /// The statement that an entry is; `None` for what is none, or was written by a later version. `log` holds the
    /// subject's entries at the site where the kind [`refers_to_others`].
    pub fn statement(&self, entry: &Entry, log: &[Entry]) -> Option<Value> {
        if !is_told(entry.said.kind) {
            return None;
        }
        let mut statement = said::said(self, entry, log)?;
        let said = &entry.said;
        statement["id"] = json!(said.id);
        // A device's clock may say what no calendar holds.
        let at = jiff::Timestamp::from_millisecond(said.captured_at_ms).map(|_| said.captured_at_ms);
        statement["timestamp"] = json!(time::written(at.unwrap_or(said.received_at_ms)));
        statement["version"] = json!(self.edition.assumed());
        statement["authority"] = self.service();
        Some(statement)
    }

    /// Whether any statement of ours has this verb.
    pub fn has_verb(&self, verb: &str) -> bool {
        [CONFIRM, DENY, COMPLETED, ANSWERED, EVALUATED, POSTED, COMMENTED, VOIDED].contains(&verb)
            || verb.strip_prefix(PROFILE).is_some_and(|rest| rest.starts_with('#'))
    }

    /// A person, or the service itself.
    pub fn agent(&self, name: &str) -> Value {
        json!({ "objectType": "Agent", "account": { "homePage": self.base, "name": name } })
    }

    /// The service as an agent.
    pub fn service(&self) -> Value {
        self.agent(SERVICE)
    }

    /// By what an entry's statement is found: by itself, then by each that it refers to.
    pub fn marks(&self, statement: &Value, log: &[Entry]) -> Vec<BTreeSet<Mark>> {
        let mut found = vec![marks(statement)];
        let mut next = refers(statement);
        while let Some(entry) = next.and_then(|id| log.iter().find(|entry| entry.said.id == id)) {
            let Some(target) = self.statement(entry, log).filter(|_| found.len() < FOLLOWED) else { break };
            found.push(marks(&target));
            next = refers(&target);
        }
        found
    }

    /// Whether a later entry of the same log takes this one back: a confirmation that was reopened.
    pub fn is_voided(&self, entry: &Entry, log: &[Entry]) -> bool {
        let said = &entry.said;
        let same = |each: &&Entry| each.said.route == said.route && each.said.site == said.site && each.seq > entry.seq;
        let next = log
            .iter()
            .filter(same)
            .filter(|each| matches!(each.said.kind, Kind::Confirmed | Kind::Reopened))
            .min_by_key(|each| each.seq);
        said.kind == Kind::Confirmed && next.is_some_and(|next| next.said.kind == Kind::Reopened)
    }
}

/// The registration of one person's walk on one route: the same whenever it is worked out.
pub fn registration(subject: Uuid, course: &str) -> Uuid {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest(format!("registration\n{subject}\n{course}").as_bytes())[..16]);
    // An id of version 8 (RFC 9562): made by rules of our own.
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    Uuid::from_bytes(bytes)
}

/// The IRI of a verb, an extension or a template of ours.
fn own(name: &str) -> String {
    format!("{PROFILE}#{name}")
}

/// Words of a verb.
fn verb(id: &str, zh: &str, en: &str) -> Value {
    json!({ "id": id, "display": { "zh-CN": zh, "en": en } })
}

/// The verb that takes a statement back.
fn voided() -> Value {
    verb(VOIDED, "撤销了", "voided")
}

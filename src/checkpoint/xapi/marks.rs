//! By what a statement is found: its verb, activities, agents and registration, each as a key of its own.

use super::VOIDED;
use super::check::actor::IDENTIFIERS;
use super::check::words::read_uuid;
use crate::secrets::digest;
use serde_json::Value;
use std::collections::BTreeSet;
use uuid::Uuid;

/// What a key stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// The verb.
    Verb = 1,
    /// The activity that is the object.
    Activity = 2,
    /// Any activity that is told of.
    RelatedActivity = 3,
    /// The agent or group that is actor or object, or a member of one.
    Agent = 4,
    /// Any agent or group that is told of.
    RelatedAgent = 5,
    /// The registration.
    Registration = 6,
}

/// One thing by which a statement is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// What the key stands for.
    pub what: What,
    /// 128 bits of SHA-256 of it.
    pub key: Uuid,
}

impl Mark {
    /// Of a text.
    pub fn of(what: What, text: &str) -> Self {
        Self { what, key: key(text) }
    }

    /// Of an agent or an identified group; `None` for an anonymous one.
    pub fn of_agent(what: What, agent: &Value) -> Option<Self> {
        identity(agent).map(|identity| Self::of(what, &identity))
    }
}

/// 128 bits of SHA-256: a database finds it faster than a text of any length.
pub fn key(text: &str) -> Uuid {
    let mut half = [0; 16];
    half.copy_from_slice(&digest(text.as_bytes())[..16]);
    Uuid::from_bytes(half)
}

/// What tells an agent or identified group from all others.
pub fn identity(agent: &Value) -> Option<String> {
    IDENTIFIERS.iter().find_map(|name| match (agent.get(name)?, *name) {
        (Value::String(digest), "mbox_sha1sum") => Some(format!("{name}\n{}", digest.to_ascii_lowercase())),
        (Value::String(text), _) => Some(format!("{name}\n{text}")),
        (account, _) => Some(format!("{name}\n{}\n{}", account["homePage"].as_str()?, account["name"].as_str()?)),
    })
}

/// Everything by which a sound statement is found, by itself.
pub fn marks(statement: &Value) -> BTreeSet<Mark> {
    let mut found = BTreeSet::new();
    if let Some(verb) = statement["verb"]["id"].as_str() {
        found.insert(Mark::of(What::Verb, verb));
    }
    if let Some(registration) = registration(statement) {
        found.insert(Mark::of(What::Registration, &registration.to_string()));
    }
    let object = &statement["object"];
    people(&statement["actor"], &[What::Agent, What::RelatedAgent], &mut found);
    match object["objectType"].as_str() {
        None | Some("Activity") => activity(object, &[What::Activity, What::RelatedActivity], &mut found),
        Some("Agent" | "Group") => people(object, &[What::Agent, What::RelatedAgent], &mut found),
        Some("SubStatement") => told(object, &mut found),
        Some(_) => {}
    }
    around(statement, &mut found);
    people(&statement["authority"], &[What::RelatedAgent], &mut found);
    found
}

/// What is told within a statement is related to it.
fn told(statement: &Value, found: &mut BTreeSet<Mark>) {
    people(&statement["actor"], &[What::RelatedAgent], found);
    match statement["object"]["objectType"].as_str() {
        None | Some("Activity") => activity(&statement["object"], &[What::RelatedActivity], found),
        Some("Agent" | "Group") => people(&statement["object"], &[What::RelatedAgent], found),
        Some(_) => {}
    }
    around(statement, found);
}

fn around(statement: &Value, found: &mut BTreeSet<Mark>) {
    let context = &statement["context"];
    for related in context["contextActivities"].as_object().into_iter().flat_map(|lists| lists.values()) {
        match related {
            Value::Array(list) => list.iter().for_each(|each| activity(each, &[What::RelatedActivity], found)),
            one => activity(one, &[What::RelatedActivity], found),
        }
    }
    for who in ["instructor", "team"] {
        people(&context[who], &[What::RelatedAgent], found);
    }
    for (list, who) in [("contextAgents", "agent"), ("contextGroups", "group")] {
        for each in context[list].as_array().into_iter().flatten() {
            people(&each[who], &[What::RelatedAgent], found);
        }
    }
}

fn activity(activity: &Value, as_what: &[What], found: &mut BTreeSet<Mark>) {
    if let Some(id) = activity["id"].as_str() {
        found.extend(as_what.iter().map(|what| Mark::of(*what, id)));
    }
}

fn people(named: &Value, as_what: &[What], found: &mut BTreeSet<Mark>) {
    let members = named["member"].as_array().into_iter().flatten();
    for each in std::iter::once(named).chain(members) {
        found.extend(as_what.iter().filter_map(|what| Mark::of_agent(*what, each)));
    }
}

fn registration(statement: &Value) -> Option<Uuid> {
    read_uuid(statement.pointer("/context/registration")?.as_str()?)
}

/// The statement that is the object, if the object is one.
pub fn refers(statement: &Value) -> Option<Uuid> {
    let object = &statement["object"];
    (object["objectType"] == "StatementRef").then(|| read_uuid(object["id"].as_str()?))?
}

/// Whether it takes the statement back that it refers to.
pub fn is_voiding(statement: &Value) -> bool {
    statement["verb"]["id"] == VOIDED
}

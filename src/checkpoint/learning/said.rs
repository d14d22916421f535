//! The bodies of what is said, and writing them down.

use crate::api::Fault;
use crate::house::House;
use crate::store::{Appended, Kind, NewEntry};
use heritage::{Bilingual, Route};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Longest text of a learner, in characters.
pub const MOST_TEXT: usize = 4_000;

/// A text that is not submitted yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// As far as it has come.
    pub text: String,
}

/// A text that was submitted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reflection {
    /// In the learner's words.
    pub text: String,
    /// The learner's own view: a level for each criterion of the rubric.
    pub levels: Vec<u8>,
    /// Version of the course whose rubric it was.
    pub course: u32,
    /// Who was drawn to look at it, where the learner agreed and the unit has another learner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Uuid>,
}

/// Another learner's view of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// A level for each criterion of the rubric.
    pub levels: Vec<u8>,
    /// In their words; may be empty.
    pub note: String,
    /// Place of the text.
    pub of_seq: i64,
}

/// A rating by a trainer or mentor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    /// A level for each criterion of the rubric.
    pub levels: Vec<u8>,
    /// For the learner; may be empty.
    pub note: String,
    /// Place of the text.
    pub of_seq: i64,
    /// Version of the course whose rubric it was. A later version rates nothing anew.
    pub course: u32,
}

/// What came of it, by the learner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUp {
    /// In the learner's words.
    pub text: String,
    /// Who was drawn to add what they saw, where the learner agreed and the unit has another person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Uuid>,
}

/// What a colleague saw of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Second {
    /// In their words.
    pub text: String,
    /// Place of the learner's answer.
    pub of_seq: i64,
}

/// Whether to stand on the list of commendation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// Yes, as everybody does who has not said no.
    pub listed: bool,
}

/// Writes something down about `subject` on a route. `id` comes from the form, so that sending it twice writes once.
///
/// # Errors
/// A [`Fault`] where the id belongs to something else, or the store cannot keep it.
pub async fn say<T: Serialize + Sync>(
    house: &House,
    kind: Kind,
    (subject, author): (Uuid, Uuid),
    on: &Route,
    id: Uuid,
    what: &T,
) -> Result<(), Fault> {
    let body = serde_json::to_string(what).map_err(|_| Fault::malformed())?;
    let entry = NewEntry {
        site: Some(on.site.clone()),
        route: Some(on.id.clone()),
        ..NewEntry::about(id, kind, (subject, author), house.now_ms(), body)
    };
    match house.store.append(vec![entry]).await?.first() {
        Some(Appended::Stored(_) | Appended::Duplicate(_)) => Ok(()),
        _ => Err(Fault::conflict(Bilingual::new(
            "这份表单已用于另一份内容，没有保存。请返回，刷新页面后再试。",
            "This form has been used for something else and nothing was kept. Go back, load the page again and try once more.",
        ))),
    }
}

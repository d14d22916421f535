//! What a learning record store keeps beside the log: statements that others send, attachments, documents, and who may
//! send and read them. One trait, for each database; the log itself is only read here.

use super::{Entry, NewAudit, StoreError};
use crate::secrets::id_of;
use crate::xapi::marks::{Mark, is_voiding, marks, refers};
use crate::xapi::same::is_same;
use async_trait::async_trait;
use heritage::SiteId;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// How many references in a row are followed.
pub const FOLLOWED: usize = 8;

/// A statement about to be kept.
#[derive(Clone, Debug)]
pub struct NewStatement {
    /// Its id.
    pub id: Uuid,
    /// The service's clock, milliseconds since 1970 UTC.
    pub stored_ms: i64,
    /// The statement with everything but `stored`.
    pub body: Value,
}

impl NewStatement {
    /// By what it is found, by itself.
    pub fn marks(&self) -> BTreeSet<Mark> {
        marks(&self.body)
    }

    /// The statement that it refers to.
    pub fn refers(&self) -> Option<Uuid> {
        refers(&self.body)
    }

    /// Whether it takes that one back.
    pub fn is_voiding(&self) -> bool {
        is_voiding(&self.body)
    }

    /// Whether it is the statement that is kept under its id.
    pub fn is_same_as(&self, kept: &Value) -> bool {
        is_same(kept, &self.body)
    }
}

/// A statement as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// Of which unit's credential.
    pub unit: Uuid,
    /// Place in the order of writing.
    pub place: i64,
    /// Its id.
    pub id: Uuid,
    /// The service's clock, milliseconds since 1970 UTC.
    pub stored_ms: i64,
    /// Another statement has taken it back.
    pub is_voided: bool,
    /// The statement with everything but `stored`.
    pub body: Value,
}

/// What became of statements; all of them are kept, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// All are kept, now or since before.
    All,
    /// This id belongs to another statement.
    Conflict(Uuid),
}

/// Which statements are asked for, in the order of writing.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    /// All of these must be found on one statement: the one given back, or one that it refers to.
    pub marks: Vec<Mark>,
    /// Stored after this, milliseconds since 1970 UTC.
    pub since_ms: Option<i64>,
    /// Stored then or before.
    pub until_ms: Option<i64>,
    /// Past this time and place, in the direction asked for.
    pub past: Option<(i64, i64)>,
    /// The oldest first.
    pub ascending: bool,
    /// So many at most.
    pub most: u32,
}

/// Which entries of the log are asked for.
#[derive(Clone, Debug, Default)]
pub struct SoughtEntries {
    /// About or by this person.
    pub person: Option<Uuid>,
    /// At this site.
    pub site: Option<SiteId>,
    /// Received after this, milliseconds since 1970 UTC.
    pub since_ms: Option<i64>,
    /// Received then or before.
    pub until_ms: Option<i64>,
    /// Past this time and place in the log, in the direction asked for.
    pub past: Option<(i64, i64)>,
    /// The oldest first.
    pub ascending: bool,
    /// So many at most.
    pub most: u32,
}

/// What came with a statement, or belongs to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// SHA-2 of its content, in lower-case hexadecimal digits.
    pub sha2: String,
    /// Its media type.
    pub content_type: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// Where documents are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelf {
    /// 1 state, 2 activity profile, 3 agent profile.
    pub kind: i64,
    /// The activity's key; nil where the kind has none.
    pub activity: Uuid,
    /// The agent's key; nil where the kind has none.
    pub agent: Uuid,
    /// The registration; for one document nil stands for none, for several any.
    pub registration: Uuid,
    /// The agent as it was named, so that a person can be erased; empty where the kind has none.
    pub named: String,
}

/// A document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its media type.
    pub content_type: String,
    /// Its bytes.
    pub content: Vec<u8>,
    /// When it was last changed, milliseconds since 1970 UTC.
    pub changed_ms: i64,
}

/// What a credential may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything.
    All,
    /// Send statements.
    Write,
    /// Read statements.
    Read,
}

impl Scope {
    /// All of them, in the order in which the desk offers them: the least first.
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::All];

    /// The word of the standard, in the database and in forms.
    pub const fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Write => "statements/write",
            Self::Read => "statements/read",
        }
    }

    /// The scope named by [`Self::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.code() == code)
    }
}

/// By what another system sends and reads statements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SystemCredential {
    /// Its public part, the user name.
    pub key: String,
    /// To which unit it belongs.
    pub unit: Uuid,
    /// What it is for, in the words of whoever made it.
    pub name: String,
    /// What it may do.
    pub scope: Scope,
    /// SHA-256 of the secret; of 256 random bits, so that no slower hash is needed.
    pub secret_hash: [u8; 32],
    /// When it was made, milliseconds since 1970 UTC.
    pub made_ms: i64,
    /// When it was revoked, if it was.
    pub ended_ms: Option<i64>,
}

impl SystemCredential {
    /// What stands for it where people stand by their ids: the same for as long as it is kept, and no person's.
    pub fn id(&self) -> Uuid {
        id_of(self.key.as_bytes())
    }
}

/// Everything that a learning record store keeps.
#[async_trait]
pub trait Statements: Send + Sync {
    /// Keeps all of these or none, with what came with them, for a unit; an id that is there with the same statement
    /// changes nothing. What they say of activities is added to what is known of them.
    async fn add_statements(
        &self,
        unit: Uuid,
        new: Vec<NewStatement>,
        attachments: Vec<Attachment>,
    ) -> Result<Added, StoreError>;

    /// The statement with this id, of the unit or else of one below it.
    async fn statement(&self, unit: Uuid, id: Uuid) -> Result<Option<Statement>, StoreError>;

    /// Statements of the unit and those below it that nobody has taken back.
    async fn statements(&self, unit: Uuid, sought: Sought) -> Result<Vec<Statement>, StoreError>;

    /// Attachments, each named by its unit and digest; those that are not there are left out.
    async fn attachments(&self, named: Vec<(Uuid, String)>) -> Result<Vec<Attachment>, StoreError>;

    /// What is known of activities, by their keys; those of which nothing is known are left out.
    async fn definitions(&self, unit: Uuid, keys: Vec<Uuid>) -> Result<BTreeMap<Uuid, Value>, StoreError>;

    /// A document.
    async fn document(&self, unit: Uuid, on: Shelf, name: String) -> Result<Option<Document>, StoreError>;

    /// Names of the documents on a shelf that were changed after this time, by name.
    async fn documents(&self, unit: Uuid, on: Shelf, since_ms: Option<i64>) -> Result<Vec<String>, StoreError>;

    /// Puts a document in place of what was `seen`, or takes it away; `false`, and nothing has changed, if another is there.
    async fn change_document(
        &self,
        unit: Uuid,
        on: Shelf,
        name: String,
        seen: Option<Document>,
        new: Option<Document>,
    ) -> Result<bool, StoreError>;

    /// Takes every document of a shelf away.
    async fn clear_documents(&self, unit: Uuid, on: Shelf) -> Result<(), StoreError>;

    /// Makes a credential, with the audit entry that says who did it; `false` if the key is there already.
    async fn add_system_credential(&self, credential: SystemCredential, audit: NewAudit) -> Result<bool, StoreError>;

    /// The credential with this key.
    async fn system_credential(&self, key: String) -> Result<Option<SystemCredential>, StoreError>;

    /// Credentials of the unit and those below it, the newest first.
    async fn system_credentials_of(&self, unit: Uuid) -> Result<Vec<SystemCredential>, StoreError>;

    /// Revokes a credential, with the audit entry that says who did it; `false` if there is none that is in use.
    async fn end_system_credential(&self, key: String, now_ms: i64, audit: NewAudit) -> Result<bool, StoreError>;

    /// Entries about people of the unit and those below it, by when they were received.
    async fn entries(&self, unit: Uuid, sought: SoughtEntries) -> Result<Vec<Entry>, StoreError>;

    /// The entry with this id, if it is about somebody of the unit or one below it.
    async fn entry(&self, unit: Uuid, id: Uuid) -> Result<Option<Entry>, StoreError>;
}

//! Passkeys of those who work at the desk. What is in one, the store does not know.

use super::StoreError;
use super::audit::NewAudit;
use super::kept::Person;
use async_trait::async_trait;
use uuid::Uuid;

/// Passkeys that one person may have.
pub const MOST_PASSKEYS: usize = 10;

/// A passkey as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptPasskey {
    /// Stable, random.
    pub id: Uuid,
    /// Whose.
    pub person: Uuid,
    /// As its owner calls it.
    pub name: String,
    /// SHA-256 of the credential's id.
    pub key_id: [u8; 32],
    /// What verifies it, as JSON: public key, counter, flags of its backup.
    pub kept: String,
    /// When it was made, by the service's clock.
    pub made_ms: i64,
    /// When it last let somebody in, if it ever did.
    pub used_ms: Option<i64>,
}

/// What a store keeps of passkeys.
#[async_trait]
pub trait Passkeys: Send + Sync {
    /// Adds a passkey, with the audit entry that says so; `false`, and nothing is kept, if it is there already or its owner
    /// has [`MOST_PASSKEYS`].
    async fn add_passkey(&self, passkey: KeptPasskey, audit: NewAudit) -> Result<bool, StoreError>;

    /// A person's passkeys, the oldest first.
    async fn passkeys_of(&self, person: Uuid) -> Result<Vec<KeptPasskey>, StoreError>;

    /// The passkey of the credential with this hash, with its owner.
    async fn passkey(&self, key_id: [u8; 32]) -> Result<Option<(Person, KeptPasskey)>, StoreError>;

    /// Writes down that a passkey let somebody in, and what has changed in it. `false` if it was removed or has changed since
    /// it was `seen`: of two who come with the same count, one comes in.
    async fn use_passkey(&self, seen: KeptPasskey, kept: String, now_ms: i64) -> Result<bool, StoreError>;

    /// Removes one of a person's own, with the audit entry that says so; `false` if it is not there.
    async fn remove_passkey(&self, person: Uuid, id: Uuid, audit: NewAudit) -> Result<bool, StoreError>;
}

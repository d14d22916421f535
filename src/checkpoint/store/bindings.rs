//! Accounts of a unit's identity provider that are bound to people. Which account it is, the store does not know.

use super::StoreError;
use super::audit::NewAudit;
use super::kept::Person;
use async_trait::async_trait;
use uuid::Uuid;

/// A binding as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Stable, random.
    pub id: Uuid,
    /// Who signs in by it.
    pub person: Uuid,
    /// The provider's issuer, as its tokens say it.
    pub issuer: String,
    /// Derived by the service's secret from issuer and subject: neither can be read from it.
    pub account_key: [u8; 32],
    /// When it was made, by the service's clock.
    pub made_ms: i64,
    /// When it last let somebody in, if it has since.
    pub used_ms: Option<i64>,
}

/// What a store keeps of bindings.
#[async_trait]
pub trait Bindings: Send + Sync {
    /// Adds a binding, with the audit entry that says so; `false`, and nothing is kept, if the account is bound already, or
    /// the person to another account of this issuer.
    async fn add_binding(&self, binding: Binding, audit: NewAudit) -> Result<bool, StoreError>;

    /// A person's bindings, the oldest first.
    async fn bindings_of(&self, person: Uuid) -> Result<Vec<Binding>, StoreError>;

    /// Of everyone in a unit and those below it.
    async fn bindings_of_unit(&self, unit: Uuid) -> Result<Vec<Binding>, StoreError>;

    /// The binding of this account, with whose it is.
    async fn binding(&self, account_key: [u8; 32]) -> Result<Option<(Person, Binding)>, StoreError>;

    /// Writes down that a binding let somebody in, with the audit entry that says so; `false` if it is not there any more.
    async fn use_binding(&self, id: Uuid, now_ms: i64, audit: NewAudit) -> Result<bool, StoreError>;

    /// Removes one of a person's and ends every session of theirs, with the audit entry that says who did it; `false` if it is
    /// not there.
    async fn remove_binding(&self, person: Uuid, id: Uuid, audit: NewAudit) -> Result<bool, StoreError>;
}

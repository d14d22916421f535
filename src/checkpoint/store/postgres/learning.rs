//! What a learning record store keeps, on a server.

use super::step::{read, write};
use super::{Postgres, deeds, shelves, statements};
use crate::store::StoreError;
use crate::store::audit::NewAudit;
use crate::store::kept::Entry;
use crate::store::statements::{
    Added, Attachment, Document, NewStatement, Shelf, Sought, SoughtEntries, Statement, Statements, SystemCredential,
};
use async_trait::async_trait;
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

#[async_trait]
impl Statements for Postgres {
    async fn add_statements(
        &self,
        unit: Uuid,
        new: Vec<NewStatement>,
        attachments: Vec<Attachment>,
    ) -> Result<Added, StoreError> {
        write!(self, true, |step, _again| statements::add(&step, unit, &new, &attachments))
    }

    async fn statement(&self, unit: Uuid, id: Uuid) -> Result<Option<Statement>, StoreError> {
        read!(self, client => statements::by_id(&client, unit, id))
    }

    async fn statements(&self, unit: Uuid, sought: Sought) -> Result<Vec<Statement>, StoreError> {
        read!(self, client => statements::sought(&client, unit, &sought))
    }

    async fn attachments(&self, named: Vec<(Uuid, String)>) -> Result<Vec<Attachment>, StoreError> {
        read!(self, client => shelves::attachments(&client, &named))
    }

    async fn definitions(&self, unit: Uuid, keys: Vec<Uuid>) -> Result<BTreeMap<Uuid, Value>, StoreError> {
        read!(self, client => statements::definitions(&client, unit, &keys))
    }

    async fn document(&self, unit: Uuid, on: Shelf, name: String) -> Result<Option<Document>, StoreError> {
        read!(self, client => shelves::document(&client, unit, &on, &name, false))
    }

    async fn documents(&self, unit: Uuid, on: Shelf, since_ms: Option<i64>) -> Result<Vec<String>, StoreError> {
        read!(self, client => shelves::documents(&client, unit, &on, since_ms))
    }

    async fn change_document(
        &self,
        unit: Uuid,
        on: Shelf,
        name: String,
        seen: Option<Document>,
        new: Option<Document>,
    ) -> Result<bool, StoreError> {
        let change = (seen.as_ref(), new.as_ref());
        write!(self, false, |step, _again| shelves::change_document(&step, unit, &on, &name, change))
    }

    async fn clear_documents(&self, unit: Uuid, on: Shelf) -> Result<(), StoreError> {
        write!(self, true, |step, _again| shelves::clear(&step, unit, &on))
    }

    async fn add_system_credential(&self, credential: SystemCredential, audit: NewAudit) -> Result<bool, StoreError> {
        write!(self, false, |step, _again| deeds::add_system_credential(&step, &credential, &audit))
    }

    async fn system_credential(&self, key: String) -> Result<Option<SystemCredential>, StoreError> {
        read!(self, client => shelves::system_credential_by(&client, &key))
    }

    async fn system_credentials_of(&self, unit: Uuid) -> Result<Vec<SystemCredential>, StoreError> {
        read!(self, client => shelves::system_credentials_of(&client, unit))
    }

    async fn end_system_credential(&self, key: String, now_ms: i64, audit: NewAudit) -> Result<bool, StoreError> {
        write!(self, false, |step, _again| deeds::end_system_credential(&step, &key, now_ms, &audit))
    }

    async fn entries(&self, unit: Uuid, sought: SoughtEntries) -> Result<Vec<Entry>, StoreError> {
        read!(self, client => shelves::entries(&client, unit, &sought))
    }

    async fn entry(&self, unit: Uuid, id: Uuid) -> Result<Option<Entry>, StoreError> {
        read!(self, client => shelves::entry(&client, unit, id))
    }
}

//! What a learning record store keeps, in the file.

use super::{Sqlite, audit, shelves, statements};
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
impl Statements for Sqlite {
    async fn add_statements(
        &self,
        unit: Uuid,
        new: Vec<NewStatement>,
        attachments: Vec<Attachment>,
    ) -> Result<Added, StoreError> {
        let rows = new.len() + attachments.len();
        self.writer.write(rows, move |c| statements::add(c, unit, &new, &attachments)).await
    }

    async fn statement(&self, unit: Uuid, id: Uuid) -> Result<Option<Statement>, StoreError> {
        self.read(move |c| statements::by_id(c, unit, id)).await
    }

    async fn statements(&self, unit: Uuid, sought: Sought) -> Result<Vec<Statement>, StoreError> {
        self.read(move |c| statements::sought(c, unit, &sought)).await
    }

    async fn attachments(&self, named: Vec<(Uuid, String)>) -> Result<Vec<Attachment>, StoreError> {
        self.read(move |c| shelves::attachments(c, &named)).await
    }

    async fn definitions(&self, unit: Uuid, keys: Vec<Uuid>) -> Result<BTreeMap<Uuid, Value>, StoreError> {
        let known = move |c: &rusqlite::Connection| {
            let one = |key| Ok(statements::definition(c, unit, key)?.map(|definition| (key, definition)));
            let all = keys.into_iter().map(one).collect::<Result<Vec<_>, StoreError>>()?;
            Ok(all.into_iter().flatten().collect())
        };
        self.read(known).await
    }

    async fn document(&self, unit: Uuid, on: Shelf, name: String) -> Result<Option<Document>, StoreError> {
        self.read(move |c| shelves::document(c, unit, &on, &name)).await
    }

    async fn documents(&self, unit: Uuid, on: Shelf, since_ms: Option<i64>) -> Result<Vec<String>, StoreError> {
        self.read(move |c| shelves::documents(c, unit, &on, since_ms)).await
    }

    async fn change_document(
        &self,
        unit: Uuid,
        on: Shelf,
        name: String,
        seen: Option<Document>,
        new: Option<Document>,
    ) -> Result<bool, StoreError> {
        self.writer.write(1, move |c| shelves::change(c, unit, &on, &name, (seen.as_ref(), new.as_ref()))).await
    }

    async fn clear_documents(&self, unit: Uuid, on: Shelf) -> Result<(), StoreError> {
        self.writer.write(1, move |c| shelves::clear(c, unit, &on)).await
    }

    async fn add_system_credential(&self, credential: SystemCredential, audit: NewAudit) -> Result<bool, StoreError> {
        let add = move |c: &rusqlite::Connection| {
            Ok(shelves::add_system_credential(c, &credential)? && audit::add(c, &audit).map(|()| true)?)
        };
        self.writer.write(2, add).await
    }

    async fn system_credential(&self, key: String) -> Result<Option<SystemCredential>, StoreError> {
        self.read_here(move |c| shelves::system_credential_by(c, &key)).await
    }

    async fn system_credentials_of(&self, unit: Uuid) -> Result<Vec<SystemCredential>, StoreError> {
        self.read(move |c| shelves::system_credentials_of(c, unit)).await
    }

    async fn end_system_credential(&self, key: String, now_ms: i64, audit: NewAudit) -> Result<bool, StoreError> {
        let end = move |c: &rusqlite::Connection| {
            Ok(shelves::end_system_credential(c, &key, now_ms)? && audit::add(c, &audit).map(|()| true)?)
        };
        self.writer.write(2, end).await
    }

    async fn entries(&self, unit: Uuid, sought: SoughtEntries) -> Result<Vec<Entry>, StoreError> {
        self.read(move |c| shelves::entries(c, unit, &sought)).await
    }

    async fn entry(&self, unit: Uuid, id: Uuid) -> Result<Option<Entry>, StoreError> {
        self.read(move |c| shelves::entry(c, unit, id)).await
    }
}

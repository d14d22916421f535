//! Logs that are read so that an entry which refers to others can be told.

use super::{is_told, refers_to_others};
use crate::store::{Entry, Store, StoreError};
use heritage::SiteId;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Logs that were read, each once.
#[derive(Default)]
pub struct Logs(BTreeMap<(Uuid, SiteId), Vec<Entry>>);

impl Logs {
    /// The subject's entries at the site of an entry, where its statement is told by others too.
    ///
    /// # Errors
    /// [`StoreError`] where the store cannot be read.
    pub async fn of(&mut self, store: &dyn Store, entry: &Entry) -> Result<&[Entry], StoreError> {
        let said = &entry.said;
        let (true, Some(site)) = (refers_to_others(said.kind) && is_told(said.kind), &said.site) else {
            return Ok(&[]);
        };
        let key = (said.subject, site.clone());
        if !self.0.contains_key(&key) {
            let log = store.log_at(said.subject, site.clone()).await?;
            self.0.insert(key.clone(), log);
        }
        Ok(self.0.get(&key).map(Vec::as_slice).unwrap_or_default())
    }
}

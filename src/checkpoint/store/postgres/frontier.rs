//! The one row at which the log grows. Whoever holds it gives the next places; nobody else can before the commit.

use super::ask::{change, row};
use super::trouble::Trouble;
use crate::history::tree::Growing;
use crate::store::StoreError;
use deadpool_postgres::GenericClient;
use tokio_postgres::Row;

/// Where log, tree and audit log end.
#[derive(Clone, Debug)]
pub struct Frontier {
    /// Last place given in the log.
    pub seq: i64,
    /// The tree so far.
    pub tree: Growing,
    /// Last place given in the audit log.
    pub audit_seq: i64,
}

const COLUMNS: &str = "SELECT seq, size, edge, audit_seq FROM frontier";

impl Frontier {
    /// Takes the row; waits while another transaction has it.
    pub async fn take(step: &impl GenericClient) -> Result<Self, Trouble> {
        Self::of(row(step, &format!("{COLUMNS} FOR UPDATE"), &[]).await?.as_ref())
    }

    /// As it stands, for reading.
    pub async fn read(client: &impl GenericClient) -> Result<Self, Trouble> {
        Self::of(row(client, COLUMNS, &[]).await?.as_ref())
    }

    fn of(row: Option<&Row>) -> Result<Self, Trouble> {
        let Some(row) = row else { return Err(StoreError::broken_tree().into()) };
        let size = u64::try_from(row.try_get::<_, i64>(1)?).map_err(|_| StoreError::broken_tree())?;
        let tree = Growing::restored(size, row.try_get(2)?).ok_or_else(StoreError::broken_tree)?;
        Ok(Self { seq: row.try_get(0)?, tree, audit_seq: row.try_get(3)? })
    }

    /// Writes the row, also where it has not changed: whatever is answered after this commit was committed before it, and
    /// so is wherever the server keeps its log, standby included.
    pub async fn give_back(&self, step: &impl GenericClient) -> Result<(), Trouble> {
        let size = i64::try_from(self.tree.size()).map_err(|_| StoreError::broken_tree())?;
        let sql = "UPDATE frontier SET seq = $1, size = $2, edge = $3, audit_seq = $4";
        let written = change(step, sql, &[&self.seq, &size, &self.tree.edge(), &self.audit_seq]).await?;
        if written == 1 { Ok(()) } else { Err(StoreError::broken_tree().into()) }
    }
}

//! Clearing away all that a visitor leaves: records, progress, settings, language. The kiosk's own queue stays, and so do
//! the caches, which are the same for everybody.

use super::doors;
use crate::db::{Db, Fault, META, OUTBOX, REFUSED, VISITS};
use crate::json::Value;
use crate::network;

/// Clears it away; what cannot be cleared now is cleared when the next page opens, before anything of it is read.
pub async fn visitor() {
    doors::clear_plain();
    records().await.ok();
}

async fn records() -> Result<(), Fault> {
    let db = Db::open().await?;
    let tx = db.write()?;
    let signed_in = tx.get(META, "session").await? != Value::Null;
    for store in [META, VISITS, OUTBOX, REFUSED] {
        tx.clear(store)?;
    }
    tx.over().await?;
    if signed_in {
        // Nobody is meant to sign in here; whoever did is signed out.
        network::ask("DELETE", "/v1/session", None).await;
    }
    Ok(())
}

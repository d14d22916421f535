//! One transaction: begun, and committed with an answer or without.

use super::trouble::Trouble;
use deadpool_postgres::{Object, Transaction};
use std::time::Duration;
use tokio_postgres::IsolationLevel;

/// How long a commit may go without an answer; one that waits for a standby which is away has none.
const COMMIT: Duration = Duration::from_secs(10);

/// Begins. Each statement sees what was committed before it; what must not change meanwhile is held by its row.
pub async fn begin(client: &mut Object) -> Result<Transaction<'_>, Trouble> {
    Ok(client.build_transaction().isolation_level(IsolationLevel::ReadCommitted).start().await?)
}

/// Commits. Where the way to the server fails meanwhile, whether it did is not known.
pub async fn commit(step: Transaction<'_>) -> Result<(), Trouble> {
    match tokio::time::timeout(COMMIT, step.commit()).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) if error.code().is_some_and(|code| code.code().starts_with("40") && code.code() != "40003") => {
            Err(error.into())
        }
        Ok(Err(error)) => match Trouble::from(error) {
            // A session that the server ends, or loses, may have committed.
            Trouble::Again(said) => Err(Trouble::Unclear(said)),
            other => Err(other),
        },
        Err(_) => Err(Trouble::Unclear("the commit was not answered in time".to_owned())),
    }
}

/// Reads, and tries again for as long as it may help.
macro_rules! read {
    ($store:expr, $client:ident => $work:expr) => {{
        let mut patience = $crate::store::postgres::trouble::Patience::default();
        loop {
            let outcome = async {
                let $client = $store.pool.get().await?;
                let outcome = $work.await;
                if matches!(outcome, Err($crate::store::postgres::trouble::Trouble::Again(_))) {
                    drop(deadpool_postgres::Object::take($client));
                }
                outcome
            }
            .await;
            match outcome {
                Ok(found) => break Ok(found),
                Err(trouble) => {
                    if let Err(error) = patience.after(trouble).await {
                        break Err(error);
                    }
                }
            }
        }
    }};
}

/// Writes in one transaction, and tries again where the server undid it. `$again` says of an attempt whether an earlier
/// one's commit was never answered; what is not `safe` is then not tried again, and that is what is told.
macro_rules! write {
    ($store:expr, $safe:expr, |$step:ident, $again:ident| $work:expr) => {{
        let mut patience = $crate::store::postgres::trouble::Patience::default();
        loop {
            let $again = patience.unclear;
            let outcome = async {
                let mut client = $store.pool.get().await?;
                let outcome = async {
                    let $step = $crate::store::postgres::step::begin(&mut client).await?;
                    let told = $work.await?;
                    $crate::store::postgres::step::commit($step).await?;
                    Ok(told)
                }
                .await;
                if !matches!(outcome, Ok(_) | Err($crate::store::postgres::trouble::Trouble::Last(_))) {
                    drop(deadpool_postgres::Object::take(client));
                }
                outcome
            }
            .await;
            match outcome {
                Ok(told) => break Ok(told),
                Err($crate::store::postgres::trouble::Trouble::Unclear(said)) if !$safe => {
                    break Err($crate::store::StoreError::Unclear(said));
                }
                Err(trouble) => {
                    if let Err(error) = patience.after(trouble).await {
                        break Err(error);
                    }
                }
            }
        }
    }};
}

pub(super) use {read, write};

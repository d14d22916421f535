//! Connections to the server: what a session is set to, and what a server must be to be trusted with a record.

use super::address::Address;
use super::trouble::{Patience, Trouble};
use crate::outside::authorities;
use crate::store::StoreError;
use deadpool_postgres::{GenericClient, Hook, HookError, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::NoTls;
use tokio_postgres::config::TargetSessionAttrs;
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// Connections that one service keeps at most.
const CONNECTIONS: usize = 10;
/// How long to wait for a connection.
const WAIT: Duration = Duration::from_secs(5);
/// The oldest server there is a promise for, as it numbers itself.
const OLDEST: i32 = 150_000;

/// What is done with a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Serving: a statement that takes long, or a transaction that lies idle, is ended by the server, so that a service
    /// which has lost its way holds nobody up.
    Serve,
    /// Looking after the database, for as long as it takes.
    Attend,
    /// Looking only; a standby will do.
    Inspect,
}

/// Connections to be taken and given back.
pub fn pool(address: &Address, used: Use) -> Result<Pool, StoreError> {
    let mut config = address.config().clone();
    if used != Use::Inspect {
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
    }
    let settled = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = if address.is_encrypted() {
        Manager::from_config(config, encryption()?, settled)
    } else {
        Manager::from_config(config, NoTls, settled)
    };
    Pool::builder(manager)
        .max_size(CONNECTIONS)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(WAIT))
        .create_timeout(Some(2 * WAIT))
        .recycle_timeout(Some(WAIT))
        .post_create(Hook::async_fn(move |client, _| {
            Box::pin(async move { client.batch_execute(settings(used)).await.map_err(HookError::Backend) })
        }))
        .build()
        .map_err(|error| StoreError::Refused(error.to_string()))
}

/// Verifies the server's certificate against whom browsers trust, and whom the file that `PGSSLROOTCERT` names vouches for.
fn encryption() -> Result<MakeRustlsConnect, StoreError> {
    let refused = |why: String| StoreError::Refused(why);
    let own = std::env::var_os("PGSSLROOTCERT").map(PathBuf::from);
    let mut roots = RootCertStore::empty();
    // Those that cannot be used vouch for nobody.
    roots.add_parsable_certificates(authorities(own.as_deref()).map_err(|error| refused(error.to_string()))?);
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| refused(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

/// A commit that is answered is on disk, and with a standby that commits wait for, there too. Whoever set the server or the
/// role otherwise did not know what it would be used for; what is stronger stays.
const fn settings(used: Use) -> &'static str {
    match used {
        Use::Serve => {
            "SELECT set_config('synchronous_commit', 'on', false) \
                 WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply'); \
             SET statement_timeout = '10s'; SET idle_in_transaction_session_timeout = '10s'"
        }
        Use::Attend => {
            "SELECT set_config('synchronous_commit', 'on', false) \
                 WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply'); \
             SET statement_timeout = 0"
        }
        Use::Inspect => "SET default_transaction_read_only = on; SET statement_timeout = 0",
    }
}

/// Whether the server can be trusted with a record.
///
/// # Errors
/// [`StoreError`] where it cannot be reached, is too old, keeps other letters than UTF-8, or does not wait for its disk.
pub async fn examine(pool: &Pool) -> Result<(), StoreError> {
    let mut patience = Patience::default();
    let (version, letters, waits) = loop {
        match asked(pool).await {
            Ok(found) => break found,
            Err(trouble) => patience.after(trouble).await?,
        }
    };
    let number: i32 = version.parse().unwrap_or_default();
    let fault = if number < OLDEST {
        format!("the server is too old (it numbers itself {version}); PostgreSQL 15 or newer is needed")
    } else if letters != "UTF8" {
        format!("the database keeps {letters}; make it anew with ENCODING 'UTF8'")
    } else if waits.as_deref() == Some("off") {
        "the server answers before its disk does (fsync = off): what is told to be stored might not be; set fsync = on"
            .to_owned()
    } else {
        return Ok(());
    };
    Err(StoreError::Refused(fault))
}

async fn asked(pool: &Pool) -> Result<(String, String, Option<String>), Trouble> {
    let client = pool.get().await?;
    let sql = "SELECT current_setting('server_version_num'), current_setting('server_encoding'), current_setting('fsync', true)";
    let row = GenericClient::query_one(&client, sql, &[]).await?;
    Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))
}

/// Whether there are tables, on a server that takes writes.
pub async fn takes_writes(client: &impl GenericClient) -> Result<(), Trouble> {
    let sql = "SELECT current_setting('transaction_read_only') = 'off' FROM migration LIMIT 1";
    if super::ask::is(client, sql, &[]).await? {
        return Ok(());
    }
    Err(Trouble::Again("the server takes no writes".to_owned()))
}

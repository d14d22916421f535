//! What can go wrong between the service and its server, and how long to go on trying.

use crate::outside::is_distrust;
use crate::secrets::random;
use crate::store::StoreError;
use deadpool_postgres::{HookError, PoolError};
use std::error::Error as _;
use std::time::{Duration, Instant};
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

/// For how long something is tried again after it first failed, and how often at least where tries take their time.
/// Whoever waits has kept what they sent.
const LONG: Duration = Duration::from_secs(6);
const OFTEN: u32 = 8;
/// For how long at most, however few the tries.
const LONGEST: Duration = Duration::from_secs(30);
/// The first wait before another try, doubled each time up to the last.
const FIRST_MS: u64 = 5;
const LAST_MS: u64 = 400;

/// Why something asked of the server did not succeed.
#[derive(Clone, Debug)]
pub enum Trouble {
    /// The server undid it, or was not there: it can be done once more.
    Again(String),
    /// The commit was sent and never answered.
    Unclear(String),
    /// Trying again would lead to the same.
    Last(StoreError),
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Last(error)
    }
}

impl From<Trouble> for StoreError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Again(said) => Self::Away(said),
            Trouble::Unclear(said) => Self::Unclear(said),
            Trouble::Last(error) => error,
        }
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        let said = in_words(&error);
        match error.code() {
            Some(code) if *code == SqlState::DISK_FULL => Self::Last(StoreError::Full),
            Some(code) if is_passing(code) => Self::Again(said),
            None if is_of_the_way(&error) => Self::Again(said),
            _ => Self::Last(StoreError::Refused(said)),
        }
    }
}

impl From<PoolError> for Trouble {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => Self::from(error),
            other => Self::Again(other.to_string()),
        }
    }
}

/// Whether the server undid a transaction for a reason that another try need not meet.
fn is_passing(code: &SqlState) -> bool {
    let passing = [
        // A lock or a statement that took too long, a session ended by the server, a server that starts or has no room.
        SqlState::LOCK_NOT_AVAILABLE,
        SqlState::QUERY_CANCELED,
        SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::TOO_MANY_CONNECTIONS,
        // A server that has become a standby: another of those named may be the primary by now.
        SqlState::READ_ONLY_SQL_TRANSACTION,
        // Another statement of the transaction failed first, and says why.
        SqlState::IN_FAILED_SQL_TRANSACTION,
    ];
    // 40: rolled back, as 40001 and 40P01 are; 08: the connection.
    code.code().starts_with("40") || code.code().starts_with("08") || passing.contains(code)
}

/// Whether it is the way to the server that failed, rather than what was said.
fn is_of_the_way(error: &Error) -> bool {
    let io = error.source().and_then(|source| source.downcast_ref::<std::io::Error>());
    // A certificate that is not trusted will not be trusted at the next try either.
    if io.is_some_and(is_distrust) {
        return false;
    }
    let has_io = io.is_some();
    // The library keeps the kind to itself; these are the words for it.
    let said = error.to_string();
    has_io || error.is_closed() || said.starts_with("error connecting") || said.starts_with("timeout")
}

fn in_words(error: &Error) -> String {
    match error.as_db_error() {
        Some(said) => format!("{} ({})", said.message(), said.code().code()),
        None => error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}")),
    }
}

/// How long to go on.
#[derive(Debug, Default)]
pub struct Patience {
    since: Option<Instant>,
    tries: u32,
    /// A commit was sent and never answered.
    pub unclear: bool,
}

impl Patience {
    /// Waits before another try, each time longer and never quite as long as another does, or says why there is none.
    ///
    /// # Errors
    /// [`StoreError`] where trying again would lead to the same, or it has been tried for long enough.
    pub async fn after(&mut self, trouble: Trouble) -> Result<(), StoreError> {
        let said = match trouble {
            Trouble::Last(error) => return Err(error),
            Trouble::Again(said) => said,
            Trouble::Unclear(said) => {
                self.unclear = true;
                said
            }
        };
        let since = self.since.get_or_insert_with(Instant::now).elapsed();
        if since > LONGEST || since > LONG && self.tries >= OFTEN {
            return Err(self.given_up(said));
        }
        let longest = (FIRST_MS << self.tries.min(16)).min(LAST_MS);
        self.tries += 1;
        let jitter = u64::from(random::<1>()[0]);
        tokio::time::sleep(Duration::from_millis(longest / 2 + longest * jitter / 512)).await;
        Ok(())
    }

    /// What is answered when nothing more is tried.
    pub const fn given_up(&self, said: String) -> StoreError {
        if self.unclear { StoreError::Unclear(said) } else { StoreError::Away(said) }
    }
}

//! Forwarding: what our log says goes on, as statements under the same ids, to other learning record stores.
//!
//! For each of them a task walks the log in order. What it has delivered is one place in the log; what a store would not
//! take is held with the store's own words, for an admin to see. A trouble of the way or of the store itself holds nothing:
//! it waits, and longer each time. Delivering twice changes nothing there, since an id is one statement.

mod counted;
pub mod file;
mod send;
mod state;
mod step;
mod target;
mod words;

pub use counted::metrics;
pub use state::{Forwarding, Line, Standing, State, Why};
pub use step::{Next, step};
pub use target::Target;

use crate::house::App;
use crate::store::StoreError;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// How often the log is looked at for something new.
const LOOK: Duration = Duration::from_secs(2);

/// Why forwarding cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum Unbegun {
    /// A unit that nobody has made.
    #[error("there is no unit {1}, of which {0} is to be sent; the desk tells ids under Units, Forwarding")]
    Unit(String, uuid::Uuid),
    /// The store cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Notes down each store, so that forwarding to it can begin or go on.
///
/// # Errors
/// [`Unbegun`] where a unit is not there, or the store cannot be used.
pub async fn begin(app: &App) -> Result<(), Unbegun> {
    for line in app.forwarding.lines() {
        let Target { name, unit, .. } = line.target();
        if let Some(unit) = unit
            && app.store.units_below(*unit).await?.is_empty()
        {
            return Err(Unbegun::Unit(name.clone(), *unit));
        }
        app.store.begin_forward(name.clone(), *unit).await?;
    }
    Ok(())
}

/// Forwards to every store until `stop` is done. What is on its way then is sent again after the next start.
pub async fn run(app: App, stop: impl Future<Output = ()>) {
    let mut lines = JoinSet::new();
    for line in app.forwarding.lines() {
        lines.spawn(follow(Arc::clone(&app), Arc::clone(line)));
    }
    stop.await;
    lines.shutdown().await;
}

async fn follow(app: App, line: Arc<Line>) {
    loop {
        let rest = match step(&app, &line).await {
            Next::More => continue,
            // Where it has stopped, a new secret lets it go on, which is looked for.
            Next::Rest | Next::Stopped => LOOK,
            Next::Wait(ms) => Duration::from_millis(u64::try_from(ms).unwrap_or_default()),
        };
        tokio::select! {
            () = tokio::time::sleep(rest) => {}
            () = line.woken() => {}
        }
    }
}

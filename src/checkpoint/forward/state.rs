//! How forwarding to each store stands at the moment, as this service sees it. It is forgotten when the service stops.

use super::Target;
use crate::metrics::Counter;
use crate::outside::Unanswered;
use crate::store::StoreError;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

/// What keeps statements from being delivered.
#[derive(Clone, Debug)]
pub enum Why {
    /// There was no answer.
    Unanswered(Unanswered),
    /// The store has trouble of its own, or wants us to wait; its status and words.
    Trouble(u16, String),
    /// An answer that no learning record store gives at this address.
    Strange(u16, String),
    /// Key and secret are not taken, or may not store statements.
    TurnedAway(u16, String),
    /// So much is held that the fault is hardly in each statement.
    TooMuchHeld(i64),
    /// Our own database.
    Store(StoreError),
}

impl Why {
    /// In a word, without anything that another has said.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unanswered(_) => "unanswered",
            Self::Trouble(..) => "trouble",
            Self::Strange(..) => "strange",
            Self::TurnedAway(..) => "turned-away",
            Self::TooMuchHeld(_) => "too-much-held",
            Self::Store(_) => "database",
        }
    }
}

/// Whether it goes on.
#[derive(Clone, Debug, Default)]
pub enum Standing {
    /// It does.
    #[default]
    Running,
    /// Not before this time, by the service's clock.
    Waiting(i64, Why),
    /// Not before somebody says so.
    Stopped(Why),
}

/// How it stands.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Whether it goes on.
    pub standing: Standing,
    /// Troubles in a row.
    pub in_a_row: u32,
    /// Troubles of the store's own in a row at one place of the log: with too many, statements are sent singly.
    pub(super) tried: u32,
    /// The place in the log, where it was read.
    pub(super) seq: Option<i64>,
    /// So many statements are sent together, where halving was broken off: a store that wants a pause after every few
    /// requests is gone on with where it was.
    pub(super) together: Option<u32>,
}

/// One store with its state.
#[derive(Debug)]
pub struct Line {
    target: Target,
    state: Mutex<State>,
    wake: Notify,
    /// Troubles since the start.
    pub failures: Counter,
}

impl Line {
    /// The store.
    pub const fn target(&self) -> &Target {
        &self.target
    }

    /// How it stands.
    pub fn state(&self) -> State {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Goes on now, whatever was waited for.
    pub fn wake(&self) {
        self.set(|state| *state = State { in_a_row: state.in_a_row, tried: state.tried, ..State::default() });
        self.wake.notify_one();
    }

    /// When somebody has said to go on.
    pub(super) async fn woken(&self) {
        self.wake.notified().await;
    }
}

/// Every store that is forwarded to.
#[derive(Debug, Default)]
pub struct Forwarding(Vec<Arc<Line>>);

impl Forwarding {
    /// To these stores.
    pub fn to(targets: Vec<Target>) -> Self {
        let line = |target| {
            Arc::new(Line { target, state: Mutex::default(), wake: Notify::new(), failures: Counter::default() })
        };
        Self(targets.into_iter().map(line).collect())
    }

    /// Each of them.
    pub fn lines(&self) -> &[Arc<Line>] {
        &self.0
    }

    /// The one of this name.
    pub fn line(&self, name: &str) -> Option<&Arc<Line>> {
        self.0.iter().find(|line| line.target.name == name)
    }
}

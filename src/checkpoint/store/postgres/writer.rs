//! The one task of a service that appends what devices send: all that waits goes into one commit, and nobody is answered
//! before it is on disk.
//!
//! Other services may append to the same log meanwhile; whose turn it is, the frontier's row decides.

use super::append::{Became, append};
use super::frontier::Frontier;
use super::step::{begin, commit};
use super::trouble::{Patience, Trouble};
use crate::store::StoreError;
use crate::store::kept::{Appended, NewEntry};
use crate::store::tally::Tally;
use deadpool_postgres::{Object, Pool};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

/// Rows after which a group is committed even if more waits. What waits is taken at once, so time needs no bound.
const GROUP_ROWS: usize = 512;
/// Requests that may wait; beyond it, senders wait in turn.
const MAY_WAIT: usize = 1024;

struct Job {
    entries: Vec<NewEntry>,
    answer: oneshot::Sender<Result<Vec<Appended>, StoreError>>,
}

/// The sending end.
pub struct Writer {
    jobs: mpsc::Sender<Job>,
    /// What it has done.
    pub tally: Arc<Tally>,
}

impl Writer {
    /// Starts the task; it ends when the sender is gone.
    pub fn start(pool: Pool) -> Self {
        let (jobs, waiting) = mpsc::channel(MAY_WAIT);
        let tally = Arc::<Tally>::default();
        tokio::spawn(write_groups(pool, waiting, Arc::clone(&tally)));
        Self { jobs, tally }
    }

    /// Appends within the next group and answers once that group is on disk.
    ///
    /// # Errors
    /// What appending or the commit came to.
    pub async fn append(&self, entries: Vec<NewEntry>) -> Result<Vec<Appended>, StoreError> {
        let (answer, told) = oneshot::channel();
        self.jobs.send(Job { entries, answer }).await.map_err(|_| gone())?;
        told.await.map_err(|_| gone())?
    }
}

fn gone() -> StoreError {
    StoreError::Stopped("the writer has ended".to_owned())
}

async fn write_groups(pool: Pool, mut waiting: mpsc::Receiver<Job>, tally: Arc<Tally>) {
    while let Some(first) = waiting.recv().await {
        let began = Instant::now();
        let mut rows = first.entries.len();
        let mut group = vec![first];
        while rows < GROUP_ROWS
            && let Ok(job) = waiting.try_recv()
        {
            rows += job.entries.len();
            group.push(job);
        }
        let requests: Vec<&[NewEntry]> = group.iter().map(|job| job.entries.as_slice()).collect();
        let became = match write(&pool, &requests).await {
            // One of them may be why all were refused; what fails fails alone.
            Err(StoreError::Refused(_)) if requests.len() > 1 => one_by_one(&pool, &requests).await,
            Err(error) => vec![Err(error); requests.len()],
            Ok(became) => became,
        };
        if became.iter().any(Result::is_ok) {
            tally.count(group.len(), began.elapsed());
        }
        for (job, became) in group.into_iter().zip(became) {
            // A waiter that has gone away needs no answer; its rows stay.
            let _ = job.answer.send(became);
        }
    }
}

async fn one_by_one(pool: &Pool, requests: &[&[NewEntry]]) -> Became {
    let mut became = Vec::new();
    let mut away = None;
    for request in requests {
        let outcome = match &away {
            Some(error) => Err(StoreError::clone(error)),
            None => write(pool, &[request]).await.and_then(|mut one| one.pop().unwrap_or_else(|| Err(gone()))),
        };
        // A server that is away for one of them is away for all.
        if let Err(error @ StoreError::Away(_)) = &outcome {
            away = Some(error.clone());
        }
        became.push(outcome);
    }
    became
}

/// Appends in one commit. Where a commit is not answered it is done again: the frontier's row is free only once that commit
/// has come to its end, and then the ids are there or they are not.
async fn write(pool: &Pool, requests: &[&[NewEntry]]) -> Result<Became, StoreError> {
    let mut patience = Patience::default();
    let mut promised = BTreeMap::new();
    loop {
        match attempt(pool, requests, &mut promised).await {
            Ok(became) => return Ok(became),
            Err(trouble) => patience.after(trouble).await?,
        }
    }
}

async fn attempt(pool: &Pool, requests: &[&[NewEntry]], promised: &mut BTreeMap<Uuid, i64>) -> Result<Became, Trouble> {
    let mut client = pool.get().await?;
    let outcome = async {
        let step = begin(&mut client).await?;
        let mut frontier = Frontier::take(&step).await?;
        let became = append(&step, &mut frontier, requests).await?;
        frontier.give_back(&step).await?;
        let settled = settle(requests, became, promised);
        commit(step).await?;
        Ok(settled)
    }
    .await;
    if matches!(outcome, Err(Trouble::Again(_) | Trouble::Unclear(_))) {
        drop(Object::take(client));
    }
    outcome
}

/// What an earlier attempt stored by a commit that was never answered was stored for this request, and is no duplicate.
pub fn settle(requests: &[&[NewEntry]], became: Became, promised: &mut BTreeMap<Uuid, i64>) -> Became {
    let earlier = std::mem::take(promised);
    let settled = requests.iter().zip(became).map(|(request, became)| {
        let one = |(entry, became): (&NewEntry, Appended)| match became {
            Appended::Duplicate(seq) if earlier.get(&entry.id) == Some(&seq) && !promised.contains_key(&entry.id) => {
                promised.insert(entry.id, seq);
                Appended::Stored(seq)
            }
            Appended::Stored(seq) => {
                promised.insert(entry.id, seq);
                became
            }
            _ => became,
        };
        became.map(|became| request.iter().zip(became).map(one).collect())
    });
    settled.collect()
}

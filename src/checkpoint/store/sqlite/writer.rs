//! The one thread that writes: all that waits goes into one commit, and nobody is answered before it is on disk.

use crate::store::StoreError;
use crate::store::tally::Tally;
use rusqlite::Connection;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};

/// Rows after which a group is committed even if more waits.
const GROUP_ROWS: usize = 512;
/// Time after which a group is committed even if more waits.
const GROUP_TIME: Duration = Duration::from_millis(2);
/// Requests that may wait; beyond it, senders wait in turn.
const MAY_WAIT: usize = 1024;

/// Answers the waiter with what the commit came to.
type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

struct Job {
    rows: usize,
    work: Box<dyn FnOnce(&Connection) -> Answer + Send>,
}

/// The sending end. When the last one goes, what waits is written and the connection closed before that returns: the file
/// is then whole by itself, with no write-ahead log beside it.
#[derive(Clone)]
pub struct Writer {
    jobs: mpsc::Sender<Job>,
    stopped: Arc<AtomicBool>,
    /// What it has done.
    pub tally: Arc<Tally>,
    /// Stands below `jobs`, since fields go in this order and the thread ends when no job can come any more.
    _thread: Arc<Thread>,
}

/// The thread, waited for when it is dropped.
struct Thread(Option<JoinHandle<()>>);

impl Drop for Thread {
    fn drop(&mut self) {
        // A thread that panicked has told so, and left the file to be recovered as after a crash.
        let _ = self.0.take().map(JoinHandle::join);
    }
}

impl Writer {
    /// Starts the thread; it ends when the last sender is gone.
    ///
    /// # Errors
    /// [`StoreError::Stopped`] where the system gives no thread.
    pub fn start(connection: Connection) -> Result<Self, StoreError> {
        let (jobs, waiting) = mpsc::channel(MAY_WAIT);
        let (stopped, tally) = (Arc::<AtomicBool>::default(), Arc::<Tally>::default());
        let (stops, counts) = (Arc::clone(&stopped), Arc::clone(&tally));
        let thread = thread::Builder::new()
            .name("log-writer".to_owned())
            .spawn(move || write_groups(&connection, waiting, &stops, &counts))
            .map_err(|error| StoreError::Stopped(error.to_string()))?;
        Ok(Self { jobs, stopped, tally, _thread: Arc::new(Thread(Some(thread))) })
    }

    /// Runs `work` within the next group and answers once that group is on disk. If `work` fails, it alone is undone.
    ///
    /// # Errors
    /// What `work` says, or what the commit came to.
    pub async fn write<T: Send + 'static>(
        &self,
        rows: usize,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (told, answer) = oneshot::channel();
        let work = Box::new(move |connection: &Connection| -> Answer {
            let outcome = alone(connection, work);
            Box::new(move |committed| {
                // A waiter that has gone away needs no answer; its rows stay.
                let _ = told.send(committed.and(outcome));
            })
        });
        self.jobs.send(Job { rows, work }).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }

    /// Requests that wait.
    pub fn waiting(&self) -> u64 {
        self.jobs.max_capacity().saturating_sub(self.jobs.capacity()) as u64
    }

    /// Whether writing has stopped for good.
    pub fn has_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}

fn gone() -> StoreError {
    StoreError::Stopped("the writer has ended".to_owned())
}

fn alone<T>(connection: &Connection, work: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
    connection.execute_batch("SAVEPOINT job")?;
    let outcome = work(connection);
    let end = if outcome.is_ok() { "RELEASE job" } else { "ROLLBACK TO job; RELEASE job" };
    // After a full disk SQLite has rolled the whole group back itself; the group's commit then says so to everyone.
    connection.execute_batch(end).map_err(StoreError::from).and(outcome)
}

fn write_groups(connection: &Connection, mut waiting: mpsc::Receiver<Job>, stopped: &AtomicBool, tally: &Tally) {
    while let Some(first) = waiting.blocking_recv() {
        if stopped.load(Ordering::Relaxed) {
            // The waiter learns of it by the dropped channel.
            continue;
        }
        let began = Instant::now();
        let mut answers = Vec::new();
        let outcome = group(connection, first, &mut waiting, &mut answers, began);
        if let Err(error) = &outcome {
            if !connection.is_autocommit() {
                // A failed rollback leaves the commit's own error, which is told.
                let _ = connection.execute_batch("ROLLBACK");
            }
            if matches!(error, StoreError::Stopped(_)) {
                stopped.store(true, Ordering::Relaxed);
            }
        } else {
            tally.count(answers.len(), began.elapsed());
        }
        for answer in answers {
            answer(outcome.clone());
        }
    }
}

fn group(
    connection: &Connection,
    first: Job,
    waiting: &mut mpsc::Receiver<Job>,
    answers: &mut Vec<Answer>,
    began: Instant,
) -> Result<(), StoreError> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let mut rows = 0;
    let mut next = Some(first);
    while let Some(job) = next {
        rows += job.rows;
        answers.push((job.work)(connection));
        if connection.is_autocommit() {
            return Err(StoreError::Full);
        }
        next = if rows < GROUP_ROWS && began.elapsed() < GROUP_TIME { waiting.try_recv().ok() } else { None };
    }
    // After a failed sync the pages' state on disk is unknown: never try again as if nothing had been.
    connection.execute_batch("COMMIT").map_err(|error| match StoreError::from(error) {
        StoreError::Full => StoreError::Full,
        other => StoreError::Stopped(other.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc as plain;

    fn table() -> Result<Connection, StoreError> {
        let connection = Connection::open_in_memory()?;
        connection.execute_batch(
            "PRAGMA foreign_keys = ON; CREATE TABLE kept (id INTEGER PRIMARY KEY, of INTEGER REFERENCES kept (id) DEFERRABLE INITIALLY DEFERRED)",
        )?;
        Ok(connection)
    }

    fn insert(id: i64, of: Option<i64>) -> impl FnOnce(&Connection) -> Result<(), StoreError> + Send + 'static {
        move |connection| Ok(connection.execute("INSERT INTO kept VALUES (?1, ?2)", (id, of)).map(|_| ())?)
    }

    async fn count(writer: &Writer) -> Result<i64, StoreError> {
        writer.write(0, |c| Ok(c.query_row("SELECT count(*) FROM kept", [], |row| row.get(0))?)).await
    }

    #[tokio::test]
    async fn what_waits_shares_a_commit_and_what_fails_fails_alone() -> Result<(), StoreError> {
        let writer = Writer::start(table()?)?;
        let (go, held) = plain::channel::<()>();
        let first = {
            let writer = writer.clone();
            tokio::spawn(async move { writer.write(1, move |_| held.recv().map_err(|_| gone())).await })
        };
        let waiting: Vec<_> = (0..100)
            .map(|number| {
                let writer = writer.clone();
                // The second of two with one id breaks the primary key.
                tokio::spawn(async move { writer.write(1, insert(number / 2, None)).await })
            })
            .collect();
        // All of them wait before the first is let go.
        while writer.jobs.capacity() > MAY_WAIT - 100 {
            tokio::task::yield_now().await;
        }
        go.send(()).map_err(|_| gone())?;
        let lost = |error: tokio::task::JoinError| StoreError::Stopped(error.to_string());
        first.await.map_err(lost)??;
        let mut failed = 0;
        for job in waiting {
            failed += usize::from(job.await.map_err(lost)?.is_err());
        }
        assert_eq!((failed, count(&writer).await?), (50, 50));
        let (commits, jobs) = (writer.tally.commits.load(Ordering::Relaxed), writer.tally.jobs.load(Ordering::Relaxed));
        assert!(jobs > 100 && commits < jobs, "{jobs} jobs in {commits} commits");
        Ok(())
    }

    #[tokio::test]
    async fn after_a_commit_that_failed_nothing_is_written_any_more() -> Result<(), StoreError> {
        let writer = Writer::start(table()?)?;
        writer.write(1, insert(1, None)).await?;
        // Only the commit finds out that nobody has this number.
        assert!(matches!(writer.write(1, insert(2, Some(99))).await, Err(StoreError::Stopped(_))));
        assert!(writer.has_stopped());
        assert!(matches!(writer.write(1, insert(3, None)).await, Err(StoreError::Stopped(_))));
        Ok(())
    }
}

//! What a writer has done since the start, for `/metrics`.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Counters.
#[derive(Debug, Default)]
pub struct Tally {
    /// Commits made.
    pub commits: AtomicU64,
    /// Requests that shared them.
    pub jobs: AtomicU64,
    /// Time spent from begin to commit, microseconds.
    pub busy_us: AtomicU64,
}

impl Tally {
    /// Counts a commit that `jobs` requests have shared.
    pub fn count(&self, jobs: usize, took: Duration) {
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.jobs.fetch_add(jobs as u64, Ordering::Relaxed);
        self.busy_us.fetch_add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Prometheus text.
    pub fn text(&self) -> String {
        let families = [
            ("retrace_log_commits_total", "Groups committed to disk.", &self.commits),
            ("retrace_log_jobs_total", "Writes that shared those groups.", &self.jobs),
            ("retrace_log_busy_microseconds_total", "Time from begin to commit.", &self.busy_us),
        ];
        families
            .map(|(name, help, value)| {
                format!("# HELP {name} {help}\n# TYPE {name} counter\n{name} {}\n", value.load(Ordering::Relaxed))
            })
            .concat()
    }
}

//! Counters since the start, for `/metrics`. They name no person, code or address.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};

/// One counter.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// One more.
    pub fn count(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// All counters.
#[derive(Debug, Default)]
pub struct Metrics {
    /// Answers by class of status: 1xx to 5xx.
    pub answers: [Counter; 5],
    /// Events stored.
    pub stored: Counter,
    /// Events that were there already.
    pub duplicates: Counter,
    /// Events whose id belonged to something else.
    pub conflicts: Counter,
    /// Events that could not be taken.
    pub rejected: Counter,
    /// Good sign-ins.
    pub signed_in: Counter,
    /// Failed or refused sign-ins.
    pub turned_away: Counter,
}

impl Metrics {
    /// Counts an answer by its status.
    pub fn answered(&self, status: u16) {
        if let Some(class) = self.answers.get(usize::from(status / 100).saturating_sub(1)) {
            class.count();
        }
    }

    /// Prometheus text exposition format 0.0.4.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut family = |name: &str, help: &str, rows: &[(&str, &Counter)]| {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} counter");
            for (labels, counter) in rows {
                let _ = writeln!(text, "{name}{labels} {}", counter.value());
            }
        };
        let classes = ["{class=\"1xx\"}", "{class=\"2xx\"}", "{class=\"3xx\"}", "{class=\"4xx\"}", "{class=\"5xx\"}"];
        let answers: Vec<_> = classes.into_iter().zip(&self.answers).collect();
        family("retrace_http_answers_total", "HTTP answers by class of status.", &answers);
        family(
            "retrace_events_total",
            "Events received, by what became of them.",
            &[
                ("{result=\"stored\"}", &self.stored),
                ("{result=\"duplicate\"}", &self.duplicates),
                ("{result=\"conflict\"}", &self.conflicts),
                ("{result=\"rejected\"}", &self.rejected),
            ],
        );
        family(
            "retrace_sign_ins_total",
            "Sign-ins, by outcome.",
            &[("{outcome=\"good\"}", &self.signed_in), ("{outcome=\"refused\"}", &self.turned_away)],
        );
        text
    }
}

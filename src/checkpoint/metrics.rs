//! What is counted since the start, for `/metrics`. It names no person, code or address.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// One counter.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// One more.
    pub fn count(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// How many there were.
    pub fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Upper ends of the classes of time that an answer took, in milliseconds, as Prometheus writes them in seconds.
const CLASSES: [(u128, &str); 10] = [
    (1, "0.001"),
    (2, "0.002"),
    (5, "0.005"),
    (10, "0.01"),
    (20, "0.02"),
    (50, "0.05"),
    (100, "0.1"),
    (500, "0.5"),
    (2_000, "2"),
    (10_000, "10"),
];

/// How long answers took, in classes; the last holds what took longer than all.
#[derive(Debug, Default)]
pub struct Times {
    classes: [Counter; CLASSES.len() + 1],
    total_us: AtomicU64,
}

impl Times {
    /// One answer.
    pub fn took(&self, time: Duration) {
        let class = CLASSES.iter().position(|(end_ms, _)| time.as_micros() <= end_ms * 1_000).unwrap_or(CLASSES.len());
        if let Some(class) = self.classes.get(class) {
            class.count();
        }
        self.total_us.fetch_add(u64::try_from(time.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    fn text(&self, name: &str, help: &str) -> String {
        let mut text = format!("# HELP {name} {help}\n# TYPE {name} histogram\n");
        let mut upto = 0;
        let ends = CLASSES.iter().map(|(_, end)| *end).chain(["+Inf"]);
        for (class, end) in self.classes.iter().zip(ends) {
            upto += class.value();
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{name}_bucket{{le=\"{end}\"}} {upto}");
        }
        let secs = Duration::from_micros(self.total_us.load(Ordering::Relaxed)).as_secs_f64();
        let _ = writeln!(text, "{name}_sum {secs}\n{name}_count {upto}");
        text
    }
}

/// How many there are at present.
#[derive(Clone, Debug, Default)]
pub struct Present(Arc<AtomicU64>);

impl Present {
    /// One more, until what is returned is dropped.
    pub fn enter(&self) -> Presence {
        self.0.fetch_add(1, Ordering::Relaxed);
        Presence(Arc::clone(&self.0))
    }
}

/// One of those that are present.
#[derive(Debug)]
pub struct Presence(Arc<AtomicU64>);

impl Drop for Presence {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Everything that is counted.
#[derive(Debug, Default)]
pub struct Metrics {
    /// Answers by class of status: 1xx to 5xx.
    pub answers: [Counter; 5],
    /// How long the answers took, from head to head.
    pub times: Times,
    /// Connections.
    pub connections: Present,
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
        text += &self.times.text("retrace_http_answer_seconds", "Time from a request's head to its answer's.");
        text += &gauge("retrace_http_connections", "Open connections.", self.connections.0.load(Ordering::Relaxed));
        text
    }
}

/// A value that rises and falls, in the same format.
pub fn gauge(name: &str, help: &str, value: u64) -> String {
    format!("# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_counted_in_classes_that_hold_those_below() {
        let metrics = Metrics::default();
        for ms in [1, 3, 90_000] {
            metrics.times.took(Duration::from_millis(ms));
        }
        let here = metrics.connections.enter();
        let text = metrics.text();
        for line in [
            "retrace_http_answer_seconds_bucket{le=\"0.001\"} 1",
            "retrace_http_answer_seconds_bucket{le=\"0.005\"} 2",
            "retrace_http_answer_seconds_bucket{le=\"10\"} 2",
            "retrace_http_answer_seconds_bucket{le=\"+Inf\"} 3",
            "retrace_http_answer_seconds_sum 90.004",
            "retrace_http_answer_seconds_count 3",
            "retrace_http_connections 1",
        ] {
            assert!(text.lines().any(|each| each == line), "{line}: {text}");
        }
        drop(here);
        assert!(metrics.text().contains("retrace_http_connections 0\n"));
    }
}

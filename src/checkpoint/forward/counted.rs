//! What is counted of forwarding, for `/metrics`. Stores are named as the operator does, people not at all.

use crate::house::House;
use std::fmt::Write;

/// Prometheus text; empty where nothing is forwarded.
pub async fn metrics(house: &House) -> String {
    let lines = house.forwarding.lines();
    if lines.is_empty() {
        return String::new();
    }
    // Where the store does not answer, its own counters say so.
    let kept = house.store.forwards().await.unwrap_or_default();
    let here = |name: &str| house.forwarding.line(name).is_some();
    let kept: Vec<_> = kept.into_iter().filter(|forward| here(&forward.name)).collect();
    let mut text = String::new();
    let mut family = |name: &str, kind: &str, help: &str, rows: Vec<(&str, i128)>| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
        for (store, value) in rows {
            let _ = writeln!(text, "{name}{{store=\"{store}\"}} {value}");
        }
    };
    let counted = |count: &dyn Fn(&crate::store::forwards::Forward) -> i64| {
        kept.iter().map(|forward| (&*forward.name, i128::from(count(forward)))).collect()
    };
    let behind = counted(&|forward| forward.behind);
    family(
        "retrace_forward_behind",
        "gauge",
        "Places of the log that forwarding has not come to: at most so many entries, erased ones and gaps included.",
        behind,
    );
    family("retrace_forward_held", "gauge", "Statements that a store did not take.", counted(&|forward| forward.held));
    let sent = counted(&|forward| forward.sent);
    family("retrace_forward_sent_total", "counter", "Statements that were delivered.", sent);
    let failures = lines.iter().map(|line| (&*line.target().name, i128::from(line.failures.value()))).collect();
    family("retrace_forward_failures_total", "counter", "Troubles on the way to a store since the start.", failures);
    text
}

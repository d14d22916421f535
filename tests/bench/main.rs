//! How fast the service is beside what the machine can do at all: each figure with its floor, measured in the same run.
//!
//! `make bench-service` prints the README's table. The service is the real program, in a process of its own; so is the
//! plain axum server that T5 is held to. T4, `PostgreSQL` beside `pgbench`, has its place after T3.

#[path = "../service/fixture.rs"]
#[allow(dead_code, reason = "the tests use the rest of it")]
mod fixture;
mod floor;
mod line;
mod product;
mod size;
mod table;

use std::path::PathBuf;
use table::{Row, Series};

/// How often each figure is measured, floor and product in turn.
const REPEATS: usize = 5;

/// Said by the program itself when it is to be the plain server.
const HELLO: &str = "hello";

fn main() {
    if std::env::args().any(|argument| argument == HELLO) {
        return floor::say_hello();
    }
    let folder = std::env::var_os("BENCH_FOLDER").map_or_else(std::env::temp_dir, PathBuf::from);
    std::fs::create_dir_all(&folder).expect("a folder to measure in");
    let events: u64 = std::env::var("BENCH_EVENTS").ok().and_then(|count| count.parse().ok()).unwrap_or(10_000_000);
    println!("{}\n", table::HEAD);
    let disk = tempfile::tempdir_in(&folder).expect("a folder");
    let (mut t1, mut t1_p50, mut t2, mut t3, mut t5) =
        (Series::default(), Series::default(), Series::default(), Series::default(), Series::default());
    let mut reached = Vec::new();
    for _ in 0..REPEATS {
        let sync = floor::syncs(disk.path());
        let one = product::alone(&folder);
        t1.add(one.a_second, sync.a_second);
        t1_p50.add(one.p50_ms, sync.p50_ms);
        let many = product::sixty_four(&folder);
        t2.add(many.a_second, floor::inserts(disk.path(), many.rows_a_commit));
        reached.push(many.rows_a_commit);
        t3.add(product::outboxes(&folder), floor::inserts(disk.path(), 500));
        t5.add(product::judged_only(&folder), floor::hellos());
    }
    let rows = [
        Row::ratio("T1 one client, one event a request, against fdatasync", "events/s", &t1, "≥ 0.70"),
        Row::beyond("T1 its median time, against that of fdatasync", "ms", &t1_p50, "≤ 0.4 ms more"),
        Row::ratio(
            &format!("T2 64 clients, against a raw loop of {} rows a commit", table::median(&mut reached)),
            "events/s",
            &t2,
            "≥ 0.60",
        ),
        Row::ratio("T3 500 events a request, against a raw loop of 500 rows a commit", "events/s", &t3, "≥ 0.70"),
        // T4: PostgreSQL beside pgbench of the same INSERT, by the same clients.
        Row::ratio("T5 judged and authorised, nothing stored, against axum's hello", "requests/s", &t5, "≥ 0.40"),
    ];
    for row in &rows {
        println!("{}", row.0);
    }
    for row in size::measure(&folder, events) {
        println!("{}", row.0);
    }
}

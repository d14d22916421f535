//! How fast the service is beside what the machine can do at all: each figure with its floor, measured in the same run.
//!
//! `make bench-service` prints the README's table. The service is the real program, in a process of its own; so is the
//! plain axum server that T5 is held to. `ROWS=T3,T5` measures these alone.

#[path = "../service/fixture.rs"]
#[allow(dead_code, reason = "the tests use the rest of it")]
mod fixture;
mod floor;
mod line;
mod postgres;
mod product;
#[path = "../service/server.rs"]
#[allow(dead_code, reason = "the tests use the rest of it")]
mod server;
mod size;
mod table;

use server::Server;
use std::path::{Path, PathBuf};
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
    println!("{}", table::HEAD);
    let disk = tempfile::tempdir_in(&folder).expect("a folder");
    let rows: [(&str, &dyn Fn() -> Vec<Row>); 6] = [
        ("T1", &|| alone(&folder, disk.path())),
        ("T2", &|| sixty_four(&folder, disk.path())),
        ("T3", &|| outboxes(&folder, disk.path())),
        ("T4", &|| on_server(&folder)),
        ("T5", &|| judged_only(&folder)),
        ("T7", &|| size::measure(&folder, events)),
    ];
    let asked = std::env::var("ROWS").unwrap_or_default();
    for (name, measure) in rows {
        if asked.is_empty() || asked.split(',').any(|each| each == name) {
            for row in measure() {
                println!("{}", row.0);
            }
        }
    }
}

fn alone(folder: &Path, disk: &Path) -> Vec<Row> {
    let (mut rate, mut p50) = (Series::default(), Series::default());
    for _ in 0..REPEATS {
        let (sync, one) = (floor::syncs(disk), product::alone(folder));
        rate.add(one.a_second, sync.a_second);
        p50.add(one.p50_ms, sync.p50_ms);
    }
    vec![
        Row::ratio("T1 one client, one event a request, against fdatasync", "events/s", &rate, "≥ 0.70"),
        Row::beyond("T1 its median time, against that of fdatasync", "ms", &p50, "≤ 0.4 ms more"),
    ]
}

fn sixty_four(folder: &Path, disk: &Path) -> Vec<Row> {
    let (mut rate, mut reached) = (Series::default(), Vec::new());
    for _ in 0..REPEATS {
        let many = product::sixty_four(folder);
        rate.add(many.a_second, floor::inserts(disk, many.rows_a_commit));
        reached.push(many.rows_a_commit);
    }
    let what = format!("T2 64 clients, against a raw loop of {} rows a commit", table::median(&mut reached));
    vec![Row::ratio(&what, "events/s", &rate, "≥ 0.60")]
}

fn outboxes(folder: &Path, disk: &Path) -> Vec<Row> {
    let mut rate = Series::default();
    for _ in 0..REPEATS {
        rate.add(product::outboxes(folder), floor::inserts(disk, 500));
    }
    vec![Row::ratio("T3 500 events a request, against a raw loop of 500 rows a commit", "events/s", &rate, "≥ 0.70")]
}

fn on_server(folder: &Path) -> Vec<Row> {
    let (server, mut rate) = (Server::new(), Series::default());
    for _ in 0..REPEATS {
        rate.add(postgres::product(folder, &server), postgres::floor(folder, &server));
    }
    let what = format!("T4 PostgreSQL, {} clients, one event a request, against pgbench", product::CLIENTS);
    vec![Row::ratio(&what, "events/s", &rate, "≥ 0.70")]
}

fn judged_only(folder: &Path) -> Vec<Row> {
    let mut rate = Series::default();
    for _ in 0..REPEATS {
        rate.add(product::judged_only(folder), floor::hellos());
    }
    let what = "T5 judged and authorised, nothing stored, against axum's hello";
    vec![Row::ratio(what, "requests/s", &rate, "≥ 0.40")]
}

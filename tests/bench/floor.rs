//! What the machine can do at all: syncs, plain inserts, plain answers.

use super::fixture::completed;
use super::line::Line;
use super::product::{CLIENTS, TIME, crowd};
use super::{HELLO, table};
use checkpoint::store::sqlite::Sqlite;
use rusqlite::{Connection, params};
use std::fs::OpenOptions;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;
use uuid::Uuid;

/// What a disk syncs.
pub struct Syncs {
    pub a_second: f64,
    pub p50_ms: f64,
}

/// Writes 4 KiB over and over into a file that is there already, each followed by a sync.
pub fn syncs(folder: &Path) -> Syncs {
    let place = folder.join("syncs");
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&place).expect("a file");
    let page = [7_u8; 4096];
    for number in 0..1024 {
        file.write_all_at(&page, number * 4096).expect("written");
    }
    file.sync_all().expect("synced");
    let (began, mut times) = (Instant::now(), Vec::new());
    while began.elapsed() < TIME {
        let each = Instant::now();
        file.write_all_at(&page, (times.len() as u64 % 1024) * 4096).expect("written");
        file.sync_data().expect("synced");
        times.push(each.elapsed().as_secs_f64() * 1_000.0);
    }
    Syncs { a_second: times.len() as f64 / began.elapsed().as_secs_f64(), p50_ms: table::percentile(&mut times, 50) }
}

/// Events a second that a loop without anything else inserts into the service's own tables, synced like the service's,
/// so many a commit: the rows that the service writes for an event, its salt and its leaf made of nothing.
pub fn inserts(folder: &Path, rows_a_commit: usize) -> f64 {
    let place = tempfile::tempdir_in(folder).expect("a folder");
    let file = place.path().join("raw.db");
    drop(Sqlite::open(&file).expect("the service's tables"));
    let connection = Connection::open(&file).expect("it opens");
    connection
        .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON")
        .expect("settled");
    let person = Uuid::now_v7();
    connection
        .execute_batch(&format!(
            "INSERT INTO unit (id, name) VALUES (x'{0}', 'unit'); INSERT INTO person (id, unit, role, name, cohort, code_key, code_ends_ms) \
             VALUES (x'{0}', x'{0}', 'learner', 'one', '', zeroblob(32), 0)",
            person.simple()
        ))
        .expect("a person");
    let body = completed("gate").to_string();
    let mut insert = connection
        .prepare(
            "INSERT INTO event (id, kind, subject, author, site, route, station, device, captured_at_ms, received_at_ms, body) \
             VALUES (?1, 'completed', ?2, ?2, 'hill', 'path', 'gate', ?3, ?4, ?4, ?5) ON CONFLICT (id) DO NOTHING",
        )
        .expect("a statement");
    let mut salt = connection.prepare("INSERT INTO salt (seq, salt) VALUES (?1, ?2)").expect("a statement");
    let mut leaf =
        connection.prepare("INSERT INTO leaf (place, seq, version, hash) VALUES (?1, ?2, 1, ?3)").expect("a statement");
    let (began, mut rows) = (Instant::now(), 0_i64);
    while began.elapsed() < TIME {
        connection.execute_batch("BEGIN IMMEDIATE").expect("begun");
        for _ in 0..rows_a_commit {
            let id = Uuid::now_v7();
            insert.execute(params![id.as_bytes(), person.as_bytes(), id.as_bytes(), rows, body]).expect("inserted");
            let seq = connection.last_insert_rowid();
            salt.execute(params![seq, [7_u8; 32]]).expect("inserted");
            leaf.execute(params![rows, seq, [7_u8; 32]]).expect("inserted");
            rows += 1;
        }
        connection.execute_batch("COMMIT").expect("committed");
    }
    rows as f64 / began.elapsed().as_secs_f64()
}

/// Answers a second of a plain server, asked as the service is.
pub fn hellos() -> f64 {
    let own = std::env::current_exe().expect("this program");
    let mut server = Command::new(own).arg(HELLO).stdout(Stdio::piped()).spawn().expect("it starts");
    let mut said = String::new();
    BufReader::new(server.stdout.take().expect("its output")).read_line(&mut said).expect("it says where it is");
    let address = said.trim().parse().expect("an address");
    let answers = crowd(CLIENTS, |_| {
        let mut line = Line::to(address, "");
        move || line.send("GET", "/", "").1.len() as u64 / 5
    });
    server.kill().expect("it is killed");
    server.wait().expect("it has ended");
    answers
}

/// The plain server.
pub fn say_hello() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        println!("{}", listener.local_addr().expect("an address"));
        let router = axum::Router::new().route("/", axum::routing::get(async || "hello"));
        axum::serve(listener, router).await.expect("it serves");
    });
}

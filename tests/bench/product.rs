//! The service under load, as devices put it there.

use super::fixture::{NOW_MS, batch, completed, lay_out};
use super::line::Line;
use super::table;
use checkpoint::secrets::{Secrets, digest};
use checkpoint::store::{NewPerson, Place};
use protocol::api::Role;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use uuid::Uuid;

/// How long each figure is measured.
pub const TIME: Duration = Duration::from_secs(4);
/// Connections that ask at once, where it is not one or 64.
pub const CLIENTS: usize = 16;

/// What the program is started on.
pub struct Ground {
    /// Content and secret.
    pub folder: TempDir,
    /// The database, as `--database` takes it.
    pub database: String,
}

/// The real program on a folder of its own; it is ended when dropped.
pub struct Program {
    /// Kept so that it is there while the program runs.
    _ground: Ground,
    pub address: SocketAddr,
    pub child: Child,
    pub started_in: Duration,
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself, which the figures then show.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The cookie of a learner who has this number.
pub fn cookie(learner: u64) -> String {
    format!("retrace={}", token(learner))
}

fn token(learner: u64) -> String {
    format!("{learner:064x}")
}

/// A folder with content, and a database with learners who are signed in, each with an id of their number.
pub fn prepared(within: &Path, learners: u64) -> Ground {
    prepared_on(within, learners, "sqlite:data/retrace.db".to_owned())
}

/// Likewise in a database that is named, seen from the folder.
pub fn prepared_on(within: &Path, learners: u64, database: String) -> Ground {
    let folder = tempfile::tempdir_in(within).expect("a folder");
    lay_out(folder.path());
    let data = folder.path().join("data");
    std::fs::create_dir_all(&data).expect("a folder");
    Secrets::load(None, &data.join("retrace.key")).expect("a secret");
    let place = match database.strip_prefix("sqlite:") {
        Some(file) => Place::File(folder.path().join(file)),
        None => Place::read(&database).expect("a database"),
    };
    let now_ms = checkpoint::clock::system()();
    tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
        let (store, _) = place.open().await.expect("a database");
        let unit = Uuid::from_u128(1);
        store.add_unit(unit, "unit".to_owned()).await.expect("a unit");
        for first in (0..learners).step_by(1_000) {
            let people = (first..learners.min(first + 1_000)).map(|number| person(number, unit)).collect();
            assert!(store.add_people(people, Vec::new()).await.expect("people"));
        }
        let auditor = NewPerson { id: Uuid::from_u128(2), role: Role::Auditor, ..person(AUDITOR, unit) };
        assert!(store.add_person(auditor).await.expect("an auditor"));
        let token_of_auditor = digest(token(AUDITOR).as_bytes());
        store.open_session(token_of_auditor, Uuid::from_u128(2), now_ms, now_ms + 86_400_000).await.expect("a session");
        for number in 0..learners.min(5_000) {
            let token = digest(token(number).as_bytes());
            store.open_session(token, id(number), now_ms, now_ms + 86_400_000).await.expect("a session");
        }
    });
    Ground { folder, database }
}

/// Stands for the one auditor among the numbers of learners.
pub const AUDITOR: u64 = u64::MAX;

/// The id of a learner.
pub fn id(number: u64) -> Uuid {
    Uuid::from_u128(u128::from(number) + 1_000)
}

fn person(number: u64, unit: Uuid) -> NewPerson {
    let mut code_key = [0; 32];
    code_key[..8].copy_from_slice(&number.to_be_bytes());
    let name = format!("学员{number}");
    NewPerson {
        id: id(number),
        unit,
        role: Role::Learner,
        name,
        cohort: String::new(),
        code_key,
        code_ends_ms: NOW_MS,
        pin_hash: None,
    }
}

/// Starts the program that `CHECKPOINT` names.
pub fn start(ground: Ground) -> Program {
    let program = std::env::var_os("CHECKPOINT").expect("CHECKPOINT names the service's program");
    let began = Instant::now();
    let mut child = Command::new(program)
        .args(["serve", "--writes-a-minute", "1000000000", "--listen", "127.0.0.1:0", "--web", "web"])
        .args(["--content", "private", "--database", &ground.database])
        .current_dir(ground.folder.path())
        .env_remove("RETRACE_SECRET")
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut said = BufReader::new(child.stdout.take().expect("its output")).lines().map_while(Result::ok);
    let found = said.find_map(|line| line.strip_prefix("Retrace is at http://")?.split('/').next()?.parse().ok());
    Program { _ground: ground, address: found.expect("it says where it is"), child, started_in: began.elapsed() }
}

/// What so many at once get done in a second, each by asking again and again.
pub fn crowd<W: FnMut() -> u64 + Send>(clients: usize, asker: impl Fn(u64) -> W) -> f64 {
    let (done, over) = (AtomicU64::new(0), AtomicBool::new(false));
    let began = Instant::now();
    thread::scope(|scope| {
        for number in 0..clients {
            let mut ask = asker(number as u64);
            let (done, over) = (&done, &over);
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    done.fetch_add(ask(), Ordering::Relaxed);
                }
            });
        }
        thread::sleep(TIME);
        over.store(true, Ordering::Relaxed);
    });
    done.load(Ordering::Relaxed) as f64 / began.elapsed().as_secs_f64()
}

/// Sends so many new events, all of which must be stored.
pub fn send(line: &mut Line, count: usize) -> u64 {
    let (status, answer) = line.send("POST", "/v1/events", &outbox(count));
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&answer));
    count as u64
}

/// A batch of so many new events. The same event under ever new ids: what making them costs would be taken from the service,
/// which runs on the same cores.
fn outbox(count: usize) -> String {
    static EVENT: LazyLock<(String, String)> = LazyLock::new(|| {
        let event = completed("gate");
        let id = event["id"].as_str().expect("an id").to_owned();
        let text = event.to_string();
        let (before, after) = text.split_once(&id).expect("it is in it");
        (before.to_owned(), after.to_owned())
    });
    let (before, after) = &*EVENT;
    let events: Vec<_> = (0..count).map(|_| format!("{before}{}{after}", Uuid::now_v7())).collect();
    format!("{{\"events\":[{}]}}", events.join(","))
}

/// One client, one event a request.
pub struct Alone {
    pub a_second: f64,
    pub p50_ms: f64,
}

pub fn alone(within: &Path) -> Alone {
    let program = start(prepared(within, 64));
    let mut line = Line::to(program.address, &cookie(0));
    let (began, mut times) = (Instant::now(), Vec::new());
    while began.elapsed() < TIME {
        let each = Instant::now();
        send(&mut line, 1);
        times.push(each.elapsed().as_secs_f64() * 1_000.0);
    }
    Alone { a_second: times.len() as f64 / began.elapsed().as_secs_f64(), p50_ms: table::percentile(&mut times, 50) }
}

/// 64 clients, one event a request.
pub struct Many {
    pub a_second: f64,
    pub rows_a_commit: usize,
}

pub fn sixty_four(within: &Path) -> Many {
    let program = start(prepared(within, 64));
    let a_second = crowd(64, |number| {
        let mut line = Line::to(program.address, &cookie(number));
        move || send(&mut line, 1)
    });
    let (_, text) = Line::to(program.address, "").send("GET", "/metrics", "");
    let text = String::from_utf8_lossy(&text).into_owned();
    let count = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<f64>().ok());
    let commits = count("retrace_log_commits_total ").expect("counted");
    let jobs = count("retrace_log_jobs_total ").expect("counted");
    Many { a_second, rows_a_commit: (jobs / commits).round().max(1.0) as usize }
}

/// Rows a second where each request carries 500.
pub fn outboxes(within: &Path) -> f64 {
    let program = start(prepared(within, 64));
    crowd(2, |number| {
        let mut line = Line::to(program.address, &cookie(number));
        move || send(&mut line, 500)
    })
}

/// Requests a second that are authorised and judged, and of which nothing is stored: their station is not known.
pub fn judged_only(within: &Path) -> f64 {
    let program = start(prepared(within, 64));
    let mut event = completed("gate");
    event["kind"]["station"] = "nowhere".into();
    let body = batch(&[event]).to_string();
    crowd(CLIENTS, |number| {
        let (mut line, body) = (Line::to(program.address, &cookie(number)), body.clone());
        move || {
            let (status, _) = line.send("POST", "/v1/events", &body);
            u64::from(status == 200)
        }
    })
}

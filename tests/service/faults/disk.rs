//! F2: a disk that fails to sync or to take what is written, at the first such call, the second, and so on. The calls
//! are made to fail by strace.

use super::super::client::Client;
use super::super::fixture::{alone, completed, lay_out};
use super::super::program::{begun, command, start, tend};
use super::{not_tried, rounds};
use checkpoint::demo::PEOPLE;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use uuid::Uuid;

/// Which call fails how.
struct Ill {
    call: &'static str,
    error: &'static str,
    /// Whether the service must not write any more afterwards.
    is_final: bool,
    tried: Vec<usize>,
}

/// What one run of the service came to.
#[derive(Default)]
struct Came {
    acked: BTreeSet<Uuid>,
    sent: BTreeSet<Uuid>,
    refused: usize,
}

/// Whether calls of a process can be traced here.
pub fn can_trace() -> bool {
    let tried = Command::new("strace").args(["-f", "--seccomp-bpf", "-o", "/dev/null", "true"]).output();
    tried.is_ok_and(|output| output.status.success())
}

/// What is lacking where they cannot.
pub const NO_TRACE: &str = "it needs strace (apt-get install strace) and leave to trace one's own processes";

#[test]
fn g1_f2_nothing_is_answered_as_stored_that_a_failing_disk_did_not_take() {
    if !can_trace() {
        return not_tried("F2", NO_TRACE);
    }
    // A database with people and a session, so that no run has to wait for a PIN to be hashed.
    let base = tempfile::tempdir().expect("a folder");
    lay_out(base.path());
    let (mut child, address) = start(base.path());
    let learner = Client::new(address).signed_in(PEOPLE[1].code, PEOPLE[1].pin);
    child.kill().expect("it is killed");
    child.wait().expect("it has ended");
    for ill in [
        Ill {
            call: "fdatasync",
            error: "EIO",
            is_final: true,
            tried: if rounds(0, 1) == 1 { (1..=200).collect() } else { vec![1, 5] },
        },
        Ill {
            call: "pwrite64",
            error: "ENOSPC",
            is_final: false,
            tried: if rounds(0, 1) == 1 { (1..=200).collect() } else { vec![2, 9] },
        },
    ] {
        let (mut acked, mut refused) = (0, 0);
        for nth in &ill.tried {
            let came = run(base.path(), &ill, *nth, &learner);
            acked += came.acked.len();
            refused += came.refused;
        }
        println!(
            "F2: {} fails with {} at one of {} places: {acked} answered as stored and kept, {refused} refused",
            ill.call,
            ill.error,
            ill.tried.len()
        );
    }
}

fn run(base: &Path, ill: &Ill, nth: usize, learner: &Client) -> Came {
    let folder = tempfile::tempdir().expect("a folder");
    lay_out(folder.path());
    std::fs::create_dir_all(folder.path().join("data")).expect("made");
    for each in std::fs::read_dir(base.join("data")).expect("read") {
        let each = each.expect("read");
        std::fs::copy(each.path(), folder.path().join("data").join(each.file_name())).expect("copied");
    }
    let plain = command(folder.path(), "127.0.0.1:0");
    let mut traced = Command::new("strace");
    traced
        .args(["-D", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-e", &format!("trace={}", ill.call), "-e"])
        .arg(format!("inject={}:error={}:when={nth}", ill.call, ill.error))
        .arg(plain.get_program())
        .args(plain.get_args())
        .env_remove("RETRACE_SECRET");
    let mut came = Came::default();
    let (mut child, address) = begun(&mut traced);
    if let Some(address) = address {
        let learner = learner.clone().at(address);
        send(&learner, ill, nth + 8, &mut came);
        assert_eq!(learner.get("/healthz").status, 200);
        assert_eq!(learner.get("/v1/me/progress").status, 200, "{} {nth}: reading goes on", ill.call);
        let writes_again = ready(&learner) == 200;
        assert!(writes_again || ill.is_final, "{} {nth}: it recovers", ill.call);
        assert!(came.refused == 0 || writes_again != ill.is_final, "{} {nth}: what it says of itself", ill.call);
        // Started by strace, it may have ended by itself only if something is wrong with it.
        assert!(child.try_wait().expect("asked").is_none(), "{} {nth}: it goes on", ill.call);
    }
    // Where it could not even start there is nothing to end.
    let _ = child.kill();
    child.wait().expect("it has ended");
    let file = folder.path().join("data/retrace.db");
    let verified = tend("verify", &file, &[], None);
    assert_eq!(verified.code, 0, "{} {nth}: {verified:?}", ill.call);
    let kept = kept(&file);
    assert!(came.acked.is_subset(&kept), "{} {nth}: what was answered as stored is there", ill.call);
    assert!(kept.is_subset(&came.sent), "{} {nth}: nothing else is", ill.call);
    came
}

fn ready(client: &Client) -> u16 {
    client.get("/readyz").status
}

fn send(learner: &Client, ill: &Ill, count: usize, came: &mut Came) {
    let mut has_failed = false;
    for _ in 0..count {
        let event = completed("gate");
        let id: Uuid = event["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
        came.sent.insert(id);
        let answer = learner.post("/v1/events", &alone(&event));
        match answer.status {
            200 => {
                let told: Value = answer.json();
                assert_eq!(told["receipts"][0]["result"], "stored");
                assert!(!(has_failed && ill.is_final), "after a failed sync nothing is answered as stored");
                came.acked.insert(id);
            }
            503 | 507 => {
                assert_eq!(answer.json()["type"], "/problems/storage");
                has_failed = true;
                came.refused += 1;
            }
            other => panic!("{other}: {}", answer.text()),
        }
    }
}

/// The ids in a database.
pub fn kept(file: &Path) -> BTreeSet<Uuid> {
    let connection = rusqlite::Connection::open(file).expect("it opens");
    let whole: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("checked");
    assert_eq!(whole, "ok");
    let mut found = connection.prepare("SELECT id FROM event").expect("read");
    let ids = found.query_map([], |row| row.get(0).map(Uuid::from_bytes)).expect("read");
    ids.collect::<Result<_, _>>().expect("read")
}

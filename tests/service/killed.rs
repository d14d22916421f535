//! The real program: what it answered is on disk even if it is killed the moment after, and what it says when it cannot start.

use super::client::Client;
use super::faults::{Dice, rounds};
use super::fixture::{batch, completed, lay_out, results};
use super::program::{command, program, start, tend};
use checkpoint::demo::PEOPLE;
use checkpoint::store::Store;
use checkpoint::store::sqlite::Sqlite;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use uuid::Uuid;

/// Senders at once.
const WRITERS: usize = 16;

#[test]
fn g1_f1_what_was_answered_as_stored_is_there_once_after_kills_under_load() {
    let rounds = rounds(10, 300);
    let folder = tempfile::tempdir().expect("a folder");
    lay_out(folder.path());
    let file = folder.path().join("data/retrace.db");
    let kept = folder.path().join("checkpoint");
    let against = kept.display().to_string();
    let mut dice = Dice::new(1);
    let mut sent = BTreeSet::new();
    for round in 1..=rounds {
        let (mut child, address) = start(folder.path());
        // What was published before the kill is held against what is found after it.
        std::fs::write(&kept, Client::new(address).get("/v1/log/checkpoint").body).expect("kept");
        let (told, heard) = mpsc::channel();
        let learners: Vec<Client> =
            PEOPLE[1..4].iter().map(|person| Client::new(address).signed_in(person.code, person.pin)).collect();
        let senders: Vec<_> = (0..WRITERS)
            .map(|number| {
                let (told, learner) = (told.clone(), learners[number % learners.len()].clone());
                let acked = folder.path().join(format!("acked-{number}"));
                thread::spawn(move || send_until_cut_off(&learner, &acked, &told))
            })
            .collect();
        drop(told);
        // Killed in the midst of it, at no moment that could be foretold.
        let (last, mut answered) = (dice.below(240), 0);
        for (event, stored) in &heard {
            sent.insert(event);
            if stored {
                answered += 1;
                if answered == last {
                    child.kill().expect("it is killed");
                }
            }
        }
        child.wait().expect("it has ended");
        for sender in senders {
            sender.join().expect("a sender ends");
        }
        let verified = tend("verify", &file, &["--against", &against], None);
        assert_eq!(verified.code, 0, "round {round}: {verified:?}");
        assert!(verified.said.iter().any(|line| line.ends_with("holds")), "{verified:?}");
    }
    let acked: Vec<Uuid> =
        (0..WRITERS).flat_map(|number| noted(&folder.path().join(format!("acked-{number}")))).collect();
    let kept = log_of(&file);
    assert!(acked.len() >= rounds * 24, "{}", acked.len());
    assert!(kept.values().all(|count| *count == 1), "each once");
    assert!(acked.iter().all(|event| kept.contains_key(event)), "what was answered is there");
    assert!(kept.keys().all(|event| sent.contains(event)), "nothing is there that was not sent");
    let connection = rusqlite::Connection::open(&file).expect("it opens");
    let whole: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("checked");
    assert_eq!(whole, "ok");
    println!(
        "F1: {rounds} kills under {WRITERS} writers: {} sent, {} answered as stored, {} kept, 0 of the answered lost, 0 twice",
        sent.len(),
        acked.len(),
        kept.len(),
    );
}

/// Sends without pause, and notes on disk what was answered as stored.
fn send_until_cut_off(learner: &Client, acked: &Path, told: &mpsc::Sender<(Uuid, bool)>) {
    let mut notes = OpenOptions::new().create(true).append(true).open(acked).expect("a file");
    loop {
        let events: Vec<Value> = (0..3).map(|_| completed("gate")).collect();
        let ids: Vec<Uuid> =
            events.iter().filter_map(|event| event["id"].as_str().and_then(|id| id.parse().ok())).collect();
        let body = batch(&events).to_string();
        let answer = learner.try_send("POST", "/v1/events", &[("content-type", "application/json")], body.as_bytes());
        let whole =
            answer.filter(|answer| answer.status == 200).and_then(|answer| serde_json::from_slice(&answer.body).ok());
        let stored = whole.as_ref().is_some_and(|answer| results(answer).iter().all(|result| result == "stored"));
        if stored {
            let lines: Vec<String> = ids.iter().map(Uuid::to_string).collect();
            writeln!(notes, "{}", lines.join("\n")).and_then(|()| notes.sync_data()).expect("noted");
        }
        let goes_on = ids.into_iter().all(|id| told.send((id, stored)).is_ok());
        if whole.is_none() || !goes_on {
            return;
        }
    }
}

/// The ids that a sender noted.
fn noted(file: &Path) -> Vec<Uuid> {
    let notes = std::fs::read_to_string(file).expect("notes");
    notes.lines().map(|line| line.parse().expect("an id")).collect()
}

/// How often each event is in the log.
fn log_of(file: &Path) -> BTreeMap<Uuid, usize> {
    let store = Sqlite::open(file).expect("it opens after the kills");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut kept = BTreeMap::new();
    for person in &PEOPLE {
        let secrets =
            checkpoint::secrets::Secrets::load(None, &file.with_file_name("retrace.key")).expect("the secret");
        let key = checkpoint::identity::code::Code::read(person.code).expect("a code").key(&secrets);
        let person = runtime.block_on(store.person_by_code(key)).expect("read").expect("there");
        for entry in runtime.block_on(store.log_of(person.id)).expect("read") {
            *kept.entry(entry.said.id).or_default() += 1;
        }
    }
    kept
}

/// Starts it and reads what it says, up to the line that holds `until`.
pub fn said_by(command: &mut Command, until: &str) -> (Child, Vec<String>) {
    let mut child = command.stdout(Stdio::piped()).spawn().expect("it starts");
    let mut said = Vec::new();
    for line in BufReader::new(child.stdout.take().expect("its output")).lines().map_while(Result::ok) {
        let last = line.contains(until);
        said.push(line);
        if last {
            break;
        }
    }
    (child, said)
}

#[test]
fn whoever_listens_to_the_network_is_told_addresses_that_open_and_what_needs_https() {
    let folder = tempfile::tempdir().expect("a folder");
    lay_out(folder.path());
    let (mut child, said) = said_by(command(folder.path(), "0.0.0.0:0").args(["--annual-target", "24.5"]), "HTTPS");
    let told = said.join("\n");
    assert!(!told.contains("0.0.0.0"), "{told}");
    let at = told.split("Retrace is at http://").nth(1).and_then(|rest| rest.split('/').next()).expect("an address");
    let address: SocketAddr = at.parse().expect("an address");
    assert!(address.ip().is_loopback(), "{told}");
    let learner = Client::new(address).signed_in(PEOPLE[1].code, PEOPLE[1].pin);
    assert_eq!(learner.get("/v1/me/progress").json()["target"], 245, "the operator's target");
    child.kill().expect("it is killed");
    child.wait().expect("it has ended");
}

#[test]
fn without_demo_a_link_that_opens_makes_the_first_admin() {
    let folder = tempfile::tempdir().expect("a folder");
    lay_out(folder.path());
    let demo = command(folder.path(), "0.0.0.0:0");
    let mut plain = Command::new(program());
    plain.args(demo.get_args().filter(|argument| *argument != "--demo")).env_remove("RETRACE_SECRET");
    let (mut child, said) = said_by(&mut plain, "Retrace is at");
    let link = said.iter().find_map(|line| line.trim().strip_prefix("http://")).expect("a link");
    let (address, path) = link.split_at(link.find('/').expect("a path"));
    let stranger = Client::new(address.parse().expect("an address"));
    assert_eq!(stranger.get(path).status, 200, "{said:?}");
    let refused = stranger.post("/v1/session", &serde_json::json!({ "code": PEOPLE[0].code, "pin": PEOPLE[0].pin }));
    assert_eq!(refused.status, 401, "there is no default account");
    child.kill().expect("it is killed");
    child.wait().expect("it has ended");
}

#[test]
fn the_help_says_what_an_operator_can_set() {
    let help = Command::new(program()).args(["serve", "--help"]).output().expect("it runs");
    let text = String::from_utf8_lossy(&help.stdout).into_owned();
    for said in ["学时", "[default: 32]", "--annual-target <HOURS>", "--origin <URL>", "HTTPS", "proxy_set_header Host"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
    for (option, value) in [("--annual-target", "0.25"), ("--annual-target", "many"), ("--origin", "walk.example")] {
        let output = Command::new(program()).args(["serve", option, value]).output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(value), "{said}");
    }
}

fn fails(command: &mut Command) -> Output {
    let output = command.output().expect("it runs");
    assert!(!output.status.success());
    output
}

#[test]
fn a_start_that_cannot_be_says_why_in_one_line() {
    let folder = tempfile::tempdir().expect("a folder");
    lay_out(folder.path());
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let here = folder.path();
    let nowhere = tempfile::tempdir().expect("a folder");
    for (mut command, part) in
        [(command(here, &address), "--listen"), (command(nowhere.path(), "127.0.0.1:0"), "no web app")]
    {
        let said = String::from_utf8_lossy(&fails(&mut command).stderr).into_owned();
        assert!(said.contains(part) && said.lines().count() == 1, "{said}");
    }
    std::fs::remove_file(here.join("private/hill.json")).expect("removed");
    let said = String::from_utf8_lossy(&fails(&mut command(here, "127.0.0.1:0")).stderr).into_owned();
    assert!(said.contains("build the content first") && said.lines().count() == 1, "{said}");
}

#[test]
fn the_sheet_of_plaques_names_every_station_and_stays_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    lay_out(folder.path());
    let print = || {
        let output = Command::new(program())
            .arg("plaques")
            .arg("--content")
            .arg(folder.path().join("private"))
            .arg("--database")
            .arg(format!("sqlite:{}", folder.path().join("data/retrace.db").display()))
            .env_remove("RETRACE_SECRET")
            .output()
            .expect("it runs");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let sheet = print();
    assert!(sheet.contains("hill/gate") && sheet.contains("hill/well"), "{sheet}");
    assert_eq!(print(), sheet);
}

#[test]
fn whoever_stops_listening_to_a_list_stops_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    lay_out(folder.path());
    for list in ["plaques", "codes"] {
        let mut listing = Command::new(program())
            .args([list, "--content"])
            .arg(folder.path().join("private"))
            .arg("--database")
            .arg(format!("sqlite:{}", folder.path().join("data/retrace.db").display()))
            .env_remove("RETRACE_SECRET")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        drop(listing.stdout.take());
        let ended = listing.wait_with_output().expect("it ends");
        assert!(
            ended.status.success() && ended.stderr.is_empty(),
            "{list}: {}",
            String::from_utf8_lossy(&ended.stderr)
        );
    }
}

//! Checkpoints that the service lays down for somebody else to keep.

use super::client::Client;
use super::fixture::{batch, completed, lay_out, results, whole_walk};
use super::killed::said_by;
use super::program::{begin, command, stop, tend};
use checkpoint::demo::PEOPLE;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

/// The service on this folder, with checkpoints laid down in `kept` of it.
fn laying_down(folder: &Path) -> Command {
    let mut command = command(folder, "127.0.0.1:0");
    command.arg("--checkpoints").arg(folder.join("kept"));
    command
}

/// The service for as long as a test needs it, whatever becomes of the test.
struct Running(Option<Child>);

impl Running {
    fn end(mut self) {
        stop(self.0.take().expect("it runs"));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            child.kill().ok();
            child.wait().ok();
        }
    }
}

/// Runs the service for as long as it takes to record these.
fn record(folder: &Path, events: &[Value]) {
    let (child, address) = begin(&mut laying_down(folder));
    let running = Running(Some(child));
    let learner = Client::new(address).signed_in(PEOPLE[1].code, PEOPLE[1].pin);
    let answer = learner.post("/v1/events", &batch(events));
    assert_eq!(results(&answer.json()), vec!["stored"; events.len()]);
    running.end();
}

fn kept(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder.join("kept")).expect("a folder").map(|file| file.expect("a file").file_name());
    let mut names: Vec<String> = files.map(|name| name.into_string().expect("a name")).collect();
    names.sort();
    names
}

#[test]
fn g5_a_database_is_held_to_the_checkpoints_that_were_laid_down() {
    let folder = tempfile::tempdir().expect("a folder");
    lay_out(folder.path());
    let refused = laying_down(folder.path()).output().expect("it runs");
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("no checkpoint can be kept in"), "{said}");
    fs::create_dir(folder.path().join("kept")).expect("made");
    let (first, second) = ("000000000004.checkpoint", "000000000005.checkpoint");
    record(folder.path(), &whole_walk());
    assert_eq!(kept(folder.path()), [first], "nothing for an empty log, one at the end");
    let (database, older) = (folder.path().join("data/retrace.db"), folder.path().join("older.db"));
    assert!(!folder.path().join("data/retrace.db-wal").exists(), "a service that has stopped leaves one whole file");
    fs::copy(&database, &older).expect("copied");
    record(folder.path(), &[completed("gate")]);
    assert_eq!(kept(folder.path()), [first, second]);
    let against = |file: &PathBuf| {
        tend("verify", file, &["--against", folder.path().join("kept").to_str().expect("a name")], None)
    };
    let sound = against(&database);
    assert!(sound.code == 0 && sound.said.iter().filter(|line| line.ends_with(" holds")).count() == 2, "{sound:?}");

    // The disk fails, and the backup of yesterday is restored.
    fs::copy(&older, &database).expect("restored");
    let (child, told) = said_by(&mut laying_down(folder.path()), "Retrace is at");
    let running = Running(Some(child));
    assert!(told.iter().any(|line| line.contains("holds 4 entries") && line.contains(second)), "{told:?}");
    running.end();
    assert_eq!(kept(folder.path()), [first, second], "what was kept stays");
    let rolled_back = against(&database);
    assert!(rolled_back.code == 3 && rolled_back.said.iter().any(|line| line.contains(second)), "{rolled_back:?}");

    // What is no checkpoint of this log is nobody's word; it hides none that is.
    fs::write(folder.path().join("kept/999999999999.checkpoint"), "retrace/other\n999999999999\n").expect("written");
    fs::remove_file(folder.path().join("kept").join(second)).expect("removed");
    record(folder.path(), &[completed("gate")]);
    assert_eq!(kept(folder.path()), [first, second, "999999999999.checkpoint"]);
    let empty = tempfile::tempdir().expect("a folder");
    let nothing = tend("verify", &database, &["--against", empty.path().to_str().expect("a name")], None);
    assert!(nothing.code == 1 && nothing.complaint.contains("no checkpoint lies in"), "{nothing:?}");
}

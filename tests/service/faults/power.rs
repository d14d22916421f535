//! F4: the power goes. Of what was written since the last sync, nothing may be on disk, or all, or some of it in any
//! order and torn. Every such state of the files is made from a trace of the running service, and opened.

use super::super::client::Client;
use super::super::fixture::{batch, completed, lay_out};
use super::super::program::{begun, command, start, stop};
use super::disk::{NO_TRACE, can_trace, kept};
use super::trace::{CALLS, Step, read};
use super::{Dice, not_tried, rounds};
use checkpoint::demo::PEOPLE;
use checkpoint::store::sqlite::verify::verify;
use checkpoint::store::sqlite::{Sqlite, inspect};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::thread;
use uuid::Uuid;

/// Bytes that a disk writes as one.
const SECTOR: usize = 512;

/// A disk: what is on it for sure, and what was written since.
#[derive(Default)]
struct Disk {
    files: BTreeMap<String, Vec<u8>>,
    /// Files whose names are on disk.
    named: BTreeSet<String>,
    waiting: Vec<(String, usize, Option<Vec<u8>>)>,
}

fn put(file: &mut Vec<u8>, at: usize, bytes: Option<&[u8]>) {
    let Some(bytes) = bytes else { return file.resize(at, 0) };
    if file.len() < at + bytes.len() {
        file.resize(at + bytes.len(), 0);
    }
    file[at..at + bytes.len()].copy_from_slice(bytes);
}

impl Disk {
    fn of(folder: &Path) -> Self {
        let mut disk = Self::default();
        for each in std::fs::read_dir(folder).expect("read") {
            let each = each.expect("read");
            let name = each.file_name().to_string_lossy().into_owned();
            if name.starts_with("retrace.db") && !name.ends_with("-shm") {
                disk.named.insert(name.clone());
                disk.files.insert(name, std::fs::read(each.path()).expect("read"));
            }
        }
        disk
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Written { file, at, bytes } => self.waiting.push((file.clone(), *at, Some(bytes.clone()))),
            Step::Cut { file, to } => self.waiting.push((file.clone(), *to, None)),
            Step::Synced { file } => {
                let (synced, waiting) = std::mem::take(&mut self.waiting).into_iter().partition(|(of, ..)| of == file);
                self.waiting = waiting;
                let synced: Vec<(String, usize, Option<Vec<u8>>)> = synced;
                for (file, at, bytes) in synced {
                    put(self.files.entry(file).or_default(), at, bytes.as_deref());
                }
            }
            Step::Named => {
                self.named.extend(self.files.keys().cloned());
                self.named.extend(self.waiting.iter().map(|(file, ..)| file.clone()));
            }
            Step::Acked(_) => {}
        }
    }

    /// The files as they are found after the power went. `luck` says how much of what was not synced got there.
    fn lose_power(&self, to: &Path, luck: &mut Luck<'_>) {
        let mut files = self.files.clone();
        for (file, at, bytes) in &self.waiting {
            let image = files.entry(file.clone()).or_default();
            match (luck.takes(), bytes) {
                (true, None) => put(image, *at, None),
                (true, Some(bytes)) => put(image, *at, Some(&bytes[..luck.of(bytes.len())])),
                (false, _) => {}
            }
        }
        for (file, image) in files {
            // A file whose name was never synced may be there or not.
            if self.named.contains(&file) || luck.takes() {
                std::fs::write(to.join(file), image).expect("written");
            }
        }
    }
}

/// How much of what was not synced is on disk.
enum Luck<'a> {
    Nothing,
    All,
    Some(&'a mut Dice),
}

impl Luck<'_> {
    fn takes(&mut self) -> bool {
        match self {
            Self::Nothing => false,
            Self::All => true,
            Self::Some(dice) => dice.below(2) == 1,
        }
    }

    /// How many of so many bytes: a write may be torn between two sectors.
    fn of(&mut self, bytes: usize) -> usize {
        let Self::Some(dice) = self else { return bytes };
        let torn = SECTOR * dice.below(bytes / SECTOR + 1);
        if dice.below(4) == 1 { bytes.min(torn) } else { bytes }
    }
}

/// Sends from several sides at once, and gives back the ids of all that was sent.
fn load(address: std::net::SocketAddr, learner: &Client, requests: usize) -> BTreeSet<Uuid> {
    let senders: Vec<_> = (0..4)
        .map(|_| {
            let learner = learner.clone().at(address);
            thread::spawn(move || {
                let mut sent = Vec::new();
                for _ in 0..requests {
                    let events: Vec<_> = (0..5).map(|_| completed("gate")).collect();
                    sent.extend(events.iter().filter_map(|event| event["id"].as_str()?.parse::<Uuid>().ok()));
                    assert_eq!(learner.post("/v1/events", &batch(&events)).status, 200);
                }
                sent
            })
        })
        .collect();
    senders.into_iter().flat_map(|sender| sender.join().expect("a sender ends")).collect()
}

#[test]
fn g1_f4_what_was_answered_as_stored_outlasts_a_loss_of_power_at_any_moment() {
    if !can_trace() {
        return not_tried("F4", NO_TRACE);
    }
    let folder = tempfile::tempdir().expect("a folder");
    lay_out(folder.path());
    let (child, address) = start(folder.path());
    let learner = Client::new(address).signed_in(PEOPLE[1].code, PEOPLE[1].pin);
    stop(child);
    let data = folder.path().join("data");
    let mut disk = Disk::of(&data);
    let trace = folder.path().join("trace");
    let plain = command(folder.path(), "127.0.0.1:0");
    let mut traced = Command::new("strace");
    traced
        .args(["-D", "-f", "--seccomp-bpf", "-qq", "-y", "-xx", "-s", "1000000", "-e", &format!("trace={CALLS}"), "-o"])
        .arg(&trace)
        .arg(plain.get_program())
        .args(plain.get_args())
        .env_remove("RETRACE_SECRET");
    let (mut child, address) = begun(&mut traced);
    let sent = load(address.expect("it starts"), &learner, rounds(15, 150));
    child.kill().expect("it is killed");
    child.wait().expect("it has ended");
    let steps = read(&trace, &data);
    let syncs = steps.iter().filter(|step| matches!(step, Step::Synced { .. })).count();
    assert!(syncs > 10, "{syncs}: the trace holds what the service did");
    let moments = rounds(30, 1_500).min(steps.len());
    let (mut dice, mut acked, mut states) = (Dice::new(4), BTreeSet::new(), 0);
    let chosen: BTreeSet<usize> = (0..moments).map(|_| dice.below(steps.len()) - 1).chain([steps.len() - 1]).collect();
    for (number, step) in steps.iter().enumerate() {
        disk.take(step);
        if let Step::Acked(ids) = step {
            acked.extend(ids.iter().copied());
        }
        if !chosen.contains(&number) {
            continue;
        }
        for kind in 0..3 {
            let mut luck = match kind {
                0 => Luck::Nothing,
                1 => Luck::All,
                _ => Luck::Some(&mut dice),
            };
            let found = tempfile::tempdir().expect("a folder");
            disk.lose_power(found.path(), &mut luck);
            let file = found.path().join("retrace.db");
            drop(Sqlite::open(&file).unwrap_or_else(|error| panic!("step {number}: {error}")));
            let report = verify(&inspect(&file).expect("it opens"), &[]).expect("verified");
            assert!(report.is_sound(), "step {number}: {:?}", report.findings);
            let there = kept(&file);
            assert!(acked.is_subset(&there), "step {number}: what was answered is there");
            assert!(there.is_subset(&sent), "step {number}: nothing else is");
            states += 1;
        }
    }
    assert_eq!(acked, sent, "the trace holds every answer");
    println!(
        "F4: {} writes and {syncs} syncs traced; power lost at {} moments, {states} states of the disk: all sound, none of {} answered events lost",
        steps.iter().filter(|step| matches!(step, Step::Written { .. })).count(),
        chosen.len(),
        acked.len()
    );
}

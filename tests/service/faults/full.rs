//! F3: a disk that is full, and then is not. The disk is a small one in memory, which only root can mount.

use super::super::client::Client;
use super::super::fixture::{batch, completed, lay_out, results};
use super::super::program::{start, tend};
use super::disk::kept;
use super::not_tried;
use checkpoint::demo::PEOPLE;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;
use uuid::Uuid;

/// A small disk; it is let go when dropped.
struct Disk(TempDir);

impl Disk {
    fn of(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "retrace-test"])
            .arg(folder.path())
            .output();
        mounted.is_ok_and(|output| output.status.success()).then_some(Self(folder))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily: whatever is still open goes when it is closed.
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).output();
    }
}

fn send(learner: &Client, acked: &mut BTreeSet<Uuid>, sent: &mut BTreeSet<Uuid>) -> u16 {
    let events: Vec<Value> = (0..100).map(|_| completed("gate")).collect();
    let ids = events.iter().filter_map(|event| event["id"].as_str().and_then(|id| id.parse::<Uuid>().ok()));
    let ids: BTreeSet<Uuid> = ids.collect();
    sent.extend(&ids);
    let answer = learner.post("/v1/events", &batch(&events));
    if answer.status == 200 {
        assert!(results(&answer.json()).iter().all(|result| result == "stored"), "all or nothing");
        acked.extend(ids);
    } else {
        assert_eq!(answer.json()["type"], "/problems/storage", "{}", answer.text());
    }
    answer.status
}

#[test]
fn g1_f3_a_full_disk_refuses_what_it_cannot_keep_and_goes_on_when_there_is_room() {
    let Some(disk) = Disk::of("16m") else {
        return not_tried("F3", "mounting a small disk in memory needs root and leave to mount");
    };
    let here: &Path = disk.0.path();
    lay_out(here);
    let filler = here.join("filler");
    std::fs::write(&filler, vec![1; 8 * 1024 * 1024]).expect("there is room");
    let (mut child, address) = start(here);
    let learner = Client::new(address).signed_in(PEOPLE[1].code, PEOPLE[1].pin);
    let (mut acked, mut sent) = (BTreeSet::new(), BTreeSet::new());
    let mut fits = 0;
    let refusal = loop {
        match send(&learner, &mut acked, &mut sent) {
            200 => fits += 1,
            status => break status,
        }
        assert!(fits < 1_000, "the disk never fills");
    };
    assert_eq!(refusal, 507);
    for _ in 0..5 {
        send(&learner, &mut acked, &mut sent);
    }
    assert_eq!(learner.get("/healthz").status, 200);
    let walks = learner.get("/v1/me/progress");
    assert_eq!((walks.status, walks.json()["walks"].as_array().map(Vec::len)), (200, Some(1)), "reading goes on");
    let while_full = acked.len();
    std::fs::remove_file(&filler).expect("removed");
    for _ in 0..5 {
        assert_eq!(send(&learner, &mut acked, &mut sent), 200, "there is room again");
    }
    assert_eq!(learner.get("/readyz").status, 200);
    child.kill().expect("it is killed");
    child.wait().expect("it has ended");
    let file = here.join("data/retrace.db");
    assert_eq!(tend("verify", &file, &[], None).code, 0);
    let kept = kept(&file);
    assert!(acked.is_subset(&kept) && kept.is_subset(&sent));
    println!(
        "F3: a disk of 16 MiB: {while_full} stored until it was full, 507 then, {} after there was room, {} kept",
        acked.len() - while_full,
        kept.len()
    );
}

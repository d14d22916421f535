//! The real program with its record on a server, and what a server must be to be trusted with one.

use super::client::Client;
use super::fixture::{batch, lay_out, results, whole_walk};
use super::house::Base;
use super::program::{begin, begun, serving, tend_at};
use super::server::Server;
use super::store::{answer_of, learner};
use checkpoint::demo::PEOPLE;
use checkpoint::store::{Place, StoreError};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use uuid::Uuid;

#[test]
fn the_program_keeps_its_record_on_a_server_and_makes_no_second_secret() {
    let folder = tempfile::tempdir().expect("a folder");
    lay_out(folder.path());
    let (place, key) = (Base::Server.place(folder.path()), folder.path().join("data/retrace.key"));
    let with_password = place.replace("retrace@", "retrace:hidden@");
    // With a password the address comes from the environment.
    let (mut child, address) = begin(serving(folder.path(), "127.0.0.1:0").env("RETRACE_DATABASE", &with_password));
    let learner = Client::new(address).signed_in(PEOPLE[1].code, PEOPLE[1].pin);
    assert_eq!(results(&learner.post("/v1/events", &batch(&whole_walk())).json()), ["stored"; 4]);
    let published = Client::new(address).get("/v1/log/key").text();
    child.kill().expect("it is killed");
    child.wait().expect("it has ended");
    let secret = std::fs::read_to_string(&key).expect("a secret was made");
    let content = folder.path().join("private").display().to_string();
    let tended = |command: &str, arguments: &[&str]| tend_at(command, &place, arguments, Some(secret.trim()));
    assert_eq!(tended("key", &[]).said, [published.trim()]);
    let rebuilt = tended("rebuild", &["--content", &content]);
    assert_eq!(rebuilt.said[0], "1 walks of 1 people from 4 entries, worked out in 5 orders of delivery");
    let verified = tended("verify", &[]);
    assert!(verified.code == 0 && verified.said[0].starts_with("4 entries, 0 of them erased; root "), "{verified:?}");
    let backup = tended("backup", &["--to", "copy"]);
    assert!(backup.code == 1 && backup.complaint.contains("pg_dump"), "{backup:?}");
    // Another machine, or this one after its key was lost.
    std::fs::remove_file(&key).expect("removed");
    for (database, complaint) in [(&place, "bring it from the machine"), (&with_password, "stands on the command line")]
    {
        let refused = serving(folder.path(), "127.0.0.1:0").args(["--database", database]).output().expect("it runs");
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && said.contains(complaint) && said.lines().count() == 1, "{said}");
        assert!(!said.contains("hidden"), "{said}");
    }
    assert!(!key.exists(), "no secret is made up for a record that was begun");
    let nowhere = Server::shared().address("nowhere");
    let refused = tend_at("verify", &nowhere, &[], None);
    assert!(refused.code == 1 && refused.complaint.contains("does not exist"), "{refused:?}");
    let empty = tend_at("verify", &Base::Server.place(folder.path()), &[], None);
    assert!(empty.code == 1 && empty.complaint.contains("it holds no record"), "{empty:?}");
}

#[test]
fn a_server_that_does_not_wait_for_its_disk_is_refused_and_a_session_always_does() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let open = |place: &str| runtime.block_on(Place::read(place).expect("a place").open());
    let mut hasty = Server::new();
    let place = hasty.database();
    hasty.stop_immediately();
    hasty.start(&["fsync=off"]);
    match open(&place) {
        Err(StoreError::Refused(said)) => assert!(said.contains("set fsync = on"), "{said}"),
        other => panic!("{:?}", other.err()),
    }
    let place = Base::Server.place(Path::new(""));
    let name = place.rsplit('/').next().expect("a name");
    let run = |sql: &str| Server::shared().run(name, sql);
    for (set, used) in [("off", "on"), ("local", "on"), ("on", "on"), ("remote_apply", "remote_apply")] {
        run(&format!("ALTER DATABASE {name} SET synchronous_commit = {set}"));
        let (store, _) = open(&place).expect("it opens");
        let (unit, person) = (Uuid::now_v7(), Uuid::now_v7());
        run("DROP TABLE IF EXISTS seen; CREATE TABLE seen (what TEXT); \
             CREATE OR REPLACE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             INSERT INTO seen VALUES (current_setting('synchronous_commit')); RETURN NEW; END $$; \
             DROP TRIGGER IF EXISTS see ON event; \
             CREATE TRIGGER see BEFORE INSERT ON event FOR EACH STATEMENT EXECUTE FUNCTION see()");
        runtime.block_on(async {
            store.add_unit(unit, "unit".to_owned()).await.expect("a unit");
            let key = set.len().try_into().expect("short");
            assert!(store.add_person(learner(person, unit, key)).await.expect("made"));
            store.append(vec![answer_of(person, "{}")]).await.expect("appended");
        });
        assert_eq!(run("SELECT what FROM seen"), [used], "set to {set}");
    }
}

#[test]
fn the_way_to_a_server_is_encrypted_to_whom_its_certificate_names() {
    let folder = tempfile::tempdir().expect("a folder");
    lay_out(folder.path());
    let mut server = Server::new();
    let name = server.database().rsplit('/').next().expect("a name").to_owned();
    let (port, certificate) = server.encrypt();
    let serving_at = |host: &str, mode: &str, trusted: Option<&Path>| {
        let mut command = serving(folder.path(), "127.0.0.1:0");
        command.args(["--database", &format!("postgres://retrace@{host}:{port}/{name}{mode}")]);
        match trusted {
            Some(file) => command.env("PGSSLROOTCERT", file),
            None => command.env_remove("PGSSLROOTCERT"),
        };
        command
    };
    let missing = folder.path().join("missing.pem");
    for (host, mode, trusted, complaint) in [
        ("localhost", "?sslmode=verify-full", None, "UnknownIssuer"),
        ("127.0.0.1", "?sslmode=verify-full", Some(&certificate), "certificate"),
        ("localhost", "?sslmode=verify-full", Some(&missing), "missing.pem"),
        ("localhost", "", Some(&certificate), "no pg_hba.conf entry"),
        ("localhost", "?sslmode=prefer", Some(&certificate), "no pg_hba.conf entry"),
    ] {
        let (mut child, address) = begun(serving_at(host, mode, trusted.map(PathBuf::as_path)).stderr(Stdio::piped()));
        if address.is_some() {
            // It would serve for ever.
            child.kill().expect("it is killed");
        }
        let refused = child.wait_with_output().expect("it has ended");
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && said.contains(complaint) && said.lines().count() == 1, "{mode}: {said}");
    }
    for mode in ["?sslmode=verify-full", "?sslmode=require"] {
        let (mut child, address) = begin(&mut serving_at("localhost", mode, Some(&certificate)));
        let learner = Client::new(address).signed_in(PEOPLE[1].code, PEOPLE[1].pin);
        assert_eq!(results(&learner.post("/v1/events", &batch(&whole_walk())).json()), ["stored"; 4]);
        child.kill().expect("it is killed");
        child.wait().expect("it has ended");
    }
}

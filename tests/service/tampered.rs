//! A database that somebody has changed behind the service's back, and what `checkpoint verify` says of it.

use super::house::Base;
use super::program::{Outcome, tend, tend_at};
use super::server::Server;
use super::store::{answer_of, learner};
use checkpoint::history::{Bound, Signer, tree};
use checkpoint::secrets::{Secrets, hex};
use checkpoint::store::{NewEntry, Place, Store};
use rusqlite::Connection;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use uuid::Uuid;

const SECRET: [u8; 32] = [7; 32];

/// A database with a log, closed.
struct Log {
    base: Base,
    folder: TempDir,
    place: String,
    person: Uuid,
}

impl Log {
    fn of(base: Base, entries: usize) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let place = base.place(folder.path());
        let log = Self { base, folder, place, person: Uuid::now_v7() };
        let unit = Uuid::now_v7();
        log.with(async |store| {
            store.add_unit(unit, "unit".to_owned()).await.expect("a unit");
            assert!(store.add_person(learner(log.person, unit, 1)).await.expect("made"));
        });
        log.grow(entries);
        log
    }

    fn with<T>(&self, work: impl AsyncFnOnce(&dyn Store) -> T) -> T {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let store = Place::read(&self.place).expect("a place").open().await.expect("it opens").0;
            work(&*store).await
        })
    }

    fn grow(&self, by: usize) {
        let entry = |number| NewEntry {
            device: Some(Uuid::now_v7()),
            ..answer_of(self.person, &format!("{{\"n\":{number}}}"))
        };
        self.with(async |store| store.append((0..by).map(entry).collect()).await.expect("appended"));
    }

    /// Keeps the checkpoint as it stands.
    fn publish(&self, name: &str) -> PathBuf {
        let head = self.with(async |store| store.head().await.expect("read"));
        let kept = self.folder.path().join(name);
        fs::write(&kept, Signer::new(&Secrets::known(SECRET), &head.origin).sign(&head)).expect("kept");
        kept
    }

    fn file(&self) -> &str {
        self.place.strip_prefix("sqlite:").expect("a file")
    }

    fn database(&self) -> &str {
        self.place.rsplit('/').next().expect("a name")
    }

    /// Changes rows past the service and past what keeps rows together; written as `SQLite` has it.
    fn change(&self, sql: &str) -> Vec<String> {
        match self.base {
            Base::File => {
                let connection = Connection::open(self.file()).expect("it opens");
                connection.execute_batch(&format!("PRAGMA foreign_keys = OFF; {sql}")).expect("changed");
                Vec::new()
            }
            Base::Server => {
                let sql = sql.replace("randomblob(16)", "gen_random_uuid()");
                let sql = sql.replace("randomblob(32)", "sha256(random()::text::bytea)").replace(" x'", " '\\x");
                Server::shared().run(self.database(), &format!("SET session_replication_role = replica; {sql}"))
            }
        }
    }

    /// A copy on which nothing is open.
    fn copy(&self) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let place = match self.base {
            Base::File => {
                let place = self.base.place(folder.path());
                self.change("PRAGMA wal_checkpoint(TRUNCATE)");
                fs::copy(self.file(), folder.path().join("retrace.db")).expect("copied");
                place
            }
            Base::Server => Server::shared().copy_of(self.database()),
        };
        Self { base: self.base, folder, place, person: self.person }
    }

    fn verify(&self, against: &[&Path]) -> Outcome {
        let mut arguments = Vec::new();
        for kept in against {
            arguments.extend(["--against", kept.to_str().expect("a name")]);
        }
        tend_at("verify", &self.place, &arguments, Some(&hex(&SECRET)))
    }
}

#[test]
fn g5_verify_names_the_first_bad_entry() {
    Base::ALL.into_iter().for_each(names_the_first);
}

fn names_the_first(base: Base) {
    let log = Log::of(base, 300);
    let sound = log.verify(&[]);
    assert_eq!(sound.code, 0, "{sound:?}");
    assert!(sound.said.len() == 1 && sound.said[0].starts_with("300 entries, 0 of them erased; root "), "{sound:?}");
    let swapped = "UPDATE event SET seq = 1000 WHERE seq = 5; UPDATE event SET seq = 5 WHERE seq = 9; UPDATE event SET seq = 9 WHERE seq = 1000";
    let mut changes = vec![
        ("UPDATE event SET body = replace(body, '4', '5') WHERE seq = 5", "entry 5: is not what was recorded (id "),
        ("UPDATE event SET kind = 'completed' WHERE seq = 5", "entry 5: is not what was recorded"),
        ("UPDATE event SET kind = 'erased', body = '{}' WHERE seq = 5", "entry 5: is not what was recorded"),
        ("UPDATE event SET id = randomblob(16) WHERE seq = 5", "entry 5: is not what was recorded"),
        ("UPDATE event SET subject = randomblob(16) WHERE seq = 5", "entry 5: is not what was recorded"),
        ("UPDATE event SET author = randomblob(16) WHERE seq = 5", "entry 5: is not what was recorded"),
        ("UPDATE event SET site = 'vale' WHERE seq = 5", "entry 5: is not what was recorded"),
        ("UPDATE event SET route = NULL WHERE seq = 5", "entry 5: is not what was recorded"),
        ("UPDATE event SET station = 'gate' WHERE seq = 5", "entry 5: is not what was recorded"),
        ("UPDATE event SET device = NULL WHERE seq = 5", "entry 5: is not what was recorded"),
        ("UPDATE event SET captured_at_ms = 1 WHERE seq = 5", "entry 5: is not what was recorded"),
        ("UPDATE event SET received_at_ms = 1 WHERE seq = 5", "entry 5: is not what was recorded"),
        ("UPDATE salt SET salt = randomblob(32) WHERE seq = 5", "entry 5: is not what was recorded"),
        ("UPDATE leaf SET hash = randomblob(32) WHERE seq = 5", "entry 5: is not what was recorded"),
        ("UPDATE leaf SET version = 2 WHERE seq = 5", "entry 5: is bound by rules 2, unknown here"),
        (swapped, "entry 5: is not what was recorded"),
        ("DELETE FROM event WHERE seq = 5", "entry 5: is missing, and no entry says that it was erased"),
        ("DELETE FROM event WHERE seq >= 5", "entry 5: is missing, and no entry says that it was erased"),
        ("DELETE FROM event WHERE seq = 5; DELETE FROM salt WHERE seq = 5", "entry 5: is missing, and no entry says"),
        (
            "DELETE FROM event WHERE seq = 5; DELETE FROM salt WHERE seq = 5; INSERT INTO tombstone VALUES (5, 9)",
            "entry 5: is missing; entry 9 does not say so",
        ),
        ("DELETE FROM salt WHERE seq = 5", "entry 5: its salt is missing"),
        ("INSERT INTO tombstone VALUES (5, 9)", "entry 5: is marked as erased and still there"),
        (
            "DELETE FROM event WHERE seq = 5; DELETE FROM salt WHERE seq = 5; DELETE FROM leaf WHERE seq = 5",
            "entry 6: its leaf stands at place 5 of the tree instead of 4",
        ),
        (
            "UPDATE leaf SET seq = 1000 WHERE seq = 5; UPDATE leaf SET seq = 5 WHERE seq = 9; UPDATE leaf SET seq = 9 WHERE seq = 1000",
            "entry 9: is not what was recorded",
        ),
        (
            "INSERT INTO event (seq, id, kind, subject, author, site, route, station, device, captured_at_ms, received_at_ms, body) \
             SELECT 999, randomblob(16), kind, subject, author, site, route, station, device, 0, 0, body FROM event WHERE seq = 5",
            "entry 999: was put into the log past the tree",
        ),
        ("UPDATE node SET hash = randomblob(32)", "tree: the node over places 0 to 255 is forged"),
        ("DELETE FROM node", "tree: the node over places 0 to 255 is missing"),
        ("INSERT INTO node VALUES (2, 0, randomblob(32))", "tree: it has 1 nodes that stand over nothing"),
    ];
    changes.extend(match base {
        Base::File => {
            [("UPDATE event SET body = CAST(x'ff' AS TEXT) WHERE seq = 5", "entry 5: is not what was recorded (id ")]
                .as_slice()
        }
        Base::Server => &[
            ("UPDATE frontier SET size = 299", "tree: the frontier is not that of its leaves"),
            ("UPDATE frontier SET edge = sha256(edge) || edge", "tree: the frontier is not that of its leaves"),
            ("DELETE FROM frontier", "tree: the frontier is not that of its leaves"),
        ],
    });
    let tried = changes.len();
    for (change, finding) in changes {
        let tampered = log.copy();
        tampered.change(change);
        let found = tampered.verify(&[]);
        assert_eq!(found.code, 3, "{change}: {found:?}");
        assert!(found.said[0].starts_with(finding), "{change}: {found:?}");
    }
    let found = log.copy();
    found.change("UPDATE event SET body = '{}'");
    let said = found.verify(&[]).said;
    assert_eq!((said.len(), said[100].as_str()), (102, "and 200 findings more"), "a flood is counted");
    println!(
        "F14: {tried} changes to a log of 300 entries in a {}: each found, the first bad entry named",
        base.name()
    );
}

/// Writes a row anew and all that depends on it, as someone could who knows how it is made.
fn rewrite(log: &Log, seq: i64) {
    let proven = log.with(async |store| {
        let entries = store.log_of(log.person).await.expect("read");
        let id = entries.iter().find(|entry| entry.seq == seq).expect("there").said.id;
        store.proof(id).await.expect("read").expect("there")
    });
    let forged = NewEntry { body: "{\"forged\":true}".to_owned(), ..proven.entry.said };
    let hash = tree::leaf(&proven.salt, &Bound::of(seq, &forged).bytes());
    log.change(&format!("UPDATE event SET body = '{}' WHERE seq = {seq}", forged.body));
    log.change(&format!("UPDATE leaf SET hash = x'{}' WHERE seq = {seq}", hex(&hash)));
    if log.base == Base::Server {
        mend_frontier(log);
    }
}

/// Writes the frontier anew from the leaves.
fn mend_frontier(log: &Log) {
    let mut grown = tree::Growing::default();
    for hash in log.change("SELECT encode(hash, 'hex') FROM leaf ORDER BY place") {
        let bytes: Vec<u8> =
            (0..64).step_by(2).map(|at| u8::from_str_radix(&hash[at..at + 2], 16).expect("hexadecimal")).collect();
        grown.push(bytes.try_into().expect("32 bytes"));
    }
    let edge: String = grown.edge().chunks(32).map(hex).collect();
    log.change(&format!("UPDATE frontier SET edge = x'{edge}'"));
}

#[test]
fn g5_an_older_checkpoint_finds_what_was_rolled_back_or_rewritten() {
    Base::ALL.into_iter().for_each(holds_to_older);
}

fn holds_to_older(base: Base) {
    let log = Log::of(base, 20);
    let first = log.publish("first");
    log.grow(20);
    let second = log.publish("second");
    let yesterday = log.copy();
    log.grow(20);
    let third = log.publish("third");
    let all = [first.as_path(), &second, &third];
    let sound = log.verify(&all);
    assert_eq!((sound.code, sound.said.iter().filter(|line| line.ends_with("holds")).count()), (0, 3), "{sound:?}");
    let rolled_back = yesterday.verify(&all);
    assert_eq!(rolled_back.code, 3);
    assert!(
        rolled_back.said[0].ends_with("third: rolled back: it tells of 60 entries, the database holds 40"),
        "{rolled_back:?}"
    );
    yesterday.grow(20);
    let forked = yesterday.verify(&all);
    let told = "third: rewritten: the first 60 entries are not those it tells of; the first 40 are not in doubt";
    assert!(forked.code == 3 && forked.said[0].ends_with(told), "{forked:?}");
    let rewritten = log.copy();
    rewrite(&rewritten, 30);
    assert_eq!(rewritten.verify(&[]).code, 0, "in itself it is sound");
    let found = rewritten.verify(&all);
    let told = "second: rewritten: the first 40 entries are not those it tells of; the first 20 are not in doubt";
    assert!(found.code == 3 && found.said[0].ends_with(told), "{found:?}");
    assert!(found.said.iter().any(|line| line.ends_with("first (20 entries) holds")), "{found:?}");
    println!("F14: a log in a {} rolled back, forked and rewritten: each found by 3 older checkpoints", base.name());
}

#[test]
fn g5_a_forged_checkpoint_is_not_believed() {
    let log = Log::of(Base::File, 3);
    let (kept, forged) = (log.publish("kept"), log.folder.path().join("forged"));
    let note = fs::read_to_string(&kept).expect("read");
    let elsewhere = Log::of(Base::File, 3);
    let other = elsewhere.publish("other");
    let origin = note.lines().next().expect("an origin").to_owned();
    let head = checkpoint::history::Checkpoint { origin, size: 3, root: [0; 32] };
    let by_another = Signer::new(&Secrets::known([8; 32]), &head.origin).sign(&head);
    let forgeries = [
        (note.replace("\n3\n", "\n2\n"), "is forged: the signature does not fit"),
        (fs::read_to_string(other).expect("read"), "is not signed by this log's key"),
        (by_another, "is not signed by this log's key"),
        (String::new(), "is no signed checkpoint"),
        ("\u{0}\n\n".repeat(70_000), "is no signed checkpoint"),
    ];
    let tried = forgeries.len();
    for (text, finding) in forgeries {
        fs::write(&forged, text).expect("written");
        let found = log.verify(&[&kept, &forged]);
        assert!(found.code == 3 && found.said[0].ends_with(finding), "{finding}: {found:?}");
    }
    fs::write(&forged, [0xff, 0xfe, b'\n', b'\n']).expect("written");
    assert_eq!(log.verify(&[&forged]).code, 3);
    // An auditor has no secret, only the key that was published.
    let key = tend_at("key", &log.place, &[], Some(&hex(&SECRET))).said[0].clone();
    let (kept, missing) = (kept.to_str().expect("a name"), log.folder.path().join("none"));
    let audited = tend_at("verify", &log.place, &["--against", kept, "--key", &key], None);
    assert_eq!(audited.code, 0, "{audited:?}");
    for (arguments, complaint) in [
        (vec!["--against", kept], "give the public key with --key"),
        (vec!["--against", kept, "--key", "nonsense"], "--key is no public key"),
        (vec!["--against", missing.to_str().expect("a name"), "--key", &key], "cannot read"),
        (
            vec!["--against", kept, "--key", "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"],
            "is of the log PeterNeumann",
        ),
    ] {
        let refused = tend_at("verify", &log.place, &arguments, None);
        assert!(refused.code == 1 && refused.complaint.contains(complaint), "{refused:?}");
        assert_eq!(refused.complaint.lines().count(), 1);
    }
    assert!(!log.folder.path().join("retrace.key").exists(), "no secret was made");
    println!("F14: {tried} forged checkpoints: none believed");
    let refused = tend("verify", &missing, &[], None);
    assert!(refused.code == 1 && refused.complaint.contains("there is no such file"), "{refused:?}");
    assert!(!missing.exists());
}

/// The indexes of the log in a file, each with the bytes of its first page.
fn indexes(log: &Log) -> Vec<(String, Range<usize>)> {
    let connection = Connection::open(log.file()).expect("it opens");
    let page: u16 = connection.query_row("PRAGMA page_size", [], |row| row.get(0)).expect("asked");
    let sql = "SELECT name, rootpage FROM sqlite_schema WHERE type = 'index' AND tbl_name IN ('event', 'leaf')";
    let mut found = connection.prepare(sql).expect("asked");
    let found = found.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("asked");
    let bytes = |root: u16| usize::from(root - 1) * usize::from(page)..usize::from(root) * usize::from(page);
    found.map(|index| index.expect("read")).map(|(name, root)| (name, bytes(root))).collect()
}

#[test]
fn g5_verify_names_an_index_that_leads_astray() {
    let log = Log::of(Base::File, 300);
    let whole = fs::read(log.copy().file()).expect("read");
    // Some index what the desk says, of which this log has nothing: a page counts its keys in its fourth and fifth byte.
    let in_use = |page: &Range<usize>| whole[page.start + 3..][..2] != [0, 0];
    let indexes: Vec<_> = indexes(&log).into_iter().filter(|(_, page)| in_use(page)).collect();
    assert!(indexes.iter().any(|(name, _)| name == "event_device"), "{indexes:?}");
    for (name, page) in &indexes {
        // The last bytes of a page belong to a key.
        for written_over in [page.end - 2..page.end, page.clone()] {
            let damaged = log.copy();
            let mut bytes = whole.clone();
            bytes[written_over.clone()].fill(0x5a);
            fs::write(damaged.file(), bytes).expect("written");
            let found = damaged.verify(&[]);
            let names = |line: &String| line.starts_with("file: ") && line.contains(name);
            assert!(found.code == 3 && found.said.iter().any(names), "{name}, {written_over:?}: {found:?}");
            let copy = damaged.folder.path().join("copy.db");
            let refused = tend("backup", Path::new(damaged.file()), &["--to", copy.to_str().expect("a name")], None);
            assert!(refused.code == 3 && !copy.exists(), "{refused:?}");
        }
    }
    println!("F14: {} indexes of a log in a file, a key or a page of each written over: each named", indexes.len());
}

//! The published history, checked by an implementation of RFC 6962 that is not ours (`ct-merkle`).

use super::client::Client;
use super::fixture::{batch, completed, results, whole_walk};
use super::house::{Base, Service};
use super::server::Server;
use super::store::answer_of;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use checkpoint::history::{Checkpoint, PublicKey};
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use protocol::api::{self, EventProof, Role};
use rusqlite::Connection;
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The checkpoint as it is published, its signature checked.
pub fn published(client: &Client) -> (Checkpoint, String) {
    let key = client.get("/v1/log/key").text();
    let note = client.get("/v1/log/checkpoint");
    assert_eq!((note.status, note.header("content-type")), (200, Some("text/plain; charset=utf-8")));
    let key = PublicKey::read(&key).expect("a key");
    (key.checkpoint(&note.text()).expect("it is signed by that key"), note.text())
}

/// The root as the other implementation writes it.
pub fn root(of: &Checkpoint) -> RootHash<Sha256> {
    RootHash::new(of.root.into(), of.size)
}

/// Asks for the proof of an entry.
pub fn proof(client: &Client, id: &str) -> EventProof {
    let answer = client.get(&format!("/v1/events/{id}/proof"));
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")), "{}", answer.text());
    serde_json::from_slice(&answer.body).expect("a proof")
}

/// What a leaf stands for.
pub fn hidden(proof: &EventProof) -> Vec<u8> {
    let read = |text: &str| BASE64_STANDARD.decode(text).expect("base64");
    [read(&proof.salt), read(&proof.entry)].concat()
}

/// Whether the proof leads to the root of its own checkpoint, by the other implementation.
pub fn holds(proof: &EventProof) -> bool {
    let checkpoint = PublicKey::read(&proof.key).expect("a key").checkpoint(&proof.checkpoint).expect("signed");
    let path: Vec<u8> = proof.path.iter().flat_map(|hash| BASE64_STANDARD.decode(hash).expect("base64")).collect();
    let path = InclusionProof::try_from_bytes(path).expect("a path");
    root(&checkpoint).verify_inclusion(&hidden(proof), proof.place, &path).is_ok()
}

fn id(event: &Value) -> &str {
    event["id"].as_str().expect("an id")
}

#[test]
fn g5_the_log_proves_each_entry_to_whom_it_concerns_and_to_nobody_else() {
    Base::ALL.into_iter().for_each(proves_to_whom_it_concerns);
}

fn proves_to_whom_it_concerns(base: Base) {
    let service = Service::with_demo_on(base);
    let (learner, walk) = (service.learner(1), whole_walk());
    assert_eq!(results(&learner.post("/v1/events", &batch(&walk)).json()), ["stored"; 4]);
    let other = completed("gate");
    service.learner(2).post("/v1/events", &batch(std::slice::from_ref(&other)));
    for (place, event) in walk.iter().enumerate() {
        let proof = proof(&learner, id(event));
        assert_eq!((proof.place, proof.version, proof.id.to_string().as_str()), (place as u64, 1, id(event)));
        assert!(holds(&proof));
        let bytes = BASE64_STANDARD.decode(&proof.entry).expect("base64");
        let body = serde_json::to_vec(&serde_json::from_value::<protocol::Event>(event.clone()).expect("an event"));
        assert!(bytes.ends_with(&body.expect("written")), "the bytes are those of what was sent");
        for forged in [
            EventProof { place: proof.place + 1, ..proof.clone() },
            EventProof { salt: BASE64_STANDARD.encode([0; 32]), ..proof.clone() },
            EventProof { entry: BASE64_STANDARD.encode(b"another"), ..proof.clone() },
        ] {
            assert!(!holds(&forged));
        }
    }
    assert!(holds(&proof(&service.trainer(), id(&other))), "a trainer of the unit");
    let foreign = [
        service.learner(1),
        service.person(Role::Trainer, "foreign", None).0,
        service.person(Role::Admin, "foreign", None).0,
        service.person(Role::Learner, "of the unit", Some(service.demo_unit())).0,
    ];
    for client in foreign {
        assert_eq!(client.get(&format!("/v1/events/{}/proof", id(&other))).status, 404);
    }
    assert_eq!(service.stranger().get(&format!("/v1/events/{}/proof", id(&other))).status, 401);
    for path in ["nothing", "%ff", "..", &Uuid::now_v7().to_string(), &format!("{}%00", id(&other)), "1e400"] {
        assert_eq!(learner.get(&format!("/v1/events/{path}/proof")).status, 404, "{path}");
    }
}

/// What every leaf stands for, read past the service from the rows, by the description of the bytes.
fn leaves(connection: &Connection) -> Vec<Vec<u8>> {
    let part = |part: Option<Vec<u8>>| match part {
        None => vec![0xff; 4],
        Some(part) => [u32::try_from(part.len()).expect("short").to_be_bytes().as_slice(), &part].concat(),
    };
    let blob = |name: &str| format!("CAST({name} AS BLOB)");
    let parts = ["id", "kind", "subject", "author", "site", "route", "station", "device", "body"].map(blob).join(", ");
    let sql = format!(
        "SELECT salt, seq, captured_at_ms, received_at_ms, {parts} FROM event JOIN salt USING (seq) ORDER BY seq"
    );
    let mut rows = connection.prepare(&sql).expect("prepared");
    let leaf = |row: &rusqlite::Row<'_>| {
        let number = |column| row.get::<_, i64>(column).map(|number| number.to_be_bytes().to_vec());
        let mut leaf = row.get::<_, Vec<u8>>(0)?;
        leaf.extend_from_slice(b"retrace-entry-1\n");
        leaf.extend(number(1)?);
        for column in 4..12 {
            leaf.extend(part(row.get(column)?));
        }
        leaf.extend(number(2)?);
        leaf.extend(number(3)?);
        leaf.extend(part(row.get(12)?));
        Ok(leaf)
    };
    rows.query_map([], leaf).expect("asked").map(|leaf| leaf.expect("read")).collect()
}

/// The same from a server, which puts the bytes together itself.
fn leaves_on_server(service: &Service) -> Vec<Vec<u8>> {
    let id = |name: &str| format!("coalesce(int4send(16) || uuid_send({name}), '\\xffffffff')");
    let text =
        |name: &str| format!("coalesce(int4send(octet_length({name})) || convert_to({name}, 'UTF8'), '\\xffffffff')");
    let parts = [
        id("id"),
        text("kind"),
        id("subject"),
        id("author"),
        text("site"),
        text("route"),
        text("station"),
        id("device"),
        "int8send(captured_at_ms)".to_owned(),
        "int8send(received_at_ms)".to_owned(),
        text("body"),
    ];
    let sql = format!(
        "SELECT encode(salt || convert_to(E'retrace-entry-1\\n', 'UTF8') || int8send(seq) || {}, 'hex') \
         FROM event JOIN salt USING (seq) ORDER BY seq",
        parts.join(" || ")
    );
    let database = service.place.rsplit('/').next().expect("a name");
    let bytes = |line: String| -> Vec<u8> {
        (0..line.len()).step_by(2).map(|at| u8::from_str_radix(&line[at..at + 2], 16).expect("hexadecimal")).collect()
    };
    Server::shared().run(database, &sql).into_iter().map(bytes).collect()
}

fn tile(client: &Client, address: &str) -> Vec<[u8; 32]> {
    let answer = client.get(&format!("/v1/log/tile/{address}"));
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/octet-stream")), "{address}");
    assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
    answer.body.chunks(32).map(|hash| hash.try_into().expect("32 bytes each")).collect()
}

/// What is said to prove that the log goes on from so many entries, its checkpoint being that of today.
fn goes_on(client: &Client, from: u64) -> ConsistencyProof<Sha256> {
    let answer = client.get(&format!("/v1/log/consistency/{from}"));
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")), "{}", answer.text());
    let proof: api::ConsistencyProof = serde_json::from_slice(&answer.body).expect("a proof");
    assert_eq!((proof.from, &proof.checkpoint), (from, &published(client).1));
    let path: Vec<u8> = proof.path.iter().flat_map(|hash| BASE64_STANDARD.decode(hash).expect("base64")).collect();
    ConsistencyProof::try_from_bytes(path).expect("hashes")
}

#[test]
fn g5_tiles_and_checkpoints_are_those_of_an_independent_tree() {
    Base::ALL.into_iter().for_each(is_an_independent_tree);
}

fn is_an_independent_tree(base: Base) {
    let service = Service::with_demo_on(base);
    let stranger = service.stranger();
    let (empty, _) = published(&stranger);
    assert_eq!((empty.size, empty.root.to_vec()), (0, Sha256::digest([]).to_vec()));
    let (_, person) = service.person(Role::Learner, "one", None);
    let mut checkpoints = Vec::new();
    for more in [1, 2, 253, 1, 343] {
        let entries = (0..more).map(|_| answer_of(person, "{}")).collect();
        service.runtime.block_on(service.app.store.append(entries)).expect("appended");
        checkpoints.push(published(&stranger).0);
    }
    assert_eq!(checkpoints.iter().map(|each| each.size).collect::<Vec<_>>(), [1, 3, 256, 257, 600]);
    let leaves = match base {
        Base::File => leaves(&Connection::open(service.folder.path().join("retrace.db")).expect("it opens")),
        Base::Server => leaves_on_server(&service),
    };
    let mut tree = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    let (mut full, mut roots) = ([0; 32], Vec::new());
    for (count, leaf) in (1_u64..).zip(&leaves) {
        tree.push(leaf.clone());
        roots.push(tree.root());
        if count == 256 {
            full.copy_from_slice(tree.root().as_bytes());
        }
        if let Some(published) = checkpoints.iter().find(|each| each.size == count) {
            assert_eq!(tree.root().as_bytes().as_slice(), published.root, "at {count}");
        }
    }
    let last = &checkpoints[4];
    for old in &checkpoints[..4] {
        let grown = tree.prove_consistency(usize::try_from(last.size - old.size).expect("small"));
        assert!(root(last).verify_consistency(&root(old), &grown).is_ok(), "{} goes on to 600", old.size);
    }
    for from in (1..=600).step_by(7).chain([2, 255, 256, 257, 511, 512, 513, 599, 600]) {
        let proof = goes_on(&stranger, from);
        let old = &roots[usize::try_from(from).expect("small") - 1];
        assert!(root(last).verify_consistency(old, &proof).is_ok(), "what began with {from}");
        let another = RootHash::new([7; 32].into(), from);
        assert!(root(last).verify_consistency(&another, &proof).is_err(), "another beginning of {from}");
    }
    assert!(goes_on(&stranger, 0).as_bytes().is_empty(), "all begins with nothing");
    for nothing in ["601", "18446744073709551615", "18446744073709551616", "-1", "x", "%00", "1e2"] {
        assert_eq!(stranger.get(&format!("/v1/log/consistency/{nothing}")).status, 404, "{nothing}");
    }
    let hash = |leaf: &Vec<u8>| <[u8; 32]>::from(Sha256::new().chain_update([0]).chain_update(leaf).finalize());
    let hashes: Vec<[u8; 32]> = leaves.iter().map(hash).collect();
    assert_eq!(tile(&stranger, "0/000"), hashes[..256]);
    assert_eq!(tile(&stranger, "0/001"), hashes[256..512]);
    assert_eq!(tile(&stranger, "0/002.p/88"), hashes[512..]);
    assert_eq!(tile(&stranger, "0/002.p/1"), hashes[512..513], "an older partial tile is there still");
    assert_eq!(tile(&stranger, "1/000.p/2")[0], full);
    for nothing in [
        "0/002",
        "0/002.p/89",
        "0/003.p/1",
        "1/000",
        "1/000.p/3",
        "2/000.p/1",
        "7/000.p/1",
        "0/x001/000",
        "0/x999/x999/x999/x999/x999/999",
        "7/x999/x999/x999/x999/x999/999",
    ] {
        assert_eq!(stranger.get(&format!("/v1/log/tile/{nothing}")).status, 404, "{nothing}");
    }
}

#[test]
fn what_is_no_tile_is_not_found_whatever_it_is_spelled_like() {
    let service = Service::with_demo();
    let stranger = service.stranger();
    for hostile in [
        "",
        "0",
        "0/",
        "entries/000",
        "entries/000.p/1",
        "data/000",
        "8/000",
        "00/000",
        "-1/000",
        "0/0",
        "0/000/",
        "0//000",
        "0/000.p/0",
        "0/000.p/256",
        "0/000.p/1/1",
        "0/../0/000",
        "0/..%2f..%2fretrace.db",
        "0/%00",
        "0/%ff",
        "%ff/000",
        "0/x000/000",
        "0/000%20",
        "0/000?w=1%00",
        "0/'%20OR%201=1--",
        "99999999999999999999/000",
        "0/x001/x000/x000/x000/x000/x000/000",
    ] {
        let answer = stranger.get(&format!("/v1/log/tile/{hostile}"));
        assert_eq!(answer.status, 404, "{hostile}: {}", answer.text());
    }
    for (method, path) in [("POST", "/v1/log/checkpoint"), ("DELETE", "/v1/log/key"), ("POST", "/v1/log/tile/0/000")] {
        assert_eq!(stranger.send(method, path, &[], b"").status, 405, "{method} {path}");
    }
    let long = format!("/v1/log/tile/0/{}", "x001/".repeat(2000));
    assert!((400..500).contains(&stranger.get(&long).status));
}

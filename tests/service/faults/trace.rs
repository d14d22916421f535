//! What strace wrote down of a service, read back: which bytes went where, when they were synced, what was answered when.

use serde_json::Value;
use std::collections::HashMap;
use std::path::Path;
use uuid::Uuid;

/// The calls to write down.
pub const CALLS: &str = "pwrite64,fdatasync,fsync,ftruncate,unlink,write,writev,sendto,sendmsg";

/// One thing that happened.
#[derive(Debug)]
pub enum Step {
    /// Bytes were written to a file of the folder, which need not be on disk yet.
    Written { file: String, at: usize, bytes: Vec<u8> },
    /// A file was cut.
    Cut { file: String, to: usize },
    /// All that was written to a file is on disk.
    Synced { file: String },
    /// The names of new files are on disk.
    Named,
    /// These events were answered as stored.
    Acked(Vec<Uuid>),
}

/// Reads a trace, keeping what concerns the database in `folder`.
pub fn read(trace: &Path, folder: &Path) -> Vec<Step> {
    let text = std::fs::read_to_string(trace).expect("a trace");
    let mut begun: HashMap<&str, &str> = HashMap::new();
    let mut steps = Vec::new();
    for line in text.lines() {
        let Some((process, told)) = line.split_once(' ') else { continue };
        let told = told.trim_start();
        // A call of one thread during which another did something is told in two parts. What is written counts from its
        // beginning, what is synced from its end.
        if let Some(beginning) = told.strip_suffix("<unfinished ...>") {
            begun.insert(process, beginning);
            if !is_sync(beginning) {
                steps.extend(step(beginning, folder));
            }
        } else if told.starts_with("<...") {
            let beginning = begun.remove(process).unwrap_or_default();
            if is_sync(beginning) && told.ends_with("= 0") {
                steps.extend(step(beginning, folder));
            }
        } else if !is_sync(told) || told.ends_with("= 0") {
            steps.extend(step(told, folder));
        }
    }
    steps
}

fn is_sync(told: &str) -> bool {
    told.starts_with("fdatasync(") || told.starts_with("fsync(")
}

fn step(told: &str, folder: &Path) -> Option<Step> {
    let (call, rest) = told.split_once('(')?;
    let name = rest.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(name, _)| bytes(name));
    let name = String::from_utf8(name.unwrap_or_default()).unwrap_or_default();
    let last =
        || rest.rsplit_once(')').map_or(rest, |(before, _)| before).trim_end_matches([',', ' ']).rsplit(", ").next();
    let number = || last()?.trim().parse().ok();
    if call == "unlink" {
        let gone = String::from_utf8(bytes(rest)).unwrap_or_default();
        assert!(!gone.starts_with(&*folder.to_string_lossy()), "the log's files stay while it runs: {gone}");
        return None;
    }
    if Path::new(&name) == folder {
        return is_sync(told).then_some(Step::Named);
    }
    if name.starts_with("socket:") || name.starts_with("TCP") {
        return acked(&rest.split('"').skip(1).step_by(2).flat_map(bytes).collect::<Vec<u8>>());
    }
    let file = Path::new(&name).strip_prefix(folder).ok()?.to_string_lossy().into_owned();
    // The index of the write-ahead log is made anew after a loss of power.
    if file.ends_with("-shm") || !file.starts_with("retrace.db") {
        return None;
    }
    match call {
        "pwrite64" => {
            Some(Step::Written { file, at: number()?, bytes: bytes(rest.split('"').nth(1).unwrap_or_default()) })
        }
        "ftruncate" => Some(Step::Cut { file, to: number()? }),
        "fdatasync" | "fsync" => Some(Step::Synced { file }),
        _ => panic!("{call} on {file} is not known here"),
    }
}

/// The bytes of a text that strace wrote in hexadecimal.
fn bytes(text: &str) -> Vec<u8> {
    let parts = text.split("\\x").skip(1);
    parts.filter_map(|part| u8::from_str_radix(part.get(..2)?, 16).ok()).collect()
}

/// The events that an answer says are stored.
fn acked(sent: &[u8]) -> Option<Step> {
    let body = sent.windows(4).position(|four| four == b"\r\n\r\n").map_or(0, |end| end + 4);
    let answer: Value = serde_json::from_slice(sent.get(body..)?).ok()?;
    let stored = answer["receipts"].as_array()?.iter().filter(|receipt| receipt["result"] == "stored");
    Some(Step::Acked(stored.filter_map(|receipt| receipt["id"].as_str()?.parse().ok()).collect()))
}

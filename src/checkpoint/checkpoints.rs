//! Checkpoints laid down in a folder that somebody else keeps: what shows that a database was rolled back or rewritten.

use crate::history::{Checkpoint, PublicKey, Signer};
use crate::house::House;
use crate::store::StoreError;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How often, where the log has grown meanwhile.
pub const EVERY: Duration = Duration::from_hours(1);

/// What names of files of checkpoints end in.
const ENDING: &str = "checkpoint";

/// Why no checkpoint could be laid down.
#[derive(Debug, thiserror::Error)]
pub enum NotLaidDown {
    /// The log.
    #[error("the log cannot be read: {0}")]
    Log(#[from] StoreError),
    /// The folder.
    #[error("no checkpoint can be kept in {0}: {1}; make the folder, and let the service write there")]
    Folder(String, io::Error),
    /// The log is shorter than it was.
    #[error(
        "the log holds {now} entries, and {file} says that it held {then}: the database is older than that, as after \
         restoring a backup, and what came since is missing; checkpoint verify --against that folder says more"
    )]
    Older {
        /// Entries in the log.
        now: u64,
        /// Entries of the checkpoint.
        then: u64,
        /// The checkpoint's file.
        file: String,
    },
}

/// The files of checkpoints in a folder, those of fewer entries first.
///
/// # Errors
/// Where the folder cannot be read.
pub fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for each in fs::read_dir(folder)? {
        let path = each?.path();
        if path.extension().is_some_and(|ending| ending == ENDING) {
            files.push(path);
        }
    }
    // Numbers have as many digits in all names.
    files.sort();
    Ok(files)
}

/// Lays a signed checkpoint of the log down, unless one of as many entries is there. It is named by how many they are.
///
/// # Errors
/// [`NotLaidDown`]. A log that is shorter than a checkpoint which the service itself has signed is an error too, and then
/// nothing is laid down.
pub async fn lay_down(house: &House, folder: &Path) -> Result<(), NotLaidDown> {
    let head = house.store.head().await?;
    let signer = Signer::new(&house.secrets, &head.origin);
    let (shown, folder) = (folder.display().to_string(), folder.to_owned());
    // A share of another office may take its time, which no request waits for.
    let keeping = tokio::task::spawn_blocking(move || keep(&folder, &signer, &head));
    keeping.await.unwrap_or_else(|error| Err(NotLaidDown::Folder(shown, io::Error::other(error))))
}

fn keep(folder: &Path, signer: &Signer, head: &Checkpoint) -> Result<(), NotLaidDown> {
    if let Some(last) = newest(folder, &signer.public())?
        && last.says.size >= head.size
    {
        let (now, then, file) = (head.size, last.says.size, last.file);
        return if now == then { Ok(()) } else { Err(NotLaidDown::Older { now, then, file }) };
    }
    if head.size == 0 {
        return Ok(());
    }
    let file = folder.join(format!("{:012}.{ENDING}", head.size));
    write(&file, &signer.sign(head)).map_err(|error| NotLaidDown::Folder(folder.display().to_string(), error))
}

/// Lays one down now and then, for as long as the service runs.
pub async fn go_on(house: &House, folder: &Path) {
    loop {
        tokio::time::sleep(EVERY).await;
        lay_down_or_tell(house, folder).await;
    }
}

/// Lays one down; what fails is told in the service's log.
pub async fn lay_down_or_tell(house: &House, folder: &Path) {
    if let Err(error) = lay_down(house, folder).await {
        tracing::error!(%error, "no checkpoint was laid down");
    }
}

struct Kept {
    says: Checkpoint,
    file: String,
}

/// The last one that this log has signed; those of other logs and what is none are somebody else's affair.
fn newest(folder: &Path, key: &PublicKey) -> Result<Option<Kept>, NotLaidDown> {
    let fault = |error| NotLaidDown::Folder(folder.display().to_string(), error);
    for file in files(folder).map_err(fault)?.into_iter().rev() {
        let note = fs::read(&file).map_err(fault)?;
        if let Ok(says) = key.checkpoint(&String::from_utf8_lossy(&note)) {
            return Ok(Some(Kept { says, file: file.display().to_string() }));
        }
    }
    Ok(None)
}

/// Whole or not at all.
fn write(file: &Path, note: &str) -> io::Result<()> {
    let beside = file.with_extension("part");
    let mut part = File::create(&beside)?;
    part.write_all(note.as_bytes())?;
    part.sync_all()?;
    fs::rename(&beside, file)
}

//! A copy of the database while the service runs: whole, checked, on disk, and only then under its name.

use super::verify::verify;
use crate::secrets::{hex, random};
use crate::store::StoreError;
use crate::store::verified::Report;
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long to wait for a lock that the service holds for moments only.
const PATIENCE: Duration = Duration::from_secs(30);

/// Copies the database behind `source` to `to`, which must not be there, and verifies the copy. A copy that is not sound
/// gets no name.
///
/// One step copies everything as it stands at one moment; the service writes on meanwhile.
///
/// # Errors
/// [`StoreError`] where the copy cannot be made or is not whole.
pub fn backup(source: &Connection, to: &Path) -> Result<Report, StoreError> {
    let refused = |error: io::Error| StoreError::Refused(format!("{}: {error}", to.display()));
    if fs::symlink_metadata(to).is_ok() {
        return Err(StoreError::Refused(format!("{} is there already; name another file", to.display())));
    }
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let part = Part(folder.join(format!(".{}.part", hex(&random::<8>()))));
    make_private(&part.0).map_err(refused)?;
    let mut copy = Connection::open(&part.0)?;
    {
        let copying = Backup::new(source, &mut copy)?;
        let began = Instant::now();
        loop {
            match copying.step(-1)? {
                StepResult::Done => break,
                _ if began.elapsed() > PATIENCE => {
                    return Err(StoreError::Refused("the database stayed locked; try again later".to_owned()));
                }
                _ => std::thread::sleep(Duration::from_millis(50)),
            }
        }
    }
    // One file and no log beside it, so that it can be moved by itself.
    copy.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    let report = verify(&copy, &[])?;
    drop(copy);
    if !report.is_sound() {
        return Ok(report);
    }
    File::open(&part.0).and_then(|file| file.sync_all()).map_err(refused)?;
    // A link instead of a rename: it fails where something has taken the name meanwhile.
    fs::hard_link(&part.0, to).or_else(|_| rename(&part.0, to)).map_err(refused)?;
    drop(part);
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(refused)?;
    Ok(report)
}

fn rename(from: &Path, to: &Path) -> io::Result<()> {
    if fs::symlink_metadata(to).is_ok() { Err(io::ErrorKind::AlreadyExists.into()) } else { fs::rename(from, to) }
}

/// A file on the way, gone when it is dropped under its first name.
struct Part(PathBuf);

impl Drop for Part {
    fn drop(&mut self) {
        // It has its other name by now, or is not wanted.
        let _ = fs::remove_file(&self.0);
    }
}

#[cfg(unix)]
fn make_private(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).map(|_| ())
}

#[cfg(not(unix))]
fn make_private(file: &Path) -> io::Result<()> {
    fs::OpenOptions::new().write(true).create_new(true).open(file).map(|_| ())
}

//! Putting in place: a new edition is written aside and swapped in whole; one that already stands is left alone.

use super::Files;
use crate::digest;
use std::io;
use std::path::{Path, PathBuf};

/// An edition and the folder it belongs in.
pub(super) struct Edition {
    out: PathBuf,
    /// Digest of every public and private file.
    digest: String,
    /// The folders of it whose names are digests.
    immutable: Vec<String>,
}

impl Edition {
    pub(super) fn new(out: &Path, web: &Files, private: &Files, immutable: Vec<String>) -> Self {
        let digest = format!("{}{}", digest::of_files(web), digest::of_files(private));
        Self { out: out.to_owned(), digest, immutable }
    }

    /// What the last build noted: the digest, then its immutable folders, line by line.
    fn note(&self) -> PathBuf {
        self.out.join("edition.txt")
    }

    /// Whether the same edition is in place already.
    pub(super) fn stands(&self) -> io::Result<bool> {
        let there = self.out.join("web").is_dir() && self.out.join("private").is_dir();
        Ok(there && self.noted()?.first() == Some(&self.digest))
    }

    fn noted(&self) -> io::Result<Vec<String>> {
        match std::fs::read_to_string(self.note()) {
            Ok(text) => Ok(text.lines().map(str::to_owned).collect()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// Writes the edition aside and swaps it in.
    ///
    /// The immutable folders of the edition before are kept once more, so that a visit begun in it goes on undisturbed.
    pub(super) fn put(&self, web: &Files, private: &Files) -> io::Result<()> {
        let before = self.noted()?;
        for (name, files) in [("private", private), ("web", web)] {
            let (next, now, gone) = (self.aside(name, "next"), self.out.join(name), self.aside(name, "gone"));
            clear(&next)?;
            clear(&gone)?;
            for (path, content) in files {
                write(&next.join(path), content)?;
            }
            if name == "web" {
                for folder in before.iter().skip(1).filter(|folder| !self.immutable.contains(folder)) {
                    link_all(&now.join(folder), &next.join(folder))?;
                }
            }
            std::fs::create_dir_all(&next)?;
            if now.exists() {
                std::fs::rename(&now, &gone)?;
            }
            std::fs::rename(&next, &now)?;
            clear(&gone)?;
        }
        let mut note = self.digest.clone();
        for folder in &self.immutable {
            note.push('\n');
            note.push_str(folder);
        }
        std::fs::write(self.note(), note)
    }

    fn aside(&self, name: &str, what: &str) -> PathBuf {
        self.out.join(format!("{name}.{what}"))
    }
}

fn clear(folder: &Path) -> io::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, content)
}

/// The same files under another folder, without copying where the file system can. A folder that is gone is passed over.
fn link_all(from: &Path, to: &Path) -> io::Result<()> {
    for (path, file) in crate::tree::files(from)? {
        let link = to.join(path);
        if let Some(folder) = link.parent() {
            std::fs::create_dir_all(folder)?;
        }
        if std::fs::hard_link(&file, &link).is_err() {
            std::fs::copy(&file, &link)?;
        }
    }
    Ok(())
}

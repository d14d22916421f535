//! Tree: the files of a folder, by their paths within it. Knows nothing of what they mean.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// Path within a folder, with forward slashes, to the file itself.
pub type Tree = BTreeMap<String, PathBuf>;

/// Every file below `folder` but hidden ones and Python's caches; none where there is no such folder.
///
/// # Errors
/// Whatever keeps the folder from being listed, other than its absence.
pub fn files(folder: &Path) -> io::Result<Tree> {
    let mut tree = Tree::new();
    descend(folder, "", &mut tree)?;
    Ok(tree)
}

fn descend(folder: &Path, prefix: &str, tree: &mut Tree) -> io::Result<()> {
    let listing = match std::fs::read_dir(folder) {
        Ok(listing) => listing,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in listing {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || name == "__pycache__" || name == "node_modules" {
            continue;
        }
        let path = format!("{prefix}{name}");
        // Followed where it is a link, so that a historian may link a recording in.
        if entry.path().is_dir() {
            descend(&entry.path(), &format!("{path}/"), tree)?;
        } else {
            tree.insert(path, entry.path());
        }
    }
    Ok(())
}

/// The last part of a path after its dot; empty where there is none.
pub fn extension(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// Whether `path` lies in `folder`, both with forward slashes.
pub fn within(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

//! Covered: every file under `assets` has a maker and a licence in `RIGHTS.toml`.

use super::Desk;
use crate::library::Library;

const LIST: &str = "RIGHTS.toml";

pub(super) fn judge(library: &Library, desk: &mut Desk<'_>) {
    if !library.files.contains_key(LIST) {
        desk.lay(LIST, 0, "there is no list of makers and licences", "write it: [[file]] with path, maker and licence");
        return;
    }
    for path in library.files.keys().filter(|path| *path != LIST) {
        if !library.rights.iter().any(|right| right.covers(path)) {
            let remedy = format!("add it, or a pattern that covers it, to {LIST}");
            desk.lay(path, 0, "no maker and no licence are stated for this file", remedy);
        }
    }
    for right in &library.rights {
        if !library.files.keys().any(|path| right.covers(path)) {
            let what = format!("the entry “{}” covers no file", right.path);
            desk.lay(LIST, 0, what, "correct its path, or remove it");
        }
    }
}

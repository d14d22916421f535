//! Digests: SHA-256 in hexadecimal, of one content and of a set of files.

use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;

/// SHA-256 of a content, 64 hexadecimal digits.
pub fn of(content: &[u8]) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(content) {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// Name of a set of files for addresses: 16 hexadecimal digits that change with any path or content in it.
pub fn of_files(files: &BTreeMap<String, Vec<u8>>) -> String {
    let mut list = String::new();
    for (path, content) in files {
        // Digest before path: its length is fixed, so no two sets write the same list.
        let _ = writeln!(list, "{} {path}", of(content));
    }
    of(list.as_bytes())[..16].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_of_nothing_is_the_published_one() {
        // FIPS 180-4, SHA-256 of the empty message.
        assert_eq!(of(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    #[test]
    fn a_moved_file_changes_the_name_of_the_set() {
        let set = |path: &str| of_files(&BTreeMap::from([(path.to_owned(), b"x".to_vec())]));
        assert_eq!(set("a"), set("a"));
        assert_ne!(set("a"), set("b"));
    }
}

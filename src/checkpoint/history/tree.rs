//! The Merkle tree of RFC 6962, section 2.1, over leaves in log order, with every eighth level kept.
//!
//! A subtree that is full never changes, so that reading an old root while the log grows gives the old root.

use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::convert::Infallible;

/// SHA-256.
pub type Hash = [u8; 32];

/// Levels from one that is kept to the next: the height of a tile.
pub const HEIGHT: u8 = 8;
/// Hashes of a full tile.
pub const WIDTH: u16 = 1 << HEIGHT;

/// The hash of a leaf: `SHA-256(0x00 || salt || canonical bytes)`.
pub fn leaf(salt: &[u8; 32], canonical: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(salt).chain_update(canonical).finalize().into()
}

/// The hash over two subtrees: `SHA-256(0x01 || left || right)`.
pub fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The root over nothing.
pub fn empty() -> Hash {
    Sha256::digest([]).into()
}

/// Where the kept hashes are.
pub trait Hashes {
    /// Why they cannot be had.
    type Error;

    /// `count` hashes from `first` on at kept level `level`: 0 are the leaves, 1 stands 8 levels above them. All of them,
    /// or an error.
    ///
    /// # Errors
    /// Where one is missing or cannot be read.
    fn hashes(&self, level: u8, first: u64, count: u64) -> Result<Vec<Hash>, Self::Error>;
}

/// The root over the first `size` leaves.
///
/// # Errors
/// Where a hash cannot be had.
pub fn root<H: Hashes>(hashes: &H, size: u64) -> Result<Hash, H::Error> {
    if size == 0 { Ok(empty()) } else { range(hashes, 0, size) }
}

/// The audit path of one leaf in the tree of `size` leaves, from the leaf upwards (RFC 6962, section 2.1.1); empty for a
/// place that the tree does not have.
///
/// # Errors
/// Where a hash cannot be had.
pub fn path<H: Hashes>(hashes: &H, place: u64, size: u64) -> Result<Vec<Hash>, H::Error> {
    let mut path = Vec::new();
    let (mut first, mut count) = if place < size { (0, size) } else { (0, 1) };
    while count > 1 {
        let left = 1 << (count - 1).ilog2();
        if place - first < left {
            path.push(range(hashes, first + left, count - left)?);
            count = left;
        } else {
            path.push(range(hashes, first, left)?);
            (first, count) = (first + left, count - left);
        }
    }
    path.reverse();
    Ok(path)
}

/// What proves that the tree of the first `old` leaves is the beginning of that of `size` leaves (RFC 6962, section
/// 2.1.2); empty where there is nothing to prove: for none, for all, and for more than there are.
///
/// # Errors
/// Where a hash cannot be had.
pub fn consistency<H: Hashes>(hashes: &H, old: u64, size: u64) -> Result<Vec<Hash>, H::Error> {
    let mut proof = Vec::new();
    if old == 0 {
        return Ok(proof);
    }
    let (mut first, mut count, mut known, mut is_whole) = (0, size, old, true);
    while known < count {
        let left = 1 << (count - 1).ilog2();
        if known <= left {
            proof.push(range(hashes, first + left, count - left)?);
            count = left;
        } else {
            proof.push(range(hashes, first, left)?);
            (first, count, known, is_whole) = (first + left, count - left, known - left, false);
        }
    }
    if !is_whole {
        // The old tree ends within the new one: what stands over its right edge is no root that the asker has.
        proof.push(range(hashes, first, count)?);
    }
    proof.reverse();
    Ok(proof)
}

/// Notes which hashes are asked for, each time as level, first and count, where they cannot be had at once.
#[derive(Debug, Default)]
pub struct Wanted(pub RefCell<Vec<(u8, u64, u64)>>);

impl Hashes for Wanted {
    type Error = Infallible;
    fn hashes(&self, level: u8, first: u64, count: u64) -> Result<Vec<Hash>, Infallible> {
        self.0.borrow_mut().push((level, first, count));
        Ok(Vec::new())
    }
}

/// The hashes that were asked for, by level and first.
#[derive(Debug, Default)]
pub struct Had(pub BTreeMap<(u8, u64), Vec<Hash>>);

/// A hash that should be there is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing;

impl Hashes for Had {
    type Error = Missing;
    fn hashes(&self, level: u8, first: u64, count: u64) -> Result<Vec<Hash>, Missing> {
        let found = self.0.get(&(level, first)).cloned().unwrap_or_default();
        if found.len() as u64 == count { Ok(found) } else { Err(Missing) }
    }
}

/// The hash over leaves that RFC 6962 puts into one subtree.
fn range<H: Hashes>(hashes: &H, first: u64, count: u64) -> Result<Hash, H::Error> {
    let left = 1_u64 << count.ilog2();
    if left == count {
        let (kept, above) = (count.ilog2() as u8 / HEIGHT, count.ilog2() as u8 % HEIGHT);
        let below = hashes.hashes(kept, first >> (kept * HEIGHT), 1 << above)?;
        return Ok(fold(below));
    }
    let (left, right) = (range(hashes, first, left)?, range(hashes, first + left, count - left)?);
    Ok(node(&left, &right))
}

/// The hash over a full subtree of 1, 2, 4 … hashes.
pub fn fold(mut hashes: Vec<Hash>) -> Hash {
    while hashes.len() > 1 {
        hashes = hashes
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => node(left, right),
                rest => rest.first().copied().unwrap_or_else(empty),
            })
            .collect();
    }
    hashes.first().copied().unwrap_or_else(empty)
}

/// A tree grown leaf by leaf in memory: one hash for each full subtree at its right edge.
#[derive(Clone, Debug, Default)]
pub struct Growing {
    edge: Vec<(u8, Hash)>,
    size: u64,
}

impl Growing {
    /// A tree of `size` leaves that goes on from what [`Self::edge`] told of it; nothing where they do not fit.
    pub fn restored(size: u64, edge: &[u8]) -> Option<Self> {
        let levels = (0..u64::BITS as u8).rev().filter(|level| size >> level & 1 == 1);
        let (hashes, rest) = edge.as_chunks::<32>();
        let fits = rest.is_empty() && hashes.len() == size.count_ones() as usize;
        fits.then(|| Self { edge: levels.zip(hashes.iter().copied()).collect(), size })
    }

    /// The hashes of the full subtrees at its right edge, one after another, the largest first.
    pub fn edge(&self) -> Vec<u8> {
        self.edge.iter().flat_map(|(_, hash)| *hash).collect()
    }

    /// Leaves so far.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Takes the next leaf; tells every kept hash that is now complete, as kept level, place and hash, lowest first.
    pub fn push(&mut self, leaf: Hash) -> Vec<(u8, u64, Hash)> {
        let (mut level, mut hash, mut complete) = (0, leaf, Vec::new());
        self.size += 1;
        while let Some((_, left)) = self.edge.pop_if(|(edge, _)| *edge == level) {
            hash = node(&left, &hash);
            level += 1;
            if level % HEIGHT == 0 {
                complete.push((level / HEIGHT, (self.size >> level) - 1, hash));
            }
        }
        self.edge.push((level, hash));
        complete
    }

    /// The root over all leaves so far.
    pub fn root(&self) -> Hash {
        let mut edge = self.edge.iter().rev().map(|(_, hash)| *hash);
        let last = edge.next().unwrap_or_else(empty);
        edge.fold(last, |right, left| node(&left, &right))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Kept levels in memory.
    #[derive(Default)]
    struct Kept(Vec<Vec<Hash>>);

    impl Hashes for Kept {
        type Error = Infallible;
        fn hashes(&self, level: u8, first: u64, count: u64) -> Result<Vec<Hash>, Infallible> {
            let (first, count) = (first as usize, count as usize);
            Ok(self.0[usize::from(level)][first..first + count].to_vec())
        }
    }

    fn hex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).filter_map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
    }

    /// As RFC 6962 writes it, without anything kept.
    fn by_the_book(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => empty(),
            [only] => *only,
            many => {
                let (left, right) = many.split_at(1 << (many.len() - 1).ilog2());
                node(&by_the_book(left), &by_the_book(right))
            }
        }
    }

    #[test]
    fn hashes_are_those_of_the_standard() {
        // The first vectors of Certificate Transparency's own tests: no leaf, and the empty leaf.
        assert_eq!(empty().to_vec(), hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        let bare: Hash = Sha256::digest([0]).into();
        assert_eq!(bare.to_vec(), hex("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"));
        let two: Hash = Sha256::digest([0, 0]).into();
        assert_eq!(node(&bare, &two).to_vec(), hex("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"));
    }

    #[test]
    fn every_root_and_path_of_seventy_thousand_leaves_is_the_books() -> Result<(), Infallible> {
        let leaves: Vec<Hash> = (0..70_000_u32).map(|each| leaf(&[1; 32], &each.to_be_bytes())).collect();
        let (mut kept, mut growing) = (Kept(vec![leaves.clone()]), Growing::default());
        let asked = [0, 1, 2, 3, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 69_999];
        for (place, leaf) in leaves.iter().enumerate() {
            if asked.contains(&place) {
                let expected = by_the_book(&leaves[..place]);
                assert_eq!((growing.root(), root(&kept, place as u64)?), (expected, expected), "{place}");
                let edge = growing.edge();
                assert!(Growing::restored(place as u64, &[edge.as_slice(), &[0; 32]].concat()).is_none());
                growing = Growing::restored(place as u64, &edge).unwrap_or_default();
            }
            for (level, at, hash) in growing.push(*leaf) {
                kept.0.resize(kept.0.len().max(usize::from(level) + 1), Vec::new());
                assert_eq!(kept.0[usize::from(level)].len(), at as usize);
                kept.0[usize::from(level)].push(hash);
            }
        }
        assert_eq!(kept.0.iter().map(Vec::len).collect::<Vec<_>>(), [70_000, 273, 1]);
        for size in [1_usize, 2, 7, 256, 300, 65_536, 70_000] {
            let whole = by_the_book(&leaves[..size]);
            for place in [0, 1, 6, 255, 256, 299, 65_535, 69_999].into_iter().filter(|place| *place < size) {
                let path = path(&kept, place as u64, size as u64)?;
                assert_eq!(walked(place, size, leaves[place], &path), whole, "{place} of {size}");
            }
            assert!(path(&kept, size as u64, size as u64)?.is_empty());
        }
        Ok(())
    }

    /// Where a path leads, by RFC 9162, section 2.1.3.2.
    fn walked(place: usize, size: usize, leaf: Hash, path: &[Hash]) -> Hash {
        let (mut at, mut last, mut hash) = (place, size - 1, leaf);
        for next in path {
            if at % 2 == 1 || at == last {
                hash = node(next, &hash);
                while at % 2 == 0 && at != 0 {
                    (at, last) = (at / 2, last / 2);
                }
            } else {
                hash = node(&hash, next);
            }
            (at, last) = (at / 2, last / 2);
        }
        hash
    }
}

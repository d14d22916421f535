//! Addresses of tiles, by the layout of C2SP tlog-tiles: `<L>/<N>` and `<L>/<N>.p/<W>`.
//!
//! Tiles of hashes alone. Tiles of entries, which that layout also knows, are never served: entries are personal.

use super::tree::WIDTH;

/// Levels that a tree of up to 2^62 leaves can have.
const MOST_LEVEL: u8 = 7;
/// Groups of three digits that a number may have, so that it fits.
const MOST_GROUPS: usize = 6;

/// A run of hashes at one kept level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tile {
    /// Kept level: 0 are the leaves.
    pub level: u8,
    /// Which tile of that level, from 0.
    pub index: u64,
    /// Hashes asked for, 1 to 256.
    pub width: u16,
}

impl Tile {
    /// Reads an address. Every tile has one spelling; anything else is none.
    pub fn read(level: &str, rest: &str) -> Option<Self> {
        let level = plain(level).and_then(|level| u8::try_from(level).ok()).filter(|level| *level <= MOST_LEVEL)?;
        let (number, width) = match rest.split_once(".p/") {
            None => (rest, WIDTH),
            Some((number, width)) => {
                let width = plain(width).and_then(|width| u16::try_from(width).ok())?;
                (number, Some(width).filter(|width| (1..WIDTH).contains(width))?)
            }
        };
        let mut groups = number.split('/').rev();
        let mut index = three(groups.next()?)?;
        let (mut scale, mut first) = (1_u64, None);
        for (count, group) in groups.enumerate() {
            if count + 1 >= MOST_GROUPS {
                return None;
            }
            scale *= 1000;
            let digits = three(group.strip_prefix('x')?)?;
            index += digits * scale;
            first = Some(digits);
        }
        (first != Some(0)).then_some(Self { level, index, width })
    }
}

/// A number without leading zeros.
fn plain(text: &str) -> Option<u64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if is_plain { text.parse().ok() } else { None }
}

/// Exactly three digits.
fn three(text: &str) -> Option<u64> {
    if text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tile_has_one_address() {
        let tile = |level, index, width| Some(Tile { level, index, width });
        for (level, rest, expected) in [
            ("0", "000", tile(0, 0, 256)),
            ("3", "255.p/1", tile(3, 255, 1)),
            ("0", "x001/x234/067", tile(0, 1_234_067, 256)),
            ("1", "x001/000.p/255", tile(1, 1000, 255)),
            ("7", "x999/x999/x999/x999/x999/999", tile(7, 999_999_999_999_999_999, 256)),
        ] {
            assert_eq!(Tile::read(level, rest), expected, "{level}/{rest}");
        }
    }

    #[test]
    fn what_is_no_address_names_nothing() {
        for (level, rest) in [
            ("", "000"),
            ("00", "000"),
            ("01", "000"),
            ("8", "000"),
            ("-1", "000"),
            ("+1", "000"),
            ("entries", "000"),
            ("data", "000"),
            ("0", ""),
            ("0", "0"),
            ("0", "0000"),
            ("0", "x000/000"),
            ("0", "001/000"),
            ("0", "x001"),
            ("0", "x001/"),
            ("0", "/000"),
            ("0", "000/"),
            ("0", "000.p"),
            ("0", "000.p/"),
            ("0", "000.p/0"),
            ("0", "000.p/01"),
            ("0", "000.p/256"),
            ("0", "000.p/99999999999999999999"),
            ("0", "000.p/1/2"),
            ("0", "x001.p/1/000"),
            ("0", "..%2f000"),
            ("0", "../000"),
            ("0", "٠٠٠"),
            ("0", "é0"),
            ("99999999999999999999", "000"),
            ("0", "x001/x000/x000/x000/x000/x000/000"),
        ] {
            assert_eq!(Tile::read(level, rest), None, "{level}/{rest}");
        }
    }
}

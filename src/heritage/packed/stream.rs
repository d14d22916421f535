//! Stream: numbers in as few bytes as they need, seven bits a byte (LEB128), and a reader that trusts none of them.

use super::Unpackable;

pub(super) fn put_number(file: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        file.push(number as u8 | 0x80);
        number >>= 7;
    }
    file.push(number as u8);
}

/// Small differences either way as small numbers.
pub(super) fn unsigned(off: i32) -> u32 {
    (off.cast_unsigned() << 1) ^ (off >> 31).cast_unsigned()
}

pub(super) fn signed(number: u32) -> i32 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

/// What is still to be read.
pub(super) struct Cursor<'a>(pub &'a [u8]);

impl<'a> Cursor<'a> {
    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], Unpackable> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Unpackable::Short)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn bytes<const N: usize>(&mut self) -> Result<[u8; N], Unpackable> {
        self.take(N)?.try_into().map_err(|_| Unpackable::Short)
    }

    /// A number that something can be measured with.
    pub(super) fn float(&mut self) -> Result<f32, Unpackable> {
        let value = f32::from_le_bytes(self.bytes()?);
        if value.is_finite() { Ok(value) } else { Err(Unpackable::Broken) }
    }

    pub(super) fn number(&mut self) -> Result<u32, Unpackable> {
        let mut number = 0u32;
        for shift in [0, 7, 14, 21, 28] {
            let [byte] = self.bytes()?;
            let bits = u32::from(byte & 0x7f);
            if shift == 28 && bits > 0xf {
                return Err(Unpackable::Broken);
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Unpackable::Broken)
    }

    /// A number of things that take at least a byte each, so that no more are promised than there can be.
    pub(super) fn count(&mut self) -> Result<usize, Unpackable> {
        let count = self.number()? as usize;
        if count <= self.0.len() { Ok(count) } else { Err(Unpackable::Short) }
    }

    pub(super) fn word(&mut self) -> Result<String, Unpackable> {
        let long = self.count()?;
        let bytes = self.take(long)?;
        std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| Unpackable::Broken)
    }
}

//! The staff's PIN: kept as a salted hash, and slow to be tried. It keeps visitors out, not whoever carries the device away.
//! Pure: the caller brings salt and clock.

use sha2::{Digest, Sha256};

/// Rounds of the hash: about 50 ms on a headset.
const ROUNDS: u32 = 50_000;
/// Wrong tries that are free.
const FREE: u32 = 4;
/// The longest wait, milliseconds.
const LONGEST_MS: f64 = 3_600_000.0;

/// The digits of a PIN as typed, six of them; full-width ones count.
pub fn read(typed: &str) -> Option<String> {
    let digits: String = typed.trim().chars().map(crate::sign_in::half_width).collect();
    (digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

/// A PIN that would be tried first: one digit repeated, or a straight run.
pub fn is_trivial(pin: &str) -> bool {
    let steps: Vec<i16> = pin.as_bytes().windows(2).map(|pair| i16::from(pair[1]) - i16::from(pair[0])).collect();
    [0, 1, -1].iter().any(|step| steps.iter().all(|found| found == step))
}

/// What is kept of it, in hexadecimal digits.
pub fn hash(salt: &str, pin: &str) -> String {
    let mut hash = Sha256::digest(format!("{salt}:{pin}"));
    for _ in 1..ROUNDS {
        hash = Sha256::digest(hash);
    }
    hex(&hash)
}

/// Hexadecimal digits of bytes.
pub fn hex(bytes: &[u8]) -> String {
    let digits = |byte: &u8| [byte >> 4, byte & 15].map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)]));
    bytes.iter().flat_map(digits).collect()
}

/// How long to wait after so many wrong tries, milliseconds: from the fifth on 30 s, doubling up to an hour.
pub fn wait_ms(failures: u32) -> f64 {
    match failures.checked_sub(FREE + 1) {
        None => 0.0,
        Some(doublings) => (30_000.0 * f64::from(1_u32 << doublings.min(16))).min(LONGEST_MS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_six_digits_that_are_not_guessed_first() {
        assert_eq!(read(" ２５８０４７ ").as_deref(), Some("258047"));
        for typed in ["", "25804", "2580477", "25804a"] {
            assert_eq!(read(typed), None, "{typed}");
        }
        for (pin, trivial) in [("111111", true), ("123456", true), ("654321", true), ("258047", false)] {
            assert_eq!(is_trivial(pin), trivial, "{pin}");
        }
    }

    #[test]
    fn what_is_kept_differs_by_salt_and_by_pin() {
        let kept = hash("salt", "258047");
        assert_eq!((kept.len(), &kept), (64, &hash("salt", "258047")));
        assert_ne!(kept, hash("other", "258047"));
        assert_ne!(kept, hash("salt", "258048"));
    }

    #[test]
    fn tries_are_slowed_from_the_fifth_on() {
        let waits: Vec<f64> = [0, 4, 5, 6, 30].into_iter().map(wait_ms).collect();
        assert_eq!(waits, [0.0, 0.0, 30_000.0, 60_000.0, LONGEST_MS]);
    }
}

//! The code of a visit, made on the kiosk so that it needs no network: eight of the twenty consonants that the service reads.
//! Pure but for where the chance comes from.

/// The letters, as the service has them.
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
/// Bytes from here on would favour the first letters: 240 is the largest multiple of 20 under 256.
const FAIR: u8 = 240;

/// A code, `BCDF-GHJK`, out of random bytes; nothing where too few of them are fair.
pub fn spelled(chance: &[u8]) -> Option<String> {
    let fair = chance.iter().filter(|byte| **byte < FAIR).take(8);
    let letters: String = fair.map(|byte| char::from(LETTERS[usize::from(byte % 20)])).collect();
    (letters.len() == 8).then(|| format!("{}-{}", &letters[..4], &letters[4..]))
}

/// A fresh one.
pub fn fresh() -> String {
    loop {
        if let Some(code) = spelled(&super::chance()) {
            return code;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_eight_fair_letters_or_is_none() {
        assert_eq!(spelled(&[0, 1, 2, 3, 255, 4, 5, 6, 7, 8]).as_deref(), Some("BCDF-GHJK"));
        assert_eq!(spelled(&[239; 8]).as_deref(), Some("ZZZZ-ZZZZ"));
        assert_eq!(spelled(&[240; 32]), None);
        assert_eq!(spelled(&[0; 7]), None);
    }
}

//! Codes that people type: invitations, plaques, pairings and led visits. Eight of twenty consonants, so that no code spells a word.

use crate::secrets::{Purpose, Secrets, random};
use heritage::{SiteId, StationId};
use uuid::Uuid;

/// The letters a code is made of. No vowels, no Y, so that nothing is spelled and nothing looks like a digit.
pub const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
const LENGTH: usize = 8;
/// Bytes from here on would favour the first letters: 240 is the largest multiple of 20 under 256.
const FAIR: u8 = 240;

/// A code in its one written form, `BCDF-GHJK`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    /// A fresh invitation: 20⁸ possibilities, 34.6 bits.
    pub fn fresh() -> Self {
        loop {
            if let Some(code) = spelled(&random::<32>()) {
                return code;
            }
        }
    }

    /// Reads what a person typed: case, spaces, hyphens and full-width letters do not matter.
    pub fn read(typed: &str) -> Option<Self> {
        let mut letters = String::with_capacity(LENGTH);
        for letter in typed.chars().take(64).map(half_width) {
            match letter.to_ascii_uppercase() {
                '-' | '－' | '—' | ' ' | '\u{3000}' => {}
                letter if u8::try_from(letter).is_ok_and(|byte| LETTERS.contains(&byte)) => letters.push(letter),
                _ => return None,
            }
        }
        (letters.len() == LENGTH).then_some(Self(letters))
    }

    /// The code of a station's plaque, derived from the service's secret; it stands in no file.
    pub fn of_plaque(secrets: &Secrets, site: &SiteId, station: &StationId) -> Self {
        (0_u32..)
            .find_map(|round| spelled(&secrets.derive(Purpose::Plaque, format!("{site}/{station}/{round}").as_bytes())))
            .unwrap_or_else(|| unreachable!("some round gives eight fair bytes"))
    }

    /// The code by which a companion finds somebody for as long as `slot` lasts, likewise.
    pub fn of_companion(secrets: &Secrets, person: Uuid, slot: i64) -> Self {
        (0_u32..)
            .find_map(|round| {
                spelled(&secrets.derive(Purpose::Companion, format!("{person}/{slot}/{round}").as_bytes()))
            })
            .unwrap_or_else(|| unreachable!("some round gives eight fair bytes"))
    }

    /// The code by which others follow a led visit, likewise derived: it can be shown again and is not kept.
    pub fn of_led(secrets: &Secrets, visit: Uuid) -> Self {
        (0_u32..)
            .find_map(|round| spelled(&secrets.derive(Purpose::Led, format!("{visit}/{round}").as_bytes())))
            .unwrap_or_else(|| unreachable!("some round gives eight fair bytes"))
    }

    /// What the store finds a person by: the code itself is never kept.
    pub fn key(&self, secrets: &Secrets) -> [u8; 32] {
        secrets.derive(Purpose::Code, self.0.as_bytes())
    }

    /// What the store finds a pairing by, likewise.
    pub fn pairing_key(&self, secrets: &Secrets) -> [u8; 32] {
        secrets.derive(Purpose::Pairing, self.0.as_bytes())
    }

    /// What the store finds a led visit by, likewise.
    pub fn led_key(&self, secrets: &Secrets) -> [u8; 32] {
        secrets.derive(Purpose::Led, self.0.as_bytes())
    }

    /// As it is printed and read out.
    pub fn written(&self) -> String {
        format!("{}-{}", &self.0[..LENGTH / 2], &self.0[LENGTH / 2..])
    }
}

fn spelled(bytes: &[u8]) -> Option<Code> {
    let fair = bytes.iter().filter(|byte| **byte < FAIR);
    let letters: String = fair.take(LENGTH).map(|byte| char::from(LETTERS[usize::from(byte % 20)])).collect();
    (letters.len() == LENGTH).then_some(Code(letters))
}

/// A full-width letter or digit as its ASCII twin: input methods leave them behind.
pub fn half_width(typed: char) -> char {
    match typed {
        '！'..='～' => char::from_u32(u32::from(typed) - 0xfee0).unwrap_or(typed),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_was_typed() {
        let code = Code::read("BCDF-GHJK");
        assert!(code.is_some());
        for typed in ["bcdfghjk", " bcdf ghjk ", "BCDF—GHJK", "ＢＣＤＦ－ＧＨＪＫ", "b-c-d-f-g-h-j-k"] {
            assert_eq!(Code::read(typed), code, "{typed}");
        }
    }

    #[test]
    fn what_is_no_code_is_not_looked_up() {
        for typed in ["", "BCDFGHJ", "BCDFGHJKL", "ABCDFGHJ", "BCDF GHJ1", "';--", "BCDFGHJ\0", &"B".repeat(9000)] {
            assert_eq!(Code::read(typed), None, "{typed}");
        }
    }

    #[test]
    fn plaques_differ_by_station_and_by_service() -> Result<(), heritage::id::BadName> {
        let (one, two) = (Secrets::known([1; 32]), Secrets::known([2; 32]));
        let site = SiteId::new("luding")?;
        let (deck, stele) = (StationId::new("deck")?, StationId::new("stele")?);
        assert_eq!(Code::of_plaque(&one, &site, &deck), Code::of_plaque(&one, &site, &deck));
        assert_ne!(Code::of_plaque(&one, &site, &deck), Code::of_plaque(&one, &site, &stele));
        assert_ne!(Code::of_plaque(&one, &site, &deck), Code::of_plaque(&two, &site, &deck));
        Ok(())
    }

    #[test]
    fn a_fresh_code_reads_back_as_itself() {
        let code = Code::fresh();
        assert_eq!(Code::read(&code.written()), Some(code));
    }
}

//! The code of the moment, shown by a device at a station: RFC 6238 with SHA-256, six digits, thirty seconds, by a secret
//! of each station's own that is derived from the service's and stands in no file.

use crate::secrets::{Purpose, Secrets, hex};
use heritage::{SiteId, StationId};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// How long one code is shown, milliseconds.
pub const STEP_MS: i64 = 30_000;
const DIGITS: u32 = 6;

/// The code that the station's device shows at this time, milliseconds since 1970 UTC.
pub fn code_at(secrets: &Secrets, site: &SiteId, station: &StationId, at_ms: i64) -> String {
    let step = at_ms.div_euclid(STEP_MS).cast_unsigned();
    written(hotp(&key(secrets, site, station), step), DIGITS)
}

/// Milliseconds until the next code is shown.
pub fn until_next_ms(at_ms: i64) -> i64 {
    STEP_MS - at_ms.rem_euclid(STEP_MS)
}

/// Whether the station's device showed this code at the time it was read, by the reader's clock, or one step before or after.
pub fn fits(secrets: &Secrets, site: &SiteId, station: &StationId, typed: &str, read_at_ms: i64) -> bool {
    let shown = [-STEP_MS, 0, STEP_MS].map(|off| code_at(secrets, site, station, read_at_ms.saturating_add(off)));
    shown.iter().any(|code| bool::from(code.as_bytes().ct_eq(typed.as_bytes())))
}

/// What the address of the station's display carries, so that nobody finds the code without having been given it.
pub fn display_key(secrets: &Secrets, site: &SiteId, station: &StationId) -> String {
    hex(&secrets.derive(Purpose::Display, format!("{site}/{station}").as_bytes()))[..32].to_owned()
}

fn key(secrets: &Secrets, site: &SiteId, station: &StationId) -> [u8; 32] {
    secrets.derive(Purpose::Rotating, format!("{site}/{station}").as_bytes())
}

/// RFC 4226, section 5.3, with SHA-256 in place of SHA-1: 31 bits of the code for one step.
fn hotp(key: &[u8], step: u64) -> u32 {
    let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(key) else {
        unreachable!("HMAC takes keys of any length")
    };
    mac.update(&step.to_be_bytes());
    let bytes = mac.finalize().into_bytes();
    let offset = usize::from(bytes.last().map_or(0, |last| last & 0x0f));
    let four = bytes.iter().skip(offset).take(4).fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
    four & 0x7fff_ffff
}

fn written(number: u32, digits: u32) -> String {
    format!("{:0width$}", number % 10_u32.pow(digits), width = digits as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use heritage::id::BadName;

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Appendix B, SHA-256, eight digits.
        let key = b"12345678901234567890123456789012";
        for (secs, code) in [
            (59_u64, "46119246"),
            (1_111_111_109, "68084774"),
            (1_111_111_111, "67062674"),
            (1_234_567_890, "91819424"),
            (2_000_000_000, "90698825"),
            (20_000_000_000, "77737706"),
        ] {
            assert_eq!(written(hotp(key, secs / 30), 8), code, "{secs}");
        }
    }

    #[test]
    fn a_code_holds_in_its_own_step_and_one_beside_it() -> Result<(), BadName> {
        let (one, two) = (Secrets::known([1; 32]), Secrets::known([2; 32]));
        let (site, gate, well) = (SiteId::new("hill")?, StationId::new("gate")?, StationId::new("well")?);
        let at_ms = 1_780_272_010_000;
        let code = code_at(&one, &site, &gate, at_ms);
        assert_eq!((code.len(), until_next_ms(at_ms)), (6, 20_000));
        for (off_ms, holds) in [(0, true), (-30_000, true), (30_000, true), (-60_001, false), (60_000, false)] {
            assert_eq!(fits(&one, &site, &gate, &code, at_ms + off_ms), holds, "{off_ms}");
        }
        assert!(!fits(&one, &site, &well, &code, at_ms), "of another station");
        assert!(!fits(&two, &site, &gate, &code, at_ms), "of another service");
        for typed in ["", "12345", "1234567", "४४४४४४", "\0\0\0\0\0\0"] {
            assert!(!fits(&one, &site, &gate, typed, at_ms), "{typed:?}");
        }
        for extreme in [i64::MIN, -1, i64::MAX] {
            let there = code_at(&one, &site, &gate, extreme);
            assert!(fits(&one, &site, &gate, &there, extreme) && until_next_ms(extreme) > 0);
        }
        assert_ne!(display_key(&one, &site, &gate), display_key(&one, &site, &well));
        Ok(())
    }
}

//! Taps on NTAG 424 DNA tags: the secure unique message that such a tag mirrors into its address at every read, with
//! encrypted identity and counter and an authentication code over both (NXP AN12196, sections 3.3 and 3.4).
//!
//! Keys are derived: one for reading by station, one for authentication by station and tag. So a tag needs no entry
//! anywhere, and what a tag says at one station is worth nothing at another.

use crate::secrets::{Purpose, Secrets};
use aes::Aes128;
use aes::cipher::{Array, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use cmac::{Cmac, Mac};
use heritage::{SiteId, StationId};
use subtle::ConstantTimeEq;

/// A tag's own number.
pub type Uid = [u8; 7];
type Key = [u8; 16];

/// The plain text begins with this where identity and counter are both mirrored and the identity has seven bytes.
const BOTH_OF_SEVEN: u8 = 0xc7;
/// Prefix of the session vector for authentication.
const SV2: [u8; 6] = [0x3c, 0xc3, 0x00, 0x01, 0x00, 0x80];

/// What is written into a tag as `SDMMetaReadKey` and `SDMFileReadKey`.
pub fn keys(secrets: &Secrets, site: &SiteId, station: &StationId, uid: Uid) -> (Key, Key) {
    (meta_key(secrets, site, station), file_key(secrets, site, station, uid))
}

/// The tag and its counter, if both texts come from a tag of this station.
pub fn verify(
    secrets: &Secrets,
    site: &SiteId,
    station: &StationId,
    picc_data: &str,
    cmac: &str,
) -> Option<(Uid, u32)> {
    let (uid, counter) = decrypt(&meta_key(secrets, site, station), from_hex(picc_data)?)?;
    let own = authenticate(&file_key(secrets, site, station, uid), uid, counter);
    bool::from(own.ct_eq(&from_hex::<8>(cmac)?)).then_some((uid, counter))
}

/// What a tag of this station says at a tap.
pub fn tapped(secrets: &Secrets, site: &SiteId, station: &StationId, uid: Uid, counter: u32) -> (String, String) {
    let mut block = [0; 16];
    let [low, middle, high, _] = counter.to_le_bytes();
    let (head, tail) = ([BOTH_OF_SEVEN], [low, middle, high]);
    for (place, byte) in block.iter_mut().zip(head.into_iter().chain(uid).chain(tail)) {
        *place = byte;
    }
    let mut block = Array::from(block);
    Aes128::new(&Array::from(meta_key(secrets, site, station))).encrypt_block(&mut block);
    let cmac = authenticate(&file_key(secrets, site, station, uid), uid, counter);
    (crate::secrets::hex(&block), crate::secrets::hex(&cmac))
}

fn meta_key(secrets: &Secrets, site: &SiteId, station: &StationId) -> Key {
    derived(secrets, &format!("meta/{site}/{station}"))
}

fn file_key(secrets: &Secrets, site: &SiteId, station: &StationId, uid: Uid) -> Key {
    derived(secrets, &format!("file/{site}/{station}/{}", crate::secrets::hex(&uid)))
}

fn derived(secrets: &Secrets, what: &str) -> Key {
    let mut key = [0; 16];
    key.copy_from_slice(&secrets.derive(Purpose::Tag, what.as_bytes())[..16]);
    key
}

/// One block of CBC with an initial vector of zeros is the block cipher alone.
fn decrypt(key: &Key, picc_data: [u8; 16]) -> Option<(Uid, u32)> {
    let mut block = Array::from(picc_data);
    Aes128::new(&Array::from(*key)).decrypt_block(&mut block);
    let [BOTH_OF_SEVEN, u0, u1, u2, u3, u4, u5, u6, c0, c1, c2, ..] = <[u8; 16]>::from(block) else { return None };
    Some(([u0, u1, u2, u3, u4, u5, u6], u32::from_le_bytes([c0, c1, c2, 0])))
}

/// The eight bytes that the tag shows: every second one of the code over nothing, by the key of this tap's session.
fn authenticate(key: &Key, uid: Uid, counter: u32) -> [u8; 8] {
    let [low, middle, high, _] = counter.to_le_bytes();
    let session = code(key, &[&SV2[..], &uid, &[low, middle, high]].concat());
    let [_, b1, _, b3, _, b5, _, b7, _, b9, _, b11, _, b13, _, b15] = code(&session, &[]);
    [b1, b3, b5, b7, b9, b11, b13, b15]
}

fn code(key: &Key, data: &[u8]) -> Key {
    let mut mac = <Cmac<Aes128> as KeyInit>::new(&Array::from(*key));
    mac.update(data);
    mac.finalize().into_bytes().into()
}

/// A tag's number as it is printed and read out: 14 hexadecimal digits.
pub fn uid(text: &str) -> Option<Uid> {
    from_hex(text)
}

fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != N * 2 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; N];
    for (place, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(place * 2..place * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use heritage::id::BadName;

    #[test]
    fn the_published_vectors_verify() {
        // AN12196, sections 3.3.2 and 3.4.4.2.1: both keys are zero.
        let picc_data = from_hex("EF963FF7828658A599F3041510671E88");
        let found = picc_data.and_then(|data| decrypt(&[0; 16], data));
        let uid = [0x04, 0xde, 0x5f, 0x1e, 0xac, 0xc0, 0x40];
        assert_eq!(found, Some((uid, 0x3d)));
        assert_eq!(Some(authenticate(&[0; 16], uid, 0x3d)), from_hex("94EED9EE65337086"));
    }

    #[test]
    fn a_tap_holds_at_its_own_station_alone_and_unchanged() -> Result<(), BadName> {
        let (one, two) = (Secrets::known([1; 32]), Secrets::known([2; 32]));
        let (site, gate, well) = (SiteId::new("hill")?, StationId::new("gate")?, StationId::new("well")?);
        let uid = [4, 1, 2, 3, 4, 5, 6];
        let (data, cmac) = tapped(&one, &site, &gate, uid, 0x00ff_fffe);
        assert_eq!(verify(&one, &site, &gate, &data, &cmac), Some((uid, 0x00ff_fffe)));
        assert_eq!(verify(&one, &site, &gate, &data.to_uppercase(), &cmac.to_uppercase()), Some((uid, 0x00ff_fffe)));
        assert_eq!(verify(&one, &site, &well, &data, &cmac), None);
        assert_eq!(verify(&two, &site, &gate, &data, &cmac), None);
        let (_, next) = tapped(&one, &site, &gate, uid, 0x00ff_ffff);
        assert_eq!(verify(&one, &site, &gate, &data, &next), None, "the code of another tap");
        for text in ["", "EF", "zz963FF7828658A599F3041510671E88", "é".repeat(16).as_str(), &"0".repeat(9_000)] {
            assert_eq!(verify(&one, &site, &gate, text, &cmac), None, "{text}");
            assert_eq!(verify(&one, &site, &gate, &data, text), None, "{text}");
        }
        Ok(())
    }
}

//! What a browser carries for the service and neither reads nor changes: sealed by a key of the service's secret, for minutes,
//! and marked when it was used. So nothing is kept for those who only look, and any service of one record can go on with it.

use crate::api::Fault;
use crate::house::House;
use crate::secrets::{Purpose, Secrets, random};
use crate::store::waiting::APART_MS;
use crate::store::{Wait, Waiting};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Characters that are looked at; a passkey's challenge has about a thousand.
const MOST_SEALED: usize = 16 * 1024;

/// What was sealed, and since when.
#[derive(Serialize, Deserialize)]
struct Content<T> {
    id: Uuid,
    since_ms: i64,
    held: T,
}

/// What was opened. It counts for nothing before it was [`Opened::used`].
pub struct Opened<T> {
    id: Uuid,
    ends_ms: i64,
    /// What it holds.
    pub held: T,
}

/// Seals something for whoever opens it under the same name.
///
/// # Errors
/// A [`Fault`] where it cannot be written as JSON.
pub fn seal<T: Serialize>(house: &House, name: &str, held: T) -> Result<String, Fault> {
    let content = Content { id: Uuid::now_v7(), since_ms: house.now_ms(), held };
    let plain = serde_json::to_vec(&content).map_err(|_| Fault::malformed())?;
    Ok(closed(&house.secrets, name, plain))
}

/// Opens what was sealed under this name no longer than `lasts_ms` ago; `None` where it is anything else.
pub fn open<T: DeserializeOwned>(house: &House, name: &str, lasts_ms: i64, sealed: &str) -> Option<Opened<T>> {
    let plain = opened(&house.secrets, name, sealed)?;
    let Content { id, since_ms, held } = serde_json::from_slice(&plain).ok()?;
    // Since long after now, the clock was set back.
    let is_good = (-APART_MS..lasts_ms).contains(&(house.now_ms() - since_ms));
    is_good.then_some(Opened { id, ends_ms: since_ms + lasts_ms, held })
}

impl<T> Opened<T> {
    /// What it holds, once: `None` where it was used before, at whichever service.
    ///
    /// # Errors
    /// A [`Fault`] where the store cannot mark it.
    pub async fn used(self, house: &House) -> Result<Option<T>, Fault> {
        let Self { id, ends_ms, held } = self;
        let since_ms = house.now_ms();
        let mark = Waiting { id, what: Wait::Used, owner: None, body: Vec::new(), since_ms, ends_ms };
        Ok(house.store.keep_waiting(mark).await?.then_some(held))
    }
}

fn key(secrets: &Secrets, name: &str) -> Option<LessSafeKey> {
    let key = secrets.derive(Purpose::Sealed, name.as_bytes());
    Some(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key).ok()?))
}

fn closed(secrets: &Secrets, name: &str, mut plain: Vec<u8>) -> String {
    // Random: 2³² of them under one key are still safe (NIST SP 800-38D, 8.3).
    let nonce = random::<NONCE_LEN>();
    let sealed = key(secrets, name).and_then(|key| {
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut plain).ok()
    });
    sealed.unwrap_or_else(|| unreachable!("a key of 32 bytes seals a few kilobytes"));
    URL_SAFE_NO_PAD.encode([&nonce[..], &plain].concat())
}

fn opened(secrets: &Secrets, name: &str, sealed: &str) -> Option<Vec<u8>> {
    if sealed.len() > MOST_SEALED {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
    let (nonce, rest) = bytes.split_first_chunk::<NONCE_LEN>()?;
    let mut rest = rest.to_vec();
    let nonce = Nonce::assume_unique_for_key(*nonce);
    Some(key(secrets, name)?.open_in_place(nonce, Aad::empty(), &mut rest).ok()?.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_is_opened_by_its_service_and_name_alone_and_only_whole() {
        let (one, two) = (Secrets::known([1; 32]), Secrets::known([2; 32]));
        let sealed = closed(&one, "way", b"held".to_vec());
        assert_eq!(opened(&one, "way", &sealed), Some(b"held".to_vec()));
        assert_ne!(sealed, closed(&one, "way", b"held".to_vec()), "no two look alike");
        assert!(opened(&two, "way", &sealed).is_none() && opened(&one, "other", &sealed).is_none());
        for at in 0..sealed.len() {
            let mut bent = sealed.clone().into_bytes();
            bent[at] = if bent[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(opened(&one, "way", &String::from_utf8_lossy(&bent)), None, "at {at}");
        }
        for none in ["", "AAAA", "not base64!", &"A".repeat(MOST_SEALED + 1)] {
            assert_eq!(opened(&one, "way", none), None);
        }
    }
}

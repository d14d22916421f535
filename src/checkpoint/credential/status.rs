//! Which credentials no longer hold: a Bitstring Status List, itself a signed credential.

use super::Issuer;
use crate::clock::{DAY_MS, written_in_utc};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;
use std::io::Write;

/// Places of the log in one list: the least that the specification allows, so that a list hides which credential is asked for.
pub const PLACES: i64 = 131_072;

/// List `number`, signed at `now_ms` for a day: a bit for each place of the log from `number * PLACES`, set where what was
/// confirmed there no longer stands. `revoked` are such places.
///
/// # Errors
/// Where the list cannot be packed, which memory alone can cause.
pub fn status_list(issuer: &Issuer, number: i64, revoked: &[i64], now_ms: i64) -> std::io::Result<String> {
    let mut bits = vec![0_u8; PLACES as usize / 8];
    for place in revoked.iter().map(|seq| seq - number * PLACES).filter(|place| (0..PLACES).contains(place)) {
        bits[place as usize / 8] |= 0x80 >> (place % 8);
    }
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(&bits)?;
    let list = format!("u{}", BASE64_URL_SAFE_NO_PAD.encode(packed.finish()?));
    let address = issuer.at(&format!("/v1/credentials/status/{number}"));
    let until_ms = now_ms.saturating_add(DAY_MS);
    let credential = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.did(),
        "validFrom": written_in_utc(now_ms),
        "validUntil": written_in_utc(until_ms),
        "credentialSubject": {
            "id": format!("{address}#list"),
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": list,
        },
        "iss": issuer.did(),
        "jti": address,
        "nbf": now_ms.div_euclid(1000),
        "exp": until_ms.div_euclid(1000),
    });
    Ok(issuer.sign(&credential))
}

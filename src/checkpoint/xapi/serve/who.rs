//! By which credential somebody asks: HTTP Basic with key and secret.

use super::refusal::Refusal;
use crate::house::App;
use crate::secrets::digest;
use crate::store::statements::SystemCredential;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::net::IpAddr;
use subtle::ConstantTimeEq;

/// Longest header that is looked at, bytes.
const LONGEST: usize = 512;

/// What is kept of a secret. It has 256 random bits, so that no slower hash is needed.
pub fn secret_hash(secret: &str) -> [u8; 32] {
    digest(secret.as_bytes())
}

/// The credential of a request. An unknown key, a wrong secret and a revoked credential are answered alike, and an address
/// from which many come must wait.
///
/// # Errors
/// A [`Refusal`] otherwise.
pub async fn of(app: &App, headers: &HeaderMap, from: Option<IpAddr>) -> Result<SystemCredential, Refusal> {
    let now_ms = app.now_ms();
    let Some((key, secret)) = told(headers) else { return Err(Refusal::unknown()) };
    if let Some(wait_ms) = from.and_then(|address| app.systems.wait_ms(address, now_ms)) {
        return Err(Refusal::wait(wait_ms));
    }
    let found = app.store.system_credential(key).await?;
    let kept = found.as_ref().map_or([0; 32], |credential| credential.secret_hash);
    let is_right: bool = kept.ct_eq(&secret_hash(&secret)).into();
    let sound = found.filter(|credential| is_right && credential.ended_ms.is_none());
    if let (None, Some(address)) = (&sound, from) {
        app.systems.failed(address, now_ms);
    }
    sound.ok_or_else(Refusal::unknown)
}

fn told(headers: &HeaderMap) -> Option<(String, String)> {
    let header = headers.get(AUTHORIZATION)?.to_str().ok().filter(|header| header.len() <= LONGEST)?;
    let (scheme, encoded) = header.split_once(' ')?;
    let decoded = STANDARD.decode(encoded.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let text = String::from_utf8(decoded).ok()?;
    text.split_once(':').map(|(key, secret)| (key.to_owned(), secret.to_owned()))
}

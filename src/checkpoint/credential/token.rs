//! The compact form in which credentials are signed: a JSON Web Signature (RFC 7515) with Ed25519 (RFC 8037).

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde_json::{Value, json};
use std::io::Write;

/// Signs a credential. The same credential always gives the same bytes.
pub fn sign(key: &SigningKey, key_id: &str, credential: &Value) -> String {
    let header = json!({ "alg": "EdDSA", "kid": key_id, "typ": "JWT" });
    let encode = |part: &Value| BASE64_URL_SAFE_NO_PAD.encode(part.to_string());
    let signed = format!("{}.{}", encode(&header), encode(credential));
    let signature = BASE64_URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes()).to_bytes());
    format!("{signed}.{signature}")
}

/// A token packed for a QR code: `~`, header and payload deflated as one text with a line feed between them (base64url), a dot,
/// the signature. `web/verify.js` makes the token of it again, to the byte. What is no token is left as it is.
pub fn packed(token: &str) -> String {
    let pack = || {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        let mut deflated = DeflateEncoder::new(Vec::new(), Compression::best());
        for part in [header, "Cg", payload] {
            deflated.write_all(&BASE64_URL_SAFE_NO_PAD.decode(part).ok()?).ok()?;
        }
        Some(format!("~{}.{signature}", BASE64_URL_SAFE_NO_PAD.encode(deflated.finish().ok()?)))
    };
    pack().unwrap_or_else(|| token.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::Secrets;
    use ed25519_dalek::{Signature, Verifier, VerifyingKey};
    use flate2::read::DeflateDecoder;
    use std::io::Read;

    fn decoded(text: &str) -> Result<Vec<u8>, String> {
        BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|error| error.to_string())
    }

    /// Key, payload and signature of RFC 8037, appendix A.4, signed by another program.
    #[test]
    fn what_rfc_8037_signs_is_signed_alike() {
        let seed = BASE64_URL_SAFE_NO_PAD.decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap_or_default();
        let key = SigningKey::from_bytes(&seed.try_into().unwrap_or_default());
        let signature = key.sign(b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc");
        let expected = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        assert_eq!(BASE64_URL_SAFE_NO_PAD.encode(signature.to_bytes()), expected);
    }

    #[test]
    fn a_packed_token_is_shorter_and_holds_all_of_it() -> Result<(), Box<dyn std::error::Error>> {
        let key = SigningKey::from_bytes(&[7; 32]);
        let token = sign(&key, "did:web:hall.example#credit", &json!({ "name": "泸定桥".repeat(20) }));
        let packed = packed(&token);
        assert!(packed.len() < token.len());
        let (both, signature) = packed.trim_start_matches('~').split_once('.').ok_or("a dot")?;
        let mut text = String::new();
        DeflateDecoder::new(&*decoded(both)?).read_to_string(&mut text)?;
        let (header, payload) = text.split_once('\n').ok_or("two parts")?;
        let [header, payload] = [header, payload].map(|part| BASE64_URL_SAFE_NO_PAD.encode(part));
        assert_eq!(format!("{header}.{payload}.{signature}"), token);
        Ok(())
    }

    #[test]
    fn what_is_no_token_is_packed_as_it_is() {
        for text in ["", "a.b", "!.!.c"] {
            assert_eq!(packed(text), text);
        }
    }

    #[test]
    fn a_token_is_header_credential_and_a_signature_over_both() -> Result<(), Box<dyn std::error::Error>> {
        let key = SigningKey::from_bytes(&Secrets::known([7; 32]).derive(crate::secrets::Purpose::Credential, b"key"));
        let credential = json!({ "name": "泸定桥" });
        let token = sign(&key, "did:web:hall.example#credit", &credential);
        let parts: Vec<&str> = token.split('.').collect();
        let [header, payload, signature] = parts.as_slice() else { return Err("three parts".into()) };
        let read =
            |part: &str| -> Result<Value, Box<dyn std::error::Error>> { Ok(serde_json::from_slice(&decoded(part)?)?) };
        assert_eq!(read(header)?["kid"], "did:web:hall.example#credit");
        assert_eq!(read(payload)?, credential);
        let public: VerifyingKey = key.verifying_key();
        let signature = Signature::from_slice(&decoded(signature)?)?;
        public.verify(format!("{header}.{payload}").as_bytes(), &signature)?;
        assert!(public.verify(format!("{header}.{payload}x").as_bytes(), &signature).is_err());
        Ok(())
    }
}

//! Who issues credentials: the service, under a `did:web` name that follows from the address at which visitors open it.

use super::token;
use crate::identity::origin::Origin;
use crate::secrets::{Purpose, Secrets, digest, hex};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use serde_json::{Value, json};
use uuid::Uuid;

/// What the service calls itself in what it signs.
const NAME: &str = "重走 Retrace";

/// The service as an issuer.
pub struct Issuer {
    origin: Origin,
    key: SigningKey,
    secrets: Secrets,
}

impl Issuer {
    /// The service that visitors open at `origin`. Its key follows from its secret, and holds for as long as that does.
    pub fn new(secrets: &Secrets, origin: Origin) -> Self {
        let key = SigningKey::from_bytes(&secrets.derive(Purpose::Credential, b"key"));
        Self { origin, key, secrets: secrets.clone() }
    }

    /// Its name, by the method `did:web`: the host, a port written as `%3A`.
    pub fn did(&self) -> String {
        let address = self.origin.to_string();
        let host = address.split_once("://").map_or(address.as_str(), |(_, host)| host);
        format!("did:web:{}", host.replace(':', "%3A"))
    }

    /// An address of the service.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// The issuer as a credential names it.
    pub fn profile(&self) -> Value {
        json!({ "id": self.did(), "type": ["Profile"], "name": NAME })
    }

    /// The document that `did:web` finds at `/.well-known/did.json`: the key by which credentials are checked.
    pub fn document(&self) -> Value {
        let (did, key) = (self.did(), self.key_id());
        let public = BASE64_URL_SAFE_NO_PAD.encode(self.key.verifying_key().as_bytes());
        json!({
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
            "id": did,
            "verificationMethod": [{
                "id": key,
                "type": "JsonWebKey",
                "controller": did,
                "publicKeyJwk": { "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "x": public },
            }],
            "assertionMethod": [key],
        })
    }

    /// A name hashed as Open Badges hashes identities, so that a credential can be held against a name and tells none.
    pub fn hashed_name(&self, id: Uuid, name: &str) -> Value {
        let salt = hex(&self.secrets.derive(Purpose::Credential, &[b"name".as_slice(), id.as_bytes()].concat())[..16]);
        let hash = hex(&digest(format!("{name}{salt}").as_bytes()));
        json!({
            "type": "IdentityObject",
            "hashed": true,
            "identityHash": format!("sha256${hash}"),
            "identityType": "name",
            "salt": salt,
        })
    }

    /// Signs a credential.
    pub fn sign(&self, credential: &Value) -> String {
        token::sign(&self.key, &self.key_id(), credential)
    }

    fn key_id(&self) -> String {
        format!("{}#credit", self.did())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_follows_from_the_address() -> Result<(), Box<dyn std::error::Error>> {
        for (origin, did) in
            [("https://walk.example", "did:web:walk.example"), ("http://127.0.0.1:8470", "did:web:127.0.0.1%3A8470")]
        {
            let issuer = Issuer::new(&Secrets::known([7; 32]), origin.parse()?);
            assert_eq!(issuer.did(), did);
            assert_eq!(issuer.document()["id"], did);
            assert_eq!(issuer.document()["assertionMethod"][0], issuer.document()["verificationMethod"][0]["id"]);
        }
        Ok(())
    }

    #[test]
    fn a_hashed_name_is_told_by_whoever_knows_the_name_alone() -> Result<(), Box<dyn std::error::Error>> {
        let issuer = Issuer::new(&Secrets::known([7; 32]), "https://walk.example".parse()?);
        let (one, other) = (issuer.hashed_name(Uuid::from_u128(1), "甲"), issuer.hashed_name(Uuid::from_u128(2), "甲"));
        assert_ne!(one["identityHash"], other["identityHash"], "the same name looks different in each credential");
        let salt = one["salt"].as_str().ok_or("a salt")?;
        assert_eq!(one["identityHash"], format!("sha256${}", hex(&digest(format!("甲{salt}").as_bytes()))));
        assert!(!one.to_string().contains('甲'));
        Ok(())
    }
}

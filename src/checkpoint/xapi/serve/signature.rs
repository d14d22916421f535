//! Signed statements: a JSON web signature that came as an attachment (RFC 7515; IEEE 9274.1.1 section 4.2.6).

use super::super::json;
use super::super::same::meaning;
use super::refusal::Refusal;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm};
use serde_json::Value;
use webpki::EndEntityCert;
use webpki::ring::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512};

/// The usage of an attachment that is a signature.
pub const USAGE: &str = "http://adlnet.gov/expapi/attachments/signature";

/// Holds a signature to its statement. Where it names the certificate of its key (`x5c`), the signature itself is checked
/// by it; whom that certificate belongs to, whoever reads the statement decides.
///
/// # Errors
/// A [`Refusal`] that says what does not hold.
pub fn check(statement: &Value, signature: &[u8]) -> Result<(), Refusal> {
    let broken = || {
        Refusal::bad(
            "签名须为紧凑格式的 JWS（header.payload.signature）。",
            "The signature must be a JWS in compact form (header.payload.signature).",
        )
    };
    let text = std::str::from_utf8(signature).map_err(|_| broken())?;
    let (signed, seal) = text.rsplit_once('.').ok_or_else(broken)?;
    let (head, payload) = signed.split_once('.').ok_or_else(broken)?;
    let decoded = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| broken());
    let head = json::read(&decoded(head)?).map_err(|_| broken())?;
    let algorithm: &dyn SignatureVerificationAlgorithm = match head["alg"].as_str() {
        Some("RS256") => RSA_PKCS1_2048_8192_SHA256,
        Some("RS384") => RSA_PKCS1_2048_8192_SHA384,
        Some("RS512") => RSA_PKCS1_2048_8192_SHA512,
        _ => {
            return Err(Refusal::bad(
                "签名算法须为 RS256、RS384 或 RS512。",
                "The signature's algorithm must be RS256, RS384 or RS512.",
            ));
        }
    };
    let told = json::read(&decoded(payload)?)?;
    if unsigned(&told) != unsigned(statement) {
        return Err(Refusal::bad(
            "签名中的声明与所发声明不同。",
            "The statement within the signature is not the one that was sent.",
        ));
    }
    let seal = decoded(seal)?;
    if seal.is_empty() {
        return Err(broken());
    }
    match &head["x5c"] {
        Value::Null => Ok(()),
        chain => sealed(chain, algorithm, signed.as_bytes(), &seal),
    }
}

fn sealed(
    chain: &Value,
    algorithm: &dyn SignatureVerificationAlgorithm,
    signed: &[u8],
    seal: &[u8],
) -> Result<(), Refusal> {
    let certificate = chain.get(0).and_then(Value::as_str).and_then(|text| STANDARD.decode(text).ok());
    let certificate = certificate.map(CertificateDer::from);
    let holds = certificate.is_some_and(|der| {
        EndEntityCert::try_from(&der).is_ok_and(|own| own.verify_signature(algorithm, signed, seal).is_ok())
    });
    if holds {
        return Ok(());
    }
    Err(Refusal::bad(
        "签名与其证书（x5c）不符，或证书无法读懂。",
        "The signature does not hold by its certificate (x5c), or that cannot be read.",
    ))
}

/// What was signed: everything but the signatures among the attachments, and what a store adds.
fn unsigned(statement: &Value) -> Value {
    let mut said = meaning(statement);
    if let Value::Object(map) = &mut said {
        if let Some(Value::Array(attachments)) = map.get_mut("attachments") {
            attachments.retain(|each| each["usageType"] != USAGE);
        }
        if map.get("attachments").is_some_and(|left| left == &serde_json::json!([])) {
            map.remove("attachments");
        }
        // The store gives the id and the time where they are missing.
        for name in ["id", "timestamp"] {
            map.remove(name);
        }
    }
    said
}

//! The way to a provider and back (authorization code with PKCE, state and nonce): what is asked, and whether what comes
//! back is the answer to it. Whose account it is, is decided elsewhere.

use super::{Asking, Provider, told};
use crate::api::Fault;
use crate::clock::MINUTE_MS;
use crate::house::House;
use crate::identity::origin::Origin;
use crate::identity::sealed::{Opened, open, seal};
use crate::outside::is_allowed;
use crate::secrets::Purpose;
use axum::http::Uri;
use heritage::Lang;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreIdToken, CoreIdTokenVerifier, CoreJsonWebKeySet,
    CoreJwsSigningAlgorithm, CoreProviderMetadata,
};
use openidconnect::{
    AuthType, AuthorizationCode, ClaimsVerificationError, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet,
    LanguageTag, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError,
    SignatureVerificationError, TokenResponse,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::{Duration, UNIX_EPOCH};
use subtle::ConstantTimeEq;

/// How long somebody may take at the provider, and then over their code.
pub const LASTS_MS: i64 = 10 * MINUTE_MS;
/// How far a provider's clock may be off.
const SKEW_MS: i64 = MINUTE_MS;
/// Bytes of a subject (`OpenID` Connect Core, 2).
const MOST_SUBJECT_BYTES: usize = 255;
/// How tokens may be signed: by a key of the provider alone. A secret that both hold would let either make them.
const SIGNED_BY: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// What was asked, as the browser carries it, sealed.
#[derive(Serialize, Deserialize)]
pub struct Asked {
    state: String,
    nonce: String,
    verifier: String,
    /// Where to go afterwards.
    pub to: String,
}

/// An account that the provider has named and nobody is bound to yet, as the browser carries it, sealed.
#[derive(Serialize, Deserialize)]
pub struct Named {
    /// By which a binding is found.
    pub account_key: [u8; 32],
    /// Where to go afterwards.
    pub to: String,
}

/// What the provider sent the browser back with.
#[derive(Debug, Default)]
pub struct Came(BTreeMap<String, String>);

impl Came {
    /// Of an address's query. Nothing may stand in it twice (RFC 6749, 3.1).
    pub fn read(query: Option<&str>) -> Self {
        let mut fields = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            if fields.insert(name.into_owned(), value.into_owned()).is_some() {
                return Self::default();
            }
        }
        Self(fields)
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

impl Asked {
    fn name(provider: &Provider) -> String {
        format!("asked\n{}\n{}", provider.id, provider.issuer())
    }

    /// What the browser brings back, if it is of this provider and not too old.
    pub fn open(house: &House, provider: &Provider, sealed: &str) -> Option<Opened<Self>> {
        open(house, &Self::name(provider), LASTS_MS, sealed)
    }
}

impl Named {
    fn name(provider: &Provider) -> String {
        format!("named\n{}\n{}", provider.id, provider.issuer())
    }

    /// What the browser carries meanwhile.
    ///
    /// # Errors
    /// As for [`seal`].
    pub fn seal(self, house: &House, provider: &Provider) -> Result<String, Fault> {
        seal(house, &Self::name(provider), self)
    }

    /// What the browser brings, if it is of this provider and not too old.
    pub fn open(house: &House, provider: &Provider, sealed: &str) -> Option<Self> {
        open(house, &Self::name(provider), LASTS_MS, sealed).map(|opened| opened.held)
    }
}

/// Where the browser is sent, and what it carries meanwhile.
///
/// # Errors
/// A [`Fault`] where the provider is away, or says of itself what cannot be used.
pub async fn begin(
    house: &House,
    provider: &Provider,
    origin: &Origin,
    (lang, to): (Lang, String),
) -> Result<(String, String), Fault> {
    let (said, _) = provider.said(house).await?;
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let client = client(provider, said, origin)?;
    let (url, state, nonce) = client
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
        .set_pkce_challenge(challenge)
        .add_ui_locale(LanguageTag::new(lang.tag().to_owned()))
        .url();
    if !url.as_str().parse::<Uri>().is_ok_and(|uri| is_allowed(&uri)) {
        tracing::warn!(provider = provider.id, "an identity provider is to be reached unencrypted");
        return Err(Fault::provider_away());
    }
    let asked =
        Asked { state: state.into_secret(), nonce: nonce.secret().clone(), verifier: verifier.into_secret(), to };
    Ok((url.into(), seal(house, &Asked::name(provider), asked)?))
}

/// Which account the provider names; `asked` is used up by it.
///
/// # Errors
/// A [`Fault`] where it is not the answer to what was asked, was used before, was refused at the provider, or does not hold.
pub async fn come_back(
    house: &House,
    provider: &Provider,
    origin: &Origin,
    (asked, came): (Opened<Asked>, &Came),
) -> Result<Named, Fault> {
    let state = came.get("state").unwrap_or_default();
    if !bool::from(state.as_bytes().ct_eq(asked.held.state.as_bytes())) {
        return Err(Fault::stale_way());
    }
    // Of one that says who it is, nobody else is believed (RFC 9207).
    if came.get("iss").is_some_and(|issuer| issuer != provider.issuer()) {
        return refused(provider, "the answer is of another issuer");
    }
    let asked = asked.used(house).await?.ok_or_else(Fault::stale_way)?;
    if let Some(error) = came.get("error") {
        let is_own_choice = error == "access_denied";
        let plain = error.len() <= 40 && error.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        let error = if plain { error } else { "an error of no known form" };
        return if is_own_choice { Err(Fault::account_declined()) } else { refused(provider, error) };
    }
    let code = came.get("code").ok_or_else(Fault::stale_way)?;
    let (said, keys) = provider.said(house).await?;
    let client = client(provider, said.clone(), origin)?;
    let request = client.exchange_code(AuthorizationCode::new(code.to_owned())).map_err(|_| Fault::provider_away())?;
    let request = request.set_pkce_verifier(PkceCodeVerifier::new(asked.verifier));
    let answer = request.request_async(&Asking(&house.outside)).await.map_err(|error| match error {
        RequestTokenError::Request(error) => {
            tracing::warn!(provider = provider.id, why = told(&error), "an identity provider is away");
            Fault::provider_away()
        }
        RequestTokenError::ServerResponse(refusal) => {
            // Its description may name somebody.
            tracing::warn!(
                provider = provider.id,
                why = refusal.error().as_ref(),
                "an identity provider refused a code"
            );
            Fault::account_refused()
        }
        other => {
            tracing::warn!(provider = provider.id, why = told(&other), "an identity provider's answer cannot be read");
            Fault::account_refused()
        }
    })?;
    let Some(token) = answer.id_token() else { return refused(provider, "no ID token came") };
    let nonce = Nonce::new(asked.nonce);
    let subject = match subject(house, provider, keys, token, &nonce) {
        Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)) => {
            let Some(keys) = provider.fresh_keys(house, &said).await else {
                return refused(provider, "its token is signed by a key that it does not publish");
            };
            subject(house, provider, keys, token, &nonce)
        }
        other => other,
    };
    let subject = subject.or_else(|error| refused(provider, &told(&error)))?;
    if subject.is_empty() || subject.len() > MOST_SUBJECT_BYTES {
        return refused(provider, "its token names nobody");
    }
    let account_key = house.secrets.derive(Purpose::Account, format!("{}\n{subject}", provider.issuer()).as_bytes());
    Ok(Named { account_key, to: asked.to })
}

/// What is wrong stands in the log; whoever is sent away is told that it was.
fn refused<T>(provider: &Provider, why: &str) -> Result<T, Fault> {
    tracing::warn!(provider = provider.id, why, "an identity provider's answer does not hold");
    Err(Fault::account_refused())
}

/// The service as the provider knows it.
fn client(provider: &Provider, said: CoreProviderMetadata, origin: &Origin) -> Result<Client, Fault> {
    let by_post = said.token_endpoint_auth_methods_supported().is_some_and(|methods| {
        methods.contains(&CoreClientAuthMethod::ClientSecretPost)
            && !methods.contains(&CoreClientAuthMethod::ClientSecretBasic)
    });
    let back = RedirectUrl::new(format!("{origin}/sign-in/{}/back", provider.id)).map_err(|_| Fault::malformed())?;
    let client = CoreClient::from_provider_metadata(said, provider.client.clone(), provider.secret.clone());
    let client = client.set_redirect_uri(back);
    Ok(if by_post { client.set_auth_type(AuthType::RequestBody) } else { client })
}

/// Whom a token names, if it holds: issuer, audience, time, nonce, and who signed it.
fn subject(
    house: &House,
    provider: &Provider,
    keys: CoreJsonWebKeySet,
    token: &CoreIdToken,
    nonce: &Nonce,
) -> Result<String, ClaimsVerificationError> {
    let now_ms = house.now_ms();
    let at = move |ms: i64| UNIX_EPOCH + Duration::from_millis(ms.max(0).unsigned_abs());
    let verifier = CoreIdTokenVerifier::new_public_client(provider.client.clone(), provider.issuer.clone(), keys)
        .set_allowed_algs(SIGNED_BY)
        .set_time_fn(move || at(now_ms - SKEW_MS).into())
        .set_issue_time_verifier_fn(move |issued| {
            if issued.timestamp_millis() > now_ms + SKEW_MS {
                Err("it was issued in time to come".to_owned())
            } else {
                Ok(())
            }
        });
    let claims = token.claims(&verifier, nonce)?;
    if claims.authorized_party().is_some_and(|party| *party != provider.client) {
        return Err(ClaimsVerificationError::InvalidAudience("it was issued to another client".to_owned()));
    }
    Ok(claims.subject().to_string())
}

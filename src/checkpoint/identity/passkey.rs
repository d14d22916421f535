//! Passkeys (WebAuthn): what is asked of an authenticator, and whether its answer holds. A page carries its challenge sealed,
//! for one use within ten minutes.

use super::SignedIn;
use super::entrance::{Begun, begin};
use super::origin::Origin;
use super::reach::deed;
use super::sealed::{open, seal};
use crate::api::Fault;
use crate::clock::MINUTE_MS;
use crate::house::House;
use crate::secrets::digest;
use crate::store::passkeys::KeptPasskey;
use crate::store::{Act, NewAudit};
use heritage::Bilingual;
use protocol::api::Role;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::net::IpAddr;
use uuid::Uuid;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Url,
    Webauthn, WebauthnBuilder, WebauthnError,
};

/// How long a challenge may be answered.
const LASTS_MS: i64 = 10 * MINUTE_MS;
/// Under which name challenges are sealed.
const CHALLENGE: &str = "passkey";
/// Bytes of an authenticator's answer.
const MOST_ANSWER_BYTES: usize = 64 * 1024;

/// What the service says of itself to authenticators.
pub struct RelyingParty {
    webauthn: Result<Webauthn, Bilingual>,
}

#[derive(Serialize, Deserialize)]
enum Ceremony {
    /// For this person.
    Registration(Uuid, Box<PasskeyRegistration>),
    SignIn(Box<DiscoverableAuthentication>),
}

/// A challenge as a page carries it.
pub struct Asked {
    /// What it comes back with, sealed.
    pub challenge: String,
    /// For the browser, as JSON.
    pub options: String,
}

impl RelyingParty {
    /// For the origin at which visitors open the service. A browser makes passkeys for names over HTTPS, and for `localhost`.
    pub fn of(origin: Option<&Origin>) -> Self {
        Self { webauthn: origin.ok_or_else(no_origin).and_then(built) }
    }

    /// Why there are no passkeys here, if there are none.
    pub fn hindrance(&self) -> Option<&Bilingual> {
        self.webauthn.as_ref().err()
    }

    fn webauthn(&self) -> Result<&Webauthn, Fault> {
        self.webauthn.as_ref().map_err(|why| Fault::no_passkeys(why.clone()))
    }
}

/// Takes a challenge: it is answered once.
async fn take(house: &House, challenge: &str) -> Result<Ceremony, Fault> {
    let opened = open(house, CHALLENGE, LASTS_MS, challenge).ok_or_else(Fault::stale_passkey)?;
    opened.used(house).await?.ok_or_else(Fault::stale_passkey)
}

fn no_origin() -> Bilingual {
    Bilingual::new(
        "未设通行密钥：服务启动时没有给出访问地址（--origin，如 https://walk.example）。请用邀请码和 PIN 登录。",
        "There are no passkeys here: the service was started without the address at which it is opened (--origin, as in https://walk.example). Sign in with code and PIN.",
    )
}

fn built(origin: &Origin) -> Result<Webauthn, Bilingual> {
    let unfit = || {
        Bilingual::new(
            format!(
                "未设通行密钥：浏览器只为 HTTPS 域名和 http://localhost 保存通行密钥，而访问地址是 {origin}。请用邀请码和 PIN 登录。"
            ),
            format!(
                "There are no passkeys here: browsers keep them for names over HTTPS and for http://localhost, and this service is opened at {origin}. Sign in with code and PIN."
            ),
        )
    };
    let url = Url::parse(&origin.to_string()).map_err(|_| unfit())?;
    let name = url.domain().ok_or_else(unfit)?.to_owned();
    if !origin.is_https() && name != "localhost" {
        return Err(unfit());
    }
    let builder = WebauthnBuilder::new(&name, &url).map_err(|_| unfit())?;
    builder.rp_name("重走 Retrace").build().map_err(|_| unfit())
}

/// Asks for a new passkey: discoverable, of an authenticator that verifies who uses it.
///
/// # Errors
/// A [`Fault`] where there are none, or the store cannot be read.
pub async fn ask_new(house: &House, who: &SignedIn) -> Result<Asked, Fault> {
    let webauthn = house.passkeys.webauthn()?;
    let there = house.store.passkeys_of(who.person.id).await?;
    let known = there.iter().filter_map(|each| Some(read(&each.kept)?.cred_id().clone())).collect();
    let shown = format!("{} · {}", who.person.name, who.person.unit_name);
    let (asked, state) = webauthn
        .start_passkey_registration(who.person.id, &shown, &who.person.name, Some(known))
        .map_err(|error| unusable(&error))?;
    let mut options = serde_json::to_value(asked).map_err(|_| Fault::malformed())?;
    // Whoever signs in types no name, so that the authenticator itself has to know whose it is.
    let selection = &mut options["publicKey"]["authenticatorSelection"];
    selection["residentKey"] = json!("required");
    selection["requireResidentKey"] = json!(true);
    let challenge = seal(house, CHALLENGE, Ceremony::Registration(who.person.id, Box::new(state)))?;
    Ok(Asked { challenge, options: options.to_string() })
}

/// Keeps a new passkey.
///
/// # Errors
/// A [`Fault`] where the answer does not hold, comes too late or twice, or the passkey is known already.
pub async fn add(house: &House, who: &SignedIn, challenge: &str, answer: &str, name: String) -> Result<(), Fault> {
    let webauthn = house.passkeys.webauthn()?;
    let Ceremony::Registration(person, state) = take(house, challenge).await? else {
        return Err(Fault::stale_passkey());
    };
    let (raw, credential) = answered::<RegisterPublicKeyCredential>(answer)?;
    if person != who.person.id || raw["clientExtensionResults"]["credProps"]["rk"] == json!(false) {
        return Err(Fault::passkey_refused());
    }
    let passkey = webauthn.finish_passkey_registration(&credential, &state).map_err(|error| unusable(&error))?;
    let kept = KeptPasskey {
        id: Uuid::now_v7(),
        person,
        name: name.clone(),
        key_id: digest(passkey.cred_id().as_slice()),
        kept: written(&passkey)?,
        made_ms: house.now_ms(),
        used_ms: None,
    };
    let about = Some(person);
    let audit = NewAudit { about, ..deed(house, who, Act::PasskeyAdded, name) };
    if house.store.add_passkey(kept, audit).await? { Ok(()) } else { Err(Fault::passkey_refused()) }
}

/// Asks whoever stands at the desk's door; `None` where there are no passkeys.
pub fn ask_anyone(house: &House) -> Option<Asked> {
    let webauthn = house.passkeys.webauthn.as_ref().ok()?;
    let (asked, state) = webauthn.start_discoverable_authentication().ok()?;
    let options = json!({ "publicKey": asked.public_key }).to_string();
    let challenge = seal(house, CHALLENGE, Ceremony::SignIn(Box::new(state))).ok()?;
    Some(Asked { challenge, options })
}

/// Signs in by passkey.
///
/// # Errors
/// A [`Fault`] where the answer does not hold, comes too late or twice, and after too many failures from one address.
pub async fn sign_in(house: &House, challenge: &str, answer: &str, from: Option<IpAddr>) -> Result<Begun, Fault> {
    if let Some(wait_ms) = from.and_then(|address| house.crowd.wait_ms(address, house.now_ms())) {
        return Err(Fault::wait(wait_ms));
    }
    let outcome = check(house, challenge, answer).await;
    if outcome.is_ok() {
        house.metrics.signed_in.count();
    } else {
        house.metrics.turned_away.count();
        if let Some(address) = from {
            house.crowd.failed(address, house.now_ms());
        }
    }
    begin(house, outcome?).await
}

async fn check(house: &House, challenge: &str, answer: &str) -> Result<crate::store::Person, Fault> {
    let webauthn = house.passkeys.webauthn()?;
    let Ceremony::SignIn(state) = take(house, challenge).await? else {
        return Err(Fault::stale_passkey());
    };
    let (_, credential) = answered::<PublicKeyCredential>(answer)?;
    let (named, credential_id) =
        webauthn.identify_discoverable_authentication(&credential).map_err(|error| unusable(&error))?;
    let found = house.store.passkey(digest(credential_id)).await?;
    // Learners sign in with code and PIN: nobody of that role can have made one, but a role may have changed.
    let Some((owner, seen)) = found.filter(|(owner, _)| owner.id == named && owner.role != Role::Learner) else {
        return Err(Fault::passkey_refused());
    };
    let mut passkey = read(&seen.kept).ok_or_else(Fault::passkey_refused)?;
    let result = webauthn
        .finish_discoverable_authentication_v2(&credential, *state, &passkey)
        .map_err(|error| unusable(&error))?;
    passkey.update_credential(&result);
    if !house.store.use_passkey(seen, written(&passkey)?, house.now_ms()).await? {
        return Err(Fault::passkey_refused());
    }
    Ok(owner)
}

/// Whether the passkey is one that its owner's devices share, as it says of itself.
pub fn is_shared(kept: &str) -> bool {
    let kept: Value = serde_json::from_str(kept).unwrap_or_default();
    kept["cred"]["backup_eligible"] == json!(true)
}

fn read(kept: &str) -> Option<Passkey> {
    serde_json::from_str(kept).ok()
}

fn written(passkey: &Passkey) -> Result<String, Fault> {
    serde_json::to_string(passkey).map_err(|_| Fault::malformed())
}

fn answered<T: serde::de::DeserializeOwned>(answer: &str) -> Result<(Value, T), Fault> {
    if answer.len() > MOST_ANSWER_BYTES {
        return Err(Fault::malformed());
    }
    let raw: Value = serde_json::from_str(answer).map_err(|_| Fault::malformed())?;
    let read = T::deserialize(&raw).map_err(|_| Fault::malformed())?;
    Ok((raw, read))
}

fn unusable(error: &WebauthnError) -> Fault {
    match error {
        WebauthnError::CredentialPossibleCompromise => Fault::passkey_copied(),
        _ => Fault::passkey_refused(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_are_for_names_over_https_and_for_this_machine() {
        let hindrance = |origin: &str| {
            let origin: Origin = origin.parse().expect("an origin");
            RelyingParty::of(Some(&origin)).hindrance().cloned()
        };
        for fit in ["https://walk.example", "https://hall.example:8443", "http://localhost:8470", "https://localhost"] {
            assert_eq!(hindrance(fit), None, "{fit}");
        }
        for unfit in ["http://walk.example", "http://127.0.0.1:8470", "https://10.0.0.7", "https://[2001:db8::1]"] {
            let said = hindrance(unfit).expect(unfit);
            assert!(said.zh.contains(unfit) && said.en.contains(unfit) && said.en.contains("HTTPS"), "{said:?}");
        }
        let unsaid = RelyingParty::of(None);
        assert!(unsaid.hindrance().is_some_and(|why| why.en.contains("--origin")));
    }
}

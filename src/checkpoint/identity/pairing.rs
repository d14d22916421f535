//! Pairing a kiosk with a learner: what the kiosk asks with, and what the learner sees and decides on a phone of their own.

use super::SignedIn;
use super::code::Code;
use crate::api::Fault;
use crate::house::House;
use crate::secrets::{Purpose, Secrets, digest, hex, random};
use crate::store::pairing::{Decided, Kiosk, NewPairing, Pairing, Polled, Standing, tries_key};
use heritage::Bilingual;
use subtle::ConstantTimeEq;
use uuid::Uuid;

/// Fresh codes are drawn again this often, should one be another kiosk's at the moment.
const DRAWS: usize = 4;

/// What a kiosk is given when it asks.
pub struct Asked {
    /// What it asks again with: 256 random bits, hexadecimal.
    pub device_code: String,
    /// What the learner types.
    pub user_code: Code,
}

/// A pairing as the learner sees it before deciding.
pub struct Seen {
    /// Which kiosk asks.
    pub kiosk: Kiosk,
    /// In which hall.
    pub hall: Bilingual,
    /// How it stands.
    pub pairing: Pairing,
}

/// The key by which a kiosk shows that it is enrolled: derived from the service's secret, it stands in no file.
pub fn kiosk_key(secrets: &Secrets, kiosk: Uuid) -> String {
    hex(&secrets.derive(Purpose::Kiosk, kiosk.as_bytes()))
}

/// The kiosk that shows this key, unless it was withdrawn.
///
/// # Errors
/// A [`Fault`] where the store cannot be read.
pub async fn enrolled(house: &House, id: &str, key: &str) -> Result<Option<Kiosk>, Fault> {
    let Ok(id) = Uuid::parse_str(id) else { return Ok(None) };
    // Before the store is asked, so that a guess costs nothing.
    if !bool::from(kiosk_key(&house.secrets, id).as_bytes().ct_eq(key.as_bytes())) {
        return Ok(None);
    }
    Ok(house.store.kiosk(id).await?.filter(|kiosk| kiosk.withdrawn_ms.is_none()))
}

/// Begins a pairing in place of the kiosk's last one, and ends its session: whoever comes next finds nobody there.
///
/// # Errors
/// A [`Fault`] after too many, or where the store cannot keep it.
pub async fn ask(house: &House, kiosk: &Kiosk) -> Result<Asked, Fault> {
    house.take_turn_of(kiosk.id)?;
    let device_code = hex(&random::<32>());
    for _ in 0..DRAWS {
        let user_code = Code::fresh();
        let asked = NewPairing {
            kiosk: kiosk.id,
            device_code: digest(device_code.as_bytes()),
            user_code: user_code.pairing_key(&house.secrets),
            asked_ms: house.now_ms(),
        };
        if house.store.ask_pairing(asked).await? {
            return Ok(Asked { device_code, user_code });
        }
    }
    Err(Fault::busy())
}

/// What the kiosk hears, and the token where a session begins.
///
/// # Errors
/// A [`Fault`] after too many questions, or where the store cannot keep it.
pub async fn poll(house: &House, kiosk: &Kiosk, device_code: &str) -> Result<(Polled, String), Fault> {
    house.take_turn_of(kiosk.id)?;
    let token = hex(&random::<32>());
    let (device_code, hash) = (digest(device_code.as_bytes()), digest(token.as_bytes()));
    Ok((house.store.poll_pairing(kiosk.id, device_code, hash, house.now_ms()).await?, token))
}

/// What stands behind the code that somebody typed. Who types wrong ones waits, longer each time.
///
/// # Errors
/// A [`Fault`] where it is no code, no pairing has it, or it is looked at too often.
pub async fn look(house: &House, who: &SignedIn, typed: &str) -> Result<(Code, Seen), Fault> {
    // Nothing that cannot be a code reaches the database.
    let code = Code::read(typed).ok_or_else(Fault::unreadable_pairing)?;
    let tries = tries_key(who.person.id);
    // Counted before it is looked at, so that many at once are not all looked at before the first has failed.
    let Some(guard) = house.store.begin_attempt(tries, house.now_ms()).await? else {
        let guard = house.store.guard(tries).await?;
        return Err(Fault::wait(guard.wait_ms(house.now_ms()).unwrap_or(1)));
    };
    let found = house.store.look_at_pairing(code.pairing_key(&house.secrets), house.now_ms()).await?;
    let hall = found.as_ref().and_then(|(kiosk, _)| house.courses.site(&kiosk.site)).map(|site| site.title.clone());
    let Some(((kiosk, pairing), hall)) = found.zip(hall) else {
        return Err(guard.wait_ms(house.now_ms()).map_or_else(Fault::pairing_gone, Fault::wait));
    };
    house.store.clear_failures(tries).await?;
    Ok((code, Seen { kiosk, hall, pairing }))
}

/// Accepts or refuses for the kiosk that the learner saw.
///
/// # Errors
/// A [`Fault`] as for [`look`], and where it was decided otherwise before or is of another kiosk.
pub async fn decide(house: &House, who: &SignedIn, typed: &str, kiosk: Uuid, accepts: bool) -> Result<Seen, Fault> {
    let (code, seen) = look(house, who, typed).await?;
    let decision = if accepts { Standing::Accepted(who.person.id) } else { Standing::Refused };
    let key = code.pairing_key(&house.secrets);
    match house.store.decide_pairing(key, kiosk, decision, house.now_ms()).await? {
        Decided::Stands => Ok(Seen { pairing: Pairing { standing: decision, ..seen.pairing }, ..seen }),
        Decided::Otherwise => Err(Fault::pairing_decided()),
        Decided::Gone => Err(Fault::pairing_gone()),
    }
}

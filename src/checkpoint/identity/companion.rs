//! Finding a companion by the code on their phone. It is derived for a person and ten minutes, so that nothing is kept.

use super::SignedIn;
use super::code::Code;
use crate::api::Fault;
use crate::clock::MINUTE_MS;
use crate::house::House;
use crate::store::Person;
use crate::store::pairing::tries_key;
use heritage::Bilingual;
use uuid::Uuid;

/// How long a code is shown; it may be typed as long again.
const SHOWN_MS: i64 = 10 * MINUTE_MS;

const UNREADABLE: (&str, &str) = (
    "同行代码为 8 个字母，没有元音字母和 Y。请对照同伴的手机检查后再试。",
    "A companion’s code has 8 letters, with no vowel and no Y. Compare it with their phone and try again.",
);
const UNKNOWN: (&str, &str) = (
    "本单位没有人现在显示这个代码。代码每十分钟更换；请同伴重新打开“同行互证”页，再念一次。",
    "Nobody of your unit shows this code now. Codes change every ten minutes; let your companion open the page again and read it out.",
);
const OWN: (&str, &str) = (
    "这是您自己的代码。不能为自己证明；请输入同伴的代码。",
    "This is your own code, and nobody vouches for themselves. Type your companion’s.",
);

fn unfound((zh, en): (&str, &str)) -> Fault {
    Fault::not_vouched(Bilingual::new(zh, en))
}

/// The code that this person shows at the moment.
pub fn shown(house: &House, person: Uuid) -> Code {
    Code::of_companion(&house.secrets, person, house.now_ms().div_euclid(SHOWN_MS))
}

/// Who of the same unit shows this code, or did ten minutes ago. Who types wrong ones waits, longer each time.
///
/// # Errors
/// A [`Fault`] where it is no code, nobody has it, it is one's own, or the store cannot be read.
pub async fn found(house: &House, who: &SignedIn, typed: &str) -> Result<(Code, Person), Fault> {
    // Nothing that cannot be a code is looked up.
    let code = Code::read(typed).ok_or_else(|| unfound(UNREADABLE))?;
    let tries = tries_key(who.person.id);
    let Some(guard) = house.store.begin_attempt(tries, house.now_ms()).await? else {
        let guard = house.store.guard(tries).await?;
        return Err(Fault::wait(guard.wait_ms(house.now_ms()).unwrap_or(1)));
    };
    let slot = house.now_ms().div_euclid(SHOWN_MS);
    let shows = |person: &Person| {
        [slot, slot - 1].into_iter().any(|slot| Code::of_companion(&house.secrets, person.id, slot) == code)
    };
    let people = house.store.people_of(who.person.unit).await?;
    let Some(person) = people.into_iter().filter(|person| person.unit == who.person.unit).find(shows) else {
        return Err(guard.wait_ms(house.now_ms()).map_or_else(|| unfound(UNKNOWN), Fault::wait));
    };
    house.store.clear_failures(tries).await?;
    if person.id == who.person.id { Err(unfound(OWN)) } else { Ok((code, person)) }
}

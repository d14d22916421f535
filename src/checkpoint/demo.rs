//! People for trying it out. They exist only where the service is started with `--demo`.

use crate::house::House;
use crate::identity::code::Code;
use crate::identity::pin::{Crowded, Pin};
use crate::secrets::{id_of, random};
use crate::store::kept::role_code;
use crate::store::{NewCode, NewPerson, StoreError};
use protocol::api::Role;
use uuid::Uuid;

/// Someone to sign in as.
pub struct DemoPerson {
    /// What they may do.
    pub role: Role,
    /// Says that it is a sample.
    pub name: &'static str,
    /// Fixed, so that a page of instructions can name it.
    pub code: &'static str,
    /// Fixed likewise.
    pub pin: &'static str,
}

/// Name of the unit they belong to.
pub const UNIT: &str = "示例单位";
const COHORT: &str = "示例班";

/// A trainer, three learners and an admin.
pub const PEOPLE: [DemoPerson; 5] = [
    DemoPerson { role: Role::Trainer, name: "示例带训人", code: "TRNR-DSKB", pin: "704915" },
    DemoPerson { role: Role::Learner, name: "示例学员甲", code: "LRNR-BCDF", pin: "281604" },
    DemoPerson { role: Role::Learner, name: "示例学员乙", code: "LRNR-GHJK", pin: "395027" },
    DemoPerson { role: Role::Learner, name: "示例学员丙", code: "LRNR-MNPQ", pin: "460283" },
    DemoPerson { role: Role::Admin, name: "示例管理员", code: "DMNS-TRTR", pin: "517390" },
];

/// Makes the demo people where they are not there yet, and lets those in again who were shut out. All they have done is kept.
///
/// # Errors
/// [`StoreError`] where they cannot be kept.
pub async fn seed(house: &House) -> Result<(), StoreError> {
    let unit = named("unit");
    house.store.add_unit(unit, UNIT.to_owned()).await?;
    for person in &PEOPLE {
        let id = named(person.code);
        let (Some(code), Some(pin)) = (Code::read(person.code), Pin::read(person.pin)) else { continue };
        let code_key = code.key(&house.secrets);
        let crowded = |error: Crowded| StoreError::Refused(error.to_string());
        // The PIN that is printed is the one that works, even after one was given anew at the desk.
        if let Some(there) = house.store.person_by_code(code_key).await?
            && house.pins.fits(&pin, there.pin_hash.as_deref()).await.map_err(crowded)?
        {
            continue;
        }
        let pin_hash = house.pins.hash(&pin).await.map_err(crowded)?;
        if house.store.renew_code(id, NewCode { key: code_key, ends_ms: house.now_ms() }, None).await? {
            house.store.set_first_pin(id, pin_hash).await?;
            continue;
        }
        let made = NewPerson {
            id,
            unit,
            role: person.role,
            name: person.name.to_owned(),
            cohort: if person.role == Role::Learner { COHORT } else { "" }.to_owned(),
            code_key,
            code_ends_ms: house.now_ms(),
            pin_hash: Some(pin_hash),
        };
        house.store.add_person(made).await?;
    }
    Ok(())
}

/// Shuts out everyone of the demo unit and below it, for a start without `--demo` on a database that once had one: the
/// demo codes are known to all, and whoever knew the admin's may have given out others.
///
/// # Errors
/// [`StoreError`] where that cannot be kept.
pub async fn shut_out(house: &House) -> Result<(), StoreError> {
    for person in house.store.people_of(named("unit")).await? {
        if person.pin_hash.is_some() || person.code_ends_ms > 0 {
            // A code that nobody has, and that has run out.
            house.store.renew_code(person.id, NewCode { key: random::<32>(), ends_ms: 0 }, None).await?;
        }
    }
    Ok(())
}

/// The same id at every start, and no one else's.
fn named(what: &str) -> Uuid {
    id_of(format!("retrace demo {what}").as_bytes())
}

/// What a terminal shows of them.
pub fn sheet() -> String {
    let row = |person: &DemoPerson| {
        let role = role_code(person.role);
        format!("  {role:<7}   {}   {}   {}\n", person.code, person.pin, person.name)
    };
    let rows: String = PEOPLE.iter().map(row).collect();
    format!("Demo people, only while started with --demo:\n  role      code        PIN      name\n{rows}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn demo_codes_and_pins_are_ones_the_service_takes() {
        for person in &PEOPLE {
            assert!(Code::read(person.code).is_some(), "{}", person.code);
            assert!(Pin::read(person.pin).is_some_and(|pin| !pin.is_trivial()), "{}", person.pin);
        }
    }
}

//! How far somebody reaches who oversees others: their unit and those below it; and writing down what they look at.

use super::SignedIn;
use crate::api::Fault;
use crate::house::House;
use crate::store::{Act, NewAudit, Person};
use uuid::Uuid;

/// Someone of the unit of whoever asks, or of one below it. People of other units are not said to exist.
///
/// # Errors
/// A [`Fault`] where there is no such person within reach, or the store cannot be read.
pub async fn within(house: &House, who: &SignedIn, person: Uuid) -> Result<Person, Fault> {
    let person = house.store.person(person).await?.ok_or_else(Fault::not_found)?;
    let own = who.person.unit;
    let reached = person.unit == own || house.store.units_below(own).await?.iter().any(|unit| unit.id == person.unit);
    if reached { Ok(person) } else { Err(Fault::not_found()) }
}

/// An audit entry of somebody's act on their unit as a whole, and so on those below it.
pub fn deed(house: &House, who: &SignedIn, act: Act, detail: String) -> NewAudit {
    NewAudit { at_ms: house.now_ms(), who: who.person.id, unit: who.person.unit, act, about: None, detail }
}

/// Writes down that somebody looks at something of all their unit. What cannot be written down is not shown.
///
/// # Errors
/// A [`Fault`] where the store cannot keep it.
pub async fn looks(house: &House, who: &SignedIn, act: Act, detail: String) -> Result<(), Fault> {
    Ok(house.store.audit(deed(house, who, act, detail)).await?)
}

/// Likewise, at something of one person.
///
/// # Errors
/// A [`Fault`] where the store cannot keep it.
pub async fn looks_at(house: &House, who: &SignedIn, act: Act, person: &Person, detail: String) -> Result<(), Fault> {
    let about = NewAudit { unit: person.unit, about: Some(person.id), ..deed(house, who, act, detail) };
    Ok(house.store.audit(about).await?)
}

//! Accounts of identity providers and the people they are bound to. A person is found by issuer and subject alone, never by
//! a name or a mail address, which others may come to have.

use super::SignedIn;
use super::entrance::{Begun, begin, proven};
use super::provider::{Named, Provider};
use super::reach::deed;
use super::sealed::{open, seal};
use crate::api::Fault;
use crate::clock::MINUTE_MS;
use crate::house::House;
use crate::store::bindings::Binding;
use crate::store::{Act, NewAudit, Person};
use std::net::IpAddr;
use uuid::Uuid;

/// How long a pass may be shown: as long as a page takes to load.
pub const PASS_LASTS_MS: i64 = 5 * MINUTE_MS;
/// Under which name passes are sealed, and what is sent in place of a code by whoever carries one.
pub const PASS: &str = "pass";
/// Name of the cookie that carries it. It stands in no address, so that no link can sign anybody in as somebody else.
pub const PASS_COOKIE: &str = "retrace-pass";

/// Who comes in by this account; `None` where nobody is bound to it.
///
/// # Errors
/// A [`Fault`] where they are not, or no longer, of the provider's unit or one below it.
pub async fn enter(house: &House, provider: &Provider, account_key: [u8; 32]) -> Result<Option<Person>, Fault> {
    let Some((person, binding)) = house.store.binding(account_key).await? else { return Ok(None) };
    if !is_of(house, provider, &person).await? {
        return Err(Fault::account_elsewhere());
    }
    let audit = said(house, provider, &person, Act::AccountUsed);
    // Unbound in this very moment, it is bound to nobody.
    Ok(house.store.use_binding(binding.id, house.now_ms(), audit).await?.then_some(person))
}

/// Binds an account to whoever proves by code and PIN who they are.
///
/// # Errors
/// A [`Fault`] where they do not, as at any sign-in; are not of the provider's unit; or one of the two is bound already.
pub async fn bind(
    house: &House,
    provider: &Provider,
    named: &Named,
    (code, pin): (&str, &str),
    from: Option<IpAddr>,
) -> Result<Person, Fault> {
    let person = proven(house, code, pin, from).await?;
    if !is_of(house, provider, &person).await? {
        return Err(Fault::account_elsewhere());
    }
    let binding = Binding {
        id: Uuid::now_v7(),
        person: person.id,
        issuer: provider.issuer().to_owned(),
        account_key: named.account_key,
        made_ms: house.now_ms(),
        used_ms: None,
    };
    let audit = said(house, provider, &person, Act::AccountBound);
    if house.store.add_binding(binding, audit).await? { Ok(person) } else { Err(Fault::account_taken()) }
}

/// Unbinds one of a person's accounts and ends every session of theirs; `false` if it is not there.
///
/// # Errors
/// A [`Fault`] where the store cannot be written.
pub async fn unbind(house: &House, who: &SignedIn, person: &Person, id: Uuid) -> Result<bool, Fault> {
    let bound = house.store.bindings_of(person.id).await?;
    let Some(binding) = bound.into_iter().find(|binding| binding.id == id) else { return Ok(false) };
    let provider = house.settings.providers.of_issuer(&binding.issuer);
    let detail = provider.map_or(binding.issuer.clone(), |provider| provider.id.clone());
    let about = Some(person.id);
    let audit = NewAudit { unit: person.unit, about, ..deed(house, who, Act::AccountUnbound, detail) };
    Ok(house.store.remove_binding(person.id, id, audit).await?)
}

/// A pass by which a page of the built site begins a session for somebody whose right to it is settled: once.
///
/// # Errors
/// As for [`seal`].
pub fn pass(house: &House, person: &Person) -> Result<String, Fault> {
    seal(house, PASS, person.id)
}

/// Begins a session by a pass.
///
/// # Errors
/// A [`Fault`] where it is none, was used before or has run out.
pub async fn show_pass(house: &House, pass: &str, from: Option<IpAddr>) -> Result<Begun, Fault> {
    if let Some(wait_ms) = from.and_then(|address| house.crowd.wait_ms(address, house.now_ms())) {
        return Err(Fault::wait(wait_ms));
    }
    let used = match open::<Uuid>(house, PASS, PASS_LASTS_MS, pass) {
        Some(opened) => opened.used(house).await?,
        None => None,
    };
    let person = match used {
        Some(person) => house.store.person(person).await?,
        None => None,
    };
    let Some(person) = person else {
        house.metrics.turned_away.count();
        if let Some(address) = from {
            house.crowd.failed(address, house.now_ms());
        }
        return Err(Fault::account_refused());
    };
    house.metrics.signed_in.count();
    begin(house, person).await
}

async fn is_of(house: &House, provider: &Provider, person: &Person) -> Result<bool, Fault> {
    Ok(house.store.units_below(provider.unit).await?.iter().any(|unit| unit.id == person.unit))
}

fn said(house: &House, provider: &Provider, person: &Person, act: Act) -> NewAudit {
    let (who, unit, about) = (person.id, person.unit, Some(person.id));
    NewAudit { at_ms: house.now_ms(), who, unit, act, about, detail: provider.id.clone() }
}

//! `/v1/credentials`: credit as its holder can carry it away, and what others need to believe it.

use super::{Address, Fault};
use crate::credential::{Conferred, Issuer, PLACES, status_list};
use crate::house::{App, House};
use crate::identity::Learner;
use crate::identity::origin::opened_at;
use crate::identity::reach::{looks_at, within};
use crate::routes::Access;
use crate::store::{Act, Person};
use crate::walk::walk;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use heritage::{RouteId, SiteId};
use uuid::Uuid;

/// A credential in the compact form.
const SIGNED: &str = "application/vc+jwt";

/// The service as an issuer, under the address at which it was asked.
///
/// # Errors
/// A [`Fault`] where the request names no host.
pub fn issuer(house: &House, headers: &HeaderMap) -> Result<Issuer, Fault> {
    let origin = opened_at(headers, &house.settings).ok_or_else(Fault::not_found)?;
    Ok(Issuer::new(&house.secrets, origin))
}

/// What a person has been conferred for a route.
///
/// # Errors
/// [`Fault::not_found`] where nothing is, or no longer.
pub async fn conferred(house: &House, person: &Person, (site, route): (&SiteId, &RouteId)) -> Result<Conferred, Fault> {
    let course = house.courses.route(site, route).ok_or_else(Fault::not_found)?;
    let log = house.store.log_at(person.id, site.clone()).await?;
    let walk = walk(&house.courses, &house.secrets, person.id, course, &log);
    Conferred::of(person, course.0, &walk).ok_or_else(Fault::not_found)
}

/// The credential that a confirmation stands for, for whose it is and for those who oversee them.
///
/// # Errors
/// A [`Fault`] where there is none, as for somebody else's and for one that was taken back.
pub async fn get(
    State(app): State<App>,
    Learner(who): Learner,
    Address(id): Address<Uuid>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Fault> {
    let entry = app.store.proof(id).await?.ok_or_else(Fault::not_found)?.entry.said;
    let person = if entry.subject == who.person.id {
        who.person.clone()
    } else if Access::Overseer.admits(who.person.role) {
        let person = within(&app, &who, entry.subject).await?;
        looks_at(&app, &who, Act::CertificateOpened, &person, id.to_string()).await?;
        person
    } else {
        return Err(Fault::not_found());
    };
    let (Some(site), Some(route)) = (&entry.site, &entry.route) else { return Err(Fault::not_found()) };
    let conferred = conferred(&app, &person, (site, route)).await?;
    if conferred.id != id {
        return Err(Fault::not_found());
    }
    let credential = conferred.credential(&issuer(&app, &headers)?);
    Ok(([(CONTENT_TYPE, SIGNED), (CACHE_CONTROL, "no-store")], credential))
}

/// Which credentials no longer hold.
///
/// # Errors
/// A [`Fault`] where there is no such list yet, or the log cannot be read.
pub async fn status(
    State(app): State<App>,
    Address(number): Address<u32>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Fault> {
    let first = i64::from(number) * PLACES;
    let size = i64::try_from(app.store.head().await?.size).unwrap_or(i64::MAX);
    if number > 0 && first > size {
        return Err(Fault::not_found());
    }
    let revoked = app.store.revoked(first, PLACES).await?;
    let list = status_list(&issuer(&app, &headers)?, i64::from(number), &revoked, app.now_ms());
    let list = list.map_err(|_| Fault::busy())?;
    Ok(([(CONTENT_TYPE, SIGNED), (CACHE_CONTROL, "public, max-age=60")], list))
}

/// The key by which credentials are checked, where `did:web` looks for it.
///
/// # Errors
/// A [`Fault`] where the request names no host.
pub async fn did(State(app): State<App>, headers: HeaderMap) -> Result<impl IntoResponse, Fault> {
    let document = issuer(&app, &headers)?.document();
    Ok(([(CONTENT_TYPE, "application/did+json"), (CACHE_CONTROL, "no-cache")], document.to_string()))
}

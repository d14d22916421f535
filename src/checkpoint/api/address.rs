//! The parts of an address that stand for something.

use super::Fault;
use crate::house::App;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use heritage::{RouteId, SiteId};
use serde::de::DeserializeOwned;

/// The parameters of an address. One that is no text names nothing there is.
pub struct Address<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Address<T> {
    type Rejection = Fault;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let Path(named) = Path::from_request_parts(parts, app).await.map_err(|_| Fault::not_found())?;
        Ok(Self(named))
    }
}

/// The route that `luding.bridge` names, whether or not there is one.
///
/// # Errors
/// [`Fault::not_found`] where it is no such name.
pub fn route_named(id: &str) -> Result<(SiteId, RouteId), Fault> {
    let (site, route) = id.split_once('.').ok_or_else(Fault::not_found)?;
    let site = SiteId::new(site).map_err(|_| Fault::not_found())?;
    Ok((site, RouteId::new(route).map_err(|_| Fault::not_found())?))
}

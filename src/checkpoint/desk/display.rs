//! The page that a device at a station shows: the code of the moment, large, in both languages; and the list of such pages.
//!
//! A device is enrolled by its address, which carries a key derived for that station alone: nobody is signed in on it, and
//! whoever sees its screen can do no more with it than read the code.

use super::frame::{Frame, Look, page};
use crate::api::{Address, Fault};
use crate::evidence::rotating::{code_at, display_key, until_next_ms};
use crate::house::{App, House};
use crate::identity::Admin;
use crate::identity::reach::looks;
use crate::store::Act;
use crate::web::missing;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::HeaderValue;
use axum::http::header::REFRESH;
use axum::response::Response;
use heritage::{Site, SiteId, Station, StationId};
use subtle::ConstantTimeEq;

#[derive(Template)]
#[template(path = "display.html")]
struct DisplayPage {
    zh: String,
    en: String,
    code: String,
}

/// The code of the moment. Loads itself again when the next one is shown. Without its key there is no such page.
pub async fn get(State(app): State<App>, Address(station): Address<String>, RawQuery(query): RawQuery) -> Response {
    let key = super::form::field(query.as_deref(), "key").unwrap_or_default();
    let Some((site, station)) = named(&app, &station).filter(|(site, station)| holds(&app, site, station, &key)) else {
        return missing::page(&app.settings.web).await;
    };
    let now_ms = app.now_ms();
    let code = code_at(&app.secrets, &site.id, &station.id, now_ms);
    // A moment late, so that the next code is there for sure.
    let seconds = until_next_ms(now_ms).div_euclid(1000) + 1;
    let (first, last) = code.split_at(code.len() / 2);
    let code = format!("{first} {last}");
    let mut shown = page(&DisplayPage { zh: station.title.zh.clone(), en: station.title.en.clone(), code });
    if let Ok(value) = HeaderValue::try_from(seconds.to_string()) {
        shown.headers_mut().insert(REFRESH, value);
    }
    shown
}

#[derive(Template)]
#[template(path = "displays.html")]
struct DisplaysPage {
    at: Frame,
    sites: Vec<(String, Vec<(String, String)>)>,
}

/// Every station's display, for whoever puts the devices up.
///
/// # Errors
/// A [`Fault`] where it cannot be written down that somebody looks.
pub async fn list(State(app): State<App>, Admin(who): Admin, look: Look) -> Result<Response, Fault> {
    looks(&app, &who, Act::DisplaysListed, String::new()).await?;
    let at = Frame::of(&app, look, &who);
    let row = |site: &Site, station: &Station| (at.pick(&station.title).to_owned(), path(&app, &site.id, &station.id));
    let of_site = |site: &Site| {
        let stations = site.stations.iter().map(|station| row(site, station)).collect();
        (at.pick(&site.title).to_owned(), stations)
    };
    let sites = app.courses.sites().map(of_site).collect();
    Ok(page(&DisplaysPage { at, sites }))
}

/// The address of a station's display.
pub fn path(house: &House, site: &SiteId, station: &StationId) -> String {
    format!("/display/{site}.{station}?key={}", display_key(&house.secrets, site, station))
}

fn named<'a>(house: &'a House, name: &str) -> Option<(&'a Site, &'a Station)> {
    let (site, station) = name.split_once('.')?;
    let site = house.courses.site(&SiteId::new(site).ok()?)?;
    Some((site, site.station(&StationId::new(station).ok()?)?))
}

fn holds(house: &House, site: &Site, station: &Station, key: &str) -> bool {
    display_key(&house.secrets, &site.id, &station.id).as_bytes().ct_eq(key.as_bytes()).into()
}

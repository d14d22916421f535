//! The certificate of a confirmed walk, in both languages, to be printed: with a square that any phone can check.

use super::board::address;
use super::frame::{Frame, Look, page};
use super::one::named;
use crate::api::address::route_named;
use crate::api::credentials::{conferred, issuer};
use crate::api::{Address, Fault};
use crate::credential::{Conferred, Issuer, packed};
use crate::house::App;
use crate::identity::reach::{looks_at, within};
use crate::identity::{Learner, Overseer};
use crate::store::Act;
use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use heritage::Bilingual;
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

#[derive(Template)]
#[template(path = "certificate.html")]
struct CertificatePage {
    at: Frame,
    back: Option<String>,
    file: String,
    criteria: Bilingual,
    issuer: String,
    code: Option<String>,
    earned: Conferred,
}

impl CertificatePage {
    fn of(at: Frame, back: Option<String>, issuer: &Issuer, earned: Conferred) -> Self {
        let credential = packed(&earned.credential(issuer));
        // Behind `#`, so that the phone which opens the address does not send it anywhere.
        let leads_to = issuer.at(&format!("/{}/verify/#{credential}", at.lang.code()));
        let file = format!("{}-{}.jwt", earned.course, earned.day());
        let (criteria, issuer) = (earned.criteria(), issuer.did());
        Self { at, back, file, criteria, issuer, code: square(&leads_to), earned }
    }
}

/// One's own.
///
/// # Errors
/// A [`Fault`] where nothing was conferred for this course, or no longer.
pub async fn own(
    State(app): State<App>,
    Learner(who): Learner,
    look: Look,
    Address(course): Address<String>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let (site, route) = route_named(&course)?;
    let earned = conferred(&app, &who.person, (&site, &route)).await?;
    let at = Frame::of(&app, look, &who);
    Ok(page(&CertificatePage::of(at, None, &issuer(&app, &headers)?, earned)))
}

/// Somebody's of the unit, to be printed for them.
///
/// # Errors
/// Likewise, and where there is no such person within reach.
pub async fn of_person(
    State(app): State<App>,
    Overseer(who): Overseer,
    look: Look,
    Address((person, course)): Address<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let (person, site, route) = named(&person, &course).ok_or_else(Fault::not_found)?;
    let person = within(&app, &who, person).await?;
    let earned = conferred(&app, &person, (&site, &route)).await?;
    looks_at(&app, &who, Act::CertificateOpened, &person, earned.id.to_string()).await?;
    let at = Frame::of(&app, look, &who);
    let back = Some(address(person.id, &site, &route));
    Ok(page(&CertificatePage::of(at, back, &issuer(&app, &headers)?, earned)))
}

/// The text as a QR code. What is longer than any code is left out: the file can be checked all the same.
pub fn square(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let drawn = code.render::<svg::Color<'_>>().module_dimensions(1, 1).build();
    let drawn = drawn.split_once("?>").map_or(drawn.as_str(), |(_, svg)| svg);
    Some(drawn.replacen("<svg ", "<svg role=\"img\" aria-label=\"QR\" ", 1))
}

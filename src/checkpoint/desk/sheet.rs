//! Invitation codes as a sheet to print and cut, one card for each person. They are shown this once.

use super::frame::{Frame, page};
use super::people::CODE_LASTS_MS;
use super::words;
use crate::clock::written_in_china;
use crate::house::House;
use crate::identity::code::Code;
use crate::identity::origin::address;
use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use heritage::Bilingual;
use protocol::api::Role;

/// One card of the sheet.
pub(super) struct Card {
    name: String,
    place: String,
    role: Bilingual,
    code: String,
}

impl Card {
    /// For somebody of a unit and, where there is one, a group.
    pub(super) fn of(name: &str, (unit, cohort): (&str, &str), role: Role, code: &Code) -> Self {
        let place = [unit, cohort].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
        Self { name: name.to_owned(), place, role: words::role(role), code: code.written() }
    }
}

#[derive(Template)]
#[template(path = "sheet.html")]
struct SheetPage {
    at: Frame,
    /// For people who were there already.
    renewed: bool,
    address: String,
    until: String,
    cards: Vec<Card>,
}

/// The sheet; `renewed` where these people were there already.
pub(super) fn show(house: &House, at: Frame, headers: &HeaderMap, renewed: bool, cards: Vec<Card>) -> Response {
    let until = written_in_china(house.now_ms() + CODE_LASTS_MS).chars().take(10).collect();
    page(&SheetPage { at, renewed, address: address(&house.settings, headers), until, cards })
}

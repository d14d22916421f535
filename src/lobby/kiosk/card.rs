//! The card at the end of a visit: its code, large and as a square, what was done, and until when it can be claimed.

use super::own::{CLAIM_MS, Card, Current};
use super::{focus, qr, words};
use crate::{dom, page};
use heritage::Lang;
use std::cell::Cell;
use web_sys::Element;

const SVG: &str = "http://www.w3.org/2000/svg";

thread_local! {
    static SINCE_MS: Cell<f64> = const { Cell::new(0.0) };
}

/// How long it has been shown, milliseconds.
pub fn shown_ms() -> f64 {
    page::since_open_ms() - SINCE_MS.get()
}

/// Where a code is claimed.
pub fn address(origin: &str, code: &str) -> String {
    format!("{origin}/claim?code={code}")
}

/// Shows it; `done` hears when it is to be cleared.
pub fn show(current: &Current, done: impl Fn() + 'static) {
    let (Some(place), Some(card)) = (dom::hook("kiosk-card"), &current.card) else { return };
    let lang = current.lang;
    SINCE_MS.set(page::since_open_ms());
    dom::set(&place, "lang", lang.tag());
    let heading = dom::element("h1", "kiosk-card-title", words::CARD.get(lang));
    dom::set(&heading, "tabindex", "-1");
    let mut parts = vec![heading];
    match &card.code {
        Some(code) => parts.extend(claim(lang, code, card)),
        None if card.sent > 0 => {}
        None => parts.push(dom::element("p", "kiosk-nothing", words::CARD_NOTHING.get(lang))),
    }
    if card.sent > 0 {
        parts.push(dom::element("p", "kiosk-sent", &words::sent(lang, card.sent)));
    }
    let count = dom::element("p", "kiosk-clears", "");
    dom::set(&count, "role", "timer");
    let actions = dom::element("p", "", "");
    dom::set(&actions, "class", "actions");
    let stay = dom::button("kiosk-stay", words::CARD_STAY.get(lang), "button");
    dom::on(&stay, "click", |_| SINCE_MS.set(page::since_open_ms()));
    let clear = dom::button("kiosk-done", words::CARD_DONE.get(lang), "button button-next");
    dom::on(&clear, "click", move |_| done());
    dom::append(&actions, [clear, stay]);
    parts.extend([count, actions]);
    dom::fill(&place, parts);
    focus("kiosk-card-title");
}

fn claim(lang: Lang, code: &str, card: &Card) -> Vec<Element> {
    let shown = dom::element("p", "kiosk-code", code);
    dom::set(&shown, "class", "kiosk-code");
    let mut parts = vec![shown];
    let address = address(&dom::window().location().origin().unwrap_or_default(), code);
    let (how, said) = (dom::element("div", "", ""), dom::element("div", "", ""));
    dom::set(&how, "class", "kiosk-claim");
    let at = dom::element("p", "kiosk-address", &typed(lang, &address));
    dom::set(&at, "class", "kiosk-address");
    let until = words::until(lang, &page::moment(lang, card.ended_ms + CLAIM_MS));
    let until = dom::element("p", "kiosk-until", &until);
    let [why, offline] = [words::CARD_WHY, words::CARD_OFFLINE].map(|text| dom::element("p", "", text.get(lang)));
    dom::fill(&said, [why, at, until, offline]);
    dom::fill(&how, drawn(&address, lang).into_iter().chain([said]));
    parts.push(how);
    if !card.completed.is_empty() {
        parts.push(dom::element("h2", "", words::CARD_COMPLETED.get(lang)));
        let list = dom::element("ul", "kiosk-completed", "");
        dom::fill(&list, card.completed.iter().map(|title| dom::element("li", "", title.get(lang))));
        parts.push(list);
    }
    if card.answered > 0 {
        parts.push(dom::element("p", "kiosk-answered", &words::answered(lang, card.answered)));
    }
    parts
}

/// The address as it is typed, without the code.
fn typed(lang: Lang, address: &str) -> String {
    format!("{}{}", words::CARD_AT.get(lang), address.split('?').next().unwrap_or_default())
}

/// The address as a square code.
pub fn drawn(address: &str, lang: Lang) -> Option<Element> {
    let square = qr::square(address)?;
    let make = |name: &str| dom::document().create_element_ns(Some(SVG), name).ok();
    let (drawing, path) = (make("svg")?, make("path")?);
    let width = square.width();
    for (name, value) in [
        ("viewBox", format!("0 0 {width} {width}").as_str()),
        ("role", "img"),
        ("aria-label", words::CARD_SQUARE.get(lang)),
        ("class", "kiosk-square"),
        ("data-hook", "kiosk-square"),
        ("shape-rendering", "crispEdges"),
    ] {
        dom::set(&drawing, name, value);
    }
    dom::set(&path, "d", &square.path());
    dom::append(&drawing, [path]);
    Some(drawing)
}

/// Says how long it still stands, near the end.
pub fn count(lang: Lang, left_secs: Option<u32>) {
    if let Some(place) = dom::hook("kiosk-clears") {
        dom::say(&place, &left_secs.map(|secs| words::clears(lang, secs)).unwrap_or_default());
    }
}

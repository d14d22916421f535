//! Who is signed in, as the header shows it.

use crate::house::{Shared, Standing};
use crate::{dom, sign_out, words};
use protocol::api::Role;
use web_sys::Element;

/// Makes the header's account part live.
pub fn begin(house: &Shared) {
    show(house);
    let shown = house.clone();
    dom::on(&dom::window(), "retrace:kept", move |_| show(&shown));
}

fn show(house: &Shared) {
    let Some(place) = dom::hook("account") else { return };
    if house.standing.get() == Standing::Expired {
        return again(house, &place);
    }
    let session = house.session.borrow();
    let Some(session) = session.as_ref().filter(|_| house.standing.get() == Standing::In) else {
        // The page's own link to the sign-in page stands as it is.
        return;
    };
    if place.get_attribute("data-person").is_some() {
        return;
    }
    let lang = house.page.lang;
    dom::set(&place, "data-person", &session.person.to_string());
    let mut parts: Vec<Element> = Vec::new();
    if session.role != Role::Learner {
        let desk = dom::element("a", "desk", words::DESK.get(lang));
        dom::set(&desk, "href", &house.page.desk());
        dom::set(&desk, "class", "tool");
        parts.push(desk);
    }
    let name = dom::element("a", "account-name", &session.name);
    dom::set(&name, "class", "tool account-name");
    dom::set(&name, "href", &house.page.at("me/"));
    parts.push(name);
    parts.push(sign_out::button(house));
    dom::fill(&place, parts);
}

/// Nobody is signed in any more: the way in, as the page itself has it.
pub fn show_nobody(house: &Shared) {
    let Some(place) = dom::hook("account") else { return };
    let link = dom::element("a", "", words::SIGN_IN.get(house.page.lang));
    dom::set(&link, "class", "tool");
    dom::set(&link, "href", &house.page.at("sign-in/"));
    place.remove_attribute("data-person").ok();
    dom::fill(&place, [link]);
}

/// After the session has ended: the way back, which leads to this page again, and the way out for whoever shares the device.
fn again(house: &Shared, place: &Element) {
    let here = dom::window().location().pathname().unwrap_or_default();
    let link = dom::element("a", "sign-in-again", words::SIGN_IN_AGAIN.get(house.page.lang));
    dom::set(&link, "class", "tool");
    dom::set(&link, "href", &format!("{}#{here}", house.page.at("sign-in/")));
    place.remove_attribute("data-person").ok();
    dom::fill(place, [link, sign_out::button(house)]);
}

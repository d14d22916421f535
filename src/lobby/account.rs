//! Who is signed in, as the header shows it, and signing out, which wipes the device.

use crate::house::{Shared, Standing, own};
use crate::{dom, network, page, platform, sender, words};
use protocol::api::Role;
use wasm_bindgen_futures::JsFuture;
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
        dom::set(&desk, "href", "/desk/");
        dom::set(&desk, "class", "tool");
        parts.push(desk);
    }
    let name = dom::element("a", "account-name", &session.name);
    dom::set(&name, "class", "tool account-name");
    dom::set(&name, "href", &house.page.at("me/"));
    parts.push(name);
    let out = dom::button("sign-out", words::SIGN_OUT.get(lang), "tool");
    let leaving = house.clone();
    dom::on(&out, "click", move |_| leaving.spawn(async |house| ask(&house).await));
    parts.push(out);
    dom::fill(&place, parts);
}

/// After the session has ended: the way back, which leads to this page again.
fn again(house: &Shared, place: &Element) {
    let here = dom::window().location().pathname().unwrap_or_default();
    let link = dom::element("a", "sign-in-again", words::SIGN_IN_AGAIN.get(house.page.lang));
    dom::set(&link, "class", "tool");
    dom::set(&link, "href", &format!("{}#{here}", house.page.at("sign-in/")));
    place.remove_attribute("data-person").ok();
    dom::fill(place, [link]);
}

/// Asks before signing out; with records waiting it refuses, and asks a second time if the member insists.
async fn ask(house: &Shared) {
    let lang = house.page.lang;
    // What can be sent is sent first, so that the refusal is rarely needed.
    sender::send(house).await;
    let waiting = own(&house.store.entries().await.unwrap_or_default(), house.person()).len();
    let dialog = dialog(words::SIGN_OUT_TITLE.get(lang));
    let said =
        if waiting == 0 { words::SIGN_OUT_WIPES.get(lang).to_owned() } else { words::sign_out_refused(lang, waiting) };
    let text = dom::element("p", "sign-out-text", &said);
    let actions = dom::element("div", "", "");
    dom::set(&actions, "class", "sheet-actions");
    let label = if waiting == 0 { words::SIGN_OUT } else { words::SIGN_OUT_INSIST };
    let hook = if waiting == 0 { "sign-out-go" } else { "sign-out-insist" };
    let go = dom::button(hook, label.get(lang), "button");
    let stay = dom::button("sign-out-cancel", words::CANCEL.get(lang), "button button-plain");
    dom::append(&actions, [stay.clone(), go.clone()]);
    dom::append(&dialog, [text.clone(), actions]);
    let closing = dialog.clone();
    dom::on(&stay, "click", move |_| closing.remove());
    let leaving = house.clone();
    let pressed = go.clone();
    dom::on(&go, "click", move |_| {
        if pressed.get_attribute("data-hook").as_deref() == Some("sign-out-insist") {
            // The second question: the same button asks it in stronger words.
            dom::say(&text, words::SIGN_OUT_SURE.get(lang));
            dom::set(&pressed, "data-hook", "sign-out-sure");
            return;
        }
        let text = text.clone();
        leaving.spawn(async move |house| {
            if !leave(&house).await {
                dom::say(&text, words::SIGN_OUT_OFFLINE.get(lang));
            }
        });
    });
    dom::open(&dialog);
}

/// A dialog of the lobby's own at the end of the page.
pub fn dialog(title: &str) -> Element {
    let dialog = dom::element("dialog", "sign-out-dialog", "");
    dom::set(&dialog, "class", "sheet");
    dom::set(&dialog, "aria-label", title);
    dom::append(&dialog, [dom::element("h2", "", title)]);
    if let Some(body) = dom::document().body() {
        dom::append(&body, [dialog.clone()]);
    }
    dialog
}

/// Ends the session at the service, then wipes the device; false when the service was not reached.
async fn leave(house: &Shared) -> bool {
    let gone = network::ask("DELETE", "/v1/session", None).await;
    // A session that the service does not know any more is as good as ended.
    if !gone.is_some_and(|reply| reply.is_ok() || reply.status == 401) {
        return false;
    }
    wipe(house).await;
    house.tell_tabs("person");
    dom::window().location().assign(&house.page.at("")).ok();
    true
}

async fn wipe(house: &Shared) {
    house.handed_on.set(true);
    if house.store.wipe().await.is_err() {
        page::notice(words::NO_STORAGE.get(house.page.lang));
    }
    JsFuture::from(platform::drop_caches("retrace-shell")).await.ok();
    if let Ok(Some(storage)) = dom::window().local_storage() {
        storage.clear().ok();
    }
}

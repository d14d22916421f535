//! Signing out: wipes the device of all that is the member's, at once and without a network too.

use crate::house::{Shared, Standing, own};
use crate::json::Value;
use crate::page::Page;
use crate::{account, dom, network, page, platform, sender, words};
use heritage::Lang;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlElement};

/// Whether the address asks to sign out, as the desk's own way out does.
pub fn is_asked(page: &Page) -> bool {
    page.name == "me" && dom::window().location().hash().as_deref() == Ok("#sign-out")
}

/// Ends the session where the browser keeps nothing: no record can be lost, so nothing need be asked.
pub async fn leave_without_storage(lang: Lang, home: &str) {
    if end_session().await {
        dom::window().location().assign(home).ok();
    } else {
        page::notice(words::STILL_SIGNED_IN.get(lang));
    }
}

/// Opens the question where the address asks for it.
pub fn begin(house: &Shared) {
    if !is_asked(&house.page) {
        return;
    }
    if let Ok(history) = dom::window().history() {
        // A reload does not ask again.
        history.replace_state_with_url(&JsValue::NULL, "", Some(&house.page.at("me/"))).ok();
    }
    house.spawn(async |house| ask(&house).await);
}

/// The button in the header.
pub fn button(house: &Shared) -> Element {
    let out = dom::button("sign-out", words::SIGN_OUT.get(house.page.lang), "tool");
    let leaving = house.clone();
    dom::on(&out, "click", move |_| leaving.spawn(async |house| ask(&house).await));
    out
}

/// Asks before signing out; with records waiting it refuses, and asks a second time if the member insists.
async fn ask(house: &Shared) {
    let lang = house.page.lang;
    // What can be sent is sent first, so that the refusal is rarely needed.
    sender::send(house).await;
    if dom::hook("sign-out-dialog").is_some() {
        return;
    }
    let entries = house.store.entries().await.unwrap_or_default();
    let mine = own(&entries, house.person()).len();
    let unclaimed = entries.iter().filter(|entry| entry.owner.is_none()).count();
    let (lost, others) = (mine + unclaimed, entries.len() - mine - unclaimed);
    let dialog = dom::dialog("sign-out-dialog", words::SIGN_OUT_TITLE.get(lang));
    let said = match lost {
        0 => words::SIGN_OUT_WIPES.get(lang).to_owned(),
        _ => words::sign_out_refused(lang, lost, unclaimed),
    };
    let text = dom::element("p", "sign-out-text", &said);
    dom::append(&dialog, [text.clone()]);
    if others > 0 {
        dom::append(&dialog, [dom::element("p", "sign-out-others", &words::sign_out_keeps(lang, others))]);
    }
    let actions = dom::element("div", "", "");
    dom::set(&actions, "class", "sheet-actions");
    let (label, hook) =
        if lost == 0 { (words::SIGN_OUT, "sign-out-go") } else { (words::SIGN_OUT_INSIST, "sign-out-insist") };
    let go = dom::button(hook, label.get(lang), "button");
    let stay = dom::button("sign-out-cancel", words::CANCEL.get(lang), "button button-plain");
    dom::append(&actions, [stay.clone(), go.clone()]);
    dom::append(&dialog, [actions]);
    let closing = dialog.clone();
    dom::on(&stay, "click", move |_| dom::close(&closing));
    let leaving = house.clone();
    let (pressed, asked) = (go.clone(), dialog.clone());
    dom::on(&go, "click", move |_| {
        if pressed.get_attribute("data-hook").as_deref() == Some("sign-out-insist") {
            // The second question: the same button asks it in stronger words.
            dom::say(&text, words::SIGN_OUT_SURE.get(lang));
            dom::set(&pressed, "data-hook", "sign-out-sure");
            return;
        }
        let asked = asked.clone();
        leaving.spawn(async move |house| leave(&house, &asked).await);
    });
    dom::open(&dialog);
}

/// Ends the session at the service and wipes the device. Where the service is not reached the device is wiped all the same:
/// a shared phone must not wait for a network; the session then ends when this device next has one.
async fn leave(house: &Shared, dialog: &Element) {
    let ended = end_session().await;
    house.handed_on.set(true);
    if house.store.wipe(house.person(), !ended).await.is_err() {
        page::notice(words::NO_STORAGE.get(house.page.lang));
        return;
    }
    JsFuture::from(platform::drop_caches("retrace-shell")).await.ok();
    if let Ok(Some(storage)) = dom::window().local_storage() {
        storage.clear().ok();
    }
    house.session.replace(None);
    house.progress.replace(None);
    house.standing.set(Standing::Out);
    house.tell_tabs("person");
    if ended {
        dom::window().location().assign(&house.page.at("")).ok();
    } else {
        dom::close(dialog);
        show_left(house);
    }
}

/// Without a network no other page may open, so this one says how things stand and shows nothing of the member's any more.
fn show_left(house: &Shared) {
    let lang = house.page.lang;
    account::show_nobody(house);
    dom::show_at("outbox", false);
    page::notice("");
    let Some(main) = dom::document().query_selector("main").ok().flatten() else { return };
    dom::fill(
        &main,
        [
            dom::element("h1", "", words::SIGNED_OUT.get(lang)),
            dom::element("p", "signed-out", words::SIGNED_OUT_OFFLINE.get(lang)),
        ],
    );
    if let Some(main) = main.dyn_ref::<HtmlElement>() {
        main.focus().ok();
    }
}

/// Ends the session; one that the service does not know any more is as good as ended.
async fn end_session() -> bool {
    let gone = network::ask("DELETE", "/v1/session", None).await;
    gone.is_some_and(|reply| reply.is_ok() || reply.status == 401)
}

/// Ends a session that was left without a network, before anything else is asked of the service; false while it cannot be
/// reached. Nobody may sign in before: the new session would be the one that ends.
pub async fn end_left(house: &Shared) -> bool {
    let ended = Rc::new(Cell::new(true));
    let (leaving, result) = (Rc::clone(house), Rc::clone(&ended));
    let end = async move {
        let left = leaving.store.meta("left").await.is_ok_and(|left| left == Value::Flag(true));
        if left {
            result.set(end_session().await);
        }
        if left && result.get() {
            leaving.store.set_meta("left", Value::Flag(false)).await.ok();
        }
    };
    sender::alone("retrace-left", end).await;
    ended.get()
}

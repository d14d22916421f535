//! What was done on this device before signing in, kept apart from the member's own: offered to the member, never taken over silently.

use crate::db::Fault;
use crate::house::Shared;
use crate::queue::What;
use crate::{dom, sender, words};
use std::collections::BTreeSet;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Element;

/// Asks in a dialog, if there is anything, and ends when the member has decided.
pub async fn ask(house: &Shared) {
    let Ok(text) = count(house).await else { return };
    let Some(text) = text else { return };
    let lang = house.page.lang;
    let dialog = dom::dialog("claim-dialog", &text);
    let actions = dom::element("div", "", "");
    dom::set(&actions, "class", "sheet-actions");
    let later = dom::button("claim-later", words::CLAIM_LATER.get(lang), "button button-plain");
    let take = dom::button("claim", words::CLAIM.get(lang), "button button-next");
    dom::append(&actions, [later.clone(), take.clone()]);
    dom::append(&dialog, [actions]);
    let decided = js_sys::Promise::new(&mut |resolve, _| {
        let yes = resolve.clone();
        dom::on(&take, "click", move |_| {
            yes.call1(&JsValue::NULL, &JsValue::TRUE).ok();
        });
        let no = resolve.clone();
        dom::on(&later, "click", move |_| {
            no.call1(&JsValue::NULL, &JsValue::FALSE).ok();
        });
        // Esc closes a dialog and means: not now.
        dom::on(&dialog, "close", move |_| {
            resolve.call1(&JsValue::NULL, &JsValue::FALSE).ok();
        });
    });
    dom::open(&dialog);
    let yes = JsFuture::from(decided).await.is_ok_and(|answer| answer.is_truthy());
    dom::close(&dialog);
    if yes {
        take_over(house).await;
    }
}

/// The same offer to the member as a line of a list, with the way to delete what is somebody else's.
pub async fn offer(house: &Shared) -> Option<Element> {
    house.person()?;
    let lang = house.page.lang;
    let text = count(house).await.ok().flatten()?;
    let line = dom::element("li", "outbox-unclaimed", &text);
    let take = dom::button("claim", words::CLAIM.get(lang), "button");
    let taking = Rc::clone(house);
    dom::on(&take, "click", move |_| taking.spawn(async |house| take_over(&house).await));
    let drop = dom::button("disown", words::CLAIM_NEVER.get(lang), "button button-plain");
    let dropping = Rc::clone(house);
    dom::on(&drop, "click", move |_| {
        dropping.spawn(async |house| {
            house.store.disown().await.ok();
            house.announce();
        });
    });
    dom::append(&line, [take, drop]);
    Some(line)
}

async fn take_over(house: &Shared) {
    if let Some(person) = house.person() {
        house.store.claim(person).await.ok();
        sender::send(house).await;
    }
}

/// The question, with its numbers; nothing where there is nothing to ask.
async fn count(house: &Shared) -> Result<Option<String>, Fault> {
    let entries = house.store.entries().await?;
    let unclaimed: Vec<_> = entries.iter().filter(|entry| entry.owner.is_none()).collect();
    let completed: BTreeSet<String> = unclaimed
        .iter()
        .map(|entry| &entry.event)
        .filter(|event| event.what == What::Completed)
        .map(|event| format!("{}/{}", event.site, event.station))
        .collect();
    let seen = house.store.aside().await?.iter().any(|(_, visit)| visit.is_worth_keeping());
    let some = seen || !unclaimed.is_empty();
    Ok(some.then(|| words::claim(house.page.lang, completed.len(), unclaimed.len())))
}

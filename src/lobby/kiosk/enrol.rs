//! Making a browser a hall's kiosk: number and key as the desk gave them, and the staff's PIN.

use super::own::{Enrolment, Own};
use super::{chance, doors, front, pin, words};
use crate::json::Value;
use crate::wire::field;
use crate::words::Text;
use crate::{dom, network};
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;

/// Makes the form live.
pub fn begin(own: &Own) {
    dom::show_at("kiosk-enrol", true);
    let Some(form) = dom::hook("kiosk-enrol-form") else { return };
    let (own, sent) = (own.clone(), form.clone());
    dom::on(&form, "submit", move |submitted| {
        submitted.prevent_default();
        let (own, form) = (own.clone(), sent.clone());
        front::say(words::ENROL_ASKING);
        spawn_local(async move {
            match enrol(&own, &form).await {
                Ok(()) => drop(dom::window().location().reload()),
                Err(why) => front::say(why),
            }
        });
    });
}

async fn enrol(own: &Own, form: &Element) -> Result<(), Text> {
    let typed = |name: &str| dom::value(form, name).unwrap_or_default().trim().to_owned();
    let (kiosk, key) = (typed("number").to_lowercase(), typed("key").to_lowercase());
    let (one, two) = (pin::read(&typed("pin")), pin::read(&typed("again")));
    let pin = one.filter(|_| !kiosk.is_empty() && !key.is_empty()).ok_or(words::ENROL_EMPTY)?;
    if two.as_ref() != Some(&pin) {
        return Err(words::ENROL_EMPTY);
    }
    if pin::is_trivial(&pin) {
        return Err(words::ENROL_TRIVIAL);
    }
    let authorization = doors::basic(&kiosk, &key);
    let reply = network::ask_as(&authorization, "GET", "/v1/kiosk", None).await.ok_or(words::ENROL_UNREACHED)?;
    if reply.status == 401 {
        return Err(words::ENROL_REFUSED);
    }
    let told = Value::parse(&reply.body).filter(|_| reply.is_ok()).ok_or(words::ENROL_UNREACHED)?;
    let text = |name: &str| field(&told, name);
    let (name, mark, site) = (text("name"), text("mark"), text("site"));
    let (Some(name), Some(mark), Some(site), Some(hall)) = (name, mark, site, field(&told, "hall")) else {
        return Err(words::ENROL_UNREACHED);
    };
    let salt = pin::hex(&chance());
    let hash = pin::hash(&salt, &pin);
    let kept = async {
        own.change_care(|care| (care.salt, care.hash, care.failures) = (salt, hash, 0)).await?;
        own.enrol(&Enrolment { kiosk, key, name, mark, site, hall }).await
    };
    kept.await.map_err(|_| words::NO_STORAGE)?;
    doors::mark_kiosk(true);
    Ok(())
}

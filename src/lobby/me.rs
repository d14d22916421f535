//! My walks: confirmed credit, what each station still asks for, what waits on this device, and a file of all of it.

use crate::house::{Shared, on_kept};
use crate::json::{map, text};
use crate::wire::Refusal;
use crate::words::{self, Text};
use crate::{claim, dom, network, outbox, page, platform};
use heritage::{Lang, Reason, Requirement};
use protocol::api::{AppealState, Progress, WalkProgress, WalkState};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlTextAreaElement};

/// Makes the page live.
pub fn begin(house: &Shared) {
    if house.page.name != "me" {
        return;
    }
    on_kept(house, |house| async move { show(&house).await });
    house.spawn(async |house| show(&house).await);
    for section in dom::hooks("walk") {
        let Some(form) = dom::hook_in(&section, "walk-appeal") else { continue };
        let appealing = house.clone();
        dom::on(&form.clone(), "submit", move |submitted| {
            submitted.prevent_default();
            let (section, form) = (section.clone(), form.clone());
            appealing.spawn(async move |house| send_appeal(&house, &section, &form).await);
        });
    }
    let exporting = house.clone();
    dom::on_press("me-export", move |_| {
        exporting.spawn(async |house| {
            if let Some(text) = export(&house).await {
                platform::save("retrace.json", &text);
            }
        });
    });
}

async fn show(house: &Shared) {
    let lang = house.page.lang;
    let known = house.progress.borrow().clone().filter(|_| house.person().is_some());
    let said = match (house.is_signed_in(), page::is_online(), &known) {
        (false, _, _) if house.person().is_some() => words::EXPIRED.get(lang),
        (false, _, _) => words::ME_SIGNED_OUT.get(lang),
        (true, false, Some(_)) => words::ME_CACHED.get(lang),
        (true, _, None) => words::ME_UNKNOWN.get(lang),
        (true, true, Some(_)) => "",
    };
    dom::say_at("me-said", said);
    dom::show_at("me-said", !said.is_empty());
    dom::show_at("me-sign-in", !house.is_signed_in());
    dom::show_at("me-device", true);
    dom::show_at("me-credit", known.is_some());
    if let Some(progress) = &known {
        credit(house, progress);
    }
    let visits = house.store.visits().await.unwrap_or_default();
    let mut begun = false;
    for section in dom::hooks("walk") {
        let (site, route) = (attribute(&section, "data-site"), attribute(&section, "data-route"));
        let told = known.as_ref().and_then(|progress| {
            progress.walks.iter().find(|walk| walk.site.as_str() == site && walk.route.as_str() == route)
        });
        let here = visits.iter().any(|(key, _)| key.starts_with(&format!("{site}/")));
        dom::show(&section, here || told.is_some());
        begun |= here || told.is_some();
        walk(house, &section, told);
    }
    dom::show_at("me-empty", !begun);
    if let Some(list) = dom::hook("me-outbox") {
        let entries = house.store.entries().await.unwrap_or_default();
        let mine = outbox::mine(house, &entries);
        let mut items: Vec<Element> = mine.iter().map(|entry| outbox::item(house, &entry.event)).collect();
        if items.is_empty() {
            items.push(dom::element("li", "", words::NOTHING_WAITS.get(lang)));
        }
        items.extend(claim::offer(house).await);
        dom::fill(&list, items);
    }
    outbox::show_answers(house, "me-receipt", "me-rejected").await;
}

fn credit(house: &Shared, progress: &Progress) {
    let lang = house.page.lang;
    dom::say_at("me-hours", &words::hours(lang, progress.confirmed));
    dom::say_at("me-target", &words::target(lang, progress.target));
    if let Some(meter) = dom::hook("me-meter") {
        dom::set(&meter, "max", &progress.target.tenths.max(1).to_string());
        dom::set(&meter, "value", &progress.confirmed.tenths.to_string());
        dom::say(&meter, &words::hours(lang, progress.confirmed));
    }
}

const fn state(state: WalkState) -> (Text, &'static str) {
    match state {
        WalkState::Underway => (words::UNDERWAY, "underway"),
        WalkState::Waiting => (words::WAITING, "waiting"),
        WalkState::Confirmed => (words::CONFIRMED, "confirmed"),
        WalkState::Returned => (words::RETURNED, "returned"),
    }
}

fn walk(house: &Shared, section: &Element, told: Option<&WalkProgress>) {
    let lang = house.page.lang;
    let (text, code) = told.map_or((words::ON_DEVICE, "device"), |walk| state(walk.state));
    dom::set(section, "data-state", code);
    if let Some(place) = dom::hook_in(section, "walk-state") {
        dom::say(&place, text.get(lang));
    }
    if let Some(place) = dom::hook_in(section, "walk-hours") {
        dom::say(&place, &told.map(|walk| words::hours(lang, walk.hours)).unwrap_or_default());
    }
    if let Some(place) = dom::hook_in(section, "walk-note") {
        let note = told.and_then(|walk| walk.note.as_deref()).filter(|note| !note.is_empty());
        dom::say(&place, &note.map(|note| format!("{}{note}", words::NOTE.get(lang))).unwrap_or_default());
        dom::show(&place, note.is_some());
    }
    appeal(lang, section, told.and_then(|walk| walk.appeal));
    for item in dom::hooks_in(section, "station-item") {
        let station = attribute(&item, "data-station");
        let Some(list) = dom::hook_in(&item, "reasons") else { continue };
        let one = told.and_then(|walk| walk.stations.iter().find(|one| one.station.as_str() == station));
        // Before a station is completed the service has not heard of it, and its zeros would contradict the station's page.
        let completed = |reason: &Reason| reason.requirement == Requirement::Completed && reason.met;
        let begun = one.filter(|one| one.reasons.iter().any(completed));
        let reasons = begun.map(|one| one.reasons.as_slice()).unwrap_or_default();
        dom::fill(
            &list,
            reasons.iter().map(|reason| {
                let line = dom::element("li", "requirement", reason.text.get(lang));
                dom::set(&line, "data-met", if reason.met { "true" } else { "false" });
                line
            }),
        );
    }
}

/// Offers the one appeal there is, or says how it stands.
fn appeal(lang: Lang, section: &Element, state: Option<AppealState>) {
    if let Some(form) = dom::hook_in(section, "walk-appeal") {
        dom::show(&form, state == Some(AppealState::Possible));
    }
    let Some(place) = dom::hook_in(section, "walk-appealed") else { return };
    let text = match state {
        Some(AppealState::Open) => words::APPEAL_OPEN.get(lang),
        Some(AppealState::Answered) => words::APPEAL_ANSWERED.get(lang),
        _ => "",
    };
    dom::say(&place, text);
    dom::show(&place, !text.is_empty());
}

/// Sends an appeal; what became of it is said beside the form.
async fn send_appeal(house: &Shared, section: &Element, form: &Element) {
    let lang = house.page.lang;
    let (site, route) = (attribute(section, "data-site"), attribute(section, "data-route"));
    if form.get_attribute("data-id").is_none() {
        // The same form sent again is the same appeal.
        dom::set(form, "data-id", &page::fresh_id().to_string());
    }
    let written = form.query_selector("textarea").ok().flatten();
    let written = written.and_then(|place| place.dyn_into::<HtmlTextAreaElement>().ok());
    let reason = written.map(|place| place.value()).unwrap_or_default();
    let body = map(vec![("id", text(&attribute(form, "data-id"))), ("reason", text(&reason))]).to_line();
    let reply =
        network::ask_for(house.person(), "POST", &format!("/v1/walks/{site}.{route}/appeal"), Some(&body)).await;
    let said = match &reply {
        Some(reply) if reply.is_ok() => String::new(),
        Some(reply) => reply.json::<Refusal>().map(|refusal| refusal.words.get(lang).to_owned()).unwrap_or_default(),
        None => words::APPEAL_LATER.get(lang).to_owned(),
    };
    if let Some(place) = dom::hook_in(form, "appeal-said") {
        dom::say(&place, &said);
    }
    if reply.is_some_and(|reply| reply.is_ok()) {
        house.catch_up().await;
        show(house).await;
    }
}

fn attribute(element: &Element, name: &str) -> String {
    element.get_attribute(name).unwrap_or_default()
}

/// Everything this device knows of the member, as JSON.
async fn export(house: &Shared) -> Option<String> {
    let mut file = vec![
        ("written", text(&String::from(js_sys::Date::new_0().to_iso_string()))),
        ("person", house.store.meta("session").await.ok()?),
        ("progress", house.store.meta("progress").await.ok()?),
    ];
    file.extend(house.store.everything().await.ok()?);
    Some(map(file).to_sheet())
}

//! The kiosk's own page: nobody there, the choice of language, and the card at the end.

use super::card;
use super::code;
use super::own::{Care, Current, Enrolment, Own};
use super::steps::{self, Pressed, Step};
use super::{deliver, doors, focus, go, looking, signals, staff, stand_at, step, visit, words};
use crate::store::{Settings, Store};
use crate::wire::ToJson;
use crate::words::Text;
use crate::{dom, page};
use heritage::Lang;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, KeyboardEvent};

/// The page as it stands.
struct Front {
    own: Own,
    enrolment: Enrolment,
    current: Option<Current>,
}

/// Says something in both languages, as nobody has chosen one.
pub fn say(text: Text) {
    dom::say_at("kiosk-said", &format!("{} {}", text.zh, text.en));
}

fn lang_of(word: &Element) -> Lang {
    if word.get_attribute("data-lang").as_deref() == Some("en") { Lang::En } else { Lang::Zh }
}

/// Shows the step that the kiosk is at, and moves on by presses and keys.
pub fn begin(own: Own, enrolment: Enrolment, current: Option<Current>) {
    deliver::go_on(&own, &enrolment);
    let front = Rc::new(Front { own, enrolment, current });
    for poster in dom::hooks("kiosk-poster") {
        dom::show(&poster, poster.get_attribute("data-site").as_deref() == Some(&front.enrolment.site));
    }
    dom::say_at("kiosk-hall-zh", &front.enrolment.hall.zh);
    dom::say_at("kiosk-hall-en", &front.enrolment.hall.en);
    let begun = Rc::clone(&front);
    dom::on_press("kiosk-begin", move |_| press(&begun, Pressed::Go));
    let words = dom::hooks("kiosk-language");
    for word in &words {
        let (chosen, pressed) = (Rc::clone(&front), word.clone());
        dom::on(word, "click", move |_| press(&chosen, Pressed::Lang(lang_of(&pressed))));
    }
    if let Some(place) = dom::hook("kiosk-languages") {
        let chosen = Rc::clone(&front);
        looking::choose(&place, &words, move |word| press(&chosen, Pressed::Lang(lang_of(word))));
    }
    let keys = Rc::clone(&front);
    dom::on(&dom::window(), "keydown", move |event| {
        let Some(key) = event.dyn_ref::<KeyboardEvent>().map(KeyboardEvent::key) else { return };
        match (key.as_str(), step()) {
            ("F2", _) => staff::open(&keys.own, &keys.enrolment, None),
            ("Enter" | " ", Step::Attract) if dom::hook("kiosk-staff").is_none() => {
                event.prevent_default();
                press(&keys, Pressed::Go);
            }
            _ => {}
        }
    });
    let elsewhere = Rc::clone(&front);
    signals::hear(move |pressed, _| press(&elsewhere, pressed));
    staff::open_by_long_press(&front.own, &front.enrolment, None);
    let ticking = Rc::clone(&front);
    dom::every(1000, move |_| tick(&ticking));
    show(&front);
    let (own, root) = (front.own.clone(), front.enrolment.site.clone());
    spawn_local(async move { keep_for_offline(&own, &root).await });
}

fn show(front: &Rc<Front>) {
    let step = step();
    signals::tell(step, front.current.as_ref());
    dom::show_at("kiosk-attract", step == Step::Attract);
    dom::show_at("kiosk-languages", step == Step::Language);
    dom::show_at("kiosk-card", step == Step::Card);
    match step {
        Step::Attract => focus("kiosk-begin"),
        Step::Language => focus("kiosk-language"),
        Step::Visit => {}
        Step::Card => {
            if let Some(current) = &front.current {
                let (done, own) = (Rc::clone(front), current);
                card::show(own, move || press(&done, Pressed::Finish));
            }
        }
    }
    if let Some(root) = dom::document().document_element() {
        let lang = front.current.as_ref().map_or(Lang::Zh, |current| current.lang);
        dom::set(&root, "lang", lang.tag());
    }
    let own = front.own.clone();
    spawn_local(async move {
        if own.care().await.is_ok_and(|care| care.withdrawn) {
            say(words::WITHDRAWN);
        }
    });
}

fn press(front: &Rc<Front>, pressed: Pressed) {
    let (before, after) = (step(), step().after(pressed));
    if before == after {
        return;
    }
    super::sign_of_life();
    stand_at(after);
    match (after, pressed) {
        (Step::Visit, Pressed::Lang(lang)) => {
            let front = Rc::clone(front);
            spawn_local(async move {
                if set_out(&front, lang).await.is_err() {
                    stand_at(Step::Attract);
                    say(words::NO_STORAGE);
                    show(&front);
                }
            });
        }
        // The card goes: this page is opened anew, so that nothing of it is left in memory either.
        (Step::Attract, _) if before == Step::Card => {
            let own = front.own.clone();
            spawn_local(async move {
                own.forget().await.ok();
                dom::window().location().reload().ok();
            });
        }
        _ => show(front),
    }
}

/// A visit begins, with the volume that the staff have set and nothing else.
async fn set_out(front: &Front, lang: Lang) -> Result<(), JsValue> {
    super::wipe::visitor().await;
    let Care { volume, .. } = front.own.care().await?;
    let loud = volume.min(100) as f32 / 100.0;
    let plain = Settings::default();
    let settings = Settings { voice: plain.voice * loud, ambience: plain.ambience * loud, ..plain };
    Store::open().await?.set_meta("settings", settings.to_json()).await?;
    let current = Current {
        id: page::fresh_id(),
        code: code::fresh(),
        lang,
        token: None,
        sent: 0,
        seen_ms: page::now_ms(),
        card: None,
    };
    front.own.begin(&current).await?;
    go(&visit::address(&current, &front.enrolment));
    Ok(())
}

/// Nobody chooses, or the card has stood long enough.
fn tick(front: &Rc<Front>) {
    let most_ms = match step() {
        Step::Language => steps::CHOOSING_MS,
        Step::Card => steps::CARD_MS,
        Step::Attract | Step::Visit => return,
    };
    let quiet_ms = if step() == Step::Card { card::shown_ms() } else { super::quiet_ms() };
    let left_secs = steps::left_secs(quiet_ms, most_ms);
    if step() == Step::Card {
        card::count(front.current.as_ref().map_or(Lang::Zh, |current| current.lang), left_secs);
    }
    if left_secs == Some(0) {
        press(front, Pressed::Left);
    }
}

/// Fetches the hall's pages and files, so that a day without a network finds them here.
async fn keep_for_offline(own: &Own, site: &str) {
    if !page::is_online() {
        return;
    }
    let Ok(Some(place)) = dom::document().query_selector(&format!("[data-hook=\"kiosk-site\"][data-site=\"{site}\"]"))
    else {
        return;
    };
    let (app, root) = (page::Page::read().app, place.get_attribute("data-root").unwrap_or_default());
    let mut all = vec![super::FRONT.to_owned()];
    all.extend(["kiosk.js", "kiosk_bg.wasm", "kiosk-doors.js", "kiosk.css"].map(|file| format!("{app}{file}")));
    let pages = place.get_attribute("data-pages").unwrap_or_default();
    all.extend(pages.split_whitespace().flat_map(|page| ["zh", "en"].map(|lang| format!("/{lang}/{page}"))));
    let files = place.get_attribute("data-files").unwrap_or_default();
    all.extend(files.split_whitespace().map(|file| format!("{root}{file}")));
    let count = u32::try_from(all.len()).unwrap_or_default();
    let told = own.clone();
    let kept = dom::function(move |kept| {
        let (own, kept) = (told.clone(), kept.as_f64().unwrap_or_default() as u32);
        // Written down now and then, and at the end.
        if kept % 16 == 0 || kept == count {
            spawn_local(async move {
                own.change_care(|care| (care.kept, care.files) = (kept, count)).await.ok();
            });
        }
    });
    let scene = ["companion.js", "companion_bg.wasm"].map(|file| format!("{app}{file}")).join(" ");
    JsFuture::from(doors::keep_all(&all.join(" "), &scene, &kept)).await.ok();
}

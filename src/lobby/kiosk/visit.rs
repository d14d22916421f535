//! A visit on a kiosk: a slim bar with the way out, the end when nobody is there, and what becomes of it then.

use super::held::Held;
use super::own::{Card, Current, Enrolment, Own, WRITTEN_MS};
use super::steps::{self, Pressed, Step};
use super::{FRONT, deliver, go, pair, signals, staff, stand_at, step, wipe, words};
use crate::db::Fault;
use crate::house::Shared;
use crate::{dom, page};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlAnchorElement, KeyboardEvent};

/// A visit under way on this page.
struct Visit {
    house: Shared,
    own: Own,
    current: Current,
    ending: Cell<bool>,
    /// When it was last written down that somebody is there.
    written_ms: Cell<f64>,
    /// The card, where it is shown within this page.
    over: RefCell<Option<Current>>,
}

thread_local! {
    static UNDER_WAY: RefCell<Option<Rc<Visit>>> = const { RefCell::new(None) };
}

/// Where a visit goes on.
pub fn address(current: &Current, enrolment: &Enrolment) -> String {
    format!("/{}/{}/scene/", current.lang.code(), enrolment.site)
}

/// Goes with the visit that is under way, if this is a kiosk's page.
pub async fn accompany(house: &Shared) {
    if !super::is_on() || step() != Step::Visit {
        return;
    }
    let Ok(own) = Own::open().await else { return };
    let (Ok(Some(current)), Ok(Some(enrolment))) = (own.current().await, own.enrolment().await) else { return };
    let visit = Rc::new(Visit {
        house: Rc::clone(house),
        own: own.clone(),
        current,
        ending: Cell::default(),
        written_ms: Cell::default(),
        over: RefCell::default(),
    });
    UNDER_WAY.set(Some(Rc::clone(&visit)));
    deliver::go_on(&own, &enrolment);
    bar(&visit, &enrolment);
    let enrolment_site = enrolment.site.clone();
    staff::open_by_long_press(&own, &enrolment, Some(leave));
    dom::on(&dom::window(), "keydown", move |event| {
        if event.dyn_ref::<KeyboardEvent>().is_some_and(|key| key.key() == "F2") {
            staff::open(&own, &enrolment, Some(leave));
        }
    });
    stay_in_hall(&enrolment_site);
    signals::hear(finish_by);
    signals::tell(Step::Visit, Some(&visit.current));
    dom::every(1000, move |_| tick(&visit));
}

/// Keeps links to other places from leading there: sources are named in full, and no other page has a way back.
fn stay_in_hall(site: &str) {
    let Ok(origin) = dom::window().location().origin() else { return };
    let own = ["zh", "en"].map(|lang| format!("{origin}/{lang}/{site}/"));
    dom::on(&dom::document(), "click", move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let link = target.and_then(|target| target.closest("a[href]").ok().flatten());
        let address = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()).map(|link| link.href());
        if address.is_some_and(|address| !own.iter().any(|own| address.starts_with(own))) {
            event.prevent_default();
            page::notice(words::ELSEWHERE.get(page::Page::read().lang));
        }
    });
}

fn bar(visit: &Rc<Visit>, enrolment: &Enrolment) {
    let lang = visit.house.page.lang;
    let Some(body) = dom::document().body() else { return };
    let style = dom::element("link", "", "");
    dom::set(&style, "rel", "stylesheet");
    dom::set(&style, "href", &format!("{}kiosk.css", visit.house.page.app));
    let bar = dom::element("header", "kiosk-bar", "");
    dom::set(&bar, "class", "kiosk-bar");
    let name = dom::element("p", "kiosk-corner", enrolment.hall.get(lang));
    dom::set(&name, "class", "kiosk-corner");
    let count = dom::element("p", "kiosk-idle", "");
    dom::set(&count, "class", "kiosk-idle");
    dom::set(&count, "role", "alert");
    let paired = visit.current.token.is_some();
    let connect = dom::button("kiosk-pair", words::PAIR.get(lang), "button button-plain");
    let word = dom::element("p", "kiosk-paired", words::PAIRED.get(lang));
    dom::show(&connect, !paired);
    dom::show(&word, paired);
    let (pairing, enrolled) = (visit.own.clone(), enrolment.clone());
    dom::on(&connect, "click", move |_| {
        pair::ask(&pairing, &enrolled, || {
            dom::show_at("kiosk-pair", false);
            dom::show_at("kiosk-paired", true);
        });
    });
    pair::go_on(&visit.house, &visit.own);
    let finish = dom::button("kiosk-finish", words::FINISH.get(lang), "button");
    let asking = Rc::clone(visit);
    dom::on(&finish, "click", move |_| ask(&asking));
    dom::append(&bar, [name, count, connect, word, finish]);
    body.prepend_with_node_1(&bar).ok();
    dom::append(&body, [style]);
}

fn ask(visit: &Rc<Visit>) {
    if dom::hook("kiosk-finish-dialog").is_some() {
        return;
    }
    let lang = visit.house.page.lang;
    let dialog = dom::dialog("kiosk-finish-dialog", words::FINISH_TITLE.get(lang));
    let actions = dom::element("div", "", "");
    dom::set(&actions, "class", "sheet-actions");
    let stay = dom::button("kiosk-go-on", words::GO_ON.get(lang), "button button-plain");
    let closing = dialog.clone();
    dom::on(&stay, "click", move |_| dom::close(&closing));
    let finish = dom::button("kiosk-finish-go", words::FINISH.get(lang), "button button-next");
    dom::on(&finish, "click", |_| finish_by(Pressed::Finish, false));
    dom::append(&actions, [stay, finish]);
    dom::append(&dialog, [dom::element("p", "", words::FINISH_TEXT.get(lang)), actions]);
    dom::open(&dialog);
}

fn tick(visit: &Rc<Visit>) {
    let most_ms = if step() == Step::Card { steps::CARD_MS } else { steps::IDLE_MS };
    let left_secs = steps::left_secs(super::quiet_ms(), most_ms);
    if let Some(place) = dom::hook("kiosk-idle") {
        // Read out when it begins to count and not with each second.
        dom::set(&place, "aria-live", if left_secs.is_none_or(|secs| secs % 15 == 0) { "assertive" } else { "off" });
        dom::say(&place, &left_secs.map(|secs| words::idle(visit.house.page.lang, secs)).unwrap_or_default());
    }
    if left_secs == Some(0) {
        leave();
    } else if super::quiet_ms() < WRITTEN_MS && page::now_ms() - visit.written_ms.get() > WRITTEN_MS {
        visit.written_ms.set(page::now_ms());
        let own = visit.own.clone();
        spawn_local(async move {
            own.change_current(|current| current.seen_ms = page::now_ms()).await.ok();
        });
    }
}

/// Nobody is there any more, or the staff end the visit. What was done waits under its code.
fn leave() {
    finish_by(Pressed::Left, false);
}

/// Ends the visit. `here`, its card is told to whoever shows it, and this page goes once they have left.
fn finish_by(pressed: Pressed, here: bool) {
    let Some(visit) = UNDER_WAY.with_borrow(Clone::clone) else { return };
    let after = step().after(pressed);
    if pressed == Pressed::Off && step() == Step::Card {
        // The card that hung in the headset is shown on the screen, until it is put away.
        return go(FRONT);
    }
    if after == step() || visit.ending.replace(true) {
        return;
    }
    spawn_local(async move {
        let ended = match after {
            Step::Card => finish(&visit).await,
            _ => visit.own.forget().await,
        };
        match ended {
            Ok(()) if here && after == Step::Card => {
                visit.ending.set(false);
                signals::tell(Step::Card, visit.over.borrow().as_ref());
            }
            Ok(()) => go(FRONT),
            Err(_) => {
                // The visit is as it was, and can be ended again.
                visit.ending.set(false);
                visit.house.handed_on.set(false);
                page::notice(crate::words::NO_STORAGE.get(visit.house.page.lang));
            }
        }
    });
}

/// Puts what was done into the queue under its code, and clears the visitor's state. Broken off, it is done again: the visit
/// has one number, and what is left is cleared before the next page reads it.
async fn finish(visit: &Visit) -> Result<(), Fault> {
    // Nothing that is counted from now on may be written down any more.
    visit.house.handed_on.set(true);
    pair::send(&visit.house, &visit.own).await?;
    let current = visit.own.current().await?.unwrap_or_else(|| visit.current.clone());
    pair::end(current.token.as_deref()).await;
    let entries = visit.house.store.entries().await?;
    let now_ms = page::now_ms();
    let (mut completed, mut answered) = (Vec::new(), 0);
    for (key, done) in visit.house.store.visits().await? {
        answered += done.answers.len();
        if let Some((site, station)) = key.split_once('/').filter(|_| !done.done.is_empty()) {
            completed.push(visit.house.title(site, station));
        }
    }
    let held = (!entries.is_empty()).then(|| Held {
        id: current.id,
        code: current.code.clone(),
        ended_at_ms: now_ms as i64,
        events: entries.iter().map(|entry| entry.event.json.clone()).collect(),
        refused: false,
    });
    let code = held.as_ref().map(|held| held.code.clone());
    let card = Card { code, completed, answered, sent: current.sent, ended_ms: now_ms };
    let over = Current { card: Some(card), token: None, ..current };
    visit.own.end(&over, held.as_ref()).await?;
    visit.over.replace(Some(over));
    stand_at(Step::Card);
    wipe::visitor().await;
    Ok(())
}

//! Sends what waits, one tab at a time, and applies the receipts. Loses nothing: what has no receipt stays.

use crate::house::Shared;
use crate::network::{self, Reply};
use crate::queue::{self, Fate, LARGEST_BATCH, Next, Waiting, What};
use crate::wire::Answered;
use crate::{dom, page, platform, sign_out};
use protocol::event::Grade;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

/// One tab at a time sends.
const SENDER: &str = "retrace-sender";

thread_local! {
    static TRIES: Cell<u32> = const { Cell::new(0) };
    static TIMER: Cell<Option<i32>> = const { Cell::new(None) };
}

/// How the last sending ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// Nothing of the member's own waits any more.
    All,
    /// The service was not reached or could not take it; it is tried again by itself.
    Later,
    /// Nobody is signed in.
    SignedOut,
    /// There is no network.
    Offline,
}

/// Sends all that waits, while no other tab sends.
pub async fn send(house: &Shared) -> Sent {
    forget_timer();
    if !house.is_signed_in() {
        return Sent::SignedOut;
    }
    if !page::is_online() {
        return Sent::Offline;
    }
    let ended = Rc::new(Cell::new(Sent::Later));
    let (sending, result) = (Rc::clone(house), Rc::clone(&ended));
    alone(SENDER, async move { result.set(send_here(&sending).await) }).await;
    match ended.get() {
        Sent::Later => try_later(house),
        _ => TRIES.set(0),
    }
    house.announce();
    ended.get()
}

async fn send_here(house: &Shared) -> Sent {
    let mut limit = LARGEST_BATCH;
    loop {
        let (Some(person), Ok(entries)) = (house.person(), house.store.entries().await) else { return Sent::SignedOut };
        let events = queue::batch(&entries, person, limit);
        if events.is_empty() {
            return Sent::All;
        }
        let body = queue::body(&events, page::now_ms() as i64);
        let reply = network::ask_for(Some(person), "POST", "/v1/events", Some(&body)).await;
        let (fates, next) = queue::judge(&events, seen(reply.as_ref()));
        if house.store.settle(&fates).await.is_err() {
            return Sent::Later;
        }
        match next {
            Next::More => limit = LARGEST_BATCH,
            Next::Fewer => limit = queue::fewer(limit.min(events.len())),
            Next::Later => return Sent::Later,
            Next::SignIn => {
                house.expire().await;
                return Sent::SignedOut;
            }
        }
    }
}

fn seen(reply: Option<&Reply>) -> Option<(u16, &str)> {
    reply.map(|reply| (reply.status, reply.body.as_str()))
}

/// Sends one answer to be graded at once; `None` leaves it in the outbox, to be graded with its receipt.
pub async fn attempt(house: &Shared, event: &Waiting) -> Option<Grade> {
    if event.what != What::Answered || !house.is_signed_in() || !page::is_online() {
        return None;
    }
    let path = format!("/v1/quizzes/{}.{}/attempts", event.site, event.station);
    let graded = Rc::new(Cell::new(None));
    let (answering, event, result) = (Rc::clone(house), event.clone(), Rc::clone(&graded));
    alone(SENDER, async move { result.set(attempt_here(&answering, &path, &event).await) }).await;
    house.announce();
    graded.take()
}

async fn attempt_here(house: &Shared, path: &str, event: &Waiting) -> Option<Grade> {
    let waits = house.store.entries().await.ok()?.iter().any(|entry| entry.event.id == event.id);
    if !waits {
        return None;
    }
    let reply = network::ask_for(house.person(), "POST", path, Some(&event.json.to_line())).await?;
    if reply.status == 401 {
        house.expire().await;
    }
    let answered: Answered = reply.json().filter(|_| reply.is_ok())?;
    let mut fate = queue::fate(event, &answered.receipt.outcome);
    if let Fate::Kept { grade, .. } = &mut fate {
        *grade = Some(answered.grade.clone());
    }
    let kept = matches!(fate, Fate::Kept { .. });
    house.store.settle(&[fate]).await.ok()?;
    kept.then_some(answered.grade)
}

/// Runs `task` while no other tab of this device holds `name`.
pub async fn alone(name: &str, task: impl Future<Output = ()> + 'static) {
    let begin = Closure::once_into_js(move || {
        future_to_promise(async move {
            task.await;
            Ok(JsValue::UNDEFINED)
        })
    });
    JsFuture::from(platform::alone(name, begin.unchecked_ref())).await.ok();
}

fn try_later(house: &Shared) {
    TRIES.set(TRIES.get().saturating_add(1));
    let delay_ms = queue::wait_ms(TRIES.get(), js_sys::Math::random());
    let house = Rc::clone(house);
    let again = Closure::once_into_js(move || {
        TIMER.set(None);
        house.spawn(async |house| {
            send(&house).await;
        });
    });
    let timer = dom::window().set_timeout_with_callback_and_timeout_and_arguments_0(again.unchecked_ref(), delay_ms);
    TIMER.set(timer.ok());
}

fn forget_timer() {
    if let Some(timer) = TIMER.take() {
        dom::window().clear_timeout_with_handle(timer);
    }
}

/// Sends now, and whenever the network comes back.
pub fn begin(house: &Shared) {
    house.spawn(async |house| begin_again(&house).await);
    let back = Rc::clone(house);
    dom::on(&dom::window(), "online", move |_| {
        TRIES.set(0);
        page::notice(crate::words::ONLINE.get(back.page.lang));
        back.spawn(async |house| begin_again(&house).await);
    });
    let away = Rc::clone(house);
    dom::on(&dom::window(), "offline", move |_| page::notice(crate::words::OFFLINE.get(away.page.lang)));
}

async fn begin_again(house: &Shared) {
    sign_out::end_left(house).await;
    send(house).await;
    house.catch_up().await;
}

//! Delivers what waits, one page at a time. Loses nothing: what the service has not said to have stays.

use super::doors;
use super::held::{self, Reply};
use super::own::{Enrolment, Own};
use crate::db::Fault;
use crate::{dom, network, page, sender};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// How often it is tried by itself.
const OFTEN_MS: i32 = 60_000;

/// How a delivery ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivered {
    /// Nothing waits any more.
    All,
    /// The service would not have some.
    Refused,
    /// It was not reached, or could not take them.
    Later,
    /// It does not know the kiosk any more.
    Withdrawn,
}

/// What a kiosk asks with.
pub fn authorization(enrolment: &Enrolment) -> String {
    doors::basic(&enrolment.kiosk, &enrolment.key)
}

/// Delivers all that waits; `asked` by somebody, what was refused before as well.
pub async fn deliver(own: &Own, enrolment: &Enrolment, asked: bool) -> Delivered {
    let ended = Rc::new(Cell::new(Delivered::Later));
    let (own, enrolment, result) = (own.clone(), enrolment.clone(), Rc::clone(&ended));
    let task = async move {
        result.set(deliver_here(&own, &enrolment, asked).await.unwrap_or(Delivered::Later));
    };
    sender::alone("retrace-kiosk", task).await;
    ended.get()
}

async fn deliver_here(own: &Own, enrolment: &Enrolment, asked: bool) -> Result<Delivered, Fault> {
    if !page::is_online() {
        return Ok(Delivered::Later);
    }
    let authorization = authorization(enrolment);
    let (mut tries_refused, mut any) = (asked, false);
    loop {
        let sent = held::batch(&own.held().await?, tries_refused);
        if sent.is_empty() {
            break;
        }
        let body = held::body(&sent, page::now_ms() as i64);
        let reply = network::ask_as(&authorization, "POST", "/v1/kiosk/visits", Some(&body)).await;
        any = true;
        match held::judge(&sent, reply.as_ref().map(|reply| (reply.status, reply.body.as_str()))) {
            Reply::Read(gone, refused) => {
                own.settle(&sent, &gone, &refused).await?;
                own.change_care(|care| (care.synced_ms, care.withdrawn) = (page::now_ms(), false)).await?;
                // What is refused again would be asked for without end.
                tries_refused &= refused.is_empty();
            }
            Reply::Withdrawn => {
                own.change_care(|care| care.withdrawn = true).await?;
                return Ok(Delivered::Withdrawn);
            }
            Reply::Later => return Ok(Delivered::Later),
        }
    }
    if !any {
        // Nothing waits: whether the service is there, and knows the kiosk, is asked all the same.
        match network::ask_as(&authorization, "GET", "/v1/kiosk", None).await {
            Some(reply) if reply.is_ok() => {
                own.change_care(|care| (care.synced_ms, care.withdrawn) = (page::now_ms(), false)).await?;
            }
            Some(reply) if reply.status == 401 => {
                own.change_care(|care| care.withdrawn = true).await?;
                return Ok(Delivered::Withdrawn);
            }
            _ => return Ok(Delivered::Later),
        }
    }
    Ok(if own.held().await?.is_empty() { Delivered::All } else { Delivered::Refused })
}

/// Delivers now, every minute, and whenever the network comes back.
pub fn go_on(own: &Own, enrolment: &Enrolment) {
    let (own, enrolment) = (own.clone(), enrolment.clone());
    let try_now = move || {
        let (own, enrolment) = (own.clone(), enrolment.clone());
        spawn_local(async move {
            deliver(&own, &enrolment, false).await;
        });
    };
    try_now();
    let back = try_now.clone();
    dom::on(&dom::window(), "online", move |_| back());
    dom::every(OFTEN_MS, move |_| try_now());
}

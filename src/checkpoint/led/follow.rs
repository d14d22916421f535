//! Following: one connection, by which somebody is told the state at first and with every change.

use super::{by_code, told};
use crate::api::Fault;
use crate::house::App;
use crate::store::{Follower, LedVisit};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;
use protocol::led::Led;
use serde::Serialize;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::{oneshot, watch};
use tokio::time::sleep;
use uuid::Uuid;

/// After how long a browser that has lost the connection tries again.
const RETRY: Duration = Duration::from_millis(500);
/// How often a connection on which nothing happens gives a sign of life. A page that hears none for longer than two of
/// them knows that the way is broken, whatever its browser believes.
const BEAT: Duration = Duration::from_secs(10);
/// Whoever leads is told at most so often who follows, and looks as often by themselves, since followers may be at another
/// service.
const COUNT: Duration = Duration::from_millis(250);
const LOOK: Duration = Duration::from_secs(1);

/// Where somebody sits who listens; they leave when it is dropped.
pub struct Seat {
    pub(super) visit: Uuid,
    pub(super) follower: Option<(Uuid, Uuid)>,
    pub(super) state: watch::Receiver<LedVisit>,
    pub(super) stirred: watch::Receiver<u64>,
    pub(super) closing: watch::Receiver<bool>,
    pub(super) ended: oneshot::Receiver<()>,
    /// Whoever leads is ended by nobody else.
    pub(super) _kept_open: Option<oneshot::Sender<()>>,
}

/// A seat that is given up by itself.
struct Seated {
    app: App,
    seat: Seat,
    is_first: bool,
    is_over: bool,
    /// What whoever leads was last told of those who follow.
    counted: Option<(usize, usize)>,
}

impl Drop for Seated {
    fn drop(&mut self) {
        let (visit, follower) = (self.seat.visit, self.seat.follower);
        self.app.led.leave(visit, follower);
        let Some((_, stream)) = follower else { return };
        let app = App::clone(&self.app);
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            // Where it cannot be written down, they are gone once nothing is heard of them.
            if app.store.leave_led(visit, stream).await.is_ok() {
                app.led.stir(visit);
            }
        });
    }
}

/// Lets somebody follow under an id of their own making.
///
/// # Errors
/// A [`Fault`] where nothing is led by this code, or as many follow as can.
pub async fn follow(app: &App, typed: &str, follower: Uuid, last_seen: Option<u64>) -> Result<Response, Fault> {
    let visit = by_code(app, typed).await?;
    let stream = Uuid::now_v7();
    let now_ms = app.now_ms();
    let is_over = now_ms >= visit.ends_ms;
    let revision = last_seen.and_then(|seen| i64::try_from(seen).ok()).filter(|seen| *seen <= visit.revision);
    let joins = Follower { visit: visit.id, id: follower, stream, revision: revision.unwrap_or(-1) };
    // Seated first, so that no change passes by between the two.
    let seat = app.led.enter(visit, Some((follower, stream)));
    let seated = Seated { app: App::clone(app), seat, is_first: true, is_over: false, counted: None };
    // Whoever comes after the end is told so, and takes nobody's place.
    if !is_over && !app.store.follow_led(joins, now_ms).await? {
        return Err(Fault::led_full());
    }
    app.led.stir(seated.seat.visit);
    Ok(answer(unfold(seated, async |mut seated| {
        let led = seated.next().await?;
        seated.is_over = led.finished;
        let event = event(led.revision, &led);
        Some((Ok::<_, Infallible>(event), seated))
    })))
}

/// What whoever leads is told besides.
#[derive(Serialize)]
struct Overseen<'a> {
    #[serde(flatten)]
    led: &'a Led,
    /// How many follow.
    here: usize,
    /// How many of them have confirmed the last change.
    reached: usize,
}

/// Tells whoever leads how the visit stands and who follows.
pub fn oversee(app: &App, visit: LedVisit) -> Response {
    let seat = app.led.enter(visit, None);
    let seated = Seated { app: App::clone(app), seat, is_first: true, is_over: false, counted: None };
    answer(unfold(seated, async |mut seated| {
        let (led, here, reached) = seated.overseen().await?;
        seated.is_over = led.finished;
        let event = event(led.revision, &Overseen { led: &led, here, reached });
        Some((Ok::<_, Infallible>(event), seated))
    }))
}

/// How many follow a visit, and how many of them have confirmed its last change.
///
/// # Errors
/// A [`Fault`] where the store cannot be read.
pub async fn counted(app: &App, visit: &LedVisit) -> Result<(usize, usize), Fault> {
    let followers = app.store.led_followers(visit.id, app.now_ms()).await?;
    let reached = followers.iter().filter(|(_, revision)| *revision >= visit.revision).count();
    Ok((followers.len(), reached))
}

impl Seated {
    fn told(&mut self) -> Led {
        told(&self.seat.state.borrow_and_update(), self.app.now_ms())
    }

    /// The next state to be told; `None` where the connection ends.
    async fn next(&mut self) -> Option<Led> {
        if self.is_over {
            return None;
        }
        if std::mem::take(&mut self.is_first) {
            return Some(self.told());
        }
        let seat = &mut self.seat;
        tokio::select! {
            changed = seat.state.changed() => changed.ok()?,
            () = closed(&mut seat.closing) => return None,
            _ = &mut seat.ended => return None,
        }
        Some(self.told())
    }

    /// The next that whoever leads is to know: a change, or that others follow or have confirmed.
    async fn overseen(&mut self) -> Option<(Led, usize, usize)> {
        if self.is_over {
            return None;
        }
        loop {
            let is_first = std::mem::take(&mut self.is_first);
            let mut is_news = is_first;
            if !is_first {
                let seat = &mut self.seat;
                tokio::select! {
                    changed = seat.state.changed() => {
                        changed.ok()?;
                        is_news = true;
                    }
                    stirred = seat.stirred.changed() => {
                        stirred.ok()?;
                        // Thirty who confirm one change are counted together.
                        sleep(COUNT).await;
                    }
                    () = sleep(LOOK) => {}
                    () = closed(&mut seat.closing) => return None,
                }
            }
            self.seat.stirred.mark_unchanged();
            let visit = self.seat.state.borrow_and_update().clone();
            // Where the store cannot be read, what was counted last is told until it can.
            let counts = counted(&self.app, &visit).await.ok().or(self.counted).unwrap_or_default();
            if is_news || self.counted != Some(counts) {
                self.counted = Some(counts);
                return Some((told(&visit, self.app.now_ms()), counts.0, counts.1));
            }
        }
    }
}

/// The service stops, or has stopped.
async fn closed(closing: &mut watch::Receiver<bool>) {
    // Without a hub there is no service either.
    let _ = closing.wait_for(|closing| *closing).await;
}

fn event(revision: u64, data: &impl Serialize) -> Event {
    let event = Event::default().event("state").id(revision.to_string()).retry(RETRY);
    // The words of a visit are all writable, and stand in one line.
    let text = serde_json::to_string(data).unwrap_or_default();
    event.data(text)
}

fn answer(events: impl futures_util::Stream<Item = Result<Event, Infallible>> + Send + 'static) -> Response {
    let beat = KeepAlive::new().interval(BEAT).event(Event::default().event("beat").data("-"));
    let mut response = Sse::new(events).keep_alive(beat).into_response();
    // A proxy that keeps answers, or gathers them before it passes them on, would keep everybody waiting.
    let headers = response.headers_mut();
    headers.insert(axum::http::header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}

/// What a browser that comes back says it has last seen.
pub fn last_seen(headers: &HeaderMap) -> Option<u64> {
    headers.get("last-event-id")?.to_str().ok()?.parse().ok()
}

//! Where a trainer leads a visit: choosing the route, the code for everybody, and one button for each thing to ask of them.
//! All of it works by plain forms; `lead.js` makes it live.

use super::certificate::square;
use super::form::Form;
use super::frame::{Frame, Look, page};
use crate::api::{Address, Fault, route_named};
use crate::clock::{HOUR_MS, written_in_china};
use crate::house::App;
use crate::identity::code::Code;
use crate::identity::origin::address;
use crate::identity::{Rater, SignedIn};
use crate::led::follow::{counted, oversee};
use crate::led::{self, Command, told};
use crate::store::LedVisit;
use crate::store::led::{LED_MS, MOST_FOLLOWERS};
use askama::Template;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use heritage::{PointId, StationId};
use protocol::led::Led;
use uuid::Uuid;

/// How many follow, in Chinese and in English.
const COUNTS: (&str, &str) =
    ("{here} 台在跟随，{reached} 台已到最新一步", "{here} follow, {reached} have the latest step");

#[derive(Template)]
#[template(path = "lead-choose.html")]
struct ChoosePage {
    at: Frame,
    /// Name, title and site of each route.
    routes: Vec<(String, String, String)>,
}

impl ChoosePage {
    fn limits(&self) -> String {
        self.at
            .say(
                "最多 {most} 台设备跟随，一次带领最长 {hours} 小时。",
                "Up to {most} devices follow; a led visit lasts {hours} hours at most.",
            )
            .replace("{most}", &MOST_FOLLOWERS.to_string())
            .replace("{hours}", &(LED_MS / HOUR_MS).to_string())
    }
}

/// Which route; whoever leads already goes on.
///
/// # Errors
/// A [`Fault`] where the store cannot be read.
pub async fn choose(State(app): State<App>, Rater(who): Rater, look: Look) -> Result<Response, Fault> {
    if let Some(visit) = app.store.led_by(who.person.id, app.now_ms()).await? {
        return Ok(to(visit.id));
    }
    let at = Frame::of(&app, look, &who);
    let of_site = |site: &heritage::Site| {
        let title = at.pick(&site.title).to_owned();
        let row = |route: &heritage::Route| {
            (format!("{}.{}", site.id, route.id), at.pick(&route.title).to_owned(), title.clone())
        };
        site.routes.iter().map(row).collect::<Vec<_>>()
    };
    let routes = app.courses.sites().flat_map(of_site).collect();
    Ok(page(&ChoosePage { at, routes }))
}

/// Begins.
///
/// # Errors
/// A [`Fault`] where there is no such route, or the store cannot keep it.
pub async fn begin(State(app): State<App>, Rater(who): Rater, form: Form) -> Result<Response, Fault> {
    form.made_for(&app, &who)?;
    let (site, route) = route_named(form.text("route"))?;
    Ok(to(led::begin(&app, &who, &site, &route).await?))
}

fn to(visit: Uuid) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, format!("/desk/lead/{visit}"))]).into_response()
}

#[derive(Template)]
#[template(path = "lead.html")]
struct LeadPage {
    at: Frame,
    visit: Uuid,
    title: String,
    site: String,
    code: String,
    address: String,
    square: Option<String>,
    ends: String,
    here: usize,
    reached: usize,
    most: usize,
    led: Led,
    stations: Vec<Stop>,
}

/// A station of the route.
struct Stop {
    id: StationId,
    title: String,
    /// Name and title of each story point.
    points: Vec<(PointId, String)>,
}

impl LeadPage {
    fn is_going(&self, stop: &Stop) -> bool {
        self.led.going.as_ref().is_some_and(|going| going.station == stop.id)
    }

    fn is_telling(&self, point: &PointId) -> bool {
        self.led.telling.as_ref().is_some_and(|telling| telling.point == *point)
    }

    fn is_looking(&self, point: &PointId) -> bool {
        self.led.look.as_ref().is_some_and(|look| look.point == *point)
    }

    fn is_playing(&self) -> bool {
        self.led.telling.as_ref().is_some_and(|telling| telling.playing)
    }

    /// What the script fills in again.
    fn counts_words(&self) -> &'static str {
        self.at.say(COUNTS.0, COUNTS.1)
    }

    /// What is shown of how many follow.
    fn counts(&self) -> String {
        self.at
            .say(COUNTS.0, COUNTS.1)
            .replace("{here}", &self.here.to_string())
            .replace("{reached}", &self.reached.to_string())
    }
}

/// The visit that somebody leads; after its end, that it is over.
///
/// # Errors
/// A [`Fault`] where they lead none of this id, or the store cannot be read.
pub async fn get(
    State(app): State<App>,
    Rater(who): Rater,
    look: Look,
    Address(visit): Address<String>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let visit = named(&app, &who, &visit).await?;
    let (here, reached) = counted(&app, &visit).await?;
    let at = Frame::of(&app, look, &who);
    let (site, route) = app.courses.route(&visit.site, &visit.route).ok_or_else(Fault::not_found)?;
    let code = Code::of_led(&app.secrets, visit.id).written();
    // Behind `#`, so that it stands in nobody's log.
    let place = format!("/{}/{}/scene/#led={code}", at.lang.code(), site.id);
    let address = format!("{}{place}", address(&app.settings, &headers));
    let stop = |id: &StationId| {
        let station = site.station(id)?;
        let points = station.points.iter().map(|point| (point.id.clone(), at.pick(&point.title).to_owned()));
        Some(Stop { id: id.clone(), title: at.pick(&station.title).to_owned(), points: points.collect() })
    };
    let shown = LeadPage {
        visit: visit.id,
        title: at.pick(&route.title).to_owned(),
        site: at.pick(&site.title).to_owned(),
        square: square(&address),
        ends: written_in_china(visit.ends_ms),
        most: MOST_FOLLOWERS,
        led: told(&visit, app.now_ms()),
        stations: route.stations.iter().filter_map(stop).collect(),
        at,
        code,
        address,
        here,
        reached,
    };
    Ok(page(&shown))
}

/// Carries a command out.
///
/// # Errors
/// A [`Fault`] where it is none, they lead no visit of this id, or the store cannot keep it.
pub async fn post(
    State(app): State<App>,
    Rater(who): Rater,
    Address(visit): Address<String>,
    form: Form,
) -> Result<Response, Fault> {
    form.made_for(&app, &who)?;
    let visit = Uuid::parse_str(&visit).map_err(|_| Fault::not_found())?;
    let command = command(form.text("do")).ok_or_else(Fault::malformed)?;
    led::change(&app, &who, visit, &command).await?;
    Ok(to(visit))
}

/// `go deck`, `play river`, `look river`, `pause`, `resume`, `finish`.
fn command(said: &str) -> Option<Command> {
    let (what, about) = said.split_once(' ').unwrap_or((said, ""));
    Some(match (what, about) {
        ("go", station) => Command::Go(StationId::new(station).ok()?),
        ("play", point) => Command::Play(PointId::new(point).ok()?),
        ("look", point) => Command::Look(PointId::new(point).ok()?),
        ("pause", "") => Command::Pause,
        ("resume", "") => Command::Resume,
        ("finish", "") => Command::Finish,
        _ => return None,
    })
}

/// How the visit stands and who follows, at first and with every change, as server-sent events.
///
/// # Errors
/// As for [`get`].
pub async fn events(
    State(app): State<App>,
    Rater(who): Rater,
    Address(visit): Address<String>,
) -> Result<Response, Fault> {
    Ok(oversee(&app, named(&app, &who, &visit).await?))
}

async fn named(app: &App, who: &SignedIn, visit: &str) -> Result<LedVisit, Fault> {
    let visit = Uuid::parse_str(visit).map_err(|_| Fault::not_found())?;
    led::led_by(app, who, visit).await
}

/// What makes the page live.
pub async fn script() -> impl IntoResponse {
    let headers = [(CONTENT_TYPE, "text/javascript; charset=utf-8"), (CACHE_CONTROL, "no-cache")];
    (headers, include_str!("lead.js"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_says_what_is_asked_and_nothing_else_is_a_command() {
        assert_eq!(command("go deck"), StationId::new("deck").ok().map(Command::Go));
        assert_eq!(command("look river"), PointId::new("river").ok().map(Command::Look));
        assert_eq!(command("finish"), Some(Command::Finish));
        for nothing in ["", "go", "go ", "go A", "finish now", "pause  ", "play river deck", "stop"] {
            assert_eq!(command(nothing), None, "{nothing}");
        }
    }
}

//! Where companions vouch for each other: one shows a code, the other types it, sees who it is and where both stood, and says so.

use super::board::title;
use super::form::{Form, field};
use super::frame::{Frame, Look, page};
use crate::api::Fault;
use crate::house::{App, House};
use crate::identity::{Learner, SignedIn, companion};
use crate::store::Person;
use crate::walk::{MOST_A_DAY, MOST_FOR_ONE, Together, Walk, nowhere, together, vouch, walk};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;

/// How often it is tried to write what others keep coming before.
const MOST_TRIES: usize = 20;

#[derive(Template)]
#[template(path = "vouch.html")]
struct VouchPage {
    at: Frame,
    /// Who is signed in, so that nobody vouches for another.
    name: String,
    /// What a companion types.
    own: String,
    typed: String,
    companion: Option<CompanionShown>,
    fault: Option<Fault>,
    most_for_one: usize,
    most_a_day: usize,
}

struct CompanionShown {
    name: String,
    walks: Vec<WalkShown>,
    /// Something can be vouched for.
    is_open: bool,
    /// It has just been done.
    is_done: bool,
}

struct WalkShown {
    title: String,
    open: Vec<String>,
    said: Vec<String>,
}

/// The companion's walks on which both stood somewhere, with where.
async fn shared(house: &House, who: &SignedIn, of: &Person) -> Result<Vec<(Walk, Together)>, Fault> {
    let (theirs, own) = (house.store.log_of(of.id).await?, house.store.log_of(who.person.id).await?);
    let mut found = Vec::new();
    for site in house.courses.sites() {
        for route in &site.routes {
            let walk = walk(&house.courses, &house.secrets, of.id, (site, route), &theirs);
            let together = together(who.person.id, &walk, &theirs, &own);
            if together != Together::default() {
                found.push((walk, together));
            }
        }
    }
    Ok(found)
}

fn shown(at: &Frame, house: &House, of: &Person, shared: &[(Walk, Together)], is_done: bool) -> CompanionShown {
    let walk = |(walk, together): &(Walk, Together)| {
        let place = house.courses.site(&walk.site);
        let named = |id: &heritage::StationId| {
            let station = place.and_then(|site| site.station(id));
            station.map(|station| at.pick(&station.title).to_owned()).unwrap_or_default()
        };
        WalkShown {
            title: at.pick(&title(house, &walk.site, &walk.route.id)).to_owned(),
            open: together.open.iter().map(|stood| named(&stood.station)).collect(),
            said: together.said.iter().map(named).collect(),
        }
    };
    CompanionShown {
        name: of.name.clone(),
        walks: shared.iter().map(walk).collect(),
        is_open: shared.iter().any(|(_, together)| !together.open.is_empty()),
        is_done,
    }
}

/// Who shows the code and where both stood; says so for them where `vouches`.
async fn looked_up(house: &House, who: &SignedIn, at: &Frame, typed: &str, vouches: bool) -> Outcome {
    let (code, of) = companion::found(house, who, typed).await?;
    let mut found = shared(house, who, &of).await?;
    if vouches {
        if found.is_empty() {
            return Err(nowhere());
        }
        // Others may vouch for the same companion at this moment, and one log may hold several walks.
        let mut stands = false;
        for _ in 0..MOST_TRIES {
            stands = true;
            for (walk, together) in &found {
                stands &= vouch(house, &who.person, walk, together).await?;
            }
            found = shared(house, who, &of).await?;
            if stands {
                break;
            }
        }
        if !stands {
            return Err(Fault::busy());
        }
    }
    Ok((code.written(), shown(at, house, &of, &found, vouches)))
}

/// The code as it is written, and who shows it.
type Outcome = Result<(String, CompanionShown), Fault>;

/// One's own code and the form for a companion's; with a code, who it is and where both stood.
pub async fn get(State(app): State<App>, Learner(who): Learner, look: Look, RawQuery(query): RawQuery) -> Response {
    let typed = field(query.as_deref(), "code").unwrap_or_default();
    let at = Frame::outside(look).with_token(&app, &who);
    let outcome = if typed.is_empty() { None } else { Some(looked_up(&app, &who, &at, &typed, false).await) };
    answer(at, &app, &who, typed, outcome)
}

/// Vouches for whoever shows the code, at every station where both stood.
pub async fn post(State(app): State<App>, Learner(who): Learner, look: Look, form: Form) -> Result<Response, Fault> {
    form.made_for(&app, &who)?;
    let at = Frame::outside(look).with_token(&app, &who);
    let typed = form.text("code").to_owned();
    let outcome = looked_up(&app, &who, &at, &typed, true).await;
    Ok(answer(at, &app, &who, typed, Some(outcome)))
}

fn answer(at: Frame, house: &House, who: &SignedIn, typed: String, outcome: Option<Outcome>) -> Response {
    let (typed, companion, fault) = match outcome {
        None => (typed, None, None),
        Some(Ok((typed, companion))) => (typed, Some(companion), None),
        Some(Err(fault)) => (typed, None, Some(fault)),
    };
    let status = fault.as_ref().map(|fault| fault.status);
    let mut response = page(&VouchPage {
        at,
        name: who.person.name.clone(),
        own: companion::shown(house, who.person.id).written(),
        typed,
        companion,
        fault,
        most_for_one: MOST_FOR_ONE,
        most_a_day: MOST_A_DAY,
    });
    if let Some(status) = status {
        *response.status_mut() = status;
    }
    response
}

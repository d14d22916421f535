//! The question that only the place answers, as a learner is asked it there. Works without scripts.

use super::board::title;
use super::form::Form;
use super::frame::{Frame, Look, page};
use crate::api::{Address, Fault};
use crate::house::{App, House};
use crate::identity::{Learner, SignedIn};
use crate::walk::{AskedThere, MOST_ANSWER, Walk, answer_there, walk};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use heritage::on_site::OnSite;
use heritage::{SiteId, StationId};
use uuid::Uuid;

#[derive(Template)]
#[template(path = "on-site.html")]
struct OnSitePage {
    at: Frame,
    /// Who is signed in, so that nobody answers for another.
    name: String,
    here: String,
    place: String,
    station: String,
    prompt: String,
    source: String,
    asked: AskedThere,
    /// The station was completed on the ground already.
    is_completed: bool,
    foot: String,
    next_id: Uuid,
    most_answer: usize,
}

struct Asked<'a> {
    question: &'a OnSite,
    station: StationId,
    walk: Walk,
    stands: AskedThere,
}

async fn asked<'a>(house: &'a House, who: &SignedIn, named: &str) -> Result<Asked<'a>, Fault> {
    let (site, station) = named.split_once('.').ok_or_else(Fault::not_found)?;
    let site = SiteId::new(site).map_err(|_| Fault::not_found())?;
    let station = StationId::new(station).map_err(|_| Fault::not_found())?;
    let question = house.courses.on_site(&site, &station).ok_or_else(Fault::not_found)?;
    let place = house.courses.site(&site).ok_or_else(Fault::not_found)?;
    let holds = |route: &&heritage::Route| route.stations.contains(&station);
    let route = place.routes.iter().find(holds).ok_or_else(Fault::not_found)?;
    let log = house.store.log_at(who.person.id, site).await?;
    let walk = walk(&house.courses, &house.secrets, who.person.id, (place, route), &log);
    let asked = walk.stations.iter().find(|found| found.record.station == station).map(|found| found.asked);
    Ok(Asked { question, station, stands: asked.unwrap_or_default(), walk })
}

/// The question, and how it stands.
pub async fn get(
    State(app): State<App>,
    Learner(who): Learner,
    look: Look,
    Address(named): Address<String>,
) -> Result<Response, Fault> {
    let Asked { question, station, walk, stands } = asked(&app, &who, &named).await?;
    let at = Frame::outside(look).with_token(&app, &who);
    let place = app.courses.site(&walk.site).ok_or_else(Fault::not_found)?;
    let found = walk.stations.iter().find(|found| found.record.station == station);
    let shown = OnSitePage {
        name: who.person.name.clone(),
        here: format!("/on-site/{}.{station}", walk.site),
        place: at.pick(&title(&app, &walk.site, &walk.route.id)).to_owned(),
        station: place.station(&station).map(|it| at.pick(&it.title).to_owned()).unwrap_or_default(),
        prompt: at.pick(&question.prompt).to_owned(),
        source: place.source(&question.source).map(|it| at.pick(&it.title).to_owned()).unwrap_or_default(),
        asked: stands,
        is_completed: found.is_some_and(|found| found.record.way == Some(heritage::Way::Foot)),
        foot: format!("/{}/{}/foot/", at.lang.code(), walk.site),
        next_id: Uuid::now_v7(),
        most_answer: MOST_ANSWER,
        at,
    };
    Ok(page(&shown))
}

/// Takes an answer, and goes back to how the question then stands.
pub async fn post(
    State(app): State<App>,
    Learner(who): Learner,
    Address(named): Address<String>,
    form: Form,
) -> Result<Response, Fault> {
    let id = form.id_made_for(&app, &who)?;
    let Asked { station, walk, .. } = asked(&app, &who, &named).await?;
    let answer = form.required(
        "answer",
        MOST_ANSWER,
        "答案没有填写，或超过 100 字。没有记下任何内容，请返回填写。",
        "The answer is missing or longer than 100 characters. Nothing was kept; go back and write it.",
    )?;
    answer_there(&app, &who.person, &walk, &station, (id, answer)).await?;
    Ok((StatusCode::SEE_OTHER, [(LOCATION, format!("/on-site/{}.{station}", walk.site))]).into_response())
}

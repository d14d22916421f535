//! A course as a learner sees it: goals, the three scores, the text on the practice, what is asked later, and what somebody
//! is asked to say of others. Works without scripts.

use super::board::title;
use super::form::{Form, field};
use super::frame::{Frame, Look, page};
use super::practice::{CriterionShown, rubric, told};
use crate::api::route_named;
use crate::api::{Address, Fault};
use crate::house::{App, House};
use crate::identity::{Learner, SignedIn};
use crate::learning::{
    Asked, Check, Draft, FollowUp, Learning, Listing, MOST_TEXT, Reflection, Second, asked_of, draw, learning, say,
    scores,
};
use crate::store::{Entry, Kind};
use crate::walk::{MOST_NOTE, Walk, walk};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use heritage::assessment::{CourseVersion, Effect, capability, commended};
use heritage::{Route, Site};
use uuid::Uuid;

#[derive(Template)]
#[template(path = "course.html")]
struct CoursePage {
    at: Frame,
    here: String,
    title: String,
    done: Option<&'static str>,
    goals: Vec<String>,
    version: u32,
    stations: usize,
    hours: String,
    minimum: Option<String>,
    scores: Vec<(&'static str, String, String)>,
    prompt: String,
    rubric: Vec<CriterionShown>,
    /// The text as it was submitted.
    text: Option<String>,
    /// What stands in the form.
    draft: String,
    notes: Vec<String>,
    rated: Option<String>,
    may_submit: bool,
    most_text: usize,
    most_note: usize,
    follow_up: Option<FollowUpShown>,
    asked: Vec<AskedShown>,
    criteria: Vec<String>,
    standing: Vec<(bool, String)>,
    is_unlisted: bool,
    next_id: Uuid,
}

struct FollowUpShown {
    prompt: String,
    text: Option<String>,
    seconds: Vec<String>,
    may_answer: bool,
}

struct AskedShown {
    id: Uuid,
    next_id: Uuid,
    text: String,
    /// To be looked at by the rubric; else what one saw is asked.
    is_check: bool,
}

/// What there is of somebody's course.
struct Course<'a> {
    site: &'a Site,
    route: &'a Route,
    version: &'a CourseVersion,
    walk: Walk,
    learning: Learning,
}

async fn course<'a>(house: &'a House, who: &SignedIn, named: &str) -> Result<Course<'a>, Fault> {
    let (site, route) = route_named(named)?;
    let version = house.courses.version(&site, &route).ok_or_else(Fault::not_found)?;
    let (site, route) = house.courses.route(&site, &route).ok_or_else(Fault::not_found)?;
    let log: Vec<Entry> = house.store.log_at(who.person.id, site.id.clone()).await?;
    let walk = walk(&house.courses, &house.secrets, who.person.id, (site, route), &log);
    let learning = learning(&log, route);
    Ok(Course { site, route, version, walk, learning })
}

/// The page.
pub async fn get(
    State(app): State<App>,
    Learner(who): Learner,
    look: Look,
    Address(named): Address<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let Course { site, route, version, walk, learning } = course(&app, &who, &named).await?;
    let at = Frame::of(&app, look, &who);
    let scores = scores(Some(version), &walk, &learning, app.now_ms());
    let (_, standing) = commended(&walk.criteria(version).0, &scores);
    let asked = asked_of(&app, &who.person, route).await?;
    let told_of = |text: &heritage::Bilingual| at.pick(text).to_owned();
    let (text, draft) = (learning.reflection.as_ref(), learning.draft.as_ref());
    let shown = CoursePage {
        here: format!("/course/{}.{}", site.id, route.id),
        title: told_of(&title(&app, &site.id, &route.id)),
        done: done(&at, query.as_deref()),
        goals: version.goals.iter().map(|goal| told_of(&goal.text)).collect(),
        version: version.version,
        stations: route.stations.len(),
        hours: route.rule.hours().to_string(),
        minimum: (version.minimum > heritage::credit::Level::E0)
            .then(|| format!("{} {}", version.minimum.code(), told_of(&version.minimum.label()))),
        scores: told(&at, &scores, learning.rating.as_ref().map(|said| said.what.course)),
        prompt: told_of(&version.practice.prompt),
        rubric: rubric(&at, version, &learning),
        draft: draft.map_or_else(String::new, |said| said.what.text.clone()),
        text: text.map(|said| said.what.text.clone()),
        notes: learning.checks.iter().map(|said| said.what.note.clone()).filter(|note| !note.is_empty()).collect(),
        rated: learning.rating.as_ref().map(|said| said.what.note.clone()),
        may_submit: walk.last_received_ms.is_some(),
        most_text: MOST_TEXT,
        most_note: MOST_NOTE,
        follow_up: scores.effect.map(|effect| FollowUpShown {
            prompt: told_of(&version.follow_up.prompt),
            text: learning.follow_up.as_ref().map(|said| said.what.text.clone()),
            seconds: learning.seconds.iter().map(|said| said.what.text.clone()).collect(),
            may_answer: !matches!(effect, Effect::Early(_)),
        }),
        asked: asked.into_iter().map(asked_shown).collect(),
        criteria: version.commendation.texts().iter().map(&told_of).collect(),
        standing: standing.iter().map(|each| (each.met, told_of(&each.text))).collect(),
        is_unlisted: learning.is_unlisted,
        next_id: Uuid::now_v7(),
        at,
    };
    Ok(page(&shown))
}

fn asked_shown(asked: Asked) -> AskedShown {
    let (id, text, is_check) = match asked {
        Asked::Check(_, said) => (said.id, said.what.text, true),
        Asked::Second(_, said) => (said.id, said.what.text, false),
    };
    AskedShown { id, next_id: Uuid::now_v7(), text, is_check }
}

/// Takes one of the page's forms.
pub async fn post(
    State(app): State<App>,
    Learner(who): Learner,
    Address(named): Address<String>,
    form: Form,
) -> Result<Response, Fault> {
    let id = form.id_made_for(&app, &who)?;
    let course = course(&app, &who, &named).await?;
    let word = match form.text("what") {
        "draft" => draft(&app, &who, &course, id, text(&form)?).await?,
        "submit" => submit(&app, &who, &course, id, &form).await?,
        "follow-up" => answer(&app, &who, &course, id, &form).await?,
        "check" | "second" => opine(&app, &who, &course, id, &form).await?,
        "listing" => {
            let listed = form.text("listed") == "yes";
            say(&app, Kind::ListingChosen, own(&who), course.route, id, &Listing { listed }).await?;
            "listing"
        }
        _ => return Err(Fault::malformed()),
    };
    let to = format!("/course/{}.{}?done={word}", course.site.id, course.route.id);
    Ok((StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response())
}

fn own(who: &SignedIn) -> (Uuid, Uuid) {
    (who.person.id, who.person.id)
}

/// The text of a form.
fn text(form: &Form) -> Result<String, Fault> {
    let text = form.lines("text");
    if text.is_empty() || text.chars().count() > MOST_TEXT {
        return Err(Fault::incomplete(
            "请写 1 至 4000 字。没有保存，您写的内容仍在上一页。",
            "Write 1 to 4000 characters. Nothing was kept; what you wrote is still on the page before.",
        ));
    }
    Ok(text)
}

async fn draft(
    house: &House,
    who: &SignedIn,
    course: &Course<'_>,
    id: Uuid,
    text: String,
) -> Result<&'static str, Fault> {
    say(house, Kind::Drafted, own(who), course.route, id, &Draft { text }).await?;
    Ok("draft")
}

/// Submits a text. Where the learner's own view is not complete, or no walk has been begun, what was written is kept as a
/// draft instead, so that nothing is lost.
async fn submit(
    house: &House,
    who: &SignedIn,
    course: &Course<'_>,
    id: Uuid,
    form: &Form,
) -> Result<&'static str, Fault> {
    let text = text(form)?;
    if course.walk.last_received_ms.is_none() {
        draft(house, who, course, id, text).await?;
        return Ok("not-begun");
    }
    let practice = &course.version.practice;
    let levels = form.levels(practice.rubric.len()).filter(|levels| capability(practice, levels).is_ok());
    let Some(levels) = levels else {
        draft(house, who, course, id, text).await?;
        return Ok("no-view");
    };
    let asked = asked(house, who, form, Kind::Reflected, id).await?;
    let reflection = Reflection { text, levels, course: course.version.version, asked };
    say(house, Kind::Reflected, own(who), course.route, id, &reflection).await?;
    Ok("submitted")
}

async fn answer(
    house: &House,
    who: &SignedIn,
    course: &Course<'_>,
    id: Uuid,
    form: &Form,
) -> Result<&'static str, Fault> {
    let text = text(form)?;
    let scores = scores(Some(course.version), &course.walk, &course.learning, house.now_ms());
    if matches!(scores.effect, None | Some(Effect::Early(_))) {
        return Err(Fault::incomplete(
            "还没有到追问的时间，没有保存。",
            "It is too early to be asked, and nothing was kept.",
        ));
    }
    let asked = asked(house, who, form, Kind::FollowedUp, id).await?;
    say(house, Kind::FollowedUp, own(who), course.route, id, &FollowUp { text, asked }).await?;
    Ok("answered")
}

/// Who is drawn to look at it, where the learner agrees.
async fn asked(house: &House, who: &SignedIn, form: &Form, kind: Kind, id: Uuid) -> Result<Option<Uuid>, Fault> {
    if form.text("ask") == "yes" { draw(house, &who.person, kind, id).await } else { Ok(None) }
}

/// Says what somebody was drawn to say of another's course; nobody else can.
async fn opine(
    house: &House,
    who: &SignedIn,
    course: &Course<'_>,
    id: Uuid,
    form: &Form,
) -> Result<&'static str, Fault> {
    let of = Uuid::parse_str(form.text("of")).map_err(|_| Fault::malformed())?;
    for asked in asked_of(house, &who.person, course.route).await? {
        match asked {
            Asked::Check(learner, said) if said.id == of && form.text("what") == "check" => {
                let practice = &course.version.practice;
                let levels = form.levels(practice.rubric.len()).filter(|levels| capability(practice, levels).is_ok());
                let Some(levels) = levels else {
                    return Err(Fault::incomplete(
                        "量规的每一项都须选一个等级。没有保存，请返回选择。",
                        "Every criterion of the rubric needs a level. Nothing was kept; go back and choose.",
                    ));
                };
                let check = Check { levels, note: form.note("note")?, of_seq: said.seq };
                say(house, Kind::PeerChecked, (learner, who.person.id), course.route, id, &check).await?;
                return Ok("said");
            }
            Asked::Second(learner, said) if said.id == of && form.text("what") == "second" => {
                let second = Second { text: text(form)?, of_seq: said.seq };
                say(house, Kind::Seconded, (learner, who.person.id), course.route, id, &second).await?;
                return Ok("said");
            }
            _ => {}
        }
    }
    Err(Fault::not_found())
}

fn done(at: &Frame, query: Option<&str>) -> Option<&'static str> {
    let word = field(query, "done")?;
    let (zh, en) = match word.as_str() {
        "draft" => ("已存为草稿，只有您自己能看到。", "Kept as a draft; nobody but you sees it."),
        "submitted" => ("已提交，带训人或导师会按量规评定。", "Submitted; a trainer or mentor rates it by the rubric."),
        "no-view" => (
            "已存为草稿，还没有提交：请先按量规逐项自评。",
            "Kept as a draft and not submitted yet: give your own view on every criterion first.",
        ),
        "not-begun" => (
            "已存为草稿，还没有提交：请先开始这次走访。",
            "Kept as a draft and not submitted yet: begin the walk first.",
        ),
        "answered" => ("答复已保存。", "Your answer is kept."),
        "said" => ("谢谢，已保存。", "Thank you; it is kept."),
        "listing" => ("您的选择已保存。", "Your choice is kept."),
        _ => return None,
    };
    Some(at.say(zh, en))
}

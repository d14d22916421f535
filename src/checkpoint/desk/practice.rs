//! The three scores of a walk side by side, the learner's text with everybody's view of it, and rating it.

use super::board::address;
use super::form::Form;
use super::frame::Frame;
use super::one::{named, seen};
use crate::api::{Address, Fault};
use crate::clock::written_in_china;
use crate::house::{App, House};
use crate::identity::Rater;
use crate::learning::{Learning, Rating, learning, say, scores};
use crate::store::{Entry, Kind};
use crate::walk::Walk;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use heritage::assessment::{Capability, CourseVersion, Criterion, Effect, Scores, capability};
use uuid::Uuid;

/// The practice of a walk as a trainer sees it.
pub struct PracticeShown {
    /// The scores, side by side: name, what it came to, what more is to be said.
    pub scores: Vec<(&'static str, String, String)>,
    /// The learner's text with when it was submitted.
    pub text: Option<(String, String)>,
    /// What was asked.
    pub prompt: String,
    /// The rubric with everybody's levels.
    pub rubric: Vec<CriterionShown>,
    /// What other learners wrote.
    pub notes: Vec<String>,
    /// The last rating's words.
    pub rated: Option<String>,
    /// What came of it, in the learner's words and in colleagues'.
    pub follow_up: Vec<String>,
    /// Place of the text, for the form.
    pub of_seq: i64,
    /// Id of the next rating.
    pub next_id: Uuid,
    /// Where the form goes.
    pub to: String,
}

/// A criterion with who chose which level.
pub struct CriterionShown {
    /// What is looked at.
    pub title: String,
    /// Each level in words, the least first, and whether it is the rating.
    pub levels: Vec<(String, bool)>,
    /// The learner's own.
    pub own: Option<u8>,
    /// Other learners'.
    pub peers: Vec<u8>,
    /// The rating.
    pub rated: Option<u8>,
}

/// The rubric of a course with what everybody chose. Levels of another version of it are left out.
pub fn rubric(at: &Frame, course: &CourseVersion, learning: &Learning) -> Vec<CriterionShown> {
    let text = learning.reflection.as_ref().filter(|said| said.what.course == course.version);
    let rating = learning.rating.as_ref().filter(|said| said.what.course == course.version);
    let shown = |(index, criterion): (usize, &Criterion)| {
        let rated = rating.and_then(|said| said.what.levels.get(index).copied());
        let level = |(number, level)| (at.pick(level).to_owned(), rated == Some(number));
        CriterionShown {
            title: at.pick(&criterion.title).to_owned(),
            levels: (1..).zip(&criterion.levels).map(level).collect(),
            own: text.and_then(|said| said.what.levels.get(index).copied()),
            peers: learning
                .checks
                .iter()
                .filter(|_| text.is_some())
                .filter_map(|check| check.what.levels.get(index).copied())
                .collect(),
            rated,
        }
    };
    course.practice.rubric.iter().enumerate().map(shown).collect()
}

/// The scores in words, each by itself.
pub fn told(at: &Frame, scores: &Scores, rated_by: Option<u32>) -> Vec<(&'static str, String, String)> {
    let known = scores.knowledge;
    let at_first = format!("{}{}", at.say("首次答对 ", "right at the first attempt: "), known.at_first);
    let by = rated_by.map(|version| format!("{}{version}{}", at.say("课程第 ", "course version "), at.say(" 版", "")));
    let levels = |capability: &Capability| {
        let each: Vec<String> = capability.levels.iter().map(ToString::to_string).collect();
        each.join(" · ")
    };
    let not_yet = || at.say("尚未评定", "not rated yet").to_owned();
    let days = |count: u32| format!("{}{count}{}", at.say("还有 ", ""), at.say(" 天", " days to go"));
    let (came, more) = match scores.effect {
        None => (at.say("确认之后再问", "asked after the confirmation").to_owned(), String::new()),
        Some(Effect::Early(left)) => (at.say("尚未到时间", "not asked yet").to_owned(), days(left)),
        Some(Effect::Asked(left)) => (at.say("请答复", "asked now").to_owned(), days(left)),
        Some(Effect::Overdue) => (at.say("未按期答复", "not answered in time").to_owned(), String::new()),
        Some(Effect::Answered { late, seconded }) => {
            let late = if late { at.say("逾期答复", "answered late") } else { at.say("已答复", "answered") };
            (late.to_owned(), if seconded { at.say("有同事补充", "a colleague added to it") } else { "" }.to_owned())
        }
    };
    vec![
        (at.say("知识", "Knowledge"), format!("{}/{}", known.right, known.asked), at_first),
        (at.say("能力", "Capability"), scores.capability.as_ref().map_or_else(not_yet, levels), by.unwrap_or_default()),
        (at.say("成效", "Effect"), came, more),
    ]
}

/// The practice of a walk; `None` where nobody has written a course for its route.
pub fn practice(at: &Frame, house: &House, walk: &Walk, log: &[Entry]) -> Option<PracticeShown> {
    let course = house.courses.version(&walk.site, &walk.route.id)?;
    let learning = learning(log, &walk.route);
    let scores = scores(Some(course), walk, &learning, house.now_ms());
    let text = learning.reflection.as_ref();
    let answer = learning.follow_up.iter().map(|said| said.what.text.clone());
    let added = at.say("同事：", "A colleague: ");
    Some(PracticeShown {
        scores: told(at, &scores, learning.rating.as_ref().map(|said| said.what.course)),
        prompt: at.pick(&course.practice.prompt).to_owned(),
        rubric: rubric(at, course, &learning),
        notes: learning.checks.iter().map(|said| said.what.note.clone()).filter(|note| !note.is_empty()).collect(),
        rated: learning.rating.as_ref().map(|said| said.what.note.clone()).filter(|note| !note.is_empty()),
        follow_up: answer.chain(learning.seconds.iter().map(|said| format!("{added}{}", said.what.text))).collect(),
        of_seq: text.map_or(0, |said| said.seq),
        text: text.map(|said| (written_in_china(said.at_ms), said.what.text.clone())),
        next_id: Uuid::now_v7(),
        to: format!("{}/rating", address(walk.person, &walk.site, &walk.route.id)),
    })
}

/// Rates the text that the rater saw. What others think of it stands beside the form and decides nothing.
pub async fn post(
    State(app): State<App>,
    Rater(who): Rater,
    Address((person, course)): Address<(String, String)>,
    form: Form,
) -> Result<Response, Fault> {
    form.made_for(&app, &who)?;
    let (person, site, route) = named(&person, &course).ok_or_else(Fault::not_found)?;
    let (person, walk, log) = seen(&app, &who, person, &site, &route).await?;
    let course = app.courses.version(&site, &route).ok_or_else(Fault::not_found)?;
    let id = Uuid::parse_str(form.text("id")).map_err(|_| Fault::malformed())?;
    let of_seq: i64 = form.text("of").parse().map_err(|_| Fault::malformed())?;
    let here = address(person.id, &site, &route);
    let went = |word: &str| {
        let to = format!("{here}?rating={word}#practice");
        (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response()
    };
    if person.id == who.person.id {
        return Err(Fault::incomplete("不能评定自己的实践。", "Nobody rates their own practice."));
    }
    let text = learning(&log, &walk.route).reflection;
    if text.is_none_or(|text| text.seq != of_seq) {
        return Err(Fault::incomplete(
            "文稿在您查看之后已换成新的，没有写入评定。请返回重新查看。",
            "The text has been replaced by a new one since you looked, and no rating was written. Go back and look again.",
        ));
    }
    let levels =
        form.levels(course.practice.rubric.len()).filter(|levels| capability(&course.practice, levels).is_ok());
    let Some(levels) = levels else {
        return Err(Fault::incomplete(
            "量规的每一项都须选一个等级。没有写入评定，请返回选择。",
            "Every criterion of the rubric needs a level. No rating was written; go back and choose.",
        ));
    };
    let rating = Rating { levels, note: form.note("note")?, of_seq, course: course.version };
    say(&app, Kind::Rated, (person.id, who.person.id), &walk.route, id, &rating).await?;
    Ok(went("rated"))
}

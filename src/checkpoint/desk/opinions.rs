//! What is said of a walk besides its stations: how well presence is shown, an appeal, second looks.

use super::frame::Frame;
use super::timeline::name;
use super::words;
use crate::api::Fault;
use crate::clock::written_in_china;
use crate::house::House;
use crate::store::Person;
use crate::walk::{Rechecked, Walk, may_answer};
use std::collections::BTreeMap;
use uuid::Uuid;

/// An appeal as the page shows it.
pub struct AppealShown {
    /// When and against whose decision.
    pub head: String,
    /// In the learner's words.
    pub reason: String,
    /// Somebody has decided since.
    pub is_answered: bool,
    /// Whoever looks may decide on it.
    pub may_answer: bool,
}

/// A second look as the page shows it.
pub struct RecheckShown {
    /// What was found, by whom and when.
    pub head: String,
    /// In the trainer's words.
    pub note: String,
    /// The second trainer agrees.
    pub agrees: bool,
}

/// The appeal of a walk, as one trainer sees it.
///
/// # Errors
/// A [`Fault`] where the store cannot be read.
pub async fn appealed(
    at: &Frame,
    house: &House,
    trainer: &Person,
    names: &BTreeMap<Uuid, String>,
    walk: &Walk,
) -> Result<Option<AppealShown>, Fault> {
    let Some(appeal) = &walk.appeal else { return Ok(None) };
    let against = appeal.against.map_or("—", |by| name(names, by));
    let what = at.say("针对决定人：", "against the decision of ");
    Ok(Some(AppealShown {
        head: format!("{} · {what}{against}", written_in_china(appeal.at_ms)),
        reason: appeal.reason.clone(),
        is_answered: appeal.is_answered,
        may_answer: may_answer(house, trainer, walk).await?,
    }))
}

/// Who looked a second time and what they found.
pub fn rechecks(at: &Frame, names: &BTreeMap<Uuid, String>, walk: &Walk) -> Vec<RecheckShown> {
    let said = |each: &Rechecked| {
        let what = words::rechecked(true, Some(each.agrees));
        let head = format!("{} · {} · {}", at.pick(&what), name(names, each.by), written_in_china(each.at_ms));
        RecheckShown { head, note: each.note.clone(), agrees: each.agrees }
    };
    walk.rechecks.iter().map(said).collect()
}

/// Why presence is graded as it is, and how it was graded when the walk was decided on, where that differs.
pub fn presence(at: &Frame, walk: &Walk) -> Vec<String> {
    let mut said: Vec<String> = walk.presence.reasons.iter().map(|reason| at.pick(reason).to_owned()).collect();
    let then = walk.decided.as_ref().and_then(|decided| decided.decision.presence);
    if let Some(then) = then.filter(|then| *then != walk.graded()) {
        let (before, rule) = (at.say("决定时为 ", "When decided: "), at.say("（评级规则第 ", " (grading rule "));
        said.push(format!("{before}{}{rule}{}{}", then.level.code(), then.rule, at.say(" 版）", ")")));
    }
    if let Some(version) = walk.decided.as_ref().and_then(|decided| decided.decision.course) {
        said.push(format!("{}{version}{}", at.say("按课程第 ", "Decided by course version "), at.say(" 版决定", "")));
    }
    said
}

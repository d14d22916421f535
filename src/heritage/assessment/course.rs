//! A version of a course: its goals, what proof of presence it asks for, how practice is rated, what is asked later.
//!
//! Stations, rule and hours are the route's; a course version names the rule that it was written for.

use super::Criteria;
use crate::credit::Level;
use crate::{Bilingual, GoalId, RouteId};
use serde::{Deserialize, Serialize};

/// Levels of a rubric, from the least: beginning, developing, sound, convincing.
pub const LEVELS: usize = 4;

/// One version of a course. Read from JSON only where it makes sense.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Raw")]
pub struct CourseVersion {
    /// On which route.
    pub route: RouteId,
    /// Grows by one with every change of meaning. What was judged by an earlier one stays judged.
    pub version: u32,
    /// The version of the route's rule that it was written for.
    pub rule_version: u32,
    /// How well presence is to be shown. A walk below it is confirmed only with a reason; none is refused for it.
    pub minimum: Level,
    /// What a learner is to know or be able to do.
    pub goals: Vec<Goal>,
    /// What is practised, and how it is rated.
    pub practice: Practice,
    /// What is asked after a while.
    pub follow_up: FollowUp,
    /// What a commendation asks for.
    pub commendation: Criteria,
}

/// One goal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goal {
    /// Its name; with the course's address it is the goal's URI.
    pub id: GoalId,
    /// What a learner is to know or be able to do.
    pub text: Bilingual,
}

/// What a learner practises, in a text of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Practice {
    /// What is asked.
    pub prompt: Bilingual,
    /// The published rubric: three or four criteria.
    pub rubric: Vec<Criterion>,
}

/// One criterion of a rubric.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    /// What is looked at.
    pub title: Bilingual,
    /// What each level looks like, the least first; [`LEVELS`] of them.
    pub levels: Vec<Bilingual>,
}

/// What is asked after a while: what was done with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUp {
    /// What is asked.
    pub prompt: Bilingual,
    /// Days after the confirmation from which it is asked.
    pub from_days: u32,
    /// Days after the confirmation up to which it is asked; what comes later is taken and marked.
    pub to_days: u32,
}

/// A course version as it stands in JSON, before it is judged.
#[derive(Deserialize)]
struct Raw {
    route: RouteId,
    version: u32,
    rule_version: u32,
    minimum: Level,
    goals: Vec<Goal>,
    practice: Practice,
    follow_up: FollowUp,
    commendation: Criteria,
}

/// Why a course version makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCourse {
    /// Versions count from 1.
    #[error("version 0: versions count from 1")]
    Version,
    /// A course without a goal, or with more than anyone keeps in mind.
    #[error("{0} goals: give 1 to 12")]
    Goals(usize),
    /// Two goals of one name.
    #[error("the goal `{0}` stands twice")]
    Twice(GoalId),
    /// A rubric that is too short or too long.
    #[error("{0} criteria: give three or four")]
    Criteria(usize),
    /// A criterion without its four levels.
    #[error("criterion {0} has {1} levels: give four, the least first")]
    Levels(usize, usize),
    /// A time that is none.
    #[error("from_days = {0} and to_days = {1}: use 1 to 365 days, the first before the last")]
    Days(u32, u32),
    /// A level that no rubric has.
    #[error("level = {0}: use 1 to 4")]
    Level(u8),
    /// Not a share.
    #[error("at_first = {0}: use 0 to 100 per cent")]
    Share(u8),
}

impl CourseVersion {
    /// Everything that makes no sense.
    pub fn faults(&self) -> Vec<BadCourse> {
        let mut faults = Vec::new();
        let mut fault = |wrong: bool, of: BadCourse| faults.extend(wrong.then_some(of));
        fault(self.version == 0 || self.rule_version == 0, BadCourse::Version);
        fault(!(1..=12).contains(&self.goals.len()), BadCourse::Goals(self.goals.len()));
        for (at, goal) in self.goals.iter().enumerate() {
            fault(self.goals.iter().take(at).any(|other| other.id == goal.id), BadCourse::Twice(goal.id.clone()));
        }
        let rubric = &self.practice.rubric;
        fault(!(3..=4).contains(&rubric.len()), BadCourse::Criteria(rubric.len()));
        for (at, criterion) in rubric.iter().enumerate() {
            let levels = criterion.levels.len();
            fault(levels != LEVELS, BadCourse::Levels(at + 1, levels));
        }
        let FollowUp { from_days, to_days, .. } = self.follow_up;
        fault(from_days == 0 || from_days >= to_days || to_days > 365, BadCourse::Days(from_days, to_days));
        let Criteria { level, at_first, .. } = self.commendation;
        fault(level == 0 || usize::from(level) > LEVELS, BadCourse::Level(level));
        fault(at_first > 100, BadCourse::Share(at_first));
        faults
    }
}

impl TryFrom<Raw> for CourseVersion {
    type Error = BadCourse;
    fn try_from(raw: Raw) -> Result<Self, BadCourse> {
        let Raw { route, version, rule_version, minimum, goals, practice, follow_up, commendation } = raw;
        let course = Self { route, version, rule_version, minimum, goals, practice, follow_up, commendation };
        match course.faults().into_iter().next() {
            Some(fault) => Err(fault),
            None => Ok(course),
        }
    }
}

#[cfg(test)]
pub(super) fn sample() -> CourseVersion {
    let both = |text: &str| Bilingual::new(text, text);
    let goal = |id: &str| Goal { id: GoalId::new(id).expect("a name"), text: both("goal") };
    let criterion = |title: &str| Criterion { title: both(title), levels: ["a", "b", "c", "d"].map(both).to_vec() };
    CourseVersion {
        route: RouteId::new("path").expect("a name"),
        version: 1,
        rule_version: 1,
        minimum: Level::E0,
        goals: vec![goal("figures"), goal("sources")],
        practice: Practice { prompt: both("write"), rubric: ["one", "two", "three"].map(criterion).to_vec() },
        follow_up: FollowUp { prompt: both("and then"), from_days: 30, to_days: 90 },
        commendation: Criteria { at_first: 75, level: 3, follow_up: true },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Change = fn(&mut CourseVersion);

    #[test]
    fn a_course_that_makes_no_sense_cannot_be_read() {
        let sound = sample();
        let text = serde_json::to_string(&sound).expect("written");
        assert_eq!(serde_json::from_str::<CourseVersion>(&text).expect("read"), sound);
        let changes: [(Change, BadCourse); 9] = [
            (|it| it.version = 0, BadCourse::Version),
            (|it| it.goals.clear(), BadCourse::Goals(0)),
            (|it| it.goals[1].id = it.goals[0].id.clone(), BadCourse::Twice(sound.goals[0].id.clone())),
            (|it| drop(it.practice.rubric.pop()), BadCourse::Criteria(2)),
            (|it| drop(it.practice.rubric[1].levels.pop()), BadCourse::Levels(2, 3)),
            (|it| it.follow_up.from_days = 90, BadCourse::Days(90, 90)),
            (|it| it.follow_up.to_days = 366, BadCourse::Days(30, 366)),
            (|it| it.commendation.level = 5, BadCourse::Level(5)),
            (|it| it.commendation.at_first = 101, BadCourse::Share(101)),
        ];
        for (change, fault) in changes {
            let mut course = sound.clone();
            change(&mut course);
            assert_eq!(course.faults(), [fault]);
            assert!(serde_json::from_str::<CourseVersion>(&serde_json::to_string(&course).expect("written")).is_err());
        }
    }
}

//! Three scores that are kept apart: what is known, what can be done, what came of it. Nothing here makes one number of them.

use super::{FollowUp, LEVELS, Practice};

/// What is known, by the questions of the stations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Knowledge {
    /// Questions of the course.
    pub asked: usize,
    /// Answered rightly, sooner or later.
    pub right: usize,
    /// Of these, rightly at the first attempt.
    pub at_first: usize,
}

/// What can be done, by the published rubric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capability {
    /// The level on each criterion, 1 to [`LEVELS`], in the rubric's order.
    pub levels: Vec<u8>,
    /// The least of them: by it the practice is spoken of as a whole.
    pub least: u8,
}

impl Capability {
    /// What a rating says that fitted the rubric when it was made.
    pub fn of(levels: &[u8]) -> Self {
        Self { levels: levels.to_vec(), least: levels.iter().copied().min().unwrap_or_default() }
    }
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It is too early to ask: so many days are left.
    Early(u32),
    /// It is asked: so many days are left.
    Asked(u32),
    /// Nobody answered in time; an answer is still taken.
    Overdue,
    /// The learner has answered.
    Answered {
        /// After the time in which it is asked.
        late: bool,
        /// A colleague has added what they saw of it.
        seconded: bool,
    },
}

/// The three, side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scores {
    /// What is known.
    pub knowledge: Knowledge,
    /// What can be done; `None` until somebody has rated the practice.
    pub capability: Option<Capability>,
    /// What came of it; `None` until the walk is confirmed.
    pub effect: Option<Effect>,
}

/// Why a rating fits no rubric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRating {
    /// Not one level for each criterion.
    #[error("{0} levels for {1} criteria")]
    Count(usize, usize),
    /// A level that there is not.
    #[error("level {0}: use 1 to 4")]
    Level(u8),
}

/// What is known: for each question whether it was answered rightly, if at all, and whether the first answer was right.
pub fn knowledge(answers: impl IntoIterator<Item = (Option<bool>, bool)>) -> Knowledge {
    let mut knowledge = Knowledge::default();
    for (right, at_first) in answers {
        knowledge.asked += 1;
        if right == Some(true) {
            knowledge.right += 1;
            knowledge.at_first += usize::from(at_first);
        }
    }
    knowledge
}

/// What can be done, by one rating.
///
/// # Errors
/// [`BadRating`] where the levels do not fit the rubric.
pub fn capability(practice: &Practice, levels: &[u8]) -> Result<Capability, BadRating> {
    if levels.len() != practice.rubric.len() {
        return Err(BadRating::Count(levels.len(), practice.rubric.len()));
    }
    if let Some(level) = levels.iter().find(|level| !(1..=LEVELS).contains(&usize::from(**level))) {
        return Err(BadRating::Level(*level));
    }
    Ok(Capability::of(levels))
}

/// What came of it: `answered_after_days` and `days` count whole days since the walk was confirmed.
pub fn effect(follow_up: &FollowUp, days: u32, answered_after_days: Option<u32>, seconded: bool) -> Effect {
    match answered_after_days {
        Some(after) => Effect::Answered { late: after > follow_up.to_days, seconded },
        None if days < follow_up.from_days => Effect::Early(follow_up.from_days - days),
        None if days <= follow_up.to_days => Effect::Asked(follow_up.to_days - days),
        None => Effect::Overdue,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assessment::course::sample;

    #[test]
    fn knowledge_tells_right_from_right_at_first() {
        let answers = [(Some(true), true), (Some(true), false), (Some(false), false), (None, false)];
        assert_eq!(knowledge(answers), Knowledge { asked: 4, right: 2, at_first: 1 });
        assert_eq!(knowledge([]), Knowledge::default());
    }

    #[test]
    fn a_rating_fits_the_rubric_or_is_none() {
        let practice = sample().practice;
        assert_eq!(capability(&practice, &[4, 2, 3]), Ok(Capability { levels: vec![4, 2, 3], least: 2 }));
        assert_eq!(capability(&practice, &[4, 2]), Err(BadRating::Count(2, 3)));
        for level in [0, 5, u8::MAX] {
            assert_eq!(capability(&practice, &[1, level, 1]), Err(BadRating::Level(level)));
        }
    }

    #[test]
    fn effect_is_asked_for_between_two_days_and_taken_later_too() {
        let asked = |days, after, seconded| effect(&sample().follow_up, days, after, seconded);
        assert_eq!(asked(0, None, false), Effect::Early(30));
        assert_eq!(asked(29, None, false), Effect::Early(1));
        assert_eq!(asked(30, None, false), Effect::Asked(60));
        assert_eq!(asked(90, None, false), Effect::Asked(0));
        assert_eq!(asked(91, None, false), Effect::Overdue);
        assert_eq!(asked(400, Some(90), true), Effect::Answered { late: false, seconded: true });
        assert_eq!(asked(400, Some(91), false), Effect::Answered { late: true, seconded: false });
    }
}

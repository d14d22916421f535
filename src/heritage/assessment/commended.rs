//! Who is commended: whoever meets criteria that are published beforehand. A list, not a ranking: nobody stands above another.

use super::{Effect, Scores};
use crate::Bilingual;
use serde::{Deserialize, Serialize};

/// What a commendation asks for, each of the three scores by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criteria {
    /// Of the questions, answered rightly at the first attempt, per cent.
    pub at_first: u8,
    /// The level reached on every criterion of the rubric, 1 to 4.
    pub level: u8,
    /// The follow-up has been answered.
    pub follow_up: bool,
}

/// One criterion and how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// It is met.
    pub met: bool,
    /// In words, with the figures.
    pub text: Bilingual,
}

impl Criteria {
    /// The criteria in words, as they are published.
    pub fn texts(&self) -> Vec<Bilingual> {
        let Self { at_first, level, follow_up } = self;
        let mut texts = vec![
            Bilingual::new(
                format!("知识：首次作答答对的题不少于 {at_first}%"),
                format!("Knowledge: at least {at_first} % of the questions answered rightly at the first attempt"),
            ),
            Bilingual::new(
                format!("能力：评分量规的每一项都不低于 {level} 级"),
                format!("Capability: level {level} or above on every criterion of the rubric"),
            ),
        ];
        if *follow_up {
            texts.push(Bilingual::new("成效：已答复后续追问", "Effect: the follow-up has been answered"));
        }
        texts
    }
}

/// Whether somebody is commended, and why or why not. A score that is missing meets nothing.
pub fn commended(criteria: &Criteria, scores: &Scores) -> (bool, Vec<Standing>) {
    let known = scores.knowledge;
    let is_known = known.asked > 0 && known.at_first * 100 >= known.asked * usize::from(criteria.at_first);
    let mut standings = vec![Standing {
        met: is_known,
        text: Bilingual::new(
            format!("首次答对 {}/{} 题", known.at_first, known.asked),
            format!("{} of {} questions right at the first attempt", known.at_first, known.asked),
        ),
    }];
    let least = scores.capability.as_ref().map_or(0, |capability| capability.least);
    standings.push(Standing {
        met: least >= criteria.level && least > 0,
        text: match least {
            0 => Bilingual::new("实践尚未评定", "the practice is not rated yet"),
            least => Bilingual::new(format!("量规各项最低 {least} 级"), format!("least level of the rubric: {least}")),
        },
    });
    if criteria.follow_up {
        let met = matches!(scores.effect, Some(Effect::Answered { .. }));
        let (zh, en) = if met {
            ("已答复后续追问", "follow-up answered")
        } else {
            ("尚未答复后续追问", "follow-up not answered")
        };
        standings.push(Standing { met, text: Bilingual::new(zh, en) });
    }
    (standings.iter().all(|standing| standing.met), standings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assessment::{Capability, Knowledge};

    fn scores(at_first: usize, least: Option<u8>, effect: Option<Effect>) -> Scores {
        let capability = least.map(|least| Capability { levels: vec![least, 4, 4], least });
        Scores { knowledge: Knowledge { asked: 8, right: 8, at_first }, capability, effect }
    }

    #[test]
    fn each_score_has_to_reach_its_own_criterion() {
        let criteria = Criteria { at_first: 75, level: 3, follow_up: true };
        let answered = Some(Effect::Answered { late: true, seconded: false });
        for (scores, met) in [
            (scores(6, Some(3), answered), [true, true, true]),
            (scores(8, Some(4), answered), [true, true, true]),
            (scores(5, Some(4), answered), [false, true, true]),
            (scores(8, Some(2), answered), [true, false, true]),
            (scores(8, None, answered), [true, false, true]),
            (scores(8, Some(4), Some(Effect::Asked(3))), [true, true, false]),
            (scores(0, None, None), [false, false, false]),
        ] {
            let (is_commended, standings) = commended(&criteria, &scores);
            assert_eq!(standings.iter().map(|standing| standing.met).collect::<Vec<_>>(), met, "{scores:?}");
            assert_eq!(is_commended, met.iter().all(|met| *met));
        }
        let (without, standings) = commended(&Criteria { follow_up: false, ..criteria }, &scores(6, Some(3), None));
        assert!(without && standings.len() == 2);
        let nothing = Scores { knowledge: Knowledge::default(), ..scores(0, Some(4), None) };
        assert!(!commended(&Criteria { at_first: 0, level: 1, follow_up: false }, &nothing).0, "nothing was asked");
    }
}

//! The recall question of a station. The key is kept apart: only the service ever holds it.

use crate::{Bilingual, SourceId, StationId};
use serde::{Deserialize, Serialize};

/// How many answers a question offers.
pub const CHOICES: std::ops::RangeInclusive<usize> = 3..=4;

/// What a learner is asked; safe to publish. Read from JSON only with [`CHOICES`] different answers, or with none while it is still unwritten.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "ReadQuestion")]
pub struct Question {
    /// The station that asks.
    pub station: StationId,
    /// The question.
    pub prompt: Bilingual,
    /// Three or four answers; none while the question is unwritten.
    pub choices: Vec<Bilingual>,
}

/// Why what was read is no question.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadQuestion {
    /// Too few or too many answers.
    #[error("the question of {0} has {1} choices: give three or four")]
    Count(StationId, usize),
    /// Two answers that a learner cannot tell apart.
    #[error("choice {1} of the question of {0} says what another says")]
    Double(StationId, usize),
}

/// A question as it stands in JSON, before it is judged.
#[derive(Deserialize)]
struct ReadQuestion {
    station: StationId,
    prompt: Bilingual,
    choices: Vec<Bilingual>,
}

impl TryFrom<ReadQuestion> for Question {
    type Error = BadQuestion;
    fn try_from(ReadQuestion { station, prompt, choices }: ReadQuestion) -> Result<Self, BadQuestion> {
        if !choices.is_empty() && !CHOICES.contains(&choices.len()) {
            return Err(BadQuestion::Count(station, choices.len()));
        }
        if let Some(number) = doubled(&choices) {
            return Err(BadQuestion::Double(station, number));
        }
        Ok(Self { station, prompt, choices })
    }
}

/// The number, from 1, of the first choice that repeats an earlier one in either language.
pub(crate) fn doubled(choices: &[Bilingual]) -> Option<usize> {
    let repeats = |(index, choice): (usize, &Bilingual)| {
        let earlier = choices.iter().take(index);
        earlier.into_iter().any(|other| other.zh == choice.zh || other.en == choice.en).then_some(index + 1)
    };
    choices.iter().enumerate().find_map(repeats)
}

/// What makes an answer right; never sent before an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// The station whose question this answers.
    pub station: StationId,
    /// Index into [`Question::choices`], from 0.
    pub choice: u8,
    /// Why, in words.
    pub explanation: Bilingual,
    /// What the explanation rests on.
    pub source: SourceId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_that_cannot_be_answered_never_arrives_by_json() {
        let read = |choices: &str| {
            let text = format!(r#"{{"station":"deck","prompt":{{"zh":"问","en":"q"}},"choices":[{choices}]}}"#);
            serde_json::from_str::<Question>(&text).map_err(|error| error.to_string())
        };
        let choice = |n: u8| format!(r#"{{"zh":"{n}","en":"{n}"}}"#);
        let choices = |all: &[u8]| all.iter().map(|n| choice(*n)).collect::<Vec<_>>().join(",");
        assert!(read(&choices(&[1, 2, 3])).is_ok() && read(&choices(&[1, 2, 3, 4])).is_ok() && read("").is_ok());
        for (all, fault) in [(&[1_u8, 2][..], "2 choices"), (&[1, 2, 3, 4, 5], "5 choices"), (&[1, 2, 1], "choice 3")] {
            assert!(read(&choices(all)).is_err_and(|error| error.contains(fault)), "{all:?}");
        }
    }
}

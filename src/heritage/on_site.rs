//! The question that only the place itself answers. What is asked and what answers it stay with the service.

use crate::{Bilingual, SourceId, StationId};
use serde::{Deserialize, Serialize};

/// A question to be answered from what can be seen at a station. No part of it is published: the service asks it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnSite {
    /// The station that asks.
    pub station: StationId,
    /// The question.
    pub prompt: Bilingual,
    /// Every way of writing the right answer, at least one.
    pub answers: Vec<String>,
    /// Who says that this is to be seen there.
    pub source: SourceId,
}

impl OnSite {
    /// Whether an answer is right, however it is spaced, cased or punctuated.
    pub fn is_right(&self, answer: &str) -> bool {
        let answer = plain(answer);
        !answer.is_empty() && self.answers.iter().any(|right| plain(right) == answer)
    }
}

/// A text as answers are compared: letters and digits alone, in lower case, full-width ones as their narrow twins.
pub fn plain(text: &str) -> String {
    let narrow = |c: char| match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    };
    text.chars().map(narrow).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_right_however_it_is_written() {
        let asked = OnSite {
            station: StationId::new("gate").expect("a name"),
            prompt: Bilingual::new("门上几枚钉？", "How many nails?"),
            answers: vec!["四十九".to_owned(), "49 nails".to_owned(), "49".to_owned()],
            source: SourceId::new("book").expect("a name"),
        };
        for right in ["49", " ４９ ", "四十九", "四十九。", "49 NAILS", "49-nails!"] {
            assert!(asked.is_right(right), "{right}");
        }
        for wrong in ["", "  ", "。", "4", "490", "四十", "forty-nine", "49 nails 50"] {
            assert!(!asked.is_right(wrong), "{wrong}");
        }
    }
}

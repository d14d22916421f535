//! The recall question of a station. The key is kept apart: only the service ever holds it.

use crate::{Bilingual, SourceId, StationId};
use serde::{Deserialize, Serialize};

/// What a learner is asked; safe to publish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The station that asks.
    pub station: StationId,
    /// The question.
    pub prompt: Bilingual,
    /// Three or four answers.
    pub choices: Vec<Bilingual>,
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

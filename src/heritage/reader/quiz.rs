//! `quiz/<station>.toml`: the recall question, parted into what is asked and what is kept apart.

use super::sheet::{Gathered, Sheet};
use crate::quiz::{CHOICES, doubled};
use crate::{Key, Question, StationId};

pub(super) fn read(file: &str, text: &str, station: &StationId) -> (Question, Option<Key>, Gathered) {
    let sheet = Sheet::new(file, text);
    let parsed = sheet.parse();
    let root = sheet.root(&parsed);
    let prompt = root.bilingual("prompt");
    let choices = root.bilinguals("choices");
    if !CHOICES.contains(&choices.len()) {
        sheet.find(root.line_of("choices"), format!("{} choices", choices.len()), "give three or four");
    }
    if let Some(number) = doubled(&choices) {
        let what = format!("choice {number} says what another says");
        sheet.find(root.line_of("choices"), what, "make every choice different in both languages");
    }
    let right = root.whole("right");
    let choice = right.and_then(|right| u8::try_from(right).ok()).filter(|right| usize::from(*right) < choices.len());
    if let (Some(right), None) = (right, choice) {
        let what = format!("right = {right}, but there are {} choices", choices.len());
        sheet.find(root.line_of("right"), what, "count the choices from 0");
    }
    let explanation = root.bilingual("explanation");
    let source = root.source("source");
    root.finish();
    let key = choice.zip(source).map(|(choice, source)| Key { station: station.clone(), choice, explanation, source });
    (Question { station: station.clone(), prompt, choices }, key, sheet.close())
}

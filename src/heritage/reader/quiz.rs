//! `quiz/<station>.toml`: the recall question, parted into what is asked and what is kept apart.

use super::sheet::{Gathered, Sheet};
use crate::{Key, Question, StationId};

pub(super) fn read(file: &str, text: &str, station: &StationId) -> (Question, Option<Key>, Gathered) {
    let sheet = Sheet::new(file, text);
    let parsed = sheet.parse();
    let root = sheet.root(&parsed);
    let prompt = root.bilingual("prompt");
    let choices = root.bilinguals("choices");
    if !(3..=4).contains(&choices.len()) {
        sheet.find(root.line_of("choices"), format!("{} choices", choices.len()), "give three or four");
    }
    for (index, choice) in choices.iter().enumerate() {
        if choices.iter().take(index).any(|other| other.zh == choice.zh || other.en == choice.en) {
            sheet.find(
                root.line_of("choices"),
                format!("choice {} says what another says", index + 1),
                "make every choice different in both languages",
            );
        }
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

//! `on-site/<station>.toml`: the question that only the place answers. All of it stays with the service.

use super::sheet::{Gathered, Sheet};
use crate::on_site::{OnSite, plain};
use crate::{Lang, Station};

/// Answers as short as this stand in any text; longer ones may stand in none that visitors are told.
const SHORT: usize = 1;

pub(super) fn read(file: &str, text: &str, station: &Station, told: &[Station]) -> (Option<OnSite>, Gathered) {
    let sheet = Sheet::new(file, text);
    let parsed = sheet.parse();
    let root = sheet.root(&parsed);
    let prompt = root.bilingual("prompt");
    let answers = root.texts("answers");
    let source = root.source("source");
    let line = root.line_of("answers");
    root.finish();
    let plains: Vec<String> = answers.iter().map(|answer| plain(answer)).collect();
    for (index, (answer, written)) in plains.iter().zip(&answers).enumerate() {
        if answer.is_empty() {
            sheet.find(
                line,
                format!("the answer `{written}` has no letter and no digit"),
                "write what a visitor types",
            );
        } else if plains.iter().take(index).any(|earlier| earlier == answer) {
            let remedy = "case, spaces and punctuation do not matter; leave one of them out";
            sheet.find(line, format!("the answer `{written}` is there already"), remedy);
        } else if let Some(place) = gives_away(answer, &plain(&prompt.zh), &plain(&prompt.en), told) {
            let remedy = "ask for something that is to be seen at the place and told nowhere here";
            sheet.find(line, format!("the answer `{written}` stands in {place}"), remedy);
        }
    }
    let asked = source.filter(|_| !plains.is_empty()).map(|source| OnSite {
        station: station.id.clone(),
        prompt,
        answers,
        source,
    });
    (asked, sheet.close())
}

/// Where an answer can be read without being there.
fn gives_away(answer: &str, zh: &str, en: &str, told: &[Station]) -> Option<String> {
    if zh.contains(answer) || en.contains(answer) {
        return Some("its own question".to_owned());
    }
    if answer.chars().count() <= SHORT {
        return None;
    }
    let points = told.iter().flat_map(|station| &station.points);
    let gives = |claims: &[crate::Claim]| claims.iter().any(|claim| plain(&claim.text).contains(answer));
    let mut giving = points.filter(|point| Lang::ALL.iter().any(|lang| gives(point.claims(*lang))));
    giving.next().map(|point| format!("the story of `{}`", point.id))
}

//! Stories: paragraphs of claims, each claim closed by its mark `[source grade]`.

use super::sheet::{Gathered, Sheet};
use crate::{Claim, Grade, Lang, SourceId};
use std::ops::RangeInclusive;

/// How long a story may be: Chinese characters without punctuation, or English words.
pub(super) const LENGTH: RangeInclusive<usize> = 80..=200;

/// Signs that begin a line of markup; stories are plain paragraphs.
const MARKUP: [char; 5] = ['#', '>', '<', '*', '-'];

/// The claims of one story in telling order, and what is wrong with them.
pub(super) fn read(file: &str, text: &str, lang: Lang) -> (Vec<Claim>, Gathered) {
    let sheet = Sheet::new(file, text);
    let mut teller = Teller { sheet: &sheet, lang, said: String::new(), begun: 0, claims: Vec::new() };
    for (index, line) in text.strip_prefix('\u{feff}').unwrap_or(text).lines().enumerate() {
        teller.line(line.trim(), index + 1);
    }
    teller.paragraph_ends();
    let claims = teller.claims;
    let told: usize = claims.iter().map(|claim| length(&claim.text, lang)).sum();
    if !LENGTH.contains(&told) {
        let unit = if lang == Lang::Zh { "characters" } else { "words" };
        let (least, most) = (LENGTH.start(), LENGTH.end());
        sheet.find(
            0,
            format!("the story has {told} {unit}"),
            format!("write {least} to {most}, punctuation and marks not counted"),
        );
    }
    (claims, sheet.close())
}

/// Characters of a Chinese text without punctuation, words of an English one.
pub(super) fn length(text: &str, lang: Lang) -> usize {
    match lang {
        Lang::Zh => text.chars().filter(|c| c.is_alphanumeric()).count(),
        Lang::En => text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count(),
    }
}

struct Teller<'s, 't> {
    sheet: &'s Sheet<'t>,
    lang: Lang,
    /// Sentences that wait for their mark.
    said: String,
    /// The line at which they begin.
    begun: usize,
    claims: Vec<Claim>,
}

impl Teller<'_, '_> {
    fn line(&mut self, line: &str, number: usize) {
        if line.is_empty() {
            return self.paragraph_ends();
        }
        if line.starts_with(MARKUP) {
            self.sheet.find(number, "a line of markup", "write plain paragraphs; the heading stands in site.toml");
            return;
        }
        let mut rest = line;
        while let Some((before, after)) = rest.split_once('[') {
            self.say(before, number);
            let Some((mark, after)) = after.split_once(']') else {
                self.sheet.find(number, "a mark is not closed", "close it with ] on the same line");
                return;
            };
            self.mark(mark, number);
            rest = after;
        }
        self.say(rest, number);
    }

    fn say(&mut self, text: &str, number: usize) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        if self.said.is_empty() {
            self.begun = number;
        } else if self.lang == Lang::En {
            // Lines of one paragraph are joined; Chinese needs no space between them.
            self.said.push(' ');
        }
        self.said.push_str(text);
    }

    fn mark(&mut self, mark: &str, number: usize) {
        let text = std::mem::take(&mut self.said);
        let mut words = mark.split_whitespace();
        let source = words.next().and_then(|word| SourceId::new(word).ok());
        let grade = words.next().and_then(Grade::from_code);
        let (Some(source), Some(grade), None) = (source, grade, words.next()) else {
            let remedy = "write [source-id grade], the grade being attested, restored, rebuilt, conjecture or own";
            self.sheet.find(number, format!("the mark [{mark}] cannot be read"), remedy);
            return;
        };
        self.sheet.cite(&source, Some(grade), number);
        if text.is_empty() {
            self.sheet.find(
                number,
                format!("the mark [{mark}] has no sentence"),
                "write the claim before it, or remove it",
            );
            return;
        }
        self.claims.push(Claim { text, source, grade });
    }

    fn paragraph_ends(&mut self) {
        if !self.said.is_empty() {
            let begin: String = self.said.chars().take(16).collect();
            self.said.clear();
            let remedy = "end it with its mark, as in [tmwt attested]";
            self.sheet.find(self.begun, format!("“{begin}…” has no source"), remedy);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_told_with_their_marks() {
        let text = "泸定桥净跨\n一百米。[tmwt attested]\n下垂未定；\n本站取三米。[model conjecture]\n\n桥在西岸。[enwiki attested]\n";
        let (claims, gathered) = read("stories/zh/x.md", text, Lang::Zh);
        assert_eq!(claims.len(), 3);
        assert_eq!(claims[0].text, "泸定桥净跨一百米。");
        assert_eq!(claims[1].grade, Grade::History(crate::Certainty::Conjecture));
        assert_eq!(gathered.citations.iter().map(|cited| cited.line).collect::<Vec<_>>(), [2, 4, 6]);
        assert_eq!(gathered.findings.len(), 1, "only its length: {:?}", gathered.findings);
    }

    #[test]
    fn each_fault_is_found_at_its_line() {
        let text = "# Heading\nNo mark here.\n\n[tmwt attested]\nSure. [tmwt certain]\nOpen [tmwt\n\nToo. [tmwt attested today]";
        let (claims, gathered) = read("stories/en/x.md", text, Lang::En);
        assert!(claims.is_empty());
        let lines: Vec<usize> = gathered.findings.iter().map(|finding| finding.line).collect();
        assert_eq!(lines, [1, 2, 4, 5, 6, 6, 8, 0]);
    }

    #[test]
    fn length_counts_what_is_read_aloud() {
        assert_eq!(length("净跨100米（约）。", Lang::Zh), 7);
        assert_eq!(length("A span of 100 metres — no more.", Lang::En), 7);
    }
}

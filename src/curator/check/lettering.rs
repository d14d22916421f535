//! Lettering: only letters that every reader's own fonts have. Panels in a headset are lettered with the fonts of whatever
//! device a hall has, and a letter that is missing there is a box where a name should be.

use super::Desk;
use crate::library::Held;

/// Letters that a reader sees: what Latin fonts and those of GB/T 2312's and GB 18030's first plane have in common on every
/// system that has Chinese at all.
const fn is_common(letter: char) -> bool {
    matches!(letter,
        '\n' | '\r' | '\t' | ' '..='~' | '\u{a0}'..='\u{ff}'
        | '–' | '—' | '‘' | '’' | '“' | '”' | '•' | '…' | '‰' | '′' | '″' | '℃' | '№' | 'Ⅰ'..='Ⅻ' | '←'..='↓' | '−' | '≈' | '≤' | '≥'
        | '①'..='⑩' | '、'..='〗' | 'ā' | 'ǎ' | 'ē' | 'ě' | 'ī' | 'ǐ' | 'ō' | 'ǒ' | 'ū' | 'ǔ' | 'ǖ' | 'ǘ' | 'ǚ' | 'ǜ'
        | '\u{4e00}'..='\u{9fa5}' | '！'..='～' | '￥')
}

pub(super) fn judge(held: &Held, desk: &mut Desk<'_>) {
    for (file, text) in &held.texts {
        for (index, line) in text.lines().enumerate() {
            if let Some(letter) = line.chars().find(|letter| !is_common(*letter)) {
                desk.lay(
                    file,
                    index + 1,
                    format!("“{letter}” (U+{:04X}) is not in the fonts of every device", u32::from(letter)),
                    "write it with a common letter, or describe it in words; in a headset it would be an empty box",
                );
            }
        }
    }
}

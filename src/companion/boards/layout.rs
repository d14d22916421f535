//! Layout: where the text of a panel, a caption or a label comes to stand on its board. Pixels; 30 of them to a degree.

use crate::platform::lettering::{Fill, Style, Words};
use protocol::bridge::Panel;

/// Pixels to a degree of view.
pub(super) const PX_PER_DEGREE: f32 = 30.0;

const PAPER: [u8; 3] = [0xF6, 0xF1, 0xE7];
const INK: [u8; 3] = [0x1F, 0x1B, 0x16];
const QUIET: [u8; 3] = [0x56, 0x4F, 0x46];
/// Deeper than the page's, since letters here are read through a lens.
const CINNABAR: [u8; 3] = [0x8E, 0x1F, 0x17];
const EDGE: [u8; 3] = [0xCF, 0xC5, 0xB2];
const NIGHT: [u8; 3] = [0x1B, 0x1A, 0x18];

const HEAD: Style = Style { size_px: 54, is_head: true };
const BODY: Style = Style { size_px: 42, is_head: false };
const ASIDE: Style = Style { size_px: 36, is_head: false };
const BUTTON: Style = Style { size_px: 42, is_head: false };
/// A caption's letters stand 1.5° high, so that what is inked of them is 1.3°.
const CAPTION: Style = Style { size_px: 46, is_head: false };

const PANEL_PX: [f32; 2] = [1080.0, 900.0];
const MARGIN_PX: f32 = 56.0;
const BUTTON_HIGH_PX: f32 = 92.0;
const BUTTON_GAP_PX: f32 = 18.0;
const CAPTION_WIDE_PX: f32 = 1200.0;
/// Line to line, in ems.
const LEADING: f32 = 1.45;

/// Names of the buttons that turn leaves; the page never hears of them.
pub(super) const ON: &str = "leaf-on";
pub(super) const BACK: &str = "leaf-back";

/// A text laid out on a board.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Laid {
    pub size_px: [f32; 2],
    pub fills: Vec<Fill>,
    pub words: Vec<Words>,
    /// Each with its place: left, top, width, height.
    pub buttons: Vec<(String, [f32; 4])>,
    pub leaves: usize,
}

/// Width of a text.
pub(super) type Measure<'a> = &'a dyn Fn(&str, Style) -> f32;

/// What may not begin a line, and what may not end one (after GB/T 15834).
const NOT_FIRST: &str = "，。、；：？！）》”’〉】…—·,.;:?!)]%°";
const NOT_LAST: &str = "（《“‘〈【([";

fn is_han(letter: char) -> bool {
    letter >= '\u{2e80}'
}

/// Breaks a text into lines no wider than `wide_px`.
pub(super) fn lines(text: &str, style: Style, wide_px: f32, measure: Measure) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(text) {
        let longer = format!("{line}{piece}");
        if line.is_empty() || measure(longer.trim_end(), style) <= wide_px {
            line = longer;
        } else {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            piece.trim_start().clone_into(&mut line);
        }
        // A word without an end, such as an address, is cut wherever it must be.
        while measure(line.trim_end(), style) > wide_px && line.chars().count() > 1 {
            let mut head = String::new();
            for letter in line.chars() {
                if !head.is_empty() && measure(&format!("{head}{letter}"), style) > wide_px {
                    break;
                }
                head.push(letter);
            }
            line = line[head.len()..].to_owned();
            lines.push(head);
        }
    }
    if !line.trim().is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// The smallest pieces between which a line may be broken.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    for letter in text.chars() {
        let joined = before.is_some_and(|before| {
            NOT_FIRST.contains(letter)
                || NOT_LAST.contains(before)
                || (!is_han(letter) && !is_han(before) && (letter == ' ' || before != ' '))
        });
        match pieces.last_mut() {
            Some(piece) if joined => piece.push(letter),
            _ => pieces.push(letter.to_string()),
        }
        before = Some(letter);
    }
    pieces
}

/// Lays out one leaf of a panel, counted from 0; one beyond the last is the last.
pub(super) fn panel(panel: &Panel, leaf: usize, measure: Measure) -> Laid {
    let [wide, high] = PANEL_PX;
    let inner = wide - 2.0 * MARGIN_PX;
    let rows = button_rows(panel, inner, measure);
    let heads = lines(&panel.title, HEAD, inner, measure);
    let top = MARGIN_PX + heads.len() as f32 * HEAD.size_px as f32 * 1.3 + 24.0;
    let body_high = |rows: usize| high - top - MARGIN_PX - rows as f32 * (BUTTON_HIGH_PX + BUTTON_GAP_PX);
    let text: Vec<(String, Style, f32)> = panel
        .lines
        .iter()
        .flat_map(|line| {
            let style = if line.aside { ASIDE } else { BODY };
            let mut broken: Vec<_> = lines(&line.text, style, inner, measure)
                .into_iter()
                .map(|text| (text, style, style.size_px as f32 * LEADING))
                .collect();
            if let Some(last) = broken.last_mut() {
                last.2 += style.size_px as f32 * 0.5;
            }
            broken
        })
        .collect();
    let mut split = leaves(&text, body_high(rows.len()));
    // A row to turn the leaves by, where there is more than one.
    if split.len() > 1 {
        split = leaves(&text, body_high(rows.len() + 1));
    }
    let leaf = leaf.min(split.len().saturating_sub(1));
    let mut laid = Laid { size_px: PANEL_PX, leaves: split.len(), ..Laid::default() };
    laid.fills.push(Fill { place_px: [0.0, 0.0, wide, high], round_px: 0.0, colour: EDGE });
    laid.fills.push(Fill { place_px: [4.0, 4.0, wide - 8.0, high - 8.0], round_px: 0.0, colour: PAPER });
    laid.fills.push(Fill { place_px: [4.0, 4.0, wide - 8.0, 12.0], round_px: 0.0, colour: CINNABAR });
    let mut down = MARGIN_PX;
    for head in heads {
        down += HEAD.size_px as f32 * 1.3;
        laid.words.push(Words { text: head, at_px: [MARGIN_PX, down - 14.0], style: HEAD, colour: INK });
    }
    let mut down = top;
    for (text, style, step) in split.get(leaf).map_or(&[][..], |range| &text[range.clone()]) {
        let colour = if *style == ASIDE { QUIET } else { INK };
        let at_px = [MARGIN_PX, down + style.size_px as f32];
        laid.words.push(Words { text: text.clone(), at_px, style: *style, colour });
        down += step;
    }
    let mut rows = rows;
    if laid.leaves > 1 {
        let turn = |id: &str, label: String| (id.to_owned(), label, false);
        let mut row = vec![];
        if leaf > 0 {
            row.push(turn(BACK, "←".to_owned()));
        }
        if leaf + 1 < laid.leaves {
            row.push(turn(ON, format!("{}/{} →", leaf + 1, laid.leaves)));
        }
        rows.insert(0, row);
    }
    buttons(&mut laid, &rows, measure);
    laid
}

/// Which lines go on which leaf.
fn leaves(text: &[(String, Style, f32)], high: f32) -> Vec<std::ops::Range<usize>> {
    let mut leaves = Vec::new();
    let (mut first, mut filled) = (0, 0.0);
    for (index, (.., step)) in text.iter().enumerate() {
        if filled + step > high && index > first {
            leaves.push(first..index);
            (first, filled) = (index, 0.0);
        }
        filled += step;
    }
    leaves.push(first..text.len());
    leaves
}

type Row = Vec<(String, String, bool)>;

fn button_px(label: &str, measure: Measure) -> f32 {
    (measure(label, BUTTON) + 72.0).max(200.0)
}

fn button_rows(panel: &Panel, inner: f32, measure: Measure) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut used = f32::INFINITY;
    for button in &panel.buttons {
        let wide = button_px(&button.label, measure).min(inner);
        if used + wide > inner {
            rows.push(Row::new());
            used = 0.0;
        }
        used += wide + BUTTON_GAP_PX;
        if let Some(row) = rows.last_mut() {
            row.push((button.id.clone(), button.label.clone(), button.on));
        }
    }
    rows
}

/// Rows of buttons, the last at the foot of the board.
fn buttons(laid: &mut Laid, rows: &[Row], measure: Measure) {
    let [wide, high] = laid.size_px;
    let inner = wide - 2.0 * MARGIN_PX;
    let mut up = high - MARGIN_PX + BUTTON_GAP_PX - rows.len() as f32 * (BUTTON_HIGH_PX + BUTTON_GAP_PX);
    for row in rows {
        let mut along = MARGIN_PX;
        for (id, label, on) in row {
            let (background, ink) = if *on { (CINNABAR, PAPER) } else { (EDGE, INK) };
            let shown = lines(label, BUTTON, inner - 60.0, measure).into_iter().next().unwrap_or_default();
            let own = button_px(&shown, measure).min(inner);
            let place_px = [along, up, own, BUTTON_HIGH_PX];
            laid.fills.push(Fill { place_px, round_px: 10.0, colour: background });
            let at_px = [along + (own - measure(&shown, BUTTON)) / 2.0, up + BUTTON_HIGH_PX / 2.0 + 15.0];
            laid.words.push(Words { text: shown, at_px, style: BUTTON, colour: ink });
            laid.buttons.push((id.clone(), place_px));
            along += own + BUTTON_GAP_PX;
        }
        up += BUTTON_HIGH_PX + BUTTON_GAP_PX;
    }
}

/// Lays out a caption: light on dark, as wide as it needs.
pub(super) fn caption(text: &str, measure: Measure) -> Laid {
    plate(text, CAPTION, CAPTION_WIDE_PX, NIGHT, PAPER, measure)
}

/// Lays out the way to the menu: one button that is all of its board.
pub(super) fn menu(text: &str, measure: Measure) -> Laid {
    let mut laid = plate(text, BUTTON, CAPTION_WIDE_PX, PAPER, INK, measure);
    let [wide, high] = laid.size_px;
    laid.buttons.push((super::MENU_ID.to_owned(), [0.0, 0.0, wide, high]));
    laid
}

/// Lays out the label of a mark: dark on light.
pub(super) fn label(text: &str, measure: Measure) -> Laid {
    plate(text, BODY, CAPTION_WIDE_PX, PAPER, INK, measure)
}

fn plate(text: &str, style: Style, most: f32, background: [u8; 3], ink: [u8; 3], measure: Measure) -> Laid {
    let broken = lines(text, style, most - 64.0, measure);
    let widest = broken.iter().map(|line| measure(line, style)).fold(0.0, f32::max);
    let step = style.size_px as f32 * LEADING;
    let (wide, high) = ((widest + 64.0).ceil(), (broken.len() as f32 * step + 36.0).ceil());
    let mut laid = Laid { size_px: [wide, high], leaves: 1, ..Laid::default() };
    laid.fills.push(Fill { place_px: [0.0, 0.0, wide, high], round_px: 0.0, colour: background });
    for (index, text) in broken.into_iter().enumerate() {
        let at_px = [(wide - measure(&text, style)) / 2.0, 18.0 + index as f32 * step + style.size_px as f32 * 1.1];
        laid.words.push(Words { text, at_px, style, colour: ink });
    }
    laid
}

#[cfg(test)]
#[path = "layout_tests.rs"]
mod tests;

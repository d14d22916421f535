//! Layout: where the text of a panel, a caption or a label comes to stand on its board. Pixels; 30 of them to a degree.

use crate::platform::lettering::{Fill, Style, Words};
use protocol::bridge::{Button, Panel, Stop};

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

/// A panel is as high as this, or higher where its buttons need it.
const PANEL_PX: [f32; 2] = [1080.0, 900.0];
/// The least of its height that is text: a few lines, however many buttons there are.
const TEXT_HIGH_PX: f32 = 150.0;
const MARGIN_PX: f32 = 56.0;
const BUTTON_HIGH_PX: f32 = 92.0;
const BUTTON_GAP_PX: f32 = 18.0;
/// Beside a button's label, both sides together.
const BUTTON_ROOM_PX: f32 = 72.0;
/// A station on the plan, from its middle.
const STOP_PX: f32 = 27.0;
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

/// Lays out one leaf of a panel, counted from 0; one beyond the last is the last. It is no lower than `least_px`: a panel
/// that changes while it is read keeps its foot, and the buttons there, where they are.
pub(super) fn panel(panel: &Panel, leaf: usize, least_px: f32, measure: Measure) -> Laid {
    let wide = PANEL_PX[0];
    let inner = wide - 2.0 * MARGIN_PX;
    let mut rows = rows(panel.buttons.iter().map(|button| pressable(button, inner, measure)), inner);
    let heads = lines(&panel.title, HEAD, inner, measure);
    let head_high = heads.len() as f32 * HEAD.size_px as f32 * 1.3 + 24.0;
    let plan = plan(&panel.plan, [MARGIN_PX, MARGIN_PX + head_high], inner);
    let top = MARGIN_PX + head_high + plan.high_px;
    let turning_high = BUTTON_HIGH_PX + BUTTON_GAP_PX;
    let foot = |rows: &[Row]| MARGIN_PX + rows.iter().map(|row| row.high_px + BUTTON_GAP_PX).sum::<f32>();
    let text_high = if panel.lines.is_empty() { 0.0 } else { TEXT_HIGH_PX + turning_high };
    let high = PANEL_PX[1].max(least_px).max(top + text_high + foot(&rows));
    let body_high = high - top - foot(&rows);
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
    let mut split = leaves(&text, body_high);
    // A row to turn the leaves by, where there is more than one.
    if split.len() > 1 {
        split = leaves(&text, body_high - turning_high);
    }
    let leaf = leaf.min(split.len().saturating_sub(1));
    let mut laid = Laid { size_px: [wide, high], leaves: split.len(), ..Laid::default() };
    laid.fills.push(Fill { place_px: [0.0, 0.0, wide, high], round_px: 0.0, colour: EDGE });
    laid.fills.push(Fill { place_px: [4.0, 4.0, wide - 8.0, high - 8.0], round_px: 0.0, colour: PAPER });
    laid.fills.push(Fill { place_px: [4.0, 4.0, wide - 8.0, 12.0], round_px: 0.0, colour: CINNABAR });
    let mut down = MARGIN_PX;
    for head in heads {
        down += HEAD.size_px as f32 * 1.3;
        laid.words.push(Words { text: head, at_px: [MARGIN_PX, down - 14.0], style: HEAD, colour: INK });
    }
    laid.fills.extend(plan.fills);
    laid.words.extend(plan.words);
    let mut down = top;
    for (text, style, step) in split.get(leaf).map_or(&[][..], |range| &text[range.clone()]) {
        let colour = if *style == ASIDE { QUIET } else { INK };
        let at_px = [MARGIN_PX, down + style.size_px as f32];
        laid.words.push(Words { text: text.clone(), at_px, style: *style, colour });
        down += step;
    }
    if laid.leaves > 1 {
        let turn = |id: &str, label: String| Button { id: id.to_owned(), label, ..Button::default() };
        let back = (leaf > 0).then(|| turn(BACK, "←".to_owned()));
        let on = (leaf + 1 < laid.leaves).then(|| turn(ON, format!("{}/{} →", leaf + 1, laid.leaves)));
        let turning = back.into_iter().chain(on).map(|button| pressable(&button, inner, measure));
        rows.splice(0..0, self::rows(turning, inner));
    }
    buttons(&mut laid, rows, measure);
    laid
}

/// A plan laid out, and how much of the board's height it takes.
#[derive(Default)]
struct Plan {
    fills: Vec<Fill>,
    words: Vec<Words>,
    high_px: f32,
}

/// The route seen from above, north up and as wide as the board: a numbered disc for each station, dots from one to the next.
fn plan(stops: &[Stop], [left, top]: [f32; 2], inner: f32) -> Plan {
    let of = |part: fn(&Stop) -> f64| {
        let each = || stops.iter().map(part);
        (each().fold(f64::INFINITY, f64::min), each().fold(f64::NEG_INFINITY, f64::max))
    };
    let ((west, east), (south, north)) = (of(|stop| stop.east_m), of(|stop| stop.north_m));
    if stops.is_empty() {
        return Plan::default();
    }
    let room = inner - 2.0 * STOP_PX;
    // Never higher than a third of its width, however the route runs.
    let px_per_m = (room / (east - west).max(1.0) as f32).min(room / 3.0 / (north - south).max(1.0) as f32);
    let at = |stop: &Stop| {
        let across = (stop.east_m - f64::midpoint(west, east)) as f32 * px_per_m;
        [left + inner / 2.0 + across, top + STOP_PX + (north - stop.north_m) as f32 * px_per_m]
    };
    let disc =
        |[x, y]: [f32; 2], r: f32, colour| Fill { place_px: [x - r, y - r, 2.0 * r, 2.0 * r], round_px: r, colour };
    let mut plan = Plan { high_px: (north - south) as f32 * px_per_m + 2.0 * STOP_PX + 30.0, ..Plan::default() };
    for pair in stops.windows(2) {
        let [from, to] = [at(&pair[0]), at(&pair[1])];
        let count = ((to[0] - from[0]).hypot(to[1] - from[1]) / 14.0).ceil().max(1.0);
        plan.fills.extend((1..count as usize).map(|dot| {
            let share = dot as f32 / count;
            disc([0, 1].map(|axis| from[axis] + (to[axis] - from[axis]) * share), 3.0, QUIET)
        }));
    }
    for (index, stop) in stops.iter().enumerate() {
        let middle = at(stop);
        let (ground, ink) = match (stop.here, stop.done) {
            (true, _) => (CINNABAR, PAPER),
            (false, true) => (INK, PAPER),
            (false, false) => (PAPER, INK),
        };
        plan.fills.extend([disc(middle, STOP_PX, INK), disc(middle, STOP_PX - 3.0, ground)]);
        let text = (index + 1).to_string();
        // Numerals are half as wide as they are high, near enough to stand in the middle of a disc.
        let wide = text.len() as f32 * ASIDE.size_px as f32 * 0.55;
        let at_px = [middle[0] - wide / 2.0, middle[1] + ASIDE.size_px as f32 * 0.36];
        plan.words.push(Words { text, at_px, style: ASIDE, colour: ink });
    }
    plan
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

/// A button with its label broken into lines.
struct Pressable {
    id: String,
    label: Vec<String>,
    on: bool,
    off: bool,
    size_px: [f32; 2],
}

/// Buttons beside one another.
#[derive(Default)]
struct Row {
    buttons: Vec<Pressable>,
    wide_px: f32,
    high_px: f32,
}

fn pressable(button: &Button, inner: f32, measure: Measure) -> Pressable {
    let label = lines(&button.label, BUTTON, inner - BUTTON_ROOM_PX, measure);
    let widest = label.iter().map(|line| measure(line, BUTTON)).fold(0.0, f32::max);
    let high = BUTTON_HIGH_PX + label.len().saturating_sub(1) as f32 * BUTTON.size_px as f32 * 1.3;
    let Button { id, on, off, alone, .. } = button.clone();
    // As wide as the board, it has its row to itself.
    let size_px = [if alone { inner } else { (widest + BUTTON_ROOM_PX).max(200.0) }, high];
    Pressable { id, label, on, off, size_px }
}

fn rows(buttons: impl Iterator<Item = Pressable>, inner: f32) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for button in buttons {
        let [wide, high] = button.size_px;
        let fits = |row: &&mut Row| row.wide_px + BUTTON_GAP_PX + wide <= inner;
        match rows.last_mut().filter(fits) {
            Some(row) => {
                row.wide_px += BUTTON_GAP_PX + wide;
                row.high_px = row.high_px.max(high);
                row.buttons.push(button);
            }
            None => rows.push(Row { wide_px: wide, high_px: high, buttons: vec![button] }),
        }
    }
    rows
}

/// Rows of buttons, the last at the foot of the board.
fn buttons(laid: &mut Laid, rows: Vec<Row>, measure: Measure) {
    let all: f32 = rows.iter().map(|row| row.high_px + BUTTON_GAP_PX).sum();
    let mut up = laid.size_px[1] - MARGIN_PX + BUTTON_GAP_PX - all;
    for row in rows {
        let mut along = MARGIN_PX;
        for Pressable { id, label, on, off, size_px: [own, _] } in row.buttons {
            let (background, ink) = match (on, off) {
                (_, true) => (PAPER, QUIET),
                (true, false) => (CINNABAR, PAPER),
                (false, false) => (EDGE, INK),
            };
            let place_px = [along, up, own, row.high_px];
            laid.fills.push(Fill { place_px, round_px: 10.0, colour: EDGE });
            let within = [along + 3.0, up + 3.0, own - 6.0, row.high_px - 6.0];
            laid.fills.push(Fill { place_px: within, round_px: 8.0, colour: background });
            let step = BUTTON.size_px as f32 * 1.3;
            let mut down = up + (row.high_px - step * label.len().saturating_sub(1) as f32) / 2.0 + 15.0;
            for text in label {
                let at_px = [along + (own - measure(&text, BUTTON)) / 2.0, down];
                laid.words.push(Words { text, at_px, style: BUTTON, colour: ink });
                down += step;
            }
            if !off {
                laid.buttons.push((id, place_px));
            }
            along += own + BUTTON_GAP_PX;
        }
        up += row.high_px + BUTTON_GAP_PX;
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

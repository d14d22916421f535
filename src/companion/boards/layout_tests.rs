//! Tests of layout, with letters as wide as `platform::lettering` takes them without a browser.

use super::*;
use crate::platform::lettering::width_px;
use protocol::bridge::{Button, Line};

fn told(text: &str) -> Line {
    Line { text: text.to_owned(), aside: false }
}

fn button(id: &str, label: &str) -> Button {
    Button { id: id.to_owned(), label: label.to_owned(), on: false }
}

/// Boxes lie on the board, and no two buttons on one another.
fn holds(laid: &Laid) {
    let [wide, high] = laid.size_px;
    for words in &laid.words {
        let [x, y] = words.at_px;
        let end = x + width_px(&words.text, words.style);
        assert!(x >= 0.0 && end <= wide + 0.5, "{words:?} ends at {end} of {wide}");
        assert!(y - words.style.size_px as f32 >= -1.0 && y <= high, "{words:?}");
    }
    for (index, (id, [x, y, w, h])) in laid.buttons.iter().enumerate() {
        assert!(*x >= 0.0 && x + w <= wide && *y >= 0.0 && y + h <= high, "{id}");
        for (_, [a, b, c, d]) in &laid.buttons[index + 1..] {
            assert!(a >= &(x + w) || &(a + c) <= x || b >= &(y + h) || &(b + d) <= y, "{id} is covered");
        }
        let words = laid.words.iter().filter(|words| words.at_px[1] > *y && words.at_px[1] < y + h);
        assert!(words.count() > 0, "{id} says nothing");
    }
}

#[test]
fn chinese_breaks_anywhere_but_before_its_stops() {
    let style = Style { size_px: 10, is_head: false };
    assert_eq!(lines("飞夺泸定桥，一九三五。", style, 50.0, &width_px), ["飞夺泸定", "桥，一九三", "五。"]);
    assert_eq!(lines("见《大渡河》书", style, 40.0, &width_px), ["见《大渡", "河》书"]);
}

#[test]
fn english_breaks_between_words_and_cuts_only_what_fits_no_line() {
    let style = Style { size_px: 10, is_head: false };
    assert_eq!(lines("thirteen iron chains", style, 60.0, &width_px), ["thirteen", "iron chains"]);
    let cut = lines("https://example.org/a/long/address", style, 60.0, &width_px);
    assert!(cut.len() > 2 && cut.iter().all(|line| width_px(line, style) <= 60.0), "{cut:?}");
    assert_eq!(cut.concat(), "https://example.org/a/long/address");
    assert_eq!(lines("   ", style, 60.0, &width_px), [""; 0]);
}

#[test]
fn a_long_text_goes_on_over_leaves_without_losing_a_line() {
    let text = "大渡河上的铁索桥。".repeat(60);
    let panel = Panel {
        title: "泸定桥".to_owned(),
        lines: vec![told(&text), Line { text: "来源：泸定县志".to_owned(), aside: true }],
        buttons: vec![button("play", "讲解"), button("question", "回答"), button("close", "关闭")],
    };
    let first = super::panel(&panel, 0, &width_px);
    assert!(first.leaves > 1);
    let mut read = String::new();
    for leaf in 0..first.leaves {
        let laid = super::panel(&panel, leaf, &width_px);
        holds(&laid);
        let ids: Vec<&str> = laid.buttons.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids.contains(&BACK), leaf > 0);
        assert_eq!(ids.contains(&ON), leaf + 1 < first.leaves);
        assert!(ids.ends_with(&["play", "question", "close"]), "on every leaf");
        read.extend(
            laid.words
                .iter()
                .filter(|words| words.style == BODY && words.colour == INK)
                .map(|words| if words.at_px[0] > MARGIN_PX + 1.0 { "" } else { words.text.as_str() }),
        );
    }
    assert_eq!(read, text);
    assert_eq!(super::panel(&panel, 99, &width_px).words, super::panel(&panel, first.leaves - 1, &width_px).words);
}

#[test]
fn four_answers_of_any_length_can_be_pressed() {
    let long = "because the boards had been taken away before the assault on the bridge began";
    let panel = Panel {
        title: "Recall".to_owned(),
        lines: vec![told("Why were the chains bare?")],
        buttons: vec![button("0", long), button("1", "no"), button("2", long), button("3", "yes")],
    };
    let laid = super::panel(&panel, 0, &width_px);
    assert_eq!(laid.buttons.len(), 4);
    holds(&laid);
}

#[test]
fn captions_are_large_enough_to_be_read_and_no_wider_than_a_glance() {
    let laid =
        caption("一九三五年五月二十九日，红军夺取泸定桥。这一句很长，要分成两行才放得下，读的人不必转头。", &width_px);
    holds(&laid);
    assert!(laid.words.len() >= 2);
    assert!(CAPTION.size_px as f32 / PX_PER_DEGREE >= 1.5, "letters of 1.3° and the room around them");
    assert!(laid.size_px[0] / PX_PER_DEGREE <= 40.0);
}

#[test]
fn letters_stand_out_against_their_board() {
    let light = |colour: [u8; 3]| {
        let [r, g, b] = colour.map(|part| {
            let part = f32::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let contrast = |a, b| (light(a).max(light(b)) + 0.05) / (light(a).min(light(b)) + 0.05);
    for (ink, ground) in [(INK, PAPER), (QUIET, PAPER), (PAPER, NIGHT), (PAPER, CINNABAR), (INK, EDGE)] {
        assert!(contrast(ink, ground) >= 7.0, "{ink:?} on {ground:?}: {}", contrast(ink, ground));
    }
}

//! Tests of layout, with letters as wide as `platform::lettering` takes them without a browser.

use super::*;
use crate::platform::lettering::width_px;
use protocol::bridge::Line;

fn told(text: &str) -> Line {
    Line { text: text.to_owned(), aside: false }
}

fn button(id: &str, label: &str) -> Button {
    Button { id: id.to_owned(), label: label.to_owned(), ..Button::default() }
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
        ..Panel::default()
    };
    let first = super::panel(&panel, 0, 0.0, &width_px);
    assert!(first.leaves > 1);
    let mut read = String::new();
    for leaf in 0..first.leaves {
        let laid = super::panel(&panel, leaf, 0.0, &width_px);
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
    assert_eq!(
        super::panel(&panel, 99, 0.0, &width_px).words,
        super::panel(&panel, first.leaves - 1, 0.0, &width_px).words
    );
}

#[test]
fn four_answers_of_any_length_can_be_pressed() {
    let long = "because the boards had been taken away before the assault on the bridge began";
    let panel = Panel {
        title: "Recall".to_owned(),
        lines: vec![told("Why were the chains bare?")],
        buttons: vec![button("0", long), button("1", "no"), button("2", long), button("3", "yes")],
        ..Panel::default()
    };
    let laid = super::panel(&panel, 0, 0.0, &width_px);
    assert_eq!(laid.buttons.len(), 4);
    holds(&laid);
    let read: Vec<&str> =
        laid.words.iter().filter(|words| words.style == BUTTON).map(|words| words.text.as_str()).collect();
    assert_eq!(read.join(" ").matches(long).count(), 2, "to its last word: {read:?}");
}

#[test]
fn nothing_moves_when_what_could_not_be_pressed_can_be() {
    let panel = |label: &str, off| Panel {
        title: "泸定桥".to_owned(),
        buttons: vec![
            Button { off, alone: true, ..button("complete", label) },
            button("play", "讲解"),
            button("question", "回答"),
        ],
        ..Panel::default()
    };
    let before = super::panel(&panel("要求达到后可完成", true), 0, 0.0, &width_px);
    let after = super::panel(&panel("完成", false), 0, 0.0, &width_px);
    holds(&before);
    holds(&after);
    let ids = |laid: &Laid| laid.buttons.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&before), ["play", "question"], "nor is it pressed");
    assert_eq!(ids(&after), ["complete", "play", "question"]);
    assert_eq!(before.buttons[..], after.buttons[1..]);
    let long = Panel { buttons: (0..12).map(|_| button("choice", &"长".repeat(18))).collect(), ..panel("", true) };
    let high = super::panel(&long, 0, 0.0, &width_px).size_px[1];
    let shrunk = super::panel(&panel("完成", false), 0, high, &width_px);
    holds(&shrunk);
    let foot = |laid: &Laid| laid.buttons.last().map(|(_, [_, y, ..])| laid.size_px[1] - y);
    assert!(high > 1000.0 && foot(&shrunk) == foot(&after));
    assert!((shrunk.size_px[1] - high).abs() < 1e-3, "its foot stays where it is");
}

#[test]
fn a_plan_shows_every_station_apart_and_leaves_room_for_all_that_is_under_it() {
    let stop = |east_m, north_m, done, here| Stop { east_m, north_m, done, here };
    let route = vec![
        stop(-72.0, -4.0, true, false),
        stop(-55.0, 0.0, false, true),
        stop(-58.0, 8.0, false, false),
        stop(64.0, -9.0, false, false),
    ];
    for count in [2, 9] {
        let panel = Panel {
            title: "Route".to_owned(),
            plan: route.clone(),
            lines: vec![told("A red disc is where you are, a dark one is complete.")],
            buttons: (0..count).map(|index| button(&index.to_string(), "7 East pavilion ✓")).collect(),
        };
        let laid = super::panel(&panel, 0, 0.0, &width_px);
        holds(&laid);
        let discs: Vec<&Fill> = laid.fills.iter().filter(|fill| fill.round_px > 20.0).collect();
        let grounds: Vec<[u8; 3]> = discs.iter().skip(1).step_by(2).map(|fill| fill.colour).collect();
        assert_eq!(grounds, [INK, CINNABAR, PAPER, PAPER]);
        let rims: Vec<[f32; 4]> = discs.iter().step_by(2).map(|fill| fill.place_px).collect();
        for (index, [x, y, ..]) in rims.iter().enumerate() {
            assert!(rims[index + 1..].iter().all(|[a, b, ..]| (x - a).hypot(y - b) >= 2.0 * STOP_PX), "{rims:?}");
        }
        assert!(rims[0][0] < rims[1][0] && rims[2][1] < rims[1][1] && rims[3][1] > rims[1][1], "north is up");
        let lowest = rims.iter().map(|[_, y, _, h]| y + h).fold(0.0, f32::max);
        let highest = laid.words.iter().filter(|words| words.text.starts_with("A red")).map(|words| words.at_px[1]);
        assert!(highest.clone().count() == 1 && highest.into_iter().all(|y| y > lowest), "the text is under the plan");
    }
    let single = Panel { plan: route[..1].to_vec(), ..Panel::default() };
    holds(&super::panel(&single, 0, 0.0, &width_px));
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

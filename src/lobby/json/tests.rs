//! Held to what `serde_json` reads and writes, hostile texts included.

use super::*;

/// Texts on which both readers must agree that they are JSON or are not.
const TEXTS: [&str; 34] = [
    "null",
    " true ",
    "false",
    "tru",
    "0",
    "-0",
    "00",
    "01",
    "-",
    "1.",
    "1.5",
    ".5",
    "1e3",
    "1E+3",
    "1e",
    "-12.25e-2",
    "\"\"",
    "\"泸定桥\"",
    "\"a\\n\\u6865\\ud83c\\udf09\\\"\\/\"",
    "\"\\ud83c\"",
    "\"\\ud83c\\u0041\"",
    "\"\\u+123\"",
    "\"\\x\"",
    "\"open",
    "\"a\nb\"",
    "[]",
    "[1,2,[3]]",
    "[1,]",
    "[,1]",
    "{}",
    "{\"a\":1,\"b\":{\"c\":[null]}}",
    "{\"a\":1,}",
    "{a:1}",
    "<html>",
];

#[test]
fn the_same_texts_are_json_as_for_everybody_else() {
    for text in TEXTS {
        let theirs: Option<serde_json::Value> = serde_json::from_str(text).ok();
        let ours = Value::parse(text);
        assert_eq!(ours.is_some(), theirs.is_some(), "{text}");
        let (Some(ours), Some(theirs)) = (ours, theirs) else { continue };
        let again: serde_json::Value = serde_json::from_str(&ours.to_line()).expect("ours is JSON");
        assert_eq!(again, theirs, "{text}");
        let sheet: serde_json::Value = serde_json::from_str(&ours.to_sheet()).expect("the sheet is JSON");
        assert_eq!(sheet, theirs, "{text}");
    }
}

#[test]
fn no_depth_and_no_cut_brings_the_reader_down() {
    assert_eq!(Value::parse(&"[".repeat(100_000)), None);
    assert_eq!(Value::parse(&format!("{}{}", "[".repeat(64), "]".repeat(64))), None);
    let whole = "{\"a\":[1.5,\"\\u6865\",true,null,{\"桥\":-2e1}]}";
    for cut in (0..whole.len()).filter(|cut| whole.is_char_boundary(*cut)) {
        assert_eq!(Value::parse(&whole[..cut]), None, "{cut}");
    }
}

#[test]
fn what_was_kept_goes_out_again_byte_for_byte() {
    for text in ["{\"a\":1.10,\"b\":[1e2,0.30000000000000004],\"c\":\"\\u0001\\\"桥\"}", "[18446744073709551615,-0.0]"]
    {
        assert_eq!(Value::parse(text).expect("JSON").to_line(), text);
    }
}

#[test]
fn thousandths_are_written_as_serde_writes_them() {
    for thousandths in (0..5_000_i64).chain((0..400).map(|step| step * 1_234_567)) {
        let number = thousandths as f64 / 1000.0;
        assert_eq!(milli(number).to_line(), serde_json::to_string(&number).expect("writes"));
    }
    assert_eq!(milli(-2.5).to_line(), "-2.5");
    assert_eq!(milli(f64::NAN).to_line(), "0.0");
    assert_eq!(milli(0.000_4).to_line(), "0.0");
}

#[test]
fn numbers_are_read_exactly_as_far_as_they_are_written() {
    for (digits, number) in
        [("29.9145", 29.9145_f64), ("-102.2299", -102.2299), ("1e3", 1000.0), ("0.8", 0.8), ("47.5", 47.5)]
    {
        assert_eq!(
            Value::parse(digits).and_then(|it| it.number()).map(f64::to_bits),
            Some(number.to_bits()),
            "{digits}"
        );
    }
    for thousandths in (0..90_000_000_i64).step_by(7919) {
        let number = thousandths as f64 / 1000.0;
        assert_eq!(milli(number).number().map(f64::to_bits), Some(number.to_bits()));
    }
    let far = |digits: &str| Value::parse(digits).and_then(|it| it.number()).expect("a number");
    assert!(far("1e400").is_infinite() && far("1e-400").abs() < 1e-300);
    assert!((far("0.30000000000000004") - 0.3).abs() < 1e-15);
    assert!((far("123456789012345678901234567890") / 1.234_567_890_123_456_8e29 - 1.0).abs() < 1e-15);
}

#[test]
fn whole_numbers_are_whole() {
    assert_eq!(Value::parse("1763843000123").and_then(|it| it.whole()), Some(1_763_843_000_123));
    for other in ["1.0", "99999999999999999999", "\"1\"", "null"] {
        assert_eq!(Value::parse(other).and_then(|it| it.whole()), None, "{other}");
    }
}

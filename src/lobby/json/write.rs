//! From tree to text, as `serde_json` writes it: nothing between the parts, or two spaces a step for people.

use super::Value;
use std::fmt::Write as _;

impl Value {
    /// On one line, without spaces.
    pub fn to_line(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, None);
        out
    }

    /// Indented, for people.
    pub fn to_sheet(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, Some(0));
        out
    }

    fn write(&self, out: &mut String, step: Option<usize>) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Flag(true) => out.push_str("true"),
            Self::Flag(false) => out.push_str("false"),
            Self::Number(digits) => out.push_str(digits),
            Self::Text(text) => quote(text, out),
            Self::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    between(out, index, step);
                    item.write(out, step.map(|step| step + 1));
                }
                end(out, items.is_empty(), step);
                out.push(']');
            }
            Self::Map(pairs) => {
                out.push('{');
                for (index, (key, value)) in pairs.iter().enumerate() {
                    between(out, index, step);
                    quote(key, out);
                    out.push_str(if step.is_some() { ": " } else { ":" });
                    value.write(out, step.map(|step| step + 1));
                }
                end(out, pairs.is_empty(), step);
                out.push('}');
            }
        }
    }
}

fn between(out: &mut String, index: usize, step: Option<usize>) {
    if index > 0 {
        out.push(',');
    }
    if let Some(step) = step {
        line(out, step + 1);
    }
}

fn end(out: &mut String, empty: bool, step: Option<usize>) {
    if let Some(step) = step.filter(|_| !empty) {
        line(out, step);
    }
}

fn line(out: &mut String, step: usize) {
    out.push('\n');
    for _ in 0..step {
        out.push_str("  ");
    }
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for sign in text.chars() {
        match sign {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control < ' ' => {
                // Writing to a text cannot fail.
                write!(out, "\\u{:04x}", u32::from(control)).ok();
            }
            plain => out.push(plain),
        }
    }
    out.push('"');
}

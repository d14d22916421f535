//! From text to tree. Whatever is not JSON is nothing, and no text makes it panic or run deep.

use super::Value;

/// The deepest nesting that is believed.
const DEEPEST: u32 = 32;

impl Value {
    /// The value that `text` holds, and nothing besides.
    pub fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(0)?;
        reader.space();
        (reader.at == text.len()).then_some(value)
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// Passes over `byte`, if it comes next.
    fn takes(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn word(&mut self, word: &str, value: Value) -> Option<Value> {
        let there = self.text.as_bytes().get(self.at..)?.starts_with(word.as_bytes());
        self.at += word.len();
        there.then_some(value)
    }

    fn value(&mut self, depth: u32) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        self.space();
        match self.peek()? {
            b'n' => self.word("null", Value::Null),
            b't' => self.word("true", Value::Flag(true)),
            b'f' => self.word("false", Value::Flag(false)),
            b'"' => self.string().map(Value::Text),
            b'[' => self.list(depth),
            b'{' => self.map(depth),
            _ => self.number(),
        }
    }

    fn list(&mut self, depth: u32) -> Option<Value> {
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        while !self.takes(b']') {
            if !items.is_empty() && !self.takes(b',') {
                return None;
            }
            items.push(self.value(depth + 1)?);
            self.space();
        }
        Some(Value::List(items))
    }

    fn map(&mut self, depth: u32) -> Option<Value> {
        self.at += 1;
        let mut pairs = Vec::new();
        self.space();
        while !self.takes(b'}') {
            if !pairs.is_empty() && !self.takes(b',') {
                return None;
            }
            self.space();
            let key = if self.peek() == Some(b'"') { self.string()? } else { return None };
            self.space();
            if !self.takes(b':') {
                return None;
            }
            pairs.push((key, self.value(depth + 1)?));
            self.space();
        }
        Some(Value::Map(pairs))
    }

    fn digits(&mut self) -> bool {
        let from = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        self.at > from
    }

    fn number(&mut self) -> Option<Value> {
        let from = self.at;
        self.takes(b'-');
        let leading_zero = self.peek() == Some(b'0');
        let first = self.at;
        if !self.digits() || (leading_zero && self.at > first + 1) {
            return None;
        }
        if self.takes(b'.') && !self.digits() {
            return None;
        }
        if self.takes(b'e') || self.takes(b'E') {
            let _ = self.takes(b'+') || self.takes(b'-');
            if !self.digits() {
                return None;
            }
        }
        Some(Value::Number(self.text.get(from..self.at)?.to_owned()))
    }

    fn string(&mut self) -> Option<String> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let from = self.at;
            while self.peek().is_some_and(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
                self.at += 1;
            }
            out.push_str(self.text.get(from..self.at)?);
            if self.takes(b'"') {
                return Some(out);
            }
            if !self.takes(b'\\') {
                return None;
            }
            out.push(self.escaped()?);
        }
    }

    fn escaped(&mut self) -> Option<char> {
        let byte = self.peek()?;
        self.at += 1;
        Some(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.four_hex()?;
                // The first of a pair: the second follows at once.
                if (0xD800..0xDC00).contains(&first) {
                    let second = if self.takes(b'\\') && self.takes(b'u') { self.four_hex()? } else { return None };
                    let low = second.checked_sub(0xDC00).filter(|low| *low < 0x400)?;
                    char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + low)?
                } else {
                    char::from_u32(first)?
                }
            }
            _ => return None,
        })
    }

    fn four_hex(&mut self) -> Option<u32> {
        let hex = self.text.get(self.at..self.at + 4)?;
        self.at += 4;
        // A sign would be read as part of the number.
        if hex.bytes().all(|byte| byte.is_ascii_hexdigit()) { u32::from_str_radix(hex, 16).ok() } else { None }
    }
}

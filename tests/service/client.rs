//! A small HTTP client that sends exactly what it is told, hostile addresses included.

use serde_json::Value;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

/// Someone who asks, with the cookies they were given.
#[derive(Clone)]
pub struct Client {
    address: SocketAddr,
    cookie: Option<String>,
    bearer: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.text()))
    }
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        Self { address, cookie: None, bearer: None }
    }

    /// Sends a request with the length of its body; the cookie is added if there is one. A connection that breaks off is `None`.
    pub fn try_send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Option<Answer> {
        let length = body.len().to_string();
        let mut all = headers.to_vec();
        if !body.is_empty() || method == "POST" {
            all.push(("content-length", &length));
        }
        self.exchange(method, path, &all, body)
    }

    /// Sends head and body as they are told, whatever the head says of the body.
    pub fn send_raw(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.exchange(method, path, headers, body).unwrap_or_else(|| panic!("no answer to {method} {path}"))
    }

    fn exchange(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Option<Answer> {
        let mut stream = TcpStream::connect(self.address).ok()?;
        let mut head = vec![format!("{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", self.address)];
        if let Some(cookie) = &self.cookie {
            head.push(format!("cookie: {cookie}\r\n"));
        }
        if let Some(token) = &self.bearer {
            head.push(format!("authorization: Bearer {token}\r\n"));
        }
        for (name, value) in headers {
            head.push(format!("{name}: {value}\r\n"));
        }
        stream.write_all(format!("{}\r\n", head.concat()).as_bytes()).ok()?;
        // A body that is refused early breaks off in the middle; the answer is there all the same.
        let _ = stream.write_all(body);
        let mut all = Vec::new();
        let _ = stream.read_to_end(&mut all);
        read(&all)
    }

    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.try_send(method, path, headers, body).unwrap_or_else(|| panic!("no answer to {method} {path}"))
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, &[("content-type", "application/json")], body.to_string().as_bytes())
    }

    /// A form as a browser sends it.
    pub fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        self.send("POST", path, &[("content-type", "application/x-www-form-urlencoded")], body.join("&").as_bytes())
    }

    /// Keeps the session cookie of an answer.
    pub fn with_cookie_of(mut self, answer: &Answer) -> Self {
        self.cookie = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next()).map(str::to_owned);
        self
    }

    /// Where it asks.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The cookies that are sent.
    pub fn cookie(&self) -> Option<&str> {
        self.cookie.as_deref()
    }

    /// The same person at another address.
    pub fn at(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// With another cookie besides.
    pub fn with_cookie(mut self, cookie: &str) -> Self {
        self.cookie = Some(self.cookie.map_or_else(|| cookie.to_owned(), |own| format!("{own}; {cookie}")));
        self
    }

    /// With a token as a kiosk has it.
    pub fn with_bearer(mut self, token: &str) -> Self {
        self.bearer = Some(token.to_owned());
        self
    }

    /// Signed in with code and PIN.
    pub fn signed_in(self, code: &str, pin: &str) -> Self {
        let answer = self.post("/v1/session", &serde_json::json!({ "code": code, "pin": pin }));
        assert_eq!(answer.status, 200, "{}", answer.text());
        self.with_cookie_of(&answer)
    }
}

/// A text as addresses and forms carry it.
pub fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

fn read(all: &[u8]) -> Option<Answer> {
    let end = all.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(all.get(..end)?).into_owned();
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let pair = |line: &str| line.split_once(':').map(|(name, value)| (name.to_owned(), value.trim().to_owned()));
    Some(Answer { status, headers: lines.filter_map(pair).collect(), body: all.get(end + 4..)?.to_vec() })
}

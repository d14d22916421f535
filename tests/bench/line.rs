//! One connection that is kept, and asks again and again.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

pub struct Line {
    stream: BufReader<TcpStream>,
    head: String,
}

impl Line {
    /// To a server, with the cookie of whoever asks.
    pub fn to(address: SocketAddr, cookie: &str) -> Self {
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_nodelay(true).expect("settled");
        let head = format!("host: {address}\r\ncookie: {cookie}\r\ncontent-type: application/json\r\n");
        Self { stream: BufReader::new(stream), head }
    }

    /// Status and body of the answer.
    pub fn send(&mut self, method: &str, path: &str, body: &str) -> (u16, Vec<u8>) {
        let asked = format!("{method} {path} HTTP/1.1\r\n{}content-length: {}\r\n\r\n{body}", self.head, body.len());
        self.stream.get_mut().write_all(asked.as_bytes()).expect("sent");
        let (mut status, mut length, mut text) = (0, 0, String::new());
        loop {
            text.clear();
            self.stream.read_line(&mut text).expect("an answer");
            let said = text.trim_end().to_ascii_lowercase();
            if let Some(rest) = said.strip_prefix("http/1.1 ") {
                status = rest.split(' ').next().and_then(|code| code.parse().ok()).unwrap_or_default();
            } else if let Some(number) = said.strip_prefix("content-length: ") {
                length = number.parse().unwrap_or_default();
            } else if said.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).expect("the answer's body");
        (status, body)
    }
}

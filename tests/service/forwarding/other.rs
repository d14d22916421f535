//! Another learning record store, as bad as one wants it: it hands each request to a script, which gives the bytes of the
//! answer.

use super::id_of;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use uuid::Uuid;

/// A request as it came.
pub struct Asked {
    /// Method and address.
    pub line: String,
    /// Headers, in lower case.
    pub head: String,
    /// The statements, of a POST.
    pub statements: Vec<Value>,
}

/// What it holds: statements in the order in which they came, and each by its id.
#[derive(Default)]
pub struct Shelf {
    pub order: Vec<Uuid>,
    pub kept: BTreeMap<Uuid, Value>,
    /// Requests.
    pub asked: usize,
}

impl Shelf {
    /// As the standard asks: keeps all or none, once each, and finds them by their ids.
    pub fn behave(&mut self, asked: &Asked) -> Vec<u8> {
        if let Some(id) = asked.line.split("statementId=").nth(1) {
            let id: Uuid = id.split(['&', ' ']).next().and_then(|id| id.parse().ok()).expect("an id");
            return match self.kept.get(&id) {
                Some(kept) => answer(200, &[], &kept.to_string()),
                None => answer(404, &[], ""),
            };
        }
        if asked.line.contains("voidedStatementId=") {
            return answer(404, &[], "");
        }
        let ids: Vec<Uuid> = asked.statements.iter().map(id_of).collect();
        let taken = |(id, statement): (&Uuid, &Value)| self.kept.get(id).is_some_and(|kept| kept != statement);
        if ids.iter().zip(&asked.statements).any(taken) {
            return answer(409, &[], "conflict");
        }
        for (id, statement) in ids.iter().zip(&asked.statements) {
            if self.kept.insert(*id, statement.clone()).is_none() {
                self.order.push(*id);
            }
        }
        answer(200, &[("content-type", "application/json")], &serde_json::to_string(&ids).expect("written"))
    }
}

/// Bytes of an answer.
pub fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let headers = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect::<Vec<_>>().concat();
    let length = body.len();
    format!("HTTP/1.1 {status} So\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}").into_bytes()
}

/// Never ends.
pub const ENDLESS: &[u8] = b"HTTP/1.1 200 So\r\nconnection: close\r\ncontent-type: application/json\r\n\r\n[\"";

/// Starts one that answers by a script, which may use the shelf.
pub fn other(
    mut script: impl FnMut(&mut Shelf, &Asked) -> Vec<u8> + Send + 'static,
) -> (SocketAddr, Arc<Mutex<Shelf>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = listener.local_addr().expect("an address");
    let shelf = Arc::new(Mutex::new(Shelf::default()));
    let held = Arc::clone(&shelf);
    // Waits for the next connection until the process ends.
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let Some(asked) = read(&mut stream) else { continue };
            let mut shelf = held.lock().expect("no script failed");
            shelf.asked += 1;
            let answer = script(&mut shelf, &asked);
            drop(shelf);
            // Whoever asks may have gone by now.
            let _ = stream.write_all(&answer);
            while answer == ENDLESS && stream.write_all(&[b'x'; 16_384]).is_ok() {}
        }
    });
    (at, shelf)
}

fn read(stream: &mut TcpStream) -> Option<Asked> {
    let (mut all, mut part) = (Vec::new(), [0; 16_384]);
    loop {
        if let Some(end) = all.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&all[..end]).to_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
            if all.len() >= end + 4 + length.unwrap_or(0) {
                let line = String::from_utf8_lossy(&all[..end]).lines().next()?.to_owned();
                let statements = serde_json::from_slice(&all[end + 4..]).unwrap_or_default();
                return Some(Asked { line, head, statements });
            }
        }
        let length = stream.read(&mut part).ok().filter(|length| *length > 0)?;
        all.extend_from_slice(&part[..length]);
    }
}

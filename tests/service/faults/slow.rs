//! F9: connections that take their time. Each is let go in the end, and nobody else waits for them.

use super::super::client::Client;
use super::super::house::Service;
use super::rounds;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// Larger than what two machines hold between them while nobody reads.
const LARGE: usize = 32 * 1024 * 1024;
const FILE: &str = "/sites/hill/0123456789abcdef/models/large.glb";

fn open_connections(client: &Client) -> u64 {
    let text = client.get("/metrics").text();
    let line = text.lines().find_map(|line| line.strip_prefix("retrace_http_connections "));
    line.and_then(|number| number.parse().ok()).expect("a number")
}

/// What slow ones do, and how each begins.
const MANNERS: [(&str, &str); 4] = [
    ("heads that never end", "GET /zh/ HTTP/1.1\r\nhost: x\r\nx-slow: "),
    (
        "bodies that never come",
        "POST /v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{",
    ),
    ("answers that nobody reads", "GET /sites/hill/0123456789abcdef/models/large.glb HTTP/1.1\r\nhost: x\r\n\r\n"),
    ("connections kept for nothing", "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"),
];

#[test]
fn f9_slow_connections_are_let_go_and_nobody_else_waits_for_them() {
    let service = Service::patient_for(Duration::from_millis(1_500));
    let file = service.folder.path().join("web").join(&FILE[1..]);
    std::fs::write(file, vec![b'x'; LARGE]).expect("written");
    let each = rounds(20, 250);
    let mut slow = Vec::new();
    for _ in 0..each {
        for (_, begins) in MANNERS {
            let mut stream = TcpStream::connect(service.address).expect("a connection");
            stream.write_all(begins.as_bytes()).expect("written");
            slow.push(stream);
        }
    }
    let other = service.stranger();
    let mut longest = Duration::ZERO;
    let mut answered = 0;
    // Others are served the whole time, until every slow connection is gone but the one that asks.
    loop {
        let began = Instant::now();
        assert_eq!(other.get("/zh/").status, 200);
        longest = longest.max(began.elapsed());
        answered += 1;
        if open_connections(&other) <= 1 {
            break;
        }
    }
    for (number, mut stream) in slow.into_iter().enumerate() {
        let mut got = Vec::new();
        // A connection that was cut off ends with or without a word about it.
        let _ = stream.read_to_end(&mut got);
        let (manner, _) = MANNERS[number % MANNERS.len()];
        assert!(got.len() < LARGE, "{manner}: it was not waited for");
    }
    println!(
        "F9: {each} each of {}: all let go; {answered} others answered meanwhile, the slowest after {} ms",
        MANNERS.map(|(manner, _)| manner).join(", "),
        longest.as_millis(),
    );
}

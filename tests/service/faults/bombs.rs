//! F10: too much at once, and little that unpacks to too much.

use super::super::fixture::{answered, batch};
use super::super::house::Service;
use serde_json::Value;
use std::io::{Cursor, Write};

const JSON: (&str, &str) = ("content-type", "application/json");

#[test]
fn f10_what_is_too_large_is_refused_before_it_is_read() {
    let service = Service::with_demo();
    let learner = service.learner(1);
    // A length is believed, so that nothing of the body needs to come.
    let announced = [JSON, ("content-length", "10000000000"), ("expect", "100-continue")];
    assert_eq!(learner.send_raw("POST", "/v1/events", &announced, b"").status, 413);
    let chunk = format!("100000\r\n{}\r\n", " ".repeat(0x10_0000));
    let chunked = [JSON, ("transfer-encoding", "chunked")];
    let endless = learner.send_raw("POST", "/v1/events", &chunked, chunk.repeat(3).as_bytes());
    assert_eq!(endless.status, 413, "nor does one without a length get any further");
    let many: Vec<Value> = (0..100_000).map(|_| Value::Null).collect();
    assert_eq!(learner.post("/v1/events", &batch(&many)).status, 413, "a hundred thousand items");
    assert_eq!(learner.get("/v1/me/progress").json()["walks"], Value::Array(Vec::new()));
    println!("F10: 10 GB announced, an endless body and 100,000 items: 413 each, nothing kept");
}

#[test]
fn f10_what_is_packed_is_not_unpacked() {
    let service = Service::with_demo();
    let learner = service.learner(1);
    let zeros = vec![0; 64 * 1024 * 1024];
    let mut packed = zip::ZipWriter::new(Cursor::new(Vec::new()));
    packed.start_file("bomb", zip::write::SimpleFileOptions::default()).expect("begun");
    packed.write_all(&zeros).expect("packed");
    let bomb = packed.finish().expect("packed").into_inner();
    assert!(bomb.len() < 100_000);
    let body = batch(&[answered("gate", 0)]).to_string();
    for coding in ["gzip", "deflate", "br", "zstd", "gzip, gzip", "x-own"] {
        for bytes in [&bomb, body.as_bytes()] {
            let answer = learner.send("POST", "/v1/events", &[JSON, ("content-encoding", coding)], bytes);
            assert_eq!(answer.status, 415, "{coding}: {}", answer.text());
            assert!(answer.json()["words"]["en"].as_str().is_some_and(|said| said.contains("uncompressed")));
        }
    }
    let plain = learner.send("POST", "/v1/events", &[JSON, ("content-encoding", "identity")], body.as_bytes());
    assert_eq!(plain.status, 200, "what is not packed is taken");
    println!("F10: 64 MiB packed into {} bytes, six codings: 415 each, nothing unpacked", bomb.len());
}

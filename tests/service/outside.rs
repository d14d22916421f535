//! Other servers are asked over TLS that is vouched for, within a time and a length, and nowhere else.

use axum::http::{Request, Response};
use checkpoint::outside::{Outside, Unanswered};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

/// Longer than any answer takes here that comes at all.
const LONG: Duration = Duration::from_secs(30);

/// A server that does this with every connection, and says what it read before.
fn other(answer: impl Fn(TcpStream) -> String + Send + 'static) -> (SocketAddr, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = listener.local_addr().expect("an address");
    let (said, heard) = channel();
    thread::spawn(move || {
        // Ends with the test, which then hears nothing more.
        for stream in listener.incoming() {
            if said.send(answer(stream.expect("a connection"))).is_err() {
                return;
            }
        }
    });
    (at, heard)
}

/// Reads a request to the end of what was sent at once, then answers this.
fn answered(mut stream: impl Read + Write, answer: &[u8]) -> String {
    let mut read = vec![0; 4096];
    let Ok(length) = stream.read(&mut read) else { return String::new() };
    // Whoever asks may have gone by now.
    let _ = stream.write_all(answer).and_then(|()| stream.flush());
    String::from_utf8_lossy(&read[..length]).into_owned()
}

fn ask(outside: &Outside, uri: &str) -> Result<Response<Vec<u8>>, Unanswered> {
    let request = Request::builder().method("POST").uri(uri).header("x-key", "secret").body(b"said".to_vec());
    Runtime::new().expect("a runtime").block_on(outside.ask(request.expect("a request")))
}

fn plain(patience: Duration) -> Outside {
    Outside::new(None, patience).expect("it trusts")
}

/// A server with a certificate of its own for `localhost`, which is written beside it.
fn encrypted(folder: &Path) -> (SocketAddr, Receiver<String>) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    std::fs::write(folder.join("own.pem"), made.cert.pem()).expect("written");
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("a pair");
    let config = Arc::new(config);
    other(move |stream| {
        let connection = ServerConnection::new(Arc::clone(&config)).expect("a server");
        answered(StreamOwned::new(connection, stream), b"HTTP/1.1 418 Tea\r\ncontent-length: 3\r\n\r\nyes")
    })
}

#[test]
fn whatever_is_answered_is_handed_on_and_no_redirect_is_followed() {
    let (at, heard) = other(|stream| {
        answered(stream, b"HTTP/1.1 307 Away\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 4\r\n\r\naway")
    });
    let answer = ask(&plain(LONG), &format!("http://{at}/statements")).expect("an answer");
    assert_eq!((answer.status().as_u16(), answer.body().as_slice()), (307, b"away".as_slice()));
    let sent = heard.recv().expect("it was asked");
    assert!(sent.starts_with("POST /statements HTTP/1.1\r\n") && sent.contains("x-key: secret"), "{sent}");
}

#[test]
fn nothing_is_sent_over_a_network_unencrypted_or_to_what_is_no_address() {
    let outside = plain(LONG);
    for uri in ["http://192.0.2.1/", "http://lrs.example/x", "http://localhost.example/", "ftp://localhost/", "/x"] {
        assert_eq!(ask(&outside, uri).expect_err("refused"), Unanswered::Address(uri.to_owned()));
    }
    let named = ask(&outside, "https://me:secret@lrs.example/").expect_err("refused");
    assert!(matches!(named, Unanswered::Address(_)));
}

#[test]
fn a_certificate_that_nobody_vouches_for_ends_it_before_anything_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let (at, heard) = encrypted(folder.path());
    let address = format!("https://localhost:{}/", at.port());
    let refused = ask(&plain(LONG), &address).expect_err("not trusted");
    assert!(matches!(&refused, Unanswered::Untrusted(host, _) if host.starts_with("localhost:")), "{refused:?}");
    assert!(refused.to_string().contains("--trust"), "{refused}");
    assert_eq!(heard.recv().expect("there was a connection"), "", "nothing was sent");

    let own = folder.path().join("own.pem");
    let trusting = Outside::new(Some(&own), LONG).expect("it trusts");
    let answer = ask(&trusting, &address).expect("an answer");
    assert_eq!((answer.status().as_u16(), answer.body().as_slice()), (418, b"yes".as_slice()));
    let elsewhere = ask(&trusting, &format!("https://127.0.0.1:{}/", at.port())).expect_err("another name");
    assert!(matches!(elsewhere, Unanswered::Untrusted(..)), "{elsewhere:?}");
}

#[test]
fn who_does_not_answer_answers_too_slowly_or_never_ends_is_left() {
    let (closed, ()) = {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        (listener.local_addr().expect("an address"), drop(listener))
    };
    let gone = ask(&plain(LONG), &format!("http://{closed}/")).expect_err("nobody listens");
    assert!(matches!(gone, Unanswered::Unreached(..)), "{gone:?}");

    let (silent, _heard) = other(|mut stream| {
        let _ = stream.read_to_end(&mut Vec::new());
        String::new()
    });
    let slow = ask(&plain(Duration::from_millis(50)), &format!("http://{silent}/")).expect_err("it says nothing");
    assert!(matches!(slow, Unanswered::Slow(_)), "{slow:?}");

    let (endless, _heard) = other(|mut stream| {
        let more = format!("fa00\r\n{}\r\n", "x".repeat(0xfa00));
        let mut going = stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
        while going.is_ok() {
            going = stream.write_all(more.as_bytes());
        }
        String::new()
    });
    let long = ask(&plain(LONG), &format!("http://{endless}/")).expect_err("it never ends");
    assert!(matches!(long, Unanswered::Unreadable(..)), "{long:?}");

    let (garbled, _heard) = other(|stream| answered(stream, b"220 mail here\r\n\r\n"));
    let garbage = ask(&plain(LONG), &format!("http://{garbled}/")).expect_err("that is no HTTP");
    assert!(matches!(garbage, Unanswered::Unreadable(..)), "{garbage:?}");
}

#[test]
fn certificates_that_cannot_be_read_are_told_at_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let told = |name: &str| Outside::new(Some(&folder.path().join(name)), LONG).err().expect("a fault").to_string();
    assert!(told("missing.pem").contains("missing.pem"));
    std::fs::write(folder.path().join("empty.pem"), "no certificate").expect("written");
    assert!(told("empty.pem").contains("none is in it"), "{}", told("empty.pem"));
}

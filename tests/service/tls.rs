//! HTTPS by files: a hall without a proxy.

use super::fixture::lay_out;
use super::program::{command, stop};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// A certificate of a hall's own, written beside its key.
fn certify(folder: &Path) -> CertificateDer<'static> {
    let made = rcgen::generate_simple_self_signed(["hall.example".to_owned()]).expect("a certificate");
    std::fs::write(folder.join("cert.pem"), made.cert.pem()).expect("written");
    std::fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).expect("written");
    made.cert.der().clone()
}

/// Asks over TLS, believing this certificate alone; nothing where another is shown.
fn ask(address: SocketAddr, believed: &CertificateDer<'static>, path: &str) -> Option<String> {
    let mut roots = RootCertStore::empty();
    roots.add(believed.clone()).expect("a root");
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = "hall.example".try_into().expect("a name");
    let connection = ClientConnection::new(Arc::new(config), name).expect("a client");
    let mut stream = StreamOwned::new(connection, TcpStream::connect(address).ok()?);
    write!(stream, "GET {path} HTTP/1.1\r\nhost: hall.example\r\nconnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    // Where the connection ends without a farewell, what came before it counts.
    let _ = stream.read_to_string(&mut answer);
    (!answer.is_empty()).then_some(answer)
}

fn with_tls(folder: &Path, port: u16) -> Command {
    let mut command = command(folder, &format!("127.0.0.1:{port}"));
    command.arg("--tls-cert").arg(folder.join("cert.pem")).arg("--tls-key").arg(folder.join("key.pem"));
    command.args(["--origin", "https://hall.example"]);
    command
}

#[test]
fn a_hall_is_served_over_https_and_a_new_certificate_needs_no_stop() {
    let folder = tempfile::tempdir().expect("a folder");
    lay_out(folder.path());
    let first = certify(folder.path());
    let port = TcpListener::bind("127.0.0.1:0").and_then(|taken| taken.local_addr()).expect("a port").port();
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    // What it says of where it is names the public address, not this one.
    let (child, _) = begun_at(with_tls(folder.path(), port));
    let answer = ask(address, &first, "/desk/sign-in").expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("strict-transport-security"), "{answer}");
    let mut plain = TcpStream::connect(address).expect("a connection");
    plain.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").expect("written");
    let mut said = Vec::new();
    let _ = plain.read_to_end(&mut said);
    assert!(!said.starts_with(b"HTTP/"), "without TLS there is no answer");

    let second = certify(folder.path());
    assert!(ask(address, &second, "/healthz").is_none(), "the first is still in use");
    let told = || Command::new("kill").args(["-HUP", &child.id().to_string()]).status().expect("kill runs");
    assert!(told().success());
    while ask(address, &second, "/healthz").is_none() {}
    std::fs::write(folder.path().join("cert.pem"), "no certificate").expect("written");
    assert!(told().success());
    assert!(ask(address, &second, "/healthz").is_some(), "one that cannot be read replaces nothing");
    stop(child);
}

/// Begins a service whose terminal names another address than the one it listens on.
fn begun_at(mut command: Command) -> (std::process::Child, Vec<String>) {
    let (child, said) = super::killed::said_by(&mut command, "Retrace is at");
    assert!(said.iter().any(|line| line.contains("https://hall.example/")), "{said:?}");
    assert!(!said.iter().any(|line| line.contains("http://")), "plain addresses do not answer: {said:?}");
    (child, said)
}

#[test]
fn certificate_and_key_that_cannot_be_used_are_said_in_one_line() {
    let folder = tempfile::tempdir().expect("a folder");
    lay_out(folder.path());
    let file = |name: &str| folder.path().join(name);
    let complaint = || {
        let output = with_tls(folder.path(), 0).output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.lines().count() == 1, "{said}");
        said
    };
    assert!(complaint().contains("no certificate can be read from"));
    certify(folder.path());
    std::fs::write(file("key.pem"), "").expect("written");
    assert!(complaint().contains("no private key can be read from"));
    certify(folder.path());
    let (cert, other) = (std::fs::read(file("cert.pem")).expect("read"), tempfile::tempdir().expect("a folder"));
    certify(other.path());
    std::fs::write(file("cert.pem"), std::fs::read(other.path().join("cert.pem")).expect("read")).expect("written");
    assert!(complaint().contains("cannot be used together"));
    std::fs::write(file("cert.pem"), cert).expect("written");
    let mut plain = command(folder.path(), "127.0.0.1:0");
    plain.arg("--tls-cert").arg(file("cert.pem")).arg("--tls-key").arg(file("key.pem"));
    let output = plain.args(["--origin", "http://hall.example"]).output().expect("it runs");
    assert!(String::from_utf8_lossy(&output.stderr).contains("say so in --origin"));
}

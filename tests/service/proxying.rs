//! What lies between a service and its server, and cuts the way just when a commit is on it.

use super::server::Server;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::thread;

/// What does not come through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The commit; the server undoes the transaction.
    Commit = 1,
    /// The answer to the commit, which the server has carried out.
    Answer = 2,
}

/// A way to a server.
pub struct Proxy {
    pub address: SocketAddr,
    next: Arc<AtomicU8>,
}

impl Proxy {
    pub fn to(server: &Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let (next, socket) = (Arc::new(AtomicU8::new(0)), server.socket());
        let proxy = Self { address, next: Arc::clone(&next) };
        thread::spawn(move || {
            for service in listener.incoming().map_while(Result::ok) {
                carry(service, &socket, &next);
            }
        });
        proxy
    }

    /// Cuts the way at the next commit.
    pub fn cut_next(&self, what: Cut) {
        self.next.store(what as u8, Ordering::SeqCst);
    }

    /// Whether that has happened.
    pub fn has_cut(&self) -> bool {
        self.next.load(Ordering::SeqCst) == 0
    }
}

fn carry(service: TcpStream, socket: &Path, next: &Arc<AtomicU8>) {
    let server = UnixStream::connect(socket).expect("the server is there");
    let (mut from_service, mut to_service) = (service.try_clone().expect("a copy"), service);
    let (mut from_server, mut to_server) = (server.try_clone().expect("a copy"), server);
    let (is_cut, next) = (Arc::new(AtomicBool::new(false)), Arc::clone(next));
    let hears_of_it = Arc::clone(&is_cut);
    thread::spawn(move || {
        let mut part = vec![0; 65_536];
        while let Ok(count @ 1..) = from_service.read(&mut part) {
            let said = &part[..count];
            // As a statement of its own: the level of isolation has the word in it too.
            if said.windows(7).any(|word| word == b"COMMIT\0") {
                match next.swap(0, Ordering::SeqCst) {
                    0 => {}
                    1 => break,
                    _ => is_cut.store(true, Ordering::SeqCst),
                }
            }
            if to_server.write_all(said).is_err() {
                break;
            }
        }
        // Whichever end has gone, the other hears of it.
        let _ = (to_server.shutdown(Shutdown::Both), from_service.shutdown(Shutdown::Both));
    });
    thread::spawn(move || {
        let mut part = vec![0; 65_536];
        while let Ok(count @ 1..) = from_server.read(&mut part) {
            if hears_of_it.load(Ordering::SeqCst) || to_service.write_all(&part[..count]).is_err() {
                break;
            }
        }
        let _ = (from_server.shutdown(Shutdown::Both), to_service.shutdown(Shutdown::Both));
    });
}

//! The addresses under which the service can be opened, as the terminal says them.

use checkpoint::identity::origin::Origin;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

/// What the terminal says under the address where phones on the network reach the service without encryption.
pub const NEEDS_HTTPS: &str = "Phones at these addresses can read and listen. Browsers give a position, and keep pages for \
    times without network, over HTTPS only: name a certificate with --tls-cert or put a proxy that ends TLS in front, see `checkpoint serve --help`.";

/// Addresses that can be opened, the best first: the public one if it is said, then this machine, then what its
/// network calls it where the service listens to the network.
pub fn addresses(listens: SocketAddr, public: Option<&Origin>, in_network: Option<IpAddr>) -> Vec<String> {
    let mut here = listens;
    if listens.ip().is_unspecified() {
        here.set_ip(match listens {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    let far = in_network.filter(|_| listens.ip().is_unspecified()).map(|ip| SocketAddr::new(ip, listens.port()));
    let plain = std::iter::once(here).chain(far).map(|address| format!("http://{address}"));
    public.map(ToString::to_string).into_iter().chain(plain).collect()
}

/// Whether others on the network reach the service, and none of its known addresses is encrypted.
pub fn lacks_https(listens: SocketAddr, public: Option<&Origin>) -> bool {
    !listens.ip().is_loopback() && !public.is_some_and(Origin::is_https)
}

/// What the network calls this machine: the address from which it would reach a far one. Nothing is sent.
pub fn in_network(listens: SocketAddr) -> Option<IpAddr> {
    // Addresses that stand in documents and belong to nobody (RFC 5737, RFC 3849).
    let (any, far): (IpAddr, IpAddr) = match listens {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED.into(), Ipv4Addr::new(192, 0, 2, 1).into()),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED.into(), Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1).into()),
    };
    let socket = UdpSocket::bind((any, 0)).ok()?;
    socket.connect((far, 9)).ok()?;
    let own = socket.local_addr().ok()?.ip();
    (!own.is_unspecified() && !own.is_loopback()).then_some(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn socket(text: &str) -> SocketAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn what_is_said_can_be_opened() {
        let hall = Some(IpAddr::from([10, 0, 0, 7]));
        let public: Origin = "https://walk.example".parse().expect("an origin");
        for (listens, public, in_network, said) in [
            ("127.0.0.1:8470", None, hall, &["http://127.0.0.1:8470"][..]),
            ("0.0.0.0:8470", None, hall, &["http://127.0.0.1:8470", "http://10.0.0.7:8470"]),
            ("0.0.0.0:8470", None, None, &["http://127.0.0.1:8470"]),
            ("[::]:8470", None, None, &["http://[::1]:8470"]),
            ("10.0.0.7:80", None, hall, &["http://10.0.0.7:80"]),
            ("127.0.0.1:8470", Some(&public), None, &["https://walk.example", "http://127.0.0.1:8470"]),
        ] {
            assert_eq!(addresses(socket(listens), public, in_network), said, "{listens}");
        }
    }

    #[test]
    fn https_is_missed_only_where_others_come_without_it() {
        let origin = |text: &str| text.parse::<Origin>().expect("an origin");
        for (listens, public, lacks) in [
            ("127.0.0.1:8470", None, false),
            ("0.0.0.0:8470", None, true),
            ("10.0.0.7:8470", Some("http://hall.example"), true),
            ("0.0.0.0:8470", Some("https://walk.example"), false),
        ] {
            assert_eq!(lacks_https(socket(listens), public.map(origin).as_ref()), lacks, "{listens}");
        }
    }
}

//! Asking other servers: encrypted, within a time and a length, and nowhere but where we were told to.

use axum::http::{Request, Response, Uri};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// How long one request may take, from its first step to the last byte of its answer, where nothing else is asked for.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// Bytes of an answer's body that are read.
const LONGEST: u64 = 1 << 20;
/// Requests at once; the others wait.
const AT_ONCE: usize = 8;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    /// Nobody asks there: it would go over the network unencrypted, or is no address.
    #[error("{0} is not asked: write an address that begins with https://; http:// is for this machine itself alone")]
    Address(String),
    /// No such host, or nobody listens there.
    #[error("{0} cannot be reached: {1}")]
    Unreached(String, String),
    /// Its certificate is not vouched for.
    #[error("{0} has no certificate that is trusted here: {1}; name the one that vouches for it in --trust")]
    Untrusted(String, String),
    /// Too slow.
    #[error("{0} was too slow to wait for")]
    Slow(String),
    /// Too long, cut off, or no HTTP.
    #[error("{0} gave no answer that can be read: {1}")]
    Unreadable(String, String),
}

/// Why a file of certificates cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("no certificates can be read from {0}: {1}; write those that are to be trusted in PEM")]
pub struct Distrust(String, String);

/// Asks other servers.
pub struct Outside {
    agent: Agent,
    turns: Semaphore,
}

impl Outside {
    /// Trusts whom browsers trust, and whom a file of certificates names beside them, as an office's own authority.
    ///
    /// No request takes longer than `patience`.
    ///
    /// # Errors
    /// [`Distrust`] where the file cannot be read, or no certificate is in it.
    pub fn new(trusted: Option<&Path>, patience: Duration) -> Result<Self, Distrust> {
        let mut roots: Vec<_> =
            webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().map(|der| Certificate::from_der(der)).collect();
        if let Some(file) = trusted {
            let fault = |why: String| Distrust(file.display().to_string(), why);
            let own = CertificateDer::pem_file_iter(file)
                .and_then(Iterator::collect::<Result<Vec<_>, _>>)
                .map_err(|error| fault(error.to_string()))?;
            if own.is_empty() {
                return Err(fault("none is in it".to_owned()));
            }
            roots.extend(own.iter().map(|der| Certificate::from_der(der).to_owned()));
        }
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::from(roots))
            .unversioned_rustls_crypto_provider(Arc::new(default_provider()))
            .build();
        let agent = Agent::config_builder()
            .tls_config(tls)
            .timeout_global(Some(patience))
            .http_status_as_error(false)
            // A redirect would carry what is sent, and what it is sent with, to somebody whom nobody named.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("Retrace/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        Ok(Self { agent, turns: Semaphore::new(AT_ONCE) })
    }

    /// Sends a request and reads the whole answer, whatever its status. No redirect is followed.
    ///
    /// # Errors
    /// [`Unanswered`] where nothing was answered that can be read.
    pub async fn ask(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Unanswered> {
        let uri = request.uri();
        let host = uri.authority().map(ToString::to_string).unwrap_or_default();
        if !is_allowed(uri) {
            return Err(Unanswered::Address(uri.to_string()));
        }
        let agent = self.agent.clone();
        let _turn = self.turns.acquire().await.map_err(|error| cut(&host, &error))?;
        let named = host.clone();
        spawn_blocking(move || {
            let (parts, mut body) = agent.run(request).map_err(|error| told(&named, error))?.into_parts();
            let read = body.with_config().limit(LONGEST).read_to_vec().map_err(|error| told(&named, error))?;
            Ok(Response::from_parts(parts, read))
        })
        .await
        .map_err(|error| cut(&host, &error))?
    }
}

/// Encrypted, or not over any network.
pub fn is_allowed(uri: &Uri) -> bool {
    let is_here = uri.host().is_some_and(|host| matches!(host, "localhost" | "127.0.0.1" | "[::1]"));
    let is_named = uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
    is_named && (uri.scheme_str() == Some("https") || uri.scheme_str() == Some("http") && is_here)
}

fn cut(host: &str, error: &dyn std::error::Error) -> Unanswered {
    Unanswered::Unreadable(host.to_owned(), error.to_string())
}

fn told(host: &str, error: ureq::Error) -> Unanswered {
    let host = host.to_owned();
    match error {
        ureq::Error::Timeout(_) => Unanswered::Slow(host),
        ureq::Error::HostNotFound => Unanswered::Unreached(host, "there is no such host".to_owned()),
        ureq::Error::ConnectionFailed => Unanswered::Unreached(host, "nobody answers there".to_owned()),
        ureq::Error::Rustls(error) => Unanswered::Untrusted(host, error.to_string()),
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            Unanswered::Unreached(host, "nobody listens there".to_owned())
        }
        // Rustls tells what it thinks of a certificate as an error of the stream.
        ureq::Error::Io(error)
            if error
                .get_ref()
                .is_some_and(<dyn std::error::Error + Send + Sync>::is::<tokio_rustls::rustls::Error>) =>
        {
            Unanswered::Untrusted(host, error.to_string())
        }
        error => Unanswered::Unreadable(host, error.to_string()),
    }
}

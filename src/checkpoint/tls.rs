//! Certificate and key from files, so that a hall can be served over HTTPS without a proxy.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Why certificate and key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The certificate's file.
    #[error("no certificate can be read from {0}: {1}; write the chain in PEM, its own certificate first")]
    Certificate(String, String),
    /// The key's file.
    #[error("no private key can be read from {0}: {1}; write it in PEM, without a passphrase")]
    Key(String, String),
    /// Both are there and do not fit.
    #[error("certificate {0} and key {1} cannot be used together: {2}")]
    Pair(String, String, String),
}

/// What connections are encrypted with at present.
pub struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    config: RwLock<Arc<ServerConfig>>,
}

impl Tls {
    /// Reads certificate and key.
    ///
    /// # Errors
    /// [`TlsError`] where one cannot be read, or they do not fit each other.
    pub fn read(certificate: PathBuf, key: PathBuf) -> Result<Self, TlsError> {
        let config = RwLock::new(config(&certificate, &key)?);
        Ok(Self { certificate, key, config })
    }

    /// Reads both files again, for the connections from now on.
    ///
    /// # Errors
    /// [`TlsError`] as for [`Tls::read`]; those that were read before stay in use then.
    pub fn read_again(&self) -> Result<(), TlsError> {
        let config = config(&self.certificate, &self.key)?;
        *self.config.write().unwrap_or_else(PoisonError::into_inner) = config;
        Ok(())
    }

    /// For one connection.
    pub fn acceptor(&self) -> TlsAcceptor {
        Arc::clone(&self.config.read().unwrap_or_else(PoisonError::into_inner)).into()
    }
}

fn config(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    let (certificate_name, key_name) = (certificate.display().to_string(), key.display().to_string());
    let unread = |why: String| TlsError::Certificate(certificate_name.clone(), why);
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| unread(error.to_string()))?;
    if chain.is_empty() {
        return Err(unread("none is in it".to_owned()));
    }
    let secret =
        PrivateKeyDer::from_pem_file(key).map_err(|error| TlsError::Key(key_name.clone(), error.to_string()))?;
    let unfit = |error: tokio_rustls::rustls::Error| {
        TlsError::Pair(certificate_name.clone(), key_name.clone(), error.to_string())
    };
    let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(unfit)?
        .with_no_client_auth()
        .with_single_cert(chain, secret)
        .map_err(unfit)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

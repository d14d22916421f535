//! The service's one secret, and what is derived from it.
//!
//! Kept in a file that only the service's account can read, or given by the environment; never on the command line.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::io::{self, Write};
use std::path::Path;
use uuid::Uuid;

/// Name of the environment variable that may hold the secret, as 64 hexadecimal digits.
pub const VARIABLE: &str = "RETRACE_SECRET";

/// A secret that could not be had.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The text is not 64 hexadecimal digits.
    #[error("the secret in {0} is not 64 hexadecimal digits")]
    Malformed(String),
    /// The file cannot be read or made.
    #[error("cannot use the secret file {0}: {1}")]
    File(String, io::Error),
}

/// What different uses of the secret are kept apart by.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    /// Finding a person by invitation code without keeping the code.
    Code,
    /// The codes on plaques.
    Plaque,
    /// Tokens in the desk's forms.
    Form,
    /// The pepper of PIN hashes.
    Pin,
    /// The key that signs checkpoints of the log.
    Log,
    /// The codes that devices at the stations show.
    Rotating,
    /// The address at which such a device finds its code.
    Display,
    /// The keys in the stations' tags.
    Tag,
    /// Which confirmed walks are looked at by a second trainer.
    Draw,
    /// The key that signs credentials, and what hides the names in them.
    Credential,
    /// The keys by which kiosks show which they are.
    Kiosk,
    /// Finding a pairing by the code that a learner types without keeping the code.
    Pairing,
    /// Finding a terminal's visit by the code that its visitor was shown without keeping the code.
    Visit,
    /// The codes by which companions find each other.
    Companion,
    /// What browsers carry for the service without reading it.
    Sealed,
    /// Finding a binding by the account of an identity provider without keeping the account.
    Account,
    /// The codes of led visits, and finding one by its code without keeping the code.
    Led,
}

/// The root secret: 256 bits.
#[derive(Clone)]
pub struct Secrets([u8; 32]);

impl Secrets {
    /// A secret known beforehand, for tests.
    pub const fn known(root: [u8; 32]) -> Self {
        Self(root)
    }

    /// Reads the secret from the environment's text if given, else from `file`, which is made (mode 0600) on the first start.
    ///
    /// # Errors
    /// [`SecretError`] where the text is malformed or the file can be neither read nor made.
    pub fn load(environment: Option<&str>, file: &Path) -> Result<Self, SecretError> {
        if let Some(text) = environment {
            return parse(text).ok_or_else(|| SecretError::Malformed(VARIABLE.to_owned()));
        }
        let shown = file.display().to_string();
        match std::fs::read_to_string(file) {
            Ok(text) => parse(&text).ok_or(SecretError::Malformed(shown)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let root = random::<32>();
                write_private(file, &hex(&root)).map_err(|error| SecretError::File(shown, error))?;
                Ok(Self(root))
            }
            Err(error) => Err(SecretError::File(shown, error)),
        }
    }

    /// Reads the secret that is there already, as [`Self::load`] does; makes none.
    ///
    /// # Errors
    /// [`SecretError`] where there is none, or it is malformed.
    pub fn read(environment: Option<&str>, file: &Path) -> Result<Self, SecretError> {
        match std::fs::metadata(file) {
            Err(error) if environment.is_none() => Err(SecretError::File(file.display().to_string(), error)),
            _ => Self::load(environment, file),
        }
    }

    /// HMAC-SHA-256 of `data` for one purpose.
    pub fn derive(&self, purpose: Purpose, data: &[u8]) -> [u8; 32] {
        let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.0) else {
            unreachable!("HMAC takes keys of any length")
        };
        mac.update(match purpose {
            Purpose::Code => b"code\0",
            Purpose::Plaque => b"plaque\0",
            Purpose::Form => b"form\0",
            Purpose::Pin => b"pin\0",
            Purpose::Log => b"log\0",
            Purpose::Rotating => b"rotating\0",
            Purpose::Display => b"display\0",
            Purpose::Tag => b"tag\0",
            Purpose::Draw => b"draw\0",
            Purpose::Credential => b"credential\0",
            Purpose::Kiosk => b"kiosk\0",
            Purpose::Pairing => b"pairing\0",
            Purpose::Visit => b"visit\0",
            Purpose::Companion => b"companion\0",
            Purpose::Sealed => b"sealed\0",
            Purpose::Account => b"account\0",
            Purpose::Led => b"led\0",
        });
        mac.update(data);
        mac.finalize().into_bytes().into()
    }
}

fn parse(text: &str) -> Option<Secrets> {
    let text = text.trim();
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut root = [0; 32];
    for (place, byte) in root.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(place * 2..place * 2 + 2)?, 16).ok()?;
    }
    Some(Secrets(root))
}

#[cfg(unix)]
fn write_private(file: &Path, text: &str) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    made.write_all(text.as_bytes())?;
    made.sync_all()
}

#[cfg(not(unix))]
fn write_private(file: &Path, text: &str) -> io::Result<()> {
    let mut made = std::fs::OpenOptions::new().write(true).create_new(true).open(file)?;
    made.write_all(text.as_bytes())?;
    made.sync_all()
}

/// `N` bytes from the system's generator.
///
/// # Panics
/// Where the system has no randomness to give; nothing safe can be done without it.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    bytes
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// SHA-256.
pub fn digest(data: &[u8]) -> [u8; 32] {
    Sha256::digest(data).into()
}

/// The id that follows from what it names: the first bytes of its digest, marked as a UUID of version 8.
pub fn id_of(named: &[u8]) -> Uuid {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest(named)[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_follows_from_its_name_for_ever() {
        // Entries that are kept already have ids made so.
        assert_eq!(id_of(b"retrace demo unit").to_string(), "e071ce32-3a27-8a3b-9a6a-9306a3f61185");
    }

    #[test]
    fn the_secret_survives_a_restart_and_purposes_differ() -> Result<(), SecretError> {
        let folder = std::env::temp_dir().join(format!("retrace-secret-{}", hex(&random::<8>())));
        std::fs::create_dir_all(&folder).map_err(|error| SecretError::File(String::new(), error))?;
        let file = folder.join("retrace.key");
        let first = Secrets::load(None, &file)?;
        let again = Secrets::load(None, &file)?;
        assert_eq!(first.derive(Purpose::Code, b"x"), again.derive(Purpose::Code, b"x"));
        assert_ne!(first.derive(Purpose::Code, b"x"), first.derive(Purpose::Plaque, b"x"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&file).map(|made| made.permissions().mode() & 0o777);
            assert_eq!(mode.ok(), Some(0o600));
        }
        std::fs::remove_dir_all(&folder).map_err(|error| SecretError::File(String::new(), error))
    }

    #[test]
    fn a_malformed_secret_is_refused() {
        for bad in ["", "abc", &"z".repeat(64), &"é".repeat(32)] {
            assert!(Secrets::load(Some(bad), Path::new("unused")).is_err(), "{bad}");
        }
        assert!(Secrets::load(Some(&"0a".repeat(32)), Path::new("unused")).is_ok());
    }
}

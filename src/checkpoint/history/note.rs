//! Signed checkpoints: a C2SP signed note whose text is origin, size and root of the tree.
//!
//! ```text
//! retrace/4f1c…          origin: names this log, random, kept in the database
//! 12345                  entries
//! q83v…=                 root, base64
//!
//! — retrace/4f1c… 8xQ…=  name of the key, then base64 of key id (4 bytes) and Ed25519 signature (64)
//! ```
//!
//! The key is derived from the service's secret, so it is the same for as long as that is. Whoever holds the secret can
//! sign anything: what proves that nothing was rewritten is a checkpoint that somebody else has kept.

use super::tree::Hash;
use crate::secrets::{Purpose, Secrets, digest, hex};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use std::fmt;

/// Signature type of Ed25519 in signed notes.
const ED25519: u8 = 1;
/// What begins a line of signature: em dash and space.
const DASH: &str = "\u{2014} ";
/// Longer than any checkpoint, whatever others have signed besides.
const MOST_BYTES: usize = 64 * 1024;

/// Why a note cannot be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// It has not the form of a signed checkpoint.
    #[error("is no signed checkpoint")]
    Malformed,
    /// No line is signed by this key.
    #[error("is not signed by this log's key")]
    Unsigned,
    /// A line says that it is signed by this key, and is not.
    #[error("is forged: the signature does not fit")]
    Forged,
}

/// Size and root of a log at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: String,
    /// Entries.
    pub size: u64,
    /// Root over them.
    pub root: Hash,
}

impl Checkpoint {
    /// The text that is signed.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, BASE64_STANDARD.encode(self.root))
    }

    /// Reads a text. Lines after the third are extensions and are passed over, as the specification asks.
    ///
    /// # Errors
    /// [`NoteError::Malformed`].
    pub fn read(text: &str) -> Result<Self, NoteError> {
        let mut lines = text.split_terminator('\n');
        let mut line = || lines.next().filter(|line| !line.is_empty()).ok_or(NoteError::Malformed);
        let (origin, count, root) = (line()?.to_owned(), line()?, line()?);
        let is_plain = count.bytes().all(|byte| byte.is_ascii_digit()) && (count == "0" || !count.starts_with('0'));
        let size = count.parse().ok().filter(|_| is_plain).ok_or(NoteError::Malformed)?;
        let root = BASE64_STANDARD.decode(root).ok().and_then(|root| root.try_into().ok());
        Ok(Self { origin, size, root: root.ok_or(NoteError::Malformed)? })
    }
}

/// The key that signs a log's checkpoints.
pub struct Signer {
    name: String,
    key: SigningKey,
}

impl Signer {
    /// The key of the log named `origin`, derived from the service's secret.
    pub fn new(secrets: &Secrets, origin: &str) -> Self {
        Self { name: origin.to_owned(), key: SigningKey::from_bytes(&secrets.derive(Purpose::Log, &[])) }
    }

    /// The key by which others check.
    pub fn public(&self) -> PublicKey {
        PublicKey { name: self.name.clone(), key: self.key.verifying_key() }
    }

    /// The signed note of a checkpoint. The same checkpoint always gives the same bytes.
    pub fn sign(&self, checkpoint: &Checkpoint) -> String {
        let text = checkpoint.text();
        let mut signature = self.public().id().to_vec();
        signature.extend_from_slice(&self.key.sign(text.as_bytes()).to_bytes());
        format!("{text}\n{DASH}{} {}\n", self.name, BASE64_STANDARD.encode(signature))
    }
}

/// A key by which checkpoints are checked, written as signed notes write it: `name+id+base64`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    name: String,
    key: VerifyingKey,
}

impl PublicKey {
    /// Reads a written key.
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.trim().splitn(3, '+');
        let (name, id, key) = (parts.next()?, parts.next()?, parts.next()?);
        let key = BASE64_STANDARD.decode(key).ok()?;
        let (kind, key) = key.split_first()?;
        let key = VerifyingKey::from_bytes(key.try_into().ok()?).ok()?;
        let public = Self { name: name.to_owned(), key };
        (*kind == ED25519 && !name.is_empty() && hex(&public.id()) == id).then_some(public)
    }

    /// Which log's key it is.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first four bytes of SHA-256 over name, line feed, signature type and key.
    fn id(&self) -> [u8; 4] {
        let named = [self.name.as_bytes(), b"\n", &[ED25519], self.key.as_bytes()].concat();
        let [first, second, third, fourth, ..] = digest(&named);
        [first, second, third, fourth]
    }

    /// The text of a note that this key has signed; others may have signed it too.
    ///
    /// # Errors
    /// [`NoteError`] where it is no note, or this key has not signed it.
    pub fn open<'a>(&self, note: &'a str) -> Result<&'a str, NoteError> {
        if note.len() > MOST_BYTES || note.contains(|c: char| c.is_ascii_control() && c != '\n') {
            return Err(NoteError::Malformed);
        }
        let end = note.rfind("\n\n").ok_or(NoteError::Malformed)? + 1;
        let (text, lines) = note.split_at(end);
        let lines = lines.strip_prefix('\n').and_then(|lines| lines.strip_suffix('\n')).ok_or(NoteError::Malformed)?;
        let mut outcome = Err(NoteError::Unsigned);
        for line in lines.split('\n') {
            let (name, signature) =
                line.strip_prefix(DASH).and_then(|line| line.split_once(' ')).ok_or(NoteError::Malformed)?;
            let signature = BASE64_STANDARD.decode(signature).map_err(|_| NoteError::Malformed)?;
            let (id, signature) = signature.split_at_checked(4).ok_or(NoteError::Malformed)?;
            if name != self.name || id != self.id() {
                continue;
            }
            let signature = Signature::from_slice(signature).map_err(|_| NoteError::Forged)?;
            self.key.verify_strict(text.as_bytes(), &signature).map_err(|_| NoteError::Forged)?;
            outcome = Ok(text);
        }
        outcome
    }

    /// The checkpoint of a note that this key has signed.
    ///
    /// # Errors
    /// [`NoteError`] likewise, or where what was signed is no checkpoint of this log.
    pub fn checkpoint(&self, note: &str) -> Result<Checkpoint, NoteError> {
        let checkpoint = Checkpoint::read(self.open(note)?)?;
        if checkpoint.origin == self.name { Ok(checkpoint) } else { Err(NoteError::Unsigned) }
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = [&[ED25519], self.key.as_bytes().as_slice()].concat();
        write!(f, "{}+{}+{}", self.name, hex(&self.id()), BASE64_STANDARD.encode(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Key and note from the documentation of Go's `golang.org/x/mod/sumdb/note`, made by another program.
    const GO_KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const GO_NOTE: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n\
        — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    fn signer() -> Signer {
        Signer::new(&Secrets::known([7; 32]), "retrace/test")
    }

    fn checkpoint() -> Checkpoint {
        Checkpoint { origin: "retrace/test".to_owned(), size: 42, root: [9; 32] }
    }

    #[test]
    fn a_note_that_go_has_signed_is_opened() -> Result<(), NoteError> {
        let key = PublicKey::read(GO_KEY).ok_or(NoteError::Malformed)?;
        assert_eq!(key.to_string(), GO_KEY);
        assert!(key.open(GO_NOTE)?.ends_with("your problem is.\n"));
        assert_eq!(key.open(&GO_NOTE.replace("don't", "do")), Err(NoteError::Forged));
        assert_eq!(key.checkpoint(GO_NOTE), Err(NoteError::Malformed), "it is no checkpoint");
        assert_eq!(signer().public().open(GO_NOTE), Err(NoteError::Unsigned));
        Ok(())
    }

    #[test]
    fn what_was_signed_is_read_and_what_was_changed_is_not() -> Result<(), NoteError> {
        let (note, key) = (signer().sign(&checkpoint()), signer().public());
        assert_eq!(key.checkpoint(&note)?, checkpoint());
        assert_eq!(note, signer().sign(&checkpoint()));
        let witnessed = format!("{note}— witness {}\n", BASE64_STANDARD.encode([5; 68]));
        assert_eq!(key.checkpoint(&witnessed)?, checkpoint(), "others may sign it too");
        assert_eq!(key.checkpoint(&note.replace("\n42\n", "\n41\n")), Err(NoteError::Forged));
        assert_eq!(PublicKey::read(&key.to_string()).as_ref(), Some(&key));
        let other = Signer::new(&Secrets::known([8; 32]), "retrace/test");
        assert_eq!(key.checkpoint(&other.sign(&checkpoint())), Err(NoteError::Unsigned));
        let elsewhere = Checkpoint { origin: "retrace/other".to_owned(), ..checkpoint() };
        assert_eq!(key.checkpoint(&signer().sign(&elsewhere)), Err(NoteError::Unsigned));
        Ok(())
    }

    #[test]
    fn what_has_not_the_form_of_a_note_is_refused() {
        let (note, key) = (signer().sign(&checkpoint()), signer().public());
        let cut = note.trim_end().to_owned();
        let text = checkpoint().text();
        for bad in
            ["", "\n", "\n\n", &text, &cut, &format!("{text}\n"), &format!("{note}x\n"), &note.replace('\n', "\r\n")]
        {
            assert_eq!(key.checkpoint(bad), Err(NoteError::Malformed), "{bad:?}");
        }
        for bad in
            ["a\n042\nq\n", "a\n+1\nq\n", "a\n1\nAAAA\n", "a\n1\n", "\n1\nAAAA\n", "a\n99999999999999999999\nAAAA\n"]
        {
            assert_eq!(Checkpoint::read(bad), Err(NoteError::Malformed), "{bad:?}");
        }
        for bad in ["", "+", "a+b+c", "++", &GO_KEY.replace("c74f", "c74e"), &GO_KEY.replace("Peter", "Paul")] {
            assert_eq!(PublicKey::read(bad), None, "{bad}");
        }
    }
}

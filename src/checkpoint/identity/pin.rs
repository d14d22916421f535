//! PINs: six digits, hashed with Argon2id and a pepper, a few at a time.

use crate::identity::code::half_width;
use crate::secrets::{Purpose, Secrets, random};
use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Hashes computed at once. Each takes 19 MiB, so this bounds memory under attack.
const AT_ONCE: usize = 2;
/// Requests that may wait for a turn before the next is sent away.
const MAY_WAIT: usize = 64;

/// A PIN as typed, of the right shape.
#[derive(Clone)]
pub struct Pin(String);

impl Pin {
    /// Six digits; full-width ones count.
    pub fn read(typed: &str) -> Option<Self> {
        let digits: String = typed.trim().chars().take(16).map(half_width).collect();
        (digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(Self(digits))
    }

    /// A fresh one, none of those that are tried first.
    pub fn fresh() -> Self {
        loop {
            // A million divides the range up to 4 294 000 000; what lies above it would favour small numbers.
            let number = u32::from_be_bytes(random::<4>());
            let pin = Self(format!("{:06}", number % 1_000_000));
            if number < 4_294_000_000 && !pin.is_trivial() {
                return pin;
            }
        }
    }

    /// As it is shown once to whoever hands it over.
    pub fn written(&self) -> &str {
        &self.0
    }

    /// Whether it is one of those that are tried first: one digit repeated, or a straight run up or down.
    pub fn is_trivial(&self) -> bool {
        let steps: Vec<i16> =
            self.0.as_bytes().windows(2).map(|pair| i16::from(pair[1]) - i16::from(pair[0])).collect();
        [0, 1, -1].iter().any(|step| steps.iter().all(|each| each == step))
    }
}

/// Too many are waiting to have their PIN checked.
#[derive(Debug, thiserror::Error)]
#[error("too many sign-ins are waiting")]
pub struct Crowded;

/// Hashes and checks PINs on threads of their own, [`AT_ONCE`] at a time.
#[derive(Clone)]
pub struct Pins {
    pepper: [u8; 32],
    turns: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    /// A hash of nothing anybody knows, so that an unknown code takes as long as a wrong PIN.
    decoy: Arc<str>,
}

impl Pins {
    /// With the pepper of this service.
    pub fn new(secrets: &Secrets) -> Self {
        let pepper = secrets.derive(Purpose::Pin, b"pepper");
        let decoy = hash(&pepper, &crate::secrets::hex(&random::<8>()));
        let queue = Arc::new(Semaphore::new(MAY_WAIT));
        Self { pepper, turns: Arc::new(Semaphore::new(AT_ONCE)), queue, decoy: decoy.into() }
    }

    /// Hash in PHC form, safe to keep.
    ///
    /// # Errors
    /// [`Crowded`] when too many wait already.
    pub async fn hash(&self, pin: &Pin) -> Result<String, Crowded> {
        let (pepper, pin) = (self.pepper, pin.clone());
        self.in_turn(move || hash(&pepper, &pin.0)).await
    }

    /// Whether `pin` fits `kept`; without a kept hash the answer is no, after the same time.
    ///
    /// # Errors
    /// [`Crowded`] when too many wait already.
    pub async fn fits(&self, pin: &Pin, kept: Option<&str>) -> Result<bool, Crowded> {
        let (pepper, pin) = (self.pepper, pin.clone());
        let known = kept.is_some();
        let kept = kept.map_or_else(|| self.decoy.to_string(), str::to_owned);
        self.in_turn(move || verify(&pepper, &pin.0, &kept) && known).await
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Crowded> {
        let _place = self.queue.try_acquire().map_err(|_| Crowded)?;
        let _turn = self.turns.acquire().await.map_err(|_| Crowded)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| Crowded)
    }
}

/// Argon2id with the crate's defaults (19 MiB, two passes), as OWASP advises.
fn argon2(pepper: &[u8; 32]) -> Option<Argon2<'_>> {
    Argon2::new_with_secret(pepper, Algorithm::Argon2id, Version::V0x13, Params::default()).ok()
}

fn hash(pepper: &[u8; 32], pin: &str) -> String {
    argon2(pepper)
        .and_then(|argon2| argon2.hash_password(pin.as_bytes()).ok().map(|hash| hash.to_string()))
        .unwrap_or_else(|| unreachable!("a 32-byte pepper and a six-digit PIN are within Argon2's bounds"))
}

fn verify(pepper: &[u8; 32], pin: &str, kept: &str) -> bool {
    let Ok(kept) = PasswordHash::new(kept) else { return false };
    argon2(pepper).is_some_and(|argon2| argon2.verify_password(pin.as_bytes(), &kept).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_six_digits_in_either_width() {
        assert!(Pin::read("２５８０４７").is_some());
        assert!(Pin::read(" 258047 ").is_some());
        for bad in ["", "12345", "1234567", "12345a", "二五八零四七", "12 345"] {
            assert!(Pin::read(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn pins_that_are_tried_first_are_known() {
        let trivial = |typed| Pin::read(typed).is_some_and(|pin| pin.is_trivial());
        assert!(["000000", "123456", "987654"].into_iter().all(trivial));
        assert!(!["258047", "112233"].into_iter().any(trivial));
    }

    #[test]
    fn a_hash_fits_its_pin_and_pepper_only() {
        let kept = hash(&[1; 32], "258047");
        assert!(verify(&[1; 32], "258047", &kept));
        assert!(!verify(&[1; 32], "258048", &kept));
        assert!(!verify(&[2; 32], "258047", &kept));
    }
}

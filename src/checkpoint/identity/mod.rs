//! Who is asking: invitation codes, PINs, sessions, and what a role may do.

pub mod account;
pub mod claim;
pub mod code;
pub mod companion;
pub mod enrolled;
pub mod entrance;
pub mod origin;
pub mod pace;
pub mod pairing;
pub mod passkey;
pub mod permission;
pub mod pin;
pub mod provider;
pub mod reach;
pub mod recorder;
pub mod sealed;

pub use permission::{Admin, Auditor, Learner, Overseer, Rater, Reader, SignedIn, Trainer};
pub use recorder::Recorder;

//! The words on the wire: events and receipts of the checkpoint API, and of the bridge between page and scene.
//!
//! Floor 1. Shapes only; no transport, no clock.

pub mod api;
pub mod bridge;
pub mod event;
pub mod led;

pub use event::{Event, EventKind, Outcome, Receipt};

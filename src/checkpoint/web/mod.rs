//! Serving of the built web app: files as they lie, compressed ahead, with the headers that keep visitors safe.

pub mod files;
pub mod headers;
pub mod kind;
pub mod language;
pub mod missing;
pub mod range;
pub mod tag;

//! Memory: counts what the program takes within its frames, for the bench: a frame at rest takes none.

#[cfg(target_arch = "wasm32")]
pub(crate) use super::browser::memory::{begin_frame, end_frame};

#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn begin_frame() {}

#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn end_frame() {}

//! curator.

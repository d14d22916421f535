//! My walks.

//! lobby.

//! What makes the history of the log provable: the bytes of an entry, the tree over them, and signed checkpoints of it.
//!
//! Pure: it knows no database, clock or network. A store keeps leaves and nodes; an outsider needs a checkpoint, the
//! public key and this description.
//!
//! - Each entry is a leaf, in log order: `SHA-256(0x00 || salt || canonical bytes)`, the salt 32 random bytes.
//! - The tree is that of RFC 6962, section 2.1, with SHA-256.
//! - Every eighth level of it is kept, so that what is kept is what is published as tiles (C2SP tlog-tiles).
//! - A checkpoint (C2SP tlog-checkpoint) is a signed note (C2SP signed-note) of origin, size and root.

pub mod canonical;
pub mod note;
pub mod tile;
pub mod tree;

pub use canonical::Bound;
pub use note::{Checkpoint, NoteError, PublicKey, Signer};
pub use tile::Tile;
pub use tree::Hash;

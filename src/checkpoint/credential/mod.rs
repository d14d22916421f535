//! Credit as its holder can carry it away: an Open Badges 3.0 credential for every confirmed walk, signed by the service and
//! believed without asking it.
//!
//! A credential is derived from the entry that confirms the walk, so there is nothing to keep: the same entry always gives the
//! same bytes. It names nobody in the clear. What can change, that a confirmation is taken back or a record erased, stands in
//! a status list beside it.

mod badge;
mod issuer;
mod status;
mod token;

pub use badge::Conferred;
pub use issuer::Issuer;
pub use status::{PLACES, status_list};
pub use token::packed;

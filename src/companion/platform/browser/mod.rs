//! Browser: the making of `platform` for a page.

pub(super) mod pad;
mod recording;
pub(super) mod page;
mod sound;
pub(super) mod voice;

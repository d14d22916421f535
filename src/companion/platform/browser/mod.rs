//! Browser: the making of `platform` for a page.

pub(super) mod headset;
pub(super) mod lettering;
pub(super) mod memory;
pub(super) mod pad;
pub(super) mod page;
pub(super) mod picture;
mod recording;
mod sound;
pub(super) mod voice;

//! The companion: what the visitor carries through the site.
use bevy::prelude::*;
/// Everything the companion does, apart from opening a window.
pub struct Companion;
impl Plugin for Companion {
    fn build(&self, _app: &mut App) {}
}

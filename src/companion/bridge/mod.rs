//! Bridge: what page and scene say to one another.

use bevy::prelude::*;

pub(super) fn plugin(_app: &mut App) {}

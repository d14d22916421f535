//! Narration: the voice at the place, and the river under it.

use bevy::prelude::*;

pub(super) fn plugin(_app: &mut App) {}

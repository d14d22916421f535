//! Navigation: around, on foot, or guided.

use bevy::prelude::*;

pub(super) fn plugin(_app: &mut App) {}

//! Lens: the scene recoloured by how sure history is.

use bevy::prelude::*;

pub(super) fn plugin(_app: &mut App) {}

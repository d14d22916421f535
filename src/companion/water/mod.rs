//! Water: the river under the bridge.

use bevy::prelude::*;

pub(super) fn plugin(_app: &mut App) {}

//! Quality: how much is drawn, chosen by a short measured warm-up.

use bevy::prelude::*;

pub(super) fn plugin(_app: &mut App) {}

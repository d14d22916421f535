//! Markers: a thin line, a small disc and a numeral at each story point.

use bevy::prelude::*;

pub(super) fn plugin(_app: &mut App) {}

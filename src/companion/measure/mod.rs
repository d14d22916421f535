//! Measure: metres between two points, with the model's own uncertainty.

use bevy::prelude::*;

pub(super) fn plugin(_app: &mut App) {}

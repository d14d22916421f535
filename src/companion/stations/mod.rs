//! Stations: where the visitor is on the route.

use bevy::prelude::*;

pub(super) fn plugin(_app: &mut App) {}

//! Sky: sun, sky, mist and distance for the place, the date and the hour.

use bevy::prelude::*;

pub(super) fn plugin(_app: &mut App) {}

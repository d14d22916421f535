//! Scene: the models of the place and the state they show.

use bevy::prelude::*;

pub(super) fn plugin(_app: &mut App) {}

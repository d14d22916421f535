//! Chains: thirteen chains of single links, hung along the parabola.

use bevy::prelude::*;

pub(super) fn plugin(_app: &mut App) {}

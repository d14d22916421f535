//! Water: the river under the bridge, flowing north to south.
//!
//! Its depth is read from the gorge's own mesh, so that foam lies where the modelled banks and boulders are.

mod depth;
mod river;

use bevy::prelude::*;

pub(super) fn plugin(app: &mut App) {
    app.add_plugins(river::plugin);
}

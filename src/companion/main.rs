//! Opens the companion: in the page's canvas on the web, in a window elsewhere.

use bevy::prelude::*;

fn main() {
    App::new().add_plugins((DefaultPlugins, companion::Companion)).run();
}

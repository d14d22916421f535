//! Opens the companion in the page's canvas.

use bevy::asset::io::AssetSourceId;
use bevy::prelude::*;
use companion::{Companion, Engine};

fn main() {
    let entry = companion::platform::page::entry();
    if entry.root.is_empty() {
        // Only a page says where the site's files lie, and only a page has a canvas.
        eprintln!("The scene is drawn in a browser: make serve prints its address.");
        return;
    }
    companion::platform::alarm::raise_on_panic();
    let mut app = App::new();
    app.set_error_handler(companion::platform::alarm::note)
        .register_asset_source(AssetSourceId::Default, companion::source(&entry.root))
        .insert_resource(entry)
        .add_plugins((Engine { canvas: "#scene-canvas" }, Companion));
    app.run();
}

//! Opens the companion in the page's canvas.

use bevy::asset::{AssetMetaCheck, io::AssetSourceId};
use bevy::prelude::*;
use bevy::window::WindowResolution;

fn main() {
    let entry = companion::platform::page::entry();
    if entry.root.is_empty() {
        // Only a page says where the site's files lie, and only a page has a canvas.
        eprintln!("The scene is drawn in a browser: make serve prints its address.");
        return;
    }
    let window = Window {
        title: "Retrace 重走".into(),
        canvas: Some("#scene-canvas".into()),
        fit_canvas_to_parent: true,
        // The page keeps its own keys and scrolling; features prevent what they use.
        prevent_default_event_handling: false,
        resolution: WindowResolution::new(1280, 720),
        ..default()
    };
    let assets = AssetPlugin { meta_check: AssetMetaCheck::Never, ..default() };
    let mut app = App::new();
    app.set_error_handler(companion::platform::alarm::note)
        .register_asset_source(AssetSourceId::Default, companion::source(&entry.root))
        .insert_resource(entry)
        .add_plugins(DefaultPlugins.set(WindowPlugin { primary_window: Some(window), ..default() }).set(assets))
        .add_plugins(companion::Companion);
    // After the engine's own plugins, which set a hook too.
    companion::platform::alarm::raise_on_panic();
    app.run();
}

//! Engine: as much of Bevy as the scene uses.
//!
//! Its default plugins bring pictures, skins, meshes in bones, cameras, culling, a fixed clock and an asset processor: some
//! in every download, some in every frame, none of it called here.

use bevy::a11y::AccessibilityPlugin;
use bevy::app::TaskPoolPlugin;
use bevy::asset::io::AssetSourceBuilders;
use bevy::asset::{
    AssetMetaCheck, AssetServerMode, AssetTrackingSystems, UnapprovedPathMode, UntypedAssetLoadFailedEvent,
    handle_internal_asset_events,
};
use bevy::input::InputPlugin;
use bevy::prelude::*;
use bevy::state::app::StatesPlugin;
use bevy::time::{TimeSystems, TimeUpdateStrategy, time_system};
use bevy::transform::TransformPlugin;
use bevy::window::ExitCondition;
use bevy::winit::WinitPlugin;
use std::sync::Arc;

/// Clocks, input, assets, one window on the page's canvas, and the loop. The source of assets is registered before it.
pub struct Engine {
    /// Selector of the canvas.
    pub canvas: &'static str,
}

impl Plugin for Engine {
    fn build(&self, app: &mut App) {
        let window = Window {
            canvas: Some(self.canvas.to_owned()),
            fit_canvas_to_parent: true,
            // The page keeps its own keys and scrolling; features prevent what they use.
            prevent_default_event_handling: false,
            ..default()
        };
        app.add_plugins((TaskPoolPlugin::default(), TransformPlugin, InputPlugin, StatesPlugin));
        app.add_plugins((
            // A page is left, not closed: nothing ends the loop.
            WindowPlugin {
                primary_window: Some(window),
                exit_condition: ExitCondition::DontExit,
                close_when_requested: false,
                ..default()
            },
            AccessibilityPlugin,
            clocks,
            assets,
            WinitPlugin::default(),
        ));
        app.add_systems(PostUpdate, inherit_visibility);
    }
}

fn clocks(app: &mut App) {
    app.init_resource::<Time>()
        .init_resource::<Time<Real>>()
        .init_resource::<Time<Virtual>>()
        .init_resource::<Time<Fixed>>()
        .init_resource::<TimeUpdateStrategy>()
        .add_systems(First, time_system.in_set(TimeSystems));
}

fn assets(app: &mut App) {
    let sources = app.world_mut().get_resource_or_init::<AssetSourceBuilders>().build_sources(false, false);
    app.insert_resource(AssetServer::new_with_meta_check(
        Arc::new(sources),
        AssetServerMode::Unprocessed,
        AssetMetaCheck::Never,
        false,
        UnapprovedPathMode::Forbid,
    ))
    .add_message::<UntypedAssetLoadFailedEvent>()
    .configure_sets(PreUpdate, AssetTrackingSystems.after(handle_internal_asset_events))
    .add_systems(PreUpdate, handle_internal_asset_events)
    .init_asset::<Mesh>();
}

/// What is hidden hides what belongs to it. A model and its parts are all there is: nothing here has grandchildren.
fn inherit_visibility(
    changed: Query<(), Changed<Visibility>>,
    own: Query<&Visibility>,
    mut all: Query<(&Visibility, Option<&ChildOf>, &mut InheritedVisibility)>,
) {
    if changed.is_empty() {
        return;
    }
    for (visibility, parent, mut inherited) in &mut all {
        let above = parent.and_then(|parent| own.get(parent.parent()).ok()).unwrap_or(&Visibility::Inherited);
        let seen = *visibility != Visibility::Hidden && *above != Visibility::Hidden;
        inherited.set_if_neq(if seen { InheritedVisibility::VISIBLE } else { InheritedVisibility::HIDDEN });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_hides_its_parts_and_shows_them_again() {
        let mut app = App::new();
        app.add_systems(PostUpdate, inherit_visibility);
        let model = app.world_mut().spawn(Visibility::Inherited).id();
        let part = app.world_mut().spawn((Visibility::Inherited, ChildOf(model))).id();
        let other = app.world_mut().spawn((Visibility::Hidden, ChildOf(model))).id();
        let mut seen = |of: Visibility| {
            app.world_mut().entity_mut(model).insert(of);
            app.update();
            [part, other].map(|entity| app.world().get::<InheritedVisibility>(entity).is_some_and(|seen| seen.get()))
        };
        assert_eq!(seen(Visibility::Inherited), [true, false]);
        assert_eq!(seen(Visibility::Hidden), [false, false]);
        assert_eq!(seen(Visibility::Visible), [true, false]);
    }
}

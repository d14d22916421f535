//! Scene: the models of the place, the state they show, and the eye that sees them.
//!
//! Hears the site's text arrive and the visitor's choice of state; says how loading goes, when the visit can begin,
//! what is missing and which state is shown. Chains, water and sky are drawn by their own features.

mod eras;
mod models;
mod opening;

use bevy::prelude::*;

use crate::content::{Content, engine_from_site};
use crate::visit::Eye;

/// Vertical field of view, radians: about what a hand camera sees.
const FIELD_OF_VIEW_RAD: f32 = 0.87;

/// Spawns the eye at a place from which nothing is missed while the site's text is on its way.
fn open_eye(mut commands: Commands) {
    commands.spawn((
        Eye,
        Projection::Perspective(PerspectiveProjection { fov: FIELD_OF_VIEW_RAD, ..default() }),
        Transform::from_xyz(-90.0, 12.0, 45.0).looking_at(Vec3::new(0.0, -4.0, 0.0), Vec3::Y),
    ));
}

/// The first look, from the entry the historian chose; `navigation` takes over from there.
fn stand_at_entry(content: If<Res<Content>>, mut eyes: Query<&mut Transform, With<Eye>>) {
    let scene = &content.0.0.scene;
    let bearing_rad = scene.entry_bearing_deg.to_radians() as f32;
    let at = engine_from_site(scene.entry) + Vec3::Y * 1.65;
    for mut eye in &mut eyes {
        let ahead = Vec3::new(bearing_rad.sin(), -0.02, -bearing_rad.cos());
        *eye = Transform::from_translation(at).looking_to(ahead, Vec3::Y);
    }
}

pub(super) fn plugin(app: &mut App) {
    app.add_plugins((models::plugin, eras::plugin, opening::plugin))
        .add_systems(Startup, open_eye)
        .add_systems(PreUpdate, stand_at_entry.run_if(resource_added::<Content>));
}

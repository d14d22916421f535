//! Sky: sun, sky, mist and distance for the place, the date and the hour.
//!
//! Hears which state is chosen and which tier is in force; owns the dome and the one light that casts shadows.

mod daylight;
mod dome;
mod solar;

use bevy::light::{CascadeShadowConfig, CascadeShadowConfigBuilder, DirectionalLightShadowMap};
use bevy::prelude::*;
use protocol::bridge::{Said, Tier};

use crate::Step;
use crate::content::Content;
use crate::settings::TierInForce;
use crate::surface::Air;
use crate::visit::{Eye, Say};

/// The one light that casts shadows. Its strength is in [`Air`]; the engine's own is only for its shadow map.
#[derive(Component)]
struct SunLight;

fn rise(mut commands: Commands) {
    commands.spawn((
        SunLight,
        DirectionalLight { shadow_maps_enabled: true, shadow_depth_bias: 0.06, shadow_normal_bias: 1.4, ..default() },
        cascade(120.0),
        Transform::default(),
    ));
}

/// One shadow map over what lies within `far_m` of the eye: WebGL2 knows no more than one.
fn cascade(far_m: f32) -> CascadeShadowConfig {
    CascadeShadowConfigBuilder { num_cascades: 1, minimum_distance: 0.15, maximum_distance: far_m, ..default() }.into()
}

/// Width of the shadow map in texels; `None` draws none.
const fn shadow_size(tier: Tier) -> Option<usize> {
    match tier {
        Tier::Floor => None,
        Tier::Middle => Some(1024),
        Tier::High => Some(2048),
    }
}

/// How far shadows reach: near things sharply on foot, the whole bridge from above. Coarse steps, so that walking
/// does not make the shadow swim.
fn shadow_reach_m(eye: Vec3) -> f32 {
    let beyond = Vec2::new((eye.x.abs() - 60.0).max(0.0), eye.z).length().max(eye.y);
    let wanted = 70.0 + 2.2 * beyond;
    (wanted / 40.0).ceil().clamp(2.0, 10.0) * 40.0
}

/// Moves the sun and recolours the air when the shown state or the site changes.
fn shine(
    mut said: MessageReader<Say>,
    content: If<Res<Content>>,
    mut air: ResMut<Air>,
    mut lights: Query<&mut Transform, With<SunLight>>,
    mut lit: Local<bool>,
) {
    let shown = said.read().filter_map(|say| if let Said::EraShown { era } = say.0 { Some(era) } else { None }).last();
    if shown.is_none() && *lit {
        return;
    }
    *lit = true;
    let site = &content.0.0;
    let at = &site.origin.position;
    let era = shown.unwrap_or_default();
    let sun = daylight::sun_of(era, at.lat_deg(), at.lon_deg());
    daylight::light(era, &sun, site.scene.water_up_m as f32, &mut air);
    for mut light in &mut lights {
        *light = Transform::default().looking_to(-sun.direction(), Vec3::Y);
    }
}

fn cast_shadows(
    tier: Res<TierInForce>,
    eyes: Query<&Transform, With<Eye>>,
    mut lights: Query<(&mut DirectionalLight, &mut CascadeShadowConfig), With<SunLight>>,
    mut map: ResMut<DirectionalLightShadowMap>,
    mut reach: Local<f32>,
) {
    let size = shadow_size(tier.0);
    if let Some(size) = size
        && map.size != size
    {
        map.size = size;
    }
    let wanted = eyes.iter().next().map_or(120.0, |eye| shadow_reach_m(eye.translation));
    for (mut light, mut config) in &mut lights {
        if light.shadow_maps_enabled != size.is_some() {
            light.shadow_maps_enabled = size.is_some();
        }
        if (*reach - wanted).abs() > 1.0 {
            *reach = wanted;
            *config = cascade(wanted);
        }
    }
}

pub(super) fn plugin(app: &mut App) {
    app.add_plugins(dome::plugin).add_systems(Update, shine.in_set(Step::Show));
    if app.is_plugin_added::<bevy::light::LightPlugin>() {
        app.add_systems(Startup, rise).add_systems(Update, cast_shadows.in_set(Step::Show));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shadows_are_sharp_on_foot_and_reach_over_the_bridge_from_above() {
        assert!(shadow_reach_m(Vec3::new(0.0, -1.3, 0.0)) <= 80.0);
        assert!(shadow_reach_m(Vec3::new(0.0, 60.0, 90.0)) >= 240.0);
    }

    #[test]
    fn the_lowest_tier_draws_no_shadow_map() {
        assert_eq!(shadow_size(Tier::Floor), None);
    }
}

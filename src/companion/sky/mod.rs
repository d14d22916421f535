//! Sky: sun, sky, mist and distance for the place, the date and the hour.
//!
//! Hears which state is chosen and which tier is in force; says how far the sun throws shadows.

mod daylight;
mod solar;

use bevy::prelude::*;
use protocol::bridge::{Said, Tier};

use crate::Step;
use crate::content::Content;
use crate::settings::TierInForce;
use crate::surface::{Air, Shade};
use crate::visit::{Eye, Say};

/// Width of the shadow map in texels; `None` draws none.
const fn shadow_size(tier: Tier) -> Option<u32> {
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
fn shine(mut said: MessageReader<Say>, content: If<Res<Content>>, mut air: ResMut<Air>, mut lit: Local<bool>) {
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
}

fn cast_shadows(tier: Res<TierInForce>, eyes: Query<&Transform, With<Eye>>, mut shade: ResMut<Shade>) {
    let reach_m = eyes.iter().next().map_or(120.0, |eye| shadow_reach_m(eye.translation));
    shade.set_if_neq(Shade { map_px: shadow_size(tier.0), reach_m });
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Shade>().add_systems(Update, (shine, cast_shadows).in_set(Step::Show));
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

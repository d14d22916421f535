//! Beds: river, wind and chains under the voice, as loud as where the visitor stands would have them.

use crate::Step;
use crate::content::{Content, Entry, Stage};
use crate::platform::voice::{Bed, Voice};
use crate::settings::Settings;
use crate::visit::{Eye, Say, Telling};
use bevy::prelude::*;
use protocol::bridge::{Failure, Said};

/// How much the beds give way while the voice speaks.
const UNDER_VOICE: f32 = 0.45;
/// Half the bridge's length without a site that says, metres.
const HALF_SPAN_M: f32 = 50.0;

pub(super) fn plugin(app: &mut App) {
    app.add_systems(Update, (lay, name_lost).chain().in_set(Step::Show).run_if(in_state(Stage::Open)));
}

/// Where a bed is heard from, and how loud, 0–1.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Heard {
    at: Vec3,
    gain: f32,
}

/// By height over the water, by distance from mid-span, and by nearness to the deck.
fn heard(bed: Bed, eye: Vec3, water_m: f32, half_span_m: f32) -> Heard {
    let over_span = (1.0 - (eye.x.abs() / half_span_m).powi(2)).max(0.0);
    match bed {
        Bed::River => {
            let over_m = (eye.y - water_m).max(1.0);
            // From the stream's edge on, a person on the bank hears it from the side.
            let at = Vec3::new(eye.x.clamp(-0.7 * half_span_m, 0.7 * half_span_m), water_m, eye.z);
            Heard { at, gain: (16.0 / (over_m + (eye.x - at.x).abs() * 0.5)).clamp(0.12, 1.0) }
        }
        Bed::Wind => {
            // Over the open gorge, and more the higher one is.
            let high = ((eye.y - water_m - 10.0) / 60.0).clamp(0.0, 0.5);
            Heard { at: eye + Vec3::new(0.0, 2.0, 6.0), gain: (0.25 + 0.6 * over_span + high).min(1.0) }
        }
        Bed::Chains => {
            let at = Vec3::new(eye.x.clamp(-half_span_m, half_span_m), eye.y - 1.0, 0.0);
            let off_m = Vec2::new(eye.z, (eye.x - at.x) * 1.5).length() + (eye.y - 2.0).max(0.0);
            Heard { at, gain: (1.0 - off_m / 14.0).clamp(0.0, 1.0) * (0.35 + 0.65 * over_span) }
        }
    }
}

fn lay(
    content: If<Res<Content>>,
    entry: Res<Entry>,
    settings: Res<Settings>,
    telling: Res<Telling>,
    eyes: Query<&Transform, With<Eye>>,
    mut voice: NonSendMut<Voice>,
    mut laid: Local<Option<Laid>>,
) {
    let Some(eye) = eyes.iter().next() else { return };
    let under = if telling.0.is_some() { UNDER_VOICE } else { 1.0 };
    let now = Laid { eye: *eye, voice: settings.voice_volume, ambience: settings.ambience_volume * under };
    if laid.as_ref().is_some_and(|laid| laid.sounds_like(&now)) {
        return;
    }
    let scene = &content.0.0.scene;
    let half_span_m = scene.chains.as_ref().map_or(HALF_SPAN_M, |chains| chains.span_m as f32 / 2.0);
    for bed in Bed::ALL {
        let heard = heard(bed, eye.translation, scene.water_up_m as f32, half_span_m);
        voice.bed(bed, &format!("{}ambience/{}", entry.root, bed.file()), heard.at, heard.gain);
    }
    // After the beds, which begin the graph where there is none yet.
    voice.hear_from(eye.translation, eye.forward().as_vec3(), eye.up().as_vec3());
    voice.volumes(now.voice, now.ambience);
    *laid = Some(now);
}

/// A bed that cannot be had is named once, and the visit goes on without it.
fn name_lost(mut voice: NonSendMut<Voice>, mut say: MessageWriter<Say>) {
    for what in voice.lost() {
        say.write(Say(Said::Failed { failure: Failure::AssetMissing, what }));
    }
}

/// What the graph was last told.
struct Laid {
    eye: Transform,
    voice: f32,
    ambience: f32,
}

impl Laid {
    /// Whether no ear would tell the two apart: a hand's breadth, or half a degree.
    fn sounds_like(&self, other: &Self) -> bool {
        let near = self.eye.translation.distance(other.eye.translation) < 0.1;
        let turned = self.eye.rotation.angle_between(other.eye.rotation);
        near && turned < 0.009 && (self.voice, self.ambience) == (other.voice, other.ambience)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gain(bed: Bed, eye: Vec3) -> f32 {
        heard(bed, eye, -14.5, 50.0).gain
    }

    #[test]
    fn the_river_is_loud_at_the_water_and_low_from_above() {
        assert!(gain(Bed::River, Vec3::new(0.0, -12.0, 0.0)) > gain(Bed::River, Vec3::new(0.0, 60.0, 0.0)) * 2.0);
    }

    #[test]
    fn the_wind_blows_most_at_mid_span() {
        assert!(gain(Bed::Wind, Vec3::new(0.0, -1.3, 0.0)) > gain(Bed::Wind, Vec3::new(-72.0, 1.6, 4.0)) + 0.3);
    }

    #[test]
    fn the_chains_are_heard_on_the_deck_alone() {
        assert!(gain(Bed::Chains, Vec3::new(-16.0, -1.0, 0.0)) > 0.8);
        assert!(gain(Bed::Chains, Vec3::new(-72.0, 1.6, 4.0)) < 1e-6);
    }
}

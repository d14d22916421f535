//! Bridge: what page and scene say to one another, `Said` and [`Told`] as JSON.
//!
//! The page's words are obeyed at the start of a frame, the scene's are sent at its end. What cannot be read is
//! answered with a warning in the console and changes nothing.

mod worn;

use crate::Step;
use crate::content::Stage;
use crate::platform::{alarm, page, probe};
use crate::screen::Screen;
use crate::settings::{Settings, TierInForce};
use crate::visit::{
    Answering, Dark, Eye, GoTo, HangPanel, Here, KeepCues, LookAt, Passing, Pause, Play, Resume, Say, ShowPreset,
    Shown, Standing, Telling,
};
use bevy::prelude::*;
use heritage::scene::Era;
use protocol::bridge::{Mode, Tier, Told};
use worn::Worn;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Inbox>()
        .add_systems(Startup, listen)
        .add_systems(Update, (hear, go_dark).chain().in_set(Step::Sense))
        .add_systems(Last, (speak, keep_probe).chain());
}

/// What the page has told and has not yet been obeyed, as it came.
#[derive(Resource, Default)]
struct Inbox(Vec<String>);

fn listen(mut settings: ResMut<Settings>) {
    page::listen();
    if let Some(lang) = page::lang() {
        settings.lang = lang;
    }
    settings.reduced_motion = page::reduced_motion();
}

fn hear(mut inbox: ResMut<Inbox>, stage: Res<State<Stage>>, mut settings: ResMut<Settings>, mut commands: Commands) {
    let fresh = page::hear();
    if fresh.is_empty() && inbox.0.is_empty() {
        return;
    }
    inbox.0.extend(fresh);
    // Whatever is told before the site is open is kept until it is.
    if *stage.get() != Stage::Open {
        return;
    }
    for json in inbox.0.drain(..) {
        match serde_json::from_str(&json) {
            Ok(told) => obey(told, &mut settings, &mut commands),
            Err(fault) => alarm::write(&format!("the scene was told something it cannot read: {fault}")),
        }
    }
}

fn obey(told: Told, settings: &mut Settings, commands: &mut Commands) {
    match told {
        Told::GoTo { station } => commands.trigger(GoTo { station }),
        Told::Look { point } => commands.trigger(LookAt { point }),
        Told::Move { mode } => settings.mode = mode,
        Told::Language { lang } => settings.lang = lang,
        Told::Quality { tier } => settings.tier_asked = tier,
        Told::Comfort { reduced_motion } => settings.reduced_motion = reduced_motion,
        Told::Play { point, from_secs } => {
            let from_secs = from_secs.filter(|secs| secs.is_finite() && *secs >= 0.0);
            commands.trigger(Play { point, from_secs });
        }
        Told::Pause => commands.trigger(Pause),
        Told::Resume => commands.trigger(Resume),
        Told::Answering { on } => commands.insert_resource(Answering(on)),
        Told::Volume { voice, ambience } => {
            settings.voice_volume = loudness(voice);
            settings.ambience_volume = loudness(ambience);
        }
        Told::Panel { panel } => commands.trigger(HangPanel(panel)),
        Told::Cues { point, cues } => commands.trigger(KeepCues { point, cues }),
        Told::Steady { on } => settings.steady = on,
        Told::Model { on } => settings.model = on,
        Told::ShowEra { era } => settings.era = era,
        Told::Lens { on } => settings.lens = on,
        Told::Measure { on, preset } => {
            settings.measuring = on;
            if let Some(index) = preset.filter(|_| on) {
                commands.trigger(ShowPreset(index));
            }
        }
    }
}

fn loudness(asked: f32) -> f32 {
    if asked.is_finite() { asked.clamp(0.0, 1.0) } else { 0.0 }
}

/// Nothing is drawn any more once the browser has taken the graphics context away; the page has been told already.
fn go_dark(mut dark: ResMut<Dark>, mut commands: Commands) {
    if page::went_dark() {
        dark.0 = true;
        commands.trigger(Pause);
    }
}

fn speak(mut say: MessageReader<Say>) {
    say.read().for_each(|Say(said)| page::say(said));
}

/// Frames in a row that must be alike before the picture counts as settled: a slow renderer shows the one before the
/// last, or the one before that.
const RESTING_FRAMES: u32 = 5;

/// Frames in a row that were alike, and in what.
#[derive(Default)]
struct Resting {
    frames: u32,
    like: Option<(Transform, Tier, Vec2)>,
}

fn keep_probe(
    (mut frame, mut resting): (Local<u64>, Local<Resting>),
    stage: Res<State<Stage>>,
    passing: Res<Passing>,
    settings: Res<Settings>,
    tier: Res<TierInForce>,
    here: Res<Here>,
    telling: Res<Telling>,
    standing: Res<Standing>,
    shown: Res<Shown>,
    screen: Screen,
    eyes: Query<&Transform, With<Eye>>,
    mut worn: Worn,
) {
    *frame += 1;
    let eye = eyes.iter().next().copied().unwrap_or_default();
    let now = Some((eye, tier.0, screen.size_px()));
    let still = standing.settled && shown.0 && *passing == Passing::default();
    let alike = *stage.get() == Stage::Open && still && resting.like == now;
    *resting = Resting { frames: if alike { resting.frames.saturating_add(1) } else { 0 }, like: now };
    let (yaw_rad, pitch_rad, _) = eye.rotation.to_euler(EulerRot::YXZ);
    probe::keep(|now| {
        now.frame = *frame;
        now.eye = eye.translation.to_array();
        (now.yaw_rad, now.pitch_rad) = (yaw_rad, pitch_rad);
        now.mode = match settings.mode {
            Mode::Around => "around",
            Mode::Foot => "foot",
            Mode::Guided => "guided",
        };
        now.era = match settings.era {
            Era::Y1935 => "1935",
            Era::Today => "today",
        };
        now.tier = match tier.0 {
            Tier::Floor => "floor",
            Tier::Middle => "middle",
            Tier::High => "high",
        };
        if now.here != here.0 {
            now.here.clone_from(&here.0);
        }
        if now.telling != telling.0 {
            now.telling.clone_from(&telling.0);
        }
        now.settled = resting.frames >= RESTING_FRAMES;
        now.canvas_px = screen.size_px().to_array();
        now.headset = worn.told();
    });
}

#[cfg(test)]
mod tests;

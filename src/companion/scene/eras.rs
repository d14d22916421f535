//! Eras: which state of the place is shown, and the mist that passes between the two.

use bevy::prelude::*;
use heritage::scene::Era;
use protocol::bridge::Said;

use crate::Step;
use crate::ink::Sheets;
use crate::settings::Settings;
use crate::surface::Air;
use crate::visit::{Part, Passing, Say};

/// Length of the passage from one state to the other, seconds.
const PASSAGE_SECS: f32 = 0.56;

/// The state whose parts are visible; follows the visitor's choice once the mist has closed.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Shown(Era);

/// A passage under way: seconds since it began.
#[derive(Resource, Default)]
struct Passage(Option<f32>);

/// How thick the mist is, 0–1, `secs` after the passage began; closed in its middle.
fn thickness(secs: f32) -> f32 {
    let half = PASSAGE_SECS / 2.0;
    (1.0 - ((secs - half) / half).abs()).clamp(0.0, 1.0).sqrt()
}

/// Whether a part belongs to what is shown.
fn visibility(part: Part, shown: Era) -> Visibility {
    if part.era.is_none_or(|era| era == shown) { Visibility::Inherited } else { Visibility::Hidden }
}

/// Begins a passage when the choice differs from what is shown; cuts where motion is reduced.
fn begin(settings: Res<Settings>, shown: Res<Shown>, mut passage: ResMut<Passage>) {
    if settings.era == shown.0 {
        return;
    }
    if settings.reduced_motion {
        passage.0 = Some(PASSAGE_SECS);
    } else if passage.0.is_none() {
        passage.0 = Some(0.0);
    }
}

/// Carries the passage on, and changes what is shown while the mist is closed.
fn pass(
    time: Res<Time>,
    settings: Res<Settings>,
    mut passage: ResMut<Passage>,
    mut shown: ResMut<Shown>,
    mut parts: Query<(&Part, &mut Visibility)>,
    mut say: MessageWriter<Say>,
) {
    let Some(secs) = passage.0 else {
        return;
    };
    let secs = secs + time.delta_secs();
    passage.0 = (secs < PASSAGE_SECS).then_some(secs);
    if secs >= PASSAGE_SECS / 2.0 && shown.0 != settings.era {
        shown.0 = settings.era;
        for (part, mut seen) in &mut parts {
            seen.set_if_neq(visibility(*part, shown.0));
        }
        say.write(Say(Said::EraShown { era: shown.0 }));
    }
}

/// Says whether the mist is before the eye, or about to be.
fn veil(settings: Res<Settings>, shown: Res<Shown>, passage: Res<Passage>, mut passing: ResMut<Passing>) {
    let veiled = passage.0.is_some() || settings.era != shown.0;
    passing.set_if_neq(Passing { veiled, ..*passing });
}

/// Parts that come later appear in the state that is shown.
fn place_newcomers(shown: Res<Shown>, mut parts: Query<(&Part, &mut Visibility), Added<Part>>) {
    for (part, mut seen) in &mut parts {
        seen.set_if_neq(visibility(*part, shown.0));
    }
}

fn draw_veil(passage: Res<Passage>, air: Res<Air>, mut sheets: ResMut<Sheets>) {
    let veil = passage.0.map_or(Vec4::ZERO, |secs| (air.mist * 0.86).truncate().extend(thickness(secs)));
    if sheets.veil != veil {
        sheets.veil = veil;
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Shown>()
        .init_resource::<Passage>()
        .add_systems(Update, (begin, pass, veil, draw_veil, place_newcomers).chain().in_set(Step::Show));
}

#[cfg(test)]
mod tests {
    use super::*;
    use heritage::Certainty;

    fn part(era: Option<Era>) -> Part {
        Part { certainty: Certainty::Attested, era }
    }

    #[test]
    fn each_state_shows_its_own_parts_and_those_of_both() {
        assert_eq!(visibility(part(None), Era::Y1935), Visibility::Inherited);
        assert_eq!(visibility(part(Some(Era::Y1935)), Era::Y1935), Visibility::Inherited);
        assert_eq!(visibility(part(Some(Era::Today)), Era::Y1935), Visibility::Hidden);
    }

    #[test]
    fn the_mist_is_closed_in_the_middle_and_gone_at_the_ends() {
        assert!(thickness(0.0) < 0.01 && thickness(PASSAGE_SECS) < 0.01);
        assert!(thickness(PASSAGE_SECS / 2.0) > 0.99);
    }

    fn app(reduced_motion: bool) -> (App, Entity) {
        let mut app = App::new();
        app.add_plugins((MinimalPlugins, crate::visit::plugin, crate::settings::plugin));
        app.insert_resource(bevy::time::TimeUpdateStrategy::ManualDuration(std::time::Duration::from_millis(100)));
        app.init_resource::<Air>().init_resource::<Sheets>();
        super::plugin(&mut app);
        app.world_mut().resource_mut::<Settings>().reduced_motion = reduced_motion;
        let plank = app.world_mut().spawn((part(Some(Era::Today)), Visibility::default())).id();
        app.update();
        app.update();
        (app, plank)
    }

    fn hidden(app: &App, entity: Entity) -> bool {
        app.world().get::<Visibility>(entity) == Some(&Visibility::Hidden)
    }

    #[test]
    fn the_planks_of_today_vanish_behind_the_mist() {
        let (mut app, plank) = app(false);
        app.world_mut().resource_mut::<Settings>().era = Era::Y1935;
        app.update();
        assert!(!hidden(&app, plank), "the mist has only begun to close");
        for _ in 0..5 {
            app.update();
        }
        assert!(hidden(&app, plank));
        let said = app
            .world_mut()
            .resource_mut::<Messages<Say>>()
            .drain()
            .filter(|say| matches!(say.0, Said::EraShown { era: Era::Y1935 }))
            .count();
        assert!(said <= 1, "said {said} times");
    }

    #[test]
    fn the_picture_is_passing_from_the_choice_until_the_mist_is_gone() {
        let (mut app, _) = app(false);
        assert!(!app.world().resource::<Passing>().veiled);
        app.world_mut().resource_mut::<Settings>().era = Era::Y1935;
        for _ in 0..5 {
            app.update();
            assert!(app.world().resource::<Passing>().veiled);
            assert!(app.world().resource::<Sheets>().veil.w > 0.0);
        }
        app.update();
        assert!(!app.world().resource::<Passing>().veiled);
        assert!(app.world().resource::<Sheets>().veil.w < 1e-6);
    }

    #[test]
    fn reduced_motion_cuts() {
        let (mut app, plank) = app(true);
        app.world_mut().resource_mut::<Settings>().era = Era::Y1935;
        app.update();
        assert!(hidden(&app, plank));
    }
}

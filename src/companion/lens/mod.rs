//! Lens: the scene recoloured by how sure history is.
//!
//! The class of every part is always in the shader's hands (see `surface`), so that switching is one number for the
//! whole scene: instant, and undone without a trace.

use bevy::prelude::*;
use heritage::Certainty;
use heritage::scene::Era;
use protocol::bridge::Said;

use crate::Step;
use crate::settings::Settings;
use crate::surface::Air;
use crate::visit::{Part, Piece, Say};

/// Parts of each certainty in the state `era`, those of both states among them.
fn counts<'a>(parts: impl Iterator<Item = &'a Part>, era: Era) -> Vec<(Certainty, u32)> {
    let mut counts = Certainty::ALL.map(|certainty| (certainty, 0));
    for part in parts.filter(|part| part.era.is_none_or(|own| own == era)) {
        for (certainty, count) in &mut counts {
            *count += u32::from(*certainty == part.certainty);
        }
    }
    counts.to_vec()
}

/// Switches, and keeps the page's counts true while the lens is on: another state has other parts, and later levels
/// bring more.
fn switch(
    settings: Res<Settings>,
    parts: Query<&Part, Without<Piece>>,
    mut air: ResMut<Air>,
    mut last: Local<Option<Vec<(Certainty, u32)>>>,
    mut say: MessageWriter<Say>,
) {
    let wanted = f32::from(u8::from(settings.lens));
    let switched = (air.show.x - wanted).abs() > f32::EPSILON;
    if switched {
        air.show.x = wanted;
    }
    if !settings.lens && !switched {
        return;
    }
    let counts = counts(parts.iter(), settings.era);
    if switched || last.as_ref() != Some(&counts) {
        say.write(Say(Said::Lens { on: settings.lens, counts: counts.clone() }));
        *last = Some(counts);
    }
}

/// Whether the counts may have changed.
fn is_due(settings: Res<Settings>, fresh: Query<(), Added<Part>>) -> bool {
    settings.is_changed() || !fresh.is_empty()
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Air>().add_systems(Update, switch.in_set(Step::Show).run_if(is_due));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app() -> App {
        let mut app = App::new();
        app.add_plugins((MinimalPlugins, crate::visit::plugin, crate::settings::plugin, plugin));
        for certainty in [Certainty::Attested, Certainty::Conjecture, Certainty::Conjecture] {
            app.world_mut().spawn(Part { certainty, era: None });
        }
        app.update();
        app
    }

    fn said(app: &mut App) -> Vec<Said> {
        app.world_mut().resource_mut::<Messages<Say>>().drain().map(|say| say.0).collect()
    }

    #[test]
    fn switching_on_recolours_and_counts_each_certainty() {
        let mut app = app();
        app.world_mut().resource_mut::<Settings>().lens = true;
        app.update();
        assert!(app.world().resource::<Air>().show.x > 0.5);
        let counts = vec![
            (Certainty::Attested, 1),
            (Certainty::Restored, 0),
            (Certainty::Rebuilt, 0),
            (Certainty::Conjecture, 2),
        ];
        assert_eq!(said(&mut app), [Said::Lens { on: true, counts }]);
    }

    #[test]
    fn a_part_in_several_pieces_counts_once() {
        let mut app = app();
        app.world_mut().spawn((Part { certainty: Certainty::Attested, era: None }, Piece));
        app.world_mut().resource_mut::<Settings>().lens = true;
        app.update();
        let said = said(&mut app);
        assert!(matches!(&said[..], [Said::Lens { counts, .. }] if counts[0] == (Certainty::Attested, 1)), "{said:?}");
    }

    #[test]
    fn only_the_state_that_is_shown_is_counted_and_another_state_is_counted_anew() {
        let mut app = app();
        for era in [Era::Y1935, Era::Today, Era::Today] {
            app.world_mut().spawn(Part { certainty: Certainty::Rebuilt, era: Some(era) });
        }
        app.world_mut().resource_mut::<Settings>().era = Era::Y1935;
        app.world_mut().resource_mut::<Settings>().lens = true;
        app.update();
        assert_eq!(rebuilt(&said(&mut app)), [1]);
        app.world_mut().resource_mut::<Settings>().era = Era::Today;
        app.update();
        assert_eq!(rebuilt(&said(&mut app)), [2]);
        app.world_mut().spawn(Part { certainty: Certainty::Rebuilt, era: Some(Era::Today) });
        app.update();
        assert_eq!(rebuilt(&said(&mut app)), [3], "what comes later is counted too");
    }

    fn rebuilt(said: &[Said]) -> Vec<u32> {
        let counts = said.iter().filter_map(|said| match said {
            Said::Lens { counts, .. } => counts.iter().find(|(certainty, _)| *certainty == Certainty::Rebuilt),
            _ => None,
        });
        counts.map(|(_, count)| *count).collect()
    }

    #[test]
    fn switching_off_leaves_the_air_as_it_was() {
        let mut app = app();
        let before = *app.world().resource::<Air>();
        for lens in [true, false] {
            app.world_mut().resource_mut::<Settings>().lens = lens;
            app.update();
        }
        assert_eq!(*app.world().resource::<Air>(), before);
    }

    #[test]
    fn another_setting_says_nothing_of_the_lens() {
        let mut app = app();
        app.world_mut().resource_mut::<Settings>().measuring = true;
        app.update();
        assert!(said(&mut app).is_empty());
    }
}

//! Lens: the scene recoloured by how sure history is.
//!
//! The class of every part is always in the shader's hands (see `surface`), so that switching is one number for the
//! whole scene: instant, and undone without a trace.

use bevy::prelude::*;
use heritage::Certainty;
use protocol::bridge::Said;

use crate::Step;
use crate::settings::Settings;
use crate::surface::Air;
use crate::visit::{Part, Piece, Say};

/// Parts of each certainty in the whole scene, in both states.
fn counts<'a>(parts: impl Iterator<Item = &'a Part>) -> Vec<(Certainty, u32)> {
    let mut counts = Certainty::ALL.map(|certainty| (certainty, 0));
    for part in parts {
        for (certainty, count) in &mut counts {
            *count += u32::from(*certainty == part.certainty);
        }
    }
    counts.to_vec()
}

fn switch(
    settings: Res<Settings>,
    parts: Query<&Part, Without<Piece>>,
    mut air: ResMut<Air>,
    mut say: MessageWriter<Say>,
) {
    let wanted = f32::from(u8::from(settings.lens));
    if (air.show.x - wanted).abs() > f32::EPSILON {
        air.show.x = wanted;
        say.write(Say(Said::Lens { on: settings.lens, counts: counts(parts.iter()) }));
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Air>().add_systems(Update, switch.in_set(Step::Show).run_if(resource_changed::<Settings>));
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

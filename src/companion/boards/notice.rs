//! Notice: what is said to a wearer before whom the place lies dimmed, and what to do about it.

use super::place::{self, Manners};
use super::{Lettered, Shelf, layout, lettered, width_px};
use crate::afloat::Board;
use crate::headset::{Astray, Headset, Rig};
use crate::settings::Settings;
use crate::sight::Sight;
use crate::surface::Picture;
use bevy::prelude::*;
use heritage::Lang;

/// Straight ahead: whoever is to read it does not know that it is there.
const MANNERS: Manners = Manners { down_rad: 0.0, slack_rad: 0.3 };
/// What lasts for less is not told of, seconds.
const LEAST_SECS: f32 = 0.5;

/// What is said, and the board that it stands on.
#[derive(Default)]
pub(super) struct Notice {
    /// For how long the place has lain dimmed, seconds.
    secs: f32,
    said: &'static str,
    board: Lettered,
}

const fn words(astray: Astray, lang: Lang) -> &'static str {
    match (astray, lang) {
        (Astray::No, _) => "",
        (Astray::Lost, Lang::Zh) => "头显跟不上您的动作，画面停在原处。请站稳，到亮一些的地方，别遮住头显。",
        (Astray::Lost, Lang::En) => {
            "The headset cannot follow your head, so the picture waits. Stand still, go where it is brighter, and keep the headset uncovered."
        }
        (Astray::Off, Lang::Zh) => "您到了站不住的地方。请退回一步。",
        (Astray::Off, Lang::En) => "Nobody can stand where you are. Take a step back.",
    }
}

impl Notice {
    /// What is said; empty for nothing.
    pub(super) const fn said(&self) -> &'static str {
        self.said
    }

    /// Its board before the wearer, where anything is said.
    pub(super) fn hang(&mut self, head: &Transform, rig: &Rig, secs: f32, sight: &Sight) -> Option<Board> {
        let Lettered { laid, picture, place } = &mut self.board;
        let Some(picture) = picture.clone() else {
            place.forget();
            return None;
        };
        place.follow(head, MANNERS, rig.scale, secs, |from, toward| place::reach_m(sight, from, toward, rig.scale));
        Some(Board { picture, corners: place.corners(MANNERS, laid.size_px), opacity: 1.0 })
    }
}

/// Letters what is to be said now.
pub(super) fn letter(
    time: Res<Time<Real>>,
    headset: Res<Headset>,
    astray: Res<Astray>,
    settings: Res<Settings>,
    mut shelf: ResMut<Shelf>,
    mut pictures: ResMut<Assets<Picture>>,
) {
    if !headset.is_on() {
        return;
    }
    let notice = &mut shelf.notice;
    notice.secs = if *astray == Astray::No { 0.0 } else { notice.secs + time.delta_secs() };
    let now = if notice.secs < LEAST_SECS { "" } else { words(*astray, settings.lang) };
    if notice.said != now {
        notice.said = now;
        notice.board.laid = layout::caption(now, &width_px);
        notice.board.picture = if now.is_empty() { None } else { lettered(&notice.board.laid, &mut pictures) };
    }
}

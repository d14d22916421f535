//! Stroke: how one mark is laid on the sheet.

use super::{Drawn, LIFT_PX, RADIUS_PX, State, Stroke};
use crate::ink::{CINNABAR, IRON, PAPER, Sheet, Wash};
use bevy::prelude::*;

impl Stroke {
    /// Lays line, disc and numeral.
    pub(super) fn lay(&self, sheet: &mut Sheet) {
        let Drawn { disc_px, opacity, fill } = self.drawn;
        let foot_px = disc_px + Vec2::Y * LIFT_PX;
        let line = if self.state == State::Next { CINNABAR } else { IRON };
        // Paper beside the line and around the disc keeps both readable before dark rock.
        sheet.line(disc_px, foot_px, 3.2, Wash(PAPER, opacity * 0.55));
        sheet.line(disc_px, foot_px, 1.4, Wash(line, opacity));
        sheet.disc(foot_px, 2.4, Wash(line, opacity));
        sheet.disc(disc_px, RADIUS_PX + 1.6, Wash(PAPER, opacity));
        sheet.disc(disc_px, RADIUS_PX, Wash(fill, opacity));
        if self.state == State::Told {
            sheet.ring(disc_px, RADIUS_PX - 1.6, RADIUS_PX, Wash(IRON, opacity));
        }
        if self.emphasis {
            sheet.ring(disc_px, RADIUS_PX + 3.0, RADIUS_PX + 5.0, Wash(line, opacity));
        }
        let figure = if self.state == State::Told { IRON } else { PAPER };
        sheet.numeral(disc_px, 13.0, self.number, Wash(figure, opacity));
    }
}

//! Headset: what a `WebXR` session brings with each of its frames. `web/xr.js` alone touches the session itself.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code, reason = "there is no headset without a browser"))]

use bevy::prelude::*;

#[cfg(target_arch = "wasm32")]
pub(crate) use super::browser::headset::{acknowledge, attach, layer, pulse, read};

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use none::{acknowledge, attach, layer, pulse, read};

/// Numbers before the views: how many views, whether the pose is known (2), or only its turn (1), or neither (0), the pose
/// of the head, whether the room is seen through (1), seconds, times that the wearer has recentred.
const HEAD: usize = 12;
/// Numbers of a view: four of its projection (`m0`, `m5`, `m8`, `m9`), its pose, its place on the layer.
const VIEW: usize = 15;
/// Numbers of a hand: what it is, 1 where its aim is known, the aim's pose, trigger, squeeze, stick, buttons.
const HAND: usize = 14;
/// Numbers of a whole frame, as `xr.js` packs them.
pub(crate) const NUMBERS: usize = HEAD + 2 * VIEW + 2 * HAND;

/// How far a session has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Session {
    /// There is none: the canvas is drawn.
    #[default]
    None,
    /// One has been asked for, and waits until the loop runs by its frames.
    Asked,
    /// It runs.
    Running,
}

/// What an eye sees through.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct View {
    /// The eye in the space of the wearer's floor: metres, y up.
    pub pose: Transform,
    /// Scale across and up, then how far the view's middle is off its axis, in clip space: `m0`, `m5`, `m8`, `m9` of an
    /// OpenGL projection.
    pub lens: [f32; 4],
    /// Where it lies on the layer: left, bottom, width, height, pixels.
    pub place_px: [u32; 4],
}

/// What points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Pointing {
    /// Nothing.
    #[default]
    None,
    /// A controller, or a hand whose pose is followed.
    Hand,
    /// The head itself; a button is somewhere.
    Gaze,
}

/// A hand, or whatever takes its place.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Hand {
    pub pointing: Pointing,
    /// Where it points, in the space of the floor; `None` while that is not known.
    pub aim: Option<Transform>,
    /// 0 to 1 each.
    pub trigger: f32,
    pub squeeze: f32,
    /// Right and down positive, −1 to 1.
    pub stick: Vec2,
    /// One bit each, by the numbers of the `xr-standard` layout.
    pub buttons: u32,
}

/// One frame of a session.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Frame {
    /// How many of the views there are, 0 to 2.
    pub count: usize,
    pub views: [View; 2],
    /// Where the head is and looks, in the space of the floor.
    pub head: Transform,
    /// The head's place is known.
    pub placed: bool,
    /// The head's turn is known.
    pub turned: bool,
    /// The room is seen through what is drawn.
    pub see_through: bool,
    /// The session's clock, seconds.
    pub secs: f64,
    /// How often the wearer has recentred the space.
    pub recentred: u32,
    /// Left, then right.
    pub hands: [Hand; 2],
}

impl Frame {
    /// A frame from its numbers.
    pub(crate) fn of(numbers: &[f32; NUMBERS]) -> Self {
        let (head, rest) = numbers.split_at(HEAD);
        let (views, hands) = rest.split_at(2 * VIEW);
        let view = |at: &[f32]| View {
            lens: [at[0], at[1], at[2], at[3]],
            pose: pose(&at[4..]),
            place_px: [at[11], at[12], at[13], at[14]].map(|px| px.max(0.0) as u32),
        };
        let hand = |at: &[f32]| Hand {
            pointing: match at[0] as u32 {
                1 => Pointing::Hand,
                2 => Pointing::Gaze,
                _ => Pointing::None,
            },
            aim: (at[1] > 0.0).then(|| pose(&at[2..])),
            trigger: at[9],
            squeeze: at[10],
            stick: Vec2::new(at[11], at[12]),
            buttons: at[13] as u32,
        };
        Self {
            count: (head[0].max(0.0) as usize).min(2),
            views: [view(&views[..VIEW]), view(&views[VIEW..])],
            head: pose(&head[2..]),
            placed: head[1] > 1.5,
            turned: head[1] > 0.5,
            see_through: head[9] > 0.5,
            secs: f64::from(head[10]),
            recentred: head[11].max(0.0) as u32,
            hands: [hand(&hands[..HAND]), hand(&hands[HAND..])],
        }
    }
}

/// Place, then turn as a quaternion; a turn that is none is taken for none.
fn pose(at: &[f32]) -> Transform {
    let turn = Quat::from_xyzw(at[3], at[4], at[5], at[6]);
    let rotation = if turn.length_squared() > 0.5 { turn.normalize() } else { Quat::IDENTITY };
    Transform { translation: Vec3::new(at[0], at[1], at[2]), rotation, ..default() }
}

/// No headset without a browser.
#[cfg(not(target_arch = "wasm32"))]
mod none {
    use super::{Frame, Session};
    use web_sys::WebGlFramebuffer;

    pub(crate) fn attach(_wake: impl Fn() + 'static) {}

    pub(crate) fn read(_into: &mut Frame) -> Session {
        Session::None
    }

    pub(crate) fn acknowledge() {}

    pub(crate) fn layer<T>(to: impl FnOnce(Option<&WebGlFramebuffer>) -> T) -> T {
        to(None)
    }

    pub(crate) fn pulse(_hand: usize, _strength: f32, _millis: f32) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_read_as_it_was_packed() {
        let mut numbers = [0.0; NUMBERS];
        numbers[..HEAD].copy_from_slice(&[2.0, 2.0, 0.1, 1.6, -0.2, 0.0, 1.0, 0.0, 0.0, 1.0, 12.5, 3.0]);
        let right = HEAD + VIEW;
        numbers[right..right + VIEW]
            .copy_from_slice(&[0.9, 1.1, -0.1, 0.05, 0.13, 1.6, -0.2, 0.0, 0.0, 0.0, 1.0, 640.0, 0.0, 640.0, 720.0]);
        let hand = HEAD + 2 * VIEW + HAND;
        numbers[hand..].copy_from_slice(&[1.0, 1.0, 0.3, 1.2, -0.4, 0.0, 0.0, 0.0, 1.0, 0.8, 0.1, -0.5, 0.7, 17.0]);
        let frame = Frame::of(&numbers);
        assert_eq!((frame.count, frame.placed, frame.turned, frame.see_through), (2, true, true, true));
        assert_eq!(frame.head.translation, Vec3::new(0.1, 1.6, -0.2));
        assert!(frame.head.forward().distance(Vec3::Z) < 1e-5, "turned about");
        assert_eq!(frame.views[1].place_px, [640, 0, 640, 720]);
        assert_eq!(frame.views[1].lens.map(f32::to_bits), [0.9_f32, 1.1, -0.1, 0.05].map(f32::to_bits));
        assert_eq!(frame.hands[0], Hand { buttons: 0, ..Hand::default() });
        let held = frame.hands[1];
        assert_eq!((held.pointing, held.trigger, held.buttons), (Pointing::Hand, 0.8, 17));
        assert_eq!((held.stick, held.aim.map(|aim| aim.translation.x)), (Vec2::new(-0.5, 0.7), Some(0.3)));
    }

    #[test]
    fn a_turn_that_is_none_turns_nothing() {
        assert_eq!(Frame::of(&[0.0; NUMBERS]).head.rotation, Quat::IDENTITY);
        assert_eq!(Frame::of(&[f32::NAN; NUMBERS]).count, 0);
    }
}

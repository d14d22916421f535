//! Screen: how the world falls on the canvas, in CSS pixels.
//!
//! One pinhole for drawing marks and for picking, so that what is hit is what is seen. The window's logical pixels are
//! the page's CSS pixels at whatever resolution is drawn; `quality` sees to that.

use crate::visit::Eye;
use bevy::{ecs::system::SystemParam, prelude::*, window::PrimaryWindow};

/// A click or tap that was not a drag. Origin top left.
#[derive(Event, Clone, Copy, Debug)]
pub(crate) struct Tapped {
    pub at_px: Vec2,
}

/// Where a mouse rests on the canvas, if one does; CSS pixels.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Pointing(pub Option<Vec2>);

/// One moment's view.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct View {
    /// Where the eye is and looks.
    pub eye: Transform,
    /// Width and height of the canvas, CSS pixels.
    pub size_px: Vec2,
    /// Tangent of half the vertical field of view.
    pub slope: f32,
}

/// Where a point of the world falls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Fall {
    /// CSS pixels from the top left; may lie outside the canvas.
    pub at_px: Vec2,
    /// Distance along the line of view, metres.
    pub depth_m: f32,
}

impl View {
    /// Where `at` falls; `None` for what is behind the eye.
    pub(crate) fn fall(&self, at: Vec3) -> Option<Fall> {
        let seen = self.eye.rotation.inverse() * (at - self.eye.translation);
        let depth_m = -seen.z;
        if depth_m < 0.05 {
            return None;
        }
        let px_per_slope = self.size_px.y / (2.0 * self.slope);
        let offset = Vec2::new(seen.x, -seen.y) / depth_m * px_per_slope;
        Some(Fall { at_px: self.size_px / 2.0 + offset, depth_m })
    }

    /// The line of sight through a point of the canvas.
    pub(crate) fn ray(&self, at_px: Vec2) -> Ray3d {
        let offset = (at_px - self.size_px / 2.0) / self.size_px.y * (2.0 * self.slope);
        let toward = self.eye.rotation * Vec3::new(offset.x, -offset.y, -1.0);
        Ray3d::new(self.eye.translation, Dir3::new(toward).unwrap_or(Dir3::NEG_Z))
    }

    /// Whether a point of the canvas is on it.
    pub(crate) fn shows(&self, at_px: Vec2) -> bool {
        at_px.cmpge(Vec2::ZERO).all() && at_px.cmple(self.size_px).all()
    }
}

/// The present view, once there is an eye and a window.
#[derive(SystemParam)]
pub(crate) struct Screen<'w, 's> {
    eyes: Query<'w, 's, (&'static Transform, Option<&'static Projection>), With<Eye>>,
    windows: Query<'w, 's, &'static Window, With<PrimaryWindow>>,
}

impl Screen<'_, '_> {
    /// The present view; `None` before the scene has an eye, or in a window without area.
    pub(crate) fn view(&self) -> Option<View> {
        let (eye, projection) = self.eyes.iter().next()?;
        let size_px = self.windows.iter().next()?.size();
        let fov_rad = match projection {
            Some(Projection::Perspective(lens)) => lens.fov,
            _ => PerspectiveProjection::default().fov,
        };
        (size_px.min_element() >= 1.0).then(|| View { eye: *eye, size_px, slope: (fov_rad / 2.0).tan() })
    }

    /// Where the mouse is, CSS pixels.
    pub(crate) fn cursor_px(&self) -> Option<Vec2> {
        self.windows.iter().next()?.cursor_position()
    }

    /// Size of the canvas, CSS pixels.
    pub(crate) fn size_px(&self) -> Vec2 {
        self.windows.iter().next().map_or(Vec2::ONE, Window::size)
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Pointing>();
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy::camera::CameraProjection;

    fn view() -> View {
        let eye = Transform::from_xyz(-72.0, 1.65, 4.0).looking_at(Vec3::new(0.0, -3.0, 0.0), Vec3::Y);
        View { eye, size_px: Vec2::new(390.0, 844.0), slope: (PerspectiveProjection::default().fov / 2.0).tan() }
    }

    #[test]
    fn a_point_falls_where_the_camera_draws_it() {
        let view = view();
        let mut lens = PerspectiveProjection::default();
        lens.update(view.size_px.x, view.size_px.y);
        for at in [Vec3::new(-55.0, 3.0, 0.0), Vec3::new(-36.0, -2.0, 1.0), Vec3::new(64.0, 0.0, 9.0)] {
            let drawn = lens.get_clip_from_view().project_point3(view.eye.to_matrix().inverse().transform_point3(at));
            let drawn_px = (drawn.truncate() * Vec2::new(0.5, -0.5) + 0.5) * view.size_px;
            let fall = view.fall(at).expect("it is in front");
            assert!(fall.at_px.distance(drawn_px) < 0.05, "{at}: {} against {drawn_px}", fall.at_px);
        }
    }

    #[test]
    fn the_line_of_sight_leads_back_to_the_point() {
        let view = view();
        let at = Vec3::new(-16.0, -2.7, 0.4);
        let ray = view.ray(view.fall(at).expect("in front").at_px);
        assert!(ray.get_point(at.distance(view.eye.translation)).distance(at) < 0.01);
    }

    #[test]
    fn what_is_behind_falls_nowhere() {
        assert_eq!(view().fall(Vec3::new(-90.0, 1.0, 5.0)), None);
    }
}

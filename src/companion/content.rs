//! Content: the site as its historian wrote it, fetched once.

use bevy::prelude::*;
use heritage::{Site, StationId};

/// How far the companion has come.
#[derive(States, Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Stage {
    /// The site's text and first models are being fetched.
    #[default]
    Fetching,
    /// The visitor can move.
    Open,
}

/// The site being visited. Absent until fetched; everything that needs it waits with `If<Res<Content>>`.
#[derive(Resource, Debug)]
pub(crate) struct Content(pub Site);

/// Where the site's files lie and where the visit begins: told by the page before anything else.
#[derive(Resource, Clone, Debug, Default)]
pub struct Entry {
    /// Address of the site's files with a closing slash.
    pub root: String,
    /// The station to begin at, if one was asked for.
    pub station: Option<StationId>,
}

/// A point of the site's frame in the engine: `x = east, y = up, z = −north`.
pub(crate) fn engine_from_site(at: heritage::geodesy::EastNorthUp) -> Vec3 {
    Vec3::new(at.east_m as f32, at.up_m as f32, -at.north_m as f32)
}

pub(super) fn plugin(app: &mut App) {
    app.init_state::<Stage>().init_resource::<Entry>();
}

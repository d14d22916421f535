//! A visit to Luding without a window, for the tests of the features that move and tell.

use crate::content::{Content, Entry, Stage};
use crate::visit::{Eye, Here, Say, Standing};
use bevy::prelude::*;
use bevy::state::app::StatesPlugin;
use bevy::time::TimeUpdateStrategy;
use bevy::window::PrimaryWindow;
use heritage::geodesy::EastNorthUp;
use heritage::scene::{ChainLine, Chains, Era, Floor, Scene};
use heritage::{PointId, Site, StationId};
use protocol::bridge::Said;
use std::time::Duration;

/// Length of every narration here, seconds.
pub(crate) const TOLD_SECS: f64 = 6.0;

fn at(east_m: f64, north_m: f64, up_m: f64) -> EastNorthUp {
    EastNorthUp { east_m, north_m, up_m }
}

fn floor(name: &str, west: f64, east: f64, half: f64, era: Option<Era>, pace: f64) -> Floor {
    let corners = vec![at(west, -half, 0.0), at(east, -half, 0.0), at(east, half, 0.0), at(west, half, 0.0)];
    Floor { name: name.into(), corners, era, pace, soil: false }
}

fn scene() -> Scene {
    Scene {
        floors: vec![
            floor("west-bank", -90.0, -50.0, 20.0, None, 1.0),
            floor("east-bank", 50.0, 90.0, 20.0, None, 1.0),
            floor("deck-1935", -50.0, 50.0, 0.9, Some(Era::Y1935), 0.35),
            floor("deck-today", -50.0, 50.0, 1.3, Some(Era::Today), 1.0),
        ],
        chains: Some(Chains {
            span_m: 100.0,
            sag_m: 3.0,
            lines: vec![ChainLine { north_m: -1.4, over_m: 1.0 }, ChainLine { north_m: 1.4, over_m: 1.0 }],
            pitch_m: 0.137,
            bar_m: 0.025,
        }),
        water_up_m: -14.5,
        entry: at(-80.0, 0.0, 0.0),
        entry_bearing_deg: 90.0,
        ..Scene::default()
    }
}

/// Luding as its historian keeps it, without its texts.
pub(crate) fn luding() -> Site {
    let files = [
        ("site.toml", include_str!("../../assets/sites/luding/site.toml")),
        ("scene.toml", include_str!("../../assets/sites/luding/scene.toml")),
    ];
    let folder = files.into_iter().map(|(file, text)| (file.to_owned(), text.to_owned())).collect();
    heritage::reader::read(&folder).0.expect("a site that curator check lets pass").site
}

/// The site as most tests know it: Luding's stations on two plain banks and a deck, told in a few seconds each.
pub(crate) fn site() -> Site {
    let mut site = Site { scene: scene(), ..luding() };
    for point in site.stations.iter_mut().flat_map(|station| &mut station.points) {
        (point.zh_secs, point.en_secs) = (TOLD_SECS, TOLD_SECS + 2.0);
    }
    // One length, poorly known, and no height.
    site.measures.truncate(1);
    site.measures.iter_mut().for_each(|measure| measure.uncertainty_m = 4.0);
    site
}

/// A visit that is open, with an eye and a window of 800 × 600, a tenth of a second a frame.
pub(crate) fn visit() -> App {
    let mut app = App::new();
    app.add_plugins((MinimalPlugins, StatesPlugin));
    app.insert_resource(TimeUpdateStrategy::ManualDuration(Duration::from_millis(100)));
    app.configure_sets(
        Update,
        (crate::Step::Sense, crate::Step::Point, crate::Step::Decide, crate::Step::Move, crate::Step::Show).chain(),
    );
    app.init_state::<Stage>().init_resource::<Entry>();
    app.add_plugins((crate::settings::plugin, crate::visit::plugin, crate::screen::plugin, crate::ink::plugin));
    app.add_plugins((crate::bridge::plugin, crate::navigation::plugin, crate::stations::plugin));
    app.add_plugins((crate::markers::plugin, crate::narration::plugin, crate::measure::plugin));
    let window = Window { resolution: (800, 600).into(), ..default() };
    app.world_mut().spawn((window, PrimaryWindow));
    app.world_mut().spawn((Eye, Transform::default()));
    app.insert_resource(Content(site()));
    app.world_mut().resource_mut::<NextState<Stage>>().set(Stage::Open);
    app.update();
    app
}

/// Lets so many seconds pass; everything said meanwhile.
pub(crate) fn pass(app: &mut App, secs: f32) -> Vec<Said> {
    let mut said = Vec::new();
    for _ in 0..(secs * 10.0).round() as u32 {
        app.update();
        said.extend(app.world_mut().resource_mut::<Messages<Say>>().drain().map(|say| say.0));
        app.world_mut().resource_mut::<ButtonInput<KeyCode>>().clear();
    }
    said
}

/// Presses a key for one frame and lets it go; everything said in two frames.
pub(crate) fn tap(app: &mut App, key: KeyCode) -> Vec<Said> {
    app.world_mut().resource_mut::<ButtonInput<KeyCode>>().press(key);
    let mut said = pass(app, 0.1);
    app.world_mut().resource_mut::<ButtonInput<KeyCode>>().release(key);
    said.extend(pass(app, 0.1));
    said
}

pub(crate) fn station(name: &str) -> StationId {
    StationId::new(name).expect("a name")
}

pub(crate) fn point(name: &str) -> PointId {
    PointId::new(name).expect("a name")
}

pub(crate) fn here(app: &App) -> Option<String> {
    app.world().resource::<Here>().0.as_ref().map(ToString::to_string)
}

pub(crate) fn feet(app: &App) -> Vec3 {
    app.world().resource::<Standing>().at
}

/// The names of the stations arrived at, in order.
pub(crate) fn arrivals(said: &[Said]) -> Vec<String> {
    let arrived = said.iter().filter_map(|said| match said {
        Said::Arrived { station } => Some(station.to_string()),
        _ => None,
    });
    arrived.collect()
}

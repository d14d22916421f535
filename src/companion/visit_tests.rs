//! A visit to Luding without a window, for the tests of the features that move and tell.

use crate::content::{Content, Entry, Stage};
use crate::visit::{Eye, Here, Say, Standing};
use bevy::prelude::*;
use bevy::state::app::StatesPlugin;
use bevy::time::TimeUpdateStrategy;
use bevy::window::PrimaryWindow;
use heritage::geodesy::{EastNorthUp, Wgs84};
use heritage::scene::{ChainLine, Chains, Era, Floor, Scene};
use heritage::site::Origin;
use heritage::{
    Bilingual, Certainty, Measure, PointId, Question, Site, SiteId, SourceId, Station, StationId, StoryPoint,
};
use protocol::bridge::Said;
use std::time::Duration;

/// Length of every narration here, seconds.
pub(crate) const TOLD_SECS: f64 = 6.0;

/// Name, east, north and story points of the eight stations.
const STATIONS: [(&str, f64, f64, &[(&str, f64, f64, f64)]); 8] = [
    ("west-bank", -72.0, -4.0, &[("place", -70.0, -2.0, 1.6)]),
    ("west-pavilion", -55.0, 0.0, &[("built", -53.0, 1.4, 1.6)]),
    ("anchorage", -58.0, 8.0, &[("anchors", -57.0, 6.5, 1.2)]),
    ("chains", -36.0, 0.0, &[("thirteen-chains", -34.0, 1.4, -0.6)]),
    ("deck", -16.0, 0.0, &[("planks", -14.0, -1.2, -1.9)]),
    ("mid-span", 6.0, 0.0, &[("river", 7.0, -1.5, -2.2), ("crossing", 9.0, 1.2, -1.9)]),
    ("east-pavilion", 55.0, 0.0, &[("twenty-two", 53.0, 1.4, 1.6), ("unknown", 57.0, -1.4, 1.6)]),
    ("stele", 64.0, -9.0, &[("stele", 64.0, -9.0, 1.8), ("two-lengths", 61.5, -6.5, 1.4)]),
];

fn at(east_m: f64, north_m: f64, up_m: f64) -> EastNorthUp {
    EastNorthUp { east_m, north_m, up_m }
}

fn floor(name: &str, west: f64, east: f64, half: f64, era: Option<Era>, pace: f64) -> Floor {
    let corners = vec![at(west, -half, 0.0), at(east, -half, 0.0), at(east, half, 0.0), at(west, half, 0.0)];
    Floor { name: name.into(), corners, era, pace }
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

fn question(name: &str) -> Question {
    Question { station: station(name), prompt: Bilingual::new("问", "q"), choices: Vec::new() }
}

/// The site as the tests know it.
pub(crate) fn site() -> Site {
    let source = SourceId::new("stele").expect("a name");
    let deck_m = |east_m: f64| scene().chains.expect("chains").deck_up_m(east_m);
    let point = |(id, east, north, up): &(&str, f64, f64, f64)| StoryPoint {
        id: PointId::new(id).expect("a name"),
        title: Bilingual::default(),
        position: at(*east, *north, *up),
        zh: Vec::new(),
        en: Vec::new(),
        zh_secs: TOLD_SECS,
        en_secs: TOLD_SECS + 2.0,
    };
    let told_at = |(id, east, north, points): &(&str, f64, f64, &[(&str, f64, f64, f64)])| Station {
        id: StationId::new(id).expect("a name"),
        title: Bilingual::default(),
        position: at(*east, *north, if east.abs() < 50.0 { deck_m(*east) } else { 0.0 }),
        radius_m: 25.0,
        points: points.iter().map(point).collect(),
        question: question(id),
    };
    Site {
        id: SiteId::new("luding").expect("a name"),
        title: Bilingual::default(),
        summary: Bilingual::default(),
        when: Bilingual::default(),
        origin: Origin {
            position: Wgs84::new(29.9145, 102.2299).expect("on the earth"),
            uncertainty_m: 60.0,
            source: source.clone(),
        },
        stations: STATIONS.iter().map(told_at).collect(),
        routes: Vec::new(),
        conflicts: Vec::new(),
        measures: vec![Measure {
            title: Bilingual::default(),
            from: at(-50.0, 0.0, 0.0),
            to: at(50.0, 0.0, 0.0),
            source_m: 100.0,
            source,
            certainty: Certainty::Attested,
            uncertainty_m: 4.0,
        }],
        sources: Vec::new(),
        scene: scene(),
    }
}

/// A visit that is open, with an eye and a window of 800 × 600, a tenth of a second a frame.
pub(crate) fn visit() -> App {
    let mut app = App::new();
    app.add_plugins((MinimalPlugins, StatesPlugin));
    app.insert_resource(TimeUpdateStrategy::ManualDuration(Duration::from_millis(100)));
    app.configure_sets(Update, (crate::Step::Sense, crate::Step::Decide, crate::Step::Move, crate::Step::Show).chain());
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

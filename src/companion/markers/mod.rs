//! Markers: a thin line, a small disc and a numeral at each story point.
//!
//! Says [`Opened`], by click, tap or [`OpenNearest`], and [`Said::Pointed`]. Discs keep their size in CSS pixels at any
//! distance, fade a little with it, give way to the thing itself from near by, and turn faint behind what stands before them. Colour and shape tell the next thing,
//! what is still to be heard and what has been.

use crate::Step;
use crate::content::{Content, Stage, engine_from_site};
use crate::headset::Headset;
use crate::ink::{CINNABAR, IRON, PAPER, Sheets};
use crate::platform::probe;
use crate::screen::{Pointing, Screen, Tapped, View};
use crate::settings::Settings;
use crate::visit::{Here, LookAt, OpenNearest, Opened, Say, Standing, Telling, ToldToTheEnd};
use bevy::prelude::*;
use heritage::{PointId, Site, StationId};
use protocol::bridge::Said;

/// Radius of a disc, CSS pixels.
const RADIUS_PX: f32 = 13.0;
/// How far a disc floats over its point, CSS pixels.
const LIFT_PX: f32 = 34.0;
/// Radius within which a mouse rests on a disc, CSS pixels.
const HOVER_PX: f32 = RADIUS_PX + 4.0;
/// Radius within which a finger picks a disc, CSS pixels.
const PICK_PX: f32 = 24.0;
/// From here on a mark gives way to the thing, and here it is faintest, metres.
const GIVE_WAY_M: (f32, f32) = (2.0, 1.0);
/// Beyond this a station shows one mark for all that is told there, metres.
const GATHER_M: f32 = 26.0;
/// From here on a mark fades with distance, and here it has faded as far as it does, metres.
const FADE_M: (f32, f32) = (60.0, 180.0);
/// Opacity of the farthest: its numeral is still read.
const FAR: f32 = 0.66;
/// Opacity of what is behind something, and of what has given way.
const FAINT: f32 = 0.3;

mod behind;
mod hung;
mod label;
mod stroke;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Marks>()
        .add_observer(|asked: On<LookAt>, mut marks: ResMut<Marks>| marks.pointed_out = Some(asked.point.clone()))
        .add_observer(|_: On<Opened>, mut marks: ResMut<Marks>| marks.pointed_out = None)
        .add_observer(pick)
        .add_observer(open_nearest)
        .add_plugins(hung::plugin)
        .add_systems(
            Update,
            (plant, behind::forget, behind::look, draw, hung::draw, label::point_out)
                .chain()
                .in_set(Step::Show)
                .run_if(in_state(Stage::Open)),
        );
}

/// All marks in telling order.
#[derive(Resource, Default)]
struct Marks {
    list: Vec<Mark>,
    /// The one that whoever leads the visit points out, until another is opened.
    pointed_out: Option<PointId>,
}

struct Mark {
    point: PointId,
    station: StationId,
    number: usize,
    /// First of its station.
    leads: bool,
    at: Vec3,
    /// Something stands before it, as of the last look.
    behind: bool,
    /// From where that was last looked at; `None` where the answer may have changed since.
    looked_from: Option<Vec3>,
    drawn: Option<Drawn>,
}

/// How a mark fell on the canvas.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Drawn {
    disc_px: Vec2,
    opacity: f32,
    fill: [u8; 3],
}

/// One mark as it is laid on the sheet.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stroke {
    drawn: Drawn,
    state: State,
    number: usize,
    emphasis: bool,
    depth_m: f32,
    /// Which mark it is of.
    index: usize,
}

/// What a mark stands for at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Next,
    Open,
    Told,
}

fn plant(content: If<Res<Content>>, mut marks: ResMut<Marks>) {
    if !content.is_changed() && !marks.list.is_empty() {
        return;
    }
    marks.list = content
        .0
        .0
        .stations
        .iter()
        .enumerate()
        .flat_map(|(index, station)| {
            station.points.iter().enumerate().map(move |(order, point)| Mark {
                point: point.id.clone(),
                station: station.id.clone(),
                number: index + 1,
                leads: order == 0,
                at: engine_from_site(point.position),
                behind: false,
                looked_from: None,
                drawn: None,
            })
        })
        .collect();
}

/// The story point that comes next: the one being told, else the first still untold from here on.
fn next<'a>(
    site: &'a Site,
    here: Option<&StationId>,
    telling: Option<&'a PointId>,
    told: &ToldToTheEnd,
) -> Option<&'a PointId> {
    if telling.is_some() {
        return telling;
    }
    let start = here.and_then(|id| site.stations.iter().position(|station| station.id == *id)).unwrap_or(0);
    let stations = site.stations.iter().skip(start).chain(site.stations.iter().take(start));
    stations.flat_map(|station| &station.points).map(|point| &point.id).find(|id| !told.0.contains(id))
}

fn draw(
    content: If<Res<Content>>,
    screen: Screen,
    pointing: Res<Pointing>,
    here: Res<Here>,
    telling: Res<Telling>,
    told: Res<ToldToTheEnd>,
    headset: Res<Headset>,
    mut marks: ResMut<Marks>,
    mut sheets: ResMut<Sheets>,
    mut laid: Local<Option<(View, Vec<Stroke>)>>,
) {
    let Some(view) = screen.view().filter(|_| !headset.is_on()) else { return };
    let next = next(&content.0.0, here.0.as_ref(), telling.0.as_ref(), &told);
    let out = marks.pointed_out.clone();
    let marks = &mut marks.list;
    let mut strokes: Vec<Stroke> = Vec::with_capacity(marks.len());
    for (index, mark) in marks.iter_mut().enumerate() {
        mark.drawn = None;
        let Some(fall) = view.fall(mark.at) else { continue };
        let gathered = is_gathered(&content.0.0, mark, fall.depth_m, next);
        let disc_px = fall.at_px - Vec2::Y * LIFT_PX;
        if gathered || !view.shows(disc_px) {
            continue;
        }
        let state = state(mark, next, &told);
        let drawn = Drawn { disc_px, opacity: opacity(fall.depth_m, mark.behind), fill: fill(state) };
        mark.drawn = Some(drawn);
        strokes.push(Stroke {
            drawn,
            state,
            number: mark.number,
            emphasis: out.as_ref() == Some(&mark.point),
            depth_m: fall.depth_m,
            index,
        });
    }
    // Far ones first, so that near ones lie over them.
    strokes.sort_by(|a, b| b.depth_m.total_cmp(&a.depth_m));
    let hovered = pointing.0.and_then(|at_px| picked(marks, at_px, HOVER_PX));
    for stroke in &mut strokes {
        stroke.emphasis |= hovered == Some(stroke.index);
    }
    if laid.as_ref().is_some_and(|(seen, as_before)| *seen == view && *as_before == strokes) {
        return;
    }
    sheets.over.clear();
    for stroke in &strokes {
        stroke.lay(&mut sheets.over);
    }
    probe::keep_marks(marks.iter().map(|mark| probed(mark, &view)));
    *laid = Some((view, strokes));
}

/// Whether another mark of the same station stands for this one from afar.
fn is_gathered(site: &Site, mark: &Mark, off_m: f32, next: Option<&PointId>) -> bool {
    off_m > GATHER_M
        && if next.is_some_and(|id| is_of(site, id, &mark.station)) { next != Some(&mark.point) } else { !mark.leads }
}

fn is_of(site: &Site, point: &PointId, station: &StationId) -> bool {
    site.point(point).is_some_and(|(of, _)| of.id == *station)
}

fn state(mark: &Mark, next: Option<&PointId>, told: &ToldToTheEnd) -> State {
    if next == Some(&mark.point) {
        State::Next
    } else if told.0.contains(&mark.point) {
        State::Told
    } else {
        State::Open
    }
}

const fn fill(state: State) -> [u8; 3] {
    match state {
        State::Next => CINNABAR,
        State::Open => IRON,
        State::Told => PAPER,
    }
}

fn opacity(depth_m: f32, behind: bool) -> f32 {
    let share = |from_m: f32, to_m: f32| ((depth_m - from_m) / (to_m - from_m)).clamp(0.0, 1.0);
    let near = FAINT.lerp(1.0, share(GIVE_WAY_M.1, GIVE_WAY_M.0));
    let far = 1.0.lerp(FAR, share(FADE_M.0, FADE_M.1));
    // What is faint already fades no further.
    if behind { near * FAINT } else { near * far }
}

fn probed(mark: &Mark, view: &View) -> probe::Mark {
    let px = mark.drawn.map(|drawn| drawn.disc_px).or_else(|| Some(view.fall(mark.at)?.at_px - Vec2::Y * LIFT_PX));
    let [r, g, b] = mark.drawn.map_or(IRON, |drawn| drawn.fill);
    probe::Mark {
        point: mark.point.to_string(),
        station: mark.station.to_string(),
        at_px: px.unwrap_or(Vec2::NEG_ONE).to_array(),
        radius_px: RADIUS_PX,
        visible: mark.drawn.is_some(),
        hidden: mark.behind,
        opacity: mark.drawn.map_or(0.0, |drawn| drawn.opacity),
        colour: format!("#{r:02x}{g:02x}{b:02x}"),
    }
}

/// The drawn mark nearest to a place on the canvas, within `reach_px`.
fn picked(marks: &[Mark], at_px: Vec2, reach_px: f32) -> Option<usize> {
    let off = |mark: &Mark| mark.drawn.map(|drawn| drawn.disc_px.distance(at_px));
    let near = marks.iter().enumerate().filter_map(|(index, mark)| Some((off(mark)?, index)));
    near.filter(|(off_px, _)| *off_px <= reach_px).min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, index)| index)
}

fn pick(
    tapped: On<Tapped>,
    settings: Res<Settings>,
    marks: Res<Marks>,
    mut say: MessageWriter<Say>,
    mut commands: Commands,
) {
    if settings.measuring {
        return;
    }
    if let Some(mark) = picked(&marks.list, tapped.at_px, PICK_PX).and_then(|index| marks.list.get(index)) {
        open(&mark.point, &mut say, &mut commands);
    }
}

fn open(point: &PointId, say: &mut MessageWriter<Say>, commands: &mut Commands) {
    say.write(Say(Said::Opened { point: point.clone() }));
    commands.trigger(Opened { point: point.clone() });
}

/// At a station, opens what is told there in turn; elsewhere, what is nearest.
fn open_nearest(
    _: On<OpenNearest>,
    here: Res<Here>,
    standing: Res<Standing>,
    marks: Res<Marks>,
    mut last: Local<Option<PointId>>,
    mut say: MessageWriter<Say>,
    mut commands: Commands,
) {
    let told_here: Vec<&Mark> = marks.list.iter().filter(|mark| here.0.as_ref() == Some(&mark.station)).collect();
    let chosen = if told_here.is_empty() {
        let off = |mark: &Mark| mark.at.distance_squared(standing.at);
        marks.list.iter().min_by(|a, b| off(a).total_cmp(&off(b)))
    } else {
        let before = told_here.iter().position(|mark| last.as_ref() == Some(&mark.point));
        told_here.get(before.map_or(0, |index| (index + 1) % told_here.len())).copied()
    };
    if let Some(mark) = chosen {
        *last = Some(mark.point.clone());
        open(&mark.point, &mut say, &mut commands);
    }
}

#[cfg(test)]
mod tests;

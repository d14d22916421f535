//! Stations: where the visitor is on the route.
//!
//! Hears [`Opened`] and [`GoTo`]; says [`Arrived`] and [`Departed`] and keeps [`Here`]. A station is reached by coming near it, or by
//! opening what is told there from afar: whoever looks at the bare chains of 1935 from the bank has attended to them.

use crate::Step;
use crate::content::{Content, Stage, engine_from_site};
use crate::visit::{Arrived, Departed, GoTo, Here, Opened, Say, Standing};
use bevy::prelude::*;
use heritage::{Station, StationId};
use protocol::bridge::Said;

/// Leaving takes this much more than arriving, so that nobody flickers on the edge.
const LEAVE_SHARE: f32 = 1.4;

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<FromAfar>()
        .init_resource::<Bound>()
        .add_observer(attend_from_afar)
        .add_observer(set_out)
        .add_systems(Update, notice.in_set(Step::Show).run_if(in_state(Stage::Open)));
}

/// A station attended to from elsewhere, and where the visitor stood then.
#[derive(Resource, Default)]
struct FromAfar(Option<(StationId, Vec3)>);

/// A visitor who walks on this far has turned to something else, metres.
const TURNED_AWAY_M: f32 = 12.0;

/// The station the visitor is being taken to; where two are within reach, that one is meant.
#[derive(Resource, Default)]
struct Bound(Option<StationId>);

fn set_out(asked: On<GoTo>, mut bound: ResMut<Bound>, mut from_afar: ResMut<FromAfar>) {
    bound.0 = Some(asked.station.clone());
    // Being taken somewhere ends watching from afar, unless it was for the same.
    if from_afar.0.as_ref().is_some_and(|(id, _)| *id != asked.station) {
        from_afar.0 = None;
    }
}

fn off_m(station: &Station, at: Vec3) -> f32 {
    engine_from_site(station.position).xz().distance(at.xz())
}

fn notice(
    content: If<Res<Content>>,
    standing: Res<Standing>,
    mut from_afar: ResMut<FromAfar>,
    mut bound: ResMut<Bound>,
    mut here: ResMut<Here>,
    mut say: MessageWriter<Say>,
    mut commands: Commands,
) {
    let site = &content.0.0;
    if !standing.settled {
        return;
    }
    if from_afar.0.as_ref().is_some_and(|(_, stood)| stood.xz().distance(standing.at.xz()) > TURNED_AWAY_M) {
        from_afar.0 = None;
    }
    let near = site.stations.iter().map(|station| (off_m(station, standing.at), station));
    let nearest = near.min_by(|a, b| a.0.total_cmp(&b.0));
    let reached = nearest.filter(|(off_m, _)| *off_m <= standing.reach_m).map(|(_, station)| station);
    let present = here.0.as_ref().and_then(|id| site.station(id));
    let afar = from_afar.0.as_ref().map(|(id, _)| id);

    let within = |station: &Station| off_m(station, standing.at) <= standing.reach_m;
    let taken_to = bound.0.take_if(|id| site.station(id).is_some_and(within));
    let now = if afar.is_some() {
        afar.cloned()
    } else if taken_to.is_some() {
        taken_to
    } else {
        // The present station keeps its visitor a little beyond its reach, unless another is reached.
        let kept = present.filter(|station| off_m(station, standing.at) <= standing.reach_m * LEAVE_SHARE);
        let found = match (reached, kept) {
            (Some(reached), Some(kept)) if off_m(kept, standing.at) <= standing.reach_m => {
                Some(if off_m(reached, standing.at) + 1.0 < off_m(kept, standing.at) { reached } else { kept })
            }
            (Some(reached), _) => Some(reached),
            (None, kept) => kept,
        };
        if found.map(|station| &station.id) == here.0.as_ref() {
            return;
        }
        found.map(|station| station.id.clone())
    };
    if now == here.0 {
        return;
    }
    if let Some(station) = here.0.take() {
        say.write(Say(Said::Departed { station: station.clone() }));
        commands.trigger(Departed { station });
    }
    if let Some(station) = now {
        here.0 = Some(station.clone());
        say.write(Say(Said::Arrived { station: station.clone() }));
        commands.trigger(Arrived { station });
    }
}

fn attend_from_afar(
    opened: On<Opened>,
    content: If<Res<Content>>,
    standing: Res<Standing>,
    mut from_afar: ResMut<FromAfar>,
) {
    if let Some((station, _)) = content.0.0.point(&opened.point) {
        let near = off_m(station, standing.at) <= standing.reach_m;
        from_afar.0 = (!near).then(|| (station.id.clone(), standing.at));
    }
}

#[cfg(test)]
mod tests;

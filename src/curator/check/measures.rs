//! Measures: the ends of every preset lie on what the scene draws, so that its “model” value is the model's and no copy of the source's.

use super::Desk;
use crate::library::Held;
use heritage::Measure;
use heritage::geodesy::EastNorthUp;
use heritage::scene::{Chains, Scene};

/// How far an end may lie from what is drawn, metres: the rounding of numbers written by hand.
const SLACK_M: f64 = 0.005;

pub(super) fn judge(held: &Held, desk: &mut Desk<'_>) {
    let site = &held.content.site;
    for (index, measure) in site.measures.iter().enumerate() {
        let mut lay = |what: String, remedy: &str| {
            desk.lay("site.toml", line_of(held, index), format!("“{}”: {what}", measure.title.en), remedy);
        };
        for (name, end) in [("from", measure.from), ("to", measure.to)] {
            if !is_drawn(&site.scene, measure, end) {
                let EastNorthUp { east_m, north_m, up_m } = end;
                let remedy =
                    "move it to a bridge head (east ± half of span_m), a line of [chains], or water_up_m of scene.toml";
                lay(format!("`{name}` at {east_m}, {north_m}, {up_m} m lies on nothing that scene.toml draws"), remedy);
            }
        }
        if let Some(chains) = &site.scene.chains
            && let Some(between) = chain_between(chains, measure)
        {
            lay(
                format!("another chain hangs between its ends, at {between} m north"),
                "measure between neighbouring chains",
            );
        }
    }
}

/// The line of the measure's section.
fn line_of(held: &Held, index: usize) -> usize {
    let lines = held.texts.get("site.toml").map(|text| text.lines()).into_iter().flatten();
    lines.enumerate().filter(|(_, line)| line.trim() == "[[measure]]").nth(index).map_or(0, |(at, _)| at + 1)
}

/// Whether a head, a chain or, plumb under or over the other end, the water is where a measure ends.
fn is_drawn(scene: &Scene, measure: &Measure, end: EastNorthUp) -> bool {
    let near = |a: f64, b: f64| (a - b).abs() <= SLACK_M;
    let plumb = near(measure.from.east_m, measure.to.east_m) && near(measure.from.north_m, measure.to.north_m);
    let on_water = plumb && near(end.up_m, scene.water_up_m);
    let on_chains = scene.chains.as_ref().is_some_and(|chains| {
        let half_m = chains.span_m / 2.0;
        let at_head = near(end.east_m.abs(), half_m) && near(end.up_m, 0.0);
        let within = end.east_m.abs() <= half_m + SLACK_M;
        let on_line = lines_at(chains, end).any(|over_m| near(end.up_m, chains.deck_up_m(end.east_m) + over_m));
        within && (at_head || on_line)
    });
    on_water || on_chains
}

/// Heights over the deck chains of the chains that hang so far north.
fn lines_at(chains: &Chains, end: EastNorthUp) -> impl Iterator<Item = f64> {
    chains.lines.iter().filter(move |line| (line.north_m - end.north_m).abs() <= SLACK_M).map(|line| line.over_m)
}

/// A deck chain that hangs between the ends of a measure across the bridge.
fn chain_between(chains: &Chains, Measure { from, to, .. }: &Measure) -> Option<f64> {
    if (from.east_m - to.east_m).abs() > SLACK_M {
        return None;
    }
    let (low, high) = (from.north_m.min(to.north_m) + SLACK_M, from.north_m.max(to.north_m) - SLACK_M);
    let deck = chains.lines.iter().filter(|line| line.over_m.abs() <= SLACK_M);
    deck.map(|line| line.north_m).find(|north_m| (low..=high).contains(north_m))
}

//! `scene.toml`: models, floors, chains, water; judged for what would leave a visitor without ground or picture.

use super::sheet::{Gathered, Sheet};
use crate::geodesy::EastNorthUp;
use crate::scene::{Chains, Floor, Scene};

const FILE: &str = "scene.toml";
/// Slack in judging corners convex, square metres: a rounding of centimetres over tens of metres.
const SLACK_M2: f64 = 0.5;

pub(super) fn read(text: &str) -> (Scene, Gathered) {
    let sheet = Sheet::new(FILE, text);
    let scene = match toml::from_str::<Scene>(text) {
        Ok(scene) => scene,
        Err(error) => {
            let line = error.span().map_or(0, |span| sheet.line(span.start));
            let what = format!("the scene cannot be read: {}", error.message().replace('\n', " "));
            sheet.find(line, what, "write it as ARCHITECTURE.md describes scene.toml");
            return (Scene::default(), sheet.close());
        }
    };
    let parsed = sheet.parse();
    let root = sheet.root(&parsed);
    let lines = |key| root.tables(key).iter().map(super::table::Table::line).collect::<Vec<_>>();
    let (models, floors) = (lines("models"), lines("floors"));
    judge_models(&sheet, &scene, &models);
    if scene.floors.is_empty() {
        sheet.find(0, "the scene has no floor", "add [[floors]] so that a visitor can stand");
    }
    for (floor, line) in scene.floors.iter().zip(floors) {
        judge_floor(&sheet, floor, line);
    }
    if let Some(chains) = &scene.chains {
        judge_chains(&sheet, chains, root.line_of("chains"));
    }
    if !scene.entry.is_finite() || !scene.water_up_m.is_finite() {
        sheet.find(root.line_of("entry"), "entry or water level is not a finite number", "use metres from the origin");
    }
    if !(0.0..360.0).contains(&scene.entry_bearing_deg) {
        let what = format!("entry_bearing_deg = {}", scene.entry_bearing_deg);
        sheet.find(root.line_of("entry_bearing_deg"), what, "use 0 up to 360, from north through east");
    }
    (scene, sheet.close())
}

fn judge_models(sheet: &Sheet<'_>, scene: &Scene, lines: &[usize]) {
    if scene.models.iter().all(|model| model.level > 0) {
        sheet.find(0, "no model is of level 0", "give the models of the first view level = 0");
    }
    for (index, (model, line)) in scene.models.iter().zip(lines).enumerate() {
        let named = model.file.strip_suffix(".glb").is_some_and(|stem| {
            !stem.is_empty() && stem.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        });
        if !named {
            let remedy = "name a .glb under models/, of letters, digits, hyphens and underscores";
            sheet.find(*line, format!("“{}” is not a model's file name", model.file), remedy);
        }
        if scene.models.iter().take(index).any(|other| other.file == model.file) {
            sheet.find(*line, format!("“{}” is listed twice", model.file), "list each model once");
        }
    }
}

fn judge_floor(sheet: &Sheet<'_>, floor: &Floor, line: usize) {
    let name = &floor.name;
    if floor.corners.len() < 3 || !floor.corners.iter().all(|corner| corner.is_finite()) {
        sheet.find(line, format!("floor `{name}` has fewer than three sound corners"), "give at least three");
    } else if !is_convex_counter_clockwise(&floor.corners) {
        let remedy = "give the corners counter-clockwise as seen from above; part a hollow floor into convex ones";
        sheet.find(line, format!("floor `{name}` is not convex and counter-clockwise"), remedy);
    }
    // Written so that NaN is refused.
    if !(floor.pace > 0.0 && floor.pace <= 1.0) {
        sheet.find(line, format!("floor `{name}` has pace {}", floor.pace), "use a share above 0, at most 1");
    }
}

fn is_convex_counter_clockwise(corners: &[EastNorthUp]) -> bool {
    let turn = |a: &EastNorthUp, b: &EastNorthUp, c: &EastNorthUp| {
        (b.east_m - a.east_m) * (c.north_m - b.north_m) - (b.north_m - a.north_m) * (c.east_m - b.east_m)
    };
    let ring = || corners.iter().cycle();
    let turns = ring().zip(ring().skip(1)).zip(ring().skip(2)).take(corners.len()).map(|((a, b), c)| turn(a, b, c));
    let turns: Vec<f64> = turns.collect();
    turns.iter().all(|turn| *turn >= -SLACK_M2) && turns.iter().sum::<f64>() > 0.0
}

fn judge_chains(sheet: &Sheet<'_>, chains: &Chains, line: usize) {
    let lengths = [("span_m", chains.span_m), ("pitch_m", chains.pitch_m), ("bar_m", chains.bar_m)];
    for (key, metres) in lengths {
        if !(metres.is_finite() && metres > 0.0) {
            sheet.find(line, format!("chains: {key} = {metres}"), "use a length above 0 m");
        }
    }
    if !(chains.sag_m.is_finite() && chains.sag_m >= 0.0) {
        sheet.find(line, format!("chains: sag_m = {}", chains.sag_m), "use a drop from 0 m");
    }
    if chains.lines.is_empty() || chains.lines.iter().any(|line| !line.north_m.is_finite() || !line.over_m.is_finite())
    {
        sheet.find(line, "chains: no sound lines", "give north_m and over_m of each chain");
    }
}

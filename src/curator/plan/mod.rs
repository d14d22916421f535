//! The plan of a site: ink on paper, drawn from the same numbers as the scene. Knows no pages and no files.
//!
//! User units are metres, `x` = east and `y` = −north from the site's origin, so that a position can be drawn into it
//! without any conversion. Colours come from the page's style by class; nothing is styled inline.

mod rows;

use crate::pages::Stop;
use heritage::scene::{Chains, Scene};
use heritage::{Lang, Site, StationId};
use rows::{Lead, Row};
use std::fmt::Write;

/// Space around what is drawn, metres.
const MARGIN_M: f64 = 14.0;
/// Height of the strips above and below that hold the numerals, metres.
const STRIP_M: f64 = 30.0;
/// Height of the strip below them that holds the scale bar, metres.
const FOOT_M: f64 = 9.0;
/// Radius of a numeral's disc, metres.
const DISC_M: f64 = 6.2;
/// From a numeral's middle to that of the station's name, which wide screens show, metres.
const NAME_M: f64 = 6.6;
/// Radius of what can be touched around a numeral, metres: 44 px across where the plan is 360 px wide.
const TOUCH_M: f64 = 11.0;

/// What the plan shows, metres: west and east bounds, and how far it reaches north and south.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Frame {
    west: f64,
    east: f64,
    north: f64,
    south: f64,
}

impl Frame {
    fn around(site: &Site) -> Self {
        let mut frame = Self { west: -20.0, east: 20.0, north: 4.0, south: -4.0 };
        for station in &site.stations {
            frame.take(station.position.east_m, station.position.north_m);
        }
        if let Some(chains) = &site.scene.chains {
            frame.take(-chains.span_m / 2.0, 0.0);
            frame.take(chains.span_m / 2.0, 0.0);
        }
        Self {
            west: (frame.west - MARGIN_M).floor(),
            east: (frame.east + MARGIN_M).ceil(),
            north: (frame.north + STRIP_M).ceil(),
            south: (frame.south - STRIP_M - FOOT_M).floor(),
        }
    }

    fn take(&mut self, east_m: f64, north_m: f64) {
        self.west = self.west.min(east_m);
        self.east = self.east.max(east_m);
        self.north = self.north.max(north_m);
        self.south = self.south.min(north_m);
    }

    fn width(self) -> f64 {
        self.east - self.west
    }

    fn height(self) -> f64 {
        self.north - self.south
    }
}

/// The plan as inline SVG, each station a link to its page; `here` is marked as the place where the reader is.
pub fn draw(site: &Site, stops: &[Stop<'_>], lang: Lang, here: Option<&StationId>) -> String {
    let frame = Frame::around(site);
    let title = match lang {
        Lang::Zh => format!("{}平面图，上北", site.title.zh),
        Lang::En => format!("Plan of {}, north up", site.title.en),
    };
    let mut svg = String::new();
    let _ = write!(
        svg,
        "<svg class=\"plan\" data-hook=\"plan\" viewBox=\"{} {} {} {}\" role=\"group\" aria-label=\"{}\" xmlns=\"http://www.w3.org/2000/svg\">",
        n(frame.west),
        n(-frame.north),
        n(frame.width()),
        n(frame.height()),
        escape(&title),
    );
    draw_ground(&mut svg, &site.scene, frame);
    draw_floors(&mut svg, &site.scene);
    if let Some(chains) = &site.scene.chains {
        draw_chains(&mut svg, chains);
    }
    draw_scale(&mut svg, frame, lang);
    draw_stations(&mut svg, stops, frame, lang, here);
    svg.push_str("</svg>");
    svg
}

/// River between the bridge heads, and the edges of the banks as hachures falling towards it.
fn draw_ground(svg: &mut String, scene: &Scene, frame: Frame) {
    let Some(chains) = &scene.chains else { return };
    let half = chains.span_m / 2.0;
    let _ = write!(
        svg,
        "<rect class=\"plan-river\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
        n(-half),
        n(-frame.north),
        n(chains.span_m),
        n(frame.height())
    );
    let mut flow = String::new();
    let lines = 9;
    for line in 1..lines {
        let x = -half + chains.span_m * f64::from(line) / f64::from(lines);
        let sway = if line % 2 == 0 { 1.6 } else { -1.6 };
        let _ = write!(flow, "M{} {}", n(x), n(-frame.north));
        let mut y = -frame.north;
        while y < -frame.south {
            let _ = write!(flow, "q{} 3 0 6t0 6", n(sway));
            y += 12.0;
        }
    }
    let _ = write!(svg, "<path class=\"plan-flow\" d=\"{flow}\"/>");
    let mut banks = String::new();
    for (edge, inward) in [(-half, 1.0), (half, -1.0)] {
        let _ = write!(banks, "M{} {}V{}", n(edge), n(-frame.north), n(-frame.south));
        let mut y = -frame.north + 1.0;
        let mut long = true;
        while y < -frame.south {
            let _ = write!(banks, "M{} {}h{}", n(edge), n(y), n(inward * if long { 3.4 } else { 1.9 }));
            long = !long;
            y += 2.0;
        }
    }
    let _ = write!(svg, "<path class=\"plan-bank\" d=\"{banks}\"/>");
}

/// Where a visitor can stand, as the scene has it today.
fn draw_floors(svg: &mut String, scene: &Scene) {
    for floor in &scene.floors {
        if floor.era == Some(heritage::scene::Era::Y1935) {
            continue;
        }
        let mut corners = String::new();
        for corner in &floor.corners {
            let _ = write!(corners, "{},{} ", n(corner.east_m), n(-corner.north_m));
        }
        let _ = write!(svg, "<polygon class=\"plan-floor\" points=\"{}\"/>", corners.trim_end());
    }
}

fn draw_chains(svg: &mut String, chains: &Chains) {
    let half = chains.span_m / 2.0;
    let mut path = String::new();
    for line in &chains.lines {
        let _ = write!(path, "M{} {}H{}", n(-half), n(-line.north_m), n(half));
    }
    let _ = write!(svg, "<path class=\"plan-chain\" d=\"{path}\"/>");
}

/// North arrow in the upper right corner and a bar of fifty metres in the lower left one.
fn draw_scale(svg: &mut String, frame: Frame, lang: Lang) {
    let (x, y) = (frame.east - 7.0, -frame.north + 5.0);
    let _ = write!(
        svg,
        "<g class=\"plan-north\"><path d=\"M{} {}l3 9l-3 -2l-3 2z\"/><text x=\"{}\" y=\"{}\">{}</text></g>",
        n(x),
        n(y),
        n(x),
        n(y + 15.0),
        if lang == Lang::Zh { "北" } else { "N" }
    );
    let (x, y) = (frame.west + 4.0, -frame.south - 3.5);
    let _ = write!(
        svg,
        "<g class=\"plan-scale\"><path d=\"M{} {}v-2h50v2M{} {}v-2M{} {}v-2\"/><text x=\"{}\" y=\"{}\">0</text><text x=\"{}\" y=\"{}\">10</text><text x=\"{}\" y=\"{}\">{}</text></g>",
        n(x),
        n(y),
        n(x + 10.0),
        n(y),
        n(x + 20.0),
        n(y),
        n(x),
        n(y - 3.5),
        n(x + 10.0),
        n(y - 3.5),
        n(x + 50.0),
        n(y - 3.5),
        if lang == Lang::Zh { "50 米" } else { "50 m" }
    );
}

fn draw_stations(svg: &mut String, stops: &[Stop<'_>], frame: Frame, lang: Lang, here: Option<&StationId>) {
    let places: Vec<(f64, f64)> =
        stops.iter().map(|stop| (stop.station.position.east_m, stop.station.position.north_m)).collect();
    let top = Row { y: -frame.north + TOUCH_M + 1.0, from: frame.west + TOUCH_M, to: frame.east - TOUCH_M - 10.0 };
    let bottom = Row { y: -frame.south - FOOT_M - TOUCH_M - 1.0, from: frame.west + TOUCH_M, to: frame.east - TOUCH_M };
    let leads = rows::place(&places, top, bottom, 2.0 * TOUCH_M);
    for (stop, Lead { x, y }) in stops.iter().zip(leads) {
        let (east, south) = (stop.station.position.east_m, -stop.station.position.north_m);
        let current = here == Some(&stop.station.id);
        let _ = write!(
            svg,
            "<a class=\"plan-station\" href=\"{}\" data-hook=\"station-item\" data-station=\"{}\" data-state=\"open\"{}><title>{} {}</title><path class=\"plan-lead\" d=\"M{} {}L{} {}\"/><circle class=\"plan-spot\" cx=\"{}\" cy=\"{}\" r=\"1.5\"/><circle class=\"plan-touch\" cx=\"{}\" cy=\"{}\" r=\"{}\"/><circle class=\"plan-disc\" cx=\"{}\" cy=\"{}\" r=\"{}\"/><text x=\"{}\" y=\"{}\">{}</text><text class=\"plan-name\" x=\"{}\" y=\"{}\">{}</text></a>",
            escape(&stop.href),
            stop.station.id,
            if current { " aria-current=\"page\"" } else { "" },
            stop.number,
            escape(stop.station.title.get(lang)),
            n(east),
            n(south),
            n(x),
            n(y),
            n(east),
            n(south),
            n(x),
            n(y),
            n(TOUCH_M),
            n(x),
            n(y),
            n(DISC_M),
            n(x),
            n(y),
            stop.number,
            n(x),
            n(if y < 0.0 { y - NAME_M } else { y + NAME_M }),
            escape(stop.station.title.get(lang)),
        );
    }
}

/// A number with no more digits than a plan can show: decimetres.
fn n(metres: f64) -> String {
    let rounded = (metres * 10.0).round() / 10.0;
    if rounded == 0.0 { "0".to_owned() } else { rounded.to_string() }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests;

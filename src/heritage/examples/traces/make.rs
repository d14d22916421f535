//! Makes the traces that drive the geofence: invented walks at Luding with the faults of real phones, the same at every run.

use heritage::StationId;
use heritage::geodesy::{EastNorthUp, Gcj02, LocalFrame, Wgs84};
use heritage::geofence::Fence;
use serde::Deserialize;
use std::fmt::Write as _;
use std::sync::LazyLock;

/// All traces, in the order in which they are told.
pub const NAMES: [&str; 10] = [
    "clean-walk",
    "urban-drift",
    "tunnel-gap",
    "boundary-jitter",
    "gcj02-phone",
    "teleporting-mock",
    "battery-saver",
    "standing-still",
    "passer-by",
    "next-door",
];

/// Luding as its historian keeps it: traces and their tests know no other stations.
const SITE: &str = include_str!("../../../../assets/sites/luding/site.toml");
const WALKING_M_PER_S: f64 = 1.2;

/// Origin and stations, in telling order.
#[derive(Deserialize)]
struct Luding {
    origin: Origin,
    station: Vec<Stop>,
}

#[derive(Deserialize)]
struct Origin {
    lat_deg: f64,
    lon_deg: f64,
}

#[derive(Deserialize)]
struct Stop {
    id: StationId,
    position: EastNorthUp,
    radius_m: f64,
}

static LUDING: LazyLock<Luding> = LazyLock::new(|| toml::from_str(SITE).expect("a site that curator check lets pass"));

/// Luding's origin.
pub fn origin() -> Wgs84 {
    let Origin { lat_deg, lon_deg } = LUDING.origin;
    Wgs84::new(lat_deg, lon_deg).expect("on the earth")
}

/// Luding's stations as the geofence knows them.
pub fn fences() -> Vec<Fence> {
    let fence = |stop: &Stop| Fence { station: stop.id.clone(), centre: stop.position, radius_m: stop.radius_m };
    LUDING.station.iter().map(fence).collect()
}

/// The trace of that name as a CSV file with a head that says what it is and what is expected of it.
pub fn trace(name: &str) -> Option<String> {
    Some(match name {
        "clean-walk" => clean_walk(),
        "urban-drift" => urban_drift(),
        "tunnel-gap" => tunnel_gap(),
        "boundary-jitter" => boundary_jitter(),
        "gcj02-phone" => gcj02_phone(),
        "teleporting-mock" => teleporting_mock(),
        "battery-saver" => battery_saver(),
        "standing-still" => standing_still(),
        "passer-by" => passer_by(),
        "next-door" => next_door(),
        _ => return None,
    })
}

/// A sequence of numbers that look random and are always the same (`SplitMix64`, Steele et al. 2014).
struct Chance(u64);

impl Chance {
    /// Spread evenly over 0 up to 1.
    fn even(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Spread like a bell around 0, deviation about 1: twelve even numbers added up.
    fn bell(&mut self) -> f64 {
        (0..12).map(|_| self.even()).sum::<f64>() - 6.0
    }
}

/// A phone's error: it wanders, and comes back within about `memory_secs`.
struct Drift {
    chance: Chance,
    deviation_m: f64,
    memory_secs: f64,
    off_m: (f64, f64),
}

impl Drift {
    fn new(seed: u64, deviation_m: f64, memory_secs: f64) -> Self {
        Self { chance: Chance(seed), deviation_m, memory_secs, off_m: (0.0, 0.0) }
    }

    fn after(&mut self, secs: f64) -> (f64, f64) {
        let kept = (-secs / self.memory_secs).exp();
        let fresh_m = self.deviation_m * (1.0 - kept * kept).sqrt();
        self.off_m.0 = self.off_m.0 * kept + fresh_m * self.chance.bell();
        self.off_m.1 = self.off_m.1 * kept + fresh_m * self.chance.bell();
        self.off_m
    }
}

struct Writer {
    text: String,
    t_s: f64,
    drift: Drift,
    accuracy_m: (f64, f64),
    every_secs: f64,
    shifted: bool,
}

impl Writer {
    fn new(says: &[&str], seed: u64, deviation_m: f64, accuracy_m: (f64, f64)) -> Self {
        let mut text = String::new();
        for line in says {
            let _ = writeln!(text, "# {line}");
        }
        text.push_str("t_s,lat,lon,accuracy_m\n");
        let drift = Drift::new(seed, deviation_m, 40.0);
        Self { text, t_s: 0.0, drift, accuracy_m, every_secs: 2.0, shifted: false }
    }

    /// One fix, as if the visitor stood at these metres.
    fn fix(&mut self, (east_m, north_m): (f64, f64)) {
        let (east_off_m, north_off_m) = self.drift.after(self.every_secs);
        let accuracy_m = self.accuracy_m.0 + (self.accuracy_m.1 - self.accuracy_m.0) * self.drift.chance.even();
        let frame = LocalFrame::at(origin());
        let place = frame.wgs84_from_enu(EastNorthUp::new(east_m + east_off_m, north_m + north_off_m, 0.0));
        let (lat, lon) = if self.shifted {
            let shifted = Gcj02::from(place);
            (shifted.lat_deg(), shifted.lon_deg())
        } else {
            (place.lat_deg(), place.lon_deg())
        };
        let _ = writeln!(self.text, "{:.0},{lat:.7},{lon:.7},{accuracy_m:.1}", self.t_s);
        self.t_s += self.every_secs;
    }

    fn stand(&mut self, at: (f64, f64), secs: f64) {
        let fixes = (secs / self.every_secs).round() as usize;
        (0..fixes).for_each(|_| self.fix(at));
    }

    fn walk(&mut self, from: (f64, f64), to: (f64, f64)) {
        let (east_m, north_m) = (to.0 - from.0, to.1 - from.1);
        let fixes = (east_m.hypot(north_m) / WALKING_M_PER_S / self.every_secs).ceil() as usize;
        for fix in 0..fixes {
            let share = fix as f64 / fixes as f64;
            self.fix((from.0 + east_m * share, from.1 + north_m * share));
        }
    }

    /// From the road in the west over all stations to the town, standing at each.
    fn tour(&mut self, stand_secs: f64) {
        let mut at = (-160.0, -12.0);
        for station in fences().iter().map(|fence| (fence.centre.east_m, fence.centre.north_m)) {
            self.walk(at, station);
            self.stand(station, stand_secs);
            at = station;
        }
        self.walk(at, (150.0, -40.0));
        self.stand((150.0, -40.0), 20.0);
    }
}

fn clean_walk() -> String {
    let says = [
        "Clean walk: open sky, from the road in the west over all eight stations to the town, half a minute at each; a fix each 2 s.",
        "expect arrived: west-bank west-pavilion anchorage chains deck mid-span east-pavilion stele",
        "expect departed: 8",
        "expect ignored: 0",
        "expect jumped: 0",
        "expect datum: wgs84",
        "expect dwell mid-span: 50 to 65",
    ];
    let mut writer = Writer::new(&says, 1, 1.5, (4.0, 6.0));
    writer.tour(30.0);
    writer.text
}

fn urban_drift() -> String {
    let says = [
        "Urban drift: seven minutes at the stele between houses; the position wanders by some 12 m and every tenth fix is useless. Nothing may flap.",
        "expect arrived: east-pavilion stele",
        "expect departed: 0",
        "expect ignored: 21",
        "expect jumped: 0",
        "expect datum: wgs84",
        "expect dwell stele: 300 to 420",
    ];
    let mut writer = Writer::new(&says, 2, 9.0, (18.0, 40.0));
    for fix in 0..210 {
        let usual = writer.accuracy_m;
        if fix % 10 == 9 {
            writer.accuracy_m = (60.0, 140.0);
        }
        writer.fix((66.0, -14.0));
        writer.accuracy_m = usual;
    }
    writer.text
}

fn tunnel_gap() -> String {
    let says = [
        "Tunnel gap: a minute at the west bank, ten minutes without a fix, another minute there. Of the gap no more than 90 s may be credited.",
        "expect arrived: west-bank west-pavilion anchorage",
        "expect departed: 0",
        "expect ignored: 0",
        "expect jumped: 0",
        "expect datum: wgs84",
        "expect dwell west-bank: 200 to 210",
    ];
    let mut writer = Writer::new(&says, 3, 1.5, (5.0, 8.0));
    writer.stand((-70.0, -3.0), 60.0);
    writer.t_s += 600.0;
    writer.stand((-70.0, -3.0), 60.0);
    writer.text
}

fn boundary_jitter() -> String {
    let says = [
        "Boundary jitter: ten minutes on the very edge of the west bank's radius of 25 m, the position wandering across it. One arrival, no departure.",
        "expect arrived: west-bank",
        "expect departed: 0",
        "expect ignored: 0",
        "expect jumped: 0",
        "expect datum: wgs84",
        "expect dwell west-bank: 480 to 600",
    ];
    let mut writer = Writer::new(&says, 4, 5.0, (6.0, 12.0));
    writer.stand((-97.0, -4.0), 600.0);
    writer.text
}

fn gcj02_phone() -> String {
    let says = [
        "GCJ-02 phone: the clean walk by a phone that reports shifted positions, 336 m off. It must arrive all the same, and say so.",
        "expect arrived: west-bank west-pavilion anchorage chains deck mid-span east-pavilion stele",
        "expect departed: 8",
        "expect ignored: 0",
        "expect jumped: 0",
        "expect datum: gcj02",
        "expect dwell mid-span: 50 to 65",
    ];
    let mut writer = Writer::new(&says, 1, 1.5, (4.0, 6.0));
    writer.shifted = true;
    writer.tour(30.0);
    writer.text
}

fn teleporting_mock() -> String {
    let says = [
        "Teleporting mock: half a minute at the west bank, then at once at the stele, then at once at mid-span. Both jumps are flagged; no time is credited across them.",
        "expect arrived: west-bank west-pavilion anchorage east-pavilion stele deck mid-span",
        "expect departed: 5",
        "expect ignored: 0",
        "expect jumped: 2",
        "expect datum: wgs84",
        "expect dwell stele: 24 to 30",
    ];
    let mut writer = Writer::new(&says, 6, 0.3, (3.0, 3.0));
    for place in [(-70.0, -3.0), (62.0, -7.0), (2.0, 0.0)] {
        writer.stand(place, 30.0);
    }
    writer.text
}

fn battery_saver() -> String {
    let says = [
        "Battery saver: a fix each 60 s, four minutes at the west bank and four at the stele. Each whole minute counts.",
        "expect arrived: west-bank west-pavilion anchorage east-pavilion stele",
        "expect departed: 3",
        "expect ignored: 0",
        "expect jumped: 0",
        "expect datum: wgs84",
        "expect dwell west-bank: 180 to 180",
        "expect dwell stele: 180 to 180",
    ];
    let mut writer = Writer::new(&says, 7, 2.0, (10.0, 20.0));
    writer.every_secs = 60.0;
    writer.stand((-70.0, -3.0), 240.0);
    writer.stand((62.0, -7.0), 240.0);
    writer.text
}

fn standing_still() -> String {
    let says = [
        "Standing still: thirty minutes in the middle of the bridge, the position wandering by some 5 m. Nothing may flap.",
        "expect arrived: deck mid-span",
        "expect departed: 0",
        "expect ignored: 0",
        "expect jumped: 0",
        "expect datum: wgs84",
        "expect dwell mid-span: 1700 to 1800",
    ];
    let mut writer = Writer::new(&says, 8, 5.0, (6.0, 12.0));
    writer.every_secs = 5.0;
    writer.stand((4.0, 0.0), 1800.0);
    writer.text
}

fn passer_by() -> String {
    let says = [
        "Passer-by: a sound phone on a street 60 m north of the bridge and then beyond the town. Nothing may be said.",
        "expect arrived:",
        "expect departed: 0",
        "expect ignored: 0",
        "expect jumped: 0",
        "expect datum: unclear",
    ];
    let mut writer = Writer::new(&says, 9, 2.0, (5.0, 9.0));
    writer.walk((-120.0, 60.0), (200.0, 60.0));
    writer.stand((200.0, 60.0), 60.0);
    writer.text
}

fn next_door() -> String {
    let says = [
        "Next door: four minutes at the anchorage, within the radius of three more stations. Only where the visitor stands may anything be credited.",
        "expect arrived: west-bank west-pavilion anchorage chains",
        "expect departed: 0",
        "expect ignored: 0",
        "expect jumped: 0",
        "expect datum: wgs84",
        "expect proved: anchorage",
        "expect dwell anchorage: 230 to 240",
    ];
    let mut writer = Writer::new(&says, 10, 1.0, (4.0, 6.0));
    writer.stand((-58.5, 8.0), 240.0);
    writer.text
}

//! A tiny site to be learned, and events made there. Nothing of it is a real place.

use heritage::scene::Scene;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use uuid::Uuid;

/// Site and route of the fixture; its stations are `gate` and `well`.
pub const SITE: &str = "hill";
pub const ROUTE: &str = "path";
pub const STATIONS: [&str; 2] = ["gate", "well"];
/// The right answer at both stations.
pub const RIGHT: u8 = 1;
/// 1 June 2026, 08:00 in China.
pub const NOW_MS: i64 = 1_780_272_000_000;

fn both(text: &str) -> Value {
    json!({ "zh": format!("{text}（中）"), "en": text })
}

/// The well lies 300 m east of the gate.
fn station(id: &str) -> Value {
    let east_m = if id == "gate" { 0.0 } else { 300.0 };
    let at = json!({ "east_m": east_m, "north_m": 0.0, "up_m": 0.0 });
    let claim = json!({ "text": "text", "source": "book", "certainty": "attested" });
    json!({
        "id": id, "title": both(id), "position": at, "radius_m": 20.0,
        "points": [{ "id": format!("{id}-told"), "title": both(id), "position": at, "zh": [claim], "en": [claim], "zh_secs": 40.0, "en_secs": 50.0 }],
        "question": { "station": id, "prompt": both("which"), "choices": [both("a"), both("b"), both("c")] },
    })
}

/// What `curator build` would write to `target/private/hill.json`.
pub fn built() -> Value {
    let key = |id: &str| json!({ "station": id, "choice": RIGHT, "explanation": both("because"), "source": "book" });
    json!({
        "site": {
            "id": SITE, "title": both("Hill"), "summary": both("A hill."), "when": both("then"),
            "origin": { "position": { "lat_deg": 29.9, "lon_deg": 102.2 }, "uncertainty_m": 50.0, "source": "book" },
            "stations": STATIONS.map(station),
            "routes": [{
                "id": ROUTE, "site": SITE, "title": both("Path"), "stations": STATIONS,
                "rule": { "version": 3, "hours": 5, "attended_share": 0.8, "recall": true, "dwell_secs": 30.0 },
            }],
            "conflicts": [], "measures": [],
            "sources": [{ "id": "book", "title": both("Book"), "locator": both("p. 1"), "trust": both("sound") }],
            "scene": serde_json::to_value(Scene::default()).expect("an empty scene is written"),
        },
        "keys": STATIONS.map(key),
        "on_site": [{
            "station": "gate", "prompt": both("how many nails"), "answers": ["四十九", "49"], "source": "book",
        }],
        "courses": [course("E0")],
    })
}

/// The course on the fixture's route, which asks for this much presence.
pub fn course(minimum: &str) -> Value {
    let levels = ["first", "second", "third", "fourth"].map(both);
    let rubric = ["accuracy", "sources", "use"].map(|title| json!({ "title": both(title), "levels": levels }));
    json!({
        "route": ROUTE, "version": 2, "rule_version": 3, "minimum": minimum,
        "goals": [{ "id": "find-the-well", "text": both("Can find the well.") }],
        "practice": { "prompt": both("Tell of the hill."), "rubric": rubric },
        "follow_up": { "prompt": both("What came of it?"), "from_days": 30, "to_days": 90 },
        "commendation": { "at_first": 50, "level": 3, "follow_up": true },
    })
}

/// Lays out the web app and the private content under `root`.
pub fn lay_out(root: &Path) {
    let digest = "0123456789abcdef";
    let files: [(&str, &[u8]); 12] = [
        ("web/index.html", b"<!doctype html><title>root</title>"),
        ("web/zh/index.html", "<!doctype html><html lang=zh><title>重走</title>".as_bytes()),
        ("web/zh/index.html.br", b"brotli of the page"),
        ("web/en/index.html", b"<!doctype html><html lang=en><title>Retrace</title>"),
        ("web/sw.js", b"// worker"),
        ("web/manifest.webmanifest", b"{}"),
        (&format!("web/app/{digest}/lobby_bg.wasm"), b"\0asm"),
        (&format!("web/app/{digest}/lobby_bg.wasm.br"), b"brotli of the wasm"),
        (&format!("web/sites/hill/{digest}/narration/gate.mp3"), b"0123456789"),
        (&format!("web/sites/hill/{digest}/models/gate.glb"), b"glTF"),
        (&format!("web/sites/hill/{digest}/captions/gate.vtt"), b"WEBVTT"),
        ("private/hill.json", built().to_string().leak().as_bytes()),
    ];
    for (path, content) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("every file has a folder")).expect("a folder is made");
        fs::write(path, content).expect("a file is written");
    }
    fs::write(root.join("outside.txt"), "secret").expect("a file is written");
}

/// A completion that meets the rule, with a proof of one's own word.
pub fn completed(station: &str) -> Value {
    json!({
        "id": Uuid::now_v7(), "captured_at_ms": NOW_MS - 60_000, "offset_ms": 60_000, "device": Uuid::now_v7(), "sequence": 1,
        "kind": {
            "type": "completed", "site": SITE, "route": ROUTE, "station": station, "way": "page", "lang": "zh",
            "heard": [{ "point": format!("{station}-told"), "ranges": [[0.0, 40.0]] }],
            "read_secs": 0.0, "dwell_secs": 45.0, "proof": { "method": "declared" },
        },
    })
}

/// An answer.
pub fn answered(station: &str, choice: u8) -> Value {
    json!({
        "id": Uuid::now_v7(), "captured_at_ms": NOW_MS - 30_000, "offset_ms": 90_000, "device": Uuid::now_v7(), "sequence": 2,
        "kind": { "type": "answered", "site": SITE, "station": station, "choice": choice },
    })
}

/// Everything that a whole walk needs.
pub fn whole_walk() -> Vec<Value> {
    STATIONS.iter().flat_map(|station| [completed(station), answered(station, RIGHT)]).collect()
}

/// The batch that carries events.
pub fn batch(events: &[Value]) -> Value {
    json!({ "events": events })
}

/// The word for what became of each event of a batch.
pub fn results(answer: &Value) -> Vec<String> {
    let receipts = answer["receipts"].as_array().expect("receipts");
    receipts.iter().map(|receipt| receipt["result"].as_str().unwrap_or_default().to_owned()).collect()
}

/// The batch that carries one.
pub fn alone(event: &Value) -> Value {
    json!({ "events": [event] })
}

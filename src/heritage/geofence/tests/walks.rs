//! The traces in `tests/traces`: invented walks with the faults of real phones, each with what is expected of it in its head.

use super::*;
use std::collections::BTreeMap;

const TRACES: [(&str, &str); 10] = [
    ("clean-walk", include_str!("../../../../tests/traces/clean-walk.csv")),
    ("urban-drift", include_str!("../../../../tests/traces/urban-drift.csv")),
    ("tunnel-gap", include_str!("../../../../tests/traces/tunnel-gap.csv")),
    ("boundary-jitter", include_str!("../../../../tests/traces/boundary-jitter.csv")),
    ("gcj02-phone", include_str!("../../../../tests/traces/gcj02-phone.csv")),
    ("teleporting-mock", include_str!("../../../../tests/traces/teleporting-mock.csv")),
    ("battery-saver", include_str!("../../../../tests/traces/battery-saver.csv")),
    ("standing-still", include_str!("../../../../tests/traces/standing-still.csv")),
    ("passer-by", include_str!("../../../../tests/traces/passer-by.csv")),
    ("next-door", include_str!("../../../../tests/traces/next-door.csv")),
];

fn fixes(trace: &str) -> Vec<Fix> {
    let rows = trace.lines().filter(|line| !line.starts_with('#') && !line.starts_with("t_s"));
    rows.map(|row| {
        let numbers: Vec<f64> = row.split(',').map(|number| number.parse().expect("a number")).collect();
        let position = Wgs84::new(numbers[1], numbers[2]).expect("on the earth");
        Fix { at_ms: (numbers[0] * 1000.0) as i64, position, accuracy_m: numbers[3] }
    })
    .collect()
}

fn expected(trace: &str) -> BTreeMap<&str, &str> {
    let lines = trace.lines().filter_map(|line| line.strip_prefix("# expect ")?.split_once(':'));
    lines.map(|(key, value)| (key, value.trim())).collect()
}

#[test]
fn every_trace_ends_as_its_head_expects() {
    let mut wrong = Vec::new();
    for (name, trace) in TRACES {
        let mut fence = luding();
        let said: Vec<Said> = fixes(trace).into_iter().flat_map(|fix| fence.hear(fix)).collect();
        let count = |wanted: fn(&Said) -> bool| said.iter().filter(|said| wanted(said)).count().to_string();
        for (key, value) in expected(trace) {
            let found = match key {
                "arrived" => arrivals(&said).join(" "),
                "proved" => {
                    let stations = fence.fences.iter().map(|fence| &fence.station);
                    let proved = stations.filter(|station| fence.proof(station).is_some());
                    proved.map(StationId::as_str).collect::<Vec<_>>().join(" ")
                }
                "departed" => count(|said| matches!(said, Said::Departed { .. })),
                "ignored" => count(|said| matches!(said, Said::Ignored { .. })),
                "jumped" => count(|said| matches!(said, Said::Jumped { .. })),
                "datum" => serde_json::to_string(&fence.datum()).expect("a word").replace('"', ""),
                dwell => {
                    let station = dwell.strip_prefix("dwell ").expect("an expectation that is known");
                    let (least, most) = value.split_once(" to ").expect("a range");
                    let range = least.parse::<f64>().expect("secs")..=most.parse::<f64>().expect("secs");
                    let secs = dwell_secs(&fence, station);
                    if range.contains(&secs) { value.to_owned() } else { secs.to_string() }
                }
            };
            if found != value {
                wrong.push(format!("{name}: {key}: {found}, not {value}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_traces_are_what_their_maker_makes() {
    assert_eq!(TRACES.map(|(name, _)| name), make::NAMES);
    for (name, trace) in TRACES {
        assert!(make::trace(name).as_deref() == Some(trace), "make {name}.csv anew with the example `traces`");
    }
}

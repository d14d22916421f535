//! T7: the service with as many events as it may ever hold, and a hall's day sent at once.

use super::fixture::{NOW_MS, answered, completed};
use super::line::Line;
use super::product::{AUDITOR, CLIENTS, cookie, id, prepared, send, start};
use super::table::{Row, percentile};
use checkpoint::store::sqlite::Sqlite;
use checkpoint::store::{Kind, NewEntry, Store};
use heritage::{RouteId, SiteId, StationId};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Instant;
use uuid::Uuid;

/// Events of one learner.
const EACH: u64 = 40;
/// Learners of a hall's day.
const DAY: u64 = 5_000;

/// Fills a database with so many events and measures the service on it.
pub fn measure(folder: &Path, events: u64) -> Vec<Row> {
    let learners = (events / EACH).max(DAY);
    let ground = prepared(folder, learners);
    fill(&ground.folder.path().join("data/retrace.db"), learners, events);
    let program = start(ground);
    let idle_mb = resident_mb(program.child.id());
    let mut times = Vec::new();
    for round in 0..2_000 {
        let mut line = Line::to(program.address, &cookie((round * 37) % DAY));
        let began = Instant::now();
        assert_eq!(line.send("GET", "/v1/me/progress", "").0, 200);
        times.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    let began = Instant::now();
    let mut line = Line::to(program.address, &cookie(AUDITOR));
    assert_eq!(line.send("GET", "/desk/report.csv?year=2026", "").0, 200);
    let (report_s, report_mb) = (began.elapsed().as_secs_f64(), resident_mb(program.child.id()));
    let began = Instant::now();
    let next = AtomicU64::new(0);
    thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                loop {
                    let learner = next.fetch_add(1, Ordering::Relaxed);
                    if learner >= DAY {
                        break;
                    }
                    send(&mut Line::to(program.address, &cookie(learner)), 40);
                }
            });
        }
    });
    let drained = began.elapsed().as_secs_f64();
    let held = format!("T7 with {events} events held: ");
    let (start_s, p99) = (program.started_in.as_secs_f64(), percentile(&mut times, 99));
    vec![
        Row::alone(&format!("{held}a learner's progress, p99 of 2000"), &format!("{p99:.1} ms"), "< 20 ms"),
        Row::alone(
            &format!("{held}annual report of {learners} learners, one walk each, as CSV"),
            &format!("{report_s:.1} s"),
            "< 60 s",
        ),
        Row::alone(&format!("{held}resident memory after it"), &format!("{report_mb:.0} MB"), ""),
        Row::alone(&format!("{held}start"), &format!("{start_s:.2} s"), "< 1 s"),
        Row::alone(&format!("{held}resident memory, idle"), &format!("{idle_mb:.0} MB"), "< 150 MB"),
        Row::alone(
            &format!("{held}a hall's day of {} events, {CLIENTS} phones at a time", DAY * EACH),
            &format!("{drained:.1} s"),
            "< 30 s",
        ),
    ]
}

/// Appends events as the service does, tree and all.
fn fill(file: &Path, learners: u64, events: u64) {
    let store = Sqlite::open(file).expect("a database");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (done, answer) = (completed("gate").to_string(), answered("gate", 1).to_string());
    let mut made = 0;
    let began = Instant::now();
    while made < events {
        let group = (made..events.min(made + 2_000)).map(|number| entry(number, learners, (&done, &answer))).collect();
        runtime.block_on(store.append(group)).expect("appended");
        made += 2_000;
    }
    for first in (0..learners).step_by(2_000) {
        let group = (first..learners.min(first + 2_000)).map(confirmed).collect();
        runtime.block_on(store.append(group)).expect("appended");
    }
    eprintln!("{events} events laid down in {:.0} s", began.elapsed().as_secs_f64());
}

/// The confirmation of a learner's walk in June 2026.
fn confirmed(learner: u64) -> NewEntry {
    let body = serde_json::json!({
        "note": "", "rule_version": 3, "hours": 5, "seen_seq": 0, "presence": { "level": "E1", "rule": 1 }, "course": 2,
        "seen": {
            "ways": { "scene": 1, "page": 0, "headset": 0, "foot": 1 },
            "completions": 2, "offline": 1, "last_received_ms": NOW_MS - 86_400_000,
        },
    });
    let who = (id(learner), Uuid::from_u128(2));
    NewEntry {
        site: SiteId::new("hill").ok(),
        route: RouteId::new("path").ok(),
        ..NewEntry::about(Uuid::now_v7(), Kind::Confirmed, who, NOW_MS, body.to_string())
    }
}

fn entry(number: u64, learners: u64, (done, answer): (&str, &str)) -> NewEntry {
    // As they come on a day: many learners in turn, so that nobody's events lie side by side.
    let (who, is_answer) = (id(number % learners), number % 2 == 1);
    let event = Uuid::now_v7();
    let body = if is_answer { answer } else { done };
    let id_at = body.find("\"id\":\"").map_or(0, |at| at + 6);
    let body = format!("{}{event}{}", &body[..id_at], &body[id_at + 36..]);
    NewEntry {
        id: event,
        kind: if is_answer { Kind::Answered } else { Kind::Completed },
        subject: who,
        author: who,
        site: SiteId::new("hill").ok(),
        route: if is_answer { None } else { RouteId::new("path").ok() },
        station: StationId::new(if number % 4 < 2 { "gate" } else { "well" }).ok(),
        device: Some(Uuid::from_u128(u128::from(number % learners))),
        captured_at_ms: i64::try_from(number).unwrap_or_default(),
        received_at_ms: i64::try_from(number).unwrap_or_default(),
        body,
    }
}

fn resident_mb(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok()).unwrap_or_default() / 1024.0
}

use super::*;
use crate::visit::GoTo;
use crate::visit_tests::{TOLD_SECS, here, pass, point, station, tap, visit};

fn heard(said: &[Said], id: &str) -> Vec<Vec<[f64; 2]>> {
    said.iter()
        .filter_map(|said| match said {
            Said::Heard { point, ranges } if point.as_str() == id => Some(ranges.clone()),
            _ => None,
        })
        .collect()
}

fn play(app: &mut App, id: &str, from_secs: Option<f64>) {
    app.world_mut().trigger(Play { point: point(id), from_secs });
}

#[test]
fn what_was_heard_is_said_on_the_way_and_at_the_end() {
    let mut app = visit();
    play(&mut app, "place", None);
    let said = pass(&mut app, 8.0);
    let heard = heard(&said, "place");
    assert!(heard.len() >= 2, "every five seconds and at the end: {heard:?}");
    let last = heard.last().expect("heard").clone();
    assert_eq!(last.len(), 1);
    assert!(last[0][0] < 0.2 && (last[0][1] - TOLD_SECS).abs() < 0.05, "{last:?}");
    let ends = said.iter().filter(|said| matches!(said, Said::Narrating { ended: true, .. })).count();
    assert_eq!(ends, 1);
}

#[test]
fn a_seek_is_not_hearing() {
    let mut app = visit();
    play(&mut app, "place", None);
    pass(&mut app, 1.0);
    play(&mut app, "place", Some(4.0));
    let said = pass(&mut app, 4.0);
    let last = heard(&said, "place").last().expect("heard").clone();
    assert_eq!(last.len(), 1, "only the stretch after the seek belongs to this playing: {last:?}");
    assert!(last[0][0] >= 3.9, "{last:?}");
}

#[test]
fn the_clock_is_told_four_times_a_second() {
    let mut app = visit();
    play(&mut app, "place", None);
    let said = pass(&mut app, 4.0);
    let ticks = said.iter().filter(|said| matches!(said, Said::Narrating { playing: true, .. })).count();
    assert!((12..=18).contains(&ticks), "{ticks}");
}

#[test]
fn the_next_story_point_of_the_station_follows_on() {
    let mut app = visit();
    play(&mut app, "river", None);
    let said = pass(&mut app, 7.0);
    assert!(said.contains(&Said::Opened { point: point("crossing") }));
    assert_eq!(app.world().resource::<Telling>().0, Some(point("crossing")));
    pass(&mut app, 7.0);
    assert_eq!(app.world().resource::<Telling>().0, None, "and nothing after the last");
}

#[test]
fn another_language_begins_the_same_account_again() {
    let mut app = visit();
    play(&mut app, "place", None);
    pass(&mut app, 3.0);
    app.world_mut().resource_mut::<Settings>().lang = Lang::En;
    let said = pass(&mut app, 1.0);
    assert_eq!(app.world().resource::<Telling>().0, Some(point("place")));
    let clock = said.iter().rev().find_map(|said| match said {
        Said::Narrating { at_secs, .. } => Some(*at_secs),
        _ => None,
    });
    assert!(clock.is_some_and(|secs| secs < 1.5), "{clock:?}");
}

#[test]
fn an_unknown_story_point_begins_nothing() {
    let mut app = visit();
    app.set_error_handler(|_, _| {});
    play(&mut app, "no-such-point", None);
    pass(&mut app, 0.5);
    assert!(app.world().resource::<Recital>().now.is_none());
}

fn heads_for(app: &mut App, id: &str) -> Vec<Said> {
    app.world_mut().trigger(GoTo { station: station(id) });
    pass(app, 0.3)
}

fn playing(said: &[Said]) -> Vec<(String, bool)> {
    let narrating = said.iter().filter_map(|said| match said {
        Said::Narrating { point, playing, .. } => Some((point.to_string(), *playing)),
        _ => None,
    });
    narrating.collect()
}

#[test]
fn being_taken_to_another_station_holds_the_narration_and_the_next_one_begins_there() {
    let mut app = visit();
    tap(&mut app, KeyCode::Digit2);
    heads_for(&mut app, "mid-span");
    pass(&mut app, 20.0);
    assert_eq!(here(&app).as_deref(), Some("mid-span"));
    play(&mut app, "river", None);
    pass(&mut app, 2.0);
    let said = heads_for(&mut app, "stele");
    assert_eq!(playing(&said), [("river".to_owned(), false)], "held at once, and silent since");
    assert!(said.iter().any(|said| matches!(said, Said::Heard { point, .. } if point.as_str() == "river")));
    assert_eq!(app.world().resource::<Telling>().0, None);
    let said = pass(&mut app, 20.0);
    assert!(!said.iter().any(|said| matches!(said, Said::Opened { point } if point.as_str() == "crossing")));
    assert!(!playing(&said).contains(&("river".to_owned(), true)), "{:?}", playing(&said));
    assert!(playing(&said).iter().any(|(point, playing)| point == "stele" && *playing));
}

#[test]
fn a_station_whose_points_are_all_told_still_silences_the_one_before() {
    let mut app = visit();
    tap(&mut app, KeyCode::Digit2);
    let told = ["stele", "two-lengths"].map(point);
    app.world_mut().resource_mut::<ToldToTheEnd>().0.extend(told);
    play(&mut app, "river", None);
    pass(&mut app, 1.0);
    heads_for(&mut app, "stele");
    let said = pass(&mut app, 25.0);
    assert_eq!(here(&app).as_deref(), Some("stele"));
    assert!(!said.iter().any(|said| matches!(said, Said::Opened { .. })), "no card of another station is opened");
}

#[test]
fn going_to_the_station_that_is_being_told_lets_the_voice_go_on() {
    let mut app = visit();
    play(&mut app, "river", None);
    pass(&mut app, 1.0);
    let said = heads_for(&mut app, "mid-span");
    assert!(playing(&said).iter().all(|(_, playing)| *playing), "{:?}", playing(&said));
    assert_eq!(app.world().resource::<Telling>().0, Some(point("river")));
}

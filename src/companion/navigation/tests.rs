use crate::settings::Settings;
use crate::visit::{Answering, GoTo, Held, Telling};
use crate::visit_tests::{arrivals, feet, here, pass, point, site, station, tap, visit};
use bevy::prelude::*;
use heritage::scene::Era;
use protocol::bridge::{Mode, Said};

fn go_to(app: &mut App, name: &str) {
    app.world_mut().trigger(GoTo { station: station(name) });
}

#[test]
fn going_to_a_station_arrives_there_once_in_every_way_of_moving() {
    for key in [KeyCode::Digit1, KeyCode::Digit2, KeyCode::Digit3] {
        let mut app = visit();
        tap(&mut app, key);
        pass(&mut app, 2.0);
        app.world_mut().resource_mut::<Held>().0 = true;
        go_to(&mut app, "stele");
        // Led, the next station would be gone to when all is told; there is none after the last.
        let said = pass(&mut app, 20.0);
        assert_eq!(arrivals(&said).last().map(String::as_str), Some("stele"), "{key:?}");
        assert_eq!(arrivals(&said).iter().filter(|name| *name == "stele").count(), 1, "{key:?}");
        assert_eq!(here(&app).as_deref(), Some("stele"));
    }
}

#[test]
fn passing_a_station_on_the_way_is_not_arriving() {
    let mut app = visit();
    tap(&mut app, KeyCode::Digit2);
    go_to(&mut app, "west-bank");
    pass(&mut app, 6.0);
    go_to(&mut app, "east-pavilion");
    assert_eq!(arrivals(&pass(&mut app, 25.0)), ["east-pavilion"]);
}

#[test]
fn the_keyboard_alone_visits_all_eight_stations() {
    let mut app = visit();
    let mut said = tap(&mut app, KeyCode::Digit2);
    for _ in 0..8 {
        said.extend(tap(&mut app, KeyCode::KeyN));
        said.extend(pass(&mut app, 20.0));
    }
    let expected: Vec<String> = site().stations.iter().map(|station| station.id.to_string()).collect();
    assert_eq!(arrivals(&said), expected);
}

#[test]
fn walking_by_keys_crosses_the_bridge_and_stays_on_it() {
    let mut app = visit();
    tap(&mut app, KeyCode::Digit2);
    pass(&mut app, 2.0);
    let start = feet(&app);
    app.world_mut().resource_mut::<ButtonInput<KeyCode>>().press(KeyCode::KeyW);
    app.world_mut().resource_mut::<ButtonInput<KeyCode>>().press(KeyCode::ShiftLeft);
    let mut lowest_m = f32::MAX;
    for _ in 0..90 {
        pass(&mut app, 0.5);
        lowest_m = lowest_m.min(feet(&app).y);
    }
    assert!(start.x < -50.0 && feet(&app).x > 50.0, "from {start} to {}", feet(&app));
    assert!((lowest_m + 3.0).abs() < 0.02, "the deck's lowest point is passed: {lowest_m}");
}

#[test]
fn the_bare_chains_of_1935_are_crossed_slowly() {
    let walked_m = |era: Era| {
        let mut app = visit();
        app.world_mut().resource_mut::<Settings>().era = era;
        tap(&mut app, KeyCode::Digit2);
        go_to(&mut app, "deck");
        pass(&mut app, 16.0);
        let from = feet(&app);
        app.world_mut().resource_mut::<ButtonInput<KeyCode>>().press(KeyCode::KeyW);
        pass(&mut app, 1.0);
        feet(&app).xz().distance(from.xz())
    };
    let (then_m, now_m) = (walked_m(Era::Y1935), walked_m(Era::Today));
    assert!(then_m > 0.1 && then_m < now_m * 0.5, "{then_m} against {now_m}");
}

#[test]
fn being_led_waits_for_the_voice_and_goes_on_after_it() {
    let mut app = visit();
    let mut said = tap(&mut app, KeyCode::Digit3);
    said.extend(pass(&mut app, 8.0));
    assert_eq!(here(&app).as_deref(), Some("west-bank"));
    assert_eq!(app.world().resource::<Telling>().0, Some(point("place")));
    said.extend(pass(&mut app, 200.0));
    let expected: Vec<String> = site().stations.iter().map(|station| station.id.to_string()).collect();
    assert_eq!(arrivals(&said), expected, "all stations, in order, once");
}

#[test]
fn being_led_is_held_mid_sentence_and_goes_on_from_there() {
    let mut app = visit();
    tap(&mut app, KeyCode::Digit3);
    pass(&mut app, 7.0);
    assert!(app.world().resource::<Telling>().0.is_some(), "something is being told");
    let at_secs = |said: &[Said]| {
        said.iter().rev().find_map(|said| match said {
            Said::Narrating { at_secs, playing, .. } => Some((*at_secs, *playing)),
            _ => None,
        })
    };
    let held = at_secs(&tap(&mut app, KeyCode::Space)).expect("the pause is said");
    assert!(!held.1 && held.0 > 0.2 && held.0 < 6.0, "{held:?}");
    let place = feet(&app);
    assert!(at_secs(&pass(&mut app, 30.0)).is_none_or(|(secs, playing)| !playing && (secs - held.0).abs() < 0.2));
    assert_eq!(feet(&app), place, "nobody is moved while it is held");
    let resumed = at_secs(&tap(&mut app, KeyCode::Space)).expect("going on is said");
    assert!(resumed.1 && resumed.0 >= held.0 && resumed.0 < held.0 + 0.5, "{resumed:?} after {held:?}");
}

#[test]
fn reduced_motion_cuts_instead_of_travelling() {
    for mode in [Mode::Around, Mode::Foot, Mode::Guided] {
        let mut app = visit();
        app.world_mut().resource_mut::<Settings>().reduced_motion = true;
        app.world_mut().resource_mut::<Settings>().mode = mode;
        pass(&mut app, 0.2);
        go_to(&mut app, "mid-span");
        let said = pass(&mut app, 0.3);
        assert_eq!(arrivals(&said).last().map(String::as_str), Some("mid-span"), "{mode:?}");
    }
}

#[test]
fn keys_with_control_are_the_browsers() {
    let mut app = visit();
    app.world_mut().resource_mut::<ButtonInput<KeyCode>>().press(KeyCode::ControlLeft);
    tap(&mut app, KeyCode::KeyL);
    assert!(!app.world().resource::<Settings>().lens);
    app.world_mut().resource_mut::<ButtonInput<KeyCode>>().release(KeyCode::ControlLeft);
    tap(&mut app, KeyCode::KeyL);
    assert!(app.world().resource::<Settings>().lens);
}

#[test]
fn changing_the_way_of_moving_is_said_and_keeps_the_place() {
    let mut app = visit();
    go_to(&mut app, "chains");
    pass(&mut app, 4.0);
    let said = tap(&mut app, KeyCode::KeyM);
    assert!(said.contains(&Said::Moving { mode: Mode::Foot }));
    pass(&mut app, 3.0);
    assert_eq!(here(&app).as_deref(), Some("chains"));
    assert!(feet(&app).xz().distance(Vec2::new(-36.0, 0.0)) < 5.0);
}

#[test]
fn a_way_of_moving_and_a_station_asked_for_in_one_breath_are_both_had() {
    for (from, to) in [(Mode::Around, Mode::Foot), (Mode::Foot, Mode::Around), (Mode::Foot, Mode::Guided)] {
        let mut app = visit();
        app.world_mut().resource_mut::<Settings>().mode = from;
        go_to(&mut app, "mid-span");
        pass(&mut app, 20.0);
        app.world_mut().resource_mut::<Settings>().mode = to;
        go_to(&mut app, "west-bank");
        assert_eq!(
            arrivals(&pass(&mut app, 20.0)).first().map(String::as_str),
            Some("west-bank"),
            "{from:?} to {to:?}"
        );
    }
}

#[test]
fn a_hand_stops_the_way_to_a_station_on_foot() {
    for key in [KeyCode::KeyS, KeyCode::ArrowLeft] {
        let mut app = visit();
        tap(&mut app, KeyCode::Digit2);
        go_to(&mut app, "stele");
        pass(&mut app, 6.0);
        tap(&mut app, key);
        let stopped = feet(&app);
        assert!(arrivals(&pass(&mut app, 20.0)).iter().all(|name| name != "stele"), "{key:?}");
        assert!(feet(&app).distance(stopped) < 0.01, "{key:?}: from {stopped} to {}", feet(&app));
    }
}

/// Led to the first station and on the way to the second, a little while after the voice.
fn led_onward() -> App {
    let mut app = visit();
    tap(&mut app, KeyCode::Digit3);
    pass(&mut app, 8.0);
    assert_eq!(here(&app).as_deref(), Some("west-bank"));
    for _ in 0..200 {
        let before = feet(&app);
        pass(&mut app, 0.1);
        if app.world().resource::<Telling>().0.is_none() && feet(&app).distance(before) > 0.2 {
            return app;
        }
    }
    panic!("never led on");
}

#[test]
fn the_way_between_two_stations_is_held_by_a_key_and_goes_on_without_the_voice_of_the_last() {
    let mut app = led_onward();
    let said = tap(&mut app, KeyCode::Space);
    assert!(said.contains(&Said::Held { on: true }), "{said:?}");
    let place = feet(&app);
    pass(&mut app, 30.0);
    assert_eq!(feet(&app), place);
    let said = tap(&mut app, KeyCode::Space);
    assert!(said.contains(&Said::Held { on: false }), "{said:?}");
    assert_eq!(app.world().resource::<Telling>().0, None, "nothing is told on the way");
    assert_eq!(arrivals(&pass(&mut app, 20.0)).first().map(String::as_str), Some("west-pavilion"));
}

#[test]
fn being_led_waits_for_an_answer_and_for_its_reading() {
    let mut app = visit();
    tap(&mut app, KeyCode::Digit3);
    pass(&mut app, 8.0);
    app.world_mut().resource_mut::<Answering>().0 = true;
    let place = feet(&app);
    pass(&mut app, 60.0);
    assert_eq!((here(&app).as_deref(), feet(&app)), (Some("west-bank"), place), "nobody is taken from the question");
    assert_eq!(app.world().resource::<Telling>().0, None, "the voice has not waited");
    app.world_mut().resource_mut::<Answering>().0 = false;
    pass(&mut app, 12.0);
    assert_eq!(feet(&app), place, "there is time to read how it was judged");
    assert_eq!(arrivals(&pass(&mut app, 20.0)).first().map(String::as_str), Some("west-pavilion"));
}

#[test]
fn being_led_stops_on_the_way_for_an_answer_but_goes_where_it_is_asked_to() {
    let mut app = led_onward();
    app.world_mut().resource_mut::<Answering>().0 = true;
    let place = feet(&app);
    pass(&mut app, 20.0);
    assert_eq!(feet(&app), place);
    go_to(&mut app, "chains");
    assert_eq!(arrivals(&pass(&mut app, 20.0)).first().map(String::as_str), Some("chains"));
}

#[test]
fn what_is_pointed_out_comes_before_the_eye_and_nobody_is_moved() {
    let mut app = visit();
    tap(&mut app, KeyCode::Digit2);
    go_to(&mut app, "deck");
    pass(&mut app, 20.0);
    let stood = feet(&app);
    app.world_mut().trigger(crate::visit::LookAt { point: point("river") });
    pass(&mut app, 3.0);
    assert!(feet(&app).distance(stood) < 1e-3);
    let (_, river) =
        site().point(&point("river")).map(|(station, told)| (station.id.clone(), told.position)).expect("told");
    let eye = app.world_mut().query_filtered::<&Transform, With<crate::visit::Eye>>().single(app.world()).copied();
    let eye = eye.expect("an eye");
    let toward = crate::content::engine_from_site(river) - eye.translation;
    assert!(eye.forward().angle_between(toward) < 0.35, "{}", eye.forward().angle_between(toward));
}

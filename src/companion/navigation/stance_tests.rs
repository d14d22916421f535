//! Tests of standing and stepping in a headset, whose frames are made here.

use super::*;
use crate::platform::headset::{Frame, Hand, Pointing, Session};
use crate::visit::{GoTo, Here};
use crate::visit_tests::{arrivals, here, pass, station, visit};
use std::f32::consts::FRAC_PI_2;

/// The wearer's own eyes over their floor, metres.
const OWN_M: f32 = 1.71;

fn frame() -> Frame {
    let head = Transform::from_xyz(0.2, OWN_M, -0.1);
    Frame { count: 2, head, placed: true, turned: true, ..default() }
}

/// A visit whose headset was just put on.
fn worn() -> App {
    let mut app = visit();
    show(&mut app, Session::Running, frame());
    pass(&mut app, 0.3);
    app
}

fn show(app: &mut App, session: Session, frame: Frame) {
    app.insert_resource(Headset { session, frame });
}

fn head(app: &App) -> Transform {
    app.world().resource::<Rig>().place(&app.world().resource::<Headset>().frame.head)
}

/// A right hand that points ahead and down, its stick leaning so.
fn hand(stick: Vec2, aim: Transform) -> Frame {
    let right = Hand { pointing: Pointing::Hand, aim: Some(aim), stick: Vec2::new(stick.x, -stick.y), ..default() };
    Frame { hands: [Hand::default(), right], ..frame() }
}

fn ahead() -> Transform {
    Transform::from_xyz(0.3, 1.2, -0.3).looking_to(Vec3::new(0.0, -0.35, -1.0), Vec3::Y)
}

/// Points through the hand as the pointer would.
fn point(app: &mut App, aim: Transform) {
    let placed = app.world().resource::<Rig>().place(&aim);
    let mut pointer = app.world_mut().resource_mut::<Pointer>();
    pointer.ray = Some((placed.translation, placed.forward()));
    pointer.hand = Some(1);
}

fn step(app: &mut App, aim: Transform) {
    point(app, aim);
    show(app, Session::Running, hand(Vec2::Y, aim));
    pass(app, 0.2);
    show(app, Session::Running, hand(Vec2::ZERO, aim));
    pass(app, 1.0);
}

#[test]
fn nobody_is_guided_on_in_a_headset_and_the_way_of_moving_comes_back_with_the_page() {
    for mode in [Mode::Around, Mode::Foot, Mode::Guided] {
        let mut app = visit();
        app.world_mut().resource_mut::<Settings>().mode = mode;
        pass(&mut app, 0.1);
        show(&mut app, Session::Running, frame());
        pass(&mut app, 0.3);
        assert_eq!(app.world().resource::<Settings>().mode, Mode::Foot);
        show(&mut app, Session::None, Frame::default());
        pass(&mut app, 0.1);
        assert_eq!(app.world().resource::<Settings>().mode, mode);
    }
}

#[test]
fn whoever_puts_it_on_stands_where_the_visit_is_at_their_own_height() {
    let app = worn();
    let eye = head(&app);
    assert!((eye.translation.y - OWN_M).abs() < 1e-3, "{}", eye.translation);
    assert!(eye.translation.distance(Vec3::new(-80.0, OWN_M, 0.0)) < 0.01, "{}", eye.translation);
    assert!((yaw_of(&eye) + FRAC_PI_2).abs() < 1e-3, "east, as the entry looks");
    assert_eq!(app.world().resource::<Settings>().mode, Mode::Foot);
}

#[test]
fn whoever_takes_it_off_is_where_they_stood_and_moves_as_before() {
    let mut app = worn();
    step(&mut app, ahead());
    let stood = head(&app).translation;
    assert!(stood.x > -79.0, "{stood}");
    show(&mut app, Session::None, Frame::default());
    pass(&mut app, 0.3);
    assert_eq!(app.world().resource::<Settings>().mode, Mode::Around);
    let feet = app.world().resource::<Way>().feet.at;
    assert!(feet.xz().distance(stood.xz()) < 0.01);
    assert_eq!(app.world().resource::<Sheets>().blind, Blind::default());
}

#[test]
fn a_push_to_the_side_turns_once_by_thirty_degrees_about_the_head() {
    let mut app = worn();
    let before = head(&app);
    for (lean, turned) in [(1.0, -1.0), (0.5, -1.0), (0.0, -1.0), (-1.0, 0.0), (-1.0, 0.0)] {
        show(&mut app, Session::Running, hand(Vec2::X * lean, ahead()));
        pass(&mut app, 0.5);
        let after = head(&app);
        assert!((yaw_of(&after) - yaw_of(&before) - turned * FRAC_PI_6).abs() < 1e-3, "{lean}");
        assert!(after.translation.distance(before.translation) < 1e-3);
    }
}

#[test]
fn a_step_is_taken_through_darkness_and_ends_on_a_floor() {
    let mut app = worn();
    point(&mut app, ahead());
    show(&mut app, Session::Running, hand(Vec2::Y, ahead()));
    pass(&mut app, 0.2);
    assert!(!app.world().resource::<Afloat>().arc.places.is_empty(), "shown before it is taken");
    let before = head(&app).translation;
    show(&mut app, Session::Running, hand(Vec2::ZERO, ahead()));
    let mut darkest: f32 = 0.0;
    for _ in 0..6 {
        pass(&mut app, 0.1);
        darkest = darkest.max(app.world().resource::<Sheets>().blind.dark);
    }
    let after = head(&app).translation;
    assert!(after.x - before.x > 1.5 && (after.y - OWN_M).abs() < 1e-3, "{before} {after}");
    assert!(darkest > 0.8 && app.world().resource::<Sheets>().blind.dark == 0.0, "{darkest}");
    assert!(app.world().resource::<Afloat>().arc.places.is_empty());
}

#[test]
fn nobody_steps_into_the_river_and_the_steady_keep_to_the_middle_of_the_bridge() {
    let mut app = worn();
    app.world_mut().trigger(GoTo { station: station("mid-span") });
    pass(&mut app, 2.0);
    // Along the bridge, a little to one side: east is ahead.
    step(&mut app, ahead());
    let on_deck = head(&app).translation;
    assert!(on_deck.z.abs() < 0.05, "{on_deck}");
    let aside = Transform::from_xyz(0.3, 1.2, -0.3).looking_to(Vec3::new(1.0, 0.2, 0.0), Vec3::Y);
    step(&mut app, aside);
    assert!(head(&app).translation.distance(on_deck) < 1e-3, "there is only water");
}

#[test]
fn to_be_taken_to_a_station_is_to_arrive_there_at_once_and_nothing_glides() {
    let mut app = worn();
    app.world_mut().trigger(GoTo { station: station("deck") });
    let (mut said, mut places) = (Vec::new(), Vec::new());
    for _ in 0..30 {
        said.extend(pass(&mut app, 0.1));
        places.push(head(&app).translation);
    }
    assert_eq!(arrivals(&said), ["deck"]);
    assert_eq!(here(&app).as_deref(), Some("deck"));
    places.dedup_by(|a, b| a.distance(*b) < 1e-4);
    assert_eq!(places.len(), 2, "before and after, nothing between: {places:?}");
    let feet = app.world().resource::<Way>().feet.at;
    assert!((head(&app).translation.y - feet.y - OWN_M).abs() < 1e-3);
}

#[test]
fn walking_smoothly_is_for_those_who_asked_and_narrows_the_view_meanwhile() {
    let mut app = worn();
    let walked = |app: &mut App| {
        let before = head(app).translation;
        show(app, Session::Running, hand(Vec2::Y, Transform::from_xyz(0.3, 1.2, -0.3).looking_to(Vec3::Y, Vec3::X)));
        pass(app, 1.0);
        let narrow = app.world().resource::<Sheets>().blind.narrow;
        show(app, Session::Running, hand(Vec2::ZERO, ahead()));
        pass(app, 1.0);
        (head(app).translation.x - before.x, narrow)
    };
    let (steady_m, narrow) = walked(&mut app);
    assert!(steady_m.abs() < 1e-3 && narrow == 0.0, "{steady_m}");
    app.world_mut().resource_mut::<Settings>().steady = false;
    let (free_m, narrow) = walked(&mut app);
    assert!((1.0..2.0).contains(&free_m), "{free_m}");
    assert!(narrow > 0.9 && app.world().resource::<Sheets>().blind.narrow == 0.0);
}

#[test]
fn steps_in_the_room_are_steps_in_the_place_and_off_the_bridge_it_grows_dark() {
    let mut app = worn();
    app.world_mut().trigger(GoTo { station: station("mid-span") });
    pass(&mut app, 2.0);
    let before = head(&app).translation;
    let mut stepped = frame();
    stepped.head.translation.z -= 0.5;
    show(&mut app, Session::Running, stepped);
    pass(&mut app, 0.3);
    let after = head(&app).translation;
    assert!((after.xz().distance(before.xz()) - 0.5).abs() < 1e-3);
    assert_eq!(app.world().resource::<Sheets>().blind.dark, 0.0);
    for (off, dark) in [(6.0, true), (0.5, false)] {
        stepped.head.translation.x = 0.2 + off;
        stepped.head.translation.z = -0.6;
        let beside = Frame { head: Transform::from_translation(stepped.head.translation), ..stepped };
        show(&mut app, Session::Running, beside);
        pass(&mut app, 0.3);
        assert_eq!(app.world().resource::<Sheets>().blind.dark > 0.5, dark, "{off} m aside");
        assert_eq!(*app.world().resource::<Astray>(), if dark { Astray::Off } else { Astray::No });
    }
}

#[test]
fn a_head_that_is_not_followed_dims_what_was_seen_last_and_a_recentred_room_moves_nobody() {
    let mut app = worn();
    let stood = head(&app).translation;
    show(&mut app, Session::Running, Frame { placed: false, turned: false, ..frame() });
    pass(&mut app, 0.2);
    let dark = app.world().resource::<Sheets>().blind.dark;
    assert!((0.3..0.9).contains(&dark), "dimmed, not black: {dark}");
    assert_eq!(*app.world().resource::<Astray>(), Astray::Lost);
    let turned = Transform::from_xyz(2.0, OWN_M, 1.0).with_rotation(Quat::from_rotation_y(2.0));
    show(&mut app, Session::Running, Frame { recentred: 1, head: turned, ..frame() });
    pass(&mut app, 0.2);
    assert!(head(&app).translation.distance(stood) < 0.01);
    assert_eq!(app.world().resource::<Here>().0, None);
}

#[test]
fn where_the_room_is_seen_through_the_place_lies_there_as_a_model_until_asked_for_in_its_own_size() {
    let mut app = visit();
    show(&mut app, Session::Running, Frame { see_through: true, ..frame() });
    pass(&mut app, 0.3);
    assert!(app.world().resource::<Rig>().is_over_model());
    let rig = *app.world().resource::<Rig>();
    point(&mut app, ahead());
    for lean in [Vec2::Y, Vec2::ZERO] {
        show(&mut app, Session::Running, Frame { see_through: true, ..hand(lean, ahead()) });
        pass(&mut app, 0.5);
    }
    assert_eq!(*app.world().resource::<Rig>(), rig, "nobody steps in a model");
    app.world_mut().resource_mut::<Settings>().model = false;
    pass(&mut app, 0.3);
    assert!((head(&app).translation.y - OWN_M).abs() < 1e-3);
    app.world_mut().resource_mut::<Settings>().model = true;
    pass(&mut app, 0.3);
    assert!(app.world().resource::<Rig>().is_over_model());
}

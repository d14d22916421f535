use super::*;
use crate::visit::{Eye, GoTo};
use crate::visit_tests::{here, pass, station, tap, visit};

fn drawn(app: &App, id: &str) -> Option<Drawn> {
    app.world().resource::<Marks>().list.iter().find(|mark| mark.point.as_str() == id)?.drawn
}

/// Sets the eye after navigation, before marks are drawn.
fn look_from(app: &mut App, eye: Vec3, at: Vec3) {
    app.insert_resource(Look(Transform::from_translation(eye).looking_at(at, Vec3::Y)));
    pass(app, 0.2);
}

#[derive(Resource)]
struct Look(Transform);

fn visit_looking() -> App {
    let mut app = visit();
    let look = |look: Option<Res<Look>>, mut eyes: Query<&mut Transform, With<Eye>>| {
        if let (Some(look), Ok(mut eye)) = (look, eyes.single_mut()) {
            *eye = look.0;
        }
    };
    app.add_systems(Update, look.after(Step::Move).before(Step::Show));
    app
}

#[test]
fn a_disc_keeps_its_size_at_any_distance() {
    let mut app = visit_looking();
    let place = Vec3::new(-70.0, 1.6, 2.0);
    for off_m in [4.0, 12.0, 60.0, 180.0] {
        look_from(&mut app, place + Vec3::new(0.0, 0.0, off_m), place);
        let disc = drawn(&app, "place").expect("in view");
        let places = &app.world().resource::<Sheets>().over;
        let reach = places.reach_px(disc.disc_px, RADIUS_PX + 4.0);
        assert!((reach - (RADIUS_PX + 1.6)).abs() < 1.0, "{off_m} m: {reach}");
        assert!(disc.disc_px.distance(Vec2::new(400.0, 300.0 - LIFT_PX)) < 0.1, "{}", disc.disc_px);
    }
}

#[test]
fn a_mark_gives_way_from_near_by_and_is_exact_from_where_one_stands() {
    assert!((opacity(2.2, false) - 1.0).abs() < 1e-6);
    assert!(opacity(1.0, false) < 0.4);
    assert!(opacity(30.0, true) < 0.4);
}

#[test]
fn a_mark_fades_with_distance_and_never_so_far_that_it_cannot_be_read() {
    let steps: Vec<f32> = (2..600).map(|step| opacity(step as f32, false)).collect();
    assert!(steps.is_sorted_by(|near, far| near >= far), "it never grows with distance");
    assert!((opacity(40.0, false) - 1.0).abs() < 1e-6, "what is at hand is exact");
    assert!((0.6..0.7).contains(&opacity(5_000.0, false)));
    assert!((opacity(5_000.0, true) - opacity(30.0, true)).abs() < 1e-6, "what is faint already fades no further");
}

#[test]
fn the_page_is_told_how_far_off_the_mark_under_the_mouse_is() {
    let mut app = visit_looking();
    let place = Vec3::new(-70.0, 1.6, 2.0);
    look_from(&mut app, place + Vec3::new(-86.3, 0.0, 0.0), place);
    let disc_px = drawn(&app, "place").expect("in view").disc_px;
    let mut point_at = |at_px: Option<Vec2>| {
        let mut windows = app.world_mut().query::<&mut Window>();
        for mut window in windows.iter_mut(app.world_mut()) {
            window.set_cursor_position(at_px);
        }
        let said = pass(&mut app, 0.3).into_iter().filter(|said| matches!(said, Said::Pointed { .. }));
        said.collect::<Vec<_>>()
    };
    let pointed = |point, at_px: Vec2, away_m| {
        let at_px = at_px.round().to_array().map(f64::from);
        Said::Pointed { point, at_px, away_m }
    };
    let on_it = pointed(Some(crate::visit_tests::point("place")), disc_px, 86.0);
    assert_eq!(point_at(Some(disc_px + Vec2::new(6.0, -6.0))), [on_it], "once, to the metre");
    assert_eq!(point_at(Some(Vec2::new(3.0, 590.0))), [pointed(None, Vec2::ZERO, 0.0)]);
    assert_eq!(point_at(None), []);
}

#[test]
fn a_tap_within_a_fingers_breadth_opens_the_point() {
    let mut app = visit_looking();
    let place = Vec3::new(-70.0, 1.6, 2.0);
    look_from(&mut app, place + Vec3::new(-12.0, 0.0, 0.0), place);
    let disc_px = drawn(&app, "place").expect("in view").disc_px;
    app.world_mut().trigger(Tapped { at_px: disc_px + Vec2::new(200.0, 90.0) });
    assert!(!pass(&mut app, 0.1).iter().any(|said| matches!(said, Said::Opened { .. })), "beside everything");
    app.world_mut().trigger(Tapped { at_px: disc_px + Vec2::new(15.0, -15.0) });
    let said = pass(&mut app, 0.1);
    assert!(said.iter().any(|said| matches!(said, Said::Opened { point } if point.as_str() == "place")));
}

#[test]
fn enter_opens_what_is_told_here_in_turn() {
    let mut app = visit();
    tap(&mut app, KeyCode::Digit2);
    app.world_mut().trigger(GoTo { station: station("mid-span") });
    pass(&mut app, 20.0);
    assert_eq!(here(&app).as_deref(), Some("mid-span"));
    pass(&mut app, 15.0);
    let mut opened = Vec::new();
    for _ in 0..3 {
        opened.extend(tap(&mut app, KeyCode::Enter).into_iter().filter_map(|said| match said {
            Said::Opened { point } => Some(point.to_string()),
            _ => None,
        }));
    }
    assert_eq!(opened, ["river", "crossing", "river"]);
}

#[test]
fn the_next_thing_is_cinnabar_and_what_was_told_is_not() {
    let mut app = visit_looking();
    let place = Vec3::new(-70.0, 1.6, 2.0);
    look_from(&mut app, place + Vec3::new(-12.0, 0.0, 0.0), place);
    assert_eq!(drawn(&app, "place").map(|drawn| drawn.fill), Some(CINNABAR));
    app.world_mut().resource_mut::<ToldToTheEnd>().0.insert(crate::visit_tests::point("place"));
    pass(&mut app, 0.2);
    assert_eq!(drawn(&app, "place").map(|drawn| drawn.fill), Some(PAPER));
}

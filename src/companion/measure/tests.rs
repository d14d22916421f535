use super::*;
use crate::visit_tests::{pass, tap, visit};

fn measured(said: &[Said]) -> Vec<(f64, f64, Option<usize>)> {
    said.iter()
        .filter_map(|said| match said {
            Said::Measured { model_m, uncertainty_m, preset } => Some((*model_m, *uncertainty_m, *preset)),
            _ => None,
        })
        .collect()
}

#[test]
fn a_preset_is_as_long_as_its_geometry() {
    let mut app = visit();
    app.world_mut().resource_mut::<Settings>().measuring = true;
    app.world_mut().trigger(ShowPreset(0));
    assert_eq!(measured(&pass(&mut app, 0.2)), [(100.0, 4.0, Some(0))]);
    assert!(app.world().resource::<Tape>().to.is_some());
}

#[test]
fn two_taps_measure_what_lies_under_them_and_a_third_begins_anew() {
    let mut app = visit();
    app.world_mut().resource_mut::<Settings>().measuring = true;
    pass(&mut app, 0.2);
    // Two places on the water, either side of the bridge, where they fall now.
    let view = app.world_mut().run_system_cached(|screen: Screen| screen.view()).ok().flatten().expect("a view");
    let ends = [Vec3::new(-8.0, -14.5, 12.0), Vec3::new(8.0, -14.5, 12.0)];
    for end in ends {
        let at_px = view.fall(end).expect("before the eye").at_px;
        app.world_mut().trigger(Tapped { at_px });
    }
    let said = measured(&pass(&mut app, 0.1));
    assert_eq!(said.len(), 1);
    assert!((said[0].0 - 16.0).abs() < 0.1 && said[0].1 > 0.1 && said[0].2.is_none(), "{said:?}");
    app.world_mut().trigger(Tapped { at_px: view.fall(ends[0]).expect("before the eye").at_px });
    assert!(measured(&pass(&mut app, 0.1)).is_empty());
    assert_eq!(app.world().resource::<Tape>().to, None);
}

#[test]
fn keys_alone_measure_between_two_places_in_the_middle_of_the_view() {
    let mut app = visit();
    let bare = app.world().resource::<Sheets>().under.clone();
    tap(&mut app, KeyCode::KeyR);
    assert_ne!(app.world().resource::<Sheets>().under, bare, "a cross shows where the middle is");
    let middle = |app: &mut App| {
        let view = app.world_mut().run_system_cached(|screen: Screen| screen.view()).ok().flatten().expect("a view");
        let site = crate::visit_tests::site();
        reach::met(&site.scene, view.ray(view.size_px / 2.0), None, REACH_M).expect("the table lies in the middle")
    };
    let from = middle(&mut app);
    let mut said = tap(&mut app, KeyCode::Enter);
    assert_eq!(measured(&said), [], "one end is no measure");
    app.world_mut().resource_mut::<ButtonInput<KeyCode>>().press(KeyCode::ArrowUp);
    app.world_mut().resource_mut::<ButtonInput<KeyCode>>().press(KeyCode::KeyD);
    said.extend(pass(&mut app, 1.0));
    app.world_mut().resource_mut::<ButtonInput<KeyCode>>().release_all();
    let to = middle(&mut app);
    said.extend(tap(&mut app, KeyCode::Enter));
    let [(model_m, _, None)] = measured(&said)[..] else { panic!("{:?}", measured(&said)) };
    assert!(model_m > 5.0 && (model_m - f64::from(from.distance(to))).abs() < 0.01, "{model_m}: {from} to {to}");
    assert!(!said.iter().any(|said| matches!(said, Said::Opened { .. })), "the key opens nothing meanwhile");
    tap(&mut app, KeyCode::KeyR);
    assert_eq!(app.world().resource::<Sheets>().under, bare);
}

#[test]
fn a_height_is_less_sure_than_a_length_where_no_source_gives_heights() {
    let site = crate::visit_tests::site();
    let along_m = uncertainty_m(&site, Vec3::ZERO, Vec3::X * 20.0);
    let upward_m = uncertainty_m(&site, Vec3::ZERO, Vec3::Y * 20.0);
    assert!((along_m - 0.81).abs() < 0.02 && (upward_m - 2.0).abs() < 0.02, "{along_m} and {upward_m}");
}

#[test]
fn an_unknown_preset_is_refused_and_switching_off_clears_the_tape() {
    let mut app = visit();
    app.set_error_handler(|_, _| {});
    app.world_mut().resource_mut::<Settings>().measuring = true;
    app.world_mut().trigger(ShowPreset(9));
    assert!(measured(&pass(&mut app, 0.2)).is_empty());
    app.world_mut().trigger(ShowPreset(0));
    app.world_mut().resource_mut::<Settings>().measuring = false;
    pass(&mut app, 0.2);
    assert_eq!(*app.world().resource::<Tape>(), Tape::default());
}

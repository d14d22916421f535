//! Tests of standing, looking and pointing, whose frames are made here.

use super::*;
use std::f32::consts::FRAC_PI_2;

#[test]
fn whoever_stands_beside_the_middle_of_the_room_stands_where_the_visit_is() {
    let head = Transform::from_xyz(0.7, 1.62, -0.4).with_rotation(Quat::from_rotation_y(0.8));
    let feet = Vec3::new(-12.0, -3.5, 1.0);
    let rig = Rig::default().standing(&head, feet, FRAC_PI_2);
    let eye = rig.place(&head);
    assert!(eye.translation.distance(feet + Vec3::Y * 1.62) < 1e-4, "eyes at the wearer's own height");
    assert!((yaw_of(&eye) - FRAC_PI_2).abs() < 1e-5);
}

#[test]
fn whoever_sits_sees_as_if_standing_and_whoever_stands_at_their_own_height() {
    for (own_m, seen_m) in [(1.12, 1.58), (1.3, 1.3), (1.84, 1.84), (0.4, 0.4)] {
        let rig = Rig::for_eyes_at(own_m).standing(&Transform::from_xyz(0.2, own_m, 0.1), Vec3::Y * 5.0, 0.0);
        let eye = rig.place(&Transform::from_xyz(0.2, own_m, 0.1)).translation;
        assert!((eye.y - 5.0 - seen_m).abs() < 1e-4, "{own_m}: {}", eye.y);
    }
}

#[test]
fn over_a_model_a_step_is_many() {
    let rig = Rig { scale: 100.0, ..Rig::default() };
    let step = rig.place(&Transform::from_xyz(0.5, 1.0, 0.0)).translation;
    assert!(step.distance(Vec3::new(50.0, 100.0, 0.0)) < 1e-3);
}

#[test]
fn a_model_lies_before_its_wearer_whichever_way_they_face() {
    let head = Transform::from_xyz(0.3, 1.6, -0.2).with_rotation(Quat::from_rotation_y(1.1));
    let middle = Vec3::new(2.0, -4.0, 1.0);
    let rig = Rig::before_model(&head, middle);
    let eye = rig.place(&head);
    let off = (middle - eye.translation) / rig.scale;
    assert!((off.with_y(0.0).length() - 0.95).abs() < 1e-3 && (off.y + 0.88).abs() < 1e-3, "{off}");
    assert!(off.z < -0.9 && off.x.abs() < 0.01, "north lies away from them: {off}");
}

#[test]
fn a_head_that_looks_at_its_feet_still_faces_some_way() {
    let down = Transform::IDENTITY.looking_to(Vec3::new(-0.001, -1.0, 0.0), Vec3::NEG_X);
    assert!((yaw_of(&down) - FRAC_PI_2).abs() < 0.01, "{}", yaw_of(&down));
}

/// How often looking presses in so many frames, the head turned so far aside.
fn looking(pointer: &mut Pointer, target: Option<Target>, aside: f32, frames: usize) -> usize {
    let toward = Dir3::new(Quat::from_rotation_y(aside) * Vec3::NEG_Z).expect("a direction");
    (0..frames)
        .filter(|_| {
            pointer.ray = Some((Vec3::ZERO, toward));
            pointer.target = target.map(|target| (target, 2.0));
            pointer.dwell(0.1);
            let by_looking = pointer.dwelt >= 1.0;
            if by_looking {
                pointer.look_away_first();
            }
            by_looking
        })
        .count()
}

#[test]
fn looking_presses_once_and_again_only_after_looking_away() {
    let mut pointer = Pointer::default();
    let button = |number| Some(Target::Button(number));
    assert_eq!(looking(&mut pointer, button(3), 0.0, 60), 1);
    assert_eq!(looking(&mut pointer, button(4), 0.0, 60), 0, "another one that came to lie there was not chosen");
    assert_eq!(looking(&mut pointer, None, 0.2, 1), 0);
    assert_eq!(looking(&mut pointer, button(3), 0.0, 60), 1);
    assert_eq!(looking(&mut pointer, button(4), 0.08, 13), 0, "another one begins anew");
    assert_eq!(looking(&mut pointer, button(4), 0.08, 13), 1);
    assert_eq!(looking(&mut pointer, Some(Target::Ground), 0.3, 60), 0, "nobody is moved by looking at the floor");
}

#[test]
fn what_changes_under_the_eye_is_not_pressed_by_who_looked_there_already() {
    let mut pointer = Pointer::default();
    assert_eq!(looking(&mut pointer, Some(Target::Button(0)), 0.0, 13), 0);
    pointer.look_away_first();
    assert_eq!(looking(&mut pointer, Some(Target::Button(0)), 0.01, 60), 0);
    assert_eq!(looking(&mut pointer, Some(Target::Button(0)), 0.06, 30), 1);
}

#[test]
fn the_right_hand_points_until_the_left_presses_and_a_hand_that_lies_there_does_not() {
    let mut app = App::new();
    app.add_plugins(MinimalPlugins)
        .insert_resource(bevy::time::TimeUpdateStrategy::ManualDuration(std::time::Duration::from_millis(500)));
    app.init_resource::<Rig>().init_resource::<Pointer>().add_systems(Update, point);
    let hand = |x: f32, trigger: f32| Hand {
        pointing: Pointing::Hand,
        aim: Some(Transform::from_xyz(x, 1.2, -0.2)),
        trigger,
        ..default()
    };
    let mut points = |hands: [Hand; 2], frames: usize| {
        let frame = Frame { count: 2, placed: true, turned: true, hands, ..default() };
        app.insert_resource(Headset { session: Session::Running, frame });
        (0..frames).for_each(|_| app.update());
        app.world().resource::<Pointer>().hand
    };
    assert_eq!(points([hand(-0.2, 0.0), hand(0.2, 0.0)], 2), Some(1));
    assert_eq!(points([hand(-0.2, 1.0), hand(0.2, 0.0)], 1), Some(0));
    assert_eq!(points([hand(-0.2, 0.0), hand(0.3, 0.0)], 1), Some(0), "it has pressed last");
    assert_eq!(points([hand(-0.2, 0.0), hand(0.3, 0.0)], 20), None, "both lie somewhere: the head points");
    assert_eq!(points([hand(-0.2, 0.0), hand(0.5, 0.0)], 1), Some(1));
}

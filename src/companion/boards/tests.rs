//! Tests of what a wearer reads and presses, without a headset: its frames are made here.

use super::*;
use crate::platform::headset::{Frame, Session};
use protocol::bridge::{Button, Line};

fn app() -> App {
    let mut app = App::new();
    app.add_plugins(MinimalPlugins);
    app.configure_sets(Update, (Step::Sense, Step::Point, Step::Decide, Step::Move, Step::Show).chain());
    app.init_resource::<Assets<Picture>>().init_resource::<Settings>();
    app.add_plugins((crate::visit::plugin, crate::afloat::plugin, plugin));
    app.init_resource::<Headset>().init_resource::<Rig>().init_resource::<Pointer>();
    app.init_resource::<crate::headset::Astray>();
    app
}

fn wear(app: &mut App, on: bool) {
    let head = Transform::from_xyz(0.0, 1.6, 0.0);
    let frame = Frame { count: 2, head, placed: true, turned: true, ..default() };
    let session = if on { Session::Running } else { Session::None };
    app.insert_resource(Headset { session, frame });
}

fn panel(title: &str) -> Panel {
    Panel {
        title: title.to_owned(),
        lines: vec![Line { text: "大渡河上的铁索桥。".repeat(80), aside: false }],
        buttons: vec![Button { id: "next".to_owned(), label: "下一站".to_owned(), on: true, ..default() }],
        ..Panel::default()
    }
}

fn press_button(app: &mut App, id: &str) {
    let shelf = app.world().resource::<Shelf>();
    let index = shelf.panel_board.laid.buttons.iter().position(|(name, _)| name == id);
    let target = Target::Button(index.expect("there is such a button") as u32);
    let mut pointer = app.world_mut().resource_mut::<Pointer>();
    pointer.target = Some((target, 1.0));
    pointer.pressed = true;
    app.update();
}

fn said(app: &mut App) -> Vec<Said> {
    app.world_mut().resource_mut::<Messages<Say>>().drain().map(|say| say.0).collect()
}

#[test]
fn leaves_are_turned_here_and_everything_else_is_said_to_the_page() {
    let mut app = app();
    wear(&mut app, true);
    app.world_mut().trigger(HangPanel(Some(panel("one"))));
    app.update();
    press_button(&mut app, layout::ON);
    assert_eq!(app.world().resource::<Shelf>().leaf, 1);
    assert_eq!(said(&mut app), []);
    // The same text, changed, stays where it is read; another one begins anew.
    let mut changed = panel("one");
    changed.buttons[0].on = false;
    app.world_mut().trigger(HangPanel(Some(changed)));
    app.update();
    assert_eq!(app.world().resource::<Shelf>().leaf, 1);
    press_button(&mut app, "next");
    assert_eq!(said(&mut app), [Said::Pressed { id: "next".to_owned() }]);
    app.world_mut().trigger(HangPanel(Some(panel("two"))));
    app.update();
    assert_eq!(app.world().resource::<Shelf>().leaf, 0);
}

#[test]
fn a_caption_stands_for_just_as_long_as_it_is_said() {
    let mut app = app();
    wear(&mut app, true);
    let point = PointId::new("planks").expect("a name");
    let cue = |from_secs, to_secs, text: &str| Cue { from_secs, to_secs, text: text.to_owned() };
    let cues = vec![cue(0.0, 2.0, "one"), cue(2.5, 4.0, "two")];
    app.world_mut().trigger(KeepCues { point: point.clone(), cues });
    for (at_secs, shown) in [(0.0, "one"), (1.99, "one"), (2.2, ""), (2.5, "two"), (4.0, "")] {
        app.insert_resource(Spoken { point: Some(point.clone()), at_secs });
        app.update();
        assert_eq!(app.world().resource::<Shelf>().caption, shown, "{at_secs} s");
    }
    app.insert_resource(Spoken { point: PointId::new("gate").ok(), at_secs: 1.0 });
    app.update();
    assert_eq!(app.world().resource::<Shelf>().caption, "", "of another story point");
}

#[test]
fn the_next_wearer_finds_nothing_of_the_last_one() {
    let mut app = app();
    wear(&mut app, true);
    app.world_mut().trigger(HangPanel(Some(panel("one"))));
    app.world_mut().trigger(KeepCues { point: PointId::new("planks").expect("a name"), cues: Vec::new() });
    app.update();
    wear(&mut app, false);
    app.update();
    let shelf = app.world().resource::<Shelf>();
    assert!(shelf.panel.is_none() && shelf.cues.is_empty() && shelf.lettered.is_none());
    assert!(app.world().resource::<Afloat>().boards.is_empty());
}

#[test]
fn looking_begins_anew_where_another_button_comes_to_lie() {
    let named = |ids: [&str; 2]| Panel {
        title: "one".to_owned(),
        buttons: ids.map(|id| Button { id: id.to_owned(), label: "同样长的字".to_owned(), ..default() }).to_vec(),
        ..Panel::default()
    };
    for (after, dwelt) in [(["question", "next"], 0.5), (["complete", "next"], 0.0)] {
        let mut app = app();
        wear(&mut app, true);
        app.world_mut().trigger(HangPanel(Some(named(["question", "close"]))));
        app.update();
        let mut pointer = app.world_mut().resource_mut::<Pointer>();
        pointer.target = Some((Target::Button(0), 1.0));
        pointer.dwelt = 0.5;
        app.world_mut().trigger(HangPanel(Some(named(after))));
        app.update();
        assert!((app.world().resource::<Pointer>().dwelt - dwelt).abs() < 1e-6, "{after:?}");
    }
}

#[test]
fn whoever_is_lost_for_more_than_a_moment_is_told_what_to_do_and_no_longer_than_they_are() {
    use crate::headset::Astray;
    use bevy::time::TimeUpdateStrategy;
    use std::time::Duration;
    let mut app = app();
    // The clock that the boards follow is the real one, moved by hand.
    app.insert_resource(TimeUpdateStrategy::ManualDuration(Duration::from_millis(100)));
    wear(&mut app, true);
    let mut said = |astray: Astray, frames: usize| {
        app.insert_resource(astray);
        (0..frames).for_each(|_| app.update());
        app.world().resource::<Shelf>().notice.said()
    };
    assert_eq!(said(Astray::No, 9), "");
    assert_eq!(said(Astray::Lost, 3), "", "a moment is nothing");
    let lost = said(Astray::Lost, 4);
    assert!(lost.contains("头显") && lost.ends_with('。'), "{lost}");
    let off = said(Astray::Off, 1);
    assert!(!off.is_empty() && off != lost);
    assert_eq!(said(Astray::No, 1), "");
    assert_eq!(said(Astray::Lost, 1), "", "it begins anew");
}

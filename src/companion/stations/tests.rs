use super::*;
use crate::visit_tests::{arrivals, here, pass, point, station, tap, visit};

fn stand(app: &mut App, x: f32) -> Vec<Said> {
    // Set after navigation and before arrival is judged.
    app.insert_resource(Put(x));
    pass(app, 0.1)
}

#[derive(Resource)]
struct Put(f32);

fn put(put: Option<Res<Put>>, mut standing: ResMut<Standing>) {
    if let Some(put) = put {
        *standing = Standing { at: Vec3::new(put.0, 0.0, 0.0), reach_m: 5.0, settled: true };
    }
}

fn visit_put() -> App {
    let mut app = visit();
    app.add_systems(Update, put.after(Step::Move).before(Step::Show));
    app
}

#[test]
fn standing_on_the_edge_does_not_flicker() {
    let mut app = visit_put();
    let mut said = stand(&mut app, -31.2);
    for i in 0..40 {
        said.extend(stand(&mut app, if i % 2 == 0 { -30.4 } else { -31.6 }));
    }
    assert_eq!(arrivals(&said), ["chains"]);
    let said = stand(&mut app, -28.0);
    assert!(said.contains(&Said::Departed { station: station("chains") }));
    assert_eq!(here(&app), None);
}

#[test]
fn what_is_opened_from_afar_counts_as_being_there_until_one_walks_away() {
    let mut app = visit_put();
    stand(&mut app, -72.0);
    app.world_mut().trigger(Opened { point: point("planks") });
    assert_eq!(arrivals(&stand(&mut app, -72.0)), ["deck"], "watched from the bank");
    assert_eq!(here(&app).as_deref(), Some("deck"));
    stand(&mut app, -58.0);
    assert_ne!(here(&app).as_deref(), Some("deck"));
}

#[test]
fn nothing_is_arrived_at_before_the_site_is_open() {
    let mut app = visit();
    tap(&mut app, KeyCode::Digit2);
    assert_eq!(here(&app), None, "the entry is at no station");
}

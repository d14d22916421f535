//! The visit that the matrix asks about: the learner of a world led it, and it is over, so that nobody waits for more.

use super::super::fixture::NOW_MS;
use super::super::store::{audit, hill};
use super::super::world::World;
use checkpoint::store::{Act, BegunLed, LedVisit, Store};

pub async fn prepare(world: &World, store: &dyn Store) {
    let visit = LedVisit {
        id: world.target,
        code_key: world.led_key,
        leader: world.target,
        unit: world.home,
        site: hill(),
        route: heritage::RouteId::new("path").expect("a name"),
        began_ms: NOW_MS - 1,
        ends_ms: NOW_MS,
        revision: 0,
        state: String::new(),
    };
    let begun = store.begin_led(visit, audit(world.home, Act::LedVisitBegun, None)).await;
    assert_eq!(begun.expect("a visit is led"), BegunLed::Begun);
}

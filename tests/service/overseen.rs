//! The audit log is whole: whoever is let in by what they are to their unit leaves an entry behind, on every such route.

use super::house::Service;
use super::world::{Stand, world};
use checkpoint::routes::{Access, Route, table};
use checkpoint::walk::Share;
use protocol::api::Role;

/// Routes that leave none, each with the reason.
const NOTHING_TO_TELL: &[(&str, &str, &str)] = &[
    ("GET", "/desk/roster", "an empty form"),
    ("GET", "/desk/roster/sample.csv", "an example of a list"),
    ("POST", "/desk/roster", "a list is looked through, and only its confirmation adds anybody"),
    ("GET", "/desk/passkeys", "their own"),
    ("GET", "/desk/lead", "which routes there are, and their own visits"),
];

/// Routes whose request is turned down in such a world: a visit is its leader's alone, nothing is forwarded, and no device
/// makes a passkey.
const TURNED_DOWN: &[(&str, &str)] = &[
    ("POST", "/desk/forwarding"),
    ("GET", "/desk/lead/{visit}"),
    ("GET", "/desk/lead/{visit}/events"),
    ("POST", "/desk/lead/{visit}"),
    ("POST", "/desk/passkeys"),
    ("POST", "/desk/passkeys/{passkey}/remove"),
];

fn is_privileged(access: Access) -> bool {
    !matches!(access, Access::Anyone | Access::Learner | Access::Kiosk | Access::System)
}

/// What came of an admin's question on this route: the status, and how many entries there are more.
fn asked(service: &Service, route: &Route) -> (u16, usize) {
    let asking = service.runtime.block_on(world(service, Role::Admin, Stand::Home));
    let store = &*service.app.store;
    service.runtime.block_on(asking.prepare(store, route));
    let entries = || service.runtime.block_on(store.audits(asking.home, None, i64::MAX, 1_000)).expect("read").len();
    let log = || service.runtime.block_on(store.log_of(asking.target)).expect("read");
    let last_seq = log().last().map_or(0, |entry| entry.seq);
    let before = entries();
    let answer = asking.ask(route, last_seq);
    (answer.status, entries() - before)
}

#[test]
fn every_privileged_route_leaves_an_entry_or_says_why_not() {
    let service = Service::settled(|settings| settings.rechecked = Share::ALL);
    let mut amiss = Vec::new();
    let routes: Vec<Route> = table().into_iter().filter(|route| is_privileged(route.access)).collect();
    assert!(routes.len() > 30, "the table is read");
    for route in &routes {
        let (method, path) = (route.method.as_str(), route.path);
        let (status, entries) = asked(&service, route);
        let is_done = matches!(status, 200 | 303);
        let wants = match (
            NOTHING_TO_TELL.iter().any(|(its, at, _)| (*its, *at) == (method, path)),
            TURNED_DOWN.contains(&(method, path)),
        ) {
            (true, _) => is_done && entries == 0,
            (_, true) => !is_done && entries == 0,
            _ => is_done && entries > 0,
        };
        if !wants {
            amiss.push(format!("{method} {path}: answered {status}, left {entries} entries"));
        }
    }
    let known = |(its, at): (&str, &str)| routes.iter().any(|route| (route.method.as_str(), route.path) == (its, at));
    let gone = NOTHING_TO_TELL.iter().map(|(its, at, _)| (*its, *at)).chain(TURNED_DOWN.iter().copied());
    amiss.extend(gone.filter(|each| !known(*each)).map(|(its, at)| format!("{its} {at} is no privileged route")));
    assert!(amiss.is_empty(), "{}", amiss.join("\n"));
}

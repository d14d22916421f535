//! Lists of stations: each shows how far it has come.

use crate::dom;
use crate::house::{Shared, on_kept};
use crate::standing::{self, State};
use crate::words::{self, Text};

/// The word for a state.
pub const fn word(state: State) -> Text {
    match state {
        State::Open => words::OPEN,
        State::Heard => words::HEARD,
        State::Answered => words::ANSWERED,
        State::Done => words::DONE,
        State::Confirmed => words::CONFIRMED,
    }
}

/// Keeps all lists of this page up to date.
pub fn begin(house: &Shared) {
    on_kept(house, |house| async move { show(&house).await });
    house.spawn(async |house| show(&house).await);
}

async fn show(house: &Shared) {
    let items = dom::hooks("station-item");
    if items.is_empty() {
        return;
    }
    let Ok(visits) = house.store.visits().await else { return };
    let progress = house.progress.borrow();
    for item in items {
        let Some(station) = item.get_attribute("data-station") else { continue };
        let site = item.get_attribute("data-site").unwrap_or_else(|| house.page.site.clone());
        let key = format!("{site}/{station}");
        let visit = visits.iter().find(|(known, _)| *known == key).map(|(_, visit)| visit.clone()).unwrap_or_default();
        let state = standing::state(&site, &station, &visit, progress.as_ref());
        dom::set(&item, "data-state", state.code());
        if let Some(place) = dom::hook_in(&item, "state") {
            dom::say(&place, word(state).get(house.page.lang));
        }
    }
}

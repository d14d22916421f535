//! Leading: beginning a visit, and changing it by commands.

use super::{Command, Standing};
use crate::api::Fault;
use crate::house::House;
use crate::identity::SignedIn;
use crate::identity::code::Code;
use crate::identity::reach::deed;
use crate::store::led::LED_MS;
use crate::store::{Act, BegunLed, LedVisit};
use heritage::{PointId, RouteId, Site, SiteId, StationId};
use uuid::Uuid;

/// Fresh ids are drawn again this often, should a code be another visit's.
const DRAWS: usize = 4;
/// How often a command is tried again where another came in between.
const TRIES: usize = 8;

/// Begins a visit, or gives the one that the same person leads already.
///
/// # Errors
/// A [`Fault`] where there is no such route, or the store cannot keep it.
pub async fn begin(house: &House, who: &SignedIn, site: &SiteId, route: &RouteId) -> Result<Uuid, Fault> {
    house.courses.route(site, route).ok_or_else(Fault::not_found)?;
    let began_ms = house.now_ms();
    for _ in 0..DRAWS {
        let id = Uuid::now_v7();
        let visit = LedVisit {
            id,
            code_key: Code::of_led(&house.secrets, id).led_key(&house.secrets),
            leader: who.person.id,
            unit: who.person.unit,
            site: site.clone(),
            route: route.clone(),
            began_ms,
            ends_ms: began_ms + LED_MS,
            revision: 0,
            state: Standing::default().written(),
        };
        let said = deed(house, who, Act::LedVisitBegun, format!("{site}.{route}"));
        match house.store.begin_led(visit, said).await? {
            BegunLed::Begun => return Ok(id),
            BegunLed::Running(running) => return Ok(running),
            BegunLed::Taken => {}
        }
    }
    Err(Fault::busy())
}

/// A visit that this person leads or led lately. Those of others are not said to exist.
///
/// # Errors
/// A [`Fault`] where there is none, or the store cannot be read.
pub async fn led_by(house: &House, who: &SignedIn, visit: Uuid) -> Result<LedVisit, Fault> {
    let found = house.store.led_visits(vec![visit]).await?.pop();
    found.filter(|visit| visit.leader == who.person.id).ok_or_else(Fault::not_found)
}

/// Carries a command out and tells everybody who follows here. One that changes nothing, or comes after the end, is none.
///
/// # Errors
/// A [`Fault`] where the visit is not this person's, it is about what is not on its route, or the store cannot keep it.
pub async fn change(house: &House, who: &SignedIn, visit: Uuid, command: &Command) -> Result<(), Fault> {
    for _ in 0..TRIES {
        let visit = led_by(house, who, visit).await?;
        let site = house.courses.route(&visit.site, &visit.route).map(|(site, _)| site).ok_or_else(Fault::not_found)?;
        if !is_on(site, command) {
            return Err(Fault::not_found());
        }
        let now_ms = house.now_ms();
        let revision = visit.revision + 1;
        let since = u64::try_from(revision).unwrap_or_default();
        let next =
            Standing::read(&visit.state).after(command.clone(), since, now_ms).filter(|_| now_ms < visit.ends_ms);
        let Some(next) = next else { return Ok(()) };
        let said = (*command == Command::Finish)
            .then(|| deed(house, who, Act::LedVisitFinished, format!("{}.{}", visit.site, visit.route)));
        let ends_ms = if next.finished { now_ms } else { visit.ends_ms };
        let changed = LedVisit { revision, state: next.written(), ends_ms, ..visit };
        if house.store.change_led(changed.clone(), said).await? {
            house.led.publish(changed);
            return Ok(());
        }
    }
    Err(Fault::busy())
}

fn is_on(site: &Site, command: &Command) -> bool {
    let has = |id: &StationId| site.station(id).is_some();
    let tells = |id: &PointId| site.point(id).is_some();
    match command {
        Command::Go(station) => has(station),
        Command::Play(point) | Command::Look(point) => tells(point),
        Command::Pause | Command::Resume | Command::Finish => true,
    }
}

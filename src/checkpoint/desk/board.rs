//! Everyone of a unit with their walks, as the desk lists and exports them.

use super::words;
use crate::api::Fault;
use crate::house::House;
use crate::store::Person;
use crate::walk::Summary;
use heritage::{Bilingual, RouteId, SiteId};
use protocol::api::WalkState;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// One walk with who walks it.
pub struct Line {
    /// Who.
    pub person: Person,
    /// What.
    pub walk: Summary,
    /// Title of site and route.
    pub title: Bilingual,
}

impl Line {
    /// Address of the page on this walk.
    pub fn address(&self) -> String {
        address(self.person.id, &self.walk.site, &self.walk.route)
    }

    /// What a form says of this walk.
    pub fn ticket(&self) -> String {
        ticket(self.person.id, &self.walk.site, &self.walk.route, self.walk.last_seq)
    }
}

/// Address of the page on a walk.
pub fn address(person: Uuid, site: &SiteId, route: &RouteId) -> String {
    format!("/desk/walks/{person}/{site}.{route}")
}

/// What a form says of a walk: whose, which, as seen at which place of the log, and the id of the decision.
pub fn ticket(person: Uuid, site: &SiteId, route: &RouteId, last_seq: i64) -> String {
    format!("{person}/{site}.{route}/{last_seq}/{}", Uuid::now_v7())
}

/// Which lines are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only this state, if given.
    pub state: Option<WalkState>,
    /// Only this group, if given.
    pub cohort: Option<String>,
}

/// All states, in the order in which the desk offers them.
pub const STATES: [WalkState; 4] = [WalkState::Waiting, WalkState::Returned, WalkState::Underway, WalkState::Confirmed];

impl Filter {
    /// From an address's query; without a state, those that wait.
    pub fn read(query: Option<&str>) -> Self {
        let mut filter = Self { state: Some(WalkState::Waiting), cohort: None };
        for (key, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            match &*key {
                "state" => filter.state = STATES.into_iter().find(|state| words::state_code(*state) == value),
                "cohort" if !value.is_empty() => filter.cohort = Some(value.into_owned()),
                _ => {}
            }
        }
        filter
    }

    /// As an address's query.
    pub fn written(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("state", self.state.map_or("all", words::state_code));
        if let Some(cohort) = &self.cohort {
            query.append_pair("cohort", cohort);
        }
        query.finish()
    }

    /// Whether a line is wanted.
    pub fn takes(&self, line: &Line) -> bool {
        self.state.is_none_or(|state| state == line.walk.state)
            && self.cohort.as_ref().is_none_or(|cohort| *cohort == line.person.cohort)
    }
}

/// Everyone of a unit and those below it, with their walks.
pub struct Board {
    /// All people of the unit.
    pub people: Vec<Person>,
    /// All walks, the longest waiting first.
    pub lines: Vec<Line>,
    /// Names of those of a unit above who decided on one.
    from_above: BTreeMap<Uuid, String>,
}

impl Board {
    /// Reads where each log ends, and only those logs that have grown since they were last summed up.
    ///
    /// # Errors
    /// A [`Fault`] where the store cannot be read.
    pub async fn of(house: &House, unit: Uuid) -> Result<Self, Fault> {
        let people = house.store.people_of(unit).await?;
        let by_id: BTreeMap<Uuid, &Person> = people.iter().map(|person| (person.id, person)).collect();
        let mut lines: Vec<Line> = Vec::new();
        for end in house.store.ends_of_unit(unit).await? {
            let Some(person) = by_id.get(&end.subject) else { continue };
            for walk in house.summaries.of(house, &end).await?.iter() {
                let title = title(house, &walk.site, &walk.route);
                lines.push(Line { person: (*person).clone(), walk: walk.clone(), title });
            }
        }
        lines.sort_by_key(|line| (line.walk.last_received_ms, line.person.id));
        let mut from_above = BTreeMap::new();
        for by in lines.iter().filter_map(|line| line.walk.decided.as_ref()).map(|decided| decided.by) {
            if !by_id.contains_key(&by)
                && !from_above.contains_key(&by)
                && let Some(person) = house.store.person(by).await?
            {
                from_above.insert(by, person.name);
            }
        }
        Ok(Self { people, lines, from_above })
    }

    /// The groups there are.
    pub fn cohorts(&self) -> BTreeSet<String> {
        self.people.iter().map(|person| person.cohort.clone()).filter(|cohort| !cohort.is_empty()).collect()
    }

    /// Name of a person of the unit, or of somebody who decided on a walk there.
    pub fn name(&self, id: Uuid) -> Option<&str> {
        let own = self.people.iter().find(|person| person.id == id).map(|person| person.name.as_str());
        own.or_else(|| self.from_above.get(&id).map(String::as_str))
    }
}

/// What a trainer should look at twice on each line, counted: flags of its stations, and devices shared with others.
///
/// # Errors
/// A [`Fault`] where the store cannot be read.
pub async fn flags(house: &House, lines: &[&Line]) -> Result<Vec<usize>, Fault> {
    let sharing = house.store.sharing(lines.iter().map(|line| line.person.id).collect()).await?;
    Ok(lines.iter().zip(sharing).map(|(line, others)| line.walk.flags + usize::from(others > 0)).collect())
}

/// Title of site and route.
pub fn title(house: &House, site: &SiteId, route: &RouteId) -> Bilingual {
    house.courses.route(site, route).map_or_else(Bilingual::default, |(site, route)| {
        Bilingual::new(
            format!("{} · {}", site.title.zh, route.title.zh),
            format!("{} · {}", site.title.en, route.title.en),
        )
    })
}

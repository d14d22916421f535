//! Everyone of a unit with their walks, as the desk shows and exports them.

use super::words;
use crate::api::Fault;
use crate::house::House;
use crate::store::{Entry, Person};
use crate::walk::{Walk, walks_of};
use heritage::{Bilingual, RouteId, SiteId};
use protocol::Event;
use protocol::api::WalkState;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// One walk with who walks it.
pub struct Line {
    /// Who.
    pub person: Person,
    /// What.
    pub walk: Walk,
    /// Title of site and route.
    pub title: Bilingual,
    /// How many others the devices of this walk have also recorded for.
    pub shared_with: usize,
}

impl Line {
    /// Stations whose every requirement is met.
    pub fn met(&self) -> usize {
        self.walk.stations.iter().filter(|finding| finding.verdict.met).count()
    }

    /// What a trainer should look at twice, counted.
    pub fn flags(&self) -> usize {
        self.walk.stations.iter().map(|finding| finding.flags.len()).sum::<usize>() + usize::from(self.shared_with > 0)
    }

    /// Address of the page on this walk.
    pub fn address(&self) -> String {
        format!("/desk/walks/{}/{}.{}", self.person.id, self.walk.site, self.walk.route.id)
    }

    /// What a form says of this walk: whose, which, as seen at which place of the log, and the id of the decision.
    pub fn ticket(&self) -> String {
        let Walk { site, route, last_seq, .. } = &self.walk;
        format!("{}/{site}.{}/{last_seq}/{}", self.person.id, route.id, Uuid::now_v7())
    }
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

/// Everyone of a unit with their walks.
pub struct Board {
    /// All people of the unit.
    pub people: Vec<Person>,
    /// All walks, the longest waiting first.
    pub lines: Vec<Line>,
    /// The whole log of the unit.
    pub log: Vec<Entry>,
}

impl Board {
    /// Reads it.
    ///
    /// # Errors
    /// A [`Fault`] where the store cannot be read.
    pub async fn of(house: &House, unit: Uuid) -> Result<Self, Fault> {
        let people = house.store.people_of(unit).await?;
        let log = house.store.log_of_unit(unit).await?;
        let mut by_person: BTreeMap<Uuid, Vec<Entry>> = BTreeMap::new();
        for entry in &log {
            by_person.entry(entry.said.subject).or_default().push(entry.clone());
        }
        let users = users_of_devices(&log);
        let mut lines: Vec<Line> = Vec::new();
        for person in &people {
            let own = by_person.get(&person.id).map(Vec::as_slice).unwrap_or_default();
            let shared_with = others_on_devices(&users, person.id);
            for walk in walks_of(&house.courses, &house.secrets, person.id, own) {
                let title = title(house, &walk.site, &walk.route.id);
                lines.push(Line { person: person.clone(), walk, title, shared_with });
            }
        }
        lines.sort_by_key(|line| (line.walk.last_received_ms, line.person.id));
        Ok(Self { people, lines, log })
    }

    /// One walk.
    pub fn line(&self, person: Uuid, site: &SiteId, route: &RouteId) -> Option<&Line> {
        self.lines
            .iter()
            .find(|line| line.person.id == person && line.walk.site == *site && line.walk.route.id == *route)
    }

    /// The groups there are.
    pub fn cohorts(&self) -> BTreeSet<String> {
        self.people.iter().map(|person| person.cohort.clone()).filter(|cohort| !cohort.is_empty()).collect()
    }

    /// Name of a person of the unit.
    pub fn name(&self, id: Uuid) -> Option<&str> {
        self.people.iter().find(|person| person.id == id).map(|person| person.name.as_str())
    }
}

fn title(house: &House, site: &SiteId, route: &RouteId) -> Bilingual {
    house.courses.route(site, route).map_or_else(Bilingual::default, |(site, route)| {
        Bilingual::new(
            format!("{} · {}", site.title.zh, route.title.zh),
            format!("{} · {}", site.title.en, route.title.en),
        )
    })
}

fn users_of_devices(log: &[Entry]) -> BTreeMap<Uuid, BTreeSet<Uuid>> {
    let mut users: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
    for entry in log {
        if let Ok(event) = serde_json::from_str::<Event>(&entry.said.body) {
            users.entry(event.device).or_default().insert(entry.said.subject);
        }
    }
    users
}

fn others_on_devices(users: &BTreeMap<Uuid, BTreeSet<Uuid>>, person: Uuid) -> usize {
    let mut others: BTreeSet<Uuid> =
        users.values().filter(|people| people.contains(&person)).flatten().copied().collect();
    others.remove(&person);
    others.len()
}

//! Everyone of a unit with their walks, as the desk lists and exports them.

use super::words;
use crate::api::Fault;
use crate::clock::DAY_MS;
use crate::house::House;
use crate::store::{Kind, Person, ShownKey, Told};
use crate::walk::Summary;
use crate::year::each;
use heritage::credit::{Flag, Taps};
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
    /// What should be looked at twice and shows only beside other walks: one trace or one tap sent by several.
    pub beside: Vec<Flag>,
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

/// Which walks are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pile {
    /// All.
    #[default]
    All,
    /// Those in one state.
    In(WalkState),
    /// Those whose decision was appealed against, and nobody has answered.
    Appealed,
    /// Confirmed ones that were drawn for a second look.
    Drawn,
}

impl Pile {
    /// All, in the order in which the desk offers them.
    pub const OFFERED: [Self; 7] = [
        Self::In(WalkState::Waiting),
        Self::Appealed,
        Self::Drawn,
        Self::In(WalkState::Returned),
        Self::In(WalkState::Underway),
        Self::In(WalkState::Confirmed),
        Self::All,
    ];

    /// The word in addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::In(state) => words::state_code(state),
            Self::Appealed => "appealed",
            Self::Drawn => "drawn",
        }
    }

    /// What it is called.
    pub fn label(self) -> Bilingual {
        match self {
            Self::All => Bilingual::new("全部", "all"),
            Self::In(state) => words::state(state),
            Self::Appealed => Bilingual::new("申诉", "appeals"),
            Self::Drawn => Bilingual::new("抽查", "second look"),
        }
    }

    fn takes(self, walk: &Summary) -> bool {
        match self {
            Self::All => true,
            Self::In(state) => state == walk.state,
            Self::Appealed => walk.is_appealed,
            Self::Drawn => walk.wants_recheck,
        }
    }
}

/// Which lines are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Which walks.
    pub pile: Pile,
    /// Only this group, if given.
    pub cohort: Option<String>,
}

impl Filter {
    /// From an address's query; without a pile, those that wait.
    pub fn read(query: Option<&str>) -> Self {
        let mut filter = Self { pile: Pile::In(WalkState::Waiting), cohort: None };
        for (key, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            match &*key {
                "state" => {
                    filter.pile = Pile::OFFERED.into_iter().find(|pile| pile.code() == value).unwrap_or_default();
                }
                "cohort" if !value.is_empty() => filter.cohort = Some(value.into_owned()),
                _ => {}
            }
        }
        filter
    }

    /// As an address's query.
    pub fn written(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("state", self.pile.code());
        if let Some(cohort) = &self.cohort {
            query.append_pair("cohort", cohort);
        }
        query.finish()
    }

    /// Whether a line is wanted.
    pub fn takes(&self, line: &Line) -> bool {
        self.pile.takes(&line.walk) && self.cohort.as_ref().is_none_or(|cohort| *cohort == line.person.cohort)
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
                lines.push(Line { person: (*person).clone(), walk: walk.clone(), title, beside: Vec::new() });
            }
        }
        lines.sort_by_key(|line| (line.walk.last_received_ms, line.person.id));
        let tapped = lines.iter().flat_map(|line| line.walk.taps.iter().map(|(_, key)| *key));
        let keys: BTreeSet<ShownKey> =
            lines.iter().flat_map(|line| line.walk.traces.iter().copied()).chain(tapped).collect();
        let elsewhere = house.store.shown_beyond(unit, keys.into_iter().collect()).await?;
        hold_beside(&mut lines, &vouchings(house, unit).await?, &elsewhere);
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

/// Who vouched for whom in a unit and those below it within a year: author, then subject.
async fn vouchings(house: &House, unit: Uuid) -> Result<BTreeSet<(Uuid, Uuid)>, Fault> {
    let from_ms = house.now_ms() - 365 * DAY_MS;
    let wanted = Told { unit, kind: Kind::Vouched, from_ms, after: 0, upto: i64::MAX };
    let mut pairs = BTreeSet::new();
    each(house, wanted, |entry| {
        pairs.insert((entry.said.author, entry.said.subject));
    })
    .await?;
    Ok(pairs)
}

/// Whether two have vouched for each other, and neither had to do with anybody else.
fn is_only_each_other(pairs: &BTreeSet<(Uuid, Uuid)>, one: Uuid, other: Uuid) -> bool {
    let touches = |pair: &&(Uuid, Uuid)| [pair.0, pair.1].iter().any(|each| *each == one || *each == other);
    pairs.contains(&(one, other)) && pairs.contains(&(other, one)) && pairs.iter().filter(touches).count() == 2
}

/// Says of each line what shows only beside the others. Of whoever sent the same `elsewhere`, outside the unit and those below
/// it, only the number is known.
fn hold_beside(lines: &mut [Line], pairs: &BTreeSet<(Uuid, Uuid)>, elsewhere: &BTreeMap<ShownKey, usize>) {
    let taps = Taps::of(lines.iter().flat_map(|line| line.walk.taps.iter().map(|(tap, _)| tap)));
    let beyond = |key: &ShownKey| elsewhere.get(key).copied().unwrap_or_default();
    let mut senders: BTreeMap<ShownKey, BTreeSet<Uuid>> = BTreeMap::new();
    for line in &*lines {
        for trace in &line.walk.traces {
            senders.entry(*trace).or_default().insert(line.person.id);
        }
    }
    let found: Vec<Vec<Flag>> = lines
        .iter()
        .map(|line| {
            let others = |trace: &ShownKey| {
                let within = senders.get(trace).map_or(0, |people| people.len() - 1);
                (within + beyond(trace), beyond(trace))
            };
            let shared = line.walk.traces.iter().map(others).max().filter(|(others, _)| *others > 0);
            let mut flags: Vec<Flag> =
                line.walk.taps.iter().flat_map(|(tap, key)| taps.flags_of(tap, beyond(key))).collect();
            flags.dedup();
            flags.extend(shared.map(|(others, elsewhere)| Flag::SameTrace { others, elsewhere }));
            let by = || line.walk.vouched_by.iter();
            let only = by().any(|by| is_only_each_other(pairs, *by, line.person.id));
            flags.extend(only.then_some(Flag::OnlyEachOther));
            let sent = |by: &Uuid, trace: &ShownKey| senders.get(trace).is_some_and(|all| all.contains(by));
            let same = by().any(|by| line.walk.traces.iter().any(|trace| sent(by, trace)));
            flags.extend(same.then_some(Flag::VouchedBySameTrace));
            flags
        })
        .collect();
    for (line, flags) in lines.iter_mut().zip(found) {
        line.beside = flags;
    }
}

/// What a trainer should look at twice on each line, counted: flags of its stations, and devices shared with others.
///
/// # Errors
/// A [`Fault`] where the store cannot be read.
pub async fn flags(house: &House, lines: &[&Line]) -> Result<Vec<usize>, Fault> {
    let sharing = house.store.sharing(lines.iter().map(|line| line.person.id).collect()).await?;
    Ok(lines
        .iter()
        .zip(sharing)
        .map(|(line, others)| line.walk.flags + line.beside.len() + usize::from(others > 0))
        .collect())
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

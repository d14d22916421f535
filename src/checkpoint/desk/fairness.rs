//! Whether the way of visiting or the region decides on what is accepted. Figures of groups; nobody is named or ranked.

use super::board::title;
use super::frame::{Frame, Look, page};
use super::report::{YearTabs, tabs};
use crate::api::Fault;
use crate::house::{App, House};
use crate::identity::Overseer;
use crate::identity::reach::looks;
use crate::store::{Act, Kind};
use crate::year::{Wanted, sum_up};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use heritage::Bilingual;
use heritage::assessment::{Decided, Figures, Group, LEAST_PEOPLE, Visited, barriers, masked};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

#[derive(Template)]
#[template(path = "fairness.html")]
struct FairnessPage {
    at: Frame,
    tabs: YearTabs,
    tables: Vec<(&'static str, Vec<Row>)>,
    least: usize,
    warnings: Vec<(String, Vec<String>)>,
}

struct Row {
    name: String,
    figures: Option<Written>,
}

struct Written {
    people: usize,
    hours: String,
    decisions: u32,
    accepted: String,
    returned: String,
    offline: String,
    days: String,
}

/// The page.
pub async fn get(
    State(app): State<App>,
    Overseer(who): Overseer,
    look: Look,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let tabs = tabs(&app, &who, query.as_deref(), "/desk/fairness").await?;
    looks(&app, &who, Act::FairnessOpened, format!("{} {}", tabs.unit_name, tabs.year)).await?;
    let people = app.store.people_of(tabs.unit).await?;
    let unit_of: HashMap<Uuid, Uuid> = people.iter().map(|person| (person.id, person.unit)).collect();
    let mut by_way: BTreeMap<Visited, Group<Uuid>> = BTreeMap::new();
    let mut by_unit: BTreeMap<Uuid, Group<Uuid>> = BTreeMap::new();
    let wanted = Wanted { unit: tabs.unit, year: tabs.year, target: app.settings.annual_target, upto: None };
    let year = sum_up(&app, wanted, |entry, decision| {
        let Some(unit) = unit_of.get(&entry.said.subject) else { return };
        let seen = decision.seen;
        let waited_ms = seen
            .filter(|seen| seen.last_received_ms > 0)
            .map(|seen| entry.said.received_at_ms.saturating_sub(seen.last_received_ms));
        let decided = Decided {
            person: entry.said.subject,
            confirmed: entry.said.kind == Kind::Confirmed,
            waited_secs: waited_ms.and_then(|ms| u32::try_from(ms / 1000).ok()),
            completions: seen.map_or(0, |seen| seen.completions),
            offline: seen.map_or(0, |seen| seen.offline),
        };
        let visited = seen.map_or(Visited::Unknown, |seen| Visited::by(seen.ways));
        by_way.entry(visited).or_default().decide(decided);
        by_unit.entry(*unit).or_default().decide(decided);
    })
    .await?;
    for (person, line) in year.annual.lines() {
        let Some(unit) = unit_of.get(person) else { continue };
        for (_, _, conferred) in line.conferred() {
            by_way.entry(conferred.visited).or_default().credit(*person, conferred.hours);
            by_unit.entry(*unit).or_default().credit(*person, conferred.hours);
        }
    }
    let at = Frame::of(&app, look, &who);
    let way = |visited: Visited| at.pick(&visited.label()).to_owned();
    let unit = |id: Uuid| tabs.units.iter().find(|unit| unit.id == id).map_or("—", |unit| &unit.name).to_owned();
    let tables = vec![
        (at.say("按走访方式", "By way of visiting"), rows(by_way, way)),
        (at.say("按单位（地区）", "By unit (region)"), rows(by_unit, unit)),
    ];
    let warnings = warnings(&at, &app);
    Ok(page(&FairnessPage { tables, least: LEAST_PEOPLE, warnings, tabs, at }))
}

fn rows<K: Ord>(groups: BTreeMap<K, Group<Uuid>>, name: impl Fn(K) -> String) -> Vec<Row> {
    let shown = masked(groups.into_iter().collect());
    shown.into_iter().map(|(key, figures)| Row { name: name(key), figures: figures.as_ref().map(written) }).collect()
}

fn written(figures: &Figures) -> Written {
    let dash = || "—".to_owned();
    let percent = |share: Option<f64>| share.map_or_else(dash, |share| format!("{:.0} %", share * 100.0));
    Written {
        people: figures.people,
        hours: figures.hours.to_string(),
        decisions: figures.decisions,
        accepted: percent(figures.accepted),
        returned: percent(figures.returned),
        offline: percent(figures.offline),
        days: figures.median_days.map_or_else(dash, |days| format!("{days:.1}")),
    }
}

/// What keeps a course from being finished on a page alone, course by course.
fn warnings(at: &Frame, house: &House) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    for site in house.courses.sites() {
        for route in &site.routes {
            let minimum = house.courses.version(&site.id, &route.id).map(|course| course.minimum).unwrap_or_default();
            let said = barriers(site, route, minimum).iter().map(|each| told(at, &each.text())).collect::<Vec<_>>();
            if !said.is_empty() {
                found.push((told(at, &title(house, &site.id, &route.id)), said));
            }
        }
    }
    found
}

fn told(at: &Frame, text: &Bilingual) -> String {
    at.pick(text).to_owned()
}

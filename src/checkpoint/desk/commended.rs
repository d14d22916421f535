//! Who of a unit is commended in a year, by the criteria that each course publishes: a list with its reasons, and no ranking.

use super::board::title;
use super::frame::{Frame, Look, page};
use super::report::{YearTabs, tabs};
use crate::api::Fault;
use crate::house::{App, House};
use crate::identity::Overseer;
use crate::identity::reach::looks;
use crate::learning::{learning, scores};
use crate::store::{Act, Kind, Person, Told};
use crate::walk::walk;
use crate::year::{Wanted, Year, each, sum_up};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use heritage::assessment::{CourseVersion, commended};
use heritage::{Route, Site};
use std::collections::BTreeSet;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "commended.html")]
struct CommendedPage {
    at: Frame,
    tabs: YearTabs,
    courses: Vec<CourseShown>,
}

struct CourseShown {
    title: String,
    version: u32,
    criteria: Vec<String>,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    group: String,
    why: Vec<String>,
}

/// The page.
pub async fn get(
    State(app): State<App>,
    Overseer(who): Overseer,
    look: Look,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let tabs = tabs(&app, &who, query.as_deref(), "/desk/commended").await?;
    looks(&app, &who, Act::CommendedOpened, format!("{} {}", tabs.unit_name, tabs.year)).await?;
    let wanted = Wanted { unit: tabs.unit, year: tabs.year, target: app.settings.annual_target, upto: None };
    let year = sum_up(&app, wanted, |_, _| {}).await?;
    let people = app.store.people_of(tabs.unit).await?;
    let at = Frame::of(&app, look, &who);
    let mut courses = Vec::new();
    for site in app.courses.sites() {
        for route in &site.routes {
            let Some(version) = app.courses.version(&site.id, &route.id) else { continue };
            let rows = rows(&at, &app, &year, &people, (site, route, version)).await?;
            courses.push(CourseShown {
                title: at.pick(&title(&app, &site.id, &route.id)).to_owned(),
                version: version.version,
                criteria: version.commendation.texts().iter().map(|text| at.pick(text).to_owned()).collect(),
                rows,
            });
        }
    }
    Ok(page(&CommendedPage { at, tabs, courses }))
}

/// Whoever earned the course in the year, reached its criteria and did not ask to be left off, by unit and name.
async fn rows(
    at: &Frame,
    house: &House,
    year: &Year,
    people: &[Person],
    (site, route, version): (&Site, &Route, &CourseVersion),
) -> Result<Vec<Row>, Fault> {
    let rated = rated(house, year, route).await?;
    let mut rows = Vec::new();
    for person in people.iter().filter(|person| rated.contains(&person.id)) {
        let line = year.annual.line(&person.id);
        let earned = line.is_some_and(|line| line.conferred().any(|(at, on, _)| *at == site.id && *on == route.id));
        if !earned {
            continue;
        }
        let log = house.store.log_at(person.id, site.id.clone()).await?;
        let learning = learning(&log, route);
        let walk = walk(&house.courses, &house.secrets, person.id, (site, route), &log);
        let scores = scores(Some(version), &walk, &learning, house.now_ms());
        let (criteria, of_version) = walk.criteria(version);
        let (is_commended, why) = commended(&criteria, &scores);
        if is_commended && !learning.is_unlisted {
            let group = [person.unit_name.as_str(), person.cohort.as_str()];
            rows.push(Row {
                name: person.name.clone(),
                group: group.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
                why: why
                    .iter()
                    .map(|each| at.pick(&each.text).to_owned())
                    .chain(by_version(at, of_version, version))
                    .collect(),
            });
        }
    }
    Ok(rows)
}

/// By which version's criteria, where it is not today's.
fn by_version(at: &Frame, of_version: u32, today: &CourseVersion) -> Option<String> {
    let text = format!("{}{of_version}{}", at.say("按课程第 ", "by course version "), at.say(" 版的标准", ""));
    (of_version != today.version).then_some(text)
}

/// Whoever was ever rated: few, and only their logs are read. At which level does not matter here, since each is judged by
/// the version of their own confirmation.
async fn rated(house: &House, year: &Year, on: &Route) -> Result<BTreeSet<Uuid>, Fault> {
    let mut people = BTreeSet::new();
    let wanted = Told { unit: year.unit, kind: Kind::Rated, from_ms: 0, after: 0, upto: i64::MAX };
    each(house, wanted, |entry| {
        let said = &entry.said;
        let is_here = said.site.as_ref() == Some(&on.site) && said.route.as_ref() == Some(&on.id);
        if is_here {
            people.insert(said.subject);
        }
    })
    .await?;
    Ok(people)
}

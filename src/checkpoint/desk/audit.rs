//! Who at the desk has looked at what or done what, and about whom; for auditors and admins.

use super::form::field;
use super::frame::{Frame, Look, page};
use super::{board, words};
use crate::api::Fault;
use crate::clock::written_in_china;
use crate::house::{App, House};
use crate::identity::Auditor;
use crate::identity::reach::looks;
use crate::store::{Act, Audit};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use heritage::{RouteId, SiteId};
use uuid::Uuid;

/// Entries on one page.
const PAGE_ENTRIES: u32 = 100;

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage {
    at: Frame,
    /// Whose entries alone are shown, if asked for.
    person: Option<String>,
    rows: Vec<Row>,
    older: Option<String>,
}

struct Row {
    at: String,
    who: String,
    /// Address of what they did and what was done about them.
    of_who: String,
    what: String,
    about: Option<(String, String)>,
    unit: String,
    detail: String,
}

/// The page; the latest first.
pub async fn get(
    State(app): State<App>,
    Auditor(who): Auditor,
    look: Look,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let person = field(query.as_deref(), "person").and_then(|id| Uuid::parse_str(&id).ok());
    let before = field(query.as_deref(), "before").and_then(|seq| seq.parse().ok()).unwrap_or(i64::MAX);
    let entries = app.store.audits(who.person.unit, person, before, PAGE_ENTRIES).await?;
    looks(&app, &who, Act::AuditRead, String::new()).await?;
    let at = Frame::of(&app, look, &who);
    let last = entries.last().filter(|_| entries.len() == PAGE_ENTRIES as usize);
    let older = last.map(|last| {
        let person = person.map(|person| format!("&person={person}")).unwrap_or_default();
        format!("/desk/audit?before={}{person}", last.seq)
    });
    // A name is told only by entries that may be read.
    let person = person.map(|id| name_in(&entries, id).unwrap_or("—").to_owned());
    let rows = entries.iter().map(|entry| row(&at, &app, entry)).collect();
    Ok(page(&AuditPage { at, person, rows, older }))
}

fn name_in(entries: &[Audit], id: Uuid) -> Option<&str> {
    let named = |entry: &'_ Audit| entry.said.who == id;
    let as_who = entries.iter().find(|entry| named(entry)).and_then(|entry| entry.who.as_deref());
    as_who.or_else(|| entries.iter().find(|entry| entry.said.about == Some(id))?.about.as_deref())
}

fn of(person: Uuid) -> String {
    format!("/desk/audit?person={person}")
}

fn row(at: &Frame, house: &House, entry: &Audit) -> Row {
    let said = &entry.said;
    let gone = || "—".to_owned();
    Row {
        at: written_in_china(said.at_ms),
        who: match said.act {
            Act::SystemRead => at.say("系统凭证", "a credential").to_owned(),
            _ => entry.who.clone().unwrap_or_else(gone),
        },
        of_who: of(said.who),
        what: at.pick(&words::act(said.act)).to_owned(),
        about: said.about.map(|id| (entry.about.clone().unwrap_or_else(gone), of(id))),
        unit: entry.unit.clone().unwrap_or_else(gone),
        detail: course(at, house, &said.detail).unwrap_or_else(|| said.detail.clone()),
    }
}

/// The title of a walk that an entry names as `site.route`.
fn course(at: &Frame, house: &House, detail: &str) -> Option<String> {
    let (site, route) = detail.split_once('.')?;
    let (site, route) = (SiteId::new(site).ok()?, RouteId::new(route).ok()?);
    house.courses.route(&site, &route)?;
    Some(at.pick(&board::title(house, &site, &route)).to_owned())
}

//! The walks of a unit: what waits comes first.

use super::board::{Board, Filter, Line, STATES};
use super::frame::{Frame, Look, page};
use super::words;
use crate::api::Fault;
use crate::clock::written_in_china;
use crate::house::App;
use crate::identity::Trainer;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use protocol::api::WalkState;

#[derive(Template)]
#[template(path = "list.html")]
struct ListPage {
    at: Frame,
    tabs: Vec<Tab>,
    cohorts: Vec<Tab>,
    rows: Vec<Row>,
    done: Vec<String>,
    query: String,
    is_waiting: bool,
    has_people: bool,
}

struct Tab {
    name: String,
    address: String,
    count: usize,
    is_here: bool,
}

struct Row {
    ticket: String,
    address: String,
    name: String,
    cohort: String,
    title: String,
    met: usize,
    all: usize,
    flags: usize,
    state: String,
    state_code: &'static str,
    hours: String,
    received: String,
    can_decide: bool,
}

/// The list, filtered by state and group.
pub async fn get(
    State(app): State<App>,
    Trainer(who): Trainer,
    look: Look,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let board = Board::of(&app, who.person.unit).await?;
    let filter = Filter::read(query.as_deref());
    let at = Frame::of(&app, look, &who);
    let count = |filter: &Filter| board.lines.iter().filter(|line| filter.takes(line)).count();
    let tab = |name: String, wanted: Filter| Tab {
        name,
        address: format!("/desk/?{}", wanted.written()),
        count: count(&wanted),
        is_here: wanted == filter,
    };
    let mut tabs: Vec<Tab> = STATES
        .into_iter()
        .map(|state| tab(at.pick(&words::state(state)).to_owned(), Filter { state: Some(state), ..filter.clone() }))
        .collect();
    tabs.push(tab(at.say("全部", "all").to_owned(), Filter { state: None, ..filter.clone() }));
    let mut cohorts = vec![tab(at.say("各组", "every group").to_owned(), Filter { cohort: None, ..filter.clone() })];
    cohorts.extend(
        board.cohorts().into_iter().map(|name| tab(name.clone(), Filter { cohort: Some(name), ..filter.clone() })),
    );
    let rows = board.lines.iter().filter(|line| filter.takes(line)).map(|line| row(&at, line, who.person.id)).collect();
    let list = ListPage {
        tabs,
        cohorts,
        rows,
        done: done(&at, query.as_deref()),
        query: filter.written(),
        is_waiting: filter.state == Some(WalkState::Waiting),
        has_people: board.people.len() > 1,
        at,
    };
    Ok(page(&list))
}

fn row(at: &Frame, line: &Line, trainer: uuid::Uuid) -> Row {
    Row {
        ticket: line.ticket(),
        address: line.address(),
        name: line.person.name.clone(),
        cohort: line.person.cohort.clone(),
        title: at.pick(&line.title).to_owned(),
        met: line.met(),
        all: line.walk.stations.len(),
        flags: line.flags(),
        state: at.pick(&words::state(line.walk.state)).to_owned(),
        state_code: words::state_code(line.walk.state),
        hours: line.walk.hours.to_string(),
        received: written_in_china(line.walk.last_received_ms),
        can_decide: line.walk.state == WalkState::Waiting && line.person.id != trainer,
    }
}

/// What the decision just made came to; the numbers stand in the address.
fn done(at: &Frame, query: Option<&str>) -> Vec<String> {
    let number = |name: &str| {
        form_urlencoded::parse(query.unwrap_or_default().as_bytes())
            .find(|(key, _)| key == name)
            .and_then(|(_, value)| value.parse::<u32>().ok())
            .filter(|count| *count > 0)
    };
    let said = [
        ("confirmed", "份走访已确认，学时已计入。", "confirmed; the credit counts."),
        ("returned", "份走访已退回，学员会看到说明。", "returned; the learner sees the note."),
        ("reopened", "份确认已撤销，走访重新待确认。", "taken back; the walk waits again."),
        (
            "changed",
            "份走访在您查看之后有变动，未作决定；请重新查看。",
            "changed since you looked and were left as they are; look again.",
        ),
        ("own", "份是您本人的走访，须由他人确认。", "are your own; someone else must decide on them."),
    ];
    said.into_iter().filter_map(|(name, zh, en)| Some(format!("{} {}", number(name)?, at.say(zh, en)))).collect()
}

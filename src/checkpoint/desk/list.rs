//! The walks of a unit: what waits comes first.

use super::board::{Board, Filter, Line, Pile, flags};
use super::frame::{Frame, Look, page};
use super::words;
use crate::api::Fault;
use crate::clock::written_in_china;
use crate::house::App;
use crate::identity::Reader;
use crate::identity::reach::looks;
use crate::store::{Act, Person};
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
    picks: Vec<Tab>,
    pages: Vec<Tab>,
    is_waiting: bool,
    /// Address of the first walk that waits and has to be looked at by itself, with how many there are.
    singly: Option<(String, usize)>,
    has_people: bool,
}

impl ListPage {
    fn picked(&self) -> usize {
        self.rows.iter().filter(|row| row.is_picked).count()
    }
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
    group: String,
    title: String,
    met: usize,
    all: usize,
    flags: usize,
    level: &'static str,
    level_said: String,
    mark: String,
    state: String,
    state_code: &'static str,
    hours: String,
    received: String,
    can_decide: bool,
    /// It waits, for somebody else than the learner.
    waits: bool,
    is_picked: bool,
}

/// Where to begin with the walks that have to be looked at one by one.
fn singly(rows: &[Row], decides: bool) -> Option<(String, usize)> {
    let mut left = rows.iter().filter(|row| decides && row.waits && !row.can_decide);
    let first = left.next()?;
    Some((first.address.clone(), 1 + left.count()))
}

/// Lines on one page, no more than one form may decide on.
const PAGE_LINES: usize = 100;

/// The list, filtered by state and group.
pub async fn get(
    State(app): State<App>,
    Reader(who): Reader,
    look: Look,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let filter = Filter::read(query.as_deref());
    looks(&app, &who, Act::WalksListed, filter.written()).await?;
    let board = Board::of(&app, who.person.unit).await?;
    let at = Frame::of(&app, look, &who);
    let count = |filter: &Filter| board.lines.iter().filter(|line| filter.takes(line)).count();
    let tab = |name: String, wanted: Filter| Tab {
        name,
        address: format!("/desk/?{}", wanted.written()),
        count: count(&wanted),
        is_here: wanted == filter,
    };
    let tabs: Vec<Tab> = Pile::OFFERED
        .into_iter()
        .map(|pile| tab(at.pick(&pile.label()).to_owned(), Filter { pile, ..filter.clone() }))
        .collect();
    let mut cohorts = vec![tab(at.say("各组", "every group").to_owned(), Filter { cohort: None, ..filter.clone() })];
    cohorts.extend(
        board.cohorts().into_iter().map(|name| tab(name.clone(), Filter { cohort: Some(name), ..filter.clone() })),
    );
    let wanted: Vec<&Line> = board.lines.iter().filter(|line| filter.takes(line)).collect();
    let last_page = wanted.len().div_ceil(PAGE_LINES).max(1);
    let number = number(query.as_deref(), "page").map_or(1, |page| page as usize).clamp(1, last_page);
    let shown = wanted.chunks(PAGE_LINES).nth(number - 1).unwrap_or_default();
    let pick = Pick::read(query.as_deref());
    let flags = flags(&app, shown).await?;
    let rows: Vec<Row> =
        shown.iter().zip(flags).map(|(line, flags)| row(&at, line, flags, pick, &who.person)).collect();
    let is_waiting = filter.pile == Pile::In(WalkState::Waiting);
    let list = ListPage {
        singly: singly(&rows, is_waiting && at.decides()),
        tabs,
        cohorts,
        picks: picks(&at, &filter, number, pick, &rows),
        pages: pages(&filter, number, last_page, wanted.len()),
        rows,
        done: done(&at, query.as_deref()),
        query: filter.written(),
        is_waiting,
        has_people: board.people.len() > 1,
        at,
    };
    Ok(page(&list))
}

fn row(at: &Frame, line: &Line, flags: usize, pick: Pick, who: &Person) -> Row {
    let waits = line.walk.state == WalkState::Waiting && line.person.id != who.id;
    // What has flags, was appealed or falls short is looked at on its own page.
    let can_decide = at.decides() && waits && flags == 0 && !line.walk.is_appealed && !line.walk.falls_short;
    let mark = match (line.walk.is_appealed, line.walk.wants_recheck, line.walk.rechecked) {
        (true, ..) => Pile::Appealed.label(),
        _ if waits && line.walk.falls_short => heritage::Bilingual::new("低于最低凭证", "below the least presence"),
        (_, drawn, rechecked) => words::rechecked(drawn, rechecked),
    };
    Row {
        level: line.walk.level.code(),
        level_said: at.pick(&line.walk.level.label()).to_owned(),
        mark: at.pick(&mark).to_owned(),
        waits,
        ticket: line.ticket(),
        address: line.address(),
        name: line.person.name.clone(),
        group: group(&line.person, who),
        title: at.pick(&line.title).to_owned(),
        met: line.walk.met,
        all: line.walk.stations,
        flags,
        state: at.pick(&words::state(line.walk.state)).to_owned(),
        state_code: words::state_code(line.walk.state),
        hours: line.walk.hours.to_string(),
        received: written_in_china(line.walk.last_received_ms),
        can_decide,
        is_picked: can_decide && pick.takes(flags),
    }
}

/// The person's unit, where it is not that of whoever looks, and the group.
pub(super) fn group(person: &Person, who: &Person) -> String {
    let unit = if person.unit == who.unit { "" } else { &person.unit_name };
    [unit, &person.cohort].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// Which boxes come ticked: without scripts, by an address. Only walks without flags have one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pick {
    None,
    Unflagged,
}

impl Pick {
    fn read(query: Option<&str>) -> Self {
        match super::form::field(query, "pick").as_deref() {
            Some("unflagged") => Self::Unflagged,
            _ => Self::None,
        }
    }

    fn takes(self, flags: usize) -> bool {
        self == Self::Unflagged && flags == 0
    }
}

fn picks(at: &Frame, filter: &Filter, number: usize, here: Pick, rows: &[Row]) -> Vec<Tab> {
    let count = |pick: Pick| rows.iter().filter(|row| row.can_decide && pick.takes(row.flags)).count();
    let offered = [
        (Pick::Unflagged, at.say("选中本页无待查事项的", "tick those without flags on this page"), "&pick=unflagged"),
        (Pick::None, at.say("全部不选", "untick all"), ""),
    ];
    let tab = |(pick, name, query): (Pick, &str, &str)| Tab {
        name: name.to_owned(),
        address: format!("/desk/?{}&page={number}{query}", filter.written()),
        count: count(pick),
        is_here: pick == here,
    };
    offered.into_iter().map(tab).collect()
}

/// Links to the pages, where there is more than one; each named by the lines it holds.
fn pages(filter: &Filter, number: usize, last: usize, lines: usize) -> Vec<Tab> {
    let tab = |page: usize| Tab {
        name: format!("{}–{}", (page - 1) * PAGE_LINES + 1, (page * PAGE_LINES).min(lines)),
        address: format!("/desk/?{}&page={page}", filter.written()),
        count: 0,
        is_here: page == number,
    };
    if last > 1 { (1..=last).map(tab).collect() } else { Vec::new() }
}

fn number(query: Option<&str>, name: &str) -> Option<u32> {
    super::form::field(query, name)?.parse::<u32>().ok().filter(|count| *count > 0)
}

/// What the decision just made came to; the numbers stand in the address.
fn done(at: &Frame, query: Option<&str>) -> Vec<String> {
    let said = [
        ("confirmed", "份走访已确认，学时已计入。", "confirmed; the credit counts."),
        ("returned", "份走访已退回，学员会看到说明。", "returned; the learner sees the note."),
        ("rechecked", "份抽查复核已写入记录。", "second look written into the record."),
        ("reopened", "份确认已撤销，走访重新待确认。", "taken back; the walk waits again."),
    ];
    said.into_iter().filter_map(|(name, zh, en)| Some(format!("{} {}", number(query, name)?, at.say(zh, en)))).collect()
}

//! Confirming, returning and taking back: one walk or many, each as the trainer saw it.

use super::board::{Board, Filter, Line, Pile, address, title};
use super::form::Form;
use super::frame::{Frame, Look, page};
use super::one::{named, seen};
use crate::api::Fault;
use crate::house::App;
use crate::identity::{SignedIn, Trainer};
use crate::store::Kind;
use crate::walk::{Became, Walk, decide};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use heritage::{RouteId, SiteId};
use protocol::api::WalkState;
use uuid::Uuid;

/// Walks that one form may decide on.
const MOST_WALKS: usize = 200;

/// What became of each walk of a form, where not all came to what was asked.
#[derive(Template)]
#[template(path = "decided.html")]
struct DecidedPage {
    at: Frame,
    back: String,
    rows: Vec<Row>,
    stand: usize,
}

struct Row {
    /// Empty where there is no such walk in the unit.
    name: String,
    title: String,
    address: String,
    stands: bool,
    said: String,
}

/// Decides on each walk and goes back to the list with what it came to. Where a walk was left as it is, says what became
/// of each instead: nothing that was decided is passed over in silence.
pub async fn post(State(app): State<App>, Trainer(who): Trainer, look: Look, form: Form) -> Result<Response, Fault> {
    form.made_for(&app, &who)?;
    let kind = match form.text("decision") {
        "confirm" => Kind::Confirmed,
        "return" => Kind::Returned,
        "reopen" => Kind::Reopened,
        _ => return Err(Fault::malformed()),
    };
    let note = form.note("note")?;
    if note.is_empty() && kind != Kind::Confirmed {
        return Err(Fault::incomplete(
            "退回或撤销须写明原因，学员会看到。未作决定，请返回填写。",
            "A return or a taking back needs a reason, which the learner sees. Nothing was decided; go back and write one.",
        ));
    }
    let tickets: Vec<Ticket> =
        form.all("walk").map(|text| ticket(text).ok_or_else(Fault::malformed)).collect::<Result<_, _>>()?;
    if tickets.is_empty() {
        return Err(Fault::incomplete("没有选中任何走访。请返回勾选。", "No walk was chosen. Go back and tick one."));
    }
    if tickets.len() > MOST_WALKS {
        return Err(Fault::too_large());
    }
    let at = Frame::of(&app, look, &who);
    let mut rows = Vec::with_capacity(tickets.len());
    let mut lost = None;
    for ticket in &tickets {
        let (name, outcome) = one(&app, &who, kind, &note, ticket, tickets.len() > 1).await;
        rows.push(row(&at, &app, ticket, name, kind, &outcome));
        lost = outcome.err().or(lost);
    }
    let stand = rows.iter().filter(|row| row.stands).count();
    let filter = Filter::read(Some(form.text("query")));
    let back = filter.written();
    if stand == rows.len() {
        let decided: Vec<Uuid> = tickets.iter().map(|(person, ..)| *person).collect();
        let next = if form.text("next").is_empty() { None } else { next(&app, &who, &filter, &decided).await? };
        let to = match next {
            Some(walk) => format!("{walk}?{back}&done={}", kind.code()),
            None => format!("/desk/?{back}&{}={stand}", kind.code()),
        };
        return Ok((StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response());
    }
    match lost {
        // Nothing at all was decided, and the store is why.
        Some(fault) if stand == 0 => Err(fault),
        _ => {
            rows.sort_by_key(|row| row.stands);
            Ok(page(&DecidedPage { at, back: format!("/desk/?{back}"), rows, stand }))
        }
    }
}

/// Whose, which, as seen at which place of the log, and the id of the decision.
pub(super) type Ticket = (Uuid, SiteId, RouteId, i64, Uuid);

pub(super) fn ticket(text: &str) -> Option<Ticket> {
    let mut parts = text.split('/');
    let (person, course) = (parts.next()?, parts.next()?);
    let (person, site, route) = named(person, course)?;
    let seen_seq = parts.next()?.parse().ok()?;
    let id = Uuid::parse_str(parts.next()?).ok()?;
    parts.next().is_none().then_some((person, site, route, seen_seq, id))
}

/// Decides on one walk: the learner's name, if they are of the unit, and what became of it. A walk that is not there any
/// more has changed like any other.
async fn one(
    app: &App,
    who: &SignedIn,
    kind: Kind,
    note: &str,
    ticket: &Ticket,
    is_one_of_many: bool,
) -> (String, Result<Became, Fault>) {
    let (person, site, route, seen_seq, id) = ticket;
    match seen(app, who, *person, site, route).await {
        Ok((person, walk, _)) if is_one_of_many && needs_a_look(app, kind, &walk) => (person.name, Ok(Became::Flagged)),
        Ok((person, walk, _)) => (person.name, decide(app, &who.person, &walk, kind, note, (*id, *seen_seq)).await),
        Err(fault) if fault.status == StatusCode::NOT_FOUND => (String::new(), Ok(Became::Changed)),
        Err(fault) => (String::new(), Err(fault)),
    }
}

/// Whether a walk is confirmed by itself alone.
fn needs_a_look(app: &App, kind: Kind, walk: &Walk) -> bool {
    let would_be_confirmed = kind == Kind::Confirmed && walk.state == WalkState::Waiting;
    let is_plain = walk.all_flags().next().is_none() && walk.falls_short(&app.courses).is_none();
    would_be_confirmed && (walk.is_appealed() || !is_plain)
}

/// Address of the walk to look at next: of the same pile, else of those that wait; the longest waiting first, and nobody's
/// own.
///
/// # Errors
/// A [`Fault`] where the store cannot be read.
pub(super) async fn next(app: &App, who: &SignedIn, filter: &Filter, passed: &[Uuid]) -> Result<Option<String>, Fault> {
    let board = Board::of(app, who.person.unit).await?;
    let wanted = match filter.pile {
        Pile::Appealed | Pile::Drawn => filter.clone(),
        _ => Filter { pile: Pile::In(WalkState::Waiting), ..filter.clone() },
    };
    let mut left = board.lines.iter().filter(|line| {
        let is_others = line.person.id != who.person.id && !passed.contains(&line.person.id);
        is_others && wanted.takes(line)
    });
    Ok(left.next().map(Line::address))
}

fn row(at: &Frame, app: &App, ticket: &Ticket, name: String, kind: Kind, outcome: &Result<Became, Fault>) -> Row {
    let (person, site, route, ..) = ticket;
    let said = match (outcome, kind) {
        (Ok(Became::Stands), Kind::Confirmed) => at.say("已确认，学时已计入", "confirmed; the credit counts"),
        (Ok(Became::Stands), Kind::Returned) => at.say("已退回，学员会看到说明", "returned; the learner sees the note"),
        (Ok(Became::Stands), _) => at.say("确认已撤销，走访重新待确认", "taken back; the walk waits again"),
        (Ok(Became::Changed), _) if name.is_empty() => {
            at.say("名单中已没有此走访，未作决定", "not on the list any more; nothing was decided")
        }
        (Ok(Became::Changed), _) => at.say(
            "在您查看之后有变动，未作决定；请重新查看",
            "changed since you looked and was left as it is; look again",
        ),
        (Ok(Became::Own), _) => {
            at.say("是您本人的走访，须由他人确认；未作决定", "your own; someone else must decide on it")
        }
        (Ok(Became::Decider), _) => at.say(
            "申诉须由另一位带训人处理；未作决定",
            "an appeal goes to another trainer than the one who decided; nothing was decided",
        ),
        (Ok(Became::Wordless), _) => {
            at.say("处理申诉须写明理由；未作决定", "an appeal is answered with a reason; nothing was decided")
        }
        (Ok(Became::Flagged), _) => at.say(
            "有待查事项、申诉或低于最低到场凭证，须打开后单独确认；未作决定",
            "it has flags, an appeal or less presence than asked for: open it and confirm it by itself; nothing was decided",
        ),
        (Ok(Became::Below), _) => at.say(
            "低于课程的最低到场凭证，确认须写明理由；未作决定",
            "presence is shown less well than the course asks for: a confirmation needs a reason; nothing was decided",
        ),
        (Err(_), _) => {
            at.say("暂时无法保存，未作决定；请稍后再试", "could not be stored and was left as it is; try again later")
        }
    };
    Row {
        title: at.pick(&title(app, site, route)).to_owned(),
        address: address(*person, site, route),
        stands: matches!(outcome, Ok(Became::Stands)),
        said: said.to_owned(),
        name,
    }
}

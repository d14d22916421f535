//! What is forwarded to other learning record stores: how it stands with each, what each would not take, and what to do.

use super::form::Form;
use super::frame::{Frame, Look, page};
use super::words;
use crate::api::Fault;
use crate::clock::written_in_china;
use crate::forward::{Line, Standing};
use crate::house::App;
use crate::identity::reach::{deed, looks};
use crate::identity::{Admin, SignedIn};
use crate::store::forwards::{Deal, Forward, Held};
use crate::store::{Act, NewAudit, Unit};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use heritage::Bilingual;
use std::sync::Arc;

/// Statements shown that one store would not take; the others follow once these are dealt with.
const MOST_SHOWN: u32 = 100;

#[derive(Template)]
#[template(path = "forwarding.html")]
struct ForwardingPage {
    at: Frame,
    stores: Vec<Row>,
    /// For the operator's file.
    units: Vec<Unit>,
}

struct Row {
    name: String,
    endpoint: String,
    version: &'static str,
    unit: String,
    /// How it stands, then what is in the way.
    state: Bilingual,
    why: Bilingual,
    /// Nothing goes on, or not for now.
    is_kept: bool,
    sent: i64,
    last: String,
    erased: i64,
    held: Vec<HeldRow>,
    /// Those that are neither set aside nor about to be tried again.
    open: usize,
}

struct HeldRow {
    seq: i64,
    id: String,
    kind: Bilingual,
    since: String,
    why: Bilingual,
    words: String,
    again: bool,
    aside: Option<String>,
}

/// The page.
pub async fn get(State(app): State<App>, Admin(who): Admin, look: Look) -> Result<Response, Fault> {
    looks(&app, &who, Act::ForwardingOpened, String::new()).await?;
    let units = app.store.units_below(who.person.unit).await?;
    let kept = app.store.forwards().await?;
    let mut stores = Vec::new();
    for line in seen(&app, &who, &units).await? {
        let name = &line.target().name;
        let held = app.store.held(name.clone(), who.person.unit, MOST_SHOWN).await?;
        let forward = kept.iter().find(|forward| forward.name == *name);
        stores.push(row(&line, forward, held, &units, app.now_ms()));
    }
    let at = Frame::of(&app, look, &who);
    Ok(page(&ForwardingPage { at, stores, units }))
}

/// Tries again what was not taken, or everything at once, or sets something aside.
pub async fn post(State(app): State<App>, Admin(who): Admin, form: Form) -> Result<Response, Fault> {
    form.made_for(&app, &who)?;
    let units = app.store.units_below(who.person.unit).await?;
    let named = form.text("store");
    let line = seen(&app, &who, &units).await?.into_iter().find(|line| line.target().name == named);
    let line = line.ok_or_else(Fault::not_found)?;
    let seq = match form.text("seq") {
        "" => None,
        seq => Some(seq.parse::<i64>().map_err(|_| Fault::malformed())?),
    };
    let which = seq.map_or_else(String::new, |seq| format!(" #{seq}"));
    let audit = |act, detail: String| NewAudit { unit: who.person.unit, ..deed(&app, &who, act, detail) };
    match form.text("what") {
        "now" => app.store.audit(audit(Act::ForwardedAgain, named.to_owned())).await?,
        "again" => {
            let audit = audit(Act::ForwardedAgain, format!("{named}{which}"));
            app.store.deal_with_held(named.to_owned(), who.person.unit, seq, Deal::Again, audit).await?;
        }
        "aside" => {
            let reason = form.note("reason")?;
            if reason.is_empty() || seq.is_none() {
                return Err(Fault::incomplete(
                    "请填写搁置的原因，没有改动任何内容。",
                    "Write why it is set aside; nothing was changed.",
                ));
            }
            let audit = audit(Act::ForwardedAside, format!("{named}{which}: {reason}"));
            app.store.deal_with_held(named.to_owned(), who.person.unit, seq, Deal::Aside(reason), audit).await?;
        }
        _ => return Err(Fault::malformed()),
    }
    if form.text("what") != "aside" {
        line.wake();
    }
    Ok((StatusCode::SEE_OTHER, [(LOCATION, "/desk/forwarding")]).into_response())
}

/// The stores that anybody of whom this admin reaches is forwarded to.
async fn seen(app: &App, who: &SignedIn, units: &[Unit]) -> Result<Vec<Arc<Line>>, Fault> {
    let mut seen = Vec::new();
    for line in app.forwarding.lines() {
        let is_seen = match line.target().unit {
            None => true,
            Some(unit) => {
                units.iter().any(|each| each.id == unit)
                    || app.store.units_below(unit).await?.iter().any(|each| each.id == who.person.unit)
            }
        };
        if is_seen {
            seen.push(Arc::clone(line));
        }
    }
    Ok(seen)
}

fn row(line: &Line, kept: Option<&Forward>, held: Vec<Held>, units: &[Unit], now_ms: i64) -> Row {
    let target = line.target();
    let behind = kept.map_or(0, |forward| forward.behind);
    let (state, why) = match line.state().standing {
        Standing::Running if behind == 0 => (Bilingual::new("已全部转发", "up to date"), Bilingual::default()),
        Standing::Running => {
            let state =
                Bilingual::new(format!("转发中，还有 {behind} 条记录"), format!("under way, {behind} entries to go"));
            (state, Bilingual::default())
        }
        Standing::Waiting(until_ms, why) => {
            let until = written_in_china(until_ms.max(now_ms));
            let state = Bilingual::new(
                format!("等待至 {until} 再试，还有 {behind} 条记录"),
                format!("waiting until {until}, {behind} entries to go"),
            );
            (state, why.words())
        }
        Standing::Stopped(why) => (
            Bilingual::new(format!("已停止，还有 {behind} 条记录"), format!("stopped, {behind} entries to go")),
            why.words(),
        ),
    };
    let unit = target.unit.map(|id| {
        // A unit above is not named to those below it.
        units.iter().find(|unit| unit.id == id).map_or_else(|| "—".to_owned(), |unit| unit.name.clone())
    });
    Row {
        name: target.name.clone(),
        endpoint: target.endpoint.clone(),
        version: target.edition.number(),
        unit: unit.unwrap_or_default(),
        is_kept: why != Bilingual::default(),
        state,
        why,
        sent: kept.map_or(0, |forward| forward.sent),
        last: kept.and_then(|forward| forward.last_ms).map(written_in_china).unwrap_or_default(),
        erased: kept.map_or(0, |forward| forward.erased),
        open: held.iter().filter(|each| each.aside.is_none() && !each.again).count(),
        held: held.into_iter().map(held_row).collect(),
    }
}

fn held_row(held: Held) -> HeldRow {
    let status = held.refusal.status;
    let why = match status {
        0 => Bilingual::new(
            "此记录不能写成声明：其旧址或路线已不在内容中",
            "this entry cannot be told as a statement: its site or route is no longer in the content",
        ),
        403 => Bilingual::new("对方不许我们写入这一条（403）", "the store does not let us send this one (403)"),
        409 => Bilingual::new(
            "对方已有同一编号而内容不同的声明（409）",
            "the store holds another statement under this id (409)",
        ),
        500..=599 => Bilingual::new(
            format!("对方一收到这一条就出错（{status}），其他的照常接收"),
            format!("this one breaks the store ({status}), which takes others"),
        ),
        413 => Bilingual::new("对方认为这一条太大（413）", "too large for the store (413)"),
        _ => Bilingual::new(format!("对方拒收（{status}）"), format!("the store refused it ({status})")),
    };
    HeldRow {
        seq: held.refusal.seq,
        id: held.id.to_string(),
        kind: words::kind(held.kind),
        since: written_in_china(held.since_ms),
        why,
        words: held.refusal.words,
        again: held.again,
        aside: held.aside,
    }
}

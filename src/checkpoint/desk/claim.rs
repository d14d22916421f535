//! Where a member claims what was done at a hall's terminal: the code is typed, what it stands for is shown, then it is claimed.

use super::form::{Form, field};
use super::frame::{Frame, Look, page};
use crate::api::Fault;
use crate::clock::written_in_china;
use crate::house::{App, House};
use crate::identity::claim::{Seen, Visit, claim, look, outcome};
use crate::identity::code::Code;
use crate::identity::{Learner, SignedIn};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use heritage::Bilingual;

#[derive(Template)]
#[template(path = "claim.html")]
struct ClaimPage {
    at: Frame,
    /// Who is signed in, so that nobody claims for another.
    name: String,
    typed: String,
    seen: Option<Seen>,
    /// How many events are in the record, and why each of the others is not.
    became: (usize, Vec<Bilingual>),
    /// Until when each claim that waits for its hall is kept.
    waiting: Vec<String>,
    fault: Option<Fault>,
}

impl ClaimPage {
    fn visit(&self) -> Option<&Visit> {
        match &self.seen {
            Some(Seen::Open(visit) | Seen::Yours(visit, _)) => Some(visit),
            Some(Seen::Away(_)) | None => None,
        }
    }

    fn is_open(&self) -> bool {
        matches!(self.seen, Some(Seen::Open(_)))
    }

    /// Nothing has arrived under the code, and no claim is kept.
    fn is_unknown(&self) -> bool {
        matches!(self.seen, Some(Seen::Away(None)))
    }

    /// Until when a claim of the code is kept.
    fn kept_until(&self) -> Option<String> {
        match self.seen {
            Some(Seen::Away(Some(until_ms))) => Some(written_in_china(until_ms)),
            _ => None,
        }
    }

    /// When the visit ended.
    fn ended(&self) -> String {
        self.visit().map(|visit| written_in_china(visit.ended_ms)).unwrap_or_default()
    }

    /// Until when it can be claimed.
    fn ends(&self) -> String {
        self.visit().map(|visit| written_in_china(visit.ends_ms)).unwrap_or_default()
    }
}

/// The form for the code; with a code, what was done where.
pub async fn get(
    State(app): State<App>,
    Learner(who): Learner,
    look_: Look,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let typed = field(query.as_deref(), "code").unwrap_or_default();
    let outcome = if typed.is_empty() { None } else { Some(look(&app, &who, &typed).await) };
    told(&app, &who, look_, typed, outcome).await
}

/// Claims it.
pub async fn post(State(app): State<App>, Learner(who): Learner, look_: Look, form: Form) -> Result<Response, Fault> {
    form.made_for(&app, &who)?;
    app.take_turn(&who.person)?;
    let typed = form.text("code").to_owned();
    let outcome = claim(&app, &who, &typed).await;
    told(&app, &who, look_, typed, Some(outcome)).await
}

async fn told(
    house: &House,
    who: &SignedIn,
    look: Look,
    typed: String,
    outcome_: Option<Result<(Code, Seen), Fault>>,
) -> Result<Response, Fault> {
    let (typed, seen, fault) = match outcome_ {
        None => (typed, None, None),
        Some(Ok((code, seen))) => (code.written(), Some(seen), None),
        Some(Err(fault)) => (typed, None, Some(fault)),
    };
    let became = match &seen {
        Some(Seen::Yours(_, receipts)) => outcome(receipts),
        _ => (0, Vec::new()),
    };
    let waiting = house.store.claims_of(who.person.id, house.now_ms()).await?;
    let status = fault.as_ref().map(|fault| fault.status);
    let mut response = page(&ClaimPage {
        at: Frame::outside(look).with_token(house, who),
        name: who.person.name.clone(),
        typed,
        seen,
        became,
        waiting: waiting.into_iter().map(written_in_china).collect(),
        fault,
    });
    if let Some(status) = status {
        *response.status_mut() = status;
    }
    Ok(response)
}

//! Where a learner lets a hall's kiosk add to their record: the code is typed, hall and device are shown, then it is decided.

use super::form::{Form, field};
use super::frame::{Frame, Look, page};
use crate::api::Fault;
use crate::house::App;
use crate::identity::Learner;
use crate::identity::pairing::{Seen, decide, look};
use crate::store::pairing::Standing;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use uuid::Uuid;

#[derive(Template)]
#[template(path = "pair.html")]
struct PairPage {
    at: Frame,
    /// Who is signed in, so that nobody decides for another.
    name: String,
    typed: String,
    seen: Option<Seen>,
    fault: Option<Fault>,
}

impl PairPage {
    fn is(&self, wanted: &str) -> bool {
        let standing = match self.seen.as_ref().map(|seen| seen.pairing.standing) {
            Some(Standing::Open) => "open",
            Some(Standing::Accepted(_)) => "accepted",
            Some(Standing::Refused) => "refused",
            None => "unseen",
        };
        standing == wanted
    }
}

/// The form for the code; with a code, which kiosk of which hall asks.
pub async fn get(State(app): State<App>, Learner(who): Learner, look_: Look, RawQuery(query): RawQuery) -> Response {
    let typed = field(query.as_deref(), "code").unwrap_or_default();
    let outcome = if typed.is_empty() { Ok(None) } else { look(&app, &who, &typed).await.map(Some) };
    let name = who.person.name.clone();
    let at = Frame::outside(look_).with_token(&app, &who);
    match outcome {
        Ok(found) => {
            let typed = found.as_ref().map_or(typed, |(code, _)| code.written());
            page(&PairPage { at, name, typed, seen: found.map(|(_, seen)| seen), fault: None })
        }
        Err(fault) => told(&PairPage { at, name, typed, seen: None, fault: Some(fault) }),
    }
}

/// Accepts or refuses for the kiosk that was shown.
pub async fn post(State(app): State<App>, Learner(who): Learner, look_: Look, form: Form) -> Result<Response, Fault> {
    form.made_for(&app, &who)?;
    let kiosk = Uuid::parse_str(form.text("kiosk")).map_err(|_| Fault::malformed())?;
    let accepts = match form.text("answer") {
        "accept" => true,
        "refuse" => false,
        _ => return Err(Fault::malformed()),
    };
    let typed = form.text("code").to_owned();
    let outcome = decide(&app, &who, &typed, kiosk, accepts).await;
    let (at, name) = (Frame::outside(look_).with_token(&app, &who), who.person.name.clone());
    Ok(match outcome {
        Ok(seen) => page(&PairPage { at, name, typed, seen: Some(seen), fault: None }),
        Err(fault) => told(&PairPage { at, name, typed, seen: None, fault: Some(fault) }),
    })
}

fn told(shown: &PairPage) -> Response {
    let status = shown.fault.as_ref().map(|fault| fault.status);
    let mut response = page(shown);
    if let Some(status) = status {
        *response.status_mut() = status;
    }
    response
}

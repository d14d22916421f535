//! Giving a new code or PIN to someone who has lost theirs. Each is shown once, and the log says who did it.

use super::form::Form;
use super::frame::Look;
use super::people::{CODE_LASTS_MS, Made, What, show};
use crate::api::{Address, Fault};
use crate::house::App;
use crate::identity::code::Code;
use crate::identity::pin::Pin;
use crate::identity::reach::within;
use crate::identity::{Admin, SignedIn, Trainer};
use crate::store::{Kind, NewCode, NewEntry, Person};
use axum::extract::State;
use axum::response::Response;
use protocol::api::Role;
use uuid::Uuid;

/// Gives a new code: the old one, the PIN and every session end.
pub async fn code(
    State(app): State<App>,
    Admin(who): Admin,
    look: Look,
    Address(person): Address<String>,
    form: Form,
) -> Result<Response, Fault> {
    form.made_for(&app, &who)?;
    let person = named(&app, &who, &person).await?;
    if person.id == who.person.id {
        return Err(Fault::not_allowed());
    }
    let code = Code::fresh();
    let made = NewCode { key: code.key(&app.secrets), ends_ms: app.now_ms() + CODE_LASTS_MS };
    let entry = deed(&app, &who, &person, Kind::CodeRenewed, &form)?;
    if !app.store.renew_code(person.id, made, Some(entry)).await? {
        return Err(sent_before());
    }
    show(&app, &who, look, Some(Made { what: What::Code, name: person.name, secret: code.written() })).await
}

/// Gives a learner a new PIN: the old one and every session end. The code stays.
pub async fn pin(
    State(app): State<App>,
    Trainer(who): Trainer,
    look: Look,
    Address(person): Address<String>,
    form: Form,
) -> Result<Response, Fault> {
    form.made_for(&app, &who)?;
    let person = named(&app, &who, &person).await?;
    // Whoever could give a trainer a PIN could confirm walks in that trainer's name.
    if person.role != Role::Learner {
        return Err(Fault::not_allowed());
    }
    if person.pin_hash.is_none() {
        return Err(Fault::incomplete(
            "此人尚未启用邀请码，没有可重发的 PIN；首次登录时由本人设定。如邀请码已遗失，请管理员换发。",
            "The code has not been taken up, so there is no PIN yet: the first sign-in sets it. If the code is lost, an administrator can give a new one.",
        ));
    }
    let pin = Pin::fresh();
    let entry = deed(&app, &who, &person, Kind::PinRenewed, &form)?;
    if !app.store.renew_pin(person.id, app.pins.hash(&pin).await?, entry).await? {
        return Err(sent_before());
    }
    show(&app, &who, look, Some(Made { what: What::Pin, name: person.name, secret: pin.written().to_owned() })).await
}

async fn named(app: &App, who: &SignedIn, id: &str) -> Result<Person, Fault> {
    within(app, who, Uuid::parse_str(id).map_err(|_| Fault::not_found())?).await
}

/// The entry that says who did it. Its id comes from the form, so that sending it twice does it once.
fn deed(app: &App, who: &SignedIn, person: &Person, kind: Kind, form: &Form) -> Result<NewEntry, Fault> {
    let id = Uuid::parse_str(form.text("id")).map_err(|_| Fault::malformed())?;
    Ok(NewEntry::about(id, kind, (person.id, who.person.id), app.now_ms(), "{}".to_owned()))
}

fn sent_before() -> Fault {
    Fault::incomplete(
        "此表单已提交过，没有再次更换。如未记下，请回到人员页重新操作。",
        "This form was sent before and nothing was changed again. If it was not noted, go back to the people and do it anew.",
    )
}

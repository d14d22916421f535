//! Credentials by which other systems send and read statements: which there are, making one, revoking one.

use super::first::MOST_NAME;
use super::form::Form;
use super::frame::{Frame, Look, page};
use crate::api::{Address, Fault};
use crate::clock::written_in_china;
use crate::house::App;
use crate::identity::reach::{deed, looks};
use crate::identity::{Admin, SignedIn};
use crate::secrets::{hex, random};
use crate::store::statements::{Scope, SystemCredential};
use crate::store::{Act, NewAudit, Unit};
use crate::xapi::serve::secret_hash;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use heritage::Bilingual;
use uuid::Uuid;

/// Credentials that one unit and those below it may have in use.
const MOST_CREDENTIALS: usize = 200;

#[derive(Template)]
#[template(path = "systems.html")]
struct SystemsPage {
    at: Frame,
    rows: Vec<Row>,
    made: Option<Made>,
    units: Vec<Unit>,
    scopes: Vec<(&'static str, Bilingual)>,
    next_id: Uuid,
    /// Where other systems find the store.
    endpoint: String,
}

/// A credential whose secret is shown once.
struct Made {
    name: String,
    key: String,
    secret: String,
}

struct Row {
    key: String,
    name: String,
    unit: String,
    scope: Bilingual,
    made: String,
    /// When it was revoked; empty while it is in use.
    ended: String,
}

/// The page.
pub async fn get(State(app): State<App>, Admin(who): Admin, look: Look) -> Result<Response, Fault> {
    show(&app, &who, look, None).await
}

/// Makes a credential and shows its secret once. Sending the same form twice makes one.
pub async fn add(State(app): State<App>, Admin(who): Admin, look: Look, form: Form) -> Result<Response, Fault> {
    form.made_for(&app, &who)?;
    let (zh, en) = ("请填写系统名称（60 字以内）。", "Write the system's name, up to 60 characters.");
    let name = form.required("name", MOST_NAME, zh, en)?;
    let scope = Scope::from_code(form.text("scope")).ok_or_else(Fault::malformed)?;
    let unit = Uuid::parse_str(form.text("unit")).map_err(|_| Fault::malformed())?;
    let id = Uuid::parse_str(form.text("id")).map_err(|_| Fault::malformed())?;
    if !app.store.units_below(who.person.unit).await?.iter().any(|each| each.id == unit) {
        return Err(Fault::not_found());
    }
    let there = app.store.system_credentials_of(who.person.unit).await?;
    if there.iter().filter(|each| each.ended_ms.is_none()).count() >= MOST_CREDENTIALS {
        return Err(Fault::incomplete(
            "在用凭证已达上限，没有发放。请先撤销不用的凭证。",
            "There are as many credentials in use as there can be; none was made. Revoke those no longer used first.",
        ));
    }
    let (key, secret) = (id.simple().to_string(), hex(&random::<32>()));
    let credential = SystemCredential {
        key: key.clone(),
        unit,
        name: name.clone(),
        scope,
        secret_hash: secret_hash(&secret),
        made_ms: app.now_ms(),
        ended_ms: None,
    };
    let audit = NewAudit { unit, ..deed(&app, &who, Act::SystemCredentialMade, format!("{name} ({})", scope.code())) };
    if !app.store.add_system_credential(credential, audit).await? {
        return Err(Fault::incomplete(
            "此表单已提交过，凭证已在名单中。如未记下密钥，请撤销后另发。",
            "This form was sent before and the credential is on the list. If the secret was not noted, revoke it and make another.",
        ));
    }
    show(&app, &who, look, Some(Made { name, key, secret })).await
}

/// Revokes a credential of the unit or one below it. Revoking it twice revokes it once.
pub async fn end(
    State(app): State<App>,
    Admin(who): Admin,
    Address(key): Address<String>,
    form: Form,
) -> Result<Response, Fault> {
    form.made_for(&app, &who)?;
    let there = app.store.system_credentials_of(who.person.unit).await?;
    let credential = there.into_iter().find(|each| each.key == key).ok_or_else(Fault::not_found)?;
    let audit = NewAudit { unit: credential.unit, ..deed(&app, &who, Act::SystemCredentialEnded, credential.name) };
    app.store.end_system_credential(key, app.now_ms(), audit).await?;
    Ok((StatusCode::SEE_OTHER, [(LOCATION, "/desk/systems")]).into_response())
}

async fn show(app: &App, who: &SignedIn, look: Look, made: Option<Made>) -> Result<Response, Fault> {
    looks(app, who, Act::SystemCredentialsListed, String::new()).await?;
    let units = app.store.units_below(who.person.unit).await?;
    let name = |id: Uuid| units.iter().find(|unit| unit.id == id).map(|unit| unit.name.clone()).unwrap_or_default();
    let there = app.store.system_credentials_of(who.person.unit).await?;
    let rows = there
        .into_iter()
        .map(|each| Row {
            unit: name(each.unit),
            scope: scope_words(each.scope),
            made: written_in_china(each.made_ms),
            ended: each.ended_ms.map(written_in_china).unwrap_or_default(),
            key: each.key,
            name: each.name,
        })
        .collect();
    let scopes = Scope::ALL.into_iter().map(|scope| (scope.code(), scope_words(scope))).collect();
    let endpoint = app.settings.origin.as_ref().map_or_else(|| "/xapi".to_owned(), |origin| format!("{origin}/xapi"));
    let at = Frame::of(app, look, who);
    Ok(page(&SystemsPage { at, rows, made, units, scopes, next_id: Uuid::now_v7(), endpoint }))
}

fn scope_words(scope: Scope) -> Bilingual {
    match scope {
        Scope::All => Bilingual::new("全部", "everything"),
        Scope::Write => Bilingual::new("只发送声明", "send statements only"),
        Scope::Read => Bilingual::new("只读取声明", "read statements only"),
    }
}

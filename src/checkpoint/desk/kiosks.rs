//! The terminals of halls: which there are, enrolling one and withdrawing one.

use super::first::MOST_NAME;
use super::form::Form;
use super::frame::{Frame, Look, page};
use crate::api::{Address, Fault};
use crate::clock::written_in_china;
use crate::house::App;
use crate::identity::pairing::kiosk_key;
use crate::identity::reach::{deed, looks};
use crate::identity::{Admin, SignedIn};
use crate::store::{Act, Kiosk, NewAudit, Unit};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use heritage::SiteId;
use uuid::Uuid;

/// Kiosks that a unit and those below it may have in use.
const MOST_KIOSKS: usize = 1_000;

#[derive(Template)]
#[template(path = "kiosks.html")]
struct KiosksPage {
    at: Frame,
    rows: Vec<Row>,
    /// Id and title of each hall.
    halls: Vec<(String, String)>,
    units: Vec<Unit>,
    next_id: Uuid,
    /// Name, number and key of the one just enrolled; shown once.
    made: Option<(String, Uuid, String)>,
}

struct Row {
    id: Uuid,
    name: String,
    mark: String,
    hall: String,
    unit: String,
    enrolled: String,
    withdrawn: Option<String>,
}

/// The page.
pub async fn get(State(app): State<App>, Admin(who): Admin, look: Look) -> Result<Response, Fault> {
    looks(&app, &who, Act::KiosksListed, String::new()).await?;
    show(&app, &who, look, None).await
}

async fn show(app: &App, who: &SignedIn, look: Look, made: Option<(String, Uuid, String)>) -> Result<Response, Fault> {
    let at = Frame::of(app, look, who);
    let units = app.store.units_below(who.person.unit).await?;
    let hall = |site: &SiteId| app.courses.site(site).map_or("—", |site| at.pick(&site.title)).to_owned();
    let row = |kiosk: Kiosk| Row {
        mark: kiosk.mark(),
        hall: hall(&kiosk.site),
        id: kiosk.id,
        name: kiosk.name,
        unit: kiosk.unit_name,
        enrolled: written_in_china(kiosk.enrolled_ms),
        withdrawn: kiosk.withdrawn_ms.map(written_in_china),
    };
    let rows = app.store.kiosks_of(who.person.unit).await?.into_iter().map(row).collect();
    let halls = app.courses.sites().map(|site| (site.id.to_string(), at.pick(&site.title).to_owned())).collect();
    Ok(page(&KiosksPage { at, rows, halls, units, next_id: Uuid::now_v7(), made }))
}

/// Enrols one, and shows its number and key once. Sending the same form twice enrols one.
pub async fn add(State(app): State<App>, Admin(who): Admin, look: Look, form: Form) -> Result<Response, Fault> {
    form.made_for(&app, &who)?;
    let (zh, en) = ("请填写设备名称（60 字以内）。", "Write the device's name, up to 60 characters.");
    let name = form.required("name", MOST_NAME, zh, en)?;
    let site = SiteId::new(form.text("site")).map_err(|_| Fault::malformed())?;
    app.courses.site(&site).ok_or_else(Fault::not_found)?;
    let unit = match form.text("unit") {
        "" => who.person.unit,
        id => Uuid::parse_str(id).map_err(|_| Fault::malformed())?,
    };
    if !app.store.units_below(who.person.unit).await?.iter().any(|each| each.id == unit) {
        return Err(Fault::not_found());
    }
    let in_use = app.store.kiosks_of(who.person.unit).await?;
    if in_use.iter().filter(|kiosk| kiosk.withdrawn_ms.is_none()).count() >= MOST_KIOSKS {
        return Err(Fault::incomplete(
            "终端已达上限，没有登记。请先停用不用的终端。",
            "There are as many kiosks as there can be and none was enrolled. Withdraw one that is not used first.",
        ));
    }
    let id = Uuid::parse_str(form.text("id")).map_err(|_| Fault::malformed())?;
    let kiosk = Kiosk {
        id,
        unit,
        unit_name: String::new(),
        site,
        name: name.clone(),
        enrolled_ms: app.now_ms(),
        withdrawn_ms: None,
    };
    let audit = NewAudit { unit, ..deed(&app, &who, Act::KioskEnrolled, format!("{name} {}", kiosk.mark())) };
    if !app.store.add_kiosk(kiosk, audit).await? {
        return Err(Fault::incomplete(
            "此表单已提交过，终端已登记。如未记下密钥，请停用后重新登记。",
            "This form was sent before and the kiosk is enrolled. If its key was not noted, withdraw it and enrol it anew.",
        ));
    }
    let key = kiosk_key(&app.secrets, id);
    show(&app, &who, look, Some((name, id, key))).await
}

/// Withdraws one for good: its key opens nothing any more, and whoever is paired with it is not.
pub async fn withdraw(
    State(app): State<App>,
    Admin(who): Admin,
    Address(kiosk): Address<String>,
    form: Form,
) -> Result<Response, Fault> {
    form.made_for(&app, &who)?;
    let id = Uuid::parse_str(&kiosk).map_err(|_| Fault::not_found())?;
    let kiosk = app.store.kiosk(id).await?.ok_or_else(Fault::not_found)?;
    if !app.store.units_below(who.person.unit).await?.iter().any(|unit| unit.id == kiosk.unit) {
        return Err(Fault::not_found());
    }
    let detail = format!("{} {}", kiosk.name, kiosk.mark());
    let audit = NewAudit { unit: kiosk.unit, ..deed(&app, &who, Act::KioskWithdrawn, detail) };
    // Withdrawn by an earlier sending of the same form, it is as it was asked for.
    app.store.withdraw_kiosk(id, audit).await?;
    Ok((StatusCode::SEE_OTHER, [(LOCATION, "/desk/kiosks")]).into_response())
}

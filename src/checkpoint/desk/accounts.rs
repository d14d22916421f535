//! Signing in by an account of one's unit: the way to the provider and back, binding the account the first time, and what
//! one's account is bound to.

use super::door::{is_page, own};
use super::form::{Form, field};
use super::frame::{Frame, Look, page};
use crate::api::session::cookie_of;
use crate::api::{Address, Fault};
use crate::clock::written_in_china;
use crate::house::{App, House};
use crate::identity::account::{self, PASS, PASS_COOKIE, PASS_LASTS_MS, pass};
use crate::identity::entrance::begin as begin_session;
use crate::identity::origin::{is_secure, opened_at};
use crate::identity::permission::cookie;
use crate::identity::provider::{Asked, Came, LASTS_MS, Named, Provider, begin as set_out, come_back};
use crate::identity::reach::within;
use crate::identity::{Admin, Learner};
use crate::serve::From;
use crate::store::Person;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use heritage::{Bilingual, Lang};
use protocol::api::Role;
use uuid::Uuid;

/// Name of the cookie that a browser carries on the way. It is sent when a provider leads back, unlike that of a session.
const WAY: &str = "retrace-way";
/// Letters of an address to go on to.
const MOST_TO: usize = 512;

#[derive(Template)]
#[template(path = "accounts.html")]
struct AccountsPage {
    at: Frame,
    /// Address and title of each provider.
    doors: Vec<(String, Bilingual)>,
    fault: Option<Fault>,
    /// Where code and PIN are asked for.
    by_code: String,
}

#[derive(Template)]
#[template(path = "onward.html")]
struct OnwardPage {
    at: Frame,
    to: String,
}

#[derive(Template)]
#[template(path = "bind.html")]
struct BindPage {
    at: Frame,
    title: Bilingual,
    action: String,
    fault: Option<Fault>,
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    at: Frame,
    /// Title, since when, last used.
    rows: Vec<(String, String, String)>,
    doors: Vec<(String, Bilingual)>,
}

/// Which providers there are, as a page.
pub async fn list(State(app): State<App>, look: Look, RawQuery(query): RawQuery) -> Response {
    let to = wanted(query.as_deref());
    shown(&app, in_language(look, &to), &to, None, None)
}

/// Address and title of each provider, with where to go afterwards.
pub(super) fn doors(house: &House, to: &str) -> Vec<(String, Bilingual)> {
    let to: String = form_urlencoded::byte_serialize(to.as_bytes()).collect();
    let door = |provider: &Provider| (format!("/sign-in/{}?to={to}", provider.id), provider.title.clone());
    house.settings.providers.iter().map(door).collect()
}

/// The list, or what went wrong with one provider and the ways to go on.
fn shown(house: &House, look: Look, to: &str, only: Option<&Provider>, fault: Option<Fault>) -> Response {
    let by_code = if to.is_empty() || is_page(to) {
        let back = if to.is_empty() { String::new() } else { format!("#{to}") };
        format!("/{}/sign-in/{back}", look.lang.code())
    } else {
        format!("/desk/sign-in?to={}", form_urlencoded::byte_serialize(to.as_bytes()).collect::<String>())
    };
    let mut doors = doors(house, to);
    if let Some(only) = only {
        doors.retain(|(address, _)| address.starts_with(&format!("/sign-in/{}?", only.id)));
    }
    let status = fault.as_ref().map_or(StatusCode::OK, |fault| fault.status);
    let mut response = page(&AccountsPage { at: Frame::outside(look), doors, fault, by_code });
    *response.status_mut() = status;
    response
}

/// Sends the browser to the provider.
pub async fn begin(
    State(app): State<App>,
    look: Look,
    headers: HeaderMap,
    Address(id): Address<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let provider = app.settings.providers.named(&id).ok_or_else(Fault::not_found)?;
    let to = wanted(query.as_deref());
    let look = in_language(look, &to);
    let origin = opened_at(&headers, &app.settings).ok_or_else(Fault::malformed)?;
    match set_out(&app, provider, &origin, (look.lang, to.clone())).await {
        Ok((address, carried)) => {
            let carried = carried_by(&app, provider, &headers, &carried);
            Ok((StatusCode::SEE_OTHER, [(LOCATION, address), (SET_COOKIE, carried)]).into_response())
        }
        Err(fault) => Ok(shown(&app, look, &to, Some(provider), Some(fault))),
    }
}

/// Takes what the provider sends the browser back with: signs in, or asks once who it is.
pub async fn back(
    State(app): State<App>,
    look: Look,
    headers: HeaderMap,
    Address(id): Address<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let provider = app.settings.providers.named(&id).ok_or_else(Fault::not_found)?;
    let asked = cookie(&headers, WAY).and_then(|carried| Asked::open(&app, provider, carried));
    let to = asked.as_ref().map(|asked| asked.held.to.clone()).unwrap_or_default();
    // What came stands in this address, and is good for one time: no link may lead back to it.
    let look = Look { here: "/sign-in/".to_owned(), ..in_language(look, &to) };
    let outcome = async {
        let origin = opened_at(&headers, &app.settings).ok_or_else(Fault::malformed)?;
        let asked = asked.ok_or_else(Fault::stale_way)?;
        let named = come_back(&app, provider, &origin, (asked, &Came::read(query.as_deref()))).await?;
        let person = account::enter(&app, provider, named.account_key).await?;
        Ok::<_, Fault>((named, person))
    };
    match outcome.await {
        Ok((named, Some(person))) => {
            app.metrics.signed_in.count();
            entered(&app, provider, look, &headers, (person, &named.to)).await
        }
        Ok((named, None)) => {
            let carried = carried_by(&app, provider, &headers, &named.seal(&app, provider)?);
            let at = Frame::outside(look);
            with_cookies(page(&OnwardPage { at, to: format!("/sign-in/{}/bind", provider.id) }), [carried])
        }
        Err(fault) => {
            app.metrics.turned_away.count();
            Ok(shown(&app, look, &to, Some(provider), Some(fault)))
        }
    }
}

/// Asks whoever comes by an account that nobody is bound to for code and PIN.
pub async fn ask(
    State(app): State<App>,
    look: Look,
    headers: HeaderMap,
    Address(id): Address<String>,
) -> Result<Response, Fault> {
    let provider = app.settings.providers.named(&id).ok_or_else(Fault::not_found)?;
    match cookie(&headers, WAY).and_then(|carried| Named::open(&app, provider, carried)) {
        Some(named) => Ok(asked_for_code(provider, in_language(look, &named.to), None)),
        None => Ok(shown(&app, look, "", Some(provider), Some(Fault::stale_way()))),
    }
}

fn asked_for_code(provider: &Provider, look: Look, fault: Option<Fault>) -> Response {
    let status = fault.as_ref().map_or(StatusCode::OK, |fault| fault.status);
    let (title, action) = (provider.title.clone(), format!("/sign-in/{}/bind", provider.id));
    let mut response = page(&BindPage { at: Frame::outside(look), title, action, fault });
    *response.status_mut() = status;
    response
}

/// Binds the account to whoever proves who they are, and signs in.
pub async fn bind(
    State(app): State<App>,
    from: From,
    look: Look,
    headers: HeaderMap,
    Address(id): Address<String>,
    form: Form,
) -> Result<Response, Fault> {
    let provider = app.settings.providers.named(&id).ok_or_else(Fault::not_found)?;
    let Some(named) = cookie(&headers, WAY).and_then(|carried| Named::open(&app, provider, carried)) else {
        return Ok(shown(&app, look, "", Some(provider), Some(Fault::stale_way())));
    };
    let look = in_language(look, &named.to);
    let proof = (form.text("code"), form.text("pin"));
    match account::bind(&app, provider, &named, proof, from.0).await {
        Ok(person) => entered(&app, provider, look, &headers, (person, &named.to)).await,
        Err(fault) => Ok(asked_for_code(provider, look, Some(fault))),
    }
}

/// Begins the session by a page of our own: a browser that comes from elsewhere keeps the cookie back until then.
async fn entered(
    house: &House,
    provider: &Provider,
    look: Look,
    headers: &HeaderMap,
    (person, to): (Person, &str),
) -> Result<Response, Fault> {
    let carries_no_more = format!("{WAY}=; Path=/sign-in/{}; HttpOnly; SameSite=Lax; Max-Age=0", provider.id);
    let to = landing(look.lang, person.role, to);
    let at = Frame::outside(look);
    if is_page(&to) {
        // Those pages keep the record on the device and sign in by themselves.
        let pass = pass(house, &person)?;
        let to: String = form_urlencoded::byte_serialize(to.as_bytes()).collect();
        let to = format!("/{}/sign-in/#{PASS}&to={to}", at.lang.code());
        let secure = if is_secure(headers, &house.settings) { "; Secure" } else { "" };
        let secs = PASS_LASTS_MS / 1000;
        let pass = format!("{PASS_COOKIE}={pass}; Path=/v1/session; HttpOnly; SameSite=Strict; Max-Age={secs}{secure}");
        return with_cookies(page(&OnwardPage { at, to }), [pass, carries_no_more]);
    }
    let begun = begin_session(house, person).await?;
    let session = cookie_of(&begun, is_secure(headers, &house.settings));
    with_cookies(page(&OnwardPage { at, to }), [session, carries_no_more])
}

/// Where somebody comes to: what they wanted, or what is theirs.
fn landing(lang: Lang, role: Role, to: &str) -> String {
    let is_desk = to.starts_with("/desk/") || to.starts_with("/admin/");
    match role {
        Role::Learner if to.is_empty() || is_desk => format!("/{}/me/", lang.code()),
        _ if to.is_empty() => "/desk/".to_owned(),
        _ => to.to_owned(),
    }
}

fn with_cookies<const N: usize>(mut response: Response, cookies: [String; N]) -> Result<Response, Fault> {
    for cookie in cookies {
        let cookie = HeaderValue::from_str(&cookie).map_err(|_| Fault::malformed())?;
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

fn carried_by(house: &House, provider: &Provider, headers: &HeaderMap, sealed: &str) -> String {
    let secure = if is_secure(headers, &house.settings) { "; Secure" } else { "" };
    let secs = LASTS_MS / 1000;
    format!("{WAY}={sealed}; Path=/sign-in/{}; HttpOnly; SameSite=Lax; Max-Age={secs}{secure}", provider.id)
}

/// An address of this service, or nothing.
fn wanted(query: Option<&str>) -> String {
    let to = field(query, "to").unwrap_or_default();
    let is_way = to.starts_with("/sign-in/");
    if own(&to) && !is_way && to.len() <= MOST_TO { to } else { String::new() }
}

/// In the language of the page that somebody comes from, where it has one.
fn in_language(look: Look, to: &str) -> Look {
    let lang = match to.get(..4) {
        Some("/zh/") => Lang::Zh,
        Some("/en/") => Lang::En,
        _ => look.lang,
    };
    Look { lang, ..look }
}

/// What one's account is bound to.
pub async fn mine(State(app): State<App>, Learner(who): Learner, look: Look) -> Result<Response, Fault> {
    let at = Frame::of(&app, look, &who);
    let bound = app.store.bindings_of(who.person.id).await?;
    let rows = bound.iter().map(|binding| {
        let provider = app.settings.providers.of_issuer(&binding.issuer);
        let title = provider.map_or(binding.issuer.as_str(), |provider| at.pick(&provider.title)).to_owned();
        let used = binding.used_ms.map_or_else(|| "—".to_owned(), written_in_china);
        (title, written_in_china(binding.made_ms), used)
    });
    let free = |provider: &&Provider| bound.iter().all(|binding| binding.issuer != provider.issuer());
    let doors = app.settings.providers.iter().filter(free);
    let doors = doors.map(|provider| (format!("/sign-in/{}?to=/account", provider.id), provider.title.clone()));
    Ok(page(&AccountPage { rows: rows.collect(), doors: doors.collect(), at }))
}

/// Unbinds somebody's account; every session of theirs ends.
pub async fn unbind(
    State(app): State<App>,
    Admin(who): Admin,
    Address((person, binding)): Address<(String, String)>,
    form: Form,
) -> Result<Response, Fault> {
    form.made_for(&app, &who)?;
    let id = |text: &str| Uuid::parse_str(text).map_err(|_| Fault::not_found());
    let person = within(&app, &who, id(&person)?).await?;
    if !account::unbind(&app, &who, &person, id(&binding)?).await? {
        return Err(Fault::not_found());
    }
    Ok((StatusCode::SEE_OTHER, [(LOCATION, "/desk/people")]).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_elsewhere() {
        let wanted =
            |to: &str| wanted(Some(&form_urlencoded::Serializer::new(String::new()).append_pair("to", to).finish()));
        for own in
            ["/desk/people?x=1", "/zh/luding/deck/", "/en/me/", "/pair?code=BCDF-GHJK", "/account", "/course/hill.path"]
        {
            assert_eq!(wanted(own), own);
        }
        for foreign in [
            "",
            "https://evil.example/",
            "//evil.example/zh/",
            "/zh//evil.example",
            "/zh/\\evil.example",
            "/\\evil.example",
            "/zh/\r\nset-cookie: x=1",
            "javascript:alert(1)",
            "/v1/session",
            "/sign-in/county/back?code=x",
            "/zh/me/ x",
            &format!("/zh/{}", "a".repeat(MOST_TO)),
        ] {
            assert_eq!(wanted(foreign), "", "{foreign}");
        }
    }

    #[test]
    fn everyone_comes_to_where_they_may() {
        assert_eq!(landing(Lang::Zh, Role::Learner, "/desk/people"), "/zh/me/");
        assert_eq!(landing(Lang::En, Role::Learner, ""), "/en/me/");
        assert_eq!(landing(Lang::Zh, Role::Learner, "/course/hill.path"), "/course/hill.path");
        assert_eq!(landing(Lang::Zh, Role::Admin, ""), "/desk/");
        assert_eq!(landing(Lang::Zh, Role::Trainer, "/zh/luding/"), "/zh/luding/");
    }
}

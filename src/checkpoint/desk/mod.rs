//! The trainer's desk: plain pages and forms, made on the server; they need no scripts.

mod accounts;
mod attest;
mod audit;
mod board;
mod certificate;
mod claim;
mod codes;
mod commended;
mod course;
mod decide;
mod display;
mod door;
mod export;
mod fairness;
mod first;
mod form;
mod forwarding;
mod frame;
mod kiosks;
mod lead;
mod list;
mod on_site;
mod one;
mod opinions;
mod pair;
mod passkeys;
mod people;
mod plan;
mod practice;
mod recheck;
mod renew;
mod report;
mod report_files;
mod roster;
mod sheet;
mod station;
mod systems;
mod timeline;
mod units;
mod upload;
mod vouch;
mod words;

use crate::routes::{Access, Route, route};
use axum::http::Method;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;

/// Addresses of the desk.
pub fn table() -> Vec<Route> {
    use Access::{Admin, Anyone, Auditor, Learner, Overseer, Rater, Reader, Trainer};
    let (get, post) = (Method::GET, Method::POST);
    vec![
        route(get.clone(), "/desk/", Reader, list::get),
        route(get.clone(), "/desk/walks/{person}/{course}", Reader, one::get),
        route(post.clone(), "/desk/walks/{person}/{course}/attest", Trainer, attest::post),
        route(post.clone(), "/desk/walks/{person}/{course}/recheck", Trainer, recheck::post),
        route(get.clone(), "/desk/walks/{person}/{course}/certificate", Overseer, certificate::of_person),
        route(get.clone(), "/certificates/{course}", Learner, certificate::own),
        route(post.clone(), "/desk/walks/{person}/{course}/rating", Rater, practice::post),
        route(get.clone(), "/course/{course}", Learner, course::get),
        route(post.clone(), "/course/{course}", Learner, course::post),
        route(post.clone(), "/desk/decide", Trainer, decide::post),
        route(get.clone(), "/desk/walks.csv", Overseer, export::get),
        route(get.clone(), "/desk/report", Overseer, report::get),
        route(post.clone(), "/desk/report", Admin, report::post),
        route(get.clone(), "/desk/report.csv", Overseer, report_files::csv),
        route(get.clone(), "/desk/report.xlsx", Overseer, report_files::xlsx),
        route(get.clone(), "/desk/report.txt", Overseer, report_files::bytes),
        route(get.clone(), "/desk/fairness", Overseer, fairness::get),
        route(get.clone(), "/desk/commended", Overseer, commended::get),
        route(get.clone(), "/desk/people", Overseer, people::get),
        route(post.clone(), "/desk/people", Admin, people::add),
        route(post.clone(), "/desk/people/{person}/code", Admin, renew::code),
        route(post.clone(), "/desk/people/{person}/pin", Trainer, renew::pin),
        route(post.clone(), "/desk/people/{person}/bindings/{binding}/remove", Admin, accounts::unbind),
        route(get.clone(), "/desk/codes", Admin, codes::get),
        route(post.clone(), "/desk/codes", Admin, codes::post),
        route(get.clone(), "/desk/roster", Admin, roster::get),
        route(post.clone(), "/desk/roster", Admin, roster::upload),
        route(post.clone(), "/desk/roster/confirm", Admin, roster::confirm),
        route(get.clone(), "/desk/roster/sample.csv", Admin, roster::sample),
        route(get.clone(), "/desk/units", Admin, units::get),
        route(post.clone(), "/desk/units", Admin, units::add),
        route(get.clone(), "/desk/forwarding", Admin, forwarding::get),
        route(post.clone(), "/desk/forwarding", Admin, forwarding::post),
        route(get.clone(), "/desk/systems", Admin, systems::get),
        route(post.clone(), "/desk/systems", Admin, systems::add),
        route(post.clone(), "/desk/systems/{key}/end", Admin, systems::end),
        route(get.clone(), "/desk/displays", Admin, display::list),
        route(get.clone(), "/desk/kiosks", Admin, kiosks::get),
        route(post.clone(), "/desk/kiosks", Admin, kiosks::add),
        route(post.clone(), "/desk/kiosks/{kiosk}/withdraw", Admin, kiosks::withdraw),
        route(get.clone(), "/desk/lead", Rater, lead::choose),
        route(post.clone(), "/desk/lead", Rater, lead::begin),
        route(get.clone(), "/desk/lead/{visit}", Rater, lead::get),
        route(post.clone(), "/desk/lead/{visit}", Rater, lead::post),
        route(get.clone(), "/desk/lead/{visit}/events", Rater, lead::events),
        route(get.clone(), "/desk/lead.js", Anyone, lead::script),
        route(get.clone(), "/pair", Learner, pair::get),
        route(post.clone(), "/pair", Learner, pair::post),
        route(get.clone(), "/claim", Learner, claim::get),
        route(post.clone(), "/claim", Learner, claim::post),
        route(get.clone(), "/on-site/{station}", Learner, on_site::get),
        route(post.clone(), "/on-site/{station}", Learner, on_site::post),
        route(get.clone(), "/vouch", Learner, vouch::get),
        route(post.clone(), "/vouch", Learner, vouch::post),
        route(get.clone(), "/display/{station}", Anyone, display::get),
        route(get.clone(), "/desk/audit", Auditor, audit::get),
        route(get.clone(), "/desk/passkeys", Reader, passkeys::get),
        route(post.clone(), "/desk/passkeys", Reader, passkeys::add),
        route(post.clone(), "/desk/passkeys/{passkey}/remove", Reader, passkeys::remove),
        route(get.clone(), "/desk/passkey.js", Anyone, passkeys::script),
        route(post.clone(), "/desk/sign-in/passkey", Anyone, door::sign_in_by_passkey),
        route(get.clone(), "/account", Learner, accounts::mine),
        route(get.clone(), "/sign-in/", Anyone, accounts::list),
        route(get.clone(), "/sign-in/{provider}", Anyone, accounts::begin),
        route(get.clone(), "/sign-in/{provider}/back", Anyone, accounts::back),
        route(get.clone(), "/sign-in/{provider}/bind", Anyone, accounts::ask),
        route(post.clone(), "/sign-in/{provider}/bind", Anyone, accounts::bind),
        route(get.clone(), "/desk/sign-in", Anyone, door::get),
        route(post.clone(), "/desk/sign-in", Anyone, door::sign_in),
        route(post.clone(), "/desk/sign-out", Anyone, door::sign_out),
        route(get.clone(), "/desk/language/{lang}", Anyone, door::language),
        route(get.clone(), "/admin/first", Anyone, first::get),
        route(post, "/admin/first", Anyone, first::post),
        route(get.clone(), "/desk", Anyone, door::slash),
        route(get.clone(), "/problems/{kind}", Anyone, frame::explain),
        route(get.clone(), "/desk/style.css", Anyone, style),
        route(get.clone(), "/desk/theme.js", Anyone, theme),
        route(get, "/desk/keys.js", Anyone, keys),
    ]
}

/// Whether an address is one whose faults are shown as pages.
pub fn has(path: &str) -> bool {
    ["/desk/", "/admin/", "/certificates/", "/course/", "/on-site/", "/sign-in/"]
        .iter()
        .any(|under| path.starts_with(under))
        || ["/pair", "/account", "/vouch", "/claim"].contains(&path)
}

pub use frame::{Look, show_fault};

/// The pages' own styles and then the desk's, so that both look alike.
const STYLE: &str = concat!(
    include_str!("../../../web/style/palette.css"),
    include_str!("../../../web/style/type.css"),
    include_str!("../../../web/style/frame.css"),
    include_str!("../../../web/style/parts.css"),
    include_str!("desk.css"),
);

async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "no-cache")], STYLE)
}

/// Deciding without the mouse. What it does can be done without it.
async fn keys() -> impl IntoResponse {
    let headers = [(CONTENT_TYPE, "text/javascript; charset=utf-8"), (CACHE_CONTROL, "no-cache")];
    (headers, include_str!("keys.js"))
}

/// The choice of colours that a visitor has made on the pages holds at the desk.
async fn theme() -> impl IntoResponse {
    let headers = [(CONTENT_TYPE, "text/javascript; charset=utf-8"), (CACHE_CONTROL, "no-cache")];
    (headers, include_str!("../../../web/theme.js"))
}

//! Every address of the service with who may use it, in one table: the router, the tests and the description are held to it.

use crate::api::{
    appeals, courses, credentials, device, events, health, kiosk, log, progress, providers, quizzes, session,
};
use crate::house::App;
use crate::web::{files, headers};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, MethodRouter, on};
use protocol::api::Role;

/// Bytes of one request: 500 events with room to spare.
pub const MOST_BODY_BYTES: usize = 2 * 1024 * 1024;

/// Who may use an address. What is said of a unit holds for the units below it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anyone, signed in or not.
    Anyone,
    /// Anyone signed in, for their own record. What adds to it is also open to a kiosk that is paired with them.
    Learner,
    /// Whoever reads the walks of their unit: everyone but learners.
    Reader,
    /// Mentors, trainers and admins, who rate the practice of their unit.
    Rater,
    /// Whoever reads the people and tables of their unit: trainers, auditors and admins.
    Overseer,
    /// Trainers and admins, who write in the record of their unit.
    Trainer,
    /// A kiosk that a hall has enrolled, or one that is paired with a learner.
    Kiosk,
    /// Auditors and admins, who read who has looked at what.
    Auditor,
    /// Admins, who keep the people of their unit.
    Admin,
    /// Another system, by a credential of the learning record store; nobody who is signed in.
    System,
}

impl Access {
    /// Whether somebody signed in with this role is let in.
    pub const fn admits(self, role: Role) -> bool {
        match self {
            Self::Anyone | Self::Learner => true,
            Self::Reader => !matches!(role, Role::Learner),
            Self::Rater => matches!(role, Role::Mentor | Role::Trainer | Role::Admin),
            Self::Overseer => matches!(role, Role::Trainer | Role::Auditor | Role::Admin),
            Self::Trainer => matches!(role, Role::Trainer | Role::Admin),
            Self::Auditor => matches!(role, Role::Auditor | Role::Admin),
            Self::Admin => matches!(role, Role::Admin),
            Self::Kiosk | Self::System => false,
        }
    }
}

/// One method at one address.
pub struct Route {
    /// The method.
    pub method: Method,
    /// The address, with its parameters in braces.
    pub path: &'static str,
    /// Who may use it; the handler's extractor enforces it.
    pub access: Access,
    handler: MethodRouter<App>,
}

/// One line of the table.
pub(crate) fn route<H, T>(method: Method, path: &'static str, access: Access, handler: H) -> Route
where
    H: Handler<T, App>,
    T: 'static,
{
    let filter = match method {
        Method::POST => MethodFilter::POST,
        Method::PUT => MethodFilter::PUT,
        Method::DELETE => MethodFilter::DELETE,
        _ => MethodFilter::GET,
    };
    Route { method, path, access, handler: on(filter, handler) }
}

/// Every address there is, besides the files of the web app.
pub fn table() -> Vec<Route> {
    use Access::{Anyone, Kiosk, Learner};
    let (get, post) = (Method::GET, Method::POST);
    let mut table = vec![
        route(get.clone(), "/", Anyone, files::home),
        route(post.clone(), "/v1/session", Anyone, session::post),
        route(get.clone(), "/v1/session", Learner, session::get),
        route(Method::DELETE, "/v1/session", Anyone, session::delete),
        route(post.clone(), "/v1/events", Learner, events::post),
        route(get.clone(), "/v1/events/{id}/proof", Learner, log::proof),
        route(get.clone(), "/v1/log/checkpoint", Anyone, log::checkpoint),
        route(get.clone(), "/v1/log/key", Anyone, log::key),
        route(get.clone(), "/v1/log/consistency/{from}", Anyone, log::consistency),
        route(get.clone(), "/v1/log/tile/{level}/{*index}", Anyone, log::tile),
        route(get.clone(), "/v1/me/progress", Learner, progress::get),
        route(get.clone(), "/v1/providers", Anyone, providers::get),
        route(get.clone(), "/v1/courses/{id}", Anyone, courses::get),
        route(post.clone(), "/v1/quizzes/{id}/attempts", Learner, quizzes::post),
        route(get.clone(), "/v1/credentials/{id}", Learner, credentials::get),
        route(get.clone(), "/v1/credentials/status/{list}", Anyone, credentials::status),
        route(get.clone(), "/.well-known/did.json", Anyone, credentials::did),
        route(post.clone(), "/v1/walks/{id}/appeal", Learner, appeals::post),
        route(post.clone(), "/v1/device/code", Kiosk, device::code),
        route(post.clone(), "/v1/device/token", Kiosk, device::token),
        route(get.clone(), "/v1/device/token", Kiosk, device::alive),
        route(Method::DELETE, "/v1/device/token", Kiosk, device::end),
        route(get.clone(), "/v1/device/approve", Learner, device::seen),
        route(post.clone(), "/v1/device/approve", Learner, device::approve),
        route(get.clone(), "/v1/kiosk", Kiosk, kiosk::get),
        route(post, "/v1/kiosk/visits", Kiosk, kiosk::visits),
        route(get.clone(), "/v1/openapi.json", Anyone, health::openapi),
        route(get.clone(), "/healthz", Anyone, health::alive),
        route(get.clone(), "/readyz", Anyone, health::ready),
        route(get, "/metrics", Anyone, health::metrics),
    ];
    table.extend(crate::desk::table());
    table.extend(crate::xapi::table());
    table
}

/// The whole service.
pub fn router(app: App) -> Router {
    let routes = table().into_iter().fold(Router::new(), |router, route| router.route(route.path, route.handler));
    routes
        .method_not_allowed_fallback(async || crate::api::Fault::wrong_method())
        .fallback(files::get)
        .layer(from_fn_with_state(app.clone(), headers::guard))
        .layer(DefaultBodyLimit::max(MOST_BODY_BYTES))
        .with_state(app)
}

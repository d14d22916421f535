//! The trainer's desk: plain pages and forms, made on the server, without scripts.

mod board;
mod decide;
mod door;
mod export;
mod first;
mod form;
mod frame;
mod list;
mod one;
mod people;
mod words;

use crate::routes::{Access, Route, route};
use axum::http::Method;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;

/// Addresses of the desk. Their faults are shown as pages.
pub fn table() -> Vec<Route> {
    use Access::{Admin, Anyone, Trainer};
    let (get, post) = (Method::GET, Method::POST);
    let pages = vec![
        route(get.clone(), "/desk/", Trainer, list::get),
        route(get.clone(), "/desk/walks/{person}/{course}", Trainer, one::get),
        route(post.clone(), "/desk/decide", Trainer, decide::post),
        route(get.clone(), "/desk/walks.csv", Trainer, export::get),
        route(get.clone(), "/desk/people", Admin, people::get),
        route(post.clone(), "/desk/people", Admin, people::add),
        route(post.clone(), "/desk/people/{person}/code", Admin, people::renew),
        route(get.clone(), "/desk/sign-in", Anyone, door::get),
        route(post.clone(), "/desk/sign-in", Anyone, door::sign_in),
        route(post.clone(), "/desk/sign-out", Anyone, door::sign_out),
        route(get.clone(), "/desk/language/{lang}", Anyone, door::language),
        route(get.clone(), "/admin/first", Anyone, first::get),
        route(post, "/admin/first", Anyone, first::post),
    ];
    let mut table: Vec<Route> = pages.into_iter().map(Route::shown_as_page).collect();
    table.push(route(get.clone(), "/desk", Anyone, door::slash));
    table.push(route(get.clone(), "/problems/{kind}", Anyone, frame::explain));
    table.push(route(get, "/desk/style.css", Anyone, style));
    table
}

pub use frame::show_faults;

async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "no-cache")], include_str!("desk.css"))
}

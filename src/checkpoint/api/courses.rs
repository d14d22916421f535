//! `GET /v1/courses/{site}.{route}`: what can be learned, without keys.

use super::address::route_named;
use super::{Address, Fault};
use crate::house::App;
use axum::Json;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

/// The course, or 304 if the asker has it already.
///
/// # Errors
/// A [`Fault`] where there is no such course.
pub async fn get(State(app): State<App>, Address(id): Address<String>, headers: HeaderMap) -> Result<Response, Fault> {
    let (site, route) = route_named(&id)?;
    let (course, tag) = app.courses.course(&site, &route).ok_or_else(Fault::not_found)?;
    let has_it = headers.get(IF_NONE_MATCH).is_some_and(|known| crate::web::tag::matches(known, &tag));
    let caching = [(ETAG, tag), (CACHE_CONTROL, "no-cache".to_owned())];
    Ok(if has_it {
        (StatusCode::NOT_MODIFIED, caching).into_response()
    } else {
        (caching, Json(course)).into_response()
    })
}

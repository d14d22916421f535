//! Files of the built web app. Nothing outside its folder is ever opened.

use super::range::{Part, part};
use super::{kind, language, missing, tag};
use crate::house::App;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{
    ACCEPT_ENCODING, ACCEPT_RANGES, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, IF_RANGE, LOCATION, RANGE, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use std::fs::Metadata;
use std::io::SeekFrom;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

/// `/`: to the pages in the visitor's language, Chinese unless English is preferred.
pub async fn home(headers: HeaderMap) -> Response {
    let to = format!("/{}/", language::preferred(&headers).code());
    let headers = [(LOCATION, &*to), (VARY, "accept-language"), (CACHE_CONTROL, "no-cache")];
    (StatusCode::FOUND, headers).into_response()
}

/// Any address that no other handler has: a file, a folder's page, or the page that says there is none.
pub async fn get(State(app): State<App>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return crate::api::Fault::wrong_method().into_response();
    }
    let address = uri.path();
    if address.starts_with("/v1/") {
        return crate::api::Fault::not_found().into_response();
    }
    match find(&app.settings.web, address).await {
        Some(Found::Folder) => {
            let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
            (StatusCode::MOVED_PERMANENTLY, [(LOCATION, format!("{address}/{query}"))]).into_response()
        }
        Some(Found::File(path)) => match send(&path, address, &headers).await {
            Ok(response) => response,
            Err(_) => missing::page(&app.settings.web).await,
        },
        None => missing::page(&app.settings.web).await,
    }
}

enum Found {
    File(PathBuf),
    Folder,
}

/// The file that an address names, below `root` and by plain names only.
async fn find(root: &Path, address: &str) -> Option<Found> {
    let mut path = root.to_path_buf();
    for part in address.split('/').filter(|part| !part.is_empty()) {
        // Published names are plain; anything percent-encoded, hidden or climbing is none of ours.
        let plain = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte));
        if !plain || part.starts_with('.') {
            return None;
        }
        path.push(part);
    }
    let real = tokio::fs::canonicalize(&path).await.ok()?;
    if !real.starts_with(tokio::fs::canonicalize(root).await.ok()?) {
        return None;
    }
    let is_folder = tokio::fs::metadata(&real).await.ok()?.is_dir();
    match (is_folder, address.ends_with('/')) {
        (false, false) => Some(Found::File(real)),
        (true, true) => Some(Found::File(real.join("index.html"))),
        (true, false) if real.join("index.html").is_file() => Some(Found::Folder),
        _ => None,
    }
}

async fn send(path: &Path, address: &str, asked: &HeaderMap) -> std::io::Result<Response> {
    let media_type = kind::media_type(path);
    let text = |name| asked.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let wants_part = text(RANGE).is_some();
    let twin = PathBuf::from(format!("{}.br", path.display()));
    let twin_found = tokio::fs::metadata(&twin).await.is_ok_and(|found| found.is_file());
    let is_brotli = twin_found && !wants_part && takes_brotli(text(ACCEPT_ENCODING).unwrap_or_default());
    let mut file = File::open(if is_brotli { &twin } else { path }).await?;
    let about = file.metadata().await?;
    let own_tag = own_tag(&about, is_brotli);
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(kind::caching(address)));
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if twin_found {
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    }
    if let Ok(value) = HeaderValue::from_str(&own_tag) {
        headers.insert(ETAG, value);
    }
    if asked.get(IF_NONE_MATCH).is_some_and(|known| tag::matches(known, &own_tag)) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    if is_brotli {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    let length = about.len();
    // A part of an older version would not fit the newer one.
    let same_version = text(IF_RANGE).is_none_or(|known| known == own_tag);
    let (status, from, count) = match if same_version { part(text(RANGE), length) } else { Part::Whole } {
        Part::Whole => (StatusCode::OK, 0, length),
        Part::Of(from, to) => {
            headers.insert(CONTENT_RANGE, content_range(&format!("{from}-{to}"), length));
            (StatusCode::PARTIAL_CONTENT, from, to - from + 1)
        }
        Part::Outside => {
            headers.insert(CONTENT_RANGE, content_range("*", length));
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, headers).into_response());
        }
    };
    headers.insert(CONTENT_LENGTH, HeaderValue::from(count));
    if from > 0 {
        file.seek(SeekFrom::Start(from)).await?;
    }
    Ok((status, headers, Body::from_stream(ReaderStream::new(file.take(count)))).into_response())
}

fn content_range(part: &str, length: u64) -> HeaderValue {
    HeaderValue::from_str(&format!("bytes {part}/{length}")).unwrap_or(HeaderValue::from_static("bytes */*"))
}

fn takes_brotli(header: &str) -> bool {
    header.split(',').any(|each| {
        let mut parts = each.split(';').map(str::trim);
        let is_brotli = parts.next().is_some_and(|coding| coding.eq_ignore_ascii_case("br"));
        is_brotli && !parts.any(|part| part.strip_prefix("q=").and_then(|q| q.parse::<f64>().ok()) == Some(0.0))
    })
}

/// Length and time of change: enough to tell two builds apart.
fn own_tag(about: &Metadata, is_brotli: bool) -> String {
    let changed = about.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    format!("\"{:x}-{:x}{}\"", about.len(), changed.as_nanos(), if is_brotli { "-br" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brotli_is_sent_only_to_those_who_take_it() {
        for (header, takes) in
            [("gzip, br", true), ("br;q=0", false), ("BR;q=0.5", true), ("gzip", false), ("brx", false)]
        {
            assert_eq!(takes_brotli(header), takes, "{header}");
        }
    }
}

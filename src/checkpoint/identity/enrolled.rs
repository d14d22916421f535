//! A hall's terminal that speaks for itself: by number and key, as HTTP's Basic scheme carries them.

use super::pairing::enrolled;
use crate::api::Fault;
use crate::house::App;
use crate::store::Kiosk;
use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Characters of a header that are looked at: number and key have 101 together.
const MOST_HEADER: usize = 256;

/// A terminal that is enrolled and was not withdrawn.
pub struct Enrolled(pub Kiosk);

impl FromRequestParts<App> for Enrolled {
    type Rejection = Fault;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let said = parts.headers.get(AUTHORIZATION).and_then(|said| said.to_str().ok()).unwrap_or_default();
        let (number, key) = shown(said).ok_or_else(Fault::unenrolled)?;
        enrolled(app, &number, &key).await?.map(Self).ok_or_else(Fault::unenrolled)
    }
}

/// Number and key of a header.
fn shown(said: &str) -> Option<(String, String)> {
    let (scheme, packed) = said.split_once(' ').filter(|_| said.len() <= MOST_HEADER)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(packed.trim()).ok()?).ok()?;
    pair.split_once(':').map(|(number, key)| (number.to_owned(), key.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_and_key_are_read_as_the_basic_scheme_writes_them() {
        let pair = Some(("a".to_owned(), "b:c".to_owned()));
        for said in ["Basic YTpiOmM=", "basic YTpiOmM="] {
            assert_eq!(shown(said), pair, "{said}");
        }
        for said in
            ["", "Basic", "Basic !", "Basic YWI=", "Bearer YTpi", "Basic /w==", &format!("Basic {}", "A".repeat(300))]
        {
            assert_eq!(shown(said), None, "{said}");
        }
    }
}

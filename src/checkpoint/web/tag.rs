//! Entity tags.

use axum::http::HeaderValue;

/// Whether an `If-None-Match` names this tag. Weak comparison, as RFC 9110 asks for here.
pub fn matches(known: &HeaderValue, tag: &str) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    known.to_str().is_ok_and(|known| known.trim() == "*" || known.split(',').any(|each| bare(each) == bare(tag)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_found_among_several_and_when_weak() {
        for (known, fits) in [("\"a\"", true), ("\"b\", W/\"a\"", true), ("*", true), ("\"b\"", false), ("", false)] {
            assert_eq!(matches(&HeaderValue::from_static(known), "\"a\""), fits, "{known}");
        }
    }
}

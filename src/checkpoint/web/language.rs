//! Which language an asker prefers.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use heritage::Lang;

/// Chinese, unless English stands before it in `Accept-Language` (RFC 9110 §12.5.4).
pub fn preferred(headers: &HeaderMap) -> Lang {
    let header = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if weight(header, "en") > weight(header, "zh") { Lang::En } else { Lang::Zh }
}

/// How much a language is wanted, 0 to 1; 0 where it is not named.
fn weight(header: &str, lang: &str) -> f64 {
    let named = header.split(',').filter_map(|each| {
        let mut parts = each.split(';').map(str::trim);
        let tag = parts.next()?.to_ascii_lowercase();
        let quality = parts.find_map(|part| part.strip_prefix("q=")?.parse::<f64>().ok()).unwrap_or(1.0);
        (tag == lang || tag.starts_with(&format!("{lang}-"))).then_some(quality)
    });
    named.fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn chinese_is_the_default_and_english_on_preference() {
        for (header, lang) in [
            ("", Lang::Zh),
            ("zh-CN,zh;q=0.9,en;q=0.8", Lang::Zh),
            ("en-GB,en;q=0.9", Lang::En),
            ("fr,en;q=0.5", Lang::En),
            ("fr", Lang::Zh),
            ("en;q=0.4, zh;q=0.6", Lang::Zh),
            ("entirely-wrong;;;q=x", Lang::Zh),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT_LANGUAGE, HeaderValue::from_static(header))]);
            assert_eq!(preferred(&headers), lang, "{header}");
        }
        assert_eq!(preferred(&HeaderMap::new()), Lang::Zh);
    }
}

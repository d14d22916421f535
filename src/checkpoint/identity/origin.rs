//! Where the service is opened from, and whether a request comes from there.

use crate::house::Settings;
use axum::http::header::HOST;
use axum::http::{HeaderMap, HeaderName, Uri};
use std::fmt;
use std::str::FromStr;

/// The address under which visitors open the service: scheme, host and port, as in `https://walk.example`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

/// Why a text is no origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not an address to open: write scheme and host alone, as in https://walk.example")]
pub struct BadOrigin(String);

impl Origin {
    /// The visitor's connection is encrypted.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https:")
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Origin {
    type Err = BadOrigin;

    /// A closing slash and the scheme's own port are left out, as browsers do in `Origin`.
    fn from_str(text: &str) -> Result<Self, BadOrigin> {
        let bad = || BadOrigin(text.to_owned());
        let uri: Uri = text.parse().map_err(|_| bad())?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return Err(bad()) };
        let own_port = match scheme {
            "https" => ":443",
            "http" => ":80",
            _ => return Err(bad()),
        };
        let authority = authority.as_str().to_ascii_lowercase();
        if uri.path() != "/" || uri.query().is_some() || authority.contains('@') {
            return Err(bad());
        }
        Ok(Self(format!("{scheme}://{}", authority.strip_suffix(own_port).unwrap_or(&authority))))
    }
}

/// Where visitors open the service: as was said at the start, else the host that this request was sent to.
pub fn opened_at(headers: &HeaderMap, settings: &Settings) -> Option<Origin> {
    if let Some(origin) = &settings.origin {
        return Some(origin.clone());
    }
    let scheme = if is_secure(headers, settings) { "https" } else { "http" };
    let host = headers.get(HOST)?.to_str().ok()?;
    format!("{scheme}://{host}").parse().ok()
}

/// Whether a write comes from our own pages: browsers name the origin of every write, other programs send none.
///
/// Our own are the public origin, where one is set, and whatever host the request itself was sent to.
/// The session cookie is `SameSite=Strict` already; this also holds where a neighbour shares the site but not the origin.
pub fn is_own_origin(headers: &HeaderMap, public: Option<&Origin>) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or(""));
    let site_is_own = text("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    let origin_is_own = text("origin").is_none_or(|origin| {
        let authority = origin.parse::<Uri>().ok().and_then(|uri| uri.authority().map(ToString::to_string));
        public.is_some_and(|public| public.0.eq_ignore_ascii_case(origin))
            || authority.is_some_and(|authority| text("host").is_some_and(|host| host.eq_ignore_ascii_case(&authority)))
    });
    site_is_own && origin_is_own
}

/// Whether the visitor's connection is encrypted, as the public origin or a trusted proxy says.
pub fn is_secure(headers: &HeaderMap, settings: &Settings) -> bool {
    let says_so = || headers.get(HeaderName::from_static("x-forwarded-proto")).is_some_and(|proto| proto == "https");
    settings.origin.as_ref().is_some_and(Origin::is_https) || (settings.behind_proxy && says_so())
}

/// Where the service is opened, as the asker is told.
pub fn address(settings: &Settings, headers: &HeaderMap) -> String {
    if let Some(origin) = &settings.origin {
        return origin.to_string();
    }
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let scheme = if is_secure(headers, settings) { "https" } else { "http" };
    format!("{scheme}://{host}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(key, value)| (HeaderName::from_static(key), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn an_origin_is_scheme_and_host_and_nothing_else() -> Result<(), BadOrigin> {
        for (text, origin) in [
            ("https://walk.example", "https://walk.example"),
            ("https://Walk.Example:443/", "https://walk.example"),
            ("http://10.0.0.7:8470", "http://10.0.0.7:8470"),
            ("http://[2001:db8::1]:80", "http://[2001:db8::1]"),
        ] {
            assert_eq!(text.parse::<Origin>()?.to_string(), origin);
        }
        for bad in [
            "",
            "walk.example",
            "/x",
            "ftp://walk.example",
            "https://",
            "https://walk.example/x",
            "https://a@b",
            "https://a/?b",
        ] {
            assert_eq!(bad.parse::<Origin>(), Err(BadOrigin(bad.to_owned())), "{bad}");
        }
        Ok(())
    }

    #[test]
    fn a_write_is_ours_only_by_origin() {
        let own = [("host", "127.0.0.1:8470"), ("origin", "http://127.0.0.1:8470"), ("sec-fetch-site", "same-origin")];
        let is_own = |pairs: &[(&'static str, &'static str)]| is_own_origin(&headers(pairs), None);
        assert!(is_own(&own));
        assert!(is_own(&own[..1]), "a program names no origin");
        for foreign in
            ["http://evil.example", "null", "", "http://127.0.0.1:8471", "http://127.0.0.1:8470.evil.example"]
        {
            assert!(!is_own(&[own[0], ("origin", foreign)]), "{foreign}");
        }
        assert!(!is_own(&[own[0], ("sec-fetch-site", "cross-site")]));
    }

    #[test]
    fn behind_a_proxy_that_changes_the_host_the_public_origin_is_ours() -> Result<(), BadOrigin> {
        let public: Origin = "https://walk.example".parse()?;
        for (origin, own) in [
            ("https://walk.example", true),
            ("https://WALK.example", true),
            ("http://walk.example", false),
            ("https://walk.example.evil.example", false),
            ("http://127.0.0.1:8470", true),
        ] {
            let asked = headers(&[("host", "127.0.0.1:8470"), ("origin", origin)]);
            assert_eq!(is_own_origin(&asked, Some(&public)), own, "{origin}");
        }
        Ok(())
    }
}

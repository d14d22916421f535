//! Behind a proxy that ends TLS: cookies, writes and addresses are those of the public origin.

use super::client::Answer;
use super::house::Service;
use checkpoint::Settings;
use checkpoint::demo::{self, PEOPLE};

const PUBLIC: &str = "https://walk.example";

fn settled(settle: impl FnOnce(&mut Settings)) -> Service {
    let service = Service::settled(settle);
    service.runtime.block_on(demo::seed(&service.app)).expect("the demo people are made");
    service
}

/// Signs in at the desk as a browser does that opened `origin`; the proxy names itself as the host.
fn signed_in(service: &Service, origin: &str, more: &[(&str, &str)]) -> Answer {
    let form = format!("code={}&pin={}", PEOPLE[0].code, PEOPLE[0].pin);
    let headers =
        [("content-type", "application/x-www-form-urlencoded"), ("origin", origin), ("sec-fetch-site", "same-origin")];
    service.stranger().send("POST", "/desk/sign-in", &[&headers, more].concat(), form.as_bytes())
}

fn is_secure(answer: &Answer) -> bool {
    let cookie = answer.header("set-cookie").is_some_and(|cookie| cookie.ends_with("; Secure"));
    assert_eq!(answer.header("strict-transport-security").is_some(), cookie, "both or neither");
    cookie
}

#[test]
fn writes_from_the_public_origin_are_taken_whatever_host_the_proxy_names() {
    let service = settled(|settings| settings.origin = PUBLIC.parse().ok());
    let answer = signed_in(&service, PUBLIC, &[]);
    assert_eq!((answer.status, is_secure(&answer)), (303, true), "{}", answer.text());
    for foreign in ["http://walk.example", "https://evil.example", "null"] {
        let refused = signed_in(&service, foreign, &[]);
        assert!(
            refused.status == 403 && refused.text().contains("<h1>未能完成</h1>"),
            "{foreign}: the desk says so in a page"
        );
    }
    let unsaid = settled(|_| {});
    assert_eq!(signed_in(&unsaid, PUBLIC, &[]).status, 403, "without the setting the host decides");
}

#[test]
fn what_a_proxy_says_is_believed_only_where_there_is_one() {
    let https = [("x-forwarded-proto", "https")];
    let own = |service: &Service| format!("http://{}", service.address);
    for (behind_proxy, more, secure) in [
        (false, &https[..], false),
        (true, &https, true),
        (true, &[("x-forwarded-proto", "http")], false),
        (true, &[], false),
    ] {
        let service = settled(|settings| settings.behind_proxy = behind_proxy);
        let answer = signed_in(&service, &own(&service), more);
        assert_eq!((answer.status, is_secure(&answer)), (303, secure), "{behind_proxy} {more:?}");
    }
}

//! The built web app as it is served.

use super::house::Service;

const DIGEST: &str = "0123456789abcdef";

#[test]
fn a_visitor_is_led_to_their_language() {
    let service = Service::empty();
    for (header, to) in [("en-GB,en;q=0.9", "/en/"), ("zh-CN,zh;q=0.9,en;q=0.8", "/zh/"), ("fr", "/zh/")] {
        let answer = service.stranger().send("GET", "/", &[("accept-language", header)], b"");
        assert_eq!((answer.status, answer.header("location")), (302, Some(to)), "{header}");
    }
}

#[test]
fn every_file_has_its_type_and_how_long_it_may_be_kept() {
    let service = Service::empty();
    let kept = "public, max-age=31536000, immutable";
    for (path, kind, caching) in [
        ("/zh/".to_owned(), "text/html; charset=utf-8", "no-cache"),
        ("/sw.js".to_owned(), "text/javascript; charset=utf-8", "no-cache"),
        ("/manifest.webmanifest".to_owned(), "application/manifest+json", "no-cache"),
        (format!("/app/{DIGEST}/lobby_bg.wasm"), "application/wasm", kept),
        (format!("/sites/hill/{DIGEST}/narration/gate.mp3"), "audio/mpeg", kept),
        (format!("/sites/hill/{DIGEST}/models/gate.glb"), "model/gltf-binary", kept),
        (format!("/sites/hill/{DIGEST}/captions/gate.vtt"), "text/vtt; charset=utf-8", kept),
    ] {
        let answer = service.stranger().get(&path);
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(
            (answer.header("content-type"), answer.header("cache-control")),
            (Some(kind), Some(caching)),
            "{path}"
        );
    }
}

#[test]
fn what_was_compressed_ahead_is_sent_to_those_who_take_it() {
    let service = Service::empty();
    let ask = |path: &str, takes: &str| service.stranger().send("GET", path, &[("accept-encoding", takes)], b"");
    let path = format!("/app/{DIGEST}/lobby_bg.wasm");
    let squeezed = ask(&path, "gzip, deflate, br");
    assert_eq!(
        (squeezed.header("content-encoding"), squeezed.body.as_slice()),
        (Some("br"), &b"brotli of the wasm"[..])
    );
    assert_eq!(
        (squeezed.header("content-type"), squeezed.header("vary")),
        (Some("application/wasm"), Some("accept-encoding"))
    );
    let plain = ask(&path, "gzip");
    assert_eq!((plain.header("content-encoding"), plain.body.as_slice()), (None, &b"\0asm"[..]));
    assert_ne!(plain.header("etag"), squeezed.header("etag"), "two forms, two tags");
    assert_eq!(ask("/sw.js", "br").header("content-encoding"), None, "without a twin the file itself");
}

#[test]
fn a_page_that_has_not_changed_is_not_sent_again() {
    let service = Service::empty();
    let first = service.stranger().get("/en/");
    let tag = first.header("etag").expect("a tag").to_owned();
    let again = service.stranger().send("GET", "/en/", &[("if-none-match", &tag)], b"");
    assert_eq!((again.status, again.body.len()), (304, 0));
    std::fs::write(
        service.folder.path().join("web/en/index.html"),
        "a page that is longer than before, so that it has changed for sure",
    )
    .expect("written");
    assert_eq!(service.stranger().send("GET", "/en/", &[("if-none-match", &tag)], b"").status, 200);
    let course = service.stranger().get("/v1/courses/hill.path");
    let tag = course.header("etag").expect("a tag").to_owned();
    assert_eq!(service.stranger().send("GET", "/v1/courses/hill.path", &[("if-none-match", &tag)], b"").status, 304);
}

#[test]
fn sound_can_be_fetched_in_parts() {
    let service = Service::empty();
    let path = format!("/sites/hill/{DIGEST}/narration/gate.mp3");
    let ask = |range: &str| service.stranger().send("GET", &path, &[("range", range)], b"");
    for (range, status, body, part) in [
        ("bytes=0-", 206, "0123456789", Some("bytes 0-9/10")),
        ("bytes=2-4", 206, "234", Some("bytes 2-4/10")),
        ("bytes=-2", 206, "89", Some("bytes 8-9/10")),
        ("bytes=8-99", 206, "89", Some("bytes 8-9/10")),
        ("bytes=10-", 416, "", Some("bytes */10")),
        ("bytes=nonsense", 200, "0123456789", None),
    ] {
        let answer = ask(range);
        assert_eq!(
            (answer.status, answer.text().as_str(), answer.header("content-range")),
            (status, body, part),
            "{range}"
        );
    }
    let stale = service.stranger().send("GET", &path, &[("range", "bytes=2-4"), ("if-range", "\"older\"")], b"");
    assert_eq!((stale.status, stale.text().as_str()), (200, "0123456789"));
    let head = service.stranger().send("HEAD", &path, &[], b"");
    assert_eq!((head.status, head.header("content-length"), head.body.len()), (200, Some("10"), 0));
}

#[test]
fn nothing_outside_the_web_folder_is_ever_sent() {
    let service = Service::empty();
    let web = service.folder.path().join("web");
    std::fs::write(web.join(".hidden"), "secret").expect("written");
    #[cfg(unix)]
    std::os::unix::fs::symlink(service.folder.path().join("outside.txt"), web.join("link.txt")).expect("a link");
    for path in [
        "/../outside.txt",
        "/..%2foutside.txt",
        "/%2e%2e/outside.txt",
        "/zh/../../outside.txt",
        "//../outside.txt",
        "/zh/%00",
        "/.hidden",
        "/link.txt",
        "/private/hill.json",
        "/zh\\..\\..\\outside.txt",
        "/~root",
        "/zh/index.html/",
    ] {
        let answer = service.stranger().send("GET", path, &[], b"");
        assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.status);
        assert!(!answer.text().contains("secret") && !answer.text().contains("because"), "{path}");
    }
}

#[test]
fn an_address_without_its_slash_is_led_on_and_one_with_nothing_says_so() {
    let service = Service::empty();
    let led = service.stranger().get("/zh?from=sign");
    assert_eq!((led.status, led.header("location")), (301, Some("/zh/?from=sign")));
    let missing = service.stranger().get("/zh/nowhere/");
    assert_eq!((missing.status, missing.header("content-type")), (404, Some("text/html; charset=utf-8")));
    assert!(missing.text().contains("没有这一页") && missing.text().contains("There is no such page"));
    std::fs::write(service.folder.path().join("web/404.html"), "the app's own page").expect("written");
    assert_eq!(service.stranger().get("/zh/nowhere/").text(), "the app's own page");
    let unknown = service.stranger().get("/v1/nowhere");
    assert_eq!((unknown.status, unknown.header("content-type")), (404, Some("application/problem+json")));
    let method = service.stranger().send("DELETE", "/v1/events", &[], b"");
    assert_eq!((method.status, method.header("content-type")), (405, Some("application/problem+json")));
}

#[test]
fn every_answer_carries_the_policy() {
    let service = Service::with_demo();
    for path in ["/zh/", "/nowhere", "/v1/session", "/healthz", "/desk/sign-in", "/desk/", "/desk/style.css"] {
        let answer = service.stranger().get(path);
        let policy = answer.header("content-security-policy").expect(path);
        for part in [
            "default-src 'self'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "frame-ancestors 'none'",
            "worker-src 'self'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("'unsafe-inline'") && !policy.contains("'unsafe-eval'"));
        let asked = answer.header("permissions-policy").expect(path);
        assert!(
            ["geolocation=(self)", "camera=(self)", "screen-wake-lock=(self)"].iter().all(|part| asked.contains(part))
        );
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    }
}

#[test]
fn the_desk_needs_neither_scripts_nor_styles_within_the_page() {
    let service = Service::with_demo();
    for page in [service.trainer().get("/desk/?state=all").text(), service.stranger().get("/desk/sign-in").text()] {
        // One script sets the chosen colours, one takes keys; nothing waits for them.
        let rest = page.replace("<script src=\"/desk/theme.js\"></script>", "");
        let rest = rest.replace("<script src=\"/desk/keys.js\" defer></script>", "");
        assert!(!rest.contains("<script") && !rest.contains("style=") && !rest.contains("<style"));
    }
}

#[test]
fn those_who_watch_the_service_learn_how_it_is_and_nothing_of_people() {
    let service = Service::with_demo();
    service.learner(1).post("/v1/events", &super::fixture::batch(&super::fixture::whole_walk()));
    assert_eq!(service.stranger().get("/healthz").text(), "ok\n");
    assert_eq!(service.stranger().get("/readyz").status, 200);
    let metrics = service.stranger().get("/metrics").text();
    assert!(metrics.contains("retrace_events_total{result=\"stored\"} 4"), "{metrics}");
    assert!(
        metrics.contains("retrace_sign_ins_total{outcome=\"good\"} 1")
            && metrics.contains("retrace_log_commits_total ")
    );
    for line in metrics.lines().filter(|line| !line.starts_with('#')) {
        let (name, value) = line.rsplit_once(' ').expect("a name and a value");
        assert!(name.starts_with("retrace_") && value.parse::<f64>().is_ok(), "{line}");
    }
}

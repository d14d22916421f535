//! Providers that lie, are away or are slow, and links that would lead a sign-in astray: nobody comes in, and everyone is told
//! what to do.

use super::accounts::{UNIT, arrive, bind, come_back, newcomer, onward, set_out, trusting, trusting_for};
use super::client::encoded;
use super::fixture::NOW_MS;
use super::house::{Base, Service};
use super::issuer::{Issuer, Lie};
use super::program::{begin, serving};
use protocol::api::Role;
use serde_json::json;
use std::net::TcpListener;
use std::time::{Duration, Instant};

fn county() -> (Issuer, Service) {
    let issuer = Issuer::new(NOW_MS);
    let service = trusting(Base::File, &[("county", &issuer)]);
    let (_, code) = newcomer(&service, Role::Learner, UNIT);
    let bound = bind(&service, &arrive(&service, &issuer, "seven", ""), &code, "258047");
    assert_eq!(bound.status, 200, "{}", bound.text());
    (issuer, service)
}

#[test]
fn a_token_that_does_not_hold_lets_nobody_in() {
    let (issuer, service) = county();
    let lies = [
        Lie::Nonce,
        Lie::NoNonce,
        Lie::Audience,
        Lie::SecondAudience,
        Lie::Party,
        Lie::Issuer,
        Lie::Expired,
        Lie::FromTomorrow,
        Lie::Unsigned,
        Lie::PublicKeyAsSecret,
        Lie::SharedSecret,
        Lie::OtherKey,
        Lie::OtherKeyUnderThisName,
        Lie::Nobody,
        Lie::LongName,
        Lie::NoToken,
        Lie::Refuses,
        Lie::Garbage,
    ];
    for lie in lies {
        issuer.lies(lie);
        let answer = arrive(&service, &issuer, "seven", "");
        assert!(answer.status == 401 && answer.text().contains("未能通过验证"), "{lie:?}: {}", answer.text());
        assert!(answer.header("set-cookie").is_none(), "{lie:?}");
        assert!(answer.text().contains("/sign-in/county?to=") && answer.text().contains("/zh/sign-in/"), "{lie:?}");
    }
    issuer.lies(Lie::None);
    assert!(onward(&arrive(&service, &issuer, "seven", "")).contains("#pass&"));
}

#[test]
fn a_turned_key_is_fetched_once_a_minute_at_most() {
    let (issuer, service) = county();
    assert_eq!(issuer.asked("keys"), 1);
    service.pass_ms(60_000);
    issuer.turns_its_key("two");
    assert!(onward(&arrive(&service, &issuer, "seven", "")).contains("#pass&"));
    assert_eq!(issuer.asked("keys"), 2);
    issuer.turns_its_key("three");
    for _ in 0..3 {
        assert_eq!(arrive(&service, &issuer, "seven", "").status, 401);
    }
    assert_eq!((issuer.asked("keys"), issuer.asked("configuration")), (2, 1), "however many ask");
    service.pass_ms(60_000);
    assert!(onward(&arrive(&service, &issuer, "seven", "")).contains("#pass&"));
}

#[test]
fn an_answer_counts_once_for_the_browser_that_asked_and_for_what_it_asked() {
    let (issuer, service) = county();
    let back = |carried: Option<&str>, query: &str| {
        let browser = service.stranger();
        let browser = carried.map_or(browser.clone(), |carried| browser.with_cookie(carried));
        browser.get(&format!("/sign-in/county/back?{query}"))
    };
    let sent = set_out(&service, "county", "");
    let (code, state) = (issuer.grants(&sent, "seven"), encoded(&sent.fields["state"]));
    let foreign = set_out(&service, "county", "");
    let whole = format!("code={code}&state={state}");
    for (what, carried, query) in [
        ("no state", Some(&*sent.carried), format!("code={code}")),
        ("another's state", Some(&*sent.carried), format!("code={code}&state={}", foreign.fields["state"])),
        ("state twice", Some(&*sent.carried), format!("code={code}&state={state}&state={state}")),
        ("another browser", Some(&*foreign.carried), whole.clone()),
        ("no browser that asked", None, whole.clone()),
        ("what it carries bent", Some(&*format!("{}A", sent.carried)), whole.clone()),
    ] {
        let answer = back(carried, &query);
        assert!(answer.status == 409 && answer.text().contains("登录已失效"), "{what}: {}", answer.text());
        assert!(answer.header("set-cookie").is_none(), "{what}");
    }
    let foreign = back(Some(&sent.carried), &format!("{whole}&iss={}", encoded("https://other.example")));
    assert_eq!(foreign.status, 401, "the answer says that another gave it");
    assert_eq!(issuer.asked("token"), 1, "for none of these was the provider asked: once, when the account was bound");
    let good = back(Some(&sent.carried), &format!("{whole}&iss={}", encoded(&issuer.url)));
    assert!(onward(&good).contains("#pass&"), "and none of them has used it up");
    assert_eq!(back(Some(&sent.carried), &whole).status, 409, "it was used");
    let late = set_out(&service, "county", "");
    let code = issuer.grants(&late, "seven");
    service.pass_ms(10 * 60_000);
    assert_eq!(come_back(&service, "county", &late, &code).status, 409);
    assert_eq!(service.stranger().get("/sign-in/county/bind").status, 409);
    assert_eq!(service.stranger().form("/sign-in/county/bind", &[("code", "x"), ("pin", "y")]).status, 409);
}

#[test]
fn who_declines_at_the_provider_is_told_so_and_nothing_foreign_is_shown() {
    let (_issuer, service) = county();
    for (error, status, said) in
        [("access_denied", 403, "没有同意"), ("<script>alert(1)</script>", 401, "未能通过验证")]
    {
        let sent = set_out(&service, "county", "/zh/me/");
        let query =
            format!("error={}&error_description=%3Cb%3E&state={}", encoded(error), encoded(&sent.fields["state"]));
        let answer = service.stranger().with_cookie(&sent.carried).get(&format!("/sign-in/county/back?{query}"));
        assert!(answer.status == status && answer.text().contains(said), "{}", answer.text());
        assert!(!answer.text().contains("<b>") && !answer.text().contains("alert(1)"));
    }
}

#[test]
fn two_providers_are_not_taken_for_one_another() {
    let (one, two) = (Issuer::new(NOW_MS), Issuer::new(NOW_MS));
    let service = trusting(Base::File, &[("county", &one), ("school", &two)]);
    let (_, code) = newcomer(&service, Role::Learner, UNIT);
    bind(&service, &arrive(&service, &one, "seven", ""), &code, "258047");
    let sent = set_out(&service, "school", "");
    let answered = come_back(&service, "school", &sent, &two.grants(&sent, "seven"));
    assert_eq!(onward(&answered), "/sign-in/school/bind", "the same name at another issuer is nobody");
    let sent = set_out(&service, "school", "");
    let code = two.grants(&sent, "seven");
    assert_eq!(
        come_back(&service, "county", &sent, &code).status,
        409,
        "what was asked of one is no answer of the other"
    );
    let carried = service.stranger().with_cookie_of(&answered);
    assert_eq!(carried.get("/sign-in/county/bind").status, 409);
    assert_eq!(service.stranger().get("/sign-in/nobody").status, 404);
    assert_eq!(service.stranger().get("/sign-in/nobody/back?code=x&state=y").status, 404);
}

#[test]
fn a_provider_that_is_down_is_told_at_its_door_alone_and_not_asked_by_everyone() {
    let issuer = Issuer::new(NOW_MS);
    issuer.is_down(true);
    let service = trusting(Base::File, &[("county", &issuer)]);
    for _ in 0..5 {
        let away = service.stranger().get("/sign-in/county?to=/zh/me/");
        assert!(away.status == 503 && away.text().contains("暂时连不上"), "{}", away.text());
    }
    assert_eq!(issuer.asked("configuration"), 1);
    assert_eq!(service.stranger().get("/desk/sign-in").status, 200);
    issuer.is_down(false);
    service.pass_ms(10_000);
    let sent = set_out(&service, "county", "");
    let code = issuer.grants(&sent, "seven");
    issuer.is_down(true);
    assert_eq!(come_back(&service, "county", &sent, &code).status, 401, "it went down in between");
    service.pass_ms(86_400_000);
    set_out(&service, "county", "");
    assert!(issuer.asked("configuration") > 2, "it is asked again, and what it said before is used");
}

#[test]
fn what_a_provider_says_of_itself_is_held_to_what_was_named() {
    for (name, value) in [
        ("issuer", json!("https://another.example")),
        ("authorization_endpoint", json!("http://login.example/authorize")),
        ("authorization_endpoint", json!("javascript:alert(1)")),
        ("jwks_uri", json!("http://login.example/keys")),
        ("jwks_uri", json!(7)),
    ] {
        let issuer = Issuer::new(NOW_MS);
        issuer.says(name, value.clone());
        let service = trusting(Base::File, &[("county", &issuer)]);
        let answer = service.stranger().get("/sign-in/county");
        assert!(answer.status == 503 && answer.header("location").is_none(), "{name} {value}: {}", answer.text());
    }
}

#[test]
fn a_provider_that_says_nothing_keeps_nobody_waiting_for_long() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let mut issuer = Issuer::new(NOW_MS);
    issuer.url = format!("http://{}", silent.local_addr().expect("an address"));
    let service = trusting_for(Base::File, &[("county", &issuer)], Duration::from_millis(300));
    let began = Instant::now();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let ask = || service.stranger().get("/sign-in/county").status;
        let all: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
        all.into_iter().map(|one| one.join().expect("answered")).collect()
    });
    assert_eq!(statuses, [503; 8]);
    assert!(began.elapsed() < Duration::from_secs(10), "they wait together: {:?}", began.elapsed());
}

#[test]
fn every_fault_of_the_file_is_told_at_the_start_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    super::fixture::lay_out(folder.path());
    let file = folder.path().join("providers.toml");
    let refused = |text: &str, origin: &[&str]| {
        std::fs::write(&file, text).expect("written");
        let mut command = serving(folder.path(), "127.0.0.1:0");
        command.args(["--providers", &file.display().to_string()]).args(origin);
        let ended = command.output().expect("it runs");
        assert!(!ended.status.success());
        String::from_utf8_lossy(&ended.stderr).into_owned()
    };
    let origin = ["--origin", "https://walk.example"];
    assert!(refused("", &[]).contains("--origin"));
    assert!(refused("", &origin).contains("write [[provider]]"));
    assert!(refused("[[provider]\n", &origin).contains("line 1"));
    let said = refused(
        "colour = 1\n[[provider]]\nid = \"A b\"\nissuer = \"http://login.example\"\nsecret_env = \"RETRACE_NOT_SET\"\n\
         unit = \"7\"\ntitle = \"x\"\n[[provider]]\nid = \"two\"\nissuer = \"https://login.example\"\nclient = \"x\"\n\
         client_id = \"retrace\"\ntitle = { zh = \"县\", en = \"County\" }\nsecret_file = \"gone\"\n\
         unit = \"01900000-0000-7000-8000-000000000001\"\n[[provider]]\nid = \"two\"\nissuer = \"https://login.example\"\n\
         client_id = \"x\"\ntitle = { zh = \"县\", en = \"County\" }\nunit = \"01900000-0000-7000-8000-000000000001\"\n",
        &origin,
    );
    for fault in [
        "“colour” is not known",
        "provider 1 (A b): id is not as it should be",
        "provider 1 (A b): issuer is not",
        "provider 1 (A b): client_id is missing",
        "provider 1 (A b): title is missing or not whole",
        "provider 1 (A b): unit is not",
        "RETRACE_NOT_SET, which is not set",
        "“client” is not known",
        "secret_file gone cannot be read",
        "another provider has the id two",
        "another provider has the issuer",
        "provider 2 (two): there is no unit 01900000",
        "docs/sign-in.md",
    ] {
        assert!(said.contains(fault), "{fault}\n{said}");
    }
    let mut plain = serving(folder.path(), "127.0.0.1:0");
    let (mut child, address) = begin(&mut plain);
    let there = super::client::Client::new(address);
    assert_eq!(there.get("/v1/providers").json(), json!({ "providers": [] }));
    assert!(there.get("/sign-in/").text().contains("未接入单位账号"));
    child.kill().expect("it is killed");
    child.wait().expect("it has ended");
}

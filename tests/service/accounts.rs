//! Signing in by an account of one's unit: the way there and back, binding, unbinding, and who may.

use super::client::{Answer, Client, encoded};
use super::desk::token;
use super::fixture::{NOW_MS, lay_out};
use super::house::{Base, Service};
use super::issuer::{CLIENT, Issuer, SECRET, Sent};
use super::program::tend_at;
use super::store::audit;
use checkpoint::house::Settings;
use checkpoint::identity::code::Code;
use checkpoint::identity::provider::Listing;
use checkpoint::outside::{self, Outside};
use checkpoint::store::{Act, Binding, NewCode, NewPerson, Store, Unit};
use protocol::api::Role;
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

/// The unit whose provider is `county`.
pub const UNIT: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001);
/// One below it.
pub const BELOW: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0002);
/// One that has nothing to do with it.
pub const AWAY: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0003);

/// A service whose units and providers are these.
pub fn trusting(base: Base, issuers: &[(&str, &Issuer)]) -> Service {
    trusting_for(base, issuers, outside::PATIENCE)
}

/// The same, waiting no longer than this for a provider.
pub fn trusting_for(base: Base, issuers: &[(&str, &Issuer)], patience: Duration) -> Service {
    trusting_with(base, issuers, patience, |_| {})
}

/// The same, with other settings besides.
pub fn trusting_with(
    base: Base,
    issuers: &[(&str, &Issuer)],
    patience: Duration,
    settle: impl FnOnce(&mut Settings),
) -> Service {
    let folder = tempfile::tempdir().expect("a folder is made");
    lay_out(folder.path());
    let place = base.place(folder.path());
    let file = folder.path().join("providers.toml");
    let secret = folder.path().join("county.secret");
    std::fs::write(&secret, format!("{SECRET}\n")).expect("written");
    let entry = |(id, issuer): &(&str, &Issuer)| {
        format!(
            "[[provider]]\nid = \"{id}\"\ntitle = {{ zh = \"县统一账号 {id}\", en = \"County {id}\" }}\nissuer = \"{}\"\n\
             client_id = \"{CLIENT}\"\nsecret_file = \"county.secret\"\nunit = \"{UNIT}\"\n",
            issuer.url
        )
    };
    std::fs::write(&file, issuers.iter().map(entry).collect::<String>()).expect("written");
    let outside = Outside::new(None, patience).expect("it trusts");
    Service::prepared(folder, place, outside, async |settings, store| {
        for (id, parent) in [(UNIT, None), (BELOW, Some(UNIT)), (AWAY, None)] {
            let unit = Unit { id, name: format!("unit {id}"), parent };
            store.add_unit_below(unit, audit(id, Act::UnitMade, None)).await.expect("a unit is made");
        }
        let settled = Listing::read(&file).settled(store).await.expect("the store is read");
        settings.providers = settled.unwrap_or_else(|bad| panic!("{bad}"));
        settle(settings);
    })
}

/// Someone whose code nobody has used yet.
pub fn newcomer(service: &Service, role: Role, unit: Uuid) -> (Uuid, String) {
    let (id, code) = (Uuid::now_v7(), Code::fresh());
    let made = NewPerson {
        id,
        unit,
        role,
        name: format!("person {id}"),
        cohort: String::new(),
        code_key: code.key(&service.app.secrets),
        code_ends_ms: NOW_MS + 60_000,
        pin_hash: None,
    };
    assert!(service.runtime.block_on(service.app.store.add_person(made)).expect("a person is made"));
    (id, code.written())
}

/// Sets out for a provider.
pub fn set_out(service: &Service, provider: &str, to: &str) -> Sent {
    Sent::of(&service.stranger().get(&format!("/sign-in/{provider}?to={}", encoded(to))))
}

/// Comes back with this code, as the browser that set out.
pub fn come_back(service: &Service, provider: &str, sent: &Sent, code: &str) -> Answer {
    let query = format!("code={}&state={}", encoded(code), encoded(&sent.fields["state"]));
    service.stranger().with_cookie(&sent.carried).get(&format!("/sign-in/{provider}/back?{query}"))
}

/// Signs in at the provider and comes back.
pub fn arrive(service: &Service, issuer: &Issuer, subject: &str, to: &str) -> Answer {
    let sent = set_out(service, "county", to);
    come_back(service, "county", &sent, &issuer.grants(&sent, subject))
}

/// Where a page leads on to by itself.
pub fn onward(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let text = answer.text();
    let to = text.split("content=\"0;url=").nth(1).and_then(|rest| rest.split('"').next()).expect("it leads on");
    to.replace("&#38;", "&").replace("&amp;", "&")
}

/// Binds the account that an answer has asked about.
pub fn bind(service: &Service, asked: &Answer, code: &str, pin: &str) -> Answer {
    assert_eq!(onward(asked), "/sign-in/county/bind");
    let browser = service.stranger().with_cookie_of(asked);
    assert!(browser.get("/sign-in/county/bind").text().contains("name=\"code\""));
    browser.form("/sign-in/county/bind", &[("code", code), ("pin", pin)])
}

fn signed_in(service: &Service, answer: &Answer) -> Client {
    service.stranger().with_cookie_of(answer)
}

fn who(client: &Client) -> Uuid {
    client.get("/v1/session").json()["person"].as_str().and_then(|id| id.parse().ok()).expect("an id")
}

#[test]
fn an_account_is_bound_by_code_once_and_then_signs_in_by_itself() {
    Base::ALL.into_iter().for_each(binds_once);
}

fn binds_once(base: Base) {
    let issuer = Issuer::new(NOW_MS);
    let service = trusting(base, &[("county", &issuer)]);
    let (id, code) = newcomer(&service, Role::Trainer, BELOW);
    let (admin, _) = service.person(Role::Admin, "admin", Some(UNIT));
    let door = service.stranger().get("/desk/sign-in?to=/desk/people").text();
    assert!(door.contains("/sign-in/county?to=%2Fdesk%2Fpeople"), "{door}");
    let asked = arrive(&service, &issuer, "number 7", "/desk/people");
    assert!(!asked.header("set-cookie").expect("a cookie").starts_with("retrace="), "nobody is signed in yet");
    let bound = bind(&service, &asked, &code, "258047");
    assert_eq!(onward(&bound), "/desk/people");
    assert!(bound.header("set-cookie").is_some_and(|cookie| cookie.contains("SameSite=Strict")), "{bound:?}");
    let trainer = signed_in(&service, &bound);
    assert_eq!(who(&trainer), id);
    let own = trainer.get("/account").text();
    assert!(own.contains("县统一账号 county") && own.matches("<td").count() == 2, "{own}");
    // From now on the account alone; and code and PIN stay.
    service.pass_ms(60_000);
    let again = arrive(&service, &issuer, "number 7", "");
    assert_eq!((onward(&again), who(&signed_in(&service, &again))), ("/desk/".to_owned(), id));
    service.stranger().signed_in(&code, "258047");
    let listed = admin.get("/desk/people").text();
    let action = listed.split("action=\"").find(|rest| rest.contains("/bindings/")).expect("it can be unbound");
    let action = action.split('"').next().expect("an address");
    assert!(action.starts_with(&format!("/desk/people/{id}/bindings/")), "{action}");
    let form = token(&listed).expect("a form");
    assert_eq!(trainer.form(action, &[("token", &form)]).status, 403);
    assert_eq!(admin.form(action, &[("token", &form)]).status, 303);
    assert_eq!(admin.form(action, &[("token", &form)]).status, 404);
    assert_eq!(trainer.get("/v1/session").status, 401, "their sessions have ended");
    assert_eq!(onward(&arrive(&service, &issuer, "number 7", "")), "/sign-in/county/bind", "it is asked again");
    let log = admin.get("/desk/audit").text();
    for act in ["绑定单位账号", "用单位账号登录", "解除单位账号"] {
        assert!(log.contains(act), "{act} {log}");
    }
    let file = service.place.strip_prefix("sqlite:");
    let kept =
        file.map(|file| [file.to_owned(), format!("{file}-wal")].map(|file| std::fs::read(file).unwrap_or_default()));
    for bytes in kept.into_iter().flatten() {
        assert!(!bytes.windows(8).any(|part| part == b"number 7"), "which account it is, is kept nowhere");
    }
}

#[test]
fn a_learner_is_led_to_a_page_that_signs_in_by_a_pass_once() {
    let issuer = Issuer::new(NOW_MS);
    let service = trusting(Base::File, &[("county", &issuer)]);
    let (id, code) = newcomer(&service, Role::Learner, UNIT);
    let asked = arrive(&service, &issuer, "seven", "/en/hill/gate/");
    let led = bind(&service, &asked, &code, "258047");
    assert_eq!(onward(&led), "/en/sign-in/#pass&to=%2Fen%2Fhill%2Fgate%2F");
    let cookie = led.header("set-cookie").expect("a cookie");
    assert!(cookie.starts_with("retrace-pass=") && cookie.contains("SameSite=Strict"), "{cookie}");
    let show = |browser: &Client| browser.post("/v1/session", &json!({ "code": "pass", "pin": "000000" }));
    let browser = service.stranger().with_cookie_of(&led);
    let begun = show(&browser);
    assert_eq!((begun.status, who(&signed_in(&service, &begun))), (200, id));
    assert_eq!(show(&browser).status, 401, "once");
    assert_eq!(show(&service.stranger()).status, 401, "an address alone signs nobody in");
    let late = arrive(&service, &issuer, "seven", "");
    assert_eq!(onward(&late), "/zh/sign-in/#pass&to=%2Fzh%2Fme%2F");
    service.pass_ms(5 * 60_000);
    assert_eq!(show(&service.stranger().with_cookie_of(&late)).status, 401, "it has run out");
    // Pages of the service's own have the cookie at once; the desk is not a learner's.
    let course = arrive(&service, &issuer, "seven", "/course/hill.path");
    assert_eq!((onward(&course), who(&signed_in(&service, &course))), ("/course/hill.path".to_owned(), id));
    assert!(onward(&arrive(&service, &issuer, "seven", "/desk/people")).ends_with("to=%2Fzh%2Fme%2F"));
}

#[test]
fn an_account_opens_nothing_outside_its_providers_unit() {
    let issuer = Issuer::new(NOW_MS);
    let service = trusting(Base::File, &[("county", &issuer)]);
    let (_, code) = newcomer(&service, Role::Learner, AWAY);
    let asked = arrive(&service, &issuer, "seven", "");
    let refused = bind(&service, &asked, &code, "258047");
    assert!(refused.status == 403 && refused.text().contains("不属于此单位") || refused.text().contains("只供该单位"));
    // Bound while they were of the unit, they are let in no more once they are not: here, bound behind the service's back.
    let (id, _) = newcomer(&service, Role::Learner, AWAY);
    let key =
        service.app.secrets.derive(checkpoint::secrets::Purpose::Account, format!("{}\nmoved", issuer.url).as_bytes());
    let binding = Binding {
        id: Uuid::now_v7(),
        person: id,
        issuer: issuer.url.clone(),
        account_key: key,
        made_ms: 1,
        used_ms: None,
    };
    let said = audit(AWAY, Act::AccountBound, Some(id));
    assert!(service.runtime.block_on(service.app.store.add_binding(binding, said)).expect("bound"));
    assert_eq!(arrive(&service, &issuer, "moved", "").status, 403);
}

#[test]
fn wrong_codes_lock_as_at_any_sign_in_and_one_account_is_one_persons() {
    let issuer = Issuer::new(NOW_MS);
    let service = trusting(Base::File, &[("county", &issuer)]);
    let people: Vec<_> = (0..3).map(|_| newcomer(&service, Role::Learner, UNIT)).collect();
    let asked = arrive(&service, &issuer, "seven", "");
    let trivial = bind(&service, &asked, &people[0].1, "123456");
    assert!(trivial.status == 422 && trivial.text().contains("太容易猜到"), "{}", trivial.text());
    for _ in 0..4 {
        assert_eq!(bind(&service, &asked, "ZZZZ-ZZZZ", "258047").status, 401);
    }
    let locked = bind(&service, &asked, "ZZZZ-ZZZZ", "258047");
    assert!(locked.status == 429 && locked.text().contains("30 秒"), "{}", locked.text());
    assert_eq!(bind(&service, &asked, &people[0].1, "258047").status, 200);
    let second = bind(&service, &asked, &people[1].1, "258047");
    assert!(second.status == 409 && second.text().contains("已绑定别人"), "{}", second.text());
    let other = arrive(&service, &issuer, "eight", "");
    assert_eq!(bind(&service, &other, &people[0].1, "258047").status, 409, "one account of an issuer each");
    // Two people at the same moment, by the same account.
    let asked = [arrive(&service, &issuer, "nine", ""), arrive(&service, &issuer, "nine", "")];
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let service = &service;
        let bind = |(asked, (_, code)): (_, &(Uuid, String))| {
            let code = code.clone();
            scope.spawn(move || bind(service, asked, &code, "258047").status)
        };
        let both: Vec<_> = asked.iter().zip(&people[1..]).map(bind).collect();
        both.into_iter().map(|one| one.join().expect("answered")).collect()
    });
    assert!(statuses == [200, 409] || statuses == [409, 200], "{statuses:?}");
}

#[test]
fn an_erased_persons_binding_is_gone() {
    let issuer = Issuer::new(NOW_MS);
    let service = trusting(Base::File, &[("county", &issuer)]);
    let (id, code) = newcomer(&service, Role::Learner, UNIT);
    bind(&service, &arrive(&service, &issuer, "seven", ""), &code, "258047");
    let bindings = || service.runtime.block_on(service.app.store.bindings_of(id)).expect("read");
    assert_eq!(bindings().len(), 1);
    let words = ["--person", &id.to_string(), "--by", "county office", "--reason", "asked for it"];
    let erased = tend_at("erase", &service.place, &words, Some(&"07".repeat(32)));
    assert_eq!((erased.code, bindings()), (0, vec![]), "{erased:?}");
    assert_eq!(onward(&arrive(&service, &issuer, "seven", "")), "/sign-in/county/bind");
}

/// What every store must do with bindings.
pub async fn accounts_are_one_persons_until_a_new_code(store: &impl Store, unit: Uuid, one: Uuid, two: Uuid) {
    let binding = |person, key: u8, issuer: &str| {
        let (id, issuer) = (Uuid::now_v7(), issuer.to_owned());
        Binding { id, person, issuer, account_key: [key; 32], made_ms: i64::from(key), used_ms: None }
    };
    let said = |act| audit(unit, act, Some(one));
    let add = async |each: &Binding| store.add_binding(each.clone(), said(Act::AccountBound)).await.expect("answered");
    let first = binding(one, 201, "https://a.example");
    assert!(add(&first).await);
    assert!(!add(&binding(two, 201, "https://a.example")).await, "an account is one person's");
    assert!(!add(&binding(one, 202, "https://a.example")).await, "a person has one of an issuer");
    let second = binding(one, 203, "https://b.example");
    assert!(add(&second).await && add(&binding(two, 204, "https://a.example")).await);
    assert_eq!(store.bindings_of(one).await.expect("read"), [first.clone(), second]);
    assert_eq!(store.bindings_of_unit(unit).await.expect("read").len(), 3);
    assert!(store.bindings_of_unit(Uuid::now_v7()).await.expect("read").is_empty());
    let (person, seen) = store.binding([201; 32]).await.expect("read").expect("there");
    assert_eq!((person.id, seen), (one, first.clone()));
    assert!(store.use_binding(first.id, 9, said(Act::AccountUsed)).await.expect("used"));
    assert_eq!(store.bindings_of(one).await.expect("read")[0].used_ms, Some(9));
    let remove =
        async |person| store.remove_binding(person, first.id, said(Act::AccountUnbound)).await.expect("answered");
    store.open_session([99; 32], one, 1, 1_000).await.expect("a session is begun");
    assert!(!remove(two).await, "of this person alone");
    assert!(store.session([99; 32], 2).await.expect("read").is_some());
    assert!(remove(one).await && !remove(one).await);
    assert!(store.session([99; 32], 2).await.expect("read").is_none());
    assert!(store.binding([201; 32]).await.expect("read").is_none());
    assert!(!store.use_binding(first.id, 9, said(Act::AccountUsed)).await.expect("answered"));
    let acts: Vec<Act> =
        store.audits(unit, Some(one), i64::MAX, 4).await.expect("read").iter().map(|entry| entry.said.act).collect();
    assert_eq!(acts[..2], [Act::AccountUnbound, Act::AccountUsed], "what came to nothing is not written down");
    assert!(store.renew_code(one, NewCode { key: [78; 32], ends_ms: 5 }, None).await.expect("renewed"));
    assert!(store.bindings_of(one).await.expect("read").is_empty(), "whoever is given a new code begins anew");
    assert_eq!(store.bindings_of(two).await.expect("read").len(), 1);
}

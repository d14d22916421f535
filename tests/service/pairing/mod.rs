//! A hall's kiosk and one learner, paired for one visit (RFC 8628): every state, from both sides, and whoever tries more.

mod hostile;
pub mod kept;

use super::client::{Answer, Client};
use super::desk::page_of;
use super::fixture::{RIGHT, alone, answered, batch, completed, results, whole_walk};
use super::house::{Base, Service};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use checkpoint::store::pairing::{CODE_LASTS_MS, IDLE_MS, SESSION_MS};
use serde_json::json;

const JSON: (&str, &str) = ("content-type", "application/json");
const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A kiosk as its settings have it.
pub struct Terminal {
    client: Client,
    pub id: String,
    key: String,
}

/// What a kiosk was given to show.
pub struct Shown {
    pub device_code: String,
    pub user_code: String,
}

impl Terminal {
    /// Enrolled by the demo admin at the desk.
    pub fn enrolled(service: &Service, name: &str) -> Self {
        let admin = service.demo_admin();
        let fields = [("name", name), ("site", "hill"), ("id", &uuid::Uuid::now_v7().to_string())];
        let page = admin.form("/desk/kiosks", &[&fields[..], &[("token", &token_of(&admin, "/desk/kiosks"))]].concat());
        assert_eq!(page.status, 200, "{}", page.text());
        let text = page.text();
        let code = |from: &str| {
            let rest = text.split(from).nth(1).and_then(|rest| rest.split("<code>").nth(1)).expect("a code is shown");
            rest.split('<').next().expect("it ends").to_owned()
        };
        Self { client: service.stranger(), id: code("client_id"), key: code("client_secret") }
    }

    /// Sends a form with number and key.
    pub fn form(&self, path: &str, more: &[(&str, &str)]) -> Answer {
        let own = [("client_id", &*self.id), ("client_secret", &*self.key)];
        self.client.form(path, &[&own, more].concat())
    }

    /// Asks with number and key as the Basic scheme carries them.
    pub fn send(&self, method: &str, path: &str, body: &serde_json::Value) -> Answer {
        let body = if method == "GET" { String::new() } else { body.to_string() };
        self.client.send(method, path, &[("authorization", &self.basic()), JSON], body.as_bytes())
    }

    /// Sends something that is said to be of this type.
    pub fn send_as(&self, kind: &str, path: &str, body: &str) -> Answer {
        let headers = [("authorization", &*self.basic()), ("content-type", kind)];
        self.client.send("POST", path, &headers, body.as_bytes())
    }

    fn basic(&self) -> String {
        format!("Basic {}", STANDARD.encode(format!("{}:{}", self.id, self.key)))
    }

    pub fn ask(&self) -> Shown {
        let answer = self.form("/v1/device/code", &[]);
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let text = |name: &str| answer.json()[name].as_str().expect("a text").to_owned();
        assert!(text("verification_uri_complete").ends_with(&format!("/pair?code={}", text("user_code"))));
        Shown { device_code: text("device_code"), user_code: text("user_code") }
    }

    pub fn poll(&self, shown: &Shown) -> Answer {
        self.form("/v1/device/token", &[("grant_type", GRANT), ("device_code", &shown.device_code)])
    }

    /// The word of the refusal.
    fn hears(&self, shown: &Shown) -> String {
        error_of(&self.poll(shown))
    }

    /// Takes the token up.
    pub fn begin(&self, shown: &Shown) -> Client {
        let answer = self.poll(shown);
        assert_eq!(answer.status, 200, "{}", answer.text());
        let body = answer.json();
        assert_eq!((body["token_type"].clone(), body["expires_in"].clone()), (json!("Bearer"), json!(3600)));
        self.client.clone().with_bearer(body["access_token"].as_str().expect("a token"))
    }

    /// Paired with this learner.
    pub fn paired(&self, learner: &Client) -> Client {
        let shown = self.ask();
        assert_eq!(decide(learner, &shown.user_code, true).status, 200);
        self.begin(&shown)
    }
}

fn error_of(answer: &Answer) -> String {
    let body = answer.json();
    assert!(!body["words"]["zh"].as_str().unwrap_or_default().is_empty(), "{body}");
    let said = body["error_description"].as_str().expect("a description");
    assert!(said.bytes().all(|byte| (b' '..=b'~').contains(&byte) && byte != b'"' && byte != b'\\'), "{said}");
    body["error"].as_str().expect("an error").to_owned()
}

pub fn token_of(client: &Client, path: &str) -> String {
    let page = client.get(path).text();
    let rest = page.split("name=\"token\" value=\"").nth(1).expect("a form");
    rest.split('"').next().expect("it ends").to_owned()
}

pub fn see(who: &Client, code: &str) -> Answer {
    who.get(&format!("/v1/device/approve?user_code={}", code.replace(' ', "+")))
}

/// Decides as somebody does who has looked first.
pub fn decide(who: &Client, code: &str, accept: bool) -> Answer {
    let kiosk = see(who, code).json()["kiosk"].clone();
    who.post("/v1/device/approve", &json!({ "user_code": code, "kiosk": kiosk, "accept": accept }))
}

#[test]
fn a_learner_lets_a_kiosk_record_one_visit_and_it_counts_as_shown_by_the_hall() {
    Base::ALL.into_iter().for_each(one_visit);
}

fn one_visit(base: Base) {
    let service = Service::with_demo_on(base);
    let (kiosk, learner) = (Terminal::enrolled(&service, "头显 3"), service.learner(1));
    let shown = kiosk.ask();
    assert_eq!(kiosk.hears(&shown), "authorization_pending");
    let page = learner.get(&format!("/pair?code={}", shown.user_code.to_lowercase())).text();
    for seen in ["Hill（中）", "头显 3", "示例单位", &shown.user_code, "示例学员甲", "同意"] {
        assert!(page.contains(seen), "{seen}: {page}");
    }
    let kiosk_id =
        page.split("name=\"kiosk\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a kiosk");
    let token = token_of(&learner, &format!("/pair?code={}", shown.user_code));
    let fields = [("token", &*token), ("code", &*shown.user_code), ("kiosk", kiosk_id), ("answer", "accept")];
    let accepted = learner.form("/pair", &fields);
    assert!(accepted.status == 200 && accepted.text().contains("已同意"), "{}", accepted.text());
    let paired = kiosk.begin(&shown);
    let walk = whole_walk();
    let sent = paired.post("/v1/events", &batch(&walk)).json();
    assert_eq!(results(&sent), ["stored"; 4], "{sent}");
    let again = paired.post("/v1/events", &batch(&walk)).json();
    assert_eq!(results(&again), ["duplicate"; 4], "what is sent twice by the kiosk is there once");
    let attempt = paired.post("/v1/quizzes/hill.gate/attempts", &answered("gate", RIGHT)).json();
    assert_eq!(attempt["grade"]["right"], json!(true));
    let progress = learner.get("/v1/me/progress").json();
    assert_eq!(progress["walks"][0]["state"], json!("waiting"), "it is the learner's own record");
    let desk = service.trainer().get(&page_of(&learner)).text();
    assert!(desk.contains("class=\"level\">E2") && desk.contains("凭证：纪念馆终端"), "{desk}");
    let mark = &kiosk.id.replace('-', "")[24..];
    assert!(desk.contains(&format!("终端 {mark}")), "the desk says which");
    // The device itself cannot say so.
    let mut forged = completed("gate");
    forged["kind"]["further"] = json!([{ "method": "kiosk", "kiosk": kiosk.id }]);
    for who in [&paired, &learner] {
        assert_eq!(results(&who.post("/v1/events", &alone(&forged)).json()), ["rejected"]);
    }
    assert_eq!(paired.send("DELETE", "/v1/device/token", &[], b"").status, 204);
    assert_eq!(paired.post("/v1/events", &alone(&completed("gate"))).status, 401, "it has ended");
}

#[test]
fn every_refusal_of_the_standard_is_heard_in_its_place() {
    let service = Service::with_demo();
    let (kiosk, other, learner) =
        (Terminal::enrolled(&service, "one"), Terminal::enrolled(&service, "two"), service.learner(1));
    let shown = kiosk.ask();
    assert_eq!(other.hears(&shown), "invalid_grant", "another kiosk's code is nobody's");
    assert_eq!(kiosk.hears(&shown), "authorization_pending");
    assert_eq!(kiosk.hears(&shown), "slow_down");
    service.pass_ms(9_999);
    assert_eq!(kiosk.hears(&shown), "slow_down", "ten seconds now");
    service.pass_ms(14_999);
    assert_eq!(kiosk.hears(&shown), "slow_down", "fifteen");
    service.pass_ms(20_000);
    assert_eq!(kiosk.hears(&shown), "authorization_pending");
    service.pass_ms(CODE_LASTS_MS);
    assert_eq!(kiosk.hears(&shown), "expired_token");
    assert_eq!(see(&learner, &shown.user_code).status, 404, "and nobody can accept it any more");

    let refused = kiosk.ask();
    assert_eq!(kiosk.hears(&shown), "invalid_grant", "the new code took its place");
    assert_eq!(decide(&learner, &refused.user_code, false).json()["standing"], "refused");
    assert_eq!(kiosk.hears(&refused), "access_denied");
    assert_eq!(decide(&learner, &refused.user_code, true).status, 409, "what was refused stays refused");

    let accepted = kiosk.ask();
    for _ in 0..2 {
        assert_eq!(decide(&learner, &accepted.user_code, true).status, 200, "accepting twice is accepting");
    }
    assert_eq!(decide(&service.learner(2), &accepted.user_code, true).status, 409, "another comes too late");
    let session = kiosk.begin(&accepted);
    assert_eq!(kiosk.hears(&accepted), "invalid_grant", "the token is given once");
    assert_eq!(session.get("/v1/device/token").json(), json!({ "idle_in": 180 }));

    let grant = [("grant_type", "password"), ("device_code", "x")];
    assert_eq!(error_of(&kiosk.form("/v1/device/token", &grant)), "unsupported_grant_type");
    assert_eq!(error_of(&kiosk.form("/v1/device/token", &[("grant_type", GRANT)])), "invalid_request");
    assert_eq!(error_of(&kiosk.form("/v1/device/code", &[("client_id", "again")])), "invalid_request");
    assert_eq!(error_of(&kiosk.client.post("/v1/device/code", &json!({ "client_id": kiosk.id }))), "invalid_request");
    for (id, key) in [(&*kiosk.id, &*other.key), (&*kiosk.id, ""), ("", &*kiosk.key), ("\0", "x")] {
        let answer = kiosk.client.form("/v1/device/code", &[("client_id", id), ("client_secret", key)]);
        assert_eq!((answer.status, &*error_of(&answer)), (401, "invalid_client"));
        assert!(answer.header("www-authenticate").is_some());
    }
}

#[test]
fn a_session_ends_when_nobody_is_there_after_an_hour_and_with_a_clock_set_back() {
    Base::ALL.into_iter().for_each(sessions_end);
}

fn sessions_end(base: Base) {
    let service = Service::with_demo_on(base);
    let (kiosk, learner) = (Terminal::enrolled(&service, "one"), service.learner(1));
    let is_alive = |session: &Client| session.get("/v1/device/token").status == 200;
    let idle = kiosk.paired(&learner);
    service.pass_ms(IDLE_MS - 1);
    assert!(is_alive(&idle), "a sign of life");
    service.pass_ms(IDLE_MS - 1);
    assert!(is_alive(&idle));
    service.pass_ms(IDLE_MS);
    assert!(!is_alive(&idle));
    assert_eq!(idle.post("/v1/events", &alone(&completed("gate"))).status, 401);
    let long = kiosk.paired(&learner);
    for _ in 0..SESSION_MS / (IDLE_MS - 1) {
        service.pass_ms(IDLE_MS - 1);
        assert!(is_alive(&long));
    }
    service.pass_ms(IDLE_MS - 1);
    assert!(!is_alive(&long), "an hour is over, whoever is there");
    let set_back = kiosk.paired(&learner);
    service.pass_ms(-30_000);
    assert!(is_alive(&set_back), "half a minute is how clocks are set right");
    service.pass_ms(-86_400_000);
    assert!(!is_alive(&set_back));
    let shown = kiosk.ask();
    service.pass_ms(-86_400_000);
    assert_eq!(kiosk.hears(&shown), "expired_token", "no code outlasts its time");
    assert_eq!(see(&service.learner(1), &shown.user_code).status, 404);
}

#[test]
fn two_kiosks_and_two_learners_at_once_never_mix() {
    Base::ALL.into_iter().for_each(never_mix);
}

fn never_mix(base: Base) {
    let service = Service::with_demo_on(base);
    let (left, right) = (Terminal::enrolled(&service, "left"), Terminal::enrolled(&service, "right"));
    let (one, two) = (service.learner(1), service.learner(2));
    let (at_left, at_right) = (left.ask(), right.ask());
    let decided: Vec<u16> = std::thread::scope(|scope| {
        let both = [(&one, &at_right), (&two, &at_left)]
            .map(|(who, shown)| scope.spawn(move || decide(who, &shown.user_code, true).status));
        both.into_iter().map(|each| each.join().expect("decided")).collect()
    });
    assert_eq!(decided, [200, 200]);
    let (of_two, of_one) = (left.begin(&at_left), right.begin(&at_right));
    for (paired, own, station) in [(&of_one, &one, "gate"), (&of_two, &two, "well")] {
        assert_eq!(results(&paired.post("/v1/events", &alone(&completed(station))).json()), ["stored"]);
        let walks = own.get("/v1/me/progress").json()["walks"].clone();
        let done = |at: usize| walks[0]["stations"][at]["reasons"].clone();
        assert_ne!(done(0), done(1), "{station} alone is there: {walks}");
        assert_eq!(walks.as_array().map(Vec::len), Some(1));
    }
    // What one learner's kiosk has sent is nobody else's, even with the same id.
    let event = completed("gate");
    assert_eq!(results(&of_one.post("/v1/events", &alone(&event)).json()), ["stored"]);
    assert_eq!(results(&of_two.post("/v1/events", &alone(&event)).json()), ["conflict"]);
    // Who goes to another kiosk has left the first; who comes to a kiosk is alone there.
    let moved = left.paired(&one);
    let alive = |session: &Client| session.get("/v1/device/token").status;
    assert_eq!((alive(&moved), alive(&of_one), alive(&of_two)), (200, 401, 401));
    let shown = left.ask();
    assert_eq!(alive(&moved), 401, "asking anew ends what was: whoever comes next finds nobody there");
    assert_eq!(left.hears(&shown), "authorization_pending");
}

#[test]
fn signing_in_on_the_way_leads_back_to_the_code_and_the_page_stands_on_its_own() {
    let service = Service::with_demo();
    let kiosk = Terminal::enrolled(&service, "one");
    let to = format!("/pair?code={}", kiosk.ask().user_code);
    let door = service.stranger().get(&to);
    assert_eq!(door.status, 303);
    let door = door.header("location").expect("a way").to_owned();
    assert!(service.stranger().get(&door).text().contains("先登录，再连接终端"));
    let learner = &checkpoint::demo::PEOPLE[1];
    let fields = [("to", &*to), ("code", learner.code), ("pin", learner.pin)];
    let entered = service.stranger().form("/desk/sign-in", &fields);
    assert_eq!(entered.header("location"), Some(&*to));
    let english = service.stranger().with_cookie_of(&entered).with_cookie("desk-lang=en");
    let page = english.get(&to).text();
    assert!(page.contains("Accept") && page.contains("Hill") && !page.contains("Trainer’s desk"), "{page}");
    let stale = english.form("/pair", &[("token", "x"), ("code", "x"), ("kiosk", "x"), ("answer", "accept")]);
    assert!(stale.status == 403 && stale.text().contains("out of date"));
    let page = english.get("/pair?code=ZZZZ-ZZZZ");
    assert!(page.status == 404 && page.text().contains("role=\"alert\""), "what is wrong stands above the form");
}

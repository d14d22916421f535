//! The learning record store over HTTP: what other systems send and read.

use super::client::{Answer, Client};
use super::house::{Base, Service};
use super::statements::statement;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use checkpoint::secrets::digest;
use checkpoint::store::statements::{Scope, SystemCredential};
use checkpoint::store::{Act, NewAudit};
use checkpoint::xapi::serve::secret_hash;
use serde_json::{Value, json};
use uuid::Uuid;

/// Another system, with its credential.
pub struct System {
    pub client: Client,
    authorization: String,
    pub version: &'static str,
}

impl System {
    /// With a credential of the unit that may do this.
    pub fn of(service: &Service, unit: Uuid, scope: Scope) -> Self {
        let key = Uuid::now_v7().simple().to_string();
        let credential = SystemCredential {
            key: key.clone(),
            unit,
            name: "system".to_owned(),
            scope,
            secret_hash: secret_hash("secret"),
            made_ms: 0,
            ended_ms: None,
        };
        let act = Act::SystemCredentialMade;
        let audit = NewAudit { at_ms: 0, who: unit, unit, act, about: None, detail: String::new() };
        assert!(service.runtime.block_on(service.app.store.add_system_credential(credential, audit)).expect("made"));
        Self { client: service.stranger(), authorization: basic(&key, "secret"), version: "2.0.0" }
    }

    /// What it shows.
    pub fn authorization(&self) -> &str {
        &self.authorization
    }

    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let own = [("authorization", &*self.authorization), ("x-experience-api-version", self.version)];
        self.client.send(method, &format!("/xapi{path}"), &[&own, headers].concat(), body)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, &[("content-type", "application/json")], body.to_string().as_bytes())
    }

    /// Ids of the statements that a query finds, through all its pages.
    pub fn ids(&self, query: &str) -> Vec<String> {
        let mut path = format!("/statements?{query}");
        let mut found = Vec::new();
        while !path.is_empty() {
            let answer = self.get(&path);
            assert_eq!(answer.status, 200, "{path}: {}", answer.text());
            let answer = answer.json();
            found.extend(
                answer["statements"]
                    .as_array()
                    .expect("statements")
                    .iter()
                    .map(|each| each["id"].as_str().expect("an id").to_owned()),
            );
            path = answer["more"].as_str().expect("more").replacen("/xapi", "", 1);
        }
        found
    }
}

fn basic(key: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{key}:{secret}")))
}

/// A unit of its own.
pub fn unit(service: &Service) -> Uuid {
    let unit = Uuid::now_v7();
    service.runtime.block_on(service.app.store.add_unit(unit, "unit".to_owned())).expect("a unit");
    unit
}

fn words(answer: &Answer) -> String {
    answer.json()["words"].to_string()
}

#[test]
fn an_administrator_makes_a_credential_whose_secret_is_shown_once_and_revokes_it() {
    let service = Service::with_demo();
    let admin = service.demo_admin();
    let page = admin.get("/desk/systems").text();
    let value = |page: &str, mark: &str| {
        page.split(mark).nth(1).and_then(|rest| rest.split(['"', '<']).next()).map(str::to_owned)
    };
    let (token, id) = (
        value(&page, "name=\"token\" value=\"").expect("a token"),
        value(&page, "name=\"id\" value=\"").expect("an id"),
    );
    let unit = service.demo_unit().to_string();
    let fields =
        [("token", &*token), ("id", &*id), ("name", "县学习平台"), ("unit", &*unit), ("scope", "statements/read")];
    let made = admin.form("/desk/systems", &fields).text();
    let mut shown = made.split("long-secret\">").skip(1).filter_map(|rest| rest.split('<').next());
    let (key, secret) = (shown.next().expect("a key").to_owned(), shown.next().expect("a secret").to_owned());
    assert_eq!((made.contains("县学习平台"), secret.len()), (true, 64));
    assert_eq!(admin.form("/desk/systems", &fields).status, 422, "the same form makes no second one");
    assert!(!admin.get("/desk/systems").text().contains(&secret));
    let system = System { client: service.stranger(), authorization: basic(&key, &secret), version: "1.0.3" };
    assert_eq!(system.get("/statements").status, 200);
    let refused = system.post("/statements", &statement(Uuid::now_v7(), "1", "https://a.example"));
    assert!(refused.status == 403 && words(&refused).contains("凭证的权限"), "{}", refused.text());
    assert_eq!(system.get("/activities/state?activityId=https://a.example").status, 403);
    let wrong = System { client: service.stranger(), authorization: basic(&key, "wrong"), version: "1.0.3" };
    assert_eq!(wrong.get("/statements").status, 401);
    let (foreign, _) = service.person(protocol::api::Role::Admin, "foreign", None);
    let foreign_token = value(&foreign.get("/desk/systems").text(), "name=\"token\" value=\"").expect("a token");
    let path = format!("/desk/systems/{key}/end");
    assert_eq!(foreign.form(&path, &[("token", &foreign_token)]).status, 404, "another unit's is not said to exist");
    assert_eq!(admin.form(&path, &[("token", &token)]).status, 303);
    let ended = system.get("/statements");
    assert_eq!((ended.status, ended.header("www-authenticate").is_some()), (401, true));
    let audit = admin.get("/desk/audit").text();
    assert!(audit.contains("发放系统凭证") && audit.contains("撤销系统凭证") && !audit.contains(&secret), "{audit}");
    for _ in 0..60 {
        wrong.get("/statements");
    }
    let waits = wrong.get("/statements");
    assert_eq!((waits.status, waits.header("retry-after").is_some()), (429, true), "who guesses waits");
}

#[test]
fn statements_are_stored_once_all_or_none_and_read_back() {
    Base::ALL.into_iter().for_each(stored_once);
}

fn stored_once(base: Base) {
    let service = Service::empty_on(base);
    let system = System::of(&service, unit(&service), Scope::All);
    let [one, two] = [(); 2].map(|()| Uuid::now_v7());
    let said = |id, agent: &str| statement(id, agent, "https://a.example/1");
    let stored = system.post("/statements", &json!([said(one, "1"), said(two, "2")]));
    assert_eq!((stored.status, stored.json()), (200, json!([one, two])), "{}", stored.text());
    let path = format!("/statements?statementId={one}");
    let put =
        |body: &Value| system.send("PUT", &path, &[("content-type", "application/json")], body.to_string().as_bytes());
    assert_eq!(
        (put(&said(one, "1")).status, put(&said(one, "9")).status, put(&said(two, "1")).status),
        (204, 409, 400)
    );
    let three = Uuid::now_v7();
    let mixed = system.post("/statements", &json!([said(three, "3"), said(one, "9")]));
    assert!(mixed.status == 409 && words(&mixed).contains(&one.to_string()), "{}", mixed.text());
    assert_eq!(system.get(&format!("/statements?statementId={three}")).status, 404);
    assert_eq!(system.post("/statements", &json!([said(three, "3"), said(three, "3")])).status, 400);
    let read = system.get(&path);
    let kept = read.json();
    assert_eq!((&kept["actor"], &kept["stored"]), (&said(one, "1")["actor"], &kept["timestamp"]));
    assert_eq!(kept["authority"]["name"], "system");
    assert!(read.header("last-modified").is_some() && read.header("x-experience-api-consistent-through").is_some());
    assert_eq!(system.ids("limit=1"), [two.to_string(), one.to_string()], "through all pages");
    assert_eq!(system.ids("limit=1&ascending=true"), [one.to_string(), two.to_string()]);
    let agent = "agent=%7B%22account%22:%7B%22homePage%22:%22https://school.example%22,%22name%22:%221%22%7D%7D";
    assert_eq!(system.ids(agent), [one.to_string()]);
    assert_eq!(System::of(&service, unit(&service), Scope::All).ids(""), [""; 0], "another unit has its own");
    let nulled = system.post("/statements", &json!({ "actor": null }));
    assert!(nulled.status == 400 && words(&nulled).contains("actor: must not be null"), "{}", nulled.text());
}

#[test]
fn the_same_id_from_many_at_once_is_one_statement() {
    let service = Service::empty();
    let system = System::of(&service, unit(&service), Scope::All);
    let race = |id: Uuid, differ: bool| {
        std::thread::scope(|scope| {
            let sent: Vec<_> = (0..32)
                .map(|number: usize| {
                    let agent = if differ { number.to_string() } else { "1".to_owned() };
                    let body = statement(id, &agent, "https://a.example/1");
                    let system = &system;
                    scope.spawn(move || system.post("/statements", &body).status)
                })
                .collect();
            sent.into_iter().map(|sent| sent.join().expect("answered")).filter(|status| *status == 200).count()
        })
    };
    assert_eq!((race(Uuid::now_v7(), false), race(Uuid::now_v7(), true)), (32, 1));
    assert_eq!(system.ids("").len(), 2);
}

/// A body of `multipart/mixed` with statements and one attachment that is said to have this digest.
pub fn mixed(statements: &Value, sha2: &str, content: &[u8]) -> Vec<u8> {
    let head =
        format!("--b\r\nContent-Type: application/json\r\n\r\n{statements}\r\n--b\r\nContent-Type: text/plain\r\n");
    let named = format!("Content-Transfer-Encoding: binary\r\nX-Experience-API-Hash: {sha2}\r\n\r\n");
    [head.as_bytes(), named.as_bytes(), content, b"\r\n--b--\r\n"].concat()
}

pub const MIXED: (&str, &str) = ("content-type", "multipart/mixed; boundary=b");

pub fn with_attachment(mut statement: Value, usage: &str, kind: &str, content: &[u8]) -> (Value, String) {
    let sha2 = checkpoint::secrets::hex(&digest(content));
    statement["attachments"] = json!([{
        "usageType": usage, "display": { "en": "a" }, "contentType": kind, "length": content.len(), "sha2": sha2,
    }]);
    (statement, sha2)
}

#[test]
fn attachments_come_with_their_digest_and_go_back_as_they_came() {
    let service = Service::empty();
    let system = System::of(&service, unit(&service), Scope::All);
    let content = b"\0not\r\n--text\xff";
    let (said, sha2) = with_attachment(
        statement(Uuid::now_v7(), "1", "https://a.example"),
        "https://u.example",
        "text/plain",
        content,
    );
    assert_eq!(system.post("/statements", &said).status, 400, "nothing came along");
    let send = |body: &[u8]| system.send("POST", "/statements", &[MIXED], body);
    for broken in [
        mixed(&said, &"0".repeat(64), content),
        mixed(&said, &sha2, b"other"),
        mixed(&statement(Uuid::now_v7(), "1", "https://a.example"), &sha2, content),
        b"--b\r\n\r\n".to_vec(),
        b"--c--".to_vec(),
        b"\r\n".repeat(1000),
    ] {
        assert_eq!(send(&broken).status, 400, "{}", String::from_utf8_lossy(&broken));
    }
    let stored = send(&mixed(&said, &sha2, content));
    assert_eq!(stored.status, 200, "{}", stored.text());
    let back = system.get("/statements?attachments=true");
    assert!(back.header("content-type").is_some_and(|kind| kind.starts_with("multipart/mixed; boundary=")));
    assert!(back.body.windows(content.len()).any(|part| part == content));
    assert!(!system.get("/statements").text().contains("not\r\n"));
}

#[test]
fn a_signature_is_held_to_its_statement_and_to_its_certificate() {
    let service = Service::empty();
    let system = System::of(&service, unit(&service), Scope::All);
    // Made once with OpenSSL: RS256 with a certificate of its own (x5c).
    let jws = include_str!("signed/statement.jws");
    let payload = jws.split('.').nth(1).expect("a payload");
    let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).expect("base64");
    let said: Value = serde_json::from_slice(&payload).expect("JSON");
    let usage = "http://adlnet.gov/expapi/attachments/signature";
    let send = |said: &Value, kind: &str, jws: &str| {
        let (said, sha2) = with_attachment(said.clone(), usage, kind, jws.as_bytes());
        system.send("POST", "/statements", &[MIXED], &mixed(&said, &sha2, jws.as_bytes()))
    };
    let binary = "application/octet-stream";
    let mut other = said.clone();
    other["verb"]["id"] = json!("https://v.example/other");
    assert_eq!(send(&other, binary, jws).status, 400, "another statement than was signed");
    let (signed, seal) = jws.rsplit_once('.').expect("a seal");
    let flipped = format!("{signed}.{}{}", if seal.starts_with('A') { 'B' } else { 'A' }, &seal[1..]);
    let refused = send(&said, binary, &flipped);
    assert!(refused.status == 400 && words(&refused).contains("x5c"), "{}", refused.text());
    for broken in ["", "a.b", "a.b.c", "...", "eyJhbGciOiJub25lIn0.e30."] {
        assert_eq!(send(&said, binary, broken).status, 400, "{broken}");
    }
    assert_eq!(send(&said, "text/plain", jws).status, 400);
    let stored = send(&said, binary, jws);
    assert_eq!(stored.status, 200, "{}", stored.text());
}

#[test]
fn documents_are_guarded_by_their_tags_and_merged() {
    Base::ALL.into_iter().for_each(guarded);
}

fn guarded(base: Base) {
    let service = Service::empty_on(base);
    let system = System::of(&service, unit(&service), Scope::All);
    let path = "/activities/profile?activityId=https://a.example&profileId=p";
    let json_kind = ("content-type", "application/json");
    let put = |tag: Option<(&'static str, &str)>, body: &str| {
        let headers: Vec<(&str, &str)> = std::iter::once(json_kind).chain(tag).collect();
        system.send("PUT", path, &headers, body.as_bytes()).status
    };
    assert_eq!((put(Some(("if-none-match", "*")), r#"{"a":1}"#), put(Some(("if-none-match", "*")), "{}")), (204, 412));
    assert_eq!((put(None, "{}"), put(Some(("if-match", "\"0\"")), "{}")), (409, 412));
    let tag = system.get(path).header("etag").expect("a tag").to_owned();
    assert_eq!(put(Some(("if-match", &tag)), r#"{"a":2,"b":2}"#), 204);
    assert_eq!(system.send("POST", path, &[json_kind], br#"{"b":3}"#).status, 204);
    assert_eq!(system.get(path).json(), json!({ "a": 2, "b": 3 }));
    assert_eq!(system.send("POST", path, &[json_kind], b"[]").status, 400);
    assert_eq!(system.send("POST", path, &[("content-type", "text/plain")], b"x").status, 400);
    assert_eq!(system.get("/activities/profile?activityId=https://a.example").json(), json!(["p"]));
    assert_eq!(
        system.get("/activities/profile?activityId=https://a.example&since=2099-01-01T00:00:00Z").json(),
        json!([])
    );
    assert_eq!(system.send("DELETE", path, &[("if-match", "\"0\"")], b"").status, 412);
    assert_eq!((system.send("DELETE", path, &[], b"").status, system.get(path).status), (204, 404));
    for bad in ["activityId=x&profileId=p", "profileId=p", "activityId=https://a.example&profileId=p&x=1"] {
        assert_eq!(system.get(&format!("/activities/profile?{bad}")).status, 400, "{bad}");
    }
    // As many at once as merge: nobody's part is lost.
    std::thread::scope(|scope| {
        for number in 0..6 {
            let (system, body) = (&system, json!({ number.to_string(): number }));
            scope.spawn(move || assert_eq!(system.post(path, &body).status, 204));
        }
    });
    assert_eq!(system.get(path).json().as_object().map(serde_json::Map::len), Some(6));
}

#[test]
fn each_edition_is_spoken_as_it_is_and_hostile_requests_cost_little() {
    let service = Service::empty();
    let mut system = System::of(&service, unit(&service), Scope::All);
    assert_eq!(system.get("/about").header("x-experience-api-version"), Some("2.0.0"));
    let form = ("content-type", "application/x-www-form-urlencoded");
    let folded = |system: &System| system.send("POST", "/statements?method=GET", &[form], b"limit=1").status;
    assert_eq!(folded(&system), 400, "2.0 has no alternate syntax");
    for (version, status) in [("1.0", 200), ("1.0.3", 200), ("1.1.0", 400), ("0.95", 400), ("", 400)] {
        system.version = version;
        assert_eq!(folded(&system), status, "{version}");
    }
    system.version = "1.0.3";
    assert_eq!(system.get("/statements").header("x-experience-api-version"), Some("1.0.3"));
    for bad in [
        "verb=x",
        "agent=x",
        "agent=%7B%7D",
        "limit=-1",
        "since=now",
        "past=1",
        "Verb=https://v.example",
        "format=all",
        "limit=1&limit=1",
    ] {
        let refused = system.get(&format!("/statements?{bad}"));
        assert_eq!(refused.status, 400, "{bad}");
        assert!(!refused.json()["words"]["zh"].as_str().unwrap_or_default().is_empty());
    }
    let json_kind = [("content-type", "application/json")];
    for hostile in [&b"["[..], b"\xff", b"null", b"[]", b"{\"actor\":1,\"actor\":1}", "[".repeat(200_000).as_bytes()] {
        assert_eq!(system.send("POST", "/statements", &json_kind, hostile).status, 400);
    }
    let many: Vec<Value> = (0..501).map(|_| statement(Uuid::now_v7(), "1", "https://a.example")).collect();
    assert_eq!(system.post("/statements", &json!(many)).status, 400);
    let mut crowded = statement(Uuid::now_v7(), "1", "https://a.example");
    let others: Vec<Value> = (0..20_000).map(|number| json!({ "id": format!("https://a.example/{number}") })).collect();
    crowded["context"] = json!({ "contextActivities": { "other": others } });
    assert_eq!(system.post("/statements", &crowded).status, 413);
    let length = (checkpoint::xapi::serve::MOST_BODY_BYTES + 1).to_string();
    let own = [("authorization", &*system.authorization), ("content-length", &*length)];
    assert_eq!(system.client.send_raw("POST", "/xapi/statements", &own, b"").status, 413);
    let asked = system.client.send("OPTIONS", "/xapi/statements", &[("origin", "https://lms.example")], b"");
    assert_eq!((asked.status, asked.header("access-control-allow-origin")), (204, Some("*")));
    let foreign = system.send(
        "POST",
        "/statements",
        &[json_kind[0], ("origin", "https://lms.example")],
        statement(Uuid::now_v7(), "1", "https://a.example").to_string().as_bytes(),
    );
    assert_eq!(foreign.status, 200, "a page elsewhere that has a credential may send");
}

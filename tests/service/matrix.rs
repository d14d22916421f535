//! G6: the generated authorisation matrix. Every route of the real router is asked by everyone there is, each in a world
//! of their own, and the outcome is held to the reviewed table in `matrix.txt`.

use super::accounts::trusting_with;
use super::client::Answer;
use super::fixture::{NOW_MS, alone, answered};
use super::house::{Base, Service};
use super::issuer::Issuer;
use super::roster::{draft_in, upload};
use super::world::{Stand, World, world};
use checkpoint::house::Settings;
use checkpoint::outside;
use checkpoint::routes::{Route, table};
use checkpoint::secrets::random;
use checkpoint::store::{Act, Binding, Kind, Kiosk, NewAudit, NewEntry, Store};
use checkpoint::walk::Share;
use checkpoint::year::{Year, text_digest};
use heritage::Hours;
use heritage::assessment::Annual;
use protocol::api::Role;
use std::collections::BTreeSet;
use std::fmt::Write;
use uuid::Uuid;

/// What was reviewed. A cell is the status of the answer; `r` says that it told something of the learner who was asked
/// about, `w` that something was written about that learner or into their unit, and `door` that the way led to sign-in.
const REVIEWED: &str = include_str!("matrix.txt");

/// Addresses that are opened as they stand.
const PLAIN: &[&str] = &[
    "/",
    "/.well-known/did.json",
    "/account",
    "/certificates/{course}",
    "/course/{course}",
    "/desk",
    "/desk/",
    "/desk/audit",
    "/desk/codes",
    "/desk/commended",
    "/desk/displays",
    "/desk/fairness",
    "/desk/forwarding",
    "/desk/keys.js",
    "/desk/kiosks",
    "/desk/language/{lang}",
    "/desk/lead",
    "/desk/lead.js",
    "/desk/lead/{visit}",
    "/desk/lead/{visit}/events",
    "/desk/passkey.js",
    "/desk/passkeys",
    "/desk/people",
    "/desk/report",
    "/desk/report.csv",
    "/desk/report.txt",
    "/desk/report.xlsx",
    "/desk/roster",
    "/desk/roster/sample.csv",
    "/desk/sign-in",
    "/desk/style.css",
    "/desk/systems",
    "/desk/theme.js",
    "/desk/units",
    "/desk/walks/{person}/{course}",
    "/desk/walks/{person}/{course}/certificate",
    "/healthz",
    "/metrics",
    "/pair",
    "/problems/{kind}",
    "/readyz",
    "/sign-in/",
    "/sign-in/{provider}",
    "/sign-in/{provider}/back",
    "/sign-in/{provider}/bind",
    "/v1/device/token",
    "/v1/kiosk",
    "/v1/led/{code}",
    "/v1/led/{code}/events",
    "/v1/log/checkpoint",
    "/v1/log/key",
    "/v1/openapi.json",
    "/v1/providers",
];

/// Addresses whose forms say nothing but whom they are about.
const BARE: &[&str] = &[
    "/desk/kiosks/{kiosk}/withdraw",
    "/desk/passkeys/{passkey}/remove",
    "/desk/people/{person}/bindings/{binding}/remove",
    "/desk/people/{person}/code",
    "/desk/people/{person}/pin",
    "/desk/sign-out",
    "/desk/systems/{key}/end",
];

/// Everyone who asks: the name of the column, what they are and where they stand.
const ASKING: [(&str, Role, Stand); 17] = [
    ("nobody", Role::Learner, Stand::Nobody),
    ("expired", Role::Learner, Stand::Expired),
    ("learner", Role::Learner, Stand::Own),
    ("l-other", Role::Learner, Stand::Home),
    ("l-away", Role::Learner, Stand::Away),
    ("trainer", Role::Trainer, Stand::Home),
    ("t-away", Role::Trainer, Stand::Away),
    ("t-above", Role::Trainer, Stand::Above),
    ("t-below", Role::Trainer, Stand::Below),
    ("mentor", Role::Mentor, Stand::Home),
    ("m-away", Role::Mentor, Stand::Away),
    ("auditor", Role::Auditor, Stand::Home),
    ("au-away", Role::Auditor, Stand::Away),
    ("admin", Role::Admin, Stand::Home),
    ("ad-away", Role::Admin, Stand::Away),
    ("ad-abov", Role::Admin, Stand::Above),
    ("ad-belo", Role::Admin, Stand::Below),
];

impl World {
    /// An address about the learner.
    fn named(&self, path: &str) -> String {
        let (person, key, led) = (self.target.to_string(), &self.key, self.led.written());
        let names = [
            ("{person}", &*person),
            ("{kiosk}", &person),
            ("{visit}", &person),
            ("{code}", &led),
            ("{passkey}", &person),
            ("{course}", "hill.path"),
            ("{lang}", "zh"),
            ("{kind}", "wait"),
            ("{binding}", &person),
            ("{provider}", "county"),
            ("{key}", key),
        ];
        names.into_iter().fold(path.to_owned(), |path, (place, name)| path.replace(place, name))
    }

    /// Sends what a page of the service would send to this route, about the learner. A route that is not listed fails.
    #[expect(clippy::too_many_lines, reason = "one entry for each route")]
    pub fn ask(&self, route: &Route, last_seq: i64) -> Answer {
        let (person, fresh) = (self.target.to_string(), Uuid::now_v7().to_string());
        let path = self.named(route.path);
        let form = |fields: &[(&str, &str)]| {
            let own = [("token", &*self.token), ("id", &*fresh)];
            self.client.form(&path, &[&own, fields].concat())
        };
        // A page names whose record it keeps: the learner's, whoever is signed in.
        let json = |path: &str, body: &serde_json::Value| {
            let headers = [("content-type", "application/json"), ("retrace-person", &*person)];
            self.client.send("POST", path, &headers, body.to_string().as_bytes())
        };
        let read = |path: &str| self.client.send("GET", path, &[("retrace-person", &*person)], b"");
        match (route.method.as_str(), route.path) {
            ("GET", "/v1/device/approve") => self.client.get("/v1/device/approve?user_code=BCDF-GHJK"),
            ("POST", "/v1/device/code" | "/v1/device/token") => {
                form(&[("client_id", &person), ("client_secret", "guessed")])
            }
            ("POST", "/v1/device/approve") => {
                json(&path, &serde_json::json!({ "user_code": "BCDF-GHJK", "kiosk": person, "accept": true }))
            }
            ("GET", "/vouch") => self.client.get(&format!("/vouch?code={}", self.companion)),
            ("POST", "/vouch" | "/claim") => form(&[("code", &self.companion)]),
            ("GET", "/claim") => self.client.get(&format!("/claim?code={}", self.companion)),
            ("POST", "/v1/kiosk/visits") => json(&path, &serde_json::json!({ "visits": [{}], "sent_at_ms": 0 })),
            ("POST", "/pair") => form(&[("code", "BCDF-GHJK"), ("kiosk", &person), ("answer", "accept")]),
            ("POST", "/desk/codes") => form(&[("person", &person)]),
            ("POST", "/desk/kiosks") => {
                form(&[("name", "headset"), ("site", "hill"), ("unit", &self.home.to_string())])
            }
            ("GET", "/v1/courses/{id}") => self.client.get("/v1/courses/hill.path"),
            ("GET", "/v1/session" | "/v1/me/progress") => read(&path),
            ("GET", "/v1/events/{id}/proof") => self.client.get(&format!("/v1/events/{}/proof", self.last)),
            ("GET", "/v1/credentials/{id}") => self.client.get(&format!("/v1/credentials/{}", self.decision)),
            ("GET", "/v1/credentials/status/{list}") => self.client.get("/v1/credentials/status/0"),
            ("GET", "/v1/log/consistency/{from}") => self.client.get("/v1/log/consistency/0"),
            ("GET", "/v1/log/tile/{level}/{*index}") => self.client.get("/v1/log/tile/0/000.p/1"),
            ("GET", "/admin/first") => self.client.get("/admin/first?token=guessed"),
            ("POST", "/course/{course}") => form(&[("what", "draft"), ("text", "a beginning")]),
            ("POST", "/desk/walks/{person}/{course}/rating") => {
                let of = last_seq.to_string();
                form(&[("of", &of), ("level-0", "3"), ("level-1", "3"), ("level-2", "3")])
            }
            ("GET", "/on-site/{station}") => self.client.get("/on-site/hill.gate"),
            ("POST", "/on-site/{station}") => {
                self.client.form("/on-site/hill.gate", &[("token", &*self.token), ("id", &*fresh), ("answer", "49")])
            }
            ("GET", "/display/{station}") => self.client.get("/display/hill.gate?key=guessed"),
            ("GET", "/desk/walks.csv") => self.client.get("/desk/walks.csv?state=all"),
            ("GET", plain) if PLAIN.contains(&plain) => self.client.get(&path),
            ("DELETE", "/v1/session" | "/v1/device/token") => self.client.send("DELETE", &path, &[], b""),
            // A cookie opens nothing here: what asks is another system, by a credential of its own.
            (method, path) if path.starts_with("/xapi/") => {
                self.client.send(method, path, &[("x-experience-api-version", "2.0.0")], b"")
            }
            ("POST", "/desk/lead") => form(&[("route", "hill.path")]),
            ("POST", "/desk/lead/{visit}") => form(&[("do", "finish")]),
            ("POST", "/v1/led/{code}/seen") => json(&path, &serde_json::json!({ "follower": fresh, "revision": 0 })),
            ("POST", "/desk/forwarding") => form(&[("store", "nowhere"), ("what", "now")]),
            ("POST", "/desk/systems") => {
                form(&[("name", "somebody"), ("scope", "all"), ("unit", &self.home.to_string())])
            }
            ("POST", "/v1/session") => self.client.post(&path, &serde_json::json!({ "code": "guessed", "pin": "" })),
            ("POST", "/v1/events") => json(&path, &alone(&answered("gate", 0))),
            ("POST", "/v1/walks/{id}/appeal") => {
                json("/v1/walks/hill.path/appeal", &serde_json::json!({ "id": fresh, "reason": "look again" }))
            }
            ("POST", "/desk/walks/{person}/{course}/recheck") => {
                let ticket = format!("{person}/hill.path/{last_seq}/{fresh}");
                form(&[("opinion", "disagree"), ("note", "too quick"), ("walk", &ticket)])
            }
            ("POST", "/v1/quizzes/{id}/attempts") => json("/v1/quizzes/hill.gate/attempts", &answered("gate", 0)),
            ("POST", "/desk/sign-in/passkey") => form(&[("challenge", &fresh), ("answer", "{}")]),
            ("POST", "/desk/passkeys") => form(&[("challenge", &fresh), ("answer", "{}"), ("name", "mine")]),
            ("POST", "/desk/sign-in" | "/sign-in/{provider}/bind") => form(&[("code", "guessed"), ("pin", "")]),
            ("POST", bare) if BARE.contains(&bare) => form(&[]),
            ("POST", "/admin/first") => {
                let names = [("link", "guessed"), ("unit", "unit"), ("name", "name")];
                form(&[&names[..], &[("pin", "258047"), ("again", "258047")]].concat())
            }
            ("POST", "/desk/decide") => {
                let ticket = format!("{person}/hill.path/{last_seq}/{fresh}");
                form(&[("decision", "confirm"), ("walk", &ticket)])
            }
            ("POST", "/desk/walks/{person}/{course}/attest") => {
                form(&[("basis", "list"), ("scope", "all"), ("reason", "the list of 1 June")])
            }
            ("POST", "/desk/people") => {
                form(&[("name", "somebody"), ("role", "learner"), ("unit", &self.home.to_string())])
            }
            ("POST", "/desk/report") => {
                let (target, annual) = (Hours::from_tenths(320), Annual::new(2026));
                let year = Year { unit: self.home, year: 2026, target, upto: 0, annual };
                let (unit, digest) = (self.home.to_string(), text_digest(&year));
                let year = [("year", "2026"), ("upto", "0"), ("target", "32.0")];
                form(&[&year[..], &[("unit", &unit), ("digest", &digest)]].concat())
            }
            ("POST", "/desk/units") => form(&[("name", "one more"), ("above", &self.home.to_string())]),
            ("POST", "/desk/roster") => self.upload(),
            ("POST", "/desk/roster/confirm") => {
                let draft = draft_in(&self.upload().text()).unwrap_or_else(|| fresh.clone());
                form(&[("draft", &draft)])
            }
            (method, path) => panic!("{method} {path} has no entry in the matrix: say how it is asked"),
        }
    }

    /// Sends a list that names somebody for the learner's unit.
    fn upload(&self) -> Answer {
        upload(&self.client, &self.token, "list.csv", format!("name,unit\nsomebody,unit {}\n", self.home).as_bytes())
    }

    /// Everything there is about the learner and their unit, to see whether something was written.
    async fn kept(&self, store: &dyn Store) -> String {
        let (log, people) = (store.log_of(self.target).await, store.people_of(self.home).await);
        let (units, kiosks) = (store.units_below(self.home).await, store.kiosks_of(self.home).await);
        let mut closed = store.closed_reports().await.expect("reports are read");
        closed.retain(|entry| entry.said.body.contains(&self.home.to_string()));
        let (credentials, bindings) =
            (store.system_credentials_of(self.home).await, store.bindings_of(self.target).await);
        let claims = store.claims_of(self.target, NOW_MS).await;
        format!("{claims:?} {log:?} {people:?} {units:?} {kiosks:?} {closed:?} {credentials:?} {bindings:?}")
    }

    /// Brings the walk to where the route is for: a decision of somebody who asks nothing.
    pub async fn prepare(&self, store: &dyn Store, route: &Route) {
        if route.path == "/desk/walks/{person}/{course}/rating" {
            let body = serde_json::json!({ "text": "told", "levels": [1, 2, 3], "course": 2 }).to_string();
            return self.keep(store, Kind::Reflected, body).await;
        }
        let kind = match route.path {
            "/desk/kiosks/{kiosk}/withdraw" => {
                let kiosk = Kiosk {
                    id: self.target,
                    unit: self.home,
                    unit_name: String::new(),
                    site: heritage::SiteId::new("hill").expect("a name"),
                    name: "headset".to_owned(),
                    enrolled_ms: NOW_MS,
                    withdrawn_ms: None,
                };
                let (who, unit, act) = (self.target, self.home, Act::KioskEnrolled);
                let audit = NewAudit { at_ms: NOW_MS, who, unit, act, about: None, detail: String::new() };
                assert!(store.add_kiosk(kiosk, audit).await.expect("a kiosk is enrolled"));
                return;
            }
            "/desk/people/{person}/bindings/{binding}/remove" => {
                let (person, issuer, account_key) = (self.target, "https://login.example".to_owned(), random::<32>());
                let binding = Binding { id: person, person, issuer, account_key, made_ms: NOW_MS, used_ms: None };
                let said = super::store::audit(self.home, Act::AccountBound, Some(person));
                assert!(store.add_binding(binding, said).await.expect("an account is bound"));
                return;
            }
            path if path.contains("/{visit}") || path.starts_with("/v1/led/") => {
                return super::led::prepare(self, store).await;
            }
            "/v1/walks/{id}/appeal" => Kind::Returned,
            "/desk/walks/{person}/{course}/recheck"
            | "/desk/walks/{person}/{course}/certificate"
            | "/certificates/{course}"
            | "/v1/credentials/{id}" => Kind::Confirmed,
            _ => return,
        };
        let body = serde_json::json!({ "note": "", "rule_version": 3, "hours": 5, "seen_seq": 0 }).to_string();
        self.keep(store, kind, body).await;
    }

    async fn keep(&self, store: &dyn Store, kind: Kind, body: String) {
        let entry = NewEntry {
            site: heritage::SiteId::new("hill").ok(),
            route: heritage::RouteId::new("path").ok(),
            ..NewEntry::about(self.decision, kind, (self.target, self.target), NOW_MS, body)
        };
        store.append(vec![entry]).await.expect("an entry is kept");
    }

    /// The cell: what came of the question.
    fn cell(&self, service: &Service, route: &Route) -> String {
        let store = &*service.app.store;
        service.runtime.block_on(self.prepare(store, route));
        let last_seq = service.runtime.block_on(store.log_of(self.target)).expect("read").last().map_or(0, |e| e.seq);
        let before = service.runtime.block_on(self.kept(store));
        let answer = self.ask(route, last_seq);
        let written = before != service.runtime.block_on(self.kept(store));
        if answer.header("location").is_some_and(|to| to.starts_with("/desk/sign-in?to=")) {
            return "door".to_owned();
        }
        let told = answer.text().contains(&self.name)
            || answer.text().contains("\"entry\":\"")
            || answer.text().contains("\"walks\":[{")
            || (route.path == "/v1/credentials/{id}" && answer.status == 200);
        format!("{}{}{}", answer.status, if told { "r" } else { "" }, if written { "w" } else { "" })
    }
}

fn row(service: &Service, route: &Route) -> String {
    let mut row = format!("{:6} {:41}", route.method.as_str(), route.path);
    for (_, role, stand) in ASKING {
        let cell = service.runtime.block_on(world(service, role, stand)).cell(service, route);
        write!(row, " {cell:7}").expect("a String is written to");
    }
    row.trim_end().to_owned()
}

#[test]
fn g6_every_route_answers_everyone_as_reviewed() {
    Base::ALL.into_iter().for_each(answers_as_reviewed);
}

fn answers_as_reviewed(base: Base) {
    let issuer = Issuer::new(NOW_MS);
    let settle = |settings: &mut Settings| settings.rechecked = Share::ALL;
    let service = trusting_with(base, &[("county", &issuer)], outside::PATIENCE, settle);
    let mut found = format!("{:6} {:41}", "", "");
    for (name, ..) in ASKING {
        write!(found, " {name:7}").expect("a String is written to");
    }
    let mut found = vec![found.trim_end().to_owned()];
    let mut routes = table();
    routes.sort_by_key(|route| (route.path, route.method.to_string()));
    // Routes share nothing but the store, so that a few are asked side by side.
    let part = routes.len().div_ceil(4);
    let rows: Vec<String> = std::thread::scope(|scope| {
        let asked = |routes: &[Route]| routes.iter().map(|route| row(&service, route)).collect::<Vec<_>>();
        let parts: Vec<_> = routes.chunks(part).map(|routes| scope.spawn(move || asked(routes))).collect();
        parts.into_iter().flat_map(|part| part.join().expect("every route is asked")).collect()
    });
    found.extend(rows);
    let reviewed: Vec<&str> = REVIEWED.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
    assert!(found == reviewed, "the matrix is not as reviewed; it is now\n{}", found.join("\n"));
    println!(
        "F11: {} routes asked by {} people each, on a {}: every answer as reviewed",
        routes.len(),
        ASKING.len(),
        base.name()
    );
}

#[test]
fn g6_no_route_takes_another_method_from_anyone() {
    let service = Service::empty();
    let admin = service.runtime.block_on(world(&service, Role::Admin, Stand::Home));
    let routes = table();
    let mut refused = 0;
    for path in routes.iter().map(|route| route.path).collect::<BTreeSet<_>>() {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            if routes.iter().any(|route| route.path == path && route.method == method) {
                continue;
            }
            let path = admin.named(path);
            assert_eq!(admin.client.send(method, &path, &[], b"").status, 405, "{method} {path}");
            refused += 1;
        }
    }
    println!("F11: {refused} methods that no route takes: 405 each");
}

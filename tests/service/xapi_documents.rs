//! Documents of other systems: state, activity profiles and agent profiles, in both editions.

use super::client::{Answer, encoded};
use super::house::{Base, Service};
use super::xapi::{System, unit};
use checkpoint::store::statements::Scope;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

pub const EDITIONS: [&str; 2] = ["2.0.0", "1.0.3"];
const JSON: (&str, &str) = ("content-type", "application/json");
const TEXT: (&str, &str) = ("content-type", "text/plain; charset=utf-8");
const NEW: (&str, &str) = ("if-none-match", "*");

/// An agent as a parameter.
pub fn agent(name: &str) -> String {
    encoded(&json!({ "account": { "homePage": "https://school.example", "name": name } }).to_string())
}

/// Where a system keeps documents.
struct Shelf<'a> {
    system: &'a System,
    path: String,
    name: &'static str,
}

impl<'a> Shelf<'a> {
    fn state(system: &'a System, who: &str) -> Self {
        let path = format!("/activities/state?activityId=https://a.example&agent={}", agent(who));
        Self { system, path, name: "stateId" }
    }

    fn activity(system: &'a System) -> Self {
        Self { system, path: "/activities/profile?activityId=https://a.example".to_owned(), name: "profileId" }
    }

    fn agent(system: &'a System, who: &str) -> Self {
        Self { system, path: format!("/agents/profile?agent={}", agent(who)), name: "profileId" }
    }

    fn with(mut self, more: &str) -> Self {
        self.path.push_str(more);
        self
    }

    fn send(&self, method: &str, id: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.system.send(method, &format!("{}&{}={id}", self.path, self.name), headers, body.as_bytes())
    }

    fn put(&self, id: &str, headers: &[(&str, &str)], body: &str) -> u16 {
        self.send("PUT", id, &[&[JSON], headers].concat(), body).status
    }

    fn merge(&self, id: &str, headers: &[(&str, &str)], body: &str) -> u16 {
        self.send("POST", id, &[&[JSON], headers].concat(), body).status
    }

    fn get(&self, id: &str) -> Answer {
        self.send("GET", id, &[], "")
    }

    fn tag(&self, id: &str) -> String {
        self.get(id).header("etag").expect("a tag").to_owned()
    }

    fn ids(&self, more: &str) -> BTreeSet<String> {
        let answer = self.system.get(&format!("{}{more}", self.path));
        assert_eq!(answer.status, 200, "{}", answer.text());
        serde_json::from_value(answer.json()).expect("ids")
    }
}

fn set(ids: &[&str]) -> BTreeSet<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

/// In each edition, in a file and on a server, with a credential for everything.
fn everywhere(holds: impl Fn(&Service, &System)) {
    for base in Base::ALL {
        let service = Service::empty_on(base);
        for edition in EDITIONS {
            let mut system = System::of(&service, unit(&service), Scope::All);
            system.version = edition;
            holds(&service, &system);
        }
    }
}

#[test]
fn a_state_is_written_read_merged_and_guarded() {
    everywhere(|_, system| {
        let (state, edition) = (Shelf::state(system, "1"), system.version);
        assert_eq!((state.get("s").status, state.send("DELETE", "s", &[], "").status), (404, 204));
        assert_eq!((state.put("s", &[], r#"{"a":1,"b":{"c":1}}"#), state.put("s", &[NEW], "{}")), (204, 412));
        let read = state.get("s");
        assert_eq!((read.text().as_str(), read.header("content-type")), (r#"{"a":1,"b":{"c":1}}"#, Some(JSON.1)));
        assert_eq!(read.header("etag"), Some("\"6b67e4000e6504b4d0641732e2a117d91c0dfdb0\""), "SHA-1, as 1.0.3 asks");
        assert!(read.header("last-modified").is_some());
        assert_eq!(read.header("x-experience-api-version"), Some(edition));
        let head = state.send("HEAD", "s", &[], "");
        assert_eq!((head.status, head.body.len(), head.header("etag")), (200, 0, read.header("etag")));
        // What is in one member is replaced, not merged.
        assert_eq!(state.merge("s", &[], r#"{"b":{"d":2},"e":[3]}"#), 204);
        assert_eq!(state.get("s").json(), json!({ "a": 1, "b": { "d": 2 }, "e": [3] }));
        let (old, seen) = (read.header("etag").expect("a tag"), state.tag("s"));
        for (method, stale) in [("PUT", ("if-match", old)), ("POST", ("if-match", old)), ("DELETE", ("if-match", old))]
        {
            assert_eq!(state.send(method, "s", &[JSON, stale], "{}").status, 412, "{method}");
        }
        assert_eq!(state.merge("s", &[("if-none-match", &seen)], "{}"), 412, "it is as it was seen");
        assert_eq!(state.tag("s"), seen, "nothing has changed");
        // 1.0.3 leaves the state to whoever writes last; 2.0 does not.
        assert_eq!(state.put("s", &[], "[1]"), if edition == "2.0.0" { 409 } else { 204 });
        assert_eq!(state.put("s", &[("if-match", &state.tag("s"))], "[2]"), 204);
        assert_eq!((state.merge("s", &[], "{}"), state.get("s").text().as_str()), (400, "[2]"), "no object");
        assert_eq!(state.send("PUT", "s", &[TEXT, ("if-match", "*")], "文本").status, 204);
        assert_eq!(state.merge("s", &[], "{}"), 400, "nothing merges with a text");
        let text = state.get("s");
        assert_eq!((text.text().as_str(), text.header("content-type")), ("文本", Some(TEXT.1)));
        assert_eq!((state.merge("new", &[], r#"{"a":1}"#), state.merge("other", &[], "[1]")), (204, 400));
        assert_eq!(state.ids(""), set(&["s", "new"]));
        assert_eq!(state.send("DELETE", "s", &[("if-match", &state.tag("s"))], "").status, 204);
        assert_eq!((state.get("s").status, state.ids("")), (404, set(&["new"])));
    });
}

#[test]
fn states_are_listed_since_a_time_and_cleared_by_registration() {
    everywhere(|service, system| {
        let walk = Uuid::now_v7();
        let (plain, other) = (Shelf::state(system, "1"), Shelf::state(system, "2"));
        let registered = Shelf::state(system, "1").with(&format!("&registration={walk}"));
        assert_eq!((plain.put("early", &[], "{}"), other.put("early", &[], "1")), (204, 204));
        let since = encoded(plain.get("early").header("last-modified").expect("a time"));
        service.pass_ms(1_500);
        assert_eq!((plain.put("late", &[], "{}"), registered.put("late", &[], "7")), (204, 204));
        assert_eq!((plain.get("late").text().as_str(), registered.get("late").text().as_str()), ("{}", "7"));
        let written = |text: &str| format!("&since={text}");
        assert_eq!(plain.ids(""), set(&["early", "late"]), "each name once");
        assert_eq!(plain.ids(&written("2000-01-01T00:00:00Z")).len(), 2);
        assert_eq!(plain.ids(&written("2026-06-01T00:00:00.500Z")), set(&["late"]));
        assert_eq!(plain.ids(&written("2099-01-01T00:00:00%2B08:00")), set(&[]));
        assert_eq!((registered.ids(""), registered.get("early").status), (set(&["late"]), 404));
        assert_eq!(system.get(&format!("{}&since={since}", plain.path)).status, 400, "no ISO 8601");
        let clear = |shelf: &Shelf<'_>| system.send("DELETE", &shelf.path, &[], b"").status;
        assert_eq!((clear(&registered), registered.ids(""), plain.ids("").len()), (204, set(&[]), 2));
        assert_eq!(registered.put("again", &[], "1"), 204);
        assert_eq!(
            (clear(&plain), plain.ids(""), registered.ids("")),
            (204, set(&[]), set(&[])),
            "of any registration"
        );
        assert_eq!(other.ids(""), set(&["early"]), "somebody else's stay");
        service.pass_ms(-1_500);
    });
}

#[test]
fn profiles_are_written_only_by_who_has_seen_them() {
    everywhere(|_, system| {
        for profile in [Shelf::activity(system), Shelf::agent(system, "1")] {
            let (path, is_two) = (&profile.path, system.version == "2.0.0");
            assert_eq!(profile.put("p", &[], "{}"), if is_two { 204 } else { 400 }, "{path}: nothing said");
            assert_eq!(profile.put("q", &[NEW], r#"{"a":1}"#), 204, "{path}");
            assert_eq!((profile.put("q", &[], "{}"), profile.put("q", &[NEW], "{}")), (409, 412), "{path}");
            assert_eq!(profile.put("none", &[("if-match", "*")], "{}"), 412, "{path}: nothing is there");
            let seen = profile.tag("q");
            let several = format!("\"0\", {seen}");
            assert_eq!(profile.put("q", &[("if-match", &several)], r#"{"a":2}"#), 204, "{path}: one of several");
            assert_eq!(profile.put("q", &[("if-match", &seen)], "{}"), 412, "{path}: as it was before");
            assert_eq!(
                (profile.merge("q", &[], r#"{"b":3}"#), profile.get("q").json()),
                (204, json!({ "a": 2, "b": 3 }))
            );
            assert_eq!(profile.ids(""), if is_two { set(&["p", "q"]) } else { set(&["q"]) }, "{path}");
            assert_eq!(profile.ids("&since=2099-01-01T00:00:00Z"), set(&[]), "{path}");
            assert_eq!(system.send("DELETE", path, &[], b"").status, 400, "{path}: never all at once");
            assert_eq!(profile.send("DELETE", "q", &[("if-match", &seen)], "").status, 412, "{path}");
            assert_eq!((profile.send("DELETE", "q", &[], "").status, profile.get("q").status), (204, 404), "{path}");
        }
    });
}

#[test]
fn of_many_who_write_at_once_one_is_right_and_the_others_are_told() {
    everywhere(|_, system| {
        for shelf in [Shelf::state(system, "1"), Shelf::activity(system), Shelf::agent(system, "1")] {
            let race = |header: (&str, &str)| {
                let mut all = std::thread::scope(|scope| {
                    let sent: Vec<_> = (0..8)
                        .map(|number| {
                            let shelf = &shelf;
                            scope.spawn(move || (shelf.put("r", &[header], &number.to_string()), number))
                        })
                        .collect();
                    sent.into_iter().map(|sent| sent.join().expect("answered")).collect::<Vec<_>>()
                });
                all.sort_unstable();
                let statuses: Vec<u16> = all.iter().map(|(status, _)| *status).collect();
                assert_eq!(statuses, [&[204][..], &[412; 7]].concat(), "{} {header:?}", shelf.path);
                assert_eq!(shelf.get("r").json(), json!(all[0].1), "what was answered is there");
            };
            race(NEW);
            let seen = shelf.tag("r");
            assert_eq!(shelf.put("r", &[("if-match", &seen)], "99"), 204);
            race(("if-match", &shelf.tag("r")));
        }
    });
}

#[test]
fn one_agent_is_one_however_it_is_written() {
    let service = Service::empty();
    let system = System::of(&service, unit(&service), Scope::All);
    let at = |agent: &Value| format!("/agents/profile?profileId=p&agent={}", encoded(&agent.to_string()));
    let digest = "0123456789abcdef0123456789abcdef01234567";
    for (one, same, other) in [
        (
            json!({ "account": { "homePage": "https://s.example", "name": "1" } }),
            json!({ "objectType": "Agent", "name": "李", "account": { "name": "1", "homePage": "https://s.example" } }),
            json!({ "account": { "homePage": "https://s.example", "name": "1 " } }),
        ),
        (
            json!({ "mbox_sha1sum": digest }),
            json!({ "mbox_sha1sum": digest.to_uppercase() }),
            json!({ "mbox_sha1sum": digest.replace('0', "1") }),
        ),
        (
            json!({ "mbox": "mailto:a@b.example" }),
            json!({ "mbox": "mailto:a@b.example", "name": "a" }),
            json!({ "openid": "https://a.b.example" }),
        ),
    ] {
        assert_eq!(system.send("PUT", &at(&one), &[JSON, NEW], b"1").status, 204, "{one}");
        assert_eq!((system.get(&at(&same)).status, system.get(&at(&other)).status), (200, 404), "{same} {other}");
    }
}

#[test]
fn another_units_documents_are_not_seen_nor_changed() {
    everywhere(|service, system| {
        let above = unit(service);
        let below = super::units::below(service, above, "below");
        for at in [above, below, unit(service)] {
            let mut foreign = System::of(service, at, Scope::All);
            foreign.version = system.version;
            let kept = |system| [Shelf::state(system, "1"), Shelf::activity(system), Shelf::agent(system, "1")];
            for (own, foreign) in kept(system).iter().zip(&kept(&foreign)) {
                let path = &own.path;
                assert_eq!(own.put("mine", &[NEW], r#"{"secret":1}"#), 204, "{path}");
                let seen = own.tag("mine");
                assert_eq!((foreign.get("mine").status, foreign.ids("")), (404, set(&[])), "{path}");
                assert_eq!(foreign.put("mine", &[("if-match", &seen)], "{}"), 412, "{path}: nothing is there");
                assert_eq!(foreign.merge("mine", &[], r#"{"other":2}"#), 204, "{path}: one of their own");
                assert_eq!(foreign.send("DELETE", "mine", &[], "").status, 204, "{path}");
                if own.name == "stateId" {
                    assert_eq!(foreign.system.send("DELETE", path, &[], b"").status, 204);
                }
                assert_eq!((own.get("mine").json(), own.tag("mine")), (json!({ "secret": 1 }), seen), "{path}");
                assert_eq!(own.send("DELETE", "mine", &[], "").status, 204, "{path}");
            }
        }
    });
}

#[test]
fn what_is_missing_unknown_or_no_json_is_refused_in_both_languages_and_keeps_nothing() {
    everywhere(|_, system| {
        let (who, long) = (agent("1"), "x".repeat(2_049));
        let group = encoded(r#"{"objectType":"Group","member":[]}"#);
        let state = "/activities/state?activityId=https://a.example&agent=";
        let hostile = [
            ("GET", format!("/activities/state?agent={who}&stateId=s"), "activityId"),
            ("GET", "/activities/state?activityId=https://a.example&stateId=s".to_owned(), "agent"),
            ("PUT", format!("{state}{who}"), "stateId"),
            ("POST", format!("{state}{who}"), "stateId"),
            ("GET", "/activities/profile?profileId=p".to_owned(), "activityId"),
            ("PUT", "/activities/profile?activityId=https://a.example".to_owned(), "profileId"),
            ("GET", "/agents/profile?profileId=p".to_owned(), "agent"),
            ("POST", format!("/agents/profile?agent={who}"), "profileId"),
            ("GET", format!("{state}{who}&stateId=s&more=1"), "more"),
            ("GET", format!("{state}{who}&stateid=s"), "stateid"),
            ("GET", format!("{state}{who}&stateId=s&stateId=s"), "stateId"),
            ("GET", format!("{state}{who}&stateId=s&since=2026-06-01T00:00:00Z"), "since"),
            ("DELETE", format!("{state}{who}&since=2026-06-01T00:00:00Z"), "since"),
            ("GET", format!("/agents/profile?agent={who}&activityId=https://a.example&profileId=p"), "activityId"),
            ("GET", format!("/activities/profile?activityId=https://a.example&agent={who}&profileId=p"), "agent"),
            ("GET", format!("{state}{who}&stateId="), "stateId"),
            ("PUT", format!("{state}{who}&stateId={long}"), "stateId"),
            ("PUT", format!("/activities/state?activityId=a&agent={who}&stateId=s"), "activityId"),
            ("PUT", format!("{state}{who}&stateId=s&registration=1"), "registration"),
            ("PUT", format!("{state}%7B&stateId=s"), "agent"),
            ("PUT", format!("{state}%FF&stateId=s"), "agent"),
            ("PUT", format!("{state}{group}&stateId=s"), "agent"),
            ("PUT", format!("{state}%7B%7D&stateId=s"), "agent"),
            ("GET", format!("{state}{who}&since=now"), "ISO 8601"),
        ];
        for (method, path, named) in &hostile {
            let refused =
                system.send(method, path, &[JSON, ("if-match", "*")], if *method == "GET" { b"" } else { b"{}" });
            assert_eq!(refused.status, 400, "{method} {path}: {}", refused.text());
            let words = &refused.json()["words"];
            for lang in ["zh", "en"] {
                assert!(words[lang].as_str().is_some_and(|words| words.contains(named)), "{method} {path}: {words}");
            }
        }
        let kept = Shelf::state(system, "1");
        let deep = "[".repeat(200_000);
        for broken in ["", "{", "{\"a\":1,}", "{\"a\":1}{}", "{\"a\":1,\"a\":2}", "\u{0}", "nul", &deep] {
            for method in ["PUT", "POST"] {
                let refused = kept.send(method, "s", &[JSON], broken);
                assert_eq!(refused.status, 400, "{method} {:.20}: {}", broken, refused.text());
            }
        }
        let large = "1".repeat(checkpoint::xapi::serve::MOST_BODY_BYTES + 1);
        assert_eq!(kept.send("PUT", "s", &[TEXT], &large).status, 413);
        assert_eq!((kept.ids(""), Shelf::activity(system).ids("")), (set(&[]), set(&[])), "nothing was kept");
    });
}

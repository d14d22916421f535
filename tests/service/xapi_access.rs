//! What other systems may ask of the learning record store by which credential, and what it says of itself, of agents and
//! of activities.

use super::client::encoded;
use super::house::Service;
use super::statements::statement;
use super::xapi::{System, unit};
use super::xapi_documents::{EDITIONS, agent};
use checkpoint::store::statements::Scope;
use serde_json::json;
use uuid::Uuid;

#[test]
fn each_credential_may_do_what_its_scope_says_and_no_more() {
    let service = Service::empty();
    let unit = unit(&service);
    let known = Uuid::now_v7();
    let all = System::of(&service, unit, Scope::All);
    assert_eq!(all.post("/statements", &statement(known, "1", "https://a.example")).status, 200);
    let who = agent("1");
    let one = format!("/statements?statementId={known}");
    let documents = [
        format!("/activities/state?activityId=https://a.example&agent={who}&stateId=s"),
        "/activities/profile?activityId=https://a.example&profileId=s".to_owned(),
        format!("/agents/profile?agent={who}&profileId=s"),
    ];
    for edition in EDITIONS {
        for scope in Scope::ALL {
            let mut system = System::of(&service, unit, scope);
            system.version = edition;
            let (reads, writes) = (scope != Scope::Write, scope != Scope::Read);
            let json_kind = ("content-type", "application/json");
            let may = |is_covered: bool, method: &str, path: &str, body: &[u8]| {
                let headers = [json_kind, ("if-none-match", "*")];
                let answer = system.send(method, path, &headers[..if method == "PUT" { 2 } else { 1 }], body);
                let told = format!("{edition} {scope:?} {method} {path}: {} {}", answer.status, answer.text());
                if is_covered {
                    assert!(answer.status < 300, "{told}");
                } else {
                    assert!(answer.status == 403 && !answer.text().contains("school.example"), "{told}");
                }
            };
            for method in ["GET", "HEAD"] {
                may(reads, method, "/statements", b"");
                may(reads, method, &one, b"");
                may(reads, method, "/activities?activityId=https://a.example", b"");
                may(reads, method, &format!("/agents?agent={who}"), b"");
                may(true, method, "/about", b"");
            }
            let (fresh, put) = (Uuid::now_v7(), Uuid::now_v7());
            let said = |id| statement(id, "1", "https://a.example").to_string().into_bytes();
            may(writes, "POST", "/statements", &said(fresh));
            may(writes, "PUT", &format!("/statements?statementId={put}"), &said(put));
            let is_kept = |id: Uuid| all.get(&format!("/statements?statementId={id}")).status == 200;
            assert_eq!((is_kept(fresh), is_kept(put)), (writes, writes), "{scope:?}");
            for path in &documents {
                may(scope == Scope::All, "PUT", path, b"{}");
                may(scope == Scope::All, "GET", path, b"");
                may(scope == Scope::All, "DELETE", path, b"");
            }
            if edition == "1.0.3" {
                // What a form asks for is held to the scope as well.
                let form = [("content-type", "application/x-www-form-urlencoded")];
                let folded = system.send("POST", "/statements?method=GET", &form, b"limit=1").status;
                assert_eq!(folded, if reads { 200 } else { 403 }, "{scope:?}");
            }
        }
    }
}

#[test]
fn without_a_credential_nothing_but_about_and_the_profile_is_told() {
    let service = Service::with_demo();
    // Being signed in at the desk opens nothing here.
    for client in [service.stranger(), service.demo_admin()] {
        for path in [
            "/statements",
            "/activities?activityId=https://a.example",
            "/agents?agent=%7B%7D",
            "/activities/state",
            "/activities/profile",
            "/agents/profile",
        ] {
            let refused = client.send("GET", &format!("/xapi{path}"), &[("x-experience-api-version", "2.0.0")], b"");
            assert_eq!((refused.status, refused.header("www-authenticate").is_some()), (401, true), "{path}");
        }
        assert_eq!((client.get("/xapi/about").status, client.get("/xapi/profile").status), (200, 200));
    }
}

#[test]
fn about_names_every_version_and_where_our_own_words_stand() {
    let service = Service::empty();
    let mut system = System::of(&service, unit(&service), Scope::Read);
    for edition in EDITIONS {
        system.version = edition;
        let told = system.get("/about");
        assert_eq!((told.status, told.header("x-experience-api-version")), (200, Some(edition)));
        assert_eq!(told.json()["version"], json!(["2.0.0", "1.0.3", "1.0.2", "1.0.1", "1.0.0"]));
        let extensions = told.json()["extensions"].clone();
        let published = format!("http://{}/xapi/profile", service.address);
        assert_eq!(extensions, json!({ checkpoint::xapi::record::PROFILE: { "profile": published } }));
        assert_eq!(service.stranger().get("/xapi/profile").status, 200);
        assert_eq!(system.get("/about?version=2.0.0").status, 400);
        assert_eq!(system.post("/about", &json!({})).status, 405);
    }
    assert_eq!(service.stranger().get("/xapi/about").status, 200, "also to who names no version");
    for version in ["0.95", "3.0.0", "", "2"] {
        system.version = version.to_owned().leak();
        assert_eq!(system.get("/about").status, 400, "{version}");
    }
}

#[test]
fn agents_and_activities_are_told_as_this_unit_knows_them() {
    let service = Service::with_demo();
    let mut system = System::of(&service, service.demo_unit(), Scope::All);
    let mut foreign = System::of(&service, unit(&service), Scope::All);
    for edition in EDITIONS {
        (system.version, foreign.version) = (edition, edition);
        let activity = format!("https://a.example/{edition}");
        let asked = format!("/activities?activityId={activity}");
        assert_eq!(system.get(&asked).json(), json!({ "objectType": "Activity", "id": activity }), "as it was asked");
        assert_eq!(system.post("/statements", &statement(Uuid::now_v7(), "1", &activity)).status, 200);
        let definition = json!({ "name": { "en": activity } });
        assert_eq!(system.get(&asked).json()["definition"], definition);
        assert!(foreign.get(&asked).json().get("definition").is_none(), "another unit's words");
        let mut again = statement(Uuid::now_v7(), "1", &activity);
        again["object"]["definition"] = json!({ "name": { "zh": "桥" }, "type": "https://t.example" });
        assert_eq!(system.post("/statements", &again).status, 200);
        let both = json!({ "name": { "en": activity, "zh": "桥" }, "type": "https://t.example" });
        assert_eq!(system.get(&asked).json()["definition"], both, "with what is added");
        let own = format!("http://{}/sites/hill", service.address);
        assert_eq!(system.get(&format!("/activities?activityId={}", encoded(&own))).json()["objectType"], "Activity");
        let somebody = json!({ "name": "李", "account": { "homePage": "https://school.example", "name": "1" } });
        let person = system.get(&format!("/agents?agent={}", encoded(&somebody.to_string())));
        let told = json!({
            "objectType": "Person", "name": ["李"],
            "account": [{ "homePage": "https://school.example", "name": "1" }],
        });
        assert_eq!((person.status, person.json()), (200, told));
        let unknown = system.get(&format!("/agents?agent={}", encoded(r#"{"mbox":"mailto:no@body.example"}"#)));
        assert_eq!(unknown.json(), json!({ "objectType": "Person", "mbox": ["mailto:no@body.example"] }));
        for bad in [
            "/agents",
            "/agents?agent=",
            "/agents?agent=%7B%7D",
            "/agents?agent=%7B%22mbox%22:%22a@b.example%22%7D",
            "/agents?agent=%7B%22objectType%22:%22Group%22,%22mbox%22:%22mailto:a@b.example%22%7D",
            "/activities",
            "/activities?activityId=",
            "/activities?activityId=a%20b",
            "/activities?activityid=https://a.example",
            "/activities?activityId=https://a.example&agent=%7B%7D",
        ] {
            let refused = system.get(bad);
            let words = &refused.json()["words"];
            assert_eq!((refused.status, words["zh"].is_string(), words["en"].is_string()), (400, true, true), "{bad}");
        }
        assert_eq!((system.post("/agents", &json!({})).status, system.post(&asked, &json!({})).status), (405, 405));
    }
}

#[test]
fn the_first_edition_carries_documents_in_forms_and_the_second_does_not() {
    let service = Service::empty();
    let mut system = System::of(&service, unit(&service), Scope::All);
    let path = format!("/activities/state?activityId=https://a.example&agent={}&stateId=s", agent("1"));
    let kept = encoded(r#"{"a":1}"#);
    let fields = format!("activityId=https://a.example&agent={}&stateId=s", agent("1"));
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let folded = |system: &System, method: &str, more: &str| {
        let (to, fields) = (format!("/activities/state?method={method}"), format!("{fields}{more}"));
        system.send("POST", &to, &form, fields.as_bytes())
    };
    let put = format!("&Content-Type=application/json&content={kept}");
    assert_eq!((folded(&system, "PUT", &put).status, system.get(&path).status), (400, 404));
    system.version = "1.0.3";
    assert_eq!(folded(&system, "PUT", "").status, 400, "without its content");
    assert_eq!((folded(&system, "PUT", &put).status, system.get(&path).json()), (204, json!({ "a": 1 })));
    assert_eq!(folded(&system, "PUT", &format!("{put}&If-None-Match=*")).status, 412, "held to its conditions");
    assert_eq!(folded(&system, "GET", "").json(), json!({ "a": 1 }));
    assert_eq!((folded(&system, "PATCH", "").status, folded(&system, "GET", "&more=1").status), (400, 400));
    let twice = format!("{path}&method=GET");
    assert_eq!(system.send("POST", &twice, &form, b"").status, 400, "no parameter but the method in its address");
    assert_eq!((folded(&system, "DELETE", "").status, system.get(&path).status), (204, 404));
}

//! The trainer's desk: seeing why, deciding, taking back, exporting.

use super::client::{Answer, Client};
use super::fixture::{NOW_MS, answered, batch, whole_walk};
use super::house::Service;
use protocol::api::Role;
use serde_json::{Value, json};

/// The token of a page's first form.
pub fn token(page: &str) -> Option<String> {
    page.split("name=\"token\" value=\"").nth(1)?.split('"').next().map(str::to_owned)
}

/// What the forms of a list say of its walks.
pub fn tickets(page: &str) -> Vec<String> {
    page.split("name=\"walk\" value=\"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

/// Decides on the tickets given, or on all that wait.
pub fn decide(trainer: &Client, decision: &str, note: &str, chosen: &[String]) -> Answer {
    let page = trainer.get("/desk/").text();
    let chosen = if chosen.is_empty() { tickets(&page) } else { chosen.to_vec() };
    let token = token(&page).or_else(|| token(&trainer.get("/desk/?state=all").text())).expect("a form");
    let mut fields = vec![("token", &*token), ("decision", decision), ("note", note)];
    fields.extend(chosen.iter().map(|ticket| ("walk", ticket.as_str())));
    trainer.form("/desk/decide", &fields)
}

fn state(learner: &Client) -> Value {
    learner.get("/v1/me/progress").json()["walks"][0]["state"].clone()
}

fn walked(service: &Service, number: usize) -> Client {
    let learner = service.learner(number);
    learner.post("/v1/events", &batch(&whole_walk()));
    learner
}

pub fn page_of(learner: &Client) -> String {
    let person = learner.get("/v1/session").json()["person"].as_str().expect("an id").to_owned();
    format!("/desk/walks/{person}/hill.path")
}

#[test]
fn a_confirmed_walk_is_credit_with_the_trainers_note() {
    let service = Service::with_demo();
    let learner = walked(&service, 1);
    let answer = decide(&service.trainer(), "confirm", "", &[]);
    assert_eq!((answer.status, answer.header("location")), (303, Some("/desk/?state=waiting&confirmed=1")));
    let progress = learner.get("/v1/me/progress").json();
    assert_eq!((progress["confirmed"].clone(), progress["walks"][0]["state"].clone()), (json!(5), json!("confirmed")));
}

#[test]
fn a_returned_walk_waits_again_after_something_new() {
    let service = Service::with_demo();
    let (learner, trainer) = (walked(&service, 1), service.trainer());
    assert_eq!(decide(&trainer, "return", "", &[]).status, 422, "a return needs a reason");
    assert_eq!(state(&learner), "waiting");
    decide(&trainer, "return", "请在井边再听一遍", &[]);
    let walk = learner.get("/v1/me/progress").json()["walks"][0].clone();
    assert_eq!((walk["state"].clone(), walk["note"].clone()), (json!("returned"), json!("请在井边再听一遍")));
    learner.post("/v1/events", &batch(&[answered("well", 1)]));
    assert_eq!(state(&learner), "waiting");
}

#[test]
fn many_walks_are_confirmed_at_once() {
    let service = Service::with_demo();
    let learners = [walked(&service, 1), walked(&service, 2), walked(&service, 3)];
    let answer = decide(&service.trainer(), "confirm", "", &[]);
    assert_eq!(answer.header("location"), Some("/desk/?state=waiting&confirmed=3"));
    assert!(learners.iter().all(|learner| state(learner) == "confirmed"));
    let told = service.trainer().get("/desk/?state=waiting&confirmed=3").text();
    assert!(told.contains("3 份走访已确认") && told.contains("没有待确认的走访"));
}

#[test]
fn a_walk_that_changed_since_the_trainer_looked_is_not_decided_on() {
    let service = Service::with_demo();
    let (learner, trainer) = (walked(&service, 1), service.trainer());
    let seen = tickets(&trainer.get("/desk/").text());
    learner.post("/v1/events", &batch(&[answered("well", 0)]));
    let answer = decide(&trainer, "confirm", "", &seen);
    assert!(answer.status == 200 && answer.text().contains("在您查看之后有变动"), "{}", answer.text());
    assert_eq!(state(&learner), "waiting");
}

#[test]
fn of_many_walks_each_is_said_what_became_of_it() {
    let service = Service::with_demo();
    let trainer = service.trainer();
    let (one, two) = (walked(&service, 1), walked(&service, 2));
    let (foreign, _) = service.person(Role::Learner, "foreigner", None);
    foreign.post("/v1/events", &batch(&whole_walk()));
    let mut chosen = tickets(&trainer.get("/desk/").text());
    assert_eq!(chosen.len(), 2);
    let of = |client: &Client| client.get("/v1/session").json()["person"].as_str().expect("an id").to_owned();
    let ticket = |person: &str, course: &str| format!("{person}/{course}/4/{}", uuid::Uuid::now_v7());
    // In the midst of those that are there: nobody, someone of another unit, no such route, and oneself.
    chosen.insert(1, ticket(&uuid::Uuid::now_v7().to_string(), "hill.path"));
    chosen.insert(1, ticket(&of(&foreign), "hill.path"));
    chosen.insert(1, ticket(&of(&one), "hill.elsewhere"));
    chosen.insert(1, ticket(&of(&trainer), "hill.path"));
    let answer = decide(&trainer, "confirm", "", &chosen);
    let page = answer.text();
    assert_eq!(answer.status, 200, "{page}");
    assert_eq!((state(&one), state(&two)), (json!("confirmed"), json!("confirmed")));
    assert_eq!(state(&foreign), "waiting");
    assert!(page.contains("已作决定：2/6"), "{page}");
    assert_eq!(page.matches("名单中已没有此走访").count(), 3, "{page}");
    assert_eq!(page.matches("须由他人确认").count(), 1);
    assert_eq!(page.matches("已确认，学时已计入").count(), 2);
    assert!(page.contains("示例学员甲") && page.contains("示例学员乙") && !page.contains("foreigner"));
    let english = decide(&trainer.with_cookie("desk-lang=en"), "return", "once more", &chosen).text();
    assert!(english.contains("Decided: 0/6") && english.contains("changed since you looked"), "{english}");
}

#[test]
fn the_same_form_sent_twice_decides_once() {
    let service = Service::with_demo();
    let (learner, trainer) = (walked(&service, 1), service.trainer());
    let seen = tickets(&trainer.get("/desk/").text());
    for _ in 0..2 {
        let answer = decide(&trainer, "confirm", "", &seen);
        assert_eq!(answer.header("location"), Some("/desk/?state=waiting&confirmed=1"));
    }
    assert_eq!(learner.get("/v1/me/progress").json()["confirmed"], 5);
    let timeline = trainer.get(&page_of(&learner)).text();
    assert_eq!(timeline.matches("<td data-head=\"事项\">确认</td>").count(), 1, "one entry in the log");
}

#[test]
fn a_confirmation_is_taken_back_by_one_entry_more() {
    let service = Service::with_demo();
    let (learner, trainer) = (walked(&service, 1), service.trainer());
    decide(&trainer, "confirm", "", &[]);
    let page = page_of(&learner);
    let ticket = tickets(&trainer.get(&page).text());
    assert_eq!(decide(&trainer, "reopen", "", &ticket).status, 422, "taking back needs a reason");
    decide(&trainer, "reopen", "误点", &ticket);
    assert_eq!(
        (state(&learner), learner.get("/v1/me/progress").json()["confirmed"].clone()),
        (json!("waiting"), json!(0))
    );
    let timeline = trainer.get(&page).text();
    assert!(timeline.contains("撤销确认") && timeline.contains("误点"), "both stay in the history");
}

#[test]
fn a_trainer_does_not_decide_on_their_own_walk() {
    let service = Service::with_demo();
    let trainer = service.trainer();
    walked(&service, 1);
    trainer.post("/v1/events", &batch(&whole_walk()));
    let page = trainer.get("/desk/").text();
    assert_eq!(tickets(&page).len(), 1, "their own has no box");
    let own = trainer.get(&page_of(&trainer)).text();
    assert!(own.contains("须由他人确认") && tickets(&own).is_empty());
    let session = trainer.get("/v1/session").json();
    let forged = format!("{}/hill.path/8/{}", session["person"].as_str().expect("an id"), uuid::Uuid::now_v7());
    let answer = decide(&trainer, "confirm", "", &[forged]);
    assert!(answer.status == 200 && answer.text().contains("须由他人确认"), "{}", answer.text());
    let (second, _) = service.person(Role::Trainer, "second", Some(service.demo_unit()));
    decide(&second, "confirm", "", &[]);
    assert_eq!(state(&trainer), "confirmed");
}

#[test]
fn a_form_without_its_token_changes_nothing() {
    let service = Service::with_demo();
    let (learner, trainer) = (walked(&service, 1), service.trainer());
    let page = trainer.get("/desk/").text();
    let ticket = tickets(&page).remove(0);
    let (second, _) = service.person(Role::Trainer, "second", Some(service.demo_unit()));
    let foreign = token(&second.get("/desk/").text()).expect("a form");
    for token in ["", "0", &foreign] {
        let answer = trainer.form("/desk/decide", &[("token", token), ("decision", "confirm"), ("walk", &ticket)]);
        assert_eq!(answer.status, 403);
    }
    let malformed = ["", "x", "a/b/c/d", &format!("{ticket}/more"), &ticket.replace("hill", "..")];
    for ticket in malformed {
        assert_eq!(decide(&trainer, "confirm", "", &[ticket.to_owned()]).status, 400, "{ticket}");
    }
    assert_eq!(state(&learner), "waiting");
}

#[test]
fn the_page_of_a_walk_says_why_each_station_counts_and_what_to_look_at() {
    let service = Service::with_demo();
    let (one, two) = (service.learner(1), service.learner(2));
    let mut events = whole_walk();
    let device = events[0]["device"].clone();
    events[0]["kind"]["way"] = json!("foot");
    events[0]["kind"]["proof"] =
        json!({ "method": "fix", "accuracy_m": 80.0, "dwell_secs": 44.0, "fixes": 2, "ignored": 7, "datum": "gcj02" });
    one.post("/v1/events", &batch(&events));
    let mut shared = answered("gate", 0);
    shared["device"] = device;
    two.post("/v1/events", &batch(&[shared]));
    let page = service.trainer().get(&page_of(&one)).text();
    for said in [
        "实地",
        "手机定位",
        "精度 80 米",
        "GCJ-02",
        "弃用 7 次",
        "超过 50 米",
        "已听 40 秒",
        "思考题已答对",
        "另外 1 人",
        "60 秒后收到",
    ] {
        assert!(page.contains(said), "{said}");
    }
    let english = service.trainer().with_cookie("desk-lang=en").get(&page_of(&one)).text();
    for said in ["on the ground", "accuracy 80 m", "Question answered rightly", "for other people: 1", "Confirm walk"] {
        assert!(english.contains(said), "{said}");
    }
}

#[test]
fn order_and_pace_on_the_ground_queue_a_look_and_refuse_nothing() {
    let service = Service::with_demo();
    let (hasty, steady) = (service.learner(1), service.learner(2));
    // The fixture's stations lie 300 m apart.
    for (learner, gate_ms, well_ms) in [(&hasty, -50_000, -60_000), (&steady, -900_000, -60_000)] {
        let mut events = whole_walk();
        for (index, offset_ms) in [(0, gate_ms), (2, well_ms)] {
            events[index]["kind"]["way"] = json!("foot");
            events[index]["kind"]["proof"] = json!({ "method": "fix", "accuracy_m": 8.0, "dwell_secs": 45.0, "fixes": 40, "ignored": 0, "datum": "wgs84" });
            events[index]["captured_at_ms"] = json!(NOW_MS + offset_ms);
        }
        learner.post("/v1/events", &batch(&events));
        assert_eq!(state(learner), "waiting", "a flag never refuses");
    }
    let trainer = service.trainer();
    let page = trainer.get(&page_of(&hasty)).text();
    for said in ["实地完成各站的次序为 2、1，与路线次序不同", "第 2 站与第 1 站相距 300 米，两次完成只隔 10 秒"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    let english = service.trainer().with_cookie("desk-lang=en").get(&page_of(&hasty)).text();
    assert!(english.contains("completed in the order 2, 1") && english.contains("300 m apart"));
    assert!(!trainer.get(&page_of(&steady)).text().contains("class=\"flag\""));
    let list = trainer.get("/desk/").text();
    assert_eq!(list.matches("<span class=\"flag\">2</span>").count(), 1, "both are counted on the list: {list}");
    let answer = decide(&trainer, "confirm", "", &[]);
    assert_eq!(answer.header("location"), Some("/desk/?state=waiting&confirmed=1"), "one is without flags");
    assert_eq!((state(&hasty), state(&steady)), (json!("waiting"), json!("confirmed")));
    let alone = tickets(&trainer.get(&page_of(&hasty)).text());
    decide(&trainer, "confirm", "", &alone);
    assert_eq!(state(&hasty), "confirmed", "one with flags is confirmed by itself");
}

#[test]
fn signing_out_at_the_desk_leads_to_the_lobby_and_works_without_scripts() {
    let service = Service::with_demo();
    for (lang, address) in [("zh", "/zh/me/#sign-out"), ("en", "/en/me/#sign-out")] {
        let trainer = service.trainer();
        let page = trainer.clone().with_cookie(&format!("desk-lang={lang}")).get("/desk/").text();
        assert!(page.contains(&format!("href=\"{address}\"")), "{lang}");
        let plain = page.split("<noscript>").nth(1).and_then(|rest| rest.split("</noscript>").next()).expect("a form");
        assert!(plain.contains("method=\"post\" action=\"/desk/sign-out\""), "{plain}");
        assert_eq!(page.matches("action=\"/desk/sign-out\"").count(), 1, "with scripts there is one way out");
        let left = trainer.form("/desk/sign-out", &[]);
        assert_eq!((left.status, left.header("location")), (303, Some("/desk/sign-in")));
        assert!(left.header("set-cookie").is_some_and(|cookie| cookie.contains("Max-Age=0")));
        assert_eq!(trainer.get("/v1/session").status, 401, "the session has ended at the service");
    }
}

#[test]
fn the_table_opens_in_a_spreadsheet_and_runs_nothing_there() {
    let service = Service::with_demo();
    let (learner, _) = service.person(Role::Learner, "=HYPERLINK(\"x\")", Some(service.demo_unit()));
    learner.post("/v1/events", &batch(&whole_walk()));
    walked(&service, 1);
    decide(&service.trainer(), "return", "@再\"看\"", &[]);
    let answer = service.trainer().get("/desk/walks.csv?state=all");
    assert_eq!(answer.header("content-type"), Some("text/csv; charset=utf-8"));
    assert!(answer.header("content-disposition").is_some_and(|how| how.starts_with("attachment")));
    let text = answer.text();
    assert!(text.starts_with("\u{feff}\"学员\",\"组\""));
    assert!(text.contains("\"示例学员甲\",\"示例班\"") && text.contains("\"已退回\""));
    assert!(text.contains("\"'=HYPERLINK(\"\"x\"\")\"") && text.contains("\"'@再\"\"看\"\"\""));
    assert_eq!(text.lines().count(), 3);
}

#[test]
fn the_door_leads_to_the_page_that_was_wanted() {
    let service = Service::with_demo();
    let sent = service.stranger().get("/desk/?state=all");
    assert_eq!((sent.status, sent.header("location")), (303, Some("/desk/sign-in?to=%2Fdesk%2F%3Fstate%3Dall")));
    let trainer = &checkpoint::demo::PEOPLE[0];
    let fields = [("code", trainer.code), ("pin", trainer.pin), ("to", "/desk/?state=all")];
    let signed_in = service.stranger().form("/desk/sign-in", &fields);
    assert_eq!((signed_in.status, signed_in.header("location")), (303, Some("/desk/?state=all")));
    let evil = [("code", trainer.code), ("pin", trainer.pin), ("to", "//evil.example")];
    assert_eq!(service.stranger().form("/desk/sign-in", &evil).header("location"), Some("/desk/"));
    let wrong = service.stranger().form("/desk/sign-in", &[("code", trainer.code), ("pin", "000001")]);
    assert!(wrong.status == 401 && wrong.text().contains("邀请码或 PIN 不对"));
    let refused = service.learner(1).get("/desk/");
    assert!(refused.status == 403 && refused.text().contains("<h1>未能完成</h1>"));
}

#[test]
fn boxes_come_ticked_as_the_address_asks_and_flagged_walks_have_none() {
    let service = Service::with_demo();
    let flagged = service.learner(1);
    let mut events = whole_walk();
    events[0]["kind"]["way"] = json!("foot");
    flagged.post("/v1/events", &batch(&events));
    walked(&service, 2);
    service.trainer().post("/v1/events", &batch(&whole_walk()));
    for (query, ticked) in [("", 0), ("&pick=unflagged", 1), ("&pick=all", 0), ("&pick=nonsense", 0)] {
        let page = service.trainer().get(&format!("/desk/?state=waiting{query}")).text();
        assert_eq!(tickets(&page).len(), 1, "{query}");
        assert_eq!(page.matches("\" checked aria-label").count(), ticked, "{query}");
    }
}

#[test]
fn a_long_list_is_shown_a_hundred_at_a_time_and_exported_whole() {
    let service = Service::with_demo();
    let unit = service.demo_unit();
    service.runtime.block_on(async {
        for number in 0..101_u8 {
            let made = checkpoint::store::NewPerson {
                id: uuid::Uuid::now_v7(),
                unit,
                role: Role::Learner,
                name: format!("learner {number}"),
                cohort: String::new(),
                code_key: [number; 32],
                code_ends_ms: 0,
                pin_hash: None,
            };
            let entry = super::store::answer_of(made.id, &answered("gate", 0).to_string());
            assert!(service.app.store.add_person(made).await.expect("made"));
            service.app.store.append(vec![entry]).await.expect("appended");
        }
    });
    let trainer = service.trainer();
    let rows =
        |query: &str| trainer.get(&format!("/desk/?state=underway{query}")).text().matches("scope=\"row\"").count();
    assert_eq!((rows(""), rows("&page=2"), rows("&page=9"), rows("&page=x")), (100, 1, 1, 100));
    assert!(trainer.get("/desk/?state=underway").text().contains(">101–101</a>"));
    assert_eq!(trainer.get("/desk/walks.csv?state=underway").text().lines().count(), 102);
}

//! From practice to effect: a learner's text with everybody's view of it, what came of it, three scores kept apart, and who
//! is commended.

use super::client::{Answer, Client};
use super::desk::{decide, page_of, token};
use super::erased::erase;
use super::fixture::{NOW_MS, answered, batch, course, whole_walk};
use super::house::{Base, Service};
use checkpoint::store::{Kind, NewEntry};
use protocol::api::Role;
use serde_json::json;
use uuid::Uuid;

pub const COURSE: &str = "/course/hill.path";
pub const DAY_MS: i64 = 86_400_000;
pub const TEXT: &str = "I told my class of the well.";

/// Sends one of the course page's forms.
pub fn send(who: &Client, what: &str, fields: &[(&str, &str)]) -> Answer {
    let page = who.get(COURSE).text();
    let token = token(&page).unwrap_or_else(|| panic!("no form in {page}"));
    let id = Uuid::now_v7().to_string();
    let own = [("token", &*token), ("id", &*id), ("what", what)];
    who.form(COURSE, &[&own[..], fields].concat())
}

const OWN_VIEW: [(&str, &str); 3] = [("level-0", "2"), ("level-1", "3"), ("level-2", "4")];

pub fn submit(who: &Client, text: &str) -> Answer {
    send(who, "submit", &[&[("text", text), ("ask", "yes")], &OWN_VIEW[..]].concat())
}

fn went(answer: &Answer) -> Option<String> {
    answer.header("location").and_then(|to| to.split("done=").nth(1)).map(str::to_owned)
}

pub fn walked(service: &Service, number: usize) -> Client {
    let learner = service.learner(number);
    learner.post("/v1/events", &batch(&whole_walk()));
    learner
}

/// Rates the text that stands on a walk's page.
pub fn rate(who: &Client, page: &str, levels: [&str; 3], note: &str) -> Answer {
    let shown = who.get(page).text();
    let of =
        shown.split("name=\"of\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or("0").to_owned();
    let token = token(&shown).unwrap_or_default();
    let id = Uuid::now_v7().to_string();
    let fields = [
        ("token", &*token),
        ("id", &*id),
        ("of", &*of),
        ("level-0", levels[0]),
        ("level-1", levels[1]),
        ("level-2", levels[2]),
        ("note", note),
    ];
    who.form(&format!("{page}/rating"), &fields)
}

#[test]
fn a_draft_is_not_lost_and_a_text_is_submitted_with_ones_own_view_of_it() {
    Base::ALL.into_iter().for_each(drafts_and_texts);
}

fn drafts_and_texts(base: Base) {
    let service = Service::with_demo_on(base);
    let learner = service.learner(1);
    assert_eq!(service.stranger().get(COURSE).header("location"), Some("/desk/sign-in?to=%2Fcourse%2Fhill.path"));
    let page = learner.get(COURSE).text();
    for said in ["Can find the well.", "Tell of the hill.", "accuracy", "fourth", "尚未评定", "确认之后再问"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert_eq!(went(&send(&learner, "draft", &[("text", "a beginning")])).as_deref(), Some("draft"));
    assert!(learner.get(COURSE).text().contains(">a beginning</textarea>"));
    // Before the walk, and without one's own view, nothing is submitted, and what was written is kept.
    assert_eq!(went(&submit(&learner, "too early")).as_deref(), Some("not-begun"));
    learner.post("/v1/events", &batch(&whole_walk()));
    assert_eq!(went(&send(&learner, "submit", &[("text", "half"), ("level-0", "2")])).as_deref(), Some("no-view"));
    assert!(learner.get(COURSE).text().contains(">half</textarea>"));
    let bad = [("text", TEXT), ("level-0", "5"), ("level-1", "1"), ("level-2", "1")];
    assert_eq!(went(&send(&learner, "submit", &bad)).as_deref(), Some("no-view"), "there is no fifth level");
    let trainer = service.trainer();
    let walk = page_of(&learner);
    let shown = trainer.get(&walk).text();
    assert!(!shown.contains("half") && !shown.contains("a beginning") && !shown.contains("存稿"), "{shown}");
    assert_eq!(send(&learner, "submit", &[("text", "")]).status, 422);
    assert_eq!(send(&learner, "submit", &[("text", &"长".repeat(4_001))]).status, 422);
    assert_eq!(went(&submit(&learner, TEXT)).as_deref(), Some("submitted"));
    let own = learner.get(COURSE).text();
    assert!(own.contains(TEXT) && !own.contains(">half</textarea>"), "the draft is used up: {own}");
    let shown = trainer.get(&walk).text();
    assert!(shown.contains(TEXT) && shown.contains("<td class=\"brief\" data-head=\"自评\">4</td>"), "{shown}");
    for (status, fields) in [(400, [("what", "guess"), ("x", "")]), (403, [("what", "draft"), ("token", "0")])] {
        let token = token(&own).expect("a form");
        let id = Uuid::now_v7().to_string();
        let mut form = vec![("id", id.as_str()), ("text", "x")];
        form.extend(fields);
        if status == 400 {
            form.push(("token", &token));
        }
        assert_eq!(learner.form(COURSE, &form).status, status);
    }
}

#[test]
fn self_check_and_mutual_check_stand_beside_the_rating_and_decide_nothing() {
    let service = Service::with_demo();
    let (author, trainer) = (walked(&service, 1), service.trainer());
    submit(&author, TEXT);
    // One of the two other learners was drawn, and nobody else; it is the same one whenever it is asked.
    let others = [service.learner(2), service.learner(3)];
    let asked = |who: &Client| who.get(COURSE).text().contains("请您互评");
    let drawn: Vec<&Client> = others.iter().filter(|who| asked(who)).collect();
    assert_eq!(drawn.len(), 1);
    assert!(!asked(&author) && asked(drawn[0]));
    let page = drawn[0].get(COURSE).text();
    assert!(page.contains(TEXT) && !page.contains("示例学员甲"), "the text, and not whose it is: {page}");
    let of =
        page.split("name=\"of\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a text").to_owned();
    let check =
        [&[("of", &*of), ("note", "well told")], &[("level-0", "3"), ("level-1", "3"), ("level-2", "1")][..]].concat();
    let not_drawn = others.iter().find(|who| !asked(who)).expect("the other");
    for nobody in [not_drawn, &author] {
        assert_eq!(send(nobody, "check", &check).status, 404, "only who was drawn is heard");
    }
    assert_eq!(send(drawn[0], "check", &[("of", &of), ("level-0", "3")]).status, 422);
    assert_eq!(went(&send(drawn[0], "check", &check)).as_deref(), Some("said"));
    assert!(!asked(drawn[0]), "asked once");
    let walk = page_of(&author);
    let shown = trainer.get(&walk).text();
    assert!(shown.contains("well told") && shown.contains("data-head=\"互评\">1</td>"), "{shown}");
    assert!(shown.contains("尚未评定"), "neither view is a score");
    // A mentor rates; an auditor, a learner and the author do not, and half a rating is none.
    let unit = Some(service.demo_unit());
    let (mentor, _) = service.person(Role::Mentor, "mentor", unit);
    let (auditor, _) = service.person(Role::Auditor, "auditor", unit);
    assert_eq!(rate(&auditor, &walk, ["4"; 3], "").status, 403);
    assert_eq!(rate(&author, &walk, ["4"; 3], "").status, 403);
    assert_eq!(rate(&mentor, &walk, ["4", "4", ""], "").status, 422);
    assert_eq!(rate(&mentor, &walk, ["4", "2", "3"], "name the page").status, 303);
    let own = author.get(COURSE).text();
    assert!(own.contains("4 · 2 · 3") && own.contains("name the page"), "{own}");
    let stale = trainer.get(&walk).text();
    submit(&author, "another text");
    assert!(trainer.get(&walk).text().contains("尚未评定"), "a new text is looked at anew");
    let old = stale.split("name=\"of\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a text");
    let id = Uuid::now_v7().to_string();
    let token = token(&stale).expect("a form");
    let form = [("token", &*token), ("id", &id), ("of", old), ("level-0", "4"), ("level-1", "4"), ("level-2", "4")];
    assert_eq!(trainer.form(&format!("{walk}/rating"), &form).status, 422, "the text that was seen is another one");
}

#[test]
fn what_came_of_it_is_asked_after_thirty_days_and_who_reaches_all_criteria_is_commended() {
    Base::ALL.into_iter().for_each(asked_and_commended);
}

#[test]
fn a_commendation_asks_what_the_version_asked_that_conferred_the_credit() {
    let service = Service::with_demo();
    let trainer = service.trainer();
    let by_trainer =
        trainer.get("/v1/session").json()["person"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    // By an earlier version, the first learner's asks for less than today's and the second's for more.
    for (number, criteria) in [
        (1, json!({ "at_first": 50, "level": 2, "follow_up": false })),
        (2, json!({ "at_first": 50, "level": 4, "follow_up": false })),
    ] {
        let learner = walked(&service, number);
        submit(&learner, TEXT);
        let id: Uuid =
            learner.get("/v1/session").json()["person"].as_str().and_then(|id| id.parse().ok()).expect("an id");
        let body = json!({
            "note": "", "rule_version": 3, "hours": 5, "seen_seq": 0, "course": 1, "commendation": criteria,
        });
        let confirmed = NewEntry {
            site: heritage::SiteId::new("hill").ok(),
            route: heritage::RouteId::new("path").ok(),
            ..NewEntry::about(Uuid::now_v7(), Kind::Confirmed, (id, by_trainer), NOW_MS, body.to_string())
        };
        service.runtime.block_on(service.app.store.append(vec![confirmed])).expect("kept");
        rate(&trainer, &page_of(&learner), if number == 1 { ["2", "3", "2"] } else { ["3", "4", "3"] }, "");
    }
    let list = trainer.get("/desk/commended").text();
    assert!(list.contains("示例学员甲") && list.contains("按课程第 1 版的标准"), "{list}");
    assert!(!list.contains("示例学员乙"), "today's version would take the second once the follow-up is there: {list}");
    let english = trainer.with_cookie("desk-lang=en").get("/desk/commended").text();
    assert!(english.contains("by course version 1"), "{english}");
}

fn asked_and_commended(base: Base) {
    let service = Service::with_demo_on(base);
    let author = walked(&service, 1);
    submit(&author, TEXT);
    let walk = page_of(&author);
    decide(&service.trainer(), "confirm", "", &[]);
    rate(&service.trainer(), &walk, ["3", "4", "3"], "");
    assert_eq!(send(&author, "follow-up", &[("text", "early")]).status, 422);
    assert!(author.get(COURSE).text().contains("尚未到时间"));
    let listed = |service: &Service| service.trainer().get("/desk/commended").text();
    assert!(!listed(&service).contains("示例学员甲"), "the follow-up is owed");
    service.pass_ms(31 * DAY_MS);
    let author = service.learner(1);
    assert!(author.get(COURSE).text().contains("59 天"));
    assert_eq!(
        went(&send(&author, "follow-up", &[("text", "We went together."), ("ask", "yes")])).as_deref(),
        Some("answered")
    );
    let colleagues = [service.trainer(), service.learner(2), service.learner(3), service.demo_admin()];
    let drawn: Vec<&Client> = colleagues.iter().filter(|who| who.get(COURSE).text().contains("请您补充")).collect();
    assert_eq!(drawn.len(), 1, "one colleague of the unit is asked");
    let page = drawn[0].get(COURSE).text();
    let page = page.split("请您补充").nth(1).expect("what is asked");
    let of = page
        .split("name=\"of\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("an answer")
        .to_owned();
    assert_eq!(went(&send(drawn[0], "second", &[("of", &of), ("text", "I was there too.")])).as_deref(), Some("said"));
    let own = author.get(COURSE).text();
    for said in ["2/2", "首次答对 2", "3 · 4 · 3", "已答复", "有同事补充", "I was there too."] {
        assert!(own.contains(said), "{said}: {own}");
    }
    let list = listed(&service);
    assert!(
        list.contains("示例学员甲") && list.contains("首次答对 2/2 题；量规各项最低 3 级；已答复后续追问"),
        "{list}"
    );
    assert!(list.contains("首次作答答对的题不少于 50%"), "the criteria stand beside it: {list}");
    assert_eq!(went(&send(&author, "listing", &[("listed", "no")])).as_deref(), Some("listing"));
    assert!(!listed(&service).contains("示例学员甲"), "whoever wants to be left off is");
    send(&author, "listing", &[("listed", "yes")]);
    assert!(listed(&service).contains("示例学员甲"));
    assert!(!service.trainer().get("/desk/commended?year=2025").text().contains("示例学员甲"));
    // Texts are the person's, and go with them.
    let person = author.get("/v1/session").json()["person"].as_str().expect("an id").to_owned();
    assert_eq!(erase(&service, &person).code, 0);
    let others: Vec<String> = [COURSE, "/desk/", "/desk/commended"].map(|at| service.trainer().get(at).text()).into();
    assert!(others.iter().all(|page| !page.contains(TEXT) && !page.contains("We went together.")));
    if base == Base::File {
        let bytes = std::fs::read(service.folder.path().join("retrace.db")).expect("the file");
        for text in [TEXT, "We went together."] {
            assert!(!bytes.windows(text.len()).any(|part| part == text.as_bytes()), "no trace is left in the file");
        }
    }
    assert!(!service.stranger().get("/metrics").text().contains("reflect"));
}

#[test]
fn right_at_first_is_the_first_answer_by_the_devices_clock() {
    let service = Service::with_demo();
    let learner = service.learner(1);
    let mut events = whole_walk();
    // A wrong answer at the gate came earlier, and is delivered later.
    let mut wrong = answered("gate", 0);
    wrong["captured_at_ms"] = json!(wrong["captured_at_ms"].as_i64().expect("a time") - 1_000);
    events.push(wrong);
    learner.post("/v1/events", &batch(&events));
    let page = learner.get(COURSE).text();
    assert!(page.contains("2/2") && page.contains("首次答对 1"), "{page}");
}

#[test]
fn a_walk_below_the_courses_least_presence_is_confirmed_with_a_reason_and_names_the_version() {
    let service = Service::with_course(&course("E1"));
    let (learner, trainer) = (walked(&service, 1), service.trainer());
    let told = service.stranger().get("/v1/courses/hill.path");
    assert_eq!(
        (told.json()["course"]["version"].clone(), told.json()["course"]["minimum"].clone()),
        (json!(2), json!("E1"))
    );
    let tag = told.header("etag").expect("a tag").to_owned();
    assert_eq!(service.stranger().send("GET", "/v1/courses/hill.path", &[("if-none-match", &tag)], b"").status, 304);
    let other = Service::with_demo().stranger().get("/v1/courses/hill.path").header("etag").map(str::to_owned);
    assert_ne!(other, Some(tag), "another version has another tag");
    let list = trainer.get("/desk/").text();
    assert!(list.contains("低于最低凭证") && super::desk::tickets(&list).is_empty(), "{list}");
    let walk = page_of(&learner);
    let shown = trainer.get(&walk).text();
    assert!(shown.contains("要求的最低到场凭证为 E1") && shown.contains("课程第 2 版"), "{shown}");
    let ticket = super::desk::tickets(&shown);
    let refused = decide_alone(&trainer, "", &ticket).text();
    assert!(refused.contains("低于课程的最低到场凭证，确认须写明理由"), "{refused}");
    assert_eq!(learner.get("/v1/me/progress").json()["walks"][0]["state"], "waiting");
    assert_eq!(decide_alone(&trainer, "no signal in the gorge", &ticket).status, 303);
    let progress = learner.get("/v1/me/progress").json();
    assert_eq!((progress["walks"][0]["state"].clone(), progress["confirmed"].clone()), (json!("confirmed"), json!(5)));
    assert!(trainer.get(&walk).text().contains("按课程第 2 版决定"));
    let fairness = trainer.get("/desk/fairness").text();
    assert!(fairness.contains("最低到场凭证为 E1") && fairness.contains("人数过少，不显示"), "{fairness}");
    let open = Service::with_demo().trainer().get("/desk/fairness").text();
    assert!(open.contains("没有：每门课程都可在网页上读完"), "{open}");
}

fn decide_alone(trainer: &Client, note: &str, ticket: &[String]) -> Answer {
    let token = token(&trainer.get("/desk/?state=all").text()).expect("a form");
    let fields = [("token", &*token), ("decision", "confirm"), ("note", note), ("walk", ticket[0].as_str())];
    trainer.form("/desk/decide", &fields)
}

#[test]
fn fairness_shows_groups_of_five_and_more_by_way_and_unit() {
    let service = Service::with_demo();
    let unit = service.demo_unit();
    for number in 0..6 {
        let (learner, _) = service.person(Role::Learner, &format!("learner-{number}"), Some(unit));
        let mut events = whole_walk();
        for event in &mut events {
            if event["kind"]["type"] == "completed" {
                event["kind"]["way"] = json!("scene");
            }
        }
        // Of each walk one station was made without a network.
        events[0]["captured_at_ms"] = json!(events[0]["captured_at_ms"].as_i64().expect("a time") - 3_600_000);
        learner.post("/v1/events", &batch(&events));
    }
    service.pass_ms(2 * DAY_MS);
    let trainer = service.trainer();
    for number in 0..6 {
        let ticket = super::desk::tickets(&trainer.get("/desk/").text());
        let decision = if number == 0 { "return" } else { "confirm" };
        decide(&trainer, decision, "looked at", &ticket[..1]);
    }
    let page = trainer.get("/desk/fairness").text();
    let row = page.split("<tr>").find(|row| row.starts_with("<th scope=\"row\">三维场景")).expect("a row").to_owned();
    for (head, figure) in [
        ("人数", "6"),
        ("学时", "2.5"),
        ("决定次数", "6"),
        ("确认", "83 %"),
        ("退回", "17 %"),
        ("离线完成", "50 %"),
        ("等待天数", "2.0"),
    ] {
        assert!(row.contains(&format!("data-head=\"{head}\">{figure}</td>")), "{head} {figure}: {row}");
    }
    assert!(!page.contains("learner-"), "nobody is named");
}

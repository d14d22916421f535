//! Roles beyond learner, trainer and admin, and units below units.

use super::client::Client;
use super::desk::{decide, token};
use super::fixture::{batch, whole_walk};
use super::house::Service;
use super::people::{code_in, id_of};
use checkpoint::store::{Act, NewAudit, Unit};
use protocol::api::Role;
use uuid::Uuid;

/// A unit below another.
pub fn below(service: &Service, above: Uuid, name: &str) -> Uuid {
    let id = Uuid::now_v7();
    let unit = Unit { id, name: name.to_owned(), parent: Some(above) };
    let audit = NewAudit { at_ms: 0, who: id, unit: above, act: Act::UnitMade, about: None, detail: name.to_owned() };
    assert!(service.runtime.block_on(service.app.store.add_unit_below(unit, audit)).expect("a unit is made"));
    id
}

/// A learner of a unit who has a walk that waits, and the address of its page.
fn walked(service: &Service, name: &str, unit: Uuid) -> (Client, String) {
    let (learner, id) = service.person(Role::Learner, name, Some(unit));
    learner.post("/v1/events", &batch(&whole_walk()));
    (learner, format!("/desk/walks/{id}/hill.path"))
}

#[test]
fn those_above_see_and_decide_below_and_nobody_sees_above_or_beside() {
    let service = Service::with_demo();
    let county = service.demo_unit();
    let (school, other) = (below(&service, county, "一校"), below(&service, county, "二校"));
    let class = below(&service, school, "一校一部");
    let (deep, deep_page) = walked(&service, "deep-learner", class);
    let (_, county_page) = walked(&service, "county-learner", county);
    let (in_school, _) = service.person(Role::Trainer, "school-trainer", Some(school));
    let (beside, _) = service.person(Role::Trainer, "beside-trainer", Some(other));
    let (in_class, _) = service.person(Role::Trainer, "class-trainer", Some(class));
    for (who, sees) in [(&service.trainer(), true), (&in_school, true), (&in_class, true), (&beside, false)] {
        assert_eq!(who.get(&deep_page).status, if sees { 200 } else { 404 });
        for list in ["/desk/?state=all", "/desk/people", "/desk/walks.csv?state=all"] {
            assert_eq!(who.get(list).text().contains("deep-learner"), sees, "{list}");
        }
    }
    for who in [&in_school, &beside, &in_class] {
        assert_eq!(who.get(&county_page).status, 404, "what is above is not said to exist");
        assert!(!who.get("/desk/?state=all").text().contains("county-learner"));
        assert!(!who.get("/desk/people").text().contains("county-learner"));
    }
    let list = service.trainer().get("/desk/").text();
    assert!(list.contains("<small>一校一部</small>"), "whose they are is said: {list}");
    let answer = decide(&service.trainer(), "confirm", "", &[]);
    assert_eq!(answer.header("location"), Some("/desk/?state=waiting&confirmed=2"));
    assert_eq!(deep.get("/v1/me/progress").json()["walks"][0]["state"], "confirmed");
    assert!(in_class.get("/desk/walks.csv?state=all").text().contains("示例带训人"), "who decided has a name below");
}

#[test]
fn a_mentor_reads_walks_and_nothing_else() {
    let service = Service::with_demo();
    let (mentor, _) = service.person(Role::Mentor, "mentor", Some(service.demo_unit()));
    let (_, page) = walked(&service, "walker", service.demo_unit());
    let (list, one) = (mentor.get("/desk/").text(), mentor.get(&page).text());
    assert!(list.contains("walker") && one.contains("walker"));
    for offered in ["name=\"decision\"", "type=\"checkbox\"", "/attest", "walks.csv", "/desk/people", "/desk/audit"] {
        assert!(!list.contains(offered) && !one.contains(offered), "{offered}");
    }
    for closed in ["/desk/people", "/desk/walks.csv", "/desk/audit", "/desk/units", "/desk/roster"] {
        assert_eq!(mentor.get(closed).status, 403, "{closed}");
    }
    let token = token(&list).expect("a list has its token");
    assert_eq!(mentor.form("/desk/decide", &[("token", &token), ("decision", "confirm")]).status, 403);
}

#[test]
fn an_auditor_reads_everything_of_the_unit_and_writes_nothing() {
    let service = Service::with_demo();
    let (auditor, _) = service.person(Role::Auditor, "auditor", Some(service.demo_unit()));
    let (learner, page) = walked(&service, "walker", service.demo_unit());
    for open in ["/desk/", &page, "/desk/people", "/desk/walks.csv", "/desk/audit"] {
        let text = auditor.get(open).text();
        assert!(text.contains("walker") || open == "/desk/audit", "{open}");
        let forms = text.matches("<form").count() - text.matches("action=\"/desk/sign-out\"").count();
        let inert = text.matches("<form method=\"post\" action=\"/desk/decide\">").count();
        assert!(!text.contains("<button class=\"button") && forms == inert, "{open} offers nothing to write: {text}");
    }
    let token = token(&auditor.get("/desk/").text()).expect("a list has its token");
    let id = Uuid::now_v7().to_string();
    let fields = [("token", &*token), ("id", &*id), ("name", "x"), ("role", "learner"), ("decision", "confirm")];
    let person = id_of(&learner);
    for path in [
        "/desk/decide",
        "/desk/people",
        "/desk/units",
        "/desk/roster/confirm",
        &format!("{page}/attest"),
        &format!("/desk/people/{person}/pin"),
        &format!("/desk/people/{person}/code"),
    ] {
        assert_eq!(auditor.form(path, &fields).status, 403, "{path}");
    }
    assert_eq!(learner.get("/v1/me/progress").json()["walks"][0]["state"], "waiting");
}

#[test]
fn an_admin_makes_a_unit_below_and_appoints_its_admin_but_none_beside_themselves() {
    let service = Service::with_demo();
    let county = service.demo_unit();
    let (admin, _) = service.person(Role::Admin, "admin", Some(county));
    let foreign = service.person(Role::Admin, "foreign", None).0.get("/desk/units").text();
    let foreign_unit =
        foreign.split("<option value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("its own");
    let token = token(&admin.get("/desk/units").text()).expect("a form");
    let id = Uuid::now_v7().to_string();
    let make = |id: &str, name: &str, above: &str| {
        admin.form("/desk/units", &[("token", &*token), ("id", id), ("name", name), ("above", above)])
    };
    let county = county.to_string();
    for _ in 0..2 {
        assert_eq!(make(&id, "一校", &county).status, 303, "the same form makes one");
    }
    let page = admin.get("/desk/units").text();
    assert_eq!(page.matches("<th scope=\"row\">一校</th>").count(), 1, "{page}");
    let other = Uuid::now_v7().to_string();
    assert_eq!(make(&other, "一校", &county).status, 422, "a list names units, so that names differ");
    assert_eq!(make(&other, "", &county).status, 422);
    assert_eq!(make(&other, "二校", foreign_unit).status, 404, "not below another's");
    assert_eq!(make(&other, "二校", "x").status, 400);
    let add = |unit: &str, role: &str| {
        let fresh = Uuid::now_v7().to_string();
        let fields = [("token", &*token), ("id", &*fresh), ("name", "校管"), ("role", role), ("unit", unit)];
        admin.form("/desk/people", &fields)
    };
    let beside = add(&county, "admin");
    assert!(beside.status == 422 && beside.text().contains("只能设在下级单位"), "no second admin beside oneself");
    assert_eq!(add(foreign_unit, "learner").status, 404);
    assert_eq!(add("x", "learner").status, 400);
    let appointed = add(&id, "admin");
    assert_eq!(appointed.status, 200, "{}", appointed.text());
    let school_admin = service.stranger().signed_in(&code_in(&appointed.text()), "258047");
    let people = school_admin.get("/desk/people").text();
    assert!(people.contains("校管") && !people.contains("示例学员甲"));
    let above = super::desk::token(&school_admin.get("/desk/units").text()).expect("a form");
    let fields = [("token", &*above), ("id", &*other), ("name", "三校"), ("above", &*county)];
    assert_eq!(school_admin.form("/desk/units", &fields).status, 404, "nothing is made above");
}

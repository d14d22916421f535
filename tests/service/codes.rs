//! New codes for many at once: who is listed, who gets one, and that it is all of them or nobody.

use super::client::Client;
use super::desk::token;
use super::house::{Base, Service};
use protocol::api::Role;
use uuid::Uuid;

/// The values of the boxes of a page, and whether each comes ticked.
fn boxes(page: &str) -> Vec<(String, bool)> {
    let each = page.split("type=\"checkbox\" name=\"person\" value=\"").skip(1);
    each.map(|rest| (rest[..36].to_owned(), rest[36..].starts_with("\" checked"))).collect()
}

/// Names and codes of a sheet, in its order.
fn cards(page: &str) -> Vec<(String, String)> {
    let text = |rest: &str, class: &str| {
        let rest = rest.split(&format!("class=\"{class}\">")).nth(1).expect("a line of the card");
        rest.split('<').next().expect("it ends").to_owned()
    };
    page.split("<li class=\"card\">").skip(1).map(|card| (text(card, "card-name"), text(card, "card-code"))).collect()
}

fn id_of(who: &Client) -> String {
    who.get("/v1/session").json()["person"].as_str().expect("an id").to_owned()
}

/// Adds somebody at the desk, whose code nobody has taken up.
fn add(admin: &Client, name: &str) -> String {
    let (token, id) = (token(&admin.get("/desk/people").text()).expect("a form"), Uuid::now_v7().to_string());
    let fields = [("token", &*token), ("id", &*id), ("name", name), ("role", "learner")];
    assert_eq!(admin.form("/desk/people", &fields).status, 200);
    id
}

fn renew(admin: &Client, form: &str, people: &[&str]) -> super::client::Answer {
    let token = token(&admin.get("/desk/codes?who=everyone").text()).expect("a form");
    let mut fields = vec![("token", &*token), ("id", form)];
    fields.extend(people.iter().map(|person| ("person", *person)));
    admin.form("/desk/codes", &fields)
}

#[test]
fn everyone_who_is_ticked_gets_a_code_on_one_sheet_and_each_is_written_down() {
    Base::ALL.into_iter().for_each(on_one_sheet);
}

fn on_one_sheet(base: Base) {
    let service = Service::with_demo_on(base);
    let admin = service.demo_admin();
    let (li, wang) = (add(&admin, "李"), add(&admin, "王"));
    let page = admin.get("/desk/codes").text();
    let listed: Vec<String> = boxes(&page)
        .into_iter()
        .map(|(id, is_ticked)| {
            assert!(is_ticked);
            id
        })
        .collect();
    assert_eq!(listed.len(), 2, "those who have not taken theirs up");
    assert!(listed.contains(&li) && listed.contains(&wang));
    let everyone = boxes(&admin.get("/desk/codes?who=everyone").text());
    assert!(everyone.len() == 6 && everyone.iter().all(|(_, is_ticked)| !is_ticked), "nobody by oversight");
    assert!(!everyone.iter().any(|(id, _)| *id == id_of(&admin)), "and never oneself");
    assert_eq!(boxes(&admin.get("/desk/codes?name=%E6%9D%8E").text()).len(), 1);

    let learner = service.learner(1);
    let (form, known) = (Uuid::now_v7().to_string(), id_of(&learner));
    let sheet = renew(&admin, &form, &[&li, &wang, &known]);
    assert_eq!(sheet.status, 200, "{}", sheet.text());
    let given = cards(&sheet.text());
    assert_eq!(given.len(), 3);
    assert!(sheet.text().contains("已换发的人数：3"));
    assert_eq!(learner.get("/v1/session").status, 401, "the old session has ended");
    for (name, code) in &given {
        let entered = service.stranger().signed_in(code, "258047");
        assert_eq!(entered.get("/v1/session").json()["name"], **name);
    }
    assert_eq!(renew(&admin, &form, &[&li, &wang, &known]).status, 422, "the same form changes nothing again");
    for (_, code) in &given {
        service.stranger().signed_in(code, "258047");
    }
    let audit = admin.get("/desk/audit").text();
    assert_eq!(audit.matches("换发邀请码").count(), 3, "{audit}");
    let deeds = admin.get("/desk/people").text();
    assert!(deeds.contains("最近的换发") && deeds.matches("<td data-head=\"事项\">换发邀请码").count() == 3);
}

#[test]
fn one_who_is_out_of_reach_or_erased_meanwhile_leaves_everyone_as_they_were() {
    Base::ALL.into_iter().for_each(all_or_nobody);
}

fn all_or_nobody(base: Base) {
    let service = Service::with_demo_on(base);
    let (admin, learner) = (service.demo_admin(), service.learner(1));
    let (foreign, foreign_id) = service.person(Role::Learner, "foreign", None);
    let own = id_of(&learner);
    let form = || Uuid::now_v7().to_string();
    for (people, status) in [
        (vec![&*own, &*foreign_id.to_string()], 404),
        (vec![&*own, &*id_of(&admin)], 404),
        (vec![], 422),
        (vec!["x"], 400),
    ] {
        assert_eq!(renew(&admin, &form(), &people).status, status, "{people:?}");
    }
    assert_eq!(renew(&admin, "x", &[&own]).status, 400);
    assert_eq!((learner.get("/v1/session").status, foreign.get("/v1/session").status), (200, 200));
    // Of two, one is gone by the time of the writing: the store gives neither a code.
    let store = &service.app.store;
    let one = learner.get("/v1/session").json()["person"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    let renewal = |person: Uuid, key: u8| checkpoint::store::Renewal {
        person,
        code: checkpoint::store::NewCode { key: [key; 32], ends_ms: i64::MAX },
        entry: checkpoint::store::NewEntry::about(
            Uuid::now_v7(),
            checkpoint::store::Kind::CodeRenewed,
            (person, one),
            0,
            "{}".to_owned(),
        ),
    };
    let before = service.runtime.block_on(store.head()).expect("read");
    let renewed = service.runtime.block_on(store.renew_codes(vec![renewal(one, 1), renewal(Uuid::now_v7(), 2)]));
    assert!(!renewed.expect("answered"));
    assert_eq!(service.runtime.block_on(store.head()).expect("read"), before, "nothing is said of it");
    assert_eq!(learner.get("/v1/session").status, 200);
    assert!(service.runtime.block_on(store.person_by_code([1; 32])).expect("read").is_none());
}

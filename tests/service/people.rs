//! The first admin, and the people an admin adds.

use super::desk::token;
use super::house::Service;
use checkpoint::secrets::digest;
use protocol::api::Role;

pub fn code_in(page: &str) -> String {
    page.split("<p class=\"code\">").nth(1).and_then(|rest| rest.split('<').next()).expect("a code is shown").to_owned()
}

#[test]
fn the_first_admin_link_works_once() {
    let service = Service::empty();
    let set = service.app.store.set_first_link(digest(b"linked"), service.app.now_ms() + 1_000);
    service.runtime.block_on(set).expect("a link is set");
    let stranger = service.stranger();
    assert_eq!(stranger.get("/admin/first?token=other").status, 410);
    let form = stranger.get("/admin/first?token=linked");
    assert_eq!(form.status, 200);
    let fields = [("link", "linked"), ("unit", "某单位"), ("name", "管理员"), ("pin", "258047"), ("again", "258047")];
    let differing = [fields[0], fields[1], fields[2], fields[3], ("again", "258048")];
    assert_eq!(stranger.form("/admin/first", &differing).status, 422);
    let done = stranger.form("/admin/first", &fields);
    assert_eq!(done.status, 200, "{}", done.text());
    let code = code_in(&done.text());
    assert_eq!(stranger.form("/admin/first", &fields).status, 410, "it is used up");
    assert_eq!(stranger.get("/admin/first?token=linked").status, 410);
    let admin = service.stranger().signed_in(&code, "258047");
    assert_eq!(admin.get("/v1/session").json()["role"], "admin");
    assert_eq!(service.stranger().with_cookie_of(&done).get("/desk/people").status, 200, "it signs in at once");
}

#[test]
fn a_first_admin_link_runs_out() {
    let service = Service::empty();
    let set = service.app.store.set_first_link(digest(b"linked"), service.app.now_ms() + 1_000);
    service.runtime.block_on(set).expect("a link is set");
    service.pass_ms(1_000);
    assert_eq!(service.stranger().get("/admin/first?token=linked").status, 410);
}

#[test]
fn an_admin_adds_people_and_each_code_is_shown_once() {
    let service = Service::with_demo();
    let (admin, _) = service.person(Role::Admin, "admin", Some(service.demo_unit()));
    let page = admin.get("/desk/people").text();
    let token = token(&page).expect("a form");
    let id =
        page.split("name=\"id\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("an id").to_owned();
    let fields = [("token", &*token), ("id", &*id), ("name", "<b>李</b>"), ("cohort", "一组"), ("role", "learner")];
    let added = admin.form("/desk/people", &fields);
    let code = code_in(&added.text());
    assert!(!added.text().contains("<b>李</b>") && added.text().contains("李"), "names are text");
    assert!(!admin.get("/desk/people").text().contains(&code));
    assert_eq!(admin.form("/desk/people", &fields).status, 422, "the same form adds nobody twice");
    let learner = service.stranger().signed_in(&code, "258047");
    assert_eq!(learner.get("/v1/session").json()["role"], "learner");

    let entry = uuid::Uuid::now_v7().to_string();
    let renewed = admin.form(&format!("/desk/people/{id}/code"), &[("token", &token), ("id", &entry)]);
    let fresh = code_in(&renewed.text());
    assert_eq!(learner.get("/v1/session").status, 401, "sessions end with the old code");
    service.stranger().signed_in(&fresh, "704918");
}

#[test]
fn an_admin_cannot_make_admins_or_leave_names_out() {
    let service = Service::with_demo();
    let (admin, _) = service.person(Role::Admin, "admin", None);
    let token = token(&admin.get("/desk/people").text()).expect("a form");
    let id = uuid::Uuid::now_v7().to_string();
    for (name, role, status) in
        [("李", "admin", 422), ("", "learner", 422), ("a\nb", "learner", 422), (&"李".repeat(61), "trainer", 422)]
    {
        let fields = [("token", &*token), ("id", &*id), ("name", name), ("role", role)];
        assert_eq!(admin.form("/desk/people", &fields).status, status, "{name} {role}");
    }
}

/// The form on the people page that gives someone a new PIN: its address, token and id.
fn pin_form(page: &str, person: &str) -> Option<(String, String)> {
    let form = page.split(&format!("action=\"/desk/people/{person}/pin\"")).nth(1)?;
    let id = form.split("name=\"id\" value=\"").nth(1)?.split('"').next()?;
    Some((token(form)?, id.to_owned()))
}

pub fn id_of(client: &super::client::Client) -> String {
    client.get("/v1/session").json()["person"].as_str().expect("an id").to_owned()
}

#[test]
fn a_trainer_gives_a_learner_a_new_pin_that_is_shown_once_and_written_down() {
    let service = Service::with_demo();
    let (trainer, learner) = (service.trainer(), service.learner(1));
    let id = id_of(&learner);
    let (token, entry) = pin_form(&trainer.get("/desk/people").text(), &id).expect("a form");
    let (path, fields) = (format!("/desk/people/{id}/pin"), [("token", &*token), ("id", &*entry)]);
    let code = checkpoint::demo::PEOPLE[1].code;
    for _ in 0..5 {
        let wrong = service.stranger().post("/v1/session", &serde_json::json!({ "code": code, "pin": "111222" }));
        assert!(wrong.status == 401 || wrong.status == 429);
    }
    let given = trainer.form(&path, &fields);
    assert_eq!(given.status, 200, "{}", given.text());
    let pin = code_in(&given.text());
    assert!(pin.len() == 6 && pin.bytes().all(|byte| byte.is_ascii_digit()));
    assert_eq!(learner.get("/v1/session").status, 401, "old sessions end");
    let old = service.stranger().post("/v1/session", &serde_json::json!({ "code": code, "pin": "281604" }));
    assert_eq!(old.status, 401, "the old PIN ends, and the wait after wrong ones with it");
    service.stranger().signed_in(code, &pin);
    let page = trainer.get("/desk/people").text();
    assert!(!page.contains(&pin), "shown once");
    assert!(page.contains("重发 PIN</td>") && page.contains("示例带训人</td>"), "the log says who did it");
    assert_eq!(trainer.form(&path, &fields).status, 422, "the same form gives no second one");
    service.stranger().signed_in(code, &pin);
}

#[test]
fn nobody_gives_a_pin_to_a_trainer_an_admin_another_unit_or_themselves() {
    let service = Service::with_demo();
    let trainer = service.trainer();
    let (second, _) = service.person(Role::Trainer, "second", Some(service.demo_unit()));
    let (admin, _) = service.person(Role::Admin, "admin", Some(service.demo_unit()));
    let (foreign, _) = service.person(Role::Learner, "foreign", None);
    let page = trainer.get("/desk/people").text();
    let token = token(&page).expect("a form");
    let entry = uuid::Uuid::now_v7().to_string();
    let fields = [("token", &*token), ("id", &*entry)];
    for (target, status) in [(&second, 403), (&admin, 403), (&trainer, 403), (&foreign, 404)] {
        let id = id_of(target);
        assert!(pin_form(&page, &id).is_none());
        assert_eq!(trainer.form(&format!("/desk/people/{id}/pin"), &fields).status, status);
        assert_eq!(target.get("/v1/session").status, 200, "nothing changed");
    }
    let learner = service.learner(1);
    let path = format!("/desk/people/{}/pin", id_of(&learner));
    assert_eq!(learner.form(&path, &fields).status, 403);
    assert_eq!(trainer.form(&path, &[("id", &*entry)]).status, 403, "without its token a form does nothing");
    assert_eq!(trainer.form(&path, &[("token", &*token), ("id", "x")]).status, 400);
    assert_eq!(trainer.form("/desk/people/x/pin", &fields).status, 404);
    assert_eq!(learner.get("/v1/session").status, 200);
}

#[test]
fn a_code_that_was_never_taken_up_has_no_pin_to_replace() {
    let service = Service::with_demo();
    let (admin, _) = service.person(Role::Admin, "admin", Some(service.demo_unit()));
    let page = admin.get("/desk/people").text();
    let token = token(&page).expect("a form");
    let id = uuid::Uuid::now_v7().to_string();
    let fields = [("token", &*token), ("id", &*id), ("name", "李"), ("role", "learner")];
    let code = code_in(&admin.form("/desk/people", &fields).text());
    let refused = admin.form(&format!("/desk/people/{id}/pin"), &[("token", &*token), ("id", &*id)]);
    assert!(refused.status == 422 && refused.text().contains("尚未启用"));
    service.stranger().signed_in(&code, "258047");
}

#[test]
fn a_trainer_sees_people_but_adds_none_and_renews_no_code() {
    let service = Service::with_demo();
    let (trainer, learner) = (service.trainer(), service.learner(1));
    let page = trainer.get("/desk/people").text();
    assert!(page.contains("示例学员甲") && !page.contains("添加并显示邀请码") && !page.contains("/code\""));
    let token = token(&page).expect("a form");
    let entry = uuid::Uuid::now_v7().to_string();
    let fields = [("token", &*token), ("id", &*entry), ("name", "李"), ("role", "learner")];
    assert_eq!(trainer.form("/desk/people", &fields).status, 403);
    assert_eq!(trainer.form(&format!("/desk/people/{}/code", id_of(&learner)), &fields).status, 403);
    assert_eq!(learner.get("/v1/session").status, 200);
}

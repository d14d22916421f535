//! The first admin, and the people an admin adds.

use super::desk::token;
use super::house::Service;
use checkpoint::secrets::digest;
use protocol::api::Role;

fn code_in(page: &str) -> String {
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

    let renewed = admin.form(&format!("/desk/people/{id}/code"), &[("token", &token)]);
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
        [("李", "admin", 400), ("", "learner", 422), ("a\nb", "learner", 422), (&"李".repeat(61), "trainer", 422)]
    {
        let fields = [("token", &*token), ("id", &*id), ("name", name), ("role", role)];
        assert_eq!(admin.form("/desk/people", &fields).status, status, "{name} {role}");
    }
}

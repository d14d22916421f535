//! The audit log: who looked at what, who did what, and that looking is never unseen.

use super::ailing::Ailment;
use super::client::Client;
use super::desk::{decide, token};
use super::fixture::{batch, whole_walk};
use super::house::Service;
use super::people::id_of;
use super::units::below;
use super::xapi::System;
use checkpoint::store::statements::Scope;
use protocol::api::Role;

/// The rows of the page: who, what, about whom, and the unit, without their links.
fn entries(reader: &Client, query: &str) -> Vec<[String; 4]> {
    let page = reader.get(&format!("/desk/audit{query}"));
    assert_eq!(page.status, 200, "{}", page.text());
    let text = page.text();
    let plain = |cell: &str| {
        let inner = cell.split_once('>').map_or("", |(_, rest)| rest);
        inner.split('<').map(|part| part.split_once('>').map_or(part, |(_, rest)| rest)).collect::<String>()
    };
    let row = |row: &str| {
        let cells: Vec<String> = row.split("<td").skip(2).take(4).map(plain).collect();
        cells.try_into().expect("four cells")
    };
    text.split("<tr><td class=\"moment\"")
        .skip(1)
        .map(|rest| row(&format!("<td{}", rest.split("</tr>").next().unwrap_or_default())))
        .collect()
}

fn said<const N: usize>(rows: &[[String; 4]]) -> Vec<[&str; N]> {
    rows.iter().map(|row| std::array::from_fn(|index| row[index].trim())).collect()
}

#[test]
fn every_privileged_look_and_deed_is_an_entry_and_none_lengthens_the_record() {
    let service = Service::with_demo();
    let (trainer, learner) = (service.trainer(), service.learner(1));
    let (auditor, _) = service.person(Role::Auditor, "auditor", Some(service.demo_unit()));
    learner.post("/v1/events", &batch(&whole_walk()));
    let person = id_of(&learner);
    let uuid = uuid::Uuid::parse_str(&person).expect("an id");
    let recorded = || service.runtime.block_on(service.app.store.log_of(uuid)).expect("read").len();
    trainer.get(&format!("/desk/walks/{person}/hill.path"));
    trainer.get("/desk/walks.csv?state=all");
    trainer.get("/desk/people");
    learner.get("/v1/me/progress");
    assert_eq!(recorded(), 4, "looking is not in the record");
    decide(&trainer, "confirm", "", &[]);
    assert_eq!(recorded(), 5);
    let rows = entries(&auditor, "");
    assert_eq!(
        said::<3>(&rows),
        [
            ["示例带训人", "确认", "示例学员甲"],
            ["示例带训人", "查看走访列表", "—"],
            ["示例带训人", "查看人员", "—"],
            ["示例带训人", "导出走访表", "—"],
            ["示例带训人", "查看走访", "示例学员甲"],
        ]
    );
    let again = entries(&auditor, &format!("?person={person}"));
    assert_eq!(said::<2>(&again), [["示例带训人", "确认"], ["示例带训人", "查看走访"]], "what is about one person");
    assert_eq!(said::<2>(&entries(&auditor, ""))[..2], [["auditor", "查看审计"], ["auditor", "查看审计"]]);
    for closed in [&trainer, &learner, &service.person(Role::Mentor, "mentor", Some(service.demo_unit())).0] {
        assert_eq!(closed.get("/desk/audit").status, 403);
    }
}

#[test]
fn what_cannot_be_written_down_is_not_shown() {
    let service = Service::with_demo();
    let (trainer, learner) = (service.trainer(), service.learner(1));
    learner.post("/v1/events", &batch(&whole_walk()));
    let page = format!("/desk/walks/{}/hill.path", id_of(&learner));
    service.store.ails(Ailment::Full);
    for unseen in [&*page, "/desk/", "/desk/people", "/desk/walks.csv?state=all"] {
        let answer = trainer.get(unseen);
        assert!(answer.status == 507 && !answer.text().contains("示例学员甲"), "{unseen}");
    }
    assert_eq!(learner.get("/v1/me/progress").status, 200, "one's own record is read all the same");
    service.store.ails(Ailment::None);
    assert_eq!(trainer.get(&page).status, 200);
}

#[test]
fn an_audit_log_reaches_as_far_as_its_reader() {
    let service = Service::with_demo();
    let county = service.demo_unit();
    let (school, other) = (below(&service, county, "一校"), below(&service, county, "二校"));
    let auditor = |name: &str, unit| service.person(Role::Auditor, name, Some(unit)).0;
    let (above, at_school, beside) = (auditor("above", county), auditor("at-school", school), auditor("beside", other));
    let (pupil, _) = service.person(Role::Learner, "pupil", Some(school));
    pupil.post("/v1/events", &batch(&whole_walk()));
    let trainer = service.trainer();
    trainer.get(&format!("/desk/walks/{}/hill.path", id_of(&pupil)));
    trainer.get("/desk/people");
    let opened = |reader: &Client| said::<3>(&entries(reader, "")).contains(&["示例带训人", "查看走访", "pupil"]);
    let listed = |reader: &Client| said::<3>(&entries(reader, "")).contains(&["示例带训人", "查看人员", "—"]);
    assert_eq!([&above, &at_school, &beside].map(opened), [true, true, false]);
    assert_eq!([&above, &at_school, &beside].map(listed), [true, true, true], "those above looked at all below");
    assert!(!said::<1>(&entries(&above, "")).is_empty());
    let (foreign, _) = service.person(Role::Admin, "foreign", None);
    assert!(entries(&foreign, &format!("?person={}", id_of(&trainer))).is_empty(), "nothing of another unit");
}

#[test]
fn a_long_audit_log_is_read_page_by_page() {
    let service = Service::with_demo();
    let (auditor, _) = service.person(Role::Auditor, "auditor", Some(service.demo_unit()));
    let trainer = service.trainer();
    for _ in 0..101 {
        trainer.get("/desk/people");
    }
    let page = auditor.get("/desk/audit").text();
    let older = page.split("href=\"/desk/audit?before=").nth(1).and_then(|rest| rest.split('"').next()).expect("more");
    assert_eq!(said::<2>(&entries(&auditor, &format!("?before={older}"))), [["示例带训人", "查看人员"]]);
    assert!(token(&page).is_none(), "there is nothing to change it by");
}

#[test]
fn another_system_that_reads_leaves_an_entry_with_no_value_that_it_asked_by() {
    let service = Service::with_demo();
    let (auditor, _) = service.person(Role::Auditor, "auditor", Some(service.demo_unit()));
    let system = System::of(&service, service.demo_unit(), Scope::Read);
    assert_eq!(system.get("/statements?verb=http%3A%2F%2Fsecret.example%2Fverb&limit=1").status, 200);
    assert_eq!(system.get("/about").status, 200);
    let page = auditor.get("/desk/audit").text();
    assert!(page.contains("system · /xapi/statements · verb, limit") && !page.contains("secret.example"), "{page}");
    let told =
        said::<2>(&entries(&auditor, "")).iter().filter(|entry| **entry == ["系统凭证", "外部系统读取记录"]).count();
    assert_eq!(told, 1, "what is open to all is not told");
    service.store.ails(Ailment::Full);
    assert_eq!(system.get("/statements").status, 507, "what cannot be written down is not read");
}

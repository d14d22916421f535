//! The report of a unit's year: what it says, how it is taken out, and that a closed one cannot be changed unseen.

use super::client::Client;
use super::desk::{decide, page_of, tickets, token};
use super::erased::erase;
use super::fixture::{NOW_MS, batch, whole_walk};
use super::history::{holds, proof};
use super::house::{Base, Service};
use super::units::below;
use checkpoint::store::annals::PAGE_ENTRIES;
use checkpoint::store::{Kind, NewEntry, Store, Told};
use protocol::api::Role;
use std::io::{Cursor, Read};
use uuid::Uuid;
use zip::ZipArchive;

const DAY_MS: i64 = 86_400_000;

fn walked(service: &Service, number: usize) -> Client {
    let learner = service.learner(number);
    learner.post("/v1/events", &batch(&whole_walk()));
    learner
}

/// The row of a page's table that begins with this name, without its tags.
fn row(page: &str, name: &str) -> String {
    let row = page.split("<tr>").find(|row| row.starts_with(&format!("<th scope=\"row\">{name}")));
    let row = row.unwrap_or_else(|| panic!("no row of {name} in {page}"));
    let row = row.split("</tr>").next().unwrap_or_default();
    row.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect::<Vec<_>>().join("|")
}

/// The value of a hidden field of a form.
fn field(page: &str, name: &str) -> String {
    let value = page.split(&format!("name=\"{name}\" value=\"")).nth(1).and_then(|rest| rest.split('"').next());
    value.unwrap_or_else(|| panic!("no {name} in {page}")).to_owned()
}

/// Closes the report as an admin sees it, and gives the address of what was closed.
fn close(admin: &Client, page: &str) -> String {
    let token = token(page).expect("a form");
    let fields = ["id", "unit", "year", "upto", "target", "digest"].map(|name| (name, field(page, name)));
    let mut form: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    form.push(("token", &token));
    let answer = admin.form("/desk/report", &form);
    assert_eq!(answer.status, 303, "{}", answer.text());
    let again = admin.form("/desk/report", &form);
    assert_eq!(again.header("location"), answer.header("location"), "one form closes once");
    answer.header("location").expect("a way on").to_owned()
}

const FITS: &str = "与定稿时相同";
const DIFFERS: &str = "与定稿时不同";

#[test]
fn a_years_report_says_what_each_learner_earned_and_how_those_below_included() {
    Base::ALL.into_iter().for_each(says_what_each_earned);
}

fn says_what_each_earned(base: Base) {
    let service = Service::with_demo_on(base);
    let trainer = service.trainer();
    let class = below(&service, service.demo_unit(), "一班");
    let (deep, _) = service.person(Role::Learner, "deep-learner", Some(class));
    deep.post("/v1/events", &batch(&whole_walk()));
    let one = walked(&service, 1);
    walked(&service, 2);
    let chosen = |of: &Client| tickets(&trainer.get(&page_of(of)).text());
    decide(&trainer, "confirm", "", &chosen(&deep));
    decide(&trainer, "confirm", "", &chosen(&one));
    decide(&trainer, "return", "again", &[]);
    let page = trainer.get("/desk/report").text();
    let first = row(&page, "示例学员甲");
    assert!(first.contains("0.5") && first.contains("1 %") && first.contains("网页，E0，0.5"), "{first}");
    assert!(row(&page, "deep-learner").contains("一班") && row(&page, "示例学员乙").contains("|0.0|"), "{page}");
    assert!(page.contains("<dt>授予学时</dt><dd>1.0</dd>") && page.contains("<dt>退回（次）</dt><dd>1</dd>"), "{page}");
    // Whoever is of the unit below sees that alone.
    let (in_class, _) = service.person(Role::Auditor, "class-auditor", Some(class));
    let own = in_class.get("/desk/report").text();
    assert!(own.contains("deep-learner") && !own.contains("示例学员甲") && own.contains("<dd>0.5</dd>"), "{own}");
    assert_eq!(in_class.get(&format!("/desk/report?unit={}", service.demo_unit())).status, 404);
    assert_eq!(trainer.get("/desk/report?year=2027").status, 404, "a year that has not begun");
    let before = trainer.get("/desk/report?year=2025").text();
    assert!(before.contains("<dt>授予学时</dt><dd>0.0</dd>"), "{before}");
    // What is taken back does not count any more; the year that follows begins anew.
    decide(&trainer, "reopen", "by mistake", &chosen(&one));
    let page = trainer.get("/desk/report").text();
    assert!(
        page.contains("<dt>授予学时</dt><dd>0.5</dd>") && page.contains("<dt>撤销确认（次）</dt><dd>1</dd>"),
        "{page}"
    );
    service.pass_ms(365 * DAY_MS);
    decide(&service.trainer(), "confirm", "", &[]);
    let (this_year, last_year) =
        (service.trainer().get("/desk/report"), service.trainer().get("/desk/report?year=2026"));
    for report in [this_year, last_year] {
        assert!(report.text().contains("<dt>授予学时</dt><dd>0.5</dd>"), "{}", report.text());
    }
    let english = service.trainer().with_cookie("desk-lang=en").get("/desk/report").text();
    assert!(
        english.contains("annual report of training credit") && english.contains("on the page, E0, 0.5"),
        "{english}"
    );
}

#[test]
fn the_report_is_taken_out_as_csv_and_as_a_workbook_that_run_nothing() {
    let service = Service::with_demo();
    let (learner, id) = service.person(Role::Learner, "=HYPERLINK(\"x\")", Some(service.demo_unit()));
    learner.post("/v1/events", &batch(&whole_walk()));
    let trainer = service.trainer();
    decide(&trainer, "confirm", "", &[]);
    let csv = trainer.get("/desk/report.csv");
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    let text = csv.text();
    assert!(text.starts_with("\u{feff}\"编号\",\"学员\"") && text.lines().count() == 5, "{text}");
    assert!(
        text.contains(&format!("\"{id}\",\"'=HYPERLINK(\"\"x\"\")\"")) && text.contains("\"0.5\",\"32\""),
        "{text}"
    );
    let book = trainer.get("/desk/report.xlsx");
    assert!(book.header("content-disposition").is_some_and(|how| how.contains("retrace-report-2026.xlsx")));
    let mut archive = ZipArchive::new(Cursor::new(book.body)).expect("a workbook");
    let mut sheet = String::new();
    let mut part = archive.by_name("xl/worksheets/sheet1.xml").expect("a sheet");
    part.read_to_string(&mut sheet).expect("text");
    assert!(sheet.contains("示例学员甲") && sheet.contains("=HYPERLINK(") && sheet.contains("<v>0.5</v>"), "{sheet}");
    assert!(!sheet.contains("<f>"), "nothing is a formula: {sheet}");
    let bytes = trainer.get("/desk/report.txt").text();
    assert!(bytes.starts_with("retrace-report-1\n") && bytes.contains(&format!("{id} 5 0 0 0 hill.path:5:E0:page\n")));
}

#[test]
fn a_closed_report_stands_in_the_signed_tree_and_later_decisions_leave_it_as_it_was() {
    Base::ALL.into_iter().for_each(stands_in_the_tree);
}

fn stands_in_the_tree(base: Base) {
    let service = Service::with_demo_on(base);
    let (trainer, admin) = (service.trainer(), service.demo_admin());
    walked(&service, 1);
    decide(&trainer, "confirm", "", &[]);
    let open = admin.get("/desk/report").text();
    let to = close(&admin, &open);
    let id = to.split("closed=").nth(1).expect("an id").to_owned();
    // Somebody else's walk is confirmed since: today's report differs, the closed one does not.
    walked(&service, 2);
    decide(&trainer, "confirm", "", &[]);
    let closed = trainer.get(&to).text();
    assert!(closed.contains(FITS) && closed.contains("<dt>授予学时</dt><dd>0.5</dd>"), "{closed}");
    assert!(admin.get("/desk/report").text().contains("<dt>授予学时</dt><dd>1.0</dd>"));
    let proven = proof(&admin, &id);
    assert!(holds(&proven), "the entry is a leaf of the signed tree");
    let body = proof_body(&proven.entry);
    let digest = field(&open, "digest");
    assert!(body.contains(&digest), "{body}");
    for said in [&digest, &proven.seq.to_string(), &proven.checkpoint] {
        assert!(closed.contains(said.as_str()), "{said} is printed: {closed}");
    }
    // The bytes behind the digest can be worked out by anyone.
    let bytes = trainer.get(&to.replace("/desk/report?", "/desk/report.txt?")).body;
    assert_eq!(checkpoint::secrets::hex(&checkpoint::secrets::digest(&bytes)), digest);
    assert_eq!(trainer.get(&to.replace(&id, &Uuid::now_v7().to_string())).status, 404);
    // What was seen is what is closed: a form with another digest closes nothing.
    let token = token(&open).expect("a form");
    let unit = service.demo_unit().to_string();
    let fresh = Uuid::now_v7().to_string();
    let forged = [
        ("token", &*token),
        ("id", &fresh),
        ("unit", &unit),
        ("year", "2026"),
        ("upto", "9"),
        ("target", "32.0"),
        ("digest", &digest),
    ];
    assert_eq!(admin.form("/desk/report", &forged).status, 409);
    assert_eq!(trainer.form("/desk/report", &forged).status, 403, "a trainer closes nothing");
}

/// The canonical bytes of an entry, as text where they are text.
fn proof_body(entry: &str) -> String {
    use base64::Engine;
    String::from_utf8_lossy(&base64::prelude::BASE64_STANDARD.decode(entry).expect("base64")).into_owned()
}

#[test]
fn a_changed_report_no_longer_matches_the_signed_one() {
    let service = Service::with_demo();
    let (trainer, admin) = (service.trainer(), service.demo_admin());
    walked(&service, 1);
    decide(&trainer, "confirm", "", &[]);
    let to = close(&admin, &admin.get("/desk/report").text());
    assert!(trainer.get(&to).text().contains(FITS));
    // Somebody with the file in hand makes half an hour nine hours.
    let file = service.folder.path().join("retrace.db");
    let forger = rusqlite::Connection::open(file).expect("it opens");
    let better = "UPDATE event SET body = replace(body, '\"hours\":5', '\"hours\":90') WHERE kind = 'confirmed'";
    assert_eq!(forger.execute(better, []).expect("written"), 1);
    drop(forger);
    let page = trainer.get(&to).text();
    assert!(page.contains(DIFFERS) && page.contains("<dt>授予学时</dt><dd>9.0</dd>"), "{page}");
}

#[test]
fn a_closed_report_outlasts_the_admin_who_closed_it_and_tells_of_an_erasure() {
    Base::ALL.into_iter().for_each(outlasts_the_admin);
}

fn outlasts_the_admin(base: Base) {
    let service = Service::with_demo_on(base);
    let (trainer, admin, learner) = (service.trainer(), service.demo_admin(), walked(&service, 1));
    decide(&trainer, "confirm", "", &[]);
    let to = close(&admin, &admin.get("/desk/report").text());
    let person = |of: &Client| of.get("/v1/session").json()["person"].as_str().expect("an id").to_owned();
    assert_eq!(erase(&service, &person(&admin)).code, 0);
    assert!(trainer.get(&to).text().contains(FITS), "the report is the unit's");
    assert_eq!(erase(&service, &person(&learner)).code, 0);
    let page = trainer.get(&to).text();
    assert!(page.contains(DIFFERS) && !page.contains("示例学员甲"), "{page}");
}

/// Part of the suite that every store passes.
pub async fn what_was_said_is_told_by_kind_and_page(
    store: &impl Store,
    [unit, elsewhere]: [Uuid; 2],
    people: [Uuid; 2],
) {
    let last = store.last_place().await.expect("read");
    let said = |person, kind, at_ms| NewEntry {
        site: heritage::SiteId::new("hill").ok(),
        ..NewEntry::about(Uuid::now_v7(), kind, (person, person), at_ms, "{}".to_owned())
    };
    let many: Vec<NewEntry> = (0..=i64::from(PAGE_ENTRIES)).map(|at| said(people[0], Kind::Confirmed, at)).collect();
    store.append(many).await.expect("appended");
    store
        .append(vec![
            said(people[1], Kind::Confirmed, NOW_MS),
            said(people[0], Kind::Returned, NOW_MS),
            said(people[0], Kind::ReportClosed, NOW_MS),
        ])
        .await
        .expect("appended");
    let wanted = Told { unit, kind: Kind::Confirmed, from_ms: 1, after: last, upto: i64::MAX };
    let first = store.told(wanted).await.expect("read");
    assert_eq!(first.len(), PAGE_ENTRIES as usize);
    assert!(first.windows(2).all(|two| two[0].seq < two[1].seq) && first[0].said.received_at_ms == 1);
    let rest = store.told(Told { after: first[first.len() - 1].seq, ..wanted }).await.expect("read");
    assert_eq!(rest.len(), 0, "of one kind, one unit, from one time on");
    let upto = store.told(Told { upto: first[4].seq, ..wanted }).await.expect("read");
    assert_eq!(upto, first[..5]);
    let of = async |unit, kind| store.told(Told { unit, kind, ..wanted }).await.expect("read").len();
    assert_eq!((of(elsewhere, Kind::Confirmed).await, of(unit, Kind::Returned).await), (1, 1));
    let closed = store.closed_reports().await.expect("read");
    assert_eq!(closed.last().map(|entry| entry.seq), Some(store.last_place().await.expect("read")));
}

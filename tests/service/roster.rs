//! A list of people from a file: checked, confirmed as a whole or not at all, and hostile files.

use super::ailing::Ailment;
use super::client::{Answer, Client};
use super::desk::token;
use super::house::Service;
use super::units::below;
use protocol::api::Role;
use std::collections::BTreeSet;
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const EDGE: &str = "----retrace";

/// Sends a file as a browser does.
pub fn upload(admin: &Client, token: &str, name: &str, file: &[u8]) -> Answer {
    let mut body =
        format!("--{EDGE}\r\ncontent-disposition: form-data; name=\"token\"\r\n\r\n{token}\r\n").into_bytes();
    let head = format!("--{EDGE}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(file);
    body.extend_from_slice(format!("\r\n--{EDGE}--\r\n").as_bytes());
    let kind = format!("multipart/form-data; boundary={EDGE}");
    admin.send("POST", "/desk/roster", &[("content-type", &kind)], &body)
}

pub fn draft_in(page: &str) -> Option<String> {
    page.split("name=\"draft\" value=\"").nth(1)?.split('"').next().map(str::to_owned)
}

fn codes_in(page: &str) -> Vec<String> {
    let codes = page.split("<p class=\"card-code\">").skip(1);
    codes.filter_map(|rest| rest.split('<').next()).map(str::to_owned).collect()
}

fn admin_of(service: &Service) -> (Client, String) {
    let (admin, _) = service.person(Role::Admin, "admin", Some(service.demo_unit()));
    let token = token(&admin.get("/desk/roster").text()).expect("a form");
    (admin, token)
}

fn count(service: &Service) -> usize {
    service.runtime.block_on(service.app.store.people_of(service.demo_unit())).expect("people").len()
}

/// A workbook with one sheet of these rows, and more parts besides.
fn workbook(sheet: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let packaged = "http://schemas.openxmlformats.org/package/2006";
    let parts = [
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{packaged}/relationships\"><Relationship Id=\"r0\" Type=\"{relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        ("[Content_Types].xml", format!("<Types xmlns=\"{packaged}/content-types\"/>")),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{relations}\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{packaged}/relationships\"><Relationship Id=\"r1\" Type=\"{relations}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", format!("<worksheet xmlns=\"{main}\"><sheetData>{sheet}</sheetData></worksheet>")),
    ];
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let parts = parts.iter().map(|(name, text)| (*name, text.as_bytes())).chain(more.iter().copied());
    for (name, bytes) in parts {
        archive.start_file(name, SimpleFileOptions::default()).expect("a part is begun");
        archive.write_all(bytes).expect("a part is written");
    }
    archive.finish().expect("a workbook").into_inner()
}

fn cell(place: &str, text: &str) -> String {
    format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

#[test]
fn a_faulty_list_says_every_fault_and_writes_nothing() {
    let service = Service::with_demo();
    let (admin, token) = admin_of(&service);
    let before = count(&service);
    let file = "姓名,组,身份,单位\n李一,一班,队长,\n,一班,,\n王二,,,无此单位\n赵三,,,\n";
    let answer = upload(&admin, &token, "list.csv", file.as_bytes());
    let page = answer.text();
    assert_eq!((answer.status, draft_in(&page)), (422, None), "{page}");
    for said in ["没有“队长”这种身份", "没有写姓名", "没有“无此单位”", "须先改正的问题：3"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    let english = upload(&admin.clone().with_cookie("desk-lang=en"), &token, "list.csv", file.as_bytes()).text();
    assert!(english.contains("There is no name.") && english.contains("Faults to mend first: 3"), "{english}");
    assert_eq!(count(&service), before);
}

#[test]
fn a_sound_list_is_shown_first_then_added_once_with_a_sheet_of_codes() {
    let service = Service::with_demo();
    let (admin, token) = admin_of(&service);
    let school = below(&service, service.demo_unit(), "一校");
    let before = count(&service);
    let file = "姓名,组,身份,单位\n示例学员甲,一班,,\n校长,,管理员,一校\n";
    let checked = upload(&admin, &token, "gbk.csv", &[0xd0, 0xd5, 0xc3, 0xfb, b'\n', 0xc0, 0xee, b'\n']);
    assert!(checked.status == 200 && checked.text().contains("GB18030") && checked.text().contains("李"));
    let checked = upload(&admin, &token, "list.csv", file.as_bytes());
    let page = checked.text();
    assert!(checked.status == 200 && page.contains("单位中已有同名的人"), "a namesake is only a note: {page}");
    assert_eq!(count(&service), before, "nothing before it is confirmed");
    let draft = draft_in(&page).expect("it can be confirmed");
    let fields = [("token", &*token), ("draft", &*draft)];
    let (other, _) = service.person(Role::Admin, "second", Some(service.demo_unit()));
    let others = super::desk::token(&other.get("/desk/roster").text()).expect("a form");
    assert_eq!(other.form("/desk/roster/confirm", &[("token", &others), ("draft", &draft)]).status, 422, "another's");
    assert_eq!(admin.form("/desk/roster/confirm", &[("token", &others), ("draft", &draft)]).status, 403, "forged");
    let sheet = admin.form("/desk/roster/confirm", &fields);
    let codes = codes_in(&sheet.text());
    assert_eq!((sheet.status, codes.len(), sheet.header("cache-control")), (200, 2, Some("no-store")));
    assert!(sheet.text().contains("以此码登录") && sheet.text().contains("sign in with this code"));
    assert_eq!(count(&service), before + 3, "these two, and the second admin");
    assert_eq!(admin.form("/desk/roster/confirm", &fields).status, 422, "once");
    let head = service.stranger().signed_in(&codes[1], "258047");
    assert_eq!(head.get("/v1/session").json()["unit"], "一校");
    let of_school = service.runtime.block_on(service.app.store.people_of(school)).expect("people");
    assert!(matches!(&of_school[..], [one] if one.role == Role::Admin));
    let people = admin.get("/desk/people").text();
    assert!(codes.iter().all(|code| !people.contains(code)), "codes are shown once");
    assert!(admin.get("/desk/audit").text().contains("导入名单"));
}

#[test]
fn a_list_is_added_whole_or_not_at_all() {
    let service = Service::with_demo();
    let (admin, token) = admin_of(&service);
    let before = count(&service);
    let page = upload(&admin, &token, "list.csv", "name\nLi\nWang\n".as_bytes()).text();
    let draft = draft_in(&page).expect("a draft");
    let fields = [("token", &*token), ("draft", &*draft)];
    service.store.ails(Ailment::Full);
    assert_eq!(admin.form("/desk/roster/confirm", &fields).status, 507);
    service.store.ails(Ailment::None);
    assert_eq!(count(&service), before);
    assert_eq!(
        codes_in(&admin.form("/desk/roster/confirm", &fields).text()).len(),
        2,
        "it waits until it is carried out"
    );
    let late = draft_in(&upload(&admin, &token, "list.csv", b"name\nZhao\n").text()).expect("a draft");
    service.pass_ms(31 * 60_000);
    assert_eq!(admin.form("/desk/roster/confirm", &[("token", &token), ("draft", &late)]).status, 422, "too late");
    assert_eq!(count(&service), before + 2);
}

#[test]
fn five_thousand_people_come_by_one_list() {
    let service = Service::with_demo();
    let (admin, token) = admin_of(&service);
    let before = count(&service);
    let rows: Vec<String> = (0..5_000).map(|number| format!("学员{number},第{}班\n", number / 50)).collect();
    let list = rows.concat();
    let page = upload(&admin, &token, "list.csv", format!("姓名,组\n{list}").as_bytes()).text();
    let draft = draft_in(&page).expect("a draft");
    let codes = codes_in(&admin.form("/desk/roster/confirm", &[("token", &token), ("draft", &draft)]).text());
    assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), 5_000);
    assert_eq!(count(&service), before + 5_000);
    let people = admin.get("/desk/people").text();
    assert_eq!(people.matches("<th scope=\"row\">").count(), 100, "so many on one page");
    let end = admin.get("/desk/people?name=&page=999").text();
    assert!(end.contains("aria-current=\"page\">5001–5006<"), "the last page stands for those beyond it");
    let sought = admin.get("/desk/people?name=%E5%AD%A6%E5%91%98499&page=1").text();
    assert_eq!(sought.matches("<th scope=\"row\">学员499").count(), 11, "499 and 4990 to 4999");
    assert!(admin.get("/desk/people?name=%3Cb%3E&page=x").text().contains("value=\"&#60;b&#62;\""));
    let more = upload(&admin, &token, "list.csv", format!("姓名,组\n{list}多,\n").as_bytes());
    assert!(more.status == 422 && more.text().contains("超过 5000 行"));
}

#[test]
fn a_workbook_is_read_and_names_are_text_everywhere() {
    let service = Service::with_demo();
    let (admin, token) = admin_of(&service);
    let name = "&lt;script&gt;alert(1)&lt;/script&gt;";
    let rows = format!(
        "<row r=\"1\">{}{}</row><row r=\"4\">{}<c r=\"B4\"><v>7</v></c></row><row r=\"5\">{}</row>",
        cell("A1", "姓名"),
        cell("B1", "组"),
        cell("A4", name),
        cell("A5", "=HYPERLINK(1)")
    );
    let page = upload(&admin, &token, "list.xlsx", &workbook(&rows, &[])).text();
    assert!(!page.contains("<script>alert") && page.contains("alert(1)"), "{page}");
    let draft = draft_in(&page).expect("a draft");
    let sheet = admin.form("/desk/roster/confirm", &[("token", &token), ("draft", &draft)]).text();
    assert!(!sheet.contains("<script>alert"), "{sheet}");
    assert_eq!(codes_in(&sheet).len(), 2);
    assert!(!admin.get("/desk/people").text().contains("<script>alert"));
    let formula = service.stranger().signed_in(&codes_in(&sheet)[1], "258047");
    formula.post("/v1/events", &super::fixture::batch(&super::fixture::whole_walk()));
    assert!(admin.get("/desk/walks.csv?state=all").text().contains("\"'=HYPERLINK(1)\""));
}

#[test]
fn hostile_files_are_refused_and_cost_little() {
    let service = Service::with_demo();
    let (admin, token) = admin_of(&service);
    let head = format!("<row r=\"1\">{}</row>", cell("A1", "name"));
    let zeros = vec![b' '; 64 * 1024 * 1024];
    let bomb = workbook(&head, &[("xl/sharedStrings.xml", &zeros)]);
    assert!(bomb.len() < 200_000, "it is small as it comes");
    let far =
        workbook(&format!("{head}<row r=\"1048576\">{}{}</row>", cell("A1048576", "Li"), cell("XFD1048576", "x")), &[]);
    let greedy = b"<sst count=\"1\" uniqueCount = '99999999999999'><si><t>x</t></si></sst>";
    let greedy = workbook(&head, &[("XL/SharedStrings.xml", greedy)]);
    let fault = format!("{head}<row r=\"2\"><c r=\"A2\" t=\"e\"><v>#REF!</v></c></row>");
    let mut cut = workbook(&head, &[]);
    cut.truncate(cut.len() / 2);
    for (file, status, said) in [
        (&bomb[..], 422, "解压后过大"),
        (&greedy, 422, "解压后过大"),
        (&workbook(&fault, &[]), 422, "错误值"),
        (&cut, 422, "损坏或不完整"),
        (&workbook("", &[]), 422, "文件是空的"),
        (&far, 200, "Li"),
        (b"", 422, "文件是空的"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", 422, "编码无法识别"),
    ] {
        let answer = upload(&admin, &token, "list.xlsx", file);
        assert!(answer.status == status && answer.text().contains(said), "{said}: {} {}", answer.status, answer.text());
    }
    let large = vec![b'a'; checkpoint::routes::MOST_BODY_BYTES + 1];
    assert_eq!(upload(&admin, &token, "list.csv", &large).status, 413);
    assert_eq!(upload(&admin, "forged", "list.csv", b"name\nLi\n").status, 403);
    assert_eq!(upload(&service.trainer(), &token, "list.csv", b"name\nLi\n").status, 403);
    let (foreign, _) = service.person(Role::Admin, "foreign", None);
    let other = super::desk::token(&foreign.get("/desk/roster").text()).expect("a form");
    let unit =
        service.runtime.block_on(service.app.store.units_below(service.demo_unit())).expect("units").remove(0).name;
    let reached = upload(&foreign, &other, "list.csv", format!("name,unit\nLi,{unit}\n").as_bytes());
    assert!(reached.status == 422 && draft_in(&reached.text()).is_none(), "a list reaches no other unit");
    for (kind, body) in
        [("multipart/form-data", &b"x"[..]), ("text/plain", b"x"), ("multipart/form-data; boundary=a", b"--b")]
    {
        assert_eq!(admin.send("POST", "/desk/roster", &[("content-type", kind)], body).status, 400, "{kind}");
    }
}

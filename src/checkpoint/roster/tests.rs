use super::*;
use crate::store::{Person, Unit};
use protocol::api::Role;
use uuid::Uuid;

fn units() -> Vec<Unit> {
    let unit = |id: u128, name: &str| Unit { id: Uuid::from_u128(id), name: name.to_owned(), parent: None };
    vec![unit(1, "本单位"), unit(2, "下级"), unit(3, "两个"), unit(4, "两个")]
}

fn checked(file: &[u8]) -> Roster {
    let there = Person {
        id: Uuid::from_u128(9),
        unit: Uuid::from_u128(1),
        unit_name: "本单位".to_owned(),
        role: Role::Learner,
        name: "旧人".to_owned(),
        cohort: String::new(),
        code_ends_ms: 0,
        pin_hash: None,
    };
    match read(file) {
        Ok(table) => check(&table, &units(), &[there]),
        Err(unreadable) => Roster { findings: vec![unreadable.finding()], ..Roster::default() },
    }
}

/// Row and column of every finding, faults marked.
fn places(roster: &Roster) -> Vec<String> {
    let place = |finding: &Finding| {
        let mark = if finding.is_fault { "!" } else { "" };
        format!("{mark}{} {}", finding.row.unwrap_or_default(), finding.column)
    };
    roster.findings.iter().map(place).collect()
}

#[test]
fn every_fault_is_said_by_row_and_column() {
    let long = "长".repeat(61);
    let file = format!(
        "姓名,组,身份,单位,备注\r\n李一,一班,学员,,x\r\n,一班,学员,\r\n王二,,队长,无此单位\r\n{long},\"a\nb\",学员,下级\r\n\
         \r\n赵三,,管理员,\r\n赵三,,管理员,下级\r\n钱四,,,两个\r\n旧人,,,\r\n李一,二班,Trainer,本单位\r\n"
    );
    let roster = checked(file.as_bytes());
    assert_eq!(
        places(&roster),
        [
            "1 E 备注",
            "!3 A 姓名",
            "!4 C 身份",
            "!4 D 单位",
            "!5 A 姓名",
            "!5 B 组",
            "!7 C 身份",
            "!9 D 单位",
            "10 A 姓名",
            "11 A 姓名",
        ]
    );
    assert!(roster.findings.iter().all(|finding| !finding.remedy.zh.is_empty() && !finding.remedy.en.is_empty()));
    let made: Vec<(&str, Role, u128)> =
        roster.people.iter().map(|person| (&*person.name, person.role, person.unit.as_u128())).collect();
    assert_eq!(
        made,
        [("李一", Role::Learner, 1), ("赵三", Role::Admin, 2), ("旧人", Role::Learner, 1), ("李一", Role::Trainer, 1)]
    );
}

#[test]
fn a_file_is_read_in_each_encoding_that_spreadsheets_write() {
    let text = "姓名;组\r\n李;一班\r\n";
    let (gbk, ..) = encoding_rs::GB18030.encode(text);
    let utf16 = |swap: bool| -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(|unit: u16| if swap { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    for (file, is_told) in [
        (text.as_bytes().to_vec(), false),
        (format!("\u{feff}{text}").into_bytes(), false),
        (utf16(false), false),
        (utf16(true), false),
        (gbk.into_owned(), true),
    ] {
        let table = read(&file);
        assert_eq!(table.as_ref().map(|table| table.notice.is_some()), Ok(is_told));
        let roster = checked(&file);
        assert_eq!(places(&roster), Vec::<String>::new());
        assert_eq!(
            roster.people.iter().map(|person| (&*person.name, &*person.cohort)).collect::<Vec<_>>(),
            [("李", "一班")]
        );
    }
}

#[test]
fn what_is_no_list_is_said_to_be_none() {
    for (file, why) in [
        (&b""[..], Unreadable::Empty),
        (b"\xff\xfe\x00\xd8\x00", Unreadable::Encoding),
        (b"name\n\x00\x01", Unreadable::Encoding),
        (b"name\n\xff\xff", Unreadable::Encoding),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Unreadable::OldWorkbook),
        (b"PK\x03\x04 and no more", Unreadable::Damaged),
        (b"name\nLi\n\"Wang\n", Unreadable::Quote(3)),
    ] {
        assert_eq!(read(file), Err(why), "{}", String::from_utf8_lossy(file));
        assert_eq!(checked(file).faults(), 1);
    }
    for (file, place) in
        [(&b"\n \n,,\n"[..], "!0 "), (b"group\nx\n", "!1 "), (b"name\n\n", "!0 "), (b"name,Name\nLi,\n", "!1 B Name")]
    {
        assert_eq!(places(&checked(file)), [place], "{}", String::from_utf8_lossy(file));
    }
}

#[test]
fn a_list_has_five_thousand_people_and_not_one_more() {
    let list = |count: usize| format!("name\n{}", "Li\n".repeat(count));
    let full = checked(list(MOST_PEOPLE).as_bytes());
    assert_eq!((full.people.len(), full.faults()), (MOST_PEOPLE, 0), "namesakes are no fault");
    assert_eq!(read(list(MOST_PEOPLE + 1).as_bytes()), Err(Unreadable::Long));
}

#[test]
fn quotes_line_ends_and_tabs_are_read_as_spreadsheets_do() {
    let roster = checked("name\tgroup\r\"Li \"\"the\"\" first\"\t a \rWang\t".as_bytes());
    let read: Vec<(&str, &str)> = roster.people.iter().map(|person| (&*person.name, &*person.cohort)).collect();
    assert_eq!(read, [("Li \"the\" first", "a"), ("Wang", "")]);
}

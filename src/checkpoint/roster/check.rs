//! Row by row: who is listed, and everything that is wrong with it. All faults are gathered, never the first one alone.

use super::row::RowCheck;
use super::{MOST_PEOPLE, Row, Table, Unreadable};
use crate::identity::code::half_width;
use crate::store::{Person, Unit};
use heritage::Bilingual;
use protocol::api::Role;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Something to be said of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// As a spreadsheet counts; `None` where it is about the whole file.
    pub row: Option<usize>,
    /// Letter and head of the column, as in `B 组`; empty where it is about the row.
    pub column: String,
    /// What is there.
    pub what: Bilingual,
    /// What to do.
    pub remedy: Bilingual,
    /// Nothing can be added before it is mended; else it is only worth a look.
    pub is_fault: bool,
}

impl Finding {
    /// Something that must be mended.
    pub(super) fn fault(row: Option<usize>, column: &str, what: Bilingual, remedy: Bilingual) -> Self {
        Self { row, column: column.to_owned(), what, remedy, is_fault: true }
    }
}

/// Somebody a list names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Made here, so that confirming twice makes nobody twice.
    pub id: Uuid,
    /// As written.
    pub name: String,
    /// The group, or empty.
    pub cohort: String,
    /// What they may do.
    pub role: Role,
    /// To which unit they come.
    pub unit: Uuid,
    /// What that unit is called.
    pub unit_name: String,
}

/// A file, checked.
#[derive(Debug, Default)]
pub struct Roster {
    /// Everyone without a fault, in the file's order.
    pub people: Vec<Listed>,
    /// Everything to be said, in the file's order.
    pub findings: Vec<Finding>,
}

impl Roster {
    /// Things that must be mended.
    pub fn faults(&self) -> usize {
        self.findings.iter().filter(|finding| finding.is_fault).count()
    }
}

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    Name,
    Cohort,
    Role,
    Unit,
}

impl Column {
    const ALL: [Self; 4] = [Self::Name, Self::Cohort, Self::Role, Self::Unit];

    /// The heads it may have.
    const fn heads(self) -> &'static [&'static str] {
        match self {
            Self::Name => &["姓名", "name"],
            Self::Cohort => &["组", "组别", "group"],
            Self::Role => &["身份", "role"],
            Self::Unit => &["单位", "unit"],
        }
    }
}

/// Checks a table. `units` are those within reach, one's own first; `there` are the people they have already.
pub fn check(table: &Table, units: &[Unit], there: &[Person]) -> Roster {
    let mut roster = Roster::default();
    let Some((heads, rows)) = table.rows.split_first() else {
        roster.findings.push(Unreadable::Empty.finding());
        return roster;
    };
    let columns = columns(heads, &mut roster.findings);
    if !columns.contains_key(&Column::Name) {
        let what = Bilingual::new("首行没有“姓名”这一列。", "The first row has no column “name”.");
        let remedy = Bilingual::new(
            "请在首行写上列名：姓名、组、身份、单位；只有姓名必填。",
            "Write the columns' names into the first row: name, group, role, unit; only name is needed.",
        );
        roster.findings.push(Finding::fault(Some(heads.number), "", what, remedy));
        return roster;
    }
    if rows.is_empty() {
        let what = Bilingual::new("首行之下没有人。", "There is nobody below the first row.");
        let remedy = Bilingual::new("请从第二行起每行写一人。", "Write one person a row from the second row on.");
        roster.findings.push(Finding::fault(None, "", what, remedy));
    }
    if rows.len() > MOST_PEOPLE {
        roster.findings.push(Unreadable::Long.finding());
        return roster;
    }
    let known: BTreeSet<(Uuid, &str)> = there.iter().map(|person| (person.unit, person.name.as_str())).collect();
    let mut seen: BTreeMap<(Uuid, String), usize> = BTreeMap::new();
    for row in rows {
        let mut found = RowCheck::of(row, &columns);
        if let Some(person) = found.person(units) {
            found.look_for_namesakes(&person, &known, &mut seen);
            roster.people.push(person);
        }
        roster.findings.append(&mut found.findings);
    }
    roster
}

/// Where each column stands, with its letter and head; those that are not known are said.
fn columns(heads: &Row, findings: &mut Vec<Finding>) -> BTreeMap<Column, (usize, String)> {
    let mut columns = BTreeMap::new();
    for (index, head) in heads.cells.iter().enumerate() {
        let head = head.as_deref().unwrap_or_default().trim();
        let plain: String = head.chars().map(half_width).collect::<String>().to_lowercase();
        let label = format!("{} {head}", letter(index));
        match Column::ALL.into_iter().find(|column| column.heads().contains(&plain.as_str())) {
            Some(column) if !columns.contains_key(&column) => {
                columns.insert(column, (index, label));
            }
            Some(_) => {
                let what = Bilingual::new("这一列出现了两次。", "This column stands twice.");
                let remedy = Bilingual::new("请只保留一列。", "Keep one of them.");
                findings.push(Finding::fault(Some(heads.number), &label, what, remedy));
            }
            None if head.is_empty() => {}
            None => findings.push(Finding {
                row: Some(heads.number),
                column: label,
                what: Bilingual::new("不认识这一列，不会读取。", "This column is not known and is not read."),
                remedy: Bilingual::new(
                    "如需读取，请把列名改为：姓名、组、身份或单位。",
                    "To have it read, name it name, group, role or unit.",
                ),
                is_fault: false,
            }),
        }
    }
    columns
}

/// The letter of a column among the first 32.
fn letter(index: usize) -> String {
    let at = |index: usize| char::from(b'A' + (index % 26) as u8);
    if index < 26 { at(index).to_string() } else { format!("{}{}", at(index / 26 - 1), at(index)) }
}

//! One row of a list: who stands in it, and everything that is wrong with it.

use super::Row;
use super::check::{Column, Finding, Listed};
use crate::store::Unit;
use heritage::Bilingual;
use protocol::api::Role;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Longest name of a person or group, in characters; the desk's forms have the same.
const MOST_NAME: usize = 60;

/// The words that a role has in a list.
const ROLES: [(Role, [&str; 2]); 5] = [
    (Role::Learner, ["学员", "learner"]),
    (Role::Trainer, ["带训人", "trainer"]),
    (Role::Mentor, ["导师", "mentor"]),
    (Role::Auditor, ["审计员", "auditor"]),
    (Role::Admin, ["管理员", "admin"]),
];

/// One row, being checked.
pub struct RowCheck<'a> {
    row: &'a Row,
    columns: &'a BTreeMap<Column, (usize, String)>,
    /// What has been found so far.
    pub findings: Vec<Finding>,
}

impl<'a> RowCheck<'a> {
    /// Before anything is looked at.
    pub fn of(row: &'a Row, columns: &'a BTreeMap<Column, (usize, String)>) -> Self {
        Self { row, columns, findings: Vec::new() }
    }

    /// Who stands in the row, if nothing is wrong with it.
    pub fn person(&mut self, units: &[Unit]) -> Option<Listed> {
        let (name, cohort) = (self.text(Column::Name), self.text(Column::Cohort));
        if name.as_ref().is_some_and(String::is_empty) {
            let what = Bilingual::new("没有写姓名。", "There is no name.");
            self.fault(
                Column::Name,
                what,
                Bilingual::new("请填写姓名，或删去此行。", "Write the name, or delete the row."),
            );
        }
        let (role, unit) = (self.role(), self.unit(units));
        if role == Some(Role::Admin) && unit.zip(units.first()).is_some_and(|(unit, own)| unit.id == own.id) {
            let what =
                Bilingual::new("本单位的管理员不能由名单添加。", "A list adds no administrator to one's own unit.");
            let remedy =
                Bilingual::new("请改为其他身份，或填写下级单位。", "Choose another role, or name a unit below.");
            self.fault(Column::Role, what, remedy);
        }
        if self.findings.iter().any(|finding| finding.is_fault) {
            return None;
        }
        let unit = unit?;
        let (name, cohort, role) = (name?, cohort?, role?);
        Some(Listed { id: Uuid::now_v7(), name, cohort, role, unit: unit.id, unit_name: unit.name.clone() })
    }

    /// A name that is there already is only worth a look: two people may share one.
    pub fn look_for_namesakes(
        &mut self,
        person: &Listed,
        known: &BTreeSet<(Uuid, &str)>,
        seen: &mut BTreeMap<(Uuid, String), usize>,
    ) {
        let remedy = Bilingual::new(
            "如是同名的两人，可照常添加；如是同一人，请删去此行。",
            "If they are two people of one name, go on; if it is the same person, delete the row.",
        );
        if known.contains(&(person.unit, person.name.as_str())) {
            let what = Bilingual::new("单位中已有同名的人。", "The unit has somebody of this name already.");
            self.say(Column::Name, what, remedy.clone(), false);
        }
        if let Some(first) = seen.insert((person.unit, person.name.clone()), self.row.number) {
            let what = Bilingual::new(format!("与第 {first} 行同名。"), format!("The same name as in row {first}."));
            self.say(Column::Name, what, remedy, false);
        }
    }

    fn say(&mut self, column: Column, what: Bilingual, remedy: Bilingual, is_fault: bool) {
        let column = self.columns.get(&column).map(|(_, label)| label.clone()).unwrap_or_default();
        self.findings.push(Finding { row: Some(self.row.number), column, what, remedy, is_fault });
    }

    fn fault(&mut self, column: Column, what: Bilingual, remedy: Bilingual) {
        self.say(column, what, remedy, true);
    }

    /// A cell's text without blanks around it; empty where there is no such column or cell. `None`, and said, where it
    /// cannot be kept.
    fn text(&mut self, column: Column) -> Option<String> {
        let Some(place) = self.columns.get(&column).map(|(place, _)| *place) else { return Some(String::new()) };
        let Some(cell) = self.row.cells.get(place) else { return Some(String::new()) };
        let Some(cell) = cell else {
            let what = Bilingual::new("这个单元格是错误值。", "This cell holds an error.");
            self.fault(column, what, Bilingual::new("请直接写上文字。", "Write the text itself."));
            return None;
        };
        let text = cell.trim().to_owned();
        let count = text.chars().count();
        if count > MOST_NAME {
            let what = Bilingual::new(format!("有 {count} 个字，过长。"), format!("Has {count} characters, too many."));
            let remedy = Bilingual::new("请缩短到 60 字以内。", "Shorten it to 60 characters.");
            self.fault(column, what, remedy);
            return None;
        }
        if text.chars().any(char::is_control) {
            let what =
                Bilingual::new("含有换行或不可见字符。", "Contains a line break or another invisible character.");
            self.fault(
                column,
                what,
                Bilingual::new("请删去后写在一行内。", "Delete it and keep the text on one line."),
            );
            return None;
        }
        Some(text)
    }

    fn role(&mut self) -> Option<Role> {
        let word = self.text(Column::Role)?;
        if word.is_empty() {
            return Some(Role::Learner);
        }
        let plain = word.to_lowercase();
        let role = ROLES.into_iter().find(|(_, words)| words.contains(&plain.as_str())).map(|(role, _)| role);
        if role.is_none() {
            let what = Bilingual::new(format!("没有“{word}”这种身份。"), format!("There is no role “{word}”."));
            let remedy = Bilingual::new(
                "请写：学员、带训人、导师、审计员或管理员；不写即为学员。",
                "Write learner, trainer, mentor, auditor or admin; nothing means learner.",
            );
            self.fault(Column::Role, what, remedy);
        }
        role
    }

    fn unit<'u>(&mut self, units: &'u [Unit]) -> Option<&'u Unit> {
        let name = self.text(Column::Unit)?;
        if name.is_empty() {
            return units.first();
        }
        let mut named = units.iter().filter(|unit| unit.name == name);
        match (named.next(), named.next()) {
            (Some(unit), None) => return Some(unit),
            (Some(_), Some(_)) => {
                let what =
                    Bilingual::new(format!("有几个单位都叫“{name}”。"), format!("Several units are called “{name}”."));
                let remedy =
                    Bilingual::new("请由该单位自己的管理员导入。", "Let that unit's own administrator add the list.");
                self.fault(Column::Unit, what, remedy);
            }
            (None, _) => {
                let what = Bilingual::new(
                    format!("本单位和下级单位中没有“{name}”。"),
                    format!("Neither your unit nor one below it is called “{name}”."),
                );
                let remedy = Bilingual::new(
                    "请改正单位名称，或先在“单位”页新设；不写即为本单位。",
                    "Correct the name, or make the unit first on the page Units; nothing means your own.",
                );
                self.fault(Column::Unit, what, remedy);
            }
        }
        None
    }
}

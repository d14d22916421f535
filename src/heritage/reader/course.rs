//! `courses/<route>.toml`: goals, least presence, rubric, follow-up and commendation of the course on a route.

use super::sheet::{Gathered, Sheet};
use super::table::Table;
use crate::assessment::{CourseVersion, Criteria, Criterion, FollowUp, Goal, Practice};
use crate::{GoalId, Route, RouteId};

/// The course, and what is wrong. One that makes no sense is none.
pub(super) fn read(file: &str, text: &str, routes: &[Route]) -> (Option<CourseVersion>, Gathered) {
    let sheet = Sheet::new(file, text);
    let parsed = sheet.parse();
    let root = sheet.root(&parsed);
    let route = root.name::<RouteId>("route");
    let (version, rule_version) = (root.whole("version"), root.whole("rule_version"));
    let minimum = root.presence("minimum");
    let goals: Vec<Goal> = root.tables("goal").into_iter().filter_map(goal).collect();
    let (practice, follow_up) = (root.table("practice").map(practice), root.table("follow_up").and_then(follow_up));
    let commendation = root.table("commendation").and_then(criteria);
    if let Some(route) = &route {
        named(&sheet, &root, file, route, rule_version, routes);
    }
    root.finish();
    let course = || {
        Some(CourseVersion {
            route: route?,
            version: version?,
            rule_version: rule_version?,
            minimum: minimum?,
            goals,
            practice: practice?,
            follow_up: follow_up?,
            commendation: commendation?,
        })
    };
    let course = course();
    let faults = course.as_ref().map(CourseVersion::faults).unwrap_or_default();
    for fault in &faults {
        sheet.find(0, format!("the course makes no sense: {fault}"), "mend what it names");
    }
    (course.filter(|_| faults.is_empty()), sheet.close())
}

/// Judges the names: of the file, of the route, and of the rule's version that the course was written for.
fn named(
    sheet: &Sheet<'_>,
    root: &Table<'_, '_>,
    file: &str,
    route: &RouteId,
    rule_version: Option<u32>,
    routes: &[Route],
) {
    let line = root.line_of("route");
    if file != format!("courses/{route}.toml") {
        let remedy = format!("name the file courses/{route}.toml");
        sheet.find(line, format!("the course on `{route}` stands in {file}"), remedy);
    }
    let Some(on) = routes.iter().find(|each| each.id == *route) else {
        let what = format!("the course is on the route `{route}`, which there is not");
        sheet.find(line, what, "mend the name, or write the route");
        return;
    };
    if let Some(written_for) = rule_version.filter(|version| *version != on.rule.version()) {
        let what =
            format!("the course was written for rule {written_for}, and the route has rule {}", on.rule.version());
        let remedy = "read the course again with the new rule in mind, then set rule_version and raise version by one";
        sheet.find(root.line_of("rule_version"), what, remedy);
    }
}

fn goal(table: Table<'_, '_>) -> Option<Goal> {
    let (id, text) = (table.name::<GoalId>("id"), table.bilingual("text"));
    table.finish();
    Some(Goal { id: id?, text })
}

fn practice(table: Table<'_, '_>) -> Practice {
    let prompt = table.bilingual("prompt");
    let criterion = |table: Table<'_, '_>| {
        let (title, levels) = (table.bilingual("title"), table.bilinguals("levels"));
        table.finish();
        Criterion { title, levels }
    };
    let rubric = table.tables("criterion").into_iter().map(criterion).collect();
    table.finish();
    Practice { prompt, rubric }
}

fn follow_up(table: Table<'_, '_>) -> Option<FollowUp> {
    let prompt = table.bilingual("prompt");
    let (from_days, to_days) = (table.whole("from_days"), table.whole("to_days"));
    table.finish();
    Some(FollowUp { prompt, from_days: from_days?, to_days: to_days? })
}

fn criteria(table: Table<'_, '_>) -> Option<Criteria> {
    let small = |whole: Option<u32>| whole.map(|whole| u8::try_from(whole).unwrap_or(u8::MAX));
    let (at_first, level) = (small(table.whole("at_first")), small(table.whole("level")));
    let follow_up = table.flag("follow_up");
    table.finish();
    Some(Criteria { at_first: at_first?, level: level?, follow_up: follow_up? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Bilingual, CreditRule, Hours, SiteId};

    const SOUND: &str = r#"route = "path"
version = 2
rule_version = 3
minimum = "E1"
[[goal]]
id = "figures"
text = { zh = "数", en = "figures" }
[practice]
prompt = { zh = "写", en = "write" }
[[practice.criterion]]
title = { zh = "一", en = "one" }
levels = [{ zh = "1", en = "1" }, { zh = "2", en = "2" }, { zh = "3", en = "3" }, { zh = "4", en = "4" }]
[[practice.criterion]]
title = { zh = "二", en = "two" }
levels = [{ zh = "1", en = "1" }, { zh = "2", en = "2" }, { zh = "3", en = "3" }, { zh = "4", en = "4" }]
[[practice.criterion]]
title = { zh = "三", en = "three" }
levels = [{ zh = "1", en = "1" }, { zh = "2", en = "2" }, { zh = "3", en = "3" }, { zh = "4", en = "4" }]
[follow_up]
prompt = { zh = "后来", en = "and then" }
from_days = 30
to_days = 90
[commendation]
at_first = 75
level = 3
follow_up = true
"#;

    fn read_on_path(file: &str, text: &str) -> (Option<CourseVersion>, Vec<String>) {
        let rule = CreditRule::new(3, Hours::from_tenths(5), 0.8, true, 20.0).expect("a sound rule");
        let route = Route {
            id: RouteId::new("path").expect("a name"),
            site: SiteId::new("hill").expect("a name"),
            title: Bilingual::default(),
            stations: Vec::new(),
            rule,
        };
        let (course, found) = read(file, text, &[route]);
        (course, found.findings.into_iter().map(|finding| format!("{}: {}", finding.line, finding.what)).collect())
    }

    #[test]
    fn a_course_is_read_as_it_is_written() {
        let (course, found) = read_on_path("courses/path.toml", SOUND);
        assert_eq!(found, Vec::<String>::new());
        let course = course.expect("a course");
        assert_eq!((course.version, course.minimum.code(), course.goals.len()), (2, "E1", 1));
        assert_eq!((course.practice.rubric.len(), course.follow_up.to_days, course.commendation.level), (3, 90, 3));
    }

    #[test]
    fn every_fault_of_a_course_is_found() {
        for (from, to, fault) in [
            ("route = \"path\"", "route = \"lane\"", "1: the course on `lane` stands in courses/path.toml"),
            ("route = \"path\"", "route = \"lane\"", "1: the course is on the route `lane`, which there is not"),
            ("rule_version = 3", "rule_version = 2", "3: the course was written for rule 2, and the route has rule 3"),
            ("minimum = \"E1\"", "minimum = \"E9\"", "4: `minimum` cannot be read"),
            (
                "to_days = 90",
                "to_days = 20",
                "0: the course makes no sense: from_days = 30 and to_days = 20: use 1 to 365 days, the first before the last",
            ),
            ("level = 3", "level = 300", "0: the course makes no sense: level = 255: use 1 to 4"),
            ("version = 2", "version = 0", "0: the course makes no sense: version 0: versions count from 1"),
            ("[[goal]]", "[[gaol]]", "0: the course makes no sense: 0 goals: give 1 to 12"),
            ("[[goal]]", "[[gaol]]", "5: `gaol` means nothing here"),
        ] {
            let text = SOUND.replacen(from, to, 1);
            assert_ne!(text, SOUND);
            let (_, found) = read_on_path("courses/path.toml", &text);
            assert!(found.iter().any(|each| each == fault), "{fault}: {found:?}");
        }
    }
}

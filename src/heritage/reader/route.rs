//! `routes/<route>.toml`: the stations of a passage and what it earns.

use super::sheet::{Gathered, Sheet};
use super::table::Table;
use crate::{CreditRule, Hours, Route, RouteId, SiteId, StationId};

/// The route, its stations with their lines, and what is wrong. Without a sound rule there is no route.
pub(super) fn read(file: &str, text: &str, site: &SiteId) -> (Option<Route>, Vec<(StationId, usize)>, Gathered) {
    let sheet = Sheet::new(file, text);
    let parsed = sheet.parse();
    let root = sheet.root(&parsed);
    let id = root.name::<RouteId>("id");
    if let Some(id) = &id
        && file != format!("routes/{id}.toml")
    {
        sheet.find(
            root.line_of("id"),
            format!("the route `{id}` stands in {file}"),
            format!("name the file routes/{id}.toml"),
        );
    }
    let title = root.bilingual("title");
    let stations = root.names::<StationId>("stations");
    for (index, (station, line)) in stations.iter().enumerate() {
        if stations.iter().take(index).any(|(other, _)| other == station) {
            sheet.find(*line, format!("station `{station}` stands twice in the route"), "name each station once");
        }
    }
    let rule = root.table("rule").and_then(rule);
    root.finish();
    let route = id.zip(rule).map(|(id, rule)| Route {
        id,
        site: site.clone(),
        title,
        stations: stations.iter().map(|(station, _)| station.clone()).collect(),
        rule,
    });
    (route, stations, sheet.close())
}

fn rule(table: Table<'_, '_>) -> Option<CreditRule> {
    let (version, hours) = (table.whole("version"), hours(&table));
    let (share, recall, dwell_secs) =
        (table.number("attended_share"), table.flag("recall"), table.number("dwell_secs"));
    let attestation = table.flag_or_no("attestation");
    let (line, sheet) = (table.line(), table.sheet());
    table.finish();
    match CreditRule::new(version?, hours?, share?, recall?, dwell_secs?) {
        Ok(rule) => Some(rule.with_attestation(attestation?)),
        Err(error) => {
            sheet.find(line, format!("the rule makes no sense: {error}"), "mend the number that it names");
            None
        }
    }
}

/// Hours as a historian writes them, `0.5`, to tenths.
fn hours(table: &Table<'_, '_>) -> Option<Hours> {
    let hours = table.number("hours")?;
    let read = format!("{hours}").parse().ok();
    if read.is_none() {
        table.sheet().find(table.line_of("hours"), format!("hours = {hours}"), "use at most one decimal, as in 0.5");
    }
    read
}

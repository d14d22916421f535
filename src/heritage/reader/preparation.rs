//! `preparation.toml`: a site that is not open yet, with what is known and what is missing.

use super::sheet::Sheet;
use super::table::Table;
use super::{Folder, Preparation, Statement, join, site};
use crate::{Finding, Source};

const FILE: &str = "preparation.toml";

pub(super) fn read(folder: &Folder) -> (Option<Preparation>, Vec<Finding>) {
    let Some(text) = folder.get(FILE) else {
        return (
            None,
            vec![Finding::new(FILE, 0, "the file is missing", "write id, title, summary, text and missing")],
        );
    };
    let sheet = Sheet::new(FILE, text);
    let parsed = sheet.parse();
    let root = sheet.root(&parsed);
    let (id, title, summary) = (root.name("id"), root.bilingual("title"), root.bilingual("summary"));
    let text: Vec<Statement> = root.tables("text").into_iter().filter_map(statement).collect();
    if text.is_empty() {
        sheet.find(root.line_of("text"), "nothing is told yet", "write text = [{ zh, en, source, certainty }, …]");
    }
    let missing = root.bilingual("missing");
    let sources: Vec<(Source, usize)> = root.tables("source").into_iter().filter_map(site::source).collect();
    root.finish();
    let mut gathered = sheet.close();
    join::doubles("source", FILE, sources.iter().map(|(source, line)| (&source.id, *line)), &mut gathered.findings);
    join::citations(sources.iter().map(|(source, _)| source), gathered.citations, &mut gathered.findings);
    gathered.findings.sort();
    let sources = sources.into_iter().map(|(source, _)| source).collect();
    let preparation = id.map(|id| Preparation { id, title, summary, text, missing, sources });
    (preparation, gathered.findings)
}

fn statement(table: Table<'_, '_>) -> Option<Statement> {
    let text = crate::Bilingual { zh: table.text("zh"), en: table.text("en") };
    let grade = table.grade("certainty");
    let source = table.source_graded("source", grade);
    table.finish();
    Some(Statement { text, source: source?, grade: grade? })
}

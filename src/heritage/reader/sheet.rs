//! One file being read: its findings, its citations, and the way from a byte to a line.

use super::table::Table;
use crate::{Finding, Grade, SourceId};
use std::cell::RefCell;
use toml::de::DeTable;

/// A source named somewhere, to be looked up once all sources are known.
#[derive(Clone, Debug)]
pub(super) struct Citation {
    pub source: SourceId,
    /// How sure the citing sentence calls itself; `None` where it claims no grade.
    pub grade: Option<Grade>,
    pub file: String,
    pub line: usize,
}

/// Gathers what one file has to say and what is wrong with it.
pub(super) struct Sheet<'t> {
    file: &'t str,
    text: &'t str,
    findings: RefCell<Vec<Finding>>,
    citations: RefCell<Vec<Citation>>,
}

/// What is left when a file has been read.
#[derive(Default)]
pub(super) struct Gathered {
    pub findings: Vec<Finding>,
    pub citations: Vec<Citation>,
}

impl Gathered {
    pub fn take_in(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.citations.extend(other.citations);
    }
}

impl<'t> Sheet<'t> {
    pub fn new(file: &'t str, text: &'t str) -> Self {
        Self { file, text, findings: RefCell::default(), citations: RefCell::default() }
    }

    /// The file as TOML. What cannot be parsed is found and passed over, so that the rest is still judged.
    pub fn parse(&self) -> DeTable<'t> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let line = error.span().map_or(0, |span| self.line(span.start));
            let what = format!("this is not TOML: {}", error.message().replace('\n', " "));
            self.find(line, what, "mend the line; texts stand in quotes, names before an equals sign");
        }
        table.into_inner()
    }

    /// The whole file as one table.
    pub fn root<'s>(&'s self, table: &'s DeTable<'t>) -> Table<'s, 't> {
        Table::new(self, table, 0, String::new())
    }

    /// The line, from 1, in which a byte stands.
    pub fn line(&self, byte: usize) -> usize {
        self.text.bytes().take(byte).filter(|byte| *byte == b'\n').count() + 1
    }

    pub fn find(&self, line: usize, what: impl Into<String>, remedy: impl Into<String>) {
        self.findings.borrow_mut().push(Finding::new(self.file, line, what, remedy));
    }

    pub fn cite(&self, source: &SourceId, grade: Option<Grade>, line: usize) {
        let citation = Citation { source: source.clone(), grade, file: self.file.to_owned(), line };
        self.citations.borrow_mut().push(citation);
    }

    pub fn close(self) -> Gathered {
        Gathered { findings: self.findings.into_inner(), citations: self.citations.into_inner() }
    }
}

//! A unit's list of people from a file: read, checked row by row, and held until it is confirmed. Nothing is written here.

mod check;
mod csv;
pub mod draft;
mod row;
mod text;
mod xlsx;

pub use check::{Finding, Listed, Roster, check};

use heritage::Bilingual;

/// People that one file may list.
pub const MOST_PEOPLE: usize = 5_000;

/// Cells of a row that are looked at; those to the right of them are left out.
const MOST_CELLS: usize = 32;

/// A file as a table of texts.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Rows that are not blank, in order, the heads among them.
    pub rows: Vec<Row>,
    /// What should be known of how the file was read.
    pub notice: Option<Bilingual>,
}

/// One row of a table.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// As a spreadsheet counts, from 1.
    pub number: usize,
    /// From column A on; a cell that holds an error has none.
    pub cells: Vec<Option<String>>,
}

impl Row {
    fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.as_ref().is_some_and(|text| text.trim().is_empty()))
    }
}

/// Why a file cannot be read as a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It holds nothing.
    Empty,
    /// It is text in no encoding that is known, or no text.
    Encoding,
    /// It is a workbook of before 2007, or one with a password.
    OldWorkbook,
    /// It is a workbook that is damaged or lacks its parts.
    Damaged,
    /// Unpacked it is larger than any list of people.
    Unpacked,
    /// A quotation mark in this row is never closed.
    Quote(usize),
    /// It has more rows than may be listed.
    Long,
}

/// Reads CSV (UTF-8, UTF-16 with its mark, GB18030) or the first sheet of an XLSX workbook; which it is, the bytes say.
///
/// # Errors
/// [`Unreadable`] where it is neither, or more than a list of people can be.
pub fn read(file: &[u8]) -> Result<Table, Unreadable> {
    match file {
        [] => Err(Unreadable::Empty),
        [b'P', b'K', 3 | 5, ..] => xlsx::read(file),
        // A compound file, as workbooks before 2007 and encrypted ones are.
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Err(Unreadable::OldWorkbook),
        _ => {
            let (text, notice) = text::decoded(file).ok_or(Unreadable::Encoding)?;
            Ok(Table { rows: csv::rows(&text)?, notice })
        }
    }
}

impl Unreadable {
    /// What is wrong and what to do, in words.
    pub fn finding(self) -> Finding {
        let save_as = (
            "请在表格软件中另存为“CSV UTF-8”或 .xlsx 后重新上传。",
            "Save it as “CSV UTF-8” or .xlsx in the spreadsheet program and upload it again.",
        );
        let (row, what, remedy) = match self {
            Self::Empty => (
                None,
                ("文件是空的。", "The file is empty."),
                ("请选择有内容的文件。", "Choose a file with something in it."),
            ),
            Self::Encoding => (
                None,
                ("文件的编码无法识别，或不是表格。", "The encoding of the file is not known, or it is no table."),
                save_as,
            ),
            Self::OldWorkbook => (
                None,
                ("这是旧版 .xls 工作簿，或设有密码。", "This is an old .xls workbook, or it has a password."),
                save_as,
            ),
            Self::Damaged => (None, ("工作簿损坏或不完整。", "The workbook is damaged or incomplete."), save_as),
            Self::Unpacked => (
                None,
                ("工作簿解压后过大，未予读取。", "Unpacked the workbook is too large and was not read."),
                (
                    "请只保留名单一张表，去掉图片和多余内容。",
                    "Keep only the sheet with the list, without pictures and other content.",
                ),
            ),
            Self::Quote(row) => (
                Some(row),
                ("此行有引号没有配对。", "A quotation mark in this row is never closed."),
                ("请补上或去掉引号，或另存为 .xlsx。", "Close or remove it, or save the table as .xlsx."),
            ),
            Self::Long => (
                None,
                ("名单超过 5000 行。", "The list has more than 5000 rows."),
                ("请分成几个文件上传。", "Split it into several files."),
            ),
        };
        Finding::fault(row, "", Bilingual::new(what.0, what.1), Bilingual::new(remedy.0, remedy.1))
    }
}

#[cfg(test)]
mod tests;

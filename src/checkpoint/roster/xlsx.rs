//! The first sheet shown of an XLSX workbook, read cell by cell; what would unpack to more than any list of people is not unpacked.

use super::{MOST_CELLS, MOST_PEOPLE, Row, Table, Unreadable};
use calamine::{DataRef, Reader, Sheet, SheetType, SheetVisible, Xlsx};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Bytes that all parts of a workbook may unpack to: a list of 5 000 people has about one million.
const MOST_UNPACKED: u64 = 8 * 1024 * 1024;
/// Parts of a workbook.
const MOST_PARTS: usize = 256;

/// Reads it.
pub fn read(file: &[u8]) -> Result<Table, Unreadable> {
    unpacks_to_little(file)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).map_err(|_| Unreadable::Damaged)?;
    let is_shown = |sheet: &&Sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible;
    let sheet = book.sheets_metadata().iter().find(is_shown).ok_or(Unreadable::Damaged)?.name.clone();
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(|_| Unreadable::Damaged)?;
    let mut rows: BTreeMap<usize, Vec<Option<String>>> = BTreeMap::new();
    // One by one: a single cell far below or to the right must not make a table of that size.
    while let Some(cell) = cells.next_cell().map_err(|_| Unreadable::Damaged)? {
        let (row, column) = cell.get_position();
        let (row, column) = (row as usize, column as usize);
        if column >= MOST_CELLS || matches!(cell.get_value(), DataRef::Empty) {
            continue;
        }
        if rows.len() > MOST_PEOPLE && !rows.contains_key(&row) {
            return Err(Unreadable::Long);
        }
        let cells = rows.entry(row).or_default();
        if cells.len() <= column {
            cells.resize(column + 1, Some(String::new()));
        }
        if let Some(place) = cells.get_mut(column) {
            *place = written(cell.get_value());
        }
    }
    let rows = rows.into_iter().map(|(row, cells)| Row { number: row + 1, cells });
    Ok(Table { rows: rows.filter(|row| !row.is_blank()).collect(), notice: None })
}

/// What a cell says; `None` for an error.
fn written(value: &DataRef<'_>) -> Option<String> {
    match value {
        DataRef::Error(_) => None,
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Some(text.clone()),
        DataRef::SharedString(text) => Some((*text).to_owned()),
        DataRef::Bool(said) => Some(said.to_string()),
        DataRef::Int(number) => Some(number.to_string()),
        DataRef::Float(number) => Some(number.to_string()),
        DataRef::DateTime(moment) => Some(moment.as_f64().to_string()),
        DataRef::Empty => Some(String::new()),
    }
}

/// Unpacks everything and counts: what a file says of its own size is not believed.
fn unpacks_to_little(file: &[u8]) -> Result<(), Unreadable> {
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(|_| Unreadable::Damaged)?;
    if archive.len() > MOST_PARTS {
        return Err(Unreadable::Unpacked);
    }
    let mut left = MOST_UNPACKED;
    let mut bytes = Vec::new();
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| Unreadable::Damaged)?;
        let name = part.name().map_err(|_| Unreadable::Damaged)?.to_lowercase();
        bytes.clear();
        part.take(left + 1).read_to_end(&mut bytes).map_err(|_| Unreadable::Damaged)?;
        left = left.checked_sub(bytes.len() as u64).ok_or(Unreadable::Unpacked)?;
        if name.ends_with("sharedstrings.xml") && !asks_for_little(&bytes) {
            return Err(Unreadable::Unpacked);
        }
    }
    Ok(())
}

/// The reader makes room for as many texts as this part announces: no more than six digits of them, in plain text that
/// hides no other announcement.
fn asks_for_little(shared: &[u8]) -> bool {
    let is_plain = |text: &&str| !text.chars().any(|c| c.is_control() && !c.is_ascii_whitespace());
    let Some(text) = std::str::from_utf8(shared).ok().filter(is_plain) else { return false };
    text.split("uniqueCount").skip(1).all(|after| {
        let digits = after.trim_start_matches(|c: char| !c.is_ascii_digit() && c != '>');
        digits.bytes().take_while(u8::is_ascii_digit).count() <= 6
    })
}

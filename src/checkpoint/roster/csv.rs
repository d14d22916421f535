//! Comma-separated text (RFC 4180), as forgiving as spreadsheet programs are: tabs or semicolons may stand for commas.

use super::{MOST_CELLS, MOST_PEOPLE, Row, Unreadable};

/// The rows that are not blank.
pub fn rows(text: &str) -> Result<Vec<Row>, Unreadable> {
    let heads = text.lines().next().unwrap_or_default();
    let count = |separator: &char| heads.matches(*separator).count();
    let separator = [',', ';', '\t'].into_iter().max_by_key(|each| (count(each), *each == ',')).unwrap_or(',');
    let mut rows: Vec<Row> = Vec::new();
    let mut number = 0;
    let mut rest = text.chars().peekable();
    while rest.peek().is_some() {
        number += 1;
        let row = Row { number, cells: cells(&mut rest, separator).ok_or(Unreadable::Quote(number))? };
        if row.is_blank() {
            continue;
        }
        // The heads are one more.
        if rows.len() > MOST_PEOPLE {
            return Err(Unreadable::Long);
        }
        rows.push(row);
    }
    Ok(rows)
}

/// Reads one row with its line end; `None` if a quotation mark is not closed.
fn cells(rest: &mut std::iter::Peekable<std::str::Chars<'_>>, separator: char) -> Option<Vec<Option<String>>> {
    let mut cells = Vec::new();
    let mut cell = String::new();
    let mut is_quoted = false;
    loop {
        let next = rest.next();
        match next {
            Some('"') if is_quoted && rest.peek() == Some(&'"') => {
                rest.next();
                cell.push('"');
            }
            Some('"') if is_quoted => is_quoted = false,
            Some('"') if cell.is_empty() => is_quoted = true,
            None if is_quoted => return None,
            Some(within) if is_quoted => cell.push(within),
            Some('\r') if rest.peek() == Some(&'\n') => {}
            Some(end) if end == separator => keep(&mut cells, &mut cell),
            None | Some('\n' | '\r') => {
                keep(&mut cells, &mut cell);
                return Some(cells);
            }
            Some(plain) => cell.push(plain),
        }
    }
}

fn keep(cells: &mut Vec<Option<String>>, cell: &mut String) {
    let cell = std::mem::take(cell);
    if cells.len() < MOST_CELLS {
        cells.push(Some(cell));
    }
}

//! A file as one end of a move.

use super::{Cell, Holds, PAGE, Piece, Receiver, Sender, TABLES, Table, cut_off, misshapen, not_empty};
use crate::store::StoreError;
use crate::store::sqlite::{self, Sqlite};
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, Row, ToSql, params_from_iter};
use std::path::Path;

/// Reads everything as of one moment.
pub fn read(file: &Path, pieces: &Sender<Piece>) -> Result<(), StoreError> {
    let connection = sqlite::inspect(file)?;
    let moment = connection.unchecked_transaction()?;
    if pieces.blocking_send(Piece::Origin(sqlite::origin(&moment)?)).is_err() {
        return Ok(());
    }
    for table in TABLES {
        let mut found = moment.prepare(&table.select())?;
        let mut rows = found.query([])?;
        let mut page = Vec::with_capacity(PAGE);
        while let Some(row) = rows.next()? {
            page.push(cells(table, row)?);
            if page.len() == PAGE && pieces.blocking_send(Piece::Rows(table, std::mem::take(&mut page))).is_err() {
                return Ok(());
            }
        }
        if pieces.blocking_send(Piece::Rows(table, page)).is_err() {
            return Ok(());
        }
    }
    // Where nobody takes what is sent, the other end says why.
    let _ = pieces.blocking_send(Piece::End);
    Ok(())
}

fn cells(table: &Table, row: &Row<'_>) -> Result<Vec<Cell>, StoreError> {
    let cell = |(at, (_, holds)): (usize, &(&str, Holds))| match (holds, row.get_ref(at)?) {
        (_, ValueRef::Null) => Ok(Cell::Null),
        (Holds::Number, ValueRef::Integer(number)) => Ok(Cell::Number(number)),
        (Holds::Text | Holds::Name, ValueRef::Text(text)) => {
            String::from_utf8(text.to_vec()).map(Cell::Text).map_err(|_| misshapen(table))
        }
        (Holds::Id | Holds::Bytes, ValueRef::Blob(bytes)) => Ok(Cell::Bytes(bytes.to_vec())),
        _ => Err(misshapen(table)),
    };
    table.columns.iter().enumerate().map(cell).collect()
}

/// Writes everything in one transaction.
pub fn write(file: &Path, mut coming: Receiver<Piece>, told: &dyn Fn(&str, usize)) -> Result<(), StoreError> {
    // Makes the file and its tables where there are none.
    drop(Sqlite::open(file)?);
    let connection = sqlite::attend(file)?;
    let step = connection.unchecked_transaction()?;
    is_empty(&step)?;
    let mut count = 0;
    let mut last = "";
    loop {
        match coming.blocking_recv().ok_or_else(cut_off)? {
            Piece::Origin(origin) => drop(step.execute("UPDATE tree SET origin = ?1", [origin])?),
            Piece::Rows(table, page) => {
                count = if table.name == last { count } else { 0 } + page.len();
                last = table.name;
                let places = vec!["?"; table.columns.len()].join(", ");
                let sql = format!("INSERT INTO {} ({}) VALUES ({places})", table.name, table.column_names());
                let mut insert = step.prepare_cached(&sql)?;
                for row in &page {
                    insert.execute(params_from_iter(row))?;
                }
                told(table.name, count);
            }
            Piece::End => break,
        }
    }
    step.commit()?;
    Ok(())
}

fn is_empty(connection: &Connection) -> Result<(), StoreError> {
    for table in TABLES {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM {})", table.name);
        if connection.query_row(&sql, [], |row| row.get(0))? {
            return Err(not_empty(table.name));
        }
    }
    Ok(())
}

impl ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Owned(Value::Null),
            Self::Number(number) => ToSqlOutput::Owned(Value::Integer(*number)),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        })
    }
}

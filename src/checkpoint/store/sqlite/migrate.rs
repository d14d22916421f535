//! Numbered steps from an empty file to today's tables, each taken once and written down.

use crate::store::StoreError;
use rusqlite::{Connection, TransactionBehavior, params};

/// Every step there has been, in order. A step that has been published never changes.
const STEPS: &[(i64, &str, &str)] = &[(1, "first", include_str!("0001_first.sql"))];

/// Takes the steps that are still missing.
///
/// # Errors
/// [`StoreError`] where a step fails, or where the file comes from a later version of the service.
pub fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let step = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    step.execute_batch("CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT")?;
    let taken: i64 = step.query_row("SELECT coalesce(max(number), 0) FROM migration", [], |row| row.get(0))?;
    let known = STEPS.last().map_or(0, |(number, ..)| *number);
    if taken > known {
        return Err(StoreError::Refused(format!(
            "it was made by a later version (step {taken}; this one knows {known})"
        )));
    }
    for (number, name, sql) in STEPS.iter().filter(|(number, ..)| *number > taken) {
        step.execute_batch(sql)?;
        step.execute("INSERT INTO migration (number, name) VALUES (?1, ?2)", params![number, name])?;
    }
    step.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_start_takes_no_step_twice_and_a_later_file_is_refused() -> Result<(), StoreError> {
        let mut connection = Connection::open_in_memory()?;
        migrate(&mut connection)?;
        migrate(&mut connection)?;
        connection.execute("INSERT INTO migration (number, name) VALUES (9999, 'later')", [])?;
        assert!(matches!(migrate(&mut connection), Err(StoreError::Refused(_))));
        Ok(())
    }
}

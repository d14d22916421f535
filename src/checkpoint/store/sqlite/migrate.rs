//! Numbered steps from an empty file to today's tables, each taken once and written down.

use super::{showings, tree};
use crate::store::StoreError;
use rusqlite::{Connection, TransactionBehavior, params};

/// Every step there has been, in order. A step that has been published never changes.
const STEPS: &[(i64, &str, &str)] = &[
    (1, "first", include_str!("0001_first.sql")),
    (2, "people", include_str!("0002_people.sql")),
    (tree::STEP, "history", include_str!("0003_history.sql")),
    (4, "units", include_str!("0004_units.sql")),
    (5, "revoked", include_str!("0005_revoked.sql")),
    (6, "kiosks", include_str!("0006_kiosks.sql")),
    (7, "chain", include_str!("0007_chain.sql")),
    (8, "statements", include_str!("0008_statements.sql")),
    (9, "passkeys", include_str!("0009_passkeys.sql")),
    (10, "forward", include_str!("0010_forward.sql")),
    (11, "waiting", include_str!("0011_waiting.sql")),
    (12, "bindings", include_str!("0012_bindings.sql")),
    (showings::STEP, "showings", include_str!("0013_showings.sql")),
    (14, "kiosk visits", include_str!("0014_kiosk_visits.sql")),
];

/// Takes the steps that are still missing.
///
/// # Errors
/// [`StoreError`] where a step fails, or where the file comes from a later version of the service.
pub fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    // A step may put a table in place of another that rows refer to; they are checked once all steps are taken.
    connection.pragma_update(None, "foreign_keys", false)?;
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
        if *number == tree::STEP {
            tree::plant(&step)?;
        }
        if *number == showings::STEP {
            showings::fill(&step)?;
        }
        step.execute("INSERT INTO migration (number, name) VALUES (?1, ?2)", params![number, name])?;
    }
    if taken < known && step.prepare("PRAGMA foreign_key_check")?.exists([])? {
        return Err(StoreError::Refused("rows refer to others that are not there".to_owned()));
    }
    step.commit()?;
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_step_keeps_every_entry_and_names_its_device() -> Result<(), StoreError> {
        let mut connection = Connection::open_in_memory()?;
        connection.execute_batch(STEPS[0].2)?;
        connection.execute_batch(
            "CREATE TABLE migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
             INSERT INTO migration VALUES (1, 'first');
             INSERT INTO unit VALUES (zeroblob(16), 'unit');
             INSERT INTO person VALUES (zeroblob(16), zeroblob(16), 'learner', 'name', '', zeroblob(32), 0, NULL);
             INSERT INTO event VALUES (7, randomblob(16), 'answered', zeroblob(16), zeroblob(16), 'hill', NULL, 'gate', 1, 2,
                 '{\"device\":\"01234567-89ab-cdef-0123-456789abcdef\"}');
             INSERT INTO event VALUES (9, randomblob(16), 'returned', zeroblob(16), zeroblob(16), 'hill', 'path', NULL, 1, 2, '{}');",
        )?;
        migrate(&mut connection)?;
        let kept = "SELECT group_concat(seq || kind || hex(device), ' ') FROM event";
        let kept: String = connection.query_row(kept, [], |row| row.get(0))?;
        assert_eq!(kept, "7answered0123456789ABCDEF0123456789ABCDEF 9returned");
        connection.execute_batch(
            "INSERT INTO event (id, kind, subject, author, captured_at_ms, received_at_ms, body) \
             VALUES (randomblob(16), 'pin-renewed', zeroblob(16), zeroblob(16), 1, 2, '{}')",
        )?;
        let last: i64 = connection.query_row("SELECT max(seq) FROM event", [], |row| row.get(0))?;
        assert_eq!(last, 10, "places go on where they were");
        Ok(())
    }

    #[test]
    fn the_third_step_gives_every_entry_its_leaf_in_order() -> Result<(), StoreError> {
        let mut connection = Connection::open_in_memory()?;
        for (_, _, sql) in &STEPS[..2] {
            connection.execute_batch(sql)?;
        }
        connection.execute_batch(
            "CREATE TABLE migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
             INSERT INTO migration VALUES (1, 'first'), (2, 'people');
             INSERT INTO unit VALUES (zeroblob(16), 'unit');
             INSERT INTO person VALUES (zeroblob(16), zeroblob(16), 'learner', 'name', '', zeroblob(32), 0, NULL);
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
             INSERT INTO event SELECT i + (i > 100) * 5, randomblob(16), 'answered', zeroblob(16), zeroblob(16), 'hill', NULL,
                 'gate', NULL, i, i, '{\"n\":' || i || '}' FROM n;",
        )?;
        let events = "SELECT group_concat(quote(seq) || quote(id) || quote(body)) FROM event";
        let before: String = connection.query_row(events, [], |row| row.get(0))?;
        migrate(&mut connection)?;
        assert_eq!(connection.query_row(events, [], |row| row.get::<_, String>(0))?, before, "nothing is lost");
        let report = super::super::verify::verify(&connection, &[])?;
        assert_eq!((report.found.size, report.erased, report.findings.as_slice()), (300, 0, [].as_slice()));
        let nodes: i64 = connection.query_row("SELECT count(*) FROM node", [], |row| row.get(0))?;
        assert_eq!(nodes, 1);
        let head = tree::head(&connection)?;
        assert_eq!(head, report.found);
        migrate(&mut connection)?;
        assert_eq!(tree::head(&connection)?, head, "a second start gives no other salts");
        Ok(())
    }

    #[test]
    fn the_fourth_step_keeps_people_and_all_that_refers_to_them() -> Result<(), StoreError> {
        let mut connection = Connection::open_in_memory()?;
        for (.., sql) in STEPS.iter().filter(|(number, ..)| *number < 4) {
            connection.execute_batch(sql)?;
        }
        connection.execute_batch(
            "CREATE TABLE migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
             INSERT INTO migration VALUES (3, 'before');
             INSERT INTO unit VALUES (zeroblob(16), 'unit');
             INSERT INTO person VALUES (zeroblob(16), zeroblob(16), 'admin', 'name', 'group', zeroblob(32), 7, 'hash');
             INSERT INTO session VALUES (zeroblob(32), zeroblob(16), 1, 2);",
        )?;
        migrate(&mut connection)?;
        let kept =
            "SELECT role || name || cohort || code_ends_ms || pin_hash FROM person JOIN session ON person = person.id";
        let kept: String = connection.query_row(kept, [], |row| row.get(0))?;
        assert_eq!(kept, "adminnamegroup7hash");
        let nobody = "INSERT INTO session VALUES (randomblob(32), randomblob(16), 1, 2)";
        assert!(connection.execute(nobody, []).is_err(), "rows refer to people as before");
        connection.execute("UPDATE person SET role = 'auditor'", [])?;
        assert!(connection.execute("UPDATE unit SET parent = randomblob(16)", []).is_err());
        Ok(())
    }

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

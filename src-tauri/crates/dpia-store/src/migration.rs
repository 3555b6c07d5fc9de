//! Migrations: numbered SQL, forward only. A released one never changes.
//!
//! Each runs in a transaction of its own together with the number it leaves. Before the first of them an older file is
//! copied whole, and a file that is newer than the newest migration is refused untouched.

use crate::error::StoreError;
use rusqlite::{Connection, TransactionBehavior};

/// Every migration, in order; the first is number 1.
pub(crate) const MIGRATIONS: [&str; 4] = [
    include_str!("../migrations/0001_first.sql"),
    include_str!("../migrations/0002_clients.sql"),
    include_str!("../migrations/0003_edits.sql"),
    include_str!("../migrations/0004_typed.sql"),
];

/// The number of the last migration that the file has seen; 0 for an empty file.
pub(crate) fn read_version(connection: &Connection) -> Result<u32, StoreError> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

/// Fails where the file is newer than the last of these migrations.
pub(crate) fn refuse_newer(connection: &Connection, migrations: &[&str]) -> Result<(), StoreError> {
    let found = read_version(connection)?;
    let known = u32::try_from(migrations.len()).unwrap_or(u32::MAX);
    if found > known { Err(StoreError::Newer { found, known }) } else { Ok(()) }
}

/// Brings the file to the last of these migrations. `back_up` is called with the file's number before an older file is
/// touched.
pub(crate) fn migrate(
    connection: &mut Connection,
    migrations: &[&str],
    back_up: impl FnOnce(&Connection, u32) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let found = read_version(connection)?;
    let known = u32::try_from(migrations.len()).unwrap_or(u32::MAX);
    refuse_newer(connection, migrations)?;
    if found == known {
        return Ok(());
    }
    if found > 0 {
        back_up(connection, found)?;
    }
    for (number, migration) in (1..=known).zip(migrations).filter(|(number, _)| *number > found) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(migration)?;
        transaction.pragma_update(None, "user_version", number)?;
        transaction.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "CREATE TABLE a (x INTEGER) STRICT;";
    const SECOND: &str = "CREATE TABLE b (x INTEGER) STRICT; INSERT INTO b SELECT x + 1 FROM a;";
    const BROKEN: &str = "CREATE TABLE c (x INTEGER) STRICT; CREATE TABLE a (x INTEGER) STRICT;";

    fn no_backup(_: &Connection, _: u32) -> Result<(), StoreError> {
        panic!("a new file needs no backup")
    }

    #[test]
    fn an_older_file_is_backed_up_and_brought_forward() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &[FIRST], no_backup).unwrap();
        connection.execute("INSERT INTO a VALUES (41)", []).unwrap();
        let mut backed_up = None;
        migrate(&mut connection, &[FIRST, SECOND], |_, found| {
            backed_up = Some(found);
            Ok(())
        })
        .unwrap();
        assert_eq!(backed_up, Some(1));
        assert_eq!(connection.query_row("SELECT x FROM b", [], |row| row.get::<_, i64>(0)).unwrap(), 42);
        assert_eq!(read_version(&connection).unwrap(), 2);
    }

    #[test]
    fn a_migration_that_fails_leaves_the_file_as_it_was() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &[FIRST], no_backup).unwrap();
        assert!(migrate(&mut connection, &[FIRST, BROKEN], |_, _| Ok(())).is_err());
        assert_eq!(read_version(&connection).unwrap(), 1);
        assert!(connection.execute("INSERT INTO c VALUES (1)", []).is_err());
        assert!(migrate(&mut connection, &[FIRST, SECOND], |_, _| Err(StoreError::DiskFull)).is_err());
        assert_eq!(read_version(&connection).unwrap(), 1);
    }

    #[test]
    fn a_newer_file_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "user_version", 7).unwrap();
        let refused = migrate(&mut connection, &[FIRST], no_backup);
        assert!(matches!(refused, Err(StoreError::Newer { found: 7, known: 1 })), "{refused:?}");
    }
}

//! The table `setting`: named values as JSON.

use crate::error::StoreError;
use rusqlite::{Connection, OptionalExtension as _};

pub(crate) fn get(connection: &Connection, name: &str) -> Result<Option<String>, StoreError> {
    Ok(connection.prepare_cached("SELECT json FROM setting WHERE name = ?1")?.query_row([name], |row| row.get(0)).optional()?)
}

pub(crate) fn set(connection: &Connection, name: &str, json: &str) -> Result<(), StoreError> {
    connection.prepare_cached("INSERT OR REPLACE INTO setting (name, json) VALUES (?1, ?2)")?.execute([name, json])?;
    Ok(())
}

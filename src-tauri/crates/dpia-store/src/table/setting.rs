//! The table `setting`: named values as JSON.

use crate::error::StoreError;
use crate::json;
use rusqlite::{Connection, OptionalExtension as _};
use serde::de::DeserializeOwned;

pub(crate) fn get<T: DeserializeOwned>(connection: &Connection, name: &str) -> Result<Option<T>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT json FROM setting WHERE name = ?1")?;
    let text: Option<String> = statement.query_row([name], |row| row.get(0)).optional()?;
    text.map(|text| json::from_text(&text, &format!("the setting {name}"))).transpose()
}

pub(crate) fn set(connection: &Connection, name: &str, json: &str) -> Result<(), StoreError> {
    connection.prepare_cached("INSERT OR REPLACE INTO setting (name, json) VALUES (?1, ?2)")?.execute([name, json])?;
    Ok(())
}

//! The table `history`: entries, only ever appended. A whole history is replaced with its assessment, never a part.

use super::AssessmentKey;
use crate::error::StoreError;
use crate::json;
use dpia_model::history::Entry;
use dpia_model::id::{Digest, EntryId};
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use rusqlite::{Connection, OptionalExtension as _, Params, Row, params};
use std::io::{Read as _, Write as _};

/// The last entry's id and hash: what the next one builds on.
pub(crate) struct LastEntry {
    pub(crate) id: EntryId,
    pub(crate) hash: Digest,
}

pub(crate) fn head(connection: &Connection, assessment: AssessmentKey) -> Result<Option<LastEntry>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT id, hash FROM history WHERE assessment = ?1 ORDER BY sequence DESC LIMIT 1")?;
    let found: Option<(String, [u8; 32])> = statement.query_row([assessment.0], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    found.map(|(id, hash)| Ok(LastEntry { id: EntryId(super::parse_id(&id)?), hash: Digest::from_bytes(hash) })).transpose()
}

/// Writes an entry; its hash is returned for the next.
pub(crate) fn insert(connection: &Connection, assessment: AssessmentKey, entry: &Entry) -> Result<Digest, StoreError> {
    let text = json::to_text(entry)?;
    // The entry's own digest is over this very JSON.
    let hash = Digest::of(text.as_bytes());
    let mut known = connection.prepare_cached("SELECT 1 FROM history WHERE assessment = ?1 AND id = ?2")?;
    if known.exists(params![assessment.0, entry.id.to_string()])? {
        return Err(StoreError::EntryExists(entry.id));
    }
    connection
        .prepare_cached("INSERT INTO history (assessment, sequence, id, hash, packed) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![assessment.0, entry.sequence, entry.id.to_string(), hash.as_bytes(), pack(&text)?])?;
    Ok(hash)
}

pub(crate) fn remove_all(connection: &Connection, assessment: AssessmentKey) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM history WHERE assessment = ?1")?.execute([assessment.0])?;
    Ok(())
}

pub(crate) fn all(connection: &Connection, assessment: AssessmentKey) -> Result<Vec<Entry>, StoreError> {
    query(connection, "SELECT packed, hash, sequence FROM history WHERE assessment = ?1 ORDER BY sequence", [assessment.0])
}

pub(crate) fn tail(connection: &Connection, assessment: AssessmentKey, most: u32) -> Result<Vec<Entry>, StoreError> {
    let mut entries = query(
        connection,
        "SELECT packed, hash, sequence FROM history WHERE assessment = ?1 ORDER BY sequence DESC LIMIT ?2",
        params![assessment.0, most],
    )?;
    entries.reverse();
    Ok(entries)
}

pub(crate) fn part(connection: &Connection, assessment: AssessmentKey, after: u32, most: u32) -> Result<Vec<Entry>, StoreError> {
    query(
        connection,
        "SELECT packed, hash, sequence FROM history WHERE assessment = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3",
        params![assessment.0, after, most],
    )
}

pub(crate) fn entry(connection: &Connection, assessment: AssessmentKey, id: EntryId) -> Result<Entry, StoreError> {
    let found = query(
        connection,
        "SELECT packed, hash, sequence FROM history WHERE assessment = ?1 AND id = ?2",
        params![assessment.0, id.to_string()],
    )?;
    found.into_iter().next().ok_or(StoreError::NoEntry(id))
}

fn query(connection: &Connection, sql: &str, params: impl Params) -> Result<Vec<Entry>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        entries.push(read_entry(row)?);
    }
    Ok(entries)
}

/// Reads an entry and checks it against the hash beside it.
fn read_entry(row: &Row<'_>) -> Result<Entry, StoreError> {
    let (packed, hash, sequence): (Vec<u8>, [u8; 32], u32) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let text = unpack(&packed).filter(|text| Digest::of(text.as_bytes()) == Digest::from_bytes(hash));
    let text = text.ok_or(StoreError::EntryDamaged { sequence })?;
    json::from_text(&text, &format!("entry {sequence} of a history"))
}

fn pack(text: &str) -> Result<Vec<u8>, StoreError> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    // Writing to memory does not fail.
    let packed = encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish());
    packed.map_err(|error| StoreError::damaged(format!("an entry of a history cannot be packed: {error}")))
}

fn unpack(packed: &[u8]) -> Option<String> {
    let mut text = String::new();
    DeflateDecoder::new(packed).read_to_string(&mut text).ok()?;
    Some(text)
}

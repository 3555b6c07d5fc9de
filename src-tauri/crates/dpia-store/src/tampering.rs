//! Altering what is kept behind the store's back, with the key: what a fault of ours, or somebody who has the key, could do.
//! For tests alone.

use crate::error::StoreError;
use crate::table::assessment;
use crate::{file, json};
use dpia_model::history::Entry;
use dpia_model::id::{AssessmentId, Digest};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use rusqlite::params;
use std::io::Write as _;
use std::path::Path;

/// What becomes of an entry of a history.
pub enum Tampering {
    /// Another person made it, and the hash beside it is that of what is there now.
    Forged {
        /// That person.
        person: String,
    },
    /// What is there has not the hash beside it.
    Garbled,
    /// It is gone.
    Removed,
}

/// Alters an entry of a history in a database that nobody has open.
pub fn tamper(path: &Path, key: &[u8; 32], id: AssessmentId, sequence: u32, tampering: &Tampering) -> Result<(), StoreError> {
    let connection = file::connect(path, key, false)?;
    let assessment = assessment::key_of(&connection, id)?;
    let place = params![assessment.0, sequence];
    match tampering {
        Tampering::Removed => connection.execute("DELETE FROM history WHERE assessment = ?1 AND sequence = ?2", place)?,
        Tampering::Garbled => {
            connection.execute("UPDATE history SET hash = zeroblob(32) WHERE assessment = ?1 AND sequence = ?2", place)?
        }
        Tampering::Forged { person } => {
            let kept = crate::table::history::all(&connection, assessment)?;
            let entry = kept.into_iter().find(|entry| entry.sequence == sequence);
            let entry = entry.ok_or_else(|| StoreError::damaged(format!("there is no entry {sequence} to forge")))?;
            let text = json::to_text(&Entry { person: person.clone(), ..entry })?;
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
            let packed = encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish());
            let packed = packed.map_err(|error| StoreError::damaged(error.to_string()))?;
            connection.execute(
                "UPDATE history SET packed = ?3, hash = ?4 WHERE assessment = ?1 AND sequence = ?2",
                params![assessment.0, sequence, packed, Digest::of(text.as_bytes()).as_bytes()],
            )?
        }
    };
    Ok(())
}

//! The table `issued`: the log of copies that were sent. It is only ever appended to.

use super::{parse_id, parse_instant};
use crate::error::StoreError;
use crate::{Revision, json};
use dpia_model::date::Instant;
use dpia_model::id::{AssessmentId, ClientId, Digest, SectionId};
use rusqlite::{Connection, Row, params};
use std::collections::BTreeSet;

/// A copy that was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// Of which assessment, whether that is still here or not.
    pub assessment: AssessmentId,
    /// Its product then.
    pub product: String,
    /// Its revision then.
    pub revision: Revision,
    /// The client, whether that is still on the list or not; none for one that was only typed.
    pub client: Option<ClientId>,
    /// The client's name then, as on the copy.
    pub name: String,
    /// Its email address then.
    pub email: String,
    /// Its reference then.
    pub reference: String,
    /// The moment of the copy.
    pub at: Instant,
    /// The file's name, without its folder.
    pub file: String,
    /// The SHA-256 of the file.
    pub sha256: Digest,
    /// The SHA-256 of the certificate that signed it.
    pub certificate: Digest,
    /// The SHA-256 of what the copy says.
    pub content: Digest,
    /// Internal sections that went along.
    pub included: BTreeSet<SectionId>,
}

/// Writes a copy to the log.
pub(crate) fn append(connection: &Connection, issued: &Issued) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO issued (assessment, product, revision, client, name, email, reference, at, file, sha256, certificate, content, included)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?;
    statement.execute(params![
        issued.assessment.to_string(),
        issued.product,
        issued.revision,
        issued.client.map(|client| client.to_string()),
        issued.name,
        issued.email,
        issued.reference,
        issued.at.to_string(),
        issued.file,
        issued.sha256.as_bytes(),
        issued.certificate.as_bytes(),
        issued.content.as_bytes(),
        json::to_text(&issued.included)?,
    ])?;
    Ok(())
}

/// The copies of an assessment, first to last.
pub(crate) fn of(connection: &Connection, assessment: AssessmentId) -> Result<Vec<Issued>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT assessment, product, revision, client, name, email, reference, at, file, sha256, certificate, content, included
         FROM issued WHERE assessment = ?1 ORDER BY key",
    )?;
    let mut rows = statement.query([assessment.to_string()])?;
    let mut log = Vec::new();
    while let Some(row) = rows.next()? {
        log.push(read(row)?);
    }
    Ok(log)
}

fn read(row: &Row<'_>) -> Result<Issued, StoreError> {
    let text = |column: usize| row.get::<_, String>(column);
    let digest = |column: usize| row.get::<_, [u8; 32]>(column).map(Digest::from_bytes);
    Ok(Issued {
        assessment: AssessmentId(parse_id(&text(0)?)?),
        product: text(1)?,
        revision: row.get(2)?,
        client: row.get::<_, Option<String>>(3)?.as_deref().map(parse_id).transpose()?.map(ClientId),
        name: text(4)?,
        email: text(5)?,
        reference: text(6)?,
        at: parse_instant(&text(7)?)?,
        file: text(8)?,
        sha256: digest(9)?,
        certificate: digest(10)?,
        content: digest(11)?,
        included: json::from_text(&text(12)?, "the sections of an issued copy")?,
    })
}

//! The table `template`: editions and packs that came with bundles. One that is here never changes.

use crate::error::StoreError;
use rusqlite::{Connection, OptionalExtension as _, params};

/// What a template's text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TemplateKind {
    /// An edition.
    Edition,
    /// A pack of internal sections.
    Pack,
}

/// The text of an edition or pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateSource {
    /// What it is.
    pub kind: TemplateKind,
    /// Its id.
    pub id: String,
    /// The TOML that it is read from.
    pub source: String,
}

impl TemplateKind {
    fn name(self) -> &'static str {
        match self {
            TemplateKind::Edition => "edition",
            TemplateKind::Pack => "pack",
        }
    }
}

pub(crate) fn put(connection: &Connection, template: &TemplateSource) -> Result<(), StoreError> {
    let mut known = connection.prepare_cached("SELECT source FROM template WHERE kind = ?1 AND id = ?2")?;
    let known: Option<String> = known.query_row(params![template.kind.name(), template.id], |row| row.get(0)).optional()?;
    match known {
        Some(source) if source == template.source => Ok(()),
        Some(_) => Err(StoreError::TemplateDiffers { id: template.id.clone() }),
        None => {
            connection.prepare_cached("INSERT INTO template (kind, id, source) VALUES (?1, ?2, ?3)")?.execute(params![
                template.kind.name(),
                template.id,
                template.source
            ])?;
            Ok(())
        }
    }
}

pub(crate) fn all(connection: &Connection) -> Result<Vec<TemplateSource>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT kind, id, source FROM template ORDER BY kind, id")?;
    let rows = statement.query_map([], |row| {
        let kind = match row.get::<_, String>(0)?.as_str() {
            "edition" => TemplateKind::Edition,
            // The table admits these two only.
            _ => TemplateKind::Pack,
        };
        Ok(TemplateSource { kind, id: row.get(1)?, source: row.get(2)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

//! The table `attachment`: pictures, named by the SHA-256 of their bytes.

use crate::error::StoreError;
use crate::picture::Picture;
use dpia_model::assessment::{Attachment, MediaType};
use dpia_model::id::{AttachmentId, Digest};
use rusqlite::{Connection, OptionalExtension as _, params};

const PNG: &str = "image/png";
const JPEG: &str = "image/jpeg";

pub(crate) fn put(connection: &Connection, picture: &Picture) -> Result<(), StoreError> {
    let attachment = picture.attachment();
    let media_type = match attachment.media_type {
        MediaType::Png => PNG,
        MediaType::Jpeg => JPEG,
    };
    connection
        .prepare_cached("INSERT OR IGNORE INTO attachment (sha256, media_type, width, height, bytes) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![picture.id().as_bytes(), media_type, attachment.width, attachment.height, picture.bytes()])?;
    Ok(())
}

pub(crate) fn get(connection: &Connection, id: AttachmentId) -> Result<Picture, StoreError> {
    let mut statement = connection.prepare_cached("SELECT media_type, width, height, bytes FROM attachment WHERE sha256 = ?1")?;
    let found: Option<(String, u32, u32, Vec<u8>)> =
        statement.query_row([id.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))).optional()?;
    let (media_type, width, height, bytes) = found.ok_or(StoreError::NoAttachment(id))?;
    let media_type = match media_type.as_str() {
        PNG => MediaType::Png,
        JPEG => MediaType::Jpeg,
        other => return Err(StoreError::damaged(format!("the picture {id} is of the unknown kind \"{other}\""))),
    };
    if Digest::of(&bytes) != id {
        return Err(StoreError::damaged(format!("the picture {id} is not what was written")));
    }
    let length = u32::try_from(bytes.len()).map_err(|_| StoreError::damaged(format!("the picture {id} is too large")))?;
    Ok(Picture::from_store(id, Attachment { media_type, width, height, bytes: length }, bytes))
}

pub(crate) fn is_here(connection: &Connection, id: AttachmentId) -> Result<bool, StoreError> {
    Ok(connection.prepare_cached("SELECT 1 FROM attachment WHERE sha256 = ?1")?.exists([id.as_bytes()])?)
}

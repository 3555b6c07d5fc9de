//! Pictures as they are kept and shown.

use crate::error::AppError;
use crate::files;
use dpia_model::assessment::{Attachment, MediaType};
use dpia_model::id::AttachmentId;
use dpia_store::Store;
use serde::Serialize;
use std::path::Path;

/// An attached picture to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Picture {
    /// Its id.
    pub id: AttachmentId,
    /// A `data:` address of its bytes.
    pub address: String,
}

/// Keeps the picture in a file; what cameras write next to the pixels is taken out. Gives its id and what is known of it.
pub(crate) fn keep_picture(store: &Store, path: &Path) -> Result<(AttachmentId, Attachment), AppError> {
    let picture = dpia_store::Picture::take(&files::read(path)?).map_err(AppError::refused)?;
    let known = (picture.id(), picture.attachment().clone());
    store.put_attachment(picture)?;
    Ok(known)
}

/// A picture that is kept, to show.
pub(crate) fn show_picture(store: &Store, id: AttachmentId) -> Result<Picture, AppError> {
    let picture = store.attachment(id)?;
    let media_type = match picture.attachment().media_type {
        MediaType::Png => "image/png",
        MediaType::Jpeg => "image/jpeg",
    };
    Ok(Picture { id, address: format!("data:{media_type};base64,{}", data_encoding::BASE64.encode(picture.bytes())) })
}

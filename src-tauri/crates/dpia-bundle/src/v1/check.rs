//! What has to hold between the parts: checked before a bundle is written and after one is read.

use super::{ASSESSMENT, EDITION, PACK};
use crate::error::BundleError;
use crate::{Bundle, Scope};
use dpia_model::assessment::Assessment;
use dpia_model::history::{Entry, check_chain};
use dpia_model::id::{AttachmentId, Digest};
use dpia_model::template::{Edition, Form, Pack};
use std::collections::BTreeSet;

/// Refuses a bundle whose parts contradict each other; gives the form that its edition and pack make.
pub(super) fn check(bundle: &Bundle) -> Result<Form, BundleError> {
    let edition = Edition::parse(&bundle.edition).map_err(|source| BundleError::Template { part: EDITION, source })?;
    let pack = Pack::parse(&bundle.pack).map_err(|source| BundleError::Template { part: PACK, source })?;
    let form = Form::new(&edition, &pack)?;
    let names = &bundle.assessment;
    if edition.id != names.edition {
        return Err(mismatch(EDITION, format!("it is {}, and the assessment names {}", edition.id, names.edition)));
    }
    if pack.id != names.pack {
        return Err(mismatch(PACK, format!("it is {}, and the assessment names {}", pack.id, names.pack)));
    }
    bundle.brand.check_contrast()?;
    if let Scope::Full { history } = &bundle.scope {
        check_history(&bundle.assessment, history)?;
    }
    check_pictures(bundle)?;
    Ok(form)
}

fn check_history(assessment: &Assessment, history: &[Entry]) -> Result<(), BundleError> {
    check_chain(history)?;
    let mut earlier = assessment.clone();
    for entry in history.iter().rev() {
        let change = entry.inverse.apply(&mut earlier);
        if change.as_ref() != Ok(&entry.change) {
            return Err(BundleError::HistoryMismatch { sequence: entry.sequence });
        }
    }
    Ok(())
}

fn check_pictures(bundle: &Bundle) -> Result<(), BundleError> {
    let needed = bundle.assessment.attachments.keys().chain(&bundle.brand.logo);
    if let Some(id) = needed.clone().find(|id| !bundle.attachments.contains_key(*id)) {
        return Err(BundleError::MissingPicture(*id));
    }
    let mut named: BTreeSet<AttachmentId> = needed.copied().collect();
    if let Scope::Full { history } = &bundle.scope {
        for entry in history {
            entry.change.collect_attachments(&mut named);
            entry.inverse.collect_attachments(&mut named);
        }
    }
    for (id, bytes) in &bundle.attachments {
        if !named.contains(id) {
            return Err(BundleError::UnlistedPart { part: format!("the picture {id}") });
        }
        if Digest::of(bytes) != *id {
            return Err(mismatch(&format!("the picture {id}"), "its SHA-256 is not its name".to_owned()));
        }
        let Some(kind) = super::manifest::picture_kind(bytes) else {
            return Err(mismatch(&format!("the picture {id}"), "it is neither PNG nor JPEG".to_owned()));
        };
        if let Some(known) = bundle.assessment.attachments.get(id)
            && (known.media_type != kind || known.bytes as usize != bytes.len())
        {
            return Err(mismatch(ASSESSMENT, format!("it describes the picture {id} differently")));
        }
    }
    Ok(())
}

fn mismatch(part: &str, what: String) -> BundleError {
    BundleError::Mismatch { part: part.to_owned(), what }
}

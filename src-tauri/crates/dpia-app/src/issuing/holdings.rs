//! Who holds which version: the last copy of each client, and whether it is outdated.

use super::clients::{Client, ClientKey, name_order};
use super::run::{IssuedCopy, digest_content};
use crate::documents::{Opened, open_document, revision_of};
use crate::error::{AppError, ErrorCode};
use crate::files;
use crate::printing::is_copy_of;
use dpia_bundle::Scope;
use dpia_model::Instant;
use dpia_model::id::{ClientId, Digest};
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::Path;

/// The copy that a client holds: the last that was issued to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Holding {
    /// The client on the list, for a copy that was issued from there.
    pub client: Option<ClientId>,
    /// The client's name, as on its copy.
    pub name: String,
    /// Its email address; empty where none was known.
    pub email: String,
    /// Its reference; empty where there was none.
    pub reference: String,
    /// The revision that it holds.
    pub revision: u32,
    /// When that was issued.
    pub at: Instant,
    /// The file's name.
    pub file: String,
    /// The SHA-256 of the file.
    pub sha256: Digest,
    /// The SHA-256 of the certificate that signed it.
    pub certificate: Digest,
    /// The assessment has moved on, and a copy made now would say something else.
    pub is_outdated: bool,
    /// The copies that it took the place of, the newest first.
    pub earlier: Vec<EarlierCopy>,
}

/// A copy that a later one took the place of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct EarlierCopy {
    /// Its revision.
    pub revision: u32,
    /// When it was issued.
    pub at: Instant,
    /// The SHA-256 of its file.
    pub sha256: Digest,
    /// The SHA-256 of the certificate that signed it.
    pub certificate: Digest,
}

/// What a copy made now would be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Current {
    /// The revision of the assessment.
    pub(crate) revision: u32,
    /// The SHA-256 of what the copy says.
    pub(crate) content: Digest,
}

impl Current {
    /// Says whether a copy of this revision and content is outdated: another revision says something else. Revision 0 may
    /// be that of any document that was never edited, so there the content alone decides.
    pub(crate) fn outdates(&self, revision: u32, content: &Digest) -> bool {
        self.content != *content && (self.revision != revision || revision == 0)
    }
}

/// The holdings that a ledger tells, by name. A copy is outdated where one of this bundle would say something else, or,
/// without a bundle, where it is of an earlier revision than the newest in the ledger.
pub fn holdings_of(ledger: &[IssuedCopy], against: Option<&Opened>) -> Result<Vec<Holding>, AppError> {
    let current = match against {
        Some(opened) => Some(Current { revision: revision_of(&opened.bundle), content: digest_content(opened, &BTreeSet::new())? }),
        None => None,
    };
    let newest = ledger.iter().map(|copy| copy.revision).max().unwrap_or_default();
    let is_outdated = |copy: &IssuedCopy| match &current {
        Some(current) => current.outdates(copy.revision, &copy.content),
        None => copy.revision < newest,
    };
    Ok(hold_last(ledger.iter().map(|copy| Holding::new(None, copy, is_outdated(copy)))))
}

/// A remark where the copies of a folder were made of another assessment than this, as far as a copy that is there tells. One that
/// was imported again is another, and may be the one that is meant.
///
/// # Errors
/// `Refused` where this is a copy itself: what a copy made now would say is known from the whole alone.
pub fn compare_with_copies(folder: &Path, ledger: &[IssuedCopy], against: &Opened) -> Result<Option<String>, AppError> {
    if matches!(against.bundle.scope, Scope::Copy { .. }) {
        let message = "This is a customer copy: choose the assessment that the copies were made from.";
        return Err(AppError::new(ErrorCode::Refused, message));
    }
    let mut copies = ledger.iter().rev().filter_map(|copy| {
        let bytes = files::read(&folder.join(&copy.file)).ok().filter(|bytes| Digest::of(bytes) == copy.sha256)?;
        open_document(&bytes).ok()
    });
    let other = copies.next().filter(|copy| !is_copy_of(copy, against));
    Ok(other.map(|copy| {
        let product = |opened: &Opened| opened.bundle.assessment.details.product.clone();
        format!(
            "This is the assessment of {}; the copies in this folder were made from the assessment of {}.",
            product(against),
            product(&copy)
        )
    }))
}

/// The last of each client's copies, by name.
pub(crate) fn hold_last(copies: impl Iterator<Item = Holding>) -> Vec<Holding> {
    let mut last: Vec<(ClientKey, Holding)> = Vec::new();
    for mut copy in copies {
        let key = Client { name: copy.name.clone(), email: copy.email.clone(), reference: copy.reference.clone() }.key();
        let is_same = |(earlier_key, earlier): &mut (ClientKey, Holding)| {
            // Two copies of one moment for two email addresses are for two clients, whatever their reference.
            let are_two = earlier.at == copy.at && earlier_key.has_other_email(&key);
            (earlier_key.is_same(&key) && !are_two) || (copy.client.is_some() && earlier.client == copy.client)
        };
        let before: Vec<Holding> = last.extract_if(.., is_same).map(|(_, held)| held).collect();
        for held in before {
            copy.earlier.push(EarlierCopy { revision: held.revision, at: held.at, sha256: held.sha256, certificate: held.certificate });
            copy.earlier.extend(held.earlier);
        }
        last.push((key, copy));
    }
    last.sort_by_cached_key(|(key, held)| (name_order(&held.name), key.clone()));
    last.into_iter().map(|(_, held)| held).collect()
}

impl Holding {
    pub(crate) fn new(client: Option<ClientId>, copy: &IssuedCopy, is_outdated: bool) -> Self {
        let Client { name, email, reference } = copy.client.clone();
        Self {
            client,
            name,
            email,
            reference,
            revision: copy.revision,
            at: copy.at,
            file: copy.file.clone(),
            sha256: copy.sha256,
            certificate: copy.certificate,
            is_outdated,
            earlier: Vec::new(),
        }
    }
}

//! What came after a signature: whether each later revision is one that the signature allows (ISO 32000-2, 12.8.2.2 and
//! 12.8.4), judged object by object.
//!
//! After any signature, validation information (a DSS) and document timestamps may be added. After a certification with
//! P 2, and after a signature that certifies nothing, a field that waits may be signed too. A revision may rewrite what
//! programs write again when they do so: the form, the catalog, what the document says of itself. No other object is
//! touched, nothing is between the objects, and nothing new is there that one of these does not lead to. The
//! revision is written so that every reader reads it alike, and what it draws stays in the field's own rectangle.

mod drawing;
mod form;
mod housekeeping;
mod locks;
mod revision;
mod store;
mod update;
mod xmp;

use super::report::LaterChange;
use crate::pdf::{Document, Object, SignatureDictionary, Spanned, find_revision_end, is_space};
pub(super) use locks::Locks;

/// What DocMDP allows after a certification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Permission {
    /// P 1: nothing.
    Nothing,
    /// P 2: signatures into fields that wait; filling in fields too, of which reports have none.
    Signatures,
    /// P 3, or a number that the standard does not have: more than is judged here.
    Unknown,
}

/// What a signature allows after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Rules {
    /// It certifies the document, with DocMDP's number, and may lock fields.
    Certified(Permission, Locks),
    /// It certifies nothing, and may lock fields.
    Approval(Locks),
    /// It sets rules in a form that is not read here.
    Odd,
}

/// Why a later change is not passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It is one that the signature does not allow.
    NotAllowed(&'static str),
    /// It may be allowed, and is of a kind that is not checked here.
    NotJudged(&'static str),
}

impl From<&'static str> for Refusal {
    fn from(reason: &'static str) -> Refusal {
        Refusal::NotAllowed(reason)
    }
}

/// All that follows a signature, judged and passed.
#[derive(Debug, Default)]
pub(super) struct Later {
    pub(super) changes: Vec<LaterChange>,
    /// How many bytes of white space are behind the last revision.
    pub(super) blanks: usize,
}

/// What a certification allows; none for a signature that is not the one that the catalog names as its certification.
pub(crate) fn read_permission(document: &Document<'_>, signature: &SignatureDictionary) -> Option<Permission> {
    let catalog = document.read_catalog().ok()?;
    let Object::Dictionary(permissions) = document.resolve(catalog.get("Perms")?, true).ok()?.value.object else {
        return None;
    };
    match permissions.get("DocMDP")?.object {
        Object::Reference(number, _) if Some(number) == signature.object => {}
        _ => return None,
    }
    let Object::Array(references) = &signature.entries.get("Reference")?.object else {
        return None;
    };
    let mut found = references.iter().filter_map(|reference| match &reference.object {
        Object::Dictionary(reference) if reference.get_name("TransformMethod") == Some(b"DocMDP") => Some(reference),
        _ => None,
    });
    let (Some(reference), None) = (found.next(), found.next()) else { return None };
    // Direct, since the dictionary is signed as it is; an object elsewhere could be replaced.
    let Object::Dictionary(parameters) = &reference.get("TransformParams")?.object else {
        return None;
    };
    Some(match parameters.get_integer("P") {
        Some(1) => Permission::Nothing,
        Some(2) => Permission::Signatures,
        _ => Permission::Unknown,
    })
}

/// What a signature allows after it, read from the revision that it covers.
pub(super) fn read_rules(document: &Document<'_>, signature: &SignatureDictionary) -> Rules {
    let Some(locks) = Locks::read(&signature.entries) else { return Rules::Odd };
    if let Some(permission) = read_permission(document, signature) {
        return Rules::Certified(permission, locks);
    }
    let certifies = || -> Option<bool> {
        let catalog = document.read_catalog().ok()?;
        let Some(permissions) = catalog.get("Perms") else { return Some(false) };
        let Object::Dictionary(permissions) = document.resolve(permissions, true).ok()?.value.object else { return None };
        match permissions.get("DocMDP").map(|certification| &certification.object) {
            None => Some(false),
            Some(Object::Reference(number, _)) => Some(Some(*number) == signature.object),
            Some(_) => None,
        }
    };
    match certifies() == Some(false) && !locks::names_method(&signature.entries, b"DocMDP") {
        true => Rules::Approval(locks),
        false => Rules::Odd,
    }
}

/// Judges all that follows the first `end` bytes. `ends` are the ends of what the file's signatures cover.
///
/// # Errors
/// Why the change is not passed.
pub(super) fn judge_later(document: &Document<'_>, end: usize, ends: &[usize], rules: &Rules) -> Result<Later, Refusal> {
    let bytes = document.bytes();
    let revisions = find_revisions(document, end)?;
    let mut later = Later::default();
    let mut old = document.read_revision(end).map_err(|_| "what was signed is not a whole file")?;
    for Revision { start, end, next } in revisions {
        let new = document.read_revision(next).map_err(|_| "a later revision cannot be read")?;
        let judged = revision::judge(&old, &new, rules)?;
        let covered = ends.iter().copied().filter(|covered| (start..=next).contains(covered)).max();
        let is_end = |covered: &usize| bytes[..*covered].trim_ascii_end().ends_with(b"%%EOF");
        let last = match (judged.has_signature, covered.filter(is_end)) {
            (true, None) => return Err("what follows is not covered by another signature".into()),
            (true, Some(covered)) => covered,
            (false, _) => end,
        };
        later.changes.extend(judged.changes);
        later.blanks = next - last;
        old = new;
    }
    Ok(later)
}

/// A later revision: where its cross-reference section starts, where it ends, and where the next one begins.
struct Revision {
    start: usize,
    /// Behind `%%EOF` and its line end.
    end: usize,
    next: usize,
}

/// The revisions after `end`, the oldest first; together they fill the file.
fn find_revisions(document: &Document<'_>, end: usize) -> Result<Vec<Revision>, Refusal> {
    let bytes = document.bytes();
    let mut found = Vec::new();
    for start in document.section_starts().into_iter().take_while(|start| *start >= end) {
        let after = document.find_section_end(start).map_err(|_| "a later revision cannot be read")?;
        let end = find_revision_end(bytes, after, start).ok_or("the end of the change is not one that every reader reads alike")?;
        let blanks = bytes[end..].iter().take_while(|byte| is_space(**byte)).count();
        found.push(Revision { start, end, next: end + blanks });
    }
    match found.first() {
        None => return Err("what follows is not covered by another signature".into()),
        Some(newest) if newest.next != bytes.len() => return Err("there is something else in the change".into()),
        Some(_) => {}
    }
    found.reverse();
    Ok(found)
}

/// The number of a reference, where it is one to generation 0.
fn number_of(value: Option<&Spanned>) -> Option<u32> {
    match value?.object {
        Object::Reference(number, 0) => Some(number),
        _ => None,
    }
}

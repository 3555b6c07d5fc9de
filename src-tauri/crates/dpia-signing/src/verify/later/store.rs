//! Validation information: certificates, revocation lists and answers that a program adds so that a signature can be
//! checked long after (DSS and VRI; ISO 32000-2, 12.8.4.3). It is allowed after any signature, and draws nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::update::Update;
use super::{Refusal, number_of};
use crate::certificate::Certificate;
use crate::pdf::{Dictionary, Document, Object, Spanned};
use crate::verify::normal::split_all;

/// Entries of the store, and of one signature's part of it.
const STORE_ENTRIES: [&str; 5] = ["Type", "VRI", "Certs", "OCSPs", "CRLs"];
const PART_ENTRIES: [&str; 6] = ["Type", "Cert", "CRL", "OCSP", "TU", "TS"];

/// Entries of a stream that holds a certificate, a list or an answer.
const STREAM_ENTRIES: [&str; 4] = ["Type", "Length", "Filter", "DecodeParms"];

/// How many objects a store may have.
const MAX_OBJECTS: usize = 20_000;

/// What a stream of the store holds, by the list that leads to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// An X.509 certificate.
    Certificate,
    /// An answer about a certificate (OCSP; RFC 6960).
    Answer,
    /// A list of revoked certificates (CRL; RFC 5280).
    RevocationList,
    /// A timestamp token (RFC 3161).
    Timestamp,
}

/// The objects of a store, by what they are.
#[derive(Debug, Default)]
pub(super) struct Store {
    /// Dictionaries and arrays, which a change may write again.
    pub(super) frame: BTreeSet<u32>,
    /// Streams, which it may only add.
    pub(super) streams: BTreeMap<u32, Content>,
}

/// The store of a document; empty where there is none.
///
/// # Errors
/// A store that has something else in it.
pub(super) fn read_store(document: &Document<'_>) -> Result<Store, &'static str> {
    let mut store = Store::default();
    match store.fill(document) {
        Some(()) => Ok(store),
        None => Err("the validation information that was added has something else in it"),
    }
}

impl Store {
    fn fill(&mut self, document: &Document<'_>) -> Option<()> {
        let catalog = document.read_catalog().ok()?;
        let Some(found) = catalog.get("DSS") else { return Some(()) };
        let entries = self.open(document, found)?;
        check_keys(&entries, &STORE_ENTRIES, b"DSS")?;
        for (key, content) in [("Certs", Content::Certificate), ("OCSPs", Content::Answer), ("CRLs", Content::RevocationList)] {
            self.add_streams(document, entries.get(key), content)?;
        }
        let Some(parts) = entries.get("VRI") else { return Some(()) };
        let parts = self.open(document, parts)?;
        for (key, part) in parts.iter().filter(|(key, _)| *key != b"Type") {
            let is_hash = key.len() == 40 && key.iter().all(u8::is_ascii_hexdigit);
            let part = self.open(document, part).filter(|_| is_hash)?;
            check_keys(&part, &PART_ENTRIES, b"VRI")?;
            for (key, content) in [("Cert", Content::Certificate), ("OCSP", Content::Answer), ("CRL", Content::RevocationList)] {
                self.add_streams(document, part.get(key), content)?;
            }
            part.get("TU").is_none_or(|time| time.object.as_text().is_some()).then_some(())?;
            if let Some(stamp) = part.get("TS") {
                self.add_stream(document, stamp, Content::Timestamp)?;
            }
        }
        Some(())
    }

    /// The dictionary that a value is or leads to.
    fn open(&mut self, document: &Document<'_>, value: &Spanned) -> Option<Dictionary> {
        self.note(value)?;
        match document.resolve(value, true).ok()?.value.object {
            Object::Dictionary(entries) => Some(entries),
            _ => None,
        }
    }

    fn note(&mut self, value: &Spanned) -> Option<()> {
        self.frame.extend(number_of(Some(value)));
        (self.frame.len() + self.streams.len() <= MAX_OBJECTS).then_some(())
    }

    fn add_streams(&mut self, document: &Document<'_>, list: Option<&Spanned>, content: Content) -> Option<()> {
        let Some(list) = list else { return Some(()) };
        self.note(list)?;
        let Object::Array(items) = document.resolve(list, true).ok()?.value.object else { return None };
        items.iter().try_for_each(|item| self.add_stream(document, item, content))
    }

    fn add_stream(&mut self, document: &Document<'_>, value: &Spanned, content: Content) -> Option<()> {
        let number = number_of(Some(value))?;
        let Object::Stream(entries, _) = document.find_object(number).ok()?.object else { return None };
        let is_plain = entries.iter().all(|(key, _)| STREAM_ENTRIES.iter().any(|name| name.as_bytes() == key))
            && entries.get("Type").is_none_or(|_| entries.get_name("Type") == Some(b"Stream"));
        let is_one = self.streams.insert(number, content).is_none_or(|other| other == content);
        (is_plain && is_one && self.frame.len() + self.streams.len() <= MAX_OBJECTS).then_some(())
    }
}

fn check_keys(entries: &Dictionary, known: &[&str], kind: &[u8]) -> Option<()> {
    let is_known = entries.iter().all(|(key, _)| known.iter().any(|name| name.as_bytes() == key));
    (is_known && entries.get("Type").is_none_or(|_| entries.get_name("Type") == Some(kind))).then_some(())
}

/// Judges the validation information of a change, and adds what is new of it to `reached`. Says whether there is any.
///
/// # Errors
/// Where something else is in it, or something that was there is replaced.
pub(super) fn judge_store(update: &Update<'_, '_>, reached: &mut BTreeSet<u32>) -> Result<bool, Refusal> {
    let (old, new) = (read_store(update.old)?, read_store(update.new)?);
    let is_touched = |number: &u32| update.objects.contains_key(number);
    // What held the store before may be written again; what another part of the document uses may not.
    let is_own = |number: &u32| !update.old.has_object(*number) || old.frame.contains(number);
    if new.frame.iter().filter(|number| is_touched(number)).any(|number| !is_own(number)) {
        return Err("the validation information takes the place of something else".into());
    }
    for (number, content) in &new.streams {
        if update.find_new(*number).is_some() && !holds(update.new, *number, *content) {
            return Err(Refusal::NotJudged("what was added as validation information is not all certificates, and what is known of them"));
        }
    }
    let added: Vec<u32> = new.frame.iter().chain(new.streams.keys()).copied().filter(is_touched).collect();
    let has_stream = new.streams.keys().any(|number| update.find_new(*number).is_some());
    reached.extend(added.iter().copied().filter(|number| !new.streams.contains_key(number) || !update.old.has_object(*number)));
    Ok(!added.is_empty() || has_stream)
}

/// Whether a stream holds what the list that leads to it is for, and nothing else.
fn holds(document: &Document<'_>, number: u32, content: Content) -> bool {
    let Ok(Object::Stream(entries, data)) = document.find_object(number).map(|value| value.object) else { return false };
    document.unpack_stream(&entries, data).is_ok_and(|bytes| is_of(&bytes, content))
}

/// Whether bytes are DER of this outline.
fn is_of(bytes: &[u8], content: Content) -> bool {
    const INTEGER: u8 = 0x02;
    const UTC_TIME: u8 = 0x17;
    const GENERALIZED_TIME: u8 = 0x18;
    const OBJECT_IDENTIFIER: u8 = 0x06;
    const BIT_STRING: u8 = 0x03;
    const ENUMERATED: u8 = 0x0a;
    const SEQUENCE: u8 = 0x30;
    const CONTEXT_0: u8 = 0xa0;
    let list_tags = |content: &[u8]| -> Option<Vec<u8>> { Some(split_all(content)?.into_iter().map(|(tag, _)| tag).collect()) };
    let inner = || match split_all(bytes)?.as_slice() {
        [(SEQUENCE, inner)] => Some(*inner),
        _ => None,
    };
    let has = |expected: &[u8]| inner().and_then(list_tags).is_some_and(|tags| tags == expected);
    match content {
        Content::Certificate => Certificate::from_der(bytes).is_ok(),
        // Its state, and the answer itself (RFC 6960, 4.2.1).
        Content::Answer => has(&[ENUMERATED, CONTEXT_0]),
        // What is signed, how, and the signature; what is signed names an algorithm, an issuer and a time (RFC 5280, 5.1).
        Content::RevocationList => {
            let signed = || split_all(inner()?)?.first().and_then(|(_, signed)| list_tags(signed));
            let names_a_time = |tags: Vec<u8>| {
                let tags = tags.strip_prefix(&[INTEGER]).unwrap_or(&tags);
                matches!(tags, [SEQUENCE, SEQUENCE, UTC_TIME | GENERALIZED_TIME, ..])
            };
            has(&[SEQUENCE, SEQUENCE, BIT_STRING]) && signed().is_some_and(names_a_time)
        }
        // A kind of content, and the content (RFC 5652, 3).
        Content::Timestamp => has(&[OBJECT_IDENTIFIER, CONTEXT_0]),
    }
}

//! The bytes of a later revision: its objects fill it without a gap, each is written plainly, and the trailer follows the
//! one before.

use std::collections::{BTreeMap, BTreeSet};

use super::{Refusal, number_of};
use crate::pdf::{
    Dictionary, Document, Entry, Object, Packing, Placed, Predictor, Spanned, check_plain_section, hides_an_object, is_space, read_packing,
};

/// The entries of the trailer that a revision may set.
const TRAILER_ENTRIES: [&str; 4] = ["Size", "Prev", "ID", "Info"];

/// The entries that a trailer has where it is the dictionary of a cross-reference stream.
const STREAM_ENTRIES: [&str; 6] = ["Type", "W", "Index", "Length", "Filter", "DecodeParms"];

/// Entries by which a stream's data is in another file (ISO 32000-1, table 5).
const EXTERNAL: [&str; 3] = ["F", "FFilter", "FDecodeParms"];

/// The entries of an object stream (ISO 32000-1, table 16).
const CONTAINER_ENTRIES: [&str; 6] = ["Type", "N", "First", "Extends", "Length", "Filter"];

/// Filters of pictures, whose data is no text.
const OF_PICTURES: [&[u8]; 4] = [b"DCTDecode", b"JPXDecode", b"CCITTFaxDecode", b"JBIG2Decode"];

const ODD_PACKED: &str = "a packed object of the change cannot be read in one way only";

const HIDDEN: &str = "something in the change could be taken for another object";

/// A later revision beside the one before.
pub(super) struct Update<'d, 'a> {
    pub(super) old: &'d Document<'a>,
    pub(super) new: &'d Document<'a>,
    /// All objects of the change, those that only hold others left out.
    pub(super) objects: BTreeMap<u32, Spanned>,
}

impl<'d, 'a> Update<'d, 'a> {
    /// Reads the objects and the trailer of the change.
    ///
    /// # Errors
    /// Why the change is not one that every reader reads alike.
    pub(super) fn read(old: &'d Document<'a>, new: &'d Document<'a>) -> Result<Update<'d, 'a>, Refusal> {
        let size = old.newest().trailer.get_integer("Size").unwrap_or(0);
        check_plain_section(new, size)?;
        let update = Update { old, new, objects: read_objects(old, new)? };
        update.judge_trailer()?;
        Ok(update)
    }

    /// An object of the change that replaces none.
    pub(super) fn find_new(&self, number: u32) -> Option<&Spanned> {
        self.objects.get(&number).filter(|_| !self.old.has_object(number))
    }

    /// Whether an object that was replaced is the same as before: for a stream, byte for byte.
    pub(super) fn is_same(&self, number: u32, after: &Spanned) -> bool {
        let Ok(before) = self.old.find_object(number) else { return false };
        match (&before.object, &after.object) {
            (Object::Stream(one, data), Object::Stream(other, other_data)) => {
                let same = || Some(self.old.read_raw_stream(one, *data).ok()? == self.new.read_raw_stream(other, *other_data).ok()?);
                one.means_except(other, &["Length"]) && same() == Some(true)
            }
            (one, other) => one.means(other),
        }
    }

    fn judge_trailer(&self) -> Result<(), &'static str> {
        let (before, after) = (self.old.newest(), self.new.newest());
        let follows = after.trailer.get_integer("Prev").and_then(|offset| usize::try_from(offset).ok()) == Some(before.start);
        if !follows || after.trailer.get("XRefStm").is_some() {
            return Err("the change does not follow the revision that was signed");
        }
        // A cross-reference stream's dictionary is its trailer, and says more than one.
        let except: Vec<&str> = TRAILER_ENTRIES.into_iter().chain(STREAM_ENTRIES).collect();
        let is_new_information = before.trailer.get("Info").is_none()
            && number_of(after.trailer.get("Info")).is_some_and(|number| is_plain_information(self.find_new(number)));
        let has_information = match (before.trailer.get("Info"), after.trailer.get("Info")) {
            (None, None) => true,
            (Some(one), Some(other)) => one.object.means(&other.object),
            (None, Some(_)) => is_new_information,
            (Some(_), None) => false,
        };
        let is_table = after.table_end.is_some();
        let adds_no_stream_entry = !is_table || STREAM_ENTRIES.iter().all(|key| after.trailer.get(key).is_none());
        if !has_information || !adds_no_stream_entry || !before.trailer.means_except(&after.trailer, &except) {
            return Err("the change has another catalog");
        }
        let first = |trailer: &Dictionary| match trailer.get("ID").map(|id| &id.object) {
            Some(Object::Array(parts)) => parts.first().and_then(|part| part.object.as_text()),
            _ => None,
        };
        match before.trailer.get("ID").is_none() || first(&before.trailer) == first(&after.trailer) {
            true => Ok(()),
            false => Err("the change is one of another file"),
        }
    }
}

/// What a program notes of itself where the document said nothing before.
fn is_plain_information(value: Option<&Spanned>) -> bool {
    match value.map(|value| &value.object) {
        Some(Object::Dictionary(entries)) => {
            entries.iter().all(|(key, value)| matches!(key, b"ModDate" | b"Producer") && value.object.as_text().is_some())
        }
        _ => false,
    }
}

/// All objects of the newest revision, which fill it without a gap from the end of the old file to its section.
fn read_objects(old: &Document<'_>, new: &Document<'_>) -> Result<BTreeMap<u32, Spanned>, Refusal> {
    let section = new.newest();
    let (mut places, mut packed) = (Vec::new(), BTreeMap::<u32, BTreeSet<u32>>::new());
    for (number, entry) in &section.entries {
        match entry {
            Entry::At { offset, generation: 0 } => places.push((*offset, *number)),
            Entry::At { .. } => return Err("an object of the change has a generation of its own".into()),
            Entry::InStream { stream, .. } => {
                packed.entry(*stream).or_default().insert(*number);
            }
            // The head of the list of free objects, which some programs repeat.
            Entry::Free if *number == 0 => {}
            Entry::Free => return Err("an object was deleted".into()),
        }
    }
    places.sort_unstable();
    let is_stream = section.table_end.is_none();
    if is_stream && places.last().is_none_or(|(offset, _)| *offset != section.start) {
        places.push((section.start, 0));
    }
    let mut objects = BTreeMap::new();
    let mut at = old.bytes().len();
    for (offset, number) in places {
        let placed = new.read_object_at(offset).map_err(|_| "a new object cannot be read")?;
        let is_section = is_stream && offset == section.start;
        let is_named = (placed.number, placed.generation) == (number, 0) || (is_section && number == 0 && placed.generation == 0);
        if offset < at || !is_blank(&new.bytes()[at..offset]) || !is_named {
            return Err("the objects of the change do not follow one another".into());
        }
        at = placed.end;
        check_object(new, offset, &placed)?;
        let is_container = packed.contains_key(&placed.number);
        if is_container && !is_plain_container(&placed.value) {
            return Err(ODD_PACKED.into());
        }
        if is_section || is_container {
            if old.has_object(placed.number) {
                return Err("the objects of the change do not follow one another".into());
            }
        } else {
            objects.insert(number, placed.value);
        }
    }
    if !is_stream && (section.start < at || !is_blank(&new.bytes()[at..section.start])) {
        return Err("there is something else in the change".into());
    }
    for (stream, numbers) in packed {
        read_packed(old, new, stream, &numbers, &mut objects)?;
    }
    Ok(objects)
}

/// The objects of an object stream that is new, all of which the section lists.
fn read_packed(
    old: &Document<'_>,
    new: &Document<'_>,
    stream: u32,
    numbers: &BTreeSet<u32>,
    objects: &mut BTreeMap<u32, Spanned>,
) -> Result<(), &'static str> {
    let held = new.read_plain_object_stream(stream).map_err(|_| ODD_PACKED)?;
    let listed: BTreeSet<u32> = held.iter().map(|(number, _)| *number).collect();
    if old.has_object(stream) || listed.len() != held.len() || listed != *numbers || objects.contains_key(&stream) {
        return Err(ODD_PACKED);
    }
    for (number, packed) in held {
        // What the section's entry leads to is what is there.
        let value = new.find_object(number).map_err(|_| ODD_PACKED)?;
        let is_odd = value != packed || matches!(value.object, Object::Stream(..) | Object::Reference(..));
        if is_odd || objects.insert(number, value).is_some() {
            return Err(ODD_PACKED);
        }
    }
    Ok(())
}

/// Whether an object stream is packed in the one way that every reader unpacks alike, and says nothing else.
fn is_plain_container(value: &Spanned) -> bool {
    let Object::Stream(entries, _) = &value.object else { return false };
    let is_plain_filter = entries.get("Filter").is_none() || entries.get_name("Filter") == Some(b"FlateDecode");
    is_plain_filter && entries.iter().all(|(key, _)| CONTAINER_ENTRIES.iter().any(|name| name.as_bytes() == key))
}

/// Whether one object is written plainly, with all its bytes in the file, and nothing in it looks like another object.
fn check_object(document: &Document<'_>, offset: usize, placed: &Placed) -> Result<(), Refusal> {
    let bytes = document.bytes();
    let head = format!("{} {} obj", placed.number, placed.generation);
    let body = offset + head.len()..placed.data.as_ref().map_or(placed.end.saturating_sub("endobj".len()), |data| data.start);
    if !bytes[offset..].starts_with(head.as_bytes()) || placed.has_comment {
        return Err("an object of the change is not written in the plain way".into());
    }
    if bytes.get(body).is_none_or(hides_an_object) {
        return Err(HIDDEN.into());
    }
    let (Object::Stream(entries, data), Some(range)) = (&placed.value.object, &placed.data) else { return Ok(()) };
    if EXTERNAL.iter().any(|key| entries.get(key).is_some()) {
        return Err("a stream of the change is in another file".into());
    }
    // The short name that pictures within a page have (table 93): some readers look for it here too.
    if entries.get("DP").is_some() {
        return Err("a stream of the change is packed in a way that readers take in several".into());
    }
    let words: Vec<&[u8]> = bytes[range.end..placed.end].split(|byte| is_space(*byte)).filter(|word| !word.is_empty()).collect();
    if words != [b"endstream".as_slice(), b"endobj"] {
        return Err("an object of the change is not written in the plain way".into());
    }
    let is_picture = entries.get_name("Subtype") == Some(b"Image");
    let is_hidden = match read_packing(entries) {
        Ok(Packing::Plain) => false,
        // The predictors of pictures have more forms than are undone here.
        Ok(Packing::Flate(Predictor::Other)) if is_picture => false,
        Ok(Packing::Flate(_)) => document.unpack_stream(entries, *data).map_or(true, |unpacked| hides_an_object(&unpacked)),
        Ok(Packing::Other(filter)) if is_picture && OF_PICTURES.contains(&filter) => false,
        Ok(Packing::Other(_) | Packing::Several) => {
            return Err(Refusal::NotJudged("a stream of the change is packed in a way that is not read here"));
        }
        Err(reason) => return Err(Refusal::NotAllowed(reason)),
    };
    match is_hidden || hides_an_object(&bytes[range.clone()]) {
        true => Err(HIDDEN.into()),
        false => Ok(()),
    }
}

fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| is_space(*byte))
}

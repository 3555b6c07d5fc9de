//! From the end of the file to its objects: cross-reference tables and streams (ISO 32000-1,
//! 7.5.4 to 7.5.8) and object streams (7.5.7).
//!
//! Sections are followed from the newest to the oldest, each once; an entry of a newer section
//! hides those of older ones. An object must be where its entry says, under its own number.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::budget::Budget;
use super::object::{Dictionary, Object, Spanned};
use super::parser::{Parser, is_space};
use super::stream::TOO_LARGE;
use super::{MAX_SECTIONS, unreadable};
use crate::error::SigningError;

/// A PDF file whose cross-reference sections have been read.
#[derive(Debug)]
pub(crate) struct Document<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) entries: HashMap<u32, Entry>,
    newest: Section,
    /// Where each cross-reference section starts, and where a table's trailer ends; the newest first.
    sections: Vec<(usize, Option<usize>)>,
    pub(super) budget: Rc<Budget>,
    streams: RefCell<HashMap<u32, Rc<ObjectStream>>>,
}

/// The newest cross-reference section: what the last revision put in.
#[derive(Debug, Default)]
pub(crate) struct Section {
    /// Where it starts.
    pub(crate) start: usize,
    /// The end of its trailer; none for a cross-reference stream.
    pub(crate) table_end: Option<usize>,
    pub(crate) trailer: Dictionary,
    /// Its own entries: object number, and where the object is.
    pub(crate) entries: Vec<(u32, Entry)>,
}

/// Where an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    Free,
    At { offset: usize, generation: u32 },
    InStream { stream: u32, index: usize },
}

/// An unpacked object stream: its bytes, and number and offset of each object in it.
#[derive(Debug)]
struct ObjectStream {
    bytes: Vec<u8>,
    objects: Vec<(u32, usize)>,
    /// Where the numbers and offsets end.
    head_end: usize,
    /// Whether nothing but numbers is among them.
    has_plain_head: bool,
}

/// An object and where it comes from.
#[derive(Debug, Clone)]
pub(crate) struct Located {
    pub(crate) value: Spanned,
    /// Whether `value.span` counts bytes of the file, and not of an object stream.
    pub(crate) is_in_file: bool,
}

/// An indirect object and its place in the file.
#[derive(Debug)]
pub(crate) struct Placed {
    pub(crate) number: u32,
    pub(crate) generation: u32,
    pub(crate) value: Spanned,
    /// Where it ends, behind `endobj`.
    pub(crate) end: usize,
    /// The data of a stream, as it is in the file.
    pub(crate) data: Option<std::ops::Range<usize>>,
    /// Whether a comment is in it.
    pub(crate) has_comment: bool,
}

impl<'a> Document<'a> {
    /// Reads the cross-reference sections of a file.
    ///
    /// # Errors
    /// Not a PDF, encrypted, or a structure that cannot be followed.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Document<'a>, SigningError> {
        Document::read_within(bytes, Rc::new(Budget::new()))
    }

    /// Reads the file as it was when it had `end` bytes; what both read is bounded together.
    ///
    /// # Errors
    /// As [`Document::read`].
    pub(crate) fn read_revision(&self, end: usize) -> Result<Document<'a>, SigningError> {
        let bytes = self.bytes.get(..end).ok_or_else(|| unreadable("a revision ends after the file", end))?;
        Document::read_within(bytes, Rc::clone(&self.budget))
    }

    fn read_within(bytes: &'a [u8], budget: Rc<Budget>) -> Result<Document<'a>, SigningError> {
        if !bytes.starts_with(b"%PDF-") {
            return Err(SigningError::NotPdf);
        }
        let mut document = Document {
            bytes,
            entries: HashMap::new(),
            newest: Section::default(),
            sections: Vec::new(),
            budget,
            streams: RefCell::new(HashMap::new()),
        };
        document.read_sections(find_start(bytes)?)?;
        if document.newest.trailer.get("Encrypt").is_some() {
            return Err(SigningError::Encrypted);
        }
        Ok(document)
    }

    /// The file's bytes.
    pub(crate) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The newest cross-reference section.
    pub(crate) fn newest(&self) -> &Section {
        &self.newest
    }

    /// Where each cross-reference section starts, the newest first.
    pub(crate) fn section_starts(&self) -> Vec<usize> {
        self.sections.iter().map(|(start, _)| *start).collect()
    }

    /// The numbers of all objects that are in use.
    pub(crate) fn object_numbers(&self) -> Vec<u32> {
        self.entries.iter().filter(|(_, entry)| **entry != Entry::Free).map(|(number, _)| *number).collect()
    }

    /// Where the section that starts at an offset ends: its trailer, or the object that it is.
    ///
    /// # Errors
    /// A structure that cannot be followed.
    pub(crate) fn find_section_end(&self, start: usize) -> Result<usize, SigningError> {
        match self.sections.iter().find(|(at, _)| *at == start) {
            Some((_, Some(end))) => Ok(*end),
            _ => self.read_object_at(start).map(|placed| placed.end),
        }
    }

    /// Whether an object of this number is in use.
    pub(crate) fn has_object(&self, number: u32) -> bool {
        self.entries.get(&number).is_some_and(|entry| *entry != Entry::Free)
    }

    /// The lowest number above all that objects have.
    pub(crate) fn next_number(&self) -> Option<u32> {
        self.entries.keys().max().map_or(Some(1), |number| number.checked_add(1))
    }

    /// The dictionary that an object is, where it is in the file by itself and not in an object stream.
    ///
    /// # Errors
    /// A structure that cannot be followed.
    pub(crate) fn read_dictionary_in_file(&self, number: u32) -> Result<Option<Dictionary>, SigningError> {
        let Some(Entry::At { offset, generation: 0 }) = self.entries.get(&number).copied() else {
            return Ok(None);
        };
        match self.read_at(offset, number, 0)?.object {
            Object::Dictionary(entries) => Ok(Some(entries)),
            _ => Ok(None),
        }
    }

    /// Reads the indirect object at an offset.
    ///
    /// # Errors
    /// A structure that cannot be followed.
    pub(crate) fn read_object_at(&self, offset: usize) -> Result<Placed, SigningError> {
        let mut parser = Parser::new(self.bytes, offset, &self.budget);
        let (number, generation, value) = parser.read_indirect_object()?;
        let (end, data) = match &value.object {
            Object::Stream(dictionary, start) => {
                let (data_end, end) = self.measure_stream(dictionary, *start)?;
                (end, Some(*start..data_end))
            }
            _ => (parser.offset(), None),
        };
        Ok(Placed { number, generation, value, end, data, has_comment: parser.has_comment() })
    }

    /// The objects that the object stream of this number holds, in its order. It is written plainly: the objects fill it
    /// one behind the other, and nothing but white space is before, between and behind them.
    ///
    /// # Errors
    /// As for an object that is read from it, and where it is not written plainly.
    pub(crate) fn read_plain_object_stream(&self, stream: u32) -> Result<Vec<(u32, Spanned)>, SigningError> {
        let held = self.open_object_stream(stream)?;
        let odd = |offset: usize| unreadable("an object stream is not written in the plain way", offset);
        let is_blank = |from: usize, to: usize| held.bytes.get(from..to).is_some_and(|between| between.iter().all(|byte| is_space(*byte)));
        let mut end = held.head_end;
        let mut found = Vec::new();
        for (number, offset) in &held.objects {
            // Each starts behind the one before; what follows the head's last number is no digit of it.
            let is_parted = end < *offset || !held.bytes.get(*offset).is_some_and(u8::is_ascii_digit);
            if !is_blank(end, *offset) || !is_parted {
                return Err(odd(*offset));
            }
            let mut parser = Parser::new(&held.bytes, *offset, &self.budget);
            let value = parser.read_object()?;
            if value.span.start != *offset || parser.has_comment() {
                return Err(odd(*offset));
            }
            end = value.span.end;
            found.push((*number, value));
        }
        match is_blank(end, held.bytes.len()) && held.has_plain_head {
            true => Ok(found),
            false => Err(odd(end)),
        }
    }

    /// Whatever object has this number now; null where there is none.
    ///
    /// # Errors
    /// A structure that cannot be followed.
    pub(crate) fn find_object(&self, number: u32) -> Result<Spanned, SigningError> {
        self.resolve(&Spanned { object: Object::Reference(number, 0), span: 0..0 }, true).map(|located| located.value)
    }

    /// The document catalog (7.7.2).
    pub(crate) fn read_catalog(&self) -> Result<Dictionary, SigningError> {
        let root = self.newest.trailer.get("Root");
        let root = root.ok_or_else(|| unreadable("the trailer names no catalog", 0))?;
        let located = self.resolve(root, true)?;
        match located.value.object {
            Object::Dictionary(catalog) => Ok(catalog),
            _ => Err(unreadable("the catalog is not a dictionary", root.span.start)),
        }
    }

    /// Follows a reference, or returns the object itself, of which the caller says whether it
    /// was read from the file.
    pub(crate) fn resolve(&self, value: &Spanned, is_in_file: bool) -> Result<Located, SigningError> {
        let mut located = Located { value: value.clone(), is_in_file };
        for _ in 0..16 {
            let Object::Reference(number, generation) = located.value.object else {
                return Ok(located);
            };
            located = self.read_referenced(number, generation, located.value.span.start)?;
        }
        Err(unreadable("references go round in a circle", value.span.start))
    }

    fn read_referenced(&self, number: u32, generation: u32, from: usize) -> Result<Located, SigningError> {
        let null = || Located { value: Spanned { object: Object::Null, span: from..from }, is_in_file: true };
        // A reference to an object that is not there is null (7.3.10).
        match self.entries.get(&number) {
            None | Some(Entry::Free) => Ok(null()),
            Some(Entry::At { offset, generation: found }) if *found == generation => {
                Ok(Located { value: self.read_at(*offset, number, generation)?, is_in_file: true })
            }
            Some(Entry::InStream { stream, index }) if generation == 0 => self.read_in_stream(*stream, *index, number),
            Some(_) => Ok(null()),
        }
    }

    pub(super) fn read_at(&self, offset: usize, number: u32, generation: u32) -> Result<Spanned, SigningError> {
        let mut parser = Parser::new(self.bytes, offset, &self.budget);
        let (found, found_generation, value) = parser.read_indirect_object()?;
        if (found, found_generation) != (number, generation) {
            return Err(unreadable("an object is not where the table says", offset));
        }
        Ok(value)
    }

    fn read_in_stream(&self, stream: u32, index: usize, number: u32) -> Result<Located, SigningError> {
        let unpacked = self.open_object_stream(stream)?;
        let misplaced = || unreadable("an object is not in the object stream that is named", 0);
        let (found, offset) = *unpacked.objects.get(index).ok_or_else(misplaced)?;
        if found != number || offset > unpacked.bytes.len() {
            return Err(misplaced());
        }
        Ok(Located { value: Parser::new(&unpacked.bytes, offset, &self.budget).read_object()?, is_in_file: false })
    }

    fn open_object_stream(&self, stream: u32) -> Result<Rc<ObjectStream>, SigningError> {
        if let Some(known) = self.streams.borrow().get(&stream) {
            return Ok(Rc::clone(known));
        }
        let unpacked = Rc::new(self.unpack_object_stream(stream)?);
        self.streams.borrow_mut().insert(stream, Rc::clone(&unpacked));
        Ok(unpacked)
    }

    fn unpack_object_stream(&self, stream: u32) -> Result<ObjectStream, SigningError> {
        let Some(Entry::At { offset, generation }) = self.entries.get(&stream).copied() else {
            return Err(unreadable("an object stream is not there", 0));
        };
        let value = self.read_at(offset, stream, generation)?;
        let Object::Stream(dictionary, data) = value.object else {
            return Err(unreadable("an object stream is not a stream", offset));
        };
        if dictionary.get_name("Type") != Some(b"ObjStm") {
            return Err(unreadable("an object stream is of another type", offset));
        }
        let bytes = match self.unpack_stream(&dictionary, data)? {
            Cow::Owned(bytes) => bytes,
            // A copy counts as if it had been unpacked: many object streams can share the same bytes.
            Cow::Borrowed(bytes) if self.budget.unpacked.spend(bytes.len()) => bytes.to_vec(),
            Cow::Borrowed(_) => return Err(unreadable(TOO_LARGE, offset)),
        };
        let read = |key| {
            let number = dictionary.get_integer(key);
            number.and_then(|number| usize::try_from(number).ok())
        };
        let (Some(count), Some(first)) = (read("N"), read("First")) else {
            return Err(unreadable("an object stream lacks /N or /First", offset));
        };
        if count > bytes.len() || first > bytes.len() {
            return Err(unreadable("an object stream is too short", offset));
        }
        let mut objects = Vec::new();
        let mut parser = Parser::new(&bytes[..first], 0, &self.budget);
        for _ in 0..count {
            let number = parser.read_unsigned()?;
            objects.push((number, first + parser.read_unsigned()? as usize));
        }
        let (head_end, has_plain_head) = (parser.offset(), !parser.has_comment());
        Ok(ObjectStream { bytes, objects, head_end, has_plain_head })
    }

    fn read_sections(&mut self, start: usize) -> Result<(), SigningError> {
        let mut seen = HashSet::new();
        let mut waiting = vec![start];
        let mut is_first = true;
        while let Some(offset) = waiting.pop() {
            if !seen.insert(offset) {
                return Err(unreadable("cross-references go round in a circle", offset));
            }
            if seen.len() > MAX_SECTIONS {
                return Err(unreadable("it has too many revisions", offset));
            }
            let budget = Rc::clone(&self.budget);
            let mut parser = Parser::new(self.bytes, offset, &budget);
            let mut section = Section { start: offset, ..Section::default() };
            if parser.take_word(b"xref") {
                let after = parser.offset();
                self.read_table(after, &mut section)?;
            } else {
                self.read_xref_stream(offset, &mut section)?;
            }
            let link = |key| -> Result<Option<usize>, SigningError> {
                let Some(value) = section.trailer.get(key) else {
                    return Ok(None);
                };
                let offset = section.trailer.get_integer(key).and_then(|o| usize::try_from(o).ok());
                let offset = offset.filter(|offset| *offset < self.bytes.len());
                let lost = || unreadable("a link between revisions leads nowhere", value.span.start);
                offset.map(Some).ok_or_else(lost)
            };
            self.sections.push((offset, section.table_end));
            // Pushed in turn: a hybrid file's stream is read before the older section (7.5.8.4).
            waiting.extend(link("Prev")?);
            waiting.extend(link("XRefStm")?);
            if is_first {
                self.newest = section;
                is_first = false;
            }
        }
        Ok(())
    }

    fn read_table(&mut self, at: usize, section: &mut Section) -> Result<(), SigningError> {
        let budget = Rc::clone(&self.budget);
        let mut parser = Parser::new(self.bytes, at, &budget);
        while !parser.take_word(b"trailer") {
            let first = parser.read_unsigned()?;
            let count = parser.read_unsigned()?;
            for index in 0..count {
                let offset = parser.read_unsigned()? as usize;
                let generation = parser.read_unsigned()?;
                let entry = if parser.take_word(b"n") {
                    Entry::At { offset, generation }
                } else {
                    parser.expect_word(b"f", "a cross-reference is neither used nor free")?;
                    Entry::Free
                };
                self.add_entry(first.checked_add(index), entry, parser.offset(), section)?;
            }
        }
        match parser.read_object()?.object {
            Object::Dictionary(trailer) => section.trailer = trailer,
            _ => return Err(unreadable("the trailer is not a dictionary", parser.offset())),
        }
        section.table_end = Some(parser.offset());
        Ok(())
    }

    fn read_xref_stream(&mut self, at: usize, section: &mut Section) -> Result<(), SigningError> {
        let budget = Rc::clone(&self.budget);
        let mut parser = Parser::new(self.bytes, at, &budget);
        let (_, _, value) = parser.read_indirect_object()?;
        let Object::Stream(dictionary, data) = value.object else {
            return Err(unreadable("there is no cross-reference section", at));
        };
        if dictionary.get_name("Type") != Some(b"XRef") {
            return Err(unreadable("there is no cross-reference section", at));
        }
        let rows = self.unpack_stream(&dictionary, data)?;
        let widths = read_numbers(dictionary.get("W"));
        let [kind_width, second_width, third_width] = widths[..] else {
            return Err(unreadable("a cross-reference stream has no widths", at));
        };
        let width = kind_width + second_width + third_width;
        if widths.iter().any(|width| *width > 8) || width == 0 {
            return Err(unreadable("a cross-reference stream has odd widths", at));
        }
        let mut ranges = read_numbers(dictionary.get("Index"));
        if ranges.is_empty() {
            ranges = vec![0, dictionary.get_integer("Size").unwrap_or(0).max(0) as u64];
        }
        let mut rows = rows.chunks_exact(width as usize);
        for range in ranges.chunks_exact(2) {
            for index in 0..range[1] {
                let row = rows.next().ok_or_else(|| unreadable("a cross-reference stream is too short", at))?;
                let (kind, rest) = row.split_at(kind_width as usize);
                let (second, third) = rest.split_at(second_width as usize);
                let kind = if kind.is_empty() { 1 } else { read_number(kind) };
                let entry = build_entry(kind, read_number(second), read_number(third));
                let number = range[0].checked_add(index);
                let number = number.and_then(|number| u32::try_from(number).ok());
                self.add_entry(number, entry, at, section)?;
            }
        }
        section.trailer = dictionary;
        Ok(())
    }

    /// Adds an entry unless a newer section has one for the same object.
    fn add_entry(&mut self, number: Option<u32>, entry: Entry, at: usize, section: &mut Section) -> Result<(), SigningError> {
        let number = number.ok_or_else(|| unreadable("an object number is too large", at))?;
        if !self.budget.entries.spend(1) {
            return Err(unreadable("it has too many objects", at));
        }
        section.entries.push((number, entry));
        self.entries.entry(number).or_insert(entry);
        Ok(())
    }
}

/// The offset that the last `startxref` names (7.5.5); it is in the last 1,024 bytes, white space behind the end
/// not counted.
fn find_start(bytes: &[u8]) -> Result<usize, SigningError> {
    const WORD: &[u8] = b"startxref";
    let end = bytes.iter().rposition(|byte| !is_space(*byte)).map_or(0, |last| last + 1);
    let from = end.saturating_sub(1024);
    let missing = || unreadable("there is no \"startxref\" at the end", from);
    let at = bytes[from..end].windows(WORD.len()).rposition(|w| w == WORD);
    if at.is_none() && !bytes[from..end].windows(5).any(|window| window == b"%%EOF") {
        return Err(SigningError::CutOff);
    }
    let after = from + at.ok_or_else(missing)? + WORD.len();
    // An end that is begun and not finished is one that was cut off.
    if !bytes[after..end].windows(5).any(|window| window == b"%%EOF") {
        return Err(SigningError::CutOff);
    }
    let number: String =
        bytes[after..].iter().skip_while(|b| is_space(**b)).take_while(|b| b.is_ascii_digit()).take(12).map(|b| char::from(*b)).collect();
    number.parse().ok().filter(|offset| *offset < bytes.len()).ok_or_else(missing)
}

fn build_entry(kind: u64, second: u64, third: u64) -> Entry {
    match (kind, u32::try_from(second), u32::try_from(third)) {
        (1, Ok(offset), Ok(generation)) => Entry::At { offset: offset as usize, generation },
        (2, Ok(stream), Ok(index)) => Entry::InStream { stream, index: index as usize },
        // Free, or of a type that a later standard may define: a reference to null (7.5.8.3).
        _ => Entry::Free,
    }
}

/// A big-endian number of at most eight bytes.
fn read_number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn read_numbers(value: Option<&Spanned>) -> Vec<u64> {
    let Some(Object::Array(items)) = value.map(|value| &value.object) else {
        return Vec::new();
    };
    let numbers = items.iter().map(|item| match item.object {
        Object::Integer(number) => u64::try_from(number).ok(),
        _ => None,
    });
    numbers.collect::<Option<_>>().unwrap_or_default()
}

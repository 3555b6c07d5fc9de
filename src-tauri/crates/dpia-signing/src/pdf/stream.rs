//! The data of streams (ISO 32000-1, 7.3.8): not packed, or packed with Flate, and never beyond a bound.

use std::borrow::Cow;
use std::io::Read;

use super::budget::Purse;
use super::object::{Dictionary, Object, Spanned};
use super::parser::{Parser, is_space};
use super::unreadable;
use super::xref::{Document, Entry};
use crate::error::SigningError;

pub(super) const TOO_LARGE: &str = "packed streams are too large";

/// The longest row whose predictor is undone, in bytes.
const MAX_COLUMNS: usize = 64;

/// How the data of a stream is packed, where every reader unpacks it alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing<'d> {
    /// Not at all.
    Plain,
    /// With Flate.
    Flate(Predictor),
    /// With another filter.
    Other(&'d [u8]),
    /// With several, one after the other.
    Several,
}

/// What was done to bytes before Flate packed them (ISO 32000-1, 7.4.4.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Predictor {
    /// Nothing.
    None,
    /// PNG's way, in rows of so many bytes.
    Png { columns: usize },
    /// A way that is not undone here: TIFF's, or of pictures with several colours.
    Other,
}

/// Reads `/Filter` and `/DecodeParms` (ISO 32000-1, table 5). Readers differ where the one is an array and the other is
/// not, and where either is written elsewhere, so these forms alone have a reading: a name with a dictionary or nothing,
/// and an array of one name with an array of as many, or nothing.
///
/// # Errors
/// Another form.
pub(crate) fn read_packing(dictionary: &Dictionary) -> Result<Packing<'_>, &'static str> {
    const UNLIKE: &str = "a stream's filter and its parameters are not written alike";
    let parameters = dictionary.get("DecodeParms").map(|parameters| &parameters.object);
    let (name, parameters) = match (dictionary.get("Filter").map(|filter| &filter.object), parameters) {
        (None, None) => return Ok(Packing::Plain),
        (Some(Object::Name(name)), None) => (name, None),
        (Some(Object::Name(name)), Some(Object::Dictionary(parameters))) => (name, Some(parameters)),
        (Some(Object::Array(names)), parameters) => {
            let parameters = match parameters {
                None => None,
                Some(Object::Array(items)) if items.len() == names.len() => Some(items),
                Some(_) => return Err(UNLIKE),
            };
            let name = match names.as_slice() {
                [] => return Ok(Packing::Plain),
                [Spanned { object: Object::Name(name), .. }] => name,
                [_] => return Err("a stream's filter is not a name"),
                _ => return Ok(Packing::Several),
            };
            match parameters.and_then(|items| items.first()).map(|parameters| &parameters.object) {
                None | Some(Object::Null) => (name, None),
                Some(Object::Dictionary(parameters)) => (name, Some(parameters)),
                Some(_) => return Err(UNLIKE),
            }
        }
        (Some(Object::Name(_)) | None, Some(_)) => return Err(UNLIKE),
        (Some(_), _) => return Err("a stream's filter is not a name"),
    };
    match (name.as_slice(), parameters) {
        (b"FlateDecode", None) => Ok(Packing::Flate(Predictor::None)),
        (b"FlateDecode", Some(parameters)) => read_predictor(parameters).map(Packing::Flate),
        (other, _) => Ok(Packing::Other(other)),
    }
}

/// Parameters are direct whole numbers: readers differ over others.
fn read_predictor(parameters: &Dictionary) -> Result<Predictor, &'static str> {
    if parameters.iter().any(|(_, value)| !matches!(value.object, Object::Integer(_))) {
        return Err("a stream's parameters are not whole numbers");
    }
    let number = |key: &str, otherwise: i64| parameters.get_integer(key).unwrap_or(otherwise);
    let has_one_byte = number("Colors", 1) == 1 && number("BitsPerComponent", 8) == 8;
    let columns = usize::try_from(number("Columns", 1)).ok().filter(|columns| has_one_byte && (1..=MAX_COLUMNS).contains(columns));
    Ok(match (number("Predictor", 1), columns) {
        (1, _) => Predictor::None,
        (10..=15, Some(columns)) => Predictor::Png { columns },
        _ => Predictor::Other,
    })
}

impl<'a> Document<'a> {
    /// The unpacked data of a stream of the file's structure: not packed, or FlateDecode with or without a PNG
    /// predictor.
    ///
    /// # Errors
    /// Another filter, damaged or too much data, or a length after which the stream does not end.
    pub(crate) fn unpack_stream(&self, dictionary: &Dictionary, data: usize) -> Result<Cow<'a, [u8]>, SigningError> {
        self.unpack_within(dictionary, data, &self.budget.unpacked)
    }

    /// As [`Document::unpack_stream`], for an embedded file, which may be larger.
    ///
    /// # Errors
    /// As [`Document::unpack_stream`].
    pub(super) fn unpack_attachment(&self, dictionary: &Dictionary, data: usize) -> Result<Cow<'a, [u8]>, SigningError> {
        let unpacked = self.unpack_within(dictionary, data, &self.budget.attached)?;
        match unpacked {
            Cow::Borrowed(bytes) if !self.budget.attached.spend(bytes.len()) => Err(unreadable(TOO_LARGE, data)),
            other => Ok(other),
        }
    }

    /// The end of a stream's data, and that of its object.
    ///
    /// # Errors
    /// A length that is missing, or after which the stream does not end.
    pub(super) fn measure_stream(&self, dictionary: &Dictionary, data: usize) -> Result<(usize, usize), SigningError> {
        let length = self.read_length(dictionary, data)?;
        let end = data.checked_add(length).filter(|end| *end <= self.bytes.len());
        let end = end.ok_or_else(|| unreadable("a stream reaches past the end", data))?;
        let rest = &self.bytes[end..];
        // A stream that ends elsewhere than its length says has two readings; a line end may be before the word.
        let line_end = rest.iter().take(2).take_while(|byte| is_space(**byte)).count();
        let mut parser = Parser::new(self.bytes, end + line_end, &self.budget);
        if !rest[line_end..].starts_with(b"endstream") || !parser.take_word(b"endstream") || !parser.take_word(b"endobj") {
            return Err(unreadable("a stream does not end where its length says", end));
        }
        Ok((end, parser.offset()))
    }

    /// The data of a stream as it is in the file.
    ///
    /// # Errors
    /// As [`Document::measure_stream`].
    pub(crate) fn read_raw_stream(&self, dictionary: &Dictionary, data: usize) -> Result<&'a [u8], SigningError> {
        let (end, _) = self.measure_stream(dictionary, data)?;
        Ok(&self.bytes[data..end])
    }

    fn unpack_within(&self, dictionary: &Dictionary, data: usize, left: &Purse) -> Result<Cow<'a, [u8]>, SigningError> {
        let (end, _) = self.measure_stream(dictionary, data)?;
        let packed = &self.bytes[data..end];
        let unpack = || take_unpacked(flate2::read::ZlibDecoder::new(packed), data, left);
        match read_packing(dictionary).map_err(|reason| unreadable(reason, data))? {
            Packing::Plain => Ok(Cow::Borrowed(packed)),
            Packing::Flate(Predictor::None) => unpack().map(Cow::Owned),
            Packing::Flate(Predictor::Png { columns }) => undo_predictor(&unpack()?, columns, data).map(Cow::Owned),
            Packing::Flate(Predictor::Other) => Err(unreadable("a stream has an unknown predictor", data)),
            Packing::Other(_) => Err(unreadable("a stream is packed in another way", data)),
            Packing::Several => Err(unreadable("a stream is packed more than once", data)),
        }
    }

    /// `/Length`, direct or as a reference to a number in the file.
    fn read_length(&self, dictionary: &Dictionary, data: usize) -> Result<usize, SigningError> {
        let missing = || unreadable("a stream has no length", data);
        let length = match &dictionary.get("Length").ok_or_else(missing)?.object {
            Object::Integer(length) => *length,
            Object::Reference(number, generation) => match self.entries.get(number) {
                Some(Entry::At { offset, .. }) => match self.read_at(*offset, *number, *generation)?.object {
                    Object::Integer(length) => length,
                    _ => return Err(missing()),
                },
                _ => return Err(missing()),
            },
            _ => return Err(missing()),
        };
        usize::try_from(length).map_err(|_| missing())
    }
}

/// Reads all that `source` gives, within what may still be unpacked.
fn take_unpacked(source: impl Read, offset: usize, left: &Purse) -> Result<Vec<u8>, SigningError> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(left.left()).unwrap_or(u64::MAX).saturating_add(1);
    source.take(limit).read_to_end(&mut bytes).map_err(|_| unreadable("a packed stream is damaged", offset))?;
    match left.spend(bytes.len()) {
        true => Ok(bytes),
        false => Err(unreadable(TOO_LARGE, offset)),
    }
}

/// Undoes PNG's predictor (7.4.4.4), whose rows have so many bytes.
fn undo_predictor(bytes: &[u8], columns: usize, at: usize) -> Result<Vec<u8>, SigningError> {
    let mut result = Vec::with_capacity(bytes.len());
    let mut above = vec![0; columns];
    for row in bytes.chunks(columns + 1) {
        let (filter, packed) = row.split_at(1);
        let mut line = vec![0u8; columns];
        for (index, byte) in packed.iter().enumerate() {
            let left = if index > 0 { line[index - 1] } else { 0 };
            let corner = if index > 0 { above[index - 1] } else { 0 };
            let guess = match filter[0] {
                0 => 0,
                1 => left,
                2 => above[index],
                3 => ((u16::from(left) + u16::from(above[index])) / 2) as u8,
                4 => guess_paeth(left, above[index], corner),
                _ => return Err(unreadable("a stream has an unknown predictor", at)),
            };
            line[index] = byte.wrapping_add(guess);
        }
        result.extend_from_slice(&line[..packed.len()]);
        above = line;
    }
    Ok(result)
}

fn guess_paeth(left: u8, above: u8, corner: u8) -> u8 {
    let [a, b, c] = [left, above, corner].map(i16::from);
    let estimate = a + b - c;
    let [to_left, to_above, to_corner] = [a, b, c].map(|value| (estimate - value).abs());
    if to_left <= to_above && to_left <= to_corner {
        left
    } else if to_above <= to_corner {
        above
    } else {
        corner
    }
}

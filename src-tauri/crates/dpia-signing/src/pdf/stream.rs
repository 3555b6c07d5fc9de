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
        // A stream that ends elsewhere than its length says has two readings; a line end may stand before the word.
        let line_end = rest.iter().take(2).take_while(|byte| is_space(**byte)).count();
        let mut parser = Parser::new(self.bytes, end + line_end, &self.budget);
        if !rest[line_end..].starts_with(b"endstream") || !parser.take_word(b"endstream") || !parser.take_word(b"endobj") {
            return Err(unreadable("a stream does not end where its length says", end));
        }
        Ok((end, parser.offset()))
    }

    /// The data of a stream as it stands in the file.
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
        let filter = match dictionary.get("Filter").map(|filter| &filter.object) {
            None => None,
            Some(Object::Name(name)) => Some(name.as_slice()),
            Some(Object::Array(items)) => match items.as_slice() {
                [] => None,
                [Spanned { object: Object::Name(name), .. }] => Some(name.as_slice()),
                _ => return Err(unreadable("a stream is packed more than once", data)),
            },
            Some(_) => return Err(unreadable("a stream's filter is not a name", data)),
        };
        match filter {
            None => Ok(Cow::Borrowed(packed)),
            Some(b"FlateDecode") => {
                let unpacked = take_unpacked(flate2::read::ZlibDecoder::new(packed), data, left)?;
                undo_predictor(unpacked, dictionary, data).map(Cow::Owned)
            }
            Some(_) => Err(unreadable("a stream is packed in another way", data)),
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

/// Undoes a PNG predictor (7.4.4.4); without one the bytes are returned as they are.
fn undo_predictor(bytes: Vec<u8>, dictionary: &Dictionary, at: usize) -> Result<Vec<u8>, SigningError> {
    let Some(Object::Dictionary(parameters)) = dictionary.get("DecodeParms").map(|p| &p.object) else {
        return Ok(bytes);
    };
    match parameters.get_integer("Predictor").unwrap_or(1) {
        1 => return Ok(bytes),
        10..=15 => {}
        _ => return Err(unreadable("a stream has an unknown predictor", at)),
    }
    let columns = parameters.get_integer("Columns").unwrap_or(1);
    let plain = parameters.get_integer("Colors").unwrap_or(1) == 1 && parameters.get_integer("BitsPerComponent").unwrap_or(8) == 8;
    let columns = usize::try_from(columns)
        .ok()
        .filter(|columns| plain && (1..=64).contains(columns))
        .ok_or_else(|| unreadable("a stream has an unknown predictor", at))?;
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

//! The parser that reads one object from bytes (ISO 32000-1, 7.2 and 7.3).
//!
//! Nesting, the number of objects and the number of bytes looked at are bounded over a whole document, however its parts
//! overlap.

use super::budget::Budget;
use super::object::{Dictionary, Object, Spanned, hex_value};
use super::{MAX_DEPTH, unreadable};
use crate::error::SigningError;

const TOO_MUCH: &str = "it takes too much work to read";

/// Reads objects from `bytes`, front to back.
pub(crate) struct Parser<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Shared by all parsers of one document.
    budget: &'a Budget,
    has_comment: bool,
}

impl<'a> Parser<'a> {
    pub(crate) fn new(bytes: &'a [u8], at: usize, budget: &'a Budget) -> Parser<'a> {
        // Offsets come from the file; one past its end reads as the end.
        let at = at.min(bytes.len());
        Parser { bytes, at, budget, has_comment: false }
    }

    /// Whether a comment was skipped.
    pub(crate) fn has_comment(&self) -> bool {
        self.has_comment
    }

    /// The offset of the next byte to be read.
    pub(crate) fn offset(&self) -> usize {
        self.at
    }

    /// Reads `number generation obj`, the object, and, if it is a stream, finds its data.
    pub(crate) fn read_indirect_object(&mut self) -> Result<(u32, u32, Spanned), SigningError> {
        let number = self.read_unsigned()?;
        let generation = self.read_unsigned()?;
        self.expect_word(b"obj", "an object has no \"obj\"")?;
        let mut value = self.read_object()?;
        self.skip_space();
        if let Object::Dictionary(dictionary) = value.object {
            value.object = if self.take_word(b"stream") {
                // 7.3.8.1: the keyword is followed by CRLF or LF, never by CR alone.
                if self.peek() == Some(b'\r') {
                    self.at += 1;
                }
                if self.peek() != Some(b'\n') {
                    return Err(unreadable("a stream does not start on a new line", self.at));
                }
                self.at += 1;
                Object::Stream(dictionary, self.at)
            } else {
                Object::Dictionary(dictionary)
            };
        }
        if !matches!(value.object, Object::Stream(..)) {
            self.expect_word(b"endobj", "an object has no \"endobj\"")?;
        }
        Ok((number, generation, value))
    }

    /// Reads one object; a number may turn out to be a reference.
    pub(crate) fn read_object(&mut self) -> Result<Spanned, SigningError> {
        self.read_nested(0)
    }

    /// Reads an unsigned number of at most ten digits.
    pub(crate) fn read_unsigned(&mut self) -> Result<u32, SigningError> {
        self.skip_space();
        let start = self.at;
        match self.read_number()? {
            Object::Integer(number) if self.bytes[start].is_ascii_digit() => {
                u32::try_from(number).map_err(|_| unreadable("a number is too large", start))
            }
            _ => Err(unreadable("a number was expected", start)),
        }
    }

    /// Takes the word if it is next and ends there.
    pub(crate) fn take_word(&mut self, word: &[u8]) -> bool {
        self.skip_space();
        let end = self.at + word.len();
        let is_there = self.bytes.get(self.at..end) == Some(word) && self.bytes.get(end).is_none_or(|b| !is_regular(*b));
        if is_there {
            self.at = end;
        }
        is_there
    }

    pub(crate) fn expect_word(&mut self, word: &[u8], reason: &'static str) -> Result<(), SigningError> {
        match self.take_word(word) {
            true => Ok(()),
            // What is left unread is no mistake of the file's.
            false if self.budget.bytes.left() == 0 => Err(unreadable(TOO_MUCH, self.at)),
            false => Err(unreadable(reason, self.at)),
        }
    }

    fn read_nested(&mut self, depth: usize) -> Result<Spanned, SigningError> {
        self.skip_space();
        let start = self.at;
        if self.budget.bytes.left() == 0 || !self.budget.objects.spend(1) {
            return Err(unreadable(TOO_MUCH, start));
        }
        if depth > MAX_DEPTH {
            return Err(unreadable("objects nest too deeply", start));
        }
        let next = self.bytes.get(start + 1).copied();
        let object = match self.peek() {
            None => return Err(unreadable("the file ends inside an object", start)),
            Some(b'/') => Object::Name(self.read_name()?),
            Some(b'(') => Object::LiteralString(self.read_literal_string()?),
            Some(b'<') if next == Some(b'<') => self.read_dictionary(depth)?,
            Some(b'<') => Object::HexString(self.read_hex_string()?),
            Some(b'[') => self.read_array(depth)?,
            Some(b'0'..=b'9') => self.read_number_or_reference()?,
            Some(b'+' | b'-' | b'.') => self.read_number()?,
            Some(_) if self.take_word(b"true") => Object::Boolean(true),
            Some(_) if self.take_word(b"false") => Object::Boolean(false),
            Some(_) if self.take_word(b"null") => Object::Null,
            Some(_) => return Err(unreadable("an object was expected", start)),
        };
        if matches!(object, Object::Name(_) | Object::LiteralString(_) | Object::HexString(_)) {
            self.budget.bytes.spend(self.at - start);
        }
        Ok(Spanned { object, span: start..self.at })
    }

    fn read_dictionary(&mut self, depth: usize) -> Result<Object, SigningError> {
        let mut dictionary = Dictionary::default();
        let mut seen = std::collections::HashSet::new();
        self.at += 2;
        loop {
            self.skip_space();
            match self.peek() {
                Some(b'>') if self.bytes.get(self.at + 1) == Some(&b'>') => {
                    self.at += 2;
                    return Ok(Object::Dictionary(dictionary));
                }
                Some(b'/') => {
                    let start = self.at;
                    let key = self.read_name()?;
                    if !seen.insert(key.clone()) {
                        return Err(unreadable("a dictionary has the same key twice", start));
                    }
                    let value = self.read_nested(depth + 1)?;
                    dictionary.entries.push((key, value));
                }
                _ => return Err(unreadable("a dictionary is not closed", self.at)),
            }
        }
    }

    fn read_array(&mut self, depth: usize) -> Result<Object, SigningError> {
        let mut items = Vec::new();
        self.at += 1;
        loop {
            self.skip_space();
            if self.peek() == Some(b']') {
                self.at += 1;
                return Ok(Object::Array(items));
            }
            items.push(self.read_nested(depth + 1)?);
        }
    }

    fn read_number_or_reference(&mut self) -> Result<Object, SigningError> {
        let number = self.read_number()?;
        let Object::Integer(id) = number else {
            return Ok(number);
        };
        let end = self.at;
        if let Some(reference) = self.read_rest_of_reference(id) {
            return Ok(reference);
        }
        self.at = end;
        Ok(number)
    }

    /// `generation R` after an object number; digits are few, so that a long row of numbers is
    /// not read again and again.
    fn read_rest_of_reference(&mut self, id: i64) -> Option<Object> {
        self.skip_space();
        let start = self.at;
        while self.peek().is_some_and(|b| b.is_ascii_digit()) && self.at - start < 6 {
            self.at += 1;
        }
        let digits = std::str::from_utf8(&self.bytes[start..self.at]).ok()?;
        let generation = digits.parse().ok()?;
        self.peek().filter(|b| is_space(*b))?;
        self.take_word(b"R").then_some(Object::Reference(u32::try_from(id).ok()?, generation))
    }

    fn read_number(&mut self) -> Result<Object, SigningError> {
        let start = self.at;
        while self.peek().is_some_and(is_regular) && self.at - start <= 64 {
            self.at += 1;
        }
        self.budget.bytes.spend(self.at - start);
        let text = &self.bytes[start..self.at];
        let digits = text.strip_prefix(b"+").unwrap_or(text);
        let digits = digits.strip_prefix(b"-").unwrap_or(digits);
        let is_number = digits.iter().any(u8::is_ascii_digit)
            && digits.iter().all(|b| b.is_ascii_digit() || *b == b'.')
            && digits.iter().filter(|b| **b == b'.').count() <= 1
            && digits.len() <= 64;
        if !is_number {
            return Err(unreadable("a number was expected", start));
        }
        let text = std::str::from_utf8(text).unwrap_or_default();
        let number = match digits.contains(&b'.') {
            true => text.parse().ok().map(Object::Real),
            false => text.parse().ok().map(Object::Integer),
        };
        number.ok_or_else(|| unreadable("a number is too large", start))
    }

    fn read_name(&mut self) -> Result<Vec<u8>, SigningError> {
        let start = self.at;
        self.at += 1;
        let mut name = Vec::new();
        while let Some(byte) = self.peek().filter(|b| is_regular(*b)) {
            self.at += 1;
            if byte == b'#' {
                let digits = self.bytes.get(self.at..self.at + 2);
                let value = digits.and_then(|d| Some(hex_value(d[0])? << 4 | hex_value(d[1])?));
                // No name has a zero byte (7.3.5), and readers end it there or do not.
                let value = value.filter(|value| *value != 0);
                name.push(value.ok_or_else(|| unreadable("a name has a broken \"#\"", start))?);
                self.at += 2;
            } else {
                name.push(byte);
            }
        }
        Ok(name)
    }

    fn read_literal_string(&mut self) -> Result<Vec<u8>, SigningError> {
        let start = self.at;
        let mut open = 0usize;
        let mut text = Vec::new();
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'(' => {
                    open += 1;
                    if open > 1 {
                        text.push(byte);
                    }
                }
                b')' => {
                    open -= 1;
                    if open == 0 {
                        return Ok(text);
                    }
                    text.push(byte);
                }
                b'\\' => self.read_escape(&mut text),
                _ => text.push(byte),
            }
        }
        Err(unreadable("a string is not closed", start))
    }

    /// What follows a backslash (7.3.4.2, table 3).
    fn read_escape(&mut self, text: &mut Vec<u8>) {
        let Some(byte) = self.peek() else { return };
        self.at += 1;
        match byte {
            b'n' => text.push(b'\n'),
            b'r' => text.push(b'\r'),
            b't' => text.push(b'\t'),
            b'b' => text.push(8),
            b'f' => text.push(12),
            b'\r' => {
                if self.peek() == Some(b'\n') {
                    self.at += 1;
                }
            }
            b'\n' => {}
            b'0'..=b'7' => {
                let mut value = u32::from(byte - b'0');
                for _ in 0..2 {
                    let Some(digit @ b'0'..=b'7') = self.peek() else {
                        break;
                    };
                    self.at += 1;
                    value = value * 8 + u32::from(digit - b'0');
                }
                // High-order overflow is ignored.
                text.push((value & 0xff) as u8);
            }
            other => text.push(other),
        }
    }

    fn read_hex_string(&mut self) -> Result<Vec<u8>, SigningError> {
        let start = self.at;
        let rest = &self.bytes[start + 1..];
        let length = rest
            .iter()
            .position(|b| !(b.is_ascii_hexdigit() || is_space(*b)))
            .filter(|end| rest[*end] == b'>')
            .ok_or_else(|| unreadable("a hexadecimal string is not closed", start))?;
        self.at = start + 1 + length + 1;
        Ok(rest[..length].to_vec())
    }

    /// Skips white space and comments, as far as the budget goes: once it is spent, what is left
    /// is not skipped, and whatever was to follow is not found.
    fn skip_space(&mut self) {
        let start = self.at;
        let limit = start.saturating_add(self.budget.bytes.left());
        let mut in_comment = false;
        while let Some(byte) = self.peek().filter(|_| self.at < limit) {
            match byte {
                b'\n' | b'\r' => in_comment = false,
                b'%' => {
                    in_comment = true;
                    self.has_comment = true;
                }
                _ if in_comment || is_space(byte) => {}
                _ => break,
            }
            self.at += 1;
        }
        self.budget.bytes.spend(self.at - start);
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }
}

/// White space (7.2.2, table 1).
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

/// Neither white space nor a delimiter (7.2.2).
fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Object, SigningError> {
        let budget = Budget::new();
        let mut parser = Parser::new(text.as_bytes(), 0, &budget);
        Ok(parser.read_object()?.object)
    }

    #[test]
    fn each_kind_of_object_is_read() {
        let check = |text: &str, expected: Object| {
            assert_eq!(read(text).expect(text), expected, "{text}");
        };
        check("null", Object::Null);
        check(" % a comment\n true", Object::Boolean(true));
        check("-17", Object::Integer(-17));
        check("-3.5", Object::Real(-3.5));
        check("7 0 R", Object::Reference(7, 0));
        check("/Byte#52ange", Object::Name(b"ByteRange".to_vec()));
        check(r"(a\(b\051(c)\n)", Object::LiteralString(b"a(b)(c)\n".to_vec()));
        check("<00fF>", Object::HexString(b"00fF".to_vec()));
        let Object::Array(items) = read("[1 2 3 0 R/N]").expect("an array") else {
            panic!("not an array");
        };
        let items: Vec<_> = items.into_iter().map(|item| item.object).collect();
        assert_eq!(items, [Object::Integer(1), Object::Integer(2), Object::Reference(3, 0), Object::Name(b"N".to_vec())]);
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        let deep = "[".repeat(100_000);
        for (text, reason) in [
            ("<</A 1/#41 2>>", "a dictionary has the same key twice"),
            ("<</A 1", "a dictionary is not closed"),
            ("(a", "a string is not closed"),
            ("<0x>", "a hexadecimal string is not closed"),
            ("/A#4", "a name has a broken \"#\""),
            ("/A#00", "a name has a broken \"#\""),
            ("12a", "a number was expected"),
            ("99999999999999999999", "a number is too large"),
            (deep.as_str(), "objects nest too deeply"),
        ] {
            let said = read(text).expect_err(text).to_string();
            assert!(said.contains(reason), "{said}");
        }
    }
}

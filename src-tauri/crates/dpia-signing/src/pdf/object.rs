//! PDF objects (ISO 32000-1, 7.3): what they are, and when two mean the same. Every object remembers the bytes it was
//! read from.

use super::fields::decode_text;
use std::ops::Range;

/// Keys whose strings are words (7.9.2.2), or whose arrays list some: names, and what a document, a field or a file says of
/// itself. Other strings are bytes, of which colours and drawings may be made.
const OF_WORDS: [&str; 27] = [
    "ActualText",
    "Alt",
    "Author",
    "Contents",
    "Creator",
    "Desc",
    "E",
    "F",
    "Info",
    "Keywords",
    "Lang",
    "Limits",
    "Location",
    "NM",
    "Names",
    "OutputCondition",
    "OutputConditionIdentifier",
    "P",
    "Producer",
    "Reason",
    "RegistryName",
    "Subject",
    "T",
    "TM",
    "TU",
    "Title",
    "UF",
];

/// One object. Names and strings are held decoded.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Object {
    Null,
    Boolean(bool),
    Integer(i64),
    Real(f64),
    Name(Vec<u8>),
    LiteralString(Vec<u8>),
    /// The digits as they are in the file, without the angle brackets.
    HexString(Vec<u8>),
    Array(Vec<Spanned>),
    Dictionary(Dictionary),
    /// The dictionary and where the stream's data starts.
    Stream(Dictionary, usize),
    Reference(u32, u32),
}

/// An object and the bytes that it was read from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spanned {
    pub(crate) object: Object,
    pub(crate) span: Range<usize>,
}

impl Object {
    /// Whether both mean the same, wherever they stand and however they are written: the order of a dictionary, the way of
    /// writing a string, and the encoding of words are no difference. A whole number with a decimal point is another object (7.3.3), which
    /// readers do not take wherever a whole one is asked for. Streams are never the same.
    pub(crate) fn means(&self, other: &Object) -> bool {
        self.means_as(other, false)
    }

    /// As [`Object::means`]; where both are words, or lists of some, their encoding is no difference.
    fn means_as(&self, other: &Object, are_words: bool) -> bool {
        if let (Some(own), Some(other_bytes)) = (self.as_text(), other.as_text()) {
            return own == other_bytes || (are_words && self.says(other));
        }
        match (self, other) {
            (Object::Array(own), Object::Array(other)) => {
                // A list of words begins with one; a space of colours, whatever it is called, with its kind.
                let are_words = are_words && own.first().is_some_and(|first| first.object.as_text().is_some());
                own.len() == other.len() && own.iter().zip(other).all(|(own, other)| own.object.means_as(&other.object, are_words))
            }
            (Object::Dictionary(own), Object::Dictionary(other)) => own.means_except(other, &[]),
            (Object::Stream(..), _) | (_, Object::Stream(..)) => false,
            (Object::Array(_) | Object::Dictionary(_), _) | (_, Object::Array(_) | Object::Dictionary(_)) => false,
            (own, other) => own == other,
        }
    }

    /// Whether both are strings that say the same words. Words have several encodings (7.9.2.2), of which each program
    /// chooses its own.
    fn says(&self, other: &Object) -> bool {
        let (Some(own), Some(other)) = (self.as_text(), other.as_text()) else { return false };
        let (words, others) = (decode_text(&own), decode_text(&other));
        words == others && !words.contains(char::REPLACEMENT_CHARACTER)
    }

    /// The bytes of a string, in whichever way it is written.
    pub(crate) fn as_text(&self) -> Option<Vec<u8>> {
        match self {
            Object::LiteralString(bytes) => Some(bytes.clone()),
            Object::HexString(digits) => Some(decode_hex(digits)),
            _ => None,
        }
    }
}

/// Every reference in an object; nesting is bounded by the parser.
pub(crate) fn push_references(value: &Spanned, found: &mut Vec<u32>) {
    match &value.object {
        Object::Reference(number, _) => found.push(*number),
        Object::Array(items) => items.iter().for_each(|item| push_references(item, found)),
        Object::Dictionary(entries) | Object::Stream(entries, _) => entries.iter().for_each(|(_, value)| push_references(value, found)),
        Object::Null
        | Object::Boolean(_)
        | Object::Integer(_)
        | Object::Real(_)
        | Object::Name(_)
        | Object::LiteralString(_)
        | Object::HexString(_) => {}
    }
}

/// A dictionary in the order of the file; no key is there twice.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Dictionary {
    pub(super) entries: Vec<(Vec<u8>, Spanned)>,
}

impl Dictionary {
    /// The value of a key; `null` counts as not there (7.3.7).
    pub(crate) fn get(&self, key: &str) -> Option<&Spanned> {
        let mut entries = self.entries.iter();
        let (_, value) = entries.find(|(name, _)| name == key.as_bytes())?;
        (value.object != Object::Null).then_some(value)
    }

    /// Its keys and values in the order of the file; those whose value is `null` are not there.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&[u8], &Spanned)> {
        self.entries.iter().filter(|(_, value)| value.object != Object::Null).map(|(key, value)| (key.as_slice(), value))
    }

    /// Whether both mean the same, the keys named left out. A key whose value is `null` counts: not every reader takes it
    /// for one that is not there (7.3.7).
    pub(crate) fn means_except(&self, other: &Dictionary, except: &[&str]) -> bool {
        let counted = |key: &[u8]| !except.iter().any(|name| name.as_bytes() == key);
        let count = |dictionary: &Dictionary| dictionary.entries.iter().filter(|(key, _)| counted(key)).count();
        count(self) == count(other)
            && self.entries.iter().filter(|(key, _)| counted(key)).all(|(key, value)| {
                let found = other.entries.iter().find(|(name, _)| name == key);
                let has_words = OF_WORDS.iter().any(|name| name.as_bytes() == key);
                found.is_some_and(|(_, found)| value.object.means_as(&found.object, has_words))
            })
    }

    /// The value of a key, where it is a name.
    pub(crate) fn get_name(&self, key: &str) -> Option<&[u8]> {
        match &self.get(key)?.object {
            Object::Name(name) => Some(name),
            _ => None,
        }
    }

    /// The value of a key, where it is a direct integer.
    pub(crate) fn get_integer(&self, key: &str) -> Option<i64> {
        match self.get(key)?.object {
            Object::Integer(number) => Some(number),
            _ => None,
        }
    }
}

/// The bytes of hexadecimal digits; a last one alone counts as if a zero followed (7.3.4.3).
pub(super) fn decode_hex(digits: &[u8]) -> Vec<u8> {
    let values: Vec<u8> = digits.iter().filter_map(|digit| hex_value(*digit)).collect();
    let pairs = values.chunks(2);
    pairs.map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect()
}

/// The value of a hexadecimal digit.
pub(crate) fn hex_value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

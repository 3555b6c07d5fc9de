//! Small PDF objects and how they are written.

use crate::layout::measure::PAGE_HEIGHT;
use lopdf::{Object, StringFormat};

/// A name.
pub(crate) fn name(text: &str) -> Object {
    Object::Name(text.as_bytes().to_vec())
}

/// A text string (ISO 32000-1, 7.9.2.2): UTF-16 with its mark.
pub(crate) fn text(words: &str) -> Object {
    let bytes = [0xFE, 0xFF].into_iter().chain(words.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    Object::String(bytes, StringFormat::Hexadecimal)
}

/// A string of ASCII bytes.
pub(crate) fn ascii(words: &str) -> Object {
    Object::String(words.as_bytes().to_vec(), StringFormat::Literal)
}

/// A date in UTC (ISO 32000-1, 7.9.4), such as `D:20250704133200Z`.
pub(crate) fn date(at: jiff::Timestamp) -> Object {
    ascii(&at.strftime("D:%Y%m%d%H%M%SZ").to_string())
}

/// A number with as many places as anything on paper needs.
pub(crate) fn real(value: f32) -> Object {
    Object::Real((value * 1000.0).round() / 1000.0)
}

/// A rectangle: our places are from the top, the file's from the foot.
pub(crate) fn rectangle(area: crate::layout::page::Area) -> Object {
    Object::Array(vec![real(area.left), real(PAGE_HEIGHT - area.foot), real(area.right), real(PAGE_HEIGHT - area.top)])
}

/// A place on a page, a little above what is there.
pub(crate) fn destination(page: lopdf::ObjectId, y: f32) -> Object {
    Object::Array(vec![page.into(), name("XYZ"), Object::Integer(0), real(PAGE_HEIGHT - (y - 14.0).max(0.0)), Object::Null])
}

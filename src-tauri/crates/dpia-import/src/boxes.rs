//! Mark boxes, however they are spelled. In a text without marks each is as one character that no document may
//! hold (a Unicode noncharacter), so that it is neither a word nor punctuation; written out it is spelled as before.

/// The first of the characters that stand for boxes.
const FIRST: u32 = 0xFDD0;

/// Spellings, and whether the box is ticked. Two of a word processor's symbol font are among them.
const SPELLINGS: [(&str, bool); 29] = [
    ("☐", false),
    ("☑", true),
    ("☒", true),
    ("[ ]", false),
    ("[x]", true),
    ("[X]", true),
    ("[✓]", true),
    ("[✔]", true),
    ("\\[ \\]", false),
    ("\\[x\\]", true),
    ("\\[X\\]", true),
    ("□", false),
    ("⬜", false),
    ("▢", false),
    ("🗹", true),
    ("🗷", true),
    ("✅", true),
    ("✓", true),
    ("✔", true),
    ("√", true),
    ("🗸", true),
    ("⊠", true),
    ("◻", false),
    ("( )", false),
    ("(x)", true),
    ("(X)", true),
    ("\u{f0a8}", false),
    ("\u{f06f}", false),
    ("\u{f0fe}", true),
];

/// The character of an empty box that was a tag.
pub(crate) const BOX_TAG_EMPTY: char = '\u{fdd0}';
/// The character of a ticked box that was a tag.
pub(crate) const BOX_TAG_TICKED: char = '\u{fdd1}';

/// Reads a box at the start of a text: its character, and how many bytes it took. A character of the document that is
/// kept for boxes becomes U+FFFD.
pub(crate) fn read_box(text: &str, before: char) -> Option<(char, usize)> {
    let first = text.chars().next()?;
    if is_reserved(first) {
        return Some((char::REPLACEMENT_CHARACTER, first.len_utf8()));
    }
    if first.is_ascii_alphanumeric() || first == ' ' {
        return None;
    }
    let (index, (spelling, _)) = SPELLINGS.iter().enumerate().find(|(_, (spelling, _))| text.starts_with(spelling))?;
    // `[x](address)` is a link and `list[x]` an index.
    if matches!(first, '[' | '(') && (text[spelling.len()..].starts_with('(') || before.is_alphanumeric()) {
        return None;
    }
    let length = spelling.len() + if text[spelling.len()..].starts_with('\u{fe0f}') { '\u{fe0f}'.len_utf8() } else { 0 };
    Some((char::from_u32(FIRST + u32::try_from(index).ok()?)?, length))
}

fn is_reserved(letter: char) -> bool {
    ('\u{fdd0}'..='\u{fdef}').contains(&letter)
}

/// Says whether this character is a box, and if so whether it is ticked.
pub(crate) fn is_ticked(letter: char) -> Option<bool> {
    spelling_of(letter).map(|(_, is_ticked)| *is_ticked)
}

fn spelling_of(letter: char) -> Option<&'static (&'static str, bool)> {
    let index = u32::from(letter).checked_sub(FIRST)?;
    SPELLINGS.get(usize::try_from(index).ok()?)
}

/// The text with its boxes spelled out.
pub(crate) fn spell_boxes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match spelling_of(letter) {
            Some((spelling, _)) => out.push_str(spelling.replace('\\', "").as_str()),
            None => out.push(letter),
        }
    }
    out
}

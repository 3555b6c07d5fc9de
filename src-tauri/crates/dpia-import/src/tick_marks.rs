//! The marks beside the options of a list: boxes, signs that may stand for one, and words such as "X" that were typed over
//! one. A sign says something only by itself (an empty or a ticked box) or by the pair that it forms with another sign
//! of the same list; whatever else is next to an option is unread, and never "not ticked".

use crate::boxes;
use crate::document::Document;
use crate::place::Fragment;
use crate::words::normalise;
use crate::work::count;
use std::collections::BTreeSet;

/// A sign beside an option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sign {
    /// How it is spelled.
    pub(crate) spelling: String,
    /// The box is ticked or empty; none where the sign says neither by itself.
    pub(crate) is_ticked: Option<bool>,
    /// Its word in the document, where it is one.
    pub(crate) word: Option<usize>,
}

/// What the marks of an option say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    Ticked,
    Empty,
    /// A mark is there, and nobody can say what it means.
    Unread,
}

/// Signs that say what they are only beside one another: the empty one, the filled one.
const PAIRS: [(&str, &str); 22] = [
    ("□", "■"),
    ("□", "▣"),
    ("▢", "■"),
    ("◻", "◼"),
    ("⬜", "⬛"),
    ("○", "●"),
    ("○", "◉"),
    ("○", "⦿"),
    ("◯", "⬤"),
    ("⚪", "⚫"),
    ("( )", "(•)"),
    ("( )", "(●)"),
    ("( )", "(*)"),
    ("[ ]", "[*]"),
    ("[ ]", "[v]"),
    ("[ ]", "[V]"),
    ("\u{f0a8}", "\u{f0fd}"),
    ("\u{f06f}", "\u{f0fd}"),
    ("\u{f06f}", "\u{f078}"),
    ("\u{f0a3}", "\u{f052}"),
    ("\u{f0a3}", "\u{f053}"),
    ("\u{f0a3}", "\u{f054}"),
];

/// Boxes that hold a cross, and signs beside which these may say the opposite.
const OPPOSITES: [(&[&str], &[&str]); 2] = [
    (&["☒", "[x]", "[X]", "🗷", "⊠", "(x)", "(X)"], &["☑", "[✓]", "[✔]", "(✓)", "(✔)", "[v]", "[V]", "🗹", "✅", "✓", "✔", "√", "🗸"]),
    (&["(x)", "(X)"], &["(/)"]),
];

/// Signs that may stand for a box, besides those in the ranges below.
const SIGNS: &str = "×⨯⊗⊙⊡⊞⊟⊘¨\u{fffd}";
/// Where such signs are: technical signs, shapes, symbols and dingbats, emoji, and the letters of symbol fonts, which have none
/// of their own. Arrows, which are bullets, are not among them.
const SIGN_RANGES: [std::ops::RangeInclusive<char>; 7] = [
    '\u{2300}'..='\u{23ff}',
    '\u{25a0}'..='\u{25ff}',
    '\u{2600}'..='\u{2793}',
    '\u{2b12}'..='\u{2bff}',
    '\u{e000}'..='\u{f8ff}',
    '\u{1f100}'..='\u{1faff}',
    '\u{f0000}'..='\u{ffffd}',
];
const ARROWS: &str = "▶▷►▻▸▹◀◁◂◃◄◅☛☞";
/// Bullets that may be the circles of a form.
const ROUND_BULLETS: &str = "●○◦o";
/// Words that are typed in the place of a tick, besides single letters.
const MARK_WORDS: [&str; 20] = [
    "xx",
    "xxx",
    "yes",
    "no",
    "ok",
    "okay",
    "true",
    "false",
    "tick",
    "ticked",
    "cross",
    "crossed",
    "check",
    "checked",
    "selected",
    "done",
    "na",
    "on",
    "off",
    "formcheckbox",
];

/// Says whether a letter of the text is a sign that may stand for a box.
pub(crate) fn is_sign(letter: char) -> bool {
    SIGNS.contains(letter) || SIGN_RANGES.iter().any(|range| range.contains(&letter)) && !ARROWS.contains(letter)
}

/// Says whether a word may have been typed in the place of a tick. "a" and "i" count a list.
pub(crate) fn is_mark_word(word: &str) -> bool {
    let normal = normalise(word);
    let mut letters = normal.chars();
    let is_single = letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none();
    is_single && !matches!(normal.as_str(), "a" | "i") || MARK_WORDS.contains(&normal.as_str())
}

/// A mark in brackets at the start of a text, such as `[v]` or `(•)`: its spelling. Letters in round brackets count a
/// list.
pub(crate) fn read_bracketed(text: &str) -> Option<&str> {
    let open = text.chars().next().filter(|c| matches!(c, '[' | '('))?;
    let close = if open == '[' { ']' } else { ')' };
    let end = text.char_indices().skip(1).take(4).find(|(_, c)| *c == close)?.0;
    let inner = text[1..end].trim();
    let is_read = match inner.chars().next() {
        None => true,
        Some(letter) if inner.chars().count() == 1 => {
            !letter.is_alphanumeric() || open == '[' && letter.is_alphabetic() || matches!(letter, 'o' | 'O')
        }
        Some(_) => matches!(inner, "__" | "xx" | "XX"),
    };
    is_read.then(|| &text[..end + 1])
}

/// The sign of this spelling. Brackets around nothing are an empty box, however wide; space inside them says nothing.
pub(crate) fn sign_of(spelling: &str, word: Option<usize>) -> Sign {
    let spelling = boxes::spell_boxes(spelling);
    let spelling = spelling.as_str();
    let inner = spelling.trim_matches(['[', ']', '(', ')']).trim_matches(['_', ' ', '\u{a0}']);
    let is_framed = spelling.len() >= 2 && spelling.starts_with(['[', '(']);
    let spelling = match (is_framed, inner.is_empty(), spelling.starts_with('[')) {
        (true, true, true) => "[ ]".to_owned(),
        (true, true, false) => "( )".to_owned(),
        (true, false, true) => format!("[{inner}]"),
        (true, false, false) => format!("({inner})"),
        (false, _, _) => spelling.to_owned(),
    };
    let read = |text: &str| boxes::read_box(text, ' ').and_then(|(letter, _)| boxes::is_ticked(letter)).filter(|_| is_framed);
    let is_ticked = read(&spelling).or_else(|| read(inner));
    Sign { spelling, is_ticked, word }
}

/// The sign of a box of the text.
pub(crate) fn box_sign(letter: char) -> Option<Sign> {
    let is_ticked = boxes::is_ticked(letter)?;
    Some(Sign { spelling: boxes::spell_boxes(letter.encode_utf8(&mut [0; 4])), is_ticked: Some(is_ticked), word: None })
}

/// A bullet that may be the circle of a form.
pub(crate) fn round_bullet(document: &Document, piece: &Fragment) -> Option<char> {
    document.lines[piece.line].bullet.filter(|bullet| piece.starts_line && ROUND_BULLETS.contains(*bullet))
}

/// Says whether round bullets are marks here: where all lines have the same, and none is further on in a line, they are
/// none.
pub(crate) fn has_round_marks(document: &Document, pieces: &[Fragment]) -> bool {
    let stands_inside = pieces.iter().any(|piece| {
        count(piece.bytes.len());
        document.lines[piece.line].text[piece.bytes.clone()].contains(['●', '○', '◉', '◎', '⦿', '◯'])
    });
    let lines = pieces.iter().filter(|piece| piece.starts_line && !piece.words.is_empty());
    let bullets: BTreeSet<Option<char>> = lines.map(|piece| round_bullet(document, piece)).collect();
    bullets.len() > 1 || stands_inside
}

/// What the marks of each option say. An option may have several, which only agree where one of them is a bullet that all
/// have.
pub(crate) fn read_groups(groups: &[Vec<Sign>]) -> Vec<Reading> {
    let lead = common_lead(groups);
    let own: Vec<&[Sign]> = groups
        .iter()
        .map(|signs| match (signs.split_first(), &lead) {
            (Some((first, rest)), Some(lead)) if !rest.is_empty() && first.spelling == *lead => rest,
            _ => &signs[..],
        })
        .collect();
    let present: BTreeSet<&str> = own.iter().filter_map(|signs| single(signs)).map(|sign| sign.spelling.as_str()).collect();
    let has = |list: &[&str]| list.iter().any(|spelling| present.contains(spelling));
    // Beside ticks, where no box is empty, a cross may say the opposite.
    let has_empty = own.iter().filter_map(|signs| single(signs)).any(|sign| sign.is_ticked == Some(false));
    let opposite = OPPOSITES.iter().filter(|(crosses, ticks)| !has_empty && has(crosses) && has(ticks)).flat_map(|(crosses, _)| *crosses);
    let opposite: BTreeSet<&str> = opposite.copied().collect();
    let is_read = |sign: &&Sign| !opposite.contains(sign.spelling.as_str());
    own.iter().map(|signs| single(signs).filter(is_read).map_or(Reading::Unread, |sign| read_sign(sign, &present))).collect()
}

fn single(signs: &[Sign]) -> Option<&Sign> {
    match signs {
        [only] => Some(only),
        _ => None,
    }
}

/// The sign with which every group of several begins, where none is by itself.
fn common_lead(groups: &[Vec<Sign>]) -> Option<String> {
    let mut leads = groups.iter().filter(|signs| signs.len() > 1).map(|signs| &signs[0]);
    let lead = leads.next().filter(|sign| sign.is_ticked.is_none() && sign.word.is_none())?;
    let is_common = leads.all(|other| other.spelling == lead.spelling);
    let is_line_alone = groups.iter().any(|signs| single(signs).is_some_and(|sign| sign.spelling == lead.spelling));
    (is_common && !is_line_alone).then(|| lead.spelling.clone())
}

fn read_sign(sign: &Sign, present: &BTreeSet<&str>) -> Reading {
    let spelling = sign.spelling.as_str();
    let pair = PAIRS
        .iter()
        .find(|(empty, filled)| (*empty == spelling || *filled == spelling) && present.contains(empty) && present.contains(filled));
    match (pair, sign.is_ticked) {
        (_, Some(true)) => Reading::Ticked,
        (_, Some(false)) => Reading::Empty,
        (Some((empty, _)), None) if *empty == spelling => Reading::Empty,
        (Some(_), None) => Reading::Ticked,
        (None, None) => Reading::Unread,
    }
}

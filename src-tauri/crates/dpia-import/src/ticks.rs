//! Tick lists, grids and yes/no: which options are there, what their marks say, and what else is among them. An
//! option is known by its own mark alone. Only where ticked boxes are the only marks of a list does no mark mean not
//! ticked; without any mark the list is unknown as a whole.

use crate::document::{Document, WordUse};
use crate::lines::Shape;
use crate::place::Fragment;
use crate::tick_marks::{
    Reading, Sign, box_sign, has_round_marks, is_mark_word, is_sign, read_bracketed, read_groups, round_bullet, sign_of,
};
use crate::tick_owners::{Binding, Owner, own_marks};
use crate::words::similarity;
use crate::work::count;
use std::collections::BTreeSet;
use std::ops::Range;

/// How alike an option in other words is at least.
const LEAST_ALIKE: f64 = 0.6;

/// What is in a list.
#[derive(Debug, Default)]
pub(crate) struct TickReading {
    /// By option: it is there.
    pub(crate) found: Vec<bool>,
    /// By option: its words are struck through.
    pub(crate) struck: Vec<bool>,
    /// By option: its box; none where it has none, or where its owner or its meaning is not certain.
    pub(crate) boxes: Vec<Option<bool>>,
    /// By option: a mark is there, and its meaning or its owner is not certain.
    pub(crate) unclear: Vec<bool>,
    /// By option: it begins or ends with a word that the form does not have there, and that may be its mark.
    pub(crate) has_edge: Vec<bool>,
    /// Any option has a mark.
    pub(crate) is_known: bool,
    /// A word was typed for a mark, and its option is not certain.
    pub(crate) has_loose_word: bool,
    /// Ticked boxes are the only marks: an option without one is not ticked.
    pub(crate) marks_are_ticks: bool,
    /// Options in other words, or with a word for a mark: which, and the words.
    pub(crate) reworded: Vec<(usize, Range<usize>)>,
    /// Items that are no option.
    pub(crate) strangers: Vec<Vec<Fragment>>,
    /// What is no item: prose, and the words of "other".
    pub(crate) prose: Vec<Fragment>,
}

impl TickReading {
    /// The only option that is there and is not struck through.
    pub(crate) fn lone_option(&self) -> Option<usize> {
        let mut standing = (0..self.found.len()).filter(|at| self.found[*at] && !self.struck[*at]);
        let lone = standing.next()?;
        standing.next().is_none().then_some(lone)
    }
}

/// A part of a list as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    /// A box, or a sign that may stand for one.
    Mark(Sign),
    Word(usize),
    /// The end of a cell or line; a soft one may be inside an option.
    Edge {
        is_hard: bool,
        ends_line: bool,
    },
}

/// An item: an option, or words that are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) option: Option<usize>,
    pub(crate) tokens: Range<usize>,
}

/// Reads the options of a list and their marks, and decides the words of the options.
pub(crate) fn read_ticks(document: &mut Document, pieces: &[Fragment], labels: &[Vec<u32>], other: Option<usize>) -> TickReading {
    let mut tokens = tokenise(document, pieces);
    mark_words(document, &mut tokens, labels);
    let mut items = find_items(document, &tokens, labels, other);
    let mut reading = TickReading {
        found: vec![false; labels.len()],
        struck: vec![false; labels.len()],
        boxes: vec![None; labels.len()],
        unclear: vec![false; labels.len()],
        has_edge: vec![false; labels.len()],
        ..TickReading::default()
    };
    for item in &items {
        if let Some(option) = item.option {
            reading.found[option] = true;
            reading.struck[option] = words_of(&tokens, item).all(|at| document.is_struck(at));
            words_of(&tokens, item).for_each(|at| document.decide(at..at + 1, WordUse::Wording));
        }
    }
    find_reworded(document, &tokens, &mut items, labels, &mut reading);
    let is_boxed = assign_marks(document, &tokens, &mut items, other, &mut reading);
    collect_rest(document, pieces, &tokens, &items, &is_boxed, other, &mut reading);
    reading
}

fn tokenise(document: &Document, pieces: &[Fragment]) -> Vec<Token> {
    let mut tokens = Vec::new();
    let reads_bullets = has_round_marks(document, pieces);
    for piece in pieces {
        let line = &document.lines[piece.line];
        if !tokens.is_empty() {
            let is_hard = piece.after_blank || piece.after_wording || line.shape != Shape::Plain && piece.starts_line;
            tokens.push(Token::Edge { is_hard, ends_line: piece.starts_line });
        }
        if let Some(bullet) = round_bullet(document, piece).filter(|_| reads_bullets) {
            tokens.push(Token::Mark(sign_of(bullet.encode_utf8(&mut [0; 4]), None)));
        }
        tokenise_piece(document, piece, &mut tokens);
    }
    tokens
}

fn tokenise_piece(document: &Document, piece: &Fragment, tokens: &mut Vec<Token>) {
    let text = &document.lines[piece.line].text[..piece.bytes.end];
    let mut words = piece.words.clone().peekable();
    let (mut spaces, mut at) = (0, piece.bytes.start);
    let mut before = ' ';
    while let Some(letter) = text[at..].chars().next() {
        count(1);
        let word = words.next_if(|word| document.words[*word].start <= at);
        let mut length = letter.len_utf8();
        if let Some(sign) = box_sign(letter) {
            tokens.push(Token::Mark(sign));
        } else if let Some(word) = word {
            tokens.push(Token::Word(word));
            length = document.words[word].end.min(piece.bytes.end).max(at + length) - at;
        } else if let Some(spelling) = read_bracketed(&text[at..]).filter(|_| !before.is_alphanumeric()) {
            let word = words.next_if(|word| document.words[*word].start < at + spelling.len());
            tokens.push(Token::Mark(sign_of(spelling, word)));
            length = spelling.len();
        } else if is_sign(letter) || letter == '?' && is_apart(text, at, before) {
            tokens.push(Token::Mark(sign_of(&text[at..at + length], None)));
        }
        spaces = if letter.is_whitespace() { spaces + 1 } else { 0 };
        let is_hard = matches!(letter, '\t' | '\u{b}');
        // A wide gap is several soft edges.
        if is_hard || spaces > 0 && spaces % 2 == 0 {
            tokens.push(Token::Edge { is_hard, ends_line: letter == '\u{b}' });
        }
        before = text[at..at + length].chars().next_back().unwrap_or(letter);
        at += length;
    }
}

/// Nothing but space is on either side of a letter.
fn is_apart(text: &str, at: usize, before: char) -> bool {
    let after = text[at..].chars().nth(1);
    before.is_whitespace() && after.is_none_or(char::is_whitespace)
}

/// The words of an item, with those that are a mark.
fn words_of<'t>(tokens: &'t [Token], item: &Item) -> impl Iterator<Item = usize> + 't {
    tokens[item.tokens.clone()].iter().filter_map(word_of)
}

fn word_of(token: &Token) -> Option<usize> {
    match token {
        Token::Word(at) => Some(*at),
        Token::Mark(sign) => sign.word,
        Token::Edge { .. } => None,
    }
}

/// Where a label ends that begins at a token, if it is there.
fn match_label(document: &Document, tokens: &[Token], at: usize, label: &[u32]) -> Option<usize> {
    let mut next = at;
    for (index, number) in label.iter().enumerate() {
        while index > 0 && matches!(tokens.get(next), Some(Token::Edge { is_hard: false, .. })) {
            next += 1;
        }
        match tokens.get(next) {
            Some(Token::Word(word)) if document.words[*word].number == *number => {
                count(1);
                next += 1;
            }
            _ => return None,
        }
    }
    (next > at).then_some(next)
}

/// Words such as "X" that stand where a mark would: alone in their cell, or directly before or after an option.
fn mark_words(document: &Document, tokens: &mut [Token], labels: &[Vec<u32>]) {
    let is_word = |token: Option<&Token>| matches!(token, Some(Token::Word(_)));
    let ends: Vec<Option<usize>> = (0..tokens.len())
        .map(|at| {
            let starts = is_word(tokens.get(at)) && !(at > 0 && is_word(tokens.get(at - 1)));
            let after_mark = at > 0 && matches!(&tokens[at - 1], Token::Word(word) if is_mark_word(document.word(*word)));
            let ends = labels.iter().filter(|_| starts || after_mark).filter_map(|label| match_label(document, tokens, at, label));
            ends.max()
        })
        .collect();
    let ends_label: BTreeSet<usize> = ends.iter().flatten().copied().collect();
    for at in 0..tokens.len() {
        let Token::Word(word) = tokens[at] else { continue };
        if ends[at].is_some() || !is_mark_word(document.word(word)) {
            continue;
        }
        let (after_word, before_word) = (at > 0 && is_word(tokens.get(at - 1)), is_word(tokens.get(at + 1)));
        let leads = !after_word && ends.get(at + 1).is_some_and(Option::is_some) && is_spaced(document, word);
        let follows = ends_label.contains(&at) && (!before_word || ends.get(at + 1).is_some_and(Option::is_some));
        let is_alone = !after_word && !before_word && !is_name(document, word);
        if leads || follows || is_alone {
            tokens[at] = Token::Mark(Sign { spelling: document.word(word).to_owned(), is_ticked: None, word: Some(word) });
        }
    }
}

/// Only space is after a word: "b)" counts a list.
fn is_spaced(document: &Document, word: usize) -> bool {
    next_letter(document, word).is_none_or(char::is_whitespace)
}

/// A sign that belongs to the word is after it: "C#", "X++".
fn is_name(document: &Document, word: usize) -> bool {
    next_letter(document, word).is_some_and(|next| matches!(next, '#' | '+' | '&' | '@' | '$' | '%' | '=' | '\'' | '’'))
}

fn next_letter(document: &Document, word: usize) -> Option<char> {
    let word = document.words[word];
    document.lines[word.line].text[word.end..].chars().next()
}

fn find_items(document: &Document, tokens: &[Token], labels: &[Vec<u32>], other: Option<usize>) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut at = 0;
    let mut is_start = true;
    while at < tokens.len() {
        if !matches!(tokens[at], Token::Word(_)) {
            is_start = true;
            at += 1;
            continue;
        }
        let mut best: Option<(usize, usize)> = None;
        for (option, label) in labels.iter().enumerate().filter(|_| is_start) {
            let Some(end) = match_label(document, tokens, at, label) else { continue };
            let ends = !matches!(tokens.get(end), Some(Token::Word(_)))
                || other == Some(option)
                || labels.iter().any(|label| match_label(document, tokens, end, label).is_some());
            if ends && best.is_none_or(|(_, longest)| end > longest) {
                best = Some((option, end));
            }
        }
        match best {
            Some((option, end)) => {
                items.push(Item { option: Some(option), tokens: at..end });
                at = end;
                is_start = true;
            }
            None => {
                match items.last_mut().filter(|item| item.option.is_none() && item.tokens.end == at && !is_start) {
                    Some(item) => item.tokens.end = at + 1,
                    None => items.push(Item { option: None, tokens: at..at + 1 }),
                }
                at += 1;
                is_start = false;
            }
        }
    }
    join_wrapped(tokens, items)
}

/// An item that goes on after a soft edge is one item.
fn join_wrapped(tokens: &[Token], items: Vec<Item>) -> Vec<Item> {
    let mut joined: Vec<Item> = Vec::new();
    for item in items {
        let follows = |last: &Item| {
            tokens[last.tokens.end..item.tokens.start].iter().all(|token| matches!(token, Token::Edge { is_hard: false, .. }))
        };
        match joined.last_mut().filter(|last| last.option.is_none() && item.option.is_none() && follows(last)) {
            Some(last) => last.tokens.end = item.tokens.end,
            None => joined.push(item),
        }
    }
    joined
}

/// Items that are nearly an option which is nowhere else.
fn find_reworded(document: &mut Document, tokens: &[Token], items: &mut [Item], labels: &[Vec<u32>], reading: &mut TickReading) {
    for item in items.iter_mut().filter(|item| item.option.is_none()).take(500) {
        let words: Vec<usize> = words_of(tokens, item).collect();
        let numbers: Vec<u32> = words.iter().map(|at| document.words[*at].number).collect();
        if numbers.len() > 60 {
            continue;
        }
        let open = labels.iter().enumerate().filter(|(option, label)| !reading.found[*option] && label.len() >= 2);
        let best = open.map(|(option, label)| (similarity(label, &numbers), option)).max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((alike, option)) = best
            && alike >= LEAST_ALIKE
            && let (Some(first), Some(last)) = (words.first(), words.last())
        {
            reading.found[option] = true;
            let is_same = numbers.first() == labels[option].first() && numbers.last() == labels[option].last();
            reading.has_edge[option] = !is_same && numbers.len() >= labels[option].len();
            reading.reworded.push((option, *first..*last + 1));
            words.iter().for_each(|at| document.decide(*at..*at + 1, WordUse::Difference));
            item.option = Some(option);
        }
    }
}

/// Gives every mark to the item that it belongs to, and reads it. Returns which items have a mark.
fn assign_marks(
    document: &mut Document,
    tokens: &[Token],
    items: &mut Vec<Item>,
    other: Option<usize>,
    reading: &mut TickReading,
) -> Vec<bool> {
    let ranges = group_marks(tokens);
    let groups: Vec<Vec<Sign>> = ranges.iter().map(|range| signs_in(tokens, range.clone())).collect();
    let is_box: Vec<bool> = groups.iter().map(|signs| signs.iter().any(|sign| sign.is_ticked.is_some())).collect();
    let binding = bind_items(document, tokens, items, other, reading);
    let owners = own_marks(tokens, &ranges, &is_box, items, &binding);
    let readings = read_groups(&groups);
    let mut has_unclear = false;
    let mut is_marked = vec![false; items.len()];
    let mut loose: Vec<Item> = Vec::new();
    for (at, owner) in owners.into_iter().enumerate() {
        let options = match owner {
            Owner::Item(item) => {
                is_marked[item] = true;
                items[item].option.map(|option| (option, Some(item)))
            }
            Owner::Unclear(before, after) => {
                has_unclear = true;
                for option in [before, after].into_iter().flatten().filter_map(|item| items[item].option) {
                    (reading.unclear[option], reading.is_known) = (true, true);
                }
                None
            }
        };
        match options {
            Some((option, Some(item))) => {
                reading.is_known = true;
                match readings[at] {
                    _ if reading.boxes[option].is_some() => reading.unclear[option] = true,
                    // Nobody can say which of the two the author meant.
                    Reading::Ticked if reading.struck[option] => reading.unclear[option] = true,
                    Reading::Ticked => reading.boxes[option] = Some(true),
                    Reading::Empty => reading.boxes[option] = Some(false),
                    Reading::Unread => reading.unclear[option] = true,
                }
                settle_mark(document, tokens, ranges[at].clone(), &items[item], option, reading);
            }
            _ if groups[at].iter().any(|sign| sign.word.is_some()) => loose.push(Item { option: None, tokens: ranges[at].clone() }),
            _ => {}
        }
    }
    let is_ticks = readings.iter().all(|reading| *reading == Reading::Ticked) && !has_unclear;
    reading.marks_are_ticks = reading.is_known && is_ticks;
    is_marked.resize(items.len() + loose.len(), false);
    reading.has_loose_word = !loose.is_empty();
    items.extend(loose);
    is_marked
}

/// How each item is: joined to the one before it by a stroke, as in "Yes / No", or struck through.
fn bind_items(document: &Document, tokens: &[Token], items: &[Item], other: Option<usize>, reading: &TickReading) -> Vec<Binding> {
    let mut last: Option<usize> = None;
    let mut bindings = Vec::with_capacity(items.len());
    for item in items {
        let words: Vec<usize> = words_of(tokens, item).collect();
        let is_joined = last.zip(words.first()).is_some_and(|(last, first)| is_joined(document, last, *first));
        let is_struck = item.option.is_some_and(|option| reading.struck[option]);
        bindings.push(Binding { is_joined, is_struck, is_open: item.option.is_some() && item.option == other });
        last = words.last().copied().or(last);
    }
    bindings
}

/// Nothing but a stroke is between two words, or the end of a line inside a cell.
fn is_joined(document: &Document, last: usize, first: usize) -> bool {
    let (last, first) = (document.words[last], document.words[first]);
    let (above, below) = (&document.lines[last.line].text, &document.lines[first.line].text);
    let between = match first.line - last.line.min(first.line) {
        0 => above.get(last.end..first.start).map(str::to_owned),
        1 => Some(format!("{}{}", &above[last.end..], &below[..first.start])),
        _ => None,
    };
    between.is_some_and(|between| {
        let is_in_cell = between.contains('\u{b}') && !between.contains('\t') && above.contains('\t');
        is_in_cell || matches!(between.trim(), "/" | "|" | "\\")
    })
}

/// Marks that stand side by side.
fn group_marks(tokens: &[Token]) -> Vec<Range<usize>> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    for at in (0..tokens.len()).filter(|at| matches!(tokens[*at], Token::Mark(_))) {
        match groups.last_mut().filter(|group| group.end == at) {
            Some(group) => group.end = at + 1,
            None => groups.push(at..at + 1),
        }
    }
    groups
}

fn signs_in(tokens: &[Token], range: Range<usize>) -> Vec<Sign> {
    let signs = tokens[range].iter().filter_map(|token| match token {
        Token::Mark(sign) => Some(sign.clone()),
        Token::Word(_) | Token::Edge { .. } => None,
    });
    signs.collect()
}

/// A word that is the mark of an option is in a difference with the option.
fn settle_mark(document: &mut Document, tokens: &[Token], mark: Range<usize>, item: &Item, option: usize, reading: &mut TickReading) {
    let own: Vec<usize> = tokens[mark].iter().filter_map(word_of).collect();
    let label: Vec<usize> = words_of(tokens, item).collect();
    let (Some(first), Some(last)) = (own.first(), own.last()) else { return };
    let (Some(begins), Some(ends)) = (label.first(), label.last()) else { return };
    let words = *first.min(begins)..*last.max(ends) + 1;
    document.decide(words.clone(), WordUse::Difference);
    match reading.reworded.iter_mut().find(|(reworded, _)| *reworded == option) {
        Some((_, range)) => *range = range.start.min(words.start)..range.end.max(words.end),
        None => reading.reworded.push((option, words)),
    }
}

/// Sorts what is no option into items that are strangers to the list, and prose.
fn collect_rest(
    document: &Document,
    pieces: &[Fragment],
    tokens: &[Token],
    items: &[Item],
    is_marked: &[bool],
    other: Option<usize>,
    reading: &mut TickReading,
) {
    let mut other_seen = false;
    for (index, item) in items.iter().enumerate() {
        if let Some(option) = item.option {
            other_seen |= other == Some(option);
            continue;
        }
        let words: Vec<usize> = words_of(tokens, item).collect();
        let parts = pieces_of(document, pieces, &words);
        let is_listed = parts.first().is_some_and(|part| {
            let line = &document.lines[part.line];
            line.text.contains('\t') || line.shape != Shape::Plain && part.starts_line
        });
        if !is_marked[index] && (!is_listed || other_seen) {
            reading.prose.extend(parts);
        } else {
            reading.strangers.push(parts);
        }
    }
    // Punctuation alone is kept where prose is with it.
    if !reading.prose.is_empty() {
        reading.prose.extend(pieces.iter().filter(|piece| piece.words.is_empty() && !has_mark(document, piece)).cloned());
        reading.prose.sort_by_key(|piece| (piece.line, piece.bytes.start));
    }
}

fn has_mark(document: &Document, piece: &Fragment) -> bool {
    document.lines[piece.line].text[piece.bytes.clone()].chars().any(|c| box_sign(c).is_some() || is_sign(c))
}

/// These words as parts of the pieces that hold them.
fn pieces_of(document: &Document, pieces: &[Fragment], words: &[usize]) -> Vec<Fragment> {
    let (Some(first), Some(last)) = (words.first().copied(), words.last().copied()) else { return Vec::new() };
    count(last - first);
    let from = pieces.partition_point(|piece| piece.words.end <= first);
    let mut parts = Vec::new();
    for piece in pieces[from..].iter().take_while(|piece| piece.words.start <= last) {
        let inner = piece.words.start.max(first)..piece.words.end.min(last + 1);
        if inner.is_empty() {
            continue;
        }
        let start = if inner.start == piece.words.start { piece.bytes.start } else { document.tail_of(inner.start - 1) };
        let end = if inner.end == piece.words.end { piece.bytes.end } else { document.tail_of(inner.end - 1) };
        let is_first = parts.is_empty();
        parts.push(Fragment {
            line: piece.line,
            bytes: start..end.max(start),
            starts_line: piece.starts_line && inner.start == piece.words.start,
            words: inner,
            after_blank: piece.after_blank || is_first && piece.after_wording,
            after_page: piece.after_page,
            after_wording: piece.after_wording,
        });
    }
    parts
}

#[cfg(test)]
#[path = "tests/ticks.rs"]
mod tests;

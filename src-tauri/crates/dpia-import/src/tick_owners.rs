//! Whose mark is whose. A mark belongs to an option only where marks and options alternate: in a cell, a line, a block, or
//! the whole list, in this order. Marks that stand in lines of their own, apart from the options, have to alternate with
//! them throughout. Wherever both sides are possible, or neither is, it is unclear. One mark beside several options that
//! nothing parts, such as "Yes / No" before a box, belongs to none of them.

use crate::ticks::{Item, Token};
use crate::work::count;
use std::ops::Range;

/// Whose a group of marks is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    Item(usize),
    /// It may be one of these, or none.
    Unclear(Option<usize>, Option<usize>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entry {
    Mark(usize),
    Item(usize),
}

/// How far a group of tokens reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Cell,
    Line,
    Block,
    List,
}

/// How an item is placed beside others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Binding {
    /// A stroke joins it to the item before it.
    pub(crate) is_joined: bool,
    /// It is struck through.
    pub(crate) is_struck: bool,
    /// Words of the author's own may follow it: "Other (please state)".
    pub(crate) is_open: bool,
}

/// The owners of marks, each of which is a range of tokens. Some of them are boxes, others were typed for one.
pub(crate) fn own_marks(tokens: &[Token], marks: &[Range<usize>], is_box: &[bool], items: &[Item], bindings: &[Binding]) -> Vec<Owner> {
    let lone = find_lone(tokens, marks);
    let mut sides: Vec<Option<Side>> = vec![None; marks.len()];
    let entries = list_entries(marks, items);
    for reach in [Reach::Cell, Reach::Line, Reach::Block, Reach::List] {
        for group in split_groups(tokens, reach) {
            let inside = entries_in(&entries, marks, items, &group);
            let has_lone = inside.iter().any(|entry| matches!(entry, Entry::Mark(mark) if lone[*mark]));
            if has_lone && (reach != Reach::List || !alternates(&inside, items)) {
                continue;
            }
            let Some(side) = side_of(&inside) else { continue };
            for entry in inside {
                if let Entry::Mark(mark) = entry {
                    sides[mark].get_or_insert(side);
                }
            }
        }
    }
    // Nobody sets some boxes before and others after their options.
    let has = |wanted: Side| sides.iter().zip(is_box).any(|(side, is_box)| *is_box && *side == Some(wanted));
    let is_mixed = has(Side::Before) && has(Side::After);
    let neighbours = find_neighbours(&entries, marks.len()).into_iter().zip(sides).enumerate();
    neighbours
        .map(|(mark, ((before, after), side))| match (side.filter(|_| !is_mixed), before, after) {
            (Some(side @ Side::Before), _, Some(item)) | (Some(side @ Side::After), Some(item), _) => {
                match find_sharer(tokens, &marks[mark], side, item, items, bindings) {
                    Some(sharer) => Owner::Unclear(Some(item), Some(sharer)),
                    None => Owner::Item(item),
                }
            }
            (Some(Side::Before | Side::After) | None, _, _) => Owner::Unclear(before, after),
        })
        .collect()
}

/// The option beyond the one that a mark is next to, where the mark may as well be that one's.
fn find_sharer(tokens: &[Token], mark: &Range<usize>, side: Side, item: usize, items: &[Item], bindings: &[Binding]) -> Option<usize> {
    let own = &items[item];
    let (beyond, near, far) = match side {
        Side::Before => {
            let beyond = item + 1;
            (beyond, mark.end..own.tokens.start, own.tokens.end..items.get(beyond)?.tokens.start)
        }
        Side::After => {
            let beyond = item.checked_sub(1)?;
            (beyond, own.tokens.end..mark.start, items[beyond].tokens.end..own.tokens.start)
        }
    };
    let is_joined = bindings[item.max(beyond)].is_joined;
    // Of two options one of which is struck, a mark may say that of the other.
    let is_settled = bindings[beyond].is_struck && !bindings[item].is_struck;
    let far_tokens = tokens.get(far)?;
    count(far_tokens.len());
    let is_other = match items[beyond].option {
        Some(_) => own.option != items[beyond].option,
        // "Yes/No, please tick" is no option, and begins with one.
        None => !bindings[item].is_open && (is_joined || far_tokens.is_empty()),
    };
    if own.option.is_none() || !is_other || is_settled || far_tokens.iter().any(|token| matches!(token, Token::Mark(_))) {
        return None;
    }
    let (near, far) = (Gap::of(tokens.get(near)?), Gap::of(far_tokens));
    (is_joined || !far.parts(&near)).then_some(beyond)
}

/// What is between two entries that follow one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Gap {
    lines: usize,
    cells: usize,
    /// Pairs of spaces.
    spaces: usize,
}

impl Gap {
    fn of(tokens: &[Token]) -> Self {
        let mut gap = Self::default();
        for token in tokens {
            match token {
                Token::Edge { ends_line: true, .. } => gap.lines += 1,
                Token::Edge { is_hard: true, .. } => gap.cells += 1,
                Token::Edge { is_hard: false, .. } => gap.spaces += 1,
                Token::Mark(_) | Token::Word(_) => {}
            }
        }
        gap
    }

    /// Says whether it parts two options, of which a mark is next to the nearer one across the other gap: they are in
    /// lines or cells of their own and the mark is in one of them, an empty cell is between them, or the gap is by far
    /// the wider one.
    fn parts(&self, near: &Self) -> bool {
        let is_in_cell = near.lines == 0 && near.cells == 0;
        self.lines > 0 || is_in_cell && (self.cells > 0 || self.spaces >= near.spaces + 2) || self.cells > 1
    }
}

/// Marks whose line has no words.
fn find_lone(tokens: &[Token], marks: &[Range<usize>]) -> Vec<bool> {
    let mut lone = vec![false; marks.len()];
    for line in split_groups(tokens, Reach::Line) {
        let from = marks.partition_point(|mark| mark.start < line.start);
        let has_words = tokens[line.clone()].iter().any(|token| matches!(token, Token::Word(_)));
        for (mark, _) in marks.iter().enumerate().skip(from).take_while(|(_, mark)| mark.start < line.end) {
            lone[mark] = !has_words;
        }
    }
    lone
}

fn split_groups(tokens: &[Token], reach: Reach) -> Vec<Range<usize>> {
    let ends = |token: &Token| match (token, reach) {
        (Token::Edge { .. }, Reach::Cell) => true,
        (Token::Edge { ends_line, .. }, Reach::Line) => *ends_line,
        (Token::Edge { is_hard, ends_line }, Reach::Block) => *is_hard && *ends_line,
        (Token::Edge { .. }, Reach::List) | (Token::Mark(_) | Token::Word(_), _) => false,
    };
    let mut groups = Vec::new();
    let mut start = 0;
    for (at, token) in tokens.iter().enumerate() {
        if ends(token) {
            groups.push(start..at);
            start = at + 1;
        }
    }
    groups.push(start..tokens.len());
    groups.retain(|group| !group.is_empty());
    groups
}

/// Marks and items in their order.
fn list_entries(marks: &[Range<usize>], items: &[Item]) -> Vec<Entry> {
    let mut entries: Vec<(usize, Entry)> = marks.iter().enumerate().map(|(at, mark)| (mark.start, Entry::Mark(at))).collect();
    entries.extend(items.iter().enumerate().map(|(at, item)| (item.tokens.start, Entry::Item(at))));
    entries.sort_by_key(|(start, _)| *start);
    entries.into_iter().map(|(_, entry)| entry).collect()
}

/// The entries of a group of tokens. An item that goes on in it is one of them.
fn entries_in(entries: &[Entry], marks: &[Range<usize>], items: &[Item], group: &Range<usize>) -> Vec<Entry> {
    let range = |entry: &Entry| match entry {
        Entry::Mark(at) => marks[*at].clone(),
        Entry::Item(at) => items[*at].tokens.clone(),
    };
    let from = entries.partition_point(|entry| range(entry).end <= group.start);
    let inside: Vec<Entry> = entries[from..].iter().take_while(|entry| range(entry).start < group.end).copied().collect();
    count(inside.len());
    inside
}

/// On which side of their items all marks of a group may stand; none where both are possible, or neither.
fn side_of(entries: &[Entry]) -> Option<Side> {
    let is_item = |entry: Option<&Entry>| matches!(entry, Some(Entry::Item(_)));
    let mut marks = entries.iter().enumerate().filter(|(_, entry)| matches!(entry, Entry::Mark(_))).map(|(at, _)| at).peekable();
    marks.peek()?;
    let (mut before, mut after) = (true, true);
    for at in marks {
        before &= is_item(entries.get(at + 1));
        after &= at > 0 && is_item(entries.get(at - 1));
    }
    match (before, after) {
        (true, false) => Some(Side::Before),
        (false, true) => Some(Side::After),
        (true, true) | (false, false) => None,
    }
}

/// Says whether marks and options follow one another one by one, from the first of them to the last.
fn alternates(entries: &[Entry], items: &[Item]) -> bool {
    let counts = |entry: &Entry| match entry {
        Entry::Mark(_) => true,
        Entry::Item(at) => items[*at].option.is_some(),
    };
    let (Some(first), Some(last)) = (entries.iter().position(counts), entries.iter().rposition(counts)) else { return false };
    let span = &entries[first..=last];
    let is_mark = |entry: &Entry| matches!(entry, Entry::Mark(_));
    span.len().is_multiple_of(2) && span.iter().all(counts) && span.windows(2).all(|pair| is_mark(&pair[0]) != is_mark(&pair[1]))
}

/// The items directly before and after each mark.
fn find_neighbours(entries: &[Entry], marks: usize) -> Vec<(Option<usize>, Option<usize>)> {
    let item = |entry: Option<&Entry>| match entry {
        Some(Entry::Item(item)) => Some(*item),
        Some(Entry::Mark(_)) | None => None,
    };
    let mut neighbours = vec![(None, None); marks];
    for (at, entry) in entries.iter().enumerate() {
        if let Entry::Mark(mark) = entry {
            neighbours[*mark] = (at.checked_sub(1).and_then(|at| item(entries.get(at))), item(entries.get(at + 1)));
        }
    }
    neighbours
}

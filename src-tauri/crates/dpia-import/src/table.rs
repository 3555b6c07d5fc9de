//! Tables: rows split into cells by their header, and rows that the end of a page cut put together again. Cells are
//! parted by tabs (or bars), or stand one under the other with wide gaps between.

use crate::boxes;
use crate::document::{Document, WordUse, collapse_spaces};
use crate::fields::read_date;
use crate::lines::Shape;
use crate::place::Fragment;
use crate::words::{normalise_text, similarity};
use crate::work::count;
use dpia_model::assessment::Cell;
use dpia_model::template::{Column, ColumnKind};
use std::collections::BTreeSet;
use std::ops::Range;

/// How alike the head of a column in other words is at least.
const LEAST_ALIKE: f64 = 0.6;

/// The most cells of a row; what follows stays in the last one.
const MOST_CELLS: usize = 64;

/// What is in a table.
#[derive(Debug, Default)]
pub(crate) struct TableReading {
    /// By row: a cell for every column, or none where it is empty.
    pub(crate) rows: Vec<Vec<Option<Cell>>>,
    /// There is a header, so this is the table.
    pub(crate) has_header: bool,
    /// Heads of columns in other words: which column, and the words. None: a column that the form has not.
    pub(crate) reworded: Vec<(Option<usize>, Range<usize>)>,
    /// Columns without a head in the document.
    pub(crate) missing: Vec<usize>,
    /// Cells under a column that the form has not: the row's first words, the head, and where the words stand.
    pub(crate) strange_cells: Vec<(String, Fragment)>,
    /// Headers that stand again on a later page.
    pub(crate) repeated: Vec<Range<usize>>,
    /// What is no row.
    pub(crate) rest: Vec<Fragment>,
}

/// A cell as it is in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Slice {
    line: usize,
    bytes: Range<usize>,
}

/// A column of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ColumnTitle {
    column: Option<usize>,
    title: String,
    /// The first character in a line drawn with gaps.
    start: usize,
}

/// How the cells of a table are parted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parting {
    Tabs,
    /// Several tabs may be between two cells, so that the columns look straight.
    TabRuns,
    Gaps,
}

/// Reads a table, and decides the words of its rows.
pub(crate) fn read_table(document: &mut Document, pieces: &[Fragment], columns: &[Column], labels: &[Vec<u32>]) -> TableReading {
    let mut reading = TableReading::default();
    let header = pieces.iter().take(50).position(|piece| find_heads(document, piece, labels).is_some());
    let (heads, parting) = match header.and_then(|at| find_heads(document, &pieces[at], labels)) {
        Some((heads, parting)) => (heads, parting),
        // Rows without a header: only where each has a cell for every column.
        None if !pieces.is_empty() && pieces.iter().all(|piece| split_tabs(document, piece).len() == columns.len()) => {
            let head = |(at, column): (usize, &Column)| ColumnTitle { column: Some(at), title: column.label.clone(), start: 0 };
            (columns.iter().enumerate().map(head).collect(), Parting::Tabs)
        }
        None => {
            reading.rest = pieces.to_vec();
            return reading;
        }
    };
    reading.has_header = header.is_some();
    let mut body = &pieces[header.map_or(0, |at| at + 1)..];
    if let Some(at) = header {
        settle_header(document, &pieces[at], &heads, parting, labels, &mut reading);
        reading.rest.extend(pieces[..at].iter().cloned());
        while let Some((first, rest)) = body.split_first().filter(|_| parting == Parting::Gaps)
            && complete_heads(document, first, &heads, labels, &mut reading)
        {
            body = rest;
        }
    }
    for row in collect_rows(document, body, &heads, parting, labels, &mut reading) {
        let cells = assemble(document, &row, columns, &heads, &mut reading);
        reading.rows.push(cells);
    }
    reading
}

/// The cells of every row, line by line.
fn collect_rows(
    document: &mut Document,
    pieces: &[Fragment],
    heads: &[ColumnTitle],
    parting: Parting,
    labels: &[Vec<u32>],
    reading: &mut TableReading,
) -> Vec<Vec<Vec<Slice>>> {
    let mut rows: Vec<Vec<Vec<Slice>>> = Vec::new();
    // Where empty lines part the rows, lines without one between them are one row.
    let is_parted =
        parting == Parting::Gaps && pieces.iter().skip(1).any(|piece| is_apart(document, piece) && stretches(document, piece).len() > 1);
    for piece in pieces {
        if reading.has_header && find_heads(document, piece, labels).is_some_and(|(again, _)| again.len() == heads.len()) {
            reading.repeated.push(piece.words.clone());
            continue;
        }
        let slices = match parting {
            Parting::Tabs => split_tabs(document, piece),
            Parting::TabRuns => split_tab_runs(document, piece),
            Parting::Gaps => split_gaps(document, piece, heads),
        };
        // Punctuation alone is no cell, and no part of an address.
        if piece.words.is_empty() && slices.len() <= 1 {
            continue;
        }
        let is_row = slices.len() > 1 || document.lines[piece.line].is_piped;
        let follows = !piece.after_blank && !piece.after_page && !piece.after_wording;
        let is_wrapped = |row: &[Vec<Slice>]| {
            parting == Parting::Gaps && !is_apart(document, piece) && (is_parted || follows && goes_on_in_small(document, row, &slices))
        };
        let is_continued = slices.first().is_some_and(|slice| text_of(document, slice).is_empty())
            || is_cut(document, piece, &slices)
            || rows.last().is_some_and(|row| is_wrapped(row));
        match rows.last_mut() {
            Some(row) if is_row && is_continued => append(row, slices),
            // A line that the width of the page broke goes on in the last cell, or under the first where rows are wrapped.
            Some(row) if !is_row && follows => {
                let column = if is_parted { row.iter_mut().next() } else { row.iter_mut().rev().find(|cell| !cell.is_empty()) };
                if let (Some(cell), Some(slice)) = (column, slices.into_iter().next()) {
                    cell.push(slice);
                }
            }
            _ if is_row => rows.push(slices.into_iter().map(|slice| vec![slice]).collect()),
            _ => {
                reading.rest.push(piece.clone());
                continue;
            }
        }
        document.decide(piece.words.clone(), WordUse::Answer);
    }
    rows
}

/// An empty line of the document, a page or wording is before a line.
fn is_apart(document: &Document, piece: &Fragment) -> bool {
    document.lines[piece.line].blanks > 0 || piece.after_page || piece.after_wording
}

/// A cell goes on in a small letter that began with a capital one.
fn goes_on_in_small(document: &Document, row: &[Vec<Slice>], slices: &[Slice]) -> bool {
    let begins = |slice: &Slice, is: fn(char) -> bool| text_of(document, slice).starts_with(is);
    slices.iter().zip(row).any(|(slice, cell)| {
        let is_address = text_of(document, slice).starts_with("http") || text_of(document, slice).starts_with("www");
        begins(slice, char::is_lowercase) && !is_address && cell.iter().any(|above| begins(above, char::is_uppercase))
    })
}

/// Heads that were wrapped: says whether every cell of the line completes the label of its column.
fn complete_heads(
    document: &mut Document,
    piece: &Fragment,
    heads: &[ColumnTitle],
    labels: &[Vec<u32>],
    reading: &mut TableReading,
) -> bool {
    if piece.after_blank || piece.after_page || piece.words.is_empty() {
        return false;
    }
    let slices = split_gaps(document, piece, heads);
    let mut completed = Vec::new();
    for (slice, head) in slices.iter().zip(heads).filter(|(slice, _)| !text_of(document, slice).is_empty()) {
        let own = reading.reworded.iter().position(|(column, _)| column.is_some() && *column == head.column);
        let (Some(own), Some(column)) = (own, head.column) else { return false };
        let mut numbers: Vec<u32> = reading.reworded[own].1.clone().map(|at| document.words[at].number).collect();
        numbers.extend(numbers_in(document, piece, slice));
        if labels[column] != numbers {
            return false;
        }
        completed.push(own);
    }
    if slices.len() != heads.len() || completed.is_empty() {
        return false;
    }
    document.decide(piece.words.clone(), WordUse::Wording);
    completed.sort_unstable();
    for own in completed.into_iter().rev() {
        let (_, words) = reading.reworded.remove(own);
        document.decide(words, WordUse::Wording);
    }
    true
}

fn text_of<'d>(document: &'d Document, slice: &Slice) -> &'d str {
    document.lines[slice.line].text[slice.bytes.clone()].trim()
}

fn split_tabs(document: &Document, piece: &Fragment) -> Vec<Slice> {
    let text = &document.lines[piece.line].text[piece.bytes.clone()];
    count(text.len());
    let mut slices = Vec::new();
    let mut start = piece.bytes.start;
    for part in text.splitn(MOST_CELLS, '\t') {
        slices.push(Slice { line: piece.line, bytes: start..start + part.len() });
        start += part.len() + 1;
    }
    slices
}

/// Cells with any number of tabs between; one before the first means that the first is empty.
fn split_tab_runs(document: &Document, piece: &Fragment) -> Vec<Slice> {
    let slices = split_tabs(document, piece).into_iter().enumerate();
    slices.filter(|(at, slice)| *at == 0 || !text_of(document, slice).is_empty()).map(|(_, slice)| slice).collect()
}

/// Cells by their columns: every stretch between wide gaps goes under the head nearest to where it starts.
fn split_gaps(document: &Document, piece: &Fragment, heads: &[ColumnTitle]) -> Vec<Slice> {
    let line = &document.lines[piece.line];
    let mut slices: Vec<Slice> = heads.iter().map(|_| Slice { line: piece.line, bytes: piece.bytes.start..piece.bytes.start }).collect();
    let stretches = stretches(document, piece);
    if let ([only], Some(second)) = (&stretches[..], heads.get(1)) {
        // One stretch at the left is a row with a name alone, unless it is too wide for that or is apart.
        let end = line.column(only.end);
        if line.text[..only.start].trim().is_empty() && only.start < 2 && (end >= second.start || piece.after_blank) {
            return vec![Slice { line: piece.line, bytes: only.clone() }];
        }
    }
    for stretch in stretches {
        let column = line.column(stretch.start);
        let at = heads.iter().enumerate().min_by_key(|(_, head)| head.start.abs_diff(column)).map_or(0, |(at, _)| at);
        let slice = &mut slices[at];
        let start = if slice.bytes.is_empty() { stretch.start } else { slice.bytes.start };
        slice.bytes = start..stretch.end;
    }
    slices
}

/// Stretches of a line that two or more spaces part.
fn stretches(document: &Document, piece: &Fragment) -> Vec<Range<usize>> {
    let text = &document.lines[piece.line].text[piece.bytes.clone()];
    count(text.len());
    let mut found: Vec<Range<usize>> = Vec::new();
    let (mut at, mut found_count) = (0, 0);
    for part in text.split("  ") {
        let lead = part.len() - part.trim_start().len();
        if !part.trim().is_empty() {
            let start = piece.bytes.start + at + lead;
            let end = start + part.trim().len();
            match found.last_mut().filter(|_| found_count == MOST_CELLS) {
                Some(last) => last.end = end,
                None => found.push(start..end),
            }
            found_count = found.len();
        }
        at += part.len() + 2;
    }
    found
}

/// The heads of a table, where the line is its header: at least half of the labels are there.
fn find_heads(document: &Document, piece: &Fragment, labels: &[Vec<u32>]) -> Option<(Vec<ColumnTitle>, Parting)> {
    let line = &document.lines[piece.line];
    if line.shape != Shape::Plain && line.shape != Shape::Heading || piece.words.len() > 60 {
        return None;
    }
    let has_tabs = line.text[piece.bytes.clone()].contains('\t');
    let has_runs = line.text[piece.bytes.clone()].trim().contains("\t\t");
    let (slices, parting) = match has_tabs {
        true if has_runs => (split_tab_runs(document, piece), Parting::TabRuns),
        true => (split_tabs(document, piece), Parting::Tabs),
        false => (stretches(document, piece).into_iter().map(|bytes| Slice { line: piece.line, bytes }).collect(), Parting::Gaps),
    };
    if slices.len() < 2 {
        return None;
    }
    let mut taken = vec![false; labels.len()];
    let mut heads: Vec<ColumnTitle> = slices
        .iter()
        .map(|slice| {
            let numbers = numbers_in(document, piece, slice);
            let alike = |at: &usize| similarity(&labels[*at], &numbers);
            let open = (0..labels.len()).filter(|at| !taken[*at]);
            let column = open.max_by(|a, b| alike(a).total_cmp(&alike(b)).then(b.cmp(a))).filter(|at| alike(at) >= LEAST_ALIKE);
            if let Some(at) = column {
                taken[at] = true;
            }
            ColumnTitle { column, title: collapse_spaces(text_of(document, slice)), start: line.column(slice.bytes.start) }
        })
        .collect();
    let known = heads.iter().filter(|head| head.column.is_some()).count();
    // A head in quite other words is at its own place among the others.
    if heads.len() == labels.len() {
        for (at, head) in heads.iter_mut().enumerate() {
            if head.column.is_none() && !std::mem::replace(&mut taken[at], true) {
                head.column = Some(at);
            }
        }
    }
    (known >= 2 && known * 2 >= slices.len().min(labels.len())).then_some((heads, parting))
}

fn numbers_in(document: &Document, piece: &Fragment, slice: &Slice) -> Vec<u32> {
    let inside = |at: &usize| slice.bytes.contains(&document.words[*at].start);
    piece.words.clone().filter(inside).map(|at| document.words[at].number).collect()
}

/// Decides the words of the header, and keeps account of heads in other words.
fn settle_header(
    document: &mut Document,
    piece: &Fragment,
    heads: &[ColumnTitle],
    parting: Parting,
    labels: &[Vec<u32>],
    reading: &mut TableReading,
) {
    document.decide(piece.words.clone(), WordUse::Wording);
    let slices = match parting {
        Parting::Tabs => split_tabs(document, piece),
        Parting::TabRuns => split_tab_runs(document, piece),
        Parting::Gaps => stretches(document, piece).into_iter().map(|bytes| Slice { line: piece.line, bytes }).collect(),
    };
    for (head, slice) in heads.iter().zip(&slices) {
        let inside: Vec<usize> = piece.words.clone().filter(|at| slice.bytes.contains(&document.words[*at].start)).collect();
        let (Some(first), Some(last)) = (inside.first(), inside.last()) else { continue };
        let words = *first..*last + 1;
        if head.column.is_none_or(|column| labels[column] != numbers_in(document, piece, slice)) {
            document.decide(words.clone(), WordUse::Difference);
            reading.reworded.push((head.column, words));
        }
    }
    reading.missing = (0..labels.len()).filter(|column| !heads.iter().any(|head| head.column == Some(*column))).collect();
}

/// A row that goes on after the end of a page: half of its cells are empty.
fn is_cut(document: &Document, piece: &Fragment, slices: &[Slice]) -> bool {
    let filled = slices.iter().filter(|slice| !text_of(document, slice).is_empty()).count();
    piece.after_page && slices.len() >= 3 && filled * 2 <= slices.len()
}

fn append(row: &mut Vec<Vec<Slice>>, slices: Vec<Slice>) {
    for (at, slice) in slices.into_iter().enumerate() {
        match row.get_mut(at) {
            Some(cell) => cell.push(slice),
            None => row.push(vec![slice]),
        }
    }
}

/// The cells of a row under the form's columns. What is beyond the last column goes on in it.
fn assemble(
    document: &mut Document,
    row: &[Vec<Slice>],
    columns: &[Column],
    heads: &[ColumnTitle],
    reading: &mut TableReading,
) -> Vec<Option<Cell>> {
    let mut slices: Vec<Vec<Slice>> = vec![Vec::new(); columns.len()];
    let first = row.first().map(|cell| join_words(document, cell)).unwrap_or_default();
    let last = heads.iter().rev().find_map(|head| head.column);
    for (at, cell) in row.iter().enumerate() {
        let head = heads.get(at);
        let column = head.map_or(last, |head| head.column);
        match column {
            Some(column) => slices[column].extend(cell.iter().cloned()),
            None => {
                for slice in cell {
                    let line = &document.lines[slice.line];
                    let inside: Vec<usize> = line.words.clone().filter(|at| slice.bytes.contains(&document.words[*at].start)).collect();
                    let (Some(from), Some(to)) = (inside.first(), inside.last()) else { continue };
                    let words = *from..*to + 1;
                    let bytes = slice.bytes.clone();
                    let about = head.map_or(first.clone(), |head| format!("{first} – {}", head.title));
                    document.decide(words.clone(), WordUse::Unplaced);
                    let piece = Fragment {
                        line: slice.line,
                        bytes,
                        words,
                        starts_line: true,
                        after_blank: true,
                        after_page: false,
                        after_wording: false,
                    };
                    reading.strange_cells.push((about, piece));
                }
            }
        }
    }
    slices.iter().zip(columns).map(|(slices, column)| read_cell(document, slices, column)).collect()
}

fn join_words(document: &Document, slices: &[Slice]) -> String {
    count(slices.iter().map(|slice| slice.bytes.len() + 1).sum());
    let parts: Vec<String> = slices.iter().map(|slice| collapse_spaces(text_of(document, slice))).filter(|part| !part.is_empty()).collect();
    boxes::spell_boxes(&parts.join(" "))
}

fn read_cell(document: &Document, slices: &[Slice], column: &Column) -> Option<Cell> {
    let text = join_words(document, slices);
    if text.is_empty() {
        return None;
    }
    let links = links_in(document, slices);
    match &column.kind {
        ColumnKind::Link => Some(read_link(text, &links)),
        ColumnKind::Text | ColumnKind::Country => Some(Cell::Text { text: with_addresses(text, &links) }),
        ColumnKind::Date => Some(match read_date(&text) {
            Some(read) => Cell::Date { date: read.date },
            None => Cell::Text { text: with_addresses(text, &links) },
        }),
        ColumnKind::Choice { options } => {
            let normal = normalise_text(&text);
            let option = options.iter().find(|option| normalise_text(&option.label) == normal);
            Some(
                option
                    .map_or_else(|| Cell::Text { text: with_addresses(text, &links) }, |option| Cell::Choice { option: option.id.clone() }),
            )
        }
    }
}

/// The links of a cell: label and address, if it is not lost.
fn links_in(document: &Document, slices: &[Slice]) -> Vec<(String, Option<String>)> {
    let mut links: Vec<(String, Option<String>)> = Vec::new();
    for slice in slices {
        let line = &document.lines[slice.line];
        let from = line.spans.partition_point(|span| span.end <= slice.bytes.start);
        for span in line.spans[from..].iter().take_while(|span| span.start < slice.bytes.end) {
            let Some(address) = &span.link else { continue };
            let label = collapse_spaces(&line.text[span.start.max(slice.bytes.start)..span.end.min(slice.bytes.end)]);
            links.push((label, address.clone()));
        }
    }
    links
}

/// A label and an address. A bare address after a label is the label's; every other address stays in the words.
fn read_link(text: String, links: &[(String, Option<String>)]) -> Cell {
    let Some((label, Some(address))) = links.iter().find(|(_, address)| address.is_some()) else {
        return Cell::Link { label: text, address: None };
    };
    let others: Vec<(String, Option<String>)> = links.iter().filter(|(other, _)| other != label).cloned().collect();
    let bare = label == address;
    // The words around a bare address are its label; where there are none, it is its own.
    let around = if bare { text.replacen(address.as_str(), " ", 1) } else { String::new() };
    let around = collapse_spaces(around.trim().trim_end_matches([':', '-', '–', '(']));
    let words = if around.chars().any(char::is_alphanumeric) { around } else { text };
    Cell::Link { label: with_addresses(words, &others), address: Some(address.clone()) }
}

/// Words of a cell that cannot hold links: their addresses follow in brackets, but for those that are words of it.
fn with_addresses(text: String, links: &[(String, Option<String>)]) -> String {
    count(links.len());
    let mut shown: BTreeSet<&str> = links.iter().map(|(label, _)| label.as_str()).collect();
    let lost: Vec<&str> = links.iter().filter_map(|(_, address)| address.as_deref()).filter(|address| shown.insert(address)).collect();
    if lost.is_empty() { text } else { format!("{text} ({})", lost.join(", ")) }
}

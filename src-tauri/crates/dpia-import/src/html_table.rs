//! Tables that a conversion left as tags: a row becomes a line whose cells are parted by tabs. Words outside cells stay
//! lines of their own, and every line keeps the number of the line it came from.

use crate::html_blocks::{part_blocks, split_blocks};
use crate::work::count;
use std::borrow::Cow;

/// The lines of a text with their numbers, counted from 1.
pub(crate) fn number_lines(text: &str) -> Vec<(u32, Cow<'_, str>)> {
    let mut out = Vec::new();
    let mut table: Option<Table> = None;
    for (at, line) in text.lines().enumerate() {
        let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
        if table.is_none() && find_tag(line, 0).is_none_or(|tag| tag.name != Name::Table) {
            out.extend(split_blocks(line).into_iter().map(|part| (number, part)));
            continue;
        }
        read_line(line, number, &mut table, &mut out);
    }
    if let Some(mut table) = table {
        table.end_row(&mut out);
    }
    out
}

/// A table that is being read.
#[derive(Debug, Default)]
struct Table {
    row: u32,
    cells: Vec<String>,
    is_in_cell: bool,
}

impl Table {
    fn push(&mut self, words: &str, number: u32, out: &mut Vec<(u32, Cow<'_, str>)>) {
        let words = words.replace('\t', " ");
        if self.is_in_cell {
            if let Some(cell) = self.cells.last_mut() {
                cell.push_str(&part_blocks(&words));
            }
        } else if !words.trim().is_empty() {
            out.push((number, Cow::Owned(words)));
        }
    }

    fn end_row(&mut self, out: &mut Vec<(u32, Cow<'_, str>)>) {
        let cells: Vec<String> = std::mem::take(&mut self.cells).iter().map(|cell| cell.trim().to_owned()).collect();
        self.is_in_cell = false;
        if cells.iter().any(|cell| !cell.is_empty()) {
            out.push((self.row, Cow::Owned(cells.join("\t"))));
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    Table,
    Row,
    Cell,
    /// Groups of rows or columns: they say nothing.
    Group,
}

struct TableTag {
    name: Name,
    is_open: bool,
    start: usize,
    end: usize,
}

/// The next tag of a table in a line.
fn find_tag(line: &str, from: usize) -> Option<TableTag> {
    let mut at = from;
    count(line.len() - at);
    while let Some(start) = line[at..].find('<').map(|length| at + length) {
        let inner = &line[start + 1..];
        let (is_open, inner) = inner.strip_prefix('/').map_or((true, inner), |rest| (false, rest));
        let length = inner.bytes().take_while(u8::is_ascii_alphabetic).count();
        let name = match inner[..length].to_ascii_lowercase().as_str() {
            "table" => Some(Name::Table),
            "tr" => Some(Name::Row),
            "td" | "th" => Some(Name::Cell),
            "thead" | "tbody" | "tfoot" | "colgroup" | "col" | "caption" => Some(Name::Group),
            _ => None,
        };
        let close = inner[length..].find(['>', '<']).filter(|end| inner[length + end..].starts_with('>'));
        if let (Some(name), Some(close)) = (name, close) {
            let end = line.len() - inner.len() + length + close + 1;
            return Some(TableTag { name, is_open, start, end });
        }
        at = start + 1;
    }
    None
}

fn read_line<'t>(line: &'t str, number: u32, table: &mut Option<Table>, out: &mut Vec<(u32, Cow<'t, str>)>) {
    let mut at = 0;
    while let Some(tag) = find_tag(line, at) {
        let words = &line[at..tag.start];
        match table {
            Some(open) => open.push(words, number, out),
            None if !words.trim().is_empty() => out.push((number, Cow::Borrowed(words))),
            None => {}
        }
        at = tag.end;
        match (tag.name, tag.is_open) {
            (Name::Table, true) => {
                table.get_or_insert_default();
            }
            (Name::Table, false) => {
                if let Some(mut open) = table.take() {
                    open.end_row(out);
                }
            }
            (Name::Row, is_open) => {
                if let Some(open) = table {
                    open.end_row(out);
                    open.row = if is_open { number } else { open.row };
                }
            }
            (Name::Cell, is_open) => {
                if let Some(open) = table {
                    open.is_in_cell = is_open;
                    if is_open {
                        open.cells.push(String::new());
                    }
                }
            }
            (Name::Group, _) => {}
        }
    }
    let rest = &line[at..];
    match table {
        Some(open) => open.push(&format!("{rest} "), number, out),
        None if !rest.trim().is_empty() => out.push((number, Cow::Borrowed(rest))),
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_lines_and_keep_their_numbers() {
        let check = |text: &str, expected: &[(u32, &str)]| {
            let lines = number_lines(text);
            let lines: Vec<(u32, &str)> = lines.iter().map(|(number, line)| (*number, line.as_ref())).collect();
            assert_eq!(lines, expected, "{text}");
        };
        check("a\n\nb <b>c</b>", &[(1, "a"), (2, ""), (3, "b <b>c</b>")]);
        check(
            "a <table><tr><th>A</th><th>B</th></tr><tr><td>c</td><td></td></tr></table> z",
            &[(1, "a "), (1, "A\tB"), (1, "c\t"), (1, " z")],
        );
        check("<table>\n<tbody><tr>\n<td>one\ntwo</td>\n<td class=\"x\">d</td></tr>\n</table>\nend", &[(2, "one two\td"), (7, "end")]);
        check("<table><caption>Words</caption><tr><td>open", &[(1, "Words"), (1, "open")]);
        check("<td>no table</td>", &[(1, "<td>no table</td>")]);
        check("1 < 2 <table", &[(1, "1 < 2 <table")]);
    }
}

//! Tables that a conversion drew with rules of dashes above and below, one stretch of dashes a column: a row becomes a line
//! whose cells are parted by tabs. Where empty lines part the rows, the lines between them are one row, whose cells were
//! wrapped. No word goes: what does not keep to the columns is no table.

use crate::document::collapse_spaces;
use crate::work::count;
use std::borrow::Cow;
use std::ops::Range;

/// The most lines between the first rule and the one under the heads.
const MOST_HEAD_LINES: usize = 12;
/// The most lines of a table.
const MOST_LINES: usize = 2000;

/// A numbered line.
type Numbered<'t> = (u32, Cow<'t, str>);

/// The lines of a text in which the rows of such tables are lines with tabs. Rules stay where they are no table's.
pub(crate) fn join_ruled(lines: Vec<Numbered<'_>>) -> Vec<Numbered<'_>> {
    let mut out: Vec<Numbered<'_>> = Vec::with_capacity(lines.len());
    let mut at = 0;
    // Where the lines begin that are still to be written.
    let mut done = 0;
    while at < lines.len() {
        let table = read_columns(&lines[at].1).and_then(|columns| find_table(&lines, done, at, &columns).map(|table| (columns, table)));
        let Some((columns, table)) = table else {
            at += 1;
            continue;
        };
        out.extend(lines[done..table.lines.start].iter().cloned());
        for row in &table.rows {
            out.push((lines[row.start].0, Cow::Owned(join_row(&lines[row.clone()], &columns))));
        }
        // An empty line parts the table from what follows.
        let last = lines[table.lines.end - 1].0;
        out.push((last, Cow::Borrowed("")));
        (at, done) = (table.lines.end, table.lines.end);
    }
    out.extend(lines[done..].iter().cloned());
    out
}

struct RuledTable {
    lines: Range<usize>,
    rows: Vec<Range<usize>>,
}

/// The columns of a rule: two or more stretches of dashes.
fn read_columns(line: &str) -> Option<Vec<usize>> {
    let trimmed = line.trim();
    if trimmed.len() < 5 || !trimmed.bytes().all(|b| b == b'-' || b == b' ') {
        return None;
    }
    let mut columns = Vec::new();
    let mut before = ' ';
    for (at, letter) in line.chars().enumerate() {
        if letter == '-' && before != '-' {
            columns.push(at);
        }
        before = letter;
    }
    let dashes = trimmed.bytes().filter(|b| *b == b'-').count();
    // `- - -` is a rule across the page.
    (columns.len() >= 2 && dashes >= columns.len() * 2).then_some(columns)
}

/// One stretch of dashes.
fn is_full_rule(line: &str) -> bool {
    let trimmed = line.trim();
    trimmed.len() >= 5 && trimmed.bytes().all(|b| b == b'-')
}

/// The table whose columns are drawn on this line.
fn find_table(lines: &[Numbered<'_>], floor: usize, rule: usize, columns: &[usize]) -> Option<RuledTable> {
    let is_blank = |at: usize| lines[at].1.trim().is_empty();
    let above = (floor..rule).rev().take(MOST_HEAD_LINES).find(|at| is_full_rule(&lines[*at].1) || is_blank(*at));
    let (start, heads) = match above {
        Some(at) if is_full_rule(&lines[at].1) => (at, at + 1..rule),
        _ if rule > floor && !is_blank(rule - 1) => (rule - 1, rule - 1..rule),
        _ => (rule, rule..rule),
    };
    count(MOST_HEAD_LINES);
    let ends = |at: usize| is_full_rule(&lines[at].1) || read_columns(&lines[at].1).is_some();
    let last = (rule + 1..lines.len()).take(MOST_LINES).find(|at| ends(*at));
    // Without a rule below, the table ends at the first empty line.
    let is_closed = last.is_some_and(|last| (rule + 1..last).all(|at| is_blank(at) || keeps_to(&lines[at].1, columns)));
    let body_end = match last.filter(|_| is_closed) {
        Some(last) => last,
        None => {
            let limit = (rule + 1 + MOST_LINES).min(lines.len());
            (rule + 1..limit).find(|at| is_blank(*at) || ends(*at)).unwrap_or(limit)
        }
    };
    let mut rows: Vec<Range<usize>> = if heads.is_empty() { Vec::new() } else { vec![heads] };
    let parted = is_closed && (rule + 1..body_end).any(is_blank);
    for at in (rule + 1..body_end).filter(|at| !is_blank(*at)) {
        let goes_on = parted && at > rule + 1 && !is_blank(at - 1);
        match rows.last_mut().filter(|_| goes_on) {
            Some(row) => row.end = at + 1,
            None => rows.push(at..at + 1),
        }
    }
    count(last.unwrap_or(rule).max(body_end) - rule);
    let all_keep = rows.iter().cloned().flatten().all(|at| keeps_to(&lines[at].1, columns));
    let end = if is_closed { body_end + 1 } else { body_end };
    (all_keep && rows.len() >= 2).then_some(RuledTable { lines: start..end, rows })
}

/// A space is before every column that the line reaches.
fn keeps_to(line: &str, columns: &[usize]) -> bool {
    let mut next = columns.iter().skip(1).peekable();
    let mut before = ' ';
    for (at, letter) in line.chars().enumerate() {
        if next.next_if(|column| **column == at).is_some() && !before.is_whitespace() && !letter.is_whitespace() {
            return false;
        }
        before = letter;
    }
    !line.contains('\t')
}

/// The cells of the lines of a row, with tabs between.
fn join_row(lines: &[Numbered<'_>], columns: &[usize]) -> String {
    let mut cells = vec![String::new(); columns.len()];
    for (_, line) in lines {
        for (at, letter) in line.chars().enumerate() {
            let column = columns.partition_point(|start| *start <= at).saturating_sub(1);
            cells[column].push(letter);
        }
        cells.iter_mut().for_each(|cell| {
            cell.truncate(cell.trim_end().len());
            cell.push(' ');
        });
    }
    cells.iter().map(|cell| collapse_spaces(cell)).collect::<Vec<_>>().join("\t")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<String> {
        let lines = text.lines().enumerate().map(|(at, line)| (u32::try_from(at + 1).expect("few lines"), Cow::Borrowed(line))).collect();
        join_ruled(lines).into_iter().map(|(_, line)| line.into_owned()).filter(|line| !line.trim().is_empty()).collect()
    }

    #[test]
    fn wrapped_cells_are_one_row() {
        let check = |text: &str, expected: &[&str]| assert_eq!(rows(text), expected, "{text}");
        check(
            "before\n\n  ---------------------\n  Name      Purpose of\n            it\n  --------- -----------\n  North     Runs the\n  gate      servers\n\n  Parcel    Mail\n  ---------------------\n\nafter",
            &["before", "Name\tPurpose of it", "North gate\tRuns the servers", "Parcel\tMail", "after"],
        );
        check(
            "  Name    Use\n  ------- -----\n  North   Runs\n  Parcel  Mail\n\nafter",
            &["Name\tUse", "North\tRuns", "Parcel\tMail", "after"],
        );
        check("  ------- -----\n  North   Runs\n  Parcel  Mail\n  ------- -----", &["North\tRuns", "Parcel\tMail"]);
        check(
            "  Name    Use\n  ------- -----\n  Northgate Hosting runs it\n  Parcel  Mail\n",
            &["  Name    Use", "  ------- -----", "  Northgate Hosting runs it", "  Parcel  Mail"],
        );
        check("a\n\n- - -\n\nb\n-----\nc", &["a", "- - -", "b", "-----", "c"]);
    }
}

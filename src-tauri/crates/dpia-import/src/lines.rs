//! Text to lines: list marks, heading marks, rules and the frames of tables come off and become what they mean. The
//! cells of a table are parted by tabs, however the document drew it. No word is taken away here.

use crate::html::read_fence;
use crate::html_table::number_lines;
use crate::ruled_tables::join_ruled;
use crate::work::count;

/// What a line is, going by the mark that it began with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A line of prose, of a form or of a table.
    Plain,
    /// A heading, marked as one.
    Heading,
    /// An item marked by a bullet.
    Bullet,
    /// An item marked by this number.
    Number(u32),
}

/// A line without its list or heading mark; words, tabs and the marks inside it are as they stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RawLine {
    /// The line of the document, counted from 1.
    pub(crate) number: u32,
    /// What it is.
    pub(crate) shape: Shape,
    /// How deep a heading is, from 1; 0 where it is none.
    pub(crate) level: u8,
    /// The bullet of an item.
    pub(crate) bullet: Option<char>,
    /// How far the mark, or else the text, is set in: in spaces, a tab as four.
    pub(crate) indent: usize,
    /// The text.
    pub(crate) text: String,
    /// The line end is meant: two spaces or a backslash was before it.
    pub(crate) hard_break: bool,
    /// An empty line is before it.
    pub(crate) after_blank: bool,
    /// How many empty lines stand before it.
    pub(crate) blanks: usize,
    /// A page ends before it (a form feed or a rule).
    pub(crate) after_page: bool,
    /// It was drawn with `|` between the cells.
    pub(crate) is_piped: bool,
    /// How wide the line is as it was drawn, in characters.
    pub(crate) width: usize,
    /// How wide its first word is, in characters: whether it had room on the line before.
    pub(crate) lead: usize,
}

/// The fewest lines by which a text's habits are judged.
const FEWEST_LINES: usize = 40;
/// The most lines of one row of a drawn table.
const MOST_ROW_LINES: usize = 40;
/// A line longer than this, in characters, was not broken by the width of a page.
const LONG_LINE: usize = 160;

/// Splits a text into its lines; empty ones only show in what follows them.
pub(crate) fn split_lines(text: &str) -> Vec<RawLine> {
    let numbered = join_ruled(number_lines(text));
    let physical: Vec<&str> = numbered.iter().map(|(_, line)| line.as_ref()).collect();
    let piped = find_piped(&physical);
    let mut lines: Vec<RawLine> = Vec::new();
    let (mut after_blank, mut after_page) = (true, false);
    let mut blanks = 0;
    let mut in_quotation = false;
    for (at, line) in physical.iter().enumerate() {
        count(line.len() + 1);
        let trimmed = line.trim();
        in_quotation = unquote(trimmed).is_some() || in_quotation && trimmed.starts_with('>');
        if trimmed.is_empty() {
            after_blank = true;
            blanks += 1;
            after_page |= line.contains('\u{c}');
            continue;
        }
        if is_setext_mark(trimmed)
            && !after_blank
            && let Some(previous) = lines.last_mut().filter(|l| l.shape == Shape::Plain && !l.text.contains('\t'))
        {
            if trimmed.starts_with('=') || previous.after_blank && previous.text.len() <= 100 {
                previous.shape = Shape::Heading;
                previous.level = if trimmed.starts_with('=') { 1 } else { 2 };
            }
            after_blank = true;
            continue;
        }
        if is_rule(trimmed) {
            (after_blank, after_page) = (true, true);
            continue;
        }
        let number = numbered[at].0;
        let line = match piped[at] {
            // A quotation goes on with whatever its mark is before.
            Piped::No if in_quotation && unquote(trimmed).is_none() => split_line(&line.replacen('>', " ", 1), number),
            Piped::No => split_line(line, number),
            Piped::Frame => continue,
            Piped::Row => piped_line(line, number),
        };
        // Between the frames of a drawn table all lines are one row.
        let is_in_row = at.checked_sub(1).is_some_and(|above| piped[above] == Piped::Row) && line.is_piped && is_drawn(&physical, at);
        if let Some(row) = lines.last_mut().filter(|_| is_in_row) {
            row.text = join_cells(&row.text, &line.text);
            continue;
        }
        lines.push(RawLine { after_blank, after_page, blanks: std::mem::take(&mut blanks), ..line });
        // What a fence holds is apart from what is around it.
        (after_blank, after_page) = (read_fence(trimmed).is_some(), false);
    }
    part_paragraphs(&mut lines);
    lines
}

/// In a text that hardly has an empty line, a line that ends early ends a paragraph, and so does a very long one.
fn part_paragraphs(lines: &mut [RawLine]) {
    let apart = lines.iter().filter(|line| line.after_blank).count();
    if lines.len() < FEWEST_LINES || apart * 12 > lines.len() {
        return;
    }
    let mut lengths: Vec<usize> = lines.iter().filter(|line| !line.text.contains('\t')).map(|line| line.text.chars().count()).collect();
    lengths.sort_unstable();
    let width = lengths.get(lengths.len() * 9 / 10).copied().unwrap_or(0);
    let is_unbroken = width > LONG_LINE;
    for at in 1..lines.len() {
        let (above, line) = (&lines[at - 1], &lines[at]);
        let length = above.text.chars().count();
        let ends = above.text.trim_end().ends_with(['.', '!', '?', ':', ';']);
        let begins = line.text.trim_start().starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
        let is_early = (is_unbroken || length * 4 < width * 3) && (ends || begins);
        if line.shape == Shape::Plain && !above.hard_break && (is_early || length > LONG_LINE) {
            lines[at].after_blank = true;
        }
    }
}

fn split_line(line: &str, number: u32) -> RawLine {
    let without_end = line.trim_end_matches([' ', '\u{a0}']);
    let hard_break = line.ends_with("  ") || without_end.ends_with('\\');
    let body = without_end.strip_suffix('\\').unwrap_or(without_end);
    let indent = indent_of(body);
    let trimmed = body.trim_start();
    let (shape, text) = split_mark(trimmed, indent);
    // A tab at the start is an empty cell, unless it only sets a list in.
    let text = if shape == Shape::Plain && text == trimmed { body } else { text };
    RawLine {
        number,
        shape,
        level: if shape == Shape::Heading { level_of(trimmed) } else { 0 },
        bullet: trimmed.chars().next().filter(|_| shape == Shape::Bullet),
        indent,
        text: text.to_owned(),
        hard_break,
        after_blank: false,
        blanks: 0,
        after_page: false,
        is_piped: false,
        width: body.chars().count(),
        lead: unquote(trimmed).unwrap_or(trimmed).chars().take_while(|c| !c.is_whitespace()).count(),
    }
}

/// How deep the heading is that begins so: `##` and `<h2>` are of the second level.
fn level_of(trimmed: &str) -> u8 {
    let trimmed = trimmed.trim_start_matches('>').trim_start();
    match trimmed.strip_prefix("<h").or_else(|| trimmed.strip_prefix("<H")).and_then(|rest| rest.bytes().next()) {
        Some(digit) => digit.saturating_sub(b'0'),
        None => u8::try_from(trimmed.bytes().take_while(|b| *b == b'#').count()).unwrap_or(u8::MAX),
    }
}

/// A line of a quotation without its mark; "> 5" is more than five.
fn unquote(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('>')?.trim_start();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let counts = digits > 0 && rest[digits..].starts_with(". ");
    (counts || rest.starts_with(|c: char| c.is_alphabetic() || "*_[-#".contains(c))).then_some(rest)
}

/// Takes the mark of a heading or an item off.
fn split_mark(text: &str, indent: usize) -> (Shape, &str) {
    let text = unquote(text).unwrap_or(text);
    if let Some(marked) = split_tag(text) {
        return marked;
    }
    let hashes = text.bytes().take_while(|b| *b == b'#').count();
    if (1..=6).contains(&hashes)
        && let Some(title) = text.get(hashes..).filter(|rest| rest.starts_with([' ', '\t', '\u{a0}']))
    {
        return (Shape::Heading, title.trim().trim_end_matches('#').trim_end());
    }
    if let Some(rest) = text.strip_prefix(['-', '*', '+', '•', '▪', '◦', '‣', '●', '○', '–', '·', '\u{f0b7}', '\u{f0a7}'])
        && (rest.starts_with([' ', '\t', '\u{a0}']) || text.starts_with(['•', '▪', '◦', '‣', '●', '\u{f0b7}', '\u{f0a7}']))
    {
        return (Shape::Bullet, rest.trim_start());
    }
    if let Some(rest) =
        text.strip_prefix("o\t").filter(|rest| !rest.trim().is_empty()).or_else(|| text.strip_prefix("o ").filter(|_| indent >= 2))
    {
        return (Shape::Bullet, rest.trim_start());
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=3).contains(&digits)
        && let Some(rest) = text[digits..].strip_prefix(['.', ')']).filter(|rest| rest.starts_with([' ', '\t', '\u{a0}']))
        && let Ok(number) = text[..digits].parse()
    {
        return (Shape::Number(number), rest.trim_start());
    }
    (Shape::Plain, text)
}

/// `<h2>Title</h2>` and `<li>item</li>`.
fn split_tag(text: &str) -> Option<(Shape, &str)> {
    let inner = text.strip_prefix('<')?;
    let length = inner.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let name = &inner[..length];
    let shape = match name.to_ascii_lowercase().as_bytes() {
        [b'h', b'1'..=b'6'] => Shape::Heading,
        b"li" => Shape::Bullet,
        _ => return None,
    };
    let end = inner[length..].find(['>', '<']).filter(|end| inner[length + end..].starts_with('>'))?;
    let words = inner[length + end + 1..].trim();
    let close = words.len().checked_sub(name.len() + 3).and_then(|at| words.get(at..));
    let has_close = close.is_some_and(|close| close.eq_ignore_ascii_case(&format!("</{name}>")));
    Some((shape, if has_close { words[..words.len() - name.len() - 3].trim_end() } else { words }))
}

fn indent_of(line: &str) -> usize {
    line.chars().take_while(|c| c.is_whitespace()).map(|c| if c == '\t' { 4 } else { 1 }).sum()
}

/// Three or more of the same mark and nothing else: a line across the page.
fn is_rule(trimmed: &str) -> bool {
    let mut marks = trimmed.chars().filter(|c| !c.is_whitespace());
    let Some(first) = marks.next() else { return false };
    matches!(first, '-' | '*' | '_' | '=') && marks.clone().count() >= 2 && marks.all(|c| c == first)
}

fn is_setext_mark(trimmed: &str) -> bool {
    trimmed.len() >= 3 && (trimmed.bytes().all(|b| b == b'=') || trimmed.bytes().all(|b| b == b'-'))
}

/// Says whether the row of a table is framed above by `+---+`.
fn is_drawn(physical: &[&str], at: usize) -> bool {
    count(MOST_ROW_LINES);
    let frame = physical[..at].iter().rev().take(MOST_ROW_LINES).find(|line| !line.trim().starts_with('|'));
    frame.is_some_and(|line| line.trim().starts_with('+') && is_frame(line.trim()))
}

/// The cells of two lines of one row.
fn join_cells(above: &str, below: &str) -> String {
    count(above.len() + below.len());
    let mut cells: Vec<String> = above.split('\t').map(str::to_owned).collect();
    for (at, words) in below.split('\t').enumerate() {
        match cells.get_mut(at) {
            Some(cell) => *cell = format!("{} {}", cell.trim_end(), words.trim()).trim().to_owned(),
            None => cells.push(words.to_owned()),
        }
    }
    cells.join("\t")
}

/// What `|` means on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piped {
    /// It is a character like others.
    No,
    /// It frames the table: there are no words in it.
    Frame,
    /// It parts cells.
    Row,
}

fn find_piped(physical: &[&str]) -> Vec<Piped> {
    let mut piped = vec![Piped::No; physical.len()];
    for (at, line) in physical.iter().enumerate() {
        let trimmed = line.trim();
        if is_frame(trimmed) {
            piped[at] = Piped::Frame;
            // The row above the frame and those that follow it need no pipe at their ends.
            if let Some(above) = at.checked_sub(1).filter(|above| physical[*above].contains('|') && piped[*above] == Piped::No) {
                piped[above] = Piped::Row;
            }
        } else if trimmed.contains('|') {
            let follows = at.checked_sub(1).is_some_and(|above| piped[above] != Piped::No);
            let is_framed = trimmed.len() > 1 && trimmed.starts_with('|') && trimmed.ends_with('|');
            if follows || is_framed || trimmed.matches(" | ").count() >= 2 {
                piped[at] = Piped::Row;
            }
        }
    }
    piped
}

/// `|---|:--:|`, `--- | ---`, `+----+----+`
fn is_frame(trimmed: &str) -> bool {
    let has_corner = trimmed.contains('|') || trimmed.starts_with('+') && trimmed.ends_with('+');
    has_corner
        && trimmed.contains('-') | trimmed.contains('=')
        && trimmed.chars().all(|c| matches!(c, '|' | '-' | ':' | '+' | '=' | ' ' | '\t'))
}

/// A row of a piped table: its cells with tabs between.
fn piped_line(line: &str, number: u32) -> RawLine {
    let trimmed = line.trim();
    let inner = trimmed.strip_prefix('|').unwrap_or(trimmed);
    let inner = inner.strip_suffix('|').filter(|rest| !rest.ends_with('\\')).unwrap_or(inner);
    let mut text = String::with_capacity(inner.len());
    let mut cell = String::new();
    let mut letters = inner.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if letters.next_if_eq(&'|').is_some() => cell.push('|'),
            '|' => {
                text.push_str(cell.trim());
                text.push('\t');
                cell.clear();
            }
            '\t' => cell.push(' '),
            other => cell.push(other),
        }
    }
    text.push_str(cell.trim());
    RawLine {
        number,
        shape: Shape::Plain,
        level: 0,
        bullet: None,
        indent: 0,
        text,
        hard_break: false,
        after_blank: false,
        blanks: 0,
        after_page: false,
        is_piped: true,
        width: line.trim_end().chars().count(),
        lead: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_at_the_start_of_a_line_become_its_shape() {
        let check = |text: &str, shape: Shape, indent: usize, expected: &str| {
            let lines = split_lines(text);
            let [line] = &lines[..] else { panic!("{lines:?}") };
            assert_eq!((line.shape, line.indent, line.text.as_str()), (shape, indent, expected), "{text}");
        };
        check("## Rights ##", Shape::Heading, 0, "Rights");
        check("#Rights", Shape::Plain, 0, "#Rights");
        check("Rights\n======", Shape::Heading, 0, "Rights");
        check("<h2 class=\"a\">Rights</h2>", Shape::Heading, 0, "Rights");
        check("<li>One</LI>", Shape::Bullet, 0, "One");
        check("> A quotation", Shape::Plain, 0, "A quotation");
        check("> 5 pupils", Shape::Plain, 0, "> 5 pupils");
        check(" - One", Shape::Bullet, 1, "One");
        check("*Delete one option", Shape::Plain, 0, "*Delete one option");
        check("•One", Shape::Bullet, 0, "One");
        check("\t12) Twelve", Shape::Number(12), 4, "Twelve");
        check("2025. A year", Shape::Plain, 0, "2025. A year");
        check("| A | b \\| c |", Shape::Plain, 0, "A\tb | c");
        check("A | B | C", Shape::Plain, 0, "A\tB\tC");
        check("Required | not required", Shape::Plain, 0, "Required | not required");
        check("\tcustomer info\t\t", Shape::Plain, 4, "\tcustomer info\t\t");
    }

    #[test]
    fn frames_and_rules_leave_no_line() {
        let rows = |text: &str| split_lines(text).into_iter().map(|line| line.text).collect::<Vec<_>>();
        assert_eq!(rows("Name | Country\n--- | ---\nAWS | UK\n\na | b"), ["Name\tCountry", "AWS\tUK", "a | b"]);
        assert_eq!(rows("+---+---+\n| A | B |\n+===+===+\n| c | d |\n+---+---+"), ["A\tB", "c\td"]);
        assert_eq!(rows("+---+---+\n| A | B |\n| c | d |\n+---+---+\n| e |   |\n| f | g |\n+---+---+"), ["A c\tB d", "e f\tg"]);
        assert_eq!(rows("a\n\n---\n\n* * *\nb --\n--"), ["a", "b --", "--"]);
    }

    #[test]
    fn empty_lines_and_page_ends_show_in_what_follows() {
        let lines = split_lines("a  \nb\n\n\u{c}\nc\\\nd");
        let flags: Vec<_> = lines.iter().map(|l| (l.text.as_str(), l.hard_break, l.after_blank, l.after_page)).collect();
        assert_eq!(flags, [("a", true, true, false), ("b", false, false, false), ("c", true, true, true), ("d", false, false, false)]);
    }
}

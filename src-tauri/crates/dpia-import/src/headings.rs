//! Headings that are not the form's: which of them end an answer. A heading ends it where this document sets it at the level
//! or in the look of its section titles, or where it names what an assessment keeps inside. A lower heading is the
//! answer's own.

use crate::chain::Anchor;
use crate::document::{Document, Line, WordUse};
use crate::end_matter::speaks_of_security;
use crate::heads::has_inside_head;
use crate::inside::{is_count, is_inside_heading, is_inside_label, is_inside_notice, is_inside_table};
use crate::lines::Shape;
use crate::wording::{Role, Wording};
use crate::work::count;
use std::collections::BTreeMap;

/// The most words of a heading.
const MOST_WORDS: usize = 12;
/// The level down to which a marked heading ends an answer in a document whose titles are not marked.
const HIGH_LEVEL: u8 = 2;
/// The fewest capital letters by which a line counts as set in capitals.
const LEAST_CAPITALS: usize = 4;

/// How a document sets its section titles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct TitleLook {
    /// How deep its marked titles are; none where they are not marked.
    level: Option<u8>,
    is_bold: bool,
    is_capital: bool,
    /// Empty lines before a title, where there are more than before a paragraph.
    blanks: Option<usize>,
    /// An empty line, or the end of a page, is before its titles.
    is_apart: bool,
    /// The numbers of its titles, by line.
    numbers: BTreeMap<usize, Vec<u32>>,
}

/// Where a heading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Surrounds {
    /// Words of the same answer are above it.
    pub(crate) after_words: bool,
    /// Words that are no wording follow it.
    pub(crate) before_words: bool,
    /// No title and no question of the form follows.
    pub(crate) is_last: bool,
    /// The answer began with a heading of its own.
    pub(crate) in_headed: bool,
}

impl TitleLook {
    /// How the section titles that were found are set.
    pub(crate) fn of(document: &Document, anchors: &[Anchor], stream_words: &[usize], wording: &Wording<'_>) -> Self {
        let titles: Vec<usize> = anchors
            .iter()
            .filter(|anchor| matches!(wording.instances[anchor.instance].role, Role::Section(_)) && !anchor.is_doubled)
            .filter_map(|anchor| {
                let words = &stream_words[anchor.candidate.words.clone()];
                let line = document.words[*words.first()?].line;
                (document.lines[line].words.len() == words.len()).then_some(line)
            })
            .collect();
        let mut levels: BTreeMap<u8, usize> = BTreeMap::new();
        for line in &titles {
            *levels.entry(document.lines[*line].level).or_default() += 1;
        }
        let marked = titles.len() - levels.remove(&0).unwrap_or_default();
        let is_most = |count: usize| count * 2 > titles.len();
        let count = |is: &dyn Fn(usize) -> bool| titles.iter().filter(|line| is(**line)).count();
        let spaced = titles.iter().map(|line| document.lines[*line].blanks).min().unwrap_or_default();
        let numbers: BTreeMap<usize, Vec<u32>> =
            titles.iter().filter_map(|line| numbering_of(document, *line).map(|numbers| (*line, numbers))).collect();
        Self {
            level: levels.into_iter().max_by_key(|(_, count)| *count).map(|(level, _)| level).filter(|_| marked * 3 >= titles.len()),
            is_bold: is_most(count(&|line| document.lines[line].level == 0 && document.is_bold(line))),
            is_capital: is_most(count(&|line| is_capital(document, line))),
            blanks: Some(spaced).filter(|blanks| titles.len() > 2 && *blanks >= 2 && !is_common(document, *blanks)),
            is_apart: is_most(count(&|line| document.lines[line].after_blank || document.lines[line].after_page)),
            numbers: if is_most(numbers.len()) { numbers } else { BTreeMap::new() },
        }
    }

    /// Says whether a line is a heading that ends the answer above it.
    pub(crate) fn ends_answer(&self, document: &Document, line: usize, surrounds: Surrounds) -> bool {
        if starts_inside(document, line) && surrounds.after_words {
            return true;
        }
        let at = &document.lines[line];
        count(at.text.len());
        if at.level > 0 {
            let is_doubtful = || surrounds.after_words && surrounds.before_words && has_inside_head(&words_in(strip_numbering(&at.text)));
            return at.level <= self.level.unwrap_or(HIGH_LEVEL) || is_inside_heading(&at.text) || is_doubtful();
        }
        // A line that is all of the answer is no heading.
        if !(surrounds.after_words || surrounds.before_words) {
            return false;
        }
        if self.names_inside(document, line, surrounds) {
            return true;
        }
        if !self.is_heading(document, line) {
            return false;
        }
        let is_alone = is_line_alone(document, line);
        let looks_so = self.is_bold && document.is_bold(line)
            || self.blanks.is_some_and(|blanks| at.blanks >= blanks) && is_alone
            || self.follows_numbers(document, line);
        // A line before a colon leads to what follows.
        let leads = at.text.trim_end().ends_with(':');
        let is_last = surrounds.is_last && surrounds.after_words && !surrounds.in_headed && is_alone && !leads;
        let is_last = is_last && !speaks_of_security(&at.text);
        looks_so || surrounds.before_words && (self.is_capital && is_capital(document, line) || is_last)
    }

    /// Says whether a line that is not marked as a heading is set like one: short, on its own, without the end of a sentence.
    pub(crate) fn is_heading(&self, document: &Document, line: usize) -> bool {
        let at = &document.lines[line];
        let text = at.text.trim();
        let is_item =
            |line: Option<usize>| line.and_then(|line| document.lines.get(line)).is_some_and(|line| matches!(line.shape, Shape::Number(_)));
        let is_numbered = is_item(Some(line)) && at.after_blank && !is_item(line.checked_sub(1)) && !is_item(Some(line + 1));
        let is_short = (1..=MOST_WORDS).contains(&at.words.len()) && !text.contains('\t');
        let is_open = !text.ends_with(['.', ',', ';', '!', '?']);
        let begins = text.trim_start_matches(['(', '[', '"', '“', '‘', '\'']).starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
        let is_apart = at.after_blank || at.after_page || !self.is_apart;
        (at.shape == Shape::Plain || is_numbered) && is_short && is_open && begins && is_apart
    }

    /// A short line of its own, or the only item of a list, that names what is kept inside.
    fn names_inside(&self, document: &Document, line: usize, surrounds: Surrounds) -> bool {
        let at = &document.lines[line];
        let text = strip_leaders(at.text.trim());
        if at.words.is_empty() || at.words.len() > MOST_WORDS + 1 || text.contains('\t') || text.ends_with(['.', ',', ';', '!', '?']) {
            return false;
        }
        // Nor are words in quotation marks.
        if text.starts_with(['"', '“', '‘', '\'', '`', '«']) {
            return false;
        }
        // Words after a colon are no heading: the label before it tells.
        let bare = strip_numbering(text);
        if bare.contains(": ") && !is_part_label(bare) {
            return false;
        }
        let is_item = |line: Option<usize>| {
            let line = line.and_then(|line| document.lines.get(line));
            line.is_some_and(|line| matches!(line.shape, Shape::Bullet | Shape::Number(_)))
        };
        let above = line.checked_sub(1).map(|above| document.lines[above].text.trim_end());
        let is_listed = at.shape != Shape::Plain && (is_item(line.checked_sub(1)) || is_item(Some(line + 1)));
        let is_led = at.shape != Shape::Plain && above.is_some_and(|above| above.ends_with(':'));
        let is_apart = at.after_blank || at.after_page || !self.is_apart || above.is_some_and(|above| above.ends_with(['.', '!', '?']));
        let is_small = !text.chars().any(char::is_uppercase);
        let begins = !is_small || (at.after_blank || at.after_page) && surrounds.before_words;
        // Where words of its own stand in it, it is in doubt whose the words below are.
        let is_doubtful = || {
            let (before, after) = (at.after_blank || at.after_page, surrounds.after_words && surrounds.before_words);
            before && after && !is_small && at.shape == Shape::Plain && has_inside_head(&words_in(bare))
        };
        !is_listed && !is_led && is_apart && begins && (is_inside_heading(bare) || is_doubtful())
    }

    /// Its number follows that of the title above, and comes before that of the title below.
    fn follows_numbers(&self, document: &Document, line: usize) -> bool {
        let Some(own) = numbering_of(document, line) else { return false };
        let Some((_, above)) = self.numbers.range(..line).next_back() else { return false };
        let is_before_next = self.numbers.range(line..).next().is_none_or(|(_, below)| own < *below);
        let is_next = (0..above.len()).any(|depth| {
            let mut next = above[..=depth].to_vec();
            next[depth] += 1;
            own == next || own.split_last().is_some_and(|(last, rest)| *last <= 1 && rest == next)
        });
        is_next && is_before_next
    }
}

/// A line without the dots that lead to a page number.
fn strip_leaders(text: &str) -> &str {
    let bare = text.trim_end_matches(['.', '…', ' ']);
    if text.len() >= bare.len() + 2 { bare } else { text }
}

/// An empty line, or the end, is before and after a line.
fn is_line_alone(document: &Document, line: usize) -> bool {
    let at = &document.lines[line];
    (at.after_blank || at.after_page) && document.lines.get(line + 1).is_none_or(|next| next.after_blank || next.after_page)
}

/// Words that name what is kept inside are at the start of a line, before a colon or in bold, or are heads of a table.
fn starts_inside(document: &Document, line: usize) -> bool {
    let at = &document.lines[line];
    if at.shape == Shape::Heading || !(at.after_blank || at.after_page || at.text.contains('\t')) {
        return false;
    }
    if at.text.contains('\t') {
        let cells: Vec<Vec<String>> = at.text.split('\t').take(12).map(words_in).collect();
        return at.shape == Shape::Plain && is_inside_table(&cells);
    }
    let is_item = |line: Option<&Line>| line.is_some_and(|line| matches!(line.shape, Shape::Bullet | Shape::Number(_)));
    let is_listed = is_item(line.checked_sub(1).and_then(|line| document.lines.get(line))) || is_item(document.lines.get(line + 1));
    if at.shape != Shape::Plain && is_listed {
        return false;
    }
    let text = strip_numbering(&at.text);
    let bold = at.spans.iter().find(|span| !at.text[span.start..span.end].trim().is_empty()).filter(|span| span.bold);
    let is_label = label_of(text).is_some_and(|label| is_inside_label(&words_in(label)));
    let is_notice = text.split_once('.').is_some_and(|(notice, _)| notice.len() <= 40 && is_inside_notice(&words_in(notice)));
    is_label || is_notice || bold.is_some_and(|span| span.end - span.start <= 80 && is_inside_heading(&at.text[span.start..span.end]))
}

/// "Appendix C: Risks": the name of a part, and its title.
fn is_part_label(text: &str) -> bool {
    text.split_once(':').is_some_and(|(label, _)| is_inside_heading(label))
}

/// What is before a colon, a dash, or the end of brackets.
pub(crate) fn label_of(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let framed = [('[', ']'), ('(', ')')].into_iter().find_map(|(open, close)| text.strip_prefix(open)?.split_once(close));
    let label = match framed {
        Some((label, _)) if !label.contains([':', '–', '—']) => Some(label),
        Some(_) | None => {
            text.split_once([':', '：', '–', '—']).map(|(label, _)| label).or_else(|| text.split_once(" - ").map(|(label, _)| label))
        }
    };
    label.filter(|label| label.len() <= 80)
}

/// A line without what counts it: `12.`, `3.4`, `c)`, `IV.`, `Section 9:`.
pub(crate) fn strip_numbering(text: &str) -> &str {
    let text = text.trim_start();
    let rest = text.strip_prefix(['(', '[']).unwrap_or(text);
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let (count, after) = rest.split_at(end);
    let bare = count.trim_end_matches(['.', ')', ':', ']']);
    let is_number = !bare.is_empty() && bare.chars().all(|c| c.is_ascii_digit() || c == '.');
    let is_letter = bare.len() == 1 && bare.bytes().all(|b| b.is_ascii_alphabetic());
    let is_roman = (1..=4).contains(&bare.len()) && bare.bytes().all(|b| matches!(b.to_ascii_lowercase(), b'i' | b'v' | b'x'));
    // "h3." is a heading of another markup, "Q12." a question.
    let is_lettered =
        bare.len() <= 4 && bare.starts_with(|c: char| c.is_ascii_alphabetic()) && bare[1..].bytes().all(|b| b.is_ascii_digit());
    if is_number || (is_letter || is_roman || is_lettered) && bare.len() < count.len() {
        return after.trim_start();
    }
    let section = text.split_once([':', '–', '—']).filter(|(label, _)| counts_section(&words_in(label)));
    section.map_or(text, |(_, rest)| rest.trim_start())
}

/// "Section 9", "Step seven".
fn counts_section(words: &[String]) -> bool {
    matches!(words, [part, number] if matches!(part.as_str(), "section" | "step" | "stage" | "phase" | "question") && is_count(number))
}

fn words_in(text: &str) -> Vec<String> {
    crate::words::split_words(text).into_iter().map(|range| crate::words::normalise(&text[range])).collect()
}

/// Three or more capital letters, and no small one.
fn is_capital(document: &Document, line: usize) -> bool {
    let text = &document.lines[line].text;
    text.chars().filter(|c| c.is_uppercase()).count() >= LEAST_CAPITALS && !text.chars().any(char::is_lowercase)
}

/// As many empty lines stand before one line in ten or more.
fn is_common(document: &Document, blanks: usize) -> bool {
    let written = document.lines.iter().filter(|line| line.after_blank && !line.words.is_empty());
    let (all, spaced) = written.fold((0, 0), |(all, spaced), line| (all + 1, spaced + usize::from(line.blanks >= blanks)));
    spaced * 2 > all
}

/// The numbers before the words of a line: `12.` or `3.4`.
fn numbering_of(document: &Document, line: usize) -> Option<Vec<u32>> {
    let at = &document.lines[line];
    if let Shape::Number(number) = at.shape {
        return Some(vec![number]);
    }
    let text = at.text.trim_start();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let numbers: Option<Vec<u32>> = text[..end].trim_end_matches('.').split('.').map(|part| part.parse().ok()).collect();
    numbers.filter(|numbers| text[end..].starts_with(char::is_whitespace) && numbers.len() <= 4 && numbers.iter().all(|n| *n < 1000))
}

/// By line: whether words that are neither wording nor left out are on the next line that has any.
pub(crate) fn find_words_below(document: &Document, is_free: &dyn Fn(usize) -> bool) -> Vec<bool> {
    let mut below = vec![false; document.lines.len()];
    let mut next = false;
    for line in (0..document.lines.len()).rev() {
        below[line] = next;
        let words = document.lines[line].words.clone();
        if let Some(first) = words.clone().find(|at| document.word_uses[*at] != WordUse::LeftOut) {
            next = is_free(first);
        }
    }
    below
}

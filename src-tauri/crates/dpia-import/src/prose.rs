//! Pieces of a document to rich text: paragraphs, nested lists, bold, italic, links and line breaks. Lines that only the
//! width of a page broke are joined, and so is a sentence that the end of a page cut.

use crate::boxes;
use crate::breaks::{Break, ends_unfinished, judge_breaks};
use crate::document::Document;
use crate::lines::Shape;
use crate::place::Fragment;
use crate::work::count;
use dpia_model::rich_text::{Block, Link, ListItem, RichText, Run};

/// The deepest list; what is set in further stays at that depth.
const DEEPEST: usize = 8;

/// The rich text of these pieces.
pub(crate) fn read_prose(document: &Document, pieces: &[Fragment]) -> RichText {
    let mut builder = Builder::default();
    for (piece, before) in pieces.iter().zip(judge_breaks(document, pieces)) {
        builder.push_piece(document, piece, before);
    }
    builder.finish()
}

/// The words of these pieces on one line.
pub(crate) fn read_words(document: &Document, pieces: &[Fragment]) -> String {
    let parts: Vec<String> = pieces.iter().map(|piece| plain_text(document, piece)).filter(|text| !text.is_empty()).collect();
    parts.join(" ")
}

/// The words of a piece.
pub(crate) fn plain_text(document: &Document, piece: &Fragment) -> String {
    let text = &document.lines[piece.line].text[piece.bytes.clone()];
    boxes::spell_boxes(&crate::document::collapse_spaces(strip_separators(text, piece.starts_line)))
}

/// What is between a prompt and the answer on the same line belongs to neither.
fn strip_separators(text: &str, starts_line: bool) -> &str {
    if starts_line {
        return text;
    }
    let trimmed = text.trim_start();
    let bare = trimmed.trim_start_matches([':', '–', '—', '-', '|']);
    if bare.is_empty() || bare.starts_with(char::is_whitespace) || trimmed.starts_with([':', '|']) { bare.trim_start() } else { trimmed }
}

struct OpenList {
    indent: usize,
    /// The number of the last item; none for bullets.
    number: Option<u32>,
    start: u32,
    items: Vec<ListItem>,
}

#[derive(Default)]
struct Builder {
    blocks: Vec<Block>,
    lists: Vec<OpenList>,
    /// The runs of the paragraph that is being read.
    runs: Vec<Run>,
    /// Where the line before ended: its break was meant.
    hard_break: bool,
    after_row: bool,
    after_heading: bool,
}

impl Builder {
    fn push_piece(&mut self, document: &Document, piece: &Fragment, before: Break) {
        let line = &document.lines[piece.line];
        let shape = if piece.starts_line { line.shape } else { Shape::Plain };
        let is_row = piece.starts_line && line.text.trim().contains('\t');
        let mut runs = read_runs(document, piece);
        if shape == Shape::Heading {
            runs.iter_mut().for_each(|run| {
                if let Run::Text { bold, .. } = run {
                    *bold = true
                }
            });
        }
        let continues = shape == Shape::Plain && !is_row && !self.after_row && !self.after_heading && !self.runs.is_empty();
        let is_lettered = piece.starts_line && starts_with_letter_mark(&line.text);
        let joins = match (piece.after_page, piece.after_blank) {
            (true, _) => continues && self.is_cut() && (starts_small(&runs) || self.ends_unfinished()),
            (false, true) => false,
            (false, false) => continues && !is_lettered && (before != Break::Paragraph || self.hard_break || !piece.starts_line),
        };
        self.hard_break |= joins && !piece.after_page && before == Break::Line;
        match shape {
            Shape::Plain | Shape::Heading if joins => self.join(runs),
            Shape::Plain | Shape::Heading => {
                // What is set in as far as the list itself is after it.
                let is_deep = line.indent >= 2 && self.lists.first().is_none_or(|list| line.indent > list.indent);
                let is_inside = piece.after_blank && shape == Shape::Plain && !is_row && is_deep && piece.starts_line;
                self.end_paragraph();
                if !is_inside {
                    self.close_lists(0);
                } else {
                    self.close_lists_beyond(line.indent);
                }
                self.runs = runs;
            }
            Shape::Bullet => self.open_item(line.indent, None, runs),
            Shape::Number(number) => self.open_item(line.indent, Some(number), runs),
        }
        self.hard_break = line.hard_break && piece.bytes.end == line.text.len();
        self.after_row = is_row;
        self.after_heading = shape == Shape::Heading;
    }

    fn join(&mut self, runs: Vec<Run>) {
        if runs.is_empty() {
            return;
        }
        if std::mem::take(&mut self.hard_break) {
            self.runs.push(Run::Break);
        } else {
            // A mark that goes over the line end goes over the space.
            match (self.runs.last_mut(), runs.first()) {
                (Some(Run::Text { text, bold, italic, link }), Some(Run::Text { bold: b, italic: i, link: l, .. }))
                    if (*bold, *italic, &*link) == (*b, *i, l) =>
                {
                    text.push(' ');
                }
                _ => append_text(&mut self.runs, Run::plain(" "), true),
            }
        }
        for run in runs {
            append_text(&mut self.runs, run, false);
        }
    }

    /// The paragraph stops in the middle of a sentence.
    fn is_cut(&self) -> bool {
        let text = self.last_words();
        !text.trim_end().trim_end_matches(['"', '”', '’', '\'', ')']).ends_with(['.', '!', '?', ':', ';'])
    }

    fn ends_unfinished(&self) -> bool {
        ends_unfinished(self.last_words())
    }

    /// The last run of words of the paragraph.
    fn last_words(&self) -> &str {
        let words = self.runs.iter().rev().filter_map(|run| match run {
            Run::Text { text, .. } => {
                count(1);
                Some(text.as_str())
            }
            Run::Break => None,
        });
        words.into_iter().find(|text| !text.trim().is_empty()).unwrap_or_default()
    }

    fn end_paragraph(&mut self) {
        let runs = tidy_runs(std::mem::take(&mut self.runs));
        if !runs.is_empty() {
            self.push_block(Block::Paragraph { runs });
        }
    }

    fn push_block(&mut self, block: Block) {
        match self.lists.last_mut().and_then(|list| list.items.last_mut()) {
            Some(item) => item.blocks.push(block),
            None => self.blocks.push(block),
        }
    }

    fn open_item(&mut self, indent: usize, number: Option<u32>, runs: Vec<Run>) {
        self.end_paragraph();
        self.close_lists_beyond(indent);
        if let Some(list) = self.lists.last() {
            let counts_on =
                matches!((list.number, number), (Some(last), Some(next)) if next == last + 1) && list.indent.abs_diff(indent) <= 2;
            let is_level = list.indent >= indent || counts_on || self.lists.len() >= DEEPEST;
            let restarts = number == Some(1) && list.number.is_some_and(|last| last > 1);
            if is_level && (list.number.is_some() != number.is_some() || restarts) {
                let depth = self.lists.len() - 1;
                self.close_lists(depth);
            } else if is_level {
                self.add_item(number, runs);
                return;
            }
        }
        self.lists.push(OpenList { indent, number, start: number.unwrap_or(1), items: Vec::new() });
        self.add_item(number, runs);
    }

    fn add_item(&mut self, number: Option<u32>, runs: Vec<Run>) {
        if let Some(list) = self.lists.last_mut() {
            list.number = number;
            list.items.push(ListItem { blocks: Vec::new() });
        }
        self.runs = runs;
    }

    /// Closes the lists that are set in further than this.
    fn close_lists_beyond(&mut self, indent: usize) {
        let kept = self.lists.iter().position(|list| list.indent > indent).unwrap_or(self.lists.len());
        self.close_lists(kept.max(usize::from(!self.lists.is_empty() && kept == 0 && self.lists[0].indent <= indent + 2)));
    }

    fn close_lists(&mut self, depth: usize) {
        while self.lists.len() > depth {
            let Some(list) = self.lists.pop() else { break };
            let items = list.items;
            self.push_block(match list.number {
                Some(_) => Block::NumberedList { start: list.start, items },
                None => Block::BulletedList { items },
            });
        }
    }

    fn finish(mut self) -> RichText {
        self.end_paragraph();
        self.close_lists(0);
        RichText { blocks: self.blocks }
    }
}

fn plain(runs: &[Run]) -> String {
    dpia_model::rich_text::plain_runs(runs)
}

fn starts_small(runs: &[Run]) -> bool {
    plain(runs).trim_start().chars().next().is_some_and(|letter| letter.is_lowercase() || matches!(letter, '(' | ',' | ';'))
}

/// `a) `, `b. `, `(c) ` at the start: a line of its own, without a list that would say so.
fn starts_with_letter_mark(text: &str) -> bool {
    let text = text.trim_start().trim_start_matches('(');
    let mut letters = text.chars();
    let is_letter = letters.next().is_some_and(|c| c.is_ascii_lowercase());
    is_letter && letters.next().is_some_and(|c| c == ')') && letters.next().is_some_and(char::is_whitespace)
}

/// The runs of a piece, with its tabs and breaks.
fn read_runs(document: &Document, piece: &Fragment) -> Vec<Run> {
    let line = &document.lines[piece.line];
    let text = &line.text[piece.bytes.clone()];
    count(text.len());
    let start = piece.bytes.start + (text.len() - strip_separators(text, piece.starts_line).len());
    let mut runs = Vec::new();
    let from = line.spans.partition_point(|span| span.end <= start);
    for span in line.spans[from..].iter().take_while(|span| span.start < piece.bytes.end) {
        let words = &line.text[span.start.max(start)..span.end.min(piece.bytes.end)];
        for (at, part) in words.split('\u{b}').enumerate() {
            if at > 0 {
                runs.push(Run::Break);
            }
            if !part.is_empty() {
                let link = span.link.clone().map(|address| Link { address });
                runs.push(Run::Text { text: boxes::spell_boxes(part), bold: span.bold, italic: span.italic, link });
            }
        }
    }
    tidy_runs(runs)
}

/// Runs with single spaces, none at the ends of a line, equal neighbours joined. Cells of a row are parted by a bar.
fn tidy_runs(runs: Vec<Run>) -> Vec<Run> {
    let mut tidy: Vec<Run> = Vec::new();
    for run in runs {
        match run {
            Run::Break => {
                trim_last(&mut tidy);
                tidy.push(Run::Break);
            }
            Run::Text { text, bold, italic, link } => {
                let mut words = String::with_capacity(text.len());
                for letter in text.chars() {
                    match letter {
                        '\t' => words.push_str(" | "),
                        space if space.is_whitespace() => words.push(' '),
                        other => words.push(other),
                    }
                }
                append_text(&mut tidy, Run::Text { text: words, bold, italic, link }, true);
            }
        }
    }
    trim_last(&mut tidy);
    let breaks = tidy.iter().take_while(|run| matches!(run, Run::Break)).count();
    tidy.drain(..breaks);
    while matches!(tidy.last(), Some(Run::Break)) {
        tidy.pop();
    }
    tidy
}

/// Adds a run; where its marks are those of the last one it becomes a part of it. Spaces are collapsed on wish.
fn append_text(runs: &mut Vec<Run>, run: Run, collapse: bool) {
    let Run::Text { text, bold, italic, link } = run else {
        runs.push(run);
        return;
    };
    let ends_open = match runs.last() {
        Some(Run::Text { text, .. }) => text.ends_with(' '),
        Some(Run::Break) | None => true,
    };
    let mut words = String::with_capacity(text.len());
    let mut after_space = ends_open;
    for letter in text.chars() {
        if !(collapse && letter == ' ' && after_space) {
            words.push(letter);
        }
        after_space = letter == ' ';
    }
    if words.is_empty() {
        return;
    }
    match runs.last_mut() {
        Some(Run::Text { text, bold: b, italic: i, link: l }) if *b == bold && *i == italic && *l == link => {
            text.push_str(&words);
        }
        Some(Run::Text { .. } | Run::Break) | None => runs.push(Run::Text { text: words, bold, italic, link }),
    }
}

fn trim_last(runs: &mut Vec<Run>) {
    while let Some(Run::Text { text, .. }) = runs.last_mut() {
        let length = text.trim_end().len();
        if length > 0 {
            text.truncate(length);
            return;
        }
        runs.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Vocabulary;

    /// The blocks of a text that is an answer as a whole.
    fn read(text: &str) -> RichText {
        let document = Document::read(text, &Vocabulary::default());
        let pieces: Vec<Fragment> = (0..document.lines.len())
            .map(|at| {
                let line = &document.lines[at];
                let (after_blank, after_page) = (line.after_blank, line.after_page);
                Fragment {
                    line: at,
                    bytes: 0..line.text.len(),
                    words: line.words.clone(),
                    starts_line: true,
                    after_blank,
                    after_page,
                    after_wording: false,
                }
            })
            .collect();
        read_prose(&document, &pieces)
    }

    fn spell(blocks: &[Block]) -> String {
        let spelled = blocks.iter().map(|block| match block {
            Block::Paragraph { runs } => runs
                .iter()
                .map(|run| match run {
                    Run::Text { text, bold: true, .. } => format!("<{text}>"),
                    Run::Text { text, .. } => text.clone(),
                    Run::Break => "/".to_owned(),
                })
                .collect(),
            Block::BulletedList { items } => format!("({})", items.iter().map(|item| spell(&item.blocks)).collect::<Vec<_>>().join(" * ")),
            Block::NumberedList { start, items } => {
                format!("({start}: {})", items.iter().map(|item| spell(&item.blocks)).collect::<Vec<_>>().join(" # "))
            }
            Block::Picture { .. } => String::new(),
        });
        spelled.collect::<Vec<String>>().join(" | ")
    }

    #[test]
    fn lines_become_paragraphs_lists_and_breaks() {
        let check = |text: &str, expected: &str| assert_eq!(spell(&read(text).blocks), expected, "{text:?}");
        check("one\ntwo\n\nthree", "one | two | three");
        check("Passwords  \nCertificates\\\nBackups", "Passwords/Certificates/Backups");
        check("a<br/>b", "a/b");
        check("- one\n- two\n  goes on\n- three", "(one * two goes on * three)");
        check("- one\n\n- two\n\nafter", "(one * two) | after");
        check("- one\n - two\n - three\n- four", "(one | (two * three) * four)");
        check("1. one\n2. two\n   - deep\n3. three", "(1: one # two | (deep) # three)");
        check(" 9. nine\n10. ten", "(9: nine # ten)");
        check("- one\n1. two", "(one) | (1: two)");
        check("- one\n\n  more of it\n- two", "(one | more of it * two)");
        check("a) one\nb) two", "a) one | b) two");
        check("### AWS\nIt is hosted there.", "<AWS> | It is hosted there.");
        check("Name\tRole\nJo\tDPO", "Name | Role | Jo | DPO");
        check("It is *not* 5 < 6 & **so\non**.", "It is not 5 < 6 & <so on>.");
        check("one two  ", "one two");
        check("", "");
    }

    #[test]
    fn a_sentence_that_a_page_cut_is_one_again() {
        let check = |text: &str, expected: &str| assert_eq!(spell(&read(text).blocks), expected, "{text:?}");
        check("The data is\n\u{c}\npresented here.", "The data is presented here.");
        check("It is hosted by\n\u{c}\nMicrosoft.", "It is hosted by Microsoft.");
        check("The end.\n\u{c}\nthen more", "The end. | then more");
        check("Exam results\n\u{c}\nAttitude to learning", "Exam results | Attitude to learning");
        check("- an item that\n\n\u{c}\n\ngoes on", "(an item that goes on)");
    }
}

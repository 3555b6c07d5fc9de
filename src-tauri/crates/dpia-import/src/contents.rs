//! The contents page: titles with the numbers of their pages, which say nothing that the text does not say.

use crate::document::{Document, WordUse};
use crate::furniture::Surroundings;
use dpia_model::assessment::LeftOutReason;
use std::collections::HashSet;
use std::ops::Range;

/// Leaves out the contents, and lines of it that stand elsewhere (a title, dots, a page).
pub(crate) fn leave_out_contents(document: &mut Document, known: &Surroundings) {
    let titles: HashSet<&[u32]> = known.titles.iter().map(Vec::as_slice).collect();
    let heading = (0..document.lines.len()).find(|line| is_contents_heading(&document.normal_line(*line)));
    if let Some(heading) = heading {
        document.leave_out(document.lines[heading].words.clone(), LeftOutReason::Contents);
        leave_out_list(document, heading + 1, &titles);
    }
    leave_out_runs(document, &titles);
    for line in 0..document.lines.len() {
        let words = document.lines[line].words.clone();
        if document.lines[line].text.contains("...") && document.word_uses[words.clone()].iter().all(|word_use| *word_use == WordUse::Open)
        {
            let title = title_of(document, words.clone());
            if title.end < words.end && titles.contains(&numbers(document, title)[..]) {
                document.leave_out(words, LeftOutReason::Contents);
            }
        }
    }
}

/// Three or more lines with a title and its page are contents, also where nothing says so.
fn leave_out_runs(document: &mut Document, titles: &HashSet<&[u32]>) {
    let is_entry = |line: usize| {
        let words = document.lines[line].words.clone();
        if words.is_empty() || words.len() > 24 || document.word_uses[words.start] != WordUse::Open {
            return false;
        }
        let title = title_of(document, words.clone());
        title.end < words.end && titles.contains(&numbers(document, title.clone())[..]) && has_leader(document, line, title)
    };
    let entries: Vec<bool> = (0..document.lines.len()).map(is_entry).collect();
    let mut start = 0;
    for run in entries.chunk_by(|a, b| a == b) {
        if run[0] && run.len() >= 3 {
            for line in start..start + run.len() {
                document.leave_out(document.lines[line].words.clone(), LeftOutReason::Contents);
            }
        }
        start += run.len();
    }
}

fn is_contents_heading(words: &[String]) -> bool {
    match words {
        [word] => word == "contents",
        [first, second] => first == "contents" && second == "page",
        [table, of, contents] => table == "table" && of == "of" && contents == "contents",
        _ => false,
    }
}

/// The list goes on while its lines are titles or bear a page, and ends where a title comes again: there the text begins.
fn leave_out_list(document: &mut Document, first: usize, titles: &HashSet<&[u32]>) {
    let mut seen: HashSet<Vec<u32>> = HashSet::new();
    let mut line = first;
    while line < document.lines.len() {
        let words = document.lines[line].words.clone();
        if words.is_empty() || document.is_left_out(line) || document.normal(words.start) == "page" && words.len() <= 2 {
            if !words.is_empty() && !document.is_left_out(line) {
                document.leave_out(words, LeftOutReason::Contents);
            }
            line += 1;
            continue;
        }
        let title = title_of(document, words.clone());
        let has_page = title.end < words.end;
        let numbers_here = numbers(document, title.clone());
        if titles.contains(&numbers_here[..]) || has_page && has_leader(document, line, title.clone()) {
            if !seen.insert(numbers_here) && !has_page {
                break;
            }
            document.leave_out(words, LeftOutReason::Contents);
            line += 1;
        } else if let Some(next) = document.lines.get(line + 1).filter(|next| !next.after_blank) {
            // A title may go over two lines.
            let both = words.start..next.words.end;
            let title = title_of(document, both.clone());
            if !titles.contains(&numbers(document, title.clone())[..]) || title.end == both.end && !seen.insert(numbers(document, title)) {
                break;
            }
            document.leave_out(both, LeftOutReason::Contents);
            line += 2;
        } else {
            break;
        }
    }
}

/// The words of a title: without the number before it and the page, or the error, after it.
fn title_of(document: &Document, words: Range<usize>) -> Range<usize> {
    let is_number = |at: &usize| document.word(*at).bytes().all(|b| b.is_ascii_digit());
    let start = words.clone().find(|at| !is_number(at)).unwrap_or(words.start);
    let tail: Vec<String> = (words.end.saturating_sub(4).max(start)..words.end).map(|at| document.normal(at)).collect();
    if tail == ["error", "bookmark", "not", "defined"] {
        return start..words.end - 4;
    }
    // "Part 1" ends in a number that is no page.
    let pages = words.clone().rev().take_while(is_number).count();
    let is_part = |end: usize| end > start && document.normal(end - 1) == "part";
    let end = words.end - pages.min(1);
    let end = if is_part(end) { words.end } else { end };
    start..end.max(start)
}

/// Says whether dots, a tab or a wide gap part the title from the page.
fn has_leader(document: &Document, line: usize, title: Range<usize>) -> bool {
    let Some(last) = title.end.checked_sub(1).filter(|last| *last >= title.start) else { return false };
    let word = document.words[last];
    let gap = &document.lines[line].text[word.end..];
    gap.contains("..") || gap.contains('\t') || gap.contains("   ") || gap.contains('…')
}

fn numbers(document: &Document, words: Range<usize>) -> Vec<u32> {
    document.words[words].iter().map(|word| word.number).collect()
}

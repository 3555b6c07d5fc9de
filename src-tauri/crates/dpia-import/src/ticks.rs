//! Tick lists, grids and yes/no: which options stand there, which bear a mark box, and what else stands among them.
//! Where any option bears a box the list is known, option by option; without any box it is unknown as a whole.

use crate::boxes;
use crate::document::{Document, Fate};
use crate::lines::Shape;
use crate::place::Piece;
use crate::words::similarity;
use std::ops::Range;

/// How alike an option in other words is at least.
const LEAST_ALIKE: f64 = 0.6;

/// What stands in a list.
#[derive(Debug, Default)]
pub(crate) struct TickReading {
    /// By option: it stands there.
    pub(crate) found: Vec<bool>,
    /// By option: its box; none where it bears none, or where it cannot be told whose box it is.
    pub(crate) boxes: Vec<Option<bool>>,
    /// By option: it cannot be told which box is its own.
    pub(crate) unclear: Vec<bool>,
    /// Any option bears a box.
    pub(crate) is_known: bool,
    /// Options in other words: which, and the words.
    pub(crate) reworded: Vec<(usize, Range<usize>)>,
    /// Items that are no option.
    pub(crate) strangers: Vec<Vec<Piece>>,
    /// What is no item: prose, and the words of "other".
    pub(crate) prose: Vec<Piece>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Box(bool),
    Word(usize),
    /// The end of a cell or line; a soft one may stand inside an option.
    Edge {
        is_hard: bool,
    },
}

/// An item: an option, or words that are none.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Item {
    option: Option<usize>,
    tokens: Range<usize>,
}

/// Reads the options of a list and their boxes, and decides the words of the options.
pub(crate) fn read_ticks(document: &mut Document, pieces: &[Piece], labels: &[Vec<u32>], other: Option<usize>) -> TickReading {
    let tokens = tokenise(document, pieces);
    let mut items = find_items(document, &tokens, labels, other);
    let mut reading = TickReading {
        found: vec![false; labels.len()],
        boxes: vec![None; labels.len()],
        unclear: vec![false; labels.len()],
        ..TickReading::default()
    };
    for item in &items {
        if let Some(option) = item.option {
            reading.found[option] = true;
            words_of(&tokens, item).for_each(|at| document.decide(at..at + 1, Fate::Wording));
        }
    }
    find_reworded(document, &tokens, &mut items, labels, &mut reading);
    let is_boxed = assign_boxes(&tokens, &items, &mut reading);
    collect_rest(document, pieces, &tokens, &items, &is_boxed, other, &mut reading);
    reading
}

fn tokenise(document: &Document, pieces: &[Piece]) -> Vec<Token> {
    let mut tokens = Vec::new();
    for piece in pieces {
        let line = &document.lines[piece.line];
        if !tokens.is_empty() {
            let is_hard = piece.after_blank || piece.after_wording || line.shape != Shape::Plain && piece.starts_line;
            tokens.push(Token::Edge { is_hard });
        }
        let mut words = piece.words.clone().peekable();
        let text = &line.text[piece.bytes.clone()];
        let mut spaces = 0;
        for (at, letter) in text.char_indices() {
            let at = piece.bytes.start + at;
            if let Some(is_ticked) = boxes::is_ticked(letter) {
                tokens.push(Token::Box(is_ticked));
            } else if let Some(word) = words.next_if(|word| document.words[*word].start <= at) {
                tokens.push(Token::Word(word));
            }
            spaces = if letter.is_whitespace() { spaces + 1 } else { 0 };
            let is_hard = matches!(letter, '\t' | '\u{b}');
            if is_hard || spaces == 2 {
                tokens.push(Token::Edge { is_hard });
            }
        }
    }
    tokens
}

fn words_of<'t>(tokens: &'t [Token], item: &Item) -> impl Iterator<Item = usize> + 't {
    tokens[item.tokens.clone()].iter().filter_map(|token| match token {
        Token::Word(at) => Some(*at),
        Token::Box(_) | Token::Edge { .. } => None,
    })
}

/// Where a label ends that begins at a token, if it stands there.
fn match_label(document: &Document, tokens: &[Token], at: usize, label: &[u32]) -> Option<usize> {
    let mut next = at;
    for (index, number) in label.iter().enumerate() {
        while index > 0 && matches!(tokens.get(next), Some(Token::Edge { is_hard: false })) {
            next += 1;
        }
        match tokens.get(next) {
            Some(Token::Word(word)) if document.words[*word].number == *number => next += 1,
            _ => return None,
        }
    }
    (next > at).then_some(next)
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
        let follows =
            |last: &Item| tokens[last.tokens.end..item.tokens.start].iter().all(|token| matches!(token, Token::Edge { is_hard: false }));
        match joined.last_mut().filter(|last| last.option.is_none() && item.option.is_none() && follows(last)) {
            Some(last) => last.tokens.end = item.tokens.end,
            None => joined.push(item),
        }
    }
    joined
}

/// Items that are nearly an option which stands nowhere else.
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
            reading.reworded.push((option, *first..*last + 1));
            words.iter().for_each(|at| document.decide(*at..*at + 1, Fate::Difference));
            item.option = Some(option);
        }
    }
}

/// Gives every box to the item before or after it. Returns which items bear one.
fn assign_boxes(tokens: &[Token], items: &[Item], reading: &mut TickReading) -> Vec<Option<bool>> {
    let mut boxed = vec![None; items.len()];
    for (at, token) in tokens.iter().enumerate() {
        let Token::Box(is_ticked) = token else { continue };
        let next = Some(items.partition_point(|item| item.tokens.start <= at)).filter(|next| *next < items.len());
        let last = items.partition_point(|item| item.tokens.end <= at).checked_sub(1);
        let owner = match side_of(tokens, at) {
            Side::Before => next,
            Side::After => last,
            Side::Unclear => {
                for item in [last, next].into_iter().flatten() {
                    if let Some(option) = items[item].option {
                        (reading.unclear[option], reading.is_known) = (true, true);
                    }
                }
                continue;
            }
        };
        let Some(owner) = owner else { continue };
        boxed[owner] = Some(*is_ticked);
        reading.is_known = true;
        if let Some(option) = items[owner].option {
            reading.boxes[option] = Some(*is_ticked);
        }
    }
    boxed
}

/// On which side of its option a box stands.
enum Side {
    Before,
    After,
    Unclear,
}

fn side_of(tokens: &[Token], at: usize) -> Side {
    let is_edge = |token: &Token| matches!(token, Token::Edge { .. });
    let is_word = |token: Option<&Token>| matches!(token, Some(Token::Word(_)));
    // No cell of a form is longer than that.
    let (floor, ceiling) = (at.saturating_sub(200), (at + 200).min(tokens.len()));
    let start = tokens[floor..at].iter().rposition(is_edge).map_or(floor, |edge| floor + edge + 1);
    let end = tokens[at..ceiling].iter().position(is_edge).map_or(ceiling, |edge| at + edge);
    let (before, after) = (at > start && is_word(tokens.get(at - 1)), at + 1 < end && is_word(tokens.get(at + 1)));
    match (before, after) {
        (false, true) => Side::Before,
        (true, false) => Side::After,
        (true, true) if !is_word(tokens.get(start)) => Side::Before,
        (true, true) if !is_word(tokens.get(end - 1)) => Side::After,
        (true, true) => Side::Unclear,
        // A box alone in its cell: the first cell of the first line says on which side the boxes are.
        (false, false) => match tokens.iter().find(|token| !is_edge(token)) {
            Some(Token::Word(_)) => Side::After,
            Some(Token::Box(_) | Token::Edge { .. }) | None => Side::Before,
        },
    }
}

/// Sorts what is no option into items that are strangers to the list, and prose.
fn collect_rest(
    document: &Document,
    pieces: &[Piece],
    tokens: &[Token],
    items: &[Item],
    boxed: &[Option<bool>],
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
        if boxed[index].is_none() && (!is_listed || other_seen) {
            reading.prose.extend(parts);
        } else {
            reading.strangers.push(parts);
        }
    }
    // Punctuation alone is kept where prose stands with it.
    if !reading.prose.is_empty() {
        reading.prose.extend(pieces.iter().filter(|piece| piece.words.is_empty() && !has_box(document, piece)).cloned());
        reading.prose.sort_by_key(|piece| (piece.line, piece.bytes.start));
    }
}

fn has_box(document: &Document, piece: &Piece) -> bool {
    document.lines[piece.line].text[piece.bytes.clone()].chars().any(|c| boxes::is_ticked(c).is_some())
}

/// These words as parts of the pieces that hold them.
fn pieces_of(document: &Document, pieces: &[Piece], words: &[usize]) -> Vec<Piece> {
    let (Some(first), Some(last)) = (words.first().copied(), words.last().copied()) else { return Vec::new() };
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
        parts.push(Piece {
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
mod tests {
    use super::*;
    use crate::words::Vocabulary;

    /// Ticked `x`, empty `o`, without a box `-`, not there `?`, unclear `!`; then what is strange and what is prose.
    fn spell(text: &str, labels: &[&str], other: Option<usize>) -> String {
        let mut vocabulary = Vocabulary::default();
        let labels: Vec<Vec<u32>> = labels.iter().map(|label| vocabulary.learn(label)).collect();
        let mut document = Document::read(text, &vocabulary);
        let pieces: Vec<Piece> = (0..document.lines.len())
            .map(|at| {
                let line = &document.lines[at];
                let after_blank = line.after_blank;
                Piece {
                    line: at,
                    bytes: 0..line.text.len(),
                    words: line.words.clone(),
                    starts_line: true,
                    after_blank,
                    after_page: false,
                    after_wording: false,
                }
            })
            .collect();
        let reading = read_ticks(&mut document, &pieces, &labels, other);
        let marks: String = (0..labels.len())
            .map(|at| match (reading.found[at], reading.unclear[at], reading.boxes[at]) {
                (false, _, _) => '?',
                (true, true, _) => '!',
                (true, false, Some(true)) => 'x',
                (true, false, Some(false)) => 'o',
                (true, false, None) => '-',
            })
            .collect();
        let words = |pieces: &[Piece]| crate::prose::read_words(&document, pieces);
        let strangers: Vec<String> = reading.strangers.iter().map(|stranger| words(stranger)).collect();
        format!("{marks} [{}] {}", strangers.join(", "), words(&reading.prose)).trim_end().to_owned()
    }

    #[test]
    fn yes_and_no_are_read_with_their_boxes() {
        let check = |text: &str, expected: &str| assert_eq!(spell(text, &["Yes", "No"], None), expected, "{text:?}");
        check("Yes No", "-- []");
        check("Yes  No", "-- []");
        check("Yes / No", "-- []");
        check("☐ Yes ☒ No", "ox []");
        check("Yes ☒ No ☐", "xo []");
        check("Yes\t☒\nNo\t☐", "xo []");
        check("☐\tYes\t☑\tNo", "ox []");
        check("- [x] Yes\n- [ ] No", "xo []");
        check("Yes ☒ No", "!! []");
        check("No\n\nThere is none.", "?- [] There is none.");
        check("Yes, because of health data", "?? [] Yes, because of health data");
        check("", "?? []");
    }

    #[test]
    fn a_list_is_read_option_by_option() {
        let labels = ["Name", "Location data", "Process data on a large scale;", "Other (please state below):"];
        let check = |text: &str, expected: &str| assert_eq!(spell(text, &labels, Some(3)), expected, "{text:?}");
        check("- Name\n- Location data\n- Process data on a large scale;\n- Other (please state below):", "---- []");
        check("- ☒ Name\n- ☐ Location data\n- Process data on\n  a large scale\n- ☐ Other (please state below):", "xo-o []");
        check("- Name\n- Other (please state below): Timetables", "-??- [] Timetables");
        check("- Name\n- Other (please state below):\n\nTimetables and plans.\n\n- one", "-??- [] Timetables and plans. one");
        check("- Name, Address and Phone\n- Cookies\n- Location data", "?-?? [Name, Address and Phone, Cookies]");
        check("[x] Name<br>[ ] Location data<br>[ ] Other (please state below):", "xo?o []");
        check("☐ Name\t☑ Location data\n☒ Cookies\t☐ Other (please state below)", "ox?o [☒ Cookies]");
        check("- Process personal data on a large scale", "??-? []");
    }
}

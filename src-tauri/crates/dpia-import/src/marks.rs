//! The marks inside a line: bold, italic, links, struck words, tick boxes, escapes and the few tags that conversions
//! leave. A mark that is not closed is words. The text that comes out has every word, without marks.

use crate::asides::read_comment;
use crate::boxes::{self, BOX_TAG_EMPTY, BOX_TAG_TICKED};
use crate::html::{self, Tag};
use crate::overlays::{find_overlaid, is_overlay};
use crate::work::count;

/// The longest address of a link, in bytes.
const LONGEST_ADDRESS: usize = 4096;

/// A stretch of a text whose marks are the same. Spans follow one another without a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    /// The first byte.
    pub(crate) start: usize,
    /// The byte after the last.
    pub(crate) end: usize,
    pub(crate) bold: bool,
    pub(crate) italic: bool,
    /// It is struck through.
    pub(crate) struck: bool,
    /// The address, if it is a link; a link may have lost it.
    pub(crate) link: Option<Option<String>>,
}

/// A text without its marks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Marked {
    pub(crate) text: String,
    pub(crate) spans: Vec<Span>,
    /// What the conversion had marked or hidden, as it stood: struck words, comments; and at which byte.
    pub(crate) removed: Vec<(usize, String)>,
    /// Where the text is shifted against the one with marks: from this byte on, by so many bytes.
    pub(crate) shifts: Vec<(usize, usize)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Bold,
    Italic,
    Underscore,
    DoubleUnderscore,
    Strike,
    TagBold,
    TagItalic,
    TagStrike,
    Overlay,
}

const KINDS: usize = 9;

#[derive(Debug)]
enum Token {
    Letter(char),
    Mark { kind: Kind, opens: bool, closes: bool, literal: &'static str },
    LinkStart(Option<String>),
    LinkEnd,
    Removed(String),
}

/// Reads the marks of a paragraph; its lines stay parted by `\n`.
pub(crate) fn read_marks(text: &str) -> Marked {
    let (tokens, places) = tokenise(text);
    let (mut tokens, places) = mark_overlaid(tokens, places);
    let matched = match_marks(&mut tokens);
    write_out(&tokens, &places, &matched)
}

/// The tokens of a text, and where each of them is.
fn tokenise(text: &str) -> (Vec<Token>, Vec<usize>) {
    count(text.len());
    let brackets = match_brackets(text);
    let mut tokens = Vec::with_capacity(text.len());
    let mut places = Vec::with_capacity(text.len());
    let mut link_ends: Vec<(usize, usize)> = Vec::new();
    let mut span_ends: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    let mut before = ' ';
    while let Some(letter) = text[at..].chars().next() {
        if let Some((_, after)) = link_ends.pop_if(|(close, _)| *close == at) {
            tokens.push(Token::LinkEnd);
            places.push(at);
            at = after;
            before = ')';
            continue;
        }
        if let Some((close, after)) = span_ends.pop_if(|(close, _)| *close == at) {
            tokens.push(Token::Removed(text[close + 1..after].to_owned()));
            places.push(at);
            at = after;
            before = '}';
            continue;
        }
        count(1);
        let rest = &text[at..];
        let from = at;
        let in_link = !link_ends.is_empty();
        if let Some((mark, length)) = boxes::read_box(rest, before) {
            tokens.push(Token::Letter(mark));
            at += length;
        } else if let Some(length) = html::read_fence(rest).filter(|_| at == 0 || text[..at].ends_with('\n')) {
            tokens.push(Token::Removed(rest[..length].to_owned()));
            at += length;
        } else if let Some(escaped) = html::read_escape(rest) {
            tokens.push(Token::Letter(escaped));
            at += 1 + escaped.len_utf8();
        } else if let Some((decoded, length)) = html::read_entity(rest) {
            let mark = boxes::read_box(decoded.encode_utf8(&mut [0; 4]), ' ').map(|(mark, _)| mark);
            tokens.push(Token::Letter(mark.unwrap_or(decoded)));
            at += length;
        } else if let Some((tag, length)) = html::read_tag(rest) {
            push_tag(tag, &mut tokens);
            // A tag over a line end does not join the lines.
            tokens.extend(rest[..length].matches('\n').map(|_| Token::Letter('\n')));
            at += length;
        } else if !in_link && let Some((address, length)) = html::read_bare_address(rest, before) {
            tokens.push(Token::LinkStart(Some(address.to_owned())));
            tokens.extend(address.chars().map(Token::Letter));
            tokens.push(Token::LinkEnd);
            at += length;
        } else if let Some(length) = read_comment(text, at, &brackets).filter(|_| matches!(letter, '[' | '{')) {
            tokens.push(Token::Removed(rest[..length].to_owned()));
            tokens.extend(rest[..length].matches('\n').map(|_| Token::Letter('\n')));
            at += length;
        } else if !in_link && let Some((start, close, address, after)) = read_link(text, at, &brackets) {
            tokens.push(Token::LinkStart(address));
            link_ends.push((close, after));
            at = start;
        } else if let Some((close, after)) = read_span(text, at, &brackets) {
            span_ends.push((close, after));
            at += 1;
        } else if let Some(length) = html::read_attributes(rest) {
            tokens.push(Token::Removed(rest[..length].to_owned()));
            at += length;
        } else if let Some(length) = push_delimiters(text, at, before, &mut tokens) {
            at += length;
        } else {
            tokens.push(Token::Letter(letter));
            at += letter.len_utf8();
        }
        before = text[..at].chars().next_back().unwrap_or(' ');
        let mut place = from;
        for token in &tokens[places.len()..] {
            places.push(place.min(at));
            place += if let Token::Letter(letter) = token { letter.len_utf8() } else { 0 };
        }
    }
    tokens.extend(link_ends.iter().map(|_| Token::LinkEnd));
    places.resize(tokens.len(), at);
    (tokens, places)
}

/// Words each of whose letters is struck by a character become words between marks.
fn mark_overlaid(tokens: Vec<Token>, places: Vec<usize>) -> (Vec<Token>, Vec<usize>) {
    let letter = |token: &Token| match token {
        Token::Letter(letter) => Some(*letter),
        Token::Mark { .. } | Token::LinkStart(_) | Token::LinkEnd | Token::Removed(_) => None,
    };
    let letters: Vec<Option<char>> = tokens.iter().map(letter).collect();
    let runs = find_overlaid(&letters);
    if runs.is_empty() {
        return (tokens, places);
    }
    let mut runs = runs.into_iter().peekable();
    let (mut out, mut out_places) = (Vec::with_capacity(tokens.len()), Vec::with_capacity(tokens.len()));
    let mark = |opens| Token::Mark { kind: Kind::Overlay, opens, closes: !opens, literal: "" };
    // A struck letter is as wide as another.
    let mut taken = 0;
    for (at, (token, place)) in tokens.into_iter().zip(places).enumerate() {
        let place = place.saturating_sub(taken);
        let run = runs.peek().filter(|run| run.contains(&at)).cloned();
        if run.as_ref().is_some_and(|run| run.start == at) {
            out.push(mark(true));
            out_places.push(place);
        }
        match letters[at].filter(|letter| run.is_some() && is_overlay(*letter)) {
            Some(overlay) => taken += overlay.len_utf8(),
            None => {
                out.push(token);
                out_places.push(place);
            }
        }
        if run.is_some_and(|run| run.end == at + 1) {
            out.push(mark(false));
            out_places.push(place);
            runs.next();
        }
    }
    (out, out_places)
}

fn push_tag(tag: Tag, tokens: &mut Vec<Token>) {
    let mark = |kind, is_open| Token::Mark { kind, opens: is_open, closes: !is_open, literal: "" };
    match tag {
        Tag::Bold { is_open } => tokens.push(mark(Kind::TagBold, is_open)),
        Tag::Italic { is_open } => tokens.push(mark(Kind::TagItalic, is_open)),
        Tag::Strike { is_open } => tokens.push(mark(Kind::TagStrike, is_open)),
        Tag::Break => tokens.push(Token::Letter('\u{b}')),
        Tag::Box { is_ticked } => tokens.push(Token::Letter(if is_ticked { BOX_TAG_TICKED } else { BOX_TAG_EMPTY })),
        Tag::LinkStart(address) => tokens.push(Token::LinkStart(address)),
        Tag::LinkEnd => tokens.push(Token::LinkEnd),
        Tag::Address { address, label } => {
            tokens.push(Token::LinkStart(Some(address)));
            tokens.extend(label.chars().map(Token::Letter));
            tokens.push(Token::LinkEnd);
        }
        Tag::Comment(words) => tokens.push(Token::Removed(words)),
        Tag::Nothing => {}
    }
}

/// For every `[` the place of its `]`, in one pass.
fn match_brackets(text: &str) -> std::collections::HashMap<usize, usize> {
    let mut open = Vec::new();
    let mut pairs = std::collections::HashMap::new();
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'[' => open.push(at),
            b']' => {
                if let Some(start) = open.pop() {
                    pairs.insert(start, at);
                }
            }
            _ => {}
        }
    }
    pairs
}

/// `[label](address)` at this place: where the label starts and ends, the address, and where the link ends. A picture's
/// words are its label.
fn read_link(text: &str, at: usize, brackets: &std::collections::HashMap<usize, usize>) -> Option<(usize, usize, Option<String>, usize)> {
    let open = if text[at..].starts_with("![") { at + 1 } else { at };
    let close = *brackets.get(&open)?;
    let inner = text[close + 1..].strip_prefix('(')?;
    let (address, length) = match inner.strip_prefix('<') {
        Some(framed) => {
            let end = framed.find(['>', '\n', '<'])?;
            (framed.get(..end)?, end + 2)
        }
        None => {
            let mut depth = 0_u32;
            let end = inner.find(|c: char| match c {
                '(' => {
                    depth += 1;
                    false
                }
                ')' if depth > 0 => {
                    depth -= 1;
                    false
                }
                ')' | '[' => true,
                _ => c.is_whitespace(),
            })?;
            (&inner[..end], end)
        }
    };
    // A title may be between the address and the bracket.
    count(length);
    let tail = &inner[length..];
    let title = tail.find([')', '\n', '[']);
    count(title.unwrap_or(tail.len()));
    let title = title.filter(|end| tail[*end..].starts_with(')'))?;
    if !tail[..title].trim().is_empty() && !tail[..title].trim_start().starts_with(['"', '\'']) {
        return None;
    }
    if address.len() > LONGEST_ADDRESS {
        return None;
    }
    let address = address.replace("\\", "");
    let address = Some(address).filter(|address| !address.is_empty() && !address.starts_with('#'));
    Some((open + 1, close, address, close + 2 + length + title + 1))
}

/// `[words]{.class}` at this place: where the words end, and where the attributes do.
fn read_span(text: &str, at: usize, brackets: &std::collections::HashMap<usize, usize>) -> Option<(usize, usize)> {
    let close = *brackets.get(&at)?;
    let length = html::read_attributes(&text[close + 1..])?;
    Some((close, close + 1 + length))
}

/// Runs of `*`, `_` and `~~`.
fn push_delimiters(text: &str, at: usize, before: char, tokens: &mut Vec<Token>) -> Option<usize> {
    let rest = &text[at..];
    let mark = rest.chars().next().filter(|c| matches!(c, '*' | '_' | '~'))?;
    // `[*]` is a mark beside an option.
    let is_framed = |open: char, close: char| before == open && rest[1..].starts_with(close);
    if is_framed('[', ']') || is_framed('(', ')') {
        tokens.push(Token::Letter(mark));
        return Some(1);
    }
    let length = rest.chars().take_while(|c| *c == mark).count();
    let after = rest[length..].chars().next().unwrap_or(' ');
    let (mut opens, mut closes) = (!after.is_whitespace(), !before.is_whitespace());
    if mark == '_' || length == 1 {
        opens &= !before.is_alphanumeric();
        closes &= !after.is_alphanumeric();
    }
    let push = |kind, literal: &'static str, tokens: &mut Vec<Token>| tokens.push(Token::Mark { kind, opens, closes, literal });
    match (mark, length) {
        ('~', 2) => tokens.push(Token::Mark { kind: Kind::Strike, opens: true, closes: true, literal: "" }),
        ('*', 1) => push(Kind::Italic, "*", tokens),
        ('*', 2) => push(Kind::Bold, "**", tokens),
        ('*', 3) => {
            for kind in [Kind::Bold, Kind::Italic] {
                push(kind, if kind == Kind::Bold { "**" } else { "*" }, tokens);
            }
        }
        ('_', 1) => push(Kind::Underscore, "_", tokens),
        ('_', 2) => push(Kind::DoubleUnderscore, "__", tokens),
        _ => tokens.extend(rest[..length].chars().map(Token::Letter)),
    }
    Some(length)
}

/// For every mark the place of its partner. A closing mark takes the nearest opening one of its kind, and what opened
/// between them is words.
fn match_marks(tokens: &mut [Token]) -> Vec<Option<usize>> {
    let mut partners = vec![None; tokens.len()];
    let mut open: [Vec<usize>; KINDS] = Default::default();
    count(tokens.len());
    for at in 0..tokens.len() {
        // Of bold and italic side by side, what opened last closes first.
        let is_bold_italic =
            matches!(tokens.get(at..at + 2), Some([Token::Mark { kind: Kind::Bold, .. }, Token::Mark { kind: Kind::Italic, .. }]));
        if is_bold_italic
            && open[Kind::Bold as usize].last().is_some()
            && open[Kind::Italic as usize].last() > open[Kind::Bold as usize].last()
        {
            tokens.swap(at, at + 1);
        }
        let Token::Mark { kind, opens, closes, .. } = &tokens[at] else { continue };
        let stack = &mut open[*kind as usize];
        if let Some(start) = stack.last().copied().filter(|start| *closes && at > start + 1) {
            partners[start] = Some(at);
            partners[at] = Some(start);
            for stack in &mut open {
                let kept = stack.partition_point(|place| *place < start);
                stack.truncate(kept);
            }
        } else if *opens {
            stack.push(at);
        }
    }
    partners
}

fn write_out(tokens: &[Token], places: &[usize], partners: &[Option<usize>]) -> Marked {
    let mut marked = Marked::default();
    let mut depth = [0_u32; KINDS];
    let mut link = OpenLink::default();
    let mut struck: Vec<usize> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Letter(letter) => {
                let shift = places[at].saturating_sub(marked.text.len());
                if marked.shifts.last().map_or(0, |(_, last)| *last) != shift {
                    marked.shifts.push((marked.text.len(), shift));
                }
                push_letter(&mut marked, *letter, &depth, &mut link);
            }
            Token::LinkStart(address) => link = OpenLink { address: Some(address.clone()), is_new: true },
            Token::LinkEnd => link = OpenLink { address: None, is_new: true },
            Token::Removed(words) => marked.removed.push((marked.text.len(), words.clone())),
            Token::Mark { kind, literal, .. } => {
                let is_strike = matches!(kind, Kind::Strike | Kind::TagStrike | Kind::Overlay);
                match partners[at] {
                    Some(partner) if partner > at => {
                        depth[*kind as usize] += 1;
                        if is_strike {
                            struck.push(marked.text.len());
                        }
                    }
                    Some(_) => {
                        depth[*kind as usize] = depth[*kind as usize].saturating_sub(1);
                        if is_strike && let Some(start) = struck.pop() {
                            let words = boxes::spell_boxes(&marked.text[start..]).replace('\n', " ");
                            marked.removed.push((start, format!("~~{words}~~")));
                        }
                    }
                    None if *kind == Kind::Strike => marked.removed.push((marked.text.len(), "~~".to_owned())),
                    None => literal.chars().for_each(|letter| push_letter(&mut marked, letter, &depth, &mut link)),
                }
            }
        }
    }
    marked
}

/// The link in which the letters stand, if they stand in one.
#[derive(Debug, Default)]
struct OpenLink {
    address: Option<Option<String>>,
    /// No letter was written since it began or ended.
    is_new: bool,
}

fn push_letter(marked: &mut Marked, letter: char, depth: &[u32; KINDS], link: &mut OpenLink) {
    let has = |kinds: [Kind; 3]| kinds.iter().any(|kind| depth[*kind as usize] > 0);
    let bold = has([Kind::Bold, Kind::DoubleUnderscore, Kind::TagBold]);
    let italic = has([Kind::Italic, Kind::Underscore, Kind::TagItalic]);
    let struck = has([Kind::Strike, Kind::TagStrike, Kind::Overlay]);
    let start = marked.text.len();
    marked.text.push(letter);
    let end = marked.text.len();
    match marked.spans.last_mut() {
        Some(span) if (span.bold, span.italic, span.struck) == (bold, italic, struck) && !link.is_new => span.end = end,
        _ => marked.spans.push(Span { start, end, bold, italic, struck, link: link.address.clone() }),
    }
    link.is_new = false;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with its marks written one way: bold `B()`, italic `I()`, link `L(words|address)`.
    fn spell(marked: &Marked) -> String {
        let mut out = String::new();
        for span in &marked.spans {
            let mut words = boxes::spell_boxes(&marked.text[span.start..span.end]);
            if let Some(address) = &span.link {
                words = format!("L({words}|{})", address.as_deref().unwrap_or("?"));
            }
            if span.italic {
                words = format!("I({words})");
            }
            if span.bold {
                words = format!("B({words})");
            }
            out.push_str(&words);
        }
        out
    }

    #[test]
    fn marks_are_read_and_stray_ones_are_words() {
        let check = |text: &str, expected: &str| assert_eq!(spell(&read_marks(text)), expected, "{text}");
        check("You **must always** act", "You B(must always) act");
        check("*a b*, _c_ and ***d***.", "I(a b), I(c) and B(I(d)).");
        check("**bold with *italic* inside**", "B(bold with )B(I(italic))B( inside)");
        check("not required*", "not required*");
        check("*Delete one option", "*Delete one option");
        check("2 * 3 * 4, snake_case_name, a ** b", "2 * 3 * 4, snake_case_name, a ** b");
        check("<b>Client:</b> <em>Name</em> <br>here <name>", "B(Client:) I(Name) \u{b}here <name>");
        check("[label](https://a.org/b_c) and [lost](#) and [gone]()", "L(label|https://a.org/b_c) and L(lost|?) and L(gone|?)");
        check("[a [b] c](x \"title\") [not] (a link)", "L(a [b] c|x) [not] (a link)");
        check("see https://a.org/x_(y)?z=1.", "see L(https://a.org/x_(y)?z=1|https://a.org/x_(y)?z=1).");
        check("<https://a.org/b>, <jo@a.org>", "L(https://a.org/b|https://a.org/b), L(jo@a.org|mailto:jo@a.org)");
        check("![a picture](p.png)", "L(a picture|p.png)");
        check("\\*Delete \\[x\\] C:\\Users", "*Delete [x] C:\\Users");
        check("AT&amp;T &#8217;s &unknown; R&D", "AT&T ’s &unknown; R&D");
        check("", "");
    }

    #[test]
    fn what_was_struck_or_hidden_is_named_and_struck_words_stay() {
        let check = |text: &str, expected: &str, removed: &[&str]| {
            let marked = read_marks(text);
            let named: Vec<&str> = marked.removed.iter().map(|(_, words)| words.as_str()).collect();
            assert_eq!((marked.text.as_str(), &named[..]), (expected, removed), "{text}");
        };
        check("~~Access to~~ is", "Access to is", &["~~Access to~~"]);
        check("a <del>b</del> <!-- page 3 -->c", "a b c", &["~~b~~", "page 3"]);
        check("one ~~ two", "one  two", &["~~"]);
        check("~~over\ntwo~~", "over\ntwo", &["~~over two~~"]);
    }

    #[test]
    fn boxes_are_read_however_they_are_spelled() {
        let check = |text: &str, expected: &[bool]| {
            let found: Vec<bool> = read_marks(text).text.chars().filter_map(boxes::is_ticked).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("☐ a ☑ b ☒ c ✓ d", &[false, true, true, true]);
        check("[ ] a [x] b [X] c \\[ \\] d \\[x\\] e", &[false, true, true, false, true]);
        check("<input type=\"checkbox\"/> a <input checked=\"\" type=\"checkbox\"/> b", &[false, true]);
        check("<INPUT type=checkbox CHECKED> <input type='radio' value=\"checked\">", &[true, false]);
        check("list[x] [x](https://a.org) [y]", &[]);
    }
}

//! Parts of a page that stand on one line of an export: each paragraph, heading and item becomes a line of its own, an item
//! set in as deep as its list. A line that holds one part stays as it is.

use crate::work::count;
use std::borrow::Cow;

/// What a tag parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// An empty line is before and after it.
    Block,
    Item,
    List,
}

struct BlockTag {
    kind: Kind,
    is_open: bool,
    start: usize,
    end: usize,
}

/// The lines that a line holds.
pub(crate) fn split_blocks(line: &str) -> Vec<Cow<'_, str>> {
    let tags = find_tags(line);
    let is_inside = |tag: &BlockTag| {
        let place = if tag.is_open { tag.start } else { tag.end };
        !line[..place].trim().is_empty() && !line[place..].trim().is_empty()
    };
    if !tags.iter().any(is_inside) {
        return vec![Cow::Borrowed(line)];
    }
    let mut parts = vec![Cow::Borrowed("")];
    let (mut at, mut depth) = (0, 0_usize);
    for tag in &tags {
        let end = if tag.is_open { tag.start } else { tag.end };
        push_part(&line[at..end], depth, &mut parts);
        at = end;
        match (tag.kind, tag.is_open) {
            (Kind::Block, _) => push_blank(&mut parts),
            (Kind::List, true) => depth += 1,
            (Kind::List, false) => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    push_blank(&mut parts);
                }
            }
            (Kind::Item, _) => {}
        }
    }
    push_part(&line[at..], depth, &mut parts);
    parts
}

/// A space is between the blocks of a cell.
pub(crate) fn part_blocks(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut at = 0;
    for tag in find_tags(words) {
        let end = if tag.is_open { tag.start } else { tag.end };
        out.push_str(&words[at..end]);
        out.push(' ');
        at = end;
    }
    out.push_str(&words[at..]);
    out
}

/// A part that is more than the marks of its lists.
fn push_part<'t>(part: &'t str, depth: usize, parts: &mut Vec<Cow<'t, str>>) {
    let part = part.trim();
    let bare = find_tags(part).iter().filter(|tag| tag.kind != Kind::Block).map(|tag| tag.end - tag.start).sum::<usize>();
    if bare == part.len() {
        return;
    }
    let indent = "  ".repeat(depth.saturating_sub(1).min(8));
    parts.push(if indent.is_empty() { Cow::Borrowed(part) } else { Cow::Owned(format!("{indent}{part}")) });
}

fn push_blank(parts: &mut Vec<Cow<'_, str>>) {
    if parts.last().is_some_and(|last| !last.is_empty()) {
        parts.push(Cow::Borrowed(""));
    }
}

fn find_tags(line: &str) -> Vec<BlockTag> {
    count(line.len());
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(start) = line[at..].find('<').map(|length| at + length) {
        at = start + 1;
        let inner = &line[at..];
        let (is_open, inner) = inner.strip_prefix('/').map_or((true, inner), |rest| (false, rest));
        let length = inner.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let kind = match inner[..length].to_ascii_lowercase().as_str() {
            "p" | "div" | "section" | "article" | "blockquote" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "dl" | "dt" | "dd" => {
                Kind::Block
            }
            "li" => Kind::Item,
            "ul" | "ol" => Kind::List,
            _ => continue,
        };
        let Some(close) = inner[length..].find(['>', '<']).filter(|end| inner[length + end..].starts_with('>')) else { continue };
        let end = line.len() - inner.len() + length + close + 1;
        tags.push(BlockTag { kind, is_open, start, end });
        at = end;
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_of_a_page_is_a_line() {
        let check = |line: &str, expected: &[&str]| assert_eq!(split_blocks(line), expected, "{line}");
        check("<p>One</p><p class=\"a\">Two</p>", &["", "<p>One</p>", "", "<p class=\"a\">Two</p>", ""]);
        check("<ul><li>One<ul><li>Deep</li></ul></li><li>Two</li></ul>", &["", "<li>One", "  <li>Deep</li>", "<li>Two</li>", ""]);
        check("Before<h2>Title</h2>after", &["", "Before", "", "<h2>Title</h2>", "", "after"]);
        for line in ["<p>One</p>", "<li>One</li>", "a <b>b</b> c", "1 < 2 and 3 > 2", "<p", ""] {
            check(line, &[line]);
        }
        assert_eq!(part_blocks("<p>One</p><p>Two</p>"), " <p>One</p>  <p>Two</p> ");
    }
}

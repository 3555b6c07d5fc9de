//! The few marks that template wording may bear: `**bold**`, `[label](address)`. An address that starts with `#` names
//! a part or section of the same form.

use crate::rich_text::{Link, Run};

/// Reads a line of template wording into runs. A mark that is not closed is words.
pub fn parse_marks(text: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut rest = text;
    let mut words = String::new();
    while !rest.is_empty() {
        if let Some((bold, after)) = rest.strip_prefix("**").and_then(|inner| inner.split_once("**")).filter(|(b, _)| !b.is_empty()) {
            flush(&mut words, &mut runs);
            runs.push(Run::Text { text: bold.to_owned(), bold: true, italic: false, link: None });
            rest = after;
        } else if let Some((label, address, after)) = split_link(rest) {
            flush(&mut words, &mut runs);
            let address = (address != "#").then(|| address.to_owned());
            runs.push(Run::Text { text: label.to_owned(), bold: false, italic: false, link: Some(Link { address }) });
            rest = after;
        } else if let Some(letter) = rest.chars().next() {
            words.push(letter);
            rest = &rest[letter.len_utf8()..];
        }
    }
    flush(&mut words, &mut runs);
    runs
}

fn flush(words: &mut String, runs: &mut Vec<Run>) {
    if !words.is_empty() {
        runs.push(Run::plain(std::mem::take(words)));
    }
}

fn split_link(text: &str) -> Option<(&str, &str, &str)> {
    let (label, after) = text.strip_prefix('[')?.split_once("](")?;
    let (address, after) = after.split_once(')')?;
    (!label.is_empty() && !label.contains(['[', '\n'])).then_some((label, address, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read_and_stray_ones_are_words() {
        let check = |text: &str, expected: &[(&str, bool, Option<&str>)]| {
            let read: Vec<_> = parse_marks(text)
                .into_iter()
                .map(|run| match run {
                    Run::Text { text, bold, link, .. } => (text, bold, link.map(|l| l.address.unwrap_or_default())),
                    Run::Break => unreachable!("template wording has no breaks"),
                })
                .collect();
            let expected: Vec<_> = expected.iter().map(|(text, bold, link)| ((*text).to_owned(), *bold, link.map(str::to_owned))).collect();
            assert_eq!(read, expected, "{text}");
        };
        check("You **must always** act", &[("You ", false, None), ("must always", true, None), (" act", false, None)]);
        check("See [Appendix A](#appendix_a).", &[("See ", false, None), ("Appendix A", false, Some("#appendix_a")), (".", false, None)]);
        check("a ** b [c] (d)", &[("a ** b [c] (d)", false, None)]);
        check("", &[]);
    }
}

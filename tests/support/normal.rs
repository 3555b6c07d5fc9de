//! A document as its words alone, so that it can be held against a report: what a conversion or a printer added is taken
//! out by the rules here, and nothing else is.
//!
//! Out go: the contents page, running headers, the slogan wherever it is, mark-up, doubled prompts. Quotes, spaces and
//! line breaks are made equal by [`split_words`].

use crate::words::split_words;

const SLOGAN: &[&str] = &["we", "look", "after", "you", "so", "that", "you", "can", "look", "after", "our", "children"];
const HEADER: &[&str] = &["juniper", "data", "protection", "impact", "assessment"];

/// The words of a document on the template, in order, without what a report leaves out on purpose.
pub fn document_words(text: &str) -> Vec<String> {
    let text = drop_contents(text);
    let words = split_words(&drop_mark_up(&text));
    let words = drop_run(&words, SLOGAN);
    let words = drop_run(&words, HEADER);
    drop_doubled(words)
}

/// From the heading "Contents" to the second time that the first heading after it is alone on a line.
fn drop_contents(text: &str) -> String {
    let bare = |line: &str| line.trim().trim_matches(['#', '*', ' ']).to_owned();
    let Some(start) = text.lines().position(|line| bare(line) == "Contents") else { return text.to_owned() };
    let first = "Data Protection Impact Assessment (DPIA)";
    let rest = text.lines().skip(start + 1);
    let end = rest.clone().position(|line| bare(line) == first).map_or(0, |length| start + 1 + length);
    let kept = text.lines().enumerate().filter(|(at, _)| *at < start || *at >= end).map(|(_, line)| line);
    kept.collect::<Vec<_>>().join("\n")
}

/// Takes out tags, `~~`, escapes, and the addresses of links that lead nowhere or to a mailbox that the label names.
fn drop_mark_up(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix('<').and_then(|tag| tag.split_once('>')).filter(|(tag, _)| is_tag(tag)) {
            rest = after.1;
        } else if let Some(after) = rest.strip_prefix("](#)") {
            rest = after;
        } else if let Some((_, after)) = rest.strip_prefix("](mailto:").and_then(|link| link.split_once(')')) {
            rest = after;
        } else if let Some(after) = rest.strip_prefix("~~") {
            rest = after;
        } else {
            kept.push(letter);
            rest = &rest[letter.len_utf8()..];
        }
    }
    kept
}

/// Whether what is between angle brackets is a tag: a known name, right at the beginning.
fn is_tag(inside: &str) -> bool {
    let name = inside.split([' ', '/']).find(|part| !part.is_empty()).unwrap_or_default();
    !inside.starts_with(' ') && ["input", "b", "i", "br"].contains(&name)
}

/// Takes out every run of these words, whatever their case.
fn drop_run(words: &[String], run: &[&str]) -> Vec<String> {
    let mut kept = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let here = words[at..].iter().zip(run).take_while(|(word, expected)| word.to_lowercase() == **expected).count();
        if here == run.len() {
            at += run.len();
        } else {
            kept.push(words[at].clone());
            at += 1;
        }
    }
    kept
}

/// Takes out three words or more that are at once said again: the beginning of a prompt that is twice.
fn drop_doubled(mut words: Vec<String>) -> Vec<String> {
    let mut at = 0;
    while at < words.len() {
        let longest =
            (3..=8).rev().find(|length| at + 2 * length <= words.len() && words[at..at + length] == words[at + length..at + 2 * length]);
        match longest {
            Some(length) => drop(words.drain(at..at + length)),
            None => at += 1,
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::document_words;

    #[test]
    fn only_what_a_report_leaves_out_is_taken_out() {
        fn check(text: &str, expected: &str) {
            assert_eq!(document_words(text).join(" "), expected, "{text}");
        }
        check(
            "live data. xData is\n\nWE LOOK AFTER YOU, SO THAT YOU CAN\nLOOK AFTER OUR CHILDREN\n\npresented",
            "live data xData is presented",
        );
        check("~~Describe the people whose~~ Describe the people whose data", "Describe the people whose data");
        check("HubSpot\n\nJuniper Data Protection Impact Assessment\n\n\tinfo", "HubSpot info");
        check("<input type=\"checkbox\" checked> Consent <b>bold</b> a < b > c", "Consent bold a b c");
        check("See [notice](#) and [DPO@x.org](mailto:DPO@x.org), [site](https://a.org)", "See notice and DPO x org site https a org");
        check("Contents\nPart 1.....3\nData Protection Impact Assessment (DPIA)\nPart 1", "Data Protection Impact Assessment DPIA Part 1");
    }
}

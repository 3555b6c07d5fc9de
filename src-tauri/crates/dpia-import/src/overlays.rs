//! Words that are struck letter by letter: behind each letter is a character that is drawn over it. A sign that such a
//! character makes, such as "≠", and a letter of a name that has one, are not struck.

use crate::work::count;
use std::ops::Range;

/// Characters that strike the letter before them: a short and a long stroke, a short and a long solidus.
const OVERLAYS: [char; 4] = ['\u{335}', '\u{336}', '\u{337}', '\u{338}'];
/// Characters that are set over or under the letter before them.
const COMBINING: std::ops::RangeInclusive<char> = '\u{300}'..='\u{36f}';

/// A letter with what is set over it.
struct Cluster {
    /// In the letters of the text.
    place: Range<usize>,
    letter: Option<char>,
    is_overlaid: bool,
}

/// Says whether a character strikes the letter before it.
pub(crate) fn is_overlay(letter: char) -> bool {
    OVERLAYS.contains(&letter)
}

/// Where struck words stand among letters and marks: words of one letter, or two letters of a word or more. What is between
/// struck words is struck with them.
pub(crate) fn find_overlaid(letters: &[Option<char>]) -> Vec<Range<usize>> {
    count(letters.len());
    if !letters.iter().flatten().any(|letter| is_overlay(*letter)) {
        return Vec::new();
    }
    let clusters = find_clusters(letters);
    let is_word = |at: usize| clusters.get(at).and_then(|cluster| cluster.letter).is_some_and(char::is_alphanumeric);
    let is_between = |at: usize| clusters[at].letter.is_some_and(|letter| !letter.is_alphanumeric());
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while at < clusters.len() {
        if !clusters[at].is_overlaid {
            at += 1;
            continue;
        }
        let end = (at..clusters.len()).find(|next| !clusters[*next].is_overlaid).unwrap_or(clusters.len());
        let words = (at..end).filter(|at| is_word(*at)).count();
        let touches_word = is_word(end) || at > 0 && is_word(at - 1);
        if words > 1 || words == 1 && !touches_word {
            match runs.last_mut().filter(|run| (run.end..at).all(is_between)) {
                Some(run) => run.end = end,
                None => runs.push(at..end),
            }
        }
        at = end;
    }
    runs.into_iter().map(|run| clusters[run.start].place.start..clusters[run.end - 1].place.end).collect()
}

fn find_clusters(letters: &[Option<char>]) -> Vec<Cluster> {
    let mut clusters: Vec<Cluster> = Vec::with_capacity(letters.len());
    for (at, letter) in letters.iter().enumerate() {
        let combines = letter.is_some_and(|letter| COMBINING.contains(&letter));
        match clusters.last_mut().filter(|last| combines && last.letter.is_some()) {
            Some(last) => {
                last.place.end = at + 1;
                last.is_overlaid |= letter.is_some_and(is_overlay);
            }
            None => clusters.push(Cluster { place: at..at + 1, letter: *letter, is_overlaid: false }),
        }
    }
    clusters
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marks::read_marks;

    #[test]
    fn words_struck_letter_by_letter_are_struck_words() {
        let strike = |text: &str, stroke: char| text.chars().flat_map(|letter| [letter, stroke]).collect::<String>();
        let check = |text: &str, expected: &str, removed: &[&str]| {
            let marked = read_marks(text);
            let named: Vec<&str> = marked.removed.iter().map(|(_, words)| words.as_str()).collect();
            assert_eq!((marked.text.as_str(), &named[..]), (expected, removed), "{text}");
            let struck: String = marked.spans.iter().filter(|span| span.struck).map(|span| &marked.text[span.start..span.end]).collect();
            let words: String = removed.iter().filter_map(|word| word.strip_prefix("~~")?.strip_suffix("~~")).collect();
            assert_eq!(struck.replace('\n', " "), words, "{text}");
        };
        for stroke in OVERLAYS {
            let yes = strike("Yes", stroke);
            check(&format!("{yes} No"), "Yes No", &["~~Yes~~"]);
            check(&format!("{yes}/No"), "Yes/No", &["~~Yes~~"]);
            check(&format!("No, {}.", strike("not yet", stroke)), "No, not yet.", &["~~not yet~~"]);
            check(&format!("{yes} {yes}\n{yes} a"), "Yes Yes\nYes a", &["~~Yes Yes Yes~~"]);
            check(&format!("{yes} and {yes}"), "Yes and Yes", &["~~Yes~~", "~~Yes~~"]);
            check(&format!("**{yes}** {}", strike("X", stroke)), "Yes X", &["~~Yes~~", "~~X~~"]);
            check(&format!("[{yes}](https://a.org/b) a"), "Yes a", &["~~Yes~~"]);
            check(
                &strike("cafe\u{301} 24", stroke).replace(&format!("\u{301}{stroke}"), "\u{301}"),
                "cafe\u{301} 24",
                &["~~cafe\u{301} 24~~"],
            );
            check("Y&#822;e&#822;s&#822; No", "Yes No", &["~~Yes~~"]);
        }
        // Signs and letters of their own.
        check("a =\u{338} b", "a =\u{338} b", &[]);
        check("Wl\u{335}adysl\u{335}aw", "Wl\u{335}adysl\u{335}aw", &[]);
        check("\u{336}", "\u{336}", &[]);
    }
}

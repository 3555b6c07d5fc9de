//! Two texts, word by word: what is in both, and what in one of them.

use super::views::{WordRun, WordRunKind};
use similar::{ChangeTag, TextDiff};

/// Two texts that have less than this in common are shown one after the other: word by word they would be crumbs.
const LEAST_ALIKE: f32 = 0.35;
/// Beyond so many words, texts are compared line by line; beyond so many lines, as a whole. The time that a comparison
/// takes grows with the product of both.
const MOST_WORDS: usize = 6_000;

/// The words of both texts in one row.
pub(super) fn compare_words(before: &str, after: &str) -> Vec<WordRun> {
    if before == after {
        return one_by_one(&[(WordRunKind::Same, before)]);
    }
    let count = |text: &str| text.split_whitespace().count();
    if before.is_empty() || after.is_empty() || before.lines().count().max(after.lines().count()) > MOST_WORDS {
        return one_by_one(&[(WordRunKind::Removed, before), (WordRunKind::Added, after)]);
    }
    if count(before).max(count(after)) > MOST_WORDS {
        return collect(&TextDiff::from_lines(before, after));
    }
    let diff = TextDiff::from_words(before, after);
    if diff.ratio() < LEAST_ALIKE {
        return one_by_one(&[(WordRunKind::Removed, before), (WordRunKind::Added, after)]);
    }
    collect(&diff)
}

/// The earlier text.
pub(super) fn before_of(pieces: &[WordRun]) -> String {
    pieces.iter().filter(|piece| piece.kind != WordRunKind::Added).map(|piece| piece.text.as_str()).collect()
}

/// The later text.
pub(super) fn after_of(pieces: &[WordRun]) -> String {
    pieces.iter().filter(|piece| piece.kind != WordRunKind::Removed).map(|piece| piece.text.as_str()).collect()
}

fn one_by_one(texts: &[(WordRunKind, &str)]) -> Vec<WordRun> {
    texts.iter().filter(|(_, text)| !text.is_empty()).map(|(kind, text)| WordRun { kind: *kind, text: (*text).to_owned() }).collect()
}

/// What was removed and what was added, between what is the same. A space between two words that differ belongs to both, so
/// that a sentence is replaced as a sentence.
fn collect<'a>(diff: &TextDiff<'a, 'a, 'a, str>) -> Vec<WordRun> {
    let mut pieces = Vec::new();
    let (mut removed, mut added, mut space) = (String::new(), String::new(), String::new());
    let mut same = String::new();
    for change in diff.iter_all_changes() {
        let text = change.value();
        let is_changing = !removed.is_empty() || !added.is_empty();
        match change.tag() {
            ChangeTag::Equal if is_changing && space.is_empty() && text.chars().all(|letter| letter == ' ') => space.push_str(text),
            ChangeTag::Equal => {
                push(&mut pieces, WordRunKind::Removed, &mut removed);
                push(&mut pieces, WordRunKind::Added, &mut added);
                same.push_str(&std::mem::take(&mut space));
                same.push_str(text);
            }
            ChangeTag::Delete | ChangeTag::Insert => {
                push(&mut pieces, WordRunKind::Same, &mut same);
                removed.push_str(&space);
                added.push_str(&std::mem::take(&mut space));
                if change.tag() == ChangeTag::Delete { removed.push_str(text) } else { added.push_str(text) }
            }
        }
    }
    push(&mut pieces, WordRunKind::Removed, &mut removed);
    push(&mut pieces, WordRunKind::Added, &mut added);
    same.push_str(&space);
    push(&mut pieces, WordRunKind::Same, &mut same);
    pieces
}

fn push(pieces: &mut Vec<WordRun>, kind: WordRunKind, text: &mut String) {
    if !text.is_empty() {
        pieces.push(WordRun { kind, text: std::mem::take(text) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Removed words in brackets, added ones in braces.
    fn said(before: &str, after: &str) -> String {
        let pieces = compare_words(before, after);
        assert_eq!((before_of(&pieces).as_str(), after_of(&pieces).as_str()), (before, after), "{pieces:?}");
        pieces
            .iter()
            .map(|piece| match piece.kind {
                WordRunKind::Same => piece.text.clone(),
                WordRunKind::Removed => format!("[{}]", piece.text),
                WordRunKind::Added => format!("{{{}}}", piece.text),
            })
            .collect()
    }

    #[test]
    fn what_differs_is_marked_word_by_word() {
        let check = |before: &str, after: &str, expected: &str| assert_eq!(said(before, after), expected);
        check("Kept for six years.", "Kept for six years.", "Kept for six years.");
        check("Kept for six years.", "Kept for seven years.", "Kept for [six]{seven} years.");
        check("Kept for years.", "Kept for seven years.", "Kept for {seven }years.");
        check("", "Kept.", "{Kept.}");
        check("Kept.", "", "[Kept.]");
        check("one two three four five", "one zwei drei four five", "one [two three]{zwei drei} four five");
        check("First line\nSecond line", "First line\nThird line", "First line\n[Second]{Third} line");
        // Nothing in common but spaces.
        check("a b c d", "w x y z", "[a b c d]{w x y z}");
    }

    #[test]
    fn very_long_texts_are_compared_in_a_bounded_time() {
        let long = |word: &str| vec![word; 200_000].join(" ");
        let lines = |word: &str| (0..5_000).map(|at| format!("{word} {at} and more\n")).collect::<String>();
        said(&long("one"), &long("two"));
        said(&lines("one"), &lines("two"));
        said(&lines("one"), &format!("{}the last", lines("one")));
    }
}

//! The project's English: words over which a native reader stumbles become fewer, never more.

use anyhow::{Context as _, Result};
use serde::Deserialize;
use std::process::Command;

use crate::progress::read;
use crate::project::Project;

/// The list, by its path in the project.
const LIST: &str = "src-tauri/crates/xtask/src/check/words.toml";
/// Endings of the files that are judged.
const JUDGED: [&str; 8] = [".rs", ".ts", ".mjs", ".svelte", ".md", ".py", ".java", ".sql"];
/// What is not judged: wording that was released, what is generated, and what is compared to the letter.
const LEFT_ALONE: [&str; 6] = ["CHANGELOG.md", "tests/fixtures/", "tests/golden/", "/templates/", "/migrations/", "/ipc/bindings.ts"];

#[derive(Deserialize)]
struct List {
    words: Vec<Word>,
}

/// A word, what to write instead, and in how many lines it is.
#[derive(Deserialize)]
struct Word {
    word: String,
    better: String,
    lines: usize,
}

/// Each word of the list that is in more lines than it says, or in fewer.
pub(crate) fn find_breaches(project: &Project) -> Result<Vec<String>> {
    let list: List = toml::from_str(&std::fs::read_to_string(project.root.join(LIST))?).with_context(|| LIST)?;
    let listed =
        read(Command::new("git").args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(&project.root))?;
    let judged = listed.split_terminator('\0').filter(|name| is_judged(name));
    let texts: Vec<String> = judged.filter_map(|name| std::fs::read_to_string(project.root.join(name)).ok()).collect();
    Ok(list.words.iter().filter_map(|word| judge(word, texts.iter().flat_map(|text| text.lines()))).collect())
}

fn is_judged(name: &str) -> bool {
    JUDGED.iter().any(|ending| name.ends_with(ending)) && !LEFT_ALONE.iter().any(|part| name.contains(part))
}

fn judge<'t>(word: &Word, lines: impl Iterator<Item = &'t str>) -> Option<String> {
    let found = lines.filter(|line| has_word(line, &word.word)).count();
    let Word { word, better, lines } = word;
    if found > *lines {
        Some(format!("\"{word}\" is in {found} lines, and {lines} are allowed: write {better} (git grep -nwi \"{word}\")"))
    } else if found < *lines {
        Some(format!("\"{word}\" is in {found} lines: write {found} in place of {lines} in {LIST}, so that it stays so"))
    } else {
        None
    }
}

/// Whether a line has these words, as words of their own. The parts of a name are words: `what_is_sealed`.
fn has_word(line: &str, word: &str) -> bool {
    let line = line.replace('_', " ").to_lowercase();
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::{Word, has_word, is_judged, judge};

    #[test]
    fn a_word_is_found_as_a_word_of_its_own() {
        let check = |line: &str, word: &str, is_found: bool| assert_eq!(has_word(line, word), is_found, "{line}");
        check("// Written Anew.", "anew", true);
        check("fn what_is_sealed_opens()", "sealed", true);
        check("let unsealed = true;", "sealed", false);
        check("nobody is any moreover", "any more", false);
        check("opens nothing any more", "any more", true);
    }

    #[test]
    fn one_line_more_is_a_breach_and_one_less_is_to_be_noted() {
        let word = |lines| Word { word: "anew".to_owned(), better: "again".to_owned(), lines };
        let judge = |lines| judge(&word(lines), ["read anew", "read again", "anew"].into_iter());
        assert_eq!(judge(2), None);
        assert!(judge(1).is_some_and(|breach| breach.contains("2 lines, and 1 are allowed: write again")));
        assert!(judge(3).is_some_and(|breach| breach.contains("write 2 in place of 3")));
    }

    #[test]
    fn released_wording_is_left_alone() {
        let check = |name: &str, expected: bool| assert_eq!(is_judged(name), expected, "{name}");
        check("src-tauri/src/main.rs", true);
        check("ui/src/keys/KeysScreen.svelte", true);
        check("tests/fixtures/released/0.1.0/notes.md", false);
        check("src-tauri/crates/dpia-model/templates/juniper/2026.1.toml", false);
        check("CHANGELOG.md", false);
        check("icons/icon.svg", false);
    }
}

//! Line breaks: an answer that was broken at a width has the blocks that it had, and lines that were meant stay lines.

use super::dice::Dice;
use super::{import, larkfield};
use dpia_model::id::QuestionId;
use dpia_model::rich_text::{Block, RichText, Run};
use proptest::prelude::*;

/// The answer of the last question, where these words are it.
fn read(words: &str, wrap_document: Option<usize>) -> RichText {
    let text = larkfield(&[]);
    let text = wrap_document.map_or(text.clone(), |width| wrap(&text, width));
    let from = "Access is by single sign-on.";
    assert!(text.contains(from));
    let text = text.replacen(from, words, 1);
    let import = import("a.txt", text.as_bytes()).expect("it is an assessment");
    let id = QuestionId::new("security.measures").expect("an id");
    import.assessment.content(&id).rich_text().cloned().unwrap_or_default()
}

/// Breaks lines at spaces, as text editors do.
fn wrap(text: &str, width: usize) -> String {
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let inner = if line.starts_with("- ") { "  " } else { "" };
        let mut current = String::new();
        for word in line.split(' ') {
            let is_full = current.chars().count() + 1 + word.chars().count() > width;
            if is_full && !current.trim().is_empty() && !line.contains('\t') {
                lines.push(std::mem::take(&mut current));
                current = format!("{inner}{word}");
            } else if current.is_empty() {
                current = word.to_owned();
            } else {
                current = format!("{current} {word}");
            }
        }
        lines.push(current);
    }
    lines.join("\n")
}

fn prose(dice: &mut Dice, sentences: usize) -> String {
    const WORDS: [&str; 40] = [
        "pupil",
        "register",
        "school",
        "records",
        "the",
        "of",
        "is",
        "kept",
        "by",
        "each",
        "morning",
        "staff",
        "with",
        "and",
        "backups",
        "are",
        "made",
        "weekly",
        "in",
        "one",
        "data",
        "centre",
        "access",
        "to",
        "it",
        "needs",
        "two",
        "factors",
        "which",
        "teachers",
        "have",
        "been",
        "given",
        "encrypted",
        "reports",
        "trust",
        "parents",
        "Azure",
        "attendance",
        "(UK)",
    ];
    let sentence = |dice: &mut Dice| {
        let words: Vec<&str> = (0..8 + dice.roll(16)).map(|_| WORDS[dice.roll(WORDS.len())]).collect();
        format!("Our {}.", words.join(" "))
    };
    (0..sentences).map(|_| sentence(dice)).collect::<Vec<_>>().join(" ")
}

fn spell(text: &RichText) -> Vec<String> {
    fn of(block: &Block) -> Vec<String> {
        match block {
            Block::Paragraph { runs } => vec![
                runs.iter()
                    .map(|run| match run {
                        Run::Text { text, .. } => text.as_str(),
                        Run::Break => "⏎",
                    })
                    .collect(),
            ],
            Block::BulletedList { items } | Block::NumberedList { items, .. } => {
                items.iter().flat_map(|item| &item.blocks).flat_map(of).map(|line| format!("- {line}")).collect()
            }
            Block::Picture { .. } => Vec::new(),
        }
    }
    text.blocks.iter().flat_map(of).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn an_answer_that_is_broken_at_a_width_has_the_same_blocks(
        width in prop::sample::select(vec![60usize, 72, 80, 100, 120]),
        front in prop::sample::select(vec!["", "> ", "  "]),
        whole_document in any::<bool>(),
        paragraphs in 1usize..4,
        with_list in any::<bool>(),
        seed in any::<u64>(),
    ) {
        let mut dice = Dice(seed);
        let mut parts: Vec<String> = (0..paragraphs).map(|_| { let count = 2 + dice.roll(4); prose(&mut dice, count) }).collect();
        if with_list {
            parts.push((0..3).map(|_| format!("- {}", prose(&mut dice, 2))).collect::<Vec<_>>().join("\n"));
        }
        // Two lines of a sentence each do not tell that anything was broken.
        prop_assume!(!parts.iter().flat_map(|part| part.split('\n')).any(|part| {
            let lines = wrap(part, width);
            lines.matches('\n').count() == 1 && lines.contains(".\n")
        }));
        // What is set in is after a list that is set in as far.
        parts.push("It is kept for three years, and all of it is encrypted.".to_owned());
        let words = parts.join("\n\n");
        let expected = read(&words, None);
        let words: Vec<String> = wrap(&words, width).lines().map(|line| if line.is_empty() { String::new() } else { format!("{front}{line}") }).collect();
        let words = words.join("\n");
        let read = read(&words, whole_document.then_some(width));
        prop_assert_eq!(spell(&read), spell(&expected), "{}", words);
    }

    #[test]
    fn lines_that_were_meant_never_join(
        lines in prop::collection::vec(prop::sample::select(vec![
            "Owner: the IT team", "Frequency: daily", "Place: London", "Onboarding – Service Delivery", "Contracts – Sales and Finance",
            "Example Hosting Ltd", "1 High Street", "Passwords", "SSL certificates", "Two factors for all staff", "Name and address", "S3 buckets",
            "Backups of the database each night", "Database - RDS Aurora", "Year 7 and Year 8", "Hosting: Microsoft Azure, UK South",
        ]), 2..6),
        wrapped in prop::option::of(prop::sample::select(vec![72usize, 100])),
    ) {
        let read = read(&lines.join("\n"), wrapped);
        prop_assert_eq!(spell(&read), lines);
    }
}

#[test]
fn three_full_lines_of_a_sentence_each_are_one_paragraph() {
    let words = "Our reports have been backed up and encrypted by the trust since the year in which it was founded.\nOur records are kept in \
                 one data centre with the backups and the reports of each of our schools.\nOur staff have two factors.";
    assert_eq!(spell(&read(words, None)), [words.replace('\n', " ")]);
}

#[test]
fn an_address_and_the_lines_of_an_item_keep_their_breaks() {
    let check = |words: &str, expected: &[&str]| assert_eq!(spell(&read(words, None)), expected, "{words}");
    check(
        "Owner: the IT team\nFrequency: daily\nPlace: London\n\nExample Hosting Ltd\n1 High Street\nTown\nAB1 2CD",
        &["Owner: the IT team", "Frequency: daily", "Place: London", "Example Hosting Ltd⏎1 High Street⏎Town⏎AB1 2CD"],
    );
    check("- Owner: the IT team\n  Frequency: daily\n- Place: London", &["- Owner: the IT team⏎Frequency: daily", "- Place: London"]);
    check(
        "| Control | Owner | Tested |\n|---|---|---|\n| Two factors | IT | May |\n| Backups | Hosting | June |",
        &["Control | Owner | Tested", "Two factors | IT | May", "Backups | Hosting | June"],
    );
    check(
        "  ---------------------\n  Control   Owner of\n            it\n  --------- -----------\n  Two       IT and\n  factors   head\n\n  Backups   Hosting\n  ---------------------",
        &["Control | Owner of it", "Two factors | IT and head", "Backups | Hosting"],
    );
}

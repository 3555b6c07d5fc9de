//! No word gets lost: every word of a document is wording that was matched, or is in an answer, in a piece without a
//! place, in a difference or in what was left out, as often as it was there.

use super::{SEEDS, fixture, import_in_full};
use crate::Import;
use crate::words::{normalise, split_words};
use dpia_model::assessment::{Answer, Cell, Content, DifferenceKind, DocumentDate, LeftOutReason, Value};
use dpia_model::date::CivilDate;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// How often each word is in a text.
fn count(text: &str, counts: &mut BTreeMap<String, i64>, by: i64) {
    for range in split_words(text) {
        *counts.entry(normalise(&text[range])).or_insert(0) += by;
    }
}

/// The document without the marks of its conversion: tags, and addresses behind labels.
fn without_marks(text: &str) -> String {
    let mut out = text.to_owned();
    for (open, close) in [("<input", ">"), ("<b", ">"), ("</b", ">"), ("](", ")")] {
        while let Some(start) = out.find(open) {
            let end = out[start..].find(close).map_or(out.len(), |length| start + length + 1);
            out.replace_range(start..end, " ");
        }
    }
    out
}

fn count_date(date: CivilDate, has_short_year: bool, counts: &mut BTreeMap<String, i64>) {
    let text = date.to_string();
    count(&if has_short_year { format!("{}{}", &text[..6], &text[8..]) } else { text }, counts, -1);
}

fn count_answer(answer: &Answer, document: &str, counts: &mut BTreeMap<String, i64>) {
    if let Some(text) = answer.content.rich_text() {
        count(&text.plain_text(), counts, -1);
    }
    match &answer.content {
        Content::Answered { value: Value::Table { rows } } => {
            for cell in rows.iter().flat_map(|row| row.cells.values()) {
                let text = match cell {
                    // An address that was behind its label is no word; one that was bare is.
                    Cell::Link { label, address: Some(address) } if label == address || !document.contains(address.as_str()) => {
                        label.clone()
                    }
                    other => other.plain_text(),
                };
                count(&text, counts, -1);
            }
        }
        Content::Answered { value: Value::SignOff { name, role, date, .. } } => {
            count(&format!("{name} {role}"), counts, -1);
            if let Some(date) = date {
                count_date(*date, false, counts);
            }
        }
        Content::Answered { value: Value::Date { date, has_short_year } } => count_date(*date, *has_short_year, counts),
        _ => {}
    }
}

/// Words of the document that are nowhere, and words that are nowhere in the document.
fn unaccounted(text: &str, import: &Import, wording: &[String]) -> BTreeMap<String, i64> {
    let mut counts = BTreeMap::new();
    let document = without_marks(text);
    count(&document, &mut counts, 1);
    wording.iter().for_each(|word| count(word, &mut counts, -1));
    let assessment = &import.assessment;
    assessment.answers.values().for_each(|answer| count_answer(answer, &document, &mut counts));
    for piece in &assessment.unplaced {
        let text = piece.text.plain_text();
        // A cell under no column of the form is kept behind its row and its head: "row – head:", which are there themselves.
        let words = match text.split_once('\n') {
            Some((about, cell)) if about.ends_with(':') && about.contains(" – ") => cell,
            _ => text.as_str(),
        };
        count(words, &mut counts, -1);
    }
    if assessment.details.product != "unnamed" {
        count(&assessment.details.product, &mut counts, -1);
    }
    for words in [&assessment.details.version, &assessment.details.author].into_iter().flatten() {
        count(words, &mut counts, -1);
    }
    match &assessment.details.date {
        DocumentDate::Known { date, has_short_year } => count_date(*date, *has_short_year, &mut counts),
        DocumentDate::Unknown { as_written } => count(as_written, &mut counts, -1),
        DocumentDate::Unanswered => {}
    }
    let record = assessment.imported.as_ref().expect("an import leaves a record");
    for left in record.left_out.iter().filter(|left| left.reason != LeftOutReason::ConversionMark) {
        count(&left.text, &mut counts, -1);
    }
    for differs in record.differences.iter().filter(|differs| differs.kind == DifferenceKind::Wording) {
        count(&differs.found, &mut counts, -1);
    }
    counts.retain(|_, number| *number != 0);
    counts
}

fn check(text: &str, edition: Option<&str>) -> Result<(), TestCaseError> {
    let Ok((import, wording)) = import_in_full("unnamed.txt", text.as_bytes(), edition) else { return Ok(()) };
    let unaccounted = unaccounted(text, &import, &wording);
    prop_assert!(unaccounted.is_empty(), "{unaccounted:?}");
    Ok(())
}

#[test]
fn a_header_that_ran_into_its_first_row_loses_no_word() {
    let text = String::from_utf8(fixture(SEEDS[3])).expect("it is UTF-8");
    let joined = [Mutation::Join(162), Mutation::Join(0), Mutation::Join(159)];
    check(&mutate(&text, &joined), None).expect("every word is accounted for");
}

#[test]
fn a_line_of_punctuation_in_a_table_loses_no_word() {
    let text = String::from_utf8(fixture(SEEDS[3])).expect("it is UTF-8");
    for line in 150..200 {
        if let Err(error) = check(&mutate(&text, &[Mutation::Insert(line, ",".to_owned())]), None) {
            panic!("{line}: {error}");
        }
    }
}

#[test]
fn no_word_of_the_published_documents_is_lost_on_any_edition() {
    for name in SEEDS {
        let text = String::from_utf8(fixture(name)).expect("it is UTF-8");
        for edition in [None, Some("2024.1"), Some("2024.2"), Some("2025.1"), Some("2025.2"), Some("2026.1")] {
            assert!(import_in_full(name, text.as_bytes(), edition).is_ok(), "{name} {edition:?}");
            if let Err(error) = check(&text, edition) {
                panic!("{name} on {edition:?}: {error}");
            }
        }
    }
}

#[test]
fn no_word_of_the_made_up_documents_is_lost() {
    for name in ["elm-lodge-reports.txt", "birchwood-attendance.txt", "hazel-grove-insights.md"] {
        let text = crate::encoding::decode_text(name, &fixture(&format!("made-up/{name}"))).expect("it is text");
        if let Err(error) = check(&text.replace("[x]", "☒"), None) {
            panic!("{name}: {error}");
        }
    }
}

/// A change to the lines of a document.
#[derive(Debug, Clone)]
enum Mutation {
    Delete(usize),
    Double(usize),
    Swap(usize, usize),
    Join(usize),
    Break(usize, usize),
    Insert(usize, String),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        (0usize..400).prop_map(Mutation::Delete),
        (0usize..400).prop_map(Mutation::Double),
        (0usize..400, 0usize..400).prop_map(|(a, b)| Mutation::Swap(a, b)),
        (0usize..400).prop_map(Mutation::Join),
        (0usize..400, 0usize..200).prop_map(|(line, at)| Mutation::Break(line, at)),
        // Without the "o" of an inner bullet, and without marks that would part a word.
        (0usize..400, "[A-Za-np-z ,.|\\t☐:-]{0,30}").prop_map(|(line, words)| Mutation::Insert(line, words)),
    ]
}

fn mutate(text: &str, mutations: &[Mutation]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for mutation in mutations {
        let last = lines.len().saturating_sub(1);
        match mutation {
            Mutation::Delete(at) => drop(lines.remove((*at).min(last))),
            Mutation::Double(at) => lines.insert((*at).min(last), lines[(*at).min(last)].clone()),
            Mutation::Swap(a, b) => lines.swap((*a).min(last), (*b).min(last)),
            Mutation::Join(at) if *at < last => {
                let next = lines.remove(at + 1);
                lines[*at] = format!("{} {next}", lines[*at]);
            }
            Mutation::Break(at, place) => {
                let line = lines[(*at).min(last)].clone();
                // Between words only, and not inside a mark of the conversion.
                if let Some(place) = line.char_indices().map(|(at, _)| at).filter(|at| line[*at..].starts_with(' ')).nth(*place)
                    && !line.contains(['<', '['])
                {
                    lines[(*at).min(last)] = line[..place].to_owned();
                    lines.insert((*at).min(last) + 1, line[place..].to_owned());
                }
            }
            Mutation::Insert(at, words) => lines.insert((*at).min(last), words.clone()),
            Mutation::Join(_) => {}
        }
    }
    lines.join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_word_is_lost_when_lines_are_lost_doubled_moved_or_added(
        seed in 0usize..4,
        mutations in prop::collection::vec(mutation(), 0..12),
        edition in prop::option::of(prop::sample::select(vec!["2024.1", "2024.2", "2025.1", "2025.2", "2026.1"])),
    ) {
        let text = String::from_utf8(fixture(SEEDS[seed])).expect("it is UTF-8");
        check(&mutate(&text, &mutations), edition)?;
    }

    #[test]
    fn no_bytes_make_an_import_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = import_in_full("a.txt", &bytes, None);
    }

    #[test]
    fn no_damage_to_a_published_document_makes_an_import_panic(
        seed in 0usize..4,
        damage in prop::collection::vec((0usize..16_000, prop_oneof![any::<u8>(), prop::sample::select(b"*_~[]()<>|#\t\n`\\-&;.".to_vec())]), 0..60),
        cut in 0usize..16_000,
    ) {
        let mut bytes = fixture(SEEDS[seed]);
        for (at, byte) in damage {
            let length = bytes.len();
            bytes[at % length] = byte;
        }
        let _ = import_in_full("a.txt", &bytes, None);
        bytes.truncate(cut);
        let _ = import_in_full("a.txt", &bytes, None);
    }

    #[test]
    fn no_marks_make_an_import_panic(marks in prop::collection::vec(prop::sample::select(vec![
        "*", "**", "***", "~~", "_", "[", "](", ")", "[x]", "☐", "<b>", "</b>", "<input checked>", "<!--", "-->", "<br>", "\\", "&amp;", "|", "\t", "\n", "\n\n",
        "- ", "1. ", "# ", "---", "word", "https://a.b/c", "What data is being processed?", "Tick all that apply", "Yes", "No", "Name", "Country", " ",
    ]), 0..80)) {
        let text = format!("What data is being processed?\nRights\nLawful Basis\nWhat is the lawful basis for processing the data?\nWho is the data about?\nWho is responsible for responding to data subjects' rights requests?\nWill the data be shared with any other people/organisations such as government agencies, data processors or sub-processors e.g. third party suppliers, application/website hosting companies, etc?\n{}", marks.concat());
        let _ = import_in_full("a.txt", text.as_bytes(), None);
    }
}

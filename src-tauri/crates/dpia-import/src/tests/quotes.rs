//! An answer that quotes a question or a title keeps its words; a question out of its order is placed, to be confirmed.

use super::scenarios::{answer, unplaced};
use super::{import, larkfield};
use proptest::prelude::*;

/// Questions and titles that answers quote.
const QUOTED: [&str; 8] = [
    "What is the retention period for the various types of personal data?",
    "Who is responsible for responding to data subjects' rights requests?",
    "What are the aims of the processing?",
    "Who else within the organisation will be consulted to ensure that all risks from the envisaged data processing are understood and properly mitigated?",
    "What data is being processed?",
    "Storage Limitation (Retention)",
    "Describe the security measures that will be implemented to ensure the confidentiality, integrity, availability and restorability of the data, data systems and processes?",
    "Disclosure and Sharing",
];

/// Answers in which they are quoted, and the questions.
const ANSWERS: [(&str, &str); 5] = [
    ("Marks are entered twice a day.", "nature.description"),
    ("The security lead.", "consultation.internal"),
    ("Teachers correct their own marks.", "accuracy.measures"),
    ("Marks are kept for three years and then deleted.", "retention.periods"),
    ("Access is by single sign-on.", "security.measures"),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn an_answer_that_quotes_keeps_its_words(
        quoted in prop::sample::select(QUOTED.to_vec()),
        place in prop::sample::select(ANSWERS.to_vec()),
        way in 0usize..11,
        is_first in any::<bool>(),
    ) {
        let words = match way {
            0 => format!("See the answer to \"{quoted}\" above. Tapes lie in a safe."),
            1 => format!("See “{quoted}” above. Tapes lie in a safe."),
            2 => format!("We were asked '{quoted}' by parents."),
            3 => format!("We answered {quoted} in spring."),
            4 => format!("Parents asked us:\n\n- {quoted}\n- whether tapes lie in a safe"),
            5 => format!("Parents asked us:\n\n1. {quoted}\n2. Where are the tapes?"),
            6 => format!("\"{quoted}\" was asked by parents."),
            7 => format!("“{quoted}”"),
            8 => format!("See the question “{}” above.", quoted.replacen(' ', "\n", 1)),
            9 => format!("The heading *{quoted}* of the form, and (“{quoted}”) again."),
            _ => format!("On page four, under {quoted}, it is said."),
        };
        let text = match is_first {
            true => larkfield(&[(place.0, &format!("{words}\n\n{}", place.0))]),
            false => larkfield(&[(place.0, &format!("{}\n\n{words}", place.0))]),
        };
        let import = import("a.txt", text.as_bytes()).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let plain = |text: &str| text.split_whitespace().map(|word| word.trim_matches(['*', '-', '/'])).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        let expected = plain(&match is_first {
            true => format!("{words} {}", place.0),
            false => format!("{} {words}", place.0),
        });
        let expected = if way == 5 { expected.replace("1. ", "").replace("2. ", "") } else { expected };
        prop_assert_eq!(plain(&answer(&import, place.1)), expected);
        for other in ANSWERS.iter().filter(|other| other.1 != place.1) {
            prop_assert_eq!(answer(&import, other.1), other.0, "{}", words);
        }
        prop_assert!(unplaced(&import).is_empty(), "{:?}", unplaced(&import));
        prop_assert!(import.report.left_out.iter().all(|left| left.reason != dpia_model::assessment::LeftOutReason::DoubledPrompt));
    }
}

#[test]
fn a_question_that_is_met_a_second_time_is_none() {
    let again = "Who is responsible for responding to data subjects' rights requests?";
    let text = larkfield(&[("Access is by single sign-on.", &format!("Access is by single sign-on.\n\n{again}\n\nThe head teacher."))]);
    let import = import("a.txt", text.as_bytes()).expect("it is an assessment");
    assert_eq!(answer(&import, "security.measures"), format!("Access is by single sign-on. / {again} / The head teacher."));
    assert_eq!(answer(&import, "rights.responsible"), "The school answers requests.");
}

#[test]
fn a_question_out_of_its_order_is_placed_and_to_be_confirmed() {
    let moved = |question: &str, words: &str, id: &str| {
        let text = larkfield(&[(&format!("{question}\n\n{words}\n\n"), "")]);
        let text = text.replacen("Access is by single sign-on.\n", &format!("Access is by single sign-on.\n\n{question}\n\n{words}\n"), 1);
        let import = import("a.txt", text.as_bytes()).expect("it is an assessment");
        assert_eq!(answer(&import, id), format!("? {words}"), "{question}");
        assert_eq!(answer(&import, "security.measures"), "Access is by single sign-on.", "{question}");
        assert!(import.report.unknown.iter().any(|unknown| unknown.as_str() == id), "{:?}", import.report.unknown);
    };
    moved("Who is responsible for responding to data subjects' rights requests?", "The school answers requests.", "rights.responsible");
    moved(
        "Who else within the organisation will be consulted to ensure that all risks from the envisaged data processing are understood and properly mitigated?",
        "The security lead.",
        "consultation.internal",
    );
}

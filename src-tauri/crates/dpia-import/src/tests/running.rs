//! Lines that run at the head or foot of pages are of no answer, though they return only once; a line that an author repeats is.

use super::scenarios::answer;
use super::{import, larkfield};
use dpia_model::assessment::LeftOutReason;
use proptest::prelude::*;

/// Two answers.
const FIRST: (&str, &str, &str) = ("Marks are entered", "twice a day.", "nature.description");
const SECOND: (&str, &str, &str) = ("Teachers correct", "their own marks.", "accuracy.measures");

/// Lines that hold the number of a page.
const PAGES: [&str; 14] = [
    "Larkfield Register DPIA Page {} of 2",
    "Page {} of 2 | Larkfield Register",
    "Larkfield DPIA v1.0 page {}/2",
    "Larkfield Register | Confidential | Page {}",
    "**Larkfield DPIA** – p. {} of 2",
    "[Page {} of 2] Larkfield",
    "Larkfield DPIA\tPage {}",
    "Page {} – Larkfield DPIA",
    "Larkfield DPIA – Page {}",
    "Page {} of 2 Larkfield Register 2026",
    "© Larkfield 2026, page {} of 2",
    "Larkfield DPIA          Page {}",
    "*Larkfield DPIA, Page {} of 2*",
    "PAGE {} OF 2 – LARKFIELD",
];

/// Lines that are known by the ends of pages beside them.
const AT_ENDS: [&str; 10] = [
    "Larkfield {}",
    "{} Larkfield Register DPIA",
    "Larkfield DPIA {} of 2",
    "Draft of the Larkfield DPIA, sheet {}",
    "Larkfield Register | DPIA | {}",
    "{}/2 Larkfield",
    "Larkfield DPIA\t{}",
    "Larkfield – {} – May",
    "Larkfield (sheet {} in all)",
    "Larkfield DPIA [{}]",
];

/// Lines that an author repeats.
const REPEATED: [&str; 16] = [
    "Phase {} covers the pilot schools.",
    "Year {} registers",
    "See the handbook, page {} of 9.",
    "See the handbook, page {} of 9",
    "Step {} of 2",
    "Stage {}: pilots",
    "Handbook page {}",
    "Form {} is kept on paper.",
    "Marks of week {} are read first",
    "On page {} of 2 of the handbook it is said.",
    "- Form A, page {} of 2",
    "{}. Form A, page 1 of 2",
    "It is as it was",
    "Group {} of the pilot schools",
    "Level {} support",
    "Term {} of 3",
];

/// The document with these lines in the middle of two answers.
fn document(first: &str, second: &str) -> String {
    larkfield(&[
        (&format!("{} {}", FIRST.0, FIRST.1), &format!("{}{first}{}", FIRST.0, FIRST.1)),
        (&format!("{} {}", SECOND.0, SECOND.1), &format!("{}{second}{}", SECOND.0, SECOND.1)),
    ])
}

fn check_runs(first: &str, second: &str, words: &dyn Fn(u32) -> String) -> Result<(), TestCaseError> {
    let text = document(first, second);
    let import = import("a.txt", text.as_bytes()).map_err(|error| TestCaseError::fail(error.to_string()))?;
    for answered in [FIRST, SECOND] {
        prop_assert_eq!(answer(&import, answered.2), format!("{} {}", answered.0, answered.1), "{}", first);
    }
    let plain = |text: &str| text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    for number in [1, 2] {
        let left = |reason| import.report.left_out.iter().filter(move |left| left.reason == reason);
        prop_assert!(
            left(LeftOutReason::PageFurniture).any(|left| plain(&left.text) == plain(&words(number))),
            "{:?}",
            import.report.left_out
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn two_lines_that_hold_the_numbers_of_pages_are_furniture(
        line in prop::sample::select(PAGES.to_vec()),
        end in prop::sample::select(vec!["none", "head", "foot"]),
    ) {
        let words = |number: u32| line.replace("{}", &number.to_string());
        let set = |number| match end {
            "head" => format!("\n\u{c}\n{}\n\n", words(number)),
            "foot" => format!("\n\n{}\n\u{c}\n", words(number)),
            _ => format!("\n\n{}\n\n", words(number)),
        };
        check_runs(&set(1), &set(2), &words)?;
    }

    #[test]
    fn two_lines_at_the_ends_of_pages_are_furniture(
        line in prop::sample::select(AT_ENDS.to_vec()),
        end in prop::sample::select(vec!["head", "foot", "foot above header"]),
    ) {
        let words = |number: u32| line.replace("{}", &number.to_string());
        let set = |number| match end {
            "head" => format!("\n\u{c}{}\n\n", words(number)),
            "foot" => format!("\n\n{}\n\u{c}", words(number)),
            _ => format!("\n\n{}\n\nWE LOOK AFTER YOU, SO THAT YOU CAN LOOK AFTER OUR CHILDREN\n\u{c}Juniper Data Protection Impact Assessment\n\n", words(number)),
        };
        check_runs(&set(1), &set(2), &words)?;
    }

    #[test]
    fn a_line_that_an_author_repeats_stays(
        line in prop::sample::select(REPEATED.to_vec()),
        numbers in prop::sample::select(vec![(1, 2), (4, 6), (7, 8), (3, 3)]),
        end in prop::sample::select(vec!["none", "elsewhere", "both sides"]),
    ) {
        let words = |number: u32| line.replace("{}", &number.to_string());
        let (before, after) = match end {
            "both sides" => ("\n\u{c}\n", "\n\u{c}\n"),
            "elsewhere" => (".\n\nNobody else\n\u{c}\nsees them.\n\n", "\n\n"),
            _ => ("\n\n", "\n\n"),
        };
        let text = match end {
            "both sides" => document(&format!("\n\n{}{after}", words(numbers.0)), &format!("{before}{}\n\n", words(numbers.1))),
            _ => document(&format!("{before}{}{after}", words(numbers.0)), &format!("{before}{}{after}", words(numbers.1))),
        };
        let import = import("a.txt", text.as_bytes()).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let plain = |text: &str| text.trim_start_matches(|c: char| !c.is_alphabetic()).to_owned();
        for (answered, number) in [(FIRST, numbers.0), (SECOND, numbers.1)] {
            let expected = plain(&words(number)).trim_start_matches("1. ").to_owned();
            prop_assert!(answer(&import, answered.2).contains(&expected), "{}\n{}", answer(&import, answered.2), text);
        }
    }
}

#[test]
fn lines_of_a_list_that_count_stay() {
    let list = "\n\nForm A, page 1 of 3\n\nForm A, page 2 of 3\n\nForm A, page 3 of 3\n\n";
    let text = document(list, " ");
    let import = import("a.txt", text.as_bytes()).expect("it is an assessment");
    assert_eq!(
        answer(&import, FIRST.2),
        "Marks are entered / Form A, page 1 of 3 / Form A, page 2 of 3 / Form A, page 3 of 3 / twice a day."
    );
}

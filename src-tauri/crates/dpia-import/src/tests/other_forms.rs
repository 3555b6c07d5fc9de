//! Documents on another form, and documents of which only a part is on this one.

use super::{import, larkfield};

#[test]
fn another_organisations_form_is_refused() {
    let refused = |name: &str, text: &str| {
        let error = import(name, text.as_bytes()).expect_err("it is on another form").to_string();
        assert!(error.contains("does not look like"), "{error}");
    };
    let steps = String::from_utf8(super::fixture("made-up/seven-steps.txt")).expect("it is UTF-8");
    refused("seven-steps.txt", &steps);
    let blank: Vec<&str> = steps.lines().map(|line| line.split_once(": ").map_or(line, |(prompt, _)| prompt)).collect();
    refused("blank.txt", &blank.join("\n"));
    refused(
        "long.txt",
        &format!(
            "{steps}\n\nWhat data is being processed?\n\nNumber plates.\n\nWho is the data about?\n\nDrivers.\n\nDescribe the nature of the processing: how will data be \
             collected, used and stored, and who will use the information?\n\nBy cameras.\n\nIs special category data processed?\n\nNo.\n"
        ),
    );
}

#[test]
fn a_document_of_which_under_half_is_placed_is_known_as_such() {
    let text = larkfield(&[]);
    let whole = import("a.txt", text.as_bytes()).expect("it is an assessment");
    assert!(!whole.report.is_partly_placed(), "{} of {}", whole.report.questions_found, whole.report.questions_asked);
    assert!(whole.report.questions_found + 2 >= whole.report.questions_asked);
    let (first, _) = text.split_once("Purpose of the processing\n").expect("a section");
    let part = import("a.txt", first.as_bytes()).expect("it is a part of an assessment");
    assert!(part.report.is_partly_placed(), "{} of {}", part.report.questions_found, part.report.questions_asked);
}

#[test]
fn a_text_that_was_decoded_twice_is_remarked_on() {
    let text = larkfield(&[("children’s", "childrenâ€™s"), ("individuals’", "individualsâ€™")]);
    let read = import("a.txt", text.as_bytes()).expect("it is an assessment");
    let [crate::Remark::DecodedTwice { shown, meant, count, .. }] = &read.report.remarks[..] else { panic!("{:?}", read.report.remarks) };
    assert_eq!((shown.as_str(), meant.as_str(), *count), ("â€™", "’", 2));
    let paged = larkfield(&[("children’s", "childrenÔÇÖs"), ("individuals’", "individualsÔÇÖ")]);
    let paged = import("a.txt", paged.as_bytes()).expect("it is an assessment");
    let [crate::Remark::DecodedTwice { meant, .. }] = &paged.report.remarks[..] else { panic!("{:?}", paged.report.remarks) };
    assert_eq!(meant.as_str(), "’");
    let plain = import("a.txt", larkfield(&[]).as_bytes()).expect("it is an assessment");
    assert!(plain.report.remarks.is_empty());
}

//! Documents on the template that were made up: other conversions, other encodings, editions mixed, prompts in other
//! words. Every answer was checked by hand against the document.

use super::describe::describe;
use super::{fixture, import};

#[test]
fn every_answer_of_the_made_up_documents_is_read() {
    for name in ["oakfield-tracker.md", "elm-lodge-reports.txt", "birchwood-attendance.txt", "hazel-grove-insights.md"] {
        let import = import(name, &fixture(&format!("made-up/{name}"))).expect("it is an assessment");
        insta::assert_snapshot!(name, describe(&import));
    }
}

#[test]
fn a_text_that_is_no_assessment_is_refused_with_a_reason() {
    let check = |name: &str, bytes: &[u8]| {
        let error = import(name, bytes).expect_err("it is refused").to_string();
        insta::assert_snapshot!(format!("refused-{name}"), error);
    };
    check("privacy-notice.md", &fixture("made-up/privacy-notice.md"));
    check("contents.txt", b"Contents\n\nScreening.....\t3\nPart 1.....\t3\nPart 2.....\t5\n");
    check("letter.txt", b"Dear parents,\n\nwhat data is being processed? None.\n\nYours, the school\n");
    check("empty.txt", b"");
    check("form.docx", b"PK\x03\x04 and so on");
}

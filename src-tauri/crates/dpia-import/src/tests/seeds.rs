//! The four published documents: every answer, checked by hand against the document, is kept as a snapshot.

use super::describe::describe;
use super::{SEEDS, fixture, import};

#[test]
fn every_answer_of_the_published_documents_is_read() {
    for name in SEEDS {
        let import = import(name, &fixture(name)).expect("it is an assessment");
        insta::assert_snapshot!(name.trim_end_matches(".txt"), describe(&import));
    }
}

#[test]
fn every_published_document_is_read_on_its_own_edition() {
    let check = |name: &str, expected: &str| {
        let report = import(name, &fixture(name)).expect("it is an assessment").report;
        assert_eq!(report.edition.as_str(), expected, "{name}: {:?}", report.scores);
    };
    for (name, edition) in SEEDS.into_iter().zip(["2024.1", "2024.2", "2025.1", "2025.2"]) {
        check(name, edition);
    }
}

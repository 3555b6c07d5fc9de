//! From a published document to a signed PDF: what the document says is what is shown, printed and signed.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use dpia_tests::normal::document_words;
use dpia_tests::places::{DOCUMENTS, document, project_root, temporary_folder};
use dpia_tests::poppler::{read_pages, read_signatures, read_text};
use dpia_tests::terminal::{dpia, import, make_identity};
use dpia_tests::words::{missing_words, split_words};
use serde_json::Value;
use tempfile::TempDir;

/// The least share of a document's words that its report holds, in order.
const LEAST_SHARE: f64 = 0.995;
/// The moment at which every report of these tests is made.
const MOMENT: &str = "2026-11-22T09:00:00Z";

/// A document that was imported, in a folder of its own.
struct Imported {
    folder: TempDir,
    bundle: PathBuf,
}

impl Imported {
    fn import(name: &str) -> Result<Self> {
        let folder = temporary_folder()?;
        let bundle = folder.path().join("imported.dpia");
        import(&document(name), &bundle)?;
        Ok(Self { folder, bundle })
    }

    /// What `dpia show --json` says.
    fn show(&self) -> Result<Value> {
        let shown = dpia("show --json")?.argument(&self.bundle).succeed()?;
        Ok(serde_json::from_str(&shown.stdout)?)
    }

    /// The internal copy as a PDF, signed where an identity is given.
    fn report(&self, identity: Option<&Path>) -> Result<PathBuf> {
        let pdf = self.folder.path().join(if identity.is_some() { "signed.pdf" } else { "unsigned.pdf" });
        // The certificate was made just now: it is not in force at an earlier moment.
        let at = if identity.is_none() { dpia("report --at")?.words(MOMENT) } else { dpia("report")? };
        let mut call = at.argument(&self.bundle).words("-o").argument(&pdf);
        if let Some(identity) = identity {
            call = call.words("--sign").argument(identity);
        }
        call.succeed()?;
        Ok(pdf)
    }
}

/// What is under each question of a document, as a person read it: see `tests/golden/answers`.
fn read_golden_answers(name: &str) -> Result<Value> {
    let golden = project_root().join("tests/golden/answers").join(name).with_extension("json");
    let text = fs::read_to_string(&golden).with_context(|| format!("{} cannot be read", golden.display()))?;
    Ok(serde_json::from_str(&text)?)
}

#[test]
fn each_answer_of_a_document_is_shown_under_its_own_question() -> Result<()> {
    for name in DOCUMENTS {
        let golden = read_golden_answers(name)?;
        let shown = Imported::import(name)?.show()?;
        let answers = &shown["answers"];
        for (question, expected) in golden["answers"].as_object().context("answers by question")? {
            let expected = split_words(expected.as_str().unwrap_or_default());
            let actual = split_words(answers[question]["text"].as_str().unwrap_or_default());
            assert_eq!(actual, expected, "{name}: {question}");
        }
        for (question, expected) in golden["ticks"].as_object().context("ticks by question")? {
            assert_eq!(answers[question]["ticks"], *expected, "{name}: {question}");
            assert_eq!(answers[question]["state"], "answered", "{name}: {question}");
        }
        let rows = answers["disclosure.recipients"]["rows"].as_array().context("rows of recipients")?;
        let cells = |row: &Value| {
            ["name", "purpose", "country", "privacy_notice"].map(|column| split_words(row[column].as_str().unwrap_or_default()))
        };
        let actual: Vec<_> = rows.iter().map(cells).collect();
        let expected: Vec<_> = golden["recipients"]
            .as_array()
            .context("rows of recipients")?
            .iter()
            .map(|row| [0, 1, 2, 3].map(|column| split_words(row[column].as_str().unwrap_or_default())))
            .collect();
        assert_eq!(actual, expected, "{name}: disclosure.recipients");
    }
    Ok(())
}

#[test]
fn what_a_document_does_not_tell_is_unknown() -> Result<()> {
    for name in DOCUMENTS {
        let shown = Imported::import(name)?.show()?;
        for question in [
            "screening.consider",
            "screening.must",
            "processing.data",
            "processing.people",
            "disclosure.shared",
            "privacy.notice_sufficient",
        ] {
            assert_eq!(shown["answers"][question]["state"], "unknown", "{name}: {question}");
        }
    }
    Ok(())
}

#[test]
fn a_report_holds_the_words_of_the_document_in_their_order() -> Result<()> {
    for name in DOCUMENTS {
        let imported = Imported::import(name)?;
        let printed = split_words(&read_text(&imported.report(None)?)?);
        let expected = document_words(&fs::read_to_string(document(name))?);
        ensure!(expected.len() > 1500, "{name}: only {} words are left of it", expected.len());
        let missing = missing_words(&expected, &printed);
        #[expect(clippy::cast_precision_loss, reason = "a document has some thousand words")]
        let share = 1.0 - missing.len() as f64 / expected.len() as f64;
        assert!(share >= LEAST_SHARE, "{name}: {share:.4}, without {missing:?}");
    }
    Ok(())
}

#[test]
fn a_report_holds_every_word_of_every_answer() -> Result<()> {
    for name in DOCUMENTS {
        let imported = Imported::import(name)?;
        let printed = split_words(&read_text(&imported.report(None)?)?);
        let shown = imported.show()?;
        for (question, answer) in shown["answers"].as_object().context("answers by question")? {
            let text = answer["text"].as_str().unwrap_or_default();
            let cells = answer["rows"].as_array().into_iter().flatten().filter_map(Value::as_object).flat_map(serde_json::Map::values);
            let ticks = answer["ticks"].as_array().into_iter().flatten();
            let pieces = text.lines().chain(cells.chain(ticks).filter_map(Value::as_str));
            for piece in pieces {
                let missing = missing_words(&split_words(piece), &printed);
                assert_eq!(missing, [], "{name}: {question}: {piece}");
            }
        }
    }
    Ok(())
}

#[test]
fn the_contents_name_the_page_on_which_each_section_begins() -> Result<()> {
    for name in DOCUMENTS {
        let imported = Imported::import(name)?;
        let pages = read_pages(&imported.report(None)?)?;
        let contents = pages.iter().find(|page| page.lines().any(|line| line == "Contents")).context("a page of contents")?;
        let entries: Vec<(Vec<String>, usize)> = contents
            .lines()
            .skip_while(|line| *line != "Contents")
            .filter_map(|line| line.rsplit_once(' '))
            .filter_map(|(title, number)| Some((split_words(title), number.parse().ok()?)))
            .collect();
        assert!(entries.len() > 20, "{name}: {entries:?}");
        assert!(entries.is_sorted_by_key(|(_, number)| *number), "{name}: {entries:?}");
        for (title, number) in entries {
            let page = pages.get(number - 1).with_context(|| format!("{name}: there is no page {number}"))?;
            let words = split_words(page);
            assert!(words.windows(title.len()).any(|words| *words == title), "{name}: {title:?} is not on page {number}");
        }
    }
    Ok(())
}

#[test]
fn a_signature_is_pades_and_verified() -> Result<()> {
    for name in DOCUMENTS {
        let imported = Imported::import(name)?;
        let (identity, certificate) = make_identity(imported.folder.path())?;
        let pdf = imported.report(Some(&identity))?;
        let signatures = read_signatures(&pdf)?;
        assert_eq!(signatures.len(), 1, "{name}");
        assert_eq!(signatures[0].kind, "ETSI.CAdES.detached", "{name}");
        assert!(signatures[0].covers_all, "{name}");
        dpia("verify")?.argument(&pdf).words("--trust").argument(&certificate).succeed()?;
    }
    Ok(())
}

#[test]
fn the_same_assessment_at_the_same_moment_gives_the_same_bytes() -> Result<()> {
    let imported = Imported::import(DOCUMENTS[0])?;
    let first = fs::read(imported.report(None)?)?;
    let second = fs::read(imported.report(None)?)?;
    assert!(first == second, "two reports of one assessment differ");
    Ok(())
}

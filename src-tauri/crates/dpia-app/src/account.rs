//! The account of an import, as people read it: what was placed, what is unknown, what has no place, what was left out.

use crate::show::{ShownAnswer, show_answer, show_content, unasked};
use dpia_import::{Import, Remark};
use dpia_model::Form;
use dpia_model::assessment::{Content, DifferenceKind, LeftOutReason, Place};
use dpia_model::id::{AssessmentId, EditionId};
use dpia_model::progress::{QuestionState, state_of};
use dpia_model::rich_text::plain_runs;
use dpia_model::template::Question;
use serde::Serialize;

/// A line of an import report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct ReportItem {
    /// Where: a question's words, or the line and heading of the document.
    pub place: String,
    /// The words.
    pub words: String,
    /// Why, where it needs saying.
    pub reason: Option<String>,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct ImportView {
    /// The assessment made.
    pub assessment: AssessmentId,
    /// The document's file name.
    pub document: String,
    /// The product.
    pub product: String,
    /// The edition chosen.
    pub edition: EditionId,
    /// How many questions of the edition were found in the document.
    pub questions_found: u32,
    /// How many it asks, those of the internal sections not counted.
    pub questions_asked: u32,
    /// What is odd about the text of the document, a sentence each.
    pub remarks: Vec<String>,
    /// Answers found.
    pub placed: Vec<ReportItem>,
    /// Answers to be confirmed.
    pub unknown: Vec<ReportItem>,
    /// Text without a place, kept.
    pub unplaced: Vec<ReportItem>,
    /// Wording that differs from the edition's.
    pub differences: Vec<ReportItem>,
    /// What was left out, and why.
    pub left_out: Vec<ReportItem>,
}

/// The account of an import.
pub(crate) fn account_of(document: &str, form: &Form, import: &Import) -> ImportView {
    let assessment = &import.assessment;
    let record = assessment.imported.as_ref();
    let (mut placed, mut unknown) = (Vec::new(), Vec::new());
    for question in form.questions() {
        let content = assessment.content(&question.id);
        if matches!(content, Content::Unanswered) {
            continue;
        }
        let (list, nothing) = match state_of(form, question, assessment) {
            QuestionState::ToConfirm => (&mut unknown, "No mark could be read."),
            QuestionState::Answered | QuestionState::Open | QuestionState::NotAsked | QuestionState::Withheld => {
                (&mut placed, "None ticked.")
            }
        };
        let words =
            Some(words_shown(show_answer(form, question, content))).filter(|words| !words.is_empty()).unwrap_or_else(|| nothing.to_owned());
        list.push(ReportItem { place: name_of(form, question), words, reason: None });
    }
    let pieces = assessment.unplaced.iter().map(|piece| ReportItem {
        place: words_of_place(&piece.place),
        words: piece.text.plain_text(),
        reason: None,
    });
    let unplaced = pieces.chain(unasked(form, assessment).map(|(id, content)| ReportItem {
        place: id.to_string(),
        words: words_shown(show_content(None, content)),
        reason: Some("the answer to a question that this form does not have".to_owned()),
    }));
    let differences = record.iter().flat_map(|record| &record.differences).map(|difference| ReportItem {
        place: words_of_place(&difference.place),
        words: if difference.found.is_empty() { difference.expected.clone() } else { difference.found.clone() },
        reason: Some(match difference.kind {
            DifferenceKind::Wording => format!("the edition says: {}", difference.expected),
            DifferenceKind::OptionUnknown => "the edition has no such option".to_owned(),
            DifferenceKind::OptionMissing => "the document has no such option".to_owned(),
            DifferenceKind::QuestionMissing => "the document does not ask this".to_owned(),
        }),
    });
    let left_out = record.iter().flat_map(|record| &record.left_out).map(|piece| ReportItem {
        place: words_of_place(&piece.place),
        words: piece.text.clone(),
        reason: Some(
            match piece.reason {
                LeftOutReason::Contents => "contents page",
                LeftOutReason::PageFurniture => "running header, footer or page number",
                LeftOutReason::Slogan => "slogan",
                LeftOutReason::Cover => "fixed words of the cover",
                LeftOutReason::Placeholder => "placeholder that was not filled in",
                LeftOutReason::ConversionMark => "mark of the conversion; its text is kept",
                LeftOutReason::DoubledPrompt => "prompt that appears twice",
            }
            .to_owned(),
        ),
    });
    ImportView {
        assessment: assessment.id,
        document: document.to_owned(),
        product: assessment.details.product.clone(),
        edition: assessment.edition.clone(),
        questions_found: import.report.questions_found,
        questions_asked: import.report.questions_asked,
        remarks: import.report.remarks.iter().map(format_remark).collect(),
        placed,
        unknown,
        unplaced: unplaced.collect(),
        differences: differences.collect(),
        left_out: left_out.collect(),
    }
}

fn format_remark(remark: &Remark) -> String {
    match remark {
        Remark::DecodedTwice { line, shown, meant, count } => {
            let places = if *count == 1 { "once".to_owned() } else { format!("{count} times") };
            format!(
                "The text was decoded twice before it was imported: it has {shown} instead of {meant}, {places}, first on line {line}. \
                Save the document again as UTF-8 and import that, or correct the text."
            )
        }
    }
}

impl ImportView {
    /// Fewer than half of the edition's questions were found.
    pub fn is_partly_placed(&self) -> bool {
        self.questions_found.saturating_mul(2) < self.questions_asked
    }
}

/// The section of a question, and its own words where the section asks more than one.
fn name_of(form: &Form, question: &Question) -> String {
    let prompt = plain_runs(&question.prompt);
    match form.section_of(&question.id) {
        Some(section) if section.questions().count() > 1 => format!("{}: {prompt}", section.title),
        Some(section) => section.title.clone(),
        None => prompt,
    }
}

fn words_shown(answer: ShownAnswer) -> String {
    let rows = answer.rows.iter().map(|row| row.values().cloned().collect::<Vec<_>>().join(", "));
    let ticks = (!answer.ticks.is_empty() && answer.text.is_empty()).then(|| answer.ticks.join(", "));
    let lines: Vec<String> = ticks.into_iter().chain(Some(answer.text).filter(|text| !text.is_empty())).chain(rows).collect();
    lines.join("\n")
}

fn words_of_place(place: &Place) -> String {
    match (place.line, place.heading.is_empty()) {
        (0, _) => "not in the document".to_owned(),
        (line, true) => format!("line {line}"),
        (line, false) => format!("line {line}, under \"{}\"", place.heading),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dpia_import::{ImportOptions, Source};
    use dpia_model::Instant;
    use dpia_model::assessment::{Answer, Value};
    use dpia_model::rich_text::RichText;
    use dpia_model::template::{Library, NEWEST_PACK};

    #[test]
    fn an_answer_to_a_question_that_the_form_does_not_have_is_reported_as_kept() {
        let bytes = include_bytes!("../../../../tests/fixtures/documents/2025-07-04-pupil-progress.txt");
        let (library, pack) = (Library::built_in().unwrap(), NEWEST_PACK.parse().unwrap());
        let mut ids = || uuid::Uuid::nil();
        let at = Instant("2026-11-22T09:00:00Z".parse().unwrap());
        let options = ImportOptions { edition: None, library: &library, pack: &pack, at, ids: &mut ids };
        let mut import = dpia_import::read_document(Source { name: "a.txt", bytes }, options).unwrap();
        let form = library.form(&import.assessment.edition, &import.assessment.pack).unwrap().unwrap();
        let before = account_of("a.txt", &form, &import).unplaced.len();
        let content = Content::Answered { value: Value::RichText { text: RichText::from_plain("What nobody asked") } };
        import.assessment.answers.insert("no.longer.asked".parse().unwrap(), Answer { content, origin: None });
        let account = account_of("a.txt", &form, &import);
        assert_eq!(account.unplaced.len(), before + 1);
        let item = account.unplaced.last().unwrap();
        assert_eq!((item.place.as_str(), item.words.as_str()), ("no.longer.asked", "What nobody asked"));
        assert_eq!(item.reason.as_deref(), Some("the answer to a question that this form does not have"));
    }
}

//! An outcome to an assessment: ids given out in the order of the document, the account of the import beside it.

use crate::Source;
use crate::outcome::Outcome;
use dpia_model::assessment::{Answer, Assessment, Content, Difference, ImportRecord, LeftOut, Origin, Place, Unplaced, Value};
use dpia_model::date::Instant;
use dpia_model::id::{AssessmentId, Digest, RowId};
use uuid::Uuid;

/// Builds the assessment.
pub(crate) fn build_assessment(mut outcome: Outcome<'_>, source: Source<'_>, at: Instant, ids: &mut dyn FnMut() -> Uuid) -> Assessment {
    let form = outcome.wording.form;
    let mut assessment = Assessment::new(AssessmentId(ids()), form.edition.clone(), form.pack.clone(), "");
    assessment.details = std::mem::take(&mut outcome.details);
    if assessment.details.product.is_empty() {
        assessment.details.product = stem_of(source.name).to_owned();
    }
    let origin = Origin::Imported { document: source.name.to_owned(), at };
    for asked in &outcome.wording.questions {
        let Some(mut content) = outcome.contents.remove(&asked.question.id) else { continue };
        if let Content::Answered { value: Value::Table { rows } } = &mut content {
            rows.iter_mut().for_each(|row| row.id = RowId(ids()));
        }
        assessment.answers.insert(asked.question.id.clone(), Answer { content, origin: Some(origin.clone()) });
    }
    let mut kept = std::mem::take(&mut outcome.kept);
    kept.sort_by_key(|piece| piece.line);
    let mut differs = std::mem::take(&mut outcome.differs);
    differs.sort_by_key(|differs| differs.line);
    let place = |line: usize, question: Option<usize>| Place {
        line: outcome.document.lines.get(line).map_or(1, |line| line.number),
        heading: outcome.layout.heading_above(line).to_owned(),
        question: question.map(|question| outcome.wording.questions[question].question.id.clone()),
    };
    assessment.unplaced =
        kept.into_iter().map(|piece| Unplaced { id: RowId(ids()), text: piece.text, place: place(piece.line, piece.question) }).collect();
    assessment.imported = Some(ImportRecord {
        document: source.name.to_owned(),
        sha256: Digest::of(source.bytes),
        at,
        differences: differs
            .into_iter()
            .map(|differs| Difference {
                kind: differs.kind,
                found: differs.found,
                expected: differs.expected,
                place: place(differs.line, differs.question),
            })
            .collect(),
        left_out: outcome
            .removals()
            .into_iter()
            .map(|removal| LeftOut { reason: removal.reason, text: removal.text.clone(), place: place(removal.line, None) })
            .collect(),
    });
    assessment
}

/// A file name without its ending.
fn stem_of(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| if stem.is_empty() { name } else { stem })
}

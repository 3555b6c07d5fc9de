//! An assessment in plain words, question by question, as the terminal shows it.

use crate::plain;
use dpia_model::answer_text::{AnswerState, AnswerText, CellText, CellValue, Field, Role, RowText};
use dpia_model::assessment::{Content, DocumentDate, Value};
use dpia_model::id::QuestionId;
use dpia_model::rich_text::plain_runs;
use dpia_model::template::{Form, Question, QuestionKind, QuestionRole};
use dpia_model::{Assessment, CivilDate};
use serde::Serialize;
use std::collections::BTreeMap;

/// An assessment shown.
#[derive(Debug, Serialize)]
pub struct Shown<'a> {
    /// The product assessed.
    pub title: &'a str,
    /// The edition it is written on.
    pub edition: String,
    /// The pack of its internal sections.
    pub pack: String,
    /// The date of the document, as `2025-07-04`; none where not known.
    pub date: Option<CivilDate>,
    /// The date of the screening; none where not known.
    pub screening_date: Option<CivilDate>,
    /// The next review; none where not known.
    pub next_review: Option<CivilDate>,
    /// Every question of the form, by id.
    pub answers: BTreeMap<QuestionId, ShownAnswer>,
    /// Answers to questions that the form does not have, by id: kept, and part of no copy for a customer. Left out where there are
    /// none.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub unasked: BTreeMap<&'a QuestionId, ShownAnswer>,
    /// What has no place in the form.
    pub unplaced: Vec<String>,
    /// The whole tree.
    pub assessment: &'a Assessment,
}

/// An answer shown.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct ShownAnswer {
    /// Whether there is an answer.
    pub state: AnswerState,
    /// The words, without marks; for a yes or no, a date, a choice and a sign-off what it says.
    pub text: String,
    /// The labels of the options that are ticked.
    pub ticks: Vec<String>,
    /// The rows of a table, cells by column id; risks by field.
    pub rows: Vec<BTreeMap<String, String>>,
}

/// Shows an assessment.
pub fn show<'a>(form: &Form, assessment: &'a Assessment) -> Shown<'a> {
    let date_of = |role| match &assessment.answers.get(&form.question_of(role)?.id)?.content {
        Content::Answered { value: Value::Date { date, .. } } => Some(*date),
        Content::Answered { .. } | Content::Unanswered | Content::Unknown { .. } | Content::NotApplicable { .. } | Content::Withheld => {
            None
        }
    };
    Shown {
        title: &assessment.details.product,
        edition: assessment.edition.to_string(),
        pack: assessment.pack.to_string(),
        date: match assessment.details.date {
            DocumentDate::Known { date, .. } => Some(date),
            DocumentDate::Unanswered | DocumentDate::Unknown { .. } => None,
        },
        screening_date: date_of(QuestionRole::ScreeningDate),
        next_review: date_of(QuestionRole::NextReview),
        answers: form
            .questions()
            .map(|question| (question.id.clone(), show_answer(form, question, assessment.content(&question.id))))
            .collect(),
        unasked: unasked(form, assessment).map(|(id, content)| (id, show_content(None, content))).collect(),
        unplaced: assessment.unplaced.iter().map(|piece| piece.text.plain_text()).collect(),
        assessment,
    }
}

/// The answers to questions that the form does not have, by id.
pub(crate) fn unasked<'a>(form: &Form, assessment: &'a Assessment) -> impl Iterator<Item = (&'a QuestionId, &'a Content)> {
    let answers = assessment.answers.iter().map(|(id, answer)| (id, &answer.content));
    answers.filter(|(id, content)| form.question(id).is_none() && **content != Content::Unanswered)
}

/// Shows the answer to one question.
pub fn show_answer(form: &Form, question: &Question, content: &Content) -> ShownAnswer {
    show_content(Some((form, question)), content)
}

/// Shows an answer; where its question is not known, by the ids that it has.
pub(crate) fn show_content(asked: Option<(&Form, &Question)>, content: &Content) -> ShownAnswer {
    let answer = match asked {
        Some((form, question)) => AnswerText::read(form, question, content),
        None => AnswerText::read_alone(content),
    };
    let between = if answer.words(Role::Name).is_some() { ", " } else { "\n" };
    let text = answer.parts.iter().map(|part| part.words.plain_text()).filter(|words| !words.is_empty());
    ShownAnswer {
        state: answer.state,
        text: text.collect::<Vec<_>>().join(between),
        ticks: answer.ticked().map(str::to_owned).collect(),
        rows: answer.rows.iter().map(show_row).collect(),
    }
}

/// A row: its cells by the ids of their columns, or the fields of a risk with the ids of their steps.
fn show_row(row: &RowText<'_>) -> BTreeMap<String, String> {
    let name = |field: Field<'_>| match field {
        Field::Column(column) => Some(column.to_string()),
        Field::Source => Some("source".to_owned()),
        Field::Harm => Some("harm".to_owned()),
        Field::Likelihood => Some("likelihood".to_owned()),
        Field::Severity => Some("severity".to_owned()),
        Field::ResidualLikelihood => Some("residual_likelihood".to_owned()),
        Field::ResidualSeverity => Some("residual_severity".to_owned()),
        Field::Measure(_) | Field::Approved => None,
    };
    let text = |cell: &CellText<'_>| match (cell.field, cell.value) {
        (Field::Column(_), CellValue::Option { label, .. }) => label.to_owned(),
        (_, CellValue::Option { id, .. }) => id.to_string(),
        (_, value) => value.plain_text(),
    };
    let mut cells: BTreeMap<String, String> = row.cells.iter().filter_map(|cell| Some((name(cell.field)?, text(cell)))).collect();
    if row.value(Field::Source).is_some() {
        let measures = row.cells.iter().filter(|cell| matches!(cell.field, Field::Measure(_))).map(text);
        cells.insert("measures".to_owned(), measures.collect::<Vec<_>>().join("\n"));
    }
    cells
}

/// An answer as lines to read.
pub(crate) fn lines_of(question: &Question, answer: &ShownAnswer) -> Vec<String> {
    let has_marks = matches!(question.kind, QuestionKind::TickList { .. } | QuestionKind::TickGrid { .. });
    lines(answer, has_marks)
}

/// An answer as lines to read; its marks are those of a list, or else stand in its words as well.
fn lines(answer: &ShownAnswer, has_marks: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let state = match answer.state {
        AnswerState::Answered => None,
        AnswerState::Unknown => Some("to be confirmed"),
        AnswerState::Unanswered => Some("unanswered"),
        AnswerState::NotApplicable => Some("not applicable"),
        AnswerState::Withheld => Some("withheld"),
    };
    lines.extend(state.map(str::to_owned));
    if has_marks {
        if answer.state == AnswerState::Answered && answer.ticks.is_empty() {
            lines.push("none ticked".to_owned());
        }
        lines.extend(answer.ticks.iter().map(|label| format!("[x] {label}")));
    }
    lines.extend(answer.text.lines().map(str::to_owned));
    for row in &answer.rows {
        lines.push(format!("- {}", row.values().filter(|cell| !cell.is_empty()).cloned().collect::<Vec<_>>().join(" | ")));
    }
    lines
}

/// An assessment as lines to read: its title and dates, then every question with its answer.
pub fn show_as_text(form: &Form, assessment: &Assessment) -> String {
    let shown = show(form, assessment);
    let mut lines = vec![shown.title.to_owned(), format!("Edition {}, internal sections {}", shown.edition, shown.pack)];
    let dates = [("Date", shown.date), ("Screening", shown.screening_date), ("Next review", shown.next_review)];
    lines.extend(dates.iter().filter_map(|(name, date)| date.map(|date| format!("{name}: {date}"))));
    for section in form.sections() {
        if section.questions().next().is_some() {
            lines.extend([String::new(), format!("## {}", section.title)]);
        }
        for question in section.questions() {
            lines.extend([String::new(), format!("{}  {}", question.id, plain_runs(&question.prompt))]);
            let Some(answer) = shown.answers.get(&question.id) else { continue };
            let answer = lines_of(question, answer).join("\n");
            lines.extend(answer.lines().map(|line| format!("    {line}")));
        }
    }
    if !shown.unasked.is_empty() {
        lines.extend([String::new(), "## Answers to questions that this form does not have".to_owned()]);
        for (id, answer) in &shown.unasked {
            lines.extend([String::new(), id.to_string()]);
            let has_marks = answer.text.is_empty() && !answer.ticks.is_empty();
            lines.extend(
                self::lines(answer, has_marks).iter().flat_map(|words| words.lines().map(|line| format!("    {line}")).collect::<Vec<_>>()),
            );
        }
    }
    if !shown.unplaced.is_empty() {
        lines.extend([String::new(), "## Text that has no place in this form".to_owned()]);
        lines.extend(shown.unplaced.iter().flat_map(|piece| piece.lines().map(|line| format!("    {line}")).collect::<Vec<_>>()));
    }
    lines.push(String::new());
    plain::join(&lines)
}

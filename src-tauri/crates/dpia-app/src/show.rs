//! An assessment in plain words, question by question, as the terminal shows it.

use crate::plain;
use dpia_model::assessment::{Content, DocumentDate, Tick, Value};
use dpia_model::id::{OptionId, QuestionId};
use dpia_model::rich_text::{RichText, plain_runs};
use dpia_model::template::{ColumnKind, Form, Question, QuestionKind};
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
    /// unanswered, unknown, answered, not_applicable or withheld.
    pub state: &'static str,
    /// The words, without marks; for a yes or no, a date, a choice and a sign-off what it says.
    pub text: String,
    /// The labels of the options that are ticked.
    pub ticks: Vec<String>,
    /// The rows of a table, cells by column id; risks by field.
    pub rows: Vec<BTreeMap<String, String>>,
}

/// Shows an assessment.
pub fn show<'a>(form: &Form, assessment: &'a Assessment) -> Shown<'a> {
    let date_of = |question: &str| {
        let answer = assessment.answers.iter().find(|(id, _)| id.as_str() == question).map(|(_, answer)| &answer.content);
        match answer {
            Some(Content::Answered { value: Value::Date { date, .. } }) => Some(*date),
            _ => None,
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
        screening_date: date_of("screening.date"),
        next_review: date_of("decision.next_review"),
        answers: form.questions().map(|question| (question.id.clone(), show_answer(question, assessment.content(&question.id)))).collect(),
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
pub fn show_answer(question: &Question, content: &Content) -> ShownAnswer {
    show_content(Some(question), content)
}

/// Shows an answer; where its question is not known, by the ids that it has.
pub(crate) fn show_content(question: Option<&Question>, content: &Content) -> ShownAnswer {
    let mut shown = ShownAnswer { state: "unanswered", text: String::new(), ticks: Vec::new(), rows: Vec::new() };
    match content {
        Content::Unanswered => {}
        Content::Withheld => shown.state = "withheld",
        Content::NotApplicable { reason } => {
            shown.state = "not_applicable";
            shown.text = reason.clone();
        }
        Content::Unknown { stated } => {
            shown.state = "unknown";
            shown.text = words(stated.as_ref());
        }
        Content::Answered { value } => {
            shown.state = "answered";
            show_value(question, value, &mut shown);
        }
    }
    shown
}

fn words(text: Option<&RichText>) -> String {
    text.map(RichText::plain_text).unwrap_or_default()
}

fn label_of(question: Option<&Question>, option: &OptionId) -> String {
    let options = question.map(Question::options).unwrap_or_default();
    options.iter().find(|known| known.id == *option).map_or_else(|| option.to_string(), |known| known.label.clone())
}

fn join(first: String, rest: String) -> String {
    if rest.is_empty() { first } else { format!("{first}\n{rest}") }
}

fn show_value(question: Option<&Question>, value: &Value, shown: &mut ShownAnswer) {
    match value {
        Value::RichText { text } => shown.text = text.plain_text(),
        Value::Ticks { ticks, other } => {
            if !ticks.is_empty() && ticks.values().all(|tick| *tick == Tick::Unknown) {
                shown.state = "unknown";
            }
            let is_ticked = |option: &OptionId| ticks.get(option) == Some(&Tick::Ticked);
            shown.ticks = match question {
                Some(question) => {
                    question.options().iter().filter(|option| is_ticked(&option.id)).map(|option| option.label.clone()).collect()
                }
                None => ticks.keys().filter(|option| is_ticked(option)).map(ToString::to_string).collect(),
            };
            shown.text = words(other.as_ref());
        }
        Value::YesNo { is_yes, reasoning } => {
            let label = match question.map(|question| &question.kind) {
                Some(QuestionKind::YesNo { yes, no, .. }) => if *is_yes { yes } else { no }.clone(),
                _ => if *is_yes { "Yes" } else { "No" }.to_owned(),
            };
            shown.ticks = vec![label.clone()];
            shown.text = join(label, words(reasoning.as_ref()));
        }
        Value::Table { rows } => {
            let columns = match question.map(|question| &question.kind) {
                Some(QuestionKind::Table { columns }) => columns.as_slice(),
                _ => &[],
            };
            shown.rows = rows
                .iter()
                .map(|row| {
                    row.cells
                        .iter()
                        .map(|(id, cell)| {
                            let options = columns.iter().find(|column| column.id == *id).map(|column| &column.kind);
                            let text = match (cell, options) {
                                (dpia_model::assessment::Cell::Choice { option }, Some(ColumnKind::Choice { options })) => options
                                    .iter()
                                    .find(|known| known.id == *option)
                                    .map_or_else(|| option.to_string(), |known| known.label.clone()),
                                (cell, _) => cell.plain_text(),
                            };
                            (id.to_string(), text)
                        })
                        .collect()
                })
                .collect();
        }
        Value::Date { date, .. } => shown.text = date.to_string(),
        Value::Choice { option, reason } => {
            let label = label_of(question, option);
            shown.ticks = vec![label.clone()];
            shown.text = join(label, words(reason.as_ref()));
        }
        Value::SignOff { name, role, date, .. } => {
            let date = date.map(|date| date.to_string()).unwrap_or_default();
            shown.text = [name.clone(), role.clone(), date].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
        }
        Value::Risks { risks } => {
            shown.rows = risks
                .iter()
                .map(|risk| {
                    let step = |step: &Option<OptionId>| step.as_ref().map(ToString::to_string).unwrap_or_default();
                    let measures: Vec<&str> = risk.measures.iter().map(|measure| measure.description.as_str()).collect();
                    [
                        ("source", risk.source.clone()),
                        ("harm", risk.harm.clone()),
                        ("likelihood", step(&risk.likelihood)),
                        ("severity", step(&risk.severity)),
                        ("measures", measures.join("\n")),
                        ("residual_likelihood", step(&risk.residual_likelihood)),
                        ("residual_severity", step(&risk.residual_severity)),
                    ]
                    .map(|(field, text)| (field.to_owned(), text))
                    .into()
                })
                .collect();
        }
    }
}

/// An answer as lines to read.
pub(crate) fn lines_of(question: &Question, answer: &ShownAnswer) -> Vec<String> {
    let has_marks = matches!(question.kind, QuestionKind::TickList { .. } | QuestionKind::TickGrid { .. });
    lines(answer, has_marks)
}

/// An answer as lines to read; its marks are those of a list, or else stand in its words as well.
fn lines(answer: &ShownAnswer, has_marks: bool) -> Vec<String> {
    let mut lines = Vec::new();
    match answer.state {
        "answered" => {}
        "unknown" => lines.push("to be confirmed".to_owned()),
        state => lines.push(state.replace('_', " ")),
    }
    if has_marks {
        if answer.state == "answered" && answer.ticks.is_empty() {
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

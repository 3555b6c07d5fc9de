//! What a person types into the fields of a question, and the answer that it makes. The rules of typing are here: a field that
//! is left empty takes the answer away, reasons without a mark leave the mark unknown, a row gets its id.

use super::intent::{IntentError, ticks_of};
use crate::error::AppError;
use dpia_model::assessment::{Cell, Content, Effect, Measure, Risk, Row, Value, one_line};
use dpia_model::date::CivilDate;
use dpia_model::id::{ColumnId, OptionId, RowId};
use dpia_model::rich_text::RichText;
use dpia_model::template::{Question, QuestionKind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What is in the fields of a question, as it was typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Typed {
    /// The words of an answer in prose. Without any, the question is unanswered.
    Words {
        /// The words.
        text: RichText,
    },
    /// The reasons next to a yes or no, or the words of "Other".
    Reasons {
        /// The words.
        text: RichText,
    },
    /// One of several options, with reasons.
    Choice {
        /// The option; none where none is chosen.
        option: Option<OptionId>,
        /// The reasons, if any.
        reasons: Option<RichText>,
    },
    /// A day.
    Day {
        /// Day, month and year; empty where there is none.
        day: String,
    },
    /// The rows of a table, first to last.
    Rows {
        /// The rows.
        rows: Vec<TypedRow>,
    },
    /// The risks of a register, first to last.
    Risks {
        /// The risks.
        risks: Vec<TypedRisk>,
    },
    /// The record of somebody's sign-off.
    SignOff {
        /// Who.
        name: String,
        /// As what.
        role: String,
        /// When: day, month and year; empty where that is not known.
        day: String,
    },
    /// The question does not apply.
    NotApplicable {
        /// Why.
        reason: String,
    },
    /// There is no answer.
    Nothing,
    /// The answer that the question had at a revision: what an editor that is cancelled brings back.
    AsBefore {
        /// The revision.
        revision: u32,
    },
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct TypedRow {
    /// Its id; none for a row that has not been saved yet.
    pub id: Option<RowId>,
    /// Its cells, by column.
    pub cells: BTreeMap<ColumnId, TypedCell>,
}

/// A cell of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum TypedCell {
    /// Words.
    Text {
        /// The words.
        text: String,
    },
    /// A link.
    Link {
        /// Its words.
        label: String,
        /// Its address; none where it is not known.
        address: Option<String>,
    },
    /// A day.
    Day {
        /// Day, month and year.
        day: String,
    },
    /// One of the column's options.
    Choice {
        /// The option.
        option: OptionId,
    },
}

/// A risk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct TypedRisk {
    /// Its id; none for a risk that has not been saved yet.
    pub id: Option<RowId>,
    /// Where it comes from.
    pub source: String,
    /// What could happen to people.
    pub harm: String,
    /// How likely it is before the measures.
    pub likelihood: Option<OptionId>,
    /// How bad it would be before the measures.
    pub severity: Option<OptionId>,
    /// The measures.
    pub measures: Vec<TypedMeasure>,
    /// How likely it is after the measures.
    pub residual_likelihood: Option<OptionId>,
    /// How bad it would be after the measures.
    pub residual_severity: Option<OptionId>,
    /// Whether the measures were approved; none while nobody has decided.
    pub is_approved: Option<bool>,
}

/// A measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct TypedMeasure {
    /// Its id; none for a measure that has not been saved yet.
    pub id: Option<RowId>,
    /// What is done.
    pub description: String,
    /// Who sees to it.
    pub owner: String,
    /// By when: day, month and year; empty where that is not known.
    pub due: String,
    /// What it does to the risk.
    pub effect: Option<Effect>,
}

/// Reads a day as it was typed: day, month and year.
pub fn read_day(day: &str) -> Result<CivilDate, AppError> {
    CivilDate::parse_typed(day).map_err(AppError::refused)
}

/// The answer that typing makes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Made {
    /// As far as an answer can hold it.
    pub(crate) content: Content,
    /// The ids of rows, risks and measures that had none, in their order: a risk before its measures.
    pub(crate) new_ids: Vec<RowId>,
    /// Whether the answer holds all that was typed. A day that cannot be read is in no answer.
    pub(crate) is_whole: bool,
}

/// What an answer is made of beside what was typed.
pub(crate) struct Answering<'a> {
    /// The question.
    pub(crate) asked: &'a Question,
    /// What its answer is now.
    pub(crate) now: &'a Content,
    /// The result that follows from the screening's ticks, where the question records that result.
    pub(crate) result: Option<OptionId>,
    /// Makes ids.
    pub(crate) new_id: &'a dyn Fn() -> Uuid,
}

impl Answering<'_> {
    /// Makes the answer. What is brought back as it was is read from the history, and made nowhere here.
    pub(crate) fn make(&self, typed: &Typed) -> Result<Made, IntentError> {
        let mut maker = Maker { new_id: self.new_id, new_ids: Vec::new(), is_whole: true };
        let content = match typed {
            Typed::Words { text } if text.blocks.is_empty() => Content::Unanswered,
            Typed::Words { text } => answered(Value::RichText { text: text.clone() }),
            Typed::Reasons { text } => self.with_reasons(said(text))?,
            Typed::Choice { option, reasons } => {
                let reason = reasons.as_ref().and_then(said);
                match option.as_ref().or(self.result.as_ref()) {
                    Some(option) => answered(Value::Choice { option: option.clone(), reason }),
                    None => self.without_mark(reason),
                }
            }
            Typed::Day { day } => match maker.day(day) {
                Some(date) => answered(Value::Date { date, has_short_year: false }),
                None if maker.is_whole => Content::Unanswered,
                None => self.now.clone(),
            },
            Typed::Rows { rows } if rows.is_empty() => Content::Unanswered,
            Typed::Rows { rows } => answered(Value::Table { rows: rows.iter().map(|row| maker.row(row)).collect() }),
            Typed::Risks { risks } if risks.is_empty() => Content::Unanswered,
            Typed::Risks { risks } => answered(Value::Risks { risks: risks.iter().map(|risk| maker.risk(risk)).collect() }),
            Typed::SignOff { name, role, day } => {
                let (name, role, date) = (one_line(name), one_line(role), maker.day(day));
                match name.is_empty() && role.is_empty() && date.is_none() {
                    true => Content::Unanswered,
                    false => self.record(name, role, date),
                }
            }
            Typed::NotApplicable { reason } => Content::NotApplicable { reason: reason.trim().to_owned() },
            Typed::Nothing => Content::Unanswered,
            Typed::AsBefore { .. } => self.now.clone(),
        };
        Ok(Made { content, new_ids: maker.new_ids, is_whole: maker.is_whole })
    }

    fn with_reasons(&self, reasons: Option<RichText>) -> Result<Content, IntentError> {
        Ok(match &self.asked.kind {
            QuestionKind::YesNo { .. } => match self.now {
                Content::Answered { value: Value::YesNo { is_yes, .. } } => answered(Value::YesNo { is_yes: *is_yes, reasoning: reasons }),
                _ => self.without_mark(reasons),
            },
            QuestionKind::TickList { .. } | QuestionKind::TickGrid { .. } => match self.now {
                Content::Unknown { .. } => Content::Unknown { stated: reasons },
                now => answered(Value::Ticks { ticks: ticks_of(self.asked, now).0, other: reasons }),
            },
            QuestionKind::RichText { .. }
            | QuestionKind::Table { .. }
            | QuestionKind::Choice { .. }
            | QuestionKind::Date
            | QuestionKind::SignOff
            | QuestionKind::RiskRegister => {
                return Err(IntentError::WrongKind { question: self.asked.id.clone(), expected: self.asked.kind.name() });
            }
        })
    }

    /// Words next to a mark that nobody has set.
    fn without_mark(&self, stated: Option<RichText>) -> Content {
        match (self.now, &stated) {
            (Content::Unknown { .. }, _) | (_, Some(_)) => Content::Unknown { stated },
            (_, None) => Content::Unanswered,
        }
    }

    /// What is typed is a record of somebody's word. Only signing says what was signed, and as long as nothing in its fields
    /// differs, a signature stays one.
    fn record(&self, name: String, role: String, date: Option<CivilDate>) -> Content {
        let typed = Content::Answered { value: Value::SignOff { name, role, date, signs: None } };
        match (self.now, &typed) {
            (
                Content::Answered { value: Value::SignOff { name: one, role: as_one, date: on_one, .. } },
                Content::Answered { value: Value::SignOff { name, role, date, .. } },
            ) if (one, as_one, on_one) == (name, role, date) => self.now.clone(),
            _ => typed,
        }
    }
}

fn answered(value: Value) -> Content {
    Content::Answered { value }
}

/// The words, if there are any.
fn said(text: &RichText) -> Option<RichText> {
    (!text.blocks.is_empty()).then(|| text.clone())
}

/// What a made answer still needs while it is made.
struct Maker<'a> {
    new_id: &'a dyn Fn() -> Uuid,
    new_ids: Vec<RowId>,
    is_whole: bool,
}

impl Maker<'_> {
    fn id(&mut self, known: Option<RowId>) -> RowId {
        known.unwrap_or_else(|| {
            let id = RowId((self.new_id)());
            self.new_ids.push(id);
            id
        })
    }

    /// The day, where the words are one.
    fn day(&mut self, words: &str) -> Option<CivilDate> {
        if words.trim().is_empty() {
            return None;
        }
        let read = CivilDate::parse_typed(words).ok();
        self.is_whole &= read.is_some();
        read
    }

    fn row(&mut self, row: &TypedRow) -> Row {
        let id = self.id(row.id);
        let cells = row.cells.iter().filter_map(|(column, cell)| Some((column.clone(), self.cell(cell)?))).collect();
        Row { id, cells }
    }

    /// The cell; none where it is empty.
    fn cell(&mut self, cell: &TypedCell) -> Option<Cell> {
        match cell {
            TypedCell::Text { text } => (!text.is_empty()).then(|| Cell::Text { text: text.clone() }),
            TypedCell::Link { label, address } => {
                let address = address.clone().filter(|address| !address.is_empty());
                (!label.is_empty() || address.is_some()).then(|| Cell::Link { label: label.clone(), address })
            }
            TypedCell::Day { day } => self.day(day).map(|date| Cell::Date { date }),
            TypedCell::Choice { option } => Some(Cell::Choice { option: option.clone() }),
        }
    }

    fn risk(&mut self, risk: &TypedRisk) -> Risk {
        Risk {
            id: self.id(risk.id),
            source: risk.source.clone(),
            harm: risk.harm.clone(),
            likelihood: risk.likelihood.clone(),
            severity: risk.severity.clone(),
            measures: risk.measures.iter().map(|measure| self.measure(measure)).collect(),
            residual_likelihood: risk.residual_likelihood.clone(),
            residual_severity: risk.residual_severity.clone(),
            is_approved: risk.is_approved,
        }
    }

    fn measure(&mut self, measure: &TypedMeasure) -> Measure {
        Measure {
            id: self.id(measure.id),
            description: measure.description.clone(),
            owner: measure.owner.clone(),
            due: self.day(&measure.due),
            effect: measure.effect,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dpia_model::id::QuestionId;
    use dpia_model::template::{Form, Library, NEWEST_EDITION, NEWEST_PACK};
    use std::cell::Cell as Counter;

    fn form() -> Form {
        let (edition, pack) = (NEWEST_EDITION.parse().unwrap(), NEWEST_PACK.parse().unwrap());
        Library::built_in().unwrap().form(&edition, &pack).unwrap().unwrap()
    }

    /// What typing this makes of an answer; ids are numbered from 1.
    fn make(question: &str, now: &Content, typed: &Typed) -> Made {
        let (form, made) = (form(), Counter::new(0));
        let new_id = || {
            made.set(made.get() + 1);
            Uuid::from_u128(made.get())
        };
        let question: QuestionId = question.parse().unwrap();
        let asked = form.question(&question).unwrap();
        let made = Answering { asked, now, result: None, new_id: &new_id }.make(typed).unwrap();
        form.check_answer(asked, &made.content).unwrap();
        made
    }

    fn id(number: u128) -> RowId {
        RowId(Uuid::from_u128(number))
    }

    fn words(text: &str) -> RichText {
        RichText::from_plain(text)
    }

    #[test]
    fn fields_that_are_empty_take_the_answer_away() {
        let check = |question: &str, typed: Typed| {
            let before = Content::Answered { value: Value::RichText { text: words("Before.") } };
            let made = make(question, &before, &typed);
            assert_eq!((made.content, made.is_whole), (Content::Unanswered, true), "{typed:?}");
        };
        check("purpose.aims", Typed::Words { text: RichText::default() });
        check("disclosure.recipients", Typed::Rows { rows: Vec::new() });
        check("risk.register", Typed::Risks { risks: Vec::new() });
        check("screening.date", Typed::Day { day: " ".to_owned() });
        check("screening.sign_off", Typed::SignOff { name: String::new(), role: String::new(), day: String::new() });
        check("purpose.aims", Typed::Nothing);
    }

    #[test]
    fn reasons_without_a_mark_leave_it_unknown() {
        let check = |question: &str, now: Content, text: &str, expected: Content| {
            let reasons = if text.is_empty() { RichText::default() } else { words(text) };
            assert_eq!(make(question, &now, &Typed::Reasons { text: reasons }).content, expected, "{question} {now:?} {text}");
        };
        let unknown = |stated: Option<&str>| Content::Unknown { stated: stated.map(words) };
        let yes = |reasoning: Option<&str>| answered(Value::YesNo { is_yes: true, reasoning: reasoning.map(words) });
        check("privacy.notice_sufficient", Content::Unanswered, "Perhaps.", unknown(Some("Perhaps.")));
        check("privacy.notice_sufficient", Content::Unanswered, "", Content::Unanswered);
        check("privacy.notice_sufficient", unknown(Some("Perhaps.")), "", unknown(None));
        check("privacy.notice_sufficient", yes(None), "It says so.", yes(Some("It says so.")));
        check("privacy.notice_sufficient", yes(Some("It says so.")), "", yes(None));
        check("processing.data", unknown(None), "Grades.", unknown(Some("Grades.")));
        let made = make("processing.data", &Content::Unanswered, &Typed::Reasons { text: words("Grades.") }).content;
        assert!(matches!(made, Content::Answered { value: Value::Ticks { other: Some(_), .. } }), "{made:?}");
    }

    #[test]
    fn new_rows_get_ids_and_half_a_date_is_in_no_answer() {
        let row = |id: Option<RowId>, cells: &[(&str, TypedCell)]| TypedRow {
            id,
            cells: cells.iter().map(|(column, cell)| (column.parse().unwrap(), cell.clone())).collect(),
        };
        let text = |text: &str| TypedCell::Text { text: text.to_owned() };
        let rows = vec![row(None, &[("name", text("AWS")), ("purpose", text(""))]), row(Some(id(77)), &[]), row(None, &[])];
        let made = make("disclosure.recipients", &Content::Unanswered, &Typed::Rows { rows });
        assert_eq!(made.new_ids, [id(1), id(2)]);
        let Content::Answered { value: Value::Table { rows } } = made.content else { panic!() };
        assert_eq!(rows.iter().map(|row| (row.id, row.cells.len())).collect::<Vec<_>>(), [(id(1), 1), (id(77), 0), (id(2), 0)]);

        let measure =
            |due: &str| TypedMeasure { id: None, description: "Lock".into(), owner: String::new(), due: due.into(), effect: None };
        let risk = |measures: Vec<TypedMeasure>| TypedRisk {
            id: None,
            source: "A lost laptop".into(),
            harm: String::new(),
            likelihood: None,
            severity: None,
            measures,
            residual_likelihood: None,
            residual_severity: None,
            is_approved: None,
        };
        let risks = vec![risk(vec![measure("1.2.2027"), measure("31/02/2027")]), risk(Vec::new())];
        let made = make("risk.register", &Content::Unanswered, &Typed::Risks { risks });
        assert_eq!((made.new_ids, made.is_whole), (vec![id(1), id(2), id(3), id(4)], false), "a risk comes before its measures");
        let Content::Answered { value: Value::Risks { risks } } = made.content else { panic!() };
        let due: Vec<_> = risks[0].measures.iter().map(|measure| measure.due.map(|day| day.to_string())).collect();
        assert_eq!(due, [Some("01/02/2027".to_owned()), None]);
    }

    #[test]
    fn half_a_day_leaves_the_answer_as_it_was() {
        let before = answered(Value::Date { date: CivilDate::new(2026, 11, 30).unwrap(), has_short_year: false });
        let made = make("screening.date", &before, &Typed::Day { day: "12/3".to_owned() });
        assert_eq!((made.content, made.is_whole), (before, false));
    }

    #[test]
    fn a_signature_stays_one_while_nothing_in_its_fields_differs() {
        let signature = answered(Value::SignOff {
            name: "Sam".to_owned(),
            role: "DPO".to_owned(),
            date: CivilDate::new(2026, 11, 30),
            signs: Some(dpia_model::id::Digest::of(b"what was said")),
        });
        let typed = |role: &str| Typed::SignOff { name: "Sam".to_owned(), role: role.to_owned(), day: "30/11/2026".to_owned() };
        assert_eq!(make("screening.sign_off", &signature, &typed("DPO")).content, signature);
        let record = make("screening.sign_off", &signature, &typed("Head")).content;
        assert!(matches!(record, Content::Answered { value: Value::SignOff { signs: None, .. } }), "{record:?}");
    }

    #[test]
    fn a_reason_for_a_result_that_follows_from_the_ticks_records_it() {
        let form = form();
        let asked = form.question(&form.screening.result).unwrap();
        let typed = Typed::Choice { option: None, reasons: Some(words("No personal data.")) };
        let make = |result: Option<OptionId>| {
            Answering { asked, now: &Content::Unanswered, result, new_id: &Uuid::nil }.make(&typed).unwrap().content
        };
        let follows = form.screening.not_required.clone();
        let recorded = answered(Value::Choice { option: follows.clone(), reason: Some(words("No personal data.")) });
        assert_eq!(make(Some(follows)), recorded);
        assert_eq!(make(None), Content::Unknown { stated: Some(words("No personal data.")) });
    }
}

//! Short answers by their labels; where the screening's result is among them, a panel with its reason in counts.

use super::Writer;
use super::answers::{NOT_ANSWERED, plain_words, short_answer, written_text};
use super::tree::{Block, PanelLine, ScreeningResult, Words};
use dpia_model::answer_text::{AnswerState, Role};
use dpia_model::assessment::{Content, Tick, Value};
use dpia_model::rich_text::RichText;
use dpia_model::template::Question;

impl<'a> Writer<'a> {
    /// Questions that follow one another and are answered shortly.
    pub(crate) fn short_answers(&mut self, questions: &[&'a Question]) -> Vec<Block> {
        let input = self.input;
        let Some(result) = questions.iter().find(|question| question.id == input.form.screening.result) else {
            return vec![Block::Facts(questions.iter().map(|question| self.fact(question)).collect())];
        };
        let mut panel = self.result_panel(result);
        let mut sides = questions.split(|question| question.id == result.id);
        panel.first = sides.next().unwrap_or_default().iter().map(|question| self.panel_line(question)).collect();
        panel.lines = sides.flatten().map(|question| self.panel_line(question)).collect();
        let mut reason = Vec::new();
        let answer = self.read(result);
        // What a document said without deciding is in the panel.
        if answer.state == AnswerState::Answered {
            self.written(&answer, &mut reason);
        }
        if reason.is_empty() {
            return vec![Block::Result(panel)];
        }
        // Who signs does so under the reason, however long it is.
        let signed = std::mem::take(&mut panel.lines);
        let mut blocks = vec![Block::Result(panel)];
        blocks.append(&mut reason);
        if !signed.is_empty() {
            blocks.push(Block::PanelLines(signed));
        }
        blocks
    }

    fn result_panel(&self, question: &'a Question) -> ScreeningResult {
        let input = self.input;
        let label = self.form_words(&question.prompt).text();
        let screening = dpia_model::screening::screen(input.form, input.assessment);
        let chosen = screening.result.and_then(|id| question.options().iter().find(|option| option.id == id));
        let answer = self.read(question);
        let is_recorded = answer.state == AnswerState::Answered;
        let mut reasons = Vec::new();
        let (result, is_open) = match (chosen, answer.state) {
            (Some(option), _) => (option.label.as_str(), false),
            (None, AnswerState::Unknown) => ("To be confirmed", true),
            (None, AnswerState::NotApplicable) => ("Does not apply", true),
            (None, AnswerState::Withheld) => ("Not part of this copy", true),
            (None, AnswerState::Unanswered | AnswerState::Answered) => (NOT_ANSWERED, true),
        };
        let result = result.to_owned();
        if chosen.is_none() {
            let stated = written_text(&answer).map(RichText::plain_text);
            let options = || question.options().iter().map(|option| option.label.as_str()).collect::<Vec<_>>().join(" / ");
            reasons.push(Words::plain(stated.unwrap_or_else(options)));
            reasons.extend(question.help.iter().map(|paragraph| self.form_words(paragraph)));
        }
        if chosen.is_some() && !is_recorded {
            reasons.push(Words::plain("Results from the boxes above; not recorded yet."));
        }
        reasons.push(Words::plain(self.counts()));
        ScreeningResult { label, result, is_open, reasons, first: Vec::new(), lines: Vec::new() }
    }

    /// How many boxes of the screening are ticked, and how many are to be confirmed.
    fn counts(&self) -> String {
        let input = self.input;
        let (mut ticked, mut unknown, mut open, mut of_last) = (0, 0, 0, 0);
        for list in &input.form.screening.lists {
            let options = input.form.question(list).map_or(0, |question| question.options().len());
            match input.assessment.content(list) {
                Content::Answered { value: Value::Ticks { ticks, .. } } => {
                    of_last = ticks.values().filter(|tick| **tick == Tick::Ticked).count();
                    ticked += of_last;
                    unknown += ticks.values().filter(|tick| **tick == Tick::Unknown).count();
                }
                Content::Unknown { .. } | Content::Withheld | Content::Answered { .. } => {
                    of_last = 0;
                    unknown += options;
                }
                Content::Unanswered => {
                    of_last = 0;
                    open += options;
                }
                Content::NotApplicable { .. } => of_last = 0,
            }
        }
        let must = if input.form.screening.lists.len() > 1 && ticked > 0 {
            format!(", {} of them in the last list", if of_last == 0 { "none".to_owned() } else { of_last.to_string() })
        } else {
            String::new()
        };
        let first = match ticked {
            0 => "No box is ticked.".to_owned(),
            1 => format!("1 box is ticked{must}."),
            many => format!("{many} boxes are ticked{must}."),
        };
        let second = match unknown {
            0 => String::new(),
            1 => " 1 is to be confirmed.".to_owned(),
            many => format!(" {many} are to be confirmed."),
        };
        let third = match open {
            0 => String::new(),
            1 => " 1 is not answered yet.".to_owned(),
            many => format!(" {many} are not answered yet."),
        };
        first + &second + &third
    }

    /// A date or sign-off in the panel, with its label; name, role and date have labels of their own.
    fn panel_line(&self, question: &'a Question) -> PanelLine {
        let label = self.form_words(&question.prompt).text();
        let plain = |text: String| vec![(String::new(), text)];
        let answer = self.read(question);
        let values = match answer.state {
            AnswerState::Answered if answer.words(Role::Name).is_some() => {
                let date = Some(plain_words(&answer, Role::SignedOn)).filter(|date| !date.is_empty());
                vec![
                    ("Name".to_owned(), plain_words(&answer, Role::Name)),
                    ("Role".to_owned(), plain_words(&answer, Role::SignedAs)),
                    ("Date".to_owned(), date.unwrap_or_else(|| "Not given".to_owned())),
                ]
            }
            AnswerState::Answered => plain(short_answer(&answer)),
            AnswerState::Unknown => {
                let stated = Some(short_answer(&answer)).filter(|text| !text.is_empty());
                plain(stated.map_or("To be confirmed".to_owned(), |text| format!("{text} (to be confirmed)")))
            }
            AnswerState::Unanswered => plain(NOT_ANSWERED.to_owned()),
            AnswerState::NotApplicable => plain(format!("Does not apply. {}", plain_words(&answer, Role::Reason)).trim().to_owned()),
            AnswerState::Withheld => plain("Not part of this copy".to_owned()),
        };
        (label, values)
    }
}

//! The form's parts and sections, in order, each item with what was said.

use super::Writer;
use super::tree::{Anchor, Block, Part, Section, Words};
use crate::ReportInput;
use dpia_model::id::SectionId;
use dpia_model::rich_text::Run;
use dpia_model::template::{self, Question, QuestionKind, SectionItem};
use dpia_model::{CopyKind, Extent, Form};
use std::collections::BTreeSet;

/// The place of a part.
pub(crate) fn part_place(part: &template::Part) -> Anchor {
    Anchor(format!("part.{}", part.id))
}

/// The place of a section.
pub(crate) fn section_place(section: &template::Section) -> Anchor {
    Anchor(format!("section.{}", section.id))
}

/// The place of a question.
pub(crate) fn question_place(question: &Question) -> Anchor {
    Anchor(format!("question.{}", question.id))
}

/// The sections that a report prints: its content, and whatever goes along with it, hold these and no others.
pub fn printed_sections(form: &Form, copy: &CopyKind, extent: Extent) -> BTreeSet<SectionId> {
    let sections = form.parts.iter().flat_map(|part| part.sections.iter().map(move |section| (part, section)));
    let printed = sections.filter(|(part, section)| is_printed(form, copy, extent, part, section));
    printed.map(|(_, section)| section.id.clone()).collect()
}

/// Whether a report prints the section of this part.
fn is_printed(form: &Form, copy: &CopyKind, extent: Extent, part: &template::Part, section: &template::Section) -> bool {
    let is_in_extent = match extent {
        Extent::Whole => true,
        Extent::Screening => form.screening_part().is_some_and(|screened| screened.id == part.id),
    };
    let is_in_copy = match copy {
        CopyKind::Internal => true,
        CopyKind::Customer { included, .. } => !section.is_internal || included.contains(&section.id),
    };
    is_in_extent && is_in_copy
}

impl<'a> Writer<'a> {
    /// A writer that knows what its copy leaves out.
    pub(crate) fn new(input: &'a ReportInput<'a>) -> Self {
        let mut omitted = Vec::new();
        let mut places = BTreeSet::new();
        for part in &input.form.parts {
            let printed: Vec<_> =
                part.sections.iter().filter(|section| is_printed(input.form, input.copy, input.extent, part, section)).collect();
            if printed.is_empty() {
                omitted.push(part.title.clone());
            } else {
                places.insert(part_place(part));
                places.extend(printed.into_iter().map(section_place));
            }
        }
        Self { input, omitted, places, pictures: Vec::new() }
    }

    /// The parts that this copy prints.
    pub(crate) fn parts(&mut self) -> Vec<Part> {
        let input = self.input;
        let mut parts = Vec::new();
        for (at, part) in input.form.parts.iter().enumerate() {
            let mut sections = Vec::new();
            for section in part.sections.iter().filter(|section| is_printed(input.form, input.copy, input.extent, part, section)) {
                sections.push(self.section(section));
            }
            if at == 0
                && input.extent == Extent::Whole
                && let Some(last) = sections.last_mut()
            {
                last.blocks.push(Block::ReadingPanel);
            }
            if !sections.is_empty() {
                parts.push(Part { place: part_place(part), title: part.title.clone(), sections });
            }
        }
        parts
    }

    fn section(&mut self, section: &'a template::Section) -> Section {
        let asks = section.questions().next().is_some();
        let last_screened = self.input.form.screening.lists.last();
        let mut blocks = Vec::new();
        let mut items = section.items.iter().peekable();
        while let Some(item) = items.next() {
            match item {
                SectionItem::Text { paragraphs } => self.text(paragraphs, asks, &mut blocks),
                SectionItem::Question { question } if is_short(question, self.input) => {
                    let mut run: Vec<&Question> = vec![question];
                    while let Some(SectionItem::Question { question }) = items.next_if(|item| is_short_item(item, self.input)) {
                        run.push(question);
                    }
                    blocks.extend(run.iter().map(|question| Block::Anchor(question_place(question))));
                    blocks.extend(self.short_answers(&run));
                }
                SectionItem::Question { question } => {
                    blocks.push(Block::Anchor(question_place(question)));
                    blocks.extend(self.question(question));
                    if Some(&question.id) == last_screened {
                        blocks.push(Block::Legend);
                    }
                }
                SectionItem::RiskMap { register } => blocks.extend(self.risk_map(register)),
                SectionItem::RiskMeasures { register } => blocks.push(self.risk_measures(register)),
                SectionItem::GuidanceNotes => blocks.extend(self.guidance_notes()),
                SectionItem::RiskExamples => blocks.push(self.risk_examples()),
            }
        }
        Section { place: section_place(section), title: section.title.clone(), is_internal: section.is_internal, blocks }
    }

    /// Fixed words: plain prose, instructions where questions follow, and where the first is all bold, a question that
    /// what follows answers.
    fn text(&self, paragraphs: &[Vec<Run>], asks: bool, blocks: &mut Vec<Block>) {
        if let [first, rest @ ..] = paragraphs
            && let [Run::Text { text, bold: true, .. }] = &first[..]
        {
            let help = rest.iter().map(|runs| self.form_words(runs)).collect();
            blocks.push(Block::Question { prompt: Words::plain(text.as_str()), help });
            return;
        }
        for runs in paragraphs {
            let words = self.form_words(runs);
            blocks.push(if asks { Block::Guide(words) } else { Block::Prose(words) });
        }
    }

    fn guidance_notes(&self) -> Vec<Block> {
        self.input
            .form
            .guidance()
            .map(|(_, note)| {
                let mut paragraphs: Vec<Words> = note.paragraphs.iter().map(|runs| self.form_words(runs)).collect();
                paragraphs.extend(note.source.as_ref().map(|source| Words::default().and_italic(format!("Source: {source}"))));
                Block::Note { title: note.title.clone(), paragraphs }
            })
            .collect()
    }
}

/// A question whose answer is short enough to stand by its label.
fn is_short(question: &Question, input: &ReportInput<'_>) -> bool {
    let is_plain = question.help.is_empty();
    match question.kind {
        QuestionKind::Date | QuestionKind::SignOff => is_plain,
        QuestionKind::Choice { .. } => question.id == input.form.screening.result,
        QuestionKind::RichText { .. }
        | QuestionKind::TickList { .. }
        | QuestionKind::TickGrid { .. }
        | QuestionKind::YesNo { .. }
        | QuestionKind::Table { .. }
        | QuestionKind::RiskRegister => false,
    }
}

fn is_short_item(item: &SectionItem, input: &ReportInput<'_>) -> bool {
    match item {
        SectionItem::Question { question } => is_short(question, input),
        SectionItem::Text { .. }
        | SectionItem::RiskMap { .. }
        | SectionItem::RiskMeasures { .. }
        | SectionItem::GuidanceNotes
        | SectionItem::RiskExamples => false,
    }
}

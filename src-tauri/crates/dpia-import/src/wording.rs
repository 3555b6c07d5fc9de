//! The wording of a form, sentence by sentence, in the order in which the form prints it. Sentences that editions share
//! are looked for once.

use crate::words::{Vocabulary, split_words};
use dpia_model::rich_text::{Run, plain_runs};
use dpia_model::template::{Form, Question, QuestionKind, SectionItem};
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

/// A sentence or title that is looked for in documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Phrase {
    /// Its words, as numbers.
    pub(crate) numbers: Vec<u32>,
    /// Its words, as they stand.
    pub(crate) words: Vec<String>,
    /// The phrase itself.
    pub(crate) text: String,
    /// It is a title somewhere: only a line of its own can be it.
    pub(crate) is_title: bool,
}

/// Every phrase of several forms, each once.
#[derive(Debug, Default)]
pub(crate) struct Phrases {
    pub(crate) list: Vec<Phrase>,
    by_numbers: HashMap<(Vec<u32>, bool), usize>,
}

/// What a phrase is in a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The title on the cover.
    Title,
    /// The title of a part.
    Part,
    /// The title of the section of this index.
    Section(usize),
    /// Words of the form in the section of this index.
    Text(usize),
    /// A sentence of the question of this index: the prompt, its help or what is asked besides.
    Question(usize),
}

/// A phrase at its place in a form. Its place among the others is its index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Instance {
    pub(crate) phrase: usize,
    pub(crate) role: Role,
    /// The section it is in; none for titles of the cover and of parts.
    pub(crate) section: Option<usize>,
    /// It is the first sentence of a question.
    pub(crate) opens: bool,
    /// It is in a section of the pack.
    pub(crate) is_internal: bool,
}

/// A question with its options or columns, as numbers.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) question: &'a Question,
    pub(crate) section: usize,
    pub(crate) is_internal: bool,
    /// Labels of options, of columns, or of yes and no.
    pub(crate) labels: Vec<Vec<u32>>,
    /// Its phrases among the instances.
    pub(crate) instances: Range<usize>,
}

/// A form as it is looked for in a document.
#[derive(Debug)]
pub(crate) struct Wording<'a> {
    pub(crate) form: &'a Form,
    pub(crate) instances: Vec<Instance>,
    pub(crate) questions: Vec<Asked<'a>>,
    /// How many words of the edition's own there are, with options.
    pub(crate) weight: usize,
}

impl Phrases {
    fn learn(&mut self, text: &str, is_title: bool, vocabulary: &mut Vocabulary) -> Option<usize> {
        let numbers = vocabulary.learn(text);
        if numbers.is_empty() {
            return None;
        }
        let next = self.list.len();
        let index = *self.by_numbers.entry((numbers.clone(), is_title)).or_insert(next);
        if index == next {
            let words = split_words(text).into_iter().map(|range| text[range].to_owned()).collect();
            self.list.push(Phrase { numbers, words, text: text.trim().to_owned(), is_title });
        }
        Some(index)
    }
}

impl<'a> Wording<'a> {
    /// Takes a form apart.
    pub(crate) fn new(form: &'a Form, phrases: &mut Phrases, vocabulary: &mut Vocabulary) -> Self {
        let mut wording = Self { form, instances: Vec::new(), questions: Vec::new(), weight: 0 };
        let mut reader = Reader { wording: &mut wording, phrases, vocabulary, section: None, is_internal: false };
        reader.push(Role::Title, &form.title, true);
        let mut section_index = 0;
        for part in &form.parts {
            reader.section = None;
            reader.is_internal = part.sections.iter().all(|section| section.is_internal);
            reader.push(Role::Part, &part.title, true);
            for section in &part.sections {
                reader.section = Some(section_index);
                reader.is_internal = section.is_internal;
                reader.push(Role::Section(section_index), &section.title, true);
                for item in &section.items {
                    match item {
                        SectionItem::Text { paragraphs } => {
                            paragraphs.iter().for_each(|runs| reader.push_runs(Role::Text(section_index), runs));
                        }
                        SectionItem::Question { question } => reader.push_question(question, section_index),
                        SectionItem::RiskMap { .. }
                        | SectionItem::RiskMeasures { .. }
                        | SectionItem::GuidanceNotes
                        | SectionItem::RiskExamples => {}
                    }
                }
                section_index += 1;
            }
        }
        wording
    }
}

impl Wording<'_> {
    /// Every address that a link of the form leads to, and those that its words are.
    pub(crate) fn addresses(&self) -> BTreeSet<String> {
        let mut addresses = BTreeSet::new();
        let items = self.form.sections().flat_map(|section| &section.items);
        let runs = items.flat_map(|item| match item {
            SectionItem::Text { paragraphs } => paragraphs.iter().flatten().collect::<Vec<&Run>>(),
            SectionItem::Question { question } => question.prompt.iter().chain(question.help.iter().flatten()).collect(),
            SectionItem::RiskMap { .. } | SectionItem::RiskMeasures { .. } | SectionItem::GuidanceNotes | SectionItem::RiskExamples => {
                Vec::new()
            }
        });
        for run in runs {
            if let Run::Text { link: Some(link), .. } = run {
                addresses.extend(link.address.clone());
            }
        }
        addresses
    }
}

struct Reader<'w, 'a> {
    wording: &'w mut Wording<'a>,
    phrases: &'w mut Phrases,
    vocabulary: &'w mut Vocabulary,
    section: Option<usize>,
    is_internal: bool,
}

impl<'a> Reader<'_, 'a> {
    fn push(&mut self, role: Role, text: &str, is_title: bool) {
        if let Some(phrase) = self.phrases.learn(text, is_title, self.vocabulary) {
            let opens = false;
            self.wording.instances.push(Instance { phrase, role, section: self.section, opens, is_internal: self.is_internal });
            if !self.is_internal {
                self.wording.weight += self.phrases.list[phrase].numbers.len();
            }
        }
    }

    fn push_runs(&mut self, role: Role, runs: &[Run]) {
        let text = plain_runs(runs);
        split_sentences(&text).into_iter().for_each(|sentence| self.push(role, sentence, false));
    }

    fn push_question(&mut self, question: &'a Question, section: usize) {
        let role = Role::Question(self.wording.questions.len());
        let first = self.wording.instances.len();
        self.push_runs(role, &question.prompt);
        question.help.iter().for_each(|runs| self.push_runs(role, runs));
        if let QuestionKind::YesNo { reasoning: Some(runs), .. } = &question.kind {
            self.push_runs(role, runs);
        }
        if let Some(instance) = self.wording.instances.get_mut(first) {
            instance.opens = true;
        }
        let labels: Vec<Vec<u32>> = labels_of(question).iter().map(|label| self.vocabulary.learn(label)).collect();
        if !self.is_internal {
            self.wording.weight += labels.iter().map(Vec::len).sum::<usize>();
        }
        let instances = first..self.wording.instances.len();
        self.wording.questions.push(Asked { question, section, is_internal: self.is_internal, labels, instances });
    }
}

/// The labels of a question's options, of its columns, or of yes and no.
pub(crate) fn labels_of(question: &Question) -> Vec<&str> {
    match &question.kind {
        QuestionKind::TickList { options, .. } | QuestionKind::TickGrid { options, .. } | QuestionKind::Choice { options } => {
            options.iter().map(|option| option.label.as_str()).collect()
        }
        QuestionKind::YesNo { yes, no, .. } => vec![yes, no],
        QuestionKind::Table { columns } => columns.iter().map(|column| column.label.as_str()).collect(),
        QuestionKind::RichText { .. } | QuestionKind::Date | QuestionKind::SignOff | QuestionKind::RiskRegister => Vec::new(),
    }
}

/// The sentences of a wording. "e.g." and the like end none.
pub(crate) fn split_sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, mark) in text.char_indices().filter(|(_, c)| matches!(c, '.' | '?' | '!')) {
        let after = &text[at + mark.len_utf8()..];
        let before = text[start..at].rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
        let is_abbreviation = mark == '.' && matches!(before, "e.g" | "i.e" | "etc" | "incl" | "vs" | "no" | "No");
        let begins =
            after.trim_start_matches(['"', '”', '’', ')']).strip_prefix([' ', '\u{a0}']).and_then(|rest| rest.trim_start().chars().next());
        if !is_abbreviation && begins.is_some_and(|c| c.is_uppercase() || c.is_ascii_digit()) {
            let end = text.len() - after.trim_start_matches(['"', '”', '’', ')']).len();
            sentences.push(text[start..end].trim());
            start = end;
        }
    }
    sentences.push(text[start..].trim());
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_the_next_begins() {
        let check = |text: &str, expected: &[&str]| assert_eq!(split_sentences(text), expected, "{text}");
        check("What is it? Why? Say so.", &["What is it?", "Why?", "Say so."]);
        check("sub-processors e.g. Third party, etc. and more", &["sub-processors e.g. Third party, etc. and more"]);
        check("(e.g. one that is less) may not be. If not, stop.", &["(e.g. one that is less) may not be.", "If not, stop."]);
        check("", &[]);
    }
}

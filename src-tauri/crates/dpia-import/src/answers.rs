//! Pieces to answers, by the kind of question. What a kind cannot hold is kept without a place.

use crate::document::WordUse;
use crate::fields::{is_date_placeholder, read_date, read_sign_off, sign_off_field, split_label};
use crate::lines::Shape;
use crate::outcome::Outcome;
use crate::place::{Fragment, Owner};
use crate::prose::{plain_text, read_prose, read_words};
use crate::table::read_table;
use crate::ticks::{TickReading, read_ticks};
use crate::wording::Asked;
use crate::words::normalise_text;
use dpia_model::assessment::{Content, DifferenceKind, LeftOutReason, Row, Tick, Value};
use dpia_model::id::{OptionId, RowId};
use dpia_model::rich_text::RichText;
use dpia_model::template::{Column, Opt, QuestionKind};
use std::collections::BTreeMap;
use std::rc::Rc;
use uuid::Uuid;

/// Reads the answer of every question that was found.
pub(crate) fn read_answers(outcome: &mut Outcome<'_>) {
    let wording = Rc::clone(&outcome.wording);
    let mut pieces: Vec<Vec<Fragment>> = vec![Vec::new(); wording.questions.len()];
    for region in std::mem::take(&mut outcome.layout.regions) {
        match region.owner {
            Owner::Question(question) => pieces[question].extend(region.pieces),
            Owner::Title => split_headings(outcome, &region.pieces).into_iter().for_each(|part| outcome.keep(part, None)),
            Owner::Note(question) => outcome.keep(&region.pieces, Some(question)),
            Owner::Cover => crate::cover::read_cover(outcome, &region.pieces),
        }
    }
    let mut signed: Vec<(usize, Vec<Fragment>)> = Vec::new();
    for (index, asked) in wording.questions.iter().enumerate() {
        let is_found = asked.instances.clone().any(|instance| outcome.layout.found[instance].is_some());
        if is_found {
            let content = Reader { outcome, index, asked, signed: &mut signed }.read(&pieces[index]);
            let content = if outcome.layout.moved.contains(&index) { to_confirm(content) } else { content };
            if content != Content::Unanswered {
                outcome.contents.insert(asked.question.id.clone(), content);
            }
        }
    }
    place_sign_offs(outcome, &signed);
}

/// An answer whose question was where the form does not ask it: its place is to be confirmed.
fn to_confirm(content: Content) -> Content {
    match content {
        Content::Answered { value: Value::RichText { text } } => Content::Unknown { stated: Some(text) },
        // Options and columns, dates and names tell by themselves which question they answer.
        Content::Answered { .. } | Content::Unknown { .. } | Content::Unanswered | Content::NotApplicable { .. } | Content::Withheld => {
            content
        }
    }
}

/// Pieces cut before every heading.
fn split_headings<'p>(outcome: &Outcome<'_>, pieces: &'p [Fragment]) -> Vec<&'p [Fragment]> {
    let is_heading = |piece: &Fragment| outcome.document.lines[piece.line].shape == Shape::Heading;
    let mut parts = Vec::new();
    let mut start = 0;
    for at in (1..pieces.len()).filter(|at| is_heading(&pieces[*at])) {
        parts.push(&pieces[start..at]);
        start = at;
    }
    parts.push(&pieces[start..]);
    parts
}

/// Lines of a sign-off that were after another question of the same section.
fn place_sign_offs(outcome: &mut Outcome<'_>, signed: &[(usize, Vec<Fragment>)]) {
    let wording = Rc::clone(&outcome.wording);
    for (from, pieces) in signed {
        let section = wording.questions[*from].section;
        let target =
            wording.questions.iter().find(|asked| asked.section == section && matches!(asked.question.kind, QuestionKind::SignOff));
        let lines: Vec<String> = pieces.iter().map(|piece| plain_line(outcome, piece)).collect();
        match (target, read_sign_off(&lines)) {
            (Some(asked), Some(read)) if !outcome.contents.contains_key(&asked.question.id) => {
                let value = Value::SignOff { name: read.name, role: read.role, date: read.date, signs: None };
                outcome.contents.insert(asked.question.id.clone(), Content::Answered { value });
                settle_sign_off(outcome, pieces);
                let index = wording.questions.iter().position(|other| other.question.id == asked.question.id);
                outcome.differs.retain(|differs| differs.kind != DifferenceKind::QuestionMissing || differs.question != index);
            }
            _ => outcome.keep(pieces, Some(*from)),
        }
    }
}

/// The labels of a sign-off are wording, the rest is the answer.
fn settle_sign_off(outcome: &mut Outcome<'_>, pieces: &[Fragment]) {
    outcome.decide(pieces, WordUse::Answer);
    for piece in pieces {
        let text = &outcome.document.lines[piece.line].text;
        let end = text[piece.bytes.clone()].find([':', '\t']).map(|at| piece.bytes.start + at);
        let Some(end) = end.filter(|end| sign_off_field(&text[piece.bytes.start..*end]).is_some()) else { continue };
        let labels: Vec<usize> = piece.words.clone().filter(|at| outcome.document.words[*at].end <= end).collect();
        labels.into_iter().for_each(|at| outcome.document.decide(at..at + 1, WordUse::Wording));
    }
}

/// The words of a piece with its tabs.
pub(crate) fn plain_line(outcome: &Outcome<'_>, piece: &Fragment) -> String {
    let text = &outcome.document.lines[piece.line].text[piece.bytes.clone()];
    let cells: Vec<String> = text.split('\t').map(crate::document::collapse_spaces).filter(|cell| !cell.is_empty()).collect();
    crate::boxes::spell_boxes(&cells.join("\t"))
}

struct Reader<'r, 'f> {
    outcome: &'r mut Outcome<'f>,
    index: usize,
    asked: &'r Asked<'f>,
    signed: &'r mut Vec<(usize, Vec<Fragment>)>,
}

impl Reader<'_, '_> {
    fn read(&mut self, pieces: &[Fragment]) -> Content {
        if is_placeholder(&read_words(&self.outcome.document, pieces)) {
            self.outcome.leave_out(pieces, LeftOutReason::Placeholder);
            return Content::Unanswered;
        }
        match &self.asked.question.kind {
            QuestionKind::RichText { .. } => self.read_rich_text(pieces),
            QuestionKind::TickList { options, other } => {
                let other = other.as_ref().and_then(|id| options.iter().position(|option| option.id == *id));
                self.read_list(pieces, options, other)
            }
            QuestionKind::TickGrid { options, .. } => self.read_list(pieces, options, None),
            QuestionKind::YesNo { .. } => self.read_yes_no(pieces),
            QuestionKind::Table { columns } => self.read_rows(pieces, columns),
            QuestionKind::Date => self.read_day(pieces),
            QuestionKind::Choice { options } => self.read_choice(pieces, options),
            QuestionKind::SignOff => self.read_person(pieces),
            QuestionKind::RiskRegister => self.state(pieces),
        }
    }

    /// Words that cannot be read any further, as they stand. Nothing where there are none.
    fn state(&mut self, pieces: &[Fragment]) -> Content {
        match self.prose(pieces) {
            Some(text) => Content::Unknown { stated: Some(text) },
            None => Content::Unanswered,
        }
    }

    /// The prose of pieces, whose words then belong to the answer.
    fn prose(&mut self, pieces: &[Fragment]) -> Option<RichText> {
        let text = read_prose(&self.outcome.document, pieces);
        self.outcome.decide(pieces, WordUse::Answer);
        (!text.is_blank()).then_some(text)
    }

    fn read_rich_text(&mut self, pieces: &[Fragment]) -> Content {
        match self.prose(pieces) {
            Some(text) => Content::Answered { value: Value::RichText { text } },
            None => Content::Unanswered,
        }
    }

    fn read_list(&mut self, pieces: &[Fragment], options: &[Opt], other: Option<usize>) -> Content {
        let reading = read_ticks(&mut self.outcome.document, pieces, &self.asked.labels, other);
        let labels: Vec<&str> = options.iter().map(|option| option.label.as_str()).collect();
        self.settle_options(pieces, &reading, &labels);
        let words = match other {
            Some(_) => self.prose(&reading.prose),
            None => {
                self.outcome.keep(&reading.prose, Some(self.index));
                None
            }
        };
        let tick = |at: usize| match (reading.unclear[at] || !reading.found[at], reading.boxes[at]) {
            (true, _) => Tick::Unknown,
            (false, Some(true)) => Tick::Ticked,
            (false, Some(false)) => Tick::NotTicked,
            // Beside empty boxes an option without a mark may have lost a ticked one.
            (false, None) if reading.marks_are_ticks && !reading.has_edge[at] => Tick::NotTicked,
            (false, None) => Tick::Unknown,
        };
        let ticks: BTreeMap<OptionId, Tick> = options.iter().enumerate().map(|(at, option)| (option.id.clone(), tick(at))).collect();
        if !reading.is_known || ticks.values().all(|tick| *tick == Tick::Unknown) {
            return Content::Unknown { stated: words };
        }
        Content::Answered { value: Value::Ticks { ticks, other: words } }
    }

    /// Keeps account of options in other words, of missing ones, and of items that are none.
    fn settle_options(&mut self, pieces: &[Fragment], reading: &TickReading, labels: &[&str]) {
        let question = Some(self.index);
        let line = pieces.first().map_or_else(|| self.line(), |piece| piece.line);
        for (option, words) in &reading.reworded {
            let line = self.outcome.document.words[words.start].line;
            let found = self.outcome.document.text_of(words.clone());
            self.outcome.differ(DifferenceKind::Wording, found, labels[*option], line, question);
        }
        for (_, label) in reading.found.iter().zip(labels).filter(|(found, _)| !**found) {
            self.outcome.differ(DifferenceKind::OptionMissing, String::new(), label, line, question);
        }
        for stranger in &reading.strangers {
            let found = read_words(&self.outcome.document, stranger);
            self.outcome.strange_words += stranger.iter().map(|piece| piece.words.len()).sum::<usize>();
            let line = stranger.first().map_or(line, |piece| piece.line);
            self.outcome.differ(DifferenceKind::OptionUnknown, found, "", line, question);
            self.outcome.keep(stranger, question);
        }
    }

    fn read_yes_no(&mut self, pieces: &[Fragment]) -> Content {
        let reading = read_ticks(&mut self.outcome.document, pieces, &self.asked.labels, None);
        if !reading.reworded.is_empty() || reading.has_loose_word {
            // A word was typed for a tick: it is kept as it is.
            return self.state(pieces);
        }
        for stranger in &reading.strangers {
            self.outcome.keep(stranger, Some(self.index));
        }
        let is_plain = self.is_one_word(pieces);
        let reasoning = self.prose(&reading.prose);
        let answered = |is_yes, reasoning| Content::Answered { value: Value::YesNo { is_yes, reasoning } };
        let marks = [0, 1].map(|at| match (reading.unclear[at], reading.boxes[at]) {
            (true, _) => None,
            (false, None) if reading.marks_are_ticks => Some(false),
            (false, mark) => mark,
        });
        match (reading.is_known, marks, reading.lone_option()) {
            (true, [Some(true), Some(false)], _) => answered(true, reasoning),
            (true, [Some(false), Some(true)], _) => answered(false, reasoning),
            (true, [Some(false), Some(false)], _) if reasoning.is_none() && reading.strangers.is_empty() => Content::Unanswered,
            // The other word was deleted or struck.
            (false, _, Some(option)) if is_plain => answered(option == 0, reasoning),
            _ => Content::Unknown { stated: reasoning },
        }
    }

    /// Says whether no line asks, or has both words, neither struck: then the one that is read as an option is no answer.
    fn is_one_word(&self, pieces: &[Fragment]) -> bool {
        let document = &self.outcome.document;
        let has = |piece: &Fragment, label: &[u32]| {
            piece.words.clone().any(|at| label.first() == Some(&document.words[at].number) && !document.is_struck(at))
        };
        pieces.iter().all(|piece| {
            let text = document.lines[piece.line].text[piece.bytes.clone()].trim_end();
            let asks = piece.words.len() == 1 && text.ends_with('?');
            !asks && !self.asked.labels.iter().all(|label| has(piece, label))
        })
    }

    fn read_rows(&mut self, pieces: &[Fragment], columns: &[Column]) -> Content {
        let question = Some(self.index);
        let line = pieces.first().map_or_else(|| self.line(), |piece| piece.line);
        let reading = read_table(&mut self.outcome.document, pieces, columns, &self.asked.labels);
        for (column, words) in reading.reworded {
            let line = self.outcome.document.words[words.start].line;
            let found = self.outcome.document.text_of(words.clone());
            let expected = column.map_or("", |column| columns[column].label.as_str());
            self.outcome.strange_words += words.len();
            self.outcome.differ(DifferenceKind::Wording, found, expected, line, question);
        }
        for column in reading.missing {
            self.outcome.differ(DifferenceKind::Wording, String::new(), &columns[column].label, line, question);
        }
        for words in reading.repeated {
            self.outcome.document.leave_out(words, LeftOutReason::DoubledPrompt);
        }
        for (about, piece) in reading.strange_cells {
            let mut text = RichText::from_plain(&format!("{about}:"));
            text.blocks.extend(read_prose(&self.outcome.document, std::slice::from_ref(&piece)).blocks);
            self.outcome.kept.push(crate::outcome::UnplacedText { text, line: piece.line, question });
        }
        let rows: Vec<Row> = reading
            .rows
            .into_iter()
            .map(|cells| Row {
                id: RowId(Uuid::nil()),
                cells: columns.iter().zip(cells).filter_map(|(column, cell)| cell.map(|cell| (column.id.clone(), cell))).collect(),
            })
            .filter(|row| !row.cells.is_empty())
            .collect();
        if rows.is_empty() {
            return self.state(&reading.rest);
        }
        self.outcome.keep(&reading.rest, question);
        Content::Answered { value: Value::Table { rows } }
    }

    fn read_day(&mut self, pieces: &[Fragment]) -> Content {
        let Some((first, rest)) = pieces.split_first() else { return Content::Unanswered };
        let text = plain_text(&self.outcome.document, first);
        self.set_aside(rest);
        let first = std::slice::from_ref(first);
        if is_date_placeholder(&text) {
            self.outcome.leave_out(first, LeftOutReason::Placeholder);
            return Content::Unanswered;
        }
        match read_date(&text) {
            Some(read) => {
                self.outcome.decide(first, WordUse::Answer);
                Content::Answered { value: Value::Date { date: read.date, has_short_year: read.has_short_year } }
            }
            None => self.state(first),
        }
    }

    fn read_choice(&mut self, pieces: &[Fragment], options: &[Opt]) -> Content {
        let (rest, pieces): (Vec<Fragment>, Vec<Fragment>) = pieces.iter().cloned().partition(|piece| self.is_sign_off(piece));
        self.set_aside(&rest);
        let reading = read_ticks(&mut self.outcome.document, &pieces, &self.asked.labels, None);
        let ticked: Vec<usize> = (0..options.len()).filter(|at| reading.boxes[*at] == Some(true)).collect();
        let is_certain = reading.strangers.is_empty() && reading.reworded.is_empty() && !reading.unclear.contains(&true);
        let chosen: Option<&OptionId> = match (reading.is_known, &ticked[..], reading.lone_option()) {
            (true, [only], _) if is_certain => Some(&options[*only].id),
            (false, _, Some(only)) if is_certain => Some(&options[only].id),
            _ => None,
        };
        match chosen {
            Some(option) => {
                let reason = self.prose(&reading.prose);
                Content::Answered { value: Value::Choice { option: option.clone(), reason } }
            }
            None => match self.state(&pieces) {
                // The note on the question is there and its place is not: there was an answer.
                Content::Unanswered if !self.is_opened() => Content::Unknown { stated: None },
                content => content,
            },
        }
    }

    fn read_person(&mut self, pieces: &[Fragment]) -> Content {
        let lines: Vec<String> = pieces.iter().map(|piece| plain_line(self.outcome, piece)).collect();
        match read_sign_off(&lines) {
            Some(read) => {
                settle_sign_off(self.outcome, pieces);
                Content::Answered { value: Value::SignOff { name: read.name, role: read.role, date: read.date, signs: None } }
            }
            None => self.state(pieces),
        }
    }

    /// Lines of a sign-off wait for its question; others are kept.
    fn set_aside(&mut self, pieces: &[Fragment]) {
        let (signed, kept): (Vec<Fragment>, Vec<Fragment>) = pieces.iter().cloned().partition(|piece| self.is_sign_off(piece));
        if !signed.is_empty() {
            self.signed.push((self.index, signed));
        }
        self.outcome.keep(&kept, Some(self.index));
    }

    fn is_sign_off(&self, piece: &Fragment) -> bool {
        let line = plain_line(self.outcome, piece);
        piece.starts_line && split_label(&line).is_some_and(|(label, _)| sign_off_field(label).is_some())
    }

    /// Says whether the question itself is there, not only its help.
    fn is_opened(&self) -> bool {
        self.outcome.layout.found[self.asked.instances.start].is_some()
    }

    /// Where the question was found.
    fn line(&self) -> usize {
        self.asked.instances.clone().find_map(|instance| self.outcome.layout.found[instance]).unwrap_or_default()
    }
}

/// Words of an entry field that nobody filled in.
fn is_placeholder(text: &str) -> bool {
    matches!(
        normalise_text(text).as_str(),
        "not answered"
            | "not answered yet"
            | "click or tap here to enter text"
            | "click here to enter text"
            | "enter text here"
            | "insert text here"
            | "type here"
    )
}

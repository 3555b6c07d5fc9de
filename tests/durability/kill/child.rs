//! The process that is killed: it edits through the use cases without end, and tells each act before and after.

use super::acts::{Act, Line, State};
use crate::dice::Dice;
use anyhow::{Context as _, Result};
use dpia_app::editing::{Intent, Typed, Update};
use dpia_app::{System, Workspace};
use dpia_model::assessment::{Answer, Content, Value};
use dpia_model::id::{AssessmentId, QuestionId};
use dpia_model::rich_text::RichText;
use dpia_tests::keychain::FileKeychain;
use dpia_tests::places::fixture;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;

/// How many assessments are worked on.
const MOST: usize = 3;
const PROSE: [&str; 4] = ["screening.description", "purpose.aims", "nature.description", "security.measures"];
const PICTURES: [&str; 6] = ["alpha.png", "cmyk.jpg", "grey-16.png", "grey.jpg", "palette.png", "progressive.jpg"];

/// Edits until it is killed. With a fault, what is typed is acknowledged before it is kept.
pub(crate) fn edit_without_end(folder: &Path, seed: u64, has_fault: bool) -> Result<()> {
    let workspace = Workspace::open_with(folder, &FileKeychain::in_folder(folder), Box::new(System))?;
    tell(&Line::Ready)?;
    let mut desk = Desk { workspace, dice: Dice::new(seed), states: BTreeMap::new(), count: 0 };
    for id in desk.workspace.portfolio.list()?.into_iter().map(|summary| summary.id) {
        desk.act(Act::Open(id))?;
    }
    loop {
        let act = desk.choose();
        if has_fault && let Act::Type(id, question, content) = &act {
            let mut state = desk.states.get(id).context("a state")?.clone();
            state.drafts.insert(question.clone(), content.clone());
            tell(&Line::Begin(act.clone()))?;
            tell(&Line::Done(Box::new(state)))?;
        }
        desk.act(act)?;
    }
}

struct Desk {
    workspace: Workspace,
    dice: Dice,
    states: BTreeMap<AssessmentId, State>,
    count: usize,
}

impl Desk {
    fn choose(&mut self) -> Act {
        let ids: Vec<AssessmentId> = self.states.keys().copied().collect();
        if ids.len() < MOST {
            return Act::Create;
        }
        let id = *self.dice.choose(&ids);
        if self.states.get(&id).is_some_and(|state| state.is_binned) {
            return Act::TakeOut(id);
        }
        match self.dice.below(100) {
            0..45 => Act::Type(id, self.question(), self.words()),
            45..70 => Act::Settle(id, self.question(), self.words()),
            70..82 => Act::Click(id, question("disclosure.shared"), self.dice.once_in(2)),
            82..88 => Act::Undo(id),
            88..92 => Act::Redo(id),
            92..95 => Act::Picture(id, (*self.dice.choose(&PICTURES)).to_owned()),
            95..97 => Act::Bin(id),
            _ => Act::Open(id),
        }
    }

    fn question(&mut self) -> QuestionId {
        let id: &&str = self.dice.choose(&PROSE);
        question(id)
    }

    /// Words that no other act writes: mostly a line, now and then some pages.
    fn words(&mut self) -> Content {
        self.count += 1;
        let length = if self.dice.once_in(12) { 400 } else { 1 + self.dice.below(6) };
        let text = format!("{} {} {}", self.count, self.dice.seed(), "some of the words of an answer ".repeat(length));
        Content::Answered { value: Value::RichText { text: RichText::from_plain(text.trim()) } }
    }

    /// Does it, and tells it before and after.
    fn act(&mut self, act: Act) -> Result<()> {
        tell(&Line::Begin(act.clone()))?;
        let workspace = &self.workspace;
        let state = match act {
            Act::Create => {
                let id = workspace.portfolio.create("Sonar")?;
                State::of(id, workspace.editor.open(id)?.now)
            }
            Act::Open(id) => {
                let pictures = self.states.get(&id).map(|state| state.pictures.clone()).unwrap_or_default();
                State { pictures, ..State::of(id, workspace.editor.open(id)?.now) }
            }
            Act::Type(id, question, content) => {
                workspace.editor.save_answer(id, question.clone(), typed(&content)?, false)?;
                self.next(id, None, |drafts| drop(drafts.insert(question, content)))?
            }
            Act::Settle(id, question, content) => {
                let saved = workspace.editor.save_answer(id, question.clone(), typed(&content)?, true)?;
                self.next(id, saved.update, |drafts| drop(drafts.remove(&question)))?
            }
            Act::Click(id, question, is_yes) => {
                let update = workspace.editor.edit(id, Intent::AnswerYesNo { question: question.clone(), is_yes })?;
                self.next(id, Some(update), |drafts| drop(drafts.remove(&question)))?
            }
            Act::Undo(id) => self.next(id, Some(workspace.editor.undo(id)?), BTreeMap::clear)?,
            Act::Redo(id) => self.next(id, Some(workspace.editor.redo(id)?), BTreeMap::clear)?,
            Act::Picture(id, name) => {
                let picture = workspace.editor.add_picture(id, &fixture("pictures").join(name))?.id;
                let mut state = self.next(id, Some(workspace.editor.open(id)?.now), BTreeMap::clear)?;
                state.pictures.insert(picture);
                state
            }
            Act::Bin(id) => {
                workspace.portfolio.bin(id)?;
                State { is_binned: true, ..self.known(id)? }
            }
            Act::TakeOut(id) => {
                workspace.portfolio.restore(id)?;
                State { is_binned: false, ..self.known(id)? }
            }
        };
        tell(&Line::Done(Box::new(state.clone())))?;
        self.states.insert(state.id, state);
        Ok(())
    }

    fn known(&self, id: AssessmentId) -> Result<State> {
        self.states.get(&id).cloned().context("an assessment that was never opened")
    }

    fn next(&self, id: AssessmentId, update: Option<Update>, change: impl FnOnce(&mut BTreeMap<QuestionId, Content>)) -> Result<State> {
        let mut state = self.known(id)?;
        change(&mut state.drafts);
        if let Some(update) = update {
            state.revision = update.revision;
            state.take(update.answers);
        }
        Ok(State { is_binned: false, ..state })
    }
}

impl State {
    fn of(id: AssessmentId, update: Update) -> Self {
        let (drafts, pictures) = (BTreeMap::new(), BTreeSet::new());
        let mut state = Self { id, revision: update.revision, answers: BTreeMap::new(), drafts, pictures, is_binned: false };
        state.take(update.answers);
        state
    }

    fn take(&mut self, changed: BTreeMap<QuestionId, Option<Answer>>) {
        for (question, answer) in changed {
            match answer {
                Some(answer) => self.answers.insert(question, answer),
                None => self.answers.remove(&question),
            };
        }
    }
}

/// The words of an answer, as they are typed.
fn typed(content: &Content) -> Result<Typed> {
    Ok(Typed::Words { text: content.rich_text().context("an answer in words")?.clone() })
}

fn question(id: &str) -> QuestionId {
    QuestionId::new(id).unwrap_or_else(|error| panic!("{id}: {error:?}"))
}

/// A line is out before the next thing is done. It begins on a line of its own, whatever the test runner wrote.
fn tell(line: &Line) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("\n{}\n", serde_json::to_string(line)?).as_bytes())?;
    Ok(out.flush()?)
}

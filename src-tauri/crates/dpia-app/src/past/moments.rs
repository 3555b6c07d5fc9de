//! An assessment with its history: its versions, its entries, and what it said at any moment.

use super::histories::Histories;
use super::views::{HistoryEntry, HistoryView, MomentView, VersionView};
use crate::documents::Opened;
use crate::editing::Update;
use crate::error::{AppError, ErrorCode};
use crate::surroundings::parse_moment;
use dpia_bundle::Scope;
use dpia_model::change::Change;
use dpia_model::date::Instant;
use dpia_model::history::Entry;
use dpia_model::id::{AssessmentId, QuestionId, RowId};
use dpia_model::rich_text::plain_runs;
use dpia_model::version::{Version, VersionKind, VersionName, find_versions, keep_version, kept_name};
use dpia_model::{Assessment, Form, Question, QuestionKind};
use serde::Deserialize;
use std::ops::ControlFlow;
use std::sync::Arc;

/// A moment of a history, as it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Moment {
    /// After the entry of this number; 0 is as the assessment began.
    Entry {
        /// The number.
        number: u32,
    },
    /// After the last entry that was made until then.
    Time {
        /// Then.
        at: Instant,
    },
    /// Now.
    Now,
}

/// An assessment with its history.
pub struct Past {
    pub(super) form: Arc<Form>,
    pub(super) assessment: Assessment,
    pub(super) entries: Vec<Entry>,
}

impl Past {
    /// The past of what a bundle holds. A copy has none.
    pub fn of(opened: Opened) -> Self {
        let entries = match opened.bundle.scope {
            Scope::Full { history } => history,
            Scope::Copy { .. } => Vec::new(),
        };
        Self { form: Arc::new(opened.form), assessment: opened.bundle.assessment, entries }
    }

    /// The versions and the entries, the newest first.
    pub fn view(&self) -> HistoryView {
        // How many changes were made after each entry; keeping a version is none.
        let mut since = vec![0_u32; self.entries.len() + 1];
        for (at, entry) in self.entries.iter().enumerate().rev() {
            since[at] = since[at + 1] + u32::from(kept_name(&entry.change).is_none());
        }
        let versions = find_versions(&self.entries).into_iter().rev().map(|version| VersionView {
            number: version.number,
            name: self.name_of(&version),
            is_sign_off: matches!(version.kind, VersionKind::SignedOff { .. }),
            changes_since: since.get(version.number as usize).copied().unwrap_or_default(),
            person: version.person,
            at: version.at,
        });
        HistoryView { versions: versions.collect(), steps: self.entries.iter().rev().map(step_of).collect() }
    }

    /// How a moment is written.
    pub(super) fn moment(&self, number: u32) -> MomentView {
        let version = find_versions(&self.entries).into_iter().find(|version| version.number == number);
        let entry = self.entries.iter().find(|entry| entry.sequence == number);
        MomentView { number, at: entry.map(|entry| entry.at), name: version.map(|version| self.name_of(&version)) }
    }

    /// The entry that a moment comes after; 0 where it is before all of them.
    pub(super) fn number_at(&self, moment: Moment) -> Result<u32, AppError> {
        let last = self.entries.last().map_or(0, |entry| entry.sequence);
        match moment {
            Moment::Now => Ok(last),
            Moment::Entry { number } if number <= last => Ok(number),
            Moment::Entry { number } => {
                let message = format!("The history has no entry {number}: give one from 0 to {last}.");
                Err(AppError::new(ErrorCode::NotFound, message))
            }
            // Order is the sequence: a clock that was set back reorders nothing.
            Moment::Time { at } => Ok(self.entries.iter().rev().find(|entry| entry.at <= at).map_or(0, |entry| entry.sequence)),
        }
    }

    /// The number of the newest version; none where there is none.
    pub fn last_version(&self) -> Option<u32> {
        find_versions(&self.entries).last().map(|version| version.number)
    }

    /// The moment that somebody names: "now", "last-version", the number of an entry, a day (its end, UTC), an instant, or a
    /// version, of which the newest of that name is meant. Whoever named a version "now" or "0" has not changed what those mean:
    /// it is named by its number.
    ///
    /// # Errors
    /// `Misused` where this history has no such moment.
    pub fn find_moment(&self, named: &str) -> Result<Moment, AppError> {
        let version = |name: &str| {
            let versions = find_versions(&self.entries);
            versions.iter().rev().find(|version| self.name_of(version) == name).map(|version| version.number)
        };
        if named == "now" {
            return Ok(Moment::Now);
        }
        if named == "last-version" {
            let none = || AppError::new(ErrorCode::Misused, "There is no version yet: give another moment, such as 0.");
            return self.last_version().map(|number| Moment::Entry { number }).ok_or_else(none);
        }
        if let Ok(number) = named.parse() {
            let moment = Moment::Entry { number };
            return self.number_at(moment).map(|_| moment).map_err(|error| AppError { code: ErrorCode::Misused, ..error });
        }
        let end_of_day = || named.parse::<jiff::civil::Date>().ok()?.at(23, 59, 59, 999_999_999).to_zoned(jiff::tz::TimeZone::UTC).ok();
        if let Some(end) = end_of_day() {
            return Ok(Moment::Time { at: Instant(end.timestamp()) });
        }
        if let Some(at) = parse_moment(named) {
            return Ok(Moment::Time { at });
        }
        version(named).map(|number| Moment::Entry { number }).ok_or_else(|| {
            let message = format!(
                "\"{named}\" is not a moment of this history. Give the number of an entry, a version, a day such as 2026-11-22, or now."
            );
            AppError::new(ErrorCode::Misused, message)
        })
    }

    fn name_of(&self, version: &Version) -> String {
        match &version.kind {
            VersionKind::Kept { name } => name.as_str().to_owned(),
            VersionKind::SignedOff { question, by } => {
                let Some(section) = self.form.section_of(question) else { return format!("Signed off: {question}") };
                let is_sign_off = |asked: &&Question| matches!(asked.kind, QuestionKind::SignOff);
                match section.questions().filter(is_sign_off).find(|asked| asked.id == *question) {
                    // "Measures approved by" and who it was; where a section has one sign-off, its title says more.
                    Some(asked) if section.questions().filter(is_sign_off).count() > 1 => format!("{} {by}", plain_runs(&asked.prompt)),
                    Some(_) | None => format!("Signed off: {}", section.title),
                }
            }
        }
    }

    /// Shows the assessment after each entry, the newest first, and then as it began, without an entry; stops where that is
    /// asked.
    pub(super) fn walk_back(&self, mut see: impl FnMut(Option<&Entry>, &Assessment) -> ControlFlow<()>) -> Result<(), AppError> {
        let mut assessment = self.assessment.clone();
        for entry in self.entries.iter().rev() {
            if see(Some(entry), &assessment).is_break() {
                return Ok(());
            }
            entry.inverse.apply(&mut assessment).map_err(|error| {
                let words = format!("The history of this assessment is inconsistent: entry {} does not match.", entry.sequence);
                AppError::new(ErrorCode::Damaged, words).with_detail(error)
            })?;
        }
        let _ = see(None, &assessment);
        Ok(())
    }

    /// What it said after the entry of this number.
    pub(super) fn at(&self, number: u32) -> Result<Assessment, AppError> {
        let mut found = None;
        self.walk_back(|entry, assessment| {
            if number_of(entry) > number {
                return ControlFlow::Continue(());
            }
            found = Some(assessment.clone());
            ControlFlow::Break(())
        })?;
        found.ok_or_else(|| AppError::not_found("This moment"))
    }
}

impl Histories {
    /// The versions of an assessment and every entry of its history.
    pub fn read(&self, id: AssessmentId) -> Result<HistoryView, AppError> {
        Ok(self.settled_past(id)?.view())
    }

    /// Keeps what an assessment says now as a version of this name.
    pub fn keep_version(&self, id: AssessmentId, name: &str) -> Result<Update, AppError> {
        let name: VersionName = name.parse().map_err(AppError::refused)?;
        let piece = RowId(self.vault.new_id());
        self.editor.edit_one(id, move |page| {
            page.settle_all()?;
            let (_, revision) = page.load()?;
            page.append(&page.author()?, revision, vec![(keep_version(&name, piece), None)])?;
            page.collect_changes()
        })
    }

    /// The past of an assessment. What is being typed is settled first.
    pub(crate) fn settled_past(&self, id: AssessmentId) -> Result<Past, AppError> {
        self.editor.settle_drafts(id)?;
        self.past(id)
    }

    /// The past of an assessment. What is being typed is no part of it yet.
    pub(crate) fn past(&self, id: AssessmentId) -> Result<Past, AppError> {
        let (assessment, _) = self.vault.store().load(id)?;
        Ok(Past { form: self.editor.form_of(id)?, assessment, entries: self.vault.store().history(id)? })
    }
}

/// The number of an entry; 0 as the assessment began.
pub(super) fn number_of(entry: Option<&Entry>) -> u32 {
    entry.map_or(0, |entry| entry.sequence)
}

fn step_of(entry: &Entry) -> HistoryEntry {
    let mut step = HistoryEntry {
        number: entry.sequence,
        person: entry.person.clone(),
        at: entry.at,
        is_undo: entry.undoes.is_some(),
        questions: Vec::new(),
        besides: Vec::new(),
    };
    note(&entry.change, &mut step);
    step
}

/// Notes what a change reaches.
fn note(change: &Change, step: &mut HistoryEntry) {
    if let Some(name) = kept_name(change) {
        step.besides.push(format!("Version \u{201c}{}\u{201d} kept", name.as_str()));
        return;
    }
    let ask = |step: &mut HistoryEntry, question: &QuestionId| {
        if !step.questions.contains(question) {
            step.questions.push(question.clone());
        }
    };
    match change {
        Change::SetAnswer { question, .. }
        | Change::SpliceText { question, .. }
        | Change::InsertRow { question, .. }
        | Change::RemoveRow { question, .. }
        | Change::ReplaceRow { question, .. }
        | Change::MoveRow { question, .. } => ask(step, question),
        Change::SetDetails { .. } => step.besides.push("Cover details".to_owned()),
        Change::InsertUnplaced { .. } | Change::RemoveUnplaced { .. } => step.besides.push("Text that has no place".to_owned()),
        Change::AddAttachment { .. } | Change::RemoveAttachment { .. } => step.besides.push("A picture".to_owned()),
        Change::All { changes } => changes.iter().for_each(|change| note(change, step)),
    }
}

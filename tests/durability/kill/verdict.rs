//! Whether a database holds what was acknowledged: at most the one act that was under way may have been done as well.

use super::acts::{Act, State};
use anyhow::{Context as _, Result, ensure};
use dpia_model::Assessment;
use dpia_model::history::Entry;
use dpia_model::id::{AssessmentId, AttachmentId};
use dpia_store::Store;
use std::collections::BTreeSet;

/// Fails where something that was acknowledged is not there, or the history or the file does not hold.
pub(crate) fn judge(store: &Store, state: &State, under_way: Option<&Act>) -> Result<()> {
    let id = state.id;
    let under_way = under_way.filter(|act| act.assessment() == Some(id));
    store.check_history(id).context("its history")?;
    let (now, revision) = store.load(id)?;
    let entries = store.history(id)?;
    ensure!(revision >= state.revision, "revision {} was acknowledged, and {revision} is the last", state.revision);
    ensure!(under_way.is_some() || revision == state.revision, "revision {revision} came from nowhere");
    let states = walk_back(now, &entries, state.revision)?;
    let acknowledged = states.last().context("a state")?;
    for (question, answer) in state.answers.iter().filter(|(question, _)| !state.drafts.contains_key(question)) {
        ensure!(acknowledged.answers.get(question) == Some(answer), "the answer to {question} is not what was acknowledged");
    }
    let drafts = store.drafts(id)?;
    for (question, content) in &state.drafts {
        let is_draft = drafts.iter().any(|draft| draft.question == *question && draft.content == *content);
        let was_settled = || states.iter().any(|state| state.answers.get(question).is_some_and(|answer| answer.content == *content));
        // What is typed or clicked over it takes its place.
        let is_replaced = || match under_way {
            Some(Act::Type(_, typed, content)) => drafts.iter().any(|draft| draft.question == *typed && draft.content == *content),
            Some(Act::Settle(_, typed, _)) => typed == question && revision > state.revision,
            _ => false,
        };
        let is_kept = is_draft || (under_way.is_some() && (was_settled() || is_replaced()));
        ensure!(is_kept, "what was being typed in answer to {question} is lost");
    }
    for picture in &state.pictures {
        store.attachment(*picture).context("a picture")?;
    }
    if !matches!(under_way, Some(Act::Bin(_) | Act::TakeOut(_))) {
        let summary = store.summary(id)?.context("its summary")?;
        ensure!(summary.binned_at.is_some() == state.is_binned, "it is on the wrong side of the bin");
    }
    Ok(())
}

/// How an assessment is: what an act that was under way did or did not do is known once it was looked at.
pub(crate) fn read_state(store: &Store, id: AssessmentId, pictures: BTreeSet<AttachmentId>) -> Result<State> {
    let (assessment, revision) = store.load(id)?;
    let drafts = store.drafts(id)?.into_iter().map(|draft| (draft.question, draft.content)).collect();
    let is_binned = store.summary(id)?.context("its summary")?.binned_at.is_some();
    Ok(State { id, revision, answers: assessment.answers, drafts, pictures, is_binned })
}

/// The assessment at each revision, from the newest back to this one.
fn walk_back(newest: Assessment, entries: &[Entry], revision: u32) -> Result<Vec<Assessment>> {
    let mut states = vec![newest];
    for entry in entries.iter().rev().take_while(|entry| entry.sequence > revision) {
        let mut earlier = states.last().context("a state")?.clone();
        entry.inverse.apply(&mut earlier)?;
        states.push(earlier);
    }
    Ok(states)
}

//! A scene: what was asked and done at a desk, as a tree. What is asked is answered until something is done that changes the
//! answer; what is done leads on.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use serde::Serialize;
use serde_json::{Value, json};

use super::answers::{Answered, answer, is_act};
use super::desk::Desk;

/// A call of the window and its answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Exchange {
    /// After which act it was made; 0 as the scene begins.
    at: usize,
    /// The number of this act; none for what was only asked, and for an act that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    then: Option<usize>,
    /// Whether it is known here alone.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    only_here: bool,
    /// The command.
    call: String,
    /// Its arguments, the lines that are listened on left out.
    with: Vec<Value>,
    /// What was heard on a line meanwhile.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    heard: Vec<Value>,
    /// What came back. Neither this nor a failure where it is not known here.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Value>,
}

/// A scene that was recorded.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scene {
    /// The scene that answers what is asked as it begins and is not answered here.
    from: Option<&'static str>,
    exchanges: Vec<Exchange>,
    acts: usize,
}

/// Somebody works at a desk, and what is called is recorded.
pub(crate) struct Recorder<'a> {
    pub(crate) desk: Desk,
    scene: &'a mut Scene,
    /// The acts that led here, the first first.
    way: Vec<usize>,
    /// What is asked at the beginning of the scene that this one goes on from.
    known: &'a [Exchange],
}

impl Scene {
    /// A scene that begins as another does, but for what is different.
    pub(crate) fn from(name: &'static str) -> Self {
        Self { from: Some(name), ..Self::default() }
    }

    /// Records a way through the scene, which begins at this desk. `known` is the scene that this one goes on from.
    pub(crate) fn record(&mut self, desk: Desk, known: Option<&Scene>, work: impl FnOnce(&mut Recorder<'_>) -> Result<()>) -> Result<()> {
        let known: Vec<Exchange> =
            known.map(|scene| scene.exchanges.iter().filter(|asked| asked.is_asked_at_first()).cloned().collect()).unwrap_or_default();
        let mut recorder = Recorder { desk, scene: self, way: vec![0], known: &known };
        // A second way begins as the first did.
        if recorder.scene.exchanges.is_empty() {
            recorder.ask_again()?;
        }
        work(&mut recorder)
    }
}

impl Exchange {
    fn is_asked_at_first(&self) -> bool {
        self.at == 0 && self.then.is_none() && !self.only_here && !is_act(&self.call)
    }

    fn is_same_call(&self, call: &str, with: &[Value]) -> bool {
        self.call == call && self.with == with
    }
}

/// What takes long: it is asked where a scene says so, and what was answered is known there alone.
const LONG: [&str; 13] = [
    "drawPreview",
    "drawBrand",
    "findMissingLetters",
    "exportPdf",
    "exportBundle",
    "exportEncryptedBundle",
    "exportWithoutHistory",
    "exportCertificate",
    "saveRecoveryKey",
    "lookIntoBackup",
    "openIssuing",
    "readHistory",
    "compareMoments",
];
/// What is long to read: where it is answered otherwise after an act, it is not known, unless a scene asks it there.
const LARGE: [&str; 2] = ["openAssessment", "listAssessments"];

impl Recorder<'_> {
    /// Calls, and records what comes back.
    pub(crate) fn call(&mut self, call: &str, with: Value) -> Result<Value> {
        let with = with.as_array().cloned().unwrap_or_default();
        let answered = answer(&mut self.desk, call, &with)?;
        let (at, known_act) = (self.here(), self.find_act(call, &with));
        let mut exchange = exchange_of(at, call, with, &answered);
        let is_done = is_act(call) && answered.is_ok();
        if is_done {
            let number = known_act.unwrap_or(self.scene.acts + 1);
            self.scene.acts = self.scene.acts.max(number);
            exchange.then = Some(number);
            self.way.push(number);
        }
        let said = exchange.answer.clone().unwrap_or_default();
        self.add(exchange)?;
        if is_done {
            self.ask_again()?;
        }
        Ok(said)
    }

    fn here(&self) -> usize {
        self.way.last().copied().unwrap_or_default()
    }

    fn find_act(&self, call: &str, with: &[Value]) -> Option<usize> {
        self.scene.exchanges.iter().find(|other| other.at == self.here() && other.then.is_some() && other.is_same_call(call, with))?.then
    }

    fn add(&mut self, exchange: Exchange) -> Result<()> {
        let at = exchange.at;
        let same = self.scene.exchanges.iter_mut().find(|other| other.at == at && other.is_same_call(&exchange.call, &exchange.with));
        match same {
            Some(unknown) if unknown.answer.is_none() && unknown.error.is_none() => *unknown = exchange,
            Some(other) => ensure!(*other == exchange, "{} was answered otherwise before:\n{other:?}\n{exchange:?}", exchange.call),
            None => self.scene.exchanges.push(exchange),
        }
        Ok(())
    }

    /// What is answered here, as far as it is recorded.
    fn answer_here(&self, asked: &Exchange) -> Option<&Exchange> {
        let of_this = self.way.iter().rev().find_map(|at| {
            let is_it = |other: &&Exchange| other.at == *at && other.then.is_none() && other.is_same_call(&asked.call, &asked.with);
            self.scene.exchanges.iter().find(is_it)
        });
        of_this.or_else(|| self.known.iter().find(|other| other.is_same_call(&asked.call, &asked.with)))
    }

    /// Asks again what was asked before on this way, and records what is answered otherwise now.
    fn ask_again(&mut self) -> Result<()> {
        let asked: Vec<Exchange> = self
            .known
            .iter()
            .chain(&self.scene.exchanges)
            .filter(|asked| asked.then.is_none() && !asked.only_here && !is_act(&asked.call))
            .cloned()
            .collect();
        for asked in asked {
            let Some(known) = self.answer_here(&asked) else { continue };
            let (at, known) = (self.here(), (known.answer.clone(), known.error.clone()));
            let fresh = exchange_of(at, &asked.call, asked.with.clone(), &answer(&mut self.desk, &asked.call, &asked.with)?);
            let is_same = (&fresh.answer, &fresh.error) == (&known.0, &known.1);
            // Each scene begins with a list of its own where it has another.
            let is_large = LARGE.contains(&asked.call.as_str()) && (at > 0 || asked.call != "listAssessments");
            let fresh = if is_large && !is_same { Exchange { answer: None, error: None, ..fresh } } else { fresh };
            let is_here = |other: &Exchange| other.at == at && other.is_same_call(&fresh.call, &fresh.with);
            if !is_same && !self.scene.exchanges.iter().any(is_here) {
                self.scene.exchanges.push(fresh);
            }
        }
        Ok(())
    }
}

fn exchange_of(at: usize, call: &str, with: Vec<Value>, answered: &Answered) -> Exchange {
    let (answer, error, heard) = match answered {
        Answered::Well(answer, heard) => (Some(answer.clone()), None, heard.clone()),
        Answered::Failed(error) => (None, Some(error.clone()), Vec::new()),
    };
    let only_here = LONG.contains(&call);
    Exchange { at, then: None, only_here, call: call.to_owned(), with, heard, answer, error }
}

/// The scenes of a file as JSON, an exchange a line.
pub(crate) fn to_json(scenes: &BTreeMap<&'static str, Scene>) -> Result<String> {
    let mut text = String::from("{");
    for (at, (name, scene)) in scenes.iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        text.push_str(&format!("{comma}\n{}: {{\"from\": {}, \"exchanges\": [", json!(name), json!(scene.from)));
        for (at, exchange) in scene.exchanges.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            text.push_str(&format!("{comma}\n{}", serde_json::to_string(exchange)?));
        }
        text.push_str("\n]}");
    }
    text.push_str("\n}\n");
    Ok(text)
}

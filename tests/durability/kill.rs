//! A process that edits through the use cases is killed at random moments, again and again; every edit that it heard
//! to be kept is there when the file is opened next.
//!
//! The page cache outlives a kill: what a power cut does is proved beside this.

mod acts;
mod child;
mod verdict;

use crate::dice::{Dice, seed, times};
use acts::{Act, Line, State};
use anyhow::{Context as _, Result, bail, ensure};
use dpia_model::id::AssessmentId;
use dpia_store::Store;
use dpia_tests::keychain::{DATABASE, database_key};
use dpia_tests::places::temporary_folder;
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

const PROOF: &str = "kill::every_acknowledged_edit_survives_a_kill";
const CHILD: &str = "DPIA_KILLED_IN";
const CHILD_SEED: &str = "DPIA_KILLED_SEED";
const FAULT: &str = "DPIA_KILLED_FAULT";
/// How often in a run that every test run has.
const FEW: usize = 15;
/// After so many kills the work goes on in a new folder: the longest histories are judged for as long as all others.
const KILLS_A_FOLDER: usize = 25;
/// The most that a process says before it is killed: two lines an act. Counting them, a slow machine does as much as a fast one.
const MOST_LINES: usize = 100;
/// The longest after that until it is killed: about as long as an act takes.
const LONGEST: Duration = Duration::from_millis(5);
/// The longest that a process opens a file before it is killed.
const LONGEST_EARLY: Duration = Duration::from_millis(120);

/// What a run came to.
#[derive(Debug, Default)]
struct Figures {
    kills: usize,
    acknowledged: usize,
    under_way: usize,
    lost: Vec<String>,
}

#[test]
fn every_acknowledged_edit_survives_a_kill() -> Result<()> {
    if let Some(folder) = std::env::var_os(CHILD) {
        let seed = std::env::var(CHILD_SEED)?.parse()?;
        return child::edit_without_end(Path::new(&folder), seed, std::env::var_os(FAULT).is_some());
    }
    let (seed, began) = (seed(), Instant::now());
    let figures = kill_again_and_again(times("DPIA_PROVE_KILLS", FEW), seed, false)?;
    println!(
        "seed {seed}: {} kills, {} of them with an act under way; {} edits acknowledged, {} lost; {:.1} s",
        figures.kills,
        figures.under_way,
        figures.acknowledged,
        figures.lost.len(),
        began.elapsed().as_secs_f64()
    );
    ensure!(figures.lost.is_empty(), "seed {seed}: {:#?}", figures.lost);
    ensure!(figures.acknowledged > figures.kills, "too little was done: {figures:?}");
    Ok(())
}

#[test]
fn an_edit_acknowledged_before_it_is_kept_is_noticed() -> Result<()> {
    // One kill in a few comes between the word and the deed; the first that does ends the run.
    let figures = kill_again_and_again(300, seed(), true)?;
    ensure!(!figures.lost.is_empty(), "nothing was noticed: {figures:?}");
    Ok(())
}

/// Kills so many times. With a fault, until something is lost.
fn kill_again_and_again(kills: usize, seed: u64, has_fault: bool) -> Result<Figures> {
    let mut dice = Dice::new(seed);
    let mut figures = Figures::default();
    while figures.kills < kills && figures.lost.is_empty() {
        let folder = temporary_folder()?;
        let mut known = BTreeMap::new();
        for _ in 0..KILLS_A_FOLDER.min(kills - figures.kills) {
            let under_way = edit_and_kill(folder.path(), &mut dice, has_fault, &mut known, &mut figures)?;
            figures.kills += 1;
            figures.under_way += usize::from(under_way.is_some());
            let found = judge_folder(folder.path(), &mut known, under_way.as_ref());
            if let Err(error) = found {
                figures.lost.push(format!("kill {}, {under_way:?} under way: {error:#}", figures.kills));
                break;
            }
        }
    }
    Ok(figures)
}

/// Lets a process edit for a random while, kills it, and takes down all that it was able to say. What it had begun and
/// not seen acknowledged is given back.
fn edit_and_kill(
    folder: &Path,
    dice: &mut Dice,
    has_fault: bool,
    known: &mut BTreeMap<AssessmentId, State>,
    figures: &mut Figures,
) -> Result<Option<Act>> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["--exact", PROOF, "--nocapture", "--test-threads=1"]);
    command.env(CHILD, folder).env(CHILD_SEED, dice.seed().to_string());
    if has_fault {
        command.env(FAULT, "1");
    }
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let mut out = BufReader::new(child.stdout.take().context("its stdout")?);
    let (say, said) = channel();
    let reader = std::thread::spawn(move || -> std::io::Result<()> {
        let mut text = String::new();
        // A line without an end was cut off by the kill: it was never said.
        while out.read_line(&mut text)? > 0 {
            if text.ends_with('\n')
                && let Ok(line) = serde_json::from_str::<Line>(&text)
                && say.send(line).is_err()
            {
                break;
            }
            text.clear();
        }
        Ok(())
    });
    let mut lines = Vec::new();
    // Now and then it is killed while it still opens the file that the one before it left.
    let is_early = !known.is_empty() && dice.once_in(8);
    if !is_early {
        lines.extend(said.iter().take(1 + dice.below(MOST_LINES)));
    }
    let longest = if is_early { LONGEST_EARLY } else { LONGEST };
    listen(&said, longest.mul_f64(dice.below(1000) as f64 / 1000.0), &mut lines);
    child.kill()?;
    let output = child.wait_with_output()?;
    reader.join().map_err(|_| anyhow::anyhow!("the reader"))??;
    lines.extend(said.try_iter());
    if output.status.code().is_some() {
        bail!("the process ended by itself: {}", String::from_utf8_lossy(&output.stderr));
    }
    let mut under_way = None;
    for line in lines {
        match line {
            Line::Ready => {}
            Line::Begin(act) => under_way = Some(act),
            Line::Done(state) => {
                under_way = None;
                figures.acknowledged += 1;
                known.insert(state.id, *state);
            }
        }
    }
    Ok(under_way)
}

/// Takes down what is said in this time.
fn listen(said: &Receiver<Line>, time: Duration, lines: &mut Vec<Line>) {
    let end = Instant::now() + time;
    loop {
        match said.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(line) => lines.push(line),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return,
        }
    }
}

fn judge_folder(folder: &Path, known: &mut BTreeMap<AssessmentId, State>, under_way: Option<&Act>) -> Result<()> {
    if known.is_empty() && !matches!(under_way, Some(Act::Create)) {
        // It was killed before the first thing that it was to keep.
        return Ok(());
    }
    let store = Store::open(&folder.join(DATABASE), &database_key(folder)?)?;
    store.check_integrity()?;
    for state in known.values() {
        verdict::judge(&store, state, under_way).with_context(|| format!("assessment {}", state.id))?;
    }
    let there: Vec<AssessmentId> = store.list()?.into_iter().map(|summary| summary.id).collect();
    let made = usize::from(matches!(under_way, Some(Act::Create)));
    ensure!((known.len()..=known.len() + made).contains(&there.len()), "{} assessments, of which {} are known", there.len(), known.len());
    for id in there {
        let pictures = known.get(&id).map(|state| state.pictures.clone()).unwrap_or_default();
        known.insert(id, verdict::read_state(&store, id, pictures)?);
    }
    Ok(())
}

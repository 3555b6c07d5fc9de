//! Issuing copies to many clients, and saying who holds which.

use crate::arguments;
use crate::commands::{included_sections, misused, password, read_unsealed, surroundings};
use crate::saying::{print_json, print_text, say};
use dpia_app::issuing::{self, Client, FilePattern, IssueReport, IssueRequest, LEDGER, Outcome, Step};
use dpia_app::{AppError, documents, files, identity, plain};
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

/// Issues the copies; 1 where some could not be made. What was written before the program is interrupted stays, and the
/// same call goes on.
pub(crate) fn issue(asked: &arguments::Issue) -> Result<ExitCode, AppError> {
    let surroundings = surroundings(asked.at.as_deref())?;
    let pattern = FilePattern::parse(&asked.pattern).map_err(|error| misused(&error.message))?;
    let clients = read_clients(asked)?;
    let opened = documents::open_bundle(&read_unsealed(&asked.bundle)?)?;
    let included = included_sections(&opened, &asked.include)?;
    let identity = identity::read_identity(&files::read(&asked.sign)?, &password()?)?;
    files::make_folder(&asked.out)?;
    let request = IssueRequest {
        clients: &clients,
        pattern: &pattern,
        included: &included,
        is_open: asked.countersignature,
        folder: &asked.out,
        at: surroundings.now(),
        identity: &identity,
    };
    let report = issuing::issue(&opened, &request, &AtomicBool::new(false), &mut |step| {
        tell(step);
        Ok(())
    })?;
    let count = report.count();
    say(format_args!(
        "{}: {} written, {} there already, {} failed, of {}; recorded in {LEDGER}",
        asked.out.display(),
        count.issued,
        count.kept,
        count.failed,
        clients.len()
    ));
    match report {
        IssueReport { stopped: Some(error), .. } => Err(error),
        _ if count.failed > 0 => Ok(ExitCode::from(1)),
        _ => Ok(ExitCode::SUCCESS),
    }
}

/// The clients of the list, then those that were typed, none twice.
fn read_clients(asked: &arguments::Issue) -> Result<Vec<Client>, AppError> {
    let mut clients = Vec::new();
    if let Some(file) = &asked.clients {
        let list = issuing::read_clients(&files::read(file)?).map_err(|error| error.about(&files::name_of(file)))?;
        list.remarks.iter().for_each(|remark| say(format_args!("{}: {remark}", files::name_of(file))));
        clients = list.clients;
    }
    for name in &asked.client {
        let client = Client::named(name).check().map_err(|error| misused(&format!("--client: {}", error.message)))?;
        if !clients.iter().any(|known| known.is_same(&client)) {
            clients.push(client);
        }
    }
    Ok(clients)
}

fn tell(step: &Step) {
    let Step { number, of, client, outcome } = step;
    match outcome {
        Outcome::Issued(copy) => {
            say(format_args!("{number}/{of} {} written", copy.file));
            for letters in &copy.missing_letters {
                say(format_args!("dpia: {}: no font has the letter {letters}; a box stands in its place", copy.file));
            }
        }
        Outcome::Kept(copy) => say(format_args!("{number}/{of} {} is there already", copy.file)),
        Outcome::Failed(error) => say(format_args!("{number}/{of} {}: {}", client.name, error.message)),
    }
}

/// Shows who holds which version.
pub(crate) fn show_issued(asked: &arguments::Issued) -> Result<(), AppError> {
    let against = match &asked.against {
        Some(bundle) => Some(documents::open_bundle(&read_unsealed(bundle)?)?),
        None => None,
    };
    let holdings = issuing::holdings_of(&issuing::read_ledger(&asked.folder)?, against.as_ref())?;
    if asked.json {
        return print_json(&holdings);
    }
    for held in &holdings {
        let state = if held.is_outdated { "OUTDATED" } else { "current" };
        let reference = if held.reference.is_empty() { String::new() } else { format!(" ({})", held.reference) };
        let line = plain::line(&format!("{state:8}  revision {:<5}  {}  {}{reference}", held.revision, held.at, held.name));
        print_text(&format!("{line}\n"))?;
    }
    let outdated = holdings.iter().filter(|held| held.is_outdated).count();
    say(format_args!("{} clients hold a copy; {outdated} of them an outdated one", holdings.len()));
    Ok(())
}

//! Issuing copies to many clients, and saying who holds which.

use crate::arguments::{self, Column};
use crate::commands::{included_sections, misused, open, open_identity, surroundings};
use crate::saying::{print_json, print_text, say};
use dpia_app::issuing::{
    self, Client, ClientList, ColumnTitles, FilePattern, IssueReport, IssueRequest, LEDGER, ListRead, Outcome, ServedClient,
};
use dpia_app::{AppError, ErrorCode, files, plain};
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

/// Issues the copies; 1 where some could not be made. What was written before the program is interrupted stays, and the
/// same call goes on.
pub(crate) fn issue(asked: &arguments::Issue) -> Result<ExitCode, AppError> {
    let surroundings = surroundings(asked.at.as_deref())?;
    let pattern = FilePattern::parse(&asked.pattern).map_err(|error| misused(&error.message))?;
    let (clients, left_out) = read_clients(asked)?;
    let opened = open(&asked.bundle)?;
    let included = included_sections(&opened, &asked.include)?;
    let identity = open_identity(&asked.sign)?;
    files::make_folder(&asked.out)?;
    let request = IssueRequest {
        clients: &clients,
        pattern: &pattern,
        included: &included,
        is_open: asked.countersignature,
        missing_characters: asked.missing_characters.into(),
        folder: &asked.out,
        made_from: &[&asked.bundle, &asked.sign],
        at: surroundings.now(),
        identity: &identity,
    };
    let report = issuing::issue(&opened, &request, &AtomicBool::new(false), &mut |step| {
        tell(step);
        Ok(())
    })?;
    let count = report.count();
    say(format_args!(
        "{}: {} written, {} already there, {} failed, of {}; recorded in {LEDGER}",
        asked.out.display(),
        count.issued,
        count.kept,
        count.failed,
        clients.len()
    ));
    match report {
        IssueReport { stopped: Some(error), .. } => Err(error),
        _ if count.failed > 0 || left_out > 0 => Ok(ExitCode::from(1)),
        _ => Ok(ExitCode::SUCCESS),
    }
}

/// The clients of the list, then those that were typed, none twice; and how many lines of the list were left out.
fn read_clients(asked: &arguments::Issue) -> Result<(Vec<Client>, usize), AppError> {
    let (mut clients, mut left_out) = (Vec::new(), 0);
    if let Some(file) = &asked.clients {
        let list = read_list(file, &column_titles(&asked.column))?;
        let name = files::name_of(file);
        list.remarks.iter().for_each(|remark| say(format_args!("{name}: {remark}")));
        list.left_out.iter().for_each(|line| say(format_args!("{name}: {line} The line was left out.")));
        (clients, left_out) = (list.clients, list.left_out.len());
    }
    for name in &asked.client {
        let client = Client::named(name).check().map_err(|error| misused(&format!("--client: {}", error.message)))?;
        if !clients.iter().any(|known| known.is_same(&client)) {
            clients.push(client);
        }
    }
    Ok((clients, left_out))
}

fn read_list(file: &Path, columns: &ColumnTitles) -> Result<ClientList, AppError> {
    let read = issuing::read_clients(&files::read(file)?, columns).map_err(|error| error.about(&files::name_of(file)))?;
    match read {
        ListRead::List(list) => Ok(list),
        ListRead::ColumnsNeeded { why, .. } => {
            let words = format!("{}: {why} Add --column name=TITLE.", files::name_of(file));
            Err(AppError::new(ErrorCode::Refused, words))
        }
    }
}

fn column_titles(given: &[(Column, String)]) -> ColumnTitles {
    let find = |wanted: Column| given.iter().rfind(|(column, _)| *column == wanted).map(|(_, title)| title.clone());
    ColumnTitles { name: find(Column::Name), email: find(Column::Email), reference: find(Column::Reference) }
}

fn tell(step: &ServedClient) {
    let ServedClient { number, of, client, outcome } = step;
    match outcome {
        Outcome::Issued(copy) => {
            say(format_args!("{number}/{of} {} written", copy.file));
            for letters in &copy.missing_letters {
                say(format_args!("dpia: {}: the fonts do not have {letters}; a box is printed instead", copy.file));
            }
        }
        Outcome::Kept(copy) => say(format_args!("{number}/{of} {} already exists", copy.file)),
        Outcome::Failed(error) => say(format_args!("{number}/{of} {}: {}", client.name, error.message)),
    }
}

/// Shows who holds which version.
pub(crate) fn show_issued(asked: &arguments::Issued) -> Result<(), AppError> {
    let ledger = issuing::read_ledger(&asked.folder)?;
    let against = match &asked.against {
        Some(bundle) => {
            let opened = open(bundle)?;
            let name = files::name_of(bundle);
            let remark = issuing::compare_with_copies(&asked.folder, &ledger, &opened).map_err(|error| error.about(&name))?;
            remark.iter().for_each(|remark| say(format_args!("{name}: {remark}")));
            Some(opened)
        }
        None => None,
    };
    let holdings = issuing::holdings_of(&ledger, against.as_ref())?;
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

//! A run: a folder of signed customer copies, one a client.
//!
//! Copies are rendered on as many threads as help and written in the order of the clients, each recorded, written beside
//! its place and renamed. What was written stays whatever ends the run, and the same run on the same folder goes on.

use super::clients::{Client, ClientKey};
use super::ledger::Ledger;
use super::pattern::{FilePattern, Names, is_made_of};
use crate::documents::{Opened, revision_of};
use crate::error::{AppError, ErrorCode};
use crate::files;
use crate::printing::{
    MissingCharacters, Printer, Rendered, ReportOptions, ReportRequest, ReportSignature, bundle_inside, signature_block,
};
use dpia_files::place_of_part;
use dpia_model::id::{Digest, SectionId};
use dpia_model::{CopyKind, Extent, Instant};
use dpia_signing::Identity;
use std::collections::BTreeSet;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

/// The most threads that render.
const MOST_WORKERS: usize = 2;

/// What is issued, to whom, and where.
pub struct IssueRequest<'a> {
    /// The clients, in the order in which they are served.
    pub clients: &'a [Client],
    /// How files are named.
    pub pattern: &'a FilePattern,
    /// Internal sections that go along all the same.
    pub included: &'a BTreeSet<SectionId>,
    /// Each copy has an empty field that the client may sign.
    pub is_open: bool,
    /// What becomes of copies with characters that no font has.
    pub missing_characters: MissingCharacters,
    /// The folder, which is there.
    pub folder: &'a Path,
    /// The files that the copies are made from, none of which a copy may replace.
    pub made_from: &'a [&'a Path],
    /// The moment the copies are made, and claimed by their signatures.
    pub at: Instant,
    /// Who signs.
    pub identity: &'a Identity,
}

/// A copy that was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedCopy {
    /// To whom.
    pub client: Client,
    /// The file's name in its folder.
    pub file: String,
    /// The SHA-256 of the file.
    pub sha256: Digest,
    /// The revision of the assessment: the sequence of its last history entry.
    pub revision: u32,
    /// When.
    pub at: Instant,
    /// The SHA-256 of the certificate that signed.
    pub certificate: Digest,
    /// The SHA-256 of what the copy says: of the bundle inside it.
    pub content: Digest,
    /// Letters that no font has, with the words they stand in; not kept in the ledger.
    pub missing_letters: Vec<String>,
}

/// What became of one client's copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was written.
    Issued(IssuedCopy),
    /// It was there already, as recorded.
    Kept(IssuedCopy),
    /// It was not written; why.
    Failed(AppError),
}

/// A client that was served, or failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServedClient {
    /// Which one, from 1.
    pub number: usize,
    /// How many there are.
    pub of: usize,
    /// The client.
    pub client: Client,
    /// What became of its copy.
    pub outcome: Outcome,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueReport {
    /// The clients served or failed, in order.
    pub steps: Vec<ServedClient>,
    /// It was cancelled before its end.
    pub is_cancelled: bool,
    /// What stopped it before its end: the disk is full, for instance.
    pub stopped: Option<AppError>,
}

/// How many clients met which fate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// Copies that were written.
    pub issued: usize,
    /// Copies that were there already.
    pub kept: usize,
    /// Clients whose copy could not be made or written.
    pub failed: usize,
}

impl IssueReport {
    /// Counts the clients by their fate.
    pub fn count(&self) -> Count {
        let mut count = Count::default();
        for step in &self.steps {
            match step.outcome {
                Outcome::Issued(_) => count.issued += 1,
                Outcome::Kept(_) => count.kept += 1,
                Outcome::Failed(_) => count.failed += 1,
            }
        }
        count
    }
}

/// A client's place in a run.
struct Planned<'a> {
    client: &'a Client,
    file: String,
    /// The record of the copy that is there already and stays.
    kept: Option<IssuedCopy>,
    /// The file that is there may be replaced: it is an earlier copy of the same client, or there is none.
    is_free: bool,
}

/// Issues the copies. `note` is called with each client in order; where it fails, the run stops. `cancel` is looked at
/// before each client.
pub fn issue(
    opened: &Opened,
    request: &IssueRequest<'_>,
    cancel: &AtomicBool,
    note: &mut dyn FnMut(&ServedClient) -> Result<(), AppError>,
) -> Result<IssueReport, AppError> {
    let clients = request.clients.iter().map(Client::check).collect::<Result<Vec<_>, _>>()?;
    // A certificate that is not in force is refused once, and not for each client.
    signature_block(request.identity, request.at, false)?;
    let content = digest_content(opened, request.included)?;
    let revision = revision_of(&opened.bundle);
    let certificate = Digest::from_bytes(*request.identity.certificate().fingerprint().as_bytes());
    let mut ledger = Ledger::open(request.folder)?;
    let is_current = |row: &IssuedCopy| row.content == content && row.revision == revision && row.certificate == certificate;
    let plan = plan_run(opened, request, &clients, ledger.rows(), &is_current);
    remove_leftovers(request.folder, &plan);

    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_WORKERS);
    let mut report = IssueReport { steps: Vec::with_capacity(plan.len()), is_cancelled: false, stopped: None };
    std::thread::scope(|scope| {
        let to_render: Vec<&Planned<'_>> = plan.iter().filter(|planned| planned.kept.is_none() && planned.is_free).collect();
        // Each worker has every second client and may be one ahead, so the results come in order and do not pile up.
        let mut arriving = Vec::with_capacity(workers);
        for worker in 0..workers {
            let (done, arrived) = mpsc::sync_channel(1);
            let share: Vec<&Client> = to_render.iter().skip(worker).step_by(workers).map(|planned| planned.client).collect();
            scope.spawn(move || {
                let mut printer = Printer::new();
                for client in share {
                    let printed = match &mut printer {
                        Ok(printer) => print_client_copy(printer, opened, client, request),
                        Err(error) => Err(error.clone()),
                    };
                    // The run may have ended early: then nobody waits for this one.
                    if cancel.load(Ordering::Relaxed) || done.send(printed).is_err() {
                        return;
                    }
                }
            });
            arriving.push(arrived);
        }
        let mut rendered = arriving.iter().cycle();
        for (number, planned) in (1usize..).zip(&plan) {
            if cancel.load(Ordering::Relaxed) {
                report.is_cancelled = true;
                return;
            }
            let outcome = match (&planned.kept, planned.is_free) {
                (Some(copy), _) => Outcome::Kept(copy.clone()),
                (None, false) => Outcome::Failed(in_the_way(&planned.file)),
                (None, true) => match rendered.next().map(mpsc::Receiver::recv) {
                    Some(Ok(Ok(rendered))) => {
                        let copy = IssuedCopy {
                            client: planned.client.clone(),
                            file: planned.file.clone(),
                            sha256: Digest::of(&rendered.pdf),
                            revision,
                            at: request.at,
                            certificate,
                            content,
                            missing_letters: rendered.missing_letters,
                        };
                        let place = request.folder.join(&planned.file);
                        match ledger.append(&copy).and_then(|()| files::write(&place, &rendered.pdf, request.made_from)) {
                            Ok(()) => Outcome::Issued(copy),
                            Err(error) => {
                                report.stopped = Some(error);
                                return;
                            }
                        }
                    }
                    Some(Ok(Err(error))) => Outcome::Failed(error),
                    // A worker ends early only when it was cancelled.
                    Some(Err(mpsc::RecvError)) | None => {
                        report.is_cancelled = true;
                        return;
                    }
                },
            };
            let step = ServedClient { number, of: plan.len(), client: planned.client.clone(), outcome };
            let noted = note(&step);
            report.steps.push(step);
            if let Err(error) = noted {
                report.stopped = Some(error);
                return;
            }
        }
    });
    Ok(report)
}

/// The signed copy of one client: byte for byte what a single export gives.
fn print_client_copy(printer: &mut Printer, opened: &Opened, client: &Client, request: &IssueRequest<'_>) -> Result<Rendered, AppError> {
    let signature = if request.is_open { ReportSignature::OpenToCountersignature } else { ReportSignature::Certified };
    let asked = ReportRequest { signature, missing_characters: request.missing_characters, ..ask_copy(&client.name, request.included) };
    let options = ReportOptions { request: &asked, at: request.at, identity: Some(request.identity) };
    printer.print(opened, &options, &mut |_| ControlFlow::Continue(()))
}

fn ask_copy(client: &str, included: &BTreeSet<SectionId>) -> ReportRequest {
    let copy = CopyKind::Customer { client: client.to_owned(), included: included.clone() };
    ReportRequest { copy, extent: Extent::Whole, signature: ReportSignature::Certified, missing_characters: MissingCharacters::Refuse }
}

/// The SHA-256 of what a copy with these internal sections says: of the bundle inside it, the same for every client.
pub(crate) fn digest_content(opened: &Opened, included: &BTreeSet<SectionId>) -> Result<Digest, AppError> {
    Ok(Digest::of(&bundle_inside(opened, &ask_copy("", included))?))
}

/// Gives each client its file. One whose current copy is in the folder keeps it, under whatever name; one that was issued
/// before keeps its name; nobody is given the file of another.
fn plan_run<'a>(
    opened: &Opened,
    request: &IssueRequest<'_>,
    clients: &'a [Client],
    rows: &[IssuedCopy],
    is_current: &dyn Fn(&IssuedCopy) -> bool,
) -> Vec<Planned<'a>> {
    let product = &opened.bundle.assessment.details.product;
    let mut names = Names::default();
    rows.iter().for_each(|row| names.keep(&row.file));
    let mut served = BTreeSet::new();
    let mut plan = Vec::with_capacity(clients.len());
    let rows: Vec<(ClientKey, &IssuedCopy)> = rows.iter().map(|row| (row.client.key(), row)).collect();
    let keys: BTreeSet<ClientKey> = clients.iter().map(Client::key).collect();
    for client in clients {
        let key = client.key();
        // A row of this very client, or of one like it that the run does not serve as well.
        let is_own = |row: &ClientKey| *row == key || (row.is_same(&key) && !keys.contains(row));
        let own = rows.iter().filter(|(row_key, row)| is_own(row_key) && !served.contains(&row.file));
        let own: Vec<&IssuedCopy> = own.map(|(_, row)| *row).collect();
        let is_there = |row: &IssuedCopy| matches!(find_file(request.folder, &row.file), Found::File(digest) if digest == row.sha256);
        let says_the_same = |row: &IssuedCopy| is_current(row) && row.client.name == client.name;
        let kept = own.iter().rfind(|row| says_the_same(row) && is_there(row)).map(|row| (*row).clone());
        let stem = request.pattern.stem(product, client, request.at);
        let file = match &kept {
            Some(copy) => copy.file.clone(),
            None => match own.iter().rfind(|row| is_made_of(&row.file, &stem)) {
                Some(row) => row.file.clone(),
                None => names.allot(&stem),
            },
        };
        let is_free = match find_file(request.folder, &file) {
            Found::Nothing => true,
            Found::File(digest) => own.iter().any(|row| row.file == file && row.sha256 == digest),
            Found::Other => false,
        };
        served.insert(file.clone());
        plan.push(Planned { client, file, kept, is_free });
    }
    plan
}

/// What is at the place of a file.
enum Found {
    Nothing,
    File(Digest),
    /// A folder, a link that leads nowhere, or a file that cannot be read.
    Other,
}

fn find_file(folder: &Path, file: &str) -> Found {
    let place = folder.join(file);
    if fs::symlink_metadata(&place).is_err() {
        return Found::Nothing;
    }
    files::read(&place).map_or(Found::Other, |bytes| Found::File(Digest::of(&bytes)))
}

fn in_the_way(file: &str) -> AppError {
    let message = format!("{file} in this folder is not the copy that was issued: move it elsewhere, then issue again.");
    AppError::new(ErrorCode::NotSaved, message)
}

/// Removes what a run that was cut off left beside the places of its files.
fn remove_leftovers(folder: &Path, plan: &[Planned<'_>]) {
    let files: BTreeSet<&str> = plan.iter().map(|planned| planned.file.as_str()).collect();
    // They are of no use to anybody; where they cannot be removed they do no harm.
    let _ = dpia_files::remove_leftovers(folder, &|name| place_of_part(name).is_some_and(|file| files.contains(file)));
}

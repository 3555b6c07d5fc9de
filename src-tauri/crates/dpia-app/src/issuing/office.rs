//! The officer's list of clients, what is issued to them from the workspace, and the log of it.

use super::client_list::{ClientList, ColumnTitles, ListRead, read_clients};
use super::clients::{Client, ClientKey, find_known, name_order};
use super::holdings::{Current, Holding, hold_last};
use super::pattern::{DEFAULT_PATTERN, FilePattern};
use super::run::{IssueRequest, IssuedCopy, Outcome, ServedClient, digest_content, issue};
use crate::editing::Editor;
use crate::error::{AppError, ErrorCode};
use crate::exporting::Exports;
use crate::files;
use crate::identity::OwnIdentity;
use crate::keys::Vault;
use crate::printing::MissingCharacters;
use dpia_model::id::{AssessmentId, ClientId, Digest, SectionId};
use dpia_store::Issued;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// The setting that keeps the last pattern used.
const PATTERN: &str = "file_pattern";

/// A client on the officer's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct ListedClient {
    /// Which.
    pub id: ClientId,
    /// Its name.
    pub name: String,
    /// Its email address; empty where none is known.
    pub email: String,
    /// The officer's own number for it; empty where there is none.
    pub reference: String,
}

/// What a file of clients did to the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct ClientsImported {
    /// The clients that are new, by their names.
    pub added: Vec<String>,
    /// What was changed of clients that were here.
    pub changed: Vec<String>,
    /// How many were here as they are in the file.
    pub unchanged: u32,
    /// What should be known of how the file was read.
    pub remarks: Vec<String>,
}

/// What is to be issued.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct IssueOrder {
    /// To whom.
    pub clients: BTreeSet<ClientId>,
    /// How files are named.
    pub pattern: String,
    /// Internal sections that go along all the same.
    pub included: BTreeSet<SectionId>,
    /// Each copy has an empty field that the client may sign.
    pub is_open: bool,
    /// What becomes of copies with characters that no font has.
    #[serde(default)]
    pub missing_characters: MissingCharacters,
}

/// How far a run is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct IssueProgress {
    /// The clients served, this one included.
    pub done: u32,
    /// All clients of the run.
    pub of: u32,
    /// The client that was served last.
    pub name: String,
}

/// What became of reading a list of clients.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientsRead {
    /// It was read into the list.
    Imported(ClientsImported),
    /// Which column holds the names has to be said first.
    ColumnsNeeded {
        /// The file's name.
        name: String,
        /// The titles of its columns.
        titles: Vec<String>,
        /// Why, in a sentence.
        why: String,
    },
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct IssueResult {
    /// The folder's name, without the way to it.
    pub folder: String,
    /// Copies that were written.
    pub issued: u32,
    /// Copies that were there already.
    pub kept: u32,
    /// Clients whose copy could not be made or written.
    pub failed: Vec<IssueFailure>,
    /// Letters that no font has, in copies that were written all the same.
    pub missing_letters: Vec<String>,
    /// Clients that the run did not come to.
    pub left: u32,
    /// It was cancelled.
    pub is_cancelled: bool,
    /// What stopped it before its end.
    pub stopped: Option<AppError>,
}

/// A client whose copy could not be made or written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct IssueFailure {
    /// The client's name.
    pub name: String,
    /// Why, and what to do.
    pub reason: String,
}

/// What a window needs for issuing an assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct IssuingView {
    /// The clients, by name.
    pub clients: Vec<ListedClient>,
    /// The pattern used last.
    pub pattern: String,
    /// The revision that would be issued now.
    pub revision: u32,
    /// The copy that each client holds, by name.
    pub holdings: Vec<Holding>,
}

/// The officer's clients, and what is issued to them.
pub struct Issuing {
    vault: Arc<Vault>,
    editor: Editor,
    exports: Arc<Exports>,
    identity: Arc<OwnIdentity>,
}

impl Issuing {
    /// Issues what a vault keeps, signed with this identity.
    pub(crate) fn new(vault: Arc<Vault>, editor: Editor, exports: Arc<Exports>, identity: Arc<OwnIdentity>) -> Self {
        Self { vault, editor, exports, identity }
    }

    /// What a window needs for issuing an assessment. What is being typed is settled first, so that the revision is one.
    pub fn open(&self, id: AssessmentId) -> Result<IssuingView, AppError> {
        self.editor.settle_drafts(id)?;
        let holdings = self.holdings(id)?;
        let pattern = self.vault.store().setting(PATTERN)?.unwrap_or_else(|| DEFAULT_PATTERN.to_owned());
        let revision = self.vault.store().load(id)?.1;
        Ok(IssuingView { clients: self.list_clients()?, pattern, revision, holdings })
    }

    /// The clients, by name.
    pub fn list_clients(&self) -> Result<Vec<ListedClient>, AppError> {
        let mut clients: Vec<ListedClient> = self.vault.store().clients()?.into_iter().map(ListedClient::from).collect();
        clients.sort_by_cached_key(|client| (name_order(&client.name), name_order(&client.reference), client.email.clone()));
        Ok(clients)
    }

    /// Puts a client on the list, or changes the one of this id. One that is on the list already is refused.
    pub fn save_client(&self, id: Option<ClientId>, client: &Client) -> Result<ListedClient, AppError> {
        let client = client.check()?;
        let known = self.vault.store().clients()?;
        let key = client.key();
        if let Some(other) = known.iter().find(|other| Some(other.id) != id && client_of(other).key().is_same(&key)) {
            let message = match client.reference.is_empty() || other.reference.is_empty() {
                true => format!("{} is already on the list: give each a reference or an email address to tell them apart.", other.name),
                false => format!("The reference {} is already that of {}.", other.reference, other.name),
            };
            return Err(AppError::new(ErrorCode::Refused, message));
        }
        let id = id.unwrap_or_else(|| ClientId(self.vault.new_id()));
        let kept = dpia_store::Client { id, name: client.name, email: client.email, reference: client.reference };
        self.vault.store().put_clients(vec![kept.clone()])?;
        Ok(kept.into())
    }

    /// Takes a client off the list. What it was sent stays in the log.
    pub fn remove_client(&self, id: ClientId) -> Result<(), AppError> {
        Ok(self.vault.store().remove_client(id)?)
    }

    /// Reads clients from a CSV file into the list. One is the same as one that was here before by its reference, or by its name
    /// where either has none and they have not two email addresses; what the file leaves empty stays as it is. Two lines of the file
    /// are two clients.
    pub fn import_clients(&self, path: &Path, columns: &ColumnTitles) -> Result<ClientsRead, AppError> {
        let read = read_clients(&files::read(path)?, columns).map_err(|error| error.about(&files::name_of(path)))?;
        let ClientList { clients, left_out, remarks } = match read {
            ListRead::List(list) => list,
            ListRead::ColumnsNeeded { titles, why } => return Ok(ClientsRead::ColumnsNeeded { name: files::name_of(path), titles, why }),
        };
        let mut known: Vec<dpia_store::Client> = self.vault.store().clients()?;
        let keys: Vec<ClientKey> = known.iter().map(|client| client_of(client).key()).collect();
        let remarks = left_out.into_iter().map(|line| format!("{line} The line was left out.")).chain(remarks).collect();
        let mut imported = ClientsImported { added: Vec::new(), changed: Vec::new(), unchanged: 0, remarks };
        let mut to_keep = Vec::new();
        let found = find_known(&clients, &keys);
        for (client, found) in clients.into_iter().zip(found) {
            match found.and_then(|at| known.get_mut(at)) {
                None => {
                    imported.added.push(client.name.clone());
                    let id = ClientId(self.vault.new_id());
                    to_keep.push(dpia_store::Client { id, name: client.name, email: client.email, reference: client.reference });
                }
                Some(known) => match merge(known, client) {
                    changes if changes.is_empty() => imported.unchanged += 1,
                    changes => {
                        imported.changed.push(format!("{}: {}", known.name, changes.join(", ")));
                        to_keep.push(known.clone());
                    }
                },
            }
        }
        self.vault.store().put_clients(to_keep)?;
        Ok(ClientsRead::Imported(imported))
    }

    /// The name that a copy would be given by this pattern, for a client or an example of one.
    pub fn name_copy(&self, id: AssessmentId, pattern: &str, client: Option<ClientId>) -> Result<String, AppError> {
        let pattern = FilePattern::parse(pattern)?;
        let summary = self.editor.summary(id)?;
        let client = self.vault.store().clients()?.into_iter().find(|known| Some(known.id) == client);
        let example = || Client { reference: "S-101".to_owned(), ..Client::named("Hill School") };
        let client = client.as_ref().map_or_else(example, client_of);
        Ok(pattern.name(&summary.product, &client, self.vault.now()))
    }

    /// Issues signed customer copies to clients into a folder, and logs each. `report` is called with each client served;
    /// `cancel` is looked at before each. Called again with the same folder it goes on where it was.
    pub fn issue(
        &self,
        id: AssessmentId,
        order: &IssueOrder,
        folder: &Path,
        cancel: &AtomicBool,
        report: &mut dyn FnMut(IssueProgress),
    ) -> Result<IssueResult, AppError> {
        let listed: Vec<ListedClient> = self.list_clients()?.into_iter().filter(|client| order.clients.contains(&client.id)).collect();
        if listed.is_empty() {
            return Err(AppError::new(ErrorCode::Refused, "Choose at least one client."));
        }
        let pattern = FilePattern::parse(&order.pattern)?;
        let opened = self.exports.open_whole(id)?;
        let identity = self.identity.get_or_make()?;
        self.vault.store().set_setting(PATTERN, &order.pattern)?;
        let logged: BTreeSet<Digest> = self.vault.store().issued(id)?.into_iter().map(|copy| copy.sha256).collect();
        let clients: Vec<Client> = listed.iter().map(Client::from).collect();
        let request = IssueRequest {
            clients: &clients,
            pattern: &pattern,
            included: &order.included,
            is_open: order.is_open,
            missing_characters: order.missing_characters,
            folder,
            made_from: &[],
            at: self.vault.now(),
            identity: &identity,
        };
        let report = issue(&opened, &request, cancel, &mut |step| {
            let client = listed.get(step.number - 1).map(|client| client.id);
            match &step.outcome {
                Outcome::Issued(copy) => self.log(&opened.bundle.assessment, copy, client, &order.included)?,
                // A run may have ended between the file and its line in the log.
                Outcome::Kept(copy) if !logged.contains(&copy.sha256) => {
                    self.log(&opened.bundle.assessment, copy, client, &order.included)?;
                }
                Outcome::Kept(_) | Outcome::Failed(_) => {}
            }
            report(progress_of(step));
            Ok(())
        })?;
        let count = report.count();
        let mut result = IssueResult {
            folder: files::name_of(folder),
            issued: number(count.issued),
            kept: number(count.kept),
            failed: Vec::new(),
            missing_letters: Vec::new(),
            left: number(clients.len() - report.steps.len()),
            is_cancelled: report.is_cancelled,
            stopped: report.stopped,
        };
        for ServedClient { client, outcome, .. } in report.steps {
            match outcome {
                Outcome::Issued(copy) => {
                    result.missing_letters.extend(copy.missing_letters.iter().map(|letters| format!("{}: {letters}", copy.file)));
                }
                Outcome::Kept(_) => {}
                Outcome::Failed(error) => result.failed.push(IssueFailure { name: client.name, reason: error.message }),
            }
        }
        Ok(result)
    }

    fn log(
        &self,
        assessment: &dpia_model::Assessment,
        copy: &IssuedCopy,
        client: Option<ClientId>,
        included: &BTreeSet<SectionId>,
    ) -> Result<(), AppError> {
        let Client { name, email, reference } = copy.client.clone();
        Ok(self.vault.store().log_issued(Issued {
            assessment: assessment.id,
            product: assessment.details.product.clone(),
            revision: copy.revision,
            client,
            name,
            email,
            reference,
            at: copy.at,
            file: copy.file.clone(),
            sha256: copy.sha256,
            certificate: copy.certificate,
            content: copy.content,
            included: included.clone(),
        })?)
    }

    /// The copy of an assessment that each client holds, by name, and whether it is outdated.
    pub fn holdings(&self, id: AssessmentId) -> Result<Vec<Holding>, AppError> {
        let log = self.vault.store().issued(id)?;
        if log.is_empty() {
            return Ok(Vec::new());
        }
        let opened = self.exports.open_whole(id)?;
        let revision = self.vault.store().load(id)?.1;
        let mut current: BTreeMap<BTreeSet<SectionId>, Current> = BTreeMap::new();
        for copy in &log {
            if !current.contains_key(&copy.included) {
                let content = digest_content(&opened, &copy.included)?;
                current.insert(copy.included.clone(), Current { revision, content });
            }
        }
        let copies = log.iter().map(|row| {
            let client = Client { name: row.name.clone(), email: row.email.clone(), reference: row.reference.clone() };
            let is_outdated = current.get(&row.included).is_some_and(|current| current.outdates(row.revision, &row.content));
            Holding::new(row.client, &copy_of(row, client), is_outdated)
        });
        Ok(hold_last(copies))
    }
}

fn copy_of(row: &Issued, client: Client) -> IssuedCopy {
    IssuedCopy {
        client,
        file: row.file.clone(),
        sha256: row.sha256,
        revision: row.revision,
        at: row.at,
        certificate: row.certificate,
        content: row.content,
        missing_letters: Vec::new(),
    }
}

/// Takes what the file says of a client that is here; says what was changed.
fn merge(known: &mut dpia_store::Client, read: Client) -> Vec<String> {
    let mut changes = Vec::new();
    for (what, known, read) in [
        ("name", &mut known.name, read.name),
        ("email address", &mut known.email, read.email),
        ("reference", &mut known.reference, read.reference),
    ] {
        if !read.is_empty() && *known != read {
            changes.push(match known.is_empty() {
                true => format!("{what} {read} added"),
                false => format!("{what} was {known}, is {read}"),
            });
            *known = read;
        }
    }
    changes
}

fn client_of(kept: &dpia_store::Client) -> Client {
    Client { name: kept.name.clone(), email: kept.email.clone(), reference: kept.reference.clone() }
}

impl From<&ListedClient> for Client {
    fn from(listed: &ListedClient) -> Self {
        Self { name: listed.name.clone(), email: listed.email.clone(), reference: listed.reference.clone() }
    }
}

impl From<dpia_store::Client> for ListedClient {
    fn from(kept: dpia_store::Client) -> Self {
        Self { id: kept.id, name: kept.name, email: kept.email, reference: kept.reference }
    }
}

fn progress_of(step: &ServedClient) -> IssueProgress {
    IssueProgress { done: number(step.number), of: number(step.of), name: step.client.name.clone() }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

//! The handle on an open database. One thread owns the connection: every call is sent to it and answered by it, in the
//! order of arrival. A call that wrote something returns when that is on the disk.

use crate::backup;
use crate::edit::{self, Appended, Import, NewEntry};
use crate::editing::Editing;
use crate::error::StoreError;
use crate::file::{self, OpenFile};
use crate::head::{Head, Keeper};
use crate::picture::Picture;
use crate::search::{self, Hit};
use crate::table::assessment::{self, Summary};
use crate::table::attachment;
use crate::table::client::{self, Client};
use crate::table::draft::{self, Draft};
use crate::table::history;
use crate::table::issued::{self, Issued};
use crate::table::passage;
use crate::table::setting;
use crate::table::template::{self, TemplateSource};
use crate::{Revision, json};
use dpia_model::assessment::Assessment;
use dpia_model::date::Instant;
use dpia_model::history::Entry;
use dpia_model::id::{AssessmentId, AttachmentId, ClientId, EntryId, QuestionId};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::Duration;
use zeroize::Zeroizing;

type Job = Box<dyn FnOnce(&mut Connection, &mut Keeper) + Send>;

/// The head is brought up once nothing was asked for this long after something was written.
const REST: Duration = Duration::from_secs(2);

/// An open database. Clones share it; when the last is dropped it is closed and its lock freed.
#[derive(Clone)]
pub struct Store {
    pub(crate) writer: Arc<Writer>,
}

/// The thread that owns the connection.
pub(crate) struct Writer {
    path: PathBuf,
    key: Zeroizing<[u8; 32]>,
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    #[cfg(feature = "tampering")]
    pub(crate) trips: std::sync::atomic::AtomicU64,
}

impl Store {
    /// Opens a database that is there. Errors: `Missing`, `AlreadyOpen`, `NetworkFolder`, `WrongKey`, `NotADatabase`,
    /// `Newer`, `Damaged`.
    pub fn open(path: &Path, key: &[u8; 32]) -> Result<Self, StoreError> {
        file::open(path, key).and_then(|file| Self::start(path, key, file))
    }

    /// Makes a database where there is none, in a folder that is there. Errors: `Exists`, and those of
    /// [`Store::open`].
    pub fn create(path: &Path, key: &[u8; 32]) -> Result<Self, StoreError> {
        file::create(path, key).and_then(|file| Self::start(path, key, file))
    }

    fn start(path: &Path, key: &[u8; 32], file: OpenFile) -> Result<Self, StoreError> {
        let (jobs, arriving) = mpsc::channel::<Job>();
        let OpenFile { mut connection, mut keeper, lock } = file;
        let write = move || {
            loop {
                let next = match keeper.is_behind(&connection) {
                    true => arriving.recv_timeout(REST),
                    false => arriving.recv().map_err(|_| RecvTimeoutError::Disconnected),
                };
                match next {
                    Ok(job) => job(&mut connection, &mut keeper),
                    // Where it fails the head stays behind: it says less, and nothing that is wrong.
                    Err(RecvTimeoutError::Timeout) => drop(bring_up(&mut connection, &mut keeper)),
                    Err(RecvTimeoutError::Disconnected) => break,
                }
            }
            if keeper.is_behind(&connection) {
                drop(bring_up(&mut connection, &mut keeper));
            }
            if keeper.check_files().is_err() {
                // Another file may bear its name now, and the WAL of that is none of ours.
                drop(file::leave_wal(&connection));
            }
            drop(connection);
            // The lock outlives the connection.
            drop(lock);
        };
        let thread = std::thread::Builder::new()
            .name("store writer".to_owned())
            .spawn(write)
            .map_err(|source| StoreError::File { path: path.to_owned(), source })?;
        let writer = Writer {
            path: path.to_owned(),
            key: Zeroizing::new(*key),
            jobs: Some(jobs),
            thread: Some(thread),
            #[cfg(feature = "tampering")]
            trips: std::sync::atomic::AtomicU64::default(),
        };
        Ok(Self { writer: Arc::new(writer) })
    }

    /// Where the database lies.
    pub fn path(&self) -> &Path {
        &self.writer.path
    }

    // ---- Assessments ----------------------------------------------------------------------------------------------

    /// Keeps a new assessment, without a history, at revision 0. Its pictures have to be here.
    pub fn insert_assessment(&self, assessment: Assessment, at: Instant) -> Result<(), StoreError> {
        self.write(move |transaction| edit::insert(transaction, &assessment, at))
    }

    /// Keeps an assessment from elsewhere with its history, pictures and templates, all or nothing.
    pub fn import_assessment(&self, import: Import) -> Result<(), StoreError> {
        self.write(move |transaction| edit::import(transaction, import))
    }

    /// As [`Store::import_assessment`], in the place of the one of the same id, which leaves the bin. Its drafts stay.
    pub fn replace_assessment(&self, import: Import) -> Result<(), StoreError> {
        self.write(move |transaction| edit::replace(transaction, import))
    }

    /// Every assessment, the one edited last first; those in the bin say so.
    pub fn list(&self) -> Result<Vec<Summary>, StoreError> {
        self.read(|connection| assessment::list(connection))
    }

    /// What the list says of this one; none where it is not here.
    pub fn summary(&self, id: AssessmentId) -> Result<Option<Summary>, StoreError> {
        self.read(move |connection| assessment::summary(connection, id))
    }

    /// The assessment and its revision.
    pub fn load(&self, id: AssessmentId) -> Result<(Assessment, Revision), StoreError> {
        self.read(move |connection| assessment::load(connection, id).map(|(_, assessment, revision)| (assessment, revision)))
    }

    /// Keeps what was worked out about a revision, so that [`Store::list`] can show it without the document. It is
    /// dropped silently where the assessment has moved on.
    pub fn remember_progress(&self, id: AssessmentId, revision: Revision, progress: serde_json::Value) -> Result<(), StoreError> {
        self.write(move |transaction| assessment::remember_progress(transaction, id, revision, &progress))
    }

    /// Moves the assessment to the bin. Nothing of it is lost.
    pub fn bin(&self, id: AssessmentId, at: Instant) -> Result<(), StoreError> {
        self.write(move |transaction| assessment::set_binned(transaction, id, Some(at)))
    }

    /// Takes the assessment out of the bin.
    pub fn restore(&self, id: AssessmentId) -> Result<(), StoreError> {
        self.write(move |transaction| assessment::set_binned(transaction, id, None))
    }

    // ---- History --------------------------------------------------------------------------------------------------

    /// Applies these edits, in order, all or none, to the assessment at this revision, and writes them to its history.
    /// Errors: `Stale`, `Change`, `NoAttachment` for a picture that was never kept.
    pub fn append(&self, id: AssessmentId, base: Revision, entries: Vec<NewEntry>) -> Result<Appended, StoreError> {
        self.write(move |transaction| edit::append(transaction, id, base, entries))
    }

    /// The whole history, first to last.
    pub fn history(&self, id: AssessmentId) -> Result<Vec<Entry>, StoreError> {
        self.read(move |connection| history::all(connection, assessment::key_of(connection, id)?))
    }

    /// The last entries of the history, at most this many, first to last.
    pub fn history_tail(&self, id: AssessmentId, most: u32) -> Result<Vec<Entry>, StoreError> {
        self.read(move |connection| history::tail(connection, assessment::key_of(connection, id)?, most))
    }

    /// The entries of the history that come after this number, at most so many, first to last.
    pub fn history_part(&self, id: AssessmentId, after: u32, most: u32) -> Result<Vec<Entry>, StoreError> {
        self.read(move |connection| history::part(connection, assessment::key_of(connection, id)?, after, most))
    }

    /// One entry of the history.
    pub fn entry(&self, id: AssessmentId, entry: EntryId) -> Result<Entry, StoreError> {
        self.read(move |connection| history::entry(connection, assessment::key_of(connection, id)?, entry))
    }

    /// Says whether the history is whole: no gap, every link sound, the last at the revision, and every edit can be
    /// taken back, one by one, from the assessment as it is.
    pub fn check_history(&self, id: AssessmentId) -> Result<(), StoreError> {
        self.read(move |connection| edit::check_kept_history(connection, id))
    }

    // ---- Editing --------------------------------------------------------------------------------------------------

    /// Reads, judges and writes what there is of one assessment, in one trip: all of it is kept, or nothing. What was written
    /// is on the disk on return.
    pub fn edit<T, E>(&self, id: AssessmentId, work: impl FnOnce(&Editing<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.ask(move |connection, keeper| {
            // No other connection writes, so nothing comes between what is read and what is written.
            let transaction = connection.transaction().map_err(StoreError::from)?;
            let editing = Editing::begin(&transaction, id)?;
            let done = work(&editing)?;
            if editing.has_written() {
                keeper.check_files()?;
                transaction.commit().map_err(StoreError::from)?;
            }
            Ok(done)
        })
    }

    /// Keeps what is being typed in answer to a question; the draft before is replaced.
    pub fn save_draft(&self, id: AssessmentId, draft: Draft) -> Result<(), StoreError> {
        self.edit(id, move |editing| editing.save_draft(&draft))
    }

    /// As [`Store::append`], and in the same transaction the question's draft is gone.
    pub fn settle(&self, id: AssessmentId, base: Revision, question: QuestionId, entries: Vec<NewEntry>) -> Result<Appended, StoreError> {
        self.edit(id, move |editing| {
            let appended = editing.append(base, entries)?;
            editing.discard_draft(&question)?;
            Ok(appended)
        })
    }

    /// The drafts of an assessment, by question.
    pub fn drafts(&self, id: AssessmentId) -> Result<Vec<Draft>, StoreError> {
        self.read(move |connection| draft::all(connection, assessment::key_of(connection, id)?))
    }

    // ---- Pictures, templates, settings ----------------------------------------------------------------------------

    /// Keeps a picture's bytes. Kept twice is kept once.
    pub fn put_attachment(&self, picture: Picture) -> Result<(), StoreError> {
        self.write(move |transaction| attachment::put(transaction, &picture))
    }

    /// A picture that was kept.
    pub fn attachment(&self, id: AttachmentId) -> Result<Picture, StoreError> {
        self.read(move |connection| attachment::get(connection, id))
    }

    /// Keeps an edition or pack from elsewhere. Another text under the same id is refused: `TemplateDiffers`.
    pub fn put_template(&self, source: TemplateSource) -> Result<(), StoreError> {
        self.write(move |transaction| template::put(transaction, &source))
    }

    /// The editions and packs from elsewhere, by kind and id.
    pub fn templates(&self) -> Result<Vec<TemplateSource>, StoreError> {
        self.read(|connection| template::all(connection))
    }

    /// A setting; none where it was never set.
    pub fn setting<T: DeserializeOwned + Send + 'static>(&self, name: &str) -> Result<Option<T>, StoreError> {
        let name = name.to_owned();
        self.read(move |connection| setting::get(connection, &name))
    }

    /// Sets a setting.
    pub fn set_setting<T: Serialize>(&self, name: &str, value: &T) -> Result<(), StoreError> {
        let (name, text) = (name.to_owned(), json::to_text(value)?);
        self.write(move |transaction| setting::set(transaction, &name, &text))
    }

    // ---- Clients, and what they were sent -------------------------------------------------------------------------

    /// Every client, in the order in which they came.
    pub fn clients(&self) -> Result<Vec<Client>, StoreError> {
        self.read(|connection| client::all(connection))
    }

    /// Keeps these clients, all or none; one whose id is here already is changed.
    pub fn put_clients(&self, clients: Vec<Client>) -> Result<(), StoreError> {
        self.write(move |transaction| clients.iter().try_for_each(|client| client::put(transaction, client)))
    }

    /// Takes a client off the list, if it is there. What it was sent stays in the log.
    pub fn remove_client(&self, id: ClientId) -> Result<(), StoreError> {
        self.write(move |transaction| client::remove(transaction, id))
    }

    /// Writes a copy that was issued to the log, which is only ever appended to.
    pub fn log_issued(&self, copy: Issued) -> Result<(), StoreError> {
        self.write(move |transaction| issued::append(transaction, &copy))
    }

    /// The copies of an assessment that were issued, first to last.
    pub fn issued(&self, id: AssessmentId) -> Result<Vec<Issued>, StoreError> {
        self.read(move |connection| issued::of(connection, id))
    }

    // ---- Search, and the file as a whole --------------------------------------------------------------------------

    /// The places in which every word of the query, or a word that begins with it, is; the best first, at most
    /// this many. Case and diacritics make no difference. What is in the bin is not searched.
    pub fn search(&self, query: &str, most: u32) -> Result<Vec<Hit>, StoreError> {
        let query = query.to_owned();
        self.ask(move |connection, keeper| {
            match index_waiting(connection, keeper) {
                // What the index has is found all the same.
                Ok(()) | Err(StoreError::DiskFull | StoreError::ReadOnly) => {}
                Err(error) => return Err(error),
            }
            search::search(connection, &query, most)
        })
    }

    /// Reads every page and checks it. Errors: `Damaged`.
    pub fn check_integrity(&self) -> Result<(), StoreError> {
        self.read(|connection| file::check_integrity(connection))
    }

    /// Brings the head to what was written so far, and gives it. Two heads are the same where nothing was written between.
    pub fn keep_head(&self) -> Result<Head, StoreError> {
        self.ask(bring_up)
    }

    /// Copies the database, under the same key, to a file of this name, its head beside it; gives that. Each page of the
    /// database and of the copy is checked before the copy has its name. Whatever is written meanwhile waits only for the
    /// check and the copying. Errors: `Damaged` where one of the two is.
    pub fn back_up(&self, to: &Path) -> Result<Head, StoreError> {
        let place = to.to_owned();
        let head = self.ask(move |connection, keeper| {
            let head = bring_up(connection, keeper)?;
            file::check_integrity(connection)?;
            backup::copy_beside(connection, &place)?;
            Ok::<Head, StoreError>(head)
        })?;
        backup::finish(to, &self.writer.key, &head)?;
        Ok(head)
    }

    // ---- The way to the writer ------------------------------------------------------------------------------------

    pub(crate) fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.ask(|connection, _| job(connection))
    }

    fn ask<T, E>(&self, job: impl FnOnce(&mut Connection, &mut Keeper) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        #[cfg(feature = "tampering")]
        self.writer.trips.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let (answer, answered) = mpsc::sync_channel(1);
        let job: Job = Box::new(move |connection, keeper| {
            // Whoever asked may be gone; then the answer has nobody to go to.
            let _ = answer.send(job(connection, keeper));
        });
        self.writer.jobs.as_ref().ok_or(StoreError::Closed)?.send(job).map_err(|_| StoreError::Closed)?;
        answered.recv().map_err(|_| StoreError::Closed)?
    }

    fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.ask(move |connection, keeper| commit(connection, keeper, job))
    }
}

/// Does all of a job or nothing.
fn commit<T>(
    connection: &mut Connection,
    keeper: &mut Keeper,
    job: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = job(&transaction)?;
    keeper.check_files()?;
    transaction.commit()?;
    Ok(done)
}

/// Brings the index of the search up to what was edited.
fn index_waiting(connection: &mut Connection, keeper: &mut Keeper) -> Result<(), StoreError> {
    match passage::is_waiting(connection)? {
        true => commit(connection, keeper, |transaction| passage::write_waiting(transaction)),
        false => Ok(()),
    }
}

/// Brings the index and the head up to what was written, and gives the head. The index first: with it the file changes, and
/// of two heads that differ one has seen another edit.
fn bring_up(connection: &mut Connection, keeper: &mut Keeper) -> Result<Head, StoreError> {
    index_waiting(connection, keeper)?;
    keeper.keep(connection)
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("path", &self.writer.path).finish_non_exhaustive()
    }
}

impl Drop for Writer {
    /// Waits until the database is closed and its lock is free.
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            // A writer that panicked has nothing left to say.
            let _ = thread.join();
        }
    }
}

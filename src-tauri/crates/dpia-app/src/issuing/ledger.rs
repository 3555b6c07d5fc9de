//! The ledger of a folder: `issued.csv`, one line a copy, so that a run that was cut off can go on.
//!
//! A line is on the disk before its copy is; a copy that is not in the folder as its line says was not finished. Lines are
//! only ever added. One run at a time holds the ledger.

use super::clients::Client;
use super::run::IssuedCopy;
use crate::csv_lines::{MARK, to_line};
use crate::error::{AppError, ErrorCode};
use crate::files;
use dpia_model::Instant;
use dpia_model::id::Digest;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

/// The name of the ledger in its folder.
pub const LEDGER: &str = "issued.csv";

const COLUMNS: [&str; 9] = ["client", "email", "reference", "file", "sha256", "revision", "issued", "certificate", "content"];

/// The ledger of a folder, held by one run.
pub(crate) struct Ledger {
    path: PathBuf,
    file: File,
    rows: Vec<IssuedCopy>,
}

impl Ledger {
    /// Opens the ledger of a folder, or begins one. A last line that was cut off is taken out.
    pub(crate) fn open(folder: &Path) -> Result<Self, AppError> {
        let path = folder.join(LEDGER);
        let failed = |error: std::io::Error| AppError::writing(&path, &error);
        let refuse_other = |known: std::fs::Metadata| {
            let message = format!("{LEDGER} in this folder is not a file: move it elsewhere, or choose another folder.");
            if known.is_file() { Ok(()) } else { Err(AppError::new(ErrorCode::NotSaved, message)) }
        };
        // A link would lead the record to another place.
        std::fs::symlink_metadata(&path).map_or(Ok(()), refuse_other)?;
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(failed)?;
        refuse_other(file.metadata().map_err(failed)?)?;
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            let message = "Copies are already being written to this folder: wait until that has finished, or choose another folder.";
            return Err(AppError::new(ErrorCode::AlreadyOpen, message));
        }
        // Where locks bind everybody, as on Windows, only the file that holds the lock can read it.
        let mut bytes = Vec::new();
        (&file).take(files::MOST_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() as u64 > files::MOST_BYTES {
            let message = format!("{LEDGER} in this folder is over the 512 MB limit: choose another folder.");
            return Err(AppError::new(ErrorCode::Refused, message));
        }
        let whole = whole_lines(&bytes);
        let mut rows = Vec::new();
        if whole.is_empty() {
            let begin = [MARK, to_line(&COLUMNS)?.as_slice()].concat();
            // What is not the beginning of ours is somebody's, and nothing of it is taken away.
            if !begin.starts_with(&bytes) {
                return Err(foreign());
            }
            file.set_len(0)
                .and_then(|()| file.rewind())
                .and_then(|()| file.write_all(&begin))
                .and_then(|()| file.sync_all())
                .map_err(failed)?;
        } else {
            rows = read_rows(whole)?;
            let end = u64::try_from(whole.len()).unwrap_or(u64::MAX);
            file.set_len(end).and_then(|()| file.seek(SeekFrom::End(0))).map_err(failed)?;
            if !whole.ends_with(b"\n") {
                file.write_all(if whole.ends_with(b"\r") { b"\n" } else { b"\r\n" }).map_err(failed)?;
            }
        }
        Ok(Self { path, file, rows })
    }

    /// What is recorded, first to last.
    pub(crate) fn rows(&self) -> &[IssuedCopy] {
        &self.rows
    }

    /// Records a copy; on return it is on the disk.
    pub(crate) fn append(&mut self, copy: &IssuedCopy) -> Result<(), AppError> {
        let Client { name, email, reference } = &copy.client;
        let (sha256, revision, issued) = (copy.sha256.to_string(), copy.revision.to_string(), copy.at.to_string());
        let (certificate, content) = (copy.certificate.to_string(), copy.content.to_string());
        let line = to_line(&[name, email, reference, &copy.file, &sha256, &revision, &issued, &certificate, &content])?;
        self.file.write_all(&line).and_then(|()| self.file.sync_data()).map_err(|error| AppError::writing(&self.path, &error))?;
        self.rows.push(copy.clone());
        Ok(())
    }
}

impl Drop for Ledger {
    /// Lets go of it by saying so: a process that is just being started has a copy of its descriptor.
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}

/// Reads the ledger of a folder without holding it.
///
/// # Errors
/// `NotFound` where there is no such folder, or no ledger in it.
pub fn read_ledger(folder: &Path) -> Result<Vec<IssuedCopy>, AppError> {
    let path = folder.join(LEDGER);
    if !path.exists() {
        let name = files::name_of(folder);
        let why = match (folder.is_dir(), folder.exists()) {
            (true, _) => format!("There is no record of issued copies ({LEDGER}) in {name}: choose the folder they were issued to."),
            (false, true) => format!("{name} is not a folder: choose the folder the copies were issued to."),
            (false, false) => format!("{name} does not exist: choose the folder the copies were issued to."),
        };
        return Err(AppError::new(ErrorCode::NotFound, why));
    }
    let bytes = files::read(&path)?;
    read_rows(whole_lines(&bytes))
}

/// The whole lines of a ledger, without a last one that was cut off. One that lacks its end alone is whole: editors take it away.
fn whole_lines(bytes: &[u8]) -> &[u8] {
    let ended = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
    let (whole, rest) = bytes.split_at(ended);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(rest);
    let is_whole = !whole.is_empty() && reader.records().next().and_then(Result::ok).as_ref().and_then(read_row).is_some();
    if is_whole { bytes } else { whole }
}

fn foreign() -> AppError {
    let message = format!("The file {LEDGER} in this folder is not a record of copies: choose another folder.");
    AppError::new(ErrorCode::Refused, message)
}

fn read_rows(bytes: &[u8]) -> Result<Vec<IssuedCopy>, AppError> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes.strip_prefix(MARK).unwrap_or(bytes));
    if reader.headers().map_err(|_| foreign())? != COLUMNS.as_slice() {
        return Err(foreign());
    }
    let mut rows = Vec::new();
    for (number, record) in (2usize..).zip(reader.records()) {
        let copy = record.ok().as_ref().and_then(read_row).ok_or_else(|| {
            let message = format!("{LEDGER} cannot be read at record {number}: correct that line, or choose another folder.");
            AppError::new(ErrorCode::Damaged, message)
        })?;
        rows.push(copy);
    }
    Ok(rows)
}

fn read_row(record: &csv::StringRecord) -> Option<IssuedCopy> {
    let fields: [&str; COLUMNS.len()] = record.iter().collect::<Vec<_>>().try_into().ok()?;
    let [name, email, reference, file, sha256, revision, issued, certificate, content] = fields;
    Some(IssuedCopy {
        client: Client { name: name.to_owned(), email: email.to_owned(), reference: reference.to_owned() },
        file: file.to_owned(),
        sha256: sha256.parse::<Digest>().ok()?,
        revision: revision.parse().ok()?,
        at: issued.parse().ok().map(Instant)?,
        certificate: certificate.parse().ok()?,
        content: content.parse().ok()?,
        missing_letters: Vec::new(),
    })
}

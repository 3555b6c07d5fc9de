//! Clients, and reading them from a CSV file.
//!
//! A client that was checked has a name that can be printed and written on one line. Whatever is refused is named by its
//! line in the file, with what to do about it.

use super::text::decode_text;
use crate::error::{AppError, ErrorCode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most clients that a file may hold.
const MOST_CLIENTS: usize = 20_000;
/// The most letters of a name, an address or a reference.
const MOST_LETTERS: usize = 200;

/// A school or trust that receives copies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// Its name, as printed on its copy.
    pub name: String,
    /// Its e-mail address; empty where none is known.
    pub email: String,
    /// The officer's own number for it; empty where there is none.
    pub reference: String,
}

/// What a file of clients says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientList {
    /// The clients, in the order of the file, none twice.
    pub clients: Vec<Client>,
    /// What the officer should know of how the file was read.
    pub remarks: Vec<String>,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Name,
    Email,
    Reference,
}

impl Client {
    /// A client of this name, with no address and no reference.
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), email: String::new(), reference: String::new() }
    }

    /// The client with surrounding spaces taken off, or what is wrong with it.
    pub fn check(&self) -> Result<Self, AppError> {
        let checked =
            Self { name: self.name.trim().to_owned(), email: self.email.trim().to_owned(), reference: self.reference.trim().to_owned() };
        match checked.find_fault() {
            Some(fault) => Err(AppError::new(ErrorCode::Refused, crate::error::sentence(&fault))),
            None => Ok(checked),
        }
    }

    fn find_fault(&self) -> Option<String> {
        if self.name.is_empty() {
            return Some("the name is empty. Write the name of the school or trust.".to_owned());
        }
        for (what, text) in [("name", &self.name), ("e-mail address", &self.email), ("reference", &self.reference)] {
            if text.chars().any(char::is_control) {
                return Some(format!("the {what} has a line break or a tab in it. Look for a quotation mark that is missing."));
            }
            if text.chars().count() > MOST_LETTERS {
                return Some(format!("the {what} has more than {MOST_LETTERS} letters. Shorten it."));
            }
        }
        let is_address = |text: &str| text.split_once('@').is_some_and(|(who, at)| !who.is_empty() && !at.is_empty() && !at.contains('@'));
        if !self.email.is_empty() && (!is_address(&self.email) || self.email.contains(char::is_whitespace)) {
            return Some(format!("\"{}\" is no e-mail address. Correct it, or leave it empty.", self.email));
        }
        None
    }

    /// What tells it from others.
    pub(crate) fn key(&self) -> ClientKey {
        ClientKey { name: fold(&self.name), reference: fold(&self.reference) }
    }

    /// Says whether both mean the same client: the same reference, or the same name where either has none.
    pub fn is_same(&self, other: &Self) -> bool {
        self.key().is_same(&other.key())
    }
}

/// What tells one client from another: name and reference without regard to case and spaces.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ClientKey {
    name: String,
    reference: String,
}

impl ClientKey {
    /// As [`Client::is_same`].
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match self.reference.is_empty() || other.reference.is_empty() {
            true => self.name == other.name,
            false => self.reference == other.reference,
        }
    }
}

/// Reads clients from a CSV file. Its first line names the columns, in any order and case: `name` (or `school`,
/// `organisation`), `email`, `reference`; the rest is not used. Commas, semicolons or tabs part the fields.
pub fn read_clients(bytes: &[u8]) -> Result<ClientList, AppError> {
    let (text, remark) = decode_text(bytes)?;
    let mut remarks: Vec<String> = remark.into_iter().collect();
    let lines = Lines::new(&text);
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(lines.delimiter).from_reader(lines.text.as_bytes());
    let mut columns: Option<Vec<Option<Column>>> = None;
    let mut clients: Vec<Client> = Vec::new();
    let mut seen = Seen::default();
    for record in reader.records() {
        let record = record.map_err(|error| refuse("The file cannot be read: save it again as CSV.").with_detail(error))?;
        let line = lines.line_of(record.position().map_or(0, csv::Position::byte));
        if record.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        let Some(columns) = &columns else {
            columns = Some(read_columns(&record, line, &mut remarks)?);
            continue;
        };
        let client = read_client(&record, columns, line)?;
        if seen.note(&client, line, &mut remarks) {
            clients.push(client);
        }
        if clients.len() > MOST_CLIENTS {
            return Err(refuse(&format!("The file has more than {MOST_CLIENTS} clients: divide it.")));
        }
    }
    if clients.is_empty() {
        return Err(refuse(
            "The file names no client. Its first line names the columns, name, email and reference; each line below is a client.",
        ));
    }
    Ok(ClientList { clients, remarks })
}

fn read_columns(record: &csv::StringRecord, line: usize, remarks: &mut Vec<String>) -> Result<Vec<Option<Column>>, AppError> {
    let mut columns = Vec::with_capacity(record.len());
    let mut unused = Vec::new();
    for title in record {
        let column = match fold(title).as_str() {
            "name" | "school" | "school name" | "organisation" | "organization" | "client" => Some(Column::Name),
            "email" | "e-mail" | "email address" | "e-mail address" => Some(Column::Email),
            "reference" | "ref" => Some(Column::Reference),
            "" => None,
            _ => {
                unused.push(format!("\"{}\"", title.trim()));
                None
            }
        };
        if column.is_some() && columns.contains(&column) {
            return Err(refuse(&format!("Line {line}: two columns mean the same as \"{}\". Keep one of them.", title.trim())));
        }
        columns.push(column);
    }
    if !columns.contains(&Some(Column::Name)) {
        return Err(refuse(&format!(
            "Line {line}: no column is called \"name\". Let the first line name the columns: name, email, reference."
        )));
    }
    if !unused.is_empty() {
        remarks.push(format!("Columns that are not used: {}.", unused.join(", ")));
    }
    Ok(columns)
}

fn read_client(record: &csv::StringRecord, columns: &[Option<Column>], line: usize) -> Result<Client, AppError> {
    if record.iter().skip(columns.len()).any(|field| !field.trim().is_empty()) {
        let (found, expected) = (record.len(), columns.len());
        return Err(refuse(&format!(
            "Line {line} has {found} fields, and the first line names {expected} columns. Put quotation marks around a name that has the separator in it."
        )));
    }
    let mut client = Client::named("");
    for (field, column) in record.iter().zip(columns) {
        match column {
            Some(Column::Name) => client.name = field.trim().to_owned(),
            Some(Column::Email) => client.email = field.trim().to_owned(),
            Some(Column::Reference) => client.reference = field.trim().to_owned(),
            None => {}
        }
    }
    match client.find_fault() {
        Some(fault) => Err(refuse(&format!("Line {line}: {fault}"))),
        None => Ok(client),
    }
}

/// The clients so far, with their lines.
#[derive(Default)]
struct Seen {
    names: BTreeMap<String, usize>,
    pairs: BTreeMap<(String, String), usize>,
    references: BTreeMap<String, usize>,
}

impl Seen {
    /// Notes a client; says whether it is a new one. What stands twice is told.
    fn note(&mut self, client: &Client, line: usize, remarks: &mut Vec<String>) -> bool {
        let (name, reference) = (fold(&client.name), fold(&client.reference));
        if let Some(first) = self.pairs.get(&(name.clone(), reference.clone())) {
            remarks.push(format!("Line {line}: {} stands on line {first} already. It was taken once.", client.name));
            return false;
        }
        if let Some(first) = self.references.get(&reference) {
            remarks.push(format!("Line {line}: the reference {} is that of line {first} too.", client.reference));
        }
        if let Some(first) = self.names.get(&name) {
            remarks.push(format!("Line {line}: {} is the name on line {first} too, with another reference. Both were taken.", client.name));
        }
        if !reference.is_empty() {
            self.references.entry(reference.clone()).or_insert(line);
        }
        self.names.entry(name.clone()).or_insert(line);
        self.pairs.insert((name, reference), line);
        true
    }
}

/// The text from its first record on, and what parts its fields.
struct Lines<'a> {
    text: &'a str,
    delimiter: u8,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        let first = text.lines().next().unwrap_or_default();
        // A spreadsheet may say its separator on a line of its own.
        let named = match first.to_ascii_lowercase().as_str() {
            "sep=," => Some(b','),
            "sep=;" => Some(b';'),
            "sep=\t" => Some(b'\t'),
            _ => None,
        };
        match named {
            Some(delimiter) => Self { text: text.get(first.len()..).unwrap_or_default(), delimiter },
            None => Self { text, delimiter: find_delimiter(text) },
        }
    }

    /// The number of the line on which the record that is read from this byte on begins, from 1.
    fn line_of(&self, byte: u64) -> usize {
        let start = usize::try_from(byte).unwrap_or(usize::MAX).min(self.text.len());
        let before = self.text.as_bytes().get(..start).unwrap_or_default();
        let blank = self.text.as_bytes().get(start..).unwrap_or_default().iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
        1 + before.iter().chain(blank).filter(|byte| **byte == b'\n').count()
    }
}

/// What parts the fields of the first line: whichever of the three stands there most often outside quotation marks.
fn find_delimiter(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let mut is_quoted = false;
    let (mut commas, mut semicolons, mut tabs) = (0, 0, 0);
    for byte in first.bytes() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b',' if !is_quoted => commas += 1,
            b';' if !is_quoted => semicolons += 1,
            b'\t' if !is_quoted => tabs += 1,
            _ => {}
        }
    }
    if tabs > commas.max(semicolons) {
        b'\t'
    } else if semicolons > commas {
        b';'
    } else {
        b','
    }
}

/// A name as it is compared: case and spaces make no difference.
pub(crate) fn fold(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    let one = text.split_whitespace().collect::<Vec<_>>().join(" ");
    one.nfc().collect::<String>().to_lowercase()
}

fn refuse(message: &str) -> AppError {
    AppError::new(ErrorCode::Refused, message)
}

//! Lists of clients as schools' registers and spreadsheets give them, in CSV files.
//!
//! A line that cannot be used is left out and named, with what to do about it; the others are taken.

use super::clients::{Client, fold};
use super::text::decode_text;
use crate::error::{AppError, ErrorCode};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The most clients that a file may hold.
const MOST_CLIENTS: usize = 20_000;

/// The most lines of a cell; a record with more lacks a quotation mark and has swallowed lines that are sound.
const MOST_LINES_OF_A_CELL: usize = 4;

/// What the columns of a list are called that are known without being named, letters and digits alone; the likeliest first.
const NAMES: [&str; 14] = [
    "name",
    "school",
    "schoolname",
    "establishment",
    "establishmentname",
    "organisation",
    "organization",
    "organisationname",
    "organizationname",
    "client",
    "clientname",
    "customer",
    "customername",
    "accountname",
];
const EMAILS: [&str; 9] =
    ["email", "emailaddress", "primaryemail", "mainemail", "schoolemail", "contactemail", "officeemail", "mail", "emailaddress1"];
const REFERENCES: [&str; 12] = [
    "reference",
    "ref",
    "clientreference",
    "accountnumber",
    "accountno",
    "accountid",
    "customernumber",
    "customerid",
    "clientid",
    "urn",
    "dfenumber",
    "laestab",
];

/// What a file of clients says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientList {
    /// The clients, in the order of the file, none twice.
    pub clients: Vec<Client>,
    /// The lines that were left out, each with the reason and what to do.
    pub left_out: Vec<String>,
    /// What the officer should know of how the file was read.
    pub remarks: Vec<String>,
}

/// Which columns of a list hold what, by their titles; none where that is to be found out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct ColumnTitles {
    /// The column of names.
    pub name: Option<String>,
    /// The column of email addresses.
    pub email: Option<String>,
    /// The column of references.
    pub reference: Option<String>,
}

/// What became of reading a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListRead {
    /// It was read.
    List(ClientList),
    /// Which column holds the names has to be said.
    ColumnsNeeded {
        /// The titles of its columns.
        titles: Vec<String>,
        /// Why, in a sentence.
        why: String,
    },
}

/// Reads clients from a CSV file. Its first line names the columns, in any order and case; those that are not named here are
/// known by what registers and spreadsheets call them. Commas, semicolons or tabs part the fields.
pub fn read_clients(bytes: &[u8], named: &ColumnTitles) -> Result<ListRead, AppError> {
    let (text, remark) = decode_text(bytes)?;
    let mut list = ClientList { clients: Vec::new(), left_out: Vec::new(), remarks: remark.into_iter().collect() };
    let lines = Lines::new(&text);
    let mut records = Records { lines: &lines, at: 0 };
    let empty = "The file lists no clients. Its first line must name the columns (name, email, reference); each line below is one \
    client.";
    let Some(head) = records.next_record()? else { return Err(refuse(empty)) };
    let columns = match find_columns(&head, named)? {
        Found::Columns(columns) => columns,
        Found::Unclear { why } => return Ok(ListRead::ColumnsNeeded { titles: head.titles(), why }),
    };
    let unused: Vec<String> = head
        .titles()
        .iter()
        .zip(&columns)
        .filter(|(title, column)| column.is_none() && !title.is_empty())
        .map(|(title, _)| format!("\"{title}\""))
        .collect();
    if !unused.is_empty() {
        list.remarks.push(format!("Columns that are not used: {}.", unused.join(", ")));
    }
    let mut seen = Seen::default();
    while let Some(record) = records.next_record()? {
        match read_client(&record, &columns) {
            Err(fault) => {
                list.left_out.push(format!("Line {}: {fault}", record.line));
                records.leave_swallowed_lines(&record);
            }
            Ok(client) => {
                if seen.note(&client, record.line, &mut list.remarks) {
                    list.clients.push(client);
                }
            }
        }
        if list.clients.len() > MOST_CLIENTS {
            return Err(refuse(&format!("The file has more than {MOST_CLIENTS} clients: split it.")));
        }
    }
    match (list.clients.is_empty(), list.left_out.first()) {
        (true, Some(fault)) => Err(refuse(fault)),
        (true, None) => Err(refuse(empty)),
        (false, _) => Ok(ListRead::List(list)),
    }
}

/// A record of the file.
struct Record {
    fields: csv::StringRecord,
    /// The line on which it begins, from 1.
    line: usize,
    /// Where it begins.
    start: usize,
}

impl Record {
    fn titles(&self) -> Vec<String> {
        self.fields.iter().map(|title| title.trim().to_owned()).collect()
    }
}

/// The records of a file, one after the other, those that are empty passed over.
struct Records<'a> {
    lines: &'a Lines<'a>,
    /// The byte from which the next is read.
    at: usize,
}

impl Records<'_> {
    fn next_record(&mut self) -> Result<Option<Record>, AppError> {
        loop {
            let rest = self.lines.text.as_bytes().get(self.at..).unwrap_or_default();
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(self.lines.delimiter).from_reader(rest);
            let mut fields = csv::StringRecord::new();
            let is_there = reader
                .read_record(&mut fields)
                .map_err(|error| refuse("The file cannot be read: save it again as CSV.").with_detail(error))?;
            if !is_there {
                return Ok(None);
            }
            let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            let start = self.at + blank;
            self.at += usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
            if fields.iter().any(|field| !field.trim().is_empty()) {
                return Ok(Some(Record { fields, line: self.lines.line_at(start), start }));
            }
        }
    }

    /// Goes on with the line after that on which this record begins, where it has more lines than a cell has.
    fn leave_swallowed_lines(&mut self, record: &Record) {
        let whole = self.lines.text.as_bytes().get(record.start..self.at).unwrap_or_default();
        let mut ends = whole.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at);
        if let (Some(first), Some(_)) = (ends.next(), ends.nth(MOST_LINES_OF_A_CELL)) {
            self.at = record.start + first + 1;
        }
    }
}

enum Found {
    Columns(Vec<Option<Column>>),
    /// It has to be said which column holds the names.
    Unclear {
        why: String,
    },
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Name,
    Email,
    Reference,
}

/// Finds which column holds what.
fn find_columns(head: &Record, named: &ColumnTitles) -> Result<Found, AppError> {
    let titles = head.titles();
    let plain: Vec<String> =
        titles.iter().map(|title| title.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()).collect();
    let mut columns: Vec<Option<Column>> = vec![None; titles.len()];
    for (column, title) in [(Column::Name, &named.name), (Column::Email, &named.email), (Column::Reference, &named.reference)] {
        let Some(title) = title else { continue };
        let at = titles.iter().position(|found| fold(found) == fold(title));
        let slot = at.and_then(|at| columns.get_mut(at)).filter(|slot| slot.is_none());
        let Some(slot) = slot else {
            return Err(refuse(&format!("Line {}: no column is called \"{title}\". {}", head.line, join_titles(&titles))));
        };
        *slot = Some(column);
    }
    let known = |names: &[&str], columns: &[Option<Column>]| -> Vec<usize> {
        let places = |name: &&str| {
            plain
                .iter()
                .enumerate()
                .filter(|(at, title)| title == name && columns.get(*at) == Some(&None))
                .map(|(at, _)| at)
                .collect::<Vec<_>>()
        };
        names.iter().flat_map(places).collect()
    };
    if named.name.is_none() {
        match known(&NAMES, &columns).as_slice() {
            [] => return Ok(Found::Unclear { why: format!("Line {}: no column is called \"name\". {}", head.line, join_titles(&titles)) }),
            [at] => set(&mut columns, *at, Column::Name),
            [one, other, ..] => {
                let title = |at: &usize| titles.get(*at).map(String::as_str).unwrap_or_default();
                let why = format!("Line {}: both \"{}\" and \"{}\" could be the names.", head.line, title(one), title(other));
                return Ok(Found::Unclear { why });
            }
        }
    }
    for (column, title, names) in
        [(Column::Email, &named.email, EMAILS.as_slice()), (Column::Reference, &named.reference, REFERENCES.as_slice())]
    {
        if title.is_none()
            && let Some(at) = known(names, &columns).first()
        {
            set(&mut columns, *at, column);
        }
    }
    Ok(Found::Columns(columns))
}

fn set(columns: &mut [Option<Column>], at: usize, column: Column) {
    if let Some(slot) = columns.get_mut(at) {
        *slot = Some(column);
    }
}

fn join_titles(titles: &[String]) -> String {
    let titles: Vec<String> = titles.iter().filter(|title| !title.is_empty()).map(|title| format!("\"{title}\"")).collect();
    format!("Say which column has the names; the first line names {}.", titles.join(", "))
}

/// The client of a record, or what is wrong with it.
fn read_client(record: &Record, columns: &[Option<Column>]) -> Result<Client, String> {
    if record.fields.iter().skip(columns.len()).any(|field| !field.trim().is_empty()) {
        let (found, expected) = (record.fields.len(), columns.len());
        return Err(format!(
            "it has {found} fields, and the first line names {expected} columns. Put quotation marks around a name that has the \
            separator in it."
        ));
    }
    let mut client = Client::named("");
    for (field, column) in record.fields.iter().zip(columns) {
        match column {
            Some(Column::Name) => client.name = field.trim().to_owned(),
            Some(Column::Email) => client.email = field.trim().to_owned(),
            Some(Column::Reference) => client.reference = field.trim().to_owned(),
            None => {}
        }
    }
    client.find_fault().map_or(Ok(client), Err)
}

/// The clients so far, with their lines.
#[derive(Default)]
struct Seen {
    names: BTreeMap<String, usize>,
    whole: BTreeMap<(String, String, String), usize>,
    references: BTreeMap<String, usize>,
}

impl Seen {
    /// Notes a client; says whether it is a new one. What is there twice is remarked on.
    fn note(&mut self, client: &Client, line: usize, remarks: &mut Vec<String>) -> bool {
        let (name, reference, email) = (fold(&client.name), fold(&client.reference), fold(&client.email));
        let whole = (name.clone(), reference.clone(), email);
        if let Some(first) = self.whole.get(&whole) {
            remarks.push(format!("Line {line}: {} is already on line {first}; imported once.", client.name));
            return false;
        }
        if let Some(first) = self.references.get(&reference) {
            remarks.push(format!("Line {line}: the reference {} is also that of line {first}.", client.reference));
        }
        if let Some(first) = self.names.get(&name) {
            remarks.push(format!(
                "Line {line}: {} is also the name on line {first}, with a different reference or email address. Both were imported.",
                client.name
            ));
        }
        if !reference.is_empty() {
            self.references.entry(reference).or_insert(line);
        }
        self.names.entry(name).or_insert(line);
        self.whole.insert(whole, line);
        true
    }
}

/// The text from its first record on, and what parts its fields.
struct Lines<'a> {
    text: &'a str,
    delimiter: u8,
    /// The bytes at which its lines begin.
    starts: Vec<usize>,
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
            Some(delimiter) => Self::parted_by(text.get(first.len()..).unwrap_or_default(), delimiter),
            None => Self::parted_by(text, find_delimiter(text)),
        }
    }

    fn parted_by(text: &'a str, delimiter: u8) -> Self {
        let starts = [0].into_iter().chain(text.match_indices('\n').map(|(end, _)| end + 1)).collect();
        Self { text, delimiter, starts }
    }

    /// The number of the line in which this byte is, from 1.
    fn line_at(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start <= byte)
    }
}

/// What parts the fields of the first line: whichever of the three is there most often outside quotation marks.
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

fn refuse(message: &str) -> AppError {
    AppError::new(ErrorCode::Refused, message)
}

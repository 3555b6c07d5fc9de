//! What may be asked for, and how.

use clap::{Args, Parser, Subcommand, ValueEnum};
use dpia_app::issuing;
use std::path::PathBuf;

/// What the program ends with.
const EXIT_CODES: &str = "Exit 0: done; 1: refused by content (and for verify: not intact, not valid, not trusted as asked, or not
signed); 2: incorrect usage, such as an argument that names something the bundle does not have, or an output that is an input; 3: the environment failed, such as a file that does not exist";

/// Data protection impact assessments: from an old document to a signed PDF.
#[derive(Debug, Parser)]
#[command(name = "dpia", version, propagate_version = true, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read a document (.txt or .md) into a bundle; the report of what was placed goes to stderr
    Import(Import),
    /// Show what a bundle says, question by question
    Show(Show),
    /// Show the history of a bundle: versions and changes, or what differs between two moments
    History(History),
    /// Make a PDF of a bundle
    Report(Report),
    /// Sign the empty field that a report has for a countersignature
    Countersign(Countersign),
    /// Issue signed customer copies to many clients, into a folder; run again, it resumes
    Issue(Issue),
    /// Show who holds which version, from the record of a folder of issued copies
    Issued(Issued),
    /// Create a signing identity, or write its certificate
    #[command(subcommand)]
    Identity(Identity),
    /// Check the signatures of a PDF or of a bundle
    Verify(Verify),
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The document to read
    pub(crate) document: PathBuf,
    /// The bundle to write
    #[arg(short, long, value_name = "OUT.dpia")]
    pub(crate) output: PathBuf,
    /// Sign the bundle with this identity; its password is read from DPIA_P12_PASSWORD
    #[arg(long, value_name = "FILE.p12")]
    pub(crate) sign: Option<PathBuf>,
    /// Encrypt the bundle with a passphrase, read from DPIA_PASSPHRASE
    #[arg(long, alias = "seal")]
    pub(crate) encrypt: bool,
    /// The edition to read it on, instead of the one that fits best
    #[arg(long, value_name = "ID")]
    pub(crate) edition: Option<String>,
    /// Import it even if fewer than half of the edition's questions were found in it
    #[arg(long)]
    pub(crate) partly: bool,
    /// Print the report as JSON on stdout
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The bundle to show, or a report that contains it
    pub(crate) bundle: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct History {
    /// The bundle; one with its history
    pub(crate) bundle: PathBuf,
    /// Two moments to compare: each the number of an entry (0 is the beginning), the name of a version, a day such as
    /// 2026-11-22 (its end, UTC), an instant such as 2026-11-22T09:00:00Z, "last-version" or "now"
    #[arg(long, num_args = 2, value_names = ["MOMENT", "MOMENT"])]
    pub(crate) between: Vec<String>,
    /// Write what differs to a table
    #[arg(long, value_name = "OUT.csv", requires = "between", conflicts_with = "json")]
    pub(crate) csv: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Report {
    /// The bundle to print, or a report that contains it
    pub(crate) bundle: PathBuf,
    /// The PDF to write
    #[arg(short, long, value_name = "OUT.pdf")]
    pub(crate) output: PathBuf,
    /// Which copy: all of it, or what a customer receives
    #[arg(long, value_enum, default_value_t = Copy::Internal)]
    pub(crate) copy: Copy,
    /// The client that a customer copy is made for
    #[arg(long, value_name = "NAME")]
    pub(crate) client: Option<String>,
    /// An internal section to include in a customer copy, by its id, such as impact; may be repeated
    #[arg(long, value_name = "SECTION")]
    pub(crate) include: Vec<String>,
    /// Print the screening alone, as a short document
    #[arg(long)]
    pub(crate) screening: bool,
    /// The moment it is made, such as 2026-11-22T09:00:00Z; now where not given, or SOURCE_DATE_EPOCH
    #[arg(long, value_name = "RFC3339")]
    pub(crate) at: Option<String>,
    /// Sign with this identity; its password is read from DPIA_P12_PASSWORD
    #[arg(long, value_name = "FILE.p12")]
    pub(crate) sign: Option<PathBuf>,
    /// Add an empty field that somebody else can sign
    #[arg(long, requires = "sign")]
    pub(crate) countersignature: bool,
    /// What to do with a signed report if characters are not available in its fonts
    #[arg(long, value_enum, default_value_t = MissingCharacters::Refuse)]
    pub(crate) missing_characters: MissingCharacters,
}

#[derive(Debug, Args)]
pub(crate) struct Issue {
    /// The bundle to print
    pub(crate) bundle: PathBuf,
    /// A list of clients; its first line names the columns: name, email, reference
    #[arg(long, value_name = "FILE.csv", required_unless_present = "client")]
    pub(crate) clients: Option<PathBuf>,
    /// Which column of the list holds what, such as name=EstablishmentName, email=… or reference=…; may be repeated
    #[arg(long, value_name = "WHAT=TITLE", requires = "clients", value_parser = parse_column)]
    pub(crate) column: Vec<(Column, String)>,
    /// A client that is on no list; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) client: Vec<String>,
    /// The folder to write to; issued.csv in it records each copy
    #[arg(short, long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Sign with this identity; its password is read from DPIA_P12_PASSWORD
    #[arg(long, value_name = "FILE.p12")]
    pub(crate) sign: PathBuf,
    /// An internal section to include, by its id, such as impact; may be repeated
    #[arg(long, value_name = "SECTION")]
    pub(crate) include: Vec<String>,
    /// Add an empty field to each copy that the client can sign
    #[arg(long)]
    pub(crate) countersignature: bool,
    /// What to do with signed copies if characters are not available in their fonts
    #[arg(long, value_enum, default_value_t = MissingCharacters::Refuse)]
    pub(crate) missing_characters: MissingCharacters,
    /// How files are named, with {product}, {client}, {reference} and {date}
    #[arg(long, default_value = issuing::DEFAULT_PATTERN)]
    pub(crate) pattern: String,
    /// The moment they are made, such as 2026-11-22T09:00:00Z; now where not given, or SOURCE_DATE_EPOCH
    #[arg(long, value_name = "RFC3339")]
    pub(crate) at: Option<String>,
}

/// What a column of a list of clients holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    Name,
    Email,
    Reference,
}

fn parse_column(given: &str) -> Result<(Column, String), String> {
    let (what, title) = given.split_once('=').unwrap_or((given, ""));
    let column = match what.trim().to_lowercase().as_str() {
        "name" => Column::Name,
        "email" => Column::Email,
        "reference" => Column::Reference,
        _ => return Err("name, email or reference is expected before the =".to_owned()),
    };
    match title.trim() {
        "" => Err("the title of the column is expected after the =".to_owned()),
        title => Ok((column, title.to_owned())),
    }
}

#[derive(Debug, Args)]
pub(crate) struct Issued {
    /// The folder that copies were issued to
    pub(crate) folder: PathBuf,
    /// The bundle whose copies are current; without it the newest revision in the record is
    #[arg(long, value_name = "BUNDLE")]
    pub(crate) against: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Countersign {
    /// The report to sign; it was made with --countersignature
    pub(crate) report: PathBuf,
    /// The PDF to write
    #[arg(short, long, value_name = "OUT.pdf")]
    pub(crate) output: PathBuf,
    /// Sign with this identity; its password is read from DPIA_P12_PASSWORD
    #[arg(long, value_name = "FILE.p12")]
    pub(crate) sign: PathBuf,
    /// The signing time, such as 2026-11-22T09:00:00Z; now where not given, or SOURCE_DATE_EPOCH
    #[arg(long, value_name = "RFC3339")]
    pub(crate) at: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MissingCharacters {
    /// Refuse, and name them
    Refuse,
    /// Print a box instead of each
    Allow,
}

impl From<MissingCharacters> for dpia_app::printing::MissingCharacters {
    fn from(asked: MissingCharacters) -> Self {
        match asked {
            MissingCharacters::Refuse => Self::Refuse,
            MissingCharacters::Allow => Self::Allow,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Copy {
    /// Every part: not for release
    Internal,
    /// Without the internal sections, for the client named
    Customer,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Identity {
    /// Create a key and a certificate; the file's password is read from DPIA_P12_PASSWORD
    New(NewIdentity),
    /// Write the certificate of an identity, for the people who check its signatures
    Certificate(Certificate),
}

#[derive(Debug, Args)]
pub(crate) struct NewIdentity {
    /// Your name, as signed
    #[arg(long)]
    pub(crate) name: String,
    /// Your role
    #[arg(long)]
    pub(crate) role: String,
    /// Your organisation
    #[arg(long)]
    pub(crate) organisation: String,
    /// Your email address
    #[arg(long)]
    pub(crate) email: String,
    /// The file to write
    #[arg(short, long, value_name = "FILE.p12")]
    pub(crate) output: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Certificate {
    /// The identity; its password is read from DPIA_P12_PASSWORD
    pub(crate) identity: PathBuf,
    /// The certificate to write
    #[arg(short, long, value_name = "FILE.pem")]
    pub(crate) output: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The PDF or bundle to check
    pub(crate) file: PathBuf,
    /// The certificate that must have signed it; if a file has several (PEM), any of them
    #[arg(long, value_name = "CERT.pem")]
    pub(crate) trust: Option<PathBuf>,
}

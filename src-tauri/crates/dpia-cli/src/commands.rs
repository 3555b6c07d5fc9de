//! What each command does: reads files, calls the use case, writes files, says what it did.

use crate::arguments::{self, Command, Copy};
use crate::saying::{print_json, print_text, say};
use dpia_app::account::{ImportView, ReportItem};
use dpia_app::identity::Identity;
use dpia_app::keys::TypedSecret;
use dpia_app::model::id::SectionId;
use dpia_app::model::{CopyKind, Extent};
use dpia_app::past::Past;
use dpia_app::printing::{self, ReportOptions, ReportRequest, ReportSignature};
use dpia_app::{
    AppError, At, ErrorCode, Person, Surroundings, System, documents, files, identity, moment_of_epoch, parse_moment, show, verifying,
};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

const PASSWORD: &str = "DPIA_P12_PASSWORD";
const PASSPHRASE: &str = "DPIA_PASSPHRASE";

/// Carries out a command; the exit code is its answer where it gives one.
pub(crate) fn carry_out(command: Command) -> Result<ExitCode, AppError> {
    match command {
        Command::Import(asked) => import(&asked).map(|()| ExitCode::SUCCESS),
        Command::Show(asked) => show_bundle(&asked).map(|()| ExitCode::SUCCESS),
        Command::History(asked) => show_history(&asked).map(|()| ExitCode::SUCCESS),
        Command::Report(asked) => report(&asked).map(|()| ExitCode::SUCCESS),
        Command::Countersign(asked) => countersign(&asked).map(|()| ExitCode::SUCCESS),
        Command::Issue(asked) => crate::issuing::issue(&asked),
        Command::Issued(asked) => crate::issuing::show_issued(&asked).map(|()| ExitCode::SUCCESS),
        Command::Identity(arguments::Identity::New(asked)) => new_identity(&asked).map(|()| ExitCode::SUCCESS),
        Command::Identity(arguments::Identity::Certificate(asked)) => certificate(&asked).map(|()| ExitCode::SUCCESS),
        Command::Verify(asked) => verify(&asked),
    }
}

fn import(asked: &arguments::Import) -> Result<(), AppError> {
    let bytes = files::read(&asked.document)?;
    let name = files::name_of(&asked.document);
    let surroundings = surroundings(None)?;
    let identity = read_identity(asked.sign.as_deref())?;
    let (bundle, report) = documents::import_document(&name, &bytes, asked.edition.as_deref(), identity.as_ref(), &*surroundings)?;
    if report.is_partly_placed() && !asked.partly {
        print_report(&report);
        let message = format!(
            "Only {} of the {} questions of edition {} were found in “{name}”: it may be a different form. Nothing was written; read \
            the report above, then add --partly to import it anyway.",
            report.questions_found, report.questions_asked, report.edition
        );
        return Err(AppError::new(ErrorCode::Refused, message));
    }
    let bundle = if asked.encrypt { documents::encrypt(&bundle, &passphrase()?)? } else { bundle };
    files::write(&asked.output, &bundle, &read_from(&asked.document, asked.sign.as_deref()))?;
    if asked.json {
        print_json(&report)?;
    } else {
        print_report(&report);
        let (signed, encrypted) = (if identity.is_some() { ", signed" } else { "" }, if asked.encrypt { ", encrypted" } else { "" });
        say("");
        say(format_args!("{} written{signed}{encrypted}", asked.output.display()));
    }
    Ok(())
}

fn print_report(report: &ImportView) {
    say(format_args!("{}: {}, read on edition {}", report.document, report.product, report.edition));
    let list = |title: &str, items: &[ReportItem]| {
        say("");
        say(format_args!("{title}: {}", items.len()));
        for item in items {
            let words: String = item.words.split_whitespace().collect::<Vec<_>>().join(" ");
            let short: String = words.chars().take(90).collect();
            let more = if short.len() < words.len() { "…" } else { "" };
            let reason = item.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
            say(format_args!("  {}: {short}{more}{reason}", item.place));
        }
    };
    report.remarks.iter().for_each(|remark| say(format_args!("{remark}")));
    list("Placed", &report.placed);
    list("To be confirmed", &report.unknown);
    list("Unplaced, kept", &report.unplaced);
    list("Worded differently", &report.differences);
    list("Left out", &report.left_out);
}

fn show_bundle(asked: &arguments::Show) -> Result<(), AppError> {
    let opened = open(&asked.bundle)?;
    if asked.json {
        print_json(&show::show(&opened.form, &opened.bundle.assessment))
    } else {
        print_text(&show::show_as_text(&opened.form, &opened.bundle.assessment))
    }
}

fn show_history(asked: &arguments::History) -> Result<(), AppError> {
    let opened = open(&asked.bundle)?;
    if opened.is_copy() {
        let message = "This is a copy, which has no history: use the bundle of the assessment it was made from.";
        return Err(AppError::new(ErrorCode::Refused, message).about(&files::name_of(&asked.bundle)));
    }
    let past = Past::of(opened);
    let [one, other] = asked.between.as_slice() else {
        return if asked.json { print_json(&past.view()) } else { print_text(&past.tell()) };
    };
    let compared = past.compare(past.find_moment(one)?, past.find_moment(other)?)?;
    match &asked.csv {
        Some(file) => {
            files::write(file, &compared.to_table()?, &[&asked.bundle])?;
            say(format_args!("{} written: {} places differ", file.display(), compared.comparison.places.len()));
            Ok(())
        }
        None if asked.json => print_json(&compared.comparison),
        None => print_text(&compared.tell()),
    }
}

fn report(asked: &arguments::Report) -> Result<(), AppError> {
    // Opening an identity takes as long as opening the bundle: a file of ours asks for 600,000 rounds.
    let (opened, identity) = std::thread::scope(|scope| {
        let identity = scope.spawn(|| read_identity(asked.sign.as_deref()));
        let opened = open(&asked.bundle);
        (opened, identity.join())
    });
    let opened = opened?;
    let identity = identity.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    let client = asked.client.as_deref().map(str::trim).filter(|client| !client.is_empty());
    let copy = match (asked.copy, client) {
        (Copy::Internal, None) if !asked.include.is_empty() => {
            return Err(misused("an internal copy contains every section: remove --include, or add --copy customer"));
        }
        (Copy::Internal, None) => CopyKind::Internal,
        (Copy::Customer, Some(client)) => {
            CopyKind::Customer { client: client.to_owned(), included: included_sections(&opened, &asked.include)? }
        }
        (Copy::Customer, None) => return Err(misused("a customer copy names its client: add --client NAME")),
        (Copy::Internal, Some(_)) => return Err(misused("an internal copy has no client: remove --client, or add --copy customer")),
    };
    let surroundings = surroundings(asked.at.as_deref())?;
    let signature = match identity {
        None => ReportSignature::Draft,
        Some(_) if asked.countersignature => ReportSignature::OpenToCountersignature,
        Some(_) => ReportSignature::Certified,
    };
    let extent = if asked.screening { Extent::Screening } else { Extent::Whole };
    let request = ReportRequest { copy, extent, signature, missing_characters: asked.missing_characters.into() };
    let report =
        printing::render_report(&opened, &ReportOptions { request: &request, at: surroundings.now(), identity: identity.as_ref() })?;
    files::write(&asked.output, &report.pdf, &read_from(&asked.bundle, asked.sign.as_deref()))?;
    for letters in &report.missing_letters {
        say(format_args!("dpia: the fonts do not have {letters}; a box is printed instead"));
    }
    say(format_args!(
        "{} written: {} pages, {}",
        asked.output.display(),
        report.pages,
        if identity.is_some() { "signed" } else { "not signed" }
    ));
    Ok(())
}

/// The files that an output is made from.
fn read_from<'a>(document: &'a Path, identity: Option<&'a Path>) -> Vec<&'a Path> {
    [document].into_iter().chain(identity).collect()
}

fn read_identity(file: Option<&Path>) -> Result<Option<Identity>, AppError> {
    file.map(open_identity).transpose()
}

/// Opens an identity with the password from the environment.
pub(crate) fn open_identity(file: &Path) -> Result<Identity, AppError> {
    identity::read_identity(&files::read(file)?, &password()?).map_err(|error| error.about(&files::name_of(file)))
}

/// Opens a bundle, or the one that a report carries.
pub(crate) fn open(file: &Path) -> Result<documents::Opened, AppError> {
    let bytes = read_decrypted(file)?;
    documents::open_document(&bytes).map_err(|error| error.about(&files::name_of(file)))
}

/// The internal sections of the form that were named.
pub(crate) fn included_sections(opened: &documents::Opened, named: &[String]) -> Result<BTreeSet<SectionId>, AppError> {
    let internal = || opened.form.sections().filter(|section| section.is_internal);
    let find = |name: &String| {
        internal().find(|section| section.id.as_str() == name).map(|section| section.id.clone()).ok_or_else(|| {
            let known: Vec<&str> = internal().map(|section| section.id.as_str()).collect();
            misused(&format!("--include {name}: there is no such internal section; choose one of {}", known.join(", ")))
        })
    };
    named.iter().map(find).collect()
}

fn countersign(asked: &arguments::Countersign) -> Result<(), AppError> {
    let identity = open_identity(&asked.sign)?;
    let at = surroundings(asked.at.as_deref())?.now();
    let signed = printing::countersign_report(files::read(&asked.report)?, &identity, at)
        .map_err(|error| error.about(&files::name_of(&asked.report)))?;
    files::write(&asked.output, &signed, &[&asked.report, &asked.sign])?;
    say(format_args!("{} written: countersigned", asked.output.display()));
    Ok(())
}

fn new_identity(asked: &arguments::NewIdentity) -> Result<(), AppError> {
    let person =
        Person { name: asked.name.clone(), role: asked.role.clone(), organisation: asked.organisation.clone(), email: asked.email.clone() };
    let made = identity::make_identity(&person, &password()?, &*surroundings(None)?)?;
    files::write_new_secret(&asked.output, &made.pkcs12)?;
    say(format_args!("{} written: valid until {}", asked.output.display(), made.not_after));
    say(format_args!("fingerprint {}", made.fingerprint));
    Ok(())
}

fn certificate(asked: &arguments::Certificate) -> Result<(), AppError> {
    let identity = open_identity(&asked.identity)?;
    files::write(&asked.output, identity::certificate_pem(&identity)?.as_bytes(), &[&asked.identity])?;
    say(format_args!("{} written", asked.output.display()));
    Ok(())
}

fn verify(asked: &arguments::Verify) -> Result<ExitCode, AppError> {
    let trust = match &asked.trust {
        Some(file) => {
            let read = identity::read_certificates(&files::read(file)?);
            Some(read.map_err(|error| error.about(&files::name_of(file)))?)
        }
        None => None,
    };
    let verification = verifying::verify(&read_decrypted(&asked.file)?, trust.as_deref(), surroundings(None)?.now())
        .map_err(|error| error.about(&files::name_of(&asked.file)))?;
    print_text(&verification.words())?;
    Ok(if verification.verdict.is_sound() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// The moment that was asked for, else that of SOURCE_DATE_EPOCH, else now.
pub(crate) fn surroundings(at: Option<&str>) -> Result<Box<dyn Surroundings>, AppError> {
    if let Some(at) = at {
        let moment = parse_moment(at).ok_or_else(|| {
            misused(&format!(
                "--at {at} is not a moment: give one such as \
        2026-11-22T09:00:00Z"
            ))
        })?;
        return Ok(Box::new(At(moment)));
    }
    match read_variable("SOURCE_DATE_EPOCH")? {
        Some(seconds) => {
            let moment = seconds.trim().parse().ok().and_then(moment_of_epoch);
            let moment = moment.ok_or_else(|| {
                misused(&format!(
                    "SOURCE_DATE_EPOCH is \"{seconds}\": seconds since 1970 are expected, of a year that a document can \
                have"
                ))
            })?;
            Ok(Box::new(At(moment)))
        }
        None => Ok(Box::new(System)),
    }
}

/// A variable of the environment; none where it is not set.
fn read_variable(name: &str) -> Result<Option<String>, AppError> {
    match std::env::var(name) {
        Ok(value) => Ok(Some(value)),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => {
            Err(misused(&format!("{name} contains bytes that are not UTF-8: set it again and retry")))
        }
    }
}

pub(crate) fn password() -> Result<String, AppError> {
    read_variable(PASSWORD)?
        .filter(|password| !password.is_empty())
        .ok_or_else(|| misused(&format!("the password of the identity is read from {PASSWORD}: set it and retry")))
}

/// The passphrase of an encrypted bundle. It never is among the arguments, which everybody on the machine can read.
fn passphrase() -> Result<TypedSecret, AppError> {
    let given = read_variable(PASSPHRASE)?.filter(|passphrase| !passphrase.is_empty());
    given
        .map(TypedSecret::from)
        .ok_or_else(|| misused(&format!("the passphrase of the bundle is read from {PASSPHRASE}: set it and retry")))
}

/// Reads a file whole; a bundle that is encrypted is opened with the passphrase.
pub(crate) fn read_decrypted(path: &Path) -> Result<Vec<u8>, AppError> {
    let bytes = files::read(path)?;
    if documents::is_encrypted(&bytes) { documents::decrypt(&bytes, &passphrase()?) } else { Ok(bytes) }
}

pub(crate) fn misused(message: &str) -> AppError {
    AppError::new(ErrorCode::Misused, message)
}

//! What is done to one document at a time, with bytes in and bytes out: read, open, write. The terminal
//! has nothing else; the window does the same to what its store holds.

use crate::account::{ImportView, account_of};
use crate::error::{AppError, ErrorCode};
use crate::files::is_pdf;
use crate::forms::{built_in, damaged_templates, form_in};
use crate::keys::{TypedSecret, choose_passphrase, typed_passphrase};
use crate::provenance::{BundleSignature, check_report_signatures, check_signature, sign_bundle};
use crate::surroundings::Surroundings;
use dpia_bundle::{Bundle, Scope};
use dpia_import::{ImportOptions, Source};
use dpia_model::id::{AttachmentId, EditionId, PackId};
use dpia_model::template::{Library, NEWEST_PACK};
use dpia_model::{Assessment, Brand, Form, Instant};
use dpia_signing::{AttachmentFact, Certificate, Identity};
use std::collections::BTreeMap;

/// A bundle with its form.
pub struct Opened {
    /// The bundle.
    pub bundle: Bundle,
    /// The form of its assessment.
    pub form: Form,
}

impl Opened {
    /// Whether it is a copy: it holds what was printed, and no history.
    pub fn is_copy(&self) -> bool {
        matches!(self.bundle.scope, Scope::Copy { .. })
    }
}

/// Reads a document into the bytes of a bundle, signed where there is an identity, with the account of what was done.
pub fn import_document(
    name: &str,
    bytes: &[u8],
    edition: Option<&str>,
    identity: Option<&Identity>,
    surroundings: &dyn Surroundings,
) -> Result<(Vec<u8>, ImportView), AppError> {
    let (bundle, report) = read_document(name, bytes, edition, surroundings)?;
    let bundle = match identity {
        Some(identity) => sign_bundle(bundle, identity, surroundings.now())?,
        None => bundle,
    };
    Ok((write_bundle(&bundle)?, report))
}

/// Reads a document into a bundle, with the account of what was done.
pub fn read_document(
    name: &str,
    bytes: &[u8],
    edition: Option<&str>,
    surroundings: &dyn Surroundings,
) -> Result<(Bundle, ImportView), AppError> {
    refuse_own(name, bytes)?;
    let library = built_in()?;
    let edition = match edition {
        Some(wanted) => Some(find_edition(&library, wanted)?),
        None => None,
    };
    let pack: PackId = NEWEST_PACK.parse().map_err(AppError::refused)?;
    let mut new_id = || surroundings.new_id();
    let options = ImportOptions { edition: edition.as_ref(), library: &library, pack: &pack, at: surroundings.now(), ids: &mut new_id };
    let mut import = dpia_import::read_document(Source { name, bytes }, options).map_err(AppError::refused)?;
    import.assessment.details = import.assessment.details.on_one_line();
    let form = form_in(&library, &import.assessment.edition, &import.assessment.pack)?;
    for (id, answer) in &import.assessment.answers {
        form.question(id).map_or(Ok(()), |question| question.check_length(&answer.content)).map_err(AppError::refused)?;
    }
    let report = account_of(name, &form, &import);
    let bundle = bundle_of(&library, import.assessment, Scope::Full { history: Vec::new() }, BTreeMap::new(), Brand::default())?;
    Ok((bundle, report))
}

/// Refuses what this program wrote: it is no document to be read, but an assessment to be opened.
fn refuse_own(name: &str, bytes: &[u8]) -> Result<(), AppError> {
    let what = if is_encrypted(bytes) {
        "a bundle of this program, encrypted with a passphrase"
    } else if dpia_bundle::is_bundle(bytes) {
        "a bundle of this program"
    } else if is_pdf(bytes) && bundle_in_pdf(bytes).is_ok() {
        "a report of this program with its assessment inside"
    } else {
        return Ok(());
    };
    let message = format!("“{name}” is {what}, not a document to import: use it where a bundle is asked for.");
    Err(AppError::new(ErrorCode::Refused, message))
}

fn find_edition(library: &Library, wanted: &str) -> Result<EditionId, AppError> {
    let known = library.editions().iter().find(|edition| edition.id.as_str() == wanted);
    known.map(|edition| edition.id.clone()).ok_or_else(|| {
        let names: Vec<&str> = library.editions().iter().map(|edition| edition.id.as_str()).collect();
        AppError::new(ErrorCode::Misused, format!("There is no edition \"{wanted}\": choose one of {}.", names.join(", ")))
    })
}

/// Opens a bundle, unless it is signed and the signature does not hold. Its own edition and pack make the form, so one that
/// is not known here is shown as well.
pub fn open_bundle(bytes: &[u8]) -> Result<Opened, AppError> {
    let (opened, signature) = read_bundle(bytes)?;
    check_signature(bytes, signature.as_deref(), &[])?;
    Ok(opened)
}

/// As [`open_bundle`], and says who vouches for it. These certificates are known.
pub(crate) fn open_judged(bytes: &[u8], known: &[Certificate], now: Instant) -> Result<(Opened, BundleSignature), AppError> {
    let (opened, signature) = read_bundle(bytes)?;
    let report = check_signature(bytes, signature.as_deref(), known)?;
    Ok((opened, BundleSignature::of(report.as_ref(), now)))
}

/// Reads a bundle, and takes its signature off: that is over the file as it came, and what is made of it is another.
pub(crate) fn read_bundle(bytes: &[u8]) -> Result<(Opened, Option<Vec<u8>>), AppError> {
    let mut bundle = dpia_bundle::read(bytes).map_err(|error| match error {
        dpia_bundle::BundleError::Newer { .. } => AppError::new(ErrorCode::Newer, crate::error::sentence(&error.to_string())),
        error => AppError::refused(error),
    })?;
    let Assessment { edition, pack, .. } = &bundle.assessment;
    let mut library = Library::built_in_for(edition, pack).map_err(damaged_templates)?;
    // What is known here wins; what is carried was read with the bundle, and is of the id that the assessment names.
    if library.edition(edition).is_none() {
        library.add_edition(&bundle.edition).map_err(AppError::refused)?;
    }
    if library.pack(pack).is_none() {
        library.add_pack(&bundle.pack).map_err(AppError::refused)?;
    }
    let form = form_in(&library, edition, pack)?;
    let signature = bundle.signature.take();
    Ok((Opened { bundle, form }, signature))
}

/// Opens a bundle, or the bundle that a PDF carries.
pub fn open_document(bytes: &[u8]) -> Result<Opened, AppError> {
    if is_pdf(bytes) {
        return open_pdf(bytes);
    }
    if !dpia_bundle::is_bundle(bytes) {
        let message = "This is neither a bundle (.dpia) nor a report (PDF) of this program: import a document first, then use the bundle that \
            results.";
        return Err(AppError::new(ErrorCode::Refused, message));
    }
    open_bundle(bytes)
}

/// Opens the bundle that a PDF was printed from, unless the PDF itself names another, or is signed and the signature does not
/// hold.
pub(crate) fn open_pdf(bytes: &[u8]) -> Result<Opened, AppError> {
    check_report_signatures(bytes, &[])?;
    open_bundle(&bundle_in_pdf(bytes)?)
}

/// As [`open_pdf`], and says who vouches for the bundle: the person who signed the PDF around it, or else the bundle itself. These
/// certificates are known.
pub(crate) fn open_pdf_judged(bytes: &[u8], known: &[Certificate], now: Instant) -> Result<(Opened, BundleSignature), AppError> {
    let around = check_report_signatures(bytes, known)?;
    let (opened, inside) = open_judged(&bundle_in_pdf(bytes)?, known, now)?;
    Ok((opened, if around.is_some() { BundleSignature::of(around.as_ref(), now) } else { inside }))
}

fn bundle_in_pdf(bytes: &[u8]) -> Result<Vec<u8>, AppError> {
    let refuse = |message: &str| Err(AppError::new(ErrorCode::Refused, message));
    let attachments = dpia_signing::read_attachments(bytes).map_err(AppError::refused)?;
    let mut bundles = attachments.into_iter().filter(|attachment| dpia_bundle::is_bundle(&attachment.bytes));
    let Some(bundle) = bundles.next() else {
        return refuse("This PDF contains no assessment: ask its sender for the bundle (.dpia), or import its text.");
    };
    if bundles.next().is_some() {
        return refuse("This PDF contains more than one assessment, so it is not clear which one was printed.");
    }
    match dpia_signing::compare_attachment(bytes).map_err(AppError::refused)? {
        AttachmentFact::Matches | AttachmentFact::NoHash | AttachmentFact::None => Ok(bundle.bytes),
        AttachmentFact::Differs | AttachmentFact::Unreadable => {
            refuse("The assessment inside this PDF is not the one it was printed from: the file has been changed. It was not opened.")
        }
    }
}

/// Whether these are the bytes of a bundle that is encrypted with a passphrase.
pub fn is_encrypted(bytes: &[u8]) -> bool {
    dpia_bundle::is_encrypted(bytes)
}

/// Encrypts the bytes of a bundle with a passphrase that is chosen now.
///
/// # Errors
/// `WrongSecret` where the passphrase is too short, or too long.
pub fn encrypt(bundle: &[u8], passphrase: &TypedSecret) -> Result<Vec<u8>, AppError> {
    let passphrase = choose_passphrase(passphrase)?;
    dpia_bundle::encrypt(bundle, passphrase.as_str()).map_err(AppError::refused)
}

/// Opens an encrypted bundle.
///
/// # Errors
/// `WrongSecret` where the passphrase does not open it.
pub fn decrypt(bytes: &[u8], passphrase: &TypedSecret) -> Result<Vec<u8>, AppError> {
    dpia_bundle::decrypt(bytes, typed_passphrase(passphrase).as_str()).map_err(|error| match error {
        dpia_bundle::BundleError::WrongPassphrase => {
            AppError::new(ErrorCode::WrongSecret, "This passphrase does not open the bundle. Enter it again, or ask the sender.")
        }
        error => AppError::refused(error),
    })
}

/// The bytes of a bundle.
pub(crate) fn write_bundle(bundle: &Bundle) -> Result<Vec<u8>, AppError> {
    dpia_bundle::write(bundle).map_err(AppError::refused)
}

/// An assessment with all that it needs elsewhere.
pub(crate) fn bundle_of(
    library: &Library,
    assessment: Assessment,
    scope: Scope,
    attachments: BTreeMap<AttachmentId, Vec<u8>>,
    brand: Brand,
) -> Result<Bundle, AppError> {
    let source_of = |found: Option<&str>| {
        found.map(str::to_owned).ok_or_else(|| {
            AppError::new(
                ErrorCode::Newer,
                "This version does not have the template of this assessment: install a newer \
            version.",
            )
        })
    };
    let edition = source_of(library.edition(&assessment.edition).map(|edition| edition.source.as_str()))?;
    let pack = source_of(library.pack(&assessment.pack).map(|pack| pack.source.as_str()))?;
    Ok(Bundle { scope, assessment, edition, pack, brand, attachments, signature: None })
}

/// The revision that a bundle's history leads to.
pub(crate) fn revision_of(bundle: &Bundle) -> u32 {
    match &bundle.scope {
        Scope::Full { history } => history.last().map_or(0, |entry| entry.sequence),
        Scope::Copy { .. } => 0,
    }
}

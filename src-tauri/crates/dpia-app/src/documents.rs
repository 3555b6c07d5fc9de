//! What is done to one document at a time, with bytes in and bytes out: read, open, print, sign, verify. The terminal
//! has nothing else; the window does the same to what its store holds.

use crate::account::account_of;
use crate::error::{AppError, ErrorCode};
use crate::surroundings::Surroundings;
use crate::views::ImportView;
use dpia_bundle::{Bundle, Scope};
use dpia_import::{ImportOptions, Source};
use dpia_model::id::{AttachmentId, EditionId, PackId};
use dpia_model::template::{Library, NEWEST_PACK};
use dpia_model::{Brand, Form, Instant};
use dpia_report::{CopyKind, ReportInput, SignatureBlock};
use dpia_signing::{Identity, seal};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Which copy of an assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Copy {
    /// Every part: not for release.
    Internal,
    /// What a client receives.
    Customer {
        /// The client named on it.
        client: String,
    },
}

/// How a report is made.
pub struct ReportOptions<'a> {
    /// Which copy.
    pub copy: Copy,
    /// The moment it is made, and claimed by the signature.
    pub at: Instant,
    /// Who signs; nobody signs a draft.
    pub identity: Option<&'a Identity>,
}

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The file.
    pub pdf: Vec<u8>,
    /// Its pages, covers included.
    pub pages: u32,
    /// Letters that no font has, with the words they stand in.
    pub missing_letters: Vec<String>,
    /// A name for the file.
    pub suggested_name: String,
}

/// A bundle with its form.
pub struct Opened {
    /// The bundle.
    pub bundle: Bundle,
    /// The form of its assessment.
    pub form: Form,
}

/// Reads a document into the bytes of a bundle, with the account of what was done.
pub fn import_document(
    name: &str,
    bytes: &[u8],
    edition: Option<&str>,
    surroundings: &dyn Surroundings,
) -> Result<(Vec<u8>, ImportView), AppError> {
    let (bundle, report) = read_document(name, bytes, edition, surroundings)?;
    Ok((write_bundle(&bundle)?, report))
}

/// Reads a document into a bundle, with the account of what was done.
pub fn read_document(
    name: &str,
    bytes: &[u8],
    edition: Option<&str>,
    surroundings: &dyn Surroundings,
) -> Result<(Bundle, ImportView), AppError> {
    let library = built_in()?;
    let edition = match edition {
        Some(wanted) => Some(find_edition(&library, wanted)?),
        None => None,
    };
    let pack: PackId = NEWEST_PACK.parse().map_err(AppError::refused)?;
    let mut new_id = || surroundings.new_id();
    let options = ImportOptions { edition: edition.as_ref(), library: &library, pack: &pack, at: surroundings.now(), ids: &mut new_id };
    let import = dpia_import::read_document(Source { name, bytes }, options).map_err(AppError::refused)?;
    let form = form_in(&library, &import.assessment.edition, &import.assessment.pack)?;
    let report = account_of(name, &form, &import);
    let bundle = bundle_of(&library, import.assessment, Scope::Full { history: Vec::new() }, BTreeMap::new(), Brand::default())?;
    Ok((bundle, report))
}

fn find_edition(library: &Library, wanted: &str) -> Result<EditionId, AppError> {
    let known = library.editions().iter().find(|edition| edition.id.as_str() == wanted);
    known.map(|edition| edition.id.clone()).ok_or_else(|| {
        let names: Vec<&str> = library.editions().iter().map(|edition| edition.id.as_str()).collect();
        AppError::new(ErrorCode::Misused, format!("There is no edition \"{wanted}\": name one of {}.", names.join(", ")))
    })
}

/// Opens a bundle. Its own edition and pack make the form, so one that is not known here is shown as well.
pub fn open_bundle(bytes: &[u8]) -> Result<Opened, AppError> {
    let bundle = dpia_bundle::read(bytes).map_err(|error| match error {
        dpia_bundle::BundleError::Newer { .. } => AppError::new(ErrorCode::Newer, crate::error::sentence(&error.to_string())),
        error => AppError::refused(error),
    })?;
    let mut library = built_in()?;
    library.add_edition(&bundle.edition).map_err(AppError::refused)?;
    library.add_pack(&bundle.pack).map_err(AppError::refused)?;
    let form = form_in(&library, &bundle.assessment.edition, &bundle.assessment.pack)?;
    Ok(Opened { bundle, form })
}

/// The bytes of a bundle.
pub fn write_bundle(bundle: &Bundle) -> Result<Vec<u8>, AppError> {
    dpia_bundle::write(bundle).map_err(AppError::refused)
}

/// Prints an assessment, and signs it where there is an identity.
pub fn render_report(opened: &Opened, options: &ReportOptions<'_>) -> Result<Rendered, AppError> {
    let copy = match &options.copy {
        Copy::Internal => CopyKind::Internal,
        Copy::Customer { client } if client.trim().is_empty() => {
            return Err(AppError::new(ErrorCode::Refused, "A customer copy names its client: write the name of the school or trust."));
        }
        Copy::Customer { client } => CopyKind::Customer { client: client.trim().to_owned(), included: BTreeSet::new() },
    };
    let certificate = options.identity.map(Identity::certificate);
    if let Some(expired) = certificate.filter(|certificate| options.at.0 > certificate.not_after()) {
        let since = expired.not_after();
        return Err(AppError::new(ErrorCode::Refused, format!("This certificate expired on {since}: make a new one, then sign again.")));
    }
    let signature = certificate.map(|certificate| {
        let subject = certificate.subject();
        SignatureBlock {
            name: subject.name.unwrap_or_default(),
            role: subject.role.unwrap_or_default(),
            organisation: subject.organisation.unwrap_or_default(),
            email: subject.email.unwrap_or_default(),
            fingerprint: *certificate.fingerprint().as_bytes(),
        }
    });
    let pictures = |id: &AttachmentId| opened.bundle.attachments.get(id).cloned();
    let input = ReportInput {
        form: &opened.form,
        assessment: &opened.bundle.assessment,
        brand: &opened.bundle.brand,
        copy: &copy,
        at: options.at.0,
        signature: signature.as_ref(),
        pictures: &pictures,
        embedded: None,
        app_version: env!("CARGO_PKG_VERSION"),
    };
    let report = dpia_report::render(&input).map_err(AppError::refused)?;
    if let Some(lost) = report.missing_pictures.first() {
        return Err(AppError::new(ErrorCode::Damaged, "A picture of this assessment cannot be read: remove it and place it anew.")
            .with_detail(lost));
    }
    let pdf = match options.identity {
        Some(identity) => seal(report.pdf, identity).map_err(AppError::refused)?,
        None => report.pdf,
    };
    let letters =
        report.missing_glyphs.iter().map(|missing| format!("\"{}\" in \"{}\" ({})", missing.character, missing.context, missing.section));
    Ok(Rendered {
        pdf,
        pages: u32::try_from(report.pages).unwrap_or(u32::MAX),
        missing_letters: letters.collect(),
        suggested_name: suggest_name(&opened.bundle.assessment.details.product, &options.copy),
    })
}

/// A file name for a report: the product, and the client where there is one, without what file systems refuse.
fn suggest_name(product: &str, copy: &Copy) -> String {
    let who = match copy {
        Copy::Internal => "internal copy".to_owned(),
        Copy::Customer { client } => client.trim().to_owned(),
    };
    format!("{}.pdf", clean_name(&format!("DPIA {product} - {who}")))
}

/// A name that every file system takes.
pub(crate) fn clean_name(name: &str) -> String {
    let cleaned: String =
        name.chars().map(|letter| if letter.is_control() || "/\\:*?\"<>|".contains(letter) { '-' } else { letter }).take(120).collect();
    cleaned.trim().trim_end_matches('.').to_owned()
}

/// The editions and packs that come with the program.
pub(crate) fn built_in() -> Result<Library, AppError> {
    Library::built_in().map_err(|error| {
        AppError::new(ErrorCode::Environment, "The templates of this program are damaged: install it anew.").with_detail(error)
    })
}

/// The form of an edition and a pack.
pub(crate) fn form_in(library: &Library, edition: &EditionId, pack: &PackId) -> Result<Form, AppError> {
    match library.form(edition, pack) {
        Some(form) => form.map_err(AppError::refused),
        None => Err(AppError::new(
            ErrorCode::Newer,
            format!("This assessment is written on edition {edition} with {pack}, which this version does not have: install a newer one."),
        )),
    }
}

/// An assessment with all that it needs elsewhere.
pub(crate) fn bundle_of(
    library: &Library,
    assessment: dpia_model::Assessment,
    scope: Scope,
    attachments: BTreeMap<AttachmentId, Vec<u8>>,
    brand: Brand,
) -> Result<Bundle, AppError> {
    let source_of = |found: Option<&str>| {
        found
            .map(str::to_owned)
            .ok_or_else(|| AppError::new(ErrorCode::Newer, "The template of this assessment is not here: install a newer version."))
    };
    let edition = source_of(library.edition(&assessment.edition).map(|edition| edition.source.as_str()))?;
    let pack = source_of(library.pack(&assessment.pack).map(|pack| pack.source.as_str()))?;
    Ok(Bundle { scope, assessment, edition, pack, brand, attachments, signature: None })
}

/// A moment from RFC 3339, such as `2026-11-22T09:00:00Z`.
pub fn parse_moment(text: &str) -> Option<Instant> {
    text.parse().ok().map(Instant)
}

/// A moment from seconds since 1970.
pub fn moment_of_epoch(seconds: i64) -> Option<Instant> {
    jiff::Timestamp::from_second(seconds).ok().map(Instant)
}

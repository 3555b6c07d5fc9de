//! Where a bundle comes from: who signed its manifest, and what it brings that is not known here. Told before anything of
//! the bundle is taken in; a signature that does not hold is a reason to refuse it.

use crate::error::{AppError, ErrorCode};
use crate::identity::refuse_out_of_force;
use dpia_bundle::{Bundle, Scope};
use dpia_model::date::Instant;
use dpia_model::template::Library;
use dpia_signing::{
    Bearing, Certificate, Identity, PdfVerification, SignatureKind, SignatureReport, Trust, sign_detached, verify_detached, verify_pdf,
};
use serde::Serialize;

/// What is to be known of a bundle before it is taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct Provenance {
    /// Who vouches for it.
    pub signature: BundleSignature,
    /// The editions and packs, by id, that it brings and the program does not have.
    pub brings: Vec<String>,
}

/// Who vouches for a bundle. One whose signature does not hold is refused, and is none of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum BundleSignature {
    /// Nobody.
    Unsigned,
    /// Somebody whose certificate is, or was, the officer's own.
    Known {
        /// Who.
        signer: BundleSigner,
    },
    /// Somebody else: a name can be claimed by anybody.
    Unknown {
        /// Who they say they are.
        signer: BundleSigner,
    },
}

/// Whose certificate signed a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
pub struct BundleSigner {
    /// Whom the certificate names, in one line.
    pub name: String,
    /// The SHA-256 of the certificate, in groups of four digits.
    pub fingerprint: String,
    /// The last moment of the certificate's life, where that is over: nobody can say whether it signed before.
    pub ended: Option<Instant>,
}

/// Signs the manifest that a bundle is written with. The same bundle and identity give the same bytes.
pub fn sign_bundle(mut bundle: Bundle, identity: &Identity, now: Instant) -> Result<Bundle, AppError> {
    refuse_out_of_force(identity.certificate(), now)?;
    let manifest = dpia_bundle::manifest_to_sign(&bundle).map_err(AppError::refused)?;
    bundle.signature = Some(sign_detached(&manifest, identity).map_err(AppError::refused)?);
    Ok(bundle)
}

/// Checks the signature of the bundle in this file; none where there is none. These certificates are known.
///
/// # Errors
/// `Refused` where there is a signature and it does not hold.
pub(crate) fn check_signature(bytes: &[u8], signature: Option<&[u8]>, known: &[Certificate]) -> Result<Option<SignatureReport>, AppError> {
    let Some(signature) = signature else { return Ok(None) };
    let manifest = dpia_bundle::read_manifest(bytes).map_err(AppError::refused)?;
    let report = verify_detached(&manifest, signature, Some(known));
    match report.signer.is_some() && report.is_intact() && report.is_valid() {
        true => Ok(Some(report)),
        false => Err(broken_signature("this bundle", &report)),
    }
}

/// Checks the signatures of a PDF that a bundle came in, and gives the one that vouches for it: that of a certificate that is
/// known, or else the first; none where nobody signed, or where it is not known whether one of them holds.
///
/// # Errors
/// `Refused` where one of them does not hold.
pub(crate) fn check_report_signatures(pdf: &[u8], known: &[Certificate]) -> Result<Option<SignatureReport>, AppError> {
    let reports = match verify_pdf(pdf, Some(known)).map_err(AppError::refused)? {
        PdfVerification::NotSigned { .. } => return Ok(None),
        PdfVerification::Signed(reports) => reports,
    };
    for report in &reports {
        match report.problems().iter().map(|problem| problem.bearing()).min() {
            Some(Bearing::Changed | Bearing::Broken | Bearing::CutOff) => return Err(broken_signature("this PDF", report)),
            // Nobody vouches for what is not checked, or for a file that mail has added to.
            Some(Bearing::NotJudged | Bearing::Surrounding) => return Ok(None),
            None => {}
        }
    }
    // An authority that says when it saw the document vouches for nothing else.
    let mut signed: Vec<SignatureReport> = reports.into_iter().filter(|report| report.kind == SignatureKind::Signature).collect();
    let is_known = |report: &SignatureReport| matches!(report.trust, Trust::Named | Trust::IssuedBy(_));
    let vouching = signed.iter().position(is_known).unwrap_or(0);
    Ok((vouching < signed.len()).then(|| signed.swap_remove(vouching)))
}

impl BundleSignature {
    /// What a signature that holds says; unsigned where there is none.
    pub(crate) fn of(report: Option<&SignatureReport>, now: Instant) -> Self {
        let signed = report.and_then(|report| Some((report.signer.as_ref()?, &report.trust)));
        match signed {
            None => Self::Unsigned,
            Some((certificate, Trust::Named | Trust::IssuedBy(_))) => Self::Known { signer: signer_of(certificate, now) },
            Some((certificate, Trust::NotTrusted | Trust::NotAccepted(_) | Trust::NotAsked)) => {
                Self::Unknown { signer: signer_of(certificate, now) }
            }
        }
    }
}

fn signer_of(certificate: &Certificate, now: Instant) -> BundleSigner {
    let end = certificate.not_after();
    BundleSigner {
        name: certificate.subject().to_string(),
        fingerprint: certificate.fingerprint().to_string(),
        ended: (now.0 > end).then_some(Instant(end)),
    }
}

fn broken_signature(what: &str, report: &SignatureReport) -> AppError {
    let problems: Vec<String> = report.problems().iter().map(ToString::to_string).collect();
    let message = format!(
        "The signature of {what} is not valid: {}. It was changed, or assembled by somebody else. It was not opened: ask the sender for \
        it again.",
        problems.join("; ")
    );
    AppError::new(ErrorCode::Refused, message)
}

impl Provenance {
    /// That of a bundle for which this signature vouches, where these templates are known.
    pub(crate) fn of(bundle: &Bundle, signature: BundleSignature, library: &Library) -> Self {
        let names = &bundle.assessment;
        let edition = library.edition(&names.edition).is_none().then(|| format!("edition {}", names.edition));
        // A copy has a pack of its own, cut to what it holds.
        let pack = match bundle.scope {
            Scope::Full { .. } => library.pack(&names.pack).is_none().then(|| format!("pack {}", names.pack)),
            Scope::Copy { .. } => None,
        };
        Self { signature, brings: edition.into_iter().chain(pack).collect() }
    }

    /// Whether somebody is to be asked before it is taken in.
    pub(crate) fn is_to_be_asked(&self) -> bool {
        match self.signature {
            BundleSignature::Known { .. } => !self.brings.is_empty(),
            BundleSignature::Unsigned | BundleSignature::Unknown { .. } => true,
        }
    }
}

//! PDFs: no verdict says of a file that somebody changed that it is intact, valid and trusted.

use dpia_signing::{
    AttachmentFact, Certificate, PdfVerification, compare_attachment, read_attachment_hash, read_attachments, read_metadata, verify_pdf,
};
use std::sync::LazyLock;

/// Files that the one identity signed, one that the tests made.
const SEALED: [&[u8]; 4] = [
    include_bytes!("../corpus/pdf/sealed"),
    include_bytes!("../corpus/pdf/carrying"),
    include_bytes!("../corpus/pdf/certified"),
    include_bytes!("../corpus/pdf/countersigned"),
];

/// The most that the attachments of a file may come to, unpacked.
const MOST_ATTACHED: usize = 128 * 1024 * 1024;

/// The certificate that they were signed with.
static SIGNER: LazyLock<Certificate> = LazyLock::new(|| match verify_pdf(SEALED[0], None) {
    Ok(PdfVerification::Signed(reports)) => reports[0].signer.clone().expect("the signer is named"),
    other => panic!("the signed file has no signature: {other:?}"),
});

/// Verifies a PDF, and takes out what it carries.
///
/// # Panics
/// Where a law of verification is broken.
pub fn pdf(bytes: &[u8]) {
    match verify_pdf(bytes, Some(std::slice::from_ref(&SIGNER))) {
        Ok(verified) if verified.is_sound() => {
            // The digits of a signature may be written in capitals, which changes nothing; all of them, so no chance does it.
            assert!(SEALED.contains(&bytes), "a file that nobody signed is said to be sound");
        }
        Ok(PdfVerification::Signed(reports)) => {
            assert!(!reports.is_empty(), "a signed file has a report");
            // Each report that does not hold says why.
            assert!(reports.iter().all(|report| report.is_sound() || !report.problems().is_empty() || !is_trusted(report)));
        }
        Ok(PdfVerification::NotSigned { .. }) => {}
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    if let Ok(attachments) = read_attachments(bytes) {
        let attached: usize = attachments.iter().map(|attachment| attachment.bytes.len()).sum();
        assert!(attached <= MOST_ATTACHED, "{attached} bytes were unpacked");
    }
    if compare_attachment(bytes).ok() == Some(AttachmentFact::Matches) {
        let metadata = read_metadata(bytes).expect("the metadata were read").expect("they are there");
        assert!(matches!(read_attachment_hash(&metadata), Ok(Some(_))), "an attachment agrees with a hash that is not there");
    }
}

fn is_trusted(report: &dpia_signing::SignatureReport) -> bool {
    !matches!(report.trust, dpia_signing::Trust::NotTrusted | dpia_signing::Trust::NotAccepted(_))
}

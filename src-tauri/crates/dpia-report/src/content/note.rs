//! The page that goes to schools with a certificate: whose it is, and how to check a signature by it.

use super::signatures::group_fingerprint;
use super::tree::{Anchor, Block, Part, Running, Section, SignaturePanel, Wordmark, Words};
use crate::CertificateNote;

/// Its title.
pub(crate) const TITLE: &str = "How to check our signatures";

/// Writes the page.
pub(crate) fn write_note(note: &CertificateNote<'_>, logo: Option<usize>) -> Part {
    let section = |name: &str, title: &str, blocks: Vec<Block>| Section {
        place: Anchor(format!("note.{name}")),
        title: title.to_owned(),
        is_internal: false,
        blocks,
    };
    let prose = |words: String| Block::Prose(Words::plain(words));
    let steps = |steps: &[&str]| Block::Steps(steps.iter().map(|step| Words::plain(*step)).collect());
    let signer = note.signer;
    let day = |at: jiff::Timestamp| at.strftime("%-d\u{a0}%B\u{a0}%Y").to_string();
    let panel = SignaturePanel {
        wordmark: Wordmark { letters: note.brand.wordmark.clone(), picture: logo },
        kind: vec!["Certificate".to_owned(), "Checks signatures; cannot make them".to_owned()],
        name: signer.name.clone(),
        moment: ("In force", format!("{} to\u{a0}{}", day(note.not_before), day(note.not_after))),
        role: signer.role.clone(),
        organisation: signer.organisation.clone(),
        email: signer.email.clone(),
        fingerprint: group_fingerprint(&signer.fingerprint),
        has_field: false,
    };
    let sections = vec![
        section(
            "certificate",
            "Our certificate",
            vec![
                prose(format!(
                    "We send PDF documents with a digital signature. The file \u{201c}{}\u{201d}, which comes with this page, is the \
                    certificate we sign them with. It is public.",
                    note.file
                )),
                Block::Signature(panel),
            ],
        ),
        section(
            "ours",
            "Check that it is ours",
            vec![prose(
                "Phone the person named above on a number that you already have, and compare the fingerprint. A number in the same \
                email proves nothing, and neither does this page alone."
                    .to_owned(),
            )],
        ),
        section(
            "trust",
            "Trust it in Adobe Acrobat Reader",
            vec![steps(&[
                "Open Menu, Preferences, Signatures; under Identities & Trusted Certificates choose More.",
                "Under Trusted Certificates choose Import, and the file named above.",
                "Choose the certificate, then Trust, and tick \u{201c}Use this certificate as a trusted root\u{201d}.",
            ])],
        ),
        section(
            "each",
            "With each document",
            vec![
                prose(
                    "The signature is ours if the reader says that it is valid and that the document has not been changed, and names \
                    the person above."
                        .to_owned(),
                ),
                prose(
                    "A signature shows who signed, and that nothing has changed since. Its time comes from the signer’s computer and is \
                    not confirmed by anybody else."
                        .to_owned(),
                ),
            ],
        ),
    ];
    Part { place: Anchor("note".to_owned()), title: TITLE.to_owned(), sections }
}

/// What runs over and under it.
pub(crate) fn running(note: &CertificateNote<'_>) -> Running {
    let (brand, organisation) = (note.brand, note.signer.organisation.trim());
    let whose = if organisation.is_empty() { &brand.wordmark } else { organisation };
    Running { product: whose.to_owned(), header: "For schools and trusts".to_owned(), remark: None, footer: brand.footer.clone() }
}

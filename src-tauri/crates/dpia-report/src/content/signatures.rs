//! The part of signatures: who signed the report, how that is checked, where to sign on paper.

use super::tree::{Anchor, Block, Part, Section, SignaturePanel, Wordmark, Words};
use super::words::format_moment;
use crate::{ReportInput, SignatureBlock};
use dpia_model::Form;

/// The place of the signature.
pub(crate) fn signature_place() -> Anchor {
    Anchor("signature".to_owned())
}

/// A fingerprint in groups of four digits.
pub(crate) fn group_fingerprint(fingerprint: &[u8; 32]) -> Vec<String> {
    fingerprint.chunks(2).map(|pair| pair.iter().map(|byte| format!("{byte:02X}")).collect()).collect()
}

/// Before the appendices: the parts at the end that are internal throughout.
pub(crate) fn place_among(parts: &[Part], form: &Form) -> usize {
    let asks = |part: &Part| {
        let found = form.parts.iter().find(|candidate| super::form::part_place(candidate) == part.place);
        found.is_none_or(|found| found.sections.iter().any(|section| !section.is_internal))
    };
    parts.iter().rposition(asks).map_or(0, |last| last + 1)
}

/// Writes the part.
pub(crate) fn write_part(input: &ReportInput<'_>, signature: &SignatureBlock, wordmark: &Wordmark) -> Part {
    let section = |place: Anchor, title: &str, blocks: Vec<Block>| Section { place, title: title.to_owned(), is_internal: false, blocks };
    let allowed = if signature.is_open { "Only a countersignature may follow" } else { "No change allowed" };
    let panel = SignaturePanel {
        wordmark: wordmark.clone(),
        kind: vec!["Digital signature".to_owned(), allowed.to_owned()],
        name: signature.name.clone(),
        moment: ("Date and time", format_moment(input.at)),
        role: signature.role.clone(),
        organisation: signature.organisation.clone(),
        email: signature.email.clone(),
        fingerprint: group_fingerprint(&signature.fingerprint),
        has_field: true,
    };
    let words = Words::plain(
        "This document is certified with the signature below. A PDF reader that checks signatures shows whether anything was changed \
        after its date.",
    );
    let organisation = if signature.organisation.trim().is_empty() { "the signer" } else { signature.organisation.trim() };
    let steps = [
        "Open this file in a PDF reader that checks signatures, and open its signature panel.".to_owned(),
        "Check that it reports the document as unchanged since it was signed.".to_owned(),
        format!("Compare the fingerprint above with the one {organisation} gives you another way, such as by phone."),
    ];
    let labels = ["Name", "Role", "School or trust", "Date"].map(str::to_owned).to_vec();
    let checking = Block::Steps(steps.map(Words::plain).into());
    let others = if signature.is_open {
        let words = "The person who agrees to this assessment for a school or trust can sign in the field below with their own \
        certificate, or sign a printed copy by hand on the lines under it.";
        let waiting = Block::EmptyField("Not signed: this field is empty".to_owned());
        let blocks = vec![Block::Prose(Words::plain(words)), waiting, Block::HandSignature(labels)];
        section(Anchor("signature.countersignature".to_owned()), "Countersignature", blocks)
    } else {
        let words = Words::plain("To sign a printed copy by hand, use the lines below.");
        section(Anchor("signature.paper".to_owned()), "Signature on paper", vec![Block::Prose(words), Block::HandSignature(labels)])
    };
    let sections = vec![
        section(signature_place(), "Digital signature", vec![Block::Prose(words), Block::Signature(panel)]),
        section(Anchor("signature.checking".to_owned()), "Checking the signature", vec![checking]),
        others,
    ];
    Part { place: Anchor("part.signatures".to_owned()), title: "Signatures".to_owned(), sections }
}

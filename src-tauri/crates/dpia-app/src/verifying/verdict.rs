//! What verification comes to, in one word: the window's heading and the terminal's exit code follow from it alone.

use dpia_signing::{Bearing, Problem, SignatureKind, SignatureReport, Trust};
use serde::Serialize;

/// What verification comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every signature holds for the whole file, and every signer is trusted.
    Trusted,
    /// As `Trusted`; after a signature something was added that it allows.
    TrustedWithAdditions,
    /// Every signature holds for the whole file; whose certificates they are was not asked.
    SignerNotCompared,
    /// As `SignerNotCompared`; after a signature something was added that it allows.
    SignerNotComparedWithAdditions,
    /// Every signature holds, and a signer is not one that is trusted.
    SignerNotTrusted,
    /// What was signed is as it was; mail or a download added something around it.
    AddedAround,
    /// The file ends before its end.
    CutOff,
    /// The file was changed after it was signed.
    Changed,
    /// A signature does not belong to its certificate, or is not made as it must be.
    Broken,
    /// A signature, or what came after it, is of a kind that is not checked here.
    NotJudged,
    /// Nobody signed.
    NotSigned,
    /// The file cannot be read in one way only.
    Unreadable,
}

impl Verdict {
    /// The verdict on a file with these signatures.
    pub(super) fn of(reports: &[SignatureReport]) -> Verdict {
        if reports.is_empty() {
            return Verdict::NotSigned;
        }
        let problems = reports.iter().flat_map(SignatureReport::problems);
        match problems.map(Problem::bearing).min() {
            Some(Bearing::Changed) => Verdict::Changed,
            Some(Bearing::Broken) => Verdict::Broken,
            Some(Bearing::NotJudged) => Verdict::NotJudged,
            Some(Bearing::CutOff) => Verdict::CutOff,
            Some(Bearing::Surrounding) => Verdict::AddedAround,
            None => Verdict::of_sound(reports),
        }
    }

    /// The verdict where every signature is intact and valid.
    fn of_sound(reports: &[SignatureReport]) -> Verdict {
        if !reports.iter().all(SignatureReport::is_accepted) {
            return Verdict::SignerNotTrusted;
        }
        let signatures = || reports.iter().filter(|report| report.kind == SignatureKind::Signature);
        // An authority that says when it saw the document vouches for nothing else.
        if signatures().next().is_none() {
            return Verdict::NotSigned;
        }
        let is_asked = signatures().all(|report| report.trust != Trust::NotAsked);
        let has_additions = reports.iter().any(|report| !report.after.is_empty());
        match (is_asked, has_additions) {
            (true, false) => Verdict::Trusted,
            (true, true) => Verdict::TrustedWithAdditions,
            (false, false) => Verdict::SignerNotCompared,
            (false, true) => Verdict::SignerNotComparedWithAdditions,
        }
    }

    /// Whether everything that was asked is so.
    pub fn is_sound(self) -> bool {
        match self {
            Verdict::Trusted | Verdict::TrustedWithAdditions | Verdict::SignerNotCompared | Verdict::SignerNotComparedWithAdditions => true,
            Verdict::SignerNotTrusted
            | Verdict::AddedAround
            | Verdict::CutOff
            | Verdict::Changed
            | Verdict::Broken
            | Verdict::NotJudged
            | Verdict::NotSigned
            | Verdict::Unreadable => false,
        }
    }

    /// The verdict in a few words, without a full stop.
    pub fn words(self) -> &'static str {
        match self {
            Verdict::Trusted => "signed and unchanged, by a trusted signer",
            Verdict::TrustedWithAdditions => "signed by trusted signers; what was added later is allowed, and listed below",
            Verdict::SignerNotCompared => "signed and unchanged; whether the signer is trusted was not checked",
            Verdict::SignerNotComparedWithAdditions => {
                "signed; what was added later is allowed, and listed below; whether the signers are trusted was not checked"
            }
            Verdict::SignerNotTrusted => "signed, and what was signed is unchanged; not every signer is trusted",
            Verdict::AddedAround => "what was signed is unchanged; something was added around it, as mail does: ask for the file again",
            Verdict::CutOff => "the file is incomplete: ask for it again",
            Verdict::Changed => "changed after it was signed",
            Verdict::Broken => "the signature is not valid",
            Verdict::NotJudged => "not checked: the signature, or what was added after it, is of a kind that this program cannot check",
            Verdict::NotSigned => "not signed",
            Verdict::Unreadable => "not checked: the file cannot be read",
        }
    }
}

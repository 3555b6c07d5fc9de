//! The facts read out, as the terminal prints them.

use super::{CertificateFacts, Fact, FactAnswer, FileKind, SignatureFacts, Verification};
use crate::error::sentence;

impl Verification {
    /// The facts, to be read out.
    pub fn words(&self) -> String {
        let verdict = format!("{}.\n", sentence(self.verdict.words()));
        if let Some(reason) = &self.reason {
            return format!("{verdict}{reason}.\n");
        }
        let head = match (self.kind, &self.product) {
            (FileKind::Bundle, Some(product)) => format!("Bundle of {product}: {}.\n", self.attachment.words),
            (FileKind::Bundle, None) | (FileKind::Pdf, _) => String::new(),
        };
        let rest = match (self.kind, self.signatures.as_slice(), self.empty_fields) {
            (FileKind::Bundle, [], _) => "Not signed: the origin of the manifest cannot be checked.\n".to_owned(),
            (FileKind::Pdf, [], 0) => format!("Not signed.\n{}", self.attachment_line("")),
            (FileKind::Pdf, [], empty) => {
                format!("Not signed. Fields awaiting a signature: {empty}.\n{}", self.attachment_line(""))
            }
            (_, signatures, _) => signatures.iter().map(|signature| self.words_of(signature)).collect::<Vec<_>>().join("\n"),
        };
        let waiting = if self.awaits_countersignature { "A field awaits a countersignature.\n" } else { "" };
        verdict + &head + &rest + waiting
    }

    fn words_of(&self, signature: &SignatureFacts) -> String {
        let say = |fact: &Fact| match fact.answer {
            FactAnswer::Yes => format!("yes, {}", fact.words),
            FactAnswer::No => format!("NO: {}", fact.words),
            FactAnswer::NotAsked => "not checked; give a certificate with --trust".to_owned(),
            FactAnswer::Unknown => format!("cannot be checked: {}", fact.words),
        };
        let mut lines = vec![match &signature.field {
            Some(field) if signature.is_timestamp => format!("Timestamp \"{field}\" by {}", signature.who),
            Some(field) => format!("Signature \"{field}\" by {}", signature.who),
            None => format!("Signature by {}", signature.who),
        }];
        lines.push(format!("  Intact:  {}", say(&signature.intact)));
        lines.push(format!("  Valid:   {}", say(&signature.valid)));
        lines.push(format!("  Trusted: {}", say(&signature.trusted)));
        lines.push(format!("  Covers:  {}", signature.covers.words));
        if let Some(claimed) = &signature.claimed {
            let dates = signature.dates.as_ref().map(|dates| format!("; {dates}")).unwrap_or_default();
            lines.push(match signature.is_timestamp {
                true => format!("  Time:    {claimed}, by the authority's clock{dates}"),
                false => format!("  Claimed: {claimed}, by the signer's clock{dates}"),
            });
        } else if let Some(dates) = &signature.dates {
            lines.push(format!("  Dates:   {dates}"));
        }
        if let Some(stamped) = &signature.stamped {
            lines.push(format!("  Stamped: {stamped}"));
        }
        if self.kind == FileKind::Bundle && signature.trusted.answer != FactAnswer::Yes {
            lines.push("  Anyone can claim a name in a certificate: compare the fingerprint with its owner.".to_owned());
        }
        if self.kind == FileKind::Pdf {
            lines.push(format!("  Inside:  {}", signature.attachment.words));
        }
        if let Some(certificate) = &signature.certificate {
            let CertificateFacts { fingerprint, not_before, not_after } = certificate;
            lines.push(format!("  Certificate: {fingerprint}, valid from {not_before} to {not_after}"));
        }
        lines.push(String::new());
        lines.join("\n")
    }

    fn attachment_line(&self, indent: &str) -> String {
        format!("{indent}Assessment inside: {}.\n", self.attachment.words)
    }
}

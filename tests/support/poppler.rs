//! What poppler sees in a PDF: its words, its pages as pictures, its signatures.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process::read;

/// The words of a PDF in the order of its content, as `pdftotext -raw` prints them; pages end with a form feed.
///
/// # Errors
/// Where poppler is missing or cannot read the file.
pub fn read_text(pdf: &Path) -> Result<String> {
    read(Command::new("pdftotext").args(["-raw", "-enc", "UTF-8"]).arg(pdf).arg("-"))
}

/// The words of each page, the first page first.
///
/// # Errors
/// As [`read_text`].
pub fn read_pages(pdf: &Path) -> Result<Vec<String>> {
    Ok(read_text(pdf)?.split_terminator('\u{C}').map(str::to_owned).collect())
}

/// How many pages a PDF has.
///
/// # Errors
/// Where poppler is missing or cannot read the file.
pub fn count_pages(pdf: &Path) -> Result<usize> {
    let facts = read(Command::new("pdfinfo").arg(pdf))?;
    let pages = facts.lines().find_map(|line| line.strip_prefix("Pages:"));
    Ok(pages.context("pdfinfo prints no number of pages")?.trim().parse()?)
}

/// Draws each page as a PNG into a folder, at `resolution` dots an inch; the files in the order of the pages.
///
/// # Errors
/// Where poppler is missing or cannot read the file, or the folder cannot be written.
pub fn draw_pages(pdf: &Path, folder: &Path, resolution: u32) -> Result<Vec<PathBuf>> {
    std::fs::create_dir_all(folder)?;
    let mut draw = Command::new("pdftoppm");
    draw.args(["-png", "-r", &resolution.to_string()]).arg(pdf).arg(folder.join("page"));
    read(&mut draw)?;
    // pdftoppm pads the numbers, so that the names sort as the pages do.
    let mut pages = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "png") {
            pages.push(path);
        }
    }
    pages.sort();
    Ok(pages)
}

/// One signature, as `pdfsig` describes it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Signature {
    /// The name of its form field.
    pub field: String,
    /// The common name in the signer's certificate.
    pub signer: String,
    /// The kind: `ETSI.CAdES.detached` for PAdES.
    pub kind: String,
    /// Whether the bytes that it covers are the ones that were signed.
    pub is_valid: bool,
    /// Whether it covers the file to its end.
    pub covers_all: bool,
}

/// The signatures of a PDF, in the order of its fields; none where it is unsigned. Trust is not judged.
///
/// # Errors
/// Where poppler is missing.
pub fn read_signatures(pdf: &Path) -> Result<Vec<Signature>> {
    // pdfsig exits 2 for an unsigned file, and 0 whatever it finds in a signed one.
    let output = crate::process::finish(Command::new("pdfsig").arg("-nocert").arg(pdf))?;
    Ok(parse_signatures(&String::from_utf8_lossy(&output.stdout)))
}

fn parse_signatures(printed: &str) -> Vec<Signature> {
    let mut signatures: Vec<Signature> = Vec::new();
    for line in printed.lines() {
        if line.starts_with("Signature #") {
            signatures.push(Signature::default());
        }
        let Some(signature) = signatures.last_mut() else { continue };
        let line = line.trim_start_matches([' ', '-']);
        match line.split_once(": ") {
            Some(("Signature Field Name", field)) => field.clone_into(&mut signature.field),
            Some(("Signer Certificate Common Name", name)) => name.clone_into(&mut signature.signer),
            Some(("Signature Type", kind)) => kind.clone_into(&mut signature.kind),
            Some(("Signature Validation", verdict)) => signature.is_valid = verdict == "Signature is Valid.",
            _ => signature.covers_all |= line == "Total document signed",
        }
    }
    signatures
}

#[cfg(test)]
mod tests {
    use super::{Signature, parse_signatures};

    #[test]
    fn each_signature_is_read_with_its_verdict() {
        let printed = "\
Digital Signature Info of: two.pdf
Signature #1:
  - Signature Field Name: Officer
  - Signer Certificate Common Name: Ada
  - Signer full Distinguished Name: CN=Ada
  - Signing Time: Nov 22 2026 06:35:34
  - Signature Type: ETSI.CAdES.detached
  - Signed Ranges: [0 - 290549], [292855 - 293413]
  - Not total document signed
  - Signature Validation: Signature is Valid.
Signature #2:
  - Signature Field Name: Approver
  - Signer Certificate Common Name: Ben
  - Signature Type: adbe.pkcs7.detached
  - Total document signed
  - Signature Validation: Digest Mismatch.
";
        let signature = |field: &str, signer: &str, kind: &str, is_valid, covers_all| Signature {
            field: field.to_owned(),
            signer: signer.to_owned(),
            kind: kind.to_owned(),
            is_valid,
            covers_all,
        };
        let expected = [
            signature("Officer", "Ada", "ETSI.CAdES.detached", true, false),
            signature("Approver", "Ben", "adbe.pkcs7.detached", false, true),
        ];
        assert_eq!(parse_signatures(printed), expected);
        assert_eq!(parse_signatures("File 'a.pdf' does not contain any signatures\n"), []);
    }
}

//! The judges themselves: they have to tell a sound file from an unsound one, or their word is worth nothing.

use std::path::Path;

use anyhow::Result;
use dpia_tests::judges::{Question, judge_pdf};
use dpia_tests::places::temporary_folder;

/// A file of one empty page, correct to the byte: its table of objects is counted, not guessed.
fn write_empty_pdf(path: &Path) -> Result<()> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    ];
    let mut file = String::from("%PDF-1.7\n");
    let mut table = String::from("0000000000 65535 f \n");
    for (index, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let start = file.len();
    file += &format!("xref\n0 4\n{table}trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    std::fs::write(path, file)?;
    Ok(())
}

#[test]
fn a_correct_file_passes_for_syntax_and_fails_for_what_it_lacks() -> Result<()> {
    let folder = temporary_folder()?;
    let pdf = folder.path().join("an empty page.pdf");
    write_empty_pdf(&pdf)?;
    let question = Question { profiles: &["3a", "ua1"], is_signed: true, trust: None };
    let verdicts: Vec<(String, bool)> =
        judge_pdf(&pdf, &question)?.into_iter().map(|verdict| (verdict.judge, verdict.has_passed)).collect();
    let expected = [("veraPDF-3a", false), ("veraPDF-ua1", false), ("qpdf", true), ("pdfsig", false), ("pyHanko", false)];
    assert_eq!(verdicts, expected.map(|(judge, has_passed)| (judge.to_owned(), has_passed)));
    Ok(())
}

#[test]
fn a_file_that_was_cut_short_fails_for_syntax() -> Result<()> {
    let folder = temporary_folder()?;
    let pdf = folder.path().join("cut.pdf");
    write_empty_pdf(&pdf)?;
    let whole = std::fs::read(&pdf)?;
    std::fs::write(&pdf, &whole[..whole.len() / 2])?;
    let verdicts = judge_pdf(&pdf, &Question::default())?;
    assert_eq!(verdicts.len(), 1);
    assert!(!verdicts[0].has_passed);
    assert!(!verdicts[0].remarks.is_empty(), "qpdf says why");
    Ok(())
}

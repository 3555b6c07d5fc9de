//! Signed files of other programs, and what mail and downloads do to files, as a person at a terminal reads of them: the
//! verdict, the exit code that follows from it, and the words.

use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};
use dpia_app::verifying::{Verdict, verify};
use dpia_app::{Surroundings as _, System};
use dpia_tests::places::{fixture, temporary_folder};
use dpia_tests::terminal::{Outcome, dpia};

fn run_verify(file: &Path, trust: Option<&Path>) -> Result<Outcome> {
    let call = dpia("verify")?.argument(file);
    match trust {
        Some(certificate) => call.words("--trust").argument(certificate).run(),
        None => call.run(),
    }
}

/// Checks a file's verdict, and that the exit code and the first line follow from it.
fn check(file: &Path, trust: Option<&Path>, expected: Verdict, words: &[&str]) -> Result<Outcome> {
    let outcome = run_verify(file, trust)?;
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let said = format!("{name}: {}{}", outcome.stdout, outcome.stderr);
    if trust.is_none() {
        assert_eq!(verify(&fs::read(file)?, None, System.now())?.verdict, expected, "{said}");
    }
    assert_eq!(outcome.code, Some(i32::from(!expected.is_sound())), "{said}");
    let first = outcome.stdout.lines().next().unwrap_or_default().to_lowercase();
    assert_eq!(first, format!("{}.", expected.words().to_lowercase()), "{said}");
    for word in words {
        assert!(outcome.stdout.contains(word), "{word:?} is missing. {said}");
    }
    Ok(outcome)
}

#[test]
fn what_the_standard_allows_after_a_signature_is_allowed_and_named() -> Result<()> {
    let later = Verdict::SignerNotComparedWithAdditions;
    let cases: [(&str, Verdict, &[&str]); 7] = [
        ("validation-information", later, &["certificates and revocation information were added"]),
        ("document-timestamp", later, &["a timestamp of the document was added", "Timestamp \"Timestamp-", "Stamped: "]),
        ("two-signers", later, &["the field \"B\", which shows nothing, was added and signed"]),
        ("form-with-fonts", later, &["the form was written again with the same fields and with fonts for them"]),
        ("rsa-without-digest", later, &["the field \"Countersignature\" was signed"]),
        ("rsa-pss", later, &["the field \"Countersignature\" was signed"]),
        ("by-poppler", Verdict::SignerNotCompared, &["Intact:  yes", "Valid:   yes"]),
    ];
    for (name, expected, words) in cases {
        check(&fixture("signed").join(format!("{name}.pdf")), None, expected, words)?;
    }
    Ok(())
}

#[test]
fn what_is_not_judged_is_never_said_to_be_changed() -> Result<()> {
    let file = fixture("signed").join("countersigned-by-poppler.pdf");
    let outcome =
        check(&file, None, Verdict::NotJudged, &["Intact:  cannot be checked", "the field notes a time or which drawing is shown"])?;
    assert!(!outcome.stdout.contains("NO:") && !outcome.stdout.contains("was changed"), "{}", outcome.stdout);
    let second = outcome.stdout.split("Signature \"").nth(2).unwrap_or_default();
    assert!(second.contains("Intact:  yes") && second.contains("Valid:   yes"), "{}", outcome.stdout);
    check(&fixture("signed").join("hidden-page.pdf"), None, Verdict::Changed, &["Intact:  NO", "every reader reads alike"]).map(drop)
}

#[test]
fn a_signer_is_trusted_through_an_authority_only_with_a_certificate_to_rely_upon() -> Result<()> {
    let root = fixture("signed").join("path-root.pem");
    for (name, words) in [
        ("path-ended", "had expired"),
        ("path-not-begun", "was not valid yet"),
        ("path-server", "is for other purposes than signing documents"),
        ("path-critical", "has a critical extension that this program cannot check"),
    ] {
        let file = fixture("signed").join(format!("{name}.pdf"));
        check(&file, Some(&root), Verdict::SignerNotTrusted, &["Trusted: NO", words])?;
    }
    Ok(())
}

#[test]
fn what_mail_and_downloads_do_is_named_for_what_it_is() -> Result<()> {
    let folder = temporary_folder()?;
    let pdf = fs::read(fixture("signed").join("two-signers.pdf"))?;
    let around = |head: &[u8], tail: &[u8]| [head, &pdf, tail].concat();
    let mail = b"Content-Type: application/pdf; name=\"a.pdf\"\r\nContent-Transfer-Encoding: binary\r\n\r\n";
    let cases: Vec<(&str, Vec<u8>, Verdict, &str)> = vec![
        ("a line end", around(b"", b"\r\n"), Verdict::AddedAround, "nothing but white space"),
        ("a blank", around(b"", b" "), Verdict::AddedAround, "nothing but white space"),
        ("many zeros", around(b"", &[0; 3000]), Verdict::AddedAround, "nothing but white space"),
        ("blank lines", around(b"", &b"\r\n".repeat(700)), Verdict::AddedAround, "nothing but white space"),
        ("a mark of UTF-8", around(b"\xef\xbb\xbf", b""), Verdict::AddedAround, "3 bytes stand before the PDF"),
        ("a line before", around(b"\r\n", b""), Verdict::AddedAround, "2 bytes stand before the PDF"),
        ("a mail's head", around(mail, b""), Verdict::AddedAround, "bytes stand before the PDF"),
        ("a mail's head and end", around(mail, b"\r\n--=_part_17--\r\n"), Verdict::AddedAround, "with which a mail ends"),
        ("half of it", pdf[..pdf.len() / 2].to_vec(), Verdict::CutOff, "cut off"),
        ("nearly all of it", pdf[..pdf.len() - 8].to_vec(), Verdict::CutOff, "cut off"),
        ("all but a little of the second", pdf[..6000].to_vec(), Verdict::CutOff, "cut off"),
        ("a comment", around(b"", b"% nothing\n"), Verdict::Changed, "bytes were added"),
        ("a script", around(b"", b"<script>"), Verdict::Changed, "bytes were added"),
    ];
    for (name, bytes, expected, words) in cases {
        let file = folder.path().join(format!("{name}.pdf"));
        fs::write(&file, bytes)?;
        let outcome = check(&file, None, expected, &[words])?;
        let says_changed = outcome.stdout.to_lowercase().contains("changed after it was signed");
        assert_eq!(says_changed, expected == Verdict::Changed, "{name}: {}", outcome.stdout);
    }
    Ok(())
}

#[test]
fn strangers_words_make_no_line_of_their_own_and_hide_none() -> Result<()> {
    let file = fixture("signed").join("name-with-commands.pdf");
    let bundle = fixture("signed").join("product-with-commands.dpia");
    for outcome in [
        run_verify(&file, None)?,
        run_verify(&bundle, None)?,
        dpia("show")?.argument(&bundle).run()?,
        dpia("show --json")?.argument(&bundle).run()?,
        dpia("history")?.argument(&bundle).run()?,
        dpia("history --json")?.argument(&bundle).run()?,
        dpia("history --between 0 now")?.argument(&bundle).run()?,
    ] {
        let printed = format!("{}{}", outcome.stdout, outcome.stderr);
        ensure!(!printed.is_empty(), "nothing was printed");
        let obeyed = printed.chars().find(|letter| *letter != '\n' && dpia_app::plain::is_unshown(*letter));
        assert_eq!(obeyed, None, "{printed:?}");
    }
    // Each line that says something of a signature is one of ours.
    let told = run_verify(&file, None)?.stdout;
    for start in ["  Intact:", "  Valid:", "  Trusted:"] {
        assert_eq!(told.lines().filter(|line| line.starts_with(start)).count(), 1, "{told}");
    }
    assert!(told.lines().filter(|line| line.starts_with("Signature ")).count() == 1, "{told}");
    Ok(())
}

#[test]
fn each_verdict_has_words_and_an_exit_code_of_its_own() {
    let all = [
        (Verdict::Trusted, true),
        (Verdict::TrustedWithAdditions, true),
        (Verdict::SignerNotCompared, true),
        (Verdict::SignerNotComparedWithAdditions, true),
        (Verdict::SignerNotTrusted, false),
        (Verdict::AddedAround, false),
        (Verdict::CutOff, false),
        (Verdict::Changed, false),
        (Verdict::Broken, false),
        (Verdict::NotJudged, false),
        (Verdict::NotSigned, false),
        (Verdict::Unreadable, false),
    ];
    let words: std::collections::BTreeSet<&str> = all.iter().map(|(verdict, _)| verdict.words()).collect();
    assert_eq!(words.len(), all.len());
    for (verdict, is_sound) in all {
        assert_eq!(verdict.is_sound(), is_sound, "{verdict:?}");
    }
}

//! `dpia` in a terminal: what it refuses, with which exit code and which words, and that it then changes nothing.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use dpia_model::assessment::{Answer, Content, Tick, Value};
use dpia_model::rich_text::RichText;
use dpia_tests::places::{DOCUMENTS, document, fixture, temporary_folder};
use dpia_tests::poppler::read_text;
use dpia_tests::terminal::{dpia, import, make_identity};
use tempfile::TempDir;

/// Refused by what a file holds.
const REFUSED: Option<i32> = Some(1);
/// Called wrongly.
const MISUSED: Option<i32> = Some(2);
/// The machine did not do its part.
const ENVIRONMENT: Option<i32> = Some(3);

/// A folder with a bundle in it.
fn make_bundle() -> Result<(TempDir, PathBuf)> {
    let folder = temporary_folder()?;
    let bundle = folder.path().join("a.dpia");
    import(&document(DOCUMENTS[3]), &bundle)?;
    Ok((folder, bundle))
}

#[test]
fn wrong_use_is_refused_with_how_to_use_it() -> Result<()> {
    fn check(words: &str, expected: &str) -> Result<()> {
        let outcome = dpia(words)?.run()?;
        assert_eq!(outcome.code, MISUSED, "{words}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(expected), "{words}: {}", outcome.stderr);
        assert_eq!(outcome.stdout, "", "{words}");
        Ok(())
    }
    check("fly", "unrecognized subcommand 'fly'")?;
    check("import a.txt", "--output <OUT.dpia>")?;
    check("report a.dpia", "--output <OUT.pdf>")?;
    check("report a.dpia -o a.pdf --copy secret", "possible values: internal, customer")
}

#[test]
fn a_file_that_is_no_assessment_is_refused_and_nothing_is_written() -> Result<()> {
    fn check(name: &str, content: &[u8]) -> Result<()> {
        let folder = temporary_folder()?;
        let file = folder.path().join(name);
        fs::write(&file, content)?;
        let outcome = dpia("import")?.argument(&file).words("-o").argument(folder.path().join("out.dpia")).run()?;
        assert_eq!(outcome.code, REFUSED, "{name}: {}", outcome.stderr);
        assert!(outcome.stderr.starts_with("dpia: "), "{name}: {}", outcome.stderr);
        let left: Vec<_> = fs::read_dir(folder.path())?.flatten().map(|entry| entry.file_name()).collect();
        assert_eq!(left, [OsStr::new(name)]);
        Ok(())
    }
    check("empty.txt", b"")?;
    check("recipe.md", b"# Bread\n\n- 500 g flour\n- 350 g water\n")?;
    check("picture.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\xff\xfe\x00\x01")
}

#[test]
fn a_bundle_that_was_damaged_is_refused() -> Result<()> {
    let (_folder, bundle) = make_bundle()?;
    let whole = fs::read(&bundle)?;
    for damaged in [&whole[..whole.len() / 2], b"PK\x03\x04", b"{}"] {
        fs::write(&bundle, damaged)?;
        let outcome = dpia("show")?.argument(&bundle).run()?;
        assert_eq!(outcome.code, REFUSED, "{}", outcome.stderr);
        assert_eq!(outcome.stdout, "");
    }
    Ok(())
}

#[test]
fn a_file_that_is_not_there_is_named() -> Result<()> {
    let outcome = dpia("show no-such-file.dpia")?.run()?;
    assert_eq!(outcome.code, ENVIRONMENT, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("no-such-file.dpia"), "{}", outcome.stderr);
    Ok(())
}

#[test]
fn a_customer_copy_needs_a_client() -> Result<()> {
    let (folder, bundle) = make_bundle()?;
    let pdf = folder.path().join("a.pdf");
    let customer = || Ok::<_, anyhow::Error>(dpia("report --copy customer")?.argument(&bundle).words("-o").argument(&pdf));
    assert_eq!(customer()?.run()?.code, MISUSED);
    assert!(!pdf.exists());
    customer()?.words("--client").argument("Hill School").succeed()?;
    assert!(read_text(&pdf)?.contains("Hill School"));
    Ok(())
}

#[test]
fn the_moment_of_a_report_can_come_from_the_environment() -> Result<()> {
    let (folder, bundle) = make_bundle()?;
    let (named, given) = (folder.path().join("named.pdf"), folder.path().join("given.pdf"));
    dpia("report --at 2026-11-22T09:00:00Z -o")?.argument(&named).argument(&bundle).succeed()?;
    dpia("report -o")?.argument(&given).argument(&bundle).environment("SOURCE_DATE_EPOCH", "1795338000").succeed()?;
    assert!(fs::read(&named)? == fs::read(&given)?, "one moment, two files");
    Ok(())
}

#[test]
fn only_an_intact_signature_of_the_right_signer_is_verified() -> Result<()> {
    let (folder, bundle) = make_bundle()?;
    let (identity, certificate) = make_identity(folder.path())?;
    let other = temporary_folder()?;
    let (_, other_certificate) = make_identity(other.path())?;
    let [signed, unsigned, changed] = ["signed.pdf", "unsigned.pdf", "changed.pdf"].map(|name| folder.path().join(name));
    dpia("report -o")?.argument(&unsigned).argument(&bundle).succeed()?;
    dpia("report -o")?.argument(&signed).argument(&bundle).words("--sign").argument(&identity).succeed()?;
    let mut bytes = fs::read(&signed)?;
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&changed, bytes)?;

    let check = |file: &Path, trust: Option<&Path>, expected: Option<i32>| -> Result<()> {
        let mut call = dpia("verify")?.argument(file);
        if let Some(certificate) = trust {
            call = call.words("--trust").argument(certificate);
        }
        let outcome = call.run()?;
        assert_eq!(outcome.code, expected, "{file:?} {trust:?}: {}{}", outcome.stdout, outcome.stderr);
        Ok(())
    };
    check(&signed, None, Some(0))?;
    check(&signed, Some(&certificate), Some(0))?;
    check(&signed, Some(&other_certificate), REFUSED)?;
    check(&unsigned, None, REFUSED)?;
    check(&changed, None, REFUSED)
}

/// The bundle of the first release: a tick confirmed, a yes given, a list ticked and that undone.
fn released_bundle() -> PathBuf {
    fixture("released").join("0.1.0/assessment.dpia")
}

#[test]
fn the_history_of_a_bundle_is_shown_and_two_moments_of_it_compared() -> Result<()> {
    let told = dpia("history")?.argument(released_bundle()).succeed()?.stdout;
    let undone = told.lines().find(|line| line.contains("(undo or redo)"));
    assert!(undone.is_some_and(|line| line.contains("screening.consider")), "{told}");
    assert!(told.contains("## 22 November 2026"), "{told}");

    let compared = dpia("history --between 0 now")?.argument(released_bundle()).succeed()?.stdout;
    assert!(compared.contains("From: when created") && compared.contains("{+Yes"), "{compared}");
    assert!(!compared.contains("screening.consider"), "what was taken back no longer differs: {compared}");
    let json: serde_json::Value =
        serde_json::from_str(&dpia("history --json --between 0 2026-11-22")?.argument(released_bundle()).succeed()?.stdout)?;
    assert_eq!(json["places"].as_array().map(Vec::len), Some(2), "{json}");

    let folder = temporary_folder()?;
    let table = folder.path().join("changes.csv");
    dpia("history --between 0 now --csv")?.argument(&table).argument(released_bundle()).succeed()?;
    assert!(fs::read_to_string(&table)?.contains("disclosure.shared"));
    Ok(())
}

#[test]
fn a_signed_bundle_is_verified_and_one_that_was_signed_for_another_is_not_opened() -> Result<()> {
    let folder = temporary_folder()?;
    let (identity, certificate) = make_identity(folder.path())?;
    let other = temporary_folder()?;
    let (_, other_certificate) = make_identity(other.path())?;
    let [signed, printed, unsigned, swapped] =
        ["signed.dpia", "printed.pdf", "unsigned.dpia", "swapped.dpia"].map(|name| folder.path().join(name));
    let source = document(DOCUMENTS[3]);
    let import_to = |to: &Path| Ok::<_, anyhow::Error>(dpia("import")?.argument(&source).words("-o").argument(to));
    import_to(&signed)?.words("--sign").argument(&identity).succeed()?;
    import_to(&unsigned)?.succeed()?;
    let mut bundle = dpia_bundle::read(&fs::read(&signed)?)?;
    bundle.assessment.details.product = "Another".to_owned();
    fs::write(&swapped, dpia_bundle::write(&bundle)?)?;

    let check = |file: &Path, trust: Option<&Path>, expected: Option<i32>, words: &str| -> Result<()> {
        let mut call = dpia("verify")?.argument(file);
        if let Some(certificate) = trust {
            call = call.words("--trust").argument(certificate);
        }
        let outcome = call.run()?;
        assert_eq!(outcome.code, expected, "{file:?} {trust:?}: {}{}", outcome.stdout, outcome.stderr);
        assert!(outcome.stdout.contains(words), "{file:?}: {}", outcome.stdout);
        Ok(())
    };
    check(&signed, Some(&certificate), Some(0), "Trusted: yes")?;
    check(&signed, None, Some(0), "Anyone can claim a name in a certificate")?;
    check(&signed, Some(&other_certificate), REFUSED, "Trusted: NO: it was signed with another certificate")?;
    check(&unsigned, None, REFUSED, "Not signed: the origin of the manifest cannot be checked.")?;
    check(&swapped, None, REFUSED, "Intact:  NO: the content was changed after it was signed")?;
    let opened = dpia("show")?.argument(&swapped).run()?;
    assert_eq!(opened.code, REFUSED);
    assert!(opened.stderr.contains("The signature of this bundle is not valid"), "{}", opened.stderr);
    dpia("show")?.argument(&signed).succeed()?;
    // What is made of it is another file, and is not said to be signed by the person who signed this one.
    dpia("report -o")?.argument(&printed).argument(&signed).succeed()?;
    dpia("show")?.argument(&printed).succeed()?;
    Ok(())
}

#[test]
fn a_moment_that_no_history_has_is_refused_with_what_can_be_named() -> Result<()> {
    fn check(moments: &str, code: Option<i32>, expected: &str) -> Result<()> {
        let outcome = dpia("history --between")?.words(moments).argument(released_bundle()).run()?;
        assert_eq!(outcome.code, code, "{moments}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(expected), "{moments}: {}", outcome.stderr);
        assert_eq!(outcome.stdout, "", "{moments}");
        Ok(())
    }
    check("0 99", MISUSED, "no entry 99")?;
    check("yesterday now", MISUSED, "\"yesterday\" is not a moment")?;
    check("last-version now", MISUSED, "no version yet")
}

#[test]
fn an_encrypted_bundle_is_opened_with_the_passphrase_of_the_environment_alone() -> Result<()> {
    let folder = temporary_folder()?;
    let encrypted = folder.path().join("encrypted.dpia");
    // `--seal` is the name that `--encrypt` had.
    let import_encrypted =
        || Ok::<_, anyhow::Error>(dpia("import --seal")?.argument(document(DOCUMENTS[3])).words("-o").argument(&encrypted));
    let check = |passphrase: &str, expected: Option<i32>, words: &str| -> Result<()> {
        let outcome = dpia("show")?.argument(&encrypted).environment("DPIA_PASSPHRASE", passphrase).run()?;
        assert_eq!(outcome.code, expected, "{}", outcome.stderr);
        assert!(format!("{}{}", outcome.stdout, outcome.stderr).contains(words), "{}", outcome.stderr);
        Ok(())
    };
    let unset = import_encrypted()?.environment("DPIA_PASSPHRASE", "").run()?;
    assert_eq!(unset.code, MISUSED, "{}", unset.stderr);
    let short = import_encrypted()?.environment("DPIA_PASSPHRASE", "too short").run()?;
    assert!(short.code != Some(0) && short.stderr.contains("15 characters"), "{}", short.stderr);
    assert!(!encrypted.exists());
    import_encrypted()?.environment("DPIA_PASSPHRASE", "walnut harbour seven lanterns").succeed()?;
    check("walnut harbour seven lanterns", Some(0), "Pupil Progress")?;
    check("walnut harbour seven lantern", REFUSED, "does not open the bundle")?;
    check("", MISUSED, "read from DPIA_PASSPHRASE")
}

#[test]
fn an_answer_to_a_question_that_the_form_does_not_have_is_shown_and_goes_into_no_customer_copy() -> Result<()> {
    let (folder, bundle) = make_bundle()?;
    let [odd, internal, customer] = ["odd.dpia", "internal.pdf", "customer.pdf"].map(|name| folder.path().join(name));
    let mut held = dpia_bundle::read(&fs::read(&bundle)?)?;
    let text = RichText::from_plain("What nobody asked");
    let ticks = [("employees".parse()?, Tick::Ticked), ("pupils".parse()?, Tick::NotTicked)].into();
    for (id, value) in [("no.longer.asked", Value::RichText { text }), ("no.longer.listed", Value::Ticks { ticks, other: None })] {
        held.assessment.answers.insert(id.parse()?, Answer { content: Content::Answered { value }, origin: None });
    }
    fs::write(&odd, dpia_bundle::write(&held)?)?;
    let show = |file: &Path| Ok::<_, anyhow::Error>(dpia("show")?.argument(file).succeed()?.stdout);

    dpia("report -o")?.argument(&internal).argument(&odd).succeed()?;
    for kept in [&odd, &internal] {
        let shown = show(kept)?;
        let (_, told) = shown.split_once("## Answers to questions that this form does not have").context("the answers are shown")?;
        assert!(told.contains("no.longer.asked\n    What nobody asked\n"), "{told}");
        assert!(told.contains("no.longer.listed\n    [x] employees\n") && !told.contains("pupils"), "{told}");
    }
    let json: serde_json::Value = serde_json::from_str(&dpia("show --json")?.argument(&odd).succeed()?.stdout)?;
    assert_eq!(json["unasked"]["no.longer.asked"]["text"], "What nobody asked");
    assert_eq!(json["unasked"]["no.longer.listed"]["ticks"], serde_json::json!(["employees"]));
    assert!(!show(&bundle)?.contains("does not have"));

    dpia("report --copy customer --client Hill -o")?.argument(&customer).argument(&odd).succeed()?;
    for said in [show(&customer)?, dpia("show --json")?.argument(&customer).succeed()?.stdout, read_text(&customer)?] {
        assert!(!said.contains("no.longer") && !said.contains("What nobody asked"), "{said}");
    }
    Ok(())
}

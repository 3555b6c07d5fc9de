//! The judges can fail: a good report, broken in one way at a time, is refused by the rule that was broken. What passes
//! them elsewhere passes because it is right.

mod breakage;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use breakage::Break;
use dpia_model::assessment::Value;
use dpia_model::rich_text::{Block, RichText};
use dpia_tests::judges::{Question, Verdict, judge_pdfs};
use dpia_tests::places::temporary_folder;
use dpia_tests::terminal::{dpia, make_identity};
use lopdf::{Document, IncrementalDocument};

use crate::conformance::PROFILES;
use crate::papers::filling::{answer, fill, item};
use crate::papers::{MOMENT, make_empty};

/// Writes a good report of few pages that has one of everything: table, lists, picture, links, an attached file.
fn write_good(folder: &Path, identity: Option<&Path>) -> Result<PathBuf> {
    let mut made = make_empty()?;
    let form = made.form.clone();
    fill(&form, &mut made.assessment, &mut |question, number| format!("The answer to {question}, number {number}."))?;
    let attachment = made.attach_fixture("palette.png")?;
    let picture = Block::Picture { attachment, description: "Three boxes".to_owned(), caption: "A caption".to_owned() };
    let list = Block::BulletedList { items: vec![item("first", Vec::new()), item("second", Vec::new())] };
    answer(&mut made.assessment, "it_systems.description", Value::RichText { text: RichText { blocks: vec![list, picture] } })?;
    let (bundle, pdf) = (folder.join("good.dpia"), folder.join(if identity.is_some() { "signed.pdf" } else { "good.pdf" }));
    fs::write(&bundle, made.into_bundle_bytes()?)?;
    // A signature is made in the life of its certificate, which began just now.
    let call = if identity.is_none() { dpia("report --at")?.words(MOMENT) } else { dpia("report")? };
    let mut call = call.argument(&bundle).words("--copy customer --client School -o").argument(&pdf);
    if let Some(identity) = identity {
        call = call.words("--sign").argument(identity);
    }
    call.succeed()?;
    Ok(pdf)
}

/// A way to break a report, and the rules of each profile that have to be found broken: exactly these.
struct Case {
    name: &'static str,
    make: Break,
    pdfa: &'static [&'static str],
    pdfua: &'static [&'static str],
}

/// The rules that a profile found broken, such as `7.1-9`.
fn rules_of(verdicts: &[Verdict], judge: &str, file: &Path) -> Result<BTreeSet<String>> {
    let verdict = verdicts.iter().find(|verdict| verdict.judge == judge && Path::new(&verdict.file) == file);
    let verdict = verdict.with_context(|| format!("{judge} says nothing of {}", file.display()))?;
    let rules: BTreeSet<String> = verdict.broken_rules().into_iter().map(|rule| format!("{}-{}", rule.clause, rule.test)).collect();
    assert_eq!(verdict.has_passed, rules.is_empty(), "{judge} on {}: {:?}", file.display(), verdict.remarks);
    Ok(rules)
}

/// Breaks the report in every way and holds what veraPDF finds against what is expected.
fn check(good: &Path, folder: &Path, cases: &[Case]) -> Result<()> {
    let mut files = Vec::new();
    for case in cases {
        let mut document = Document::load(good)?;
        (case.make)(&mut document).with_context(|| case.name.to_owned())?;
        let file = folder.join(case.name).with_extension("pdf");
        document.save(&file)?;
        files.push(file);
    }
    let verdicts = judge_pdfs(&files, &Question { profiles: PROFILES, is_signed: false, trust: None })?;
    let mut wrong = String::new();
    for (case, file) in cases.iter().zip(&files) {
        for (judge, expected) in [("veraPDF-3a", case.pdfa), ("veraPDF-ua1", case.pdfua)] {
            let expected: BTreeSet<String> = expected.iter().map(ToString::to_string).collect();
            let found = rules_of(&verdicts, judge, file)?;
            if found != expected {
                wrong.push_str(&format!("{}: {judge} finds {found:?}, expected {expected:?}\n", case.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    Ok(())
}

/// A report that was broken in one way.
const CASES: &[Case] = &[
    Case { name: "nothing", make: breakage::nothing, pdfa: &[], pdfua: &[] },
    Case {
        name: "language gone",
        make: breakage::language_gone,
        pdfa: &[],
        pdfua: &["7.2-2", "7.2-21", "7.2-22", "7.2-24", "7.2-33", "7.2-34"],
    },
    Case { name: "language in words", make: breakage::language_in_words, pdfa: &["6.7.4-1"], pdfua: &["7.2-29"] },
    Case { name: "mark info gone", make: breakage::mark_info_gone, pdfa: &["6.7.2.2-1"], pdfua: &["6.2-1"] },
    Case { name: "suspects", make: breakage::suspects, pdfa: &[], pdfua: &["7.1-4"] },
    Case { name: "structure gone", make: breakage::structure_gone, pdfa: &["6.7.3.3-1"], pdfua: &["7.1-3", "7.1-11", "7.18.5-1"] },
    Case { name: "title bar shows file name", make: breakage::title_bar_shows_file_name, pdfa: &[], pdfua: &["7.1-10"] },
    Case { name: "output intent gone", make: breakage::output_intent_gone, pdfa: &["6.2.4.3-2"], pdfua: &[] },
    Case { name: "script at opening", make: breakage::script_at_opening, pdfa: &["6.5.1-1"], pdfua: &[] },
    Case { name: "identifier gone", make: breakage::identifier_gone, pdfa: &["6.1.3-1"], pdfua: &[] },
    Case { name: "role unmapped", make: breakage::role_unmapped, pdfa: &["6.7.3.4-1"], pdfua: &["7.1-5"] },
    Case {
        name: "role mapped to nothing standard",
        make: breakage::role_mapped_to_nothing_standard,
        pdfa: &["6.7.3.4-1"],
        pdfua: &["7.1-5"],
    },
    Case { name: "role mapped in a circle", make: breakage::role_mapped_in_a_circle, pdfa: &["6.7.3.4-2"], pdfua: &["7.1-6"] },
    Case { name: "standard role remapped", make: breakage::standard_role_remapped, pdfa: &[], pdfua: &["7.1-7"] },
    Case { name: "element without parent", make: breakage::element_without_parent, pdfa: &[], pdfua: &["7.1-3", "7.1-12"] },
    Case { name: "heads without scope", make: breakage::heads_without_scope, pdfa: &[], pdfua: &["7.5-1"] },
    Case { name: "row with a cell less", make: breakage::row_with_a_cell_less, pdfa: &[], pdfua: &["7.2-42"] },
    Case { name: "row outside of a table", make: breakage::row_outside_of_a_table, pdfa: &[], pdfua: &["7.2-4"] },
    Case { name: "item outside of a list", make: breakage::item_outside_of_a_list, pdfa: &[], pdfua: &["7.2-17"] },
    Case { name: "words in an item itself", make: breakage::words_in_an_item_itself, pdfa: &[], pdfua: &["7.2-20"] },
    Case {
        name: "line of contents outside of contents",
        make: breakage::line_of_contents_outside_of_contents,
        pdfa: &[],
        pdfua: &["7.2-26"],
    },
    Case { name: "heading skipped", make: breakage::heading_skipped, pdfa: &[], pdfua: &["7.4.2-1"] },
    Case { name: "heading without rank", make: breakage::heading_without_rank, pdfa: &[], pdfua: &["7.4.4-2", "7.4.4-3"] },
    Case { name: "figure without words", make: breakage::figure_without_words, pdfa: &[], pdfua: &["7.3-1"] },
    Case { name: "unmarked words", make: breakage::unmarked_words, pdfa: &[], pdfua: &["7.1-3"] },
    Case { name: "words inside an artefact", make: breakage::words_inside_an_artefact, pdfa: &[], pdfua: &["7.1-2"] },
    Case { name: "artefact inside words", make: breakage::artefact_inside_words, pdfa: &[], pdfua: &["7.1-1"] },
    Case {
        name: "letters that the font lacks",
        make: breakage::letters_that_the_font_lacks,
        pdfa: &["6.2.11.7.2-1", "6.2.11.8-1"],
        pdfua: &["7.21.7-1", "7.21.8-1"],
    },
    Case { name: "page without a way to its elements", make: breakage::page_without_a_way_to_its_elements, pdfa: &[], pdfua: &["7.1-3"] },
    Case { name: "order of tabs unknown", make: breakage::order_of_tabs_unknown, pdfa: &[], pdfua: &["7.18.3-1"] },
    Case { name: "font not embedded", make: breakage::font_not_embedded, pdfa: &["6.2.11.4.1-1"], pdfua: &["7.21.4.1-1"] },
    Case { name: "font without unicode", make: breakage::font_without_unicode, pdfa: &["6.2.11.7.2-1"], pdfua: &["7.21.7-1"] },
    Case { name: "font with wrong widths", make: breakage::font_with_wrong_widths, pdfa: &["6.2.11.5-1"], pdfua: &["7.21.5-1"] },
    Case {
        name: "font without a map of glyphs",
        make: breakage::font_without_a_map_of_glyphs,
        pdfa: &["6.2.11.3.2-1"],
        pdfua: &["7.21.3.2-1"],
    },
    Case { name: "link without words", make: breakage::link_without_words, pdfa: &[], pdfua: &["7.18.1-2", "7.18.5-2"] },
    Case { name: "link outside of the structure", make: breakage::link_outside_of_the_structure, pdfa: &[], pdfua: &["7.18.5-1"] },
    Case { name: "link that is not printed", make: breakage::link_that_is_not_printed, pdfa: &["6.3.2-2"], pdfua: &[] },
    Case { name: "link that runs a script", make: breakage::link_that_runs_a_script, pdfa: &["6.5.1-1"], pdfua: &[] },
    Case { name: "picture smoothed", make: breakage::picture_smoothed, pdfa: &["6.2.8-3"], pdfua: &[] },
    Case { name: "picture in cmyk", make: breakage::picture_in_cmyk, pdfa: &["6.2.4.3-3"], pdfua: &[] },
    Case { name: "file of no known relation", make: breakage::file_of_no_known_relation, pdfa: &["6.8-3"], pdfua: &[] },
    Case { name: "file without a unicode name", make: breakage::file_without_a_unicode_name, pdfa: &["6.8-2"], pdfua: &["7.11-1"] },
    Case { name: "file that belongs to nothing", make: breakage::file_that_belongs_to_nothing, pdfa: &["6.8-4"], pdfua: &[] },
    Case { name: "file without a media type", make: breakage::file_without_a_media_type, pdfa: &["6.8-1"], pdfua: &[] },
    Case { name: "metadata gone", make: breakage::metadata_gone, pdfa: &["6.6.2.1-1"], pdfua: &["7.1-8"] },
    Case { name: "metadata without title", make: breakage::metadata_without_title, pdfa: &[], pdfua: &["7.1-9"] },
    Case { name: "metadata without pdfua", make: breakage::metadata_without_pdfua, pdfa: &[], pdfua: &["5-1"] },
    Case { name: "metadata without pdfa", make: breakage::metadata_without_pdfa, pdfa: &["6.6.4-1"], pdfua: &[] },
    Case { name: "metadata of another level", make: breakage::metadata_of_another_level, pdfa: &["6.6.4-3"], pdfua: &[] },
    Case { name: "metadata of another part", make: breakage::metadata_of_another_part, pdfa: &["6.6.4-2"], pdfua: &[] },
    Case {
        name: "metadata that is no xml",
        make: breakage::metadata_that_is_no_xml,
        pdfa: &["6.6.2.1-4", "6.6.2.1-5", "6.6.4-1"],
        pdfua: &["5-1", "7.1-9"],
    },
    Case {
        name: "metadata with an undeclared property",
        make: breakage::metadata_with_an_undeclared_property,
        pdfa: &["6.6.2.3.1-1", "6.6.2.3.1-2"],
        pdfua: &[],
    },
];

/// As [`CASES`], in a signed report. That its bytes are no longer those that were signed is found each time (6.4.3-1).
const SIGNED_CASES: &[Case] = &[
    Case { name: "nothing", make: breakage::nothing, pdfa: &["6.4.3-1"], pdfua: &[] },
    Case { name: "field without words", make: breakage::field_without_words, pdfa: &["6.4.3-1"], pdfua: &["7.18.1-3"] },
    Case { name: "field outside of a form", make: breakage::field_outside_of_a_form, pdfa: &["6.4.3-1"], pdfua: &["7.18.4-1"] },
    Case { name: "field without an appearance", make: breakage::field_without_an_appearance, pdfa: &["6.3.3-1", "6.4.3-1"], pdfua: &[] },
    Case { name: "permissions of another kind", make: breakage::permissions_of_another_kind, pdfa: &["6.1.12-1", "6.4.3-1"], pdfua: &[] },
];

#[test]
fn a_report_that_was_broken_in_one_way_is_refused_by_that_rule() -> Result<()> {
    let folder = temporary_folder()?;
    let good = write_good(folder.path(), None)?;
    check(&good, folder.path(), CASES)
}

#[test]
fn a_signed_report_that_was_broken_in_one_way_is_refused_by_that_rule() -> Result<()> {
    let folder = temporary_folder()?;
    let (identity, _) = make_identity(folder.path())?;
    let signed = write_good(folder.path(), Some(&identity))?;
    check(&signed, folder.path(), SIGNED_CASES)
}

#[test]
fn a_broken_signature_is_refused_by_pdfsig_and_by_pyhanko() -> Result<()> {
    let folder = temporary_folder()?;
    let (identity, certificate) = make_identity(folder.path())?;
    let (other_folder, question) = (temporary_folder()?, Question { profiles: &[], is_signed: true, trust: Some(&certificate) });
    let (other, _) = make_identity(other_folder.path())?;
    let signed = fs::read(write_good(folder.path(), Some(&identity))?)?;
    let signed_by_another = fs::read(write_good(other_folder.path(), Some(&other))?)?;
    let contents = place_of_contents(&signed)?;
    let flipped = |at: usize| {
        let mut bytes = signed.clone();
        bytes[at] ^= 1;
        bytes
    };
    let no_judge: &[&str] = &[];
    let cases: [(&str, Vec<u8>, &[&str]); 6] = [
        ("as it was signed", signed.clone(), no_judge),
        ("a byte before the signature flipped", flipped(contents / 2), &["pdfsig", "pyHanko"]),
        // The last bytes of the DER are those of the signature value; zeros follow it.
        ("a digit of the signature flipped", flipped(last_digit(&signed, contents)?), &["pdfsig", "pyHanko"]),
        // pyHanko reads a file up to its last end mark.
        ("bytes after its end", [signed.as_slice(), b"more"].concat(), &["pdfsig"]),
        ("a page turned by an update", turn_a_page(&signed)?, &["pdfsig", "pyHanko"]),
        // Who signed is asked of pyHanko alone.
        ("signed by another", signed_by_another, &["pyHanko"]),
    ];
    let mut files = Vec::new();
    for (name, bytes, _) in &cases {
        let file = folder.path().join(name).with_extension("pdf");
        fs::write(&file, bytes)?;
        files.push(file);
    }
    let verdicts = judge_pdfs(&files, &question)?;
    for ((name, _, expected), file) in cases.iter().zip(&files) {
        let of_file = verdicts.iter().filter(|verdict| Path::new(&verdict.file) == file && verdict.judge != "qpdf");
        let failed: Vec<&str> = of_file.filter(|verdict| !verdict.has_passed).map(|verdict| verdict.judge.as_str()).collect();
        assert_eq!(failed, *expected, "{name}");
    }
    Ok(())
}

/// The place of the first digit of the signature.
fn place_of_contents(pdf: &[u8]) -> Result<usize> {
    let key = b"/Contents<30";
    let at = pdf.windows(key.len()).position(|window| window == key).context("a signature")?;
    Ok(at + key.len() - 2)
}

/// The place of the last digit of the signature that is not padding.
fn last_digit(pdf: &[u8], contents: usize) -> Result<usize> {
    let end = contents + pdf[contents..].iter().position(|byte| *byte == b'>').context("the signature's end")?;
    pdf[contents..end].iter().rposition(|digit| *digit != b'0').map(|at| contents + at).context("a digit")
}

/// The file with an update after it that turns a page.
fn turn_a_page(pdf: &[u8]) -> Result<Vec<u8>> {
    let mut update = IncrementalDocument::create_from(pdf.to_vec(), Document::load_mem(pdf)?);
    let page = update.get_prev_documents().get_pages().get(&2).copied().context("a second page")?;
    update.opt_clone_object_to_new_document(page)?;
    update.new_document.get_dictionary_mut(page)?.set("Rotate", 90);
    let mut bytes = Vec::new();
    update.save_to(&mut bytes)?;
    Ok(bytes)
}

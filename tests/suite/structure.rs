//! What a screen reader follows: the tags lead through a report in the order of the form, and pass over what runs over
//! and under its pages.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use dpia_tests::places::temporary_folder;
use dpia_tests::poppler::read_text;
use dpia_tests::terminal::dpia;
use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::papers::filling::fill;
use crate::papers::{MOMENT, Made, make_empty, make_hostile, make_long};

/// Prints the internal copy of an assessment.
fn print(made: Made, folder: &Path) -> Result<PathBuf> {
    let (bundle, pdf) = (folder.join("a.dpia"), folder.join("a.pdf"));
    fs::write(&bundle, made.into_bundle_bytes()?)?;
    dpia("report --at")?.words(MOMENT).argument(&bundle).words("-o").argument(&pdf).succeed()?;
    Ok(pdf)
}

/// A marked sequence: its page, counted from 1, and its number there.
type Sequence = (u32, i64);

/// Walks the structure tree of a file.
struct Walk<'a> {
    document: &'a Document,
    pages: BTreeMap<ObjectId, u32>,
}

impl<'a> Walk<'a> {
    fn new(document: &'a Document) -> Self {
        Self { document, pages: document.get_pages().into_iter().map(|(number, id)| (id, number)).collect() }
    }

    /// The marked sequences under an element, in the order of the tree. Cells of a row that goes on over the page take
    /// turns on either page, so a row's are put in order.
    fn sequences(&self, element: &Dictionary) -> Result<Vec<Sequence>> {
        let page = element.get(b"Pg").and_then(Object::as_reference).ok();
        let kids = match element.get(b"K") {
            Ok(Object::Array(kids)) => kids.clone(),
            Ok(kid) => vec![kid.clone()],
            Err(_) => Vec::new(),
        };
        let mut found = Vec::new();
        for kid in kids {
            let kid = match kid {
                Object::Reference(id) => self.document.get_object(id)?.clone(),
                kid => kid,
            };
            match &kid {
                Object::Integer(number) => found.push((self.number(page)?, *number)),
                Object::Dictionary(inner) if inner.has_type(b"MCR") => {
                    let page = inner.get(b"Pg").and_then(Object::as_reference).ok();
                    found.push((self.number(page)?, inner.get(b"MCID")?.as_i64()?));
                }
                Object::Dictionary(inner) if inner.has_type(b"OBJR") => {}
                Object::Dictionary(inner) => found.extend(self.sequences(inner)?),
                other => anyhow::bail!("{other:?} is no kid of an element"),
            }
        }
        if element.get(b"S").and_then(Object::as_name).is_ok_and(|name| name == b"TR") {
            found.sort_unstable();
        }
        Ok(found)
    }

    fn number(&self, page: Option<ObjectId>) -> Result<u32> {
        page.and_then(|page| self.pages.get(&page).copied()).context("an element names its page")
    }
}

fn operations(document: &Document, page: ObjectId) -> Result<Vec<Operation>> {
    Ok(Content::decode(&document.get_page_content(page))?.operations)
}

/// The properties of what begins a marked sequence.
fn properties(operation: &Operation) -> Option<&Dictionary> {
    (operation.operator == "BDC").then(|| operation.operands.get(1)?.as_dict().ok()).flatten()
}

#[test]
fn the_tags_are_read_in_the_order_of_the_form() -> Result<()> {
    for made in [make_hostile()?, make_long()?] {
        let folder = temporary_folder()?;
        let document = Document::load(print(made, folder.path())?)?;
        let walk = Walk::new(&document);
        let root = document.get_dictionary(document.catalog()?.get(b"StructTreeRoot")?.as_reference()?)?;
        let tagged = walk.sequences(root)?;
        // The tree leads through all that is marked, in the order in which it is drawn.
        assert!(tagged.windows(2).all(|pair| pair[0] < pair[1]), "the tree goes back");
        let mut drawn = BTreeSet::new();
        for (number, page) in document.get_pages() {
            let numbers =
                operations(&document, page)?.iter().filter_map(|one| properties(one)?.get(b"MCID").ok()?.as_i64().ok()).collect::<Vec<_>>();
            drawn.extend(numbers.into_iter().map(|sequence| (number, sequence)));
        }
        assert_eq!(tagged.into_iter().collect::<BTreeSet<_>>(), drawn);
    }
    // And it is drawn in the order of the form: each answer has words of its own.
    let mut made = make_empty()?;
    let form = made.form.clone();
    let mut marks = Vec::new();
    fill(&form, &mut made.assessment, &mut |question, number| {
        // The result of the screening, its date and sign-off are one panel, and its reason follows that panel. Columns
        // for which a table has no room are under its second.
        let is_cell = question.as_str() == "disclosure.recipients" && number % 10 > 0;
        if *question == form.screening.result || is_cell {
            return "Because of that.".to_owned();
        }
        marks.push(format!("Mark{}x", marks.len()));
        marks[marks.len() - 1].clone()
    })?;
    let folder = temporary_folder()?;
    let words = read_text(&print(made, folder.path())?)?;
    ensure!(marks.len() > 40, "the form asks {} times for words", marks.len());
    let places: Vec<(usize, &String)> = marks
        .iter()
        .map(|mark| Ok((words.find(mark.as_str()).with_context(|| format!("{mark} is not printed"))?, mark)))
        .collect::<Result<_>>()?;
    for pair in places.windows(2) {
        assert!(pair[0].0 < pair[1].0, "{} comes before {}", pair[1].1, pair[0].1);
    }
    Ok(())
}

#[test]
fn every_inner_page_has_one_header_and_one_footer_of_pagination() -> Result<()> {
    let folder = temporary_folder()?;
    let document = Document::load(print(make_empty()?, folder.path())?)?;
    let pages = document.get_pages();
    let last = pages.len();
    for (number, page) in pages {
        let operations = operations(&document, page)?;
        let name =
            |properties: &Dictionary, key: &[u8]| Some(String::from_utf8_lossy(properties.get(key).ok()?.as_name().ok()?).into_owned());
        let mut found: Vec<String> = operations
            .iter()
            .filter_map(properties)
            .filter(|properties| name(properties, b"Type").is_some_and(|kind| kind == "Pagination"))
            .filter_map(|properties| name(properties, b"Subtype"))
            .collect();
        found.sort();
        let is_cover = number == 1 || number as usize == last;
        let expected: &[&str] = if is_cover { &[] } else { &["Footer", "Header"] };
        assert_eq!(found, expected, "page {number}");
    }
    Ok(())
}

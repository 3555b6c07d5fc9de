//! What is after the last answer and is none: who wrote the document, its versions, whom it goes to, words about the
//! company, the back cover. It is recognised by the names of its headings and labels, by sentences about the document
//! or of its risks, by lines of a back cover, and by a page or a gap that ends nothing else. What is recognised so is kept without
//! a place. The words are data.

use crate::document::{Document, Line};
use crate::fields::read_date;
use crate::headings::{Surrounds, label_of, strip_numbering};
use crate::lines::Shape;
use crate::words::{normalise, normalise_text, split_words};
use crate::work::count;

/// The longest heading or label, in bytes.
const LONGEST_NAME: usize = 80;
/// The fewest words of a sentence that may speak of the document or of security.
const LEAST_TOLD: usize = 5;
/// The fewest empty lines of a gap that ends an answer.
const LEAST_GAP: usize = 2;
/// The most lines of a page of paper, and how many letters a line has.
const LONGEST_PAGE: usize = 80;
const PAGE_WIDTH: usize = 90;
/// How many lines of a header and a footer stand between two parts of a text, at most.
const MOST_ABOVE: usize = 8;

/// Names of what is at the end of a document, as headings.
const HEADINGS: &str = "author, authors, about the author, about the authors, document properties, document information, document details, \
    document data, document control, document history, document title, document reference, document owner, document status, \
    document classification, document approval, document review, about this document, about this assessment, about this dpia, properties, \
    file properties, metadata, version, versions, version control, version history, version number, revision, revisions, revision history, \
    change history, change log, amendment history, distribution, distribution list, circulation, circulation list, \
    mailing list, recipients of this document, about us, about the company, about our company, about juniper, about juniper education, who we are, our company, our story, our mission, \
    our values, our services, our products, company information, company details, contact, contacts, contact us, contact details, \
    contact information, key contacts, get in touch, where to find us, find us, our offices, offices, head office, registered office, \
    further information, more information, for more information, for further information, find out more, further reading, related documents, \
    disclaimer, copyright, copyright notice, copyright statement, legal notice, legal notices, legal information, trademarks, trade marks, \
    imprint, colophon, credits, acknowledgements, acknowledgments, thanks, thank you, publication, publication details, published by, prepared by, \
    prepared for, written by, created by, completed by, compiled by, drafted by, produced by, reviewed by, approved by, checked by, signed, \
    signed by, issued by, owned by, classification, protective marking, status of this document, keywords, file name, filename, \
    last updated, last modified, last saved, date of issue, issue date, review date, next review, next review date, date of next review, \
    date of review, date of completion, client, customer, end, end of document, end of dpia, end of assessment, end of form, template, template version, \
    template information, form version, index, glossary, data protection officer, dpo, dpo contact, social media, follow us, terms of use, \
    terms and conditions, juniper, juniper education, juniper education services, juniper education services ltd, \
    juniper education services limited, juniper education ltd, note to readers, how to use this document, intended audience, audience, \
    feedback on this document, blank page, this page is intentionally left blank, this page intentionally left blank";

/// Words of such names: at least one of the first, and none but these.
const MATTER: &str = "document dpia version versions revision revisions distribution circulation author authors amendment amendments publication copyright \
    contact contacts juniper company editor editors";
const BESIDE_MATTER: &str = "properties property control history list table sheet record records details information owner owners status classification \
    change changes log issue date dates about us our the and of for this reference title name s to education services ltd limited a \
    summary data number id metadata holder holders people copies further team";

/// Labels before a colon or in the first cell of a row.
const LABELS: &str = "author, authors, document author, prepared by, prepared for, written by, created by, completed by, compiled by, drafted by, \
    produced by, reviewed by, approved by, checked by, signed, signed by, issued by, published by, published, document title, document name, \
    document reference, document owner, document version, document status, document date, document classification, classification, file name, \
    filename, version, version number, revision, last updated, last reviewed, last modified, last saved, date of issue, issue date, \
    date of review, review date, next review, next review date, date of next review, distribution, distribution list, circulation, \
    copyright, tel, telephone, phone, fax, website, registered office, head office, company number, company registration number, \
    registration number, vat number, vat registration number, charity number, ico registration, ico registration number, registered address, \
    contact us, further information, more information, for more information, disclaimer, client, template version, form version, keywords, about us, about juniper, \
    about juniper education";

/// How sentences begin that speak of the document, of its authors or of the company.
const BEGINNINGS: &str = "this document, this dpia, this assessment, this data protection impact assessment, this impact assessment, this report, \
    this form, this version, this template, this publication, this copy, the document was, the dpia was, the assessment was, this was written, \
    prepared by, prepared for, written by, completed by, compiled by, drafted by, produced by, created by, reviewed by, approved by, signed by, \
    issued by, published by, authored by, printed on, printed in, copyright, c copyright, all rights reserved, for more information, \
    for further information, to find out more, to learn more, find out more, contact us, please contact, if you have any questions, \
    if you have questions, get in touch, follow us, visit our website, visit us, juniper education supports schools, juniper supports schools, \
    juniper education helps schools, we look after you, registered in england, registered office, company number, company registration, \
    company no, vat number, end of document, end of the document, thank you, no part of this, this page is, this page intentionally, \
    the next review, next review, the information in this, the information contained in this, the contents of this, last updated, last reviewed";

/// How sentences begin that do so where they say nothing of security.
const DOUBTFUL: &str = "juniper is, juniper was, juniper has been, juniper education is, juniper education was, juniper education has been, \
    we are a, we are the, our company, the company, the author, the authors, the governors, the board, the trustees, the panel";

/// Words of a sentence about risks, or of a notice.
const TELLING: &str = "not for customers, not for publication, not for release, not for sharing, not to be shared, do not share, do not publish, \
    internal use only, for internal use, strictly confidential, private and confidential, residual risk, residual risks, risk remains, \
    risks remain, risk is high, risk is medium, risk is low, risk was accepted, risks were accepted, unmitigated, not mitigated, not yet mitigated, \
    severe harm, dpo advises, dpo advised, dpo recommends, dpo recommended, dpo was consulted, officer advises, officer advised, \
    officer recommends, officer recommended, risk register";

/// How words begin that speak of security: a heading with one of them is that of an answer.
const SECURITY: &str = "access account admin alarm alert anti api applica archiv asset audit authent authori avail aws azure backup biometr breach \
    browser building cabinet cctv certif change cloud code coding comput confiden config contin control cookie cyber data detect develop device \
    disast dispos dns domain door downtime email encrypt endpoint environ export fail file filter firewall gatew google hack harden hash host http \
    iam identi import incident infra integr internet intrus iso key laptop link lock log login malware manag mfa microsoft mobile monitor multi \
    network operat paper partition passw patch penet permission person phish physical platform polic ports privile protect pseudonym ransom recover \
    redund remote remov replic resil respon restor retention role safe saml scan screen sdlc secret secur segreg server service session shar sign \
    siem soc software sso ssl staff storage store sync system tech tenan threat tls token tool train transfer transi transmi update upgrad \
    uptime user virus virt vpn vulner web wifi wire";

/// Where the end of a document may begin.
#[derive(Debug, Default)]
pub(crate) struct EndMatter {
    /// Lines above which a page ends that was not full.
    meant: Vec<usize>,
    /// The widest gap inside an answer so far, in empty lines.
    widest: usize,
}

impl EndMatter {
    /// Reads how full the pages of a document are.
    pub(crate) fn of(document: &Document) -> Self {
        let mut meant = Vec::new();
        let (mut height, mut highest) = (0, 0);
        for (at, line) in document.lines.iter().enumerate() {
            if line.after_page && at > 0 {
                if height > LONGEST_PAGE || height * 3 < highest * 2 {
                    meant.push(at);
                }
                highest = highest.max(height);
                height = 0;
            }
            height += line.blanks + line.width / PAGE_WIDTH + 1;
        }
        Self { meant, widest: 0 }
    }

    /// Passes a line of an answer.
    pub(crate) fn pass(&mut self, document: &Document, line: usize) {
        if !is_at_page(document, line) {
            self.widest = self.widest.max(document.lines[line].blanks);
        }
    }

    /// Says whether a line after the last question is of no answer.
    pub(crate) fn begins(&self, document: &Document, line: usize, surrounds: Surrounds) -> bool {
        let at = &document.lines[line];
        count(at.text.len());
        if document.cover_signs.binary_search(&line).is_ok() {
            return true;
        }
        let is_item = |other: Option<usize>| {
            let other = other.and_then(|other| document.lines.get(other));
            other.is_some_and(|other| {
                matches!((at.shape, other.shape), (Shape::Bullet, Shape::Bullet | Shape::Number(_)) | (Shape::Number(_), Shape::Number(_)))
            })
        };
        let is_listed = is_item(line.checked_sub(1)) || is_item(Some(line + 1));
        let is_apart = at.after_blank || at.after_page || at.shape == Shape::Heading;
        if is_listed || !is_apart {
            return false;
        }
        if names_end(&at.text) || labels_end(&at.text) || bold_start(at).is_some_and(names_end) {
            return surrounds.after_words || surrounds.before_words;
        }
        surrounds.after_words && (speaks_of_document(&at.text) || self.is_cut_off(document, line))
    }

    /// A page that was not full and a sentence end above a line, or a gap that is in no answer.
    fn is_cut_off(&self, document: &Document, line: usize) -> bool {
        let at = &document.lines[line];
        let above = (0..line).rev().take(MOST_ABOVE).find(|above| !document.is_left_out(*above));
        let ends = above.is_some_and(|above| document.lines[above].text.trim_end().ends_with(['.', '!', '?', '"', '”', ')']));
        let text = at.text.trim_start_matches(['*', '_', '"', '“', '(', '[', ' ']);
        if at.shape != Shape::Plain || !text.starts_with(char::is_uppercase) {
            return false;
        }
        match is_at_page(document, line) {
            true => ends && page_above(document, line).is_some_and(|page| self.meant.binary_search(&page).is_ok()),
            false => at.blanks >= LEAST_GAP && at.blanks > self.widest,
        }
    }
}

/// The end of a page, or what runs there, is above a line.
fn is_at_page(document: &Document, line: usize) -> bool {
    document.lines[line].after_page || line.checked_sub(1).is_some_and(|above| document.is_left_out(above))
}

/// The line with which the page begins, where only what runs there is above this one.
fn page_above(document: &Document, line: usize) -> Option<usize> {
    for at in (line.saturating_sub(MOST_ABOVE)..=line).rev() {
        if document.lines[at].after_page {
            return Some(at);
        }
        if !document.is_left_out(at.checked_sub(1)?) {
            return None;
        }
    }
    None
}

/// The words in bold with which a line begins, where others follow.
fn bold_start(line: &Line) -> Option<&str> {
    let span = line.spans.iter().find(|span| !line.text[span.start..span.end].trim().is_empty()).filter(|span| span.bold)?;
    line.text.get(span.start..span.end)
}

/// A short line that is the name of such a part as a whole.
fn names_end(text: &str) -> bool {
    let name = name_of(strip_numbering(text));
    let is_about = name.strip_prefix("about ").is_some_and(|rest| rest.split(' ').count() <= 4 && !speaks_of_security(rest));
    let is_open = !text.trim_end().ends_with(['.', '!', '?', ',', ';']);
    let is_word = |list: &str, word: &str| list.split(' ').any(|other| other == word);
    let mut words = name.split(' ');
    let is_matter =
        words.clone().any(|word| is_word(MATTER, word)) && words.all(|word| is_word(MATTER, word) || is_word(BESIDE_MATTER, word));
    !text.contains('\t') && is_open && (has(HEADINGS, &name) || is_about || is_matter && name != "dpia" && name != "document")
}

/// A label of such a part, with what it labels.
fn labels_end(text: &str) -> bool {
    let text = strip_numbering(text).trim_start_matches(['*', '_', ' ']);
    let label = text.split_once('\t').map(|(label, _)| label).or_else(|| label_of(text));
    let name = label.map(name_of).unwrap_or_default();
    let is_dated = |label: &str| {
        name_of(label) == "date" && text.get(label.len() + 1..).is_some_and(|rest| read_date(rest.trim_matches(['*', '_', ' '])).is_some())
    };
    let is_row = text.contains('\t') && has(HEADINGS, &name);
    has(LABELS, &name) || is_row || label.is_some_and(is_dated)
}

/// A sentence at the start of a paragraph that speaks of the document or of its risks.
fn speaks_of_document(text: &str) -> bool {
    let text = text.trim_start_matches(['*', '_', ' ']);
    let normal = normalise_text(text);
    let begins = |start: &str| normal.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    let padded = format!(" {normal} ");
    // "The board." answers a question.
    let is_told = normal.split(' ').count() >= LEAST_TOLD;
    let is_doubtful = is_told && DOUBTFUL.split(", ").any(begins) && !speaks_of_security(text);
    text.starts_with('©')
        || is_doubtful
        || BEGINNINGS.split(", ").any(begins)
        || TELLING.split(", ").any(|words| padded.contains(&format!(" {words} ")))
}

/// Says whether words have one that speaks of security.
pub(crate) fn speaks_of_security(text: &str) -> bool {
    let words = split_words(text).into_iter().map(|range| normalise(&text[range])).collect::<Vec<_>>();
    words.iter().any(|word| SECURITY.split(' ').any(|start| word.starts_with(start)))
}

/// The words of a heading as they are compared; none where it is too long for one.
fn name_of(text: &str) -> String {
    if text.len() > LONGEST_NAME { String::new() } else { normalise_text(text) }
}

fn has(list: &str, name: &str) -> bool {
    !name.is_empty() && list.split(", ").any(|other| other == name)
}

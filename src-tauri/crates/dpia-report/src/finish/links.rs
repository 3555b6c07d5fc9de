//! Zones as annotations: links, and the signature's field.

use super::Facts;
use super::objects::{ascii, destination, name, rectangle, text};
use super::signature;
use super::structure::Tree;
use crate::content::tree::Target;
use crate::draw::Structure;
use crate::error::ReportError;
use crate::layout::Layout;
use crate::layout::page::Purpose;
use crate::layout::tags::NodeId;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};
use std::collections::BTreeMap;

/// The annotations that were made.
pub(crate) struct Zones {
    annotations: BTreeMap<(usize, usize), ObjectId>,
    /// By key of the parent tree, the element an annotation belongs to.
    pub(crate) parents: Vec<(i64, NodeId)>,
    /// The first free key of the parent tree.
    pub(crate) next_key: i64,
}

impl Zones {
    /// The annotation of a zone, by page and number.
    pub(crate) fn annotation(&self, page: usize, number: usize) -> Option<ObjectId> {
        self.annotations.get(&(page, number)).copied()
    }
}

/// Makes an annotation of every zone that does something.
pub(crate) fn add_zones(
    document: &mut Document,
    pages: &[ObjectId],
    layout: &Layout,
    structure: &Structure,
    tree: &Tree,
    facts: &Facts<'_>,
    sheets: Vec<Stream>,
) -> Result<Zones, ReportError> {
    let mut zones = Zones { annotations: BTreeMap::new(), parents: Vec::new(), next_key: structure.sequences.len() as i64 };
    let mut sheets = sheets.into_iter();
    let mut fields = signature::Fields::default();
    for (at, page) in layout.pages.iter().enumerate() {
        let mut annotations: Vec<Object> = Vec::new();
        for (number, zone) in page.layer.zones.iter().enumerate() {
            if tree.element(zone.node).is_none() {
                continue;
            }
            let id = match &zone.purpose {
                Purpose::Figure => continue,
                Purpose::Link(target, words) => {
                    let annotation = dictionary! {
                        "Type" => name("Annot"),
                        "Subtype" => name("Link"),
                        "Rect" => rectangle(zone.area),
                        "Border" => vec![0.into(), 0.into(), 0.into()],
                        "F" => 4,
                        "Contents" => text(words),
                        "StructParent" => zones.next_key,
                        "P" => pages[at],
                    };
                    lead_to(target, annotation, pages, layout).map(|annotation| document.add_object(annotation))
                }
                Purpose::Signature => {
                    let place = signature::FieldPlace { area: zone.area, page: pages[at], key: zones.next_key };
                    facts.signature.map(|block| fields.add_certification(document, block, place, facts.at))
                }
                Purpose::EmptyField(_) => {
                    let place = signature::FieldPlace { area: zone.area, page: pages[at], key: zones.next_key };
                    sheets.next().map(|sheet| fields.add_empty(document, sheet, place))
                }
            };
            let Some(id) = id else { continue };
            annotations.push(id.into());
            zones.annotations.insert((at, number), id);
            zones.parents.push((zones.next_key, zone.node));
            zones.next_key += 1;
        }
        let page = document.get_dictionary_mut(pages[at])?;
        if annotations.is_empty() {
            page.remove(b"Annots");
        } else {
            page.set("Annots", annotations);
        }
    }
    fields.write(document)?;
    Ok(zones)
}

/// A link's annotation with where it leads; none where that is nowhere in the report.
fn lead_to(target: &Target, mut annotation: Dictionary, pages: &[ObjectId], layout: &Layout) -> Option<Dictionary> {
    match target {
        Target::Anchor(place) => {
            let (page, y) = layout.places.get(place)?;
            annotation.set("Dest", destination(pages[*page], *y));
        }
        Target::Address(address) => {
            annotation.set("A", dictionary! { "Type" => name("Action"), "S" => name("URI"), "URI" => ascii(&escape_address(address)) });
        }
    }
    Some(annotation)
}

/// An address in ASCII (ISO 32000-1, 12.6.4.7): what is not is written as RFC 3986 escapes it.
fn escape_address(address: &str) -> String {
    address.trim().bytes().map(|byte| if byte.is_ascii_graphic() { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_written_in_ascii() {
        let check = |address: &str, expected: &str| assert_eq!(escape_address(address), expected);
        check("https://a.b/c?d=e#f", "https://a.b/c?d=e#f");
        check(" https://a.b/ü x ", "https://a.b/%C3%BC%20x");
    }
}

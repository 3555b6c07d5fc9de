//! The structure tree (ISO 32000-1, 14.7) and the tree that leads from content back to it (14.7.4.4).

use super::links::Zones;
use super::objects::{name, rectangle, text};
use crate::draw::{Kid, Structure};
use crate::layout::Layout;
use crate::layout::page::Purpose;
use crate::layout::tags::{NodeId, Numbering, Role, Tags};
use lopdf::{Dictionary, Document, Object, ObjectId, dictionary};
use std::collections::BTreeMap;

/// The ids of the elements, given out before anything refers to them.
pub(crate) struct Tree {
    root: ObjectId,
    elements: BTreeMap<NodeId, ObjectId>,
}

impl Tree {
    /// Gives every drawn element its id.
    pub(crate) fn reserve(document: &mut Document, layout: &Layout, structure: &Structure) -> Self {
        let root = document.new_object_id();
        let nodes = (0..layout.tags.nodes().len()).map(NodeId).filter(|node| structure.is_used(*node) || *node == Tags::ROOT);
        let elements = nodes.map(|node| (node, document.new_object_id())).collect();
        Self { root, elements }
    }

    /// The id of an element that was drawn.
    pub(crate) fn element(&self, node: NodeId) -> Option<ObjectId> {
        self.elements.get(&node).copied()
    }

    /// Writes the elements and what leads to them.
    pub(crate) fn write(
        &self,
        document: &mut Document,
        pages: &[ObjectId],
        layout: &Layout,
        structure: &Structure,
        zones: &Zones,
    ) -> Result<(), lopdf::Error> {
        let bounds = figure_bounds(layout);
        for (node, id) in &self.elements {
            let element = self.element_dictionary(*node, pages, layout, structure, zones, &bounds);
            document.set_object(*id, element);
        }
        let mut numbers = Vec::new();
        for (page, sequences) in structure.sequences.iter().enumerate() {
            let owners: Vec<Object> = sequences.iter().filter_map(|node| self.element(*node)).map(Object::Reference).collect();
            numbers.push(Object::Integer(page as i64));
            numbers.push(document.add_object(owners).into());
        }
        for (number, node) in &zones.parents {
            if let Some(element) = self.element(*node) {
                numbers.push(Object::Integer(*number));
                numbers.push(element.into());
            }
        }
        let parents = document.add_object(dictionary! { "Nums" => numbers });
        let root = self.elements[&Tags::ROOT];
        document.set_object(
            self.root,
            dictionary! { "Type" => name("StructTreeRoot"), "K" => root, "ParentTree" => parents, "ParentTreeNextKey" => zones.next_key },
        );
        for (number, page) in pages.iter().enumerate() {
            let page = document.get_dictionary_mut(*page)?;
            page.set("StructParents", number as i64);
            page.set("Tabs", name("S"));
        }
        let catalog = document.catalog_mut()?;
        catalog.set("StructTreeRoot", self.root);
        catalog.set("MarkInfo", dictionary! { "Marked" => true });
        Ok(())
    }

    fn element_dictionary(
        &self,
        node: NodeId,
        pages: &[ObjectId],
        layout: &Layout,
        structure: &Structure,
        zones: &Zones,
        bounds: &BTreeMap<NodeId, Object>,
    ) -> Dictionary {
        let tag = &layout.tags.nodes()[node.0];
        let parent = tag.parent.and_then(|parent| self.element(parent)).unwrap_or(self.root);
        let mut element = dictionary! { "Type" => name("StructElem"), "S" => name(tag.role.name()), "P" => parent };
        if let Some(words) = &tag.alternate {
            element.set("Alt", text(words));
        }
        if let Some(words) = &tag.actual {
            element.set("ActualText", text(words));
        }
        match tag.role {
            Role::ColumnHead => element.set("A", dictionary! { "O" => name("Table"), "Scope" => name("Column") }),
            Role::List => {
                let kind = match tag.numbering {
                    Some(Numbering::Decimal) => "Decimal",
                    Some(Numbering::Unordered) | None => "None",
                };
                element.set("A", dictionary! { "O" => name("List"), "ListNumbering" => name(kind) });
            }
            Role::Figure => {
                let mut layout = dictionary! { "O" => name("Layout"), "Placement" => name("Block") };
                if let Some(bounds) = bounds.get(&node) {
                    layout.set("BBox", bounds.clone());
                }
                element.set("A", layout);
            }
            _ => {}
        }
        let first_page = structure.kids[node.0].iter().find_map(|kid| match kid {
            Kid::Content(page, _) | Kid::Zone(page, _) => Some(*page),
            Kid::Node(_) => None,
        });
        if let Some(page) = first_page {
            element.set("Pg", pages[page]);
        }
        let mut kids: Vec<Object> = structure.kids[node.0]
            .iter()
            .filter_map(|kid| match kid {
                Kid::Node(child) => self.element(*child).map(Object::Reference),
                Kid::Content(page, number) if Some(*page) == first_page => Some(Object::Integer(*number as i64)),
                Kid::Content(page, number) => {
                    Some(dictionary! { "Type" => name("MCR"), "Pg" => pages[*page], "MCID" => *number as i64 }.into())
                }
                Kid::Zone(page, number) => zones
                    .annotation(*page, *number)
                    .map(|annotation| dictionary! { "Type" => name("OBJR"), "Obj" => annotation, "Pg" => pages[*page] }.into()),
            })
            .collect();
        // A single kid is written by itself; so a field's element leads straight to it, as verifiers of later changes expect.
        match (kids.pop(), kids.is_empty()) {
            (Some(only), true) => element.set("K", only),
            (last, _) => element.set("K", kids.into_iter().chain(last).collect::<Vec<_>>()),
        }
        element
    }
}

/// Where each figure is on its page.
fn figure_bounds(layout: &Layout) -> BTreeMap<NodeId, Object> {
    let zones = layout.pages.iter().flat_map(|page| &page.layer.zones);
    zones.filter(|zone| zone.purpose == Purpose::Figure).map(|zone| (zone.node, rectangle(zone.area))).collect()
}

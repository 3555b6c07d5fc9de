//! The structure of the text, apart from where it is: a tree of elements as ISO 32000-1, 14.8 names them.
//!
//! An element joins its parent when the first of its content is drawn, so the order of elements is the order of
//! drawing, and an element without content never reaches the file.

/// An element by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct NodeId(pub(crate) usize);

/// The standard structure types in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The whole.
    Document,
    /// A part or a section.
    Sect,
    /// Titles by rank, 1 to 3.
    Heading(u8),
    /// A paragraph.
    Paragraph,
    /// A list.
    List,
    /// An item of a list.
    Item,
    /// The mark of an item.
    Label,
    /// The text of an item.
    Body,
    /// A table.
    Table,
    /// A row.
    Row,
    /// A head cell over a column.
    ColumnHead,
    /// A cell.
    Cell,
    /// A picture or drawing.
    Figure,
    /// The words under a figure.
    Caption,
    /// A link.
    Link,
    /// Contents.
    Contents,
    /// A line of the contents.
    ContentsItem,
    /// What a line of the contents refers to.
    Reference,
    /// A stretch inside a paragraph.
    Span,
    /// A field.
    Form,
}

impl Role {
    /// The name in the file.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Role::Document => "Document",
            Role::Sect => "Sect",
            Role::Heading(1) => "H1",
            Role::Heading(2) => "H2",
            Role::Heading(_) => "H3",
            Role::Paragraph => "P",
            Role::List => "L",
            Role::Item => "LI",
            Role::Label => "Lbl",
            Role::Body => "LBody",
            Role::Table => "Table",
            Role::Row => "TR",
            Role::ColumnHead => "TH",
            Role::Cell => "TD",
            Role::Figure => "Figure",
            Role::Caption => "Caption",
            Role::Link => "Link",
            Role::Contents => "TOC",
            Role::ContentsItem => "TOCI",
            Role::Reference => "Reference",
            Role::Span => "Span",
            Role::Form => "Form",
        }
    }
}

/// How the items of a list are marked (ISO 32000-1, table 347).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Numbering {
    /// No mark that says an order.
    Unordered,
    /// 1, 2, 3.
    Decimal,
}

/// An element.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    /// Its type.
    pub(crate) role: Role,
    /// What holds it; none for the whole.
    pub(crate) parent: Option<NodeId>,
    /// Words for those who cannot see it.
    pub(crate) alternate: Option<String>,
    /// The text that its drawing shows.
    pub(crate) actual: Option<String>,
    /// For a list, its marks.
    pub(crate) numbering: Option<Numbering>,
}

/// The tree.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tags {
    nodes: Vec<Node>,
}

impl Tags {
    /// The whole document's element.
    pub(crate) const ROOT: NodeId = NodeId(0);

    /// A tree of nothing but its root.
    pub(crate) fn new() -> Self {
        Self { nodes: vec![Node { role: Role::Document, parent: None, alternate: None, actual: None, numbering: None }] }
    }

    /// Adds an element.
    pub(crate) fn add(&mut self, parent: NodeId, role: Role) -> NodeId {
        self.nodes.push(Node { role, parent: Some(parent), alternate: None, actual: None, numbering: None });
        NodeId(self.nodes.len() - 1)
    }

    /// Adds an element for these words.
    pub(crate) fn add_actual(&mut self, parent: NodeId, role: Role, words: &str) -> NodeId {
        let id = self.add(parent, role);
        self.nodes[id.0].actual = Some(words.to_owned());
        id
    }

    /// Adds a figure with its description.
    pub(crate) fn add_figure(&mut self, parent: NodeId, description: &str) -> NodeId {
        let id = self.add(parent, Role::Figure);
        self.nodes[id.0].alternate = Some(description.to_owned());
        id
    }

    /// Adds a list.
    pub(crate) fn add_list(&mut self, parent: NodeId, numbering: Numbering) -> NodeId {
        let id = self.add(parent, Role::List);
        self.nodes[id.0].numbering = Some(numbering);
        id
    }

    /// Says an element in other words.
    pub(crate) fn describe(&mut self, id: NodeId, description: &str) {
        self.nodes[id.0].alternate = Some(description.to_owned());
    }

    /// The elements, by number.
    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }
}

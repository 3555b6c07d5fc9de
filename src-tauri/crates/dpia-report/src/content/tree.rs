//! What a report says, in order and without a place: the tree between the model and the layout.

use dpia_model::template::Tone;

/// A place inside the report that something refers to, by a name of its own.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Anchor(pub(crate) String);

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// Out of the report.
    Address(String),
    /// To another place in it.
    Anchor(Anchor),
}

/// A stretch of words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TextRun {
    /// Words that share their marks.
    Text {
        /// The words.
        text: String,
        /// Semibold.
        bold: bool,
        /// Italic.
        italic: bool,
        /// Where they lead.
        link: Option<Target>,
        /// Said in the colour of what is to be confirmed.
        is_remark: bool,
    },
    /// The line ends, the paragraph does not.
    Break,
}

/// A paragraph's words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Words(pub(crate) Vec<TextRun>);

impl Words {
    /// Words without marks.
    pub(crate) fn plain(text: impl Into<String>) -> Self {
        Self(Vec::new()).and(text)
    }

    /// More words without marks.
    pub(crate) fn and(mut self, text: impl Into<String>) -> Self {
        self.0.push(TextRun::Text { text: text.into(), bold: false, italic: false, link: None, is_remark: false });
        self
    }

    /// More words in semibold.
    pub(crate) fn and_bold(mut self, text: impl Into<String>) -> Self {
        self.0.push(TextRun::Text { text: text.into(), bold: true, italic: false, link: None, is_remark: false });
        self
    }

    /// More words in italic.
    pub(crate) fn and_italic(mut self, text: impl Into<String>) -> Self {
        self.0.push(TextRun::Text { text: text.into(), bold: false, italic: true, link: None, is_remark: false });
        self
    }

    /// More words, said of what is to be confirmed.
    pub(crate) fn and_remark(mut self, text: impl Into<String>) -> Self {
        self.0.push(TextRun::Text { text: text.into(), bold: false, italic: true, link: None, is_remark: true });
        self
    }

    /// More words that lead somewhere.
    pub(crate) fn and_link(mut self, text: impl Into<String>, target: Target) -> Self {
        self.0.push(TextRun::Text { text: text.into(), bold: false, italic: false, link: Some(target), is_remark: false });
        self
    }

    /// Any of it is semibold.
    pub(crate) fn has_bold(&self) -> bool {
        self.0.iter().any(|piece| matches!(piece, TextRun::Text { bold: true, .. }))
    }

    /// Nothing to read.
    pub(crate) fn is_blank(&self) -> bool {
        self.0.iter().all(|piece| match piece {
            TextRun::Text { text, .. } => text.trim().is_empty(),
            TextRun::Break => true,
        })
    }

    /// The words alone.
    pub(crate) fn text(&self) -> String {
        self.0
            .iter()
            .map(|piece| match piece {
                TextRun::Text { text, .. } => text.as_str(),
                TextRun::Break => " ",
            })
            .collect()
    }
}

/// The whole report.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Book {
    /// The title of the file: product and kind of document.
    pub(crate) title: String,
    /// Who answers for the file: the holder of the copyright.
    pub(crate) author: String,
    /// What runs over and under every page.
    pub(crate) running: Running,
    /// The front.
    pub(crate) cover: Cover,
    /// What this copy is, by label.
    pub(crate) about: Vec<(String, String)>,
    /// The parts in order.
    pub(crate) parts: Vec<Part>,
    /// The back.
    pub(crate) back: Back,
}

/// What runs over and under every page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Running {
    /// The product, top left.
    pub(crate) product: String,
    /// The brand's header.
    pub(crate) header: String,
    /// Said in the header of an unsigned report.
    pub(crate) remark: Option<String>,
    /// The brand's footer.
    pub(crate) footer: String,
}

/// The brand's mark: its letters, and a picture where the brand has one that could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wordmark {
    /// The letters; the words for those who cannot see the picture.
    pub(crate) letters: String,
    /// Which of the report's pictures is in their place.
    pub(crate) picture: Option<usize>,
}

/// The front cover.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cover {
    /// The brand's wordmark.
    pub(crate) wordmark: Wordmark,
    /// The title.
    pub(crate) title: String,
    /// The product.
    pub(crate) product: String,
    /// The date line.
    pub(crate) date: Words,
    /// Which copy.
    pub(crate) copy: String,
    /// For whom.
    pub(crate) audience: String,
    /// Where the signature is, if there is one.
    pub(crate) signature: Option<Anchor>,
}

/// The back cover.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Back {
    /// The brand's wordmark.
    pub(crate) wordmark: Wordmark,
    /// The slogan.
    pub(crate) slogan: String,
    /// The client, if there is one.
    pub(crate) client: Option<String>,
    /// The site.
    pub(crate) site: String,
    /// The copyright paragraph.
    pub(crate) copyright: String,
}

/// A part: it starts a page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Part {
    /// Its name for links.
    pub(crate) place: Anchor,
    /// Its title.
    pub(crate) title: String,
    /// Its sections.
    pub(crate) sections: Vec<Section>,
}

/// A section: its title is in the side column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Section {
    /// Its name for links.
    pub(crate) place: Anchor,
    /// Its title.
    pub(crate) title: String,
    /// Only ever in the internal copy.
    pub(crate) is_internal: bool,
    /// What it says.
    pub(crate) blocks: Vec<Block>,
}

/// What a section is made of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Block {
    /// The next block is at this place; it takes no room itself.
    Anchor(Anchor),
    /// Words of the form that ask nothing.
    Prose(Words),
    /// Instructions of the form.
    Guide(Words),
    /// A question with its help.
    Question {
        /// The question.
        prompt: Words,
        /// The help, paragraph by paragraph.
        help: Vec<Words>,
    },
    /// The officer's words.
    Answer(Vec<AnswerBlock>),
    /// Said where there is no answer.
    Nothing(String),
    /// A list of options with their boxes.
    Ticks(Ticks),
    /// Options side by side on one line, such as yes and no.
    TickRow(TickRow),
    /// Rows of cells.
    Table(Table),
    /// Short answers by label.
    Facts(Vec<Fact>),
    /// The result of the screening.
    Result(ScreeningResult),
    /// Labels with values by label, in a panel.
    PanelLines(Vec<PanelLine>),
    /// Risks on the scales, before and after.
    HeatMaps(Box<HeatMaps>),
    /// What the three boxes mean.
    Legend,
    /// How to read the report.
    ReadingPanel,
    /// A note with a title of its own in the side column.
    Note {
        /// Its title.
        title: String,
        /// Its paragraphs.
        paragraphs: Vec<Words>,
    },
    /// Numbered steps in the form's voice.
    Steps(Vec<Words>),
    /// The signature's block and field.
    Signature(SignaturePanel),
    /// The field that waits for somebody else's signature, with the words that stand in it.
    EmptyField(String),
    /// Lines for a signature by hand, under these labels.
    HandSignature(Vec<String>),
}

/// A block of an answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum AnswerBlock {
    /// A paragraph.
    Paragraph(Words),
    /// A list.
    List {
        /// The first number, for a numbered list.
        start: Option<u32>,
        /// The items.
        items: Vec<Vec<AnswerBlock>>,
    },
    /// A picture.
    Picture {
        /// Which of the report's pictures; none where its bytes are gone or cannot be read.
        picture: Option<usize>,
        /// Its words for those who cannot see it.
        description: String,
        /// The words under it.
        caption: Words,
    },
}

/// The state of a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// It applies.
    Ticked,
    /// It does not.
    Blank,
    /// To be confirmed.
    Unknown,
}

impl Mark {
    /// The words that the drawn box replaces.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Mark::Ticked => "ticked",
            Mark::Blank => "not ticked",
            Mark::Unknown => "to be confirmed",
        }
    }
}

/// An option with its box.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TickItem {
    /// The box.
    pub(crate) mark: Mark,
    /// The option's words.
    pub(crate) label: Words,
}

/// How a list of options is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TickLayout {
    /// One under the other in the main column.
    Column,
    /// In two columns on the full measure, read down.
    TwoColumns,
    /// In a grid on the full measure, read across.
    Grid(usize),
}

/// A list of options.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ticks {
    /// How it is set.
    pub(crate) layout: TickLayout,
    /// The options.
    pub(crate) items: Vec<TickItem>,
    /// Said once above a list of which nothing is known.
    pub(crate) remark: Option<String>,
}

/// Options on one line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TickRow {
    /// The options.
    pub(crate) items: Vec<TickItem>,
    /// Said after them.
    pub(crate) remark: Option<String>,
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Table {
    /// Heads with the widths of their columns in millimetres, which add up to 170.
    pub(crate) columns: Vec<(String, f32)>,
    /// The rows.
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// A cell: lines of different kinds.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Cell(pub(crate) Vec<CellLine>);

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum CellLine {
    /// Words.
    Words(Words),
    /// Smaller words under them.
    Small(Words),
    /// Words of a list, hanging from a bullet.
    Bullet(Words),
    /// The level of a risk.
    Badge(Tone, String),
    /// A box and its words.
    Tick(Mark, Words),
}

/// A short answer by its label.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fact {
    /// The label.
    pub(crate) label: String,
    /// The answer.
    pub(crate) value: Words,
    /// Nobody has given it.
    pub(crate) is_missing: bool,
}

/// A label, and its values, each by a label of its own, which may be empty.
pub(crate) type PanelLine = (String, Vec<(String, String)>);

/// The result of the screening with its sign-off.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ScreeningResult {
    /// The question's words.
    pub(crate) label: String,
    /// The result.
    pub(crate) result: String,
    /// To be confirmed, or nobody has given it.
    pub(crate) is_open: bool,
    /// The reason in counts, and those of the officer.
    pub(crate) reasons: Vec<Words>,
    /// What the form asks before the result: label with values by label.
    pub(crate) first: Vec<PanelLine>,
    /// What it asks after the result, such as the sign-off.
    pub(crate) lines: Vec<PanelLine>,
}

/// The two maps.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HeatMaps {
    /// The steps of likelihood, left to right.
    pub(crate) likelihood: Vec<String>,
    /// The steps of severity, from the top.
    pub(crate) severity: Vec<String>,
    /// The level of each cell: rows from the top.
    pub(crate) levels: Vec<Vec<(Tone, String)>>,
    /// Before and after: title, and per cell the numbers of its risks.
    pub(crate) maps: [HeatMap; 2],
    /// The counts, which are the alternate text too.
    pub(crate) summary: Words,
}

/// One map.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HeatMap {
    /// Its title.
    pub(crate) title: String,
    /// The numbers of the risks in each cell, rows from the top.
    pub(crate) risks: Vec<Vec<Vec<usize>>>,
    /// Where each risk is, in words.
    pub(crate) description: String,
}

/// The signature's block.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SignaturePanel {
    /// The wordmark.
    pub(crate) wordmark: Wordmark,
    /// What kind of signature it is.
    pub(crate) kind: Vec<String>,
    /// Who.
    pub(crate) name: String,
    /// When, with zone, by its label.
    pub(crate) moment: (&'static str, String),
    /// As what.
    pub(crate) role: String,
    /// For whom.
    pub(crate) organisation: String,
    /// Where to write to.
    pub(crate) email: String,
    /// The fingerprint in groups of four digits.
    pub(crate) fingerprint: Vec<String>,
    /// The field of the signature lies over it.
    pub(crate) has_field: bool,
}

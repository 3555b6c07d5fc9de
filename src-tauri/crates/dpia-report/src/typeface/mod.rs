//! The seven static fonts that the crate brings, and text shaped with them.
//!
//! Both families have 1000 units an em, so an advance is also its width in thousandths of the type size.

pub(crate) mod outline;
pub(crate) mod shape;
pub(crate) mod symbols;

use dpia_model::Typeface;
use rustybuzz::ttf_parser;

/// Which of the two voices speaks: the form in the sans, the officer in the serif.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Family {
    /// Source Sans 3: the form.
    Sans,
    /// Source Serif 4: the answers.
    Serif,
}

/// One font file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Face {
    /// Source Sans 3 Regular.
    Sans,
    /// Source Sans 3 Italic.
    SansItalic,
    /// Source Sans 3 SemiBold; used for a semibold italic, which the form's wording does not use.
    SansSemiBold,
    /// Source Serif 4 Regular.
    Serif,
    /// Source Serif 4 Italic.
    SerifItalic,
    /// Source Serif 4 SemiBold.
    SerifSemiBold,
    /// Source Serif 4 SemiBold Italic.
    SerifSemiBoldItalic,
}

impl Face {
    /// Every face, in the order of the fonts in the file.
    pub(crate) const ALL: [Face; 7] =
        [Face::Sans, Face::SansItalic, Face::SansSemiBold, Face::Serif, Face::SerifItalic, Face::SerifSemiBold, Face::SerifSemiBoldItalic];

    /// The face of a family with these marks, in the typefaces of a brand.
    pub(crate) fn in_typeface(typeface: Typeface, family: Family, bold: bool, italic: bool) -> Face {
        let family = match typeface {
            Typeface::SansAndSerif => family,
            Typeface::Sans => Family::Sans,
            Typeface::Serif => Family::Serif,
        };
        Face::of(family, bold, italic)
    }

    /// The face of a family with these marks.
    fn of(family: Family, bold: bool, italic: bool) -> Face {
        match (family, bold, italic) {
            (Family::Sans, true, _) => Face::SansSemiBold,
            (Family::Sans, false, true) => Face::SansItalic,
            (Family::Sans, false, false) => Face::Sans,
            (Family::Serif, true, true) => Face::SerifSemiBoldItalic,
            (Family::Serif, true, false) => Face::SerifSemiBold,
            (Family::Serif, false, true) => Face::SerifItalic,
            (Family::Serif, false, false) => Face::Serif,
        }
    }

    /// The face of the other family that lends a character this one lacks.
    pub(crate) fn fallback(self) -> Face {
        match self {
            Face::Sans => Face::Serif,
            Face::SansItalic => Face::SerifItalic,
            Face::SansSemiBold => Face::SerifSemiBold,
            Face::Serif => Face::Sans,
            Face::SerifItalic => Face::SansItalic,
            Face::SerifSemiBold | Face::SerifSemiBoldItalic => Face::SansSemiBold,
        }
    }

    /// Its place in [`Face::ALL`].
    pub(crate) fn index(self) -> usize {
        self as usize
    }

    /// The font's PostScript name.
    pub(crate) fn post_script_name(self) -> &'static str {
        match self {
            Face::Sans => "SourceSans3-Regular",
            Face::SansItalic => "SourceSans3-It",
            Face::SansSemiBold => "SourceSans3-Semibold",
            Face::Serif => "SourceSerif4-Regular",
            Face::SerifItalic => "SourceSerif4-It",
            Face::SerifSemiBold => "SourceSerif4-Semibold",
            Face::SerifSemiBoldItalic => "SourceSerif4-SemiboldIt",
        }
    }

    /// The whole font file.
    pub(crate) fn bytes(self) -> &'static [u8] {
        match self {
            Face::Sans => include_bytes!("../../fonts/SourceSans3-Regular.ttf"),
            Face::SansItalic => include_bytes!("../../fonts/SourceSans3-Italic.ttf"),
            Face::SansSemiBold => include_bytes!("../../fonts/SourceSans3-SemiBold.ttf"),
            Face::Serif => include_bytes!("../../fonts/SourceSerif4-Regular.ttf"),
            Face::SerifItalic => include_bytes!("../../fonts/SourceSerif4-Italic.ttf"),
            Face::SerifSemiBold => include_bytes!("../../fonts/SourceSerif4-SemiBold.ttf"),
            Face::SerifSemiBoldItalic => include_bytes!("../../fonts/SourceSerif4-SemiBoldItalic.ttf"),
        }
    }

    /// Whether the face slopes; the font descriptor says so.
    pub(crate) fn is_italic(self) -> bool {
        matches!(self, Face::SansItalic | Face::SerifItalic | Face::SerifSemiBoldItalic)
    }
}

pub(crate) use ttf_parser::GlyphId;

//! The brand: one settable file with the company's words and colours. A colour that could not be read is refused.

use crate::id::AttachmentId;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

/// The least contrast of text against its ground (WCAG 2.2, success criterion 1.4.3).
const LEAST_CONTRAST: f64 = 4.5;

/// A brand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(deny_unknown_fields)]
pub struct Brand {
    /// The wordmark in letters.
    pub wordmark: String,
    /// A picture in its place, if there is one.
    pub logo: Option<AttachmentId>,
    /// Titles, links, ticks.
    pub accent: Colour,
    /// What waits for somebody; risk levels.
    pub second: Colour,
    /// The background of panels.
    pub paper: Colour,
    /// The typefaces of the report.
    #[serde(default, skip_serializing_if = "Typeface::is_standard")]
    pub typeface: Typeface,
    /// The slogan.
    pub slogan: String,
    /// The running header.
    pub header: String,
    /// The running footer.
    pub footer: String,
    /// The site, as printed.
    pub site: String,
    /// Whose copyright it is.
    pub copyright_holder: String,
    /// The sentences after the copyright's year and holder.
    pub copyright_text: String,
}

/// The typefaces of a report, of those that the program brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Typeface {
    /// Source Sans 3 for the form, Source Serif 4 for titles and answers.
    #[default]
    SansAndSerif,
    /// Source Sans 3 throughout.
    Sans,
    /// Source Serif 4 throughout.
    Serif,
}

impl Typeface {
    /// Whether it is the one that a brand has where it names none.
    pub fn is_standard(&self) -> bool {
        *self == Self::default()
    }
}

/// An opaque sRGB colour; written as `#0b4a50`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "bindings", derive(specta::Type))]
#[cfg_attr(feature = "bindings", specta(transparent))]
pub struct Colour(#[cfg_attr(feature = "bindings", specta(type = String))] pub [u8; 3]);

/// Why a brand cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BrandError {
    /// Not a brand file.
    #[error("the brand file cannot be read: {0}")]
    Toml(Box<toml::de::Error>),
    /// It cannot be put into a brand file.
    #[error("the brand file cannot be written: {0}")]
    Unwritable(Box<toml::ser::Error>),
    /// A colour cannot be read as text.
    #[error("the {name} colour {colour} has a contrast of {ratio:.1}:1 with {ground}; text needs 4.5:1. Choose a darker one")]
    Contrast {
        /// Which colour.
        name: &'static str,
        /// The colour.
        colour: Colour,
        /// The ratio, 1 to 21.
        ratio: f64,
        /// What it is on.
        ground: &'static str,
    },
}

impl Default for Brand {
    fn default() -> Self {
        Self {
            wordmark: "Juniper".to_owned(),
            logo: None,
            accent: Colour([0x0b, 0x4a, 0x50]),
            second: Colour([0x5b, 0x2a, 0x6b]),
            paper: Colour([0xf6, 0xf2, 0xe9]),
            typeface: Typeface::default(),
            slogan: "WE LOOK AFTER YOU, SO THAT YOU CAN LOOK AFTER OUR CHILDREN".to_owned(),
            header: "Juniper Data Protection Impact Assessment".to_owned(),
            footer: "WE LOOK AFTER YOU, SO THAT YOU CAN LOOK AFTER OUR CHILDREN".to_owned(),
            site: "Junipereducation.org".to_owned(),
            copyright_holder: "Juniper Education Services Ltd".to_owned(),
            copyright_text: "All rights reserved. This publication is the intellectual property of Juniper Education and no part of it may be \
                             reproduced, stored or transmitted by any means without prior permission of Juniper Education. Any unauthorised use for \
                             commercial gain will constitute an infringement of copyright."
                .to_owned(),
        }
    }
}

impl Brand {
    /// Reads a brand file (TOML) and checks its colours.
    pub fn parse(source: &str) -> Result<Self, BrandError> {
        let brand: Self = toml::from_str(source).map_err(|error| BrandError::Toml(Box::new(error)))?;
        brand.check_contrast()?;
        Ok(brand)
    }

    /// The brand as a brand file (TOML).
    pub fn to_toml(&self) -> Result<String, BrandError> {
        toml::to_string(self).map_err(|error| BrandError::Unwritable(Box::new(error)))
    }

    /// Refuses colours that could not be read as text on white and on the paper of panels.
    pub fn check_contrast(&self) -> Result<(), BrandError> {
        for (name, colour) in [("accent", self.accent), ("second", self.second)] {
            for (ground, under) in [("white", Colour([0xff; 3])), ("the panel colour", self.paper)] {
                let ratio = contrast_ratio(colour, under);
                if ratio < LEAST_CONTRAST {
                    return Err(BrandError::Contrast { name, colour, ratio, ground });
                }
            }
        }
        Ok(())
    }
}

/// The contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio").
pub fn contrast_ratio(a: Colour, b: Colour) -> f64 {
    let luminance = |colour: Colour| {
        let linear = |channel: u8| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        let [r, g, b] = colour.0.map(linear);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
    if a > b { a / b } else { b / a }
}

impl std::fmt::Display for Colour {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [r, g, b] = self.0;
        write!(f, "#{r:02x}{g:02x}{b:02x}")
    }
}

impl Serialize for Colour {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        match number {
            Some(number) => {
                let [_, r, g, b] = number.to_be_bytes();
                Ok(Self([r, g, b]))
            }
            None => Err(D::Error::custom(format!("\"{text}\" is not a colour: write # and six hexadecimal digits, such as #0b4a50"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_that_cannot_be_read_is_refused_with_its_ratio() {
        let check = |accent: &str, accepted: bool| {
            let mut source = toml::to_string(&Brand::default()).unwrap();
            source = source.replace("#0b4a50", accent);
            let result = Brand::parse(&source);
            assert_eq!(result.is_ok(), accepted, "{accent}: {result:?}");
        };
        check("#0b4a50", true);
        check("#cccccc", false);
        check("teal", false);
        let pale = Brand { second: Colour([0xaa; 3]), ..Brand::default() };
        assert_eq!(
            pale.check_contrast().unwrap_err().to_string(),
            "the second colour #aaaaaa has a contrast of 2.3:1 with white; text needs 4.5:1. Choose a darker one"
        );
    }

    #[test]
    fn black_on_white_has_the_ratio_of_the_standard() {
        assert!((contrast_ratio(Colour([0; 3]), Colour([255; 3])) - 21.0).abs() < 1e-9);
    }
}

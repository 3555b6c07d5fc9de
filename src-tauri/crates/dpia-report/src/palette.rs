//! The brand's three colours and our own, by their office on the page.

use crate::layout::page::Ink;
use dpia_model::{Brand, Colour};

/// What each ink looks like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Palette {
    accent: Colour,
    second: Colour,
    paper: Colour,
}

impl Palette {
    /// The palette of a brand.
    pub(crate) fn of(brand: &Brand) -> Self {
        Self { accent: brand.accent, second: brand.second, paper: brand.paper }
    }

    /// Red, green and blue, each 0 to 1.
    pub(crate) fn channels(&self, ink: Ink) -> [f32; 3] {
        let Colour(bytes) = match ink {
            Ink::Text => Colour([0x18, 0x22, 0x25]),
            Ink::Muted => Colour([0x46, 0x54, 0x57]),
            Ink::Accent => self.accent,
            Ink::AccentLight => mixed(self.accent, 0.42),
            Ink::Second => self.second,
            Ink::Lilac => mixed(self.second, 0.78),
            Ink::Paper => self.paper,
            Ink::White => Colour([0xFF; 3]),
            Ink::Rule => Colour([0x7C, 0x8B, 0x8D]),
            Ink::Hairline => Colour([0xC2, 0xCC, 0xCC]),
        };
        bytes.map(|byte| (f32::from(byte) / 255.0 * 10_000.0).round() / 10_000.0)
    }
}

/// A colour mixed with white; the share is that of white.
fn mixed(colour: Colour, white: f32) -> Colour {
    let Colour(bytes) = colour;
    Colour(bytes.map(|byte| (f32::from(byte) * (1.0 - white) + 255.0 * white).round() as u8))
}

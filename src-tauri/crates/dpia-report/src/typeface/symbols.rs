//! Signs that are drawn though no face has them as they are: the letters of Word's symbol fonts, and the crossed box.
//!
//! A symbol font gives a picture to a letter of the private use area, U+F020 to U+F0FF; which picture is Word's own knowledge. Of those
//! that assessments have, the standard character is printed and read aloud in its place.

/// The character that a letter of a symbol font shows (Wingdings, Wingdings 2 and Symbol as Word uses them for lists and boxes);
/// any other as it is.
pub(crate) fn shown(letter: char) -> char {
    match letter {
        // Boxes with a cross or a tick in them.
        '\u{F078}' | '\u{F0FD}' | '\u{F053}' | '\u{F054}' => '\u{2612}',
        '\u{F0FE}' | '\u{F052}' => '\u{2611}',
        // Empty boxes.
        '\u{F06F}' | '\u{F070}' | '\u{F071}' | '\u{F072}' | '\u{F0A3}' | '\u{F0A8}' => '\u{2610}',
        // A tick or a cross alone.
        '\u{F0FC}' | '\u{F050}' => '\u{2713}',
        '\u{F0FB}' | '\u{F04F}' => '\u{2717}',
        // Circles, full and empty.
        '\u{F06C}' | '\u{F09F}' | '\u{F0B7}' => '\u{2022}',
        '\u{F0A1}' => '\u{25CB}',
        '\u{F0A4}' => '\u{25C9}',
        // Squares and other bullets.
        '\u{F06E}' => '\u{25A0}',
        '\u{F0A7}' => '\u{25AA}',
        '\u{F0D8}' => '\u{27A2}',
        // Arrows.
        '\u{F0DF}' => '\u{2190}',
        '\u{F0E0}' | '\u{F0E8}' | '\u{F0F0}' => '\u{2192}',
        letter => letter,
    }
}

/// What a sign that no face has is drawn with, one over the other, the first the widest: the parts of a box with a cross, or a sign
/// that shows the same. None for any other.
pub(crate) fn drawing_of(sign: &str) -> Option<&'static [&'static str]> {
    // A variation selector asks for colours or for none.
    match sign.trim_end_matches(['\u{FE0E}', '\u{FE0F}']) {
        // Ballot boxes with an X in them, light, bold and slanted.
        "\u{2612}" | "\u{2327}" | "\u{274E}" | "\u{2BBD}" | "\u{2BBE}" | "\u{1F5F5}" | "\u{1F5F7}" => Some(&["\u{2610}", "\u{00D7}"]),
        // With a tick.
        "\u{1F5F9}" | "\u{2705}" | "\u{1F5F8}" => Some(&["\u{2611}"]),
        // Empty.
        "\u{25A2}" | "\u{25FB}" | "\u{25FD}" | "\u{2B1C}" | "\u{274F}" | "\u{2750}" | "\u{2751}" | "\u{2752}" | "\u{1F78E}"
        | "\u{1F78F}" => Some(&["\u{2610}"]),
        "\u{2714}" => Some(&["\u{2713}"]),
        "\u{2715}" | "\u{2716}" | "\u{274C}" | "\u{1F5F4}" => Some(&["\u{2717}"]),
        "\u{27A2}" | "\u{27A4}" => Some(&["\u{25B8}"]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_box_is_never_drawn_as_an_empty_one() {
        let empty = Some(&["\u{2610}"][..]);
        for letter in [
            '\u{F078}',
            '\u{F0FD}',
            '\u{F053}',
            '\u{F054}',
            '\u{F0FE}',
            '\u{F052}',
            '\u{2612}',
            '\u{2327}',
            '\u{274E}',
            '\u{1F5F9}',
            '\u{2705}',
        ] {
            let sign = shown(letter).to_string();
            assert!(sign != "\u{2610}" && drawing_of(&sign) != empty, "{letter:?}");
        }
        for letter in ['\u{F06F}', '\u{F0A8}', '\u{F0A3}'] {
            assert_eq!(shown(letter), '\u{2610}');
        }
        assert_eq!(shown('a'), 'a');
    }
}

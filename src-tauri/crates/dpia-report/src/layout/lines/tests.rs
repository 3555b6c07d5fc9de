//! Unbroken text: what it costs, and that none of it is lost.

use super::super::styles;
use super::*;
use unicode_normalization::UnicodeNormalization;

/// Text without a place to break, of so many letters as a reader counts them.
fn unbroken(kind: &str, letters: usize) -> String {
    let mut seed = 1u32;
    let mut next = |most: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) % most
    };
    let mut letter = |first: char, most: u32| char::from_u32(first as u32 + next(most)).unwrap_or(first);
    let mut text = String::new();
    for at in 0..letters {
        match kind {
            "letters" => text.push(letter('a', 26)),
            "no-break spaces" => text.push(if at % 6 == 5 { '\u{A0}' } else { letter('a', 26) }),
            "soft hyphens" => text.extend([letter('a', 26), '\u{AD}']),
            "word joiners" => text.extend([letter('a', 26), '\u{2060}']),
            "marks" => text.extend([letter('a', 26), letter('\u{300}', 5), letter('\u{323}', 3)]),
            "one letter with all marks" => text.push(if at == 0 { 'e' } else { letter('\u{300}', 16) }),
            "emoji" => text.push(letter('\u{1F600}', 60)),
            "families" => text.push_str("\u{1F469}\u{200D}\u{1F467}"),
            "ideographs" => text.push(letter('\u{6F22}', 200)),
            "crossed boxes" => text.push('\u{2612}'),
            "address" => {
                if at == 0 {
                    text.push_str("https://example.org/");
                }
                text.push(if at % 9 == 8 { '/' } else { letter('a', 26) });
            }
            other => panic!("{other}"),
        }
    }
    text
}

#[test]
fn unbroken_text_costs_in_proportion_to_its_length_and_none_of_it_is_lost() {
    for kind in [
        "letters",
        "no-break spaces",
        "soft hyphens",
        "word joiners",
        "marks",
        "one letter with all marks",
        "emoji",
        "families",
        "ideographs",
        "crossed boxes",
        "address",
    ] {
        let cost = |letters: usize| {
            let mut shaper = Shaper::new().expect("the fonts open");
            let text = unbroken(kind, letters);
            let lines = break_lines(&mut shaper, &Words::plain(&text), styles::ANSWER, 330.0);
            let shown: String = lines.iter().flat_map(|line| &line.runs).map(|run| run.text.as_str()).collect();
            let wanted: String = text.nfc().filter(|letter| !breaks::is_invisible(*letter)).collect();
            let plain = |text: &str| text.replace(JOINER, "");
            assert_eq!(plain(&shown), plain(&wanted), "{kind}");
            assert!(lines.iter().all(|line| line.width <= 330.0 + SLACK), "{kind} goes over the edge");
            // Each byte is read, whatever else is done.
            text.len() + shaper.shaped_bytes + lines.iter().flat_map(|line| &line.runs).map(|run| run.glyphs.len()).sum::<usize>()
        };
        let (once, twice) = (cost(6_000), cost(12_000));
        assert!(twice as f64 <= 2.3 * once as f64, "{kind}: {once}, then {twice}");
    }
}

#[test]
fn a_broken_word_fills_its_lines() {
    for kind in ["letters", "marks", "emoji", "ideographs"] {
        let mut shaper = Shaper::new().expect("the fonts open");
        let lines = break_lines(&mut shaper, &Words::plain(unbroken(kind, 2_000)), styles::ANSWER, 330.0);
        let emptiest = lines.iter().rev().skip(1).map(|line| line.width).fold(f32::MAX, f32::min);
        assert!(emptiest > 310.0, "a line of {kind} is {emptiest} wide, of 330");
    }
}

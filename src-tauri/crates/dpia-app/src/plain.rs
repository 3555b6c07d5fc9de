//! Strangers' words on a terminal and in one line of a window: names, titles, reasons that somebody else wrote. What a
//! terminal would obey, and what changes how the words around it look, is replaced by a sign that can be seen.
//!
//! A terminal goes on in its next line where one is full, so a wide gap in somebody's words would look like the end of that
//! line, and what follows it like a line of ours. A blank of any kind is therefore shown as a space, and a gap wider than any
//! in our own tables as one sign. A long word stays whole: where its letters reach the edge, a line is seen to go on, and
//! words that were cut would hide what somebody else reads.

/// Replaces a character that is not shown.
const REPLACED: char = '\u{fffd}';

/// Replaces a line end in a text of one line.
const LINE_END: char = '\u{21b5}';

/// Replaces a wide gap: the sign for a space (U+2423).
const GAP: char = '\u{2423}';

/// The widest gap that stays, in columns. The tables that we print have none wider.
const WIDEST_GAP: usize = 8;

/// The columns that a tabulator may take.
const TABULATOR: usize = 8;

/// Words as one line. A gap of more than eight columns is one sign.
pub fn line(words: &str) -> String {
    close_gaps(words.replace("\r\n", "\n").chars().map(|letter| if ends_line(letter) { LINE_END } else { show(letter) }))
}

/// Words as lines: line feeds and tabulators stay. A gap of more than eight columns is one sign.
pub fn text(words: &str) -> String {
    close_gaps(words.replace("\r\n", "\n").chars().map(|letter| if matches!(letter, '\n' | '\t') { letter } else { show(letter) }))
}

/// Lines, each of which stays one.
pub fn join(lines: &[String]) -> String {
    lines.iter().map(|words| line(words)).collect::<Vec<_>>().join("\n")
}

/// JSON that says the same and shows all its characters: those that are not seen, and the blanks of a gap of more than eight
/// columns, as their numbers. What a line begins with is our own.
pub fn json(written: &str) -> String {
    let mut shown = String::with_capacity(written.len());
    for (number, line) in written.split('\n').enumerate() {
        if number > 0 {
            shown.push('\n');
        }
        let said = line.trim_start_matches(' ');
        shown.push_str(&line[..line.len() - said.len()]);
        let letters: Vec<char> = said.chars().collect();
        for piece in letters.chunk_by(|one, next| is_blank(*one) == is_blank(*next)) {
            let is_wide = is_wide_gap(piece);
            for letter in piece {
                if is_wide || is_unshown(*letter) { push_number(*letter, &mut shown) } else { shown.push(*letter) }
            }
        }
    }
    shown
}

fn push_number(letter: char, shown: &mut String) {
    let mut units = [0; 2];
    letter.encode_utf16(&mut units).iter().for_each(|unit| shown.push_str(&format!("\\u{unit:04x}")));
}

/// Shows each blank as a space, and each wide gap as one sign.
fn close_gaps(letters: impl Iterator<Item = char>) -> String {
    let letters: Vec<char> = letters.collect();
    let pieces = letters.chunk_by(|one, next| is_blank(*one) == is_blank(*next));
    pieces.flat_map(|piece| if is_wide_gap(piece) { &[GAP] } else { piece }).map(|letter| show_blank(*letter)).collect()
}

/// What nothing is drawn for and a line goes on after: Unicode's spaces (Zs) and the tabulator.
fn is_blank(letter: char) -> bool {
    letter == '\t' || (letter.is_whitespace() && !ends_line(letter) && !letter.is_control())
}

fn is_wide_gap(letters: &[char]) -> bool {
    letters.iter().all(|letter| is_blank(*letter)) && letters.iter().map(|letter| columns_of(*letter)).sum::<usize>() > WIDEST_GAP
}

fn show_blank(letter: char) -> char {
    if is_blank(letter) && letter != '\t' { ' ' } else { letter }
}

fn columns_of(blank: char) -> usize {
    match blank {
        '\t' => TABULATOR,
        '\u{3000}' => 2,
        _ => 1,
    }
}

fn show(letter: char) -> char {
    if is_unshown(letter) { REPLACED } else { letter }
}

/// What Unicode has as a line's end (UAX 14: BK, CR, LF, NL).
fn ends_line(letter: char) -> bool {
    matches!(letter, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Controls, line and paragraph separators, marks that turn the direction of text, and characters without a width or a look:
/// Unicode's Cc and Zl, Zp, its default ignorable code points, and what fonts leave blank beside the spaces.
pub fn is_unshown(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{13441}'..='\u{13442}' | '\u{16fe4}' | '\u{1d159}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_seen_instead() {
        assert_eq!(line("a\u{1b}[8mb\r\nc\td"), "a\u{fffd}[8mb\u{21b5}c\u{fffd}d");
        assert_eq!(line("a\u{2028}b\u{85}c\u{b}d"), "a\u{21b5}b\u{21b5}c\u{21b5}d");
        assert_eq!(text("a\tb\r\nc\rd\u{2029}\u{9b}e"), "a\tb\nc\u{fffd}d\u{fffd}\u{fffd}e");
        assert_eq!(line("Siân Żółkiewska \u{2013} Ωραία, 学校 \u{1f600}"), "Siân Żółkiewska \u{2013} Ωραία, 学校 \u{1f600}");
        for hidden in ["\u{202e}", "\u{2066}", "\u{200b}", "\u{200d}", "\u{feff}", "\u{ad}", "\u{e0041}", "\u{3164}", "\u{2060}"] {
            assert_eq!(line(&format!("a{hidden}b")), "a\u{fffd}b");
        }
        assert_eq!(json("{\n  \"a\u{202e}\u{e0041}\u{9b}b\"\n}"), "{\n  \"a\\u202e\\udb40\\udc41\\u009bb\"\n}");
    }

    #[test]
    fn a_wide_gap_is_seen_whatever_it_is_made_of() {
        let blanks = "\u{20}\u{a0}\u{1680}\u{2000}\u{2001}\u{2002}\u{2003}\u{2004}\u{2005}\u{2006}\u{2007}\u{2008}\u{2009}\u{200a}\u{202f}\u{205f}\u{3000}";
        for blank in blanks.chars() {
            let gap = |count: usize| format!("Elm{}Trusted: yes", String::from(blank).repeat(count));
            assert_eq!(line(&gap(1)), "Elm Trusted: yes", "{blank:?}");
            assert_eq!(line(&gap(80)), "Elm\u{2423}Trusted: yes", "{blank:?}");
            assert_eq!(text(&gap(80)), "Elm\u{2423}Trusted: yes", "{blank:?}");
        }
        assert_eq!(line(&format!("Elm{blanks}Trusted: yes")), "Elm\u{2423}Trusted: yes");
        assert_eq!(line(&format!("{blanks}Trusted: yes{blanks}")), "\u{2423}Trusted: yes\u{2423}");
        // What fills nothing is a sign for each, as everything else that is not seen.
        for unseen in "\u{115f}\u{1160}\u{2800}\u{3164}\u{ffa0}\u{13441}\u{16fe4}\u{1d159}".chars() {
            assert_eq!(line(&format!("Elm{unseen} {unseen}")), "Elm\u{fffd} \u{fffd}", "{unseen:?}");
        }
        // Our own tables keep theirs, and so does each line of several.
        assert_eq!(line("current   revision 7      2026-11-22"), "current   revision 7      2026-11-22");
        assert_eq!(text(&format!("    Elm\n{}\n\tb\t\tc", " ".repeat(9))), "    Elm\n\u{2423}\n\tb\u{2423}c");
    }

    #[test]
    fn a_wide_gap_in_json_is_seen_and_says_the_same() {
        for blank in ["        ", "\u{a0}\u{a0}\u{a0}\u{a0}\u{a0}\u{a0}\u{a0}\u{a0}", "\u{3000}\u{3000}\u{3000}\u{3000}"] {
            let words = format!("Elm{blank} \"edition\": \"forged\"");
            let written = serde_json::to_string_pretty(&[[[[[[words]]]]]]).unwrap();
            let shown = json(&written);
            assert!(shown.lines().all(|line| !line.trim_start().contains(blank)), "{shown}");
            assert_eq!(
                serde_json::from_str::<serde_json::Value>(&shown).unwrap(),
                serde_json::from_str::<serde_json::Value>(&written).unwrap()
            );
            assert!(shown.lines().any(|line| line.starts_with("            \"Elm")), "what a line begins with stays: {shown}");
        }
        assert_eq!(json("\"a        b\""), "\"a        b\"");
    }

    #[test]
    fn no_letter_of_unicode_makes_a_line_or_hides_one() {
        for letter in (0..=0x10_ffff).filter_map(char::from_u32) {
            let words = format!("a{letter}b");
            let one = line(&words);
            assert_eq!(one.chars().filter(|letter| is_unshown(*letter) || ends_line(*letter)).count(), 0, "{letter:?}");
            assert_eq!(one.chars().count(), 3, "{letter:?}");
            let many = text(&words);
            assert_eq!(many.lines().count(), if letter == '\n' { 2 } else { 1 }, "{letter:?}");
            assert!(many.chars().all(|letter| matches!(letter, '\n' | '\t') || !is_unshown(letter)), "{letter:?}");
            let written = serde_json::to_string(&words).unwrap();
            let shown = json(&written);
            assert!(shown.chars().all(|letter| !is_unshown(letter)), "{letter:?}");
            assert_eq!(serde_json::from_str::<String>(&shown).unwrap(), words, "{letter:?}");
        }
    }

    #[test]
    fn words_of_any_letters_stay_one_line_and_are_left_alone_the_second_time() {
        // The same letters at every run (SplitMix64).
        let mut state = 20_261_130_u64;
        let mut next = || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed ^ (mixed >> 27)
        };
        for _ in 0..2_000 {
            let count = next() % 40;
            let letters = (0..count).filter_map(|_| {
                let number = next();
                char::from_u32(u32::try_from(if number & 1 == 0 { number >> 8 & 0x2fff } else { number >> 8 & 0x1f_ffff }).unwrap())
            });
            let words: String = letters.chain("\r\n\u{2028}".chars()).collect();
            let one = line(&words);
            assert_eq!(one.lines().count(), 1, "{words:?}");
            assert_eq!(one.chars().count(), words.replace("\r\n", "\n").chars().count());
            assert_eq!(line(&one), one);
            assert_eq!(text(&text(&words)), text(&words));
        }
    }
}

//! Names that every file system takes.

use unicode_normalization::UnicodeNormalization as _;

/// Makes a file's name, without its ending, from words: composed, on one line, without letters that a file system refuses or
/// that cannot be seen, not hidden, never the name of a device, and at most this many bytes. None where nothing is left.
pub fn portable_name(words: &str, most_bytes: usize) -> Option<String> {
    let seen = words.nfc().filter(|letter| !is_unseen(*letter)).map(|letter| match letter {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '-',
        letter if letter.is_control() => ' ',
        letter => letter,
    });
    let one_line = seen.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
    // A word before the name of a device makes it another name, and needs room.
    let before = if is_device_name(trim_edges(&one_line)) { "DPIA " } else { "" };
    let most = most_bytes.saturating_sub(before.len()).min(one_line.len());
    let end = (0..=most).rev().find(|end| one_line.is_char_boundary(*end)).unwrap_or(0);
    let name = trim_edges(one_line.get(..end).unwrap_or_default());
    match name {
        "" => None,
        // Cutting can leave a device's name.
        name if before.is_empty() && is_device_name(name) => Some(format!("{name}-")),
        name => Some(format!("{before}{name}")),
    }
}

/// Whether Windows keeps this name, with or without an ending, for a device: CON, PRN, AUX, NUL, COM0 to COM9 and LPT0 to LPT9 (the
/// digits ¹, ² and ³ too), CONIN$, CONOUT$ ("Naming Files, Paths, and Namespaces").
pub fn is_device_name(name: &str) -> bool {
    let stem = name.split(['.', ':']).next().unwrap_or_default().trim_end().to_lowercase();
    let is_port = |port: &str| {
        let mut number = stem.strip_prefix(port).unwrap_or_default().chars();
        matches!((number.next(), number.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
    };
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul" | "conin$" | "conout$" | "clock$") || is_port("com") || is_port("lpt")
}

fn trim_edges(name: &str) -> &str {
    name.trim_matches(|letter| matches!(letter, ' ' | '-' | '_' | '.'))
}

/// Letters of no width, and those that turn the direction of what follows.
fn is_unseen(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn devices_are_known_with_and_without_an_ending() {
        for name in ["con", "NUL", "aux.pdf", "COM1", "lpt9.dpia", "COM¹", "LPT².x", "CONIN$", "prn .txt", "nul.tar.gz", "com0", "Con:x"]
        {
            assert!(is_device_name(name), "{name}");
        }
        for name in ["console", "com", "com10", "COMA", "lpt", "null", "a.con", "auxiliary", "prn2", "report"] {
            assert!(!is_device_name(name), "{name}");
        }
    }

    #[test]
    fn words_become_names() {
        let check =
            |words: &str, most: usize, expected: Option<&str>| assert_eq!(portable_name(words, most).as_deref(), expected, "{words:?}");
        check("St Mary's / Hill: \"Infants\"", 100, Some("St Mary's - Hill- -Infants"));
        check("  ..hidden. ", 100, Some("hidden"));
        check("con", 100, Some("DPIA con"));
        check("con.", 100, Some("DPIA con"));
        check("COM¹.school", 100, Some("DPIA COM¹.school"));
        check("conifer", 3, Some("con-"));
        check("a\u{202e}fdp.exe\nb", 100, Some("afdp.exe b"));
        check("\u{200b} ... ", 100, None);
        check("", 100, None);
        check("Ysgol Ty\u{302} Ffynnon", 8, Some("Ysgol T"));
    }

    proptest! {
        #[test]
        fn every_system_takes_the_name_of_any_words(words in "(?s).{0,60}|(con|nul|com1|LPT³|aux)[. ]{0,3}[a-z]{0,3}", most in 8usize..200) {
            let Some(name) = portable_name(&words, most) else { return Ok(()) };
            prop_assert!(name.len() <= most.max(5) && !name.is_empty(), "{name:?}");
            prop_assert!(!name.chars().any(|letter| letter.is_control() || is_unseen(letter) || "/\\:*?\"<>|".contains(letter)), "{name:?}");
            prop_assert!(!name.starts_with(['.', ' ', '-']) && !name.ends_with(['.', ' ']), "{name:?}");
            prop_assert!(!is_device_name(&name) && !is_device_name(&format!("{name}.pdf")), "{name:?}");
            prop_assert_eq!(portable_name(&name, 300).map(|again| again.trim_end_matches('-').to_owned()), Some(name.trim_end_matches('-').to_owned()));
        }
    }
}

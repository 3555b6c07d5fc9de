//! Letters that were decoded twice: UTF-8 read as Windows-1252, as Mac Roman or as code page 850 and written as UTF-8
//! again. The text is read as it is, and it is remarked on.

use crate::report::Remark;

/// The fewest such letters by which a text is known to be decoded twice.
const FEWEST: usize = 2;

/// How letters show that were decoded twice, by Windows-1252, Mac Roman and code page 850, and what they were.
const SHOWN: [(&str, &str); 47] = [
    ("â€™", "’"),
    ("â€˜", "‘"),
    ("â€œ", "“"),
    ("â€\u{9d}", "”"),
    ("â€“", "–"),
    ("â€”", "—"),
    ("â€¢", "•"),
    ("â€¦", "…"),
    ("â‚¬", "€"),
    ("â„¢", "™"),
    ("Â£", "£"),
    ("Â©", "©"),
    ("Â°", "°"),
    ("Â½", "½"),
    ("Â·", "·"),
    ("Â\u{a0}", "\u{a0}"),
    ("Ã©", "é"),
    ("Ã¨", "è"),
    ("Ã¡", "á"),
    ("Ã¶", "ö"),
    ("Ã¼", "ü"),
    ("Ã±", "ñ"),
    ("Ã§", "ç"),
    ("Ãª", "ê"),
    ("Ã´", "ô"),
    ("Ã³", "ó"),
    ("â˜\u{90}", "☐"),
    ("â˜‘", "☑"),
    ("â˜’", "☒"),
    ("ï¬\u{81}", "ﬁ"),
    ("‚Äô", "’"),
    ("‚Äò", "‘"),
    ("‚Äú", "“"),
    ("‚Äù", "”"),
    ("‚Äì", "–"),
    ("‚Äî", "—"),
    ("‚Ä¢", "•"),
    ("¬£", "£"),
    ("¬©", "©"),
    ("√©", "é"),
    ("ÔÇÖ", "’"),
    ("ÔÇ£", "“"),
    ("ÔÇØ", "”"),
    ("ÔÇô", "–"),
    ("ÔÇö", "—"),
    ("ÔÇó", "•"),
    ("┬ú", "£"),
];

/// Finds letters that were decoded twice.
pub(crate) fn find_decoded_twice(text: &str) -> Option<Remark> {
    let mut first: Option<(usize, &str, &str)> = None;
    let mut count = 0;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let found = SHOWN.iter().find(|(shown, _)| rest.starts_with(shown));
        if let Some((shown, meant)) = found {
            first.get_or_insert((at, shown, meant));
            count += 1;
        }
        at += found.map_or_else(|| rest.chars().next().map_or(1, char::len_utf8), |(shown, _)| shown.len());
    }
    let (at, shown, meant) = first.filter(|_| count >= FEWEST)?;
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let line = number(text[..at].matches('\n').count() + 1);
    Some(Remark::DecodedTwice { line, shown: shown.to_owned(), meant: meant.to_owned(), count: number(count) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_were_decoded_twice_are_remarked_on() {
        let check = |text: &str, expected: Option<(u32, &str, u32)>| {
            let found = find_decoded_twice(text);
            let found = found.map(|Remark::DecodedTwice { line, meant, count, .. }| (line, meant, count));
            assert_eq!(found, expected.map(|(line, meant, count)| (line, meant.to_owned(), count)), "{text}");
        };
        let twice = |text: &str| text.bytes().map(|byte| crate::encoding::decode_windows_1252(&[byte])).collect::<String>();
        check(&twice("One\nThe school’s and the pupils’ data"), Some((2, "’", 2)));
        check(&twice("“£5” – café"), Some((1, "“", 5)));
        check("the pupils‚Äô and the school‚Äôs", Some((1, "’", 2)));
        check("The school’s café – £5", None);
        check("Âge and â€™ once", None);
        check("", None);
    }
}

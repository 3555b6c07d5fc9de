//! What other programs write anew when they sign, besides the field: which program wrote last, and when. None of it is
//! drawn on a page. It is judged entry by entry all the same: what a reader is told of the document has to stay as it was.

use crate::pdf::{Document, Object, Spanned, push_references, read_metadata_stream};

/// Entries of the catalog: the version and the extensions of the standard that the file makes use of (ISO 32000-1, 7.12).
const OF_CATALOG: [&str; 2] = ["Extensions", "Version"];

/// Entries of the information dictionary.
const OF_INFORMATION: [&str; 2] = ["ModDate", "Producer"];

/// Entries of the metadata's stream; none that packs it, so that it has one reading.
const OF_METADATA: [&str; 3] = ["Type", "Subtype", "Length"];

/// Whether an object that was replaced is of this kind; it is not where it is something else.
///
/// # Errors
/// Why the change to it is not allowed.
pub(super) fn judge(old: &Document<'_>, new: &Document<'_>, number: u32, after: &Spanned) -> Result<bool, &'static str> {
    let is_it = |value: Option<&Spanned>| value.is_some_and(|value| value.object == Object::Reference(number, 0));
    let trailer = &old.newest().trailer;
    let catalog = old.read_catalog().map_err(|_| "the catalog cannot be read")?;
    if is_it(trailer.get("Root")) {
        let Object::Dictionary(after) = &after.object else { return Err("the catalog was changed") };
        let mut led_to = Vec::new();
        after.get("Extensions").into_iter().for_each(|extensions| push_references(extensions, &mut led_to));
        let is_known = after.get("Version").is_none() || matches!(after.get_name("Version"), Some(b"1.7" | b"2.0"));
        let is_same = catalog.means_except(after, &OF_CATALOG);
        return judged(is_same && is_known && led_to.is_empty(), "the catalog was changed");
    }
    if is_it(trailer.get("Info")) {
        let changed = "what the document says of itself was changed";
        let before = trailer.get("Info").and_then(|information| old.resolve(information, true).ok());
        let (Some(Object::Dictionary(before)), Object::Dictionary(after)) = (before.map(|found| found.value.object), &after.object) else {
            return Err(changed);
        };
        let are_words = OF_INFORMATION.iter().filter_map(|key| after.get(key)).all(|value| value.object.as_text().is_some());
        return judged(before.means_except(after, &OF_INFORMATION) && are_words, changed);
    }
    if is_it(catalog.get("Metadata")) {
        let is_plain = match &after.object {
            Object::Stream(entries, _) => {
                entries.get_name("Type") == Some(b"Metadata")
                    && entries.get_name("Subtype") == Some(b"XML")
                    && entries.iter().all(|(key, _)| OF_METADATA.iter().any(|name| name.as_bytes() == key))
            }
            _ => false,
        };
        let title = |document: &Document<'_>| {
            let metadata = read_metadata_stream(document).ok()??;
            read_title(std::str::from_utf8(&metadata).ok()?)
        };
        let title_before = title(old);
        return judged(is_plain && title_before.is_some() && title_before == title(new), "the document's title was changed");
    }
    Ok(false)
}

fn judged(is_allowed: bool, reason: &'static str) -> Result<bool, &'static str> {
    if is_allowed { Ok(true) } else { Err(reason) }
}

/// The title that XMP gives a document, and that a reader shows; none where there could be more than one reading of it.
fn read_title(metadata: &str) -> Option<String> {
    let is_plain = metadata.matches("xmlns:dc=\"http://purl.org/dc/elements/1.1/\"").count() == 1
        && metadata.matches("http://purl.org/dc/elements/1.1/").count() == 1
        && metadata.matches("dc:title").count() == 2
        && ["<!--", "<![", "<!DOCTYPE"].iter().all(|mark| !metadata.contains(mark));
    if !is_plain {
        return None;
    }
    let (inner, _) = metadata.split_once("<dc:title>")?.1.split_once("</dc:title>")?;
    // The title stands in a list of languages that has one entry.
    let mut words = inner.split('<').map(|piece| piece.rsplit('>').next().unwrap_or_default().trim()).filter(|words| !words.is_empty());
    match (words.next(), words.next()) {
        (Some(title), None) => Some(decode_entities(title)),
        _ => None,
    }
}

/// The five entities of XML.
fn decode_entities(text: &str) -> String {
    let marks = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    marks.iter().fold(text.to_owned(), |text, (entity, mark)| text.replace(entity, mark))
}

#[cfg(test)]
mod tests {
    use super::read_title;

    #[test]
    fn a_title_is_read_in_one_way_or_not_at_all() {
        let wrap = |inner: &str| format!("<r xmlns:dc=\"http://purl.org/dc/elements/1.1/\">{inner}</r>");
        let title = |words: &str| format!("<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{words}</rdf:li></rdf:Alt></dc:title>");
        let read = |text: &str| read_title(text);
        assert_eq!(read(&wrap(&title("Tom &amp; Jerry's"))), Some("Tom & Jerry's".to_owned()));
        assert_eq!(read(&wrap(&title("Tom &amp; Jerry&apos;s"))), Some("Tom & Jerry's".to_owned()));
        assert_eq!(read(&wrap(&title("&amp;lt;"))), Some("&lt;".to_owned()));
        for refused in [
            wrap(""),
            wrap(&title("")),
            wrap(&title("one").repeat(2)),
            wrap(&format!("<!-- {} -->", title("one"))),
            wrap("<dc:title><rdf:Alt><rdf:li>one</rdf:li><rdf:li>two</rdf:li></rdf:Alt></dc:title>"),
            wrap(&title("one")).replace("xmlns:dc", "xmlns:other"),
            wrap(&format!("<x:title xmlns:x=\"http://purl.org/dc/elements/1.1/\">two</x:title>{}", title("one"))),
            title("one"),
        ] {
            assert_eq!(read(&refused), None, "{refused}");
        }
    }
}

//! Whom and what XMP names: the title, the author and the subject of a document, which a reader shows. Read in one way or not
//! at all: this is no XML reader, and what could be read in another way is refused.

/// The properties that a later revision may not change.
const PROPERTIES: [&str; 3] = ["dc:title", "dc:creator", "dc:description"];

const NAMESPACE: &str = "http://purl.org/dc/elements/1.1/";

/// What the properties say: a list of words each, empty where the property is not there. None where it is not plain.
pub(super) fn read_names(metadata: &str) -> Option<[Vec<String>; 3]> {
    if ["<!--", "<![", "<!DOCTYPE", "<!ENTITY"].iter().any(|mark| metadata.contains(mark)) {
        return None;
    }
    // Declared again with the same meaning, as some programs do, it is the same name.
    let declared = ['"', '\''].map(|quote| format!(" xmlns:dc={quote}{NAMESPACE}{quote}"));
    let declarations: usize = declared.iter().map(|declaration| metadata.matches(declaration).count()).sum();
    let is_plain = metadata.matches(NAMESPACE).count() == declarations && metadata.matches("xmlns:dc=").count() == declarations;
    let mentions = PROPERTIES.iter().any(|property| metadata.contains(property));
    if !is_plain || (mentions && declarations == 0) {
        return None;
    }
    let plain = declared.iter().fold(metadata.to_owned(), |text, declaration| text.replace(declaration, ""));
    let [title, creator, description] = PROPERTIES.map(|property| read_property(&plain, property));
    Some([title?, creator?, description?])
}

fn read_property(metadata: &str, property: &str) -> Option<Vec<String>> {
    match metadata.matches(property).count() {
        0 => return Some(Vec::new()),
        2 => {}
        _ => return None,
    }
    let (inner, _) = metadata.split_once(&format!("<{property}>"))?.1.split_once(&format!("</{property}>"))?;
    let words = inner.split('<').map(|piece| piece.rsplit('>').next().unwrap_or_default().trim()).filter(|words| !words.is_empty());
    let words: Vec<String> = words.map(decode_entities).collect::<Option<_>>()?;
    (!words.is_empty()).then_some(words)
}

/// The five entities of XML; none where there is another.
fn decode_entities(text: &str) -> Option<String> {
    const MARKS: [(&str, &str); 5] = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    let known: usize = MARKS.iter().map(|(entity, _)| text.matches(entity).count()).sum();
    (text.matches('&').count() == known).then(|| MARKS.iter().fold(text.to_owned(), |text, (entity, mark)| text.replace(entity, mark)))
}

#[cfg(test)]
mod tests {
    use super::read_names;

    fn wrap(inner: &str) -> String {
        format!("<r xmlns:dc=\"http://purl.org/dc/elements/1.1/\">{inner}</r>")
    }

    fn title(words: &str) -> String {
        format!("<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{words}</rdf:li></rdf:Alt></dc:title>")
    }

    #[test]
    fn a_title_is_read_in_one_way_or_not_at_all() {
        let read = |text: &str| read_names(text).map(|[title, ..]| title);
        let one = |words: &str| Some(vec![words.to_owned()]);
        assert_eq!(read(&wrap(&title("Tom &amp; Jerry's"))), one("Tom & Jerry's"));
        assert_eq!(read(&wrap(&title("Tom &amp; Jerry&apos;s"))), one("Tom & Jerry's"));
        assert_eq!(read(&wrap(&title("&amp;lt;"))), one("&lt;"));
        let again = "<dc:title xmlns:dc=\"http://purl.org/dc/elements/1.1/\">";
        assert_eq!(read(&wrap(&title("one").replace("<dc:title>", again))), one("one"));
        assert_eq!(read(&wrap(&title("one").replace("<dc:title>", &again.replace("1.1", "1.2")))), None);
        assert_eq!(read(&wrap("")), Some(Vec::new()));
        assert_eq!(read("<r/>"), Some(Vec::new()));
        for refused in [
            wrap(&title("")),
            wrap(&title("one").repeat(2)),
            wrap(&title("one &#33;")),
            wrap(&format!("<!-- {} -->", title("one"))),
            wrap(&title("one")).replace("xmlns:dc", "xmlns:other"),
            wrap(&format!("<x:title xmlns:x=\"http://purl.org/dc/elements/1.1/\">two</x:title>{}", title("one"))),
            wrap("<rdf:Description dc:title=\"one\"/>"),
            title("one"),
        ] {
            assert_eq!(read(&refused), None, "{refused}");
        }
    }

    #[test]
    fn the_author_and_the_subject_are_read_as_the_title_is() {
        let names = "<dc:creator><rdf:Seq><rdf:li>Ann</rdf:li><rdf:li>Ben</rdf:li></rdf:Seq></dc:creator>\
                     <dc:description><rdf:Alt><rdf:li>About</rdf:li></rdf:Alt></dc:description>";
        let [title, creator, description] = read_names(&wrap(names)).expect("read");
        assert_eq!((title, creator, description), (vec![], vec!["Ann".to_owned(), "Ben".to_owned()], vec!["About".to_owned()]));
        assert_eq!(read_names(&wrap(&names.replace("<dc:creator>", "<dc:creator x=\"\">"))), None);
    }
}

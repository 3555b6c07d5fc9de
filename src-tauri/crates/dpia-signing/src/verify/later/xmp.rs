//! Whom and what XMP names: the title, the author and the subject of a document, which a reader shows. Read in one way or not
//! at all: this is no XML reader, and what could be read in another way is refused. Some readers know namespaces and others
//! compare names as they are written, in either letter case; some look through the whole text. So the properties stand where
//! XMP puts them (ISO 16684-1, 7.4), under their usual names, and nothing that is like them is elsewhere.

/// The properties that a later revision may not change.
const PROPERTIES: [&str; 3] = ["dc:title", "dc:creator", "dc:description"];

/// Where a property is, from the innermost outwards; `x:xmpmeta` may be left out.
const PLACE: [&str; 3] = ["rdf:Description", "rdf:RDF", "x:xmpmeta"];

/// What its words stand in.
const LISTS: [&str; 3] = ["rdf:Alt", "rdf:Seq", "rdf:Bag"];

/// Prefixes that have one meaning here, in any declaration.
const NAMESPACES: [(&str, &str); 3] =
    [("dc", "http://purl.org/dc/elements/1.1/"), ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"), ("x", "adobe:ns:meta/")];

/// What Adobe's own reader takes for the namespace of `dc` too.
const OLDER: &str = "http://purl.org/dc/1.1/";

/// How deep elements may nest, and how many attributes one may have; documents need few.
const MAX_DEPTH: usize = 64;
const MAX_ATTRIBUTES: usize = 256;

/// The words of a property: in which language, and which. The default language is none.
pub(super) type Words = (Option<String>, String);

/// An element that is open.
struct Open<'t> {
    name: &'t str,
    /// Which of the known namespaces are declared here.
    known: [bool; 3],
    language: Option<String>,
}

/// What the properties say: a list of words each, empty where the property is not there. None where it is not plain.
pub(super) fn read_names(metadata: &str) -> Option<[Vec<Words>; 3]> {
    let mut found: [Option<Vec<Words>>; 3] = [None, None, None];
    let (mut open, mut roots, mut graphs): (Vec<Open<'_>>, usize, usize) = (Vec::new(), 0, 0);
    let mut about: Option<String> = None;
    let (before, elements) = take_wrapper(metadata)?.split_once('<')?;
    before.is_empty().then_some(())?;
    for piece in elements.split('<') {
        let (tag, text) = piece.split_once('>')?;
        if let Some(name) = tag.strip_prefix('/') {
            (open.pop()?.name == name.trim_end()).then_some(())?;
        } else {
            let (tag, is_empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
            let (name, attributes) = read_tag(tag)?;
            is_usual(name).then_some(())?;
            roots += usize::from(open.is_empty());
            graphs += usize::from(name == "rdf:RDF");
            let element = read_element(name, &attributes, open.last())?;
            check_prefixes(name, &attributes, &element.known)?;
            if let Some(property) = PROPERTIES.iter().position(|property| *property == name) {
                let stands_well = open.iter().rev().map(|outer| outer.name).eq(PLACE.into_iter().take(open.len())) && open.len() >= 2;
                let is_bare = attributes.iter().all(|(key, _)| key.starts_with("xmlns:"));
                (stands_well && is_bare && !is_empty && found[property].replace(Vec::new()).is_none()).then_some(())?;
            } else if let Some(at) = open.iter().position(|outer| PROPERTIES.contains(&outer.name)) {
                // Within a property: a list, and its words.
                let is_known = if at + 1 == open.len() { LISTS.contains(&name) } else { at + 2 == open.len() && name == "rdf:li" };
                let is_bare = attributes.iter().all(|(key, _)| key.starts_with("xmlns:") || (name == "rdf:li" && *key == "xml:lang"));
                (is_known && is_bare).then_some(())?;
            }
            // All that is described is one thing, the document.
            if name == "rdf:Description" && open.last().is_some_and(|outer| outer.name == "rdf:RDF") {
                let own = attributes.iter().find(|(key, _)| *key == "rdf:about").map_or("", |(_, value)| value).to_owned();
                (about.get_or_insert_with(|| own.clone()) == &own).then_some(())?;
            }
            if !is_empty {
                open.push(element);
                (open.len() <= MAX_DEPTH).then_some(())?;
            }
        }
        take_words(text, &open, &mut found)?;
    }
    (open.is_empty() && roots == 1 && graphs <= 1).then_some(())?;
    let [title, creator, description] = found.map(|words| match words {
        Some(words) if words.is_empty() => None,
        words => Some(words.unwrap_or_default()),
    });
    Some([title?, creator?, description?])
}

/// What is between the two marks of an XMP packet (ISO 16684-1, 7.3.2), or is it all.
fn take_wrapper(metadata: &str) -> Option<&str> {
    let mut rest = metadata.trim_start_matches('\u{feff}').trim();
    if let Some(packet) = rest.strip_prefix("<?xpacket ") {
        rest = packet.split_once("?>")?.1.trim();
        let (inner, end) = rest.rsplit_once("<?xpacket ")?;
        (end.split_once("?>")?.1.is_empty()).then_some(())?;
        rest = inner.trim();
    }
    (!rest.contains("<?") && !rest.contains("<!")).then_some(rest)
}

/// The name of a tag and its attributes, each once.
fn read_tag(tag: &str) -> Option<(&str, Vec<(&str, &str)>)> {
    let (name, mut rest) = split_name(tag)?;
    let mut attributes: Vec<(&str, &str)> = Vec::new();
    while !rest.trim_start().is_empty() {
        rest.starts_with(|c: char| c.is_ascii_whitespace()).then_some(())?;
        let (key, after) = split_name(rest.trim_start())?;
        let after = after.trim_start().strip_prefix('=')?.trim_start();
        let quote = after.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let (value, after) = after[1..].split_once(quote)?;
        (attributes.len() < MAX_ATTRIBUTES && attributes.iter().all(|(other, _)| *other != key)).then_some(())?;
        attributes.push((key, value));
        rest = after;
    }
    Some((name, attributes))
}

fn split_name(text: &str) -> Option<(&str, &str)> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, ':' | '_' | '-' | '.');
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    (!name.is_empty()).then_some((name, rest))
}

/// Whether a name is none that only some readers take for one that is known here.
fn is_usual(name: &str) -> bool {
    let mut known = PROPERTIES.iter().chain(&PLACE).chain(&LISTS).chain(&["rdf:li"]);
    known.all(|known| name == *known || !name.eq_ignore_ascii_case(known))
}

/// The element that a tag opens; none where it gives a known prefix another meaning, or a known meaning another prefix.
fn read_element<'t>(name: &'t str, attributes: &[(&str, &str)], outer: Option<&Open<'_>>) -> Option<Open<'t>> {
    let mut known = outer.map_or([false; 3], |outer| outer.known);
    let mut language = None;
    for (key, value) in attributes {
        if *key == "xml:lang" {
            language = Some(decode_entities(value)?).filter(|language| language != "x-default");
        }
        let Some(prefix) = key.strip_prefix("xmlns:") else {
            // An element without a prefix would have the meaning that this gives it.
            if *key == "xmlns" {
                return None;
            }
            continue;
        };
        if value.contains('&') || value.contains(char::is_whitespace) || *value == OLDER {
            return None;
        }
        match NAMESPACES.iter().position(|(known, meaning)| known.eq_ignore_ascii_case(prefix) || meaning == value) {
            Some(index) if NAMESPACES[index] == (prefix, *value) => known[index] = true,
            Some(_) => return None,
            None => {}
        }
    }
    Some(Open { name, known, language })
}

/// Known prefixes are used where they are declared; no property is an attribute.
fn check_prefixes(name: &str, attributes: &[(&str, &str)], known: &[bool; 3]) -> Option<()> {
    let names = attributes.iter().map(|(key, _)| *key).chain([name]);
    for (prefix, _) in names.filter_map(|name| name.split_once(':')) {
        let index = NAMESPACES.iter().position(|(known, _)| known.eq_ignore_ascii_case(prefix));
        index.is_none_or(|index| NAMESPACES[index].0 == prefix && known[index]).then_some(())?;
    }
    let is_property = |key: &str| PROPERTIES.iter().any(|property| property.eq_ignore_ascii_case(key));
    (!attributes.iter().any(|(key, _)| is_property(key))).then_some(())
}

/// Keeps the words that are behind a tag, where they are a property's; others are passed over.
fn take_words(text: &str, open: &[Open<'_>], found: &mut [Option<Vec<Words>>; 3]) -> Option<()> {
    (!text.contains('>')).then_some(())?;
    let words = text.trim();
    let Some((at, property)) =
        open.iter().enumerate().find_map(|(at, outer)| Some((at, PROPERTIES.iter().position(|name| *name == outer.name)?)))
    else {
        return (!open.is_empty() || words.is_empty()).then_some(());
    };
    if words.is_empty() {
        return Some(());
    }
    // Directly, or in an item of a list.
    let innermost = open.last().filter(|_| at + 1 == open.len() || at + 3 == open.len())?;
    let words = (innermost.language.clone(), decode_entities(words)?);
    found[property].as_mut()?.push(words);
    Some(())
}

/// The five entities of XML; none where there is another.
fn decode_entities(text: &str) -> Option<String> {
    const MARKS: [(&str, &str); 5] = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    let known: usize = MARKS.iter().map(|(entity, _)| text.matches(entity).count()).sum();
    (text.matches('&').count() == known).then(|| MARKS.iter().fold(text.to_owned(), |text, (entity, mark)| text.replace(entity, mark)))
}

#[cfg(test)]
mod tests {
    use super::{Words, read_names};

    fn wrap(inner: &str) -> String {
        format!(
            "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
             <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">{inner}</rdf:Description></rdf:RDF></x:xmpmeta>"
        )
    }

    fn title(words: &str) -> String {
        format!("<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{words}</rdf:li></rdf:Alt></dc:title>")
    }

    fn one(words: &str) -> Vec<Words> {
        vec![(None, words.to_owned())]
    }

    #[test]
    fn a_title_is_read_in_one_way_or_not_at_all() {
        let read = |text: &str| read_names(text).map(|[title, ..]| title);
        let check = |text: &str, expected: &str| assert_eq!(read(text), Some(one(expected)), "{text}");
        check(&wrap(&title("Tom &amp; Jerry's")), "Tom & Jerry's");
        check(&wrap(&title("Tom &amp; Jerry&apos;s")), "Tom & Jerry's");
        check(&wrap(&title("&amp;lt;")), "&lt;");
        check(&wrap("<dc:title>one</dc:title>"), "one");
        check(&wrap(&format!("{}<other:title>two</other:title>", title("one"))), "one");
        let again = "<dc:title xmlns:dc=\"http://purl.org/dc/elements/1.1/\">";
        check(&wrap(&title("one").replace("<dc:title>", again)), "one");
        let in_packet = |text: &str| format!("\u{feff}<?xpacket begin=\"\u{feff}\" id=\"W\"?>\n{text}\n <?xpacket end=\"w\"?>\n");
        check(&in_packet(&wrap(&title("one"))), "one");
        assert_eq!(read(&wrap("")), Some(Vec::new()));
        assert_eq!(read("<r/>"), Some(Vec::new()));
        let alien = "<e:title xmlns:e=\"http://purl.org/dc/elements/1.1/\">two</e:title>";
        let whole = wrap(&title("one"));
        for refused in [
            // Nothing, twice, or with another reference.
            wrap(&title("")),
            wrap(&title("one").repeat(2)),
            wrap(&title("one &#33;")),
            wrap(&title("one &other;")),
            // Comments, sections, instructions, entities.
            wrap(&format!("<!-- {} -->", title("one"))),
            wrap(&title("<![CDATA[one]]>")),
            wrap(&format!("<?h {} ?>{}", title("one"), title("two").replace("dc:", "e:"))),
            wrap(&format!("{}<?xpacket end=\"w\"?>", title("one"))),
            in_packet(&format!("{whole}<?xpacket end=\"w\"?>")),
            format!("<!DOCTYPE r [<!ENTITY n \"two\">]>{whole}"),
            format!("<?xml version=\"1.0\" encoding=\"UTF-16\"?>{whole}"),
            // Namespaces: none, another, the same under another name, written with references, the older one.
            whole.replace("xmlns:dc", "xmlns:other"),
            whole.replace(" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"", ""),
            wrap(&title("one").replace("<dc:title>", &again.replace("1.1", "1.2"))),
            wrap(&format!("{}{alien}", title("one"))),
            wrap(&format!("{}{}", title("one"), alien.replace("1.1/", "1.1&#47;"))),
            wrap(&format!("{}{}", title("one"), alien.replace("elements/", ""))),
            wrap(&format!("{}{}", title("one"), alien.replace("e:title", "title").replace("xmlns:e", "xmlns"))),
            whole.replace("xmlns:rdf=\"http://www.w3.org", "xmlns:rdf=\"http://www.w4.org"),
            // Elsewhere, or with something around, in or about it.
            title("one"),
            wrap("<rdf:Description dc:title=\"one\"/>"),
            wrap(&format!("<pdfx:n rdf:parseType=\"Resource\">{}</pdfx:n>", title("one"))),
            wrap(&title("one").replace("<rdf:li", "<rdf:li rdf:parseType=\"Resource\"")),
            wrap(&title("<b>one</b>")),
            wrap(&title("one").replace("</rdf:Alt>", "two</rdf:Alt>")),
            wrap(&format!("{}<DC:Title>two</DC:Title>", title("one"))),
            wrap(&format!("{}<dc:Title>two</dc:Title>", title("one"))),
            whole.replace("</rdf:RDF>", "<rdf:Description rdf:about=\"other\"/></rdf:RDF>"),
            whole.replace("</x:xmpmeta>", "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"/></x:xmpmeta>"),
            whole.repeat(2),
            format!("{whole} more"),
            wrap(&format!("{}{}", "<a>".repeat(100), "</a>".repeat(100))),
            wrap(&format!("<a {}/>", (0..1000).map(|number| format!(" a{number}=\"\"")).collect::<String>())),
            whole.replace("</rdf:Description>", ""),
            whole.replace("<rdf:Alt>", "<rdf:Alt a=\"1\" a=\"2\">"),
            whole.replace("rdf:about=\"\"", "rdf:about=\"<dc:title>\""),
        ] {
            assert_eq!(read(&refused), None, "{refused}");
        }
    }

    #[test]
    fn the_author_and_the_subject_are_read_as_the_title_is() {
        let names = "<dc:creator><rdf:Seq><rdf:li>Ann</rdf:li><rdf:li>Ben</rdf:li></rdf:Seq></dc:creator>\
                     <dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">About</rdf:li><rdf:li xml:lang=\"cy\">Am</rdf:li>\
                     </rdf:Alt></dc:description>";
        let [title, creator, description] = read_names(&wrap(names)).expect("read");
        assert_eq!((title, creator), (vec![], [one("Ann"), one("Ben")].concat()));
        assert_eq!(description, [one("About"), vec![(Some("cy".to_owned()), "Am".to_owned())]].concat());
        assert_eq!(read_names(&wrap(&names.replace("<dc:creator>", "<dc:creator e:f=\"\">"))), None);
    }
}

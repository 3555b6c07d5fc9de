//! The tags, entities, escapes and bare addresses that conversions leave in a text. Tags that are not known are words.

/// The longest tag, entity or address that is read, in bytes.
const LONGEST: usize = 4096;

/// What a tag means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tag {
    Bold {
        is_open: bool,
    },
    Italic {
        is_open: bool,
    },
    Strike {
        is_open: bool,
    },
    Break,
    Box {
        is_ticked: bool,
    },
    LinkStart(Option<String>),
    LinkEnd,
    /// `<https://…>`: the address and the words that show it.
    Address {
        address: String,
        label: String,
    },
    /// A comment, as it stood.
    Comment(String),
    /// Layout: it says nothing about the words.
    Nothing,
}

/// Reads a tag at the start of a text, and how many bytes it took.
pub(crate) fn read_tag(text: &str) -> Option<(Tag, usize)> {
    if !text.starts_with('<') {
        return None;
    }
    if let Some(comment) = text.strip_prefix("<!--") {
        let end = bounded(comment).find("-->")?;
        return Some((Tag::Comment(comment[..end].trim().to_owned()), end + 7));
    }
    // The next `<` ends the search: it goes over no byte twice.
    let length = bounded(&text[1..]).find(['>', '<']).filter(|length| text[1 + length..].starts_with('>'))?;
    let (inner, end) = (&text[1..1 + length], 1 + length);
    let tag = read_name(inner).or_else(|| read_framed_address(inner))?;
    Some((tag, end + 1))
}

fn bounded(text: &str) -> &str {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn read_name(inner: &str) -> Option<Tag> {
    let (is_open, rest) = inner.strip_prefix('/').map_or((true, inner), |rest| (false, rest));
    let length = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let (name, attributes) = rest.split_at(length);
    if !attributes.is_empty() && !attributes.starts_with([' ', '/', '\t', '\n']) {
        return None;
    }
    Some(match name.to_ascii_lowercase().as_str() {
        "b" | "strong" => Tag::Bold { is_open },
        "i" | "em" => Tag::Italic { is_open },
        "s" | "del" | "strike" => Tag::Strike { is_open },
        "br" => Tag::Break,
        "input" => Tag::Box { is_ticked: attribute_names(attributes).any(|name| name.eq_ignore_ascii_case("checked")) },
        "a" if is_open => Tag::LinkStart(attribute(attributes, "href").filter(|a| !a.is_empty() && !a.starts_with('#'))),
        "a" => Tag::LinkEnd,
        "u" | "p" | "div" | "span" | "font" | "sup" | "sub" | "small" | "mark" | "center" | "label" | "ul" | "ol" | "li" | "dl" | "dt"
        | "dd" | "section" | "article" | "blockquote" | "figure" | "figcaption" | "table" | "tbody" | "thead" | "ins" => Tag::Nothing,
        _ => return None,
    })
}

/// The names of a tag's attributes, with or without a value.
fn attribute_names(attributes: &str) -> impl Iterator<Item = &str> {
    let mut rest = attributes;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches([' ', '\t', '\n', '/']);
        let end = rest.find(['=', ' ', '\t', '\n', '/']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        rest = match after.strip_prefix('=').map(str::trim_start) {
            Some(value) => match value.chars().next().filter(|c| matches!(c, '"' | '\'')) {
                Some(quote) => value[1..].split_once(quote).map_or("", |(_, after)| after),
                None => value.split_once([' ', '\t', '\n']).map_or("", |(_, after)| after),
            },
            None => after,
        };
        (!name.is_empty()).then_some(name)
    })
}

fn attribute(attributes: &str, name: &str) -> Option<String> {
    let at = attributes.to_ascii_lowercase().find(&format!("{name}="))?;
    let value = attributes.get(at + name.len() + 1..)?;
    let value = match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split(quote).next()?,
        _ => value.split([' ', '\t', '\n']).next()?,
    };
    Some(value.to_owned())
}

fn read_framed_address(inner: &str) -> Option<Tag> {
    if inner.contains(char::is_whitespace) {
        return None;
    }
    let label = inner.to_owned();
    if has_scheme(inner) {
        return Some(Tag::Address { address: label.clone(), label });
    }
    if let Some(mailbox) = inner.strip_prefix("mailto:") {
        return Some(Tag::Address { address: label, label: mailbox.to_owned() });
    }
    let (name, host) = inner.split_once('@')?;
    (!name.is_empty() && host.contains('.')).then(|| Tag::Address { address: format!("mailto:{inner}"), label })
}

fn has_scheme(text: &str) -> bool {
    let lower: String = text.chars().take(8).collect::<String>().to_ascii_lowercase();
    lower.starts_with("https://") || lower.starts_with("http://")
}

/// An address that is bare at the start of a text, without the punctuation after it.
pub(crate) fn read_bare_address(text: &str, before: char) -> Option<(&str, usize)> {
    if !text.starts_with(['h', 'H']) || before.is_alphanumeric() || !has_scheme(text) {
        return None;
    }
    let bounded = bounded(text);
    let end =
        bounded.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '“' | '”' | '[' | ']' | '|')).unwrap_or(bounded.len());
    let mut address = &bounded[..end];
    while let Some(last) = address.chars().next_back() {
        let is_closing = last == ')' && address.matches('(').count() >= address.matches(')').count();
        if is_closing || !matches!(last, '.' | ',' | ';' | ':' | '!' | '?' | ')' | '\'' | '’' | '*' | '_' | '~') {
            break;
        }
        address = &address[..address.len() - last.len_utf8()];
    }
    (address.len() > "https://".len()).then_some((address, address.len()))
}

/// The longest attributes of a heading or a span, in bytes.
const LONGEST_ATTRIBUTES: usize = 300;

/// How long the attributes at the start of a text are, such as `{#security .unnumbered}`: names after `#`, `.` or `=`, and
/// values beside them.
pub(crate) fn read_attributes(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('{')?;
    let end = inner.bytes().take(LONGEST_ATTRIBUTES).position(|b| matches!(b, b'}' | b'{' | b'\n'))?;
    let is_name = |part: &str| part.strip_prefix(['#', '.', '=']).is_some_and(|name| name.starts_with(char::is_alphabetic)) || part == "-";
    let inner = inner.get(..end).filter(|_| text[end + 1..].starts_with('}'))?;
    let mut parts = inner.split_whitespace().filter(|part| !part.contains('='));
    let is_all = inner.split_whitespace().all(|part| is_name(part) || part.find('=').is_some_and(|at| at > 0) || part.ends_with('"'));
    (is_all && (parts.any(is_name) || inner.starts_with('=')) || are_values(inner)).then_some(end + 2)
}

/// `custom-style="Body Text"`, and others like it.
fn are_values(inner: &str) -> bool {
    let mut rest = inner.trim();
    while let Some((name, after)) = rest.split_once("=\"") {
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        match after.split_once('"').filter(|_| is_name) {
            Some((_, "")) => return true,
            Some((_, after)) if after.starts_with(' ') => rest = after.trim_start(),
            Some(_) | None => return false,
        }
    }
    false
}

/// How long the fence is that is all of a line at the start of a text: `:::`, three of them or more and a name or attributes, or
/// the same with strokes around code.
pub(crate) fn read_fence(text: &str) -> Option<usize> {
    let end = text.bytes().take(LONGEST_ATTRIBUTES).position(|b| b == b'\n').unwrap_or(text.len().min(LONGEST_ATTRIBUTES));
    let line = text.get(..end).filter(|_| end == text.len() || text[end..].starts_with('\n'))?;
    let first = line.chars().next().filter(|c| matches!(c, ':' | '`' | '~'))?;
    let rest = line.trim_start_matches(first);
    let name = rest.trim_matches([' ', first]);
    let is_named = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') || read_attributes(name) == Some(name.len());
    (line.len() - rest.len() >= 3 && is_named).then_some(end)
}

/// The character that a backslash protects.
pub(crate) fn read_escape(text: &str) -> Option<char> {
    let letter = text.strip_prefix('\\')?.chars().next()?;
    "*_#[]()<>~`|-+.!&\"'{}$@".contains(letter).then_some(letter)
}

/// Reads an entity at the start of a text, and how many bytes it took.
pub(crate) fn read_entity(text: &str) -> Option<(char, usize)> {
    let inner = text.strip_prefix('&')?;
    let end = inner.bytes().take(10).position(|b| b == b';')?;
    let name = &inner[..end];
    let letter = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "bull" => '•',
        "pound" => '£',
        "euro" => '€',
        "copy" => '©',
        "eacute" => 'é',
        _ => {
            let digits = name.strip_prefix('#')?;
            let number = match digits.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(number).filter(|c| !c.is_control() && !('\u{fdd0}'..='\u{fdef}').contains(c))?
        }
    };
    Some((letter, end + 2))
}

//! FieldMDP (ISO 32000-2, 12.8.2.4): which fields a signature locks. A locked field that waits may not be signed later.

use crate::pdf::{Dictionary, Object, decode_text};

/// The entries that the parameters may have.
const PARAMETERS: [&str; 5] = ["Type", "Action", "Fields", "V", "P"];

/// Which fields are locked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Locks {
    /// None.
    #[default]
    None,
    /// All.
    All,
    /// Those named, and all below them.
    Only(Vec<String>),
    /// All but those named, and what is below them.
    AllBut(Vec<String>),
}

impl Locks {
    /// The locks of a signature's dictionary; none where they are not written plainly.
    pub(crate) fn read(signature: &Dictionary) -> Option<Locks> {
        let Some(references) = signature.get("Reference") else { return Some(Locks::None) };
        let Object::Array(references) = &references.object else { return None };
        let mut locks = Locks::None;
        for reference in references {
            let Object::Dictionary(reference) = &reference.object else { return None };
            match reference.get_name("TransformMethod")? {
                b"FieldMDP" if locks == Locks::None => locks = read_parameters(reference)?,
                b"DocMDP" => {}
                _ => return None,
            }
        }
        Some(locks)
    }

    /// Whether the field of this full name is locked.
    pub(crate) fn hold(&self, field: &str) -> bool {
        let names = |named: &[String]| named.iter().any(|name| name == field || field.strip_prefix(name.as_str()).is_some_and(is_below));
        match self {
            Locks::None => false,
            Locks::All => true,
            Locks::Only(named) => names(named),
            Locks::AllBut(named) => !names(named),
        }
    }
}

fn is_below(rest: &str) -> bool {
    rest.starts_with('.')
}

fn read_parameters(reference: &Dictionary) -> Option<Locks> {
    let Object::Dictionary(parameters) = &reference.get("TransformParams")?.object else { return None };
    if !parameters.iter().all(|(key, _)| PARAMETERS.iter().any(|name| name.as_bytes() == key)) {
        return None;
    }
    let fields = || -> Option<Vec<String>> {
        let Object::Array(items) = &parameters.get("Fields")?.object else { return None };
        items.iter().map(|item| item.object.as_text().map(|bytes| decode_text(&bytes))).collect()
    };
    match parameters.get_name("Action")? {
        b"All" => Some(Locks::All),
        b"Include" => Some(Locks::Only(fields()?)),
        b"Exclude" => Some(Locks::AllBut(fields()?)),
        _ => None,
    }
}

/// Whether a signature's references name this method.
pub(crate) fn names_method(signature: &Dictionary, method: &[u8]) -> bool {
    match signature.get("Reference").map(|references| &references.object) {
        Some(Object::Array(references)) => references.iter().any(|reference| match &reference.object {
            Object::Dictionary(reference) => reference.get_name("TransformMethod") == Some(method),
            _ => false,
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::Locks;

    #[test]
    fn a_lock_holds_a_field_and_all_below_it() {
        let named = || vec!["A".to_owned(), "B.C".to_owned()];
        let check = |locks: Locks, field: &str, holds: bool| assert_eq!(locks.hold(field), holds, "{locks:?} {field}");
        check(Locks::None, "A", false);
        check(Locks::All, "A", true);
        for (field, is_named) in [("A", true), ("A.x", true), ("AB", false), ("B", false), ("B.C", true), ("B.C.d", true), ("", false)] {
            check(Locks::Only(named()), field, is_named);
            check(Locks::AllBut(named()), field, !is_named);
        }
    }
}

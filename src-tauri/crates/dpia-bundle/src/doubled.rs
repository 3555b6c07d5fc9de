//! Refuses a JSON text with two members of one name in one object: readers differ in which of the two they take (RFC 8259, 4).

use crate::error::BundleError;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeSet;
use std::fmt;

/// Refuses a JSON text that says something twice.
pub(crate) fn check(part: &str, json: &[u8]) -> Result<(), BundleError> {
    let mut reader = serde_json::Deserializer::from_slice(json);
    Once.deserialize(&mut reader).map_err(|source| BundleError::Unreadable { part: part.to_owned(), source })
}

/// Reads any value and keeps nothing of it.
#[derive(Clone, Copy)]
struct Once;

impl<'de> DeserializeSeed<'de> for Once {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Once {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(Once)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut names = BTreeSet::new();
        while let Some(name) = members.next_key::<String>()? {
            if names.contains(&name) {
                return Err(A::Error::custom(format_args!("{name:?} is there twice in one object")));
            }
            members.next_value_seed(Once)?;
            names.insert(name);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_there_twice_in_one_object_is_refused() {
        let check = |json: &str, is_refused: bool| assert_eq!(check("a", json.as_bytes()).is_err(), is_refused, "{json}");
        check(r#"{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}"#, false);
        check(r#"{"a":1,"a":1}"#, true);
        check(r#"{"a":1,"b":2,"\u0061":3}"#, true);
        check(r#"[{"x":{"a":[],"a":{}}}]"#, true);
        check(r#"{"a":null,"b":1.5,"c":-2,"d":true,"e":"é"}"#, false);
        check(r#"{"":0,"":0}"#, true);
        check("{", true);
    }
}

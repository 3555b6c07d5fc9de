//! Trees to JSON and back. What is written can be read again: the depth is bounded before it is written.

use crate::error::StoreError;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The deepest tree kept. The reader gives up at 128.
const MOST_DEPTH: usize = 120;

pub(crate) fn to_text<T: Serialize>(tree: &T) -> Result<String, StoreError> {
    // Only a map with keys that are no text fails to serialise, and the model has none.
    let text = serde_json::to_string(tree).map_err(|error| StoreError::damaged(format!("a tree cannot be written: {error}")))?;
    match depth(&text) {
        depth if depth > MOST_DEPTH => Err(StoreError::TooDeep { depth, most: MOST_DEPTH }),
        _ => Ok(text),
    }
}

pub(crate) fn from_text<T: DeserializeOwned>(text: &str, what: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::damaged(format!("{what} cannot be read: {error}")))
}

/// The deepest nesting of arrays and objects in this JSON.
fn depth(json: &str) -> usize {
    let (mut depth, mut deepest, mut in_string, mut escaped) = (0usize, 0, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_words_are_no_depth() {
        let check = |json: &str, expected: usize| assert_eq!(depth(json), expected, "{json}");
        check("1", 0);
        check("[[{}]]", 3);
        check(r#"{"a":"[[[","b":[]}"#, 2);
        check(r#"["\"[","\\"]"#, 1);
    }

    #[test]
    fn a_tree_too_deep_to_be_read_back_is_not_written() {
        let nested = |levels: usize| (0..levels).fold(serde_json::Value::Null, |inner, _| serde_json::Value::Array(vec![inner]));
        assert!(to_text(&nested(MOST_DEPTH)).is_ok_and(|text| from_text::<serde_json::Value>(&text, "it").is_ok()));
        assert!(matches!(to_text(&nested(MOST_DEPTH + 1)), Err(StoreError::TooDeep { depth: 121, most: 120 })));
    }
}

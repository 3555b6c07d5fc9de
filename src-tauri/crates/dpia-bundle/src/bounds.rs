//! Bounds a JSON text before it is read as a tree: how deep it goes, how long its longest text is.

use crate::error::BundleError;
use crate::limits::{MOST_DEPTH, MOST_TEXT};

/// Refuses a JSON text that goes too deep or holds too long a text.
pub(crate) fn check(part: &str, json: &[u8]) -> Result<(), BundleError> {
    let (depth, longest) = measure(json);
    if depth > MOST_DEPTH {
        return Err(BundleError::TooDeep { part: part.to_owned(), found: depth, most: MOST_DEPTH });
    }
    if longest > MOST_TEXT {
        return Err(BundleError::TooLong { part: part.to_owned(), found: longest, most: MOST_TEXT });
    }
    Ok(())
}

/// The deepest nesting of arrays and objects, and the bytes of the longest text as it is written.
fn measure(json: &[u8]) -> (usize, usize) {
    let (mut depth, mut deepest, mut longest) = (0usize, 0, 0);
    let mut begun: Option<usize> = None;
    let mut escaped = false;
    for (at, byte) in json.iter().enumerate() {
        match (begun, byte) {
            (Some(_), _) if escaped => escaped = false,
            (Some(_), b'\\') => escaped = true,
            (Some(start), b'"') => {
                longest = longest.max(at - start);
                begun = None;
            }
            (Some(_), _) => {}
            (None, b'"') => begun = Some(at + 1),
            (None, b'[' | b'{') => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            (None, b']' | b'}') => depth = depth.saturating_sub(1),
            (None, _) => {}
        }
    }
    // A text without an end is as long as what is left.
    (deepest, begun.map_or(longest, |start| longest.max(json.len() - start)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_and_length_are_measured_outside_and_inside_of_texts() {
        let check = |json: &str, expected: (usize, usize)| assert_eq!(measure(json.as_bytes()), expected, "{json}");
        check("1", (0, 0));
        check(r#"[{"a":"[[["}]"#, (2, 3));
        check(r#"["\"[","é"]"#, (1, 3));
        check(r#"["never ends"#, (1, 10));
    }
}

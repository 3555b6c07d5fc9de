//! Bounds a JSON text before it is read as a tree: how deep it goes, how long its longest text is, how many objects it has.

use crate::error::BundleError;
use crate::limits::{MOST_DEPTH, MOST_OBJECTS, MOST_TEXT};

/// What a JSON text would be as a tree.
#[derive(Debug, Default, PartialEq, Eq)]
struct Size {
    /// The deepest nesting of arrays and objects.
    depth: usize,
    /// The bytes of the longest text, as it is written.
    longest: usize,
    /// How many objects there are: a tree takes many times their bytes.
    objects: usize,
}

/// Refuses a JSON text, or lines of it, that would be too much as a tree.
pub(crate) fn check(part: &str, json: &[u8]) -> Result<(), BundleError> {
    let size = measure(json);
    let part = || part.to_owned();
    if size.depth > MOST_DEPTH {
        return Err(BundleError::TooDeep { part: part(), found: size.depth, most: MOST_DEPTH });
    }
    if size.longest > MOST_TEXT {
        return Err(BundleError::TooLong { part: part(), found: size.longest, most: MOST_TEXT });
    }
    if size.objects > MOST_OBJECTS {
        return Err(BundleError::TooManyObjects { part: part(), found: size.objects, most: MOST_OBJECTS });
    }
    Ok(())
}

fn measure(json: &[u8]) -> Size {
    let mut size = Size::default();
    let (mut depth, mut escaped) = (0usize, false);
    let mut begun: Option<usize> = None;
    for (at, byte) in json.iter().enumerate() {
        match (begun, byte) {
            (Some(_), _) if escaped => escaped = false,
            (Some(_), b'\\') => escaped = true,
            (Some(start), b'"') => {
                size.longest = size.longest.max(at - start);
                begun = None;
            }
            (Some(_), _) => {}
            (None, b'"') => begun = Some(at + 1),
            (None, b'[' | b'{') => {
                depth += 1;
                size.depth = size.depth.max(depth);
                size.objects += usize::from(*byte == b'{');
            }
            (None, b']' | b'}') => depth = depth.saturating_sub(1),
            (None, _) => {}
        }
    }
    // A text without an end is as long as what is left.
    size.longest = begun.map_or(size.longest, |start| size.longest.max(json.len() - start));
    size
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_length_and_objects_are_measured_outside_and_inside_of_texts() {
        let check = |json: &str, (depth, longest, objects): (usize, usize, usize)| {
            assert_eq!(measure(json.as_bytes()), Size { depth, longest, objects }, "{json}");
        };
        check("1", (0, 0, 0));
        check(r#"[{"a":"[[["}]"#, (2, 3, 1));
        check(r#"["\"[","é"]"#, (1, 3, 0));
        check("{}\n{\"a\":[{}]}\n", (3, 1, 3));
        check(r#"["never ends"#, (1, 10, 0));
    }

    #[test]
    fn more_objects_than_a_tree_may_have_are_refused() {
        let objects = |count: usize| ["[", &"{},".repeat(count - 1), "{}]"].concat();
        assert!(check("history.jsonl", objects(MOST_OBJECTS).as_bytes()).is_ok());
        let refused = check("history.jsonl", objects(MOST_OBJECTS + 1).as_bytes()).unwrap_err();
        assert_eq!(refused.to_string(), "the part history.jsonl of the bundle has 2000001 objects; the limit is 2000000");
    }
}

//! The JSON Schema says what the parts are: what is written follows it, and what does not follow it is not read.
#![allow(clippy::unwrap_used, reason = "what fails here fails the test")]

mod support;

use dpia_bundle::{Scope, write};
use dpia_model::arbitrary;
use dpia_model::id::RowId;
use dpia_model::version::{find_versions, keep_version};
use proptest::prelude::*;
use serde_json::{Value, json};
use support::*;

fn schema() -> Value {
    serde_json::from_str(include_str!("../schema/bundle-1.schema.json")).unwrap()
}

/// Judges a tree by the part of JSON Schema (draft 2020-12) that the schema uses; anything else in it is a failure.
fn judge(root: &Value, rule: &Value, tree: &Value) -> Result<(), String> {
    for (word, said) in rule.as_object().unwrap() {
        let fits = match word.as_str() {
            "description" => true,
            "$ref" => {
                judge(root, root.pointer(said.as_str().unwrap().strip_prefix('#').unwrap()).unwrap(), tree)?;
                true
            }
            "const" => said == tree,
            "enum" => said.as_array().unwrap().contains(tree),
            "oneOf" => said.as_array().unwrap().iter().filter(|rule| judge(root, rule, tree).is_ok()).count() == 1,
            "type" => match said.as_str().unwrap() {
                "object" => tree.is_object(),
                "array" => tree.is_array(),
                "string" => tree.is_string(),
                "boolean" => tree.is_boolean(),
                "integer" => tree.is_i64() || tree.is_u64(),
                "null" => tree.is_null(),
                other => panic!("the schema names the type {other}"),
            },
            "minimum" => tree.as_i64().is_some_and(|number| number >= said.as_i64().unwrap()),
            "maximum" => tree.as_i64().is_some_and(|number| number <= said.as_i64().unwrap()),
            "pattern" => tree.as_str().is_some_and(|text| matches_pattern(said.as_str().unwrap(), text)),
            "items" => {
                tree.as_array().into_iter().flatten().try_for_each(|item| judge(root, said, item))?;
                true
            }
            "properties" => {
                for (name, rule) in said.as_object().unwrap() {
                    tree.get(name).map_or(Ok(()), |value| judge(root, rule, value)).map_err(|error| format!("{name}: {error}"))?;
                }
                true
            }
            "required" => said.as_array().unwrap().iter().all(|name| tree.get(name.as_str().unwrap()).is_some()),
            "propertyNames" => {
                tree.as_object().into_iter().flatten().try_for_each(|(name, _)| judge(root, said, &json!(name)))?;
                true
            }
            "additionalProperties" => {
                let known = rule.get("properties").and_then(Value::as_object);
                let mut others =
                    tree.as_object().into_iter().flatten().filter(|(name, _)| known.is_none_or(|known| !known.contains_key(*name)));
                match said {
                    Value::Bool(false) => others.next().is_none(),
                    rule => {
                        others.try_for_each(|(name, value)| judge(root, rule, value).map_err(|error| format!("{name}: {error}")))?;
                        true
                    }
                }
            }
            other => panic!("the schema uses the word {other}"),
        };
        if !fits {
            return Err(format!("{word} {said} is not so of {tree}"));
        }
    }
    Ok(())
}

/// The few patterns of the schema: letters in brackets, a number of them, an optional group, one after the other.
fn matches_pattern(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.strip_prefix('^').and_then(|pattern| pattern.strip_suffix('$')).unwrap().chars().collect();
    let text: Vec<char> = text.chars().collect();
    fn go(pattern: &[char], text: &[char]) -> bool {
        let Some(first) = pattern.first() else { return text.is_empty() };
        // One unit, and what follows it.
        let (unit, rest): (&[char], &[char]) = match first {
            '[' => pattern.split_at(pattern.iter().position(|c| *c == ']').unwrap() + 1),
            '(' => pattern.split_at(pattern.iter().position(|c| *c == ')').unwrap() + 1),
            '\\' => pattern.split_at(2),
            _ => pattern.split_at(1),
        };
        let (least, most, rest) = match rest.first() {
            Some('?') => (0, 1, &rest[1..]),
            Some('{') => {
                let end = rest.iter().position(|c| *c == '}').unwrap();
                let counts: Vec<usize> = rest[1..end].iter().collect::<String>().split(',').map(|count| count.parse().unwrap()).collect();
                (counts[0], counts[counts.len() - 1], &rest[end + 1..])
            }
            _ => (1, 1, rest),
        };
        if unit[0] == '(' {
            let inner = [&unit[1..unit.len() - 1], rest].concat();
            return (least == 0 && go(rest, text)) || go(&inner, text);
        }
        let fits = |c: char| match unit {
            ['[', set @ .., ']'] => {
                let mut at = 0;
                while at < set.len() {
                    if at + 2 < set.len() && set[at + 1] == '-' {
                        if (set[at]..=set[at + 2]).contains(&c) {
                            return true;
                        }
                        at += 3;
                    } else if set[at] == c {
                        return true;
                    } else {
                        at += 1;
                    }
                }
                false
            }
            ['\\', literal] | [literal] => *literal == c,
            _ => panic!("the pattern has the unit {unit:?}"),
        };
        let run = text.iter().take(most).take_while(|c| fits(**c)).count();
        (least..=run).rev().any(|count| go(rest, &text[count..]))
    }
    go(&pattern, &text)
}

fn check_parts(bytes: &[u8]) -> Result<(), String> {
    let first = schema();
    let second: Value = serde_json::from_str(include_str!("../schema/bundle-2.schema.json")).unwrap();
    let version = unzip(bytes).into_iter().find(|(name, _)| name == "manifest.json").map(|(_, manifest)| {
        let manifest: Value = serde_json::from_slice(&manifest).unwrap();
        manifest["version"].as_u64().unwrap()
    });
    for (name, content) in unzip(bytes) {
        let definition = match name.as_str() {
            "manifest.json" => "manifest",
            "assessment.json" => "assessment",
            "brand.json" => "brand",
            "history.jsonl" => "entry",
            _ => continue,
        };
        let schema = if definition == "brand" && version == Some(2) { &second } else { &first };
        let rule = &schema["$defs"][definition];
        let trees: Vec<Value> = match definition {
            "manifest" if version == Some(2) => {
                let mut manifest: Value = serde_json::from_slice(&content).unwrap();
                manifest["version"] = json!(1);
                vec![manifest]
            }
            "entry" => String::from_utf8(content).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect(),
            _ => vec![serde_json::from_slice(&content).unwrap()],
        };
        trees.iter().try_for_each(|tree| judge(schema, rule, tree)).map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn every_bundle_written_follows_the_schema(
        mut assessment in arbitrary::assessment(),
        changes in proptest::collection::vec(arbitrary::change(), 0..8),
    ) {
        let history = edit(&mut assessment, changes);
        prop_assert_eq!(check_parts(&write(&bundle_of(assessment, history)).unwrap()), Ok(()));
    }
}

#[test]
fn a_bundle_with_pictures_and_a_copy_follow_the_schema() {
    let bundle = small_bundle();
    check_parts(&write(&bundle).unwrap()).unwrap();
    let copy = dpia_bundle::make_copy(&bundle, &Default::default(), bundle.assessment.id).unwrap();
    check_parts(&write(&copy).unwrap()).unwrap();
}

#[test]
fn a_bundle_whose_brand_names_typefaces_follows_the_second_schema() {
    let mut bundle = small_bundle();
    check_parts(&write(&bundle).unwrap()).unwrap();
    for typeface in [dpia_model::Typeface::Sans, dpia_model::Typeface::Serif] {
        bundle.brand.typeface = typeface;
        let bytes = write(&bundle).unwrap();
        check_parts(&bytes).unwrap();
        assert_eq!(dpia_bundle::read(&bytes).unwrap(), bundle);
    }
}

#[test]
fn a_named_version_follows_the_schema_of_the_first_release() {
    let mut bundle = small_bundle();
    let kept = keep_version(&"Sent to the board".parse().unwrap(), RowId(uuid::Uuid::from_u128(9)));
    let tree = serde_json::to_value(&kept).unwrap();
    assert_eq!(tree["changes"][0]["piece"]["place"], json!({"line": 0, "heading": "version", "question": null}));
    bundle.scope = Scope::Full { history: edit(&mut bundle.assessment, vec![kept]) };
    bundle.attachments.retain(|id, _| bundle.assessment.attachments.contains_key(id) || bundle.brand.logo == Some(*id));
    let bytes = write(&bundle).unwrap();
    check_parts(&bytes).unwrap();
    let Scope::Full { history } = dpia_bundle::read(&bytes).unwrap().scope else { panic!("it has a history") };
    assert_eq!(find_versions(&history).len(), 1);
}

#[test]
fn a_tree_that_is_not_so_does_not_follow_the_schema() {
    let schema = schema();
    let sound: Value = serde_json::to_value(&small_bundle().assessment).unwrap();
    let check = |pointer: &str, name: &str, value: Value| {
        let mut tree = sound.clone();
        tree.pointer_mut(pointer).unwrap()[name] = value;
        assert!(judge(&schema, &schema["$defs"]["assessment"], &tree).is_err(), "{pointer}/{name}");
        assert!(serde_json::from_value::<dpia_model::Assessment>(tree).is_err(), "{pointer}/{name}");
    };
    assert_eq!(judge(&schema, &schema["$defs"]["assessment"], &sound), Ok(()));
    check("", "surprise", json!(1));
    check("", "id", json!("not a uuid"));
    check("", "edition", json!("Upper Case"));
    check("/details", "product", json!(1));
    check("/answers/purpose.aims/content", "state", json!("maybe"));
    check("/answers/purpose.aims/content/value/text/blocks/0", "type", json!("html"));
    check("/answers", "Not A Slug", json!({"content": {"state": "unanswered"}, "origin": null}));
    check("/attachments", "short", json!({"media_type": "image/png", "width": 1, "height": 1, "bytes": 1}));
}

#[test]
fn patterns_are_judged_as_they_are_meant() {
    let check = |pattern: &str, text: &str, expected: bool| assert_eq!(matches_pattern(pattern, text), expected, "{pattern} {text}");
    check("^[a-z0-9._-]{1,3}$", "a-.", true);
    check("^[a-z0-9._-]{1,3}$", "", false);
    check("^[a-z0-9._-]{1,3}$", "abcd", false);
    check("^-?[0-9]{2}(\\.[0-9]{1,9})?Z$", "12Z", true);
    check("^-?[0-9]{2}(\\.[0-9]{1,9})?Z$", "-12.5Z", true);
    check("^-?[0-9]{2}(\\.[0-9]{1,9})?Z$", "12.Z", false);
}

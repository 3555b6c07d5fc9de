//! Laws that hold for every assessment and every row of edits.

mod support;

use dpia_model::arbitrary;
use dpia_model::history::check_chain;
use proptest::prelude::*;
use support::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn edits_kept_and_read_back_are_the_edits_applied(
        new in arbitrary::assessment(),
        changes in proptest::collection::vec(arbitrary::change(), 0..12),
    ) {
        let (place, store) = created();
        store.insert_assessment(new.clone(), at(0)).unwrap();
        let mut expected = new.clone();
        let mut revision = 0;
        for (number, change) in (1..).zip(changes) {
            let appended = store.append(new.id, revision, vec![entry(number, change.clone())]);
            match change.apply(&mut expected) {
                Ok(_) => {
                    let appended = appended.unwrap();
                    revision += 1;
                    prop_assert_eq!((&appended.assessment, appended.revision), (&expected, revision));
                }
                Err(_) => prop_assert!(appended.is_err()),
            }
        }
        drop(store);
        let store = dpia_store::Store::open(&place.path, &KEY).unwrap();
        prop_assert_eq!(store.load(new.id).unwrap(), (expected, revision));
        let history = store.history(new.id).unwrap();
        prop_assert_eq!(history.len(), revision as usize);
        prop_assert_eq!(check_chain(&history), Ok(()));
        store.check_history(new.id).unwrap();
        let mut first = store.load(new.id).unwrap().0;
        for entry in history.iter().rev() {
            entry.inverse.apply(&mut first).unwrap();
        }
        prop_assert_eq!(first, new);
    }

    #[test]
    fn a_search_never_fails_and_its_matches_lie_in_its_text(new in arbitrary::assessment(), query in "\\PC{0,24}") {
        let (_place, store) = created();
        store.insert_assessment(new, at(0)).unwrap();
        for query in [query.as_str(), "quoted", "zaz"] {
            for hit in store.search(query, 20).unwrap() {
                prop_assert!(hit.matches.iter().all(|range| hit.text.get(range.clone()).is_some_and(|word| !word.is_empty())));
            }
        }
    }
}

//! The targets of the fuzzer in the ordinary tests: the whole corpus, and changes to it that a seed repeats.

use dpia_fuzz::{TARGETS, Target};
use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// The changes made to each target's corpus at the most; the clock below ends them sooner on a slow machine.
const MOST_CHANGES: u64 = 400;
/// How long the changes to one corpus may take.
const TIME: Duration = Duration::from_secs(1);

/// What is put in at random: what the formats are made of, and numbers at the edge.
const WORDS: [&[u8]; 24] = [
    b"PK\x03\x04",
    b"PK\x01\x02",
    b"PK\x05\x06",
    b"\xff\xff\xff\xff",
    b"\0\0\0\0",
    b"{\"",
    b"[[[[",
    b"}]",
    b"null",
    b"-1",
    b"999999999999",
    b"\n[[parts]]\n",
    b" = [",
    b"<<",
    b">>",
    b" 0 R",
    b"/Prev ",
    b"endobj\n",
    b"startxref\n",
    b"<table><td>",
    b"\t|",
    "☐ ☒".as_bytes(),
    b"\n\n# ",
    b"&#x",
];

fn corpus(target: &Target) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target.name);
    let listed = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut inputs: Vec<(String, Vec<u8>)> = listed
        .map(|entry| {
            let path = entry.expect("a file of the corpus").path();
            let name = path.file_name().expect("it has a name").to_string_lossy().into_owned();
            (name, fs::read(path).expect("it is read"))
        })
        .collect();
    inputs.sort();
    assert!(inputs.len() >= 5, "the corpus of {} is not there", target.name);
    inputs
}

fn below(dice: &mut ChaCha8Rng, end: usize) -> usize {
    usize::try_from(dice.next_u64() % end.max(1) as u64).unwrap_or(0)
}

/// One to six changes: a byte flipped or set, a word put in, a piece taken out, doubled or taken from another input.
fn change(dice: &mut ChaCha8Rng, bytes: &mut Vec<u8>, other: &[u8]) {
    for _ in 0..=below(dice, 6) {
        let at = below(dice, bytes.len());
        let end = (at + 1 + below(dice, 40)).min(bytes.len());
        match below(dice, 6) {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << below(dice, 8),
            1 if !bytes.is_empty() => bytes[at] = dice.next_u32().to_le_bytes()[0],
            2 => drop(bytes.splice(at..at, WORDS[below(dice, WORDS.len())].iter().copied())),
            3 => drop(bytes.drain(at..end)),
            4 => {
                let piece = bytes[at..end].to_vec();
                drop(bytes.splice(at..at, piece));
            }
            _ => {
                let from = below(dice, other.len());
                let to = (from + 1 + below(dice, 200)).min(other.len());
                drop(bytes.splice(at..end, other[from..to].iter().copied()));
            }
        }
    }
}

fn hold_changed(target: &Target, seed: u64) {
    let inputs = corpus(target);
    let begun = Instant::now();
    for count in 0..MOST_CHANGES {
        if begun.elapsed() > TIME {
            break;
        }
        // Each change has a stream of its own, so that the number that is printed repeats it.
        let mut dice = ChaCha8Rng::seed_from_u64(seed.wrapping_add(count));
        let (name, bytes) = &inputs[below(&mut dice, inputs.len())];
        let other = &inputs[below(&mut dice, inputs.len())].1;
        let mut changed = bytes.clone();
        change(&mut dice, &mut changed, other);
        let held = std::panic::catch_unwind(|| (target.hold)(&changed));
        assert!(held.is_ok(), "{}: a change to {name} breaks a law; its seed is {}", target.name, seed.wrapping_add(count));
    }
}

#[test]
fn every_input_of_the_corpus_holds() {
    for target in &TARGETS {
        for (name, bytes) in corpus(target) {
            let held = std::panic::catch_unwind(|| (target.hold)(&bytes));
            assert!(held.is_ok(), "{}: {name} breaks a law", target.name);
        }
    }
}

#[test]
fn seeded_changes_to_the_corpus_hold() {
    TARGETS.iter().for_each(|target| hold_changed(target, 1));
}

#[test]
fn a_law_that_is_broken_is_noticed() {
    let broken = Target { name: "template", hold: |bytes| assert!(bytes.is_ascii(), "a letter of another script") };
    let noticed = std::panic::catch_unwind(|| hold_changed(&broken, 1));
    let words = noticed.expect_err("a bit in eight is the one that leaves ASCII");
    let words = words.downcast_ref::<String>().expect("words");
    assert!(words.contains("breaks a law; its seed is"), "{words}");
}

//! A CMS structure may be written in BER in many ways (RFC 5652, 4): whatever another program chose, it says the same.

#[path = "support/cms.rs"]
mod cms;
mod support;

use cms::{Holder, Way, fill, p256_key, rsa_key};
use dpia_signing::{PdfVerification, SignatureReport, sign, verify_detached, verify_pdf};
use proptest::prelude::*;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use support::{find, identity, open_pdf};

fn report_of(pdf: &[u8]) -> SignatureReport {
    match verify_pdf(pdf, None).expect("read") {
        PdfVerification::Signed(mut reports) => reports.remove(0),
        other => panic!("{other:?}"),
    }
}

/// The version, the digest algorithms and the content, which stand before the certificates.
const BEFORE_CERTIFICATES: &[u8] = &[0x02, 0x31, 0x30];

/// How much of a structure is written in other ways.
struct Writer {
    rng: ChaCha20Rng,
    /// Of a hundred elements, how many get another form.
    share: usize,
}

impl Writer {
    fn new(seed: u64, share: usize) -> Writer {
        Writer { rng: ChaCha20Rng::seed_from_u64(seed), share }
    }

    fn below(&mut self, limit: usize) -> usize {
        self.rng.next_u32() as usize % limit
    }

    fn chance(&mut self) -> bool {
        self.below(100) < self.share
    }

    /// The same elements in BER, each form chosen at random. Certificates stay DER, as their digests ask.
    fn rewrite(&mut self, mut der: &[u8]) -> Vec<u8> {
        let mut written = Vec::new();
        let mut tags = Vec::new();
        while !der.is_empty() {
            let (tag, content, rest) = split(der);
            written.extend(match (tags.as_slice(), tag) {
                (BEFORE_CERTIFICATES, 0xa0) => self.write(tag, content, true),
                _ => self.rewrite_one(tag, content, 0),
            });
            tags.push(tag);
            der = rest;
        }
        written
    }

    fn rewrite_one(&mut self, tag: u8, content: &[u8], depth: usize) -> Vec<u8> {
        if tag & 0x20 != 0 {
            let content = self.rewrite(content);
            return self.write(tag, &content, true);
        }
        // An octet string or a text may come in pieces.
        if depth < 3 && matches!(tag, 0x04 | 0x0c | 0x13 | 0x16) && self.chance() {
            let at = self.below(content.len() + 1);
            let pieces: Vec<u8> =
                [&content[..at], &content[at..]].into_iter().flat_map(|piece| self.rewrite_one(tag, piece, depth + 1)).collect();
            return self.write(tag | 0x20, &pieces, true);
        }
        self.write(tag, content, false)
    }

    fn write(&mut self, tag: u8, content: &[u8], may_be_open: bool) -> Vec<u8> {
        if may_be_open && self.chance() {
            return [&[tag, 0x80], content, &[0, 0]].concat();
        }
        if self.chance() {
            let zeros = self.below(3);
            let digits = [vec![0; zeros], u32::try_from(content.len()).expect("small").to_be_bytes().to_vec()].concat();
            return [&[tag, 0x80 | digits.len() as u8], digits.as_slice(), content].concat();
        }
        cms::tlv(tag, &[content])
    }
}

/// Tag and content of the first element of DER, and what follows.
fn split(der: &[u8]) -> (u8, &[u8], &[u8]) {
    let (length, head) = match der[1] {
        length @ 0..=0x7f => (usize::from(length), 2),
        0x81 => (usize::from(der[2]), 3),
        0x82 => (usize::from(der[2]) << 8 | usize::from(der[3]), 4),
        other => panic!("length {other}"),
    };
    (der[0], &der[head..head + length], &der[head + length..])
}

/// A signed PDF's structure, and the PDF with another in its place.
fn structure_of(pdf: &[u8]) -> (Vec<u8>, usize) {
    let digits = find(pdf, b"/Contents<") + "/Contents<".len();
    let length = 4 + usize::from_str_radix(std::str::from_utf8(&pdf[digits + 4..digits + 8]).expect("digits"), 16).expect("a number");
    let pair = |index: usize| {
        let at = digits + 2 * index;
        u8::from_str_radix(std::str::from_utf8(&pdf[at..at + 2]).expect("digits"), 16).expect("a byte")
    };
    ((0..length).map(pair).collect(), digits)
}

fn with_structure(pdf: &[u8], digits: usize, structure: &[u8]) -> Vec<u8> {
    let mut pdf = pdf.to_vec();
    let room = pdf[digits..].iter().position(|byte| *byte == b'>').expect("an end");
    let written: String = structure.iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(written.len() <= room, "{} digits do not fit into {room}", written.len());
    pdf[digits..digits + room].fill(b'0');
    pdf[digits..digits + written.len()].copy_from_slice(written.as_bytes());
    pdf
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_way_a_structure_is_written_it_verifies_alike(share in 1usize..100, kind in 0usize..3, seed in any::<u64>()) {
        let pdf = match kind {
            0 => sign(open_pdf(), &identity(1)).expect("signed"),
            // The signer's own certificate may be there twice.
            1 => {
                let own = Holder::alone(p256_key());
                let holder = Holder { carried: vec![own.certificate.clone()], ..own };
                fill(open_pdf(), "adbe.pkcs7.detached", |content| holder.sign_detached(content, Way::Ecdsa, 384))
            }
            _ => fill(open_pdf(), "adbe.pkcs7.detached", |content| SHARED.sign_detached(content, Way::RsaEncryption { has_null: true }, 256)),
        };
        let before = report_of(&pdf);
        prop_assert!(before.is_sound(), "{:?}", before.problems());
        let (der, digits) = structure_of(&pdf);
        let ber = Writer::new(seed, share).rewrite(&der);
        let rewritten = with_structure(&pdf, digits, &ber);
        let report = report_of(&rewritten);
        prop_assert!(report.is_sound(), "{share}: {:?} {ber:02x?}", report.problems());
        prop_assert_eq!(report, before);
        // What is written in another way and says something else is noticed as before.
        let mut changed = rewritten.clone();
        let page = find(&changed, b"200 100");
        changed[page] = b'3';
        prop_assert!(!report_of(&changed).is_sound());
    }

    #[test]
    fn a_structure_that_is_cut_or_flipped_in_ber_upsets_nothing(at in any::<prop::sample::Index>(), to in any::<u8>(), cuts in any::<bool>()) {
        let pdf = sign(open_pdf(), &identity(1)).expect("signed");
        let (der, digits) = structure_of(&pdf);
        let mut ber = Writer::new(7, 50).rewrite(&der);
        let at = at.index(ber.len());
        if cuts { ber.truncate(at) } else { ber[at] = to }
        let report = report_of(&with_structure(&pdf, digits, &ber));
        prop_assert!(report.is_intact() || !report.problems().is_empty());
    }
}

static SHARED: std::sync::LazyLock<Holder> = std::sync::LazyLock::new(|| Holder::alone(rsa_key(2048)));

#[test]
fn a_certificate_of_which_any_bit_was_changed_is_another() {
    let signer = identity(1);
    let pdf = sign(open_pdf(), &signer).expect("signed");
    let (der, digits) = structure_of(&pdf);
    let certificate = signer.certificate().as_der();
    let start = find(&der, certificate);
    for bit in 0..certificate.len() * 8 {
        let mut changed = der.clone();
        changed[start + bit / 8] ^= 1 << (bit % 8);
        assert!(!report_of(&with_structure(&pdf, digits, &changed)).is_sound(), "bit {bit}");
    }
}

#[test]
fn a_bundles_signature_has_one_form_alone() {
    let content = b"a manifest";
    let der = dpia_signing::sign_detached(content, &identity(3)).expect("signed");
    assert!(verify_detached(content, &der, None).is_sound());
    for seed in 0..20 {
        let ber = Writer::new(seed, 30).rewrite(&der);
        assert!(ber == der || !verify_detached(content, &ber, None).is_sound(), "{seed}");
    }
}

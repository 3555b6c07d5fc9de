//! The ways of signing that other programs use: each is verified, with its parameters, and no other key or digest passes.

#[path = "support/cms.rs"]
mod cms;
mod support;

use cms::{Bits, Holder, Way, curve_key, fill, rsa_key};
use dpia_signing::{PdfVerification, Problem, SignatureReport, Validity, verify_pdf};
use openssl::nid::Nid;
use openssl::pkey::PKey;
use support::open_pdf;

fn report_of(pdf: &[u8]) -> SignatureReport {
    match verify_pdf(pdf, None).expect("read") {
        PdfVerification::Signed(mut reports) => reports.remove(0),
        other => panic!("{other:?}"),
    }
}

fn signed(holder: &Holder, way: Way, bits: Bits) -> Vec<u8> {
    fill(open_pdf(), "adbe.pkcs7.detached", |content| holder.sign_detached(content, way, bits))
}

#[test]
fn every_way_of_signing_that_is_named_rightly_verifies_and_no_flip_of_it_does() {
    let rsa = Holder::alone(rsa_key(2048));
    let [p256, p384, p521] = [Nid::X9_62_PRIME256V1, Nid::SECP384R1, Nid::SECP521R1].map(|curve| Holder::alone(curve_key(curve)));
    let ed25519 = Holder::alone(PKey::generate_ed25519().expect("a key"));
    let mut cases: Vec<(&Holder, Way, Bits)> = vec![(&ed25519, Way::Ed25519, 512)];
    for bits in [256, 384, 512] {
        cases.extend([(&rsa, Way::RsaEncryption { has_null: true }, bits), (&rsa, Way::RsaEncryption { has_null: false }, bits)]);
        cases.extend([(&rsa, Way::RsaWithDigest, bits), (&p256, Way::Ecdsa, bits), (&p384, Way::Ecdsa, bits), (&p521, Way::Ecdsa, bits)]);
        for (mask, salt) in [(bits, i32::from(bits / 8)), (bits, 0), (bits, 20), (256, 32), (bits, 100)] {
            cases.push((&rsa, Way::Pss { hash: bits, mask, salt }, bits));
        }
    }
    for (holder, way, bits) in cases {
        let pdf = signed(holder, way, bits);
        let report = report_of(&pdf);
        assert!(report.is_intact() && report.is_valid(), "{way:?} {bits}: {:?}", report.problems());
        // Another message, and another byte of the signature, are noticed.
        let mut changed = pdf.clone();
        let page = support::find(&pdf, b"200 100");
        changed[page] = b'3';
        assert!(!report_of(&changed).is_sound(), "{way:?} {bits}");
        let digits = support::find(&pdf, b"/Contents<") + "/Contents<".len();
        let length = pdf[digits..].windows(64).position(|window| window.iter().all(|digit| *digit == b'0')).expect("padding");
        for back in [8, 60, 100] {
            let mut flipped = pdf.clone();
            let at = digits + length - back;
            flipped[at] = if flipped[at] == b'0' { b'1' } else { b'0' };
            assert!(!report_of(&flipped).is_sound(), "{way:?} {bits} {back}");
        }
    }
}

#[test]
fn parameters_that_do_not_agree_are_not_taken() {
    let rsa = Holder::alone(rsa_key(2048));
    let ed25519 = Holder::alone(PKey::generate_ed25519().expect("a key"));
    let check = |holder: &Holder, way: Way, bits: Bits, expected: &str| {
        let report = report_of(&signed(holder, way, bits));
        let Validity::NotJudged(problems) = &report.validity else { panic!("{way:?} {bits}: {:?}", report.validity) };
        assert_eq!(problems.as_slice(), [Problem::AlgorithmUnknown { oid: expected.to_owned() }], "{way:?} {bits}");
    };
    let pss = "1.2.840.113549.1.1.10";
    // The digest in the parameters is another than the structure's; the mask's digest, and the salt, are not accepted.
    check(&rsa, Way::Pss { hash: 384, mask: 384, salt: 48 }, 256, pss);
    check(&rsa, Way::Pss { hash: 256, mask: 1, salt: 32 }, 256, pss);
    // The attributes are hashed with SHA-512 beside Ed25519 (RFC 8419, 3.1).
    check(&ed25519, Way::Ed25519, 256, "1.3.101.112");
    // A key of another kind than the algorithm's.
    check(&ed25519, Way::Ed25519, 384, "1.3.101.112");
}

#[test]
fn what_is_not_known_is_not_judged_and_never_said_to_be_wrong() {
    let report = report_of(&signed(&Holder::alone(curve_key(Nid::SECP256K1)), Way::Ecdsa, 256));
    assert!(matches!(&report.validity, Validity::NotJudged(_)) && report.is_intact(), "{:?}", report.validity);
    let report = report_of(&signed(&Holder::alone(rsa_key(1024)), Way::RsaWithDigest, 256));
    assert!(matches!(&report.validity, Validity::Invalid(problems) if problems == &[Problem::KeyTooWeak { bits: 1024 }]));
    // A salt of another length than the one that is stated.
    let rsa = Holder::alone(rsa_key(2048));
    let pdf = fill(open_pdf(), "adbe.pkcs7.detached", |content| {
        let mut signature = rsa.sign_detached(content, Way::Pss { hash: 256, mask: 256, salt: 32 }, 256);
        let at = support::find(&signature, &[0xa2, 3, 2, 1, 32]);
        signature[at + 4] = 31;
        signature
    });
    assert!(report_of(&pdf).problems().contains(&&Problem::SignatureWrong));
}

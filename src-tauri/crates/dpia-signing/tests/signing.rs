//! Signing: what a signed PDF holds, and which PDFs are refused.

mod support;

use cms::content_info::ContentInfo;
use cms::signed_data::SignedData;
use const_oid::db::rfc5911;
use der::{Decode, Encode};
use dpia_signing::placeholder::CONTENTS_BYTES;
use dpia_signing::{Certificate, Signature, SignatureAlgorithm, Signer, SigningError, sign, sign_detached, verify_pdf};
use support::{find, identity, open_pdf, pdf_with, placeholder, signed_pdf, write_pdf};

#[test]
fn signing_changes_the_byte_range_and_the_contents_and_moves_nothing() {
    let open = open_pdf();
    let signed = signed_pdf();
    assert_eq!(open.len(), signed.len());
    let range = find(&open, b"[0 9999999999");
    let range = range..range + "[0 9999999999 9999999999 9999999999]".len();
    let contents = find(&open, b"<0000");
    let contents = contents..contents + 2 * CONTENTS_BYTES + 2;
    for index in 0..open.len() {
        if !range.contains(&index) && !contents.contains(&index) {
            assert_eq!(open[index], signed[index], "byte {index}");
        }
    }
    let written = String::from_utf8(signed[range].to_vec()).expect("text");
    let expected = format!("[0 {} {} {}", contents.start, contents.end, open.len() - contents.end);
    assert_eq!(written.trim_end_matches(']').trim_end(), expected);
}

#[test]
fn the_same_document_and_signer_give_the_same_bytes() {
    assert_eq!(signed_pdf(), signed_pdf());
    let one = sign_detached(b"manifest", &identity(1)).expect("signed");
    assert_eq!(one, sign_detached(b"manifest", &identity(1)).expect("signed"));
}

#[test]
fn the_signed_attributes_are_the_three_of_pades_and_no_signing_time() {
    let signed_data = read_signed_data(&signed_pdf());
    let info = &signed_data.signer_infos.0.as_slice()[0];
    let attributes = info.signed_attrs.as_ref().expect("signed attributes");
    let oids: Vec<_> = attributes.iter().map(|attribute| attribute.oid).collect();
    assert_eq!(oids, [rfc5911::ID_CONTENT_TYPE, rfc5911::ID_MESSAGE_DIGEST, rfc5911::ID_AA_SIGNING_CERTIFICATE_V_2,]);
    assert!(!oids.contains(&rfc5911::ID_SIGNING_TIME));
    assert!(info.unsigned_attrs.is_none());
    // SEQUENCE { SEQUENCE OF { SEQUENCE { OCTET STRING } } }: the hash is the certificate's.
    let value = attributes.as_slice()[2].values.as_slice()[0].to_der();
    let mut expected = vec![0x30, 38, 0x30, 36, 0x30, 34, 0x04, 32];
    expected.extend(identity(1).certificate().fingerprint().as_bytes());
    assert_eq!(value.expect("DER"), expected);
    let certificates = signed_data.certificates.expect("certificates");
    assert_eq!(certificates.0.len(), 1);
}

#[test]
fn a_pdf_without_exactly_one_agreed_placeholder_is_refused() {
    let check = |pdf: Vec<u8>, said: &str| {
        let error = sign(pdf, &identity(1)).expect_err(said);
        assert_eq!(error.to_string(), said);
    };
    let agreed = placeholder();
    let zeros = "0".repeat(2 * CONTENTS_BYTES);
    check(b"hello".to_vec(), "this is not a PDF file");
    check(write_pdf(&["<</Type/Catalog>>"]), "the PDF has no signature placeholder to fill");
    check(signed_pdf(), "the PDF has no signature placeholder to fill");
    check(
        write_pdf(&[
            "<</Type/Catalog/AcroForm<</Fields[2 0 R 3 0 R]>>>>",
            "<</FT/Sig/T(A)/V 4 0 R>>",
            "<</FT/Sig/T(B)/V 5 0 R>>",
            &agreed,
            &agreed,
        ]),
        "the PDF has 2 signature placeholders; exactly one is filled at a time",
    );
    let malformed = |from: &str, to: &str, reason: &str| {
        assert!(agreed.contains(from), "{from}");
        let said = format!("the signature placeholder is not as agreed: {reason}");
        check(pdf_with(&agreed.replacen(from, to, 1)), &said);
    };
    malformed("/Type/Sig", "", "its /Type is not Sig");
    malformed("ETSI.CAdES.detached", "adbe.pkcs7.detached", "its /SubFilter is not ETSI.CAdES.detached");
    malformed("/M(D:20261123080000Z)", "", "it has no /M, the time of signing");
    malformed("[0 9999999999", "[7 9999999999", "its /ByteRange is not [0 and three times 9999999999]");
    malformed(&zeros, &zeros[2..], "its /Contents is not 8192 zero bytes in hexadecimal");
    malformed(&zeros, &format!("{}1", &zeros[1..]), "its /Contents is not 8192 zero bytes in hexadecimal");
}

#[test]
fn text_that_looks_like_a_placeholder_is_not_taken_for_one() {
    let text = placeholder().replace(['(', ')'], "");
    let pdf = write_pdf(&[
        "<</Type/Catalog/AcroForm<</Fields[3 0 R]>>>>",
        &format!("({text})"),
        "<</FT/Sig/T(Signature)/V 4 0 R>>",
        &placeholder(),
        &placeholder(),
    ]);
    let signed = sign(pdf, &identity(1)).expect("the form leads to one placeholder");
    assert!(verify_pdf(&signed, None).expect("read").is_sound());
}

/// A signer whose key is elsewhere and answers as a test sets it.
struct Elsewhere {
    certificate: Certificate,
    answer: fn() -> Result<Signature, SigningError>,
}

impl Signer for Elsewhere {
    fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    fn sign_digest(&self, _: &[u8]) -> Result<Signature, SigningError> {
        (self.answer)()
    }
}

#[test]
fn a_signer_that_fails_or_signs_with_another_key_signs_nothing() {
    let check = |answer: fn() -> Result<Signature, SigningError>, said: &str| {
        let certificate = identity(1).certificate().clone();
        let signer: &dyn Signer = &Elsewhere { certificate, answer };
        let error = sign(open_pdf(), signer).expect_err(said);
        assert_eq!(error.to_string(), said);
    };
    check(|| Err(SigningError::SignerFailed("card removed".into())), "the signer did not sign");
    check(|| identity(2).sign_digest(&[7; 32]), "the signer's signature does not agree with its certificate");
    check(
        || Ok(Signature { algorithm: SignatureAlgorithm::EcdsaP256Sha256, bytes: vec![] }),
        "the signer's signature does not agree with its certificate",
    );
}

fn read_signed_data(signed: &[u8]) -> SignedData {
    let start = find(signed, b"/Contents<") + "/Contents<".len();
    let digits = std::str::from_utf8(&signed[start..start + 2 * CONTENTS_BYTES]).expect("digits");
    let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).expect("hexadecimal");
    let bytes: Vec<u8> = (0..digits.len()).step_by(2).map(byte).collect();
    let length = 4 + usize::from(u16::from_be_bytes([bytes[2], bytes[3]]));
    assert!(bytes[length..].iter().all(|byte| *byte == 0));
    let info = ContentInfo::from_der(&bytes[..length]).expect("a CMS structure");
    info.content.decode_as().expect("signed data")
}

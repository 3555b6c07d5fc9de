//! CMS structures, timestamps and certificates as other programs make them, written by hand so that each part can be another.
#![allow(dead_code, reason = "each test file uses its own part")]

use der::Encode;
use der::asn1::ObjectIdentifier;
use openssl::asn1::{Asn1Object, Asn1OctetString, Asn1Time};
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::{Padding, Rsa};
use openssl::sign::{RsaPssSaltlen, Signer};
use openssl::x509::extension::{BasicConstraints, ExtendedKeyUsage, KeyUsage};
use openssl::x509::{X509, X509Builder, X509Extension, X509NameBuilder};

/// A digest of the SHA-2 family, by its length in bits.
pub(crate) type Bits = u16;

/// How a CMS structure is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// RSA PKCS#1 v1.5, named without a digest; with or without NULL.
    RsaEncryption { has_null: bool },
    /// RSA PKCS#1 v1.5, named with the digest.
    RsaWithDigest,
    /// RSASSA-PSS.
    Pss { hash: Bits, mask: Bits, salt: i32 },
    /// ECDSA, named with the digest.
    Ecdsa,
    /// Ed25519.
    Ed25519,
}

pub(crate) fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let mut bytes = vec![tag];
    match content.len() {
        length @ 0..0x80 => bytes.push(length as u8),
        length @ 0x80..0x100 => bytes.extend([0x81, length as u8]),
        length => bytes.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    bytes.extend(content);
    bytes
}

pub(crate) fn oid(numbers: &str) -> Vec<u8> {
    ObjectIdentifier::new(numbers).expect("numbers").to_der().expect("DER")
}

fn digest_oid(bits: Bits) -> &'static str {
    match bits {
        256 => "2.16.840.1.101.3.4.2.1",
        384 => "2.16.840.1.101.3.4.2.2",
        512 => "2.16.840.1.101.3.4.2.3",
        1 => "1.3.14.3.2.26",
        other => panic!("SHA-{other}"),
    }
}

pub(crate) fn message_digest(bits: Bits) -> MessageDigest {
    match bits {
        256 => MessageDigest::sha256(),
        384 => MessageDigest::sha384(),
        512 => MessageDigest::sha512(),
        1 => MessageDigest::sha1(),
        other => panic!("SHA-{other}"),
    }
}

fn digest_algorithm(bits: Bits) -> Vec<u8> {
    tlv(0x30, &[&oid(digest_oid(bits))])
}

fn number(value: u8) -> Vec<u8> {
    tlv(0x02, &[&[value]])
}

fn signature_algorithm(way: Way, bits: Bits) -> Vec<u8> {
    let null = [5, 0];
    match way {
        Way::RsaEncryption { has_null } => tlv(0x30, &[&oid("1.2.840.113549.1.1.1"), if has_null { &null } else { &[] }]),
        Way::RsaWithDigest => {
            let last = match bits {
                256 => 11,
                384 => 12,
                _ => 13,
            };
            tlv(0x30, &[&oid(&format!("1.2.840.113549.1.1.{last}")), &null])
        }
        Way::Pss { hash, mask, salt } => {
            let hash = tlv(0xa0, &[&tlv(0x30, &[&oid(digest_oid(hash)), &null])]);
            let mask = tlv(0xa1, &[&tlv(0x30, &[&oid("1.2.840.113549.1.1.8"), &tlv(0x30, &[&oid(digest_oid(mask)), &null])])]);
            let salt = tlv(0xa2, &[&number(salt as u8)]);
            tlv(0x30, &[&oid("1.2.840.113549.1.1.10"), &tlv(0x30, &[&hash, &mask, &salt])])
        }
        Way::Ecdsa => {
            let last = match bits {
                256 => 2,
                384 => 3,
                _ => 4,
            };
            tlv(0x30, &[&oid(&format!("1.2.840.10045.4.3.{last}"))])
        }
        Way::Ed25519 => tlv(0x30, &[&oid("1.3.101.112")]),
    }
}

/// Somebody's key and certificate, and the certificates that go with a signature.
#[derive(Clone)]
pub(crate) struct Holder {
    pub(crate) key: PKey<Private>,
    pub(crate) certificate: X509,
    pub(crate) carried: Vec<X509>,
}

impl Holder {
    /// A holder whose certificate its own key signed.
    pub(crate) fn alone(key: PKey<Private>) -> Holder {
        let certificate = Wish::named("Alone").issue(&key, None);
        Holder { key, certificate, carried: Vec::new() }
    }

    pub(crate) fn sign(&self, way: Way, bits: Bits, message: &[u8]) -> Vec<u8> {
        if way == Way::Ed25519 {
            return Signer::new_without_digest(&self.key).expect("a signer").sign_oneshot_to_vec(message).expect("signed");
        }
        let mut signer = Signer::new(message_digest(bits), &self.key).expect("a signer");
        if let Way::Pss { mask, salt, .. } = way {
            signer.set_rsa_padding(Padding::PKCS1_PSS).expect("padding");
            signer.set_rsa_mgf1_md(message_digest(mask)).expect("mask");
            signer.set_rsa_pss_saltlen(RsaPssSaltlen::custom(salt)).expect("salt");
        }
        signer.update(message).expect("hashed");
        signer.sign_to_vec().expect("signed")
    }

    /// A detached CMS structure over the content, as `adbe.pkcs7.detached` has it.
    pub(crate) fn sign_detached(&self, content: &[u8], way: Way, bits: Bits) -> Vec<u8> {
        self.build(content, way, bits, None, |_| Vec::new())
    }

    /// As [`Holder::sign_detached`], with a timestamp of an authority beside the signature.
    pub(crate) fn sign_and_stamp(&self, content: &[u8], authority: &Holder, seconds: i64) -> Vec<u8> {
        self.sign_beside(content, |signature| authority.stamp(signature, seconds))
    }

    /// As [`Holder::sign_detached`], with a timestamp that is made of the signature.
    pub(crate) fn sign_beside(&self, content: &[u8], stamp: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
        self.build(content, Way::Ecdsa, 256, None, |signature| {
            let token = stamp(signature);
            let attribute = tlv(0x30, &[&oid("1.2.840.113549.1.9.16.2.14"), &tlv(0x31, &[&token])]);
            tlv(0xa1, &[&attribute])
        })
    }

    /// A timestamp token (RFC 3161) of the bytes.
    pub(crate) fn stamp(&self, bytes: &[u8], seconds: i64) -> Vec<u8> {
        let imprint = openssl::hash::hash(MessageDigest::sha256(), bytes).expect("hashed");
        let imprint = tlv(0x30, &[&digest_algorithm(256), &tlv(0x04, &[&imprint])]);
        let time = jiff::Timestamp::from_second(seconds).expect("a time").strftime("%Y%m%d%H%M%SZ").to_string();
        let info = tlv(0x30, &[&number(1), &oid("1.2.3.4"), &imprint, &number(7), &tlv(0x18, &[time.as_bytes()])]);
        self.build(&info, Way::Ecdsa, 256, Some(&info), |_| Vec::new())
    }

    fn build(&self, content: &[u8], way: Way, bits: Bits, carried: Option<&[u8]>, unsigned: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
        let kind = oid(if carried.is_some() { "1.2.840.113549.1.9.16.1.4" } else { "1.2.840.113549.1.7.1" });
        let digest = openssl::hash::hash(message_digest(bits), content).expect("hashed");
        let attribute = |numbers: &str, value: &[u8]| tlv(0x30, &[&oid(numbers), &tlv(0x31, &[value])]);
        let hash = openssl::hash::hash(MessageDigest::sha256(), &self.certificate.to_der().expect("DER")).expect("hashed");
        let named = tlv(0x30, &[&tlv(0x30, &[&tlv(0x30, &[&tlv(0x04, &[&hash])])])]);
        let mut attributes = [
            attribute("1.2.840.113549.1.9.3", &kind),
            attribute("1.2.840.113549.1.9.4", &tlv(0x04, &[&digest])),
            attribute("1.2.840.113549.1.9.16.2.47", &named),
        ];
        attributes.sort();
        let attributes = attributes.concat();
        let signature = self.sign(way, bits, &tlv(0x31, &[&attributes]));
        let issuer = self.certificate.issuer_name().to_der().expect("DER");
        let serial = self.certificate.serial_number().to_bn().expect("a number").to_vec();
        let info = tlv(
            0x30,
            &[
                &number(1),
                &tlv(0x30, &[&issuer, &tlv(0x02, &[&serial])]),
                &digest_algorithm(bits),
                &tlv(0xa0, &[&attributes]),
                &signature_algorithm(way, bits),
                &tlv(0x04, &[&signature]),
                &unsigned(&signature),
            ],
        );
        let mut certificates: Vec<Vec<u8>> =
            [&self.certificate].into_iter().chain(&self.carried).map(|certificate| certificate.to_der().expect("DER")).collect();
        certificates.sort();
        let content = match carried {
            Some(carried) => tlv(0x30, &[&kind, &tlv(0xa0, &[&tlv(0x04, &[carried])])]),
            None => tlv(0x30, &[&kind]),
        };
        let version = number(if carried.is_some() { 3 } else { 1 });
        let signed_data = tlv(
            0x30,
            &[&version, &tlv(0x31, &[&digest_algorithm(bits)]), &content, &tlv(0xa0, &[&certificates.concat()]), &tlv(0x31, &[&info])],
        );
        tlv(0x30, &[&oid("1.2.840.113549.1.7.2"), &tlv(0xa0, &[&signed_data])])
    }
}

pub(crate) fn rsa_key(bits: u32) -> PKey<Private> {
    PKey::from_rsa(Rsa::generate(bits).expect("a key")).expect("a key")
}

pub(crate) fn curve_key(curve: Nid) -> PKey<Private> {
    let group = EcGroup::from_curve_name(curve).expect("a curve");
    PKey::from_ec_key(EcKey::generate(&group).expect("a key")).expect("a key")
}

pub(crate) fn p256_key() -> PKey<Private> {
    curve_key(Nid::X9_62_PRIME256V1)
}

/// The extended key usage of a certificate: object identifiers, and whether it is critical.
pub(crate) type Purposes = (Vec<&'static str>, bool);

/// What a certificate is to say.
#[derive(Debug, Clone)]
pub(crate) struct Wish {
    pub(crate) name: String,
    pub(crate) begins: i64,
    pub(crate) ends: i64,
    /// Basic constraints: whether it is an authority, and how many steps it allows; none leaves them out.
    pub(crate) authority: Option<(bool, Option<u32>)>,
    /// Key usage: digitalSignature, keyCertSign; none leaves it out.
    pub(crate) usage: Option<(bool, bool)>,
    pub(crate) purposes: Option<Purposes>,
    /// Further extensions: numbers, critical, DER.
    pub(crate) more: Vec<(&'static str, bool, Vec<u8>)>,
}

/// The whole of the time in which tests play: 2020 to 2040.
pub(crate) const BEGIN: i64 = 1_577_836_800;
pub(crate) const END: i64 = 2_208_988_800;

impl Wish {
    /// A signer's certificate.
    pub(crate) fn named(name: &str) -> Wish {
        let usage = Some((true, false));
        Wish { name: name.to_owned(), begins: BEGIN, ends: END, authority: None, usage, purposes: None, more: Vec::new() }
    }

    /// An authority's certificate.
    pub(crate) fn authority(name: &str) -> Wish {
        Wish { authority: Some((true, None)), usage: Some((false, true)), ..Wish::named(name) }
    }

    /// A certificate of this key, issued by another or by itself.
    pub(crate) fn issue(&self, key: &PKey<Private>, issuer: Option<&Holder>) -> X509 {
        let mut builder = X509Builder::new().expect("a builder");
        let mut name = X509NameBuilder::new().expect("a name");
        name.append_entry_by_text("CN", &self.name).expect("a name");
        let name = name.build();
        builder.set_version(2).expect("a version");
        let mut serial = BigNum::new().expect("a number");
        serial.rand(63, openssl::bn::MsbOption::ONE, false).expect("a number");
        builder.set_serial_number(&serial.to_asn1_integer().expect("a number")).expect("a number");
        builder.set_subject_name(&name).expect("a name");
        builder.set_issuer_name(issuer.map_or(&*name, |issuer| issuer.certificate.subject_name())).expect("a name");
        builder.set_not_before(&Asn1Time::from_unix(self.begins).expect("a time")).expect("a time");
        builder.set_not_after(&Asn1Time::from_unix(self.ends).expect("a time")).expect("a time");
        builder.set_pubkey(key).expect("a key");
        for extension in self.extensions() {
            builder.append_extension(extension).expect("an extension");
        }
        let signer = issuer.map_or(key, |issuer| &issuer.key);
        let digest = if signer.id() == openssl::pkey::Id::ED25519 { MessageDigest::null() } else { MessageDigest::sha256() };
        builder.sign(signer, digest).expect("signed");
        builder.build()
    }

    fn extensions(&self) -> Vec<X509Extension> {
        let mut found = Vec::new();
        if let Some((is_authority, steps)) = self.authority {
            let mut basic = BasicConstraints::new();
            basic.critical();
            if is_authority {
                basic.ca();
            }
            if let Some(steps) = steps {
                basic.pathlen(steps);
            }
            found.push(basic.build().expect("built"));
        }
        if let Some((signs, issues)) = self.usage {
            let mut usage = KeyUsage::new();
            usage.critical();
            if signs {
                usage.digital_signature();
            }
            if issues {
                usage.key_cert_sign();
            }
            if !signs && !issues {
                usage.key_agreement();
            }
            found.push(usage.build().expect("built"));
        }
        if let Some((named, is_critical)) = &self.purposes {
            let mut purposes = ExtendedKeyUsage::new();
            if *is_critical {
                purposes.critical();
            }
            for name in named {
                purposes.other(name);
            }
            found.push(purposes.build().expect("built"));
        }
        for (numbers, is_critical, content) in &self.more {
            let kind = Asn1Object::from_str(numbers).expect("numbers");
            let content = Asn1OctetString::new_from_bytes(content).expect("bytes");
            found.push(X509Extension::new_from_der(&kind, *is_critical, &content).expect("built"));
        }
        found
    }
}

/// A PDF with one empty signature field filled: the placeholder takes what `make` gives for the signed bytes.
pub(crate) fn fill(mut pdf: Vec<u8>, kind: &str, make: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let text: String = pdf.iter().map(|byte| char::from(byte & 0x7f)).collect();
    let place = text.rfind("/ByteRange[0 9999999999 9999999999 9999999999]").expect("a placeholder");
    let own = text[..place].rfind("/ETSI.CAdES.detached").expect("a kind");
    let padded = format!("/{kind:width$}", width = "ETSI.CAdES.detached".len());
    pdf[own..own + padded.len()].copy_from_slice(padded.as_bytes());
    let contents = place + text[place..].find("/Contents<").expect("contents") + "/Contents".len();
    let after = contents + text[contents..].find('>').expect("an end") + 1;
    let range = format!("/ByteRange[0 {contents} {after} {}", pdf.len() - after);
    let room = "/ByteRange[0 9999999999 9999999999 9999999999".len();
    pdf[place..place + room].copy_from_slice(format!("{range:room$}").as_bytes());
    let signature = make(&[&pdf[..contents], &pdf[after..]].concat());
    let digits: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(digits.len() <= after - contents - 2, "{} bytes do not fit", signature.len());
    pdf[contents + 1..contents + 1 + digits.len()].copy_from_slice(digits.as_bytes());
    pdf
}

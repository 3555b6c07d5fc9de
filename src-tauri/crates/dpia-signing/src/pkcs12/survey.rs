//! What a PKCS#12 file asks for, found out before any of it is done: how many rounds of key derivation, and which
//! ciphers (RFC 7292; RFC 8018 for PBES2; RFC 9579 for PBMAC1).
//!
//! A file decides itself how much work opening it costs, up to hours. Its counts are added up first, and a part that is
//! encrypted is opened here only to see whether keys with counts of their own are inside.

use openssl::error::ErrorStack;
use openssl::hash::{Hasher, MessageDigest};
use openssl::nid::Nid;
use openssl::pkcs5::pbkdf2_hmac;
use openssl::symm::{Cipher, decrypt};
use zeroize::Zeroizing;

use super::ber::{CONTEXT_0, Element, OID, SEQUENCE, read_all, read_element};
use crate::error::SigningError;

/// How many rounds are done for one file, over all its parts: a second or two of work. Programs ask for 2,000 to
/// 600,000 a part; ours has three parts.
pub(crate) const MAX_ROUNDS: u64 = 5_000_000;

/// How deep bags of bags may nest.
const MAX_DEPTH: usize = 4;

/// id-data and id-encryptedData (RFC 5652, 4 and 8), id-PBES2, id-PBKDF2, id-PBMAC1 (RFC 8018), by their DER content.
const DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
const ENCRYPTED_DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x06";
const PBES2: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d";
const PBKDF2: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0c";
const PBMAC1: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0e";
/// pkcs-12PbeIds and the bag types pkcs8ShroudedKeyBag and safeContentsBag (RFC 7292, appendix C and 4.2).
const PKCS12_PBE: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01";
const SHROUDED_KEY: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01\x02";
const SAFE_CONTENTS: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01\x06";

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// Rounds over all parts.
    rounds: u64,
    /// Whether a part is encrypted with a cipher of OpenSSL's legacy provider (RC2).
    pub(super) needs_legacy: bool,
}

/// How a part is encrypted.
struct Encryption {
    derivation: Derivation,
    cipher: Cipher,
    salt: Vec<u8>,
    rounds: usize,
}

enum Derivation {
    /// RFC 7292, appendix B, with SHA-1; it gives the initialisation vector too.
    Pkcs12,
    /// RFC 8018, 5.2.
    Pbkdf2 { prf: MessageDigest, vector: Vec<u8> },
}

/// Looks through a file.
///
/// # Errors
/// No PKCS#12 file, more rounds than [`MAX_ROUNDS`], a cipher that is not read, or a part that the password does not
/// open.
pub(super) fn survey(file: &[u8], password: &str) -> Result<Survey, SigningError> {
    let mut survey = Survey::default();
    let (parts, mac) = read_file(file).ok_or(SigningError::NotPkcs12)?;
    if let Some(mac) = mac {
        survey.add(count_mac_rounds(mac).ok_or(SigningError::NotPkcs12)?)?;
    }
    // All that is open is counted before anything is opened.
    let mut encrypted = Vec::new();
    for part in read_sequence(&parts).ok_or(SigningError::NotPkcs12)? {
        match read_part(part).ok_or(SigningError::NotPkcs12)? {
            Part::Open(contents) => survey.add_contents(&contents, 0)?,
            Part::Encrypted { algorithm, contents } => {
                let encryption = survey.add_encryption(algorithm)?;
                encrypted.push((encryption, contents));
            }
            Part::Other => {}
        }
    }
    let _legacy = survey.load_legacy()?;
    for (encryption, contents) in encrypted {
        let contents = encryption.open(&contents, password).ok_or(SigningError::WrongPassword)?;
        survey.add_contents(&contents, 0)?;
    }
    Ok(survey)
}

enum Part<'a> {
    Open(Vec<u8>),
    Encrypted {
        algorithm: Element<'a>,
        contents: Vec<u8>,
    },
    /// Encrypted for somebody's public key; OpenSSL passes it over.
    Other,
}

impl Survey {
    /// OpenSSL's old ciphers, for as long as what is returned lives.
    pub(super) fn load_legacy(&self) -> Result<Option<openssl::provider::Provider>, SigningError> {
        if !self.needs_legacy {
            return Ok(None);
        }
        let provider = openssl::provider::Provider::try_load(None, "legacy", true);
        provider.map(Some).map_err(|_| SigningError::UnsupportedCipher { cipher: "RC2".to_owned() })
    }

    fn add(&mut self, rounds: u64) -> Result<(), SigningError> {
        self.rounds = self.rounds.saturating_add(rounds);
        match self.rounds <= MAX_ROUNDS {
            true => Ok(()),
            false => Err(SigningError::TooManyRounds { rounds: self.rounds, limit: MAX_ROUNDS }),
        }
    }

    /// Counts the keys among the bags of a SafeContents.
    fn add_contents(&mut self, contents: &[u8], depth: usize) -> Result<(), SigningError> {
        let bags = read_sequence(contents).filter(|_| depth < MAX_DEPTH).ok_or(SigningError::NotPkcs12)?;
        for bag in bags {
            let parts = bag.children(SEQUENCE).ok_or(SigningError::NotPkcs12)?;
            let [kind, value, ..] = parts.as_slice() else {
                return Err(SigningError::NotPkcs12);
            };
            if kind.content == SAFE_CONTENTS {
                self.add_contents(value.content, depth + 1)?;
            }
            if kind.content == SHROUDED_KEY {
                let key = read_sequence(value.content).and_then(|parts| parts.first().copied());
                self.add_encryption(key.ok_or(SigningError::NotPkcs12)?)?;
            }
        }
        Ok(())
    }

    fn add_encryption(&mut self, algorithm: Element<'_>) -> Result<Encryption, SigningError> {
        let parts = algorithm.children(SEQUENCE).ok_or(SigningError::NotPkcs12)?;
        let [name, parameters, ..] = parts.as_slice() else {
            return Err(SigningError::NotPkcs12);
        };
        let parameters = parameters.children(SEQUENCE).ok_or(SigningError::NotPkcs12)?;
        let encryption = if let Some(kind) = name.content.strip_prefix(PKCS12_PBE) {
            self.read_old_encryption(kind, &parameters)?
        } else if name.content == PBES2 {
            read_new_encryption(&parameters)?
        } else {
            return Err(unsupported(name));
        };
        self.add(encryption.rounds as u64)?;
        Ok(encryption)
    }

    /// RFC 7292, appendix C; RC4 is left out, since its keys are as short and nothing writes it.
    fn read_old_encryption(&mut self, kind: &[u8], parameters: &[Element<'_>]) -> Result<Encryption, SigningError> {
        let cipher = match kind {
            [3] => Cipher::des_ede3_cbc(),
            [5] => Cipher::from_nid(Nid::RC2_CBC).ok_or_else(|| unsupported_name("128-bit RC2"))?,
            [6] => Cipher::from_nid(Nid::RC2_40_CBC).ok_or_else(|| unsupported_name("40-bit RC2"))?,
            [1 | 2] => return Err(unsupported_name("RC4")),
            _ => return Err(unsupported_name("triple DES with two keys")),
        };
        self.needs_legacy |= kind != [3];
        let [salt, rounds, ..] = parameters else {
            return Err(SigningError::NotPkcs12);
        };
        Ok(Encryption {
            derivation: Derivation::Pkcs12,
            cipher,
            salt: salt.octets().ok_or(SigningError::NotPkcs12)?,
            rounds: read_rounds(rounds)?,
        })
    }
}

/// The parameters of PBES2 (RFC 8018, A.4).
fn read_new_encryption(parameters: &[Element<'_>]) -> Result<Encryption, SigningError> {
    fn read<'a>(element: &Element<'a>) -> Result<Vec<Element<'a>>, SigningError> {
        element.children(SEQUENCE).ok_or(SigningError::NotPkcs12)
    }
    let [derivation, cipher] = parameters else {
        return Err(SigningError::NotPkcs12);
    };
    let (derivation, cipher) = (read(derivation)?, read(cipher)?);
    let ([name, parameters], [cipher, vector]) = (derivation.as_slice(), cipher.as_slice()) else {
        return Err(SigningError::NotPkcs12);
    };
    if name.content != PBKDF2 {
        return Err(unsupported(name));
    }
    let parameters = read(parameters)?;
    let [salt, rounds, rest @ ..] = parameters.as_slice() else {
        return Err(SigningError::NotPkcs12);
    };
    let cipher = match to_oid(cipher).as_str() {
        "2.16.840.1.101.3.4.1.2" => Cipher::aes_128_cbc(),
        "2.16.840.1.101.3.4.1.22" => Cipher::aes_192_cbc(),
        "2.16.840.1.101.3.4.1.42" => Cipher::aes_256_cbc(),
        "1.2.840.113549.3.7" => Cipher::des_ede3_cbc(),
        other => return Err(unsupported_name(other)),
    };
    let prf = rest.iter().find_map(|element| element.children(SEQUENCE)).and_then(|parts| parts.first().copied());
    let prf = match prf.map(|name| to_oid(&name)).as_deref() {
        // The default (RFC 8018, A.2).
        None | Some("1.2.840.113549.2.7") => MessageDigest::sha1(),
        Some("1.2.840.113549.2.8") => MessageDigest::sha224(),
        Some("1.2.840.113549.2.9") => MessageDigest::sha256(),
        Some("1.2.840.113549.2.10") => MessageDigest::sha384(),
        Some("1.2.840.113549.2.11") => MessageDigest::sha512(),
        Some(other) => return Err(unsupported_name(other)),
    };
    Ok(Encryption {
        derivation: Derivation::Pbkdf2 { prf, vector: vector.octets().ok_or(SigningError::NotPkcs12)? },
        cipher,
        salt: salt.octets().ok_or(SigningError::NotPkcs12)?,
        rounds: read_rounds(rounds)?,
    })
}

impl Encryption {
    /// What is inside, where the password opens it.
    fn open(&self, contents: &[u8], password: &str) -> Option<Vec<u8>> {
        // An empty password is written in two ways: as an empty text, and as none at all.
        let spellings = if password.is_empty() { [Some(""), None].as_slice() } else { &[Some(password)] };
        spellings.iter().find_map(|spelling| {
            let opened = self.open_with(contents, *spelling).ok()?;
            read_sequence(&opened).is_some().then_some(opened)
        })
    }

    fn open_with(&self, contents: &[u8], password: Option<&str>) -> Result<Vec<u8>, ErrorStack> {
        let mut key = Zeroizing::new(vec![0; self.cipher.key_len()]);
        let vector = match &self.derivation {
            Derivation::Pbkdf2 { prf, vector } => {
                pbkdf2_hmac(password.unwrap_or_default().as_bytes(), &self.salt, self.rounds, *prf, &mut key)?;
                vector.clone()
            }
            Derivation::Pkcs12 => {
                derive_old(1, password, &self.salt, self.rounds, &mut key)?;
                let mut vector = vec![0; 8];
                derive_old(2, password, &self.salt, self.rounds, &mut vector)?;
                vector
            }
        };
        if vector.len() != self.cipher.iv_len().unwrap_or(0) {
            return Err(ErrorStack::get());
        }
        decrypt(self.cipher, &key, Some(&vector), contents)
    }
}

/// The derivation of RFC 7292, appendix B.2, with SHA-1 (u = 20, v = 64).
fn derive_old(purpose: u8, password: Option<&str>, salt: &[u8], rounds: usize, key: &mut [u8]) -> Result<(), ErrorStack> {
    const BLOCK: usize = 64;
    let mut text = Zeroizing::new(Vec::new());
    if let Some(password) = password {
        text.extend(password.encode_utf16().chain([0]).flat_map(u16::to_be_bytes));
    }
    let fill = |bytes: &[u8]| -> Vec<u8> {
        let length = bytes.len().div_ceil(BLOCK) * BLOCK;
        bytes.iter().copied().cycle().take(length).collect()
    };
    let mut input = Zeroizing::new([fill(salt), fill(&text)].concat());
    for part in key.chunks_mut(20) {
        let mut hash = Hasher::new(MessageDigest::sha1())?;
        hash.update(&[purpose; BLOCK])?;
        hash.update(&input)?;
        let mut digest = hash.finish()?;
        for _ in 1..rounds {
            hash.update(&digest)?;
            digest = hash.finish()?;
        }
        part.copy_from_slice(&digest[..part.len()]);
        let addend = fill(&digest);
        for block in input.chunks_mut(BLOCK) {
            // block + addend + 1, a big-endian number that overflows silently.
            let mut carry = 1;
            for (byte, add) in block.iter_mut().zip(&addend[..BLOCK]).rev() {
                carry += u16::from(*byte) + u16::from(*add);
                *byte = (carry & 0xff) as u8;
                carry >>= 8;
            }
        }
    }
    Ok(())
}

/// The parts of the authenticated safe, and MacData where there is one.
fn read_file(file: &[u8]) -> Option<(Vec<u8>, Option<Element<'_>>)> {
    let (whole, _) = read_element(file, 0)?;
    let parts = whole.children(SEQUENCE)?;
    let [_version, safe, rest @ ..] = parts.as_slice() else {
        return None;
    };
    match read_part(*safe)? {
        Part::Open(contents) => Some((contents, rest.first().copied())),
        Part::Encrypted { .. } | Part::Other => None,
    }
}

fn read_part(part: Element<'_>) -> Option<Part<'_>> {
    let parts = part.children(SEQUENCE)?;
    let [kind, content] = parts.as_slice() else {
        return None;
    };
    let content = content.children(CONTEXT_0)?.first().copied()?;
    match kind.content {
        DATA => content.octets().map(Part::Open),
        ENCRYPTED_DATA => {
            let parts = content.children(SEQUENCE)?;
            let inner = parts.get(1)?.children(SEQUENCE)?;
            let [_kind, algorithm, contents] = inner.as_slice() else {
                return None;
            };
            Some(Part::Encrypted { algorithm: *algorithm, contents: contents.octets_untagged(0)? })
        }
        _ => Some(Part::Other),
    }
}

/// Rounds of the integrity check (RFC 7292, appendix A; one where none are stated), or of PBMAC1.
fn count_mac_rounds(mac: Element<'_>) -> Option<u64> {
    let parts = mac.children(SEQUENCE)?;
    let [info, _salt, rest @ ..] = parts.as_slice() else {
        return None;
    };
    let algorithm = info.children(SEQUENCE)?.first()?.children(SEQUENCE)?;
    let stated = rest.first().map_or(Some(1), |rounds| rounds.count())?;
    if algorithm.first()?.content != PBMAC1 {
        return Some(stated);
    }
    let derivation = algorithm.get(1)?.children(SEQUENCE)?.first()?.children(SEQUENCE)?;
    let rounds = derivation.get(1)?.children(SEQUENCE)?.get(1)?.count()?;
    Some(stated.max(rounds))
}

fn read_rounds(rounds: &Element<'_>) -> Result<usize, SigningError> {
    let rounds = rounds.count().ok_or(SigningError::NotPkcs12)?;
    match usize::try_from(rounds) {
        Ok(count) if rounds <= MAX_ROUNDS => Ok(count.max(1)),
        _ => Err(SigningError::TooManyRounds { rounds, limit: MAX_ROUNDS }),
    }
}

/// The elements of the one sequence that `bytes` is.
fn read_sequence(bytes: &[u8]) -> Option<Vec<Element<'_>>> {
    let (sequence, _) = read_element(bytes, 0)?;
    if sequence.tag == SEQUENCE { read_all(sequence.content) } else { None }
}

fn to_oid(name: &Element<'_>) -> String {
    let oid = const_oid::ObjectIdentifier::from_bytes(name.content).ok().filter(|_| name.tag == OID);
    oid.map_or_else(|| "of no name".to_owned(), |oid| oid.to_string())
}

fn unsupported(name: &Element<'_>) -> SigningError {
    unsupported_name(&to_oid(name))
}

fn unsupported_name(cipher: &str) -> SigningError {
    SigningError::UnsupportedCipher { cipher: cipher.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use openssl::symm::encrypt;

    const AES_256: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x01\x2a";

    /// An element of DER with the parts given.
    fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let content = parts.concat();
        let length = u16::try_from(content.len()).expect("small").to_be_bytes();
        [&[tag, 0x82], &length[..], &content].concat()
    }

    /// PBES2 with AES-256 and the rounds given.
    fn encryption_of(rounds: &[u8]) -> Vec<u8> {
        let derivation = der(SEQUENCE, &[&der(OID, &[PBKDF2]), &der(SEQUENCE, &[&der(4, &[b"saltsalt"]), &der(2, &[rounds])])]);
        let cipher = der(SEQUENCE, &[&der(OID, &[AES_256]), &der(4, &[&[7; 16]])]);
        der(SEQUENCE, &[&der(OID, &[PBES2]), &der(SEQUENCE, &[&derivation, &cipher])])
    }

    /// A file with one encrypted part, in which `contents` is.
    fn file_with(contents: &[u8]) -> Vec<u8> {
        let mut key = [0; 32];
        pbkdf2_hmac(b"x", b"saltsalt", 2, MessageDigest::sha1(), &mut key).expect("derived");
        let encrypted = encrypt(Cipher::aes_256_cbc(), &key, Some(&[7; 16]), contents).expect("encrypted");
        let inner = der(SEQUENCE, &[&der(OID, &[DATA]), &encryption_of(&[2]), &der(0x80, &[&encrypted])]);
        let part = der(SEQUENCE, &[&der(OID, &[ENCRYPTED_DATA]), &der(CONTEXT_0, &[&der(SEQUENCE, &[&der(2, &[&[0]]), &inner])])]);
        let safe = der(4, &[&der(SEQUENCE, &[&part])]);
        let safe = der(SEQUENCE, &[&der(OID, &[DATA]), &der(CONTEXT_0, &[&safe])]);
        der(SEQUENCE, &[&der(2, &[&[3]]), &safe])
    }

    fn bag(kind: &[u8], value: &[u8]) -> Vec<u8> {
        der(SEQUENCE, &[&der(OID, &[kind]), &der(CONTEXT_0, &[value])])
    }

    #[test]
    fn rounds_that_are_asked_for_inside_an_encrypted_part_are_counted_too() {
        let key = |rounds: &[u8]| bag(SHROUDED_KEY, &der(SEQUENCE, &[&encryption_of(rounds), &der(4, &[b"key"])]));
        let few = file_with(&der(SEQUENCE, &[&key(&[8, 0])]));
        assert_eq!(survey(&few, "x").expect("few").rounds, 2050);
        assert!(matches!(survey(&few, "y"), Err(SigningError::WrongPassword)));
        let many = [0x7f, 0xff, 0xff, 0xff];
        let check = |contents: Vec<u8>| {
            let error = survey(&file_with(&contents), "x").expect_err("many");
            assert!(matches!(error, SigningError::TooManyRounds { .. }), "{error}");
        };
        check(der(SEQUENCE, &[&key(&many)]));
        check(der(SEQUENCE, &[&bag(SAFE_CONTENTS, &der(SEQUENCE, &[&key(&many)]))]));
        check(der(SEQUENCE, &[&key(&[0x30, 0, 0]), &key(&[0x30, 0, 0])]));
    }

    #[test]
    fn bags_of_bags_without_end_are_refused() {
        let mut contents = der(SEQUENCE, &[]);
        for _ in 0..8 {
            contents = der(SEQUENCE, &[&bag(SAFE_CONTENTS, &contents)]);
        }
        assert!(matches!(survey(&file_with(&contents), "x"), Err(SigningError::NotPkcs12)));
    }
}

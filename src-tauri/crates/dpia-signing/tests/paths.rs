//! Trust: a signer is trusted through authorities where every certificate of the path may be relied upon, at the right times.
//! The paths are made at random, and a plain model of the rules says what should come of each.

#[path = "support/cms.rs"]
mod cms;
mod support;

use cms::{BEGIN, END, Holder, Way, Wish, fill, oid, p256_key, tlv};
use dpia_signing::{Certificate, Moment, PathProblem, PdfVerification, SignatureReport, Trust, verify_detached, verify_pdf, verify_pdf_at};
use jiff::Timestamp;
use openssl::pkey::{PKey, Private};
use openssl::x509::X509;
use proptest::prelude::*;
use support::open_pdf;

/// The time that the test's PDF claims, and the time of the verification: 23 November 2026 and 1 March 2027.
const CLAIMED: i64 = 1_795_420_800;
const NOW: i64 = 1_803_859_200;

const DAY: i64 = 86_400;
const SERVER: &str = "1.3.6.1.5.5.7.3.1";
const CLIENT: &str = "1.3.6.1.5.5.7.3.2";
const MAIL: &str = "1.3.6.1.5.5.7.3.4";
const STAMPS: &str = "1.3.6.1.5.5.7.3.8";
const DOCUMENTS: &str = "1.3.6.1.5.5.7.3.36";
const ANY: &str = "2.5.29.37.0";

fn seconds(at: i64) -> Timestamp {
    Timestamp::from_second(at).expect("a time")
}

fn to_certificate(certificate: &X509) -> Certificate {
    Certificate::from_der(&certificate.to_der().expect("DER")).expect("a certificate")
}

/// Issues each wish by the one before it, the first by itself; the last is the signer, who carries those between.
fn make_path(wishes: &[Wish]) -> (Certificate, Holder) {
    let mut holders: Vec<Holder> = Vec::new();
    for wish in wishes {
        let key = next_key(holders.len());
        let certificate = wish.issue(&key, holders.last());
        holders.push(Holder { key, certificate, carried: Vec::new() });
    }
    let root = to_certificate(&holders[0].certificate);
    let mut signer = holders.pop().expect("a signer");
    signer.carried = holders.into_iter().skip(1).map(|holder| holder.certificate).collect();
    (root, signer)
}

/// Keys that are made once: what is tested is what the certificates say.
fn next_key(index: usize) -> PKey<Private> {
    static KEYS: std::sync::LazyLock<Vec<PKey<Private>>> = std::sync::LazyLock::new(|| (0..12).map(|_| p256_key()).collect());
    KEYS[index].clone()
}

fn verify(pdf: &[u8], list: &[Certificate], now: i64) -> SignatureReport {
    match verify_pdf_at(pdf, Some(list), Some(seconds(now))).expect("read") {
        PdfVerification::Signed(mut reports) => reports.remove(0),
        other => panic!("{other:?}"),
    }
}

fn sign(signer: &Holder) -> Vec<u8> {
    fill(open_pdf(), "adbe.pkcs7.detached", |content| signer.sign_detached(content, Way::Ecdsa, 256))
}

fn check(wishes: &[Wish], expected: Result<usize, fn(&PathProblem) -> bool>) {
    let (root, signer) = make_path(wishes);
    let report = verify(&sign(&signer), std::slice::from_ref(&root), NOW);
    assert!(report.is_intact(), "{wishes:?}: {:?}", report.problems());
    match (&report.trust, expected) {
        (Trust::IssuedBy(issuer), Ok(steps)) => {
            assert_eq!((issuer.as_ref(), report.path.len()), (&root, steps), "{wishes:?}");
            assert_eq!(report.moments, [Moment::Claimed(seconds(CLAIMED)), Moment::Now(seconds(NOW))]);
            assert!(report.is_sound(), "{:?}", report.problems());
        }
        (Trust::NotAccepted(problem), Err(is_expected)) => {
            assert!(is_expected(problem), "{wishes:?}: {problem}");
            assert!(!report.is_sound());
        }
        (trust, _) => panic!("{wishes:?}: {trust:?}"),
    }
}

#[test]
fn a_path_of_several_steps_leads_to_the_one_that_is_trusted() {
    let [root, middle, lower, leaf] = ["Root", "Middle", "Lower", "Leaf"];
    check(&[Wish::authority(root), Wish::named(leaf)], Ok(1));
    check(&[Wish::authority(root), Wish::authority(middle), Wish::named(leaf)], Ok(2));
    check(&[Wish::authority(root), Wish::authority(middle), Wish::authority(lower), Wish::named(leaf)], Ok(3));
    // The one between may be named as trusted too, and is then the end of the path.
    let (_, signer) = make_path(&[Wish::authority(root), Wish::authority(middle), Wish::named(leaf)]);
    let named = to_certificate(&signer.carried[0]);
    assert_eq!(verify(&sign(&signer), std::slice::from_ref(&named), NOW).trust, Trust::IssuedBy(Box::new(named)));
    // Without the one between there is no path.
    let alone = Holder { carried: Vec::new(), ..signer.clone() };
    let (root, _) = make_path(&[Wish::authority(root), Wish::authority(middle), Wish::named(leaf)]);
    assert_eq!(verify(&sign(&alone), &[root], NOW).trust, Trust::NotTrusted);
}

#[test]
fn a_certificate_that_is_named_itself_is_one_to_rely_upon_too() {
    let none: Option<fn(&PathProblem) -> bool> = None;
    let ended: Option<fn(&PathProblem) -> bool> = Some(|problem| matches!(problem, PathProblem::Ended { .. }));
    let early: Option<fn(&PathProblem) -> bool> = Some(|problem| matches!(problem, PathProblem::NotYetInForce { .. }));
    let other: Option<fn(&PathProblem) -> bool> = Some(|problem| matches!(problem, PathProblem::OtherPurpose { .. }));
    let critical: Option<fn(&PathProblem) -> bool> = Some(|problem| matches!(problem, PathProblem::CriticalExtension { .. }));
    let alone = || Wish::named("Alone");
    let unknown = |is_critical| vec![("1.2.3.4.5", is_critical, vec![5, 0])];
    let for_purpose = |purpose| Wish { purposes: Some((vec![purpose], false)), ..alone() };
    // What is said at the verification's own time, and where nobody says what time it is: dates are not asked then.
    for (wish, expected, is_of_dates) in [
        (alone(), none, false),
        (Wish { ends: CLAIMED - DAY, ..alone() }, ended, true),
        (Wish { ends: CLAIMED + DAY, ..alone() }, ended, true),
        (Wish { begins: CLAIMED + DAY, ..alone() }, early, true),
        (Wish { begins: NOW + DAY, ..alone() }, early, true),
        (for_purpose(SERVER), other, false),
        (for_purpose(STAMPS), other, false),
        (for_purpose(DOCUMENTS), none, false),
        (for_purpose(MAIL), none, false),
        (Wish { more: unknown(true), ..alone() }, critical, false),
        (Wish { more: unknown(false), ..alone() }, none, false),
    ] {
        let key = next_key(0);
        let signer = Holder { certificate: wish.issue(&key, None), key, carried: Vec::new() };
        let list = [to_certificate(&signer.certificate)];
        let pdf = sign(&signer);
        let is_as = |trust: &Trust, expected: Option<fn(&PathProblem) -> bool>| match (trust, expected) {
            (Trust::Named, None) => true,
            (Trust::NotAccepted(problem), Some(is_expected)) => is_expected(problem),
            _ => false,
        };
        let trust = verify(&pdf, &list, NOW).trust;
        assert!(is_as(&trust, expected), "{wish:?}: {trust:?}");
        let expected = expected.filter(|_| !is_of_dates);
        let PdfVerification::Signed(reports) = verify_pdf(&pdf, Some(&list)).expect("read") else { panic!("not signed") };
        assert!(is_as(&reports[0].trust, expected), "{wish:?}: {:?}", reports[0].trust);
        let detached = signer.sign_detached(b"content", Way::Ecdsa, 256);
        let trust = verify_detached(b"content", &detached, Some(&list)).trust;
        assert!(is_as(&trust, expected), "{wish:?}: {trust:?}");
    }
}

#[test]
fn a_path_that_is_too_long_to_be_checked_is_reported_as_such() {
    let wishes = |between: usize| -> Vec<Wish> {
        let authorities = (0..=between).map(|index| Wish::authority(&format!("Number {index}")));
        authorities.chain([Wish::named("Leaf")]).collect()
    };
    check(&wishes(6), Ok(7));
    check(&wishes(7), Err(|problem| matches!(problem, PathProblem::TooLong { .. })));
    check(&wishes(9), Err(|problem| matches!(problem, PathProblem::TooLong { .. })));
    // One that ends, however long, and does not lead to the list is not one of those.
    let (_, signer) = make_path(&wishes(4));
    let stranger = Wish::authority("Stranger").issue(&next_key(7), None);
    assert_eq!(verify(&sign(&signer), &[to_certificate(&stranger)], NOW).trust, Trust::NotTrusted);
}

#[test]
fn a_policy_that_an_authority_asks_for_is_named_by_all_below_it() {
    let policies = |named: &[&str]| {
        let all: Vec<Vec<u8>> = named.iter().map(|name| tlv(0x30, &[&oid(name)])).collect();
        ("2.5.29.32", false, tlv(0x30, &[&all.concat()]))
    };
    let asks = |is_critical| ("2.5.29.36", is_critical, tlv(0x30, &[&tlv(0x80, &[&[0]])]));
    let maps_none = ("2.5.29.36", false, tlv(0x30, &[&tlv(0x81, &[&[0]])]));
    let no_policy: fn(&PathProblem) -> bool = |problem| matches!(problem, PathProblem::NoPolicy { .. });
    let critical: fn(&PathProblem) -> bool =
        |problem| matches!(problem, PathProblem::CriticalExtension { .. } | PathProblem::NoPolicy { .. });
    let path = |root: Vec<_>, middle: Vec<_>, leaf: Vec<_>| {
        [
            Wish { more: root, ..Wish::authority("Root") },
            Wish { more: middle, ..Wish::authority("Middle") },
            Wish { more: leaf, ..Wish::named("Leaf") },
        ]
    };
    let (one, two, any) = ("1.2.3.1", "1.2.3.2", "2.5.29.32.0");
    check(&path(vec![], vec![asks(false)], vec![]), Err(no_policy));
    check(&path(vec![asks(false)], vec![], vec![]), Err(no_policy));
    check(&path(vec![], vec![asks(true)], vec![]), Err(critical));
    check(&path(vec![], vec![asks(false), policies(&[one])], vec![]), Err(no_policy));
    check(&path(vec![], vec![asks(false)], vec![policies(&[one])]), Err(no_policy));
    check(&path(vec![], vec![asks(false), policies(&[one])], vec![policies(&[two])]), Err(no_policy));
    check(&path(vec![], vec![asks(false), policies(&[one])], vec![policies(&[two, one])]), Ok(2));
    check(&path(vec![], vec![asks(false), policies(&[any])], vec![policies(&[two])]), Ok(2));
    check(&path(vec![asks(false)], vec![policies(&[any])], vec![policies(&[two])]), Ok(2));
    check(&path(vec![], vec![maps_none], vec![]), Ok(2));
    check(&path(vec![], vec![policies(&[one])], vec![policies(&[two])]), Ok(2));
}

#[test]
fn each_reason_not_to_rely_upon_a_path_is_reported() {
    let root = || Wish::authority("Root");
    let leaf = || Wish::named("Leaf");
    let ended: fn(&PathProblem) -> bool = |problem| matches!(problem, PathProblem::Ended { .. });
    let early: fn(&PathProblem) -> bool = |problem| matches!(problem, PathProblem::NotYetInForce { .. });
    let other: fn(&PathProblem) -> bool = |problem| matches!(problem, PathProblem::OtherPurpose { .. });
    let critical: fn(&PathProblem) -> bool = |problem| matches!(problem, PathProblem::CriticalExtension { .. });
    let no_authority: fn(&PathProblem) -> bool = |problem| matches!(problem, PathProblem::NotAnAuthority { .. });
    let too_long: fn(&PathProblem) -> bool = |problem| matches!(problem, PathProblem::TooManySteps { .. });
    let bound: fn(&PathProblem) -> bool = |problem| matches!(problem, PathProblem::NamesBound { .. });
    // Dates: before the claimed time, between it and now, after both; of the signer, the issuer and the root.
    check(&[root(), Wish { ends: CLAIMED - 60 * DAY, ..leaf() }], Err(ended));
    check(&[root(), Wish { ends: CLAIMED + DAY, ..leaf() }], Err(ended));
    check(&[root(), Wish { begins: CLAIMED + DAY, ..leaf() }], Err(early));
    check(&[root(), Wish { begins: NOW + DAY, ..leaf() }], Err(early));
    check(&[root(), Wish { ends: CLAIMED - DAY, ..Wish::authority("Middle") }, leaf()], Err(ended));
    check(&[Wish { ends: CLAIMED - DAY, ..root() }, leaf()], Err(ended));
    // Purposes.
    check(&[root(), Wish { purposes: Some((vec![SERVER], false)), ..leaf() }], Err(other));
    check(&[root(), Wish { purposes: Some((vec![SERVER, CLIENT], true)), ..leaf() }], Err(other));
    check(&[root(), Wish { purposes: Some((vec![STAMPS], true)), ..leaf() }], Err(other));
    check(&[root(), Wish { purposes: Some((vec![CLIENT, MAIL], false)), ..leaf() }], Ok(1));
    check(&[root(), Wish { purposes: Some((vec![DOCUMENTS], true)), ..leaf() }], Ok(1));
    check(&[root(), Wish { purposes: Some((vec![ANY], false)), ..leaf() }], Ok(1));
    check(&[root(), Wish { purposes: Some((vec![SERVER], false)), ..Wish::authority("Middle") }, leaf()], Err(other));
    // Extensions: unknown and critical, unknown and not; limits of names.
    let unknown = |is_critical| vec![("1.2.3.4.5", is_critical, vec![5, 0])];
    check(&[root(), Wish { more: unknown(true), ..leaf() }], Err(critical));
    check(&[root(), Wish { more: unknown(false), ..leaf() }], Ok(1));
    check(&[root(), Wish { more: unknown(true), ..Wish::authority("Middle") }, leaf()], Err(critical));
    check(&[Wish { more: unknown(true), ..root() }, leaf()], Err(critical));
    for is_critical in [true, false] {
        let names = vec![("2.5.29.30", is_critical, vec![0x30, 0])];
        check(&[root(), Wish { more: names, ..Wish::authority("Middle") }, leaf()], Err(bound));
    }
    // Authorities: one that is none, one that may not issue, one that allows too few steps.
    check(&[root(), Wish::named("Middle"), leaf()], Err(no_authority));
    check(&[root(), Wish { authority: Some((false, None)), ..Wish::authority("Middle") }, leaf()], Err(no_authority));
    check(&[root(), Wish { usage: Some((true, false)), ..Wish::authority("Middle") }, leaf()], Err(no_authority));
    check(&[Wish { authority: Some((true, Some(0))), ..root() }, leaf()], Ok(1));
    check(&[Wish { authority: Some((true, Some(0))), ..root() }, Wish::authority("Middle"), leaf()], Err(too_long));
    check(&[Wish { authority: Some((true, Some(1))), ..root() }, Wish::authority("Middle"), leaf()], Ok(2));
}

#[test]
fn a_trusted_timestamp_says_when_the_certificates_had_to_be_in_force() {
    let stamped_at = CLAIMED + 60;
    let wishes = [Wish::authority("Root"), Wish { ends: CLAIMED + DAY, ..Wish::named("Leaf") }];
    let (root, signer) = make_path(&wishes);
    let authority = |purposes, holder: Option<&Holder>| {
        let key = next_key(5);
        let certificate = Wish { purposes, ..Wish::named("Stamps") }.issue(&key, holder);
        Holder { key, certificate, carried: Vec::new() }
    };
    // The root's own key is the first one.
    let issuer = Holder { key: next_key(0), certificate: X509::from_der(root.as_der()).expect("read"), carried: Vec::new() };
    let stamps = authority(Some((vec![STAMPS], true)), Some(&issuer));
    let check = |stamps: &Holder, list: &[Certificate], is_trusted: Option<bool>, expected: bool| {
        let pdf = fill(open_pdf(), "adbe.pkcs7.detached", |content| signer.sign_and_stamp(content, stamps, stamped_at));
        let report = verify(&pdf, list, NOW);
        assert!(report.is_valid() && report.is_intact(), "{:?}", report.problems());
        assert_eq!(report.stamp.as_ref().map(|stamp| stamp.is_trusted), is_trusted);
        assert_eq!(report.is_sound(), expected, "{:?}", report.trust);
        report
    };
    let report = check(&stamps, std::slice::from_ref(&root), Some(true), true);
    assert_eq!(report.moments, [Moment::Stamped(seconds(stamped_at))]);
    // An authority that nobody trusts, one that is not for timestamps, one that does not say so critically.
    let alone = authority(Some((vec![STAMPS], true)), None);
    check(&alone, std::slice::from_ref(&root), Some(false), false);
    check(&alone, &[root.clone(), to_certificate(&alone.certificate)], Some(true), true);
    check(&authority(None, Some(&issuer)), std::slice::from_ref(&root), None, false);
    check(&authority(Some((vec![STAMPS, MAIL], true)), Some(&issuer)), std::slice::from_ref(&root), None, false);
    check(&authority(Some((vec![STAMPS], false)), Some(&issuer)), std::slice::from_ref(&root), None, false);
    // A timestamp of something else says nothing of this signature.
    let other = |_: &[u8]| stamps.stamp(b"something else", stamped_at);
    let pdf = fill(open_pdf(), "adbe.pkcs7.detached", |content| signer.sign_beside(content, other));
    let report = verify(&pdf, std::slice::from_ref(&root), NOW);
    assert!(report.stamp.is_none() && !report.is_sound());
}

/// What one certificate of a random path says.
#[derive(Debug, Clone)]
struct Draw {
    life: usize,
    authority: usize,
    usage: usize,
    purposes: usize,
    extension: usize,
}

const LIVES: [(i64, i64); 5] = [(BEGIN, END), (BEGIN, CLAIMED - DAY), (CLAIMED + DAY, END), (BEGIN, NOW - DAY), (CLAIMED - DAY, NOW + DAY)];

fn draw() -> impl Strategy<Value = Draw> {
    // Most of what is drawn is as it should be, so that most paths have one fault or none.
    let mostly = |others: usize| prop_oneof![12 => Just(0usize), 1 => 0..others];
    (mostly(5), mostly(5), mostly(4), mostly(6), mostly(4)).prop_map(|(life, authority, usage, purposes, extension)| Draw {
        life,
        authority,
        usage,
        purposes,
        extension,
    })
}

impl Draw {
    fn to_wish(&self, index: usize, is_signer: bool) -> Wish {
        let (begins, ends) = LIVES[self.life];
        let issues = [(false, true), (true, true), (true, false), (false, false)][self.usage];
        let signs = [(true, false), (true, true), (true, false), (true, true)][self.usage];
        Wish {
            name: format!("Number {index}"),
            begins,
            ends,
            authority: match (is_signer, self.authority) {
                (true, _) => None,
                (false, 0) => Some((true, None)),
                (false, 1) => Some((true, Some(0))),
                (false, 2) => Some((true, Some(1))),
                (false, 3) => Some((false, None)),
                (false, _) => None,
            },
            usage: Some(if is_signer { signs } else { issues }),
            purposes: match self.purposes {
                0 => None,
                1 => Some((vec![SERVER], true)),
                2 => Some((vec![MAIL, CLIENT], false)),
                3 => Some((vec![ANY], true)),
                4 => Some((vec![SERVER, CLIENT], false)),
                _ => Some((vec![DOCUMENTS], false)),
            },
            more: match self.extension {
                0 | 1 => Vec::new(),
                2 => vec![("1.2.3.4.5", true, vec![5, 0])],
                _ => vec![("1.2.3.4.5", false, vec![5, 0])],
            },
        }
    }
}

/// The rules in the plainest words: all dates, no unknown critical extension, the right purposes, authorities that may issue,
/// and only as many steps as are allowed.
fn is_to_be_trusted(draws: &[Draw]) -> bool {
    let authorities = draws.len() - 1;
    draws.iter().enumerate().all(|(index, draw)| {
        let is_signer = index == authorities;
        let (begins, ends) = LIVES[draw.life];
        let below = authorities.saturating_sub(index + 1);
        let is_authority = match draw.authority {
            0 => true,
            1 => below == 0,
            2 => below <= 1,
            _ => false,
        };
        let may_issue = matches!(draw.usage, 0 | 1);
        begins <= CLAIMED
            && CLAIMED <= ends
            && begins <= NOW
            && NOW <= ends
            && draw.extension != 2
            && matches!(draw.purposes, 0 | 2 | 3 | 5)
            && (is_signer || (is_authority && may_issue))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_random_path_is_trusted_where_the_rules_say_so(draws in prop::collection::vec(draw(), 2..6)) {
        let last = draws.len() - 1;
        let wishes: Vec<Wish> = draws.iter().enumerate().map(|(index, draw)| draw.to_wish(index, index == last)).collect();
        let (root, signer) = make_path(&wishes);
        let report = verify(&sign(&signer), &[root], NOW);
        prop_assert_eq!(report.is_sound(), is_to_be_trusted(&draws), "{:?}: {:?}", draws, report.trust);
    }
}

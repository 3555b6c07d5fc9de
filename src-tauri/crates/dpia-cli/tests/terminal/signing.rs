//! With which certificates is signed and verified.

use crate::desk::Desk;
use std::fs;

fn certificate(desk: &Desk, name: &str) -> String {
    let (identity, pem) = (format!("{name}.p12"), format!("{name}.pem"));
    if !desk.file(&identity).exists() {
        let person = ["--name", name, "--role", "DPO", "--organisation", "Juniper", "--email", "sam@example.org"];
        desk.succeed(&[&["identity", "new", "-o", &identity][..], &person].concat());
    }
    desk.succeed(&["identity", "certificate", &identity, "-o", &pem]);
    fs::read_to_string(desk.file(&pem)).unwrap()
}

#[test]
fn each_certificate_of_a_file_is_trusted() {
    let desk = Desk::new();
    let (own, ann, ben) = (certificate(&desk, "id"), certificate(&desk, "ann"), certificate(&desk, "ben"));
    desk.succeed(&["report", "a.dpia", "-o", "report.pdf", "--sign", "id.p12"]);
    let check = |trusted: &str, code: i32, expected: &str| {
        fs::write(desk.file("trusted.pem"), trusted).unwrap();
        let ended = desk.run(&["verify", "report.pdf", "--trust", "trusted.pem"]);
        let said = String::from_utf8(ended.stdout).unwrap() + &String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(code), "{said}");
        assert!(said.contains(expected), "{said}");
    };
    check(&own, 0, "Trusted: yes");
    check(&format!("{ann}{own}"), 0, "Trusted: yes");
    check(&format!("Ann\n{ann}\nBen\r\n{ben}\r\nOurs\n{own}and no more\n"), 0, "Trusted: yes");
    check(&format!("{ann}{ben}"), 1, "Trusted: NO");
    // One that cannot be read is never passed over.
    let damaged = ben.replacen("MII", "M!!", 1);
    check(&format!("{own}{damaged}"), 1, "trusted.pem: Certificate 2 of this file cannot be read");
    let cut_off = ben.split("-----END").next().unwrap();
    check(&format!("{own}{cut_off}"), 1, "trusted.pem: Certificate 2 of this file cannot be read: its END CERTIFICATE line is missing");
    check("", 1, "trusted.pem: There is no certificate in this file");
    check("-----BEGIN PKCS7-----\nMIIB\n-----END PKCS7-----\n", 1, "trusted.pem: There is no certificate in this file");
}

#[test]
fn nothing_is_signed_at_a_moment_that_the_certificate_is_not_in_force() {
    let desk = Desk::new();
    desk.succeed(&["report", "a.dpia", "-o", "open.pdf", "--sign", "id.p12", "--countersignature"]);
    let calls: [&[&str]; 3] = [
        &["report", "a.dpia", "-o", "made", "--sign", "id.p12"],
        &["countersign", "open.pdf", "-o", "made", "--sign", "id.p12"],
        &["issue", "a.dpia", "--client", "Hill School", "--out", "made", "--sign", "id.p12"],
    ];
    for (at, epoch, expected) in
        [("2026-11-22T08:59:59Z", "1795337999", "valid from 2026-11-22T09:00:00Z"), ("2066-01-01T00:00:00Z", "3029529600", "expired on")]
    {
        for call in calls {
            let said = desk.refuse(&[call, &["--at", at]].concat(), 1);
            assert!(said.contains(expected), "{call:?}: {said}");
            assert!(!desk.file("made").is_file() && fs::read_dir(desk.file("made")).map_or(0, Iterator::count) == 0, "{call:?}");
        }
        let ended = desk
            .command(&["import", "lower name.txt", "-o", "made.dpia", "--sign", "id.p12"])
            .env("SOURCE_DATE_EPOCH", epoch)
            .output()
            .unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        assert!(ended.status.code() == Some(1) && said.contains(expected), "{said}");
    }
    desk.succeed(&["report", "a.dpia", "-o", "first.pdf", "--sign", "id.p12", "--at", "2026-11-22T09:00:00Z"]);
}

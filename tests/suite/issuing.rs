//! `dpia issue`: twenty schools, each copy byte for byte what a single export gives, and a folder that can be gone on with.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use dpia_tests::places::{fixture, temporary_folder};
use dpia_tests::terminal::{Call, dpia, import, make_identity_of};
use serde_json::Value;
use tempfile::TempDir;

const MOMENT: &str = "2026-11-22T09:00:00Z";
/// The same as seconds since 1970.
const SECONDS: i64 = 1_795_338_000;
const REFUSED: Option<i32> = Some(1);
const MISUSED: Option<i32> = Some(2);

/// Names as schools bear them: Welsh and Polish letters, quotation marks, what file systems refuse, two that differ in case.
const SCHOOLS: [&str; 20] = [
    "Ysgol Gyfun Gŵyr",
    "Ysgol Tŷ Coch",
    "Ysgol y Berwyn, Y Bala",
    "Ysgol Llanfairpwllgwyngyll",
    "Coleg Siôn Ïeuan",
    "Zespół Szkół nr 1 w Łodzi",
    "Szkoła Podstawowa im. Świętej Jadwigi",
    "Liceum „Żółkiewski”",
    "Gimnazjum Źródło",
    "St Mary's C of E Primary School",
    "Hill School",
    "HILL SCHOOL",
    "The \"Dale\" Academy",
    "Oak/Ash Federation",
    "École Sainte-Thérèse",
    "Müller-Straße Grundschule",
    "Αθήνα School",
    "Trust: North & South",
    "Dún Laoghaire Educate Together",
    "Vale Academy, Year 7; Year 8",
];

struct Office {
    folder: TempDir,
    bundle: PathBuf,
    identity: PathBuf,
    clients: PathBuf,
    out: PathBuf,
}

impl Office {
    /// An office with these clients on its list.
    fn new(schools: &[&str]) -> Result<Self> {
        let folder = temporary_folder()?;
        let [bundle, clients, out] = ["a.dpia", "schools.csv", "out"].map(|name| folder.path().join(name));
        import(&fixture("documents/made-up/elm-lodge-reports.txt"), &bundle)?;
        let (identity, _) = make_identity_of(SECONDS, folder.path())?;
        let mut list = "\u{feff}Reference;School;Email\r\n".to_owned();
        for (number, school) in schools.iter().enumerate() {
            list += &format!("S{number};\"{}\";office@school{number}.example\r\n", school.replace('"', "\"\""));
        }
        fs::write(&clients, list)?;
        Ok(Self { folder, bundle, identity, clients, out })
    }

    fn issue(&self) -> Result<Call> {
        let call = dpia("issue --at")?.words(MOMENT).argument(&self.bundle).words("--out").argument(&self.out);
        Ok(call.words("--sign").argument(&self.identity))
    }

    /// The copies of the folder, each with the client and the SHA-256 that its record tells.
    fn record(&self) -> Result<Vec<Value>> {
        let shown = dpia("issued --json")?.argument(&self.out).words("--against").argument(&self.bundle).succeed()?;
        Ok(serde_json::from_str::<Vec<Value>>(&shown.stdout)?)
    }
}

fn count_files(folder: &Path) -> Result<usize> {
    Ok(fs::read_dir(folder)?.count())
}

#[test]
fn each_of_twenty_copies_is_byte_for_byte_a_single_export() -> Result<()> {
    let office = Office::new(&SCHOOLS)?;
    let outcome = office.issue()?.words("--clients").argument(&office.clients).succeed()?;
    assert!(outcome.stderr.contains("20 written, 0 already there, 0 failed, of 20"), "{}", outcome.stderr);
    assert_eq!(count_files(&office.out)?, 21, "the copies and their record");
    let record = office.record()?;
    assert_eq!(record.len(), SCHOOLS.len());
    let single = office.folder.path().join("single.pdf");
    for school in SCHOOLS {
        let held = record.iter().find(|held| held["name"] == school).with_context(|| format!("{school} is not in the record"))?;
        let copy = office.out.join(held["file"].as_str().context("a file")?);
        let call = dpia("report --copy customer --at")?.words(MOMENT).argument(&office.bundle).words("-o").argument(&single);
        call.words("--client").argument(school).words("--sign").argument(&office.identity).succeed()?;
        assert!(fs::read(&copy)? == fs::read(&single)?, "{school}: {}", copy.display());
        assert_eq!(held["is_outdated"], false);
    }
    let verified = dpia("verify")?.argument(office.out.join("DPIA Elm Lodge Reports - Oak-Ash Federation.pdf")).run()?;
    assert_eq!(verified.code, Some(0), "{}{}", verified.stdout, verified.stderr);
    Ok(())
}

#[test]
fn a_folder_is_gone_on_with_and_what_is_there_stays() -> Result<()> {
    let office = Office::new(&SCHOOLS[..4])?;
    office.issue()?.words("--client").argument(SCHOOLS[0]).words("--client").argument(SCHOOLS[2]).succeed()?;
    let first = fs::read(office.out.join("DPIA Elm Lodge Reports - Ysgol y Berwyn, Y Bala.pdf"))?;
    fs::remove_file(office.out.join("DPIA Elm Lodge Reports - Ysgol Gyfun Gŵyr.pdf"))?;
    fs::write(office.out.join("DPIA Elm Lodge Reports - Ysgol Tŷ Coch.pdf"), "somebody's own")?;
    let outcome = office.issue()?.words("--clients").argument(&office.clients).run()?;
    assert_eq!(outcome.code, REFUSED, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("2 written, 1 already there, 1 failed, of 4"), "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("2/4 Ysgol Tŷ Coch: DPIA Elm Lodge Reports - Ysgol Tŷ Coch.pdf in this folder is not the copy"),
        "{}",
        outcome.stderr
    );
    assert!(fs::read(office.out.join("DPIA Elm Lodge Reports - Ysgol y Berwyn, Y Bala.pdf"))? == first);

    // Another document: every copy is outdated, and issuing one again puts that right.
    import(&fixture("documents/made-up/oakfield-tracker.md"), &office.bundle)?;
    assert!(office.record()?.iter().all(|held| held["is_outdated"] == true));
    let shown = dpia("issued")?.argument(&office.out).words("--against").argument(&office.bundle).succeed()?;
    assert!(shown.stdout.lines().all(|line| line.starts_with("OUTDATED  revision 0")), "{}", shown.stdout);
    assert!(shown.stderr.contains("3 clients hold a copy; 3 of them an outdated one"), "{}", shown.stderr);
    office.issue()?.words("--client").argument(SCHOOLS[2]).succeed()?;
    let current: Vec<Value> = office.record()?.into_iter().filter(|held| held["is_outdated"] == false).collect();
    assert_eq!(current.iter().map(|held| &held["name"]).collect::<Vec<_>>(), [SCHOOLS[2]]);
    Ok(())
}

/// The copies in a folder, by name.
fn read_copies(folder: &Path) -> Result<BTreeMap<OsString, Vec<u8>>> {
    let mut copies = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "pdf") {
            copies.insert(path.file_name().context("a name")?.to_owned(), fs::read(&path)?);
        }
    }
    Ok(copies)
}

#[test]
fn a_run_that_was_killed_leaves_whole_copies_and_goes_on() -> Result<()> {
    let mut office = Office::new(&SCHOOLS[..8])?;
    let list = office.clients.clone();
    let call = |office: &Office| Ok::<_, anyhow::Error>(office.issue()?.words("--clients").argument(&list));
    call(&office)?.succeed()?;
    let expected = read_copies(&office.out)?;
    assert_eq!(expected.len(), 8);

    office.out = office.folder.path().join("killed");
    assert!(call(&office)?.kill_at("2/8 ")?, "it ended before it could be killed");
    let left = read_copies(&office.out)?;
    assert!((2..8).contains(&left.len()), "{} copies", left.len());
    assert!(left.iter().all(|(name, copy)| expected.get(name) == Some(copy)), "a copy is not whole");
    let outcome = call(&office)?.succeed()?;
    assert!(outcome.stderr.contains(&format!("{} already there, 0 failed, of 8", left.len())), "{}", outcome.stderr);
    assert!(read_copies(&office.out)? == expected);
    assert_eq!(count_files(&office.out)?, 9, "nothing is left beside the copies and their record");
    Ok(())
}

#[test]
fn what_cannot_be_issued_is_refused_before_anything_is_written() -> Result<()> {
    let office = Office::new(&SCHOOLS[..4])?;
    let check = |call: Call, code: Option<i32>, expected: &str| -> Result<()> {
        let outcome = call.run()?;
        assert_eq!(outcome.code, code, "{}", outcome.stderr);
        assert!(outcome.stderr.contains(expected), "{}", outcome.stderr);
        assert!(!office.out.exists());
        Ok(())
    };
    check(office.issue()?, MISUSED, "--clients <FILE.csv>")?;
    check(office.issue()?.words("--client").argument(" "), MISUSED, "The name is empty")?;
    check(office.issue()?.words("--client Hill --pattern").argument("{town}"), MISUSED, "There is no field {town}")?;
    check(office.issue()?.words("--client Hill").environment("DPIA_P12_PASSWORD", ""), MISUSED, "DPIA_P12_PASSWORD")?;
    fs::write(&office.clients, "name;reference\n;1\n;2\n")?;
    let listed = office.issue()?.words("--clients").argument(&office.clients);
    check(listed, REFUSED, "schools.csv: Line 2: the name is empty. Enter the name of the school or trust.")
}

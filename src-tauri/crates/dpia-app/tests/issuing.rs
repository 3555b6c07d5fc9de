//! Issuing from a workspace: the list of clients, a run with its log, and who then holds what.
#![expect(clippy::unwrap_used, reason = "what a test sets up has to succeed")]

use dpia_app::editing::Typed;
use dpia_app::issuing::{Client, ClientsRead, ColumnTitles, IssueOrder, ListedClient, read_ledger};
use dpia_app::{ErrorCode, Person, Surroundings as _, System, Workspace};
use dpia_keys::fake::MemoryKeychain;
use dpia_model::id::{AssessmentId, ClientId};
use dpia_model::rich_text::RichText;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

struct Office {
    folder: tempfile::TempDir,
    workspace: Workspace,
    id: AssessmentId,
}

impl Office {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::open_with(&folder.path().join("data"), &MemoryKeychain::new(), Box::new(System)).unwrap();
        let id = workspace.portfolio.create("Sonar").unwrap();
        let officer = Person { name: "Sam".into(), role: "DPO".into(), organisation: "Juniper".into(), email: "sam@example.org".into() };
        workspace.vault.save_person(Some(officer)).unwrap();
        fs::create_dir(folder.path().join("out")).unwrap();
        Self { folder, workspace, id }
    }

    fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    fn list(&self, csv: &str) -> PathBuf {
        let file = self.folder.path().join("schools.csv");
        fs::write(&file, csv).unwrap();
        file
    }

    fn say(&self, question: &str, words: &str) {
        let typed = Typed::Words { text: RichText::from_plain(words) };
        self.workspace.editor.save_answer(self.id, question.parse().unwrap(), typed, true).unwrap();
    }

    fn order(&self) -> IssueOrder {
        let clients = self.workspace.issuing.list_clients().unwrap().into_iter().map(|client| client.id).collect();
        IssueOrder {
            clients,
            pattern: "{client}".into(),
            included: Default::default(),
            is_open: false,
            missing_characters: Default::default(),
        }
    }

    /// Of each client its name, the revision it holds, and whether that is outdated.
    fn holdings(&self) -> Vec<(String, u32, bool)> {
        let holdings = self.workspace.issuing.holdings(self.id).unwrap();
        holdings.into_iter().map(|held| (held.name, held.revision, held.is_outdated)).collect()
    }
}

fn client(name: &str, reference: &str) -> Client {
    Client { reference: reference.into(), ..Client::named(name) }
}

fn names(clients: &[ListedClient]) -> Vec<&str> {
    clients.iter().map(|client| client.name.as_str()).collect()
}

#[test]
fn a_list_is_merged_by_reference_or_name_and_says_what_changed() {
    let office = Office::new();
    let import = |csv: &str| match office.workspace.issuing.import_clients(&office.list(csv), &ColumnTitles::default()).unwrap() {
        ClientsRead::Imported(imported) => imported,
        ClientsRead::ColumnsNeeded { why, .. } => panic!("{why}"),
    };
    let first = import("name,email,reference\nYsgol Gŵyr,a@b.example,W1\nHill School,,\n");
    assert_eq!((first.added.len(), first.changed.len(), first.unchanged), (2, 0, 0));
    let again = import("name,email,reference\nYsgol Gyfun Gŵyr,,w1\nHILL SCHOOL,hill@b.example,H1\nDale,,\n");
    assert_eq!(again.added, ["Dale"]);
    assert_eq!(
        again.changed,
        [
            "Ysgol Gyfun Gŵyr: name was Ysgol Gŵyr, is Ysgol Gyfun Gŵyr, reference was W1, is w1",
            "HILL SCHOOL: name was Hill School, is HILL SCHOOL, email address hill@b.example added, reference H1 added",
        ]
    );
    let listed = office.workspace.issuing.list_clients().unwrap();
    assert_eq!(names(&listed), ["Dale", "HILL SCHOOL", "Ysgol Gyfun Gŵyr"]);
    assert_eq!(listed[2].email, "a@b.example", "what a list leaves empty stays");
    assert_eq!(import("name,reference\nDale,\n").unchanged, 1);
    let two = import("name,reference\nDale,D1\nDale,D2\n");
    assert_eq!((two.changed.as_slice(), two.added.as_slice()), (&["Dale: reference D1 added".to_owned()][..], &["Dale".to_owned()][..]));
    let faulty = import("name\nOak\n\"Ash\nElm\"\n");
    assert_eq!(faulty.added, ["Oak"]);
    assert!(
        faulty.remarks[0].starts_with("Line 3: the name contains a line break") && faulty.remarks[0].ends_with("The line was left out.")
    );
    // Schools of one name differ by their email addresses, in one list and in the next.
    let mary = "name,email\nSt Mary's,office@hill.example\nSt Mary's,office@dale.example\n";
    assert_eq!(import(mary).added, ["St Mary's", "St Mary's"]);
    assert_eq!(import(mary).unchanged, 2);
    let asked = office.workspace.issuing.import_clients(&office.list("Provider\nAsh\n"), &ColumnTitles::default()).unwrap();
    assert!(matches!(asked, ClientsRead::ColumnsNeeded { titles, .. } if titles == ["Provider"]));
}

#[test]
fn a_client_is_not_put_on_the_list_twice() {
    let office = Office::new();
    let hill = office.workspace.issuing.save_client(None, &client(" Hill ", "")).unwrap();
    assert_eq!(hill.name, "Hill");
    let check = |id: Option<ClientId>, name: &str, reference: &str, expected: Option<&str>| {
        let saved = office.workspace.issuing.save_client(id, &client(name, reference));
        assert_eq!(saved.err().map(|error| error.message).as_deref(), expected, "{name}");
    };
    check(None, "HILL", "", Some("Hill is already on the list: give each a reference or an email address to tell them apart."));
    check(None, "Dale", "D1", None);
    check(None, "Vale", "d1", Some("The reference D1 is already that of Dale."));
    check(Some(hill.id), "Hill", "H1", None);
    check(None, "Hill", "H2", None);
    check(None, "", "", Some("The name is empty. Enter the name of the school or trust."));
    office.workspace.issuing.remove_client(hill.id).unwrap();
    let listed = office.workspace.issuing.list_clients().unwrap();
    assert_eq!(listed.iter().map(|client| client.reference.as_str()).collect::<Vec<_>>(), ["D1", "H2"]);
}

#[test]
fn each_copy_is_logged_and_an_edit_that_clients_see_makes_it_outdated() {
    let office = Office::new();
    office.say("purpose.aims", "To teach.");
    for name in ["Hill", "Ysgol Gŵyr"] {
        office.workspace.issuing.save_client(None, &client(name, "")).unwrap();
    }
    assert_eq!(office.workspace.issuing.name_copy(office.id, "{product} {client}", None).unwrap(), "Sonar Hill School.pdf");
    let mut told = Vec::new();
    let go = AtomicBool::new(false);
    let result =
        office.workspace.issuing.issue(office.id, &office.order(), &office.out(), &go, &mut |progress| told.push(progress)).unwrap();
    assert_eq!((result.issued, result.kept, result.left, result.failed.len()), (2, 0, 0, 0));
    assert_eq!(
        told.iter().map(|step| (step.done, step.of, step.name.as_str())).collect::<Vec<_>>(),
        [(1, 2, "Hill"), (2, 2, "Ysgol Gŵyr")]
    );
    assert_eq!(office.holdings(), [("Hill".into(), 1, false), ("Ysgol Gŵyr".into(), 1, false)]);
    let pdf = fs::read(office.out().join("Ysgol Gŵyr.pdf")).unwrap();
    assert!(dpia_app::verifying::verify(&pdf, None, System.now()).unwrap().is_sound);

    // The decision is an internal section: what is said there outdates no copy.
    office.say("decision.advice", "Ours alone.");
    assert!(office.holdings().iter().all(|(_, _, is_outdated)| !is_outdated), "{:?}", office.holdings());
    office.say("purpose.aims", "To teach well.");
    assert!(office.holdings().iter().all(|(_, _, is_outdated)| *is_outdated));

    let hill = office.workspace.issuing.list_clients().unwrap()[0].id;
    let order = IssueOrder { clients: [hill].into(), ..office.order() };
    office.workspace.issuing.issue(office.id, &order, &office.out(), &go, &mut |_| {}).unwrap();
    office.workspace.issuing.remove_client(hill).unwrap();
    assert_eq!(office.holdings(), [("Hill".into(), 3, false), ("Ysgol Gŵyr".into(), 1, true)]);
    let earlier = &office.workspace.issuing.holdings(office.id).unwrap()[0].earlier;
    assert_eq!(earlier.iter().map(|copy| copy.revision).collect::<Vec<_>>(), [1], "the copy before stays in the log");
    let view = office.workspace.issuing.open(office.id).unwrap();
    assert_eq!((view.revision, view.pattern.as_str(), names(&view.clients)), (3, "{client}", vec!["Ysgol Gŵyr"]));
}

#[test]
fn a_run_that_was_cancelled_goes_on_and_nothing_is_logged_twice() {
    let office = Office::new();
    for name in ["A", "B", "C"] {
        office.workspace.issuing.save_client(None, &client(name, "")).unwrap();
    }
    let cancel = AtomicBool::new(false);
    let order = office.order();
    let result =
        office.workspace.issuing.issue(office.id, &order, &office.out(), &cancel, &mut |_| cancel.store(true, Ordering::Relaxed)).unwrap();
    assert_eq!((result.issued, result.left, result.is_cancelled), (1, 2, true));
    assert_eq!(office.holdings().len(), 1);
    cancel.store(false, Ordering::Relaxed);
    let result = office.workspace.issuing.issue(office.id, &order, &office.out(), &cancel, &mut |_| {}).unwrap();
    assert_eq!((result.issued, result.kept, result.is_cancelled), (2, 1, false));
    assert_eq!(read_ledger(&office.out()).unwrap().len(), 3);
    assert_eq!(office.holdings().len(), 3);

    let nobody = IssueOrder { clients: Default::default(), ..order.clone() };
    let refused = office.workspace.issuing.issue(office.id, &nobody, &office.out(), &cancel, &mut |_| {}).unwrap_err();
    assert_eq!(refused.message, "Choose at least one client.");
    let gone = office.folder.path().join("gone");
    assert_eq!(office.workspace.issuing.issue(office.id, &order, &gone, &cancel, &mut |_| {}).unwrap_err().code, ErrorCode::NotSaved);
}

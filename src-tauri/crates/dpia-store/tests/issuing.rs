//! Clients, and the log of what they were sent.

#![expect(clippy::unwrap_used, reason = "what a test sets up has to succeed")]

mod support;

use dpia_model::id::{ClientId, Digest, SectionId};
use dpia_store::{Client, Issued, Store, StoreError};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fs;
use support::*;
use uuid::Uuid;

fn client(number: u128, name: &str) -> Client {
    Client { id: ClientId(Uuid::from_u128(number)), name: name.into(), email: String::new(), reference: format!("R{number}") }
}

fn issued(assessment: u128, revision: u32, client: &Client) -> Issued {
    Issued {
        assessment: dpia_model::id::AssessmentId(Uuid::from_u128(assessment)),
        product: "Sonar".into(),
        revision,
        client: Some(client.id),
        name: client.name.clone(),
        email: client.email.clone(),
        reference: client.reference.clone(),
        at: at(i64::from(revision)),
        file: format!("DPIA Sonar - {}.pdf", client.name),
        sha256: Digest::of(client.name.as_bytes()),
        certificate: Digest::of(b"certificate"),
        content: Digest::of(b"content"),
        included: BTreeSet::from([SectionId::new("sign_off").unwrap()]),
    }
}

#[test]
fn the_log_stays_whatever_becomes_of_the_client() {
    let (place, store) = created();
    let (gower, lodz) = (client(1, "Ysgol Gŵyr"), client(2, "Szkoła w Łodzi"));
    store.put_clients(vec![gower.clone(), lodz.clone()]).unwrap();
    let log = [issued(1, 3, &gower), issued(1, 3, &lodz), issued(2, 0, &gower), issued(1, 4, &gower)];
    log.iter().for_each(|copy| store.log_issued(copy.clone()).unwrap());
    store.put_clients(vec![Client { name: "Ysgol Gyfun Gŵyr".into(), ..gower.clone() }]).unwrap();
    store.remove_client(lodz.id).unwrap();
    store.remove_client(lodz.id).unwrap();
    drop(store);
    let store = Store::open(&place.path, &KEY).unwrap();
    assert_eq!(store.clients().unwrap(), [Client { name: "Ysgol Gyfun Gŵyr".into(), ..gower }]);
    let of_first = [log[0].clone(), log[1].clone(), log[3].clone()];
    assert_eq!(store.issued(log[0].assessment).unwrap(), of_first);
    assert_eq!(store.issued(log[2].assessment).unwrap(), log[2..3]);
}

#[test]
fn clients_are_kept_all_or_none() {
    let (_place, store) = created();
    let refused = store.put_clients(vec![client(1, "Hill"), client(2, "")]);
    assert!(matches!(refused, Err(StoreError::Sql(_))), "{refused:?}");
    assert_eq!(store.clients().unwrap(), []);
}

#[test]
fn a_database_of_the_first_format_is_copied_and_brought_forward() {
    let place = place();
    drop(Store::create(&place.path, &KEY).unwrap());
    // A file of the first format is one without what the second made.
    let back = "DROP TABLE client; DROP TABLE issued; DROP TABLE passage_waiting;
        ALTER TABLE history ADD COLUMN group_id TEXT NOT NULL DEFAULT '';
        CREATE INDEX history_group ON history (assessment, group_id);
        ALTER TABLE draft DROP COLUMN typed; ALTER TABLE draft ADD COLUMN base INTEGER NOT NULL DEFAULT 0; PRAGMA user_version = 1;";
    unlocked(&place.path).execute_batch(back).unwrap();
    let store = Store::open(&place.path, &KEY).unwrap();
    store.put_clients(vec![client(1, "Hill")]).unwrap();
    assert_eq!(store.clients().unwrap().len(), 1);
    let names: Vec<_> = fs::read_dir(place.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(names.iter().any(|name| name.to_string_lossy().contains(".before-1")), "{names:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn clients_and_copies_are_read_as_they_were_kept(names in proptest::collection::vec("\\PC{1,40}", 1..8), revision in any::<u32>()) {
        let (_place, store) = created();
        let clients: Vec<Client> = (1..).zip(&names).map(|(number, name)| client(number, name)).collect();
        store.put_clients(clients.clone()).unwrap();
        prop_assert_eq!(&store.clients().unwrap(), &clients);
        let log: Vec<Issued> = clients.iter().map(|client| issued(1, revision.min(1 << 30), client)).collect();
        for copy in &log {
            store.log_issued(copy.clone()).unwrap();
        }
        prop_assert_eq!(store.issued(log[0].assessment).unwrap(), log);
    }
}

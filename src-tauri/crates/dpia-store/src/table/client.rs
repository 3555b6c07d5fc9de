//! The table `client`: the schools and trusts that receive copies.

use super::parse_id;
use crate::error::StoreError;
use dpia_model::id::ClientId;
use rusqlite::{Connection, params};

/// A school or trust that receives copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The client.
    pub id: ClientId,
    /// Its name, as printed on its copies; never empty.
    pub name: String,
    /// Its email address; empty where none is known.
    pub email: String,
    /// The officer's own number for it; empty where there is none.
    pub reference: String,
}

/// Every client, in the order in which they came.
pub(crate) fn all(connection: &Connection) -> Result<Vec<Client>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT id, name, email, reference FROM client ORDER BY key")?;
    let mut rows = statement.query([])?;
    let mut clients = Vec::new();
    while let Some(row) = rows.next()? {
        let id = ClientId(parse_id(&row.get::<_, String>(0)?)?);
        clients.push(Client { id, name: row.get(1)?, email: row.get(2)?, reference: row.get(3)? });
    }
    Ok(clients)
}

/// Keeps a client; one that is here is changed and keeps its place.
pub(crate) fn put(connection: &Connection, client: &Client) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO client (id, name, email, reference) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email, reference = excluded.reference",
    )?;
    statement.execute(params![client.id.to_string(), client.name, client.email, client.reference])?;
    Ok(())
}

/// Takes a client off the list, if it is there. What it was sent stays in the log.
pub(crate) fn remove(connection: &Connection, id: ClientId) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM client WHERE id = ?1")?.execute([id.to_string()])?;
    Ok(())
}

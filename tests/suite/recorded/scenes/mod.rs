//! The scenes, a file a topic.

mod at_work;
mod files;
mod keys;
mod locked;

use std::collections::BTreeMap;

use anyhow::Result;

use super::scene::Scene;

pub(crate) type Scenes = BTreeMap<&'static str, Scene>;

/// Every scene, by the file that it is in.
pub(crate) fn record() -> Result<BTreeMap<&'static str, Scenes>> {
    let mut desk = super::base::make_desk()?;
    let first = at_work::record_desk(&mut desk)?;
    Ok(BTreeMap::from([
        ("work", at_work::record(&mut desk, &first)?),
        ("files", files::record(&mut desk, &first)?),
        ("keys", keys::record()?),
        ("locked", locked::record(&mut desk)?),
        ("desk", Scenes::from([("desk", first)])),
    ]))
}

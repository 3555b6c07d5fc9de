//! The bill of materials: CycloneDX 1.6, made of what the lock files say, so that the same tree gives the same bytes.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::packages::{Ecosystem, Package, read_delivered};
use crate::progress::{note, step};
use crate::project::Project;

/// Its name in the target directory.
const FILE: &str = "dpia-editor.cdx.json";

/// Writes the bill into the target directory; gives its place.
pub(crate) fn write_bill(project: &Project) -> Result<PathBuf> {
    let place = project.target.join(FILE);
    step("writing the bill of materials", || {
        let version = project.version()?;
        let mut text = serde_json::to_string_pretty(&bill_of(&version, &read_delivered(project)?))?;
        text.push('\n');
        std::fs::write(&place, text).with_context(|| format!("{} cannot be written", place.display()))?;
        note(&place.strip_prefix(&project.root).unwrap_or(Path::new(FILE)).display().to_string());
        Ok(())
    })?;
    Ok(place)
}

fn bill_of(version: &str, packages: &[Package]) -> Value {
    let program = format!("pkg:generic/dpia-editor@{version}");
    let (ours, theirs): (Vec<&Package>, Vec<&Package>) = packages.iter().partition(|package| package.is_ours());
    let direct = theirs.iter().filter(|package| package.ecosystem == Ecosystem::Npm).map(|package| package.reference());
    let roots: Vec<String> = ours.iter().map(|package| package.reference()).chain(direct).collect();
    let mut links = vec![json!({ "ref": program, "dependsOn": roots })];
    links.extend(packages.iter().map(|package| json!({ "ref": package.reference(), "dependsOn": package.links })));
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": { "type": "application", "bom-ref": program, "name": "DPIA Editor", "version": version, "purl": program,
                "licenses": [{ "expression": "MIT" }] },
        },
        "components": packages.iter().map(component_of).collect::<Vec<_>>(),
        "dependencies": links,
    })
}

fn component_of(package: &Package) -> Value {
    let reference = package.reference();
    let mut component =
        json!({ "type": "library", "bom-ref": reference, "name": package.name, "version": package.version, "purl": reference });
    let hash = match (package.ecosystem, &package.checksum) {
        (Ecosystem::Cargo, Some(checksum)) => Some(("SHA-256", checksum.clone())),
        (Ecosystem::Npm, Some(checksum)) => checksum.strip_prefix("sha512-").and_then(hex_of_base64).map(|hex| ("SHA-512", hex)),
        (_, None) => None,
    };
    if let Some((algorithm, content)) = hash {
        component["hashes"] = json!([{ "alg": algorithm, "content": content }]);
    }
    // Some still write a slash for "or".
    let license = package.license.replace(" / ", " OR ").replace('/', " OR ");
    if !license.is_empty() {
        component["licenses"] = json!([{ "expression": license }]);
    }
    if let Some(repository) = package.repository.as_deref().filter(|repository| repository.starts_with("https://")) {
        component["externalReferences"] = json!([{ "type": "vcs", "url": repository }]);
    }
    component
}

fn hex_of_base64(text: &str) -> Option<String> {
    let bytes = data_encoding::BASE64.decode(text.as_bytes()).ok()?;
    Some(data_encoding::HEXLOWER.encode(&bytes))
}

#[cfg(test)]
mod tests {
    use super::{bill_of, hex_of_base64};
    use crate::supply::packages::{Ecosystem, Package};

    #[test]
    fn the_bill_lists_each_package_with_its_hash_its_licence_and_what_it_links() {
        let package = Package {
            ecosystem: Ecosystem::Cargo,
            name: "good".to_owned(),
            version: "1.0.0".to_owned(),
            license: "MIT/Apache-2.0".to_owned(),
            repository: Some("https://example.org/good".to_owned()),
            authors: Vec::new(),
            source: Some("registry".to_owned()),
            checksum: Some("00ff".to_owned()),
            folder: std::path::PathBuf::new(),
            way: Vec::new(),
            links: vec!["pkg:cargo/other@2.0.0".to_owned()],
        };
        let bill = bill_of("0.1.0", &[package]);
        assert_eq!(bill["components"][0]["hashes"][0]["content"], "00ff");
        assert_eq!(bill["components"][0]["licenses"][0]["expression"], "MIT OR Apache-2.0");
        assert_eq!(bill["dependencies"][1]["dependsOn"][0], "pkg:cargo/other@2.0.0");
        assert_eq!(bill["metadata"]["component"]["version"], "0.1.0");
    }

    #[test]
    fn a_hash_of_npm_is_written_in_hexadecimal() {
        assert_eq!(hex_of_base64("AP8=").as_deref(), Some("00ff"));
        assert_eq!(hex_of_base64("?"), None);
    }
}

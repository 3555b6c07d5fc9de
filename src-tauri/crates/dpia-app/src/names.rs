//! Names of files: as they are shown, and as every file system takes them.

use dpia_files::portable_name;
use std::path::Path;

/// The name of a file without its folder; of "." and the like, which have none, as they were named.
pub fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// The longest name that is given to a file, in bytes, before its ending.
const MOST_BYTES_OF_NAME: usize = 120;

/// A name that every file system takes.
pub(crate) fn clean_name(name: &str) -> String {
    portable_name(name, MOST_BYTES_OF_NAME).unwrap_or_default()
}

/// What a file of this product is called, before its ending; a name that is not given yet, or would hide the file, is none.
pub(crate) fn product_stem(product: &str) -> String {
    portable_name(product, MOST_BYTES_OF_NAME).unwrap_or_else(|| "Product not named yet".to_owned())
}

#[cfg(test)]
mod tests {
    use super::product_stem;

    #[test]
    fn a_file_is_named_after_its_product_and_is_never_hidden() {
        let check = |product: &str, expected: &str| assert_eq!(product_stem(product), expected, "{product:?}");
        check("Sonar", "Sonar");
        check("Sonar / Multi: School?", "Sonar - Multi- School");
        check("con", "DPIA con");
        check(".NET tracker", "NET tracker");
        check("  ..  ", "Product not named yet");
        check("", "Product not named yet");
    }
}

//! Which versions of PHP-FPM this machine has.

use std::collections::BTreeMap;
use std::path::PathBuf;
use wabe_kernel::PhpVersion;

/// The versions whose programs are in these folders, each with its program: `php-fpm8.2` is 8.2.
#[must_use]
pub fn installed(folders: &[PathBuf]) -> BTreeMap<PhpVersion, PathBuf> {
    let mut found = BTreeMap::new();
    for folder in folders {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let version = name.to_str().and_then(|name| name.strip_prefix("php-fpm"));
            let version = version.and_then(|version| version.parse::<PhpVersion>().ok());
            if let Some(version) = version.filter(|_| entry.path().is_file()) {
                found.entry(version).or_insert_with(|| entry.path());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test's own files")]
    fn versions_are_read_off_the_names_of_programs() {
        let dir = tempfile::tempdir().unwrap();
        for name in [
            "php-fpm8.2",
            "php-fpm8.4",
            "php-fpm",
            "php-fpm8.x",
            "php8.3",
        ] {
            std::fs::write(dir.path().join(name), "").unwrap();
        }
        std::fs::create_dir(dir.path().join("php-fpm7.4")).unwrap();
        let found = installed(&[dir.path().into(), dir.path().join("none")]);
        let found: Vec<String> = found.keys().map(ToString::to_string).collect();
        assert_eq!(found, ["8.2", "8.4"]);
    }
}

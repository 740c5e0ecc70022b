//! Folders of a site that rules for Apache shut and nginx does as well: found when the site is shown, and kept beside
//! its certificates, so that its include is the same until it is shown anew.

use std::io;
use std::path::{Path, PathBuf};
use wabe_kernel::desired::StepFailure;

use crate::embedded::files::rule_file::Shut;
use crate::embedded::web::durable;

fn file(site: &Path) -> PathBuf {
    site.join("shut.json")
}

/// Keeps what is shut, in place of what was before. Blocks.
pub(super) fn keep(site: &Path, shut: &[Shut]) -> io::Result<()> {
    if shut.is_empty() {
        return durable::remove(&file(site));
    }
    let text = serde_json::to_vec(shut)?;
    durable::keep(&file(site), &text, 0o600)
}

/// What is shut. Blocks.
///
/// Errors: `files-failed` where that cannot be read: nothing of the site is shown anew without it.
pub(super) fn kept(site: &Path) -> Result<Vec<Shut>, StepFailure> {
    let text = match std::fs::read(file(site)) {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        text => text.map_err(|fault| StepFailure::new("files-failed", fault))?,
    };
    serde_json::from_slice(&text).map_err(|fault| StepFailure::new("files-failed", fault))
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "a test's own files")]
mod tests {
    use super::*;

    #[test]
    fn what_is_shut_is_kept_until_it_is_not_and_a_broken_list_is_no_list() {
        let site = tempfile::tempdir().unwrap();
        assert!(kept(site.path()).unwrap().is_empty());
        let shut = [Shut {
            folder: "public/ein plugin".parse().unwrap(),
            names: vec!["a.css".to_owned()],
        }];
        keep(site.path(), &shut).unwrap();
        assert_eq!(kept(site.path()).unwrap(), shut);
        std::fs::write(file(site.path()), "[{").unwrap();
        assert_eq!(kept(site.path()).unwrap_err().code, "files-failed");
        keep(site.path(), &[]).unwrap();
        assert!(kept(site.path()).unwrap().is_empty());
    }
}

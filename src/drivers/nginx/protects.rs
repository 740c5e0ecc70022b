//! Files of rules for Apache that protect something, and hold back the site that would show it, unless nginx can be told
//! the same.

use std::sync::Arc;
use wabe_kernel::SiteServer;
use wabe_kernel::content::ContentError;
use wabe_kernel::desired::{StepFailure, Wish};

use crate::embedded::files::rule_file;
use crate::embedded::web::{Keeper, Place, Showing};
use crate::nginx::shut;

/// Refuses to show what rules for Apache protect and ours do not; keeps what they shut and nginx shuts as well.
///
/// Errors: `htaccess-protects` with the first of them.
pub(super) async fn lets_nobody_in(
    what: &Showing,
    place: &Place,
    keeper: Option<&Arc<dyn Keeper>>,
) -> Result<(), StepFailure> {
    let Showing::Site(Wish::Present(webspace)) = what else {
        return Ok(());
    };
    if webspace.rules.server == SiteServer::Apache || webspace.rules.proxy.is_some() {
        // It reads them; or no file is shown at all.
        return Ok(());
    }
    let (root, rules) = (webspace.document_root.clone(), webspace.rules.clone());
    let (folder, id, keeper) = (place.folder.clone(), webspace.id, keeper.cloned());
    let looked = tokio::task::spawn_blocking(move || {
        let found = match keeper {
            Some(keeper) => keeper.rule_files(id),
            None => rule_file::in_folder(&folder),
        };
        let files = match found {
            // Nobody uploaded anything yet.
            Err(ContentError::NotFound) => Vec::new(),
            Err(fault) => return Err(StepFailure::new("files-failed", format_args!("{fault:?}"))),
            Ok(files) => files,
        };
        if let Some(file) = rule_file::uncovered(&files, &root, &rules).first() {
            return Err(StepFailure::new("htaccess-protects", &file.path));
        }
        let shut = rule_file::shut(&files, &root, &rules);
        shut::keep(&folder, &shut).map_err(|fault| StepFailure::new("files-failed", fault))
    });
    looked
        .await
        .map_err(|fault| StepFailure::new("files-failed", fault))?
}

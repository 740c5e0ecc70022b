//! What whoever keeps the folders of webspaces has done in them, by hands that are the customer's.

use rustix::io::Errno;
use std::ffi::CStr;
use wabe_kernel::content::{ContentError, RuleFile};
use wabe_kernel::{RelPath, Timestamp};

use crate::embedded::files::beneath::{Folder, Kind, Root, fault};
use crate::embedded::files::hands::Door;
use crate::embedded::files::{rule_file, tree};

impl Door {
    /// Makes a folder beneath the customer's files, with those on the way, where missing.
    ///
    /// # Errors
    /// As for whoever uploads: a link on the way is `NotPlain`.
    pub fn make_way(&self, path: &RelPath) -> Result<(), ContentError> {
        let root = Root::enter(self)?;
        let mut here = root.folder(&RelPath::root())?;
        for name in path.names() {
            match here.make_folder(name.as_str(), false) {
                Ok(()) | Err(Errno::EXIST) => {}
                Err(errno) => return Err(fault(errno)),
            }
            here.sync()?;
            here = here.folder(name.as_str()).map_err(fault)?;
        }
        Ok(())
    }

    /// Deletes everything in the folders that are the customer's own.
    ///
    /// # Errors
    /// When something stays.
    pub fn clear(&self) -> Result<(), ContentError> {
        let root = match Root::enter(self) {
            Err(ContentError::NotFound) => return Ok(()),
            root => root?,
        };
        tree::clear(root.files())?;
        tree::clear(&root.staging()?)?;
        root.temporary()?.as_ref().map_or(Ok(()), tree::clear)
    }

    /// Removes files from the temporary folder that nobody wrote to since `before`.
    ///
    /// # Errors
    /// When something stays that should go.
    pub fn sweep(&self, before: Timestamp) -> Result<(), ContentError> {
        let Some(folder) = Root::enter(self)?.temporary()? else {
            return Ok(());
        };
        let names = folder.names()?;
        let looked = folder.look_all(&names)?;
        for (name, found) in names.iter().zip(looked) {
            // It may be gone by itself meanwhile.
            let Ok(found) = found else { continue };
            if found.kind == Kind::File && found.modified_at < before {
                gone(&folder, name)?;
            }
        }
        Ok(())
    }

    /// The files of rules for Apache.
    ///
    /// # Errors
    /// `NotFound` without any files.
    pub fn rule_files(&self) -> Result<Vec<RuleFile>, ContentError> {
        rule_file::behind(self)
    }
}

fn gone(folder: &Folder, name: &CStr) -> Result<(), ContentError> {
    match folder.remove(name, false) {
        Ok(()) | Err(Errno::NOENT) => Ok(()),
        Err(errno) => Err(fault(errno)),
    }
}

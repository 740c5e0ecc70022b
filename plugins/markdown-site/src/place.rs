//! Which webspace, and which folder of it.

use crate::budget::{Budget, Webspace};
use crate::settings::Settings;
use serde::Deserialize;
use wabe::{Result, files, records};

/// Webspaces that are looked at.
const LOOKED_AT_MAX: usize = 20;

/// Where a site is built.
pub(crate) struct Place {
    /// The webspace's id.
    id: String,
    /// Its name.
    pub(crate) name: String,
    /// The folder of the site.
    pub(crate) target: String,
}

#[derive(Deserialize)]
struct Record {
    id: String,
    name: String,
    #[serde(default)]
    document_root: String,
}

impl Place {
    /// The webspace of the settings, or the first one that was granted and has the folder.
    pub(crate) fn find(settings: &Settings) -> Result<Option<Self>> {
        let query = records::of("webspace").fields(&["id", "name", "document_root"]);
        let mut all: Vec<Record> = query.all()?;
        let wanted = settings.webspace.trim();
        if !wanted.is_empty() {
            all.retain(|record| record.id == wanted || record.name == wanted);
        }
        for record in all.into_iter().take(LOOKED_AT_MAX) {
            match files::list(&record.id, settings.source()) {
                Ok(Some(_)) => {
                    let target = settings.target(&record.document_root)?;
                    let Record { id, name, .. } = record;
                    return Ok(Some(Self { id, name, target }));
                }
                Ok(None) => {}
                Err(problem) if problem.is("denied") => {}
                Err(problem) => return Err(problem.into()),
            }
        }
        Ok(None)
    }

    /// Its files.
    pub(crate) fn files(&self, budget: Budget) -> Webspace<'_> {
        Webspace {
            id: &self.id,
            budget,
        }
    }
}

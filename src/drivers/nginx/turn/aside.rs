//! What is kept aside: includes that somebody edited, and files of keys that nothing leads to any more.

use std::path::PathBuf;

use crate::embedded::web::Visited;
use crate::nginx::disk::Disk;
use crate::nginx::include::{Include, digits_of};
use crate::nginx::turn::{Turns, Work};
use crate::nginx::{edited, syntax};

impl Turns {
    /// Notes what somebody else wrote where an include of ours lies, before that is restored. Of a former life only
    /// what we could not have written is known to be another's.
    pub(super) fn look_for_edits(&self, of: Visited, lies: Option<&str>, next: &Include) {
        let Some(lies) = lies else { return };
        let known = self.known.get(&of);
        let is_ours = match known {
            Some(known) => digits_of(lies) == known.written,
            None => syntax::parse(lies).is_some(),
        };
        if is_ours {
            return;
        }
        let should = known.and_then(|known| self.nginx.include(&known.what, &known.place).ok());
        let should = should.map_or_else(|| next.text.clone(), |(include, _)| include.text);
        self.note_edited(of, (lies, &should));
    }

    /// Keeps an edited include beside, and says so.
    pub(super) fn note_edited(&self, of: Visited, (lies, should): (&str, &str)) {
        let difference = edited::between(should, lies);
        tracing::warn!(visited.id = %of, difference, "an include was edited by hand and is restored");
        if let Err(fault) = edited::keep(self.nginx.disk.folder(), of, (lies, should)) {
            tracing::error!(visited.id = %of, %fault, "an edited include is not kept");
        }
    }

    /// Removes files of names and passwords that no include leads to any more.
    pub(super) async fn leave_keys(&self, work: &Work) {
        let kept = work.puts.values();
        let kept = kept.map(|put| (put.known.place.folder.clone(), put.keys.clone()));
        let gone = work.gone.iter().filter_map(|of| self.known.get(of));
        let gone = gone.map(|known| (known.place.folder.clone(), Vec::new()));
        let all: Vec<(PathBuf, Vec<(PathBuf, String)>)> = kept.chain(gone).collect();
        let swept = tokio::task::spawn_blocking(move || {
            for (folder, keys) in all {
                if let Err(fault) = Disk::leave_keys(&folder, &keys) {
                    tracing::warn!(%fault, "old keys to folders stay");
                }
            }
        });
        if let Err(fault) = swept.await {
            tracing::error!(%fault, "removing old keys to folders broke off");
        }
    }
}

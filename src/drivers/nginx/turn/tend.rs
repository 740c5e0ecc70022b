//! What is seen to between changes: logs, what PHP kept, and instructions that have run out.

use std::sync::Arc;
use wabe_kernel::id::WebspaceId;

use crate::daemon;
use crate::embedded::web::{Place, Visited};
use crate::nginx::include::Include;
use crate::nginx::turn::{Asked, Change, Known, Pooling, Turns};
use crate::nginx::{NAME, edited, version_of};
use crate::php::aged;

impl Turns {
    /// Holds the daemons' own logs within their bounds.
    pub(super) async fn bound_logs(&self) {
        let nginx = Arc::clone(&self.nginx);
        let bounded = tokio::task::spawn_blocking(move || {
            daemon::bound_log(NAME, &nginx.disk.errors());
            nginx.php.bound_logs();
        });
        if let Err(fault) = bounded.await {
            tracing::error!(%fault, "bounding logs broke off");
        }
    }

    /// Removes uploads and sessions that PHP kept for too long.
    pub(super) async fn sweep(&self) {
        let known = self.known.values();
        let placed = |known: &Known| Some((version_of(&known.what)?.0, known.place.clone()));
        let kept: Vec<(WebspaceId, Place)> = known.filter_map(placed).collect();
        let now = self.nginx.clock.now();
        let keeper = self.nginx.keeper.get().cloned();
        let swept = tokio::task::spawn_blocking(move || {
            for (id, place) in kept {
                if let Some(keeper) = &keeper {
                    if let Err(fault) = keeper.sweep(id, aged::oldest(now)) {
                        tracing::warn!(?fault, webspace.id = %id, "what PHP kept stays");
                    }
                    continue;
                }
                if let Err(fault) = aged::sweep(&place, now) {
                    tracing::warn!(%fault, folder = %place.folder.display(), "what PHP kept stays");
                }
            }
        });
        if let Err(fault) = swept.await {
            tracing::error!(%fault, "removing what PHP kept broke off");
        }
    }

    /// Ends the logging of whole addresses where its time is over.
    pub(super) async fn expire(&mut self) {
        // What is late is shown anew anyway.
        let is_over = |of: &Visited, known: &Known| known.full && !self.late.contains_key(of);
        let full = self.known.iter().filter(|(of, known)| is_over(of, known));
        let mut batch = Vec::new();
        for (of, known) in full {
            let include = self.nginx.include(&known.what, &known.place);
            let is_due = |(include, full): (Include, bool)| {
                let lies = self.nginx.disk.text(*of);
                // What somebody wrote by hand and logs no whole addresses stays.
                let stays = |lies: String| edited::stays(&known.what, &lies, (&include, false));
                !full && !lies.is_some_and(stays)
            };
            if include.is_ok_and(is_due) {
                let what = Box::new((known.what.clone(), known.place.clone()));
                batch.push(Asked {
                    of: *of,
                    change: Change::Show(what),
                    done: Vec::new(),
                    until: None,
                });
            }
        }
        if !batch.is_empty() {
            self.turn(batch, Pooling::Leave).await;
        }
    }
}

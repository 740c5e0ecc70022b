//! What somebody wrote by hand, as it is told of a site, and how it is put back.

use wabe_kernel::desired::{StepFailure, Webspace, Wish};
use wabe_kernel::{EditMark, Edited};

use crate::embedded::web::{Place, Showing};
use crate::nginx::difference::{around, between};
use crate::nginx::include::{Include, digits_of};
use crate::nginx::{Nginx, edited, reading};

/// So many lines are shown around what is different.
const CONTEXT: usize = 2;

impl Nginx {
    /// What somebody wrote by hand for this site: what lies in its place, or was put aside.
    pub(super) fn by_hand(&self, what: &Showing, place: &Place) -> Option<Edited> {
        let Showing::Site(Wish::Present(webspace) | Wish::Hidden(webspace)) = what else {
            return None;
        };
        let of = what.of()?;
        let (include, full) = self.include(what, place).ok()?;
        let lies = self.disk.text(of);
        let lies = lies.filter(|lies| edited::stays(what, lies, (&include, full)));
        let (aside, text) = if let Some(lies) = lies {
            (None, lies)
        } else {
            let (why, kept) = edited::aside(self.disk.folder(), of)?;
            (Some(why), kept)
        };
        let told = self.told(webspace, place, &text);
        let told = told.map(|edited| Edited { aside, ..edited });
        told.map_err(|fault| {
            tracing::error!(visited.id = %of, code = fault.code, detail = fault.detail,
                "what was edited by hand cannot be told of");
        })
        .ok()
    }

    /// What is told of a text for this site, as if it lay there while the site is shown.
    fn told(&self, webspace: &Webspace, place: &Place, text: &str) -> Result<Edited, StepFailure> {
        let shown = Showing::Site(Wish::Present(webspace.clone()));
        self.given(&shown, place, |given| {
            let should = Include::new(&shown, given)?;
            let mark = digits_of(text).parse::<EditMark>();
            Ok(Edited {
                mark: mark.map_err(|_wrong| StepFailure::new("site-not-writable", "no mark"))?,
                difference: around(&should.text, text, CONTEXT),
                aside: None,
                reading: reading::read(webspace, given, text)?,
            })
        })
    }

    /// Puts back what should lie there where exactly that lies that this mark stands for, and keeps it beside; where
    /// exactly that was put aside already, nothing is told of it any more. Blocks.
    ///
    /// Errors: `edited-again` when something else was written meanwhile, `files-failed`.
    pub(super) fn put_back(
        &self,
        what: &Showing,
        place: &Place,
        mark: &EditMark,
    ) -> Result<(), StepFailure> {
        let failed = |fault: std::io::Error| StepFailure::new("files-failed", fault);
        let again = || StepFailure::new("edited-again", "something else was written meanwhile");
        let is_meant = |text: &str| digits_of(text) == mark.to_string();
        let Some(of) = what.of() else { return Ok(()) };
        let (include, full) = self.include(what, place)?;
        let folder = self.disk.folder();
        let lies = self.disk.text(of);
        // What does not stay is none of what was told: the change that follows puts it aside.
        match lies.filter(|lies| edited::stays(what, lies, (&include, full))) {
            Some(lies) if is_meant(&lies) => {
                let difference = between(&include.text, &lies);
                tracing::info!(visited.id = %of, difference, "what was edited by hand is put back");
                edited::keep(folder, (of, None), (&lies, &include.text))
                    .and_then(|()| self.disk.put_back(of, Some(&include.text)))
                    .map_err(failed)
            }
            Some(_) => Err(again()),
            None => match edited::aside(folder, of) {
                Some((_, kept)) if !is_meant(&kept) => Err(again()),
                _ => edited::settle(folder, of).map_err(failed),
            },
        }
    }
}

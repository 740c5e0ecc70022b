//! Trying: what is new, with the whole where that may have changed, and who is taken out of it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use wabe_kernel::Aside;
use wabe_kernel::desired::StepFailure;
use wabe_kernel::id::{DomainId, WebspaceId};

use crate::embedded::web::{Visited, durable};
use crate::nginx::disk::Stamp;
use crate::nginx::include::path;
use crate::nginx::syntax::Word;
use crate::nginx::turn::{Turns, Work, failed, look};
use crate::nginx::{Nginx, disk, edited};
use crate::strays;

impl Turns {
    /// The configuration that includes whatever is of ours.
    pub(super) fn write_head(&self) -> Result<(), StepFailure> {
        let nginx = &self.nginx;
        // Only names of ours: a copy beside them would take the place of a site.
        let pattern = |prefix: &str| -> Result<Word, StepFailure> {
            let names = Word::fixed(&format!("/{}", strays::pattern(prefix)))?;
            Ok(path(&nginx.disk.sites())?.then(&names))
        };
        let includes = vec![pattern(WebspaceId::PREFIX)?, pattern(DomainId::PREFIX)?];
        let text = nginx
            .program
            .head(&nginx.ground, "/run/nginx.pid", includes)?;
        durable::replace(&nginx.disk.head(), text.as_bytes(), 0o600).map_err(failed)
    }

    /// Tries what is new, and everything as it would be where somebody else changed what lies there; takes out
    /// whoever is at fault until the rest is sound. An include that lies there and is refused now becomes what
    /// it should be, or is taken away.
    ///
    /// Errors: `nginx-refused` when nobody is at fault; then nothing of this turn can be.
    pub(super) async fn make_sound(&mut self, work: &mut Work) -> Result<(), StepFailure> {
        let nginx = Arc::clone(&self.nginx);
        let texts = work.puts.iter();
        let texts: Vec<_> = texts
            .map(|(of, put)| {
                let text = put.is_new().then(|| put.include.text.clone());
                (*of, text, put.keys.clone())
            })
            .collect();
        blocking(&nginx, move |nginx| {
            let mut texts = texts.iter();
            texts.try_for_each(|(of, text, keys)| {
                let stage = |text: &String| nginx.disk.stage(*of, text);
                let staged = text.as_ref().map_or(Ok(()), stage);
                let keys = || nginx.disk.write_keys(keys);
                staged.and_then(|()| keys()).map_err(failed)
            })
        })
        .await?;
        loop {
            let (puts, gone) = (work.new_ones(), work.gone.clone());
            let tried = self.tried.clone();
            let written = blocking(&nginx, move |nginx| {
                write_trial(nginx, (&puts, &gone), &tried)
            });
            let Trial { there, whole } = written.await?;
            let Some(complaint) = nginx.program.complaint(&nginx.disk.trial()).await else {
                if let Some(stamps) = whole {
                    self.tried = stamps;
                }
                return Ok(());
            };
            let beside = whole.map(Tried::into_keys).into_iter().flatten();
            let at_fault = self.by_hand(&complaint, beside).or_else(|| {
                let named = look::at_fault(&complaint, nginx.disk.folder());
                named.as_deref().and_then(disk::visited)
            });
            match at_fault {
                Some(of) if work.puts.contains_key(&of) => {
                    work.fail(of, StepFailure::new("site-refused", complaint));
                }
                Some(of) if there.contains(&of) && !work.gone.contains(&of) => {
                    tracing::error!(visited.id = %of, complaint, "an include that lay there is refused");
                    if !self.mend(of).map_err(failed)? {
                        let why = StepFailure::new("site-refused", complaint);
                        nginx.note_refused(of, Some(&why));
                        nginx.lost.tell(&of);
                    }
                }
                _ => return Err(StepFailure::new("nginx-refused", complaint)),
            }
        }
    }

    /// The include that a complaint was read in, where somebody edited it by hand: whoever else it names had no part
    /// in that. Where it was read in another file, that is one of `beside` that has such files read.
    fn by_hand(
        &self,
        complaint: &str,
        mut beside: impl Iterator<Item = Visited>,
    ) -> Option<Visited> {
        let folder = self.nginx.disk.folder();
        let is_edited = |of: &Visited, word: &str| {
            let lies = self.nginx.disk.text(*of);
            let lies = lies.filter(|lies| lies.contains(word));
            let both = lies.zip(self.should(*of));
            both.is_some_and(|(lies, should)| edited::is_edit(&lies, &should))
        };
        if let Some(id) = look::read_in(complaint, folder) {
            return disk::visited(&id).filter(|of| is_edited(of, ""));
        }
        let reads = |of: &Visited| is_edited(of, "include");
        look::was_read_elsewhere(complaint, folder).then(|| beside.find(reads))?
    }

    /// Makes an include what it should be; false when it is that already, and was taken away.
    fn mend(&mut self, of: Visited) -> std::io::Result<bool> {
        let disk = &self.nginx.disk;
        let lies = disk.text(of);
        let why = matches!(of, Visited::Site(_)).then_some(Aside::Refused);
        match self.should(of) {
            Some(include) if lies.as_deref() != Some(&*include.text) => {
                let lies = lies.as_deref().unwrap_or_default();
                if edited::is_edit(lies, &include) {
                    self.note_edited((of, why), (lies, &include.text));
                }
                disk.put_back(of, Some(&include.text))?;
                // Whoever looks at the node hears of it at once.
                self.nginx.lost.tell(&of);
                Ok(true)
            }
            should => {
                // What should lie there cannot be said: what does is kept whole.
                if should.is_none()
                    && let Some(lies) = lies.filter(|lies| !edited::was_written(lies))
                {
                    self.note_edited((of, why), (&lies, ""));
                }
                let gone = disk.take_away(of);
                self.known.remove(&of);
                gone.map(|()| false)
            }
        }
    }
}

/// What was tried, as it was then.
pub(super) type Tried = HashMap<Visited, Stamp>;

/// A configuration that is to be tried.
struct Trial {
    /// Everything that lies there now.
    there: BTreeSet<Visited>,
    /// What of it is tried, too, because somebody else changed it; nothing where what is new is tried alone.
    whole: Option<Tried>,
}

/// Writes what is to be tried with these that are new. Includes stand for themselves, and whoever loads the whole
/// refuses what it does not take: what was tried, and lies there as it did then, is not tried with each of thousands.
fn write_trial(
    nginx: &Nginx,
    (puts, gone): (&BTreeSet<Visited>, &BTreeSet<Visited>),
    tried: &Tried,
) -> Result<Trial, StepFailure> {
    let there = nginx.disk.all().map_err(failed)?;
    let stays = there.iter();
    let stays = stays.filter(|of| !puts.contains(*of) && !gone.contains(*of));
    let stays: Vec<(Visited, Option<Stamp>)> =
        stays.map(|of| (*of, nginx.disk.stamp(*of))).collect();
    let as_it_was =
        |(of, stamp): &(Visited, Option<Stamp>)| stamp.is_some() && tried.get(of) == stamp.as_ref();
    let (beside, whole) = if stays.iter().all(as_it_was) {
        (Vec::new(), None)
    } else {
        let stamped = stays
            .iter()
            .filter_map(|(of, stamp)| Some((*of, (*stamp)?)));
        let whole = stamped.collect();
        (stays, Some(whole))
    };
    let beside = beside.iter();
    let beside = beside.map(|(of, _)| path(&nginx.disk.include(*of)));
    let staged = puts.iter().map(|of| path(&nginx.disk.staged(*of)));
    let includes = beside.chain(staged);
    let includes: Vec<Word> = includes.collect::<Result<_, StepFailure>>()?;
    let program = &nginx.program;
    let text = program.head(&nginx.ground, "/run/trial.pid", includes)?;
    durable::replace(&nginx.disk.trial(), text.as_bytes(), 0o600).map_err(failed)?;
    Ok(Trial { there, whole })
}

/// Runs file work on the threads meant for it.
async fn blocking<T: Send + 'static>(
    nginx: &Arc<Nginx>,
    work: impl FnOnce(&Nginx) -> Result<T, StepFailure> + Send + 'static,
) -> Result<T, StepFailure> {
    let nginx = Arc::clone(nginx);
    tokio::task::spawn_blocking(move || work(&nginx))
        .await
        .map_err(|fault| StepFailure::new("files-failed", fault))?
}

//! Whose turn it is: at most so many runs at once, at most a few of one installation, and whoever
//! waits is served in turn by installation, so that no queue is long for the others' sake.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

/// Runs of one installation at once.
pub(crate) const EACH: u32 = 4;

/// The places, and who waits for one.
pub(crate) struct Turns(Mutex<Hall>);

struct Hall {
    free: u32,
    lines: HashMap<String, Line>,
    /// Installations that wait and may run one more, in the order of their turn.
    round: VecDeque<String>,
}

#[derive(Default)]
struct Line {
    running: u32,
    waiting: VecDeque<oneshot::Sender<Turn>>,
}

/// A place; free again when dropped.
pub(crate) struct Turn(Option<(Arc<Turns>, String)>);

impl Turns {
    /// So many places.
    pub(crate) fn new(places: u32) -> Arc<Self> {
        Arc::new(Self(Mutex::new(Hall {
            free: places,
            lines: HashMap::new(),
            round: VecDeque::new(),
        })))
    }

    /// Waits for a place for this installation. Whoever stops waiting loses nothing of others.
    pub(crate) async fn take(self: &Arc<Self>, installation: &str) -> Turn {
        let waiting = self.hall(|hall| {
            let (ticket, waiting) = oneshot::channel();
            let line = hall.lines.entry(installation.to_owned()).or_default();
            line.waiting.push_back(ticket);
            if line.waiting.len() == 1 && line.running < EACH {
                hall.round.push_back(installation.to_owned());
            }
            waiting
        });
        self.serve();
        // Tickets are dropped only after they were given a turn.
        waiting.await.unwrap_or(Turn(None))
    }

    /// Gives out what is free.
    fn serve(self: &Arc<Self>) {
        self.hall(|hall| {
            while hall.free > 0 {
                let Some(installation) = hall.round.pop_front() else {
                    return;
                };
                hall.next(self, &installation);
            }
        });
    }

    fn give_back(self: &Arc<Self>, installation: &str) {
        self.hall(|hall| {
            hall.free += 1;
            if let Some(line) = hall.lines.get_mut(installation) {
                line.running -= 1;
                if line.running + 1 == EACH && !line.waiting.is_empty() {
                    hall.round.push_back(installation.to_owned());
                }
            }
            hall.tidy(installation);
        });
        self.serve();
    }

    fn hall<T>(&self, act: impl FnOnce(&mut Hall) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Hall {
    /// Gives a place to the first of this line who still waits.
    fn next(&mut self, turns: &Arc<Turns>, installation: &str) {
        let Some(line) = self.lines.get_mut(installation) else {
            return;
        };
        while let Some(ticket) = line.waiting.pop_front() {
            let turn = Turn(Some((Arc::clone(turns), installation.to_owned())));
            match ticket.send(turn) {
                Ok(()) => {
                    self.free -= 1;
                    line.running += 1;
                    break;
                }
                // Nobody waits any more: the place was not taken, so nothing is given back.
                Err(mut unused) => drop(unused.0.take()),
            }
        }
        if !line.waiting.is_empty() && line.running < EACH {
            self.round.push_back(installation.to_owned());
        }
        self.tidy(installation);
    }

    fn tidy(&mut self, installation: &str) {
        let idle = |line: &Line| line.running == 0 && line.waiting.is_empty();
        if self.lines.get(installation).is_some_and(idle) {
            self.lines.remove(installation);
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some((turns, installation)) = self.0.take() {
            turns.give_back(&installation);
        }
    }
}

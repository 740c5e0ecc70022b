//! One life of the child: the runs that it has, and what it may say about them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::Instant;
use wabe_package::Limits;
use wabe_package::limits::LimitName;
use wabe_package::wire::{
    Answer, Ending, FromSandbox, HostCall, LogLine, Problem, RunOrder, ToSandbox, Usage,
};

use crate::sandbox::driver::{Down, Ended, Order};
use crate::sandbox::frame;
use crate::sandbox::health::Reason;

/// Orders and answers that wait to be written; whoever has more to say waits as well.
const FRAMES_WAITING: usize = 64;

/// A frame on its way to the child.
pub(super) struct Frame {
    pub(super) bytes: Vec<u8>,
    _place: Option<OwnedSemaphorePermit>,
}

/// What a run hears of the child.
pub(super) enum Heard {
    Call { call: u32, request: HostCall },
    Ended(Box<Ended>),
}

/// One life.
pub(super) struct Life {
    engine: String,
    margin: Duration,
    out: mpsc::UnboundedSender<Frame>,
    places: Arc<Semaphore>,
    runs: Mutex<Runs>,
}

#[derive(Default)]
struct Runs {
    open: HashMap<u64, Line>,
    last: u64,
    over: bool,
}

/// A run in the child, until the child says that it ended.
struct Line {
    /// Nobody, once the run was given up.
    tell: Option<mpsc::Sender<Heard>>,
    /// When it has to have ended.
    due: Instant,
    /// Whether it waits for an answer.
    asks: bool,
    /// Lines of its log, at most.
    log_lines: usize,
    /// Its effects, at most.
    effects: usize,
}

impl Line {
    fn new(tell: mpsc::Sender<Heard>, due: Instant, limits: &Limits) -> Self {
        let size = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        Self {
            tell: Some(tell),
            due,
            asks: false,
            log_lines: size(limits.log_lines),
            effects: size(limits.effects),
        }
    }

    /// Whether an end keeps to the run's limits, as the child itself sees to.
    const fn allows(&self, ending: &Ending, log: &[LogLine]) -> bool {
        let effects = match ending {
            Ending::Done { outcome } => outcome.effects.len(),
            _ => 0,
        };
        log.len() <= self.log_lines && effects <= self.effects
    }
}

/// A run under way; dropping it cancels the run.
pub(super) struct Running {
    life: Arc<Life>,
    run: u64,
    heard: mpsc::Receiver<Heard>,
}

impl Life {
    /// A life with this engine, and what is to be written to it.
    pub(super) fn begin(
        engine: String,
        margin: Duration,
    ) -> (Arc<Self>, mpsc::UnboundedReceiver<Frame>) {
        let (out, frames) = mpsc::unbounded_channel();
        let life = Self {
            engine,
            margin,
            out,
            places: Arc::new(Semaphore::new(FRAMES_WAITING)),
            runs: Mutex::default(),
        };
        (Arc::new(life), frames)
    }

    /// Orders a run. An order that no frame holds ends at once.
    pub(super) async fn order(self: &Arc<Self>, order: Order) -> Result<Running, Down> {
        let place = self.place().await?;
        let (tell, heard) = mpsc::channel(2);
        let due = Instant::now() + self.patience(&order.limits);
        let run = self.open(Line::new(tell, due, &order.limits))?;
        let running = Running {
            life: Arc::clone(self),
            run,
            heard,
        };
        let words = ToSandbox::Run(Box::new(RunOrder {
            run,
            artifact: format!("{}-{}", order.component, self.engine),
            context: order.context,
            entry: order.entry,
            limits: order.limits,
            seed: order.seed,
        }));
        match frame::of(&words) {
            Some(bytes) => self.write(bytes, Some(place))?,
            None => self.end(run, too_large()),
        }
        Ok(running)
    }

    /// Waiting for a place may take as long as the run itself.
    fn patience(&self, limits: &Limits) -> Duration {
        let wall = Duration::from_millis(u64::from(limits.wall_ms));
        wall.saturating_mul(2).saturating_add(self.margin)
    }

    /// Takes what the child says.
    pub(super) fn hear(&self, words: FromSandbox) -> Result<(), Reason> {
        let nonsense = |what: &str| Err(Reason::Nonsense(what.to_owned()));
        match words {
            FromSandbox::Ready { .. } => nonsense("a second greeting"),
            FromSandbox::Call { run, call, request } => self.runs(|runs| {
                let Some(line) = runs.open.get_mut(&run) else {
                    return nonsense("a call of a run that is not");
                };
                if line.asks {
                    return nonsense("two calls of one run at once");
                }
                if let Some(tell) = &line.tell {
                    line.asks = true;
                    // Full it cannot be: there is room for one call and the end.
                    drop(tell.try_send(Heard::Call { call, request }));
                }
                Ok(())
            }),
            FromSandbox::Ended {
                run,
                ending,
                usage,
                log,
            } => {
                let line = |runs: &mut Runs| Some(runs.open.get(&run)?.allows(&ending, &log));
                match self.runs(line) {
                    None => nonsense("the end of a run that is not"),
                    Some(false) => nonsense("an end beyond the limits of its run"),
                    Some(true) => {
                        self.end(run, Ended { ending, usage, log });
                        Ok(())
                    }
                }
            }
        }
    }

    /// How long after its due a run may end.
    pub(super) const fn margin(&self) -> Duration {
        self.margin
    }

    /// Whether a run should have ended by now.
    pub(super) fn is_overdue(&self) -> bool {
        let now = Instant::now();
        self.runs(|runs| runs.open.values().any(|line| line.due < now))
    }

    /// Whether the child is gone.
    pub(super) fn is_over(&self) -> bool {
        self.runs(|runs| runs.over)
    }

    /// Every run under way is told that the child is gone.
    pub(super) fn close(&self) {
        self.places.close();
        self.runs(|runs| {
            runs.over = true;
            runs.open.clear();
        });
    }

    async fn place(&self) -> Result<OwnedSemaphorePermit, Down> {
        let place = Arc::clone(&self.places).acquire_owned().await;
        place.map_err(|_closed| Down)
    }

    fn open(&self, line: Line) -> Result<u64, Down> {
        self.runs(|runs| {
            if runs.over {
                return Err(Down);
            }
            runs.last = runs.last.saturating_add(1);
            runs.open.insert(runs.last, line);
            Ok(runs.last)
        })
    }

    fn end(&self, run: u64, ended: Ended) {
        let line = self.runs(|runs| runs.open.remove(&run));
        if let Some(tell) = line.and_then(|line| line.tell) {
            drop(tell.try_send(Heard::Ended(Box::new(ended))));
        }
    }

    fn write(&self, bytes: Vec<u8>, place: Option<OwnedSemaphorePermit>) -> Result<(), Down> {
        let frame = Frame {
            bytes,
            _place: place,
        };
        self.out.send(frame).map_err(|_closed| Down)
    }

    fn runs<T>(&self, act: impl FnOnce(&mut Runs) -> T) -> T {
        act(&mut self.runs.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn too_large() -> Ended {
    Ended {
        ending: Ending::Limit {
            limit: LimitName::CallBytes,
            message: "what the run is given does not fit a frame".to_owned(),
        },
        usage: Usage::default(),
        log: Vec::new(),
    }
}

impl Running {
    /// What the child says next about this run.
    pub(super) async fn hear(&mut self) -> Result<Heard, Down> {
        self.heard.recv().await.ok_or(Down)
    }

    /// Answers its call.
    pub(super) async fn answer(
        &self,
        call: u32,
        answer: Result<Answer, Problem>,
    ) -> Result<(), Down> {
        let run = self.run;
        let words = |answer| ToSandbox::Answer { run, call, answer };
        let frame = frame::of(&words(answer)).or_else(|| {
            let how = "ask for less at once";
            let problem = Problem::new("limit", "the answer does not fit a frame", how);
            frame::of(&words(Err(problem)))
        });
        let place = self.life.place().await?;
        self.life.runs(|runs| {
            if let Some(line) = runs.open.get_mut(&run) {
                line.asks = false;
            }
        });
        self.life.write(frame.ok_or(Down)?, Some(place))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let due = Instant::now() + self.life.margin;
        let given_up = self.life.runs(|runs| {
            // One that has ended is not there any more.
            let line = runs.open.get_mut(&self.run)?;
            line.tell = None;
            line.due = line.due.min(due);
            Some(())
        });
        let cancel = given_up.and_then(|()| frame::of(&ToSandbox::Cancel { run: self.run }));
        if let Some(bytes) = cancel {
            // A child that is gone needs no word.
            self.life.write(bytes, None).unwrap_or_default();
        }
    }
}

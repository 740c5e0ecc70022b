//! The panel, at the other end of the standard input: takes its orders, asks it for guests.

use crate::run::artifacts::Artifacts;
use crate::run::frame::{self, Broken};
use crate::run::turns::Turns;
use crate::run::{Ended, Host, Runner};
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::net::UnixStream;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use wabe_package::limits::LimitName;
use wabe_package::wire::{Answer, Ending, FromSandbox, HostCall, Problem, RunOrder, ToSandbox};

/// Frames that wait to be written; whoever has more to say waits as well.
const FRAMES_WAITING: usize = 64;

type Answered = Result<Answer, Problem>;

/// Everything that serves one panel.
pub(crate) struct Desk {
    runner: Arc<Runner>,
    artifacts: Arc<Artifacts>,
    turns: Arc<Turns>,
    /// Where guests run.
    guests: Handle,
    out: mpsc::Sender<Vec<u8>>,
    runs: Mutex<HashMap<u64, Arc<Line>>>,
}

/// The line between one run and the panel.
struct Line {
    run: u64,
    stop: CancellationToken,
    out: mpsc::Sender<Vec<u8>>,
    asked: Mutex<HashMap<u32, oneshot::Sender<Answered>>>,
}

/// What the desk is made of.
pub(crate) struct Furniture {
    /// The engine's side.
    pub(crate) runner: Arc<Runner>,
    /// What can be run.
    pub(crate) artifacts: Arc<Artifacts>,
    /// Runs at once.
    pub(crate) places: u32,
    /// Where guests run.
    pub(crate) guests: Handle,
}

/// Serves until the panel goes, which is told as [`Broken::Over`], or the wire breaks.
pub(crate) async fn serve(furniture: Furniture, socket: UnixStream) -> Broken {
    let (mut from, to) = tokio::io::split(socket);
    let (out, frames) = mpsc::channel(FRAMES_WAITING);
    let engine = furniture.artifacts.word().to_owned();
    let desk = Arc::new(Desk {
        runner: furniture.runner,
        artifacts: furniture.artifacts,
        turns: Turns::new(furniture.places),
        guests: furniture.guests,
        out,
        runs: Mutex::default(),
    });
    desk.send(&FromSandbox::Ready { engine }).await;
    tokio::select! {
        broken = desk.listen(&mut from) => broken,
        broken = write(to, frames) => broken,
    }
}

async fn write(mut to: WriteHalf<UnixStream>, mut frames: mpsc::Receiver<Vec<u8>>) -> Broken {
    while let Some(frame) = frames.recv().await {
        if let Err(error) = to.write_all(&frame).await {
            return Broken::Socket(error);
        }
    }
    Broken::Over
}

impl Desk {
    async fn listen(self: &Arc<Self>, from: &mut ReadHalf<UnixStream>) -> Broken {
        loop {
            match frame::read(from).await {
                Ok(ToSandbox::Run(order)) => {
                    let Some(line) = self.open(order.run) else {
                        return Broken::Order("two runs of one number");
                    };
                    tokio::spawn(Arc::clone(self).carry_out(*order, line));
                }
                Ok(ToSandbox::Answer { run, call, answer }) => {
                    if let Some(line) = self.line(run) {
                        line.answer(call, answer);
                    }
                }
                Ok(ToSandbox::Cancel { run }) => {
                    if let Some(line) = self.line(run) {
                        line.stop.cancel();
                    }
                }
                Ok(ToSandbox::Hello { .. }) => return Broken::Order("a second greeting"),
                Err(broken) => return broken,
            }
        }
    }

    /// Waits for its turn, runs, and tells the end.
    async fn carry_out(self: Arc<Self>, order: RunOrder, line: Arc<Line>) {
        let run = order.run;
        let arrived = Instant::now();
        let wall = Duration::from_millis(u64::from(order.limits.wall_ms));
        let turn = self.turns.take(&order.context.installation);
        let ended = tokio::select! {
            biased;
            () = line.stop.cancelled() => Ended::early(Ending::Cancelled),
            turn = tokio::time::timeout(wall, turn) => match turn {
                Ok(turn) => {
                    let queued = arrived.elapsed();
                    let mut ended = self.run(order, &line).await;
                    drop(turn);
                    ended.usage.queued_us = u64::try_from(queued.as_micros()).unwrap_or(u64::MAX);
                    ended
                }
                Err(_late) => Ended::early(Ending::Limit {
                    limit: LimitName::Wall,
                    message: format!("no place was free within {} ms", wall.as_millis()),
                }),
            },
        };
        self.runs(|runs| runs.remove(&run));
        self.tell(run, ended).await;
    }

    async fn run(&self, order: RunOrder, line: &Arc<Line>) -> Ended {
        let guest = match self.artifacts.find(&order.artifact).await {
            Ok(guest) => guest,
            Err(unloadable) => return Ended::early(unloadable.into()),
        };
        let (runner, line) = (Arc::clone(&self.runner), Arc::clone(line));
        let running = self.guests.spawn(async move {
            let stop = line.stop.clone();
            let host: Arc<dyn Host> = line;
            runner.run(&guest, &order, host, stop.cancelled()).await
        });
        running.await.unwrap_or_else(|error| {
            let message = format!("the sandbox itself failed: {error}");
            Ended::early(Ending::Trap { message })
        })
    }

    async fn tell(&self, run: u64, ended: Ended) {
        let Ended { ending, usage, log } = ended;
        let told = FromSandbox::Ended {
            run,
            ending,
            usage: usage.clone(),
            log,
        };
        if self.send(&told).await {
            return;
        }
        let ending = Ending::Limit {
            limit: LimitName::Result,
            message: "what the run gave back does not fit a frame".to_owned(),
        };
        let log = Vec::new();
        self.send(&FromSandbox::Ended {
            run,
            ending,
            usage,
            log,
        })
        .await;
    }

    /// Whether it could be said at all; that the panel has gone is noticed by whoever listens.
    async fn send(&self, words: &FromSandbox) -> bool {
        let Some(frame) = frame::of(words) else {
            return false;
        };
        self.out.send(frame).await.unwrap_or_default();
        true
    }

    fn open(&self, run: u64) -> Option<Arc<Line>> {
        let line = Arc::new(Line {
            run,
            stop: CancellationToken::new(),
            out: self.out.clone(),
            asked: Mutex::default(),
        });
        let before = self.runs(|runs| runs.insert(run, Arc::clone(&line)));
        before.is_none().then_some(line)
    }

    fn line(&self, run: u64) -> Option<Arc<Line>> {
        self.runs(|runs| runs.get(&run).cloned())
    }

    fn runs<T>(&self, act: impl FnOnce(&mut HashMap<u64, Arc<Line>>) -> T) -> T {
        act(&mut self.runs.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Line {
    fn answer(&self, call: u32, answer: Answered) {
        if let Some(asker) = self.asked(|asked| asked.remove(&call)) {
            // A run that ended meanwhile needs no answer.
            drop(asker.send(answer));
        }
    }

    fn asked<T>(&self, act: impl FnOnce(&mut HashMap<u32, oneshot::Sender<Answered>>) -> T) -> T {
        act(&mut self.asked.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn ask(&self, call: u32, request: HostCall) -> Answered {
        let (asker, answer) = oneshot::channel();
        let words = FromSandbox::Call {
            run: self.run,
            call,
            request,
        };
        let Some(frame) = frame::of(&words) else {
            let how = "send less at once";
            return Err(Problem::new("limit", "the call does not fit a frame", how));
        };
        self.asked(|asked| asked.insert(call, asker));
        let gone = || Problem::new("unavailable", "the panel has gone", "try again later");
        self.out.send(frame).await.map_err(|_closed| gone())?;
        answer.await.unwrap_or_else(|_| Err(gone()))
    }
}

impl Host for Line {
    fn call(
        &self,
        number: u32,
        request: HostCall,
    ) -> Pin<Box<dyn Future<Output = Answered> + Send + '_>> {
        Box::pin(self.ask(number, request))
    }
}

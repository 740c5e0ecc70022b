//! Keeps a child alive: starts it, hears it, notices its end, and starts it again.

use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use wabe_package::Blob;
use wabe_package::wire::ToSandbox;

use crate::sandbox::child::{self, Started};
use crate::sandbox::driver::SandboxDriver;
use crate::sandbox::frame::{self, Broken};
use crate::sandbox::health::{Backoff, Reason};
use crate::sandbox::life::{Frame, Life};

/// How often, at most, somebody looks for runs that should have ended.
const LOOK: Duration = Duration::from_secs(1);

impl SandboxDriver {
    /// Keeps the child alive until told to stop, which ends the child and every run.
    pub async fn serve(self: Arc<Self>, stop: CancellationToken) {
        let mut backoff = Backoff::new(self.parts.patience);
        loop {
            let began = Instant::now();
            let reason = tokio::select! {
                reason = self.live() => reason,
                () = stop.cancelled() => Reason::Stopped,
            };
            // Cancelled or not: nobody may run in a life that is over.
            self.set_life(None);
            if reason == Reason::Stopped {
                return self.note_down(reason, None);
            }
            let wait = backoff.after(began.elapsed());
            tracing::error!(%reason, wait_ms = wait.as_millis(), "the sandbox is down");
            self.note_down(reason, Some(wait));
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = stop.cancelled() => return self.note_down(Reason::Stopped, None),
            }
            self.health.send_modify(|health| health.restarts += 1);
        }
    }

    /// One life of the child, to its end.
    async fn live(&self) -> Reason {
        let mut started = match child::start(&self.parts.program) {
            Ok(started) => started,
            Err(reason) => return reason,
        };
        let Some(hello) = self.hello() else {
            return Reason::Unstartable("the folder of artifacts is no text".to_owned());
        };
        let patience = self.parts.patience;
        let engine = match started.greet(&hello, patience.greeting).await {
            Ok(engine) => engine,
            Err(reason) => return reason,
        };
        self.parts.artifacts.learn_engine(&engine);
        let (life, frames) = Life::begin(engine.clone(), patience.margin);
        let closing = Closing(Arc::clone(&life));
        self.set_life(Some(Arc::clone(&life)));
        self.note_up(engine, started.child.id());
        let reason = attend(&life, &mut started, frames).await;
        self.set_life(None);
        drop(closing);
        if let Err(error) = started.child.kill().await {
            tracing::error!(%error, "the sandbox could not be ended");
        }
        reason
    }

    fn hello(&self) -> Option<ToSandbox> {
        let artifacts = &self.parts.artifacts;
        Some(ToSandbox::Hello {
            artifacts: artifacts.folder().to_str()?.to_owned(),
            seal_key: Blob(artifacts.key().bytes().to_vec()),
            slots: self.parts.slots,
        })
    }

    fn note_up(&self, engine: String, process: Option<u32>) {
        tracing::info!(engine, "the sandbox is up");
        let now = self.parts.clock.now();
        self.health.send_modify(|health| {
            health.up = true;
            if health.reason == Some(Reason::NotStarted) {
                health.reason = None;
            }
            health.engine = Some(engine);
            health.process = process;
            health.since = now;
            health.retry_in = None;
        });
    }

    fn note_down(&self, reason: Reason, retry_in: Option<Duration>) {
        let now = self.parts.clock.now();
        self.health.send_modify(|health| {
            if health.up {
                health.since = now;
            }
            health.up = false;
            health.reason = Some(reason);
            health.process = None;
            health.retry_in = retry_in;
        });
    }
}

/// Closes a life however its end comes about.
struct Closing(Arc<Life>);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// Hears and writes until the child ends, or must.
async fn attend(
    life: &Life,
    started: &mut Started,
    frames: mpsc::UnboundedReceiver<Frame>,
) -> Reason {
    let Some(socket) = started.socket.take() else {
        return Reason::NotStarted;
    };
    let (from, to) = socket.into_split();
    let ended = tokio::select! {
        reason = listen(life, from) => reason,
        () = write(to, frames) => None,
        () = watch(life) => Some(Reason::Hung),
        status = started.child.wait() => match status {
            Ok(status) => Some(started.died(status)),
            Err(error) => Some(Reason::Died(error.to_string())),
        },
    };
    match ended {
        Some(reason) => reason,
        None => started.end().await,
    }
}

/// Hears until there is a reason to end; `None` when the child has gone.
async fn listen(life: &Life, mut from: OwnedReadHalf) -> Option<Reason> {
    loop {
        let heard = match frame::read(&mut from).await {
            Ok(words) => life.hear(words),
            Err(Broken::Nonsense(text)) => Err(Reason::Nonsense(text)),
            Err(Broken::Over) => return None,
        };
        if let Err(reason) = heard {
            return Some(reason);
        }
    }
}

/// Writes until the child takes no more.
async fn write(mut to: OwnedWriteHalf, mut frames: mpsc::UnboundedReceiver<Frame>) {
    while let Some(frame) = frames.recv().await {
        if to.write_all(&frame.bytes).await.is_err() {
            return;
        }
    }
}

/// Ends when a run should have ended long ago.
async fn watch(life: &Life) {
    while !life.is_overdue() {
        tokio::time::sleep(life.margin().clamp(LOOK / 100, LOOK)).await;
    }
}

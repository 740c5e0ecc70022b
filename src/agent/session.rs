//! One connection: who may say what, in which order.

use rustix::fd::{AsFd as _, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::Interest;
use tokio::net::UnixStream;
use wabe_drivers::agent_link::frame::{self, Broken};
use wabe_drivers::agent_link::message::{Ask, Told, VERSION};
use wabe_drivers::agent_link::send;
use wabe_kernel::content::{ContentError, PhpStatus};
use wabe_kernel::desired::StepFailure;

use crate::node::Node;
use crate::workers::Trouble;

/// Whoever connects says hello within this.
const GREETING: Duration = Duration::from_secs(5);

/// An answer, and the handles that come behind it.
type Answer = (Told, Vec<OwnedFd>);

fn alone(told: Told) -> Answer {
    (told, Vec::new())
}

fn failed(failure: StepFailure) -> Told {
    let StepFailure { code, detail } = failure;
    Told::Failed {
        code: code.to_owned(),
        detail,
    }
}

fn troubled(trouble: Trouble) -> Told {
    failed(match trouble {
        Trouble::NotFound => StepFailure::new("not-found", "it has no folder here"),
        Trouble::Busy => StepFailure::new("agent-busy", "too many workers"),
        Trouble::Failed(why) => StepFailure::new("files-failed", why),
    })
}

/// Answers until the other side goes, or says what makes no sense.
pub(crate) async fn serve(mut stream: UnixStream, node: Arc<Node>) {
    let hello = tokio::time::timeout(GREETING, frame::read::<Ask>(&mut stream)).await;
    let reason = match hello {
        Err(_late) => return,
        Ok(Ok(Ask::Hello { version: VERSION })) => None,
        Ok(Ok(Ask::Hello { version })) => Some(format!(
            "version {version} is spoken there, {VERSION} here: install both from one release"
        )),
        Ok(Ok(_)) => Some("whoever connects says hello first".to_owned()),
        Ok(Err(Broken::Over(_))) => return,
        Ok(Err(Broken::Nonsense(why))) => Some(why),
    };
    if let Some(reason) = reason {
        return refuse(stream, reason).await;
    }
    if frame::write(&mut stream, &Told::Welcome(node.welcome()))
        .await
        .is_err()
    {
        return;
    }
    loop {
        let ask = match frame::read::<Ask>(&mut stream).await {
            Ok(ask) => ask,
            Err(Broken::Over(_)) => return,
            Err(Broken::Nonsense(why)) => return refuse(stream, why).await,
        };
        let runs = matches!(ask, Ask::Run { .. });
        let answered = tokio::select! {
            answered = Box::pin(answer(&node, ask)) => answered,
            // Nothing is said during a run: whoever asked for it is gone, and so is the run.
            () = heard(&stream), if runs => return,
        };
        let Some(answer) = answered else {
            return refuse(stream, "hello is said once".to_owned()).await;
        };
        if told(&mut stream, answer).await.is_err() {
            return;
        }
    }
}

/// Says why, and listens no more.
async fn refuse(mut stream: UnixStream, reason: String) {
    tracing::warn!(reason, "a connection was refused");
    // Whoever is gone does not need to know.
    drop(frame::write(&mut stream, &Told::Refused { reason }).await);
}

async fn told(stream: &mut UnixStream, (told, handles): Answer) -> Result<(), Broken> {
    frame::write(stream, &told).await?;
    if handles.is_empty() {
        return Ok(());
    }
    let sent = stream.async_io(Interest::WRITABLE, || {
        let handed: Vec<BorrowedFd<'_>> = handles.iter().map(OwnedFd::as_fd).collect();
        send(&*stream, b"h", &handed).map_err(Into::into)
    });
    Ok(sent.await?)
}

/// Waits for the end of a connection, or for whatever else is said.
async fn heard(stream: &UnixStream) {
    let mut byte = [0; 1];
    loop {
        if stream.readable().await.is_err() {
            return;
        }
        match stream.try_read(&mut byte) {
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            _ => return,
        }
    }
}

/// How PHP is doing, or why nobody knows.
fn doing(status: Result<Option<PhpStatus>, ContentError>) -> Told {
    match status {
        Ok(status) => Told::Php { status },
        Err(ContentError::TimedOut) => Told::Silent,
        Err(why) => failed(StepFailure::new("php-failed", format_args!("{why:?}"))),
    }
}

/// The answer to what was asked; nothing to a second hello.
async fn answer(node: &Arc<Node>, ask: Ask) -> Option<Answer> {
    Some(match ask {
        Ask::Hello { .. } => return None,
        Ask::Observe { subject } => alone(match node.observe(subject).await {
            Ok(observed) => Told::Observed {
                observed: Box::new(observed),
            },
            Err(failure) => failed(failure),
        }),
        Ask::Apply { step, supplied } => {
            let applied = node.apply(&step, supplied.map(Into::into)).await;
            alone(applied.map_or_else(failed, |()| Told::Done))
        }
        Ask::Sites { after } => alone(node.sites(after)),
        Ask::Strays => alone(match node.strays().await {
            Ok(strays) => Told::Strays { strays },
            Err(failure) => failed(failure),
        }),
        Ask::Door { webspace } => match node.worker(webspace).await {
            Ok(started) => (Told::Handles, vec![started.socket, started.folder]),
            Err(trouble) => alone(troubled(trouble)),
        },
        Ask::RedirectLogs { domain } => match node.redirect_logs(domain) {
            Ok(folder) => (Told::Handles, vec![folder]),
            Err(trouble) => alone(troubled(trouble)),
        },
        Ask::Php { webspace, version } => alone(doing(node.php(webspace, version).await)),
        Ask::Run { run } => {
            let ended = Box::new(node.run((*run).into()).await.into());
            alone(Told::Ended { ended })
        }
        Ask::Answer { token, answer } => {
            let challenges = node.challenges();
            let put = move || challenges.put(&token, &answer);
            alone(match tokio::task::spawn_blocking(put).await {
                Ok(Ok(())) => Told::Done,
                Ok(Err(error)) => failed(StepFailure::new("files-failed", error)),
                Err(error) => failed(StepFailure::new("files-failed", error)),
            })
        }
        Ask::Forget { token } => {
            let challenges = node.challenges();
            let taken = tokio::task::spawn_blocking(move || challenges.take(&token)).await;
            alone(match taken {
                Ok(()) => Told::Done,
                Err(error) => failed(StepFailure::new("files-failed", error)),
            })
        }
    })
}

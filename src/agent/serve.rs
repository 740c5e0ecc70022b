//! `wabe-agent serve`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::UnixListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use wabe_drivers::owners::Range;
use wabe_kernel::DomainName;

use crate::node::{Node, Parts};
use crate::{session, socket};

/// Connections at the same time.
const CONNECTIONS_MAX: usize = 128;

/// How it is started.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Where the panel connects, in a folder that is root's
    #[arg(long, value_name = "PATH")]
    socket: PathBuf,
    /// The folder of the node; letters, digits and . _ - / alone
    #[arg(long, value_name = "DIR")]
    folder: PathBuf,
    /// The number of the user that the panel runs as
    #[arg(long, value_name = "UID")]
    peer: u32,
    /// Where visitors come over HTTP
    #[arg(long, value_name = "ADDR", default_value = "0.0.0.0:80")]
    http: SocketAddr,
    /// Where visitors come over HTTPS
    #[arg(long, value_name = "ADDR", default_value = "0.0.0.0:443")]
    https: SocketAddr,
    /// The user that serves visitors; its group of the same name reads customers' files
    #[arg(long, value_name = "NAME", default_value = "www-data")]
    web_user: String,
    /// Numbers of users that are free for the files of webspaces
    #[arg(long, value_name = "FIRST-LAST", default_value = "200000-299999", value_parser = range)]
    users: Range,
    /// Names, and everything below them, that the local authority may sign for
    #[arg(long, value_name = "DOMAIN", value_parser = domain)]
    name: Vec<DomainName>,
}

fn domain(text: &str) -> Result<DomainName, String> {
    text.parse()
        .map_err(|_problem| "expected a host name of two or more labels".to_owned())
}

fn range(text: &str) -> Result<Range, String> {
    let parts = text.split_once('-');
    let numbers = parts.and_then(|(first, last)| first.parse().ok().zip(last.parse().ok()));
    let (first, last) = numbers.ok_or("expected FIRST-LAST, two numbers")?;
    let range = Range { first, last };
    match range.problems().into_iter().next() {
        Some(problem) => Err(format!("expected FIRST-LAST; {problem}")),
        None => Ok(range),
    }
}

pub(crate) fn main(arguments: Arguments) -> Result<(), String> {
    if !rustix::process::geteuid().is_root() {
        return Err("the agent is root's to start: it works as many users".to_owned());
    }
    rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .map_err(|_another| "another provider of cryptography is in place".to_owned())?;
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o022));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    runtime.block_on(Box::pin(run(arguments)))
}

async fn run(arguments: Arguments) -> Result<(), String> {
    let parts = Parts {
        folder: &arguments.folder,
        listen: (arguments.http, arguments.https),
        web_user: &arguments.web_user,
        names: &arguments.name,
        range: arguments.users,
    };
    let node = Arc::new(Node::open(parts)?);
    let stop = CancellationToken::new();
    let shown = tokio::spawn(node.clone().show(stop.clone()));
    let answers = async {
        node.ready().await?;
        let listener = socket::listen(&arguments.socket, arguments.peer)?;
        accept(listener, arguments.peer, &node).await;
        Ok::<_, String>(())
    };
    let answered = tokio::select! {
        answered = answers => answered,
        told = told() => told,
    };
    stop.cancel();
    shown.await.map_err(|error| error.to_string())?;
    answered
}

/// Waits until the process is told to end.
async fn told() -> Result<(), String> {
    let failed = |error: std::io::Error| error.to_string();
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

/// Takes connections of whoever is welcome, for good.
async fn accept(listener: UnixListener, peer: u32, node: &Arc<Node>) {
    let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                continue;
            }
        };
        if !socket::is_welcome(&stream, peer) {
            tracing::warn!("somebody who is not the panel's user was hung up on");
            continue;
        }
        let Ok(place) = Arc::clone(&room).try_acquire_owned() else {
            tracing::warn!("too many connections");
            continue;
        };
        let node = node.clone();
        drop(tokio::spawn(async move {
            session::serve(stream, node).await;
            drop(place);
        }));
    }
}

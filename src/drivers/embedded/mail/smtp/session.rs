//! One client's session: commands and replies.

use std::io;
use std::net::IpAddr;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use smtp_proto::{Error, Request};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use wabe_kernel::DomainName;
use wabe_kernel::quota::Bytes;

use crate::embedded::mail::intake::{NotDelivered, Received};
use crate::embedded::mail::smtp::data::{self, Fault, Taken};
use crate::embedded::mail::smtp::envelope::Envelope;
use crate::embedded::mail::smtp::post::{LETTER_MAX, Letter, Post, bytes_of};
use crate::embedded::mail::smtp::trace::{Greeting, Hop};
use crate::embedded::mail::smtp::wire::Wire;
use crate::embedded::mail::store::Store;

/// The longest command line with its end, in bytes.
const COMMAND_MAX: usize = 4_096;
/// So many refused commands end a session.
const ERRORS_MAX: usize = 20;

/// What all sessions share.
pub(super) struct Setting {
    pub(super) store: Arc<Store>,
    pub(super) host_name: DomainName,
    pub(super) size_max: Bytes,
    pub(super) idle: Duration,
    pub(super) tls: Option<TlsAcceptor>,
    pub(super) post: Option<Arc<dyn Post>>,
    pub(super) shutdown: CancellationToken,
}

/// A session's state.
pub(super) struct Session {
    setting: Arc<Setting>,
    peer: IpAddr,
    greeting: Option<Greeting>,
    tls: bool,
    envelope: Envelope,
    errors: usize,
}

/// What is done besides replying.
enum Next {
    Go,
    Data,
    Tls,
    End,
}

impl Session {
    /// A session before its first byte.
    pub(super) fn new(setting: Arc<Setting>, peer: IpAddr) -> Self {
        Self {
            setting,
            peer,
            greeting: None,
            tls: false,
            envelope: Envelope::default(),
            errors: 0,
        }
    }

    /// Talks until the client or this server ends it.
    pub(super) async fn run(mut self, mut wire: Wire) -> io::Result<()> {
        let greeting = format!("220 {} ESMTP\r\n", self.setting.host_name.as_str());
        wire.send(&greeting).await?;
        let setting = Arc::clone(&self.setting);
        loop {
            let line = tokio::select! {
                biased;
                () = setting.shutdown.cancelled() => {
                    return wire.send("421 4.3.2 shutting down\r\n").await;
                }
                line = wire.next(COMMAND_MAX) => line,
            };
            let line = match line {
                Ok(Some(line)) => line,
                Ok(None) => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                    return wire.send("421 4.4.2 too slow\r\n").await;
                }
                Err(error) => return Err(error),
            };
            if !is_command_line(&line) {
                // What follows cannot be told from a command, so nothing that follows is read.
                return wire.send("500 5.5.2 line not usable\r\n").await;
            }
            let (reply, next) = self.command(&line, wire.has_more()).await?;
            wire.send(&reply).await?;
            match next {
                Next::Go => {}
                Next::End => return Ok(()),
                Next::Tls => wire = Box::pin(self.secure(wire)).await?,
                Next::Data => {
                    let Some(reply) = Box::pin(self.data(&mut wire)).await? else {
                        return Ok(());
                    };
                    let reply = self.counted(reply);
                    wire.send(&format!("{reply}\r\n")).await?;
                }
            }
            if self.errors > ERRORS_MAX {
                return wire.send("421 4.7.0 too many errors\r\n").await;
            }
        }
    }

    /// Notes a refusal.
    fn counted(&mut self, reply: &'static str) -> &'static str {
        if reply.starts_with('5') {
            self.errors = self.errors.saturating_add(1);
        }
        reply
    }

    /// The reply to a command line, and what follows it. `more` says that the client sent on already.
    async fn command(&mut self, line: &[u8], more: bool) -> io::Result<(String, Next)> {
        let request = match Request::parse(&mut line.iter()) {
            Ok(request) => request.into_owned(),
            Err(error) => {
                let reply = self.counted(refusal(&error));
                return Ok((format!("{reply}\r\n"), Next::Go));
            }
        };
        let (reply, next) = match request {
            Request::Ehlo { host } => match self.greet(&host, true) {
                ControlFlow::Continue(()) => return Ok((self.extensions(), Next::Go)),
                ControlFlow::Break(reply) => (reply, Next::Go),
            },
            Request::Helo { host } => match self.greet(&host, false) {
                ControlFlow::Continue(()) => {
                    let reply = format!("250 {}\r\n", self.setting.host_name.as_str());
                    return Ok((reply, Next::Go));
                }
                ControlFlow::Break(reply) => (reply, Next::Go),
            },
            Request::Mail { from } if self.greeting.is_some() => {
                let taken = self.envelope.mail(&from, self.setting.size_max);
                (taken.unwrap_or_else(|refused| refused), Next::Go)
            }
            Request::Mail { .. } => ("503 5.5.1 greeting first", Next::Go),
            Request::Rcpt { to } => {
                let taken = self.recipient(to).await?;
                (taken.unwrap_or_else(|refused| refused), Next::Go)
            }
            Request::Data => match (&self.envelope.sender, self.envelope.is_empty()) {
                (Some(_), false) => ("354 end with CRLF dot CRLF", Next::Data),
                (Some(_), true) => ("554 5.5.1 no valid recipients", Next::Go),
                (None, _) => ("503 5.5.1 sender first", Next::Go),
            },
            Request::Rset => {
                self.envelope = Envelope::default();
                ("250 2.0.0 ok", Next::Go)
            }
            Request::Noop { .. } => ("250 2.0.0 ok", Next::Go),
            // The same for every address: nobody learns which exist.
            Request::Vrfy { .. } => ("252 2.1.5 send mail and see", Next::Go),
            Request::Quit => ("221 2.0.0 bye", Next::End),
            Request::StartTls => self.start_tls(more),
            _ => ("502 5.5.1 not offered", Next::Go),
        };
        let reply = self.counted(reply);
        Ok((format!("{reply}\r\n"), next))
    }

    fn greet(&mut self, host: &str, extended: bool) -> ControlFlow<&'static str> {
        let Some(greeting) = Greeting::new(host, extended) else {
            return ControlFlow::Break("501 5.5.4 name not usable");
        };
        self.greeting = Some(greeting);
        self.envelope = Envelope::default();
        ControlFlow::Continue(())
    }

    fn extensions(&self) -> String {
        let name = self.setting.host_name.as_str();
        let tls = if self.setting.tls.is_some() && !self.tls {
            "250-STARTTLS\r\n"
        } else {
            ""
        };
        format!(
            "250-{name}\r\n{tls}250-PIPELINING\r\n250-SIZE {}\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n",
            self.setting.size_max
        )
    }

    async fn recipient(
        &mut self,
        to: smtp_proto::RcptTo<String>,
    ) -> io::Result<Result<&'static str, &'static str>> {
        let post = self.setting.post.as_ref();
        if post.is_some_and(|post| post.takes(&to.address)) {
            return Ok(self.envelope.rcpt_post(&to));
        }
        let store = Arc::clone(&self.setting.store);
        let mut envelope = std::mem::take(&mut self.envelope);
        let (envelope, taken) = tokio::task::spawn_blocking(move || {
            let taken = envelope.rcpt(&to, &store);
            (envelope, taken)
        })
        .await?;
        self.envelope = envelope;
        Ok(taken)
    }

    /// What was sent before the handshake came from anyone: with it the session ends. Source: RFC 3207 4.2.
    fn start_tls(&self, more: bool) -> (&'static str, Next) {
        match &self.setting.tls {
            Some(_) if self.tls => ("503 5.5.1 already encrypted", Next::Go),
            Some(_) if more => ("501 5.5.4 no commands behind STARTTLS", Next::End),
            Some(_) => ("220 2.0.0 go ahead", Next::Tls),
            None => ("502 5.5.1 not offered", Next::Go),
        }
    }

    async fn secure(&mut self, wire: Wire) -> io::Result<Wire> {
        let Some(acceptor) = self.setting.tls.clone() else {
            return Err(io::ErrorKind::Unsupported.into());
        };
        let handshake = acceptor.accept(wire.into_stream());
        let stream = tokio::time::timeout(Duration::from_secs(30), handshake).await??;
        self.tls = true;
        self.greeting = None;
        self.envelope = Envelope::default();
        Ok(Wire::new(Box::new(stream), self.setting.idle))
    }

    /// Takes a message and delivers it; `None` when the client went away in the middle.
    async fn data(&mut self, wire: &mut Wire) -> io::Result<Option<&'static str>> {
        let mut envelope = std::mem::take(&mut self.envelope);
        let store = Arc::clone(&self.setting.store);
        let id = store.unique();
        let spool = {
            let (store, id) = (Arc::clone(&store), id.clone());
            tokio::task::spawn_blocking(move || store.disk.spool(&id)).await?
        };
        let taken = match data::take(wire, spool, self.setting.size_max).await? {
            Some(Ok(taken)) => taken,
            Some(Err(fault)) => return Ok(Some(fault.reply())),
            None => return Ok(None),
        };
        if let Some(recipient) = envelope.post.take() {
            let sender = envelope.sender.take().unwrap_or_default();
            return Box::pin(self.keep(taken, sender, recipient))
                .await
                .map(Some);
        }
        if envelope
            .targets
            .iter()
            .any(|target| taken.delivered_to.contains(&target.address))
        {
            return Ok(Some(Fault::Loop.reply()));
        }
        let message = self.received(&envelope, taken, &id);
        let size = message.size;
        let (targets, delivered) = tokio::task::spawn_blocking(move || {
            let delivered = store.deliver(&envelope.targets, &message);
            (envelope.targets, delivered)
        })
        .await?;
        Ok(Some(match delivered {
            Ok(()) => {
                for target in &targets {
                    tracing::info!(mailbox.id = %target.mailbox, message.id = %id, size, "mail delivered");
                }
                "250 2.6.0 delivered"
            }
            Err(NotDelivered::OverQuota) => "552 5.2.2 mailbox full",
            Err(NotDelivered::Closed) => "550 5.2.1 mailbox disabled",
            Err(NotDelivered::DiskFull) => Fault::DiskFull.reply(),
            Err(NotDelivered::Disk(error)) => {
                tracing::error!(message.id = %id, %error, "smtp: a message cannot be delivered");
                Fault::Disk.reply()
            }
        }))
    }

    /// Hands a letter to whoever takes what goes into no mailbox.
    async fn keep(
        &self,
        taken: Taken,
        return_path: String,
        recipient: String,
    ) -> io::Result<&'static str> {
        if taken.size > LETTER_MAX {
            return Ok(Fault::TooLarge.reply());
        }
        let Some(post) = &self.setting.post else {
            return Ok(Fault::Disk.reply());
        };
        let read = tokio::task::spawn_blocking(move || bytes_of(&taken.file, taken.size)).await?;
        let letter = Letter {
            return_path,
            recipient,
            bytes: read?,
        };
        match post.keep(letter).await {
            Ok(()) => Ok("250 2.6.0 delivered"),
            Err(fault) => {
                tracing::error!(fault = %fault.chain(), "smtp: a letter cannot be kept");
                Ok(Fault::Disk.reply())
            }
        }
    }

    fn received(&self, envelope: &Envelope, taken: Taken, id: &str) -> Received {
        let nobody = Greeting {
            name: "unknown".to_owned(),
            extended: false,
        };
        let mut trace = Hop {
            greeting: self.greeting.as_ref().unwrap_or(&nobody),
            peer: self.peer,
            tls: self.tls,
            host_name: &self.setting.host_name,
            at: self.setting.store.clock.now(),
            id,
        }
        .received();
        if !taken.has_header {
            trace.push('\n');
        }
        let sender = envelope.sender.as_deref().unwrap_or("");
        Received {
            return_path: format!("Return-Path: <{sender}>\n"),
            trace,
            body: taken.file,
            size: taken.size,
        }
    }
}

/// True for a whole line of visible ASCII and blanks that ends in CRLF.
fn is_command_line(line: &[u8]) -> bool {
    match line {
        [text @ .., b'\r', b'\n'] => text.iter().all(|&b| b == b' ' || b.is_ascii_graphic()),
        _ => false,
    }
}

const fn refusal(error: &Error) -> &'static str {
    match error {
        Error::UnknownCommand => "500 5.5.1 unknown command",
        Error::InvalidSenderAddress => "501 5.1.7 sender address not usable",
        Error::InvalidRecipientAddress => "501 5.1.3 recipient address not usable",
        Error::UnsupportedParameter { .. } => "555 5.5.4 parameter not offered",
        _ => "501 5.5.4 not understood",
    }
}

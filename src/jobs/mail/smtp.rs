//! Hands letters to a mail server. Source: RFC 5321, RFC 8314.

use crate::mail::{Letter, Transport};
use crate::queue::JobFailure;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{Error, SUBMISSION_PORT, SUBMISSIONS_PORT};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use std::time::Duration;
use wabe_kernel::desired::Working;
use wabe_kernel::{Fault, Secret};

/// How long the server may take over one answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long one letter may take as a whole.
const WHOLE: Duration = Duration::from_mins(1);

/// How the way to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpTls {
    /// TLS from the first byte, usually port 465.
    Implicit,
    /// STARTTLS, refused when the server does not offer it, usually port 587.
    StartTls,
    /// None: only for a server on this very machine.
    Loopback,
}

/// Where letters go.
#[derive(Debug, Clone)]
pub struct SmtpSettings {
    /// The server's name, which its certificate must bear.
    pub host: String,
    /// Its port; by [`SmtpTls`] when absent.
    pub port: Option<u16>,
    /// How the way is protected.
    pub tls: SmtpTls,
    /// The login, if the server wants one.
    pub login: Option<(String, Secret)>,
    /// The name this machine greets with.
    pub hello: String,
}

/// A mail server that takes our letters.
pub struct SmtpTransport {
    server: AsyncSmtpTransport<Tokio1Executor>,
}

impl SmtpTransport {
    /// A transport to this server; nothing is sent yet.
    ///
    /// # Errors
    /// When there is no trust store for TLS, or a login or a letter would leave this machine in the
    /// clear.
    pub fn new(settings: &SmtpSettings) -> Result<Self, Fault> {
        let loopback = matches!(settings.host.as_str(), "localhost" | "127.0.0.1" | "::1");
        if settings.tls == SmtpTls::Loopback && !loopback {
            return Err(Fault::new("mail without TLS is for this machine only"));
        }
        let parameters = || {
            TlsParameters::new(settings.host.clone())
                .map_err(|error| Fault::because("set up TLS for the mail server", error))
        };
        let (tls, usual) = match settings.tls {
            SmtpTls::Implicit => (Tls::Wrapper(parameters()?), SUBMISSIONS_PORT),
            SmtpTls::StartTls => (Tls::Required(parameters()?), SUBMISSION_PORT),
            SmtpTls::Loopback => (Tls::None, 25),
        };
        let server = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            .port(settings.port.unwrap_or(usual))
            .tls(tls)
            .hello_name(ClientId::Domain(settings.hello.clone()))
            .timeout(Some(PATIENCE));
        let server = match &settings.login {
            Some((user, password)) => {
                server.credentials(Credentials::new(user.clone(), password.expose().to_owned()))
            }
            None => server,
        };
        Ok(Self {
            server: server.build(),
        })
    }
}

/// What an error means for the letter. A server that refuses us, not the letter, is tried again.
fn failure(error: &Error) -> JobFailure {
    let code = error.status().map(u16::from);
    match code {
        Some(530 | 534 | 535 | 538) => JobFailure::later("mail-login-refused"),
        _ if error.is_permanent() => JobFailure::never("mail-refused"),
        _ if error.is_transient() => JobFailure::later("mail-deferred"),
        _ if error.is_timeout() => JobFailure::later("mail-timed-out"),
        _ if error.is_tls() => JobFailure::later("mail-tls-failed"),
        _ => JobFailure::later("mail-unreachable"),
    }
}

impl Transport for SmtpTransport {
    fn deliver<'a>(&'a self, letter: &'a Letter) -> Working<'a, Result<(), JobFailure>> {
        Box::pin(async move {
            let sending = self.server.send(letter.message.clone());
            match tokio::time::timeout(WHOLE, sending).await {
                Ok(Ok(_taken)) => Ok(()),
                // The server's own words may quote the address: only the code is kept.
                Ok(Err(error)) => Err(failure(&error)),
                Err(_elapsed) => Err(JobFailure::later("mail-timed-out")),
            }
        })
    }
}

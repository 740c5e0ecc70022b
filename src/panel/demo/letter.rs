//! A first letter in each of the demo's mailboxes, delivered the way all mail is.

use lettre::message::header::ContentType;
use lettre::transport::smtp::client::Tls;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use wabe_kernel::Fault;

const TEXT: &str = include_str!("letter.txt");

/// Delivers it to `address` through the mail intake at `smtp` (`host:port`).
pub(super) async fn greet(smtp: &str, address: &str) -> Result<(), Fault> {
    let wrong = |_error| Fault::new("write the demo's letter");
    let (subject, text) = TEXT.split_once('\n').unwrap_or((TEXT, TEXT));
    let to = address
        .parse()
        .map_err(|error| Fault::because("write the demo's letter", error))?;
    let from = "Wabe <panel@wabe.localhost>".parse();
    let letter = Message::builder()
        .from(from.map_err(|error| Fault::because("write the demo's letter", error))?)
        .to(to)
        .subject(subject)
        .header(ContentType::TEXT_PLAIN)
        .body(text.trim_start().to_owned())
        .map_err(wrong)?;
    let port = smtp.rsplit(':').next().and_then(|port| port.parse().ok());
    let server = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("127.0.0.1")
        .port(port.ok_or(Fault::new("find the mail intake's port"))?)
        .tls(Tls::None)
        .build::<Tokio1Executor>();
    let sent = server.send(letter).await;
    sent.map(|_taken| ())
        .map_err(|error| Fault::because("deliver the demo's letter", error))
}

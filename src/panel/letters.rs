//! The worker of the queue, and how letters leave: to the configured mail server, or as files into the data
//! folder.

use crate::bridges::Addressees;
use crate::config::{Mail, MailTls};
use crate::exports::MakeExport;
use crate::ground::Ground;
use crate::support_mail::ReadMail;
use std::sync::Arc;
use wabe_jobs::mail::{FileOutbox, SendMail, SmtpSettings, SmtpTls, SmtpTransport, Transport};
use wabe_jobs::queue::Worker;
use wabe_jobs::text::{Letterhead, Texts};
use wabe_kernel::{Fault, Secret};

fn transport(ground: &Ground) -> Result<Arc<dyn Transport>, Fault> {
    let Mail {
        host,
        port,
        tls,
        user,
        password_file,
        ..
    } = &ground.config.mail;
    let Some(host) = host else {
        return Ok(Arc::new(FileOutbox::new(ground.data.outbox())));
    };
    let login = match (user, password_file) {
        (Some(user), Some(file)) => {
            let text = std::fs::read_to_string(file);
            let text = text.map_err(|error| Fault::because("read mail.password_file", error))?;
            Some((user.clone(), Secret::new(text.trim())))
        }
        _ => None,
    };
    let tls = match tls {
        MailTls::Implicit => SmtpTls::Implicit,
        MailTls::StartTls => SmtpTls::StartTls,
        MailTls::Loopback => SmtpTls::Loopback,
    };
    let hello = ground.house.portal_host.clone();
    let settings = SmtpSettings {
        host: host.clone(),
        port: *port,
        tls,
        login,
        hello,
    };
    Ok(Arc::new(SmtpTransport::new(&settings)?))
}

/// The worker that sends queued letters, reads those to support, and makes what was asked for.
///
/// # Errors
/// When the texts or the transport cannot be set up.
pub fn worker(ground: &Ground) -> Result<Arc<Worker>, Fault> {
    let wrong = |_problem| Fault::new("read the configured sender");
    let head = Letterhead {
        company: ground.config.hoster.parse().map_err(wrong)?,
        portal_url: ground.house.portal_url.clone(),
        from: ground.config.mail.from.parse().map_err(wrong)?,
        zone: jiff::tz::TimeZone::get("Europe/Berlin").unwrap_or(jiff::tz::TimeZone::UTC),
    };
    let send = SendMail {
        store: ground.store.clone(),
        clock: ground.clock.clone(),
        people: Arc::new(Addressees(ground.store.clone())),
        texts: Arc::new(Texts::embedded(head)?),
        transport: transport(ground)?,
    };
    let worker = Worker::new(
        ground.store.clone(),
        ground.clock.clone(),
        ground.rng.clone(),
    );
    let worker = worker.with(send).with(MakeExport(ground.identity.clone()));
    Ok(Arc::new(match ReadMail::of(ground)? {
        Some(read) => worker.with(read),
        None => worker,
    }))
}

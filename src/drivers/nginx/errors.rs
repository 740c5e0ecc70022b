//! What nginx cannot do for a site, as it tells it over a socket; kept in the site's log once addresses are
//! shortened and what visitors typed is gone.
//!
//! The socket holds few messages and nginx does not wait: what comes too fast is lost, which costs lines of a log
//! and nothing else.

use std::collections::BTreeMap;
use std::fs::Permissions;
use std::io;
use std::net::IpAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::UnixDatagram;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use wabe_kernel::Timestamp;

use crate::embedded::web::access_log::append_errors;
use crate::embedded::web::access_log::line::shortened;
use crate::embedded::web::{Visited, durable};
use crate::nginx::{Nginx, disk};

/// nginx cuts messages at 2 048 bytes; what comes before one is short.
const MESSAGE_BYTES_MAX: usize = 4_096;
/// Lines wait no longer than this behind the first of them, and not many of them.
const FLUSH_AFTER: Duration = Duration::from_millis(500);
const LINES_MAX: usize = 512;
/// What stands between nginx's own words and whatever names the visitor.
const CLIENT: &str = ", client: ";

/// Hears of errors until `stop`.
pub(super) async fn keep(nginx: Arc<Nginx>, stop: CancellationToken) {
    let Some(path) = nginx.ground.errors.clone() else {
        return tracing::warn!("the data folder's path is too long for logs of errors");
    };
    let socket = match bind(&path) {
        Ok(socket) => socket,
        Err(fault) => return tracing::error!(%fault, "nobody hears what nginx cannot do"),
    };
    let mut heard = Heard::default();
    let mut due = None::<Instant>;
    let mut message = vec![0; MESSAGE_BYTES_MAX];
    loop {
        let stopping = tokio::select! {
            came = socket.recv(&mut message) => match came {
                Ok(length) => {
                    heard.note(message.get(..length).unwrap_or_default(), nginx.disk.folder());
                    if heard.lines == 0 {
                        continue;
                    }
                    due.get_or_insert_with(|| Instant::now() + FLUSH_AFTER);
                    if heard.lines < LINES_MAX {
                        continue;
                    }
                    false
                }
                Err(fault) => {
                    tracing::error!(%fault, "what nginx cannot do is not heard any more");
                    true
                }
            },
            () = reached(due) => false,
            () = stop.cancelled() => true,
        };
        due = None;
        let all = std::mem::take(&mut heard);
        let (folder, now) = (nginx.disk.folder().to_owned(), nginx.clock.now());
        let work = tokio::task::spawn_blocking(move || all.write(&folder, now));
        if let Err(fault) = work.await {
            tracing::error!(%fault, "writing logs of errors broke off");
        }
        if stopping {
            return;
        }
    }
}

/// Waits until then; for ever where nothing is due.
async fn reached(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}

/// A socket that workers reach whoever they are; the folder around it decides who else does.
fn bind(path: &Path) -> io::Result<UnixDatagram> {
    durable::remove(path)?;
    let socket = UnixDatagram::bind(path)?;
    std::fs::set_permissions(path, Permissions::from_mode(0o666))?;
    Ok(socket)
}

/// Lines that are not on disk yet.
#[derive(Default)]
struct Heard {
    of: BTreeMap<Visited, String>,
    lines: usize,
}

impl Heard {
    /// Notes a message; one that is about nobody of ours is nothing.
    fn note(&mut self, message: &[u8], folder: &Path) {
        let message = String::from_utf8_lossy(message);
        let Some((of, said)) = told(&message) else {
            return tracing::debug!("a message about nobody");
        };
        let lines = self.of.entry(of).or_default();
        lines.push_str(&kept(said, &own_folder(folder, of)));
        lines.push('\n');
        self.lines += 1;
    }

    fn write(self, folder: &Path, now: Timestamp) {
        for (of, lines) in self.of {
            let logs = own_folder(folder, of).join("logs");
            if let Err(fault) = append_errors(&logs, now, lines.as_bytes()) {
                tracing::warn!(visited.id = %of, %fault, "a log of errors is not writable");
            }
        }
    }
}

/// Where the things of this lie, beside the instance's folder.
fn own_folder(folder: &Path, of: Visited) -> PathBuf {
    let kind = match of {
        Visited::Site(_) => "web",
        Visited::Redirect(_) => "redirect",
    };
    let node = folder.parent().unwrap_or(folder);
    node.join(kind).join(of.to_string())
}

/// What a message is about, and what it says. Source: RFC 3164 4; nginx writes `<187>Nov 30 10:00:00 tag: text`.
fn told(message: &str) -> Option<(Visited, &str)> {
    let (head, said) = message.split_once(": ")?;
    let tag = head.rsplit(' ').next()?;
    Some((disk::visited(tag)?, said))
}

/// What is kept of a message: nginx's own words, beneath the site's own folder, and the visitor's network. What
/// follows that is the request, which visitors wrote.
fn kept(said: &str, own: &Path) -> String {
    let (words, about) = said.split_once(CLIENT).unwrap_or((said, ""));
    let mut line = words.replace(&format!("{}/", own.display()), "");
    line.retain(|c| !c.is_control());
    let client = about.split([',', ' ']).next().unwrap_or_default();
    if let Ok(address) = client.parse::<IpAddr>() {
        let network = shortened(address).to_string();
        line.extend([CLIENT, network.as_str()]);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ID: &str = "web_01kaj8xv00e0m9f8w2v3x4y5z6";

    #[test]
    fn a_message_is_kept_without_whole_addresses_and_without_what_was_typed() {
        let message = format!(
            "<187>Nov 30 10:00:00 {ID}: 2026/11/30 10:00:00 [error] 7#7: *5 \
             open() \"/srv/node/web/{ID}/files/a\" failed (13: Permission denied), \
             client: 203.0.113.77, server: a.test, request: \"GET /a?secret=1 HTTP/1.1\""
        );
        let mut heard = Heard::default();
        heard.note(message.as_bytes(), Path::new("/srv/node/nginx"));
        let lines: Vec<&String> = heard.of.values().collect();
        assert_eq!(
            lines,
            [
                "2026/11/30 10:00:00 [error] 7#7: *5 open() \"files/a\" failed \
              (13: Permission denied), client: 203.0.113.0\n"
            ]
        );
    }

    #[test]
    fn a_visitor_who_writes_what_nginx_writes_shows_no_whole_address() {
        let forged = "open() \"/a, client: 203.0.113.9, client: 198.51.100.5\", client: 192.0.2.77";
        let line = kept(forged, Path::new("/srv"));
        assert_eq!(line, "open() \"/a, client: 203.0.113.0");
        assert_eq!(kept("a\nb\u{7}, client: x", Path::new("/srv")), "ab");
    }

    proptest! {
        #[test]
        fn any_message_is_kept_as_one_plain_line_or_not(head: String, said: String) {
            let line = kept(&said, Path::new("/srv"));
            prop_assert!(!line.contains(char::is_control));
            let message = format!("{head}: {said}, client: 203.0.113.77, request: secret");
            let line = kept(&message, Path::new("/srv"));
            prop_assert!(!line.contains("203.0.113.77") && !line.ends_with("secret"));
        }
    }

    #[test]
    fn a_message_about_nobody_is_nothing() {
        for message in [
            "",
            "<187>Nov 30 10:00:00 nginx: x",
            "<187>Nov 30 10:00:00 ../../etc: x",
            ID,
        ] {
            assert!(told(message).is_none(), "{message}");
        }
    }
}

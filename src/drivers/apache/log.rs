//! What Apache complains about, in the log of errors of its webspace.

use std::fs::OpenOptions;
use std::io::{self, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use wabe_kernel::Timestamp;
use wabe_kernel::id::WebspaceId;

use crate::embedded::web::access_log::append_errors;

/// The most that is passed on at once, in bytes; what is beyond it is lost, which costs lines of a log.
const BYTES_MAX: u64 = 256 * 1_024;
/// What is about the instance itself and no request.
const ITS_OWN: [&str; 3] = ["[mpm_event:", "[core:notice]", "[ssl:"];

/// Moves complaints from the instance's own file, which its server only appends to, to the webspace's log. Blocks.
///
/// Errors: what the system says.
pub(super) fn pass_on(own: &Path, node: &Path, id: WebspaceId, at: Timestamp) -> io::Result<()> {
    let nofollow = rustix::fs::OFlags::NOFOLLOW.bits().cast_signed();
    let opened = OpenOptions::new()
        .read(true)
        .write(true)
        .custom_flags(nofollow)
        .open(own);
    let file = match opened {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(()),
        opened => opened?,
    };
    if file.metadata()?.len() == 0 {
        return Ok(());
    }
    let mut bytes = Vec::new();
    (&file).take(BYTES_MAX).read_to_end(&mut bytes)?;
    file.set_len(0)?;
    let folder = node.join("web").join(id.to_string());
    let lines = kept(&String::from_utf8_lossy(&bytes), &folder);
    if lines.is_empty() {
        return Ok(());
    }
    append_errors(&folder.join("logs"), at, lines.as_bytes())
}

/// The lines about requests, with paths from the webspace's folder on, and nothing that is no plain text.
fn kept(text: &str, folder: &Path) -> String {
    let prefix = format!("{}/", folder.display());
    let mut found = String::new();
    for line in text.lines() {
        // Visitors write, too, but not behind the time.
        let said = line.split_once("] ").map_or(line, |(_time, said)| said);
        if ITS_OWN.iter().any(|own| said.starts_with(own)) {
            continue;
        }
        let line = line.replace(&prefix, "");
        found.extend(line.chars().filter(|c| !c.is_control()));
        found.push('\n');
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_visitors_ask_for_keeps_no_complaint_out_of_the_log() {
        let text = "[2026-11-30 10:00:00] [authz_core:error] AH01630: denied: /srv/a/[ssl:/[core:notice]\n";
        assert_eq!(kept(text, Path::new("/srv/b")), text);
    }

    #[test]
    fn complaints_about_requests_are_kept_with_short_paths() {
        let text = "[2026-11-30 10:00:00] [mpm_event:notice] AH00489: configured\n\
             [2026-11-30 10:00:01] [core:alert] /srv/node/web/a/files/.htaccess: Invalid\u{7} command\n";
        let lines = kept(text, Path::new("/srv/node/web/a"));
        let wanted = "[2026-11-30 10:00:01] [core:alert] files/.htaccess: Invalid command\n";
        assert_eq!(lines, wanted);
    }
}

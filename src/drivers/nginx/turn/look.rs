//! Looking: who is at fault when a trial fails, and who answers after a reload.

use futures_util::future::join_all;
use rustix::process::Pid;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use wabe_kernel::DomainName;
use wabe_kernel::desired::StepFailure;

use crate::embedded::web::Visited;
use crate::embedded::web::probe::{PROBE_PATH, reachable};
use crate::nginx::Nginx;
use crate::nginx::head::TYPES;

/// A change that does not answer within this time is taken back.
const PATIENCE: Duration = Duration::from_secs(5);
/// A reload takes a moment: workers of before answer meanwhile.
const AGAIN: Duration = Duration::from_millis(20);
/// More than any answer to the driver.
const ANSWER_BYTES_MAX: u64 = 8 << 10;

/// The id of whoever a complaint names first: an include, or something in the folder of a site.
///
/// The first path tells, because what comes before it is nginx's own words: a customer's text stands
/// further behind, after the folder of that same customer.
pub(super) fn at_fault(complaint: &str, folder: &Path) -> Option<String> {
    let node = folder.parent()?.to_str()?;
    let begins = ["/nginx/sites/", "/nginx/staging/", "/web/", "/redirect/"];
    let places = begins.iter().filter_map(|begin| {
        let begin = format!("{node}{begin}");
        let place = complaint.find(&begin)?;
        Some((place, place + begin.len()))
    });
    let id = |(_, end): (usize, usize)| {
        let rest = complaint.get(end..)?;
        let letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let id = rest.split(|c: char| !letter(c)).next()?;
        (!id.is_empty() && id != "nginx").then(|| id.to_owned())
    };
    let mut places: Vec<(usize, usize)> = places.collect();
    places.sort_unstable();
    places.into_iter().find_map(id)
}

/// The id of the include that a complaint was read in. The place stands at its end, in nginx's own words.
pub(super) fn read_in(complaint: &str, folder: &Path) -> Option<String> {
    let begin = format!(" in {}/sites/", folder.to_str()?);
    let (_, place) = complaint.rsplit_once(&begin)?;
    let (id, line) = place.split_once(".conf:")?;
    let is_line = !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit());
    is_line.then(|| id.to_owned())
}

/// Whether a complaint was read in a file that only somebody's hand has an include of ours read.
pub(super) fn was_read_elsewhere(complaint: &str, folder: &Path) -> bool {
    let place = complaint.rsplit_once(" in /");
    let Some((file, line)) = place.and_then(|(_, place)| place.rsplit_once(':')) else {
        return false;
    };
    let file = Path::new("/").join(file);
    let is_line = !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit());
    is_line && !file.starts_with(folder) && file != Path::new(TYPES)
}

/// Those that do not answer with their mark, each with why.
pub(super) async fn silent<'a>(
    nginx: &Nginx,
    asked: impl Iterator<Item = (Visited, Option<&'a DomainName>, &'a str)>,
) -> Vec<(Visited, StepFailure)> {
    let looks = asked.filter_map(|(of, host, mark)| {
        let host = host?;
        Some(async move {
            let why = answers(nginx, host, mark).await.err()?;
            Some((of, why))
        })
    });
    join_all(looks).await.into_iter().flatten().collect()
}

/// Asks until the very configuration with this mark answers.
async fn answers(nginx: &Nginx, host: &DomainName, mark: &str) -> Result<(), StepFailure> {
    let mut last = "no answer in time".to_owned();
    let asked = async {
        loop {
            match ask(nginx, host).await {
                Ok(answer) if answer.ends_with(mark) => return,
                Ok(answer) => {
                    let status = answer.lines().next().unwrap_or_default();
                    last = format!("answers otherwise: {status}");
                }
                Err(fault) => last = fault.to_string(),
            }
            tokio::time::sleep(AGAIN).await;
        }
    };
    let in_time = tokio::time::timeout(PATIENCE, asked).await;
    in_time.map_err(|_late| StepFailure::new("probe-failed", last))
}

/// Those that are still shown with their mark, each with why that matters.
pub(super) async fn lingering(
    nginx: &Nginx,
    hidden: Vec<(Visited, DomainName, String)>,
) -> Vec<(Visited, StepFailure)> {
    let looks = hidden.into_iter().map(|(of, host, mark)| async move {
        let asked = async {
            let shown = |answer: String| answer.ends_with(&*mark);
            while ask(nginx, &host).await.is_ok_and(shown) {
                tokio::time::sleep(AGAIN).await;
            }
        };
        let in_time = tokio::time::timeout(PATIENCE, asked).await;
        let late = |_late| StepFailure::new("probe-failed", "it is still shown");
        Some((of, in_time.map_err(late).err()?))
    });
    join_all(looks).await.into_iter().flatten().collect()
}

/// The workers that took visitors before a reload. Until the last of them stops to, some visitors get what was
/// configured before, and new names get no certificate.
pub(super) struct Former {
    master: Option<Pid>,
    workers: Vec<PathBuf>,
}

impl Former {
    /// Whoever takes visitors now.
    pub(super) fn now(nginx: &Nginx) -> Self {
        let master = nginx.process();
        let workers = master.map(workers_of).unwrap_or_default();
        Self { master, workers }
    }

    /// Waits until none of them does.
    pub(super) async fn leave(self) {
        let Some(master) = self.master else { return };
        let left = async {
            let works = |worker: &PathBuf| takes_visitors(worker, master);
            while self.workers.iter().any(works) {
                tokio::time::sleep(AGAIN).await;
            }
        };
        if tokio::time::timeout(PATIENCE, left).await.is_err() {
            tracing::warn!("workers from before a reload still take visitors");
        }
    }
}

/// The processes of a master's that take visitors, as folders of `/proc`.
fn workers_of(master: Pid) -> Vec<PathBuf> {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let all = processes.map(|entry| entry.path());
    all.filter(|process| takes_visitors(process, master))
        .collect()
}

fn takes_visitors(process: &Path, master: Pid) -> bool {
    let read = |name: &str| {
        let bytes = std::fs::read(process.join(name)).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let is_its = parent(&read("stat")) == Some(master.as_raw_nonzero().get());
    is_its && is_at_work(&read("cmdline"))
}

/// The parent in a line of `/proc/*/stat`; the name before it may hold anything.
fn parent(stat: &str) -> Option<i32> {
    let (_, tail) = stat.rsplit_once(')')?;
    tail.split_whitespace().nth(1)?.parse().ok()
}

/// Whether a process of nginx with this title takes visitors. Source: `ngx_worker_process_cycle`, which writes it
/// before it closes its sockets; one that has ended has none.
fn is_at_work(title: &str) -> bool {
    !title.is_empty() && !title.contains("is shutting down")
}

async fn ask(nginx: &Nginx, host: &DomainName) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(reachable(nginx.ground.http)).await?;
    let mark = nginx.program.probe_mark();
    let question = format!(
        "GET {PROBE_PATH} HTTP/1.1\r\nHost: {host}\r\nX-Wabe-Probe: {}\r\nConnection: close\r\n\r\n",
        mark.expose()
    );
    stream.write_all(question.as_bytes()).await?;
    let mut answer = Vec::new();
    stream
        .take(ANSWER_BYTES_MAX)
        .read_to_end(&mut answer)
        .await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(complaint: &str) -> Option<String> {
        at_fault(complaint, Path::new("/var/node/nginx"))
    }

    #[test]
    fn whoever_is_named_first_is_at_fault() {
        let one = "nginx: [emerg] invalid x in /var/node/nginx/staging/web_01a.conf:3";
        assert_eq!(fault(one).as_deref(), Some("web_01a"));
        let missing = "nginx: [emerg] cannot load certificate \"/var/node/web/web_01b/cert.pem\": \
             BIO_new_file() failed in /var/node/nginx/sites/web_01c.conf:9";
        assert_eq!(fault(missing).as_deref(), Some("web_01b"));
        let forged = "nginx: [emerg] \"/var/node/web/web_01d/files//var/node/web/web_01e\" is bad";
        assert_eq!(fault(forged).as_deref(), Some("web_01d"));
    }

    #[test]
    fn a_complaint_ends_with_the_include_that_it_was_read_in() {
        let read = |complaint| read_in(complaint, Path::new("/var/node/nginx"));
        let other = "nginx: [emerg] open() \"/var/node/web/web_01b/x\" failed (2: No such file) \
             in /var/node/nginx/sites/web_01c.conf:9";
        assert_eq!(read(other).as_deref(), Some("web_01c"));
        for nobody in [
            "nginx: [emerg] open() \"/x in /var/node/nginx/sites/web_01d.conf:9\" failed (2: no)",
            "nginx: [emerg] invalid x in /var/node/nginx/staging/web_01a.conf:3",
            "nginx: [emerg] invalid x in /var/node/nginx/sites/web_01a.conf:",
            "",
        ] {
            assert_eq!(read(nobody), None, "{nobody}");
        }
    }

    #[test]
    fn what_somebody_has_read_beside_is_known_by_its_place() {
        let elsewhere = |place: &str| {
            let complaint = format!("nginx: [emerg] unknown directive \"x\" in {place}");
            was_read_elsewhere(&complaint, Path::new("/var/node/nginx"))
        };
        assert!(elsewhere("/etc/nginx/snippets/x.conf:3"));
        assert!(elsewhere("/var/node/x.conf:12"));
        for ours in [
            "/var/node/nginx/sites/web_01a.conf:3",
            "/var/node/nginx/staging/nginx.conf:2",
            "/etc/nginx/mime.types:7",
            "/etc/nginx/snippets/x.conf",
            "",
        ] {
            assert!(!elsewhere(ours), "{ours}");
        }
    }

    #[test]
    fn workers_are_known_by_their_master_and_their_title() {
        let stat = "712 (nginx: a) b) S 701 701 701 0 -1 4194624 216";
        assert_eq!(parent(stat), Some(701));
        assert_eq!(parent("712"), None);
        assert!(is_at_work("nginx: worker process\0\0"));
        assert!(!is_at_work("nginx: worker process is shutting down\0"));
        assert!(!is_at_work(""));
        let own = std::fs::read_to_string("/proc/self/stat").unwrap();
        let parent = parent(&own).and_then(Pid::from_raw).unwrap();
        let this = PathBuf::from(format!("/proc/{}", std::process::id()));
        assert!(workers_of(parent).contains(&this));
    }

    #[test]
    fn what_names_nobody_is_nobodys_fault() {
        for complaint in [
            "nginx: [emerg] unknown directive in /var/node/nginx/staging/nginx.conf:2",
            "nginx: [emerg] bind() to 127.0.0.1:80 failed",
            "",
        ] {
            assert_eq!(fault(complaint), None, "{complaint}");
        }
    }
}

//! Looking: who is at fault when a trial fails, and who answers after a reload.

use futures_util::future::join_all;
use std::path::Path;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use wabe_kernel::DomainName;
use wabe_kernel::desired::StepFailure;

use crate::embedded::web::Visited;
use crate::embedded::web::probe::{PROBE_PATH, reachable};
use crate::nginx::Nginx;

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

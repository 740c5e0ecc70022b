//! Whatever shows the sites: installed, at work, and reading what was written for it.

use crate::config::{Config, WebServer, program_folders};
use crate::data_dir::DataDir;
use crate::doctor::Finding;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use wabe_kernel::Stray;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// Asks for a name that no site has.
const QUESTION: &[u8] = b"GET / HTTP/1.1\r\nHost: doctor.invalid\r\nConnection: close\r\n\r\n";

/// Whether the server that shows the sites is there, and PHP for them.
pub(super) fn installed(config: &Config) -> Vec<Finding> {
    if config.web.server == WebServer::Embedded {
        return Vec::new();
    }
    let (what, folders) = ("nginx is installed", program_folders());
    let nginx = match wabe_drivers::daemon::find("nginx", &folders) {
        Some(_) => Finding::fine(what),
        None => Finding::bad(what, "nobody shows the sites").mend("apt-get install nginx-light"),
    };
    let what = "PHP for sites is installed";
    let php = if wabe_drivers::php::installed(&folders).is_empty() {
        Finding::odd(what, "sites have no PHP")
            .mend("apt-get install php-fpm php-mysql php-sqlite3")
    } else {
        Finding::fine(what)
    };
    vec![nginx, php]
}

/// Where this process reaches a server that listens at `at`.
fn reached(at: SocketAddr) -> SocketAddr {
    let ip = match at.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, at.port())
}

/// Whether somebody is at the port of sites who speaks HTTP, or hangs up on names that nobody has.
async fn is_answered(at: SocketAddr) -> Result<(), String> {
    let asked = async {
        let mut stream = TcpStream::connect(reached(at)).await?;
        stream.write_all(QUESTION).await?;
        let mut head = [0; 5];
        let mut read = 0;
        while let Some(room) = head.get_mut(read..).filter(|room| !room.is_empty()) {
            match stream.read(room).await? {
                0 => break,
                more => read += more,
            }
        }
        Ok::<_, std::io::Error>(read == 0 || head == *b"HTTP/")
    };
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(true)) => Ok(()),
        Ok(Ok(false)) => Err(format!(
            "whoever listens at {at} speaks something else than HTTP"
        )),
        Ok(Err(error)) => Err(format!("{at}: {error}")),
        Err(_late) => Err(format!("{at}: no answer within {} s", PATIENCE.as_secs())),
    }
}

/// Whether visitors get an answer, where a panel is at work with the ports of its configuration.
pub(super) async fn answer(config: &Config) -> Vec<Finding> {
    if config.web.server == WebServer::Embedded && config.node.agent.is_none() {
        return Vec::new();
    }
    let what = "nginx answers";
    let found = match is_answered(config.listen.sites_http).await {
        Ok(()) => Finding::fine(what),
        Err(why) => {
            Finding::bad(what, why).mend("read the panel's log; it starts nginx again by itself")
        }
    };
    vec![found]
}

/// Whether somebody edited what nginx reads and it was put aside; what lay there is kept, for whoever sets it properly.
/// What stays as it was edited is told of at the desk.
pub(super) fn edited(config: &Config, data: &DataDir) -> Vec<Finding> {
    if config.web.server == WebServer::Embedded {
        return Vec::new();
    }
    let what = "includes of nginx are as they were written";
    let found = match wabe_drivers::nginx::edited(&data.node()) {
        Ok(found) if found.is_empty() => return vec![Finding::fine(what)],
        Ok(found) => found,
        Err(fault) => return vec![Finding::bad(what, fault)],
    };
    let told = |edit: wabe_drivers::nginx::Edited| {
        let (of, kept) = (edit.of, edit.kept.display());
        let difference = edit.difference.trim_end();
        let warning = format!(
            "that of {of} was edited by hand and put aside. When nobody needs it any more, remove {kept} and the file \
             beside it.\n{difference}"
        );
        Finding::odd(what, warning)
    };
    found.into_iter().map(told).collect()
}

/// What is told of files that lie where servers read files from, and are none of ours.
pub(super) fn strays(found: Result<Vec<Stray>, String>) -> Vec<Finding> {
    let what = "folders of servers hold our files alone";
    let found = match found {
        Ok(found) if found.is_empty() => return vec![Finding::fine(what)],
        Ok(found) => found,
        Err(why) => return vec![Finding::odd(what, why)],
    };
    let told = |stray: Stray| {
        let effect = if stray.is_read {
            "is read, and may stand in the place of a site"
        } else {
            "is none of ours, and is not read"
        };
        let mend = "look at it, and remove it or keep it elsewhere; to change a site by hand, edit its own file";
        Finding::odd(what, format_args!("{} {effect}", stray.path)).mend(mend)
    };
    found.into_iter().map(told).collect()
}

/// The same of the folders of this process's own node. What has the name of something that is gone is told elsewhere.
pub(super) fn own_strays(config: &Config, data: &DataDir) -> Vec<Finding> {
    if config.web.server == WebServer::Embedded {
        return Vec::new();
    }
    let found = wabe_drivers::strays::strays(&data.node(), &|_id| true);
    strays(found.map_err(|fault| fault.to_string()))
}

#[cfg(test)]
mod tests {
    use super::is_answered;
    use tokio::io::AsyncWriteExt as _;
    use tokio::net::TcpListener;

    /// Asks somebody who answers this and hangs up.
    async fn asked(answer: &'static [u8]) -> Result<(), String> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let served = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.write_all(answer).await.unwrap();
            stream.shutdown().await.unwrap();
            // What was asked is read, so that nothing of the answer is lost.
            let mut rest = Vec::new();
            drop(tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut rest).await);
        });
        let found = is_answered(at).await;
        served.await.unwrap();
        found
    }

    #[tokio::test]
    async fn whoever_speaks_http_or_hangs_up_answers() {
        assert_eq!(asked(b"HTTP/1.1 404 Not Found\r\n\r\n").await, Ok(()));
        assert_eq!(asked(b"").await, Ok(()));
        assert!(
            asked(b"220 mail.example.org")
                .await
                .unwrap_err()
                .contains("something else")
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        drop(listener);
        assert!(is_answered(at).await.is_err());
    }
}

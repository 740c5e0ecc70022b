//! The agent of this machine: its socket, and what it says of itself.

use crate::config::Config;
use crate::doctor::Finding;
use serde::Deserialize;
use serde_json::json;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::Path;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;

/// How long the agent may take to greet.
const GREETING: Duration = Duration::from_secs(5);
/// The longest greeting, in bytes.
const BYTES_MAX: usize = 1024 * 1024;
/// What the panel speaks with an agent.
const VERSION: u32 = 1;

const SOCKET: &str = "socket of the agent is root's";
const ANSWERS: &str = "agent answers";
const RELEASE: &str = "agent is of this release";
const WALLS: &str = "agent has all its walls";

/// What the agent says of itself, as far as it is judged here.
#[derive(Debug, Deserialize)]
struct Welcome {
    release: String,
    #[serde(default)]
    gaps: Vec<String>,
}

/// What the agent answers to a greeting.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Told {
    Welcome(Welcome),
    Refused { reason: String },
}

/// Says hello, and hears who is there: a length and so many bytes of JSON, both ways.
async fn greet(socket: &Path) -> Result<Welcome, String> {
    let hello = json!({ "hello": { "version": VERSION } }).to_string();
    let length = u32::try_from(hello.len()).map_err(|error| error.to_string())?;
    let greeting = async {
        let mut stream = UnixStream::connect(socket).await?;
        stream.write_all(&length.to_be_bytes()).await?;
        stream.write_all(hello.as_bytes()).await?;
        let length = usize::try_from(stream.read_u32().await?).unwrap_or(usize::MAX);
        let mut bytes = vec![0; length.min(BYTES_MAX)];
        stream.read_exact(&mut bytes).await?;
        Ok::<_, std::io::Error>(bytes)
    };
    let heard = tokio::time::timeout(GREETING, greeting).await;
    let late = |_late| format!("no greeting within {} s", GREETING.as_secs());
    let heard = heard.map_err(late)?.map_err(|error| error.to_string())?;
    match serde_json::from_slice(&heard) {
        Ok(Told::Welcome(welcome)) => Ok(welcome),
        Ok(Told::Refused { reason }) => Err(reason),
        Err(error) => Err(format!(
            "it says what this panel does not understand: {error}"
        )),
    }
}

/// Whether root made the socket, and nobody but its group gets in.
fn socket(place: &Path) -> Finding {
    let again = "systemctl restart wabe-agent";
    let shown = place.display();
    match std::fs::symlink_metadata(place) {
        Err(error) => Finding::bad(SOCKET, format_args!("{shown}: {error}"))
            .mend("systemctl status wabe-agent; wabe node install --check says what is missing"),
        Ok(found) if !found.file_type().is_socket() => {
            Finding::bad(SOCKET, format_args!("{shown} is none")).mend(again)
        }
        Ok(found) if found.uid() != 0 => {
            let said = format!(
                "{shown} belongs to user {}: whoever that is stands in for the agent",
                found.uid()
            );
            Finding::bad(SOCKET, said).mend(again)
        }
        // The lowest three bits are everybody's.
        Ok(found) if found.mode().trailing_zeros() < 3 => {
            let said = format!("everybody may speak to the agent at {shown}");
            Finding::bad(SOCKET, said).mend(again)
        }
        Ok(_) => Finding::fine(SOCKET),
    }
}

fn judged(welcome: Welcome) -> Vec<Finding> {
    let ours = env!("CARGO_PKG_VERSION");
    let release = if welcome.release == ours {
        Finding::fine(RELEASE)
    } else {
        let said = format!("the agent is {}, this is {ours}", welcome.release);
        Finding::bad(RELEASE, said).mend("systemctl restart wabe-agent wabe")
    };
    let mut findings = vec![Finding::fine(ANSWERS), release];
    if welcome.gaps.is_empty() {
        findings.push(Finding::fine(WALLS));
    }
    let gaps = welcome.gaps.into_iter();
    findings.extend(gaps.map(|gap| Finding::odd(WALLS, gap).mend("start a kernel of Debian's")));
    findings
}

/// Looks at the agent, where the configuration names one.
pub(super) async fn examine(config: &Config) -> Vec<Finding> {
    let Some(place) = &config.node.agent else {
        return Vec::new();
    };
    let found = socket(place);
    // Whoever stands in for it is told nothing.
    if found.is_bad() {
        return vec![found];
    }
    let mut findings = vec![found];
    match greet(place).await {
        Ok(welcome) => findings.extend(judged(welcome)),
        Err(why) => findings.push(
            Finding::bad(ANSWERS, why)
                .mend("journalctl -u wabe-agent; systemctl restart wabe-agent wabe"),
        ),
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::{Welcome, greet, judged, socket};
    use serde_json::json;
    use std::os::unix::fs::PermissionsExt as _;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::UnixListener;

    /// Greets somebody who says this; what they heard, and what is understood.
    async fn greeted(says: serde_json::Value) -> (serde_json::Value, Result<Welcome, String>) {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("agent.sock");
        let listener = UnixListener::bind(&place).unwrap();
        let served = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let length = usize::try_from(stream.read_u32().await.unwrap()).unwrap();
            let mut heard = vec![0; length];
            stream.read_exact(&mut heard).await.unwrap();
            let answer = says.to_string();
            let length = u32::try_from(answer.len()).unwrap();
            stream.write_all(&length.to_be_bytes()).await.unwrap();
            stream.write_all(answer.as_bytes()).await.unwrap();
            serde_json::from_slice(&heard).unwrap()
        });
        let understood = greet(&place).await;
        (served.await.unwrap(), understood)
    }

    #[tokio::test]
    async fn an_agent_of_another_release_is_told_from_ours() {
        let welcome = |release: &str, gaps: &[&str]| json!({ "welcome": { "version": 1, "release": release, "php": ["8.2"], "authority": "", "gaps": gaps } });
        let (heard, ours) = greeted(welcome(env!("CARGO_PKG_VERSION"), &[])).await;
        assert_eq!(heard, json!({ "hello": { "version": 1 } }));
        assert!(
            judged(ours.unwrap())
                .iter()
                .all(|one| one.to_string().starts_with("ok "))
        );
        let (_, other) = greeted(welcome("0.0.9", &["no Landlock"])).await;
        let shown: Vec<String> = judged(other.unwrap())
            .iter()
            .map(ToString::to_string)
            .collect();
        assert!(shown[1].starts_with("WRONG agent is of this release: the agent is 0.0.9"));
        assert!(shown[2].starts_with("warn  agent has all its walls: no Landlock"));
    }

    #[tokio::test]
    async fn a_refusal_is_told_in_the_agents_words() {
        let (_, refused) = greeted(json!({ "refused": { "reason": "another version" } })).await;
        assert_eq!(refused.unwrap_err(), "another version");
        let (_, odd) = greeted(json!({ "hello": 1 })).await;
        assert!(odd.unwrap_err().contains("does not understand"));
    }

    #[tokio::test]
    async fn a_socket_is_roots_and_not_everybodys() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("agent.sock");
        assert!(socket(&place).is_bad());
        let _listener = UnixListener::bind(&place).unwrap();
        let open = |mode| std::fs::set_permissions(&place, std::fs::Permissions::from_mode(mode));
        open(0o666).unwrap();
        assert!(socket(&place).is_bad());
        open(0o660).unwrap();
        let is_root = rustix::process::geteuid().is_root();
        assert_eq!(socket(&place).is_bad(), !is_root);
        assert!(socket(folder.path()).is_bad());
    }
}

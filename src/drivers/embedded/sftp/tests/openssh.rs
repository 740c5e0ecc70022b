//! With the client that most people have.

use russh::keys::ssh_key::LineEnding;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use tokio::process::Command;

use crate::embedded::files::tests::plant;
use crate::embedded::sftp::tests::Server;

struct Answer {
    success: bool,
    out: String,
}

impl Server {
    /// A file beside the webspace, on the client's side.
    fn local(&self, name: &str) -> PathBuf {
        self.bench.dir.path().join(name)
    }

    fn identity(&self) -> PathBuf {
        let path = self.local("identity");
        if !path.exists() {
            plant(path.clone(), b"");
            std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
            plant(
                path.clone(),
                self.key.to_openssh(LineEnding::LF).unwrap().as_bytes(),
            );
        }
        path
    }

    async fn run(mut command: Command) -> Answer {
        let output = command.output().await.unwrap();
        let mut out = String::from_utf8_lossy(&output.stdout).into_owned();
        out.push_str(&String::from_utf8_lossy(&output.stderr));
        Answer {
            success: output.status.success(),
            out,
        }
    }

    async fn batch(&self, identity: &std::path::Path, lines: &str) -> Answer {
        let batch = self.local("batch");
        plant(batch.clone(), lines.as_bytes());
        let mut command = client("/usr/bin/sftp");
        command.arg("-b").arg(batch).arg("-i").arg(identity);
        command
            .arg("-P")
            .arg(self.address.port().to_string())
            .arg("anna@127.0.0.1");
        Self::run(command).await
    }
}

fn client(program: &str) -> Command {
    let mut command = Command::new(program);
    command.args([
        "-F",
        "none",
        "-o",
        "BatchMode=yes",
        "-o",
        "IdentitiesOnly=yes",
    ]);
    command.args([
        "-o",
        "StrictHostKeyChecking=no",
        "-o",
        "UserKnownHostsFile=/dev/null",
    ]);
    command.args(["-o", "LogLevel=ERROR", "-o", "ConnectTimeout=20"]);
    command.env_remove("SSH_AUTH_SOCK").kill_on_drop(true);
    command
}

#[tokio::test]
async fn put_get_rename_list_and_remove_work() {
    let server = Server::new(50_000_000).await;
    let content: Vec<u8> = (0..8_000_000_u32)
        .map(|byte| byte.to_le_bytes()[0])
        .collect();
    plant(server.local("up"), &content);
    let (up, down) = (server.local("up"), server.local("down"));
    let lines = format!(
        "mkdir sub\nput -p {} sub/big\nls -l sub\nget sub/big {}\nrename sub/big sub/moved\n\
         ln -s sub/moved link\n",
        up.display(),
        down.display()
    );
    let answer = server.batch(&server.identity(), &lines).await;
    assert!(!answer.success, "links must be refused: {}", answer.out);
    assert_eq!(std::fs::read(&down).unwrap(), content);
    assert!(answer.out.contains("8000000"), "{}", answer.out);
    assert_eq!(
        std::fs::read(server.bench.disk("sub/moved")).unwrap(),
        content
    );
    assert_eq!(server.bench.used().await, 8_000_000);
    let lines = format!(
        "put {} sub/moved\ndf\ncd sub\npwd\nrm moved\ncd ..\nrmdir sub\nls\n",
        down.display()
    );
    let answer = server.batch(&server.identity(), &lines).await;
    assert!(answer.success, "{}", answer.out);
    assert!(answer.out.contains("/sub"), "{}", answer.out);
    assert!(server.bench.names("").await.is_empty());
    server.bench.nothing_staged().await;
    server.stop().await;
}

#[tokio::test]
async fn an_upload_over_quota_fails_and_leaves_no_partial_file() {
    // 3.13 T6
    let server = Server::new(100_000).await;
    plant(server.local("big"), &vec![1; 100_001]);
    let put = format!("put {} big\n", server.local("big").display());
    let answer = server.batch(&server.identity(), &put).await;
    assert!(!answer.success, "{}", answer.out);
    assert!(server.bench.names("").await.is_empty());
    server.bench.nothing_staged().await;
    assert_eq!(server.bench.used().await, 0);
    server.stop().await;
}

#[tokio::test]
async fn an_interrupted_upload_can_be_continued() {
    let server = Server::new(100_000).await;
    plant(server.bench.disk("part"), &vec![1; 40_000]);
    plant(server.local("whole"), &vec![1; 90_000]);
    let put = format!("reput {} part\n", server.local("whole").display());
    let answer = server.batch(&server.identity(), &put).await;
    assert!(answer.success, "{}", answer.out);
    assert_eq!(
        std::fs::read(server.bench.disk("part")).unwrap(),
        vec![1; 90_000]
    );
    assert_eq!(server.bench.used().await, 90_000);
    server.stop().await;
}

#[tokio::test]
async fn a_foreign_key_is_refused() {
    let server = Server::new(1_000).await;
    let foreign = server.local("foreign");
    let mut keygen = Command::new("/usr/bin/ssh-keygen");
    keygen
        .args(["-q", "-t", "ed25519", "-N", "", "-f"])
        .arg(&foreign);
    assert!(Server::run(keygen).await.success);
    let answer = server.batch(&foreign, "ls\n").await;
    assert!(!answer.success);
    assert!(answer.out.contains("Permission denied"), "{}", answer.out);
    server.stop().await;
}

#[tokio::test]
async fn links_that_lie_there_lead_nowhere() {
    // 3.13 T2
    let server = Server::new(1_000).await;
    plant(server.bench.outside().join("secret"), b"not yours");
    server.bench.link("out", server.bench.outside());
    plant(server.local("up"), b"x");
    let up = server.local("up");
    for line in [
        format!("get out/secret {}", server.local("down").display()),
        format!("put {} out/evil", up.display()),
        "rm out/secret".to_owned(),
        "rename out/secret mine".to_owned(),
        "mkdir out/folder".to_owned(),
        "ls out/secret".to_owned(),
        "chmod 777 out".to_owned(),
    ] {
        let answer = server.batch(&server.identity(), &format!("{line}\n")).await;
        assert!(!answer.success, "{line}: {}", answer.out);
    }
    assert!(!server.local("down").exists());
    let outside = std::fs::read_dir(server.bench.outside()).unwrap().count();
    assert_eq!(outside, 1);
    server.stop().await;
}

#[tokio::test]
async fn there_is_no_shell_and_no_way_through() {
    let server = Server::new(1_000).await;
    for arguments in [
        &["anna@127.0.0.1", "id"][..],
        &["-tt", "anna@127.0.0.1"][..],
    ] {
        let mut ssh = client("/usr/bin/ssh");
        ssh.arg("-i").arg(server.identity());
        ssh.arg("-p")
            .arg(server.address.port().to_string())
            .args(arguments);
        let answer = Server::run(ssh).await;
        assert!(!answer.success, "{}", answer.out);
        assert!(!answer.out.contains("uid="), "{}", answer.out);
    }
    server.stop().await;
}

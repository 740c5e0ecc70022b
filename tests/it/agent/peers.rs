//! Who may speak to the agent: root, and the panel's user. The system says who somebody is.

use crate::agent::node::{Agent, PEER, STRANGER};
use rustix::process::{Gid, Uid};
use serde_json::json;
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use wabe_drivers::agent_link::message::VERSION;

/// What somebody with these numbers hears after their hello, on a thread that is them.
fn hears(socket: PathBuf, user: u32) -> io::Result<usize> {
    let them = std::thread::spawn(move || {
        let (uid, gid) = (Uid::from_raw(user), Gid::from_raw(user));
        rustix::thread::set_thread_groups(&[]).unwrap();
        rustix::thread::set_thread_res_gid(gid, gid, gid).unwrap();
        rustix::thread::set_thread_res_uid(uid, uid, uid).unwrap();
        let mut stream = UnixStream::connect(socket)?;
        let hello = json!({ "hello": { "version": VERSION } }).to_string();
        let length = u32::try_from(hello.len()).unwrap().to_be_bytes();
        // Whoever is hung up on may hear of it while speaking.
        drop(stream.write_all(&[&length[..], hello.as_bytes()].concat()));
        let mut byte = [0; 1];
        stream.read(&mut byte)
    });
    them.join().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_not_the_panels_user_is_hung_up_on() {
    let agent = Agent::new().await;
    let about = std::fs::metadata(agent.socket()).unwrap();
    assert_eq!(about.mode() & 0o777, 0o660);
    assert_eq!(about.uid(), PEER);
    assert_eq!(hears(agent.socket(), PEER).unwrap(), 1);
    let refused = hears(agent.socket(), STRANGER).unwrap_err();
    assert_eq!(refused.kind(), io::ErrorKind::PermissionDenied);
    // Also when the socket lets them in.
    let open = std::fs::Permissions::from_mode(0o666);
    std::fs::set_permissions(agent.socket(), open).unwrap();
    let heard = hears(agent.socket(), STRANGER);
    assert!(
        matches!(&heard, Ok(0)) || heard.is_err(),
        "a stranger heard something: {heard:?}"
    );
    assert_eq!(hears(agent.socket(), PEER).unwrap(), 1);
}

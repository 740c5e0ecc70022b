//! Sessions, request by request.

use russh_sftp::client::error::Error;
use russh_sftp::protocol::{FileAttributes, OpenFlags, Packet, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use wabe_kernel::desired::Wish;

use crate::embedded::files::tests::plant;
use crate::embedded::sftp::session::HANDLES_MAX;
use crate::embedded::sftp::tests::Server;

fn new_file() -> OpenFlags {
    OpenFlags::WRITE | OpenFlags::CREATE | OpenFlags::TRUNCATE
}

fn code<T>(answer: Result<T, Error>) -> (StatusCode, String) {
    match answer {
        Err(Error::Status(status)) => (status.status_code, status.error_message),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it was answered"),
    }
}

fn is(code: StatusCode, text: &str) -> (StatusCode, String) {
    (code, text.to_owned())
}

#[tokio::test]
async fn an_upload_is_seen_by_its_session_at_once_and_by_others_when_it_is_closed() {
    let server = Server::new(1_000).await;
    let (_client, session) = server.session().await;
    let handle = session
        .open("page", new_file(), FileAttributes::empty())
        .await
        .unwrap()
        .handle;
    session.write(&handle, 0, b"hello".to_vec()).await.unwrap();
    assert_eq!(session.stat("/page").await.unwrap().attrs.size, Some(5));
    assert_eq!(session.fstat(&handle).await.unwrap().attrs.size, Some(5));
    assert!(server.bench.names("").await.is_empty());
    let times = FileAttributes {
        mtime: Some(1_000_000_000),
        atime: Some(0),
        ..FileAttributes::empty()
    };
    session.fsetstat(&handle, times).await.unwrap();
    session.close(&handle).await.unwrap();
    assert_eq!(
        session.lstat("page").await.unwrap().attrs.mtime,
        Some(1_000_000_000)
    );
    assert_eq!(server.bench.names("").await, ["page"]);
    server.stop().await;
}

#[tokio::test]
async fn an_upload_of_a_lost_connection_leaves_nothing() {
    // 3.13 T6
    let server = Server::new(1_000).await;
    let (client, session) = server.session().await;
    let handle = session
        .open("page", new_file(), FileAttributes::empty())
        .await
        .unwrap()
        .handle;
    session.write(&handle, 0, vec![0; 900]).await.unwrap();
    drop((client, session));
    let bench = server.stop().await;
    assert!(bench.names("").await.is_empty());
    bench.nothing_staged().await;
    assert_eq!(bench.used().await, 0);
}

#[tokio::test]
async fn errors_have_the_codes_of_the_protocol() {
    let server = Server::new(100).await;
    let (_client, session) = server.session().await;
    let empty = FileAttributes::empty;
    let failure = |text: &str| is(StatusCode::Failure, text);
    assert_eq!(
        code(session.stat("no").await),
        is(StatusCode::NoSuchFile, "No such file")
    );
    let handle = session.open("a", new_file(), empty()).await.unwrap().handle;
    assert_eq!(
        code(session.write(&handle, 0, vec![0; 101]).await),
        failure("Quota exceeded")
    );
    assert_eq!(code(session.close(&handle).await), failure("Not possible"));
    assert_eq!(
        code(session.close(&handle).await),
        failure("No such handle")
    );
    session.mkdir("folder", empty()).await.unwrap();
    assert_eq!(
        code(session.mkdir("folder", empty()).await),
        failure("File exists")
    );
    session.mkdir("folder/x", empty()).await.unwrap();
    assert_eq!(
        code(session.rmdir("folder").await),
        failure("Directory not empty")
    );
    let exclusive = new_file() | OpenFlags::EXCLUDE;
    assert_eq!(
        code(session.open("folder", exclusive, empty()).await),
        failure("File exists")
    );
    let link = is(StatusCode::PermissionDenied, "Links are not supported");
    assert_eq!(code(session.symlink("l", "folder").await), link);
    assert_eq!(code(session.readlink("folder").await), link);
    let answer = session
        .extended("hardlink@openssh.com", Vec::new())
        .await
        .unwrap();
    let Packet::Status(status) = answer else {
        panic!("{answer:?}");
    };
    assert_eq!(status.status_code, StatusCode::OpUnsupported);
    assert_eq!(
        code(session.stat("a\u{0}b").await),
        failure("Name not possible")
    );
    let real = session.realpath("folder/../folder/./x").await.unwrap();
    assert_eq!(real.files[0].filename, "/folder/x");
    assert_eq!(
        session.realpath("../../..").await.unwrap().files[0].filename,
        "/"
    );
    server.stop().await;
}

#[tokio::test]
async fn open_files_are_changed_in_place_within_the_quota() {
    let server = Server::new(10).await;
    plant(server.bench.disk("log"), b"one");
    let (_client, session) = server.session().await;
    let append = OpenFlags::WRITE | OpenFlags::APPEND;
    let handle = session
        .open("log", append, FileAttributes::empty())
        .await
        .unwrap()
        .handle;
    session.write(&handle, 0, b"two".to_vec()).await.unwrap();
    let over = code(session.write(&handle, 0, b"three".to_vec()).await);
    assert_eq!(over, is(StatusCode::Failure, "Quota exceeded"));
    session.fsync(&handle).await.unwrap();
    session.close(&handle).await.unwrap();
    let handle = session
        .open("log", OpenFlags::READ, FileAttributes::empty())
        .await
        .unwrap();
    assert_eq!(
        session.read(&handle.handle, 0, 100).await.unwrap().data,
        b"onetwo"
    );
    assert_eq!(
        code(session.read(&handle.handle, 6, 1).await).0,
        StatusCode::Eof
    );
    let cut = FileAttributes {
        size: Some(2),
        ..FileAttributes::empty()
    };
    session.setstat("log", cut).await.unwrap();
    assert_eq!(server.bench.used().await, 2);
    let room = session.statvfs("/").await.unwrap();
    assert_eq!(room.inodes, 200_000);
    server.stop().await;
}

#[tokio::test]
async fn a_session_ends_when_its_site_is_hidden_or_its_key_is_gone() {
    let mut server = Server::new(1_000).await;
    let (_first, session) = server.session().await;
    session.stat("/").await.unwrap();
    server.bench.index.set(&server.bench.site, Wish::Hidden);
    session.set_timeout(5);
    assert!(session.stat("/").await.is_err());
    server.bench.index.set(&server.bench.site, Wish::Present);
    assert!(
        session.stat("/").await.is_err(),
        "the connection itself is cut"
    );
    let (_second, session) = server.session().await;
    session.set_timeout(5);
    server.bench.site.upload.password_hash = None;
    server.bench.index.set(&server.bench.site, Wish::Present);
    session.stat("/").await.unwrap();
    server.bench.site.upload.keys.clear();
    server.bench.index.set(&server.bench.site, Wish::Present);
    assert!(session.stat("/").await.is_err());
    server.stop().await;
}

#[tokio::test]
async fn an_over_long_packet_ends_the_connection() {
    let server = Server::new(1_000).await;
    let (client, _session) = server.session().await;
    let channel = client.channel_open_session().await.unwrap();
    channel.request_subsystem(true, "sftp").await.unwrap();
    let mut stream = channel.into_stream();
    stream.write_all(&[0xff; 64]).await.unwrap();
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.unwrap();
    assert!(rest.is_empty());
    assert!(client.channel_open_session().await.is_err());
    server.stop().await;
}

#[tokio::test]
async fn what_a_session_may_hold_is_bounded() {
    // 3.15
    let server = Server::new(1_000).await;
    let (client, session) = server.session().await;
    for _ in 0..HANDLES_MAX {
        session.opendir("/").await.unwrap();
    }
    let full = is(StatusCode::Failure, "Too many open files");
    assert_eq!(code(session.opendir("/").await), full);
    let mut channels = Vec::new();
    for _ in 0..3 {
        channels.push(client.channel_open_session().await.unwrap());
    }
    assert!(client.channel_open_session().await.is_err());
    server.stop().await;
}

#[tokio::test]
async fn nothing_but_sftp_is_served() {
    let server = Server::new(1_000).await;
    let (client, _session) = server.session().await;
    assert!(
        client
            .channel_open_direct_tcpip("127.0.0.1", 22, "127.0.0.1", 1)
            .await
            .is_err()
    );
    assert!(client.tcpip_forward("127.0.0.1", 0).await.is_err());
    let mut channel = client.channel_open_session().await.unwrap();
    channel.request_subsystem(true, "shell").await.unwrap();
    assert!(matches!(
        channel.wait().await,
        Some(russh::ChannelMsg::Failure)
    ));
    let mut channel = client.channel_open_session().await.unwrap();
    channel.exec(true, "id").await.unwrap();
    assert!(matches!(
        channel.wait().await,
        Some(russh::ChannelMsg::Failure)
    ));
    channel.request_shell(true).await.unwrap();
    assert!(matches!(
        channel.wait().await,
        Some(russh::ChannelMsg::Failure)
    ));
    server.stop().await;
}

//! Messages that carry handles.

use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::io::Errno;
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, ReturnFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};
use std::io::{IoSlice, IoSliceMut};
use std::mem::MaybeUninit;

/// The most handles of one message.
const HANDLES_MAX: usize = 4;

/// Sends these bytes with these handles, of which there are at most four.
///
/// # Errors
/// What the system says; `INVAL` for too many handles.
pub fn send(to: impl AsFd, bytes: &[u8], handles: &[BorrowedFd<'_>]) -> Result<(), Errno> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(HANDLES_MAX))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !handles.is_empty() && !control.push(SendAncillaryMessage::ScmRights(handles)) {
        return Err(Errno::INVAL);
    }
    loop {
        let sent = sendmsg(
            &to,
            &[IoSlice::new(bytes)],
            &mut control,
            SendFlags::NOSIGNAL,
        );
        match sent {
            Err(Errno::INTR) => {}
            Ok(sent) if sent == bytes.len() => return Ok(()),
            Ok(_part) => return Err(Errno::MSGSIZE),
            Err(errno) => return Err(errno),
        }
    }
}

/// Receives at most as many bytes as there is room for; how many, and the handles that came with them.
///
/// # Errors
/// What the system says; `MSGSIZE` when more was sent than there is room for.
pub fn receive(from: impl AsFd, room: &mut [u8]) -> Result<(usize, Vec<OwnedFd>), Errno> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(HANDLES_MAX))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let came = loop {
        let mut parts = [IoSliceMut::new(room)];
        match recvmsg(&from, &mut parts, &mut control, RecvFlags::CMSG_CLOEXEC) {
            Err(Errno::INTR) => {}
            came => break came?,
        }
    };
    let mut handles = Vec::new();
    for one in control.drain() {
        if let RecvAncillaryMessage::ScmRights(came) = one {
            handles.extend(came);
        }
    }
    if came
        .flags
        .intersects(ReturnFlags::TRUNC | ReturnFlags::CTRUNC)
    {
        return Err(Errno::MSGSIZE);
    }
    Ok((came.bytes, handles))
}

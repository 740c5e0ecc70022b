//! Who decides whether somebody may try to log in where the panel's own pages are not.

use crate::Secret;
use crate::desired::Working;
use crate::id::WebspaceId;
use std::net::IpAddr;

/// A password that somebody gave over SFTP.
#[derive(Debug, Clone, Copy)]
pub struct UploadAttempt<'a> {
    /// What was typed as a login.
    pub login: &'a str,
    /// The webspace that the login opens; nothing when it opens none.
    pub webspace: Option<WebspaceId>,
    /// The hash of the webspace's password. Another password is another way in, with a counter of its own.
    pub hash: Option<&'a str>,
    /// From where.
    pub address: IpAddr,
    /// What was typed as a password.
    pub secret: &'a Secret,
}

/// Decides whether an SFTP login may proceed; the rules of portal logins hold here too.
pub trait LoginGuard: Send + Sync + 'static {
    /// Counts an attempt before it is checked; true when it may be checked at all. The same wrong secret
    /// repeated counts once.
    fn may_check<'a>(&'a self, attempt: UploadAttempt<'a>) -> Working<'a, bool>;
    /// Notes how an attempt ended that might be checked. A right one was no guess.
    fn ended<'a>(&'a self, attempt: UploadAttempt<'a>, success: bool) -> Working<'a, ()>;
}

//! One SSH connection: who is it, and nothing but `sftp` for them.

use russh::server::Session as Ssh;
use russh::server::{Auth, ChannelOpenHandle, Handler, Msg, PublicKeyOffer, VerifiedPublicKey};
use russh::{Channel, ChannelId, Error, Pty};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio_util::sync::CancellationToken;
use wabe_kernel::Secret;
use wabe_kernel::content::UploadAttempt;
use wabe_kernel::desired::Webspace;

use crate::embedded::sftp::credential::{Entrance, Proof, matching_key, open_site};
use crate::embedded::sftp::crowd::Guest;
use crate::embedded::sftp::session::Session;
use crate::embedded::sftp::{Shared, methods};

/// Passwords and signatures checked per connection.
const ATTEMPTS_MAX: u32 = 3;
/// Channels open at the same time; clients that copy several files at once use a few.
const CHANNELS_MAX: usize = 4;
/// Longer names are nobody's and are not noted.
const LOGIN_MAX: usize = 128;

pub(super) struct Connection {
    shared: Arc<Shared>,
    guest: Arc<Guest>,
    cut: CancellationToken,
    /// Tells that the login is over.
    entered: Option<oneshot::Sender<()>>,
    entrance: Option<Entrance>,
    attempts: u32,
    channels: Arc<Semaphore>,
    /// Opened, and not yet told what for.
    waiting: HashMap<ChannelId, (Channel<Msg>, OwnedSemaphorePermit)>,
}

impl Connection {
    pub(super) fn new(
        shared: Arc<Shared>,
        guest: Arc<Guest>,
        cut: CancellationToken,
        entered: oneshot::Sender<()>,
    ) -> Self {
        Self {
            shared,
            guest,
            cut,
            entered: Some(entered),
            entrance: None,
            attempts: 0,
            channels: Arc::new(Semaphore::new(CHANNELS_MAX)),
            waiting: HashMap::new(),
        }
    }

    /// Errors: ends the connection after too many attempts.
    fn count_attempt(&mut self) -> Result<(), Error> {
        self.attempts = self.attempts.saturating_add(1);
        if self.attempts > ATTEMPTS_MAX {
            return Err(Error::Disconnect);
        }
        Ok(())
    }

    fn admit(&mut self, site: &Webspace, proof: Proof) -> Auth {
        if !self.guest.log_in(&site.upload.login) {
            return refused();
        }
        let method = match &proof {
            Proof::Password(_) => "password",
            Proof::Key(_) => "key",
        };
        tracing::info!(webspace.id = %site.id, method, "sftp: logged in");
        self.entrance = Some(Entrance {
            web: site.id,
            login: site.upload.login.clone(),
            proof,
        });
        Auth::Accept
    }

    async fn password(&mut self, login: &str, password: Secret) -> Auth {
        let site = open_site(&*self.shared.index, login);
        let hash = site
            .as_ref()
            .and_then(|site| site.upload.password_hash.clone());
        let attempt = UploadAttempt {
            login,
            webspace: site.as_ref().map(|site| site.id),
            hash: hash.as_deref(),
            address: self.guest.address(),
            secret: &password,
        };
        let noted = login.len() <= LOGIN_MAX;
        // Counted before it is checked, so that parallel guesses cannot get past the limit.
        let may_check = noted && self.shared.guard.may_check(attempt).await;
        let right = self
            .shared
            .passwords
            .verify(hash.clone().filter(|_| may_check), password.clone())
            .await;
        if may_check {
            self.shared.guard.ended(attempt, right).await;
        }
        // Asked again: the wish may have changed while the password was verified.
        let still = open_site(&*self.shared.index, login);
        match (still, hash) {
            (Some(site), Some(hash))
                if right && site.upload.password_hash.as_ref() == Some(&hash) =>
            {
                self.admit(&site, Proof::Password(hash))
            }
            _ => refused(),
        }
    }

    fn refuse(channel: ChannelId, ssh: &mut Ssh) -> Result<(), Error> {
        ssh.channel_failure(channel)
    }
}

/// One answer for every refusal.
fn refused() -> Auth {
    Auth::Reject {
        proceed_with_methods: Some(methods()),
        partial_success: false,
    }
}

impl Handler for Connection {
    type Error = Error;

    async fn auth_none(&mut self, _login: &str) -> Result<Auth, Error> {
        Ok(refused())
    }

    async fn auth_password(&mut self, login: &str, password: &str) -> Result<Auth, Error> {
        self.count_attempt()?;
        Ok(Box::pin(self.password(login, Secret::new(password))).await)
    }

    async fn auth_publickey_offered(
        &mut self,
        login: &str,
        offer: PublicKeyOffer<'_>,
    ) -> Result<Auth, Error> {
        let known = open_site(&*self.shared.index, login)
            .is_some_and(|site| matching_key(&site.upload, offer.public_key).is_some());
        Ok(if known { Auth::Accept } else { refused() })
    }

    async fn auth_publickey(
        &mut self,
        login: &str,
        key: VerifiedPublicKey<'_>,
    ) -> Result<Auth, Error> {
        self.count_attempt()?;
        let Some(site) = open_site(&*self.shared.index, login) else {
            return Ok(refused());
        };
        let Some(line) = matching_key(&site.upload, key.public_key) else {
            return Ok(refused());
        };
        Ok(self.admit(&site, Proof::Key(line.clone())))
    }

    async fn auth_succeeded(&mut self, _ssh: &mut Ssh) -> Result<(), Error> {
        if self
            .entered
            .take()
            .is_some_and(|entered| entered.send(()).is_err())
        {
            tracing::debug!("sftp: logged in too late");
        }
        Ok(())
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _ssh: &mut Ssh,
    ) -> Result<(), Error> {
        // A reply that is dropped refuses.
        if self.entrance.is_some()
            && let Ok(place) = Arc::clone(&self.channels).try_acquire_owned()
        {
            self.waiting.insert(channel.id(), (channel, place));
            reply.accept().await;
        }
        Ok(())
    }

    async fn channel_close(&mut self, channel: ChannelId, _ssh: &mut Ssh) -> Result<(), Error> {
        self.waiting.remove(&channel);
        Ok(())
    }

    async fn subsystem_request(
        &mut self,
        id: ChannelId,
        name: &str,
        ssh: &mut Ssh,
    ) -> Result<(), Error> {
        let channel = self.waiting.remove(&id).filter(|_| name == "sftp");
        let Some(((channel, place), entrance)) = channel.zip(self.entrance.clone()) else {
            return Self::refuse(id, ssh);
        };
        ssh.channel_success(id)?;
        let session = Session::new(Arc::clone(&self.shared), entrance);
        let (cut, client, guest) = (self.cut.clone(), ssh.handle(), Arc::clone(&self.guest));
        self.shared.tasks.spawn(async move {
            let mut stream = channel.into_stream();
            Box::pin(session.run(&mut stream, cut)).await;
            if client.exit_status_request(id, 0).await.is_err() {
                tracing::debug!("sftp: the client was gone before its session ended");
            }
            drop((place, guest));
        });
        Ok(())
    }

    async fn shell_request(&mut self, channel: ChannelId, ssh: &mut Ssh) -> Result<(), Error> {
        Self::refuse(channel, ssh)
    }

    async fn exec_request(
        &mut self,
        channel: ChannelId,
        _command: &[u8],
        ssh: &mut Ssh,
    ) -> Result<(), Error> {
        Self::refuse(channel, ssh)
    }

    async fn pty_request(
        &mut self,
        channel: ChannelId,
        _term: &str,
        _columns: u32,
        _rows: u32,
        _width: u32,
        _height: u32,
        _modes: &[(Pty, u32)],
        ssh: &mut Ssh,
    ) -> Result<(), Error> {
        Self::refuse(channel, ssh)
    }

    async fn x11_request(
        &mut self,
        channel: ChannelId,
        _single: bool,
        _protocol: &str,
        _cookie: &str,
        _screen: u32,
        ssh: &mut Ssh,
    ) -> Result<(), Error> {
        Self::refuse(channel, ssh)
    }

    async fn env_request(
        &mut self,
        channel: ChannelId,
        _name: &str,
        _value: &str,
        ssh: &mut Ssh,
    ) -> Result<(), Error> {
        Self::refuse(channel, ssh)
    }
}

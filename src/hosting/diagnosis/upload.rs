//! "Why can I not upload?" The login over SFTP of a webspace.

use crate::diagnosis::{Diagnosis, Finding, Way, standing};
use crate::webspace::{self, Webspace};
use wabe_access::command::House;
use wabe_access::{Refusal, Scope};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{Secret, Timestamp};
use wabe_store::Tx;

/// What the tables say about the ways into a webspace.
pub struct UploadQuestion {
    web: Webspace,
    password_hash: Option<Secret>,
    keys: usize,
}

impl UploadQuestion {
    /// Reads what the tables say.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, or a fault.
    pub async fn load(
        tx: &mut Tx,
        scope: &Scope,
        id: WebspaceId,
        house: &House,
    ) -> Result<Self, Refusal> {
        let web = webspace::load(tx, scope, id, house).await?;
        let keys = webspace::access_keys(tx, scope, id).await?.len();
        let password_hash = webspace::store::password_hash(tx, scope.customer(), id).await?;
        Ok(Self {
            web,
            password_hash,
            keys,
        })
    }

    /// The webspace that it is about.
    #[must_use]
    pub const fn webspace(&self) -> &Webspace {
        &self.web
    }

    /// The hash of its upload password: with another one, tries are counted anew.
    #[must_use]
    pub const fn password_hash(&self) -> Option<&Secret> {
        self.password_hash.as_ref()
    }

    /// Says what follows; `closed_until` is until when the login is not checked at all.
    #[must_use]
    pub fn answer(&self, closed_until: Option<Timestamp>) -> Diagnosis {
        let object = self.web.id.to_string();
        let mut found = vec![standing::standing(&self.web.standing, &object)];
        found.push(match closed_until {
            Some(until) => Finding::bad("upload-locked").at(until),
            None => Finding::good("upload-open"),
        });
        found.push(match (self.web.has_upload_password, self.keys) {
            (false, 0) => Finding::bad("upload-no-way").mend(Way::Access, &object),
            (false, keys) => {
                let only = Finding::note("upload-keys-only").with("count", &keys);
                only.mend(Way::Access, &object)
            }
            (true, _) => Finding::good("upload-password"),
        });
        let facts = Finding::good("upload-facts").with("login", &self.web.sftp_login);
        found.push(facts.with("server", &self.web.sftp));
        Diagnosis::of(found)
    }
}

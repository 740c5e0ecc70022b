//! `webspace.protect_folder` and `webspace.unprotect_folder`: passwords for folders of a site.
//!
//! Neither is taken back: the password is known to nobody here.

use crate::webspace::model::Webspace;
use crate::webspace::rule_store;
use crate::webspace::set_rules::needs_nginx;
use crate::webspace::set_site::{after, before};
use wabe_access::command::Preparing;
use wabe_access::{Command, Door, Permission, Refusal};
use wabe_kernel::id::WebspaceId;
use wabe_kernel::{Fault, FolderKey, FolderUser, FolderVerifier, Problem, RelPath, Secret, fields};

/// The most keys of one webspace.
const KEYS_MAX: usize = 50;

fields! {
    /// Lets somebody with a password into a folder, and nobody without one any more. Who has one there already gets
    /// another.
    pub struct ProtectFolder {
        /// Which webspace.
        pub id: WebspaceId,
        /// The folder, beneath the document root; the whole site when absent.
        pub folder: Option<RelPath>,
        /// Who: letters, digits, dots, hyphens and underscores.
        pub user: FolderUser,
        /// Their password.
        pub password: Secret,
    }
    prepared {
        /// What the server verifies the password with.
        verifier: Option<FolderVerifier>,
    }
}

impl Command for ProtectFolder {
    const NAME: &'static str = "webspace.protect_folder";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    const PREPARES: bool = true;
    type Output = Webspace;

    async fn prepare(&mut self, with: &Preparing<'_>) -> Result<(), Refusal> {
        let user = self.user.to_string();
        let checked = with.tools.hashing.check(&self.password, &[&user]);
        checked.map_err(|problem| Refusal::field("password", problem))?;
        // A few milliseconds, where argon2 takes hundreds.
        self.verifier = Some(FolderVerifier::of(&self.password, with.tools.rng.as_ref()));
        Ok(())
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<Webspace, Refusal> {
        let (customer, was) = (door.customer(), before(door, self.id).await?);
        needs_nginx(door, "folder")?;
        let folder = self.folder.clone().unwrap_or_default();
        let unfit = |name: &String| name.starts_with('.') || name.contains('$');
        if folder.names().iter().any(unfit) {
            let problem = Problem::new("folder-not-protectable");
            return Err(Refusal::field("folder", problem));
        }
        let missing = Fault::new("a folder without a verifier");
        let verifier = self.verifier.clone().ok_or(missing)?;
        let mut keys = rule_store::rules(door.tx(), customer, self.id).await?.keys;
        keys.retain(|key| key.folder != folder || key.user != self.user);
        if keys.len() >= KEYS_MAX {
            let problem = Problem::new("too-many").with("max", KEYS_MAX);
            return Err(Refusal::field("user", problem));
        }
        keys.push(FolderKey {
            folder,
            user: self.user.clone(),
            verifier,
        });
        rule_store::set_keys(door.tx(), (customer, self.id), &keys).await?;
        after(door, &was).await
    }
}

fields! {
    /// Lets somebody into a folder no more. With the last of them, everybody may come in again.
    pub struct UnprotectFolder {
        /// Which webspace.
        pub id: WebspaceId,
        /// The folder, beneath the document root; the whole site when absent.
        pub folder: Option<RelPath>,
        /// Who.
        pub user: FolderUser,
    }
}

impl Command for UnprotectFolder {
    const NAME: &'static str = "webspace.unprotect_folder";
    const PERMISSION: Permission = Permission::WebspaceWrite;
    type Output = Webspace;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Webspace, Refusal> {
        let (customer, was) = (door.customer(), before(door, self.id).await?);
        let folder = self.folder.clone().unwrap_or_default();
        let mut keys = rule_store::rules(door.tx(), customer, self.id).await?.keys;
        let count = keys.len();
        keys.retain(|key| key.folder != folder || key.user != self.user);
        if keys.len() == count {
            return Err(Refusal::field("user", Problem::new("no-such-folder-user")));
        }
        rule_store::set_keys(door.tx(), (customer, self.id), &keys).await?;
        after(door, &was).await
    }
}

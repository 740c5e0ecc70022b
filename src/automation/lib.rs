//! Automation: plugins that customers install, grant rights, and watch.
//!
//! # What is here, and how pages and the API use it
//!
//! **Commands**, all through the gate ([`COMMANDS`]):
//!
//! | command | who | what |
//! |---|---|---|
//! | `plugin.upload` | operator | checks signature and component, compiles it; waits for review |
//! | `plugin.release` | privacy officer, not the uploader | customers may install it; sets the ceiling |
//! | `plugin.withdraw` | operator | ends a version everywhere, at once |
//! | `trusted_key.add`, `trusted_key.remove` | operator | whose signatures count |
//! | `installation.create` | owner, administrator; fresh proof | installs and grants |
//! | `installation.set_capabilities` | as before | grants anew; what is gone is gone at once |
//! | `installation.set_settings` | owner, administrator | by the plugin's schema; can be undone |
//! | `installation.set_secret` | fresh proof | `@webhook` makes a new password, shown once |
//! | `installation.pause`, `.resume` | owner, administrator | each undoes the other |
//! | `installation.approve_update` | fresh proof | agrees to a version that asks for more |
//! | `installation.rollback` | owner, administrator | back to the version before |
//! | `installation.delete` | fresh proof | what it kept can be downloaded for 14 days |
//! | `run.retry`, `run.replay` | owner, administrator | another run, which begins at once |
//! | `run.release` | fresh proof | lets the author see a recording |
//! | `plan.set_run_limits` | operator | what runs may use under a plan |
//! | `plugin_message.send` | plugins alone | mail and notice to whoever sees plugins |
//! | `installation.update`, `run.finish` | the panel alone | |
//!
//! **Reads**, each with a `Scope`: [`plugin::catalogue`], [`plugin::catalogue_entry`],
//! [`installation::list`], [`installation::load`] (with [`installation::Installed::rights`],
//! `difference()` of a waiting update and `missing_secrets()`), [`installation::upcoming`],
//! [`installation::export::document`] and `list`, [`run::list`] (by installation, state, trigger),
//! [`run::load`] (effects as before and after, log, closest limit), [`run::counts`],
//! [`run::usage::list`], [`run::recording::load`]. For staff: [`plugin::versions`], [`plugin::load`],
//! [`plugin::package`], [`plugin::of_package`], [`plugin::compiled`], [`plugin::installations`],
//! [`trusted_key::list`], [`plugin::released_recordings`], [`run::recording::load_released`],
//! [`run::of_plan`].
//!
//! **Live**: the news name `run_…` and `ins_…` whenever one of them moves on.
//!
//! **The engine** ([`Engine`]) runs plugins. It stands on what `panel` gives it in [`engine::Parts`]:
//! a [`engine::Sandbox`], a [`engine::Fetch`], the files of webspaces; and through the gate's tools on
//! a [`Desk`]: a [`desk::Workshop`] that compiles, the key of the secrets, and [`engine::Records`].
//! Its entries: [`Engine::run`] (the loop), [`Engine::receive`] (webhooks), [`Engine::render`],
//! [`Engine::card`] and [`Engine::submit`] (forms), [`Engine::describe`] and [`Engine::act`]
//! (tickets), [`Engine::dry_run`], [`Engine::purge`] (by a schedule), [`engine::quota_reached`]
//! (where people are told about quotas).
//!
//! # Invariants
//!
//! A plugin changes nothing by itself: it returns effects, and each is a command of its customer. It may
//! what the hoster's ceiling, its manifest and the customer's grant allow all three, never more than
//! whoever granted it may at that moment, and never what needs a proof of a person. Rights that are
//! taken back are gone at once, also from runs under way. Secrets are sealed and never shown; they
//! stand in no recording and no log. A run's effects, what it keeps and its end are one transaction.

pub mod desk;
pub mod effect;
pub mod engine;
mod field;
mod flaws;
pub mod installation;
pub mod message;
mod packed;
pub mod plugin;
pub mod run;
pub mod trusted_key;

pub use desk::Desk;
pub use effect::may_be_effect;
pub use engine::Engine;
pub use field::{Chosen, Granted, PackageFile, Prose};

use wabe_access::CommandSpec;
use wabe_store::Statement;

/// The commands of this room.
pub const COMMANDS: &[CommandSpec] = &[
    CommandSpec::of::<plugin::UploadPlugin>(),
    CommandSpec::of::<plugin::ReleasePlugin>(),
    CommandSpec::of::<plugin::WithdrawPlugin>(),
    CommandSpec::of::<trusted_key::AddTrustedKey>(),
    CommandSpec::of::<trusted_key::RemoveTrustedKey>(),
    CommandSpec::of::<installation::CreateInstallation>(),
    CommandSpec::of::<installation::SetCapabilities>(),
    CommandSpec::of::<installation::SetSettings>(),
    CommandSpec::of::<installation::SetSecret>(),
    CommandSpec::of::<installation::PauseInstallation>(),
    CommandSpec::of::<installation::ResumeInstallation>(),
    CommandSpec::of::<installation::UpdateInstallation>(),
    CommandSpec::of::<installation::ApproveUpdate>(),
    CommandSpec::of::<installation::RollBack>(),
    CommandSpec::of::<installation::DeleteInstallation>(),
    CommandSpec::of::<run::RetryRun>(),
    CommandSpec::of::<run::ReplayRun>(),
    CommandSpec::of::<run::ReleaseRun>(),
    CommandSpec::of::<run::FinishRun>(),
    CommandSpec::of::<run::SetRunLimits>(),
    CommandSpec::of::<message::SendMessage>(),
];

/// Every statement of this room, for the test that prepares them on both engines.
#[must_use]
pub fn statements() -> Vec<Statement> {
    [
        plugin::store::STATEMENTS,
        trusted_key::store::STATEMENTS,
        installation::store::STATEMENTS,
        installation::standing::STATEMENTS,
        installation::secret::STATEMENTS,
        installation::schedule::STATEMENTS,
        installation::kv::STATEMENTS,
        installation::export::STATEMENTS,
        run::store::STATEMENTS,
        run::finish::STATEMENTS,
        run::usage::STATEMENTS,
        run::recording::STATEMENTS,
        run::read::STATEMENTS,
        run::purge::STATEMENTS,
    ]
    .concat()
}

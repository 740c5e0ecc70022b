//! What the commands of this room work with beyond the gate's own tools.

use std::sync::Arc;
use wabe_access::CommandSpec;
use wabe_access::command::Tools;
use wabe_audit::seal::SealKey;
use wabe_kernel::Fault;
use wabe_kernel::desired::Working;
use wabe_kernel::id::UserId;
use wabe_package::Flaw;
use wabe_package::compiled::Compiled;
use wabe_store::Tx;

use crate::effect::may_be_effect;
use crate::engine::Records;

/// Why a component was not compiled.
#[derive(Debug)]
pub enum NotCompiled {
    /// It is not a component for this engine, or too large.
    Unfit(Vec<Flaw>),
    /// Too many are compiled at once; try again after so many seconds.
    Busy(u32),
    /// The machine failed.
    Fault(Fault),
}

/// Checks components and turns them into machine code, in a process of its own.
pub trait Workshop: Send + Sync + 'static {
    /// Compiles a component for the engine of now and keeps the artifact; doing it twice is cheap.
    fn compile<'a>(&'a self, component: &'a [u8]) -> Working<'a, Result<Compiled, NotCompiled>>;
}

/// Knows people, whom the hoster may shut out while they stay members.
pub trait People: Send + Sync + 'static {
    /// Whether somebody is shut out at this moment.
    fn is_disabled<'a>(&'a self, tx: &'a mut Tx, user: UserId) -> Working<'a, Result<bool, Fault>>;
}

/// Given to the commands through [`wabe_access::command::Rooms`].
pub struct Desk {
    /// Compiles what is uploaded.
    pub workshop: Arc<dyn Workshop>,
    /// Seals secrets; its key lies in the data folder.
    pub secrets: Arc<SealKey>,
    /// What plugins may read.
    pub records: Arc<dyn Records>,
    /// Who stands for the rights of an installation.
    pub people: Arc<dyn People>,
    /// Every command of the panel: what effects may be.
    pub commands: Vec<CommandSpec>,
    /// Whether packages without a signature by a trusted key are taken.
    pub unsigned: bool,
    /// The largest component, in bytes.
    pub component_max: usize,
}

impl Desk {
    /// The desk that was put into the tools.
    ///
    /// # Errors
    /// A fault when the wiring forgot it.
    pub fn of(tools: &Tools) -> Result<&Self, Fault> {
        tools.rooms.get()
    }

    /// The command of this name, when effects may be it.
    #[must_use]
    pub fn effect(&self, command: &str) -> Option<&CommandSpec> {
        let found = self.commands.iter().find(|spec| spec.name == command);
        found.filter(|spec| may_be_effect(spec))
    }
}

//! `ticket.keep_run`: what a plugin found at a ticket, and what it changed, as parts of the conversation.

use crate::action::KeepAction;
use crate::ticket::model::{Status, Ticket};
use crate::ticket::{message, store, tell};
use serde_json::json;
use wabe_access::gate::Made;
use wabe_access::{
    ActorKind, Authority, Command, Door, Permission, Refusal, StaffRole, instruction, member,
};
use wabe_kernel::fields;
use wabe_kernel::id::{InstallationId, RunId, TicketId, UserId};
use wabe_kernel::mask::mask;

/// The most characters of what a plugin found that a conversation keeps.
const TEXT_MAX: usize = 10_000;

/// What a plugin was asked to do at a ticket, and what became of it.
#[derive(Debug, Clone)]
pub struct RunFound {
    /// Who of the hoster asked.
    pub by: UserId,
    /// The id of the thing that they asked about.
    pub object: String,
    /// The run.
    pub run: RunId,
    /// The installation that ran.
    pub installation: InstallationId,
    /// What its plugin is called.
    pub plugin: String,
    /// What it says.
    pub text: String,
}

fields! {
    /// Writes what a plugin found into the conversation, with what it changed in the same transaction. The
    /// panel's own.
    pub struct KeepRun {
        /// In which ticket.
        pub id: TicketId,
    }
    prepared {
        /// What is written down.
        found: Option<Box<RunFound>>,
    }
}

impl KeepRun {
    /// What a run found, as a command that passes behind its effects.
    #[must_use]
    pub fn of(id: TicketId, found: RunFound) -> Self {
        let found = Some(Box::new(found));
        Self { id, found }
    }
}

/// Refuses what nothing carries any more: the act stood on an instruction of a member who may have
/// plugins act, and on the work of an employee.
async fn stands(door: &mut Door<'_>, id: TicketId, found: &RunFound) -> Result<(), Refusal> {
    let place = (door.customer(), id);
    let given = instruction::in_force(door.tx(), place, Permission::AutomationWrite).await?;
    let mut about = given.iter().filter(|given| given.object == found.object);
    let Some(first) = about.next() else {
        return Err(Refusal::Conflict("not-instructed"));
    };
    // Whoever asked for it as a member does not set a plugin to work on it as staff.
    if first.given_by == found.by && about.all(|given| given.given_by == found.by) {
        return Err(Refusal::Conflict("own-instruction"));
    }
    // People of the hoster belong to no customer.
    door.tx().unscope().await?;
    let roles = member::staff_roles(door.tx(), found.by).await;
    door.tx().rescope().await?;
    let works = |role: &StaffRole| role.permissions().contains(&Permission::TicketWork);
    if roles?.iter().any(works) {
        Ok(())
    } else {
        Err(Refusal::Forbidden)
    }
}

/// Writes the changes of the run behind what it found, and tells whoever asked for them.
async fn changes(
    door: &mut Door<'_>,
    ticket: &Ticket,
    (by, made): (UserId, &[Made]),
) -> Result<(), Refusal> {
    for made in made {
        message::note_action(door, ticket.id, (by, made.change)).await?;
        tell::acted(door, ticket, made).await?;
    }
    Ok(())
}

impl Command for KeepRun {
    const NAME: &'static str = "ticket.keep_run";
    const PERMISSION: Permission = KeepAction::PERMISSION;
    const AUTHORITY: Authority = Authority::Ticket;
    type Output = ();

    fn ticket(&self) -> Option<TicketId> {
        Some(self.id)
    }

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let (ActorKind::System, Some(found)) = (door.actor().kind, &self.found) else {
            return Err(Refusal::Forbidden);
        };
        stands(door, self.id, found).await?;
        let made = door.made().iter();
        let made: Vec<Made> = made
            .filter(|one| one.instruction.is_some())
            .cloned()
            .collect();
        // What was asked about another thing is no business of an act on this one.
        if made.iter().any(|one| one.object != found.object) {
            return Err(Refusal::Conflict("not-this-thing"));
        }
        let (customer, now) = (door.customer(), door.now());
        let mut ticket = store::find(door.tx(), customer, self.id).await?;
        // Whoever works on a ticket that is nobody's has it from then on.
        if ticket.owner.is_none() {
            ticket.owner = Some(found.by);
            ticket.turn(Status::Open, now);
        }
        ticket.last_activity_at = now;
        let text: String = mask(&found.text).text.chars().take(TEXT_MAX).collect();
        let said = message::RunSaid {
            run: found.run,
            plugin: &found.plugin,
            text: &text,
        };
        message::note_run(door, self.id, (found.by, said)).await?;
        changes(door, &ticket, (found.by, &made)).await?;
        store::update(door.tx(), &ticket).await?;
        let done = json!({
            "id": self.id, "object": found.object, "run": found.run,
            "installation": found.installation, "plugin": found.plugin,
        });
        door.record(ticket.object(), json!({ "id": self.id }), done);
        Ok(())
    }
}

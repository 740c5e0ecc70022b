//! What can be done in a ticket now.

use crate::action::is_action;
use crate::ticket::{TicketObject, queue};
use schemars::JsonSchema;
use serde::Serialize;
use wabe_access::command::House;
use wabe_access::instruction::{self, Instruction};
use wabe_access::resource::Resource;
use wabe_access::{CommandSpec, InTickets, Permission, Refusal, Scope, consent, member, resource};
use wabe_kernel::id::{ConsentId, CustomerId, InstructionId, TicketId};
use wabe_kernel::{State, Timestamp};
use wabe_store::Tx;

/// A ticket action that an instruction covers.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Offered {
    /// The command.
    pub command: &'static str,
    /// The id of the thing that it would be about.
    pub object: String,
    /// What kind of thing that is.
    pub object_kind: String,
    /// What people call it.
    pub object_name: String,
    /// What else the command wants to know.
    pub fields: Vec<&'static str>,
    /// The instruction that it stands on.
    pub instruction: InstructionId,
    /// Whether an instruction is not enough: whoever runs the customer consents to such acts first.
    pub needs_consent: bool,
    /// The consent that it stands on besides; absent while nobody has given one.
    pub consent: Option<ConsentId>,
    /// Whether it makes a secret, which waits for the customer's people in the ticket.
    #[serde(skip)]
    pub makes_secret: bool,
}

impl Offered {
    fn of(spec: &CommandSpec, given: &Instruction, consent: Option<ConsentId>) -> Self {
        let fields = spec.fields.iter().copied();
        let needs_consent = spec.in_tickets == InTickets::Consented;
        Self {
            command: spec.name,
            object: given.object.clone(),
            object_kind: given.object_kind.clone(),
            object_name: given.object_name.clone(),
            fields: fields.filter(|name| *name != "id").collect(),
            instruction: given.id,
            needs_consent,
            consent: consent.filter(|_| needs_consent),
            makes_secret: spec.hands_over,
        }
    }
}

/// What somebody asked about, as it is now.
enum Thing {
    /// A member's login.
    Login,
    /// Everything else.
    Resource(Resource),
}

impl Thing {
    /// Nothing when it is not there any more.
    async fn of(
        tx: &mut Tx,
        customer: CustomerId,
        given: &Instruction,
    ) -> Result<Option<Self>, Refusal> {
        if let Ok(id) = given.object.parse() {
            let found = member::find(tx, customer, id).await?;
            return Ok(found.map(|_member| Self::Login));
        }
        match resource::load(tx, customer, &given.object).await {
            Ok(found) => Ok(Some(Self::Resource(found))),
            Err(Refusal::NotFound) => Ok(None),
            Err(refusal) => Err(refusal),
        }
    }

    /// Whether an act means anything for it: what lies in the trash can be restored and nothing else, and
    /// only what failed can be tried again, and what is on is not switched on.
    fn fits(&self, verb: &str) -> bool {
        let Self::Resource(found) = self else {
            return true;
        };
        match (verb, found.deleted_at) {
            ("restore", deleted) => deleted.is_some(),
            ("retry", None) => found.state == State::Failed,
            ("suspend", None) => found.suspended_reason.is_none(),
            // What the hoster switched off is not switched on for a customer.
            ("resume", None) => found.suspended_reason.is_some() && !found.suspended_by_hoster,
            (_, deleted) => deleted.is_none(),
        }
    }
}

/// Whether a command is about things of this kind. Whose a login is, is a user.
fn is_about(spec: &CommandSpec, kind: &str) -> bool {
    match kind {
        TicketObject::LOGIN => spec.noun() == "user",
        kind => spec.noun() == kind,
    }
}

/// The actions that a ticket's instructions allow now, for things as they are; also those that somebody has
/// to consent to before, which come last.
///
/// # Errors
/// `Forbidden`, `NotFound`, or a fault.
pub async fn offered(
    tx: &mut Tx,
    scope: &Scope,
    (commands, house): (&[CommandSpec], &House),
    (ticket, now): (TicketId, Timestamp),
) -> Result<Vec<Offered>, Refusal> {
    scope.needs(Permission::TicketWork)?;
    let customer = queue::load(tx, scope, ticket).await?.customer_id;
    let consent = match consent::acts(tx, (customer, ticket), now).await {
        Ok(consent) => Some(consent),
        Err(Refusal::Conflict(_)) => None,
        Err(refusal) => return Err(refusal),
    };
    let mut offered: Vec<Offered> = Vec::new();
    let possible = |spec: &&CommandSpec| is_action(spec) && (spec.possible)(house);
    for spec in commands.iter().filter(possible) {
        let given = instruction::in_force(tx, (customer, ticket), spec.permission).await;
        let given = match given {
            Ok(given) => given,
            Err(Refusal::Conflict(_)) => return Ok(Vec::new()),
            Err(refusal) => return Err(refusal),
        };
        // Nobody helps themselves here.
        let others = given
            .iter()
            .filter(|one| Some(one.given_by) != scope.user());
        for one in others.filter(|one| is_about(spec, &one.object_kind)) {
            let known = |had: &Offered| had.command == spec.name && had.object == one.object;
            let thing = Thing::of(tx, customer, one).await?;
            let fits = thing.is_some_and(|thing| thing.fits(spec.verb()));
            if fits && !offered.iter().any(known) && (spec.suits)(tx, customer, &one.object).await?
            {
                offered.push(Offered::of(spec, one, consent));
            }
        }
    }
    offered.sort_by_key(|one| one.needs_consent && one.consent.is_none());
    Ok(offered)
}

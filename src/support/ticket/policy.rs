//! Which of a customer's tickets a member sees: who runs the customer all of them, everybody else their
//! own and those about things of kinds that their role sees.

use crate::ticket::model::{Ticket, TicketObject};
use crate::ticket::opened::Named;
use crate::ticket::store::Seen;
use wabe_access::{Permission, Refusal, Scope};
use wabe_kernel::ResourceKind;

/// What the scope sees.
pub(crate) fn seen(scope: &Scope) -> Seen {
    let kinds = ResourceKind::ALL.iter().map(|kind| kind.word());
    Seen {
        all: scope.runs_the_customer(),
        user: scope.user(),
        kinds: kinds
            .filter(|kind| scope.has(TicketObject::needs(kind)))
            .collect(),
    }
}

/// Goes on only when the scope sees this ticket.
///
/// # Errors
/// `NotFound`, as if it were not there.
pub(crate) fn needs_sight(scope: &Scope, ticket: &Ticket) -> Result<(), Refusal> {
    let seen = seen(scope);
    let own = seen.user.is_some() && ticket.opened_by == seen.user;
    let about = ticket.object.as_ref();
    let about = about.is_some_and(|object| scope.has(TicketObject::needs(&object.kind)));
    if seen.all || own || about {
        Ok(())
    } else {
        Err(Refusal::NotFound)
    }
}

/// Whether somebody may name this in a ticket: what they see, and their own login.
pub(crate) fn may_name(scope: &Scope, named: &Named) -> bool {
    let own = named.user.is_some() && named.user == scope.user();
    own || scope.has(TicketObject::needs(&named.about.kind))
}

/// Whether somebody may change this themselves, as routine ticket actions do; their own login is theirs.
pub(crate) fn may_change(scope: &Scope, named: &Named) -> bool {
    let own = named.user.is_some() && named.user == scope.user();
    let needed = match named.about.kind.parse() {
        Ok(kind) => Permission::to_change(kind),
        Err(_) => Permission::MemberWrite,
    };
    own || scope.has(needed)
}

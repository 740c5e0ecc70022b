//! Members and invitations: who belongs to a customer, as what.
//!
//! A page offers only what the viewer's own role may do; the gate checks again. Invariant: a member of
//! another customer is not found, whatever the id.

mod change;
mod diagnosis;
mod invite;
mod list;
#[cfg(test)]
mod tests;

use wabe_access::{Permission, Refusal, Role};
use wabe_identity::user::read::{NamedMember, members};
use wabe_kernel::id::MemberId;
use wabe_web::{Choice, Failure, Member, Message, Routes};

use crate::{Portal, proof};

const PLACE: &str = "members";
const PAGE: &str = "/members";

/// The routes of this module.
pub(crate) fn routes() -> Routes<Portal> {
    list::routes()
        .merge(invite::routes())
        .merge(change::routes())
        .merge(diagnosis::routes())
}

/// The members, and what the viewer is among them.
async fn everybody(
    portal: &Portal,
    member: &Member,
) -> Result<(Vec<NamedMember>, Option<Role>), Failure> {
    let (mut tx, scope) = portal.read(member).await?;
    let found = members(&mut tx, &scope).await?;
    tx.rollback().await?;
    let own = found.iter().find(|known| known.user == member.visitor.user);
    let own = own.map(|known| known.role);
    Ok((
        found,
        own.filter(|_| member.visitor.has(Permission::MemberWrite)),
    ))
}

/// One member whom the viewer may deal with, and what the viewer is.
async fn dealt_with(
    portal: &Portal,
    member: &Member,
    id: MemberId,
) -> Result<(NamedMember, Role), Failure> {
    let (found, own) = everybody(portal, member).await?;
    let one = found
        .into_iter()
        .find(|known| known.id == id)
        .ok_or(Failure::NotFound)?;
    let own = own
        .filter(|own| own.may_assign(one.role))
        .ok_or(Failure::Forbidden)?;
    Ok((one, own))
}

/// The roles that `own` may give, explained.
fn roles(own: Role, view: &wabe_web::View) -> Vec<Choice> {
    let given = Role::ALL.iter().filter(|role| own.may_assign(**role));
    let text = |id: String| Message::new(view.language, id).to_string();
    let choice = |role: &Role| Choice {
        value: role.word().to_owned(),
        title: text(format!("role-{role}")),
        text: text(format!("role-{role}-text")),
    };
    given.map(choice).collect()
}

/// The failure of an act that has no form; who has to prove themselves does so and comes back.
fn or_prove(refusal: Refusal, next: &str) -> Result<axum::response::Response, Failure> {
    match refusal {
        Refusal::StepUp => Ok(proof::way(next)),
        refusal => Err(refusal.into()),
    }
}

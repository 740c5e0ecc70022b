//! One ticket: what was written, and what can be done.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use wabe_access::{Command, Mode, Permission, Scope};
use wabe_identity::approval::read as approvals;
use wabe_identity::user::store as users;
use wabe_kernel::FormState;
use wabe_kernel::id::{TicketId, UserId};
use wabe_support::attachment::Attachment;
use wabe_support::instruction;
use wabe_support::secret::{self, Kept, PutSecret, Revealed};
use wabe_support::ticket::message::{AuthorKind, Message, TicketEvent};
use wabe_support::ticket::{
    self, ReopenTicket, ReplyToTicket, SolveTicket, Status, Ticket, TicketObject,
};
use wabe_web::filters;
use wabe_web::session::initials;
use wabe_web::{Choice, Failure, Form, Member, Path, Posted, Query, see_other};

use crate::Portal;
use crate::carry_out::{carry_out, refused_page};
use crate::reading::{page_of, shown_name, with_field};
use crate::refused::{Note, Refused};
use crate::ticket::approval::{self, Decision};
use crate::ticket::consent::{self, Wish};
use crate::ticket::handover::{self, Waiting};
use crate::ticket::helped::{self, Helped};
use crate::ticket::instruction::{Card, Given, card};
use crate::ticket::{PLACE, attachment, path};

/// One message as the page shows it.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    /// Who wrote it.
    pub(crate) by: AuthorKind,
    /// A member's name, or an employee's initials; empty when they are gone.
    pub(crate) name: String,
    /// The letters in their sign.
    pub(crate) initials: String,
    /// What the panel did.
    pub(crate) event: Option<TicketEvent>,
    /// What staff changed.
    pub(crate) card: Option<Card>,
    /// The plugin that found what the text says, with its run.
    pub(crate) plugin: Option<(String, String)>,
    /// The text.
    pub(crate) body: String,
    /// The files that came with it.
    pub(crate) files: Vec<Attachment>,
    /// Whether it came by email.
    pub(crate) by_mail: bool,
    /// The initials of who wrote it down, when it was said on the telephone.
    pub(crate) heard_by: Option<String>,
    /// When.
    pub(crate) at: wabe_kernel::Timestamp,
}

impl Written {
    /// Whether somebody of the hoster wrote it.
    #[must_use]
    pub(crate) fn is_staff(&self) -> bool {
        self.by == AuthorKind::Staff
    }

    /// Whether somebody without an account wrote it.
    #[must_use]
    pub(crate) fn is_contact(&self) -> bool {
        self.by == AuthorKind::Contact
    }
}

/// The page.
#[derive(Template)]
#[template(path = "portal/ticket/show.html")]
pub(crate) struct ShowPage {
    pub(crate) ticket: Ticket,
    pub(crate) title: String,
    pub(crate) written: Vec<Written>,
    /// The page of what it is about.
    pub(crate) about: Option<String>,
    pub(crate) form: FormState,
    pub(crate) note: Option<Note>,
    pub(crate) may_write: bool,
    /// What was typed into the secure field.
    pub(crate) secrets: Vec<Kept>,
    /// New passwords that wait for the customer's people, or did.
    pub(crate) waiting: Vec<Waiting>,
    /// One of them, this once.
    pub(crate) revealed: Option<Revealed>,
    /// Whether it was opened just now.
    pub(crate) is_new: bool,
    /// The instructions in force.
    pub(crate) given: Vec<Given>,
    /// Whether one about the thing of the ticket can be given.
    pub(crate) may_give: bool,
    /// What staff asked to see, and what they may.
    pub(crate) wishes: Vec<Wish>,
    /// What two people of the hoster have to agree on.
    pub(crate) approvals: Vec<Decision>,
    /// The days to choose from, for who answers for the customer.
    pub(crate) days: Vec<Choice>,
    /// How many secrets were just masked.
    pub(crate) masked: i64,
    /// What was changed and seen here, for who may read that.
    pub(crate) helped: Option<Helped>,
}

impl ShowPage {
    /// How the state looks.
    pub(crate) fn sign(&self) -> &'static str {
        super::sign(self.ticket.status)
    }

    /// The message of what a card says: that nothing was read, only where that is so.
    pub(crate) fn card_said(&self) -> &'static str {
        match &self.helped {
            Some(helped) if !helped.read_nothing() => "ticket-card-done",
            _ => "ticket-card-said",
        }
    }

    /// Whether the hoster waits for an answer.
    pub(crate) fn waits(&self) -> bool {
        self.ticket.status == Status::WaitsForCustomer
    }

    /// Whether it is closed for good.
    pub(crate) fn is_closed(&self) -> bool {
        self.ticket.status == Status::Closed
    }
}

/// What people are called. They belong to no customer, so the look is the system's.
pub(super) async fn names(
    portal: &Portal,
    people: impl Iterator<Item = UserId>,
) -> Result<BTreeMap<UserId, String>, Failure> {
    let mut names = BTreeMap::new();
    let mut tx = portal.gate.store().read().await?;
    for user in people {
        if !names.contains_key(&user)
            && let Some(found) = users::find(&mut tx, user).await?
        {
            names.insert(user, found.name.to_string());
        }
    }
    tx.rollback().await?;
    Ok(names)
}

/// Everybody who wrote or said something in a ticket, and who wrote it down for them.
fn people(
    messages: &[Message],
    instructions: &[instruction::Instruction],
) -> impl Iterator<Item = UserId> {
    let people = messages.iter().filter_map(|one| one.author.or(one.staff));
    let people = people.chain(messages.iter().filter_map(|one| one.written_by));
    let people = people.chain(instructions.iter().map(|given| given.given_by));
    let heard = instructions.iter().filter_map(|given| given.telephone);
    people.chain(heard.map(|by| by.written_by))
}

/// The initials of somebody of the hoster.
pub(super) fn sign(names: &BTreeMap<UserId, String>, user: UserId) -> String {
    names
        .get(&user)
        .map(|name| initials(name))
        .unwrap_or_default()
}

fn written(message: Message, names: &BTreeMap<UserId, String>, card: Option<Card>) -> Written {
    let name = message
        .author
        .or(message.staff)
        .and_then(|user| names.get(&user));
    let name = name.cloned().unwrap_or_default();
    let initials = initials(&name);
    let heard_by = message.written_by.map(|user| sign(names, user));
    Written {
        by: message.author_kind,
        // Who works for the hoster is told by initials.
        name: if message.staff.is_some() {
            initials.clone()
        } else {
            name
        },
        initials,
        event: message.event,
        card,
        plugin: message.plugin.zip(message.run.map(|run| run.to_string())),
        body: message.body,
        files: message.attachments,
        by_mail: message.by_mail,
        heard_by,
        at: message.created_at,
    }
}

/// The page of what a ticket is about, when who looks sees it.
fn page_about(object: &TicketObject, scope: &Scope) -> Option<String> {
    if object.kind == TicketObject::LOGIN {
        let sees = scope.has(Permission::MemberRead);
        return sees.then(|| format!("/members/{}/diagnosis", object.id));
    }
    let kind = object.kind.parse().ok()?;
    Some(page_of(kind, &object.id))
}

pub(super) async fn page(
    portal: &Portal,
    member: &Member,
    id: TicketId,
    refused: Refused,
) -> Result<ShowPage, Failure> {
    let Refused { form, note } = refused;
    let (mut tx, scope) = portal.read(member).await?;
    let ticket = ticket::load(&mut tx, &scope, id).await?;
    let messages = ticket::messages(&mut tx, &scope, id).await?;
    let secrets = secret::list(&mut tx, scope.customer(), id).await?;
    let waiting = handover::waiting(&mut tx, (member, &scope), id).await?;
    let mut instructions = instruction::list(&mut tx, &scope, id).await?;
    instructions.retain(|given| given.ended_at.is_none() && ticket.is_open());
    let wishes = consent::wishes(&mut tx, member, &scope, &ticket).await?;
    let pending = approvals::of_ticket(&mut tx, scope.customer(), id).await?;
    let stoppable = approval::stoppable(&mut tx, &scope, member.now).await?;
    let mut cards = Vec::new();
    for message in &messages {
        cards.push(match message.change {
            Some(change) => card(portal, member, &mut tx, (scope.customer(), change)).await?,
            None => None,
        });
    }
    let helped = helped::of(&mut tx, (member, &scope), (id, &messages)).await?;
    tx.rollback().await?;
    let people = people(&messages, &instructions).chain(approval::people(&pending));
    let names = names(portal, people).await?;
    let may_write = scope.has(Permission::TicketWrite);
    let instructed = |id: &String| instructions.iter().any(|given| given.object == *id);
    let object = ticket.object.as_ref().map(|object| &object.id);
    let may_give = may_write && ticket.is_open() && object.is_some_and(|id| !instructed(id));
    let me = member.visitor.user;
    let given = |one: instruction::Instruction| Given {
        id: one.id,
        name: shown_name(&one.object_kind, one.object_name),
        by: (one.given_by != me).then(|| names.get(&one.given_by).cloned().unwrap_or_default()),
        quote: one.quote,
        written_by: one.telephone.map(|by| sign(&names, by.written_by)),
        by_mail: one.by_mail,
    };
    let given = instructions.into_iter().map(given).collect();
    let about = ticket.object.as_ref();
    let about = about.and_then(|object| page_about(object, &scope));
    Ok(ShowPage {
        title: format!("{} {}", ticket.number, ticket.subject),
        written: messages
            .into_iter()
            .zip(cards)
            .map(|(message, card)| written(message, &names, card))
            .collect(),
        given,
        may_give,
        about,
        form,
        note,
        secrets,
        waiting,
        revealed: None,
        wishes,
        approvals: approval::decisions(&pending, &names, &stoppable, member.now),
        days: consent::days(member),
        may_write,
        is_new: false,
        masked: 0,
        helped,
        ticket,
    })
}

pub(super) async fn show(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<TicketId>,
    query: Query,
) -> Result<Response, Failure> {
    let mut page = page(&portal, &member, id, Refused::default()).await?;
    page.is_new = query.get("new") == "1";
    page.masked = query.get("masked").parse().unwrap_or(0);
    Ok(member.at(PLACE).page(page).into_response())
}

pub(super) async fn again(
    portal: &Portal,
    member: &Member,
    id: TicketId,
    refused: Refused,
) -> Result<Response, Failure> {
    let noted = refused.note.is_some();
    let page = page(portal, member, id, refused).await?;
    Ok(refused_page(member.at(PLACE).page(page), noted))
}

pub(super) async fn reply(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<TicketId>,
    posted: Posted,
) -> Result<Response, Failure> {
    let (form, files) = posted.read(attachment::BOUNDS).await?;
    let form = with_field(form, "id", id);
    match attachment::carry_out::<ReplyToTicket>(&portal, &member, &form, files).await? {
        Ok(done) => {
            let masked = done.output.masked_secrets;
            Ok(see_other(&format!("{}?masked={masked}#end", path(id))))
        }
        Err(refused) => again(&portal, &member, id, refused).await,
    }
}

pub(super) async fn put_secret(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<TicketId>,
    form: Form,
) -> Result<Response, Failure> {
    let form = with_field(form, "id", id);
    match carry_out::<PutSecret>(&portal, &member, &form, &["value"], Mode::Commit).await? {
        Ok(_) => Ok(see_other(&format!("{}#secrets", path(id)))),
        Err(refused) => again(&portal, &member, id, refused).await,
    }
}

/// Carries out what a button asks of a ticket, and shows the ticket again.
async fn press<C: Command>(
    member: Member,
    State(portal): State<Portal>,
    Path(id): Path<TicketId>,
    form: Form,
) -> Result<Response, Failure> {
    let form = with_field(form, "id", id);
    match carry_out::<C>(&portal, &member, &form, &[], Mode::Commit).await? {
        Ok(_) => Ok(see_other(&path(id))),
        Err(refused) => again(&portal, &member, id, refused).await,
    }
}

pub(super) async fn solve(
    member: Member,
    portal: State<Portal>,
    id: Path<TicketId>,
    form: Form,
) -> Result<Response, Failure> {
    press::<SolveTicket>(member, portal, id, form).await
}

pub(super) async fn reopen(
    member: Member,
    portal: State<Portal>,
    id: Path<TicketId>,
    form: Form,
) -> Result<Response, Failure> {
    press::<ReopenTicket>(member, portal, id, form).await
}

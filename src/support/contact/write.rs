//! `ticket.write_in`

use crate::attachment::Files;
use crate::contact::store::{self, Contact, VALID_SECONDS};
use crate::link;
use crate::ticket::message;
use crate::ticket::model::{Channel, Priority};
use crate::ticket::opened::{self, Opening, TicketOpened};
use wabe_access::actor::HOUSE;
use wabe_access::{Actor, ActorKind, Authority, Command, Door, Gate, Mode, Permission, Refusal};
use wabe_jobs::mail::{Outgoing, Person, Recipient, queue};
use wabe_jobs::text::{Args, NoticeKind};
use wabe_kernel::{Language, Line, MailAddress, MessageText, PersonName, Secret, fields};

fields! {
    /// Opens a ticket of the house's for somebody who has no account, or cannot get in. They get a letter
    /// with a link that proves their address. The panel alone does this, for who filled in its form.
    pub struct WriteIn {
        /// What they say they are called.
        pub name: PersonName,
        /// Where they say they are reached.
        pub email: MailAddress,
        /// What it is about, in a line.
        pub subject: Line,
        /// The question.
        pub body: MessageText,
        /// In which language they are written to.
        pub language: Language,
    }
}

/// Writes the letter with the link. It says nothing that whoever filled in the form chose: the address may
/// be somebody else's.
async fn send(
    door: &mut Door<'_>,
    opened: &TicketOpened,
    (contact, token): (&Contact, &Secret),
) -> Result<(), Refusal> {
    let (tools, now) = (door.tools().clone(), door.now());
    let link = format!(
        "{}/contact-proof/{}",
        tools.house.portal_url,
        token.expose()
    );
    let until = now.plus_seconds(VALID_SECONDS);
    let args = Args::new()
        .text("object", opened.ticket.number.to_string())
        .time("until", until)
        .link("link", Secret::new(link));
    let mail = Outgoing {
        to: Recipient::Address(Person {
            address: contact.email.clone(),
            language: contact.language,
            name: None,
        }),
        kind: NoticeKind::ContactProof,
        args,
        until: Some(until),
    };
    queue(door.tx(), now, tools.rng.as_ref(), &mail).await?;
    Ok(())
}

impl Command for WriteIn {
    const NAME: &'static str = "ticket.write_in";
    const PERMISSION: Permission = Permission::TicketWork;
    const AUTHORITY: Authority = Authority::Ticket;
    type Output = TicketOpened;

    async fn apply(&self, door: &mut Door<'_>) -> Result<TicketOpened, Refusal> {
        if door.actor().kind != ActorKind::System {
            return Err(Refusal::Forbidden);
        }
        let opening = Opening {
            subject: &self.subject,
            body: None,
            files: &Files::default(),
            object: None,
            category: None,
            priority: Priority::Normal,
            owner: None,
            channel: Channel::Form,
        };
        let mut opened = opened::open(door, opening).await?;
        let ticket = opened.ticket.id;
        let words = (self.body.as_str(), false);
        opened.masked_secrets += message::from_contact(door, ticket, words).await?.masked;
        let contact = Contact {
            name: self.name.clone(),
            email: self.email.clone(),
            language: self.language,
            proved_at: None,
        };
        let token = link::secret(door.rng());
        let (now, digest) = (door.now(), link::digest(&token));
        store::insert(door.tx(), ticket, &contact, (&digest, now)).await?;
        send(door, &opened, (&contact, &token)).await?;
        Ok(opened)
    }
}

/// Opens a ticket for who filled in the form.
///
/// # Errors
/// A fault.
pub async fn write_in(gate: &Gate, command: WriteIn) -> Result<(), Refusal> {
    let panel = Actor::system(HOUSE);
    let done = Box::pin(gate.run(&panel, command, Mode::Commit)).await;
    done.map(|_opened| ())
}

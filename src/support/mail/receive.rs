//! What becomes of a letter.

use crate::attachment::WithFiles;
use crate::confirmation;
use crate::mail::address::{SentTo, SupportAddress};
use crate::mail::contact;
use crate::mail::content::{content, subject};
use crate::mail::said::said;
use crate::mail::silent::{Silence, silence};
use crate::mail::store::{self, Waiting};
use crate::mail::thread;
use crate::ticket::{self, CreateTicket, ReplyToTicket};
use std::sync::Arc;
use wabe_access::actor::Actor;
use wabe_access::customer::{self, Customer};
use wabe_access::{Gate, Mode, Once, Permission, Refusal, Scope, member, resource};
use wabe_jobs::mail::{Outgoing, Person, Recipient, queue};
use wabe_jobs::text::{Args, NoticeKind};
use wabe_kernel::desired::Working;
use wabe_kernel::id::{CustomerId, IncomingMailId, TicketId, UserId};
use wabe_kernel::{Fault, IncomingMail, Language, MailAddress, ResourceKind, Secret};
use wabe_store::Tx;

/// So many letters of one sender are read within [`WINDOW_SECONDS`].
const LETTERS_MAX: i64 = 20;
/// An hour.
const WINDOW_SECONDS: i64 = 3_600;
/// Who is not known here is answered once in so many seconds.
const PAUSE_SECONDS: i64 = 86_400;
/// So many letters of people who are not known here are answered within [`WINDOW_SECONDS`]: whoever forges
/// senders shall not have mail sent to all of them.
const UNKNOWN_MAX: i64 = 60;
/// What all of them are counted under; no sender's digest.
const UNKNOWN: &str = "unknown";
/// So many customers of one person are looked at.
const CUSTOMERS_MAX: usize = 50;
/// So many words of a letter are looked up as names of domains.
const NAMES_MAX: usize = 20;

/// Knows people by their address; whoever owns the table of users is it.
pub trait Senders: Send + Sync + 'static {
    /// Who logs in with this address; nobody who is shut out.
    fn user<'a>(
        &'a self,
        tx: &'a mut Tx,
        address: &'a MailAddress,
    ) -> Working<'a, Result<Option<UserId>, Fault>>;
}

/// What became of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is a new ticket.
    Opened(TicketId),
    /// It goes on in a ticket.
    Replied(TicketId),
    /// It is a program's.
    Silent(Silence),
    /// It does not say who alone wrote it.
    Nameless,
    /// Its sender wrote too often.
    Flood,
    /// Its sender is not known here; whether that was answered.
    Unknown(bool),
}

/// Where letters are read.
pub struct Counter {
    /// Commands.
    pub gate: Arc<Gate>,
    /// Who is who.
    pub senders: Arc<dyn Senders>,
    /// The address of support.
    pub address: SupportAddress,
    /// Whom the house's letters come from.
    pub from: MailAddress,
}

/// A letter of somebody who is known.
struct Known<'a> {
    id: IncomingMailId,
    mail: &'a IncomingMail,
    user: UserId,
    customers: Vec<CustomerId>,
}

impl Counter {
    /// Reads a letter. Doing it twice does it once.
    ///
    /// # Errors
    /// A fault; it is read again later.
    pub async fn receive(
        &self,
        id: IncomingMailId,
        letter: &Waiting,
        mail: &IncomingMail,
    ) -> Result<Outcome, Fault> {
        let ours = [self.address.plain(), &self.from];
        if let Some(why) = silence(mail, &letter.return_path, &ours) {
            return Ok(Outcome::Silent(why));
        }
        let Some(from) = &mail.from else {
            return Ok(Outcome::Nameless);
        };
        let now = self.gate.tools().clock.now();
        let mut tx = self.gate.store().write().await?;
        let sender = store::digest(from);
        let letters = store::count(&mut tx, &sender, (now, WINDOW_SECONDS)).await?;
        let found = self.senders.user(&mut tx, from).await?;
        let customers = match found {
            Some(user) => writes_for(&mut tx, user).await?,
            None => Vec::new(),
        };
        tx.commit().await?;
        if letters > LETTERS_MAX {
            return Ok(Outcome::Flood);
        }
        let sent_to = self.address.sent_to(&letter.recipient);
        if let Some(SentTo::Ticket(token)) = &sent_to {
            let letter = (id, mail, from);
            let replied = Box::pin(contact::reply(&self.gate, letter, token)).await?;
            if let Some(ticket) = replied {
                return Ok(Outcome::Replied(ticket));
            }
        }
        let Some(user) = found.filter(|_| !customers.is_empty()) else {
            return Ok(Outcome::Unknown(self.answer_unknown(from, mail).await?));
        };
        let known = Known {
            id,
            mail,
            user,
            customers,
        };
        let outcome = match sent_to {
            Some(SentTo::Ticket(token)) => Box::pin(self.reply(&known, &token)).await?,
            _ => None,
        };
        match outcome {
            Some(outcome) => Ok(outcome),
            None => Box::pin(self.open(&known)).await,
        }
    }

    /// Goes on in the ticket with this token; nothing when its sender has none such, or it is closed.
    async fn reply(&self, known: &Known<'_>, token: &str) -> Result<Option<Outcome>, Fault> {
        let mut tx = self.gate.store().read().await?;
        let found = store::by_token(&mut tx, token).await?;
        tx.rollback().await?;
        let Some((ticket, customer)) = found else {
            return Ok(None);
        };
        if !known.customers.contains(&customer) || !self.sees(known, customer, ticket).await? {
            return Ok(None);
        }
        let (body, files) = content(known.mail, "")?;
        let command = ReplyToTicket::by_mail(ticket, body).with_files(files);
        let actor = by_letter(known.user, customer);
        let ran = self
            .gate
            .run_once(&actor, command, Mode::Commit, Some(once(known.id)));
        match Box::pin(ran).await {
            Ok(_) | Err(Refusal::Repeated(_)) => {}
            Err(Refusal::Fault(fault)) => return Err(fault),
            Err(_closed) => return Ok(None),
        }
        self.note(known.mail, (customer, ticket)).await?;
        Ok(Some(Outcome::Replied(ticket)))
    }

    /// Whether the sender sees this ticket in the portal.
    async fn sees(
        &self,
        known: &Known<'_>,
        customer: CustomerId,
        id: TicketId,
    ) -> Result<bool, Fault> {
        let now = self.gate.tools().clock.now();
        let actor = Actor::member(known.user, customer, now);
        let mut tx = self.gate.store().read_for(customer).await?;
        let seen = match Scope::of(&mut tx, &actor).await {
            Ok(scope) => ticket::load(&mut tx, &scope, id).await.map(|_ticket| ()),
            Err(refusal) => Err(refusal),
        };
        tx.rollback().await?;
        match seen {
            Ok(()) => Ok(true),
            Err(Refusal::Fault(fault)) => Err(fault),
            Err(_hidden) => Ok(false),
        }
    }

    async fn open(&self, known: &Known<'_>) -> Result<Outcome, Fault> {
        let customer = self.meant(known).await?;
        let subject = subject(&known.mail.subject)?;
        let (body, files) = content(known.mail, subject.as_str())?;
        let command = CreateTicket::by_mail(subject, body).with_files(files);
        let actor = by_letter(known.user, customer.id);
        let ran = self
            .gate
            .run_once(&actor, command, Mode::Commit, Some(once(known.id)));
        let ticket = match Box::pin(ran).await {
            Ok(done) => done.output.ticket,
            Err(Refusal::Repeated(change)) => return self.opened_before(customer.id, change).await,
            Err(Refusal::Fault(fault)) => return Err(fault),
            Err(refusal) => {
                let said = std::io::Error::other(format!("{refusal:?}"));
                return Err(Fault::because("open a ticket for a letter", said));
            }
        };
        self.acknowledge(known, &customer, (ticket.id, ticket.object().name))
            .await?;
        self.note(known.mail, (customer.id, ticket.id)).await?;
        Ok(Outcome::Opened(ticket.id))
    }

    async fn opened_before(
        &self,
        customer: CustomerId,
        change: wabe_kernel::id::ChangeId,
    ) -> Result<Outcome, Fault> {
        let mut tx = self.gate.store().read_for(customer).await?;
        let found = self.gate.recorder().load(&mut tx, customer, change).await?;
        tx.rollback().await?;
        let id = found.and_then(|change| change.object_id.parse().ok());
        id.map(Outcome::Opened)
            .ok_or(Fault::new("find the ticket of a letter"))
    }

    /// The customer that the letter is about: whose number or domain it names, else the first.
    async fn meant(&self, known: &Known<'_>) -> Result<Customer, Fault> {
        let mut tx = self.gate.store().read().await?;
        let text = format!("{} {}", known.mail.subject, said(&known.mail.text).0).to_lowercase();
        let word = |c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-'));
        let words: Vec<&str> = text.split(word).filter(|word| word.len() > 3).collect();
        let mut all = Vec::new();
        for id in &known.customers {
            all.extend(customer::find(&mut tx, *id).await?);
        }
        let numbered = all.iter().position(|one| {
            let number = one.number.to_string().to_lowercase();
            words.iter().any(|word| word.trim_matches('.') == number)
        });
        let mut meant = numbered;
        if meant.is_none() && all.len() > 1 {
            let names = words.iter().map(|word| word.trim_matches(['.', '-']));
            let names: Vec<&str> = names
                .filter(|name| name.contains('.'))
                .take(NAMES_MAX)
                .collect();
            for (at, one) in all.iter().enumerate() {
                for name in &names {
                    let found = resource::search(&mut tx, one.id, name).await?;
                    let is_it = |thing: &resource::Resource| {
                        thing.kind == ResourceKind::Domain && thing.name == *name
                    };
                    if meant.is_none() && found.iter().any(is_it) {
                        meant = Some(at);
                    }
                }
            }
        }
        tx.rollback().await?;
        let at = meant.unwrap_or(0);
        all.into_iter()
            .nth(at)
            .ok_or(Fault::new("find the customer of a letter"))
    }

    /// Says that there is a ticket, under which number and for whom; and how to confirm what the letter
    /// asks for, when it plainly names one thing.
    async fn acknowledge(
        &self,
        known: &Known<'_>,
        customer: &Customer,
        (ticket, name): (TicketId, String),
    ) -> Result<(), Fault> {
        let tools = self.gate.tools();
        let now = tools.clock.now();
        let mut tx = self.gate.store().write().await?;
        let link = format!("{}/tickets/{ticket}", tools.house.portal_url);
        let args = Args::new()
            .text("object", name)
            .text("customer", &customer.name)
            .link("link", Secret::new(link));
        let text = format!("{}\n{}", known.mail.subject, said(&known.mail.text).0);
        let letter = (customer.id, ticket, known.user);
        let hands = (&mut tx, tools);
        let (kind, args) = confirmation::receipt(hands, args, &text, letter).await?;
        let args = thread::threaded(
            (&mut tx, tools.rng.as_ref()),
            &self.address,
            (customer.id, ticket),
            known.mail.message_id.as_deref(),
            args,
        )
        .await?;
        let mail = Outgoing {
            to: Recipient::User(known.user),
            kind,
            args,
            until: None,
        };
        queue(&mut tx, now, tools.rng.as_ref(), &mail).await?;
        tx.commit().await
    }

    /// Remembers the letter that the next answer goes to.
    async fn note(&self, mail: &IncomingMail, place: (CustomerId, TicketId)) -> Result<(), Fault> {
        let Some(id) = &mail.message_id else {
            return Ok(());
        };
        let mut tx = self.gate.store().write().await?;
        store::address(&mut tx, self.gate.tools().rng.as_ref(), place).await?;
        store::last_letter(&mut tx, place, id).await?;
        tx.commit().await
    }

    /// Tells somebody who is not known here how to reach us; once a day, and not more of them an hour than
    /// [`UNKNOWN_MAX`].
    async fn answer_unknown(&self, from: &MailAddress, mail: &IncomingMail) -> Result<bool, Fault> {
        let tools = self.gate.tools();
        let now = tools.clock.now();
        let mut tx = self.gate.store().write().await?;
        let sender = store::digest(from);
        let may = store::may_answer(&mut tx, &sender, (now, PAUSE_SECONDS)).await?
            && store::count(&mut tx, UNKNOWN, (now, WINDOW_SECONDS)).await? <= UNKNOWN_MAX;
        if !may {
            tx.rollback().await?;
            return Ok(false);
        }
        let language = Language::accepted(mail.field("content-language"))
            .or(Language::accepted(mail.field("accept-language")))
            .unwrap_or(Language::De);
        let mut args = Args::new().link("link", Secret::new(tools.house.portal_url.clone()));
        if let Some(id) = &mail.message_id {
            args = args.text("in_reply_to", id);
        }
        let outgoing = Outgoing {
            to: Recipient::Address(Person {
                address: from.clone(),
                language,
                name: None,
            }),
            kind: NoticeKind::TicketMailUnknown,
            args,
            until: None,
        };
        queue(&mut tx, now, tools.rng.as_ref(), &outgoing).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// The customers for which this person may write tickets, longest first.
async fn writes_for(tx: &mut Tx, user: UserId) -> Result<Vec<CustomerId>, Fault> {
    let places = member::of_user(tx, user).await?;
    let may = places
        .into_iter()
        .filter(|(_, role)| role.permissions().contains(&Permission::TicketWrite));
    Ok(may
        .map(|(customer, _)| customer)
        .take(CUSTOMERS_MAX)
        .collect())
}

/// The panel, which writes down what a letter says in a person's name.
fn by_letter(user: UserId, customer: CustomerId) -> Actor {
    Actor {
        user: Some(user),
        ..Actor::system(customer)
    }
}

pub(super) fn once(id: IncomingMailId) -> Once {
    Once {
        key: format!("mail:{id}"),
        request_hash: id.to_string(),
    }
}

//! `consent.give`, `consent.refuse` and `consent.withdraw`

use crate::consent::model::{Answer, Consent, DAYS, DAYS_MAX, alone_until};
use crate::consent::store;
use crate::ticket::message::{self, TicketEvent};
use crate::ticket::model::Status;
use crate::ticket::store as tickets;
use wabe_access::caller::ByTelephone;
use wabe_access::{ActorKind, Command, Door, Permission, Reach, Refusal, grant};
use wabe_kernel::id::{ConsentId, TicketId, UserId};
use wabe_kernel::{FieldErrors, Problem, fields};

/// What somebody answers.
pub(crate) struct Said {
    /// Yes or no.
    pub(crate) answer: Answer,
    /// For how many days, when it is a yes.
    pub(crate) days: Option<i64>,
    /// How far it reaches, when it is a yes.
    pub(crate) reach: Reach,
    /// Who.
    pub(crate) user: UserId,
    /// How it came to be kept, when they said it on the telephone.
    pub(crate) telephone: Option<ByTelephone>,
}

impl Answer {
    /// What the conversation says of it.
    pub(crate) const fn event(self) -> TicketEvent {
        match self {
            Self::Given => TicketEvent::ConsentGiven,
            Self::Refused => TicketEvent::ConsentRefused,
        }
    }
}

/// For how many days a consent is given, out of what was said.
///
/// # Errors
/// `Invalid` for less than one day and more than thirty.
pub(crate) fn days(said: Option<i64>) -> Result<i64, Refusal> {
    let days = said.unwrap_or(DAYS);
    if (1..=DAYS_MAX).contains(&days) {
        Ok(days)
    } else {
        Err(Refusal::field("days", Problem::new("days-out-of-range")))
    }
}

/// Goes on only when nothing is given that nobody asked for.
///
/// # Errors
/// `Invalid` for each part that was not asked for.
fn within(given: Reach, asked: Reach) -> Result<(), Refusal> {
    let mut errors = FieldErrors::default();
    for (field, given, asked) in [
        ("reads_mail", given.reads_mail, asked.reads_mail),
        ("reads_files", given.reads_files, asked.reads_files),
        ("reads_rows", given.reads_rows, asked.reads_rows),
        ("acts", given.acts, asked.acts),
    ] {
        if given && !asked {
            errors.add(field, Problem::new("not-asked-for"));
        }
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Refusal::Invalid(errors))
    }
}

/// Keeps an answer in the ticket in which it was asked for: what was asked, before and with it.
pub(crate) async fn keep(
    door: &mut Door<'_>,
    (ticket, id): (TicketId, ConsentId),
    said: Said,
) -> Result<(Consent, Consent), Refusal> {
    let (customer, now) = (door.customer(), door.now());
    let before = store::find(door.tx(), customer, id).await?;
    if before.ticket != ticket {
        return Err(Refusal::NotFound);
    }
    if !before.ticket_open {
        return Err(Refusal::Conflict("ticket-not-open"));
    }
    // Two people: who asks does not answer, whichever of their places they do it from.
    if said.answer == Answer::Given && before.asked_by == said.user {
        return Err(Refusal::Conflict("own-request"));
    }
    within(said.reach, before.asks)?;
    let first = store::first_reading(door.tx(), &before, said.reach, now).await?;
    let after = Consent {
        answer: Some(said.answer),
        reach: said.reach,
        answered_by: Some(said.user),
        answered_at: Some(now),
        until: said
            .days
            .map(|days| alone_until((said.reach, days), first, now)),
        agreed_until: said.days.map(|days| now.plus_days(days)),
        by_telephone: said.telephone.is_some(),
        telephone: said.telephone,
        ..before.clone()
    };
    let kept = match &after.telephone {
        Some(by) => store::answer_by_telephone(door.tx(), &after, *by).await?,
        None => store::answer(door.tx(), &after).await?,
    };
    if kept {
        Ok((before, after))
    } else {
        Err(Refusal::Conflict("consent-answered"))
    }
}

/// Keeps what whoever is at this door answers for themselves.
async fn answered(
    door: &mut Door<'_>,
    id: ConsentId,
    (answer, days, reach): (Answer, Option<i64>, Reach),
) -> Result<Consent, Refusal> {
    // Only people answer for themselves: no plugin, and never the panel. What is opened to others is opened
    // by a person who reads what was asked for; a program may keep it shut.
    if answer == Answer::Given && matches!(door.actor().kind, ActorKind::Token(_)) {
        return Err(Refusal::InPerson);
    }
    let person = matches!(door.actor().kind, ActorKind::Member | ActorKind::Token(_));
    let user = door.actor().user.filter(|_| person);
    let user = user.ok_or(Refusal::Forbidden)?;
    let (customer, now) = (door.customer(), door.now());
    let said = Said {
        answer,
        days,
        reach,
        user,
        telephone: None,
    };
    let asked = store::find(door.tx(), customer, id).await?;
    let (before, after) = keep(door, (asked.ticket, id), said).await?;
    // Whoever asked goes on.
    let mut ticket = tickets::find(door.tx(), customer, before.ticket).await?;
    if ticket.status == Status::WaitsForCustomer {
        ticket.turn(Status::Open, now);
        tickets::update(door.tx(), &ticket).await?;
    }
    message::note_event(door, before.ticket, answer.event()).await?;
    door.record(after.object(), before.snapshot(), after.snapshot());
    Ok(after)
}

fields! {
    /// Lets staff look at the customer's pages, in the ticket in which they asked. Of what they asked for
    /// beyond that, only what is said here is given. What reads mail, files or rows holds for a day, once in
    /// seven days, and for the rest of the days only when a second person of the hoster approves that. Only a
    /// person gives it, in a session of their own.
    pub struct GiveConsent {
        /// Which one.
        pub id: ConsentId,
        /// For how many days, 1 to 30; 7 when nothing is said. It ends with the ticket in any case.
        pub days: Option<i64>,
        /// Whether they may read messages in mailboxes.
        pub reads_mail: Option<bool>,
        /// Whether they may read files of webspaces.
        pub reads_files: Option<bool>,
        /// Whether they may read rows of databases.
        pub reads_rows: Option<bool>,
        /// Whether they may carry out sensitive ticket actions.
        pub acts: Option<bool>,
    }
}

impl Command for GiveConsent {
    const NAME: &'static str = "consent.give";
    const PERMISSION: Permission = Permission::MemberWrite;
    const WHILE_SUSPENDED: bool = true;
    type Output = Consent;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Consent, Refusal> {
        let days = days(self.days)?;
        let reach = Reach::chosen([
            self.reads_mail,
            self.reads_files,
            self.reads_rows,
            self.acts,
        ]);
        answered(door, self.id, (Answer::Given, Some(days), reach)).await
    }
}

fields! {
    /// Says no to what staff asked for.
    pub struct RefuseConsent {
        /// Which one.
        pub id: ConsentId,
    }
}

impl Command for RefuseConsent {
    const NAME: &'static str = "consent.refuse";
    const PERMISSION: Permission = Permission::MemberWrite;
    const WHILE_SUSPENDED: bool = true;
    type Output = Consent;

    async fn apply(&self, door: &mut Door<'_>) -> Result<Consent, Refusal> {
        let nothing = (Answer::Refused, None, Reach::default());
        answered(door, self.id, nothing).await
    }
}

fields! {
    /// Takes back what staff were allowed; every look on it ends.
    pub struct WithdrawConsent {
        /// Which one.
        pub id: ConsentId,
    }
}

impl Command for WithdrawConsent {
    const NAME: &'static str = "consent.withdraw";
    const PERMISSION: Permission = Permission::MemberWrite;
    const WHILE_SUSPENDED: bool = true;
    type Output = ();

    async fn apply(&self, door: &mut Door<'_>) -> Result<(), Refusal> {
        let (customer, now, by) = (door.customer(), door.now(), door.actor().user);
        let before = store::find(door.tx(), customer, self.id).await?;
        if before.answer != Some(Answer::Given) {
            return Err(Refusal::Conflict("consent-not-given"));
        }
        let after = Consent {
            withdrawn_at: Some(now),
            ..before.clone()
        };
        if !store::withdraw(door.tx(), &after, by).await? {
            return Err(Refusal::Conflict("consent-withdrawn"));
        }
        for look in grant::of_consent(door.tx(), customer, self.id, now).await? {
            grant::end(door.tx(), (customer, look), by, now).await?;
        }
        message::note_event(door, before.ticket, TicketEvent::ConsentWithdrawn).await?;
        door.record(after.object(), before.snapshot(), after.snapshot());
        Ok(())
    }
}
